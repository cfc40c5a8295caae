"""The program under test, a small scenario, and a folder of its own for each test."""
import os
import subprocess
import tempfile
import unittest

OUTLAY = os.environ["OUTLAY"]

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
    budget: 100 M
    award: {rate: 50%, cap: 2 M}
    applications:
      per_year: 1.2
      contract: {lognormal: {median: 2 M, sigma: 1}}
"""


def outlay(*arguments, **kwargs):
    return subprocess.run([OUTLAY, *arguments], capture_output=True, text=True, timeout=600, **kwargs)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.small = self.write("small.yaml", SMALL)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def bytes_of(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def run_ok(self, *arguments, **kwargs):
        done = outlay(*arguments, **kwargs)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done
