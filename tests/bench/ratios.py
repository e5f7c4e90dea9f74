# SPDX-License-Identifier: GPL-2.0-only
"""What a program pays: `perf bench` with a contestant attached, divided by without.

Each round measures bare, every contestant in turn, and bare again; a contestant's ratio is taken to
the mean of the two bare runs around it, and the median of the rounds is told. Statistics of BPF
programs stay off meanwhile: they cost time themselves.
"""
import re
import statistics

import contestants
import started

# A job runs for about half a second: long enough for perf's clock, short enough to interleave.
JOBS = {
    "syscall": ["perf", "bench", "syscall", "basic", "-l", "3000000"],
    "sched_pipe": ["perf", "bench", "sched", "pipe", "-l", "100000"],
}
ONE_CPU = ["taskset", "-c", "0"]
SETTLE_S = 0.4      # the contestant's own start must not fall into the measurement


def job_time(job):
    """Microseconds of one operation."""
    printed = started.output(ONE_CPU + JOBS[job], both=True)
    return float(re.search(r"([\d.]+) usecs/op", printed).group(1))


def job_time_with(job, contestant):
    process = started.start(contestant.argv)
    try:
        started.wait_until(lambda: process.poll() is not None, SETTLE_S)
        if process.poll() is not None:
            return None
        return job_time(job)
    finally:
        started.stop(process)


def round_run(job, field, ratios):
    bare = job_time(job)
    for contestant in field:
        attached = job_time_with(job, contestant)
        bare_again = job_time(job)
        if attached:
            ratios[contestant.name].append(attached / ((bare + bare_again) / 2))
        bare = bare_again


def measure(build, rounds=20, peer_rounds=5):
    """Median ratio of every contestant for both jobs; null where it does not run."""
    own = contestants.tailback(build)
    empty = contestants.Contestant("empty", [f"{build}/tests/bench/stats", "--hold", "empty_switch"])
    peers = [c for c in contestants.SWITCH_PEERS if contestants.available(c)]
    result = {}
    for job in JOBS:
        field = [empty, own] + peers
        ratios = {contestant.name: [] for contestant in field}
        for number in range(rounds):
            round_run(job, field if number < peer_rounds else [empty, own], ratios)
        result[job] = {name: round(statistics.median(found), 4) if found else None
                       for name, found in ratios.items()}
        result[job]["pairs"] = len(ratios["tailback"])
    return result
