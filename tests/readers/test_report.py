"""The report: a page for each kind of result, whole, self-contained, in three languages, with the file's numbers.

usage: test_report.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

What a browser makes of the page is tested in test_report_browser.py. Exit status 77: no matplotlib, h5py or yaml.
"""
import contextlib
import html.parser
import io
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

try:
    import h5py
    import matplotlib  # noqa: F401, the figures need it
    import numpy as np
    import xarray  # noqa: F401, the package needs it
    import yaml  # noqa: F401, the assumptions need it
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

OUTLAY, SOURCE = os.path.abspath(os.environ["OUTLAY"]), os.environ["OUTLAY_SOURCE"]
ANALYSIS = os.path.join(SOURCE, "analysis")
sys.dont_write_bytecode = True
sys.path.insert(0, ANALYSIS)
from outlay_analysis import (assumptions, command, figures, fonts, page, phrases, phrases_parameters,  # noqa: E402
                             phrases_report, report, report_answer, report_page, report_repeat)
from outlay_analysis.fonts import MissingFont  # noqa: E402
from outlay_analysis.language import CODES, Language  # noqa: E402
from outlay_analysis.result import Result  # noqa: E402

SMALL = """\
outlay: 1
title: Small
currency: CNY
calendar: weekdays
horizon: {start: 2025-01-01}
classes:
  firm: {count: 60}
  startup: {count: 40}
programmes:
  aid:
    budget: 120 M
    award: {rate: 50%, cap: 2 M}
    applications:
      per_year: 1.2
      contract: {lognormal: {median: 2 M, sigma: 1}}
sources:
  classes.firm.count: the register
"""
DRAWS = SMALL.replace("count: 60", "count: {uniform: [30, 90]}")
NEVER = SMALL.replace("budget: 120 M", "budget: 10 bn")
TITLE = 'A <b>title</b> & "more" </script><script>alert(1)</script>'
MANY = f"""\
outlay: 1
title: {TITLE!r}
description: 'Who & <what>?'
currency: EUR
calendar: calendars/days.yaml
horizon: {{start: 2024-07-01, years: 2}}
classes:
  firm: {{count: {{uniform: [60, 140]}}, growth: 20%}}
  big: {{count: 3}}
programmes:
  aid:
    title: "Aid # for <machines>"
    budget:
      amount: 80 M
      carry_over: all
      reserves: [{{class: big, share: 20%, until: 09-30}}]
      steps: [{{committed: 50%, factor: 80%}}]
    award: {{rate: 50%, cap: 2 M}}
    applications: {{per_year: 1.2, contract: {{lognormal: {{median: {{uniform: [2 M, 3 M]}}, sigma: 1}}}}}}
  grid:
    budget: {{triangular: [30 M, 60 M, 70 M]}}
    award: {{rate: 30%, by_class: {{big: {{rate: 20%}}}}}}
    applications: {{per_year: 1, contract: {{lognormal: {{median: 2 M, sigma: 1}}}}}}
    allocation: {{last_award: close}}
sources:
  classes.firm.count: "the register; source: <i>a</i> # b"
  programmes.aid.budget.steps: Assumed.
"""


class Checker(html.parser.HTMLParser):
    """Whether elements nest, and what is in them."""

    VOID = ("meta", "link", "wbr")

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.ids, self.links, self.texts, self.kinds = [], [], [], [], [], []
        self.rows, self.policies = [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{name}> stays open" for name in self.open]

    def handle_starttag(self, name, attributes):
        if name not in self.VOID:
            self.open.append(name)
        self.look(name, attributes)

    def handle_startendtag(self, name, attributes):
        self.look(name, attributes)

    def look(self, name, attributes):
        if len({key for key, _ in attributes}) < len(attributes):
            self.faults.append(f"<{name}> has an attribute twice")
        self.kinds.append((name, dict(attributes)))
        for key, value in attributes:
            if key == "id":
                self.ids.append(value)
            elif key in ("src", "href", "xlink:href", "action", "data", "srcset", "poster"):
                self.links.append(value)
            elif key == "http-equiv":
                self.policies.append(dict(attributes)["content"])
        if name == "tr":
            self.rows.append([])
        elif name in ("th", "td") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, name):
        if not self.open or self.open.pop() != name:
            self.faults.append(f"</{name}> at {self.getpos()}")

    def handle_data(self, data):
        if "script" in self.open or "style" in self.open:
            return
        self.texts.append(data)
        if self.rows and ("td" in self.open or "th" in self.open):
            self.rows[-1][-1] += data

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def replicates(file, name, programme=0, year=0):
    """The finished replicates of a variable."""
    n_done = int(file.attrs["paths_done"])
    values = file[name][:, :, programme, year]
    return values.reshape(-1, *values.shape[2:])[:n_done]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def result(self, scenario, *arguments, name="case", verb="run"):
        """Run the scenario; the path of its result."""
        os.makedirs(self.path("calendars"), exist_ok=True)
        calendar = os.path.join(SOURCE, "scenarios", "calendars", "netherlands.yaml")
        shutil.copy(calendar, self.path("calendars/days.yaml"))
        with open(self.path(f"{name}.yaml"), "w", encoding="utf-8") as file:
            file.write(scenario)
        done = subprocess.run([OUTLAY, verb, f"{name}.yaml", "-o", self.path(f"{name}.h5"), "--force", "--quiet",
                               *arguments], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.path(f"{name}.h5")

    def page(self, *paths, code="en", kinds=()):
        """The page of these results, checked for what holds of every page; figures of these kinds only."""
        few = {kind: figures.FIGURES[kind] for kind in kinds}
        with mock.patch.object(report_page, "FIGURES", few):
            written = report.write(paths, self.path("page.html"), Language(code))
        with open(written, encoding="utf-8") as file:
            text = file.read()
        return self.check_whole(text, code)

    def check_whole(self, text, code):
        """What holds of every page; its parts."""
        checked = Checker(text)
        self.assertEqual(checked.faults, [])
        self.assertEqual(len(checked.ids), len(set(checked.ids)), "an id stands twice")
        self.assertEqual([link for link in checked.links if not link.startswith(("#", "data:"))], [])
        self.assertEqual([link for link in checked.links if link.startswith("#") and link[1:] not in checked.ids], [])
        self.assertNotRegex(text, r"@import|url\((?!#)|<iframe|<object|<embed|fetch\(|XMLHttpRequest|importScripts")
        self.assertEqual(set(re.findall(r"https?://[^\s\"'<>)]*", re.sub(r"<pre>.*?</pre>", "", text, flags=re.S))),
                         {"http://www.w3.org/2000/svg"}, "an address that something might load")
        self.assertTrue(checked.policies and checked.policies[0].startswith("default-src 'none'"))
        html_tag = next(attributes for name, attributes in checked.kinds if name == "html")
        self.assertEqual(html_tag["lang"], {"zh": "zh-Hans"}.get(code, code))
        self.assertNotRegex(checked.text, r"report\.|parameter\.|\{[a-z_.]+\}|\bnan\b|\bNone\b|\binf\b")
        for name, attributes in checked.kinds:
            if name == "th":
                self.assertIn(attributes.get("scope"), ("col", "row"))
            elif name == "svg":
                self.assertTrue(attributes.get("role") == "img" and attributes.get("aria-label"))
        return checked


class Numbers(Case):
    def check(self, path, checked):
        """Numbers of the page are those of the file, computed here anew from the replicates."""
        say = Language("en")
        with h5py.File(path) as file:
            n_programmes, n_years = file["p_exhausted"].shape
            currency = file.attrs["currency"].decode()
            never = file["exhaustion_date"].attrs["_FillValue"]
            for i in range(n_programmes):
                for k in range(n_years):
                    p = float(np.mean(replicates(file, "exhaustion_date", i, k) != never))
                    paid, asked = replicates(file, "outlay", i, k).mean(), replicates(file, "demand", i, k).mean()
                    error = float(file["p_exhausted_se"][i, k])
                    rows = [row for row in checked.rows if any(say.probability(p, error) == cell for cell in row)
                            and any(cell.startswith(say.money(paid, currency)) for cell in row)]
                    self.assertTrue(rows, f"programme {i}, year {k}: {p}, {paid}")
                    self.assertTrue(any(cell.startswith(say.money(asked, currency)) for row in rows for cell in row))
                    by_class = replicates(file, "outlay_by_class", i, k).mean(axis=0)
                    for amount in by_class:
                        share = say.percent(amount / paid)
                        self.assertTrue(any(row[-1] == share and any(cell.startswith(say.money(amount, currency))
                                                                     for cell in row) for row in checked.rows if row))

    def test_numbers_are_those_of_the_replicates(self):
        self.check(*self.with_page(DRAWS, "--draws", "60", "-n", "20"))
        self.check(*self.with_page(MANY, "--draws", "30", "-n", "10"))

    def with_page(self, scenario, *arguments):
        path = self.result(scenario, *arguments)
        return path, self.page(path)

    def test_the_check_can_fail(self):
        """The biased twin: a file whose summaries are not those of its replicates."""
        path = self.result(DRAWS, "--draws", "60", "-n", "20")
        self.check(path, self.page(path))
        for name, change in (("p_exhausted", -0.1), ("outlay_mean", 3e6), ("demand_mean", 3e6),
                             ("outlay_by_class_mean", 3e6)):
            with h5py.File(path, "r+") as file:
                before = file[name][...]
                file[name][...] = before + change
            with self.assertRaises(AssertionError, msg=name):
                self.check(path, self.page(path))
            with h5py.File(path, "r+") as file:
                file[name][...] = before

    def test_standard_errors_and_the_split_of_the_variance(self):
        path = self.result(DRAWS, "--draws", "60", "-n", "20")
        checked = self.page(path)
        with h5py.File(path) as file:
            paid, n = file["outlay"][:, :, 0, 0], file["outlay"].shape[1]
        means = paid.mean(axis=1)
        se = means.std(ddof=1) / math.sqrt(means.size)
        between = means.var(ddof=1) - paid.var(axis=1, ddof=1).mean() / n
        row = next(row for row in checked.rows if row and row[0] == "Paid" and len(row) == 7)
        say = Language("en")
        self.assertEqual(row[1:3], [say.money(paid.mean(), "CNY"), say.money(se, "CNY")])
        self.assertEqual(row[5], say.money(math.sqrt(between), "CNY"))
        low, high = (say.money(paid.mean() + sign * 1.959964 * se, "CNY") for sign in (-1, 1))
        self.assertEqual(row[3], f"{low} to {high}")

    def test_dates_and_their_intervals(self):
        path = self.result(DRAWS, "--draws", "60", "-n", "20", "--set", "programmes.aid.budget=60 M")
        checked = self.page(path)
        with h5py.File(path) as file:
            for i, share in ((1, "5 %"), (3, "50 %")):
                days = [int(file[f"exhaustion_date_{end}"][0, 0, i]) for end in ("quantile", "lower", "upper")]
                day, low, high = (str(np.datetime64("2025-01-01") + day) for day in days)
                row = next(row for row in checked.rows if row and row[0].replace("\N{NO-BREAK SPACE}", " ") == share)
                self.assertEqual([self.iso(word) for word in [row[1], *row[2].split(" to ")]], [day, low, high])

    @staticmethod
    def iso(date):
        return time.strftime("%Y-%m-%d", time.strptime(date.replace("\N{NO-BREAK SPACE}", " "), "%d %b %Y"))


class Kinds(Case):
    def test_never_exhausted_gives_a_bound(self):
        checked = self.page(self.result(NEVER, "-n", "600"), kinds=("exhaustion",))
        self.assertIn("not exhausted in any of 600 replicates", checked.text)
        self.assertIn("below 0.005", checked.text)  # 3/600
        checked = self.page(self.result(NEVER.replace("count: 60", "count: {uniform: [30, 90]}"), "--draws", "60", "-n",
                                        "10"))
        self.assertIn("below 0.049", checked.text)  # by draws: 1 - 0.05^(1/60) = 0.0487
        self.assertIn("counted by draws", checked.text)

    def test_the_bound_covers(self):
        """With 95 % confidence: the largest p for which nothing in n is not rarer than one in twenty."""
        path = self.result(NEVER, "-n", "600")
        with Result(path) as result:
            p = report_answer.bound(result.run)
        self.assertAlmostEqual((1 - p) ** 600, 0.05)
        self.assertLess(abs(p - 3 / 600), 2e-5)
        for n in (1, 7, 333, 6400, 10**7):
            p = 1 - 0.05 ** (1 / n)
            written = float(report_answer.upper(p, Language("en")))
            self.assertGreaterEqual(written, p)
            self.assertLess(written, 1.1 * p + 1e-3 * (n < 20))
            self.assertLessEqual(float(report_answer.lower(p, Language("en"))), 1 - p + 1e-12)

    def test_always_exhausted(self):
        checked = self.page(self.result(SMALL, "-n", "200", "--set", "programmes.aid.budget=1 M"))
        self.assertIn("does not last through 2025: it is exhausted in all of 200 replicates", checked.text)
        self.assertIn("above 0.985", checked.text)

    def test_one_replicate(self):
        checked = self.page(self.result(SMALL, "-n", "1"), kinds=("exhaustion",))
        self.assertIn("in the one replicate that was played", checked.text)
        self.assertIn("nothing can be said about errors", checked.text)

    def test_no_budget_and_no_limit(self):
        self.assertIn("There is no budget", self.page(self.result(SMALL, "-n", "9", "--set",
                                                                  "programmes.aid.budget=0")).text)
        self.assertIn("The money has no limit", self.page(self.result(SMALL, "-n", "9", "--set",
                                                                      "programmes.aid.budget.amount=none")).text)
        checked = self.page(self.result(SMALL, "-n", "9", "--set", "programmes.aid.budget.amount=none", "--set",
                                        "programmes.aid.budget.awards=20"))
        self.assertIn("The limit of 20 awards does not last", checked.text)

    def test_several_programmes_and_years(self):
        checked = self.page(self.result(MANY, "--draws", "20", "-n", "10"), kinds=("exhaustion",))
        for words in ("Aid # for <machines>, fiscal year 2024/25", "grid, fiscal year 2025/26",
                      "By programme and fiscal year"):
            self.assertIn(words, checked.text)
        self.assertEqual(sum(name == "figure" for name, _ in checked.kinds), 2)

    def test_exact_answer(self):
        checked = self.page(self.result(SMALL, verb="exact"), kinds=("payout", "commitment"))
        self.assertIn("Worked out without simulation", checked.text)
        self.assertIn("outlay exact case-again.yaml", checked.text)
        self.assertNotIn("±", "".join(text for row in checked.rows for text in row))
        self.assertEqual(sum(name == "figure" for name, _ in checked.kinds), 1)  # a payout needs replicates

    def test_interrupted_run(self):
        with open(self.path("long.yaml"), "w", encoding="utf-8") as file:
            file.write(DRAWS)
        for seconds in (0.5, 1, 2, 4, 8, 16):
            process = subprocess.Popen([OUTLAY, "run", self.path("long.yaml"), "--draws", "100000", "-n", "1000", "-o",
                                        self.path("long.h5"), "--force", "--quiet"], stderr=subprocess.DEVNULL)
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=300)
            partial = self.path("long.h5.partial")
            if os.path.exists(partial):
                with h5py.File(partial) as file:
                    n_done = int(file.attrs["paths_done"])
                if n_done > 0:
                    break
        else:
            self.fail("no replicate within half a minute")
        checked = self.page(partial)
        self.assertIn("INCOMPLETE: the run was interrupted. Everything here rests on "
                      f"{n_done:,} replicates", checked.text)

    def test_killed_run(self):
        """Its summaries were never filled."""
        path = self.result(SMALL, "-n", "5")
        with h5py.File(path, "r+") as file:
            file["p_exhausted"][...] = np.nan
        said = io.StringIO()
        with contextlib.redirect_stderr(said), mock.patch.object(report_page, "FIGURES", {}):
            self.assertEqual(command.main([path], command="report"), 1)
        self.assertEqual(said.getvalue(), f"outlay-analysis: {path}: the file has no summaries: the run was killed, or is "
                                          "still going on\n")

    def test_text_of_the_scenario_stays_text(self):
        checked = self.page(self.result(MANY, "--draws", "5", "-n", "4"))
        for words in (TITLE, "Who & <what>?", "the register; source: <i>a</i> # b"):
            self.assertIn(words, checked.text)
        self.assertEqual(sum(name == "script" and "type" not in attributes for name, attributes in checked.kinds), 1)
        self.assertFalse([name for name, _ in checked.kinds if name in ("b", "i", "what", "machines")])

    def test_equal_files_give_equal_pages(self):
        path, pages = self.result(DRAWS, "--draws", "10", "-n", "10"), []
        for _ in range(2):
            self.page(path, kinds=("payout",))
            with open(self.path("page.html"), "rb") as file:
                pages.append(file.read())
        self.assertEqual(*pages)


class Assumptions(Case):
    def test_every_value_of_the_resolved_scenario_is_there(self):
        path = self.result(MANY, "--draws", "4", "-n", "3", "--set", "programmes.aid.award.rate=40%")
        checked = self.page(path)
        with h5py.File(path) as file:
            lines = file.attrs["scenario_text"].decode().split("\nsources:\n")[0].splitlines()
        n_values = sum("  # " in line or " # " in line for line in lines)
        with Result(path) as result:
            parameters = report_page.parameters_of(result)
        self.assertEqual(len(parameters), n_values)
        for parameter in parameters:
            if parameter.path.split(".")[-1] in ("outlay", "title", "description", "currency"):
                continue
            row = next(row for row in checked.rows if row and row[0].endswith(parameter.path))
            self.assertTrue(row[1].startswith(parameter.value), row)
            self.assertIn("default" if parameter.is_default else parameter.origin.split(":")[0], row[2])
            self.assertEqual(row[3], parameter.source or ("" if parameter.is_default else "none given"))
        by_path = {parameter.path: parameter for parameter in parameters}
        self.assertEqual(by_path["programmes.aid.award.rate"].origin, "--set")
        self.assertEqual(by_path["programmes.aid.budget.steps.1.committed"].value, "50%")
        self.assertTrue(by_path["programmes.aid.budget.steps.1.committed"].is_assumed)
        self.assertEqual(by_path["classes.firm.count"].source, "the register; source: <i>a</i> # b")
        self.assertFalse(by_path["classes.firm.count"].is_assumed)
        self.assertTrue(by_path["classes.firm.count"].is_uncertain)

    def test_meaning_in_words(self):
        path = self.result(MANY, "--draws", "4", "-n", "3")
        with Result(path) as result:
            by_path = {parameter.path: parameter for parameter in report_page.parameters_of(result)}

        def words(name, code="en"):
            said = assumptions.meaning(by_path[name], Language(code))
            return said and said.replace("\N{NO-BREAK SPACE}", " ")

        self.assertEqual(words("programmes.aid.budget.amount"), "80.0 M EUR")
        self.assertEqual(words("programmes.aid.budget.amount", "zh"), "8,000万欧元")
        self.assertEqual(words("classes.firm.count"), "median 100, 5 to 95 %: 64 to 136")
        self.assertEqual(words("programmes.aid.applications.contract", "de"),
                         "bei den Medianen der Parameter: Median 2,50 Mio. EUR, 5 bis 95 %: 483 Tsd. EUR bis "
                         "13,0 Mio. EUR")
        self.assertIsNone(words("programmes.aid.award.rate"))

    def test_every_parameter_of_the_language_has_a_name(self):
        reference = subprocess.run([OUTLAY, "params"], capture_output=True, text=True, check=True).stdout
        language, block, seen = Language("en"), "", 0
        for line in reference.splitlines():
            if line.startswith("## ") and seen:
                break
            heading = re.match(r"### (?:`(.*)`|The top of the file)", line)
            if heading:
                block = re.sub(r"\.N$", "", heading.group(1) or "")
                block = re.sub(r"^programmes\.NAME\.?|(?<=^classes)\.NAME", "", block)
            row = re.match(r"\| `(\w+)` \|", line)
            if row and row.group(1) not in ("extends", "sources"):
                key = ".".join(part for part in (block, row.group(1)) if part)
                self.assertTrue(language.has(f"parameter.{key}"), f"no name of {key}")
                seen += 1
        self.assertGreater(seen, 80)


class Languages(Case):
    def test_each_page_is_in_its_language(self):
        path = self.result(DRAWS, "--draws", "5", "-n", "4")
        for code in ("zh", "de"):
            with self.subTest(code):
                try:
                    text = self.page(path, code=code, kinds=("commitment",)).text
                except MissingFont as missing:
                    self.skipTest(str(missing))
                foreign = [words["en"] for words in {**phrases_report.PHRASES,
                                                     **phrases_parameters.PHRASES}.values()
                           if len(words["en"]) > 12 and "{" not in words["en"] and words["en"] != words[code]]
                found = [words for words in foreign if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
                self.assertEqual(found, [])

    def test_names_of_classes(self):
        """They stay as the scenario writes them; in Chinese and German those that the README lists are translated."""
        with open(os.path.join(ANALYSIS, "README.md"), encoding="utf-8") as file:
            listed = re.search(r"these usual names of classes are translated too: (.*?) \|", file.read()).group(1)
        usual = re.findall(r"`(\w+)`", listed)
        self.assertEqual([f"class.{name}" for name in usual], [key for key in phrases.PHRASES if key.startswith("class.")])
        for code in CODES:
            names = [Language(code).name("class", name) for name in (*usual, "landlord")]
            self.assertEqual(len(set(names)), len(names))
            self.assertEqual(names[-1], "landlord")
            self.assertEqual(sum(name == own for name, own in zip(names, usual)), len(usual) if code == "en" else 0)
        path = self.result(SMALL.replace("  startup:", "  household:"), "-n", "5")
        self.assertTrue({"firm", "household"} <= {row[0] for row in self.page(path).rows if row})

    def test_dates_and_money(self):
        path = self.result(SMALL, "-n", "50", "--set", "programmes.aid.budget=60 M")
        for code, words in (("en", ("60.0 M CNY", " 2025")), ("de", ("60,0 Mio. CNY", ". 2025")),
                            ("zh", ("6,000万元", "2025年"))):
            text = self.page(path, code=code).text.replace("\N{NO-BREAK SPACE}", " ")
            for word in words:
                self.assertIn(word, text)

    def test_all_phrases_are_there_in_all_languages(self):
        for code in CODES:
            Language(code)  # raises for a phrase that lacks one


class Comparison(Case):
    def difference(self, a, b, is_paired):
        """The mean difference of what is paid, and the half-width of its 95 % interval, computed anew."""
        with h5py.File(a) as first, h5py.File(b) as second:
            ours, theirs = second["outlay"][:, :, 0, 0], first["outlay"][:, :, 0, 0]
        if is_paired:
            values = (ours - theirs).mean(axis=1)
            return values.mean(), 1.959964 * values.std(ddof=1) / math.sqrt(values.size)
        errors = [values.mean(axis=1).std(ddof=1) / math.sqrt(values.shape[0]) for values in (ours, theirs)]
        return ours.mean() - theirs.mean(), 1.959964 * math.hypot(*errors)

    def check_difference(self, checked, a, b, is_paired):
        mean, half = self.difference(a, b, is_paired)
        say = Language("en")
        low, high = (say.money(mean + sign * half, "CNY", True) for sign in (-1, 1))
        cells = [cell for row in checked.rows for cell in row]
        self.assertIn(f"{say.money(mean, 'CNY', True)} {low} to {high}", cells)

    def test_paired_and_not(self):
        a = self.result(DRAWS, "--draws", "60", "-n", "10", name="a")
        b = self.result(DRAWS.replace("title: Small", "title: Smaller"), "--draws", "60", "-n", "10", "--set",
                        "programmes.aid.budget=90 M", name="b")
        c = self.result(DRAWS, "--draws", "60", "-n", "10", "--seed", "9", "--set", "programmes.aid.budget=90 M",
                        name="c")
        checked = self.page(a, b, kinds=("exhaustion",))
        self.assertIn("meet the same applicants", checked.text)
        self.check_difference(checked, a, b, True)
        with self.assertRaises(AssertionError):
            self.check_difference(checked, a, b, False)
        self.assertTrue(any(row and row[0].endswith("programmes.aid.budget.amount") and row[1].startswith("120 M")
                            and row[2].startswith("90 M") for row in checked.rows))
        self.assertEqual(sum(row and row[0].endswith("programmes.aid.award.cap") and len(row) == 3
                             for row in checked.rows), 0)
        checked = self.page(a, c)
        self.assertIn("NOT PAIRED", checked.text)
        self.check_difference(checked, a, c, False)

    def test_each_result_has_a_name_of_its_own(self):
        """Also where titles are equal; where they have a beginning in common the whole title stands below."""
        a = self.result(DRAWS, "--draws", "4", "-n", "3", name="a")
        b = self.result(DRAWS, "--draws", "4", "-n", "3", "--set", "programmes.aid.budget=90 M", name="b")
        c, d = (self.result(DRAWS.replace("title: Small", f"title: Small, {what}"), "--draws", "4", "-n", "3", name=name)
                for name, what in (("c", "more"), ("d", "less")))
        for paths, names in (((a, b), ["a", "b"]), ((c, d), ["more", "less"])):
            self.page(*paths)
            with open(self.path("page.html"), encoding="utf-8") as file:
                text = file.read()
            each = re.findall(r'<details class="result"><summary>(.*?)</summary><p class="question">(.*?)</p>', text)
            titles = ["Small", "Small"] if paths == (a, b) else ["Small, more", "Small, less"]
            self.assertEqual(each, list(zip(names, titles)))

    def test_three_with_an_exact_answer(self):
        a = self.result(SMALL, "-n", "200", name="a")
        b = self.result(SMALL, verb="exact", name="b")
        c = self.result(MANY.replace("EUR", "CNY"), "--draws", "4", "-n", "3", name="c")
        self.assertIn("NOT PAIRED", self.page(a, b).text)
        checked = self.page(a, b, c)
        self.assertIn("Comparison of 3 results", checked.text)
        self.assertIn("no differences can be taken", checked.text)  # other fiscal years


class Repeat(Case):
    def test_the_commands_of_the_page_repeat_the_run(self):
        """Each kind of run, from the page alone: the same numbers to the bit."""
        for scenario, arguments in ((DRAWS, ("--draws", "12", "-n", "5", "--seed", "77")),
                                    (MANY, ("--draws", "6", "-n", "3", "--set", "programmes.aid.award.rate=40%")),
                                    (SMALL, ("-n", "3000", "--precision", "p_exhausted=0.05"))):
            path = self.result(scenario, *arguments)
            with Result(path) as result:
                commands = report_repeat.commands(result)
            self.assertIn(commands.splitlines()[-1], self.page(path).text)
            with tempfile.TemporaryDirectory() as folder:
                shutil.copy(path, folder)
                done = subprocess.run(["sh", "-e", "-c", commands], cwd=folder, capture_output=True, text=True,
                                      env=dict(os.environ, PATH=f"{os.path.dirname(OUTLAY)}:{os.environ['PATH']}"))
                self.assertEqual(done.returncode, 0, done.stderr)
                again = os.path.join(folder, "results", "case-again.h5")
                with h5py.File(path) as old, h5py.File(again) as new:
                    for name in ("outlay", "demand", "exhaustion_date", "outlay_by_class"):
                        self.assertTrue(np.array_equal(old[name][...], new[name][...]), name)


class Command(Case):
    def run_it(self, *arguments):
        """The status of the command, and what it printed."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = command.main(list(arguments), command="report")
            except SystemExit as ended:
                status = ended.code
        return status, out.getvalue(), err.getvalue()

    def test_all_figures_by_the_executable(self):
        path = self.result(DRAWS, "--draws", "20", "-n", "10")
        done = subprocess.run([sys.executable, "-W", "error", os.path.join(ANALYSIS, "report"), path],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr, done.stdout), (0, "", f"{self.path('case.html')}\n"))
        with open(self.path("case.html"), encoding="utf-8") as file:
            text = file.read()
        checked = self.check_whole(text, "en")
        self.assertGreaterEqual(sum(name == "figure" for name, _ in checked.kinds), 3)
        self.assertGreaterEqual(text.count('class="curves"'), 3)

    def test_where_it_goes(self):
        path = self.result(SMALL, "-n", "4")
        os.makedirs(self.path("folder"), exist_ok=True)
        with mock.patch.object(report_page, "FIGURES", {}):
            done = self.run_it(path, "-o", self.path("folder"))
        self.assertEqual(done, (0, self.path("folder/case.html") + "\n", ""))
        self.assertEqual(os.listdir(self.path("folder")), ["case.html"])

    def test_messages(self):
        with open(self.path("text.h5"), "w", encoding="utf-8") as file:
            file.write("no HDF5\n")
        with mock.patch.object(report_page, "FIGURES", {}):
            good = self.result(SMALL, "-n", "4")
            for arguments in ((self.path("text.h5"),), (self.path("missing.h5"),), (good, self.path("text.h5")),
                              (good, "-o", self.path("no/such/page.html"))):
                status, out, err = self.run_it(*arguments)
                self.assertEqual((status, out, len(err.splitlines())), (1, "", 1), err)
                self.assertIn(arguments[-1], err)
        for arguments in ((), ("--language", "fr", "x.h5"), ("--colour", "x.h5")):
            self.assertEqual(self.run_it(*arguments)[0], 2)

    def test_a_missing_font_is_named(self):
        path = self.result(SMALL, "-n", "4")
        with mock.patch.object(fonts, "chinese", lambda: None):
            status, out, err = self.run_it(path, "--language", "zh")
        self.assertEqual((status, out), (1, ""))
        self.assertIn(fonts.PACKAGE, err)


class Markup(unittest.TestCase):
    def test_text_is_escaped_and_markup_is_not(self):
        self.assertEqual(page.tag("p", "<&>\"", page.tag("b", "x"), class_='a"b'),
                         '<p class="a&quot;b">&lt;&amp;&gt;&quot;<b>x</b></p>')
        self.assertNotIn("</", page.data({"x": "</script>"}, class_="c")[:-len("</script>")])

    def test_dark_colours(self):
        def luminance(colour):
            parts = [page._linear(int(colour[i:i + 2], 16) / 255) for i in (1, 3, 5)]
            return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts))

        self.assertLess(luminance(page.darkened("#ffffff")), 0.012)
        self.assertGreater(luminance(page.darkened("#000000")), 0.8)
        for colour in ("#222222", "#5a5a5a", "#0072b2", "#c65400"):  # what texts and lines are drawn in
            contrast = (luminance(page.darkened(colour)) + 0.05) / (luminance("#181818") + 0.05)
            self.assertGreater(contrast, 4.5, colour)
        shades = [luminance(page.darkened(colour)) for colour in ("#dcebf5", "#a9cfe8", "#62a5d2", "#0072b2")]
        self.assertEqual(shades, sorted(shades))


if __name__ == "__main__":
    unittest.main()
