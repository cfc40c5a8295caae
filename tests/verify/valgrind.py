"""The unit tests under valgrind's memcheck: no invalid access, no use of what was never set, nothing lost.

usage: valgrind.py [NAME...]     in a source tree with a built build/debug; NAME is the end of a test's name, such as scenario
"""

import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
MEMCHECK = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite,possible",
            "--errors-for-leak-kinds=definite,possible", f"--suppressions={SOURCE / 'tests/verify/valgrind.supp'}"]


def check(command, folder):
    """Exit status, what valgrind says, seconds."""
    start = time.monotonic()
    done = subprocess.run(MEMCHECK + command, capture_output=True, text=True, cwd=folder,
                          env=dict(os.environ, OMP_NUM_THREADS="2"))
    return done.returncode, done.stdout + done.stderr, time.monotonic() - start


def main():
    shown = subprocess.run(["ctest", "--test-dir", SOURCE / "build/debug", "-L", "^unit$", "--show-only=json-v1"],
                           check=True, capture_output=True, text=True).stdout
    tests = {test["name"]: test["command"] for test in json.loads(shown)["tests"]}
    if sys.argv[1:]:
        tests = {name: command for name, command in tests.items() if name.removeprefix("unit_") in sys.argv[1:]}
    if not tests:
        sys.exit("there are no such tests")

    # The biased twin: a program with a fault must be refused.
    python = "import ctypes; ctypes.CDLL(None).malloc(1 << 20)"
    if check(["/usr/bin/python3", "-c", python], SOURCE)[0] == 0:
        sys.exit("valgrind accepts a program that loses memory, so this check would not see one")

    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (name, _), (status, output, seconds) in zip(tests.items(),
                                                        pool.map(lambda c: check(c, SOURCE), tests.values())):
            print(f"{name}: {'clean' if status == 0 else 'failed'}, {seconds:.0f} s", flush=True)
            if status != 0:
                failed.append(name)
                print("\n".join(re.findall(r"^(?:==\d+==|\[  FAILED|.*error:).*$", output, re.M)[:200]))
    print(f"{len(tests)} test programs, {len(tests) - len(failed)} clean")
    sys.exit(1 if failed else 0)


main()
