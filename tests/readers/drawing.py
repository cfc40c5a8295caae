"""What the tests of the figures share: small scenarios, running and drawing them, reading an SVG."""
import contextlib
import html
import io
import os
import re
import subprocess
import sys
import tempfile
import unittest
import warnings

OUTLAY, SOURCE = os.path.abspath(os.environ["OUTLAY"]), os.environ["OUTLAY_SOURCE"]
ANALYSIS = os.path.join(SOURCE, "analysis")
sys.dont_write_bytecode = True
sys.path.insert(0, ANALYSIS)
from outlay_analysis.command import main  # noqa: E402

SMALL = """\
outlay: 1
title: Small
currency: CNY
calendar: weekdays
horizon: {start: 2025-01-01}
classes:
  firm: {count: 100}
programmes:
  aid:
    budget: 120 M
    award: {rate: 50%, cap: 2 M}
    applications:
      per_year: 1.2
      contract: {lognormal: {median: 2 M, sigma: 1}}
"""
DRAWS = SMALL.replace("count: 100", "count: {uniform: [50, 150]}")
CHINESE = DRAWS.replace("title: Small", "title: 深圳训练算力券 costs $5 to $6 & <more>")
NEVER = SMALL.replace("budget: 120 M", "budget: 10 bn")
DAY_ONE = SMALL.replace("count: 100", "count: 100000").replace("budget: 120 M", "budget: 1 M")
NOTHING = SMALL.replace("budget: 120 M", "budget: 0")
TWO = """\
outlay: 1
title: Two programmes
currency: EUR
calendar: weekdays
horizon: {start: 2024-02-29, years: 2}
classes:
  firm: {count: {uniform: [60, 140]}, growth: 20%}
  startup: {count: 30}
programmes:
  aid:
    title: Aid for machines
    budget: {amount: 80 M, carry_over: all}
    award: {rate: 50%, cap: 2 M}
    applications: {per_year: 1.2, contract: {lognormal: {median: 2 M, sigma: 1}}}
  grid:
    budget: {triangular: [30 M, 60 M, 70 M]}
    award: {rate: 30%}
    applications: {per_year: 1, contract: {lognormal: {median: 2 M, sigma: 1}}}
    allocation: {last_award: close}
"""


def figures(*arguments):
    """The subcommand figures, in this process, with warnings as errors: (exit status, printed, said)."""
    printed, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            status = main(list(arguments), "figures")
        except SystemExit as exit:
            status = exit.code
    return status, printed.getvalue(), said.getvalue()


def svg_text(path):
    """The texts of an SVG, one a line; no-break spaces as blanks."""
    with open(path, encoding="utf-8") as file:
        found = re.findall(r"<text[^>]*>(.*?)</text>", file.read(), re.S)
    return plain("\n".join(html.unescape(text) for text in found))


def plain(text):
    """With blanks for no-break spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def result(self, scenario, *arguments, name="case", command="run"):
        """Run the scenario; the path of its result."""
        with open(self.path(f"{name}.yaml"), "w", encoding="utf-8") as file:
            file.write(scenario)
        done = subprocess.run([OUTLAY, command, self.path(f"{name}.yaml"), "-o", self.path(f"{name}.h5"), "--force",
                               "--quiet", *arguments], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.path(f"{name}.h5")

    def draw(self, path, *arguments):
        """Draw figures of files into fig/, as SVG; the paths written."""
        paths = [path] if isinstance(path, str) else path
        status, printed, said = figures(*paths, "-o", self.path("fig"), "--formats", "svg", *arguments)
        self.assertEqual((status, said), (0, ""))
        return printed.splitlines()

    def text(self, kind, stem="case"):
        """The text of a figure drawn, its broken lines joined too."""
        text = svg_text(self.path(f"fig/{stem}_{kind}.svg"))
        return text + "\n" + text.replace("\n", " ")
