# SPDX-License-Identifier: GPL-2.0-only
"""Nanoseconds of BPF for one switch and one wake: tailback's, the peers', the empty programs'.

A contestant is attached, two threads hand a token to and fro in one way after another, and the
average run of each of its programs on that path is taken from the kernel's own statistics, beside an
empty program's on the same switches. Whole rounds over all contestants are repeated, and medians
are told, since single averages reach 1.5 times the median on shared machines.
"""
import re
import statistics

import contestants
import started
import stats

WAYS = ["pipe", "futex", "tcp", "poll", "mix"]
PLACES = {"cpu": "", "both": "_two"}    # both threads on one CPU; each on its own
RARE = 0.1      # a program that runs on fewer of the switches is not on their path


def contestant_start(contestant, statistics_now):
    """Start, and wait until one of its programs has run. None if it does not run here."""
    process = started.start(contestant.argv)

    def counting():
        programs = statistics_now.programs()
        mine = stats.programs_of(process.pid) & programs.keys()
        return process.poll() is not None or any(programs[i]["runs"] for i in mine)

    if started.wait_until(counting) and process.poll() is None:
        return process
    started.stop(process)
    return None


def way_measure(build, way, place, process, statistics_now, seconds):
    """One row: averages of the empty program and of the contestant, net time of one wait. None if a
    busy host let the two threads do nothing."""
    before = statistics_now.programs()
    printed = started.output([f"{build}/tests/workloads/pingpong", way, str(seconds), place])
    after = statistics_now.programs()
    trips = int(re.search(r"round_trips=(\d+)", printed).group(1))
    empty_id = {i for i in after if after[i]["name"] == "empty_switch"}
    empty_ns, empty_runs = stats.averages(before, after, empty_id)[max(empty_id)]
    ran = [(ns, runs) for ns, runs in
           stats.averages(before, after, stats.programs_of(process.pid)).values()
           if runs > empty_runs * RARE]
    if not trips or not ran:
        return None
    spent = sum((ns - empty_ns) * runs for ns, runs in ran)
    return {"empty": empty_ns * len(ran), "own": sum(ns for ns, _ in ran), "programs": len(ran),
            "wait": spent / (2 * trips), "per_second": trips / seconds}


def round_run(build, contestant, statistics_now, seconds, ways, rows):
    process = contestant_start(contestant, statistics_now)
    if not process:
        return
    for place, suffix in PLACES.items():
        for way in ways:
            row = way_measure(build, way, place, process, statistics_now, seconds)
            if row:
                rows.setdefault((way + suffix, contestant.name), []).append(row)
    started.stop(process)


def median_of(rows, key):
    return round(statistics.median(row[key] for row in rows), 1) if rows else None


def summary(rows, ways, names):
    """By way: average of each contestant, of as many empty programs as tailback has, and nets."""
    switch, net, wait = {}, {}, {}
    for way in (w + suffix for suffix in PLACES.values() for w in ways):
        switch[way] = {"empty": median_of(rows.get((way, "tailback")), "empty")}
        net[way], wait[way] = {}, {}
        for name in names:
            mine = rows.get((way, name), [])
            switch[way][name] = median_of(mine, "own")
            nets = [{"net": row["own"] - row["empty"]} for row in mine]
            net[way][name] = median_of(nets, "net")
            wait[way][name] = median_of(mine, "wait")
    return {"switch_ns": switch, "switch_net_ns": net, "wait_net_ns": wait}


def measure(build, rounds=5, seconds=0.5, ways=None, peers=True):
    ways = ways or WAYS
    field = [contestants.tailback(build)]
    if peers:
        field += contestants.SWITCH_PEERS
    rows = {}
    with stats.Stats(build, "empty_switch") as statistics_now:
        for _ in range(rounds):
            for contestant in filter(contestants.available, field):
                round_run(build, contestant, statistics_now, seconds, ways, rows)
    return summary(rows, ways, [contestant.name for contestant in field])
