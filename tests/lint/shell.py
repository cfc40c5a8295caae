"""shellcheck finds nothing in any shell script.

Usage: shell.py SHELLCHECK.
"""

import subprocess
import sys

from sources import SKIP, SOURCE, files, report

if len(sys.argv) < 2:
    print("shellcheck is not installed")
    sys.exit(SKIP)


def check(text, name):
    """What is found in a script."""
    done = subprocess.run([sys.argv[1], "--format=gcc", "-"], input=text, capture_output=True, text=True)
    return [line.replace("-:", f"{name}:", 1) for line in (done.stdout + done.stderr).splitlines()]


# The biased twin: a script with a fault must be refused.
if not check("#!/bin/sh\nrm $1/*\n", "twin"):
    sys.exit("shellcheck accepts a faulty script, so this test would not see one")

problems, n_scripts = [], 0
for path in files():
    if path.suffix in ("", ".sh"):
        text = (SOURCE / path).read_text(errors="replace")
        if text.startswith("#!") and "sh" in text.split("\n", 1)[0]:
            n_scripts += 1
            problems += check(text, path)
if n_scripts == 0:
    sys.exit("no script was found")
report(problems)
