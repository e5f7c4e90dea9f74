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

TOP = "tailback top --batch -n 2 --color never"
DIAGNOSE = "tailback diagnose -d 2s --color never"
REASON = r"Linux \S+ is too old.*boot Linux"
COMMANDS = [
    Case("machine_is_what_the_tests_expect", "checks", 0, "", None),
    Case("doctor_accepts_this_kernel", "tailback doctor --color never", 0,
         r"(?s)^OK: .*\nok +on_switch +tp_btf/sched_switch\n.*\nok +on_walk +iter/task\n", True),
    Case("top_prints_two_frames", TOP, 0, r"(?s)(tailback .* lost 0 .*\n.* tailback +0\.\d.*){2}",
         True),
    Case("top_prints_two_documents", TOP + " -j", 0, r'(?s)("tailback\.top/1".*){2}', True),
    Case("diagnose_calls_an_idle_machine_idle", DIAGNOSE, 0, r"VERDICT +IDLE", True),
    Case("diagnose_finds_a_quota_of_cgroup_v2", "quota", 3, r"VERDICT +SATURATED.*\n(.*\n)*.*quota",
         True),
    Case("doctor_refuses_this_kernel_with_the_reason", "tailback doctor --color never", 5,
         r"(?s)^NO: .*" + REASON, False),
    Case("doctor_refuses_in_json_too", "tailback doctor -j", 5, r'"works": false', False),
    Case("top_refuses_this_kernel_with_the_reason", TOP, 5, REASON, False),
    Case("diagnose_refuses_this_kernel_with_the_reason", DIAGNOSE, 5, REASON, False),
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
