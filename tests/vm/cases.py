# SPDX-License-Identifier: GPL-2.0-only
"""The one list of what runs inside a test machine. Called by `run`.

A case is a command with the exit status and the text that are expected of it; a cmocka program
counts by its tests. Where tailback must refuse the kernel, only the refusals run.
"""
import collections
import glob
import os

# works: run where tailback works (True), where it must refuse (False), or everywhere (None)
Case = collections.namedtuple("Case", "name command exit pattern works")

REASON = r"(?i)kernel|Linux [0-9]"
COMMANDS = [
    Case("machine_is_what_the_tests_expect", "checks", 0, "", None),
    Case("doctor_accepts_this_kernel", "tailback doctor", 0, "", True),
    Case("top_prints_two_frames", "tailback top --batch -n 2 --interval 1s", 0, r"\S", True),
    Case("doctor_refuses_this_kernel_with_the_reason", "tailback doctor", 5, REASON, False),
    Case("top_refuses_this_kernel_with_the_reason", "tailback top --batch -n 1", 5, REASON, False),
]
DIRECTORIES = ["tests/kernel", "tests/workloads", "tests/fixtures"]


def programs_of(build):
    """{path inside the machine: path on the host}"""
    programs = {"/usr/sbin/tailback": f"{build}/tailback"}
    for directory in DIRECTORIES:
        for path in sorted(glob.glob(f"{build}/{directory}/*")):
            if os.path.isfile(path) and os.access(path, os.X_OK):
                programs[f"/{directory}/{os.path.basename(path)}"] = path
    return programs


def cases_for(programs, works):
    tests = [Case(os.path.basename(path), path, 0, "", True) for path in programs
             if os.path.basename(path).startswith("test_")]
    return [case for case in COMMANDS + tests if case.works in (None, works)]
