"""clang-tidy finds nothing in any C file of sim/, nor in the headers that they include (checks in .clang-tidy).

Usage: tidy.py CLANG_TIDY [FOLDER]. Reads compile_commands.json of a clang build; one process a core. FOLDER is sim, or
tests, where numbers with a fraction may count loops: a number tried more or less than meant harms nobody there.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sources import SKIP, SOURCE, report

if len(sys.argv) < 2:
    print("clang-tidy is not installed")
    sys.exit(SKIP)
BUILD = Path(os.environ["OUTLAY_BUILD"])
FOLDER = sys.argv[2] if len(sys.argv) > 2 else "sim"
CHECKS = ["--checks=-clang-analyzer-security.FloatLoopCounter"] if FOLDER == "tests" else []


def tidy(path, *flags):
    """The errors that clang-tidy finds in one file, without the notes that lead there; empty if none."""
    command = [sys.argv[1], "--quiet", f"--config-file={SOURCE / '.clang-tidy'}", *CHECKS, *flags[:1], str(path), *flags[1:]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    errors = [line for line in (done.stdout + done.stderr).splitlines() if " error: " in line or line[:6] == "error:"]
    return "\n".join(errors) or done.stdout + done.stderr


# The biased twin: a file with a fault must be rejected.
with tempfile.TemporaryDirectory() as folder:
    twin = Path(folder) / "twin.c"
    twin.write_text("int twin(int n);\nint twin(int n)\n{\n    return n == n ? 1 / (n - n) : 0;\n}\n")
    if not tidy(twin, "--quiet", "--", "-std=c11"):
        sys.exit("clang-tidy accepts a faulty file, so this test would not see one")

entries = json.loads((BUILD / "compile_commands.json").read_text())
paths = {Path(entry["file"]) for entry in entries}
paths = sorted(path for path in paths if path.is_relative_to(SOURCE / FOLDER))
if not paths:
    sys.exit(f"the build has no C file of {FOLDER}/")
with ThreadPoolExecutor(os.cpu_count()) as pool:
    answers = list(pool.map(lambda path: tidy(path, f"-p={BUILD}"), paths))
problems = [answer for answer in answers if answer]
if problems:
    print(f"The whole story of a file: clang-tidy -p {BUILD.relative_to(SOURCE)} FILE")
report(problems)
