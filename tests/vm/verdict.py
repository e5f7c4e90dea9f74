# SPDX-License-Identifier: GPL-2.0-only
"""Judges a boot by what the machine said: results from the tests' port, splats from the kernel's.

Called by `run` and `selftest.py`. Pure: text in, results out; must not know qemu or files. What a
cmocka program means is the same here as in `make test`: tests/lib/judge.py.

The protocol that guest/init speaks, each on a line of its own:
    TB-BOOT <release> <uptime>      init has mounted everything
    TB-BEGIN <name>                 what follows is this program's output
    TB-END <name> <exit status>
    TB-TAINTED <number>             /proc/sys/kernel/tainted after the last program
    TB-DONE <uptime>
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

# pylint: disable=wrong-import-position
from cmocka import FAIL, OK, SKIP, Result, parse
from judge import EXIT_SKIP, End, judge_cmocka

EXIT_KILLED = 137
TAINTS = {5: "bad page", 7: "oops", 9: "warning", 14: "soft lockup"}

LOG_CASE = "kernel_log_has_no_splat"
PROTOCOL = re.compile(r"TB-(BOOT|BEGIN|END|TAINTED|DONE) (\S+) ?(\S*)$")

# Only text that the kernel itself has stamped counts: a test may print what it likes.
SPLAT = re.compile(r"\[ *\d+\.\d+\] .*("
                   r"WARNING:|BUG:|\bOops\b|Kernel panic|general protection fault|kernel BUG at"
                   r"|Call Trace:|stall|soft lockup|hard LOCKUP|blocked for more than"
                   r"|locking dependency|recursive locking|inconsistent lock state"
                   r"|UBSAN|KASAN|refcount_t:|segfault at|unchecked MSR access)")


def splats(log):
    """The lines of a kernel log that tell of a defect."""
    return [line.strip() for line in log.splitlines() if SPLAT.search(line)]


def taints(number):
    return [name for bit, name in TAINTS.items() if number >> bit & 1]


def log_judge(log, tainted):
    """One result for the kernel's health; tainted is None where the machine could not say."""
    bad = splats(log)
    if bad:
        return Result(LOG_CASE, FAIL, bad[0], bad)
    if tainted and taints(tainted):
        return Result(LOG_CASE, FAIL, "tainted: " + ", ".join(taints(tainted)), [])
    return Result(LOG_CASE, OK, "", [])


def exit_text(status):
    return "killed, at the time limit or by a signal" if status == EXIT_KILLED else f"exit {status}"


def program_judge(case, status, lines):
    """The results of one program: those of its cmocka tests, or one for the program itself."""
    if parse(lines)[1] is not None:
        results = judge_cmocka(End(status, exit_text(status)), lines)
        return [result._replace(name=result.name or case.name) for result in results]
    if status == EXIT_SKIP:
        return [Result(case.name, SKIP, lines[-1] if lines else "", lines)]
    if status != case.exit:
        return [Result(case.name, FAIL, f"{exit_text(status)}, expected {case.exit}", lines)]
    if not re.search(case.pattern, "\n".join(lines)):
        return [Result(case.name, FAIL, f"says nothing that matches {case.pattern!r}", lines)]
    return [Result(case.name, OK, "", lines)]


def summary(results):
    """(the last line of a run, its exit status): skipped is not passed, and nothing is a failure."""
    number = {status: sum(result.status == status for result in results)
              for status in (OK, FAIL, SKIP)}
    skipped = f", {number[SKIP]} skipped" if number[SKIP] else ""
    return (f"{number[OK]} passed, {number[FAIL]} failed{skipped}",
            1 if number[FAIL] or not results else 0)


class Listener:
    """Takes the lines of the tests' port as they come; each may settle some results."""

    def __init__(self, cases):
        self.cases = {case.name: case for case in cases}
        self.waiting = [case.name for case in cases]
        self.lines = []
        self.release = self.uptime = self.tainted = None
        self.running = None
        self.done = False

    def hear(self, line):
        found = PROTOCOL.search(line)
        if not found:
            self.lines.append(line)
            return []
        word, first, second = found.groups()
        if word == "BOOT":
            self.release, self.uptime = first, second
        elif word == "BEGIN":
            self.running, self.lines = first, []
        elif word == "TAINTED":
            self.tainted = int(first)
        elif word == "DONE":
            self.done = True
        elif first == self.running:
            return self.settle(int(second))
        return []

    def settle(self, status):
        case = self.cases[self.running]
        self.waiting.remove(case.name)
        self.running = None
        return program_judge(case, status, self.lines)

    def leave(self):
        """Results for what the machine no longer told."""
        if self.release is None:
            return [Result("kernel_boots_to_init", FAIL, "init said nothing", [])]
        results = [Result(name, FAIL, "did not end", self.lines) if name == self.running else
                   Result(name, FAIL, "was not reached", []) for name in self.waiting]
        if not self.done and not results:
            results.append(Result("machine_powers_off", FAIL, "init did not come to its end", []))
        return results
