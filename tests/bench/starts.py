# SPDX-License-Identifier: GPL-2.0-only
"""How long it takes from exec until a contestant tells something.

For tailback that is the last byte of its first complete frame: every thread of the host with its
state, old ones included. For a peer it is the first event that one of its programs counts; what it
prints comes later still.
"""
import os
import signal
import statistics
import subprocess
import time

import contestants
import started
import stats

ROUNDS = 11
SHORTEST_MS = 10    # of the window that the first frame tells of
PEER_ROUNDS = 3


def first_frame_ms(contestant):
    """The command is asked for one frame only: its output has ended when the picture is there."""
    began = time.monotonic()
    process = started.start(contestant.argv, stdout=subprocess.PIPE)
    descriptor = process.stdout.fileno()
    told = None
    while os.read(descriptor, 1 << 20):
        told = time.monotonic()
    started.stop(process, signal.SIGKILL)
    if told is None or process.returncode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"{' '.join(contestant.argv)} shows nothing: {process.returncode}")
    return (told - began) * 1000


def first_event_ms(contestant, statistics_now):
    """None if it ends without having counted anything."""
    before = statistics_now.programs().keys()
    began = time.monotonic()
    process = started.start(contestant.argv)

    def counting():
        programs = statistics_now.programs()
        return process.poll() is not None or \
            any(programs[i]["runs"] for i in programs.keys() - before)

    started.wait_until(counting, 30)
    took = (time.monotonic() - began) * 1000
    ran = process.poll() is None
    started.stop(process)
    return took if ran else None


def peer_measure(contestant, statistics_now):
    if not contestants.available(contestant):
        return None
    times = [first_event_ms(contestant, statistics_now) for _ in range(PEER_ROUNDS)]
    times = [ms for ms in times if ms]
    return round(statistics.median(times), 1) if times else None


def measure(build, peers=True):
    own = contestants.tailback(build, frames=1, interval_ms=SHORTEST_MS)
    result = {"start_ms": round(statistics.median(first_frame_ms(own) for _ in range(ROUNDS)), 1)}
    if peers:
        with stats.Stats(build) as statistics_now:
            result["start_peers_ms"] = {c.name: peer_measure(c, statistics_now)
                                        for c in contestants.START_PEERS}
    return result
