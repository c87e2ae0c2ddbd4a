# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""An interactive shell on a terminal, into which lines are typed or pasted."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from helpers.tap import HANG

# As they come, with history and its expansion, but without the files of this machine's user.
SHELLS = {"bash": ["--norc", "-i"], "zsh": ["-f", "-i"], "tcsh": ["-f", "-i"], "fish": ["-i"],
          "mksh": ["-i"]}
# A terminal has to hold what is typed ahead while the shell is busy.
AHEAD = 2000
# Seconds after which a shell hangs: five of them end before the test does.
QUIET = HANG / 5


class Silence(Exception):
    """The shell did not come to what was typed last."""


class Terminal:
    """SHELL runs in HOME, with nothing but PROGRAMS in PATH."""

    def __init__(self, shell, home, programs, locale):
        path = next(os.path.join(folder, shell) for folder in os.get_exec_path()
                    if os.access(os.path.join(folder, shell), os.X_OK))
        environment = {"HOME": str(home), "PATH": str(programs), "TERM": "xterm", "LC_ALL": locale,
                       "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home),
                       "XDG_CACHE_HOME": str(home)}
        self.shown, self.count, self.waiting = b"", 0, b""
        self.takes_pastes = False
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(home)
                os.execve(path, [shell, *SHELLS[shell]], environment)
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        os.set_blocking(self.fd, False)
        self.type([])

    def _step(self):
        """Read what is shown and write what waits to be typed, as far as they go now."""
        readable, writable, _ = select.select([self.fd], [self.fd] if self.waiting else [], [],
                                              QUIET)
        if readable:
            try:
                shown = os.read(self.fd, 65536)
            except OSError:
                shown = b""
            if not shown:
                raise Silence("it ended")
            self.shown += shown
            self.takes_pastes |= b"\x1b[?2004h" in shown
            # fish asks what kind of terminal this is, and waits for an answer.
            if b"\x1b[c" in shown or b"\x1b[0c" in shown:
                self.waiting = b"\x1b[?62;c" + self.waiting
        if writable:
            try:
                self.waiting = self.waiting[os.write(self.fd, self.waiting[:AHEAD]):]
            except BlockingIOError:
                pass
        if not readable and not writable:
            raise Silence("nothing is shown any more")

    def type(self, lines, pasted=False):
        """Type LINES, and wait until the shell has done with them and says so."""
        self.count += 1
        text = b"".join(line + b"\r" for line in lines)
        if pasted and lines and self.takes_pastes:
            # What a terminal puts around it when it was asked to; Enter comes from the person.
            text = b"\x1b[200~" + text[:-1] + b"\x1b[201~\r"
        # What is shown of the typing is not yet what is said: "''" is between.
        self.waiting += text + b"echo Sen''tinel%d.\r" % self.count
        said, before = b"Sentinel%d." % self.count, len(self.shown)
        end = time.monotonic() + QUIET
        while said not in self.shown[before:]:
            if time.monotonic() > end:
                raise Silence(f"it waits for more: {self.shown[-300:]!r}")
            self._step()
        self.shown = self.shown[-4096:]

    def close(self):
        os.close(self.fd)
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)


def batches(lines):
    """Lines in groups that can be typed ahead; one that is longer alone."""
    group, size = [], 0
    for line in lines:
        if group and size + len(line) > AHEAD:
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line) + 1
    if group:
        yield group
