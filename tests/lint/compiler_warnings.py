"""The warnings are really on: with the flags of the library's own files, a bad file is rejected and a good one passes.

Usage: compiler_warnings.py COMPILER. Takes the flags from compile_commands.json of the build, so that what is tested is what is
built with. The bad file holds one fault for each warning below, and each must be named.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXPECTED = ["shadow", "float-conversion", "sign-conversion", "undef", "vla", "unused-variable",
            "strict-prototypes", "missing-prototypes", "cast-qual", "format", "switch"]
EXPECTED_OF_GCC = ["conversion"]
EXPECTED_OF_CLANG = ["implicit-int-conversion"]  # what it calls its part of -Wconversion
DROP_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}


def flags_of(entry):
    """The flags of one compilation, without its input, its output and the dependency files."""
    words = shlex.split(entry["command"])[1:]
    flags = []
    while words:
        word = words.pop(0)
        if word in DROP_WITH_VALUE:
            words.pop(0)
        elif word not in ("-c", "-MD", entry["file"]):
            flags.append(word)
    return flags


def compile_with(flags, name):
    """Exit status and messages of the compiler."""
    command = [sys.argv[1], *flags, "-Werror", "-fsyntax-only", str(HERE / name)]
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, LC_ALL="C"))
    return done.returncode, done.stderr


version = subprocess.run([sys.argv[1], "--version"], capture_output=True, text=True).stdout
EXPECTED += EXPECTED_OF_CLANG if "clang" in version else EXPECTED_OF_GCC
build = Path(os.environ["OUTLAY_BUILD"])
source = Path(os.environ["OUTLAY_SOURCE"])
entries = json.loads((build / "compile_commands.json").read_text())
entries = [entry for entry in entries if Path(entry["file"]).is_relative_to(source / "sim")]
problems = [] if entries else ["no file of sim/ is compiled"]
for flags in sorted({tuple(flags_of(entry)) for entry in entries}):
    status, messages = compile_with(flags, "good_code.c")
    if status != 0:
        problems.append(f"the good file is rejected:\n{messages}")
    status, messages = compile_with(flags, "bad_code.c")
    for warning in EXPECTED:
        # gcc says -Werror=shadow, clang -Werror,-Wshadow; either may add a detail: -Wshadow-local, -Wswitch-enum
        if f"-Werror={warning}" not in messages and f"-Werror,-W{warning}" not in messages:
            problems.append(f"-W{warning} is off (flags: {shlex.join(flags)})")
    for word in ("-ffp-contract=off", "-std=c11"):
        if word not in flags:
            problems.append(f"{word} is not among the flags: {shlex.join(flags)}")
    for word in ("-ffast-math", "-Ofast", "-funsafe-math-optimizations"):
        if word in flags:
            problems.append(f"{word} changes results: {shlex.join(flags)}")
print("\n".join(problems) or f"{len(EXPECTED)} warnings are on")
sys.exit(1 if problems else 0)
