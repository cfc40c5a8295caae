"""gcc's analyzer (-fanalyzer, gcc 12) finds nothing in sim/ that analyzer.txt does not explain.

usage: analyzer.py     in a source tree with build/debug, from whose compile_commands.json it takes the options
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BUILD = SOURCE / "build" / "debug"
# Without optimisation, and without one version of a loop for each instruction set, which hide from it what is called.
FLAGS = ["-fanalyzer", "-O0", "-DOUTLAY_ONE_VARIANT", "-Wno-error", "-fdiagnostics-plain-output",
         "-fdiagnostics-path-format=none"]


def analyze(command, folder):
    """What is found in one file: (function, warning, line of text), each function and warning once."""
    done = subprocess.run(command + FLAGS, capture_output=True, text=True, cwd=folder, env=dict(os.environ, LC_ALL="C"))
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    found, function = {}, "?"
    for line in done.stderr.splitlines():
        where = re.search(r"In function '(\w+)'", line)
        function = where.group(1) if where else function
        warning = re.search(r"warning: .*\[-W(analyzer-[\w-]+)\]$", line)
        if warning:
            found.setdefault((function, warning.group(1)), line)
    return found


def explained():
    """analyzer.txt: {(file, function, warning)}, each row FILE FUNCTION WARNING REASON."""
    rows = {}
    for line in (SOURCE / "tests" / "verify" / "analyzer.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            file, function, warning, reason = line.split(None, 3)
            rows[file, function, warning] = reason
    return rows


def main():
    # The biased twin: a file with a fault must be refused.
    with tempfile.TemporaryDirectory() as folder:
        twin = Path(folder) / "twin.c"
        twin.write_text("#include <stdlib.h>\nint main(void)\n{\n    int *p = malloc(4);\n    return *p;\n}\n")
        if not analyze(["gcc", "-c", str(twin), "-o", os.devnull], folder):
            sys.exit("the analyzer accepts a faulty file, so this check would not see one")

    entries = [entry for entry in json.loads((BUILD / "compile_commands.json").read_text())
               if Path(entry["file"]).is_relative_to(SOURCE / "sim")]
    commands = {}
    for entry in entries:
        command = shlex.split(entry["command"])
        command[command.index("-o") + 1] = os.devnull
        commands.setdefault(str(Path(entry["file"]).relative_to(SOURCE)), (command, entry["directory"]))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = dict(zip(commands, pool.map(lambda job: analyze(*job), commands.values())))

    known = explained()
    found = {(file, *what): line for file, answer in answers.items() for what, line in answer.items()}
    new = {what: line for what, line in found.items() if what not in known}
    for (file, function, warning), line in new.items():
        print(f"{file}, {function}: {line}")
    for what in sorted(set(known) - set(found)):
        print("not found any more, may leave analyzer.txt:", *what)
    print(f"{len(commands)} files, {len(new)} new findings, {len(found) - len(new)} explained in analyzer.txt")
    sys.exit(1 if new else 0)


main()
