"""Nothing in the project names a place on the machine of whoever wrote it.

Files that git tracks or would track are searched for absolute paths outside those that every system has.
"""

import re

from sources import SOURCE, files, report

# An absolute path with a first folder that only a particular machine or account has, and folders beside the project.
FOLDERS = ["home", "Users", "work", "root", "mnt", "media", "srv", "scratch", "builds", "workspace"]
START = r"(?<![\w.~$}/<>-])"
MACHINE_PATH = re.compile(f"{START}/(?:{'|'.join(FOLDERS)})/[\\w.-]+" f"|{START}/wor[k]\\b" f"|{START}share[d]/")


def problems_of(text, name):
    """Each line that names such a path."""
    for number, line in enumerate(text.splitlines(), 1):
        found = MACHINE_PATH.search(line)
        if found:
            yield f"{name}:{number}: names a place on one machine: {found.group()}"


# The biased twin: these must be rejected, and the others let through.
REJECTED = ["see /ho" + "me/anna/outlay", 'open("/wo' + 'rk/main/x.c")', "cd /wo" + "rk", "as sha" + "red/DESIGN.md says"]
ACCEPTED = ["/usr/bin/python3", "/tmp/x", "https://example.org/home/page", "rate/data/point", "/usr/share/x", "build/default/outlay"]
for sample in REJECTED:
    assert list(problems_of(sample, "twin")), sample
for sample in ACCEPTED:
    assert not list(problems_of(sample, "twin")), sample

problems = []
for path in files():
    try:
        text = (SOURCE / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        continue  # a binary file
    problems += problems_of(text, path)
report(problems)
