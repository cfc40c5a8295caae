"""Every C file is written as clang-format writes it (settings in .clang-format).

Usage: format.py CLANG_FORMAT. Remedy for a failure: clang-format -i FILE.
"""

import subprocess
import sys

from sources import SKIP, SOURCE, files

if len(sys.argv) < 2:
    print("clang-format is not installed")
    sys.exit(SKIP)
command = [sys.argv[1], "--style=file", "--dry-run", "-Werror"]

# The biased twin: the check must reject a badly written line.
twin = subprocess.run(command + ["--assume-filename=sim/twin.c"], input="int  f (void){return 0 ;}\n", text=True,
                      capture_output=True, cwd=SOURCE)
if twin.returncode == 0:
    sys.exit("clang-format accepts a badly written line, so this test would not see one")

names = [str(path) for path in files(".c", ".h") if "lint" not in path.parts]
sys.exit(subprocess.run(command + names, cwd=SOURCE).returncode)
