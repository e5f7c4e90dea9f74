# SPDX-License-Identifier: GPL-2.0-only
"""A real terminal for tests: a tmux server of one's own with one window. Called by tests/e2e."""
import itertools
import os
import subprocess
import time

from told import Failed

NUMBERS = itertools.count()    # a server that ends still holds its socket
SECONDS = 20    # for what is waited for to appear; a machine of tests can be slow
SHELL = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"]


class Screen:
    """Runs shell lines in a window of so many columns and lines; ends them all with itself."""

    def __init__(self, directory, line, size=(80, 24)):
        self.socket = os.path.join(directory, f"tmux{next(NUMBERS)}")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]),
                  *SHELL, "TERM=screen", "sh", "-c", f"trap : INT; {line}; echo \"END $?\"; stty -a; read wait")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-S", self.socket, *words], check=True, timeout=SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        return done.stdout

    def text(self, *how):
        return self.tmux("capture-pane", "-p", *how)

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def resize(self, columns, lines):
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def flag(self, name):
        """Such as alternate_on or cursor_flag."""
        return self.tmux("display-message", "-p", f"#{{{name}}}").strip()

    def until(self, what, holds):
        """The text as soon as holds(text)."""
        end = time.monotonic() + SECONDS
        while True:
            text = self.text()
            if holds(text):
                return text
            if time.monotonic() > end:
                print(text)
                raise Failed(f"never seen: {what}")
            time.sleep(0.02)

    def shows(self, part):
        return self.until(repr(part), lambda text: part in text)

    def lacks(self, part):
        return self.until(f"no {part!r}", lambda text: part not in text)

    def ended(self):
        """The status of the line's end."""
        text = self.until("the end", lambda seen: "END " in seen and "speed" in seen)
        return int(text.split("END ")[1].split()[0])

    def process(self, name):
        """The id of the line's process of this name."""
        shell = self.flag("pane_pid")
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            found = subprocess.run(["pgrep", "-P", shell, "-x", name], check=False,
                                   stdout=subprocess.PIPE, encoding="utf-8").stdout.split()
            if found:
                return int(found[0])
            time.sleep(0.02)
        raise Failed(f"no process {name}")
