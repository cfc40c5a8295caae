"""The hot loops are vectors: each function that is OUTLAY_VECTORISED has, in the program, a version with 512-bit registers.

Compilers leave a loop scalar for small reasons (a branch, a call, a pointer that may overlap), and nothing but speed
shows it. The versions of gcc are looked for, in the release build: Usage: vectorised.py COMPILER_ID BUILD_TYPE.
"""
import os
import platform
import re
import shutil
import subprocess
import sys

from sources import SKIP, SOURCE, files, report

MARKED = re.compile(r"^OUTLAY_VECTORISED\s+(static\s+)?\w+\s+(\w+)\(", re.M)
WIDE = re.compile(r"%zmm\d")
# Shuffles by a number of each lane's own have no 512-bit form that gcc would use here.
SCALAR = {"find_fine_places"}
# Four doubles, a row of a table, are 256 bits.
NARROW = {"look_up_places": re.compile(r"%ymm\d")}


def marked():
    """name -> is it static, for all functions that are OUTLAY_VECTORISED."""
    found = {}
    for path in files(".c"):
        for static, name in MARKED.findall((SOURCE / path).read_text(encoding="utf-8")):
            found[name] = bool(static)
    return found


def versions(program):
    """name -> its instructions for AVX-512, for each function of the program that has such a version."""
    done = subprocess.run(["objdump", "-d", "--no-show-raw-insn", program], capture_output=True, text=True, check=True)
    found = {}
    for block in done.stdout.split("\n\n"):
        start = re.match(r"\s*[0-9a-f]+ <(\w+)\.arch_x86_64_v4>:", block)
        if start:
            found[start.group(1)] = block
    return found


def main():
    if sys.argv[1:3] != ["GNU", "Release"] or platform.machine() != "x86_64" or shutil.which("objdump") is None:
        print("skipped: looks into what gcc makes of a release build for x86-64")
        sys.exit(SKIP)
    names, found = marked(), versions(os.environ["OUTLAY"])
    if len(names) < 10:
        sys.exit(f"only {len(names)} functions are OUTLAY_VECTORISED: is this test still looking for the right thing?")
    bad = [f"{name}: is not static (see sim/base/vector.h)" for name, is_static in names.items() if not is_static]
    bad += [f"{name}: no version for AVX-512" for name in names if name not in found]
    bad += [f"{name}: its loops are scalar" for name in names
            if name in found and name not in SCALAR and not NARROW.get(name, WIDE).search(found[name])]
    report(bad)


if __name__ == "__main__":
    main()
