# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The README's two commands on other releases of Debian, as a newcomer would type them.

    ./bootstrap test --on=SUITE[,SUITE...] [OPTION...]
                        SUITE: bookworm, trixie, sid, or another that debootstrap knows
    --keep              keep the root, and take it again in the next run with --keep
    --mirror=URL        instead of the one that this machine's apt uses
    other options       go to ./bootstrap test there

For each suite debootstrap makes a root with nothing in it but apt. The last commit is copied
into it, and there "./bootstrap run" and "./bootstrap test" are run. At the end stands a table of
all suites, and what was skipped on each, with its reason; "!" marks what is not skipped on
bookworm, by the same call or by the last one without options.

Roots, packages, logs and results are in ~/.cache/usdtinfo/hosts/SUITE. All is mounted in a mount
namespace of its own, and processes have their own PID namespace: both are gone when this ends,
by whatever signal.
"""
import argparse
import contextlib
import fcntl
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

from count import add_up, read_logs

SOURCE = pathlib.Path(__file__).resolve().parent.parent
# Which skips need a fact of the host is seen by comparison with this one.
REFERENCE = "bookworm"
# What the tests install, and two builds.
ROOM = 10 << 30
# Seconds after which a command hangs.
LIMIT = 4 * 3600
# Of the programs and libraries that tests hold usdtinfo to: the package that has the version.
PEERS = {
    "gcc": "gcc", "clang": "clang", "binutils": "binutils", "elfutils": "elfutils", "gdb": "gdb",
    "bpftrace": "bpftrace", "bcc": "bpfcc-tools", "systemtap": "systemtap", "perf": "linux-perf",
    "libbpf": "libbpf-dev", "libsmartcols": "libsmartcols-dev", "json-c": "libjson-c-dev",
    "libarchive": "libarchive-dev", "capstone": "libcapstone-dev", "rpm": "rpm", "meson": "meson",
    "python": "python3", "glibc": "libc6", "abigail": "abigail-tools", "valgrind": "valgrind",
}
COMMANDS = {"run": ["./bootstrap", "run", "/usr/bin/python3"], "test": ["./bootstrap", "test"]}
# "run" lists the probes of the system's Python: 1 says that it has none.
GOOD = {"run": (0, 1), "test": (0,)}
# Settings of the machine's apt that decide whether packages can be fetched at all.
APT_SETTINGS = re.compile(r"Acquire::(Check-Valid-Until|Check-Date|ForceIPv4|Retries|https?::.*"
                          r"Proxy.*) ")
# Becomes the root that it is given, with what a freshly started machine has mounted, and runs
# the rest of its words there.
ENTER = r"""
set -eu
root=$1
debs=$2
shift 2
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t sysfs sysfs sys
for what in tracefs:kernel/tracing debugfs:kernel/debug bpf:fs/bpf; do
	mount -t "${what%%:*}" "${what%%:*}" "sys/${what#*:}" || :
done
mount -t tmpfs -o mode=755 tmpfs dev
for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
	numbers=${node#*:}
	mknod -m 666 "dev/${node%%:*}" c "${numbers%:*}" "${numbers#*:}"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for number in 0:stdin 1:stdout 2:stderr; do
	ln -s "/proc/self/fd/${number%:*}" "dev/${number#*:}"
done
mount -t tmpfs -o mode=755 tmpfs run
mkdir run/lock
mount --bind "$debs" var/cache/apt/archives
mkdir -p .machine
pivot_root . .machine
umount -l /.machine
rmdir /.machine
cd /root/usdtinfo 2>/dev/null || cd /
exec "$@"
"""


class Trouble(Exception):
    """Why a suite cannot be tried."""


def say(text):
    print(f"bootstrap: {text}", file=sys.stderr, flush=True)


def isolated(*words, **options):
    """Run words in namespaces of their own, which end when this process does."""
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--ipc", "--fork",
         "--kill-child", "--mount-proc", *map(str, words)],
        stdin=subprocess.DEVNULL, **options)
    try:
        return process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        process.kill()
        process.wait()


def apt_mirror():
    """Where this machine's apt has Debian from."""
    told = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)",
                           "Created-By: Packages"], capture_output=True, text=True, check=False)
    for line in told.stdout.splitlines():
        mirror = line.split(" ")[0].rstrip("/")
        if re.search(r"/debian$", mirror):
            return mirror
    raise Trouble("apt has no Debian mirror here: name one with --mirror")


def apt_settings():
    told = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False)
    return "".join(line + "\n" for line in told.stdout.splitlines() if APT_SETTINGS.match(line))


class Host:
    """One suite: its root, and what became of the commands there."""

    def __init__(self, suite, args):
        self.suite, self.args = suite, args
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self.folder = pathlib.Path(base, "usdtinfo", "hosts", suite)
        self.root, self.debs = self.folder / "root", self.folder / "debs"
        self.tree = self.root / "root" / "usdtinfo"
        self.result = self.folder / "result.json"

    @contextlib.contextmanager
    def locked(self):
        self.debs.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Trouble(f"{self.folder} is in use by another run") from None
            yield

    def remove(self, path):
        """Should something be mounted there against all expectation, it is not followed."""
        subprocess.run(["rm", "-rf", "--one-file-system", path], check=True)

    def make_root(self):
        if self.args.keep and (self.root / "ready").exists():
            return
        self.remove(self.root)
        free = shutil.disk_usage(self.folder).free
        if free < ROOM:
            raise Trouble(f"{self.folder} has {free >> 30} GiB left, {ROOM >> 30} are needed")
        mirror = self.args.mirror or apt_mirror()
        words = ["--include=ca-certificates"] if mirror.startswith("https:") else []
        say(f"{self.suite}: making a bare root from {mirror}")
        with open(self.folder / "debootstrap.log", "w", encoding="utf-8") as log:
            status = isolated("debootstrap", "--variant=minbase", f"--cache-dir={self.debs}", *words,
                              self.suite, self.root, mirror, stdout=log, stderr=log)
        if status:
            raise Trouble(f"debootstrap failed: {self.folder}/debootstrap.log says why")
        shutil.copy("/etc/resolv.conf", self.root / "etc" / "resolv.conf")
        (self.root / "etc" / "hosts").write_text("127.0.0.1 localhost\n")
        (self.root / "etc" / "apt" / "apt.conf.d" / "90machine").write_text(apt_settings())
        # What is thrown away need not reach the disk.
        (self.root / "etc" / "dpkg" / "dpkg.cfg.d" / "90machine").write_text("force-unsafe-io\n")
        (self.root / "ready").touch()

    def copy_tree(self):
        self.remove(self.tree)
        self.tree.mkdir()
        with subprocess.Popen(["git", "-C", SOURCE, "archive", "HEAD"],
                              stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "-x", "-C", self.tree], stdin=archive.stdout, check=True)
        if archive.returncode:
            raise Trouble(f"{SOURCE} is no git checkout")

    def command(self, name, *options):
        """(exit code, seconds)"""
        words = [*COMMANDS[name], *options]
        log = self.folder / f"{name}.log"
        say(f"{self.suite}: {' '.join(words)} (see {log})")
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                       "HOME": "/root", "TERM": "dumb",
                       **{key: value for key, value in os.environ.items()
                          if key.lower() in ("http_proxy", "https_proxy", "no_proxy")}}
        start = time.monotonic()
        with open(log, "w", encoding="utf-8") as file:
            status = isolated("sh", "-c", ENTER, "enter", self.root, self.debs, *words,
                              env=environment, stdout=file, stderr=file)
        return status, time.monotonic() - start

    def versions(self):
        told = subprocess.run(
            ["dpkg-query", f"--admindir={self.root}/var/lib/dpkg", "-W", "-f",
             "${db:Status-Status} ${Package} ${Version}\n", *PEERS.values()],
            capture_output=True, text=True, check=False)
        found = {}
        for line in told.stdout.splitlines():
            status, package, version = line.split(" ")
            if status == "installed":
                found[package] = re.sub(r"^\d+:|[+~-].*$", "", version)
        return {peer: found.get(package) for peer, package in PEERS.items()}

    def try_commands(self):
        with self.locked():
            try:
                self.make_root()
                self.copy_tree()
                report = {"commit": commit(), "versions": {}, "exit": {}, "seconds": {}}
                for name, options in (("run", ()), ("test", self.args.options)):
                    report["exit"][name], report["seconds"][name] = self.command(name, *options)
                    if report["exit"][name] not in GOOD[name]:
                        break
                report["versions"] = self.versions()
                tests = read_logs([self.tree / "build", self.tree / "build-sanitize"])
                report["counts"] = add_up(tests)
                report["skips"] = sorted({(test.name, what, why) for test in tests
                                          for what, why in test.skips()})
                report["failures"] = sorted({(f"{test.build} {test.name}", what) for test in tests
                                             for what in test.failures()})
                if not self.args.options:
                    self.result.write_text(json.dumps(report, indent=1) + "\n")
            finally:
                if not self.args.keep:
                    self.remove(self.root)
        return report


def commit():
    told = subprocess.run(["git", "-C", SOURCE, "log", "-1", "--format=%h"], capture_output=True,
                          text=True, check=False)
    return told.stdout.strip()


def good(report):
    return (all(report["exit"].get(name) in codes for name, codes in GOOD.items()) and
            not report["counts"][1])


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def print_table(reports):
    def row(title, cells):
        print(f"| {title} | {' | '.join(cells)} |")

    row("", reports)
    print("|---" * (1 + len(reports)) + "|")
    for peer in PEERS:
        row(peer, [report["versions"].get(peer) or "-" for report in reports.values()])
    for name, words in COMMANDS.items():
        row(f"`{' '.join(words)}`, min:s",
            [f"{clock(report['seconds'][name])}, exit {report['exit'][name]}"
             if name in report["seconds"] else "not run" for report in reports.values()])
    for number, title in enumerate(("passed", "failed", "skipped")):
        row(title, [str(report["counts"][number]) for report in reports.values()])


def print_skips(reports, reference):
    """Each skip once for each suite, "!" before those that the reference does not have."""
    known = None if reference is None else {(name, what) for name, what, _ in reference["skips"]}
    for suite, report in reports.items():
        print(f"\nskipped on {suite}:{'' if report['skips'] else ' nothing'}")
        for name, what, why in report["skips"]:
            mark = " " if known is None or (name, what) in known else "!"
            print(f"{mark} {name}: {what}: {why}")
    if known is None:
        print(f"\nwithout a run on {REFERENCE} nothing is known of skips that it does not have")


def print_failures(reports):
    for suite, report in reports.items():
        for name, what in report["failures"]:
            print(f"failed on {suite}: {name}: {what}")
        for name, code in report["exit"].items():
            if code not in GOOD[name]:
                print(f"failed on {suite}: {' '.join(COMMANDS[name])}: exit {code}")


def arguments():
    parser = argparse.ArgumentParser(prog="./bootstrap test", description=__doc__,
                                     allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", required=True, metavar="SUITE[,SUITE...]")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--mirror", metavar="URL")
    args, args.options = parser.parse_known_args()
    args.suites = args.on.split(",")
    for suite in args.suites:
        if not re.fullmatch(r"[a-z][a-z-]*", suite):
            parser.error(f"{suite} is no suite")
    return args


def check_machine():
    if os.geteuid():
        raise Trouble("only root can make a root and mount in it")
    for program in ("debootstrap", "unshare", "setpriv", "pivot_root", "git"):
        if not shutil.which(program):
            raise Trouble(f"no {program} here")


def main():
    args = arguments()
    # So that what a run makes is removed.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(2))
    reports = {}
    try:
        check_machine()
        changed = subprocess.run(["git", "-C", SOURCE, "status", "--porcelain"],
                                 capture_output=True, text=True, check=False).stdout
        if changed:
            say("changes that are not committed are not tried")
        hosts = {suite: Host(suite, args) for suite in args.suites}
        for suite, host in hosts.items():
            reports[suite] = host.try_commands()
        saved = Host(REFERENCE, args).result
        reference = reports.get(REFERENCE) or (
            json.loads(saved.read_text()) if saved.exists() else None)
    except Trouble as trouble:
        say(trouble)
        return 2
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    print_table(reports)
    print_skips(reports, reference)
    print_failures(reports)
    return 0 if all(map(good, reports.values())) else 1


if __name__ == "__main__":
    sys.exit(main())
