"""Several results side by side: paired differences, their intervals, and what is said where they are not paired.

usage: test_comparison.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

Exit status 77: no matplotlib, h5py, xarray or yaml.
"""
import contextlib
import io
import sys
import unittest

try:
    import h5py
    import matplotlib  # noqa: F401, the figures need it
    import numpy as np
    import xarray  # noqa: F401
    import yaml  # noqa: F401, the report needs it
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from drawing import DRAWS, OUTLAY, SMALL, TWO, Case, figures, plain, svg_text

import outlay_analysis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from outlay_analysis.command import main
from outlay_analysis import comparison, estimate, measures, narrow, page, report_page, style, words
from outlay_analysis.figures import FIGURES
from outlay_analysis.fonts import chinese
from outlay_analysis.language import CODES, Language
from outlay_analysis.result import Result

YEARS = {"en": "fiscal year", "zh": "财年", "de": "Haushaltsjahr"}
LESS = DRAWS.replace("title: Small", "title: Small, less money").replace("120 M", "60 M")
MORE = DRAWS.replace("title: Small", "title: Small, all of it")


def texts_of(figure):
    """The texts that a figure shows, each with its box; of the axes' ticks those within view."""
    renderer = figure.canvas.get_renderer()
    ticks, shown = set(), set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            ticks |= {tick.label1 for tick in axis.get_major_ticks() + axis.get_minor_ticks()}
            ticks |= {tick.label2 for tick in axis.get_major_ticks() + axis.get_minor_ticks()}
            low, high = sorted(axis.get_view_interval())
            if axes.axison:
                shown |= {tick.label1 for tick in axis.get_major_ticks() + axis.get_minor_ticks()
                          if low - 1e-9 <= tick.get_loc() <= high + 1e-9}
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and (text not in ticks or text in shown):
            if text.get_rotation() == 0:
                yield text.get_text(), Text.get_window_extent(text, renderer)  # of an annotation without its arrow


class Paired(Case):
    def setUp(self):
        super().setUp()
        size = ("--draws", "30", "-n", "10")
        self.paths = [self.result(MORE, *size, name="more"), self.result(LESS, *size, name="less")]

    def test_numbers(self):
        self.draw(self.paths, "--compare", "--kinds", "payout,exhaustion")
        with h5py.File(self.paths[0]) as more, h5py.File(self.paths[1]) as less:
            difference = (less["outlay"][...] - more["outlay"][...])[:, :, 0, 0]
            days = [np.where(file["exhaustion_date"][:, :, 0, 0] < 0, 365, file["exhaustion_date"][:, :, 0, 0])
                    for file in (more, less)]
        by_draw = difference.mean(axis=1)
        error = by_draw.std(ddof=1) / 30 ** 0.5
        language = Language("en")
        amount = plain(language.money_with_error(-difference.mean(), error, "CNY"))
        self.assertIn(f"Paid: “less money” {amount} less than “all of it”", self.text("payout", "comparison"))
        self.assertIn(f"−{amount}", self.text("payout", "comparison"))
        lost = (days[0] - days[1]).mean()
        self.assertRegex(self.text("exhaustion", "comparison"),
                         f"Days with money: “less money” {lost:.0f}(\\.[0-9])? ± .* days less than “all of it”")
        self.assertIn("Differences are taken replicate by replicate", self.text("payout", "comparison"))
        self.assertNotIn("NOT PAIRED", self.text("payout", "comparison"))

    def test_pairing_sharpens(self):
        """The same applicants ask for the same; what is paid differs more surely than if the runs were apart."""
        with Result(self.paths[0]) as more, Result(self.paths[1]) as less:
            a, b = less.case(0, 0), more.case(0, 0)
            self.assertEqual(estimate.pairing(a, b), estimate.PAIRED)
            paired = measures.DEMAND.difference(a, b)
            self.assertEqual((paired.mean, paired.se), (0, 0))
            apart = np.hypot(*(measures.OUTLAY.mean(case).se for case in (a, b)))
            self.assertLess(0, measures.OUTLAY.difference(a, b).se)
            self.assertLess(measures.OUTLAY.difference(a, b).se, apart)

    def test_not_paired_says_so(self):
        other = self.result(LESS.replace("less", "other"), "--draws", "30", "-n", "10", "--seed", "2", name="other")
        self.draw([self.paths[0], other], "--compare", "--kinds", "payout")
        text = self.text("payout", "comparison")
        self.assertIn("NOT PAIRED (other seed, size or design): other money", text)
        self.assertNotIn("Differences are taken replicate by replicate", text)
        self.assertIn("The runs differ in size, seed or version", text)
        with Result(self.paths[0]) as a, Result(other) as b:
            difference = measures.OUTLAY.difference(b.case(0, 0), a.case(0, 0))
            levels = [measures.OUTLAY.mean(result.case(0, 0)).se for result in (a, b)]
        self.assertAlmostEqual(difference.se, float(np.hypot(*levels)))

    def test_other_applications_are_told(self):
        scenario = LESS.replace("per_year: 1.2", "per_year: 2").replace("less money", "more contracts")
        other = self.result(scenario, "--draws", "30", "-n", "10", name="other")
        self.draw([self.paths[0], other], "--compare", "--kinds", "payout")
        self.assertIn("The same random numbers, but other applications: more contracts", self.text("payout", "comparison"))

    def test_equal_results(self):
        again = self.result(MORE, "--draws", "30", "-n", "10", name="again")
        self.draw([self.paths[0], again], "--compare")
        self.assertIn("Paid: no difference that stands out from chance", self.text("payout", "comparison"))
        self.assertIn("again", self.text("payout", "comparison"))

    def test_exact_beside_simulated(self):
        exact = self.result(SMALL.replace("title: Small", "title: Small, exact"), name="exact", command="exact")
        run = self.result(SMALL.replace("title: Small", "title: Small, simulated"), "-n", "400", name="run")
        self.draw([exact, run], "--compare", "--kinds", "exhaustion,payout,commitment,burndown")
        self.assertIn("NOT PAIRED (other seed, size or design): simulated", self.text("exhaustion", "comparison"))

    def test_not_comparable(self):
        euro = self.result(LESS.replace("CNY", "EUR"), "--draws", "30", "-n", "10", name="euro")
        later = self.result(LESS.replace("2025-01-01", "2026-01-01"), "--draws", "30", "-n", "10", name="later")
        for path, reason in ((euro, "results in CNY and in EUR"), (later, "other fiscal years (2025 and 2026)")):
            status, printed, said = figures(self.paths[0], path, "--compare")
            self.assertEqual((status, printed), (1, ""))
            self.assertIn(reason, said)


class Layout(Case):
    """Nothing is cut off, no words lie on others, and all are of the language: each kind, for one and for several."""

    def check(self, figure, language, what):
        FigureCanvasAgg(figure)
        with style.applied(language):
            figure.canvas.draw()
            width, height = figure.canvas.get_width_height()
            seen = []
            for text, box in texts_of(figure):
                self.assertTrue(box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1,
                                f"{what}: cut off: {text!r}")
                for other, its in seen:
                    overlap = (min(box.x1, its.x1) - max(box.x0, its.x0), min(box.y1, its.y1) - max(box.y0, its.y0))
                    self.assertFalse(overlap[0] > 3 and overlap[1] > 4, f"{what}: {text!r} on {other!r}")
                seen.append((text, box))
            words_seen = " ".join(text for text, _ in seen)
            for code, word in YEARS.items():
                (self.assertIn if code == language.code else self.assertNotIn)(word, words_seen, what)

    def test_every_kind(self):
        size = ("--draws", "20", "-n", "10")
        shapes = (MORE, LESS, MORE.replace("all of it", "shared out pro rata").replace(
            "    award:", "    allocation: {rule: pro_rata, rounds: yearly}\n    award:"))
        several = [self.result(scenario, *size, name=f"r{i}") for i, scenario in enumerate(shapes)]
        one = self.result(TWO[:TWO.index("  grid:")], *size, name="years")
        for code in CODES if chinese() else ("en", "de"):
            language = Language(code)
            for kind in FIGURES:
                for results in (one, several):
                    figure = outlay_analysis.draw(kind, results, language)
                    self.check(figure, language, f"{kind}, {code}, {'one' if results is one else 'several'}")

    def test_narrow_drawings_are_as_wide_as_the_screen(self):
        """Those of two fiscal years, with money carried over and an uncertain budget: long headings and names."""
        scenario = TWO[:TWO.index("  grid:")].replace("amount: 80 M", "amount: {uniform: [1 bn, 3 bn]}")
        path = self.result(scenario, "--draws", "20", "-n", "5")
        near = self.result(scenario.replace("[1 bn, 3 bn]", "[50 M, 250 M]"), "--draws", "20", "-n", "5", name="near")
        for code in CODES if chinese() else ("en", "de"):
            for result in (path, near):
                for kind in report_page.SMALL:
                    with narrow.narrow():
                        figure, width = outlay_analysis.draw(kind, result, code), style.WIDTH
                        narrow.fit(figure)
                    page.take_words(figure)
                    self.assertLess(figure.get_tightbbox().width, 1.2 * width, f"{kind}, {code}")

    def test_the_check_can_fail(self):
        path = self.result(MORE, "-n", "5", "--draws", "2")
        for place in ((0.99, 0.5), (0.026, 0.93)):
            figure = outlay_analysis.draw("payout", path)
            figure.text(*place, "where there is no room")
            with self.assertRaises(AssertionError):
                self.check(figure, Language("en"), "payout")


class Gallery(Case):
    def gallery(self, *arguments):
        printed, said = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said):
            status = main(["-o", self.path("gallery"), "--formats", "svg", *arguments], "gallery")
        return status, printed.getvalue().splitlines(), said.getvalue()

    def test_small(self):
        """All scenarios run, their observed points and ledgers are found, every figure is written."""
        status, printed, said = self.gallery("--outlay", OUTLAY, "--draws", "3", "-n", "2", "--kinds", "burndown,awards")
        self.assertEqual((status, said), (0, ""))
        expected = [f"{name}_{kind}" for name in ("shenzhen-2025", "shenzhen-2025-official", "sepp-2022", "readings", "rules")
                    for kind in ("burndown", "awards")]
        expected += [f"carry-over_{kind}_{year}" for year in (2025, 2026, 2027) for kind in ("burndown", "awards")]
        self.assertEqual(printed, [self.path(f"gallery/{name}.svg") for name in expected])
        self.assertIn("predicted points inside", svg_text(self.path("gallery/sepp-2022_burndown.svg")))
        self.assertIn("Lorenz curves of 3 replicates", svg_text(self.path("gallery/sepp-2022_awards.svg")))

    def test_no_program(self):
        status, printed, said = self.gallery("--outlay", self.path("outlay"))
        self.assertEqual((status, printed), (1, []))
        self.assertIn("name it with --outlay", said)


class Names(unittest.TestCase):
    def test_distinct(self):
        self.assertEqual(words.distinct(["One rule at a time, first come", "One rule at a time, lottery"]),
                         ("One rule at a time", ["first come", "lottery"]))
        self.assertEqual(words.distinct(["A", "B"]), ("", ["A", "B"]))
        self.assertEqual(words.distinct(["A, b", "A"]), ("", ["A, b", "A"]))
        self.assertEqual(words.distinct(["A, b", "A, b, c"]), ("A", ["b", "b, c"]))

    def test_labels_stand_apart(self):
        places = style.apart([1.0, 1.0, 1.0, 0.0], [0.1, 0.1, 0.2, 0.1], 0.0, 1.2)
        ordered = sorted(zip(places, [0.1, 0.1, 0.2, 0.1]))
        for (low, a), (high, b) in zip(ordered, ordered[1:]):
            self.assertGreaterEqual(high - low, (a + b) / 2 - 1e-6)

    def test_limits(self):
        self.assertEqual(comparison.widened([0.0, 10.0], True), (0.0, 10.6))


if __name__ == "__main__":
    unittest.main()
