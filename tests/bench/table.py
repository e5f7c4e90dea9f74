# SPDX-License-Identifier: GPL-2.0-only
"""What was measured, as text for a person. Knows the keys of bench.json and nothing else."""

BUDGET = {way + suffix: f"<= {ns}" for way in ("pipe", "futex", "tcp")
          for suffix, ns in (("", 150), ("_two", 200))}
MIB = 1 << 20


def number(value, form="{:.0f}"):
    return "-" if value is None else form.format(value)


def rows_print(head, rows):
    widths = [max(len(str(row[i])) for row in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        cells = [str(row[0]).ljust(widths[0])]
        cells += [str(cell).rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells))


def switch_print(result):
    names = [name for name in result["switch_ns"]["pipe"] if name != "empty"]
    print("\nOne switch and one wake, ns of BPF, net of the empty programs' "
          "(median of rounds; _two: on two CPUs)")
    rows = []
    for way, values in result["switch_ns"].items():
        nets = result["switch_net_ns"][way]
        share = nets["tailback"] / nets["offcputime"] if nets.get("offcputime") else None
        rows.append([way, number(values["empty"])] + [number(nets[name]) for name in names] +
                    [BUDGET.get(way, ""), f"1/{1 / share:.0f}" if share else "-",
                     number(result["wait_net_ns"][way]["tailback"])])
    rows_print(["way", "empty"] + names + ["budget", "of offcputime", "per wait"], rows)


def ratio_print(result):
    print("\nTime of `perf bench` with it divided by without (median of interleaved pairs)")
    names = [name for name in result["ratios"]["syscall"] if name != "pairs"]
    rows = [[job] + [number(values[name], "{:.3f}") for name in names] + [values["pairs"], budget]
            for (job, values), budget in zip(result["ratios"].items(), ["<= 1.02", "<= 1.13"])]
    rows_print(["job"] + names + ["pairs", "budget"], rows)


def start_print(result):
    print("\nFrom exec to the first complete picture, ms (peers: to the first event counted)")
    rows = [["tailback", number(result["start_ms"]), "< 300"]]
    rows += [[name, number(ms), "" if ms else "not installed, or cannot run here"]
             for name, ms in result.get("start_peers_ms", {}).items()]
    rows_print(["who", "ms", "budget"], rows)


def scale_print(result):
    print("\nGrowth with the number of threads (budget at 10,000: walk < 50 ms, memory < 64 MiB)")
    rows = []
    for point in result["scale"]:
        if "skipped" in point:
            rows.append([point["threads"]] + ["-"] * 5)
            continue
        memory = (point["map_bytes"] + point["rss_bytes"]) / MIB
        rows.append([point["threads"], number(point["walk_ms"], "{:.1f}"),
                     number(point["map_bytes"] / MIB, "{:.1f}"),
                     number(point["rss_bytes"] / MIB, "{:.1f}"), number(memory, "{:.1f}"),
                     number(point["cpu_fraction"] * 100, "{:.2f} %")])
    rows_print(["threads", "walk ms", "maps MiB", "process MiB", "sum MiB", "own CPU"], rows)
    print(f"  idle host, interval 1 s: {result['idle_cpu_fraction'] * 100:.2f} % of one CPU "
          f"(budget 0.3 %), its BPF programs {result['idle_bpf_fraction'] * 100:.2f} %; meanwhile "
          f"others kept {result['idle_host_busy']:.2f} CPUs busy")


def reason_print(result):
    print("\nWaits of known length (wanted: at most 2 % apart)")
    rows = [[row["name"], row["reason"], row["script"], number(row["scripted_seconds"], "{:.4f}"),
             number(row["measured_seconds"], "{:.4f}"),
             number(row["apart"] and row["apart"] * 100, "{:.2f} %")] for row in result["reasons"]]
    rows_print(["wait", "reason", "known", "scripted s", "measured s", "apart"], rows)


PARTS = {"switch_ns": switch_print, "ratios": ratio_print, "start_ms": start_print,
         "scale": scale_print, "reasons": reason_print}


def show(result):
    for key, part in PARTS.items():
        if key in result:
            part(result)
