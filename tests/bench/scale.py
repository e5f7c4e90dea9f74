# SPDX-License-Identifier: GPL-2.0-only
"""How cost grows with the number of threads, and what it is on a host that does nothing.

A walk is timed by the source itself. CPU is the process's own, from its threads' schedstat, plus the
time of its BPF programs while they run for others, from the kernel's statistics: the iterators run
inside the process and are in its own time already.
"""
import json
import os
import statistics
import subprocess
import time

import contestants
import started
import stats

THREADS = [100, 1000, 10000, 30000]
FRAMES = 6
IDLE_SECONDS = 20
HOOKS = ("on_switch", "on_fork", "on_wakeup_new")


def crowd_start(build, threads):
    """The load, once all its threads stand; None where the host does not allow so many."""
    crowd = started.start([f"{build}/tests/workloads/many_threads", str(threads), "60"],
                          stdout=subprocess.PIPE)
    if crowd.stdout.readline().startswith("ready"):
        return crowd
    started.stop(crowd)
    return None


def hooks_ns(statistics_now, pid):
    programs = statistics_now.programs()
    return sum(programs[i]["ns"] for i in stats.programs_of(pid) & programs.keys()
               if programs[i]["name"] in HOOKS)


def host_busy_seconds():
    """CPU time that the host spent on anything, over all CPUs."""
    with open("/proc/stat", encoding="ascii") as file:
        spent = [int(n) for n in file.readline().split()[1:9]]
    return (sum(spent) - spent[3] - spent[4]) / os.sysconf("SC_CLK_TCK")


def cpu_sample(process, statistics_now):
    return (time.monotonic(), started.cpu_seconds(process.pid),
            hooks_ns(statistics_now, process.pid) / 1e9, host_busy_seconds())


def cpu_fractions(process, statistics_now, seconds):
    """Medians over seconds, so that what others do in some of them does not count: the process's
    own CPUs, its BPF programs', and the host's busy ones."""
    samples = [cpu_sample(process, statistics_now)]
    for _ in range(seconds):
        time.sleep(1)
        samples.append(cpu_sample(process, statistics_now))
    steps = [[(b - a) / (after[0] - before[0]) for a, b in zip(before[1:], after[1:])]
             for before, after in zip(samples, samples[1:])]
    return [statistics.median(step[i] for step in steps) for i in range(3)]


def source_frames(build):
    """Frames of the live source alone, as it prints them."""
    printed = started.output(contestants.source(build, FRAMES, 200).argv)
    return [json.loads(line) for line in printed.splitlines()]


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def command_cost(build, seconds):
    """The product itself with an interval of 1 s, after its first frames."""
    with stats.Stats(build) as statistics_now:
        process = started.start(contestants.tailback(build).argv)
        time.sleep(2.5)
        own, hooks, busy = cpu_fractions(process, statistics_now, seconds)
        rss = resident_bytes(process.pid)
        started.stop(process)
    return own, hooks, busy, rss


def point_measure(build, threads):
    """One point of the curve."""
    crowd = crowd_start(build, threads)
    if not crowd:
        return {"threads": threads, "skipped": "this host does not allow so many threads"}
    frames = source_frames(build)
    own, hooks, _, rss = command_cost(build, 7)
    started.stop(crowd)
    last = frames[-1]
    return {"threads": threads, "host_threads": last["threads"],
            "walk_ms": round(statistics.median(f["walk_ns"] for f in frames) / 1e6, 2),
            "first_walk_ms": round(frames[0]["walk_ns"] / 1e6, 2),
            "map_bytes": last["map_bytes"], "rss_bytes": rss,
            "cpu_fraction": round(own + hooks, 5), "torn": last["torn"],
            "lost": last["lost_threads"] + last["lost_edges"]}


def measure(build):
    own, hooks, busy, _ = command_cost(build, IDLE_SECONDS)
    return {"idle_cpu_fraction": round(own, 5), "idle_bpf_fraction": round(hooks, 5),
            "idle_host_busy": round(busy, 3),
            "scale": [point_measure(build, threads) for threads in THREADS]}
