# SPDX-License-Identifier: GPL-2.0-only
"""Boots one kernel under qemu and hands on what the tests' port says, line by line.

Called by `run` and `selftest.py`. Must not know what the lines mean.
"""
import os
import socket
import subprocess
import threading

PLAIN_BYTES = 320 << 20     # room for what memory-reclaim writes; a hole until it does
SLOW_BYTES = 16 << 20
SLOW_REQUEST_NS = 20 * 1000 * 1000

# One thread for both CPUs: with several, kernels crash while they patch their own code, which is
# the emulation's fault. It gives each CPU 100 ms in turn, in which the other's time runs on; with
# -icount the machine's time comes from its instructions (4 ns each), so that neither the other CPU's
# turn nor a busy host is seen inside as time spent. Idle time still passes as real time does.
MACHINE = ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-icount", "shift=2",
           "-smp", "2", "-m", "1G", "-nodefaults", "-no-user-config", "-no-reboot",
           "-display", "none"]
# no_timer_check: the check counts ticks against a busy loop, which emulation can lose.
ARGUMENTS = ["console=ttyS0", "ignore_loglevel", "printk.time=1", "panic=-1", "no_timer_check",
             "rdinit=/init"]


# Before QEMU 8.1 a CPU gets, until the next timer, what the one before it has left: nothing, if that
# one never pauses. So the first CPU of 6.1 waits for ever for the second one to come up. A stop
# interrupts it and lets the next one go on; not later, for a stop waits for the disks too.
KICK_SECONDS = 0.05


class Kicker:
    """Stops the machine for a moment, again and again, until it is told to end."""

    def __init__(self):
        self.ours, self.monitor = socket.socketpair()
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.kick), threading.Thread(target=self.drain)]

    def arguments(self):
        return ["-chardev", f"socket,id=monitor,fd={self.monitor.fileno()}",
                "-mon", "chardev=monitor"]

    def start(self):
        self.monitor.close()
        for thread in self.threads:
            thread.start()

    def kick(self):
        while not self.ended.wait(KICK_SECONDS):
            try:
                self.ours.sendall(b"stop\ncont\n")
            except OSError:
                return

    def drain(self):
        try:
            while self.ours.recv(4096):
                pass
        except OSError:
            pass

    def end(self):
        """No kick follows."""
        self.ended.set()
        self.threads[0].join()

    def close(self):
        """The machine is off."""
        self.end()
        self.threads[1].join()
        self.ours.close()


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
            "-blockdev", f"driver=null-co,node-name=slow,size={SLOW_BYTES},read-zeroes=on,"
                         f"latency-ns={SLOW_REQUEST_NS}",
            "-device", "nvme,drive=slow,serial=slow"]
        self.timed_out = False
        self.error = ""

    def lines(self, limit):
        """What the tests' port says until the machine is off."""
        with open(self.disk, "wb") as disk:
            disk.truncate(PLAIN_BYTES)
        kicker = Kicker()
        with subprocess.Popen(self.command + kicker.arguments(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              pass_fds=[kicker.monitor.fileno()]) as qemu:
            timer = threading.Timer(limit, self.expire, [qemu])
            timer.start()
            kicker.start()
            try:
                for line in qemu.stdout:
                    kicker.end()
                    yield line.decode(errors="replace").rstrip("\r\n")
                self.error = qemu.stderr.read().decode(errors="replace").strip()
            finally:
                timer.cancel()
                qemu.kill()
                kicker.close()
                os.unlink(self.disk)

    def expire(self, qemu):
        self.timed_out = True
        qemu.kill()
