# SPDX-License-Identifier: GPL-2.0-only
"""What a test program's end and output mean, by kind of program. Called by tests/run.

Each judge takes how the program ended and its lines, and returns results. Pure.
"""
import collections
import re
import signal

from cmocka import FAIL, OK, SKIP, Result, parse

EXIT_SKIP = 77
TOLD = re.compile(r"(ok|not ok|skip) ([^:]+)(?:: (.*))?$")
TOLD_STATUS = {"ok": OK, "not ok": FAIL, "skip": SKIP}

# status: of the exit, below 0 a signal; text: for people
End = collections.namedtuple("End", "status text")


def status_text(status):
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"


def end_of(status, trouble):
    """How a program ended; trouble: what the runner had against it, else empty."""
    return End(status if not trouble else status or 1, trouble or status_text(status))


def judge_cmocka(end, lines):
    """Its tests, and one more result for the program if it did not end as it should have."""
    results, announced, running = parse(lines)
    failed = sum(result.status == FAIL for result in results)
    if running:
        results.append(Result(running, FAIL, f"did not end: {end.text}", lines))
    elif announced is None:
        results.append(Result("", FAIL, f"ran no test: {end.text}", lines))
    elif announced != len(results):
        why = f"{announced} tests announced, {len(results)} reported: {end.text}"
        results.append(Result("", FAIL, why, lines))
    elif (end.status != 0) != (failed != 0):
        results.append(Result("", FAIL, end.text, lines))
    return results


def judge_told(end, lines):
    """A script that says `ok NAME`, `not ok NAME: why`, `skip NAME: why`, and ends with 0."""
    results, since = [], []
    for line in lines:
        found = TOLD.match(line)
        if not found:
            since.append(line)
            continue
        results.append(Result(found.group(2), TOLD_STATUS[found.group(1)], found.group(3) or "",
                              since))
        since = []
    failed = any(result.status == FAIL for result in results)
    if end.status == EXIT_SKIP and not results:
        return [Result("", SKIP, lines[-1] if lines else "", lines)]
    if not results and end.status == 0:
        return [Result("", FAIL, "told of no test", lines)]
    if end.status != 0 and not failed:
        results.append(Result("", FAIL, end.text, lines))
    return results


def judge_exit(end, lines):
    """A check: 0, 77 for skipped, or its output tells what is wrong."""
    if end.status == EXIT_SKIP:
        return [Result("", SKIP, lines[-1] if lines else "", lines)]
    if end.status:
        return [Result("", FAIL, end.text, lines)]
    return [Result("", OK, "", lines)]
