"""What the lint tests share: the project's files, and where the source tree is."""

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(os.environ.get("OUTLAY_SOURCE", Path(__file__).resolve().parents[2]))
SKIP = 77  # the exit status that ctest counts as skipped


def files(*patterns):
    """The files that git tracks or would track; without git, all files outside build/, results/ and hidden folders.

    `patterns` are ends of names, such as ".c"; none means every file.
    """
    command = ["git", "-C", str(SOURCE), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")[:-1]
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*")]
        names = [name for name in names if not name.startswith((".git/", "build/", "results/"))]
    paths = [Path(name) for name in sorted(names)]
    paths = [path for path in paths if (SOURCE / path).is_file()]
    return [path for path in paths if not patterns or path.name.endswith(patterns)]


def report(problems):
    """Print the problems and end the test."""
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "no problems")
    sys.exit(1 if problems else 0)
