"""The commands of the README do what it says: each runs without error, in the order of the page.

A block is run if the line before it is `<!-- test -->` and its fence says sh. The blocks run in one folder, a copy of
the project's files, with the program that is tested at build/default/outlay and on PATH. A block `<!-- test: fails -->`
must end with an error.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lint"))
from sources import SOURCE, files  # noqa: E402

PAGES = ["README.md"]
BLOCK = re.compile(r"<!-- test(: fails)? -->\n+```sh\n(.*?)```", re.S)
SECONDS = 300


def run(script, folder):
    """Exit status and output of one block."""
    program = Path(os.environ["OUTLAY"])
    environment = dict(os.environ, PATH=f"{program.parent}:{os.environ['PATH']}")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment, timeout=SECONDS,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode(errors="replace")


problems = 0
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    for path in files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(SOURCE / path, folder / path)
    (folder / "build/default").mkdir(parents=True)
    (folder / "build/default/outlay").symlink_to(os.environ["OUTLAY"])

    # The biased twin: a block that fails is seen to fail, even before its last line.
    assert run("false\ntrue", folder)[0] != 0
    assert run("false | cat", folder)[0] != 0

    for page in PAGES:
        blocks = BLOCK.findall((folder / page).read_text(encoding="utf-8"))
        if not blocks:
            print(f"{page}: no block is marked <!-- test -->")
            problems += 1
        for fails, script in blocks:
            status, output = run(script, folder)
            good = (status != 0) == bool(fails)
            print(f"{'ok  ' if good else 'FAIL'} {page}: {script.strip()}")
            if not good:
                print(f"exit status {status}\n{output}")
                problems += 1
sys.exit(1 if problems else 0)
