"""The figures: drawn for each kind of result, with the words and the numbers that the result file has.

usage: test_figures.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

Exit status 77: no matplotlib or h5py.
"""
import filecmp
import html
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

try:
    import h5py
    import matplotlib  # noqa: F401, the figures need it
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

OUTLAY, SOURCE = os.path.abspath(os.environ["OUTLAY"]), os.environ["OUTLAY_SOURCE"]
ANALYSIS = os.path.join(SOURCE, "analysis")
FIGURES = os.path.join(ANALYSIS, "figures.py")
KINDS = ("exhaustion", "payout", "commitment")
sys.dont_write_bytecode = True
sys.path.insert(0, ANALYSIS)
from outlay_analysis import commitment, exhaustion, payout, words  # noqa: E402
from outlay_analysis.load import Result, anniversary  # noqa: E402

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


def figures(*arguments, cwd=None):
    return subprocess.run([sys.executable, "-W", "error", FIGURES, *arguments], capture_output=True, text=True, cwd=cwd)


def svg_text(path):
    """The texts of an SVG, one a line."""
    with open(path, encoding="utf-8") as file:
        return "\n".join(html.unescape(t) for t in re.findall(r"<text[^>]*>(.*?)</text>", file.read(), re.S))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def result(self, scenario, *arguments):
        """Run the scenario; the path of its result."""
        with open(self.path("case.yaml"), "w", encoding="utf-8") as file:
            file.write(scenario)
        done = subprocess.run([OUTLAY, "run", self.path("case.yaml"), "-o", self.path("case.h5"), "--force", "--quiet",
                               *arguments], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.path("case.h5")

    def draw(self, path, *arguments):
        """Draw the figures of a file into fig/; the paths written."""
        done = figures(path, "-o", self.path("fig"), *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        written = done.stdout.splitlines()
        for name in written:
            self.assertGreater(os.path.getsize(name), 5000, name)
        return written

    def texts(self, suffix=""):
        """The texts of the three figures."""
        return {kind: svg_text(self.path(f"fig/case_{kind}{suffix}.svg")) for kind in KINDS}


class OneProgramme(Case):
    def check_numbers(self, path, texts):
        """The numbers in the figures are those of the file, computed here anew from the replicates."""
        with h5py.File(path) as file:
            dates = file["exhaustion_date"][:, :, 0, 0]
            p = np.mean(dates != file["exhaustion_date"].attrs["_FillValue"])
            paid, asked = file["outlay"][:, :, 0, 0].mean(), file["demand"][:, :, 0, 0].mean()
            budget = file["appropriation"][0, 0, 0, 0]
            low, high = (file["outlay_quantile"][0, 0, i] for i in (1, 5))
            median = file["commitment_quantile"][0, 3, -1]
            error = file["p_exhausted_se"][0, 0]
        for kind in KINDS:
            self.assertIn("replicates", texts[kind])
        if 0 < p < 1:
            self.assertIn(f"with probability {p:.3f} ± {error:.3f}", texts["exhaustion"].replace("\n", " "))
            for kind in ("exhaustion", "payout"):
                self.assertIn(f"{p:.3f}\nexhausted", texts[kind])
                self.assertIn(f"{1 - p:.3f}\nnot exhausted", texts[kind])
        self.assertIn(f"mean {words.money(paid, 'CNY')}", texts["payout"])
        self.assertIn(f"mean {words.money(asked, 'CNY')}", texts["payout"])
        for amount in (low, high) if low < high else ():
            self.assertIn(f"\n{words.money(amount, '').strip()}\n", texts["payout"])
        for kind in ("payout", "commitment"):
            self.assertIn(f"budget {words.money(budget, 'CNY')}", texts[kind])
        self.assertIn(f"median {words.money(median, '').strip()}", texts["commitment"])

    def check_axes(self, texts):
        for kind, axis in (("exhaustion", "probability that the budget is exhausted by that day"),
                           ("exhaustion", "share of replicates that are exhausted in the week (Monday to Sunday)"),
                           ("payout", "share of replicates in each"), ("payout", "CNY in the fiscal year"),
                           ("commitment", "committed since the fiscal year began")):
            self.assertIn(axis, texts[kind])
        for kind in ("exhaustion", "commitment"):
            for month in words.MONTHS:
                self.assertRegex(texts[kind], f"(?m)^{month}$")

    def test_one_draw(self):
        path = self.result(SMALL, "-n", "2000")
        written = self.draw(path)
        self.assertEqual(written, [self.path(f"fig/case_{kind}.{f}") for kind in KINDS for f in ("png", "svg")])
        texts = self.texts()
        self.check_numbers(path, texts)
        self.check_axes(texts)
        for kind in KINDS:
            self.assertIn("Small · aid · fiscal year 2025", texts[kind])
            self.assertIn("2,000 replicates, seed 1, outlay ", texts[kind])

    def test_the_check_of_numbers_can_fail(self):
        """The biased twin: a file whose summaries are not those of its replicates."""
        path = self.result(SMALL, "-n", "500")
        self.draw(path)
        self.check_numbers(path, self.texts())
        for name, change in (("p_exhausted", -0.1), ("outlay_mean", 1e6), ("demand_mean", 1e7)):
            with h5py.File(path, "r+") as file:
                before = file[name][...]
                file[name][...] = before + change
            self.draw(path)
            with self.assertRaises(AssertionError, msg=name):
                self.check_numbers(path, self.texts())
            with h5py.File(path, "r+") as file:
                file[name][...] = before

    def test_draws(self):
        path = self.result(DRAWS, "--draws", "60", "-n", "20")
        self.draw(path)
        texts = self.texts()
        self.check_numbers(path, texts)
        self.assertIn("1,200 replicates (60 draws × 20), seed 1", texts["exhaustion"])

    def test_quantile_dates(self):
        path = self.result(DRAWS, "--draws", "60", "-n", "20", "--set", "programmes.aid.budget=60 M")
        self.draw(path)
        texts = self.texts()
        with h5py.File(path) as file:
            days = file["exhaustion_date_quantile"][0, 0]
        with Result(path) as result:
            case = result.case(0, 0)
        texts["exhaustion"] += texts["exhaustion"].replace("\n", " ")  # a title may be broken
        for i, name in ((1, "5 %"), (3, "median")):
            self.assertIn(f"{name}: {words.date(case.date(days[i]))}", texts["exhaustion"])
        self.assertIn(f"median date {words.date(case.date(days[3]))}", texts["exhaustion"])

    def test_never_exhausted(self):
        path = self.result(NEVER, "-n", "500")
        self.draw(path)
        texts = self.texts()
        self.check_numbers(path, texts)
        self.assertIn("Never exhausted within 2025 in 500 replicates", texts["exhaustion"])
        self.assertIn("not exhausted\nin every replicate", texts["exhaustion"])
        self.assertIn("none in any week", texts["exhaustion"])
        self.assertIn("far beyond this axis", texts["payout"])
        self.assertIn("far above this axis", texts["commitment"])

    def test_always_exhausted_on_day_one(self):
        path = self.result(DAY_ONE, "-n", "30")
        self.draw(path)
        texts = self.texts()
        self.check_numbers(path, texts)
        self.assertIn("Exhausted within 2025 in all 30 replicates, median date 1 Jan 2025", texts["exhaustion"])
        self.assertIn("exhausted\nin every replicate", texts["exhaustion"])
        self.assertIn("All of the 1.00 M CNY is always paid", texts["payout"])
        self.assertIn("all by 1 Jan 2025 (median)", texts["commitment"])

    def test_no_budget_no_applications_one_replicate(self):
        for scenario in (NOTHING, SMALL.replace("per_year: 1.2", "per_year: 0"), SMALL):
            self.draw(self.result(scenario, "-n", "1"))
        self.draw(self.result(NOTHING, "-n", "20"))
        self.assertIn("There is no money: nothing is paid", self.texts()["payout"])
        self.assertIn("There is no budget: nothing is committed", self.texts()["commitment"])

    def test_the_library(self):
        """The baseline, and its twin whose budget is a tenth."""
        for name in ("shenzhen-2025", "shenzhen-2025-official"):
            scenario = os.path.join(SOURCE, "scenarios", f"{name}.yaml")
            path = self.path("case.h5")
            subprocess.run([OUTLAY, "run", scenario, "--draws", "40", "-n", "10", "-o", path, "--force", "--quiet"],
                           check=True)
            self.draw(path)
            texts = self.texts()
            self.check_numbers(path, texts)
            self.check_axes(texts)
            self.assertIn("Training-compute coupons · fiscal year 2025", texts["exhaustion"])
            self.assertIn("bn CNY", texts["payout"])

    def test_characters(self):
        path = self.result(CHINESE, "--draws", "20", "-n", "20")
        done = figures(path, "-o", self.path("fig"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stderr == "" or "fonts-noto-cjk" in done.stderr, done.stderr)
        for text in self.texts().values():
            self.assertIn("深圳训练算力券 costs $5 to $6 & <more> · aid", text)

    def test_equal_files_give_equal_figures(self):
        path = self.result(DRAWS, "--draws", "20", "-n", "20")
        for folder in ("a", "b"):
            self.assertEqual(figures(path, "-o", self.path(folder), "--formats", "png,svg,pdf").returncode, 0)
        names = sorted(os.listdir(self.path("a")))
        self.assertEqual(len(names), 9)
        self.assertEqual(filecmp.cmpfiles(self.path("a"), self.path("b"), names, shallow=False)[0], names)


class SeveralProgrammes(Case):
    def test_two_programmes_two_years(self):
        path = self.result(TWO, "--draws", "40", "-n", "10")
        written = self.draw(path)
        self.assertEqual(len(written), 12)
        with h5py.File(path) as file:
            p = file["p_exhausted"][...]
            paid = file["outlay_mean"][...]
        for i, (suffix, title) in enumerate((("_aid", "Aid for machines"), ("_grid", "grid"))):
            texts = self.texts(suffix)
            for text in texts.values():
                self.assertIn(f"{title} · fiscal years 2024/25 to 2025/26", text.replace("\n", " · "))
                self.assertIn("Fiscal year 2025/26: ", text)
            shares = [words.probability(x) for x in p[i]]
            self.assertIn(f"Probability of exhaustion: {shares[0]} in 2024/25, {shares[1]} in 2025/26",
                          texts["exhaustion"])
            for amount in paid[i]:
                self.assertIn(words.money(amount, "EUR"), texts["payout"])
        self.assertIn("mean budget", texts["commitment"])

    def test_each_day_and_replicate_is_in_one_year(self):
        path = self.result(TWO, "--draws", "40", "-n", "10")
        with Result(path) as result, h5py.File(path) as file:
            cases = result.cases(0)
            self.assertEqual([case.n_days for case in cases], [366, 365])
            self.assertEqual(sum(case.n_days for case in cases), file["time"].shape[0])
            self.assertEqual([str(case.start) for case in cases], ["2024-02-29", "2025-03-01"])
            for year, case in enumerate(cases):
                self.assertTrue(np.array_equal(case.outlay, file["outlay"][:, :, 0, year].ravel()))
                self.assertTrue((case.exhaustion_days >= 0).all() and (case.exhaustion_days < case.n_days).all())
                self.assertAlmostEqual(case.exhaustion_days.size / case.run.n_done, case.p_exhausted, places=12)
                self.assertAlmostEqual(case.p_exhausted_by_day[-1], case.p_exhausted, places=12)
                weeks = exhaustion.weeks(case)
                self.assertEqual((weeks[0], weeks[-1]), (0, case.n_days))
                self.assertTrue(all(case.date(day).weekday() == 0 for day in weeks[1:-1]))

    def test_titles_name_the_range_of_many_years(self):
        scenario = TWO.replace("years: 2", "years: 6")
        with Result(self.result(scenario, "--draws", "5", "-n", "4")) as result:
            cases = result.cases(0)
        self.assertRegex(exhaustion.finding(cases), r"^Probability of exhaustion: from .* in 20.* to .* in 20")
        self.assertRegex(payout.figure_finding(cases), r"^Paid on average: from .* to .*")
        self.assertRegex(commitment.figure_finding(cases), r"^Median commitment: from .* to .*")


class Incomplete(Case):
    def interrupted(self):
        """A run that is interrupted after its first replicates; it gets longer until it has some."""
        with open(self.path("long.yaml"), "w", encoding="utf-8") as file:
            file.write(DRAWS.replace("[50, 150]", "[5, 15]").replace("budget: 120 M", "budget: 12 M"))
        partial = self.path("long.h5.partial")
        for seconds in (1, 2, 4, 8, 16, 32):
            process = subprocess.Popen([OUTLAY, "run", self.path("long.yaml"), "--draws", "100000", "-n", "1000", "-o",
                                        self.path("long.h5"), "--force", "--quiet"], stderr=subprocess.DEVNULL)
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=300)
            if os.path.exists(partial):
                with h5py.File(partial) as file:
                    if file.attrs["paths_done"] > 0:
                        return partial
        self.fail("no replicate within half a minute")

    def test_partial_file_is_drawn_and_says_so(self):
        partial = self.interrupted()
        done = figures(partial)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with h5py.File(partial) as file:
            n_done, p = int(file.attrs["paths_done"]), file["p_exhausted"][0, 0]
        for kind in KINDS:
            text = svg_text(self.path(f"long_{kind}.svg"))
            self.assertIn(f"INCOMPLETE: the run was interrupted after {n_done:,} replicates of 100,000,000", text)
        with Result(partial) as result:
            case = result.case(0, 0)
        self.assertEqual(case.outlay.size, n_done)
        self.assertAlmostEqual(case.is_exhausted.mean(), p, places=9)


class NoResult(Case):
    def test_message_and_status(self):
        with open(self.path("text.h5"), "w", encoding="utf-8") as file:
            file.write("no HDF5\n")
        with h5py.File(self.path("other.h5"), "w") as file:
            file["x"] = 1
        for name, reason in (("text.h5", "not a result of outlay"), ("other.h5", "not a result of outlay"),
                             ("missing.h5", "no such file"), (".", "folder")):
            done = figures(self.path(name))
            self.assertEqual((done.returncode, done.stdout), (1, ""), name)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(self.path(name), done.stderr)
            self.assertIn(reason, done.stderr)

    def test_without_a_finished_replicate(self):
        path = self.result(SMALL, "-n", "5")
        with h5py.File(path, "r+") as file:
            file.attrs["paths_done"] = 0.0
        done = figures(path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no finished replicate", done.stderr)

    def test_exact_answer(self):
        path = self.path("exact.h5")
        with open(self.path("case.yaml"), "w", encoding="utf-8") as file:
            file.write(SMALL)
        subprocess.run([OUTLAY, "exact", self.path("case.yaml"), "-o", path, "--quiet"], check=True)
        done = figures(path)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("no replicates", done.stderr)

    def test_damaged_file(self):
        path = self.result(SMALL, "-n", "500")
        os.truncate(path, os.path.getsize(path) // 2)
        done = figures(path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("not a result", done.stderr)

    def test_the_others_are_drawn(self):
        path = self.result(SMALL, "-n", "20")
        done = figures(self.path("missing.h5"), path, "--formats", "png")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.splitlines(), [self.path(f"case_{kind}.png") for kind in KINDS])

    def test_unwritable_folder(self):
        path = self.result(SMALL, "-n", "20")
        done = figures(path, "-o", path)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("Traceback", done.stderr)

    def test_misuse(self):
        for arguments in ((), ("x.h5", "--formats", "gif"), ("x.h5", "--formats", ","), ("--colour", "x.h5")):
            done = figures(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertNotIn("Traceback", done.stderr)


class Words(unittest.TestCase):
    def test_money(self):
        for amount, text in ((0, "0 CNY"), (0.05, "0.05 CNY"), (999, "999 CNY"), (999.5, "1.00 k CNY"),
                             (5e9, "5.00 bn CNY"),
                             (9.996e6, "10.0 M CNY"), (99.96e6, "100 M CNY"), (999.6e6, "1.00 bn CNY"),
                             (1.5e12, "1500 bn CNY")):
            self.assertEqual(words.money(amount, "CNY"), text)

    def test_probability_and_percent(self):
        for p, text in ((0, "0"), (1e-6, "below 0.001"), (0.2444, "0.244"), (0.9999, "above 0.999"), (1, "1")):
            self.assertEqual(words.probability(p), text)
        for share, text in ((0, "0 %"), (1e-9, "below 0.1 %"), (0.013, "1.3 %"), (0.81, "81 %"), (0.9999, "99.9 %"),
                            (1, "100 %"), (1.02, "102 %")):
            self.assertEqual(words.percent(share), text)

    def test_wrap(self):
        self.assertEqual(words.wrap("Half committed by 28 Aug 2025", 26), ["Half committed", "by 28 Aug 2025"])
        self.assertEqual(words.wrap("a 5.00 bn CNY b", 12), ["a", "5.00 bn CNY", "b"])
        self.assertEqual(words.wrap("", 10), [""])
        for line in words.wrap("深圳训练算力券" * 9, 20):
            self.assertLessEqual(words.width(line), 20)

    def test_anniversary(self):
        import datetime

        self.assertEqual(anniversary(datetime.date(2024, 2, 29), 1), datetime.date(2025, 3, 1))
        self.assertEqual(anniversary(datetime.date(2024, 2, 29), 4), datetime.date(2028, 2, 29))


if __name__ == "__main__":
    unittest.main()
