# SPDX-License-Identifier: GPL-2.0-only
"""Proves that what must fail a run of test machines does: a green run is worth what its red is.

Called by `run --selftest`. Most tests give verdict.py a text and look at its results; one boots a
kernel with planted failures, and two look at a machine that says nothing and a mirror that is not
there. Knows no kernel test.
"""
import glob
import os
import shutil
import subprocess
import tempfile
import time
import traceback

import boot
import cases
import initramfs
import kernels
import verdict
from verdict import FAIL, OK, SKIP, Result

HERE = os.path.dirname(os.path.abspath(__file__))
CLOSED = "http://127.0.0.1:1/debian"    # tcpmux: nobody listens there
BOOT_LIMIT = 90
HANG_LIMIT = 4

GREEN = ["[==========] Running 2 test(s).", "[ RUN      ] a", "[       OK ] a",
         "[ RUN      ] b", "[       OK ] b", "[==========] 2 test(s) run."]


def case(name, status=0, pattern=""):
    return cases.Case(name, "", status, pattern, None)


def judged(lines, status=0, wanted=case("program")):
    """{name: status} of one program's end."""
    return {result.name: result.status
            for result in verdict.program_judge(wanted, status, lines)}


def heard(lines, *names):
    """{name: status} of a whole boot."""
    listener = verdict.Listener([case(name) for name in names])
    results = [result for line in lines for result in listener.hear(line)]
    return {result.name: result.status for result in results + listener.leave()}


def logged(log, tainted=0):
    return verdict.log_judge(log, tainted).status


def a_green_program_passes():
    assert judged(GREEN) == {"a": OK, "b": OK}


def a_failing_test_fails():
    lines = [line.replace("[       OK ] b", "[  FAILED  ] b") for line in GREEN]
    assert judged(lines, 1) == {"a": OK, "b": FAIL}


def a_program_that_dies_amid_its_tests_fails():
    assert judged(GREEN[:4], 139) == {"a": OK, "b": FAIL}
    assert judged(GREEN[:3], 139) == {"a": OK, "program": FAIL}


def a_program_that_leaves_early_with_success_fails():
    assert judged(GREEN[:3], 0) == {"a": OK, "program": FAIL}


def an_exit_status_that_contradicts_green_tests_fails():
    assert judged(GREEN, 1) == {"a": OK, "b": OK, "program": FAIL}


def a_failed_set_up_fails():
    lines = [GREEN[0], "[  FAILED  ] GROUP SETUP", "[==========] 0 test(s) run."]
    assert judged(lines, 1) == {"program": FAIL}


def a_program_that_is_killed_at_its_limit_fails():
    assert judged([], 137) == {"program": FAIL}
    assert judged(GREEN[:2], 137) == {"a": FAIL}


def another_exit_status_than_expected_fails():
    assert judged([], 1) == {"program": FAIL}
    assert judged([], 0, case("program", 5)) == {"program": FAIL}
    assert judged([], 5, case("program", 5)) == {"program": OK}


def a_refusal_without_its_reason_fails():
    assert judged(["no"], 5, case("program", 5, "kernel")) == {"program": FAIL}
    assert judged(["old kernel"], 5, case("program", 5, "kernel")) == {"program": OK}


def a_program_that_is_not_there_fails():
    assert judged(["sh: not found"], 127) == {"program": FAIL}


def what_is_skipped_has_not_passed():
    assert judged(["no disk"], 77) == {"program": SKIP}
    assert verdict.summary([Result("a", SKIP, "", [])]) == ("0 passed, 0 failed, 1 skipped", 0)


def one_failure_among_many_fails_the_run():
    results = [Result("a", OK, "", [])] * 9
    assert verdict.summary(results) == ("9 passed, 0 failed", 0)
    assert verdict.summary(results + [Result("b", FAIL, "", [])]) == ("9 passed, 1 failed", 1)


def a_run_of_nothing_fails():
    assert verdict.summary([]) == ("0 passed, 0 failed", 1)


def a_machine_that_stops_amid_its_cases_fails_those_left():
    lines = ["TB-BOOT 6.1 3", "TB-BEGIN a", "TB-END a 0", "TB-BEGIN b"]
    assert heard(lines, "a", "b", "c") == {"a": OK, "b": FAIL, "c": FAIL}


def a_machine_that_never_comes_to_its_end_fails():
    lines = ["TB-BOOT 6.1 3", "TB-BEGIN a", "TB-END a 0"]
    assert heard(lines, "a") == {"a": OK, "machine_powers_off": FAIL}
    assert heard(lines + ["TB-TAINTED 0", "TB-DONE 9"], "a") == {"a": OK}


def a_silent_kernel_fails():
    assert heard([], "a") == {"kernel_boots_to_init": FAIL}


def a_splat_of_the_kernel_fails():
    assert logged("[    1.0] calm\n[ 2.5] eth0: link up\n") == OK
    for words in ("WARNING: CPU: 0 PID: 7 at kernel/sched/core.c:1", "BUG: unable to handle page",
                  "Oops: 0002 [#1]", "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks",
                  "watchdog: BUG: soft lockup - CPU#1 stuck", "Kernel panic - not syncing: no",
                  "INFO: task a:7 blocked for more than 120 seconds."):
        assert logged(f"[    9.123456] {words}\n") == FAIL, words


def what_a_test_prints_is_no_splat():
    assert logged("a test about a WARNING: and a BUG:\n") == OK


def a_tainted_kernel_fails_though_its_log_is_calm():
    assert logged("", 1 << 9) == FAIL and logged("", 1 << 7) == FAIL
    assert logged("", 1 << 12) == OK    # a module from outside the tree is no defect


PURE = [a_green_program_passes, a_failing_test_fails, a_program_that_dies_amid_its_tests_fails,
        a_program_that_leaves_early_with_success_fails,
        an_exit_status_that_contradicts_green_tests_fails, a_failed_set_up_fails,
        a_program_that_is_killed_at_its_limit_fails, another_exit_status_than_expected_fails,
        a_refusal_without_its_reason_fails, a_program_that_is_not_there_fails,
        what_is_skipped_has_not_passed, one_failure_among_many_fails_the_run,
        a_run_of_nothing_fails, a_machine_that_stops_amid_its_cases_fails_those_left,
        a_machine_that_never_comes_to_its_end_fails, a_silent_kernel_fails,
        a_splat_of_the_kernel_fails, what_a_test_prints_is_no_splat,
        a_tainted_kernel_fails_though_its_log_is_calm]


def a_missing_mirror_is_skipped_not_passed():
    with tempfile.TemporaryDirectory() as build:
        done = subprocess.run([f"{HERE}/run", "--build", build, "--mirror", CLOSED, "6.1"],
                              text=True, check=False, timeout=60, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        kept = glob.glob(f"{build}/vm/kernels/*")
    lines = done.stdout.splitlines()
    assert lines[-1] == "0 passed, 0 failed, 1 skipped", done.stdout
    assert "kernel_can_be_had" in lines[0] and CLOSED.split("/")[2] in lines[0], done.stdout
    assert done.returncode == 0 and not kept, kept


# What a machine with planted failures runs, and what must become of it. The last but one makes the
# kernel panic, so that the last one is never reached.
PLANTED = [
    ("good", "true", OK),
    ("bad", "false", FAIL),
    ("hangs", "sleep 1000", FAIL),
    ("dies", "/tests/dies", FAIL),
    ("panics", "/tests/panics", FAIL),
    ("late", "true", FAIL),
]
SCRIPTS = {
    "dies": f"echo '{GREEN[0]}'; echo '{GREEN[1]}'; kill -SEGV $$",
    "panics": "echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger; sleep 1000",
}


def planted_programs(directory):
    programs = {}
    for name, text in SCRIPTS.items():
        path = f"{directory}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/busybox sh\n{text}\n")
        os.chmod(path, 0o755)
        programs[f"/tests/{name}"] = path
    return programs


def machine_hear(image, directory, plan, limit):
    """(results by name, log) of a boot."""
    archive, log = f"{directory}/selftest.cpio", f"{directory}/selftest.log"
    initramfs.make(archive, planted_programs(directory), plan)
    machine = boot.Machine(image, archive, log, [f"tb.test_limit={HANG_LIMIT}"])
    listener = verdict.Listener([case(name) for name, _ in plan])
    results = [result for line in machine.lines(limit) for result in listener.hear(line)]
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    found = {result.name: result.status for result in results + listener.leave()}
    return found, verdict.log_judge(text, listener.tainted), machine


def a_machine_with_planted_failures_fails_each(image, directory):
    plan = [(name, command) for name, command, _ in PLANTED]
    found, log, machine = machine_hear(image, directory, plan, BOOT_LIMIT)
    wanted = {name: status for name, _, status in PLANTED if name != "dies"} | {"a": FAIL}
    assert found == wanted, found
    assert log.status == FAIL and not machine.timed_out, log


def a_machine_past_its_limit_is_ended_and_fails(image, directory):
    began = time.monotonic()
    found, _, machine = machine_hear(image, directory, [("good", "true")], 0.5)
    assert found == {"kernel_boots_to_init": FAIL}, found
    assert machine.timed_out and time.monotonic() - began < 30


BOOTED = [a_machine_with_planted_failures_fails_each, a_machine_past_its_limit_is_ended_and_fails]


def attempt(test, *arguments):
    try:
        test(*arguments)
    except Exception:  # pylint: disable=broad-except
        lines = traceback.format_exc().splitlines()
        return Result(test.__name__, FAIL, lines[-1], lines)
    return Result(test.__name__, OK, "", [])


def image_any(build, mirror):
    """A kernel for the planted failures: one that is here already, else the newest stable one."""
    here = sorted(glob.glob(f"{build}/vm/kernels/*/vmlinuz"))
    return here[-1] if here else kernels.fetch(kernels.kernel_named("6.12"), f"{build}/vm", mirror)


def results(build, mirror):
    """Yields the results, a few at a time."""
    yield [attempt(test) for test in PURE]
    yield [attempt(a_missing_mirror_is_skipped_not_passed)]
    try:
        image = image_any(build, mirror)
    except kernels.Unavailable as reason:
        yield [Result(test.__name__, SKIP, str(reason), []) for test in BOOTED]
        return
    directory = tempfile.mkdtemp(dir=f"{build}/vm")
    try:
        for test in BOOTED:
            yield [attempt(test, image, directory)]
    finally:
        shutil.rmtree(directory)
