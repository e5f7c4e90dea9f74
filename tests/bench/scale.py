# SPDX-License-Identifier: GPL-2.0-only
"""How cost grows with the number of threads, and what it is on a host that does nothing.

A walk is timed by the source itself. CPU is the process's own, from its threads' schedstat, plus the
time of its BPF programs while they run for others, from the kernel's statistics: the iterators run
inside the process and are in its own time already.
"""
import json
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


def cpu_fraction(process, statistics_now, seconds):
    began, own, hooks = time.monotonic(), started.cpu_seconds(process.pid), \
        hooks_ns(statistics_now, process.pid)
    time.sleep(seconds)
    took = time.monotonic() - began
    own = started.cpu_seconds(process.pid) - own
    hooks = (hooks_ns(statistics_now, process.pid) - hooks) / 1e9
    return own / took, hooks / took


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
        own, hooks = cpu_fraction(process, statistics_now, seconds)
        rss = resident_bytes(process.pid)
        started.stop(process)
    return own, hooks, rss


def point_measure(build, threads):
    """One point of the curve."""
    crowd = crowd_start(build, threads)
    if not crowd:
        return {"threads": threads, "skipped": "this host does not allow so many threads"}
    frames = source_frames(build)
    own, hooks, rss = command_cost(build, 5)
    started.stop(crowd)
    last = frames[-1]
    return {"threads": threads, "host_threads": last["threads"],
            "walk_ms": round(statistics.median(f["walk_ns"] for f in frames) / 1e6, 2),
            "first_walk_ms": round(frames[0]["walk_ns"] / 1e6, 2),
            "map_bytes": last["map_bytes"], "rss_bytes": rss,
            "cpu_fraction": round(own + hooks, 5), "torn": last["torn"],
            "lost": last["lost_threads"] + last["lost_edges"]}


def measure(build):
    own, hooks, _ = command_cost(build, IDLE_SECONDS)
    return {"idle_cpu_fraction": round(own, 5), "idle_bpf_fraction": round(hooks, 5),
            "scale": [point_measure(build, threads) for threads in THREADS]}
