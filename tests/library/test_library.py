"""The library of cases: every scenario runs, keeps the identities, states its sources, and stands in the index.

usage: test_library.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

The tables of README.md and scenarios/README.md that hold it against reality are generated anew and compared (reality.py --update renews it).
False alarms: none, all seeds are fixed.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import reality  # noqa: E402

OUTLAY, SCENARIOS = reality.OUTLAY, reality.SCENARIOS
FILES = sorted(glob.glob(os.path.join(SCENARIOS, "*.yaml")))

# values that are no figures and need no source
NAMES = re.compile(r"^\s*(outlay|title|description|currency):|^\s*calendar: weekdays|^simulation|^\s*seed:")

# What the simulator is known to miss; README.md says why. A prediction that newly misses, or newly hits, fails.
KNOWN_MISSES = {
    ("kfw-442", "applicants served"),
    ("ppp-round-1", "mean loan after 13 April, k USD"),
    ("ppp-round-1", "mean loan at the end, k USD"),
    ("ppp-round-1", "money gone"),
    ("bus-year-3", "vouchers redeemed"),
    ("bus-year-3", "vouchers open at the year's end"),
    ("bus-year-3", "applications refused for money"),
    ("bus-year-3", "vouchers redeemed, were money no limit"),
    ("bus-year-3", "vouchers open at the year's end, were money no limit"),
}


def name_of(path):
    return os.path.splitext(os.path.basename(path))[0]


def columns(path, *arguments):
    """All variables of a run, and its attributes' text."""
    with tempfile.TemporaryDirectory() as folder:
        result = os.path.join(folder, "run.h5")
        subprocess.run([OUTLAY, "run", path, "-o", result, "--quiet", *arguments], check=True, capture_output=True)
        with h5py.File(result) as file:
            return {key: file[key][...] for key in file}


def small(path):
    with open(path, encoding="utf-8") as file:
        is_large = "\nsimulation:" in file.read()
    return columns(path, "-n", "1" if is_large else "4", *(["--draws", "4"] if has_uncertain(path) else []))


def has_uncertain(path):
    return "# uncertain:" in check(path)


def check(path):
    return subprocess.run([OUTLAY, "check", path], check=True, capture_output=True, text=True).stdout


class Library(unittest.TestCase):
    def fen(self, values):
        whole = np.rint(values * 100.0)
        self.assertLess(np.max(abs(values * 100.0 - whole), initial=0.0), 0.5)
        return whole

    def assert_identities(self, run):
        def money(*names):
            return sum(self.fen(run[name]) for name in names)

        def count(*names):
            return sum(run[name].astype(np.int64) for name in names)

        np.testing.assert_array_equal(
            money("appropriation", "topped_up", "received", "carried_in", "overdrawn"),
            money("outlay", "outstanding", "given", "lapsed", "carried_out"))
        np.testing.assert_array_equal(money("demand"), money("committed", "unmet"))
        np.testing.assert_array_equal(money("committed"), money("outlay", "returned", "outstanding"))
        np.testing.assert_array_equal(
            count("applications"), count("awards", "refused_for_money", "refused_on_merits", "withdrawn", "pending"))
        np.testing.assert_array_equal(run["applications_by_class"].sum(axis=-1), run["applications"])
        np.testing.assert_array_equal(self.fen(run["carried_out"])[..., :-1], self.fen(run["carried_in"])[..., 1:])

    def test_every_scenario_runs_and_keeps_the_identities(self):
        for path in FILES:
            with self.subTest(scenario=name_of(path)):
                run = small(path)
                self.assert_identities(run)
                self.assertGreater(run["applications"].sum(), 0)

    def test_every_stated_value_has_a_source(self):
        for path in FILES:
            for line in check(path).splitlines():
                value, _, comment = line.partition(" # ")
                if re.search(r"\.yaml:\d+", comment) and not NAMES.search(value):
                    self.assertIn("source: ", comment, f"{name_of(path)}: {line}")

    def test_every_scenario_stands_in_the_index(self):
        with open(reality.README, encoding="utf-8") as file:
            index = file.read()
        for path in FILES:
            self.assertIn(f"| [{name_of(path)}.yaml]({name_of(path)}.yaml) |", index)
        for link in re.findall(r"\]\(([^)#]+\.(?:yaml|csv))\)", index):
            self.assertTrue(os.path.exists(os.path.join(SCENARIOS, link)), link)

    def test_twins_meet_the_same_applicants(self):
        twins = {"shenzhen-2025": ["shenzhen-domestic", "shenzhen-2025-official", "rule-first-come"],
                 "rule-first-come": [name_of(p) for p in FILES if name_of(p).startswith("rule-")
                                     and name_of(p) != "rule-carry-over"]}
        for first, others in twins.items():
            expected = small(os.path.join(SCENARIOS, first + ".yaml"))
            for other in others:
                run = small(os.path.join(SCENARIOS, other + ".yaml"))
                for variable in ("applications_by_class", "contract_value_by_class"):
                    with self.subTest(twins=(first, other), variable=variable):
                        self.assertEqual(run[variable].tobytes(), expected[variable].tobytes())

    def test_coupons_are_the_same_beside_other_programmes(self):
        alone = small(os.path.join(SCENARIOS, "shenzhen-2025-official.yaml"))
        for other in ("shenzhen-three-coupons", "shenzhen-city-and-district"):
            beside = small(os.path.join(SCENARIOS, other + ".yaml"))
            for variable in ("outlay", "contract_value", "exhaustion_date"):
                np.testing.assert_array_equal(beside[variable][:, :, :1], alone[variable], f"{other}: {variable}")


class Reality(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = list(reality.rows())

    def test_table_is_fresh_and_hides_no_miss(self):
        for page, text in reality.pages(self.rows):
            self.assertEqual(reality.read_table(page), text,
                             f"{page} is stale: run tests/library/reality.py --update")
        misses = {(name, label) for name, label, observed, simulated, kind in self.rows
                  if kind == reality.PREDICTED and not reality.is_inside(observed, simulated)}
        self.assertEqual(misses, KNOWN_MISSES)

    def test_what_was_set_comes_out(self):
        """A figure that parameters were set from is met within 2 %, else the file does not do what it says."""
        for name, label, observed, simulated, kind in self.rows:
            if kind in (reality.SET, reality.IDENTITY):
                self.assertLess(abs(simulated[0] / observed - 1.0), 0.02, f"{name}: {label}")

    def test_observed_files_are_read(self):
        for path in glob.glob(os.path.join(SCENARIOS, "observed", "*.csv")):
            self.assertIn(name_of(path), reality.CASES)
            for quantity, _, _, _ in reality.observed_points(name_of(path)):
                self.assertTrue(quantity)


if __name__ == "__main__":
    unittest.main()
