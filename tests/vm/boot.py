# SPDX-License-Identifier: GPL-2.0-only
"""Boots one kernel under qemu and hands on what the tests' port says, line by line.

Called by `run` and `selftest`. Must not know what the lines mean.
"""
import os
import subprocess
import threading

DISK_BYTES = 16 << 20
SLOW_REQUEST_NS = 20 * 1000 * 1000

# One thread for both CPUs: with several, kernels crash while they patch their own code, which is
# the emulation's fault.
MACHINE = ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-smp", "2", "-m", "1G",
           "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-monitor", "none"]
# no_timer_check: the check counts ticks against a busy loop, which emulation can lose.
ARGUMENTS = ["console=ttyS0", "ignore_loglevel", "printk.time=1", "panic=-1", "no_timer_check",
             "rdinit=/init"]


class Machine:
    """One boot. Its time limit is hard: past it qemu is killed and `timed_out` set."""

    def __init__(self, image, initramfs, log, arguments):
        self.disk = log + ".disk"
        self.command = MACHINE + [
            "-kernel", image, "-initrd", initramfs,
            "-append", " ".join(ARGUMENTS + arguments),
            "-serial", f"file:{log}", "-serial", "stdio",
            "-drive", f"file={self.disk},format=raw,if=none,id=plain",
            "-device", "nvme,drive=plain,serial=plain",
            # reads as zeroes, forgets what is written, and takes its time for each request
            "-blockdev", f"driver=null-co,node-name=slow,size={DISK_BYTES},read-zeroes=on,"
                         f"latency-ns={SLOW_REQUEST_NS}",
            "-device", "nvme,drive=slow,serial=slow"]
        self.timed_out = False
        self.error = ""

    def lines(self, limit):
        """What the tests' port says until the machine is off."""
        with open(self.disk, "wb") as disk:
            disk.truncate(DISK_BYTES)
        with subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as qemu:
            timer = threading.Timer(limit, self.expire, [qemu])
            timer.start()
            try:
                for line in qemu.stdout:
                    yield line.decode(errors="replace").rstrip("\r\n")
                self.error = qemu.stderr.read().decode(errors="replace").strip()
            finally:
                timer.cancel()
                qemu.kill()
                os.unlink(self.disk)

    def expire(self, qemu):
        self.timed_out = True
        qemu.kill()
