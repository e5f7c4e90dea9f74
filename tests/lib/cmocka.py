# SPDX-License-Identifier: GPL-2.0-only
"""Reads what a cmocka program printed: each of its tests counts. Called by judge.py.

Pure: lines in, results out. A program that dies amid its tests announced more than it reported.
"""
import collections
import re

OK, FAIL, SKIP = "ok", "FAIL", "skip"

# why: one line for people; output: the lines that the test printed
Result = collections.namedtuple("Result", "name status why output")

ANNOUNCED = re.compile(r"\[=+\] .*?Running (\d+) test\(s\)")
BEGUN = re.compile(r"\[ +RUN +\] (\S+)$")
REPORTED = re.compile(r"\[ +(OK|FAILED|SKIPPED) +\] ([A-Za-z_]\S*)$")
ENDED = re.compile(r"\[=+\] .*?\d+ test\(s\) run\.")
ERROR = re.compile(r"(?:\[ +ERROR +\] --- |ERROR: )(.*)")
STATUS = {"OK": OK, "FAILED": FAIL, "SKIPPED": SKIP}


def why_of(status, output):
    """The reason on one line: the assertion that failed, or what was said last before a skip."""
    errors = [found.group(1) for found in map(ERROR.match, output) if found]
    if status == FAIL:
        return errors[0] if errors else ""
    said = [line for line in output if line.strip()]
    return said[-1] if status == SKIP and said else ""


def parse(lines):
    """(results, number of tests announced or None, name of the test that never ended or None)"""
    results, output, announced, running = [], [], None, None
    for line in lines:
        found = ANNOUNCED.search(line)
        if found:
            announced = (announced or 0) + int(found.group(1))
        elif BEGUN.search(line):
            running, output = BEGUN.search(line).group(1), []
        elif running and REPORTED.search(line):
            status = STATUS[REPORTED.search(line).group(1)]
            results.append(Result(running, status, why_of(status, output), output))
            running = None
        elif ENDED.search(line):
            running = None
        else:
            output.append(line)
    return results, announced, running
