"""The figures of one result: the words and numbers in them are those that the result file has.

usage: test_figures.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

Exit status 77: no matplotlib, h5py or xarray.
"""
import csv
import filecmp
import os
import signal
import subprocess
import sys
import time
import unittest
import xml.dom.minidom
from unittest import mock

try:
    import h5py
    import matplotlib  # noqa: F401, the figures need it
    import numpy as np
    import xarray  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from drawing import (ANALYSIS, CHINESE, DAY_ONE, DRAWS, NEVER, NOTHING, OUTLAY, SMALL, SOURCE, TWO, Case, figures, plain,
                     svg_text)

import outlay_analysis
from outlay_analysis import awards, burndown, exhaustion, fonts, observed, style
from outlay_analysis.figures import FIGURES
from outlay_analysis.language import Language
from outlay_analysis.result import Result, anniversary

ENGLISH = Language("en")
MAIN = "exhaustion,payout,commitment"


def money(amount, currency="CNY"):
    return plain(ENGLISH.money(amount, currency))


class OneProgramme(Case):
    def check_numbers(self, path):
        """The numbers in the figures are those of the file, computed here anew from the replicates."""
        with h5py.File(path) as file:
            dates = file["exhaustion_date"][:, :, 0, 0]
            p = np.mean(dates != file["exhaustion_date"].attrs["_FillValue"])
            paid, asked = file["outlay"][:, :, 0, 0].mean(), file["demand"][:, :, 0, 0].mean()
            budget = file["appropriation"][0, 0, 0, 0]
            low, high = (file["outlay_quantile"][0, 0, i] for i in (1, 5))
            median = file["commitment_quantile"][0, 3, -1]
            error, asked_error = file["p_exhausted_se"][0, 0], file["demand_mean_se"][0, 0]
        texts = {kind: self.text(kind) for kind in MAIN.split(",")}
        if 0 < p < 1:
            self.assertIn(f"with probability {plain(ENGLISH.probability(p, error))}", texts["exhaustion"])
            for kind in ("exhaustion", "payout"):
                self.assertIn(f"{p:.3f}\nexhausted", texts[kind])
                self.assertIn(f"{1 - p:.3f}\nnot exhausted", texts[kind])
        self.assertIn("mean " + plain(ENGLISH.money_with_error(asked, asked_error, "CNY")), texts["payout"])
        self.assertIn(f"On average {money(paid)} of {money(budget)} is paid ({plain(ENGLISH.percent(paid / budget))})",
                      texts["payout"])
        for amount in (low, high) if low < high else ():
            self.assertIn(f"\n{money(amount, '')}\n", texts["payout"])
        for kind in ("payout", "commitment"):
            self.assertIn(f"budget {money(budget)}", texts[kind])
        self.assertIn(f"median {money(median, '')}", texts["commitment"])

    def test_one_draw(self):
        path = self.result(SMALL, "-n", "2000")
        written = self.draw(path)
        self.assertEqual(written, [self.path(f"fig/case_{kind}.svg") for kind in FIGURES])
        self.check_numbers(path)
        for kind, axis in (("exhaustion", "probability that the budget is exhausted by that day"),
                           ("exhaustion", "share of replicates that are exhausted in the week (Monday to Sunday)"),
                           ("payout", "share of replicates in each"), ("payout", "CNY in the fiscal year"),
                           ("commitment", "committed since the fiscal year began, M CNY"),
                           ("burndown", "not yet committed, M CNY")):
            self.assertIn(axis, self.text(kind))
        for kind in ("exhaustion", "commitment", "outlay", "burndown"):
            for month in "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split():
                self.assertRegex(self.text(kind), f"(?m)^{month}$")
        for kind in FIGURES:
            self.assertIn("Small · aid · fiscal year 2025", self.text(kind))
            self.assertIn("2,000 replicates, seed 1, outlay ", self.text(kind))
        self.assertIn("No number is uncertain: all that varies is luck", self.text("variance"))

    def test_the_check_of_numbers_can_fail(self):
        """The biased twin: a file whose summaries are not those of its replicates."""
        path = self.result(SMALL, "-n", "500")
        self.draw(path, "--kinds", MAIN)
        self.check_numbers(path)
        for name, change in (("p_exhausted", -0.1), ("outlay_mean", 2e6), ("demand_mean", 1e7)):
            with h5py.File(path, "r+") as file:
                before = file[name][...]
                file[name][...] = before + change
            self.draw(path, "--kinds", MAIN)
            with self.assertRaises(AssertionError, msg=name):
                self.check_numbers(path)
            with h5py.File(path, "r+") as file:
                file[name][...] = before

    def test_quantile_dates(self):
        path = self.result(DRAWS, "--draws", "60", "-n", "20", "--set", "programmes.aid.budget=60 M")
        self.draw(path, "--kinds", "exhaustion")
        text = self.text("exhaustion")
        with h5py.File(path) as file:
            days = file["exhaustion_date_quantile"][0, 0]
        with Result(path) as result:
            dates = {i: plain(ENGLISH.date(result.case(0, 0).date(days[i]))) for i in (1, 3)}
        self.assertIn(f"5 %: {dates[1]}", text)
        self.assertIn(f"median: {dates[3]}", text)
        self.assertIn(f"median date {dates[3]}", text)
        self.assertIn("1,200 replicates (60 draws × 20), seed 1", text)

    def test_never_exhausted(self):
        self.draw(self.result(NEVER, "-n", "500"), "--kinds", MAIN + ",unmet")
        self.assertIn("Never exhausted within 2025 in 500 replicates", self.text("exhaustion"))
        self.assertIn("not exhausted\nin every replicate", self.text("exhaustion"))
        self.assertIn("none in any week", self.text("exhaustion"))
        self.assertIn("far beyond this axis", self.text("payout"))
        self.assertIn("far above this axis", self.text("commitment"))
        self.assertIn("All demand is met in 500 replicates", self.text("unmet"))

    def test_always_exhausted_on_day_one(self):
        self.draw(self.result(DAY_ONE, "-n", "30"), "--kinds", MAIN)
        self.assertIn("Exhausted within 2025 in all of 30 replicates, median date 1 Jan 2025", self.text("exhaustion"))
        self.assertIn("exhausted\nin every replicate", self.text("exhaustion"))
        self.assertIn("All of the 1.00 M CNY is always paid", self.text("payout"))
        self.assertIn("all by 1 Jan 2025 (median)", self.text("commitment"))

    def test_no_budget_no_applications_one_replicate(self):
        for scenario in (NOTHING, SMALL.replace("per_year: 1.2", "per_year: 0"), SMALL):
            self.draw(self.result(scenario, "-n", "1"))
        self.assertEqual(len(os.listdir(self.path("fig"))), len(FIGURES))
        self.assertIn("1 replicate: its error cannot be told", self.text("convergence"))
        self.draw(self.result(NOTHING, "-n", "20"))
        self.assertIn("There is no money: nothing is paid", self.text("payout"))
        self.assertIn("There is no budget: nothing is committed", self.text("commitment"))
        self.assertIn("There are no awards", self.text("awards"))

    def test_equal_files_give_equal_figures(self):
        path = self.result(DRAWS, "--draws", "20", "-n", "20")
        for folder in ("a", "b"):
            status, _, _ = figures(path, "-o", self.path(folder), "--formats", "png,svg,pdf", "--kinds", MAIN)
            self.assertEqual(status, 0)
        names = sorted(os.listdir(self.path("a")))
        self.assertEqual(len(names), 9)
        self.assertEqual(filecmp.cmpfiles(self.path("a"), self.path("b"), names, shallow=False)[0], names)

    def test_curves_for_hovering(self):
        """Every curve that a figure records is in the SVG under its id, with as many points."""
        path = self.result(DRAWS, "--draws", "20", "-n", "20")
        with Result(path) as result:
            for kind in FIGURES:
                figure = outlay_analysis.draw(kind, result)
                with style.applied():
                    style.save(figure, self.path(kind), ["svg"])
                groups = {group.getAttribute("id") for group in
                          xml.dom.minidom.parse(self.path(f"{kind}.svg")).getElementsByTagName("g")}
                for curve in figure.outlay_curves:
                    self.assertIn(curve.gid, groups, kind)
                    self.assertEqual(curve.x.shape, curve.y.shape)
                    self.assertIs(curve.axes.figure, figure)
                if kind in ("exhaustion", "commitment", "outlay", "burndown"):
                    self.assertEqual(str(figure.outlay_curves[0].start), "2025-01-01")
                    self.assertEqual(figure.outlay_curves[0].x.size, 366)
            p = outlay_analysis.draw("exhaustion", result).outlay_curves[0].y
            self.assertTrue(np.array_equal(p[1:], result.file["p_exhausted_by"][0]))


class Fans(Case):
    """The titles of commitment and outlay name the median, and show it: for one, two and five fiscal years."""

    def test_titles(self):
        scenario = TWO[:TWO.index("  grid:")]
        for n in (1, 2, 5):
            path = self.result(scenario.replace("years: 2", f"years: {n}"), "--draws", "10", "-n", "7",
                               "--set", "programmes.aid.budget.amount=200 M")
            with Result(path) as result:
                cases = result.cases(0)
                for kind, variable, mean in (("commitment", "commitment", "committed"),
                                             ("outlay", "outlay_to_date", "outlay")):
                    ends = [case.by_day(variable, 0.5)[-1] for case in cases]
                    shown = {0: ends[0]} if n == 1 else dict(enumerate(ends)) if n < 5 else {
                        int(np.argmin(ends)): min(ends), int(np.argmax(ends)): max(ends)}
                    self.assertTrue(any(ENGLISH.money(end) != ENGLISH.money(cases[i].summary(mean).mean)
                                        for i, end in shown.items()), "the check could not fail")
                    for code, word in (("en", "median"), ("zh", "中位数"), ("de", "Median")):
                        if code == "zh" and fonts.chinese() is None:
                            continue
                        language = Language(code)
                        figure = outlay_analysis.draw(kind, result, language)
                        title = plain(" ".join(text.get_text() for text in figure.texts
                                               if text.get_fontsize() == style.TITLE_SIZE))
                        self.assertIn(word, title.lower() if code == "en" else title)
                        for i, end in shown.items() if n > 1 else ():
                            self.assertIn(plain(language.money(end, "EUR")), title)


class OtherKinds(Case):
    """What the titles of the kinds say is what the replicates say."""

    def test_numbers(self):
        scenario = DRAWS.replace("  firm:", "  startup: {count: 40}\n  firm:").replace("120 M", "170 M")
        path = self.result(scenario, "--draws", "60", "-n", "20")
        self.draw(path, "--kinds", "classes,unmet,burndown,awards,variance,convergence,outlay")
        with h5py.File(path) as file:
            data = {name: file[name][:, :, 0, 0] for name in ("unmet", "demand", "outlay", "exhaustion_date", "gini",
                                                              "share_at_cap", "top_decile_share", "outlay_by_class")}
            never = file["exhaustion_date"].attrs["_FillValue"]
            left = 170e6 - file["commitment_quantile"][0, 3, -1]
        paid = data["outlay_by_class"].mean(axis=(0, 1))
        self.assertIn(f"firm {100 * paid[1] / paid.sum():.0f} %, startup ", self.text("classes"))
        unmet = data["unmet"]
        self.assertIn(f"On average {money(unmet.mean())} of demand finds no money "
                      f"({100 * unmet.mean() / data['demand'].mean():.0f} %); all is met with probability "
                      f"{(unmet == 0).mean():.3f}", self.text("unmet"))
        self.assertIn(f"{money(left)} at the end of the year (median)", self.text("burndown"))
        self.assertIn(f"tenth gets {100 * data['top_decile_share'].mean():.0f} % of the money; the cap cuts "
                      f"{100 * data['share_at_cap'].mean():.0f} % of the awards", self.text("awards"))
        self.assertIn(f"Gini coefficient: {100 * data['gini'].mean():.1f}"[:-2], self.text("awards"))
        # One-way analysis of variance, written out.
        values = data["outlay"]
        within = values.var(axis=1, ddof=1).mean()
        between = values.mean(axis=1).var(ddof=1) - within / values.shape[1]
        unknown = 100 * between / (between + within)
        self.assertIn(f"Of the variance of what is paid, {unknown:.0f} % is not known, {100 - unknown:.0f} % is luck",
                      self.text("variance"))
        is_exhausted = data["exhaustion_date"] != never
        half = 1.959964 * is_exhausted.mean(axis=1).std(ddof=1) / 60 ** 0.5
        self.assertIn(f"the probability of exhaustion is known to ± {half:.2f}"[:-1], self.text("convergence"))

    def test_sd_between_draws_is_that_of_the_program(self):
        path = self.result(DRAWS, "--draws", "40", "-n", "10", "--set", "simulation.design=sobol")
        from outlay_analysis import estimate
        with Result(path) as result:
            case = result.case(0, 0)
            self.assertEqual(case.run.design, "sobol")
            for name in ("outlay", "demand", "awards"):
                ours = estimate.mean(case.replicates(name), case.run)
                summary = case.summary(name)
                self.assertAlmostEqual(ours.mean / summary.mean, 1, places=9)
                self.assertAlmostEqual(ours.se / summary.mean_se, 1, places=3, msg=name)
                split = estimate.split(case.replicates(name), case.run)
                self.assertAlmostEqual(split.between ** 0.5 / summary.between_sd, 1, places=6)
                self.assertAlmostEqual(split.within + split.between, split.total)

    def test_lorenz_curve(self):
        """The curve from a ledger has the Gini coefficient and the upper tenth that the file has."""
        path = self.result(DRAWS, "--draws", "3", "-n", "4")
        ledger = self.path("ledger.csv")
        subprocess.run([OUTLAY, "replay", path, "--draw", "1", "--replicate", "2", "-o", ledger, "--quiet"], check=True)
        with Result(path) as result:
            case = result.case(0, 0)
            values = awards.commitments(ledger, case)
            self.assertAlmostEqual(awards.gini(values), result.file["gini"][1, 2, 0, 0], places=9)
            x, y = awards.lorenz(values)
            self.assertEqual((x[0], y[0], x[-1], round(y[-1], 12)), (0, 0, 1, 1))
            self.assertTrue((np.diff(y, 2) >= -1e-12).all(), "convex")
        self.draw(path, "--kinds", "awards", "--ledger", ledger)
        self.assertIn("Lorenz curves of 1 replicate, from their ledgers", self.text("awards"))
        with open(ledger, "w", encoding="utf-8") as file:
            csv.writer(file).writerow(["day", "programme"])
        status, _, said = figures(path, "--kinds", "awards", "--ledger", ledger)
        self.assertEqual(status, 1)
        self.assertIn("no column 'class'", said)

    def test_observed_points(self):
        path = self.result(SMALL, "-n", "200")
        with Result(path) as result:
            case = result.case(0, 0)
            quantiles = case.by_day("commitment", 0.05)[180], case.by_day("commitment", 0.95)[180]
        points = self.path("case.csv")

        def write(*lines):
            with open(points, "w", encoding="utf-8") as file:
                file.write("date,quantity,value,role,source\n" + "".join(line + "\n" for line in lines))

        inside, outside = sum(quantiles) / 2, 1.2 * quantiles[1]
        write(f"2025-06-30,applied_for,{inside},predicted,x", f"2025-06-30,committed,{outside},predicted,x",
              f"2025-06-30,committed,{outside},set,x", "2025-12-01,exhausted,,predicted,x",
              f"2024-06-30,committed,{inside},predicted,another year")
        for where in (points, self.folder.name):
            self.draw(path, "--kinds", "burndown", "--observed", where)
            text = self.text("burndown")
            self.assertIn("2 of 3 predicted points inside 5 to 95 %. Gone on 1 Dec 2025", text)
            self.assertIn("observed, parameters set from it", text)
        with Result(path) as result:
            case = result.case(0, 0)
            told = [burndown.is_inside(case, point) for point in observed.read(points)[:4]]
            self.assertEqual(told, [True, False, False, True])
        for line, reason in (("2025-06-31,committed,1,set,x", "day is out of range"), ("2025-06-30,committed,1,x,x", "role"),
                             ("2025-06-30,committed,much,set,x", "could not convert")):
            write(line)
            status, _, said = figures(path, "--kinds", "burndown", "--observed", points)
            self.assertEqual(status, 1)
            self.assertIn("case.csv:2: ", said)
            self.assertIn(reason, said)

    def test_points_of_the_library(self):
        folder = os.path.join(SOURCE, "scenarios", "observed")
        for name in os.listdir(folder):
            if name.endswith(".csv"):
                self.assertTrue(observed.read(os.path.join(folder, name)), name)


class Languages(Case):
    def test_numbers_and_dates(self):
        if fonts.chinese() is None:
            self.skipTest("no font with Chinese characters")
        path = self.result(TWO[:TWO.index("  grid:")], "--draws", "8", "-n", "6")
        for code in ("zh", "de"):
            self.draw(path, "--language", code, "-o", self.path(code), "--kinds", "payout,exhaustion")
        text = svg_text(self.path("de/case_payout.svg"))
        self.assertRegex(text, r"[0-9],[0-9]+ Mio\. EUR")
        self.assertRegex(svg_text(self.path("zh/case_payout.svg")), r"[0-9]+万欧元")
        self.assertRegex(svg_text(self.path("de/case_exhaustion.svg")), r"[0-9]\. (März|Mai|Juni|Juli|[A-Z][a-z]+\.) 20")

    def test_yi_on_request(self):
        path = self.result(NEVER, "-n", "10")
        self.draw(path, "--unit", "yi", "--kinds", "payout")
        self.assertIn("budget 100亿元", self.text("payout"))
        self.draw(path, "--kinds", "payout")
        self.assertIn("budget 10.0 bn CNY", self.text("payout"))

    def test_missing_font_is_named(self):
        path = self.result(CHINESE, "--draws", "2", "-n", "5")
        with mock.patch.object(fonts, "chinese", lambda: None):
            status, printed, said = figures(path, "-o", self.path("fig"), "--language", "zh", "--kinds", "payout")
            self.assertEqual((status, printed), (1, ""))
            self.assertIn("Debian package fonts-noto-cjk", said)
            status, printed, said = figures(path, "-o", self.path("fig"), "--kinds", "payout")
            self.assertEqual(status, 0)
            self.assertIn("Debian package fonts-noto-cjk", said)
        self.assertIn("深圳训练算力券 costs $5 to $6 & <more> · aid", self.text("payout"))


class SeveralProgrammes(Case):
    def test_two_programmes_two_years(self):
        path = self.result(TWO, "--draws", "20", "-n", "10")
        self.draw(path, "--kinds", MAIN)
        with h5py.File(path) as file:
            p = file["p_exhausted"][...]
            paid = file["outlay_mean"][...]
        for i, (suffix, title) in enumerate((("_aid", "Aid for machines"), ("_grid", "grid"))):
            texts = {kind: self.text(kind + suffix) for kind in MAIN.split(",")}
            for text in texts.values():
                self.assertIn(f"{title} · fiscal years 2024/25 to 2025/26", text)
                self.assertIn("fiscal year 2025/26 · ", text)
            shares = [ENGLISH.probability(x) for x in p[i]]
            self.assertIn(f"Probability of exhaustion: {shares[0]} in 2024/25, {shares[1]} in 2025/26",
                          texts["exhaustion"])
            for amount in paid[i]:
                self.assertIn(money(amount, "EUR"), texts["payout"])
        self.assertIn("mean budget", texts["commitment"])

    def test_each_day_and_replicate_is_in_one_year(self):
        path = self.result(TWO, "--draws", "20", "-n", "10")
        with Result(path) as result, h5py.File(path) as file:
            cases = result.cases(0)
            self.assertEqual([case.n_days for case in cases], [366, 365])
            self.assertEqual(sum(case.n_days for case in cases), file["time"].shape[0])
            self.assertEqual([str(case.start) for case in cases], ["2024-02-29", "2025-03-01"])
            for year, case in enumerate(cases):
                self.assertTrue(np.array_equal(case.replicates("outlay"), file["outlay"][:, :, 0, year].ravel()))
                days = case.days_with_money[case.is_exhausted]
                self.assertTrue((days >= 0).all() and (days < case.n_days).all())
                self.assertTrue((case.days_with_money[~case.is_exhausted] == case.n_days).all())
                self.assertAlmostEqual(case.is_exhausted.mean(), case.p_exhausted, places=12)
                self.assertAlmostEqual(case.p_exhausted_by_day[-1], case.p_exhausted, places=12)
                self.assertAlmostEqual(case.days_with_money.mean(), (1 - case.p_exhausted_by_day).sum(), places=9)
                weeks = exhaustion.weeks(case)
                self.assertEqual((weeks[0], weeks[-1]), (0, case.n_days))
                self.assertTrue(all(case.date(day).weekday() == 0 for day in weeks[1:-1]))

    def test_titles_name_the_range_of_many_years(self):
        path = self.result(TWO[:TWO.index("  grid:")].replace("years: 2", "years: 6"), "--draws", "3", "-n", "4")
        self.draw(path, "--kinds", MAIN)
        self.assertRegex(self.text("exhaustion"), r"Probability of exhaustion: from .* in 20.* to .* in 20")
        self.assertRegex(self.text("payout"), r"Paid on average: from .* to .*")
        self.assertRegex(self.text("commitment"), r"Median commitment: from .* to .*")

    def test_anniversary(self):
        import datetime

        self.assertEqual(anniversary(datetime.date(2024, 2, 29), 1), datetime.date(2025, 3, 1))
        self.assertEqual(anniversary(datetime.date(2024, 2, 29), 4), datetime.date(2028, 2, 29))


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
        self.draw(partial, "--kinds", "exhaustion,payout,commitment,variance")
        with h5py.File(partial) as file:
            n_done, p = int(file.attrs["paths_done"]), file["p_exhausted"][0, 0]
        for kind in ("exhaustion", "payout", "commitment", "variance"):
            self.assertIn(f"INCOMPLETE: the run was interrupted after {n_done:,} replicates of 100,000,000",
                          self.text(kind, "long"))
        with Result(partial) as result:
            case = result.case(0, 0)
            self.assertEqual(case.replicates("outlay").size, n_done)
            self.assertAlmostEqual(case.is_exhausted.mean(), p, places=9)
        data = outlay_analysis.load(partial, ["outlay", "exhaustion_date"])
        self.assertEqual(int(data.outlay.notnull().sum()), n_done)
        self.assertAlmostEqual(float(data.exhaustion_date.notnull().sum()) / n_done, p, places=9)


class Files(Case):
    def test_message_and_status(self):
        with open(self.path("text.h5"), "w", encoding="utf-8") as file:
            file.write("no HDF5\n")
        with h5py.File(self.path("other.h5"), "w") as file:
            file["x"] = 1
        for name, reason in (("text.h5", "not a result of outlay"), ("other.h5", "not a result of outlay"),
                             ("missing.h5", "no such file"), (".", "folder")):
            status, printed, said = figures(self.path(name))
            self.assertEqual((status, printed), (1, ""), name)
            self.assertEqual(len(said.splitlines()), 1, said)
            self.assertIn(self.path(name), said)
            self.assertIn(reason, said)

    def test_without_a_finished_replicate(self):
        path = self.result(SMALL, "-n", "5")
        with h5py.File(path, "r+") as file:
            file.attrs["paths_done"] = 0.0
        status, _, said = figures(path)
        self.assertEqual(status, 1)
        self.assertIn("no finished replicate", said)

    def test_without_summaries(self):
        """A run that was killed leaves replicates, and summaries that were never filled."""
        path = self.result(SMALL, "-n", "5")
        for is_there in (True, False):
            with h5py.File(path, "r+") as file:
                if is_there:
                    file["p_exhausted"][...] = np.nan
                else:
                    del file["p_exhausted"]
            for arguments in ((path,), (path, path, "--compare")):
                status, printed, said = figures(*arguments)
                self.assertEqual((status, printed), (1, ""))
                self.assertEqual(said.count("\n"), 1, said)
                self.assertIn("the file has no summaries: the run was killed, or is still going on", said)
        self.assertEqual(outlay_analysis.load(path, ["outlay"]).outlay.size, 5)  # its replicates can be read

    def test_exact_answer(self):
        """What needs no replicates is drawn, the rest named; asked for by name it is an error."""
        path = self.result(SMALL, command="exact")
        status, printed, said = figures(path, "-o", self.path("fig"), "--formats", "svg")
        self.assertEqual(status, 0)
        self.assertEqual(printed.splitlines(), [self.path(f"fig/case_{kind}.svg")
                                                for kind in ("exhaustion", "commitment", "outlay", "burndown")])
        self.assertIn("left out for want of data: payout, classes, unmet, awards, variance, convergence", said)
        with h5py.File(path) as file:
            p = file["p_exhausted"][0, 0]
        self.assertIn(f"Exhausted within 2025 with probability {p:.3f}", self.text("exhaustion"))
        self.assertIn("exact answer, without simulation", self.text("commitment"))
        status, printed, said = figures(path, "--kinds", "payout")
        self.assertEqual((status, printed), (1, ""))
        self.assertIn("payout: no variable", said)

    def test_damaged_file(self):
        path = self.result(SMALL, "-n", "500")
        os.truncate(path, os.path.getsize(path) // 2)
        status, _, said = figures(path)
        self.assertEqual(status, 1)
        self.assertIn("not a result", said)

    def test_the_others_are_drawn(self):
        path = self.result(SMALL, "-n", "20")
        status, printed, _ = figures(self.path("missing.h5"), path, "--formats", "png", "--kinds", "payout,unmet")
        self.assertEqual(status, 1)
        self.assertEqual(printed.splitlines(), [self.path("case_payout.png"), self.path("case_unmet.png")])

    def test_executable(self):
        """The command as people call it: beside the file by default, without a trace of Python in the tree."""
        path = self.result(SMALL, "-n", "20")
        done = subprocess.run([os.path.join(ANALYSIS, "figures"), path, "--kinds", "payout"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.splitlines(), [self.path("case_payout.png"), self.path("case_payout.svg")])
        done = subprocess.run([os.path.join(ANALYSIS, "figures"), path, "-o", path], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("Traceback", done.stderr)

    def test_misuse(self):
        for arguments in ((), ("x.h5", "--formats", "gif"), ("x.h5", "--formats", ","), ("--colour", "x.h5"),
                          ("x.h5", "--kinds", "pie"), ("x.h5", "--language", "fr"), ("x.h5", "--compare")):
            status, _, said = figures(*arguments)
            self.assertEqual(status, 2, arguments)
            self.assertNotIn("Traceback", said)

    def test_kinds_are_listed(self):
        status, printed, _ = figures("--kinds", "list")
        self.assertEqual(status, 0)
        self.assertEqual([line.split()[0] for line in printed.splitlines()], list(FIGURES))


if __name__ == "__main__":
    unittest.main()
