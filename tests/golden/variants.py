"""Whatever instruction set a machine has, the result file is the same to the byte.

usage: variants.py PROGRAM...      with OUTLAY and OUTLAY_SOURCE in the environment

Each PROGRAM is outlay_LEVEL, its vectorised loops compiled for one level of x86-64 alone: the baseline (SSE2), v3 (AVX2
and FMA, which nothing may be contracted to) and v4 (AVX-512). OUTLAY itself holds three versions of each loop and picks
one when it is loaded. What this machine cannot run is left out, and said.
"""
import filecmp
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from golden import CASES, OUTLAY, SOURCE

# In every file that has such loops, so that none is forgotten in CMakeLists.txt.
MARK = re.compile(r"^OUTLAY_VECTORISED$", re.M)
NEEDED = {"x86-64": set(), "x86-64-v3": {"avx2", "fma", "bmi2"},
          "x86-64-v4": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}}
MORE = {"population": ("tests/bench/scenarios/population.yaml", "-n", "100")}


def features():
    """What this machine's processor can do, in the kernel's words."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return set(next(line for line in file if line.startswith("flags")).split(":")[1].split())


def forgotten():
    """Files with vectorised loops that OUTLAY_VECTORISED_SOURCES lacks."""
    lists = (Path(SOURCE) / "CMakeLists.txt").read_text(encoding="utf-8")
    named = re.search(r"set\(OUTLAY_VECTORISED_SOURCES(.*?)\)", lists, re.S).group(1).split()
    marked = [path for path in (Path(SOURCE) / "sim").rglob("*.c") if MARK.search(path.read_text(encoding="utf-8"))]
    return {str(path.relative_to(SOURCE)) for path in marked} ^ set(named)


def play(program, case, folder, name):
    scenario, *size = case
    path = os.path.join(folder, name)
    subprocess.run([program, "run", os.path.join(SOURCE, scenario), *size, "-o", path, "--quiet", "--force"], check=True)
    return path


def main():
    if forgotten():
        sys.exit(f"OUTLAY_VECTORISED_SOURCES in CMakeLists.txt and the sources differ: {', '.join(sorted(forgotten()))}")
    able = features()
    with tempfile.TemporaryDirectory() as folder:
        for name, case in (CASES | MORE).items():
            usual = play(OUTLAY, case, folder, "usual.h5")
            for program in sys.argv[1:]:
                level = os.path.basename(program).removeprefix("outlay_")
                if not NEEDED[level] <= able:
                    print(f"{name}: {level} is left out, this machine has no {', '.join(sorted(NEEDED[level] - able))}")
                    continue
                if not filecmp.cmp(usual, play(program, case, folder, "variant.h5"), shallow=False):
                    sys.exit(f"{name}: the result on {level} differs")
                print(f"{name}: {level} gives the same bytes")


if __name__ == "__main__":
    main()
