# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""usdtinfo -r: what it visits and in which order, what it leaves alone, how it ends."""
import collections
import json
import os
import pathlib
import pty
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from helpers import schema
from helpers.forest import ARCHIVE, NONE, PROBES, SOURCE, TOOL, Scan, folder, plant, raw_path
from helpers.tap import HANG, WRAPPER, Tap, have, have_terminals, run, told

NOBODY = 65534


def order(tap, where):
    """By path component, bytewise: a directory comes where its name does."""
    names = [b"a", b"a-b", b"a.so", b"a/x", b"a/y/z", b"a0", b"B", b"b", "ä".encode(), b"\xff"]
    names = [name for name in names if name != b"a"]
    for name in names:
        plant(os.fsencode(where) + b"/" + name)
    for number in range(150):
        plant(where / "many" / f"{number:x}")
    wanted = sorted(names + [f"many/{number:x}".encode() for number in range(150)],
                    key=lambda name: name.split(b"/"))
    outputs = {}
    for workers in ("1", "2", "3", "8"):
        scan = Scan(where, "-j", workers)
        outputs[workers] = scan.out
        tap.ok(not scan.wrong() and scan.paths == wanted, f"order with -j {workers}",
               f"{scan.wrong()}\n{scan.paths}")
    tap.ok(len(set(outputs.values())) == 1, "the same output whatever -j")
    for format in ("names", "ndjson", "tsv", "readelf", "long", "table"):
        texts = {run(TOOL, "-r", "-F", format, "-j", n, ".", cwd=where).stdout for n in (1, 8)}
        tap.ok(len(texts) == 1, f"the same {format} whatever -j")


def kinds(tap, where):
    """Objects are listed, those without probes are counted, the rest is passed over."""
    plant(where / "yes")
    plant(where / "no", NONE)
    (where / "text").write_text("no ELF file\n")
    (where / "empty").touch()
    (where / "short").write_bytes(b"\x7fE")
    scan = Scan(where)
    tap.ok(not scan.wrong() and scan.listed() == [b"yes"], "only objects", scan.told())
    summary = scan.document["summary"]
    tap.ok((summary["files"], summary["files_with_probes"]) == (2, 1),
           "objects without probes are counted", summary)
    alone = Scan(where, paths=["no", "text"])
    tap.ok(alone.code == 2, "an operand that is a file is judged as without -r", alone.told())
    only = folder_of(where / "only")
    plant(only / "no", NONE)
    tap.ok(Scan(only).code == 1, "no probes in a tree: exit 1")
    for words in (["only"], ["script", "gdb", "only"]):
        result = run(TOOL, *words, cwd=where)
        tap.ok(result.returncode == 2 and result.stderr ==
               "usdtinfo: only: cannot read: Is a directory (use -r to list the files in it)\n",
               f"a directory without -r: {' '.join(words)}", told(result))


def folder_of(path):
    path.mkdir(parents=True, exist_ok=True)
    return path


def links(tap, where):
    """Symbolic links are not followed; of hard links the first name counts."""
    plant(where / "d" / "file")
    (where / "d" / "up").symlink_to("..")
    (where / "d" / "self").symlink_to("self")
    (where / "link").symlink_to("d/file")
    (where / "away").symlink_to("/nowhere")
    os.link(where / "d" / "file", where / "a-second")
    os.link(where / "d" / "file", where / "d" / "g")
    once, all_ = Scan(where), Scan(where, "--all-links")
    tap.ok(not once.wrong() and once.paths == [b"a-second"], "hard links count once",
           once.told())
    tap.ok(not all_.wrong() and all_.paths == [b"a-second", b"d/file", b"d/g"],
           "--all-links: each name, and no symbolic link", all_.told())
    named = Scan(where, paths=["d", "link"])
    tap.ok(b"link" in named.paths, "an operand that is a link is followed", named.told())


def deep(tap, where):
    """10,000 levels: deeper than a path can name, and than there are descriptors."""
    start = os.open(".", os.O_RDONLY)
    os.chdir(where)
    for level in range(10000):
        # A directory with something behind the one that leads down is needed again.
        if level % 10 == 0:
            pathlib.Path("z").write_bytes(PROBES.read_bytes() if level % 1000 == 0 else b"")
        os.mkdir("d")
        os.chdir("d")
    pathlib.Path("end").write_bytes(PROBES.read_bytes())
    os.fchdir(start)
    os.close(start)
    wanted = [b"d/" * 10000 + b"end", *(b"d/" * level + b"z" for level in range(9000, -1, -1000))]
    for workers in ("1", "2"):
        scan = Scan(where, "-j", workers, preexec_fn=lambda: few_descriptors(200))
        tap.ok(not scan.wrong() and scan.paths == wanted,
               f"10,000 levels with -j {workers}",
               f"{scan.wrong()} {scan.err[:400]} {[len(p) for p in scan.paths]}")


def few_descriptors(count):
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def names(tap, where):
    """Names of any length and any bytes, and what is said of them."""
    bytes_ = [b"n" * 255, b"\xff\xfe", b"new\nline", b"esc\x1b[31m", b"tab\t", b"quote\"\\",
              b"-r", b" ", b"\xe2\x80\xae"]
    for name in bytes_:
        plant(os.fsencode(where) + b"/" + name)
    scan = Scan(where)
    tap.ok(not scan.wrong() and scan.paths == sorted(bytes_), "names with any bytes",
           scan.told())
    for format in ("readelf", "long", "table", "tsv", "names"):
        result = subprocess.run([TOOL, "-r", "-F", format, "."], cwd=where, check=False,
                                capture_output=True)
        tap.ok(b"\x1b" not in result.stdout + result.stderr and result.returncode == 0,
               f"no escape reaches a terminal in {format}", result)
    (where / "bad\x1b[2J").write_bytes(PROBES.read_bytes()[:4000])
    result = subprocess.run([TOOL, "-r", "-q", "."], cwd=where, check=False, capture_output=True)
    tap.ok(result.returncode == 2 and b"\x1b" not in result.stderr,
           "nor in a message", result)


def excluded(tap, where):
    for name in ("usr/lib/a.so", "usr/lib/debug/a.so", "usr/lib/b.so", "usr/share/c.so"):
        plant(where / name)
    rows = (
        (["./usr/lib/debug"], ["usr/lib/a.so", "usr/lib/b.so", "usr/share/c.so"]),
        (["*/debug"], ["usr/lib/a.so", "usr/lib/b.so", "usr/share/c.so"]),
        (["*/a.so", "*/share"], ["usr/lib/b.so"]),
        (["*.[bc].so", "*/[ac].so"], ["usr/lib/b.so"]),
        (["debug"], ["usr/lib/a.so", "usr/lib/b.so", "usr/lib/debug/a.so", "usr/share/c.so"]),
        (["*"], []),
        (["./usr/lib/debug/a.so"], ["usr/lib/a.so", "usr/lib/b.so", "usr/share/c.so"]),
        (["*/lib/b.so", "*e/c.so"], ["usr/lib/a.so", "usr/lib/debug/a.so"]),
        (["*b.so"], ["usr/lib/a.so", "usr/lib/debug/a.so", "usr/share/c.so"]),
        (["*a\\.so", "?/usr/lib/?.s[o]"], ["usr/share/c.so"]),
        (["*/debug/*", "./usr/*/*/*"], ["usr/lib/a.so", "usr/lib/b.so", "usr/share/c.so"]),
        (["b.so", "./usr/lib/b.s", "usr", "so", "", "*x", "[", "*\\"],
         ["usr/lib/a.so", "usr/lib/b.so", "usr/lib/debug/a.so", "usr/share/c.so"]),
    )
    for globs, wanted in rows:
        scan = Scan(where, *[f"--exclude-path={glob}" for glob in globs])
        tap.ok(not scan.wrong(0 if wanted else 1) and
               [os.fsdecode(path) for path in scan.paths] == wanted,
               f"--exclude-path={','.join(globs)}", scan.told())


def never_opened(tap, where):
    """A FIFO would hang, a device would act."""
    plant(where / "a")
    plant(where / "z")
    os.mkfifo(where / "fifo")
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(where / "socket"))
    special = ["fifo", "socket"]
    try:
        os.mknod(where / "null", 0o020666, os.makedev(1, 3))
        os.mknod(where / "loop", 0o060600, os.makedev(7, 200))
        special += ["null", "loop"]
    except PermissionError:
        pass
    scan = Scan(where)
    tap.ok(not scan.wrong() and scan.paths == [b"a", b"z"], "FIFOs, sockets and devices",
           scan.told())
    sock.close()
    if not have("strace"):
        tap.skip("they are not opened", "no strace")
        return
    log = where.parent / f"{where.name}.strace"
    run("strace", "-f", "-e", "trace=open,openat", "-o", log, TOOL, "-r", "-q", "-m", "none",
        where)
    text = log.read_text()
    log.unlink()
    if "openat" not in text:
        tap.skip("they are not opened", "strace may not trace here")
        return
    opened = [name for name in special if re.search(rf'"([^"]*/)?{name}"', text)]
    tap.none(opened, f"not opened: {', '.join(special)}")
    lacking = [line for line in text.splitlines() if re.search(r'"(a|z)"', line)
               and not all(flag in line for flag in
                           ("O_NONBLOCK", "O_NOCTTY", "O_NOFOLLOW", "O_CLOEXEC"))]
    tap.none(lacking, "files are opened without following, waiting or a terminal")


# C libraries ask for a file's identity by one or the other.
SAME_CALL = dict.fromkeys(("newfstatat", "fstat64", "fstatat64", "statx"), "fstat")


def calls_a_file(tap, where, content):
    """{system call: how many a file of CONTENT costs}, but for those that come in blocks."""
    counts = []
    for count in (100, 300):
        tree = folder_of(where / f"t{count}")
        for number in range(count):
            (tree / f"{number:04}.file").write_bytes(content)
        log = where / "log"
        run("strace", "-f", "-o", log, TOOL, "-r", "-j1", "-q", "-m", "none", tree)
        lines = [re.sub(r"^\d+\s+", "", line) for line in log.read_text().splitlines()]
        calls = (line.split("(")[0] for line in lines)
        counts.append(collections.Counter(SAME_CALL.get(call, call) for call in calls))
        absolute = [line for line in lines if ".file" in line and not
                    re.match(r'openat\(\d+, "\d+\.file"', line)]
        tap.none(absolute[:3], f"{count} files are opened relative to their directory")
        shutil.rmtree(tree)
    # The directory's own, and memory for its names, come in blocks; sanitizers' runtimes
    # wait for themselves.
    blocks = {"getdents64", "brk", "mmap", "munmap", "mremap", "futex", "sched_yield"}
    return {name: (counts[1][name] - counts[0][name]) / 200 for name in counts[1]
            if name not in blocks and counts[1][name] != counts[0][name]}


def cost(tap, where):
    """What a file costs in system calls, relative to its directory."""
    if not have("strace") or run("strace", "-o", "/dev/null", "true").returncode:
        tap.skip("cost of a file", "nothing can be traced here")
        return
    one_each = {"openat": 1, "pread64": 1, "close": 1}
    for what, content in (("a text", b"nothing\n" * 100), ("a long one", b"nothing\n" * 9999),
                          ("an empty file", b""), ("a word", b"ELF")):
        calls = calls_a_file(tap, where, content)
        tap.ok(calls == one_each, f"{what} costs one open, one read, one close", calls)
    # Its start, section headers and their names, where they do not stand at the start.
    calls = calls_a_file(tap, where, NONE.read_bytes())
    tap.ok({**calls, **one_each} == {**one_each, "fstat": 1} and calls["pread64"] <= 3,
           "an object without probes costs two reads and its identity more", calls)
    calls = [calls_a_file(tap, where, archive_of(NONE.read_bytes(), members))
             for members in (20, 120)]
    total = [sum(each.values()) for each in calls]
    tap.ok((total[1] - total[0]) / 100 < 0.5, "small members of archives come many in one read",
           calls)


def archive_of(content, members):
    header = b"%-16s%-12d%-6d%-6d%-8o%-10d`\n"
    return b"!<arch>\n" + b"".join(
        header % (b"m%d/" % number, 0, 0, 0, 0o644, len(content)) + content +
        b"\n" * (len(content) % 2) for number in range(members))


def one_file_system(tap, where):
    """-x passes over what is mounted below."""
    plant(where / "here")
    folder_of(where / "mounted")
    script = ('mount -t tmpfs none "$1/mounted" && cp "$2" "$1/mounted/there" && shift 2 && '
              'exec "$@"')
    for flags in (["-m"], ["-rm"]):
        prefix = ["unshare", *flags, "sh", "-c", script, "sh", where, PROBES]
        if have("unshare") and run(*prefix, "true").returncode == 0:
            break
    else:
        tap.skip("-x", "no mount namespace may be made here")
        return
    across, within = Scan(where, prefix=prefix), Scan(where, "-x", prefix=prefix)
    tap.ok(across.paths == [b"here", b"mounted/there"], "file systems are crossed",
           across.told())
    tap.ok(not within.wrong() and within.paths == [b"here"], "-x stays", within.told())


def unreadable(tap, where):
    """Unreadable places are said, make 2, and cost nothing else."""
    plant(where / "a")
    plant(where / "closed" / "inside")
    plant(where / "secret")
    plant(where / "z")
    tool = where.parent / f"{where.name}.tool"
    tool.write_bytes(TOOL.read_bytes())
    tool.chmod(0o755)
    (where / "closed").chmod(0)
    (where / "secret").chmod(0)
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if prefix and run(*prefix, tool, "--version").returncode != 0:
        tap.skip("unreadable places", "cannot become nobody")
    else:
        for workers in ("1", "2"):
            scan = Scan(where, "-j", workers, prefix=prefix, tool=tool)
            states = [(path, file["state"]) for path, file in zip(scan.paths, scan.files)]
            tap.ok(not scan.wrong(2) and states == [
                (b"a", "ok"), (b"closed", "unreadable"), (b"secret", "unreadable"),
                (b"z", "ok")], f"unreadable places with -j {workers}", scan.told())
            tap.ok(scan.err.count(b"Permission denied") == 2, "each is said once", scan.told())
    tool.unlink()
    (where / "closed").chmod(0o755)


def damaged(tap, where):
    plant(where / "a")
    (where / "cut").write_bytes(PROBES.read_bytes()[:1000])
    plant(where / "lib.a", ARCHIVE)
    (where / "m.a").write_bytes(ARCHIVE.read_bytes()[:-40])
    plant(where / "z")
    scan = Scan(where)
    states = dict(zip(scan.paths, (file["state"] for file in scan.files)))
    tap.ok(not scan.wrong(2) and b"a" in states and b"z" in states and states[b"cut"] != "ok",
           "a damaged file: the rest is listed, exit 2", scan.told())
    members = [path for path in scan.listed() if path.startswith(b"lib.a(")]
    tap.ok(members and members == [raw_path(file) for file in Scan(where, paths=["lib.a"]).files
                                   if file["probes"]],
           "archives in trees are opened", scan.told())


def changing(tap, where):
    """Files and directories come and go during the scan: what stays is listed."""
    stays = [f"d{number}/file".encode() for number in range(0, 200, 2)]
    for name in stays:
        plant(where / os.fsdecode(name))
    stop = threading.Event()

    def change():
        content, number = PROBES.read_bytes(), 1
        while not stop.is_set():
            place = where / f"d{number}"
            place.mkdir()
            (place / "new").write_bytes(content)
            (place / "new").rename(place / "file")
            (place / "deep").mkdir()
            (where / f"d{number - 1}" / "gone").write_bytes(content)
            (where / f"d{number - 1}" / "gone").unlink()
            subprocess.run(["rm", "-rf", place], check=False)
            number = (number + 2) % 200

    thread = threading.Thread(target=change)
    thread.start()
    try:
        bad = []
        for turn in range(20):
            scan = Scan(where, "-j", "12"[turn % 2])
            lost = set(stays) - set(scan.listed())
            # A file that is half written is a damaged one.
            if scan.code not in (0, 2) or lost or scan.wrong(scan.code):
                bad.append(f"{lost} {scan.wrong(scan.code)} {scan.told()}")
    finally:
        stop.set()
        thread.join()
    tap.none(bad[:2], "a tree that changes: no crash, and what stays is listed")


def truncated(tap, where):
    """A file truncated while it is read must not raise a signal."""
    content = PROBES.read_bytes()
    plant(where / "a")
    plant(where / "z")
    target = where / "m"
    stop = threading.Event()

    def cut():
        with open(target, "wb", buffering=0) as file:
            while not stop.is_set():
                for size in (len(content), 3000, 700, 100, 0):
                    file.seek(0)
                    file.write(content)
                    file.truncate(size)

    target.write_bytes(content)
    thread = threading.Thread(target=cut)
    thread.start()
    try:
        bad = []
        for turn in range(60):
            scan = Scan(where, "-j", "12"[turn % 2])
            if scan.code not in (0, 2) or not {b"a", b"z"} <= set(scan.listed()) \
                    or scan.wrong(scan.code):
                bad.append(scan.told())
    finally:
        stop.set()
        thread.join()
    tap.none(bad[:2], "a file truncated while read: no signal, and the rest is listed")


def interrupted(tap, where):
    """SIGINT ends with what was found so far, as valid JSON, and 2."""
    plant(where / "f0000")
    for number in range(1, 2000):
        plant(where / f"f{number:04}")
    for workers in ("1", "2"):
        for format in ("json", "ndjson"):
            process = subprocess.Popen([TOOL, "-r", "-j", workers, "-F", format, "."], cwd=where,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            # The pipe is full, so the scan stands.
            start = os.read(process.stdout.fileno(), 4096)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=HANG)
            lines = (start + out).splitlines() if format == "ndjson" else [start + out]
            try:
                values = [json.loads(line) for line in lines]
                found = (sum(value["record"] == "file" for value in values)
                         if format == "ndjson" else len(values[0]["files"]))
                ended = format == "json" or values[-1]["record"] == "summary"
            except ValueError as error:
                found, ended = str(error), False
            tap.ok(process.returncode == 2 and ended and 0 < found < 2000 and b"interrupted" in err,
                   f"SIGINT in {format} with -j {workers}",
                   f"exit {process.returncode}, {found} files, {err!r}")


PATIENCE = 1  # seconds before a scan says how far it is


def progress(tap, where):
    for number in range(200):
        plant(where / f"d{number}" / "file")

    def on_terminal(*options):
        master, slave = pty.openpty()
        process = subprocess.Popen([TOOL, "-r", "-q", "-m", "none", *options, "."], cwd=where,
                                   stderr=slave, stdout=subprocess.DEVNULL)
        os.close(slave)
        text = b""
        while select.select([master], [], [], 30)[0]:
            try:
                text += os.read(master, 4096)
            except OSError:
                break
        os.close(master)
        process.wait()
        return text

    if have_terminals():
        text = on_terminal("--progress=always")
        tap.ok(re.search(rb"\r\x1b\[K\d+ files, \d+ ELF, \d+ probes, \d+/s  \./?d", text) and
               text.endswith(b"\r\x1b[K"), "progress on a terminal, taken away at the end", text)
        start = time.monotonic()
        text = on_terminal()
        # A loaded machine may make a long one of it.
        tap.ok(text == b"" or time.monotonic() - start >= PATIENCE, "a short scan says nothing",
               text)
        tap.ok(on_terminal("--progress=never") == b"", "--progress=never")
    else:
        tap.skip("progress on a terminal", "no pseudo-terminals")
    result = run(TOOL, "-r", "-q", ".", cwd=where)
    tap.ok(result.stderr == "" and result.returncode == 0, "nothing off a terminal", told(result))
    result = run(TOOL, "-r", "-q", "--progress=always", ".", cwd=where)
    tap.ok(" files, " in result.stderr and "\x1b" not in result.stderr,
           "--progress=always off a terminal", told(result))
    tap.ok(run(TOOL, "-r", "--progress=often", ".").returncode == 2, "another word is misuse")


def descriptors(tap, where):
    """Few descriptors cost time, and no file; with none it is said."""
    at = where / "deep"
    for level in range(40):
        plant(at / "a")
        plant(at / "b" / "c")
        plant(at / "z")
        at = at / "m"
    wanted = Scan(where)
    tap.ok(not wanted.wrong() and len(wanted.listed()) == 120, "the usual ones", wanted.told())
    for count in (11, 16, 40):
        for workers in ("1", "2", "8"):
            scan = Scan(where, "-j", workers, preexec_fn=lambda: few_descriptors(count))
            tap.ok(not scan.wrong() and scan.out == wanted.out,
                   f"{count} descriptors with -j {workers}", scan.told())
    for workers in ("1", "2", "8"):
        if WRAPPER:
            tap.skip(f"one descriptor for all with -j {workers}", "the emulator has some open")
            continue
        scan = Scan(where, "-j", workers, preexec_fn=lambda: few_descriptors(4))
        tap.ok(not scan.wrong(2) and b"Too many open files" in scan.err,
               f"one descriptor for all with -j {workers}", scan.told())
    flat = folder_of(where / "flat")
    for number in range(400):
        plant(flat / f"{number:03}")
    for soft in (12, 24):
        for workers in ("1", "2", "4"):
            scan = Scan(flat, "-j", workers, preexec_fn=lambda: few_descriptors(soft))
            tap.ok(not scan.wrong() and len(scan.listed()) == 400,
                   f"{soft} descriptors and many files with -j {workers}", scan.told())


def summary(tap, where):
    """--summary: each provider, with its names and files."""
    for name in ("a", "b/a", "b/c"):
        plant(where / name)
    plant(where / "other", SOURCE / "fixtures" / "x86_64" / "semaphores.so")
    listed = Scan(where).files
    scan = Scan(where, "--summary")
    tap.ok(not scan.wrong() and scan.document["kind"] == "providers", "--summary in JSON",
           scan.wrong() or scan.told())
    wanted = {}
    for file in listed:
        for probe in file["probes"]:
            names, files = wanted.setdefault(probe["provider"], ({}, {}))
            names[probe["name"]] = names.get(probe["name"], 0) + 1
            key = (file["path"], file["build_id"])
            files[key] = files.get(key, 0) + 1
    got = {entry["provider"]: ({name["name"]: name["probes"] for name in entry["names"]},
                               {(file["path"], file["build_id"]): file["probes"]
                                for file in entry["files"]})
           for entry in scan.document["providers"]}
    tap.ok(got == wanted and len(wanted) > 1, "it is the listing, summed up",
           f"{got}\n{wanted}")
    tap.ok(scan.document["summary"] == Scan(where).document["summary"] and
           [entry["build_ids"] for entry in scan.document["providers"]] ==
           [len({file["build_id"] for file in entry["files"]} - {None})
            for entry in scan.document["providers"]], "with the whole, and build IDs counted",
           scan.told())
    lines = run(TOOL, "-r", "--summary", "-F", "ndjson", ".", cwd=where).stdout.splitlines()
    records = [json.loads(line) for line in lines]
    tap.ok(not any(schema.complaints(line.encode()) for line in lines) and
           [record.pop("record") for record in records] ==
           ["header", *["provider"] * len(wanted), "summary"] and
           records[1:-1] == scan.document["providers"] and
           records[-1] == scan.document["summary"] and
           records[0].keys() - {"host"} == scan.document.keys() - {"providers", "summary"},
           "and in NDJSON", "\n".join(lines))
    result = run(TOOL, "-r", "--summary", "-F", "tsv", "-n", ".", cwd=where)
    lines = [[provider, str(len(files)), str(len({i for _, i in files if i})),
              str(sum(names.values())), str(len(names))]
             for provider, (names, files) in sorted(wanted.items())]
    tap.ok(result.returncode == 0 and
           [line.split("\t") for line in result.stdout.splitlines()] == lines,
           "and in TSV", told(result))
    result = run(TOOL, "-r", "--summary", ".", cwd=where)
    tap.ok(result.stdout.split()[:5] == ["PROVIDER", "FILES", "BUILD-IDS", "PROBES", "NAMES"] and
           [line.split() for line in result.stdout.splitlines()[1:]] == lines, "and as a table",
           told(result))
    for options in (["-F", "readelf"], ["-o", "NAME"]):
        result = run(TOOL, "-r", "--summary", *options, ".", cwd=where)
        tap.ok(result.returncode == 2, f"misuse: --summary {' '.join(options)}", told(result))


def misuse(tap, where):
    for options in (["-j", "0"], ["-j", "x"], ["-j", "-1"], ["-j", "99999"]):
        result = run(TOOL, "-r", *options, ".", cwd=where)
        tap.ok(result.returncode == 2 and "--jobs" in result.stderr, f"misuse: {options}",
               told(result))
    result = run(TOOL, "-r", "nowhere", cwd=where)
    tap.ok(result.returncode == 2, "an operand that is not there", told(result))


def fixtures(tap, _):
    """The fixtures as a tree: what each says alone."""
    scan = Scan(SOURCE, paths=["fixtures"])
    tap.none(scan.wrong(2), "the fixtures as a tree")
    lines = [json.loads(line) for line in run(TOOL, "-r", "-F", "ndjson", "fixtures",
                                              cwd=SOURCE).stdout.splitlines()]
    probes = sum(len(file.get("probes", ())) for file in scan.files)
    tap.ok(probes == sum(line["record"] == "probe" for line in lines) ==
           scan.document["summary"]["probes"], "as many probes in NDJSON and in the summary")


TESTS = (order, kinds, links, deep, names, excluded, never_opened, cost, one_file_system,
         unreadable, damaged, changing, truncated, interrupted, progress, descriptors, misuse, summary,
         fixtures)


def main():
    tap = Tap()
    for test in TESTS:
        if len(sys.argv) > 1 and test.__name__ not in sys.argv[1:]:
            continue
        with folder(in_memory=test is deep) as where:
            test(tap, where)
    tap.done()


main()
