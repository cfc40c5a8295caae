"""The reference pages say what the program says: each generated section equals the output of its command.

A section stands between `<!-- begin: outlay params -->` and `<!-- end: outlay params -->`; a file that is no page of
Markdown is the output as a whole.
Usage: fresh.py [--update]; --update writes the pages anew.
"""

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(os.environ.get("OUTLAY_SOURCE", Path(__file__).resolve().parents[2]))
OUTLAY = os.environ.get("OUTLAY", str(SOURCE / "build/default/outlay"))
PAGES = [
    ("scenarios/README.md", "params"),
    ("scenarios/schema.json", "schema"),
    ("analysis/README.md", "fields"),
]


def with_section(page, command, output):
    """The page with the command's section replaced by `output`; None if it has not exactly one such section."""
    begin, end = f"<!-- begin: outlay {command} -->\n", f"<!-- end: outlay {command} -->\n"
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        return None
    return page[: page.index(begin) + len(begin)] + "\n" + output.strip("\n") + "\n\n" + page[page.index(end):]


# The biased twin: a page with one letter changed is not fresh.
assert with_section("<!-- begin: outlay x -->\n\nb\n\n<!-- end: outlay x -->\n", "x", "a\n").count("a\n") == 1
assert with_section("no section", "x", "a\n") is None

problems = 0
for name, command in PAGES:
    path = SOURCE / name
    output = subprocess.run([OUTLAY, command], check=True, capture_output=True).stdout.decode()
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    wanted = with_section(page, command, output) if name.endswith(".md") else output
    if wanted is None:
        print(f"{name}: has not exactly one section 'begin: outlay {command}' ... 'end: outlay {command}'")
        problems += 1
    elif not output.strip():
        print(f"outlay {command} prints nothing")
        problems += 1
    elif "--update" in sys.argv[1:]:
        path.write_text(wanted, encoding="utf-8")
        print(f"{name}: {'unchanged' if wanted == page else 'updated'}")
    elif wanted != page:
        print(f"{name}: differs from what `outlay {command}` prints; remedy: /usr/bin/python3 tests/doc/fresh.py --update")
        problems += 1
    else:
        print(f"{name}: fresh")
sys.exit(1 if problems else 0)
