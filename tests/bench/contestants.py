# SPDX-License-Identifier: GPL-2.0-only
"""Who is measured: tailback and the peers that Debian packages, and how each is started.

A row is one contestant. Modules that measure take the rows they need; a peer that is not installed
or does not run here is told by `available`.
"""
import collections
import os
import shutil

FOREVER = "100000"
ONELINER = ("tracepoint:sched:sched_switch { @start[args->prev_pid] = nsecs; "
            "$s = @start[args->next_pid]; "
            "if ($s) { @us[comm] = hist((nsecs - $s) / 1000); delete(@start[args->next_pid]); } }")

# bpftrace finds tracepoints in tracefs only; a mount namespace of its own leaves the host's alone.
TRACEFS = "/sys/kernel/tracing"
IN_OWN_MOUNTS = [] if os.path.exists(TRACEFS + "/events") else \
    ["unshare", "--mount", "sh", "-c", f"mount -t tracefs none {TRACEFS}; exec \"$@\"", "sh"]

Contestant = collections.namedtuple("Contestant", "name argv")

# The libbpf tools of Debian: the same jobs in C and CO-RE, the cheapest peers there are.
SWITCH_PEERS = [
    Contestant("offcputime", ["/usr/sbin/offcputime", FOREVER]),
    Contestant("wakeuptime", ["/usr/sbin/wakeuptime", FOREVER]),
    Contestant("runqlat", ["/usr/sbin/runqlat", FOREVER, "1"]),
    Contestant("cpudist", ["/usr/sbin/cpudist", FOREVER, "1"]),
    Contestant("bpftrace", IN_OWN_MOUNTS + ["bpftrace", "-e", ONELINER]),
]

# Each counts from its start on; what is timed is how long it takes until it does. Those of bpfcc
# are compiled at start and need the headers of the running kernel.
START_PEERS = SWITCH_PEERS + [
    Contestant("offcputime-bpfcc", ["/usr/sbin/offcputime-bpfcc", FOREVER]),
    Contestant("runqlat-bpfcc", ["/usr/sbin/runqlat-bpfcc", FOREVER, "1"]),
]


def available(contestant):
    program = contestant.argv[len(IN_OWN_MOUNTS)] if contestant.name == "bpftrace" else \
        contestant.argv[0]
    return shutil.which(program) is not None


def tailback(build, frames=FOREVER, interval_ms=1000):
    """The product as a user starts it; the live source alone while there is no command."""
    binary = f"{build}/tailback"
    if os.access(binary, os.X_OK):
        return Contestant("tailback", [binary, "top", "--batch", "-n", str(frames), "--interval",
                                       f"{interval_ms}ms"])
    return source(build, frames, interval_ms)


def source(build, frames=FOREVER, interval_ms=1000, *more):
    """The live source with nothing above it, one line of JSON for each frame."""
    return Contestant("tailback", [f"{build}/tests/bench/attach", str(frames), str(interval_ms),
                                   *more])
