# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Where debug files are found, which are taken, and that nothing asks the network unasked."""
import http.server
import json
import os
import pathlib
import shutil
import tempfile
import threading

from helpers.apart import other_half, skeleton, supplemented, supplementary
from helpers.tap import SOURCE, TOOL, Tap, run, told

FIXTURES = SOURCE / "fixtures" / "separate"
STRIPPED, DEBUG, OTHER = (FIXTURES / name for name in
                          ("stripped", "stripped.debug", "other.debug"))


def listing(*arguments, **options):
    done = run(TOOL, "-J", "-s", "--lines", "-a", *arguments, **options)
    document = json.loads(done.stdout)
    return document["files"][0]


def knows(found):
    """What one listing tells: s function, l line, n names."""
    probe = next(row for row in found["probes"] if row["name"] == "parameters")
    told = "s" if probe["function"] and probe["function"]["name"] == "scalars" else ""
    told += "l" if probe["source"] and probe["source"][0]["file"] == "src/site.c" else ""
    return told + ("n" if probe["arguments"][0]["name"] == "number" else "")


def codes(found):
    return " ".join(row["code"] for row in found["diagnostics"])


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
    return target


def local_cases(tap, place):
    """One row a layout: files that are put somewhere, options, what is known, diagnostics."""
    build_id = listing(STRIPPED, "--debuginfo=/nonexistent")["build_id"]
    by_id = f".build-id/{build_id[:2]}/{build_id[2:]}.debug"
    link = place / "link"
    link.mkdir()
    copy(DEBUG, link / "a.debug")
    run("objcopy", "--remove-section=.note.gnu.build-id", "--add-gnu-debuglink=a.debug",
        STRIPPED, link / "linked", cwd=link)
    rows = (
        ("nothing", {}, [], "", "debug-info-missing"),
        ("beside it", {"app.debug": DEBUG}, [], "sln", ""),
        ("in .debug", {".debug/app.debug": DEBUG}, [], "sln", ""),
        ("of another build", {"app.debug": OTHER}, [], "",
         "debug-file-mismatch debug-info-missing"),
        ("no ELF file", {"app.debug": SOURCE / "meson.build"}, [], "", "debug-info-missing"),
        ("by build-id", {f"d/{by_id}": DEBUG}, ["--debuginfo={}/d"], "sln", ""),
        ("by build-id, another build", {f"d/{by_id}": OTHER}, ["--debuginfo={}/d"], "",
         "debug-file-mismatch debug-info-missing"),
        ("the second directory", {f"d/{by_id}": DEBUG},
         ["--debuginfo=/nonexistent", "--debuginfo={}/d"], "sln", ""),
        ("in a directory by name", {"d/app.debug": DEBUG}, ["--debuginfo={}/d"], "sln", ""),
        ("in a root", {f"usr/lib/debug/{by_id}": DEBUG}, ["--root={}"], "sln", ""),
        ("outside of the root", {f"d/{by_id}": DEBUG}, ["--root={}", "--debuginfo={}/d"],
         "sln", ""),
    )
    for number, (name, files, options, known, diagnostics) in enumerate(rows):
        here = place / str(number)
        app = copy(STRIPPED, here / "app")
        for target, source in files.items():
            copy(source, here / target)
        rooted = any(option.startswith("--root") for option in options)
        found = listing("/app" if rooted else app, *(o.format(here) for o in options))
        tap.ok(knows(found) == known and codes(found) == diagnostics, f"separate: {name}",
               f"{knows(found)} {codes(found)}, expected {known} {diagnostics}")
    link_cases(tap, link)


def skips_split(tap, name):
    """libdw opens the other half by the name of our descriptor of it."""
    if os.path.exists("/proc/self/fd"):
        return False
    tap.skip(name, "/proc is not mounted, through which libdw is given a file")
    return True


def split_cases(tap, place):
    """Split DWARF: the .dwo file beside the program, missing, another's, a FIFO, a root."""
    split, other_half = FIXTURES / "split", FIXTURES / "site.dwo"
    app = copy(split, place / "app")
    # clang copies what it passes: names are for those who follow copies.
    whole = "sln" if "capstone=yes" in run(TOOL, "--version").stdout else "sl"
    found = listing(app, "--debuginfo=/nonexistent")
    tap.ok(knows(found) == "sl" and codes(found) == "debug-info-missing",
           "split: the other half is missing", f"{knows(found)} {codes(found)}")
    if skips_split(tap, "split: both halves"):
        return
    copy(other_half, place / "site.dwo")
    found = listing(app)
    tap.ok(knows(found) == whole and not codes(found), "split: both halves",
           f"{knows(found)} {codes(found)}")
    found = listing("/app", f"--root={place}")
    tap.ok(knows(found) == whole, "split: inside a root", knows(found))
    os.rename(place / "site.dwo", place / "elsewhere")
    os.symlink(place / "elsewhere", place / "site.dwo")
    tap.ok(knows(listing(app)) == whole, "split: through a link")
    tap.ok(knows(listing("/app", f"--root={place}")) == "sl",
           "split: a link may leave the root, and is not followed")
    os.unlink(place / "site.dwo")
    copy(STRIPPED, place / "site.dwo")
    tap.ok(knows(listing(app)) == "sl", "split: another file")
    os.unlink(place / "site.dwo")
    os.mkfifo(place / "site.dwo")
    tap.ok(knows(listing(app)) == "sl", "split: a FIFO is not read")


def alternate_cases(tap, place):
    """DWZ: what programs share, in a file that all of them name."""
    app, shared = copy(FIXTURES / "dwz", place / "app"), FIXTURES / "dwz.debug"
    found = listing(app, "--debuginfo=/nonexistent")
    tap.ok("n" not in knows(found) and codes(found) == "debug-info-missing",
           "dwz: the shared file is missing", f"{knows(found)} {codes(found)}")
    notes = run("readelf", "-n", shared).stdout
    build_id = notes.split("Build ID: ")[1].split()[0]
    by_id = f".build-id/{build_id[:2]}/{build_id[2:]}.debug"
    for name, target, options in (("beside it", "dwz.debug", []),
                                  ("by build-id", f"d/{by_id}", [f"--debuginfo={place}/d"])):
        put = copy(shared, place / target)
        found = listing(app, *options)
        tap.ok(knows(found) == "sln" and not codes(found), f"dwz: {name}",
               f"{knows(found)} {codes(found)}")
        os.unlink(put)
    copy(OTHER, place / "dwz.debug")
    found = listing(app)
    tap.ok("n" not in knows(found) and "debug-file-mismatch" in codes(found),
           "dwz: a file of another build", codes(found))


def chained_cases(tap, place):
    """A file that libdw comes to by another names a third, which would have to be opened."""
    fifo = place / "fifo"
    place.mkdir()
    os.mkfifo(fifo)
    (place / "shared").write_bytes(supplementary(fifo))
    (place / "app").write_bytes(supplemented("shared"))
    (place / "half.dwo").write_bytes(other_half(fifo))
    (place / "split").write_bytes(skeleton("half.dwo"))
    for name in ("app", "split"):
        # It would wait for a writer.
        done = run(TOOL, "-a", "--debuginfo=/nonexistent", place / name)
        tap.ok(done.returncode == 0, f"{name}: the file that it leads to names a FIFO", told(done))


def open_ended(path, section, *options):
    """Take the last byte, which ends its last string, from a section of PATH."""
    taken = path.parent / "section"
    run("objcopy", f"--dump-section={section}={taken}", path)
    taken.write_bytes(taken.read_bytes()[:-1])
    return run("objcopy", f"--update-section={section}={taken}", *options, path).returncode == 0


def string_cases(tap, place):
    """Strings without an end, wherever libdw finds them."""
    for name, section, options, files in (
            ("in the debug file", ".debug_str", (), {"app": STRIPPED, "app.debug": DEBUG}),
            ("in .zdebug_str", ".debug_str", ("--compress-debug-sections=zlib-gnu",),
             {"app": STRIPPED, "app.debug": DEBUG}),
            ("compressed", ".debug_str", ("--compress-debug-sections=zlib",),
             {"app": STRIPPED, "app.debug": DEBUG}),
            ("in the shared file", ".debug_str", (),
             {"app": FIXTURES / "dwz", "dwz.debug": FIXTURES / "dwz.debug"}),
            ("in the other half", ".debug_str.dwo", (),
             {"app": FIXTURES / "split", "site.dwo": FIXTURES / "site.dwo"})):
        if "site.dwo" in files and skips_split(tap, f"strings without an end: {name}"):
            continue
        here = place / name.replace(" ", "-")
        app, damaged = [copy(source, here / target) for target, source in files.items()]
        whole = listing(app)
        if not open_ended(damaged, section, *options):
            tap.skip(f"strings without an end: {name}", "objcopy cannot")
            continue
        found = listing(app)
        tap.ok("debug-info-damaged" in codes(found) and "n" not in knows(found) and
               not codes(whole),
               f"strings without an end: {name}", f"{knows(found)} {found['diagnostics']}")


def optimised_cases(tap, place):
    """What link-time optimisation starts from is no debug info of the file."""
    app = copy(DEBUG, place / "app")
    names = [word for word in run("readelf", "-SW", app).stdout.split()
             if word.startswith(".debug_")]
    run("objcopy", *(f"--rename-section={name}=.gnu.debuglto_{name}" for name in names), app)
    found = listing(app, "--debuginfo=/nonexistent")
    tap.ok(knows(found) == "s" and codes(found) == "debug-info-missing",
           "debug info for link-time optimisation is left alone", f"{knows(found)} {codes(found)}")


def outside_cases(tap, place):
    """A file that is not the other half does not send libdw out of the root for another."""
    copy(FIXTURES / "split", place / "app")
    copy(STRIPPED, place / "site.dwo")
    traced = run("strace", "-f", "-e", "trace=%file", TOOL, "-a", f"--root={place}", "/app")
    tap.ok('"/site.dwo"' in traced.stderr and
           'AT_FDCWD, "/build/site.dwo"' not in traced.stderr,
           "split: another file inside a root", traced.stderr)


def link_cases(tap, link):
    tap.ok(knows(listing(link / "linked")) == "sln", "debug link: the checksum is right")
    with open(link / "a.debug", "ab") as file:
        file.write(b"\0")
    found = listing(link / "linked")
    tap.ok(knows(found) == "" and "debug-file-mismatch" in codes(found),
           "debug link: the checksum is wrong", codes(found))
    os.unlink(link / "a.debug")
    os.mkfifo(link / "a.debug")
    tap.ok(knows(listing(link / "linked")) == "", "debug link: a FIFO is not read")


def other_cases(tap, place):
    found = listing(FIXTURES / "minidebug", "--debuginfo=/nonexistent")
    probe = next(row for row in found["probes"] if row["name"] == "parameters")
    tap.ok(probe["function"] and probe["function"]["name"] == "scalars",
           ".gnu_debugdata: functions", probe["function"])
    tap.ok(probe["source"] is None and probe["arguments"][0]["name"] is None,
           ".gnu_debugdata: nothing else")
    found = listing(DEBUG)
    tap.ok(knows(found) == "sln", "a debug file itself", knows(found))
    plain = run("strace", "-f", "-e", "trace=%file", TOOL, STRIPPED)
    tap.ok("stripped.debug" not in plain.stderr and ".build-id" not in plain.stderr,
           "without a detail no debug file is looked for")


class Server(http.server.BaseHTTPRequestHandler):
    """A debuginfod server that has one file."""

    def do_GET(self):  # noqa: N802
        self.server.asked.append(self.path)
        if self.path != f"/buildid/{self.server.build_id}/debuginfo":
            self.send_error(404)
            return
        data = DEBUG.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def network_cases(tap, place):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.asked = []
    server.build_id = listing(STRIPPED, "--debuginfo=/nonexistent")["build_id"]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app, cache = copy(STRIPPED, place / "net" / "app"), place / "cache"
    environment = dict(
        os.environ, HOME=str(place), XDG_CACHE_HOME=str(cache),
        DEBUGINFOD_CACHE_PATH=str(cache), DEBUGINFOD_TIMEOUT="20",
        DEBUGINFOD_URLS=f"http://127.0.0.1:{server.server_address[1]}")
    traced = ["strace", "-f", "-o", place / "calls", "-e", "trace=%network,%file", TOOL, "-J",
              "-s", "--lines", "-a", app]
    done = run(*traced, env=environment)
    # What a build that counts its lines writes at its end is not the program's.
    calls = "".join(call for call in (place / "calls").open() if ".gcda" not in call)
    tap.ok("execve" in calls and "app.debug" in calls, "strace saw the search", calls)
    tap.ok("socket(" not in calls and "connect(" not in calls and not server.asked,
           "without --debuginfod there is no socket", calls)
    tap.ok(not cache.exists() and "O_CREAT" not in calls, "and no cache")
    tap.ok(knows(json.loads(done.stdout)["files"][0]) == "", "and so nothing is known")
    found = listing(app, "--debuginfod", env=environment)
    if "debug-download-failed" in codes(found) and "not usable" in str(found["diagnostics"]):
        tap.skip("--debuginfod asks the server", "libdebuginfod is not here")
    else:
        tap.ok(knows(found) == "sln" and len(server.asked) == 1 and cache.exists(),
               "--debuginfod asks the server, once", f"{server.asked} {found['diagnostics']}")
        environment["DEBUGINFOD_URLS"] = f"http://127.0.0.1:{server.server_address[1]}/none"
        shutil.rmtree(cache)
        found = listing(app, "--debuginfod", env=environment)
        tap.ok(knows(found) == "" and "debug-download-failed" in codes(found),
               "what the server does not have", codes(found))
    server.shutdown()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        place = pathlib.Path(directory)
        local_cases(tap, place)
        split_cases(tap, place / "split")
        alternate_cases(tap, place / "dwz")
        chained_cases(tap, place / "chained")
        string_cases(tap, place / "strings")
        optimised_cases(tap, place / "optimised")
        other_cases(tap, place)
        if shutil.which("strace"):
            outside_cases(tap, place / "outside")
            network_cases(tap, place)
        else:
            tap.skip("split: another file inside a root", "strace is not here")
            tap.skip("the network is left alone", "strace is not here")
    tap.done()


if __name__ == "__main__":
    main()
