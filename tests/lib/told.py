# SPDX-License-Identifier: GPL-2.0-only
"""End-to-end tests as functions whose names are sentences. Called by the scripts of tests/e2e.

A test takes one argument, the Tailback to run, and raises Failed (or any other error) or Skipped.
run_all() prints `ok NAME`, `not ok NAME: why` or `skip NAME: why` for each, as tests/run reads it.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

TESTS = []
NOBODY = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]


class Failed(Exception):
    """What was seen instead of what was expected."""


class Skipped(Exception):
    """Why it cannot run here."""


def test(function):
    TESTS.append(function)
    return function


def expect(condition, what, ended=None):
    """`ended` is a finished command: its output is printed if the condition does not hold."""
    if condition:
        return
    if ended is not None:
        print(f"$ {' '.join(map(str, ended.args))}\n{ended.stdout or ''}{ended.stderr or ''}"
              f"=> {ended.returncode}")
    raise Failed(what)


def expect_exit(ended, status):
    expect(ended.returncode == status, f"exit status {ended.returncode}, expected {status}", ended)


def capabilities(*names):
    """A command's front part that runs it as nobody with these capabilities alone."""
    these = ",".join(["-all"] + [f"+{name}" for name in names])
    return NOBODY + ["--inh-caps", these, "--ambient-caps", these, "--bounding-set",
                     "-all,+bpf,+perfmon,+sys_ptrace,+sys_admin"]


class Tailback:
    """A copy of the program that every user can reach, and a directory that vanishes."""

    def __init__(self, directory):
        self.directory = directory
        self.path = os.path.join(directory, "tailback")
        shutil.copy(os.path.join(os.environ.get("BUILD", "build"), "tailback"), self.path)
        os.chmod(directory, 0o755)
        os.chmod(self.path, 0o755)

    def run(self, *arguments, front=(), **how):
        """Runs it to its end, behind the words of `front`; text in, text out unless told."""
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
               "timeout": 60, "encoding": "utf-8", "errors": "surrogateescape", **how}
        return subprocess.run([*front, self.path, *arguments], check=False, **how)


def told(function, tailback):
    name = function.__name__
    try:
        function(tailback)
    except Skipped as skipped:
        return f"skip {name}: {skipped}"
    except Failed as failed:
        return f"not ok {name}: {failed}"
    except Exception as error:  # pylint: disable=broad-except
        traceback.print_exc(limit=-2, file=sys.stdout)
        return f"not ok {name}: {error!r}"
    return f"ok {name}"


def run_all(only=()):
    """The exit status of the script. Words of the command line pick tests by parts of names."""
    sys.stdout.reconfigure(errors="backslashreplace")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="tailback-test-") as directory:
        tailback = Tailback(directory)
        for function in TESTS:
            if only and not any(word in function.__name__ for word in only):
                continue
            line = told(function, tailback)
            failed += line.startswith("not ok")
            print(line, flush=True)
    return 1 if failed else 0
