"""tests/stat/README.md says what the statistical tests check: its table is made from the heads of the tests.

Each tests/stat/test_*.c states in its first comment what it checks, the known answers, the twin, the threshold and its
probability of a false alarm, as `N checks x 5.7e-7 = P`. N is what its main gives to check_finish, which counts the
checks that are made; the sum over the files stands in the page. Every random purpose (include/outlay/random.h) and every
family of laws has a line in the page's own lists, and these name tests that exist and are registered.
Usage: statistics.py [--update]; --update writes the table anew.
"""
import os
import re
import sys
from pathlib import Path

SOURCE = Path(os.environ.get("OUTLAY_SOURCE", Path(__file__).resolve().parents[2]))
PAGE = SOURCE / "tests/stat/README.md"
FALSE_ALARM = 5.733e-7
PARTS = ("Checks", "Known answers", "Twin", "Threshold", "False-alarm probability of this file")
BEGIN, END = "<!-- begin: heads of the tests -->\n", "<!-- end: heads of the tests -->\n"


def head_of(text):
    """{part: sentence} of the first comment, with its title as ""; a part that is missing is not in it."""
    lines = [line.removeprefix(" *").strip() for line in text[: text.index("*/")].splitlines()[1:]]
    head, part = {"": ""}, ""
    for line in lines:
        found = re.match(f"({'|'.join(PARTS)}): (.*)", line)
        part, line = (found[1], found[2]) if found else (part, line)
        head[part] = f"{head.get(part, '')} {line}".strip()
    return head


def stated(head):
    """The number of checks and the probability that a head states, or None."""
    found = re.match(r"(\d+) checks x 5\.7e-7 = ([0-9.e-]+?)\.? ?(Seed|$)", head.get(PARTS[4], ""))
    return (int(found[1]), float(found[2])) if found else None


def problems_of(text):
    head = head_of(text)
    yield from (f"its head has no '{part}:'" for part in PARTS if part not in head)
    numbers, count = stated(head), re.findall(r"check_finish\(.*, (\d+)\);", text)
    if numbers is None:
        yield "its head does not state 'N checks x 5.7e-7 = P'"
    elif abs(numbers[1] - numbers[0] * FALSE_ALARM) > 0.06 * numbers[0] * FALSE_ALARM:
        yield f"{numbers[0]} checks x 5.7e-7 are {numbers[0] * FALSE_ALARM:.2g}, not {numbers[1]}"
    elif numbers[0] > 0 and count != [str(numbers[0])]:
        yield f"its head states {numbers[0]} checks, main gives check_finish {count}"
    if not re.findall(r"cmocka_unit_test\(", text):
        yield "no test"


def table(texts):
    rows, total = [], 0
    for name, text in texts.items():
        head = head_of(text)
        n, p = stated(head)
        total += n
        rows.append(f"| `{name}` | {head['Checks']} | {head['Known answers']} | {head['Twin']} | {n} | {p:.1e} |")
    return "\n".join(["| test | checks | known answers | twin | number | false alarm |", "| --- " * 6 + "|", *rows, "",
                      f"In all {total} checks that may fail by chance, each with a probability of 5.7e-7: that a right "
                      f"program fails at least one of them has a probability of at most {total * FALSE_ALARM:.1e}.", ""])


# The biased twins: heads that state too little are noticed.
GOOD = ("/*\n * test_x.c: a\n * b.\n *\n * Checks: c\n * d.\n * Known answers: e.\n * Twin: f.\n * Threshold: g.\n"
        " * False-alarm probability of this file: 100 checks x 5.7e-7 = 5.7e-5. Seed 1.\n */\n"
        "cmocka_unit_test(x) return check_finish(n, 100);")
assert not list(problems_of(GOOD)) and head_of(GOOD)["Checks"] == "c d."
for old, new in (("= 5.7e-5", "= 7.7e-5"), (", 100)", ", 101)"), ("Twin: f", "f"), ("cmocka_unit_test", "test"),
                 ("100 checks", "some checks")):
    assert list(problems_of(GOOD.replace(old, new))), old

problems = []
texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((SOURCE / "tests/stat").glob("test_*.c"))}
for name, text in texts.items():
    problems += [f"tests/stat/{name}: {problem}" for problem in problems_of(text)]

page = PAGE.read_text(encoding="utf-8")
if page.count(BEGIN) != 1 or page.count(END) != 1:
    problems.append(f"{PAGE.name} has not exactly one section of the heads")
elif not problems:
    wanted = page[: page.index(BEGIN) + len(BEGIN)] + "\n" + table(texts) + "\n" + page[page.index(END):]
    if "--update" in sys.argv[1:]:
        PAGE.write_text(wanted, encoding="utf-8")
        page = wanted
    elif page != wanted:
        problems.append("the table is not fresh; remedy: /usr/bin/python3 tests/doc/statistics.py --update")

# The page's own lists: purposes and families, each with tests that exist.
cmake = (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8")
own = page[: page.index(BEGIN)] + page[page.index(END):]
covered = set(re.findall(r"^\| `(\w+)` \|", own, re.M))
purposes = re.findall(r"^ +X\((\w+), \"", (SOURCE / "include/outlay/random.h").read_text(encoding="utf-8"), re.M)
families = re.findall(r"\{OUTLAY_\w+, \"(\w+)\",", (SOURCE / "sim/base/law.c").read_text(encoding="utf-8"))
assert len(purposes) >= 10 and len(families) >= 14
problems += [f"{PAGE.name} says nothing of `{name}`" for name in sorted({*purposes, *families} - covered)]
problems += [f"{PAGE.name} names `{name}`, which is no purpose and no family"
             for name in sorted(covered - {*purposes, *families})]
for name in re.findall(r"`(test_\w+\.c)`", own):
    where = [folder for folder in ("stat", "unit") if (SOURCE / "tests" / folder / name).exists()]
    if not where or f"outlay_add_c_test({where[0]} {name[5:-2]})" not in cmake:
        problems.append(f"{PAGE.name} names {name}, which is not there or not registered")
for function in re.findall(r"`(test_\w+)`", own):
    if not any(f"cmocka_unit_test({function})" in text for text in texts.values()):
        problems.append(f"{PAGE.name} names {function}, which no test runs")

print("\n".join(problems) or f"tests/stat/README.md: fresh; {len(texts)} tests")
sys.exit(1 if problems else 0)
