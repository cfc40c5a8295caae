"""Measuring: time, memory and contracts of a run; many programs in turn; what one more contract costs.

A program is a function size -> command. What it costs to start (libraries, scenario, tables, an interpreter) is taken out
by running two sizes: contracts a second = (contracts of the large run - of the small) / (seconds of the large - of the
small). Programs take turns, round by round, so that the moods of the machine fall on all of them alike. Seconds are
the processor's, user and system, which the work of others hardly touches; only where threads are compared, the clock's.
"""
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median

# A child begins with the memory of its parent, so what is smaller than this script cannot be told.
FLOOR_MB = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + 1

busy = []  # processor / clock of the longer runs, all on one thread: below 1 when others take the processor away


@dataclass
class Cost:
    """Of one run."""

    seconds: float
    peak_mb: float  # resident memory; nothing below FLOOR_MB is told
    contracts: float


@dataclass
class Rate:
    """Of one round: contracts a second, without what it costs to start."""

    per_second: float
    start: float  # seconds
    peak_mb: float


def run(command, by_clock=False):
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        output, complaint = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    clock, processor = time.perf_counter() - begin, usage.ru_utime + usage.ru_stime
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{complaint}exit status {process.returncode}")
    if not by_clock and clock > 0.3:
        busy.append(processor / clock)
    found = re.search(r"^([\d.e+]+) M contracts in", output, re.MULTILINE)  # outlay; the others print the number only
    contracts = float(found.group(1)) * 1e6 if found else float(output)
    return Cost(clock if by_clock else processor, usage.ru_maxrss / 1024, contracts)


def size_for(program, seconds, by_clock=False):
    """A size of a run that lasts about so long beyond the start-up, at least 2."""
    run(program(1), by_clock)  # whatever is done once for all, such as compiling
    start, size = run(program(1), by_clock).seconds, 2
    while (lasted := run(program(size), by_clock).seconds - start) < max(seconds / 8, start / 2):
        size *= 4
    return max(2, round(size * seconds / lasted))


def rates(candidates, seconds, rounds, by_clock=False):
    """{name: [Rate of each round]} of candidates {name: program}."""
    sizes = {name: size_for(program, seconds, by_clock) for name, program in candidates.items()}
    found = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, program in candidates.items():
            small, large = run(program(1), by_clock), run(program(sizes[name]), by_clock)
            per_second = (large.contracts - small.contracts) / (large.seconds - small.seconds)
            found[name].append(Rate(per_second, small.seconds, large.peak_mb))
    return found


def per_second(rounds):
    return [rate.per_second for rate in rounds]


def nanoseconds(rounds):
    """A contract."""
    return [1e9 / rate.per_second for rate in rounds]


def peak(rounds):
    mb = max(rate.peak_mb for rate in rounds)
    return f"{mb:.0f}" if mb > FLOOR_MB else f"< {FLOOR_MB:.0f}"


def spread(values, scale=1.0, digits=3):
    """Median (least to largest)."""
    low, middle, high = (f"{scale * value:.{digits}g}" for value in (min(values), median(values), max(values)))
    return f"{middle} ({low} to {high})" if len(values) > 1 else middle


def table(title, columns, rows, note=""):
    """A Markdown table on stdout."""
    print(f"### {title}\n")
    print("| " + " | ".join(columns) + " |")
    print("| --- " + "| ---: " * (len(columns) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    print(f"\n{note}\n" if note else "", flush=True)
