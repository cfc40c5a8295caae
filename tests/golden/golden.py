"""Golden summaries: each scenario gives the same bytes on 1, 2 and 8 threads and the numbers that are kept here.

usage: golden.py [--update]      with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

The numbers of NAME.txt have nine digits: any change of a rule, a law or a random address shows. After a change that is
meant, --update writes them anew, and the difference belongs into the commit that explains it.
"""
import difflib
import filecmp
import os
import subprocess
import sys
import tempfile

import h5py
import numpy

OUTLAY, SOURCE = os.environ["OUTLAY"], os.environ["OUTLAY_SOURCE"]
FOLDER = os.path.join(SOURCE, "tests", "golden")

CASES = {
    "shenzhen-2025": ("scenarios/shenzhen-2025.yaml", "--draws", "20", "-n", "25"),
    "shenzhen-2025-official": ("scenarios/shenzhen-2025-official.yaml", "--draws", "20", "-n", "25"),
    "rules": ("tests/golden/scenarios/rules.yaml",),
    "simple": ("tests/bench/scenarios/simple.yaml",),
}


def digits(values):
    return " ".join("nan" if value != value else f"{value:.9g}" for value in values)


def summary(path):
    """One line for each variable without replicates (every 30th day of daily ones), in the order of the file."""
    lines = []
    with h5py.File(path, "r", track_order=True) as file:
        for name, variable in file.items():
            if h5py.h5ds.is_scale(variable.id) or not variable.shape:
                continue
            axes = [os.path.basename(dimension[0].name) for dimension in variable.dims]
            if "replicate" in axes:
                continue
            values = numpy.asarray(variable[...], dtype=float)
            if axes[-1] == "time":
                values = values[..., ::30]
            lines.append(f"{name} {digits(values.ravel())}\n")
    return lines


def run(name, folder):
    """The path of the result, after comparing the bytes of three runs."""
    scenario, *size = CASES[name]
    paths = []
    for threads in ("1", "2", "8"):
        paths.append(os.path.join(folder, f"{name}-{threads}.h5"))
        command = [OUTLAY, "run", os.path.join(SOURCE, scenario), *size, "--threads", threads, "-o", paths[-1], "--quiet"]
        subprocess.run(command, check=True)
    for path in paths[1:]:
        if not filecmp.cmp(paths[0], path, shallow=False):
            sys.exit(f"{name}: {os.path.basename(path)} differs from the run on one thread")
    return paths[0]


def check(name, update):
    with tempfile.TemporaryDirectory() as folder:
        got = summary(run(name, folder))
    kept = os.path.join(FOLDER, name + ".txt")
    if update:
        with open(kept, "w", encoding="utf-8") as file:
            file.writelines(got)
        return True
    with open(kept, encoding="utf-8") as file:
        expected = file.readlines()
    difference = list(difflib.unified_diff(expected, got, kept, "this build", n=0))
    sys.stdout.writelines(line[:300].rstrip("\n") + "\n" for line in difference[:20])
    print(f"{'ok  ' if not difference else 'FAIL'} {name}: {len(got)} variables")
    # a twin that must be rejected: the same numbers with the last digit of one of them changed
    twin = got[:-1] + [got[-1].rstrip("\n") + "1\n"]
    return not difference and twin != expected


if __name__ == "__main__":
    results = [check(name, "--update" in sys.argv[1:]) for name in CASES]
    sys.exit(0 if all(results) else 1)
