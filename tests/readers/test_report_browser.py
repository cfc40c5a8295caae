"""The report in a browser: nothing goes wrong or overflows, curves tell their values, dark and paper are readable.

usage: test_report_browser.py [TEST...] with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

Exit status 77: no Chromium, or none of what the figures need.
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import browser

try:
    import h5py  # noqa: F401
    import matplotlib  # noqa: F401
    import xarray  # noqa: F401
    import yaml  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
if browser.find() is None:
    print(f"skipped: no Chromium; the Debian package {browser.PACKAGE} has it")
    sys.exit(77)

OUTLAY, SOURCE = os.path.abspath(os.environ["OUTLAY"]), os.environ["OUTLAY_SOURCE"]
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "analysis"))
from outlay_analysis import figures, report, report_page  # noqa: E402
from outlay_analysis.fonts import MissingFont  # noqa: E402
from outlay_analysis.language import Language  # noqa: E402

SCENARIO = """\
outlay: 1
title: Förderung für Maschinen, Anlagen und Donaudampfschifffahrtsgesellschaftskapitäne 2025
currency: EUR
horizon: {start: 2025-01-01}
classes:
  firm: {count: {uniform: [60, 140]}}
  household: {count: 40}
programmes:
  aid:
    title: Machines
    budget: 95 M
    award: {rate: 50%, cap: 2 M}
    applications: {per_year: 1.2, contract: {lognormal: {median: {uniform: [2 M, 3 M]}, sigma: 1}}}
sources:
  classes.household.count: https://example.org/a/very/long/address/that/has/no/blank/in/it/and/does/not/end/soon/at/all
"""
WIDTHS = (360, 1280)
# What reaches beyond the window, unless it scrolls in a frame of its own.
OVERFLOW = "[document.scrollingElement.scrollWidth, innerWidth]"
# Of each text of the figures that is shown: its contrast with the page (WCAG 2.1).
CONTRASTS = """(() => {
  const luminance = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
      .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const page = luminance(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll("figure svg text, p, td, th, summary, dd, dt")]
    .filter(node => node.getBoundingClientRect().width > 0)
    .map(node => [node, luminance(getComputedStyle(node)[node.namespaceURI.endsWith("svg") ? "fill" : "color"])])
    .map(([node, own]) => [(Math.max(page, own) + 0.05) / (Math.min(page, own) + 0.05), node.textContent.slice(0, 40)]);
})()"""
SHOWN = """(() => {
  const svg = [...document.querySelectorAll("figure svg")].find(node => node.getBoundingClientRect().width > 0);
  svg.scrollIntoView({block: "center"});
  const box = svg.getBoundingClientRect();
  return [box.left, box.top, box.width, box.height];
})()"""
TIP = "document.querySelector('.tip.shown')?.innerText ?? ''"


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        with open(cls.path("case.yaml"), "w", encoding="utf-8") as file:
            file.write(SCENARIO)
        for name, budget in (("case", "95 M"), ("other", "70 M")):
            subprocess.run([OUTLAY, "run", cls.path("case.yaml"), "--draws", "30", "-n", "5", "--quiet", "--set",
                            f"programmes.aid.budget={budget}", "-o", cls.path(f"{name}.h5")], check=True)
        cls.pages = {"en": cls.write("en", figures.FIGURES, "case"),
                     "de": cls.write("de", ("exhaustion", "payout", "commitment"), "case"),
                     "comparison": cls.write("en", ("exhaustion",), "case", "other", page="comparison")}
        try:
            cls.pages["zh"] = cls.write("zh", ("exhaustion", "payout", "commitment"), "case")
        except MissingFont as missing:
            print(f"no Chinese page: {missing}", file=sys.stderr)
        cls.browser = cls.enterClassContext(browser.Browser())

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def write(cls, code, kinds, *names, page=None):
        with mock.patch.object(report_page, "FIGURES", {kind: figures.FIGURES[kind] for kind in kinds}):
            return report.write([cls.path(f"{name}.h5") for name in names], cls.path(f"{page or code}.html"),
                                Language(code))

    def setUp(self):
        self.browser.errors.clear()

    def check(self):
        """No error, no request, no overflow on the page that is open."""
        self.assertEqual(self.browser.errors, [])
        self.assertEqual(self.browser.requests(), [])
        reach, width = self.browser.run(OVERFLOW)
        self.assertLessEqual(reach, width)

    def open_all(self):
        self.browser.run("document.querySelectorAll('details').forEach(part => { part.open = true; })")

    def test_no_errors_and_no_overflow(self):
        for name, path in self.pages.items():
            for width in WIDTHS:
                with self.subTest(f"{name} at {width}"):
                    self.browser.open(path, width)
                    self.check()
                    self.open_all()
                    self.check()

    def test_the_check_can_fail(self):
        """The biased twins: a page that is too wide, one with a wrong script, one that asks for something."""
        with open(self.pages["en"], encoding="utf-8") as file:
            text = file.read()
        for wrong in ('<div style="width: 2000px">x</div>', "<script>undefined_name();</script>",
                      '<img src="http://127.0.0.1:9/x.png" alt="">'):
            with open(self.path("wrong.html"), "w", encoding="utf-8") as file:
                file.write(text.replace("</main>", f"{wrong}</main>"))
            self.browser.open(self.path("wrong.html"), 360)
            with self.assertRaises(AssertionError, msg=wrong):
                self.check()
            self.browser.errors.clear()

    def test_pointing_at_a_curve_shows_date_and_value(self):
        dates = {"en": r"^\d+ \w+ 2025$", "de": r"^\d+\. \w+\.? 2025$", "zh": r"^2025年\d+月\d+日$",
                 "comparison": r"^\d+ \w+ 2025$"}
        for name, path in self.pages.items():
            for width in WIDTHS:
                with self.subTest(f"{name} at {width}"):
                    self.browser.open(path, width)
                    left, top, wide, high = self.browser.run(SHOWN)
                    self.assertEqual(self.browser.run(TIP), "")
                    self.browser.point(left + 0.5 * wide, top + 0.25 * high)
                    lines = self.browser.run(TIP).replace("\N{NO-BREAK SPACE}", " ").splitlines()
                    self.assertEqual(len(lines), 3 if name == "comparison" else 2, lines)
                    self.assertRegex(lines[0], dates[name])
                    for line in lines[1:]:
                        self.assertRegex(line, r"[:：] ?\S*[\d.,]+$")
                    self.check()
                    self.browser.point(1, 1)
                    self.assertEqual(self.browser.run(TIP), "")

    def test_the_value_is_that_of_the_file(self):
        """At the last day: the probability of the whole year."""
        self.browser.open(self.pages["en"], 1280)
        self.browser.run(f"{SHOWN}; document.querySelector('figure svg').focus()")
        self.browser.press("End")
        with h5py.File(self.path("case.h5")) as file:
            p = float(file["p_exhausted"][0, 0])
        lines = self.browser.run(TIP).replace("\N{NO-BREAK SPACE}", " ").splitlines()
        self.assertEqual((lines[0], lines[1].split(": ")[1]), ("31 Dec 2025", Language("en").probability(p)))
        self.browser.press("ArrowLeft")
        self.assertTrue(self.browser.run(TIP).replace("\N{NO-BREAK SPACE}", " ").startswith("30 Dec 2025"))
        self.browser.press("Escape")
        self.assertEqual(self.browser.run(TIP), "")

    def test_light_and_dark_are_readable(self):
        backgrounds = set()
        for is_dark in (False, True):
            self.browser.open(self.pages["en"], 1280, is_dark=is_dark)
            self.open_all()
            backgrounds.add(self.browser.run("getComputedStyle(document.body).backgroundColor"))
            contrasts = self.browser.run(CONTRASTS)
            self.assertGreater(len(contrasts), 100)
            # Labels upon bars have the colour of the page, and stand on the bar.
            self.assertEqual([(contrast, text) for contrast, text in contrasts if 1.1 < contrast < 4.4], [])
        self.assertEqual(len(backgrounds), 2)

    def test_a_small_screen_has_drawings_of_its_own(self):
        for width, shown in ((360, "small"), (1280, "wide")):
            self.browser.open(self.pages["de"], width)
            kinds = self.browser.run("[...document.querySelectorAll('figure .drawing')].filter(node => "
                                     "node.getBoundingClientRect().width > 0).map(node => node.className)")
            self.assertEqual(set(kinds), {f"drawing {shown}"})
            sizes = self.browser.run("[...document.querySelectorAll('figure svg text')].map(node => "
                                     "node.getBoundingClientRect().height).filter(height => height > 0)")
            self.assertGreater(sorted(sizes)[len(sizes) // 10], 8)

    def test_without_scripts(self):
        """Everything but the values under the pointer is there."""
        self.browser.open(self.pages["en"], 360, has_scripts=False)
        reach = self.browser.send("Page.getLayoutMetrics")["cssContentSize"]
        self.assertLessEqual(reach["width"], 360)
        self.assertGreater(reach["height"], 3000)

    def test_paper(self):
        """What is folded away is printed, in light colours; figures are not torn apart."""
        self.browser.open(self.pages["en"], 1280, is_dark=True, medium="print")
        self.assertEqual(self.browser.run("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        heights = self.browser.run("[...document.querySelectorAll('details > *:not(summary)')].map(node => "
                                   "node.getBoundingClientRect().height)")
        self.assertTrue(heights and min(heights) > 0, heights)
        printed = self.browser.pdf()
        self.assertTrue(printed.startswith(b"%PDF"))
        self.assertGreater(len(re.findall(rb"/Type\s*/Page\b", printed)), 5)
        self.check()


if __name__ == "__main__":
    unittest.main()
