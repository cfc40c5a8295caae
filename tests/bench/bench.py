"""How fast outlay is, beside programs that do the same work, and what it depends on. Prints Markdown tables.

usage: /usr/bin/python3 tests/bench/bench.py [--quick | --long] [--only TABLE...] [--threads N] [--rounds N]

The build tree is build/default (`cmake --preset default`); the programs are built first. README.md in this folder says
what is measured and how. Timings are never tests.
"""
import argparse
import functools
import math
import os
import platform
import sys
import tempfile

import measure
import programs
import stages
from measure import median, nanoseconds, peak, per_second, rates, run, size_for, spread, table

MILLION = 1e-6


class Bench:
    """The options, and a folder for result files that goes away."""

    def __init__(self, options, folder):
        self.rounds = options.rounds or (3 if options.quick else 5)
        self.seconds = 0.5 if options.quick else 2.0  # of a run
        self.most_contracts = 10**6 if options.quick else 10**7
        self.most_replicates = 10**5 if options.quick else 10**7 if options.long else 10**6
        self.threads = options.threads or os.cpu_count()
        self.output = os.path.join(folder, "result.h5")

    def outlay(self, workload, threads=1, settings=()):
        """size -> command"""
        return lambda size: programs.outlay(workload, *programs.size_of(workload, size), threads, self.output, *settings)

    def engine(self, workload):
        return lambda size: programs.engine(workload, *programs.size_of(workload, size), 1)


def peers_of(workload):
    names = [name for name in programs.PEERS if name != "Numba" or programs.has_numba()]
    return {name: functools.partial(programs.peer, name, workload) for name in names if workload in programs.PEER_WORKLOADS}


def table_workloads(bench):
    rows = []
    for workload in programs.SCENARIOS:
        found = rates({"outlay": bench.outlay(workload)} | peers_of(workload), bench.seconds, bench.rounds)
        own = per_second(found["outlay"])
        for name, rounds in found.items():
            ratio = [a / b for a, b in zip(own, per_second(rounds))]
            rows.append([workload, name, spread(per_second(rounds), MILLION), "" if name == "outlay" else spread(ratio),
                         f"{median([rate.start for rate in rounds]):.2g}", peak(rounds)])
    columns = ["workload", "program", "M contracts/s", "outlay is ... times as fast", "one replicate, s", "peak memory, MB"]
    table("One thread against one thread", columns, rows)


def table_stages(bench):
    costs = {}
    for workload in programs.SCENARIOS:
        program = bench.outlay(workload)
        size = size_for(program, bench.seconds)
        small, large = stages.samples(program(1)), stages.samples(program(size))
        if small is None or large is None:
            print("### Where the time goes\n\nperf does not work here (Debian: linux-perf; "
                  "/proc/sys/kernel/perf_event_paranoid must be 2 or less).\n")
            return
        contracts = run(program(size)).contracts - run(program(1)).contracts
        costs[workload] = stages.nanoseconds(small, large, contracts)
    sums = {workload: sum(column.values()) for workload, column in costs.items()}
    most = {name: max(costs[workload].get(name, 0.0) / sums[workload] for workload in costs)
            for column in costs.values() for name in column}
    shown = sorted((name for name in most if most[name] >= 0.01), key=most.get, reverse=True)

    def row(title, is_in):
        return [title, *(f"{sum(ns for name, ns in column.items() if is_in(name)):.2f}" for column in costs.values())]

    rows = [row(name, lambda other, name=name: other == name) for name in shown]
    rows.append(row("all others", lambda name: name not in shown))
    rows.append(row("**sum**", lambda name: True))
    rows.append(row("of it, the result file", lambda name: name.startswith(stages.RESULT_FILE)))
    table("Where the time goes: nanoseconds a contract on one thread, by source file", ["", *costs], rows)


def table_file(bench):
    rows = []
    for workload in programs.SCENARIOS:
        found = rates({"with": bench.outlay(workload), "without": bench.engine(workload)}, bench.seconds, bench.rounds)
        both = {name: nanoseconds(rounds) for name, rounds in found.items()}
        share = [100 * (1 - b / a) for a, b in zip(both["with"], both["without"])]
        rows.append([workload, spread(both["with"]), spread(both["without"]), spread(share, digits=2)])
    table("The result file, one thread", ["workload", "ns a contract", "without the file", "share of the file, %"], rows)


def table_threads(bench):
    rows = []
    counts = sorted({2**i for i in range(20) if 2**i < bench.threads} | {bench.threads})
    for workload in programs.PEER_WORKLOADS:
        candidates = {}
        for n in counts:
            candidates["outlay", n] = bench.outlay(workload, n)
            candidates["GSL, tuned", n] = functools.partial(programs.peer, "GSL, tuned", workload, threads=n)
        found = rates(candidates, bench.seconds, bench.rounds, by_clock=True)
        speeds = {which: per_second(rounds) for which, rounds in found.items()}
        for n in counts:
            row = [f"{workload}, {n}"]
            for name in ("outlay", "GSL, tuned"):
                gain = [many / one for many, one in zip(speeds[name, n], speeds[name, counts[0]])]
                row += [spread(speeds[name, n], MILLION), spread(gain)]
            rows.append(row)
    columns = ["workload, threads", "outlay, M contracts/s", "gain", "GSL tuned, M contracts/s", "gain"]
    table("Threads, by the clock", columns, rows)


def settings_of_size(workload, contracts):
    """Settings under which a replicate has about so many contracts; the budget grows with them as far as it may."""
    usual = {"simple": 3000, "population": 2160}[workload]
    factor = contracts / usual
    settings = [f"programmes.p.budget={min(5e9 * factor, 1e13):.6g}"]
    if workload == "population":
        counts = {"enterprise": 1700, "startup": 900, "university": 30, "institute": 60}
        return settings + [f"classes.{name}.count={factor * count:.6g}" for name, count in counts.items()]
    per_year = {"enterprise": 1500, "startup": 900, "university": 300, "institute": 300}
    count = math.ceil(factor * max(per_year.values()) / 1e6)  # the language allows a million for each applicant
    for name, number in per_year.items():
        settings.append(f"classes.{name}.count={count}")
        settings.append(f"programmes.p.applications.by_class.{name}.per_year={factor * number / count:.6g}")
    return settings


def table_contracts(bench):
    rows = []
    contracts = 1000
    while contracts <= bench.most_contracts:
        programs_of_size = {workload: bench.outlay(workload, 1, settings_of_size(workload, contracts))
                            for workload in programs.PEER_WORKLOADS}
        found = rates(programs_of_size, bench.seconds, bench.rounds)
        row = [f"{contracts:,}"]
        for rounds in found.values():
            row += [spread(nanoseconds(rounds)), peak(rounds)]
        rows.append(row)
        contracts *= 10
    columns = ["contracts a replicate"]
    for workload in programs.PEER_WORKLOADS:
        columns += [f"{workload}, ns a contract", "peak memory, MB"]
    table("Contracts a replicate, one thread", columns, rows)


def table_memory(bench):
    rows = []
    replicates = 10**4
    few = settings_of_size("simple", 30)
    while replicates <= bench.most_replicates:
        cost = run(programs.outlay("simple", 1, replicates, bench.threads, bench.output, *few), by_clock=True)
        rows.append([f"{replicates:,}", f"{cost.peak_mb:.0f}", f"{os.path.getsize(bench.output) / 2**20:.0f}",
                     f"{cost.seconds:.1f}"])
        replicates *= 10
    table("Replicates and memory", ["replicates", "peak memory, MB", "result file, MB", "seconds"], rows,
          f"`simple` with 30 contracts a replicate, {bench.threads} threads.")


def table_draws(bench):
    workload, draws, more = "shenzhen-2025", 400, 11
    millis = {"draw": [], "replicate": []}
    for _ in range(bench.rounds):
        one, single, several = (run(programs.outlay(workload, *size, 1, bench.output)).seconds
                                for size in ((1, 1), (draws, 1), (draws, more)))
        replicate = (several - single) / (draws * (more - 1))
        millis["replicate"].append(1e3 * replicate)
        millis["draw"].append(1e3 * ((single - one) / (draws - 1) - replicate))
    table("To prepare a draw", ["workload", "a draw, ms", "a replicate, ms"],
          [[workload, spread(millis["draw"]), spread(millis["replicate"])]])


TABLES = {"workloads": table_workloads, "stages": table_stages, "file": table_file, "threads": table_threads,
          "contracts": table_contracts, "memory": table_memory, "draws": table_draws}


def machine():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="short runs, fewer rounds: a first impression")
    size.add_argument("--long", action="store_true", help="memory up to ten million replicates too")
    parser.add_argument("--only", nargs="+", choices=TABLES, metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--threads", type=int, help="most threads (default: all processors)")
    parser.add_argument("--rounds", type=int, help="rounds of each comparison (default: 5, quick 3)")
    options = parser.parse_args()
    programs.build("outlay")
    if not programs.has_numba():
        print("Numba is not installed (Debian: python3-numba): its rows are left out.", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        print(f"{machine()}, {os.cpu_count()} processors; {bench.rounds} rounds, runs of about {bench.seconds:g} s: "
              f"median (least to largest). Load before the start: {os.getloadavg()[0]:.1f}.\n", flush=True)
        for name in options.only or TABLES:
            TABLES[name](bench)
    if measure.busy and median(measure.busy) < 0.97:
        print(f"The machine was busy: runs on one thread had a processor {100 * median(measure.busy):.0f} % of the time. "
              "What is said of threads is then worthless.")


if __name__ == "__main__":
    main()
