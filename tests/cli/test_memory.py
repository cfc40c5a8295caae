"""The memory runs out, at each place of our own code in turn: a message, status 1, and no torn file; never a crash.

usage: test_memory.py PROGRAM [--all]     PROGRAM is outlay_failing: see failing.c beside this file

A place is a chain of calls that ends in an allocation. The first allocation at that place fails, alone and together with
all that come after it. Without --all, every so many places are taken, other ones for each command, one way or the other.
Libraries (HDF5, GSL, libfyaml, OpenMP) allocate by themselves; that is theirs to survive and is not looked at. Where the
program was built with sanitizers they watch over it, and tell of leaks.
"""
import os
import subprocess
import sys
import tempfile

PROGRAM, SOURCE = sys.argv[1], os.environ["OUTLAY_SOURCE"]
ALL = "--all" in sys.argv[2:]
PLACES = 12  # of each command, without --all

SCENARIO = """\
outlay: 1
title: Small
currency: CNY
calendar: own.yaml
horizon: {start: 2025-01-01}
classes:
  firm: {count: {triangular: [60, 100, 120]}, size_sigma: 0.5}
  institute: {count: 10}
programmes:
  aid:
    budget: 100 M
    award: {rate: 50%, cap: 2 M, by_class: {institute: {rate: 40%}}}
    applications:
      per_year: 1.2
      contract: {csv: {file: loans.csv, column: amount, weight: firms}}
    review: {approved: 90%, working_days: {gamma: {mean: 10, sd: 4}}}
simulation: {precision: p_exhausted=0.2}
"""
EXACT = """\
outlay: 1
title: Small
currency: CNY
horizon: {start: 2025-01-01}
classes: {firm: {count: 100}}
programmes:
  aid:
    budget: 100 M
    award: {rate: 50%, cap: 2 M}
    applications: {per_year: 1.2, contract: {lognormal: {median: 2 M, sigma: 1}}}
"""
FILES = {
    "small.yaml": SCENARIO,
    "exact.yaml": EXACT,
    "child.yaml": "extends: small.yaml\ntitle: Child\nprogrammes: {aid: {budget: 80 M}}\n",
    "bad.yaml": SCENARIO.replace("per_year: 1.2", "per_yeer: 1.2"),
    "loans.csv": "amount,firms\n1 M,3\n2500000,1\n9000000,2\n",
    "own.yaml": "title: Own\nsource: a test\ncovers: {from: 2025-01-01, to: 2025-12-31}\n"
                "holidays: [{from: 2025-03-01, to: 2025-03-31}]\n",
}
SIZE = ("--threads", "1", "-n", "2", "--draws", "3")
COMMANDS = {  # what it is to write, and how it begins
    "check": (None, ("check", "child.yaml", "--set", "programmes.aid.budget=90 M")),
    "check of a bad scenario": (None, ("check", "bad.yaml")),
    "run": ("out.h5", ("run", "child.yaml", *SIZE, "-o", "out.h5")),
    "exact": ("out.h5", ("exact", "exact.yaml", "-o", "out.h5")),
    "run against the exact answer": ("out.h5", ("run", "exact.yaml", "-n", "3", "--threads", "1", "--check-exact", "-o",
                                                "out.h5")),
    "show": (None, ("show", "ready.h5")),
    "replay": (None, ("replay", "ready.h5", "--draw", "1", "--replicate", "1")),
    "replay into a file": ("out.nc", ("replay", "ready.h5", "--draw", "1", "--replicate", "1", "-o", "out.nc")),
}


def play(folder, arguments, **environment):
    return subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, timeout=300,
                          env={**os.environ, "OMP_NUM_THREADS": "1", **environment})


def bytes_of(path):
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def places_of(folder, arguments):
    """All places where this command allocates."""
    path = os.path.join(folder, "places")
    if os.path.exists(path):
        os.remove(path)
    play(folder, arguments, OUTLAY_FAIL_LIST=path)
    with open(path, encoding="ascii") as file:
        return file.read().split()


def complaint(folder, done, usual, output, whole):
    """What is wrong with the way in which it went; None = nothing. `whole` is the output of a run that had memory."""
    written = bytes_of(os.path.join(folder, output)) if output else None
    if done.returncode == usual.returncode and done.stdout == usual.stdout and written == whole:
        return None  # it could do without that piece of memory
    if done.returncode != 1:
        return f"status {done.returncode}"
    if "memory" not in done.stderr:
        return "no word of memory"
    if written is not None and written != whole:
        return "a torn file"
    return None


def without_times(done):
    """Seconds are not the same twice."""
    done.stdout = "\n".join(line for line in done.stdout.splitlines() if " contracts" not in line and "a run: " not in line)
    return done


def examine(folder, name, i_command):
    """(Places tried, complaints) of one command."""
    output, arguments = COMMANDS[name]

    def clean():
        for left in os.listdir(folder):
            if left.startswith("out."):
                os.remove(os.path.join(folder, left))

    clean()
    places = places_of(folder, arguments)
    clean()
    usual = without_times(play(folder, arguments))
    whole = bytes_of(os.path.join(folder, output)) if output else None
    every = 1 if ALL else -(-len(places) // PLACES)
    tried, wrong = 0, []
    ways = ({}, {"OUTLAY_FAIL_ALWAYS": "1"})
    for i, place in enumerate(places[i_command % every::every]):
        for always in ways if ALL else ways[i % 2:i % 2 + 1]:
            clean()
            done = without_times(play(folder, arguments, OUTLAY_FAIL_AT=place, **always))
            told = complaint(folder, done, usual, output, whole)
            tried += 1
            if told:
                wrong.append(f"{name}, {place}{' and after it' if always else ''}: {told}: {done.stderr[-3000:].strip()}")
    return len(places), tried, wrong


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        ready = play(folder, ("run", "child.yaml", *SIZE, "-o", "ready.h5", "--quiet"))
        assert ready.returncode == 0, ready.stderr
        # a place that is met must have an effect: otherwise nothing was tested
        first = places_of(folder, COMMANDS["check"][1])[0]
        assert play(folder, COMMANDS["check"][1], OUTLAY_FAIL_AT=first).returncode == 1
        for i, name in enumerate(COMMANDS):
            n, tried, told = examine(folder, name, i)
            print(f"{name}: {n} places, {tried} failures tried, {len(told)} went wrong", flush=True)
            wrong += told
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
