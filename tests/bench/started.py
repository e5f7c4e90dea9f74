# SPDX-License-Identifier: GPL-2.0-only
"""Processes that the bench starts, and their certain end.

Every other module starts programs through here and nowhere else. Each has a session of its own, so
that ^C reaches the bench alone, and dies with the bench.
"""
import ctypes
import os
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
RUNNING = {}


def _bind_life():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(argv, **options):
    """Start a program; its output is thrown away unless options say otherwise."""
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.DEVNULL)
    options.setdefault("stderr", subprocess.DEVNULL)
    process = subprocess.Popen(argv, start_new_session=True, preexec_fn=_bind_life, text=True,
                               **options)
    RUNNING[process.pid] = process
    return process


def stop(process, by=signal.SIGINT, patience=5):
    """End a program and whatever it started in its session."""
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
    RUNNING.pop(process.pid, None)


def stop_all():
    for process in list(RUNNING.values()):
        stop(process, signal.SIGKILL)


def output(argv, limit=120, both=False):
    """Run to the end; what it printed. RuntimeError if it fails or takes too long."""
    process = start(argv, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT if both else subprocess.DEVNULL)
    try:
        text, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired as late:
        raise RuntimeError(f"{argv[0]} took more than {limit} s") from late
    finally:
        stop(process, signal.SIGKILL)
    if process.returncode:
        raise RuntimeError(f"{' '.join(argv)}: exit {process.returncode}")
    return text


def cpu_seconds(pid):
    """CPU time of a process's threads so far, to the nanosecond."""
    total = 0
    for tid in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{tid}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def wait_until(question, limit=15):
    """Ask until the answer is true; that answer, or None when time is over."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.002)
    return None
