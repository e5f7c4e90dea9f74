# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's run-time statistics of BPF programs, through the helper program `stats`."""
import json
import os
import re
import subprocess

import started


class Stats:
    """Statistics are on from the first to the last line of a `with` block."""

    def __init__(self, build, *empty):
        self.argv = [f"{build}/tests/bench/stats", *empty]

    def __enter__(self):
        self.process = started.start(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=None)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdin = None
        started.stop(self.process)

    def programs(self):
        """Every loaded program by id."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the statistics of BPF programs cannot be read: run as root")
        return {program["id"]: program for program in json.loads(line)}


def programs_of(pid):
    """Ids of the programs that a process holds, itself or through links."""
    ids = set()
    directory = f"/proc/{pid}/fdinfo"
    try:
        for name in os.listdir(directory):
            with open(f"{directory}/{name}", encoding="ascii", errors="replace") as file:
                ids.update(int(n) for n in re.findall(r"^prog_id:\s*(\d+)$", file.read(), re.M))
    except OSError:
        pass    # it ended, or closed a descriptor, while we looked
    return ids


def averages(before, after, ids):
    """Average nanoseconds and runs, by id, of the programs that ran in between."""
    found = {}
    for program in ids & before.keys() & after.keys():
        runs = after[program]["runs"] - before[program]["runs"]
        if runs:
            ns = after[program]["ns"] - before[program]["ns"]
            found[program] = (ns / runs, runs)
    return found
