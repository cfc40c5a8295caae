"""The walls of the house stand: each room of sim/ uses only those above it, and keeps to what its room may do.

Rules, for every .c and .h file in sim/ and include/outlay/:
  - an #include of a room's header belongs to that room or to one before it in ROOMS;
  - OpenMP (the pragma, omp.h, omp_ calls) only in sim/engine/engine.c;
  - only sim/cli prints to the terminal, asks the environment or ends the program; others may write to a FILE that
    they are handed;
  - no file is longer than MAX_LINES (about 400 is the aim; from there on it is mentioned).
"""

import re

from sources import SOURCE, files, report

ROOMS = ["base", "scenario", "random", "plan", "replicate", "engine", "results", "studies", "cli"]
# Public headers that are not called after their room; version.h is generated and anybody's.
ROOM_OF_HEADER = {"error": "base", "quantity": "base", "date": "base", "law": "base", "version": "base",
                  "precision": "engine", "ledger": "replicate"}
AIM_LINES, MAX_LINES = 400, 500

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
OPENMP = re.compile(r"#\s*pragma\s+omp|_Pragma\s*\(\s*\"omp|\bomp_\w+\s*\(|include\s*<omp\.h>")
TERMINAL = re.compile(r"\b(?:v?printf|puts|putchar|perror|_?exit|_Exit|quick_exit|abort|getenv)(?=\s*\()|\b(?:stdout|stderr|stdin)\b")


def without_comments(text, keep_strings=False):
    """The text with comments, and strings if not kept, blanked; line breaks stay."""
    def blank(match):
        word = match.group()
        if word[0] in "\"'":
            return word if keep_strings else '""'
        return " " + "\n" * word.count("\n")
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def room_of(name):
    """The room of a file, by its path in the project; None outside the house."""
    parts = name.split("/")
    if parts[0] == "sim" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["include", "outlay"]:
        header = parts[2].removesuffix(".h")
        return ROOM_OF_HEADER.get(header, header)
    return None


def included(name, path):
    """The project file that an #include of `path` in the file `name` means, or None for a system header."""
    if path.startswith("outlay/"):
        return f"include/{path}"
    if path.startswith("sim/"):
        return path
    first = path.split("/")[0]
    if "/" in path and first in ROOMS:
        return f"sim/{path}"
    parts = name.split("/")[:-1] + path.split("/")
    folders = []
    for part in parts:
        if part == "..":
            folders.pop()
        elif part != ".":
            folders.append(part)
    return "/".join(folders)


def problems_of(name, text):
    """What breaks a rule in one file."""
    room = room_of(name)
    if room not in ROOMS:
        yield f"{name}: '{room}' is no room of the house ({', '.join(ROOMS)})"
        return
    code = without_comments(text, keep_strings=True)
    for match in INCLUDE.finditer(code):
        if match.group(1) == "<" and not match.group(2).startswith("outlay/"):
            continue
        other = room_of(included(name, match.group(2)) or "")
        line = code.count("\n", 0, match.start(2)) + 1
        if other not in ROOMS:
            yield f"{name}:{line}: includes {match.group(2)}, which is in no room of the house"
        elif ROOMS.index(other) > ROOMS.index(room):
            yield f"{name}:{line}: {room} may not use {other} ({match.group(2)}), which comes after it"
    if name != "sim/engine/engine.c":
        for match in OPENMP.finditer(code):
            yield f"{name}:{code.count(chr(10), 0, match.start()) + 1}: OpenMP belongs in sim/engine/engine.c only"
    if room != "cli":
        bare = without_comments(text)
        for match in TERMINAL.finditer(bare):
            line = bare.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {match.group()}: only sim/cli prints, asks the environment or ends the program"
    n_lines = text.count("\n")
    if n_lines > MAX_LINES:
        yield f"{name}: {n_lines} lines, more than {MAX_LINES}"
    elif n_lines > AIM_LINES:
        print(f"note: {name} has {n_lines} lines; about {AIM_LINES} is the aim")


# The biased twin: each of these must be rejected ...
REJECTED = [
    ("sim/base/a.c", '#include "outlay/plan.h"\n'),
    ("sim/plan/a.c", '#include "results/file.h"\n'),
    ("sim/plan/a.c", '#include "../results/file.h"\n'),
    ("sim/plan/a.c", '#  include <outlay/engine.h>\n'),
    ("include/outlay/law.h", '#include "outlay/scenario.h"\n'),
    ("sim/kitchen/a.c", "int a;\n"),
    ("sim/cli/a.c", '#include "../../tests/x.h"\n'),
    ("sim/replicate/a.c", "#pragma omp parallel for\n"),
    ("sim/engine/other.c", "#include <omp.h>\n"),
    ("sim/random/a.c", 'void f(void)\n{\n    printf("x");\n}\n'),
    ("sim/results/a.c", "void f(void)\n{\n    fprintf(stderr, 1);\n}\n"),
    ("sim/results/a.c", "void f(void)\n{\n    exit(1);\n}\n"),
    ("sim/base/a.c", "\n" * (MAX_LINES + 1)),
]
# ... and each of these let through.
ACCEPTED = [
    ("sim/cli/main.c", '#include "outlay/engine.h"\n#include <stdio.h>\nvoid f(void)\n{\n    printf("x");\n}\n'),
    ("sim/plan/a.c", '#include "plan.h"\n#include "outlay/error.h"\n#include "base/yaml.h"\n#include <math.h>\n'),
    ("sim/engine/engine.c", "#include <omp.h>\n#pragma omp parallel for\n"),
    ("sim/results/a.c", '/* exit, printf */\nvoid f(FILE *out)\n{\n    fprintf(out, "exit \\" abort");\n}\n'),
    ("include/outlay/plan.h", '#include "outlay/scenario.h"\n'),
]
for sample in REJECTED:
    assert list(problems_of(*sample)), f"the check lets through what it must reject: {sample}"
for sample in ACCEPTED:
    assert not list(problems_of(*sample)), f"the check rejects what it must let through: {sample}"

problems = []
for path in files(".c", ".h"):
    if room_of(str(path)) is not None:
        problems += problems_of(str(path), (SOURCE / path).read_text(encoding="utf-8"))
report(problems)
