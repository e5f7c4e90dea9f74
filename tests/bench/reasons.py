# SPDX-License-Identifier: GPL-2.0-only
"""Waits of a known length, as tailback measures them.

Every row of `wait_reason --list` that can run here waits a scripted time in a scripted reason, while
the live source watches and tells the totals of each thread at its end.
"""
import json
import os
import re
import subprocess
import tempfile
import time

import contestants
import started

SECONDS = 0.2
COUNT = 5
INTERVAL_MS = 100
SKIPPED = 77


class SlowDisks:
    """Two disks on which every request takes the time asked for, one of them with a file system.
    Where they are not possible the rows that need them are skipped."""

    def __init__(self, build):
        here = os.path.dirname(os.path.abspath(__file__))
        self.script = f"{here}/../fixtures/slowdisk"
        self.build = build
        self.bare, self.ext4 = (f"{build}/bench/slowdisk-{name}" for name in ("bare", "ext4"))
        self.environment = {**os.environ, "BUILD": build}

    def call(self, verb, *words):
        done = subprocess.run([self.script, verb, *words], env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        return None if done.returncode else done.stdout.strip()

    def __enter__(self):
        delay, owner = str(int(SECONDS * 1000)), str(os.getpid())
        self.__exit__()
        if self.call("start", self.bare, "16", owner) is not None:
            with open(f"{self.bare}/device", encoding="ascii") as file:
                self.environment["WAIT_REASON_DEVICE"] = file.read().strip()
            self.call("delay", self.bare, delay)
        if self.call("start", self.ext4, "64", owner) is not None:
            root = self.call("ext4", self.ext4)
            if root:
                self.environment["WAIT_REASON_DIR"] = root
            self.call("delay", self.ext4, delay)
        return self

    def __exit__(self, *_):
        self.call("stop", self.bare)
        self.call("stop", self.ext4)


def rows_list(build):
    printed = started.output([f"{build}/tests/workloads/wait_reason", "--list"])
    return [line.split() for line in printed.splitlines()]


def number_of(name, text):
    found = re.search(rf"\b{name}=(\d+)", text)
    return int(found.group(1)) if found else 0


def row_run(disk, row):
    """Run one wait to its end; what it printed, or None if it is not possible here."""
    argv = [f"{disk.build}/tests/workloads/wait_reason", row, str(SECONDS), str(COUNT)]
    process = started.start(argv, stdout=subprocess.PIPE, env=disk.environment)
    printed, _ = process.communicate(timeout=SECONDS * COUNT * 10 + 60)
    started.stop(process)
    if process.returncode == SKIPPED:
        return None
    if process.returncode:
        raise RuntimeError(f"wait_reason {row}: exit {process.returncode}")
    return printed


def row_judge(name, reason, script, printed, exits):
    """Scripted is what the wait was meant to take, else what the waiter itself measured."""
    seen = exits.get(number_of("tid", printed), {})
    scripted = number_of("scripted_ns", printed)
    own = number_of("measured_ns", printed)
    measured = seen.get("seconds", {}).get(reason, 0)
    wanted = (scripted or own) / 1e9 if script != "appears" else None
    return {"name": name, "reason": reason, "script": script,
            "scripted_seconds": wanted, "measured_seconds": round(measured, 6),
            "waiter_seconds": own / 1e9,
            "apart": round(abs(measured - wanted) / wanted, 4) if wanted else None}


def watch(build, out):
    """Start the source; into a file it tells every thread's end until it is stopped."""
    source = contestants.source(build, 1000000, INTERVAL_MS, "exits")
    watcher = started.start(source.argv, stdout=out)
    if not started.wait_until(lambda: os.fstat(out.fileno()).st_size):
        raise RuntimeError("the live source shows nothing")
    return watcher


def exits_read(watcher, out):
    """Threads that ended, by id; ends the watcher after one more frame. Its last line may be cut."""
    time.sleep(3 * INTERVAL_MS / 1000)
    started.stop(watcher)
    out.seek(0)
    lines = [json.loads(line) for line in out if line.endswith("\n")]
    return {line["exit"]["tid"]: line["exit"] for line in lines if "exit" in line}


def measure(build):
    rows = []
    with SlowDisks(build) as disk:
        for name, reason, script in rows_list(build):
            with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
                watcher = watch(build, out)
                printed = row_run(disk, name)
                exits = exits_read(watcher, out)
            if printed:
                rows.append(row_judge(name, reason, script, printed, exits))
    return {"reasons": rows}
