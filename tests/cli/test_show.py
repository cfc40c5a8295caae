"""`outlay show`: tables for spreadsheets, charts on terminals, results side by side, and what viewers of HDF5 draw.

usage: test_show.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

Tables are read by Python's csv and held against the file as h5py reads it, number by number; differences of paired
results are worked out again with numpy. How a chart is drawn is tests/unit/test_chart.c's matter.
"""
import csv
import datetime
import fcntl
import io
import os
import pty
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import unittest

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

OUTLAY = os.environ["OUTLAY"]
MISSING = -2147483647
TABLES = ("summary", "classes", "days", "replicates")
START = datetime.date(2025, 7, 1)

# Two programmes, two fiscal years that begin in July, two classes, draws; a title that needs every quote there is.
SCENARIO = """\
outlay: 1
title: Show
currency: CNY
calendar: weekdays
horizon: {start: 2025-07-01, years: 2}
classes:
  firm: {count: 40}
  institute: {count: 20}
programmes:
  aid:
    title: 'Aid, "first" 训力券'
    budget: 25 M
    award: {rate: 50%, cap: 2 M}
    applications:
      take_up: {beta: {mean: 0.7, sd: 0.1}}
      per_year: 1
      contract: {lognormal: {median: 1 M, sigma: 1}}
  loan:
    budget: 900 M
    award: {rate: 40%}
    applications: {per_year: 1, contract: {lognormal: {median: 1 M, sigma: 1}}}
"""

# No uncertain number, so that there is an exact answer; one draw.
CERTAIN = """\
outlay: 1
title: Certain
currency: CNY
calendar: weekdays
horizon: {start: 2025-01-01}
classes:
  firm: {count: 60}
programmes:
  aid:
    budget: 40 M
    award: {rate: 50%, cap: 2 M}
    applications: {per_year: 1, contract: {lognormal: {median: 1 M, sigma: 1}}}
"""


def outlay(*arguments, **kwargs):
    return subprocess.run([OUTLAY, *arguments], capture_output=True, **kwargs)


def on_terminal(*arguments, columns=80, **environment):
    """What the program prints on a terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    cleared = {name: value for name, value in os.environ.items()
               if name not in ("COLUMNS", "LANG", "LC_ALL", "LC_CTYPE", "TERM")}
    process = subprocess.Popen([OUTLAY, *arguments], stdin=slave, stdout=slave, stderr=subprocess.STDOUT,
                               env={**cleared, **environment})
    os.close(slave)
    pieces = []
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(master)
    return process.wait(), b"".join(pieces).decode().replace("\r\n", "\n")


def texts(variable):
    return [text.decode() if isinstance(text, bytes) else text for text in (
        variable.attrs["flag_meanings"].decode().split())]


def titles(variable):
    return [variable.attrs[f"title_{i}"].decode() if f"title_{i}" in variable.attrs else name
            for i, name in enumerate(texts(variable))]


def date_of(day):
    """The ISO date of a day of the horizon; nothing where there is none."""
    return "" if day == MISSING else (START + datetime.timedelta(days=int(day))).isoformat()


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.kept.cleanup)
        cls.results = {}
        for name, text, *options in (
            ("draws", SCENARIO, "--draws", "12", "-n", "5"),
            ("certain", CERTAIN, "-n", "400"),
        ):
            cls.make(name, text, *options)

    @classmethod
    def make(cls, name, text, *options, command="run"):
        scenario, result = (os.path.join(cls.kept.name, f"{name}.{ending}") for ending in ("yaml", "h5"))
        with open(scenario, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run([OUTLAY, command, scenario, *options, "-o", result, "--quiet"], check=True)
        cls.results[name] = result
        return result

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def copy(self, name, to):
        return shutil.copy(self.results[name], self.path(to))

    def partial(self, name, to, paths_done):
        """The same result as if it had been interrupted."""
        path = self.copy(name, to)
        with h5py.File(path, "r+") as file:
            file.attrs.modify("complete", np.int32(0))
            file.attrs.modify("paths_done", float(paths_done))
        return path

    def shown(self, *arguments, status=0):
        done = outlay("show", *arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout.decode()

    def rows(self, *arguments):
        text = self.shown(*arguments)
        self.assertTrue(text.endswith("\r\n"))
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    def assert_number(self, text, value, where):
        if np.isnan(value):
            self.assertEqual(text, "", where)
        else:
            self.assertEqual(float(text), value, where)


class Tables(Case):
    def test_replicates_are_those_of_the_file(self):
        rows = self.rows(self.results["draws"], "--csv=replicates")
        self.assertEqual(len(rows), 12 * 5 * 2 * 2)
        with h5py.File(self.results["draws"]) as file:
            names = [name for name in file if file[name].ndim == 4 and file[name].shape[:2] == (12, 5)]
            self.assertGreater(len(names), 30)
            self.assertEqual(set(rows[0]) - {"draw", "replicate", "programme", "fiscal_year", "currency"}, set(names))
            programmes, values = titles(file["programme"]), {name: file[name][:] for name in names}
            units = {name: file[name].attrs["units"].decode() for name in names}
        i = 0
        for draw, replicate, programme, year in np.ndindex(12, 5, 2, 2):
            row = rows[i]
            i += 1
            self.assertEqual((row["draw"], row["replicate"], row["programme"], row["fiscal_year"], row["currency"]),
                             (str(draw), str(replicate), programmes[programme], str(2025 + year), "CNY"))
            for name in names:
                value = values[name][draw, replicate, programme, year]
                if units[name].startswith("days since"):
                    self.assertEqual(row[name], date_of(value), (name, i))
                else:
                    self.assert_number(row[name], value, (name, i))
                if units[name] == "CNY":
                    self.assertRegex(row[name], r"^\d+\.\d\d$")

    def check_statistics(self, rows, file, suffix, cell):
        """Every row is a statistic of an account with its standard error; every statistic is in a row."""
        seen = set()
        for row in rows:
            name = row["quantity"] + suffix
            index = cell(row)
            if row["statistic"] == "quantile":
                k = list(file["probability"][:]).index(float(row["probability"]))
                value, se = file[f"{name}_quantile"][index][k], file[f"{name}_quantile_se"][index][k]
            else:
                self.assertEqual(row["probability"], "")
                value = file[f"{name}_{row['statistic']}"][index]
                se = file[f"{name}_mean_se"][index] if row["statistic"] == "mean" else float("nan")
            self.assert_number(row["value"], value, row)
            self.assert_number(row["standard_error"], se, row)
            self.assertEqual(row["unit"], file[f"{row['quantity']}_mean"].attrs["units"].decode())
            seen.add((name, row["statistic"], row["probability"], index))
        self.assertEqual(len(seen), len(rows))
        return seen

    def test_summary_is_that_of_the_file(self):
        rows = self.rows(self.results["draws"], "--csv=summary")
        with h5py.File(self.results["draws"]) as file:
            programmes = titles(file["programme"])

            def cell(row):
                return programmes.index(row["programme"]), int(row["fiscal_year"]) - 2025

            others = [row for row in rows if not row["quantity"].startswith("exhaust")]
            n_accounts = sum(1 for name in file if name.endswith("_sd") and file[name].ndim == 2
                             and not name.endswith("_between_draws_sd"))
            self.assertGreater(n_accounts, 25)
            self.assertEqual(len(self.check_statistics(others, file, "", cell)), n_accounts * 10 * 4)
            for row in rows:
                if row["quantity"] == "exhausted":
                    ending = "" if row["statistic"] == "probability" else "_between_draws_sd"
                    self.assert_number(row["value"], file[f"p_exhausted{ending}"][cell(row)], row)
                    if ending == "":
                        self.assert_number(row["standard_error"], file["p_exhausted_se"][cell(row)], row)
                elif row["quantity"] == "exhaustion_date":
                    k = list(file["probability"][:]).index(float(row["probability"]))
                    for column, ending in (("date", "quantile"), ("date_lower", "lower"), ("date_upper", "upper")):
                        self.assertEqual(row[column], date_of(file[f"exhaustion_date_{ending}"][cell(row)][k]))
                    self.assertEqual((row["value"], row["unit"]), ("", "date"))
                else:
                    self.assertEqual((row["date"], row["date_lower"], row["date_upper"]), ("", "", ""))
            self.assertEqual(len(rows) - len(others), (2 + 7) * 4)
            self.assertGreater(sum(row["date"] != "" for row in rows), 7)

    def test_classes_are_those_of_the_file(self):
        rows = self.rows(self.results["draws"], "--csv=classes")
        with h5py.File(self.results["draws"]) as file:
            programmes, classes = titles(file["programme"]), texts(file["class"])

            def cell(row):
                return (programmes.index(row["programme"]), int(row["fiscal_year"]) - 2025, classes.index(row["class"]))

            n_accounts = sum(1 for name in file if name.endswith("_by_class_mean"))
            self.assertGreater(n_accounts, 5)
            self.assertEqual(len(self.check_statistics(rows, file, "_by_class", cell)), n_accounts * 10 * 2 * 2 * 2)

    def test_days_are_those_of_the_file(self):
        rows = self.rows(self.results["draws"], "--csv=days")
        n_days = (datetime.date(2027, 7, 1) - START).days
        self.assertEqual(len(rows), 2 * n_days)
        with h5py.File(self.results["draws"]) as file:
            programmes = titles(file["programme"])
            columns = {}
            for name in file:
                if file[name].ndim > 1 and name.endswith("_quantile") and file[name].shape[-1] == n_days:
                    for k, p in enumerate(file["probability"][:]):
                        columns[f"{name[:-8]}p{round(100 * p):02d}"] = file[name][:, k]
                elif file[name].ndim == 2 and file[name].shape[-1] == n_days:
                    columns[name] = file[name][:]
        self.assertEqual(set(rows[0]) - {"programme", "fiscal_year", "date", "currency"}, set(columns))
        self.assertIn("commitment_p05", columns)
        for i, row in enumerate(rows):
            programme, day = divmod(i, n_days)
            date = START + datetime.timedelta(days=day)
            year = date.year - (date.month < 7)
            self.assertEqual((row["programme"], row["fiscal_year"], row["date"]),
                             (programmes[programme], str(year), date.isoformat()))
            for name, values in columns.items():
                self.assert_number(row[name], values[programme, day], (name, i))

    def test_title_survives_quotes_and_alphabets(self):
        self.assertIn('"Aid, ""first"" 训力券",2025', self.shown(self.results["draws"], "--csv=summary"))

    def test_several_results_have_a_column_of_their_names(self):
        other = self.copy("draws", "other.h5")
        single = self.shown(other, "--csv=classes").splitlines()
        both = self.shown(self.results["draws"], other, "--csv=classes").splitlines()
        self.assertEqual(both[0], "result," + single[0])
        self.assertEqual(both[1:], [f"{name},{line}" for name in ("draws", "other") for line in single[1:]])
        self.shown(self.results["draws"], other, "--csv=classes", "-o", self.path("both.csv"))
        with open(self.path("both.csv"), newline="", encoding="utf-8") as file:
            self.assertEqual(file.read().splitlines(), both)

    def test_results_of_one_name(self):
        os.mkdir(self.path("sub"))
        one, two = self.copy("certain", "a.h5"), self.copy("certain", "sub/a.h5")
        rows = self.rows(one, two, "--csv=summary")
        self.assertEqual({row["result"] for row in rows}, {one, two})
        done = outlay("show", one, two, "--csv", "--force", "-o", self.folder.name)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"would both be written to the same tables", done.stderr)
        done = outlay("show", one, self.path("sub/../a.h5"), "--csv", "--force")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"would both be written to the same tables", done.stderr)
        self.shown(one, two, "--csv")
        self.assertTrue(os.path.exists(self.path("sub/a_days.csv")))
        done = outlay("show", one, self.partial("certain", "a.h5.partial", 7), "--csv", "--force")
        self.assertEqual(done.returncode, 2)

    def test_files_stand_beside_the_result(self):
        result = self.copy("draws", "a.h5")
        names = [self.path(f"a_{table}.csv") for table in TABLES]
        self.assertEqual(self.shown(result, "--csv"), "".join(f"written: {name}\n" for name in names))
        for table, name in zip(TABLES, names):
            with open(name, newline="", encoding="utf-8") as file:
                self.assertEqual(file.read(), outlay("show", result, f"--csv={table}").stdout.decode())
        self.shown("--csv", result, "-o", self.path("new/folder"))
        self.assertEqual(sorted(os.listdir(self.path("new/folder"))), sorted(f"a_{table}.csv" for table in TABLES))

    def test_existing_tables_are_kept_unless_forced(self):
        result = self.copy("certain", "a.h5")
        with open(self.path("a_days.csv"), "w", encoding="utf-8") as file:
            file.write("mine")
        done = outlay("show", result, "--csv")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"exists already", done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["a.h5", "a_days.csv"])  # none of the others either
        self.shown(result, "--csv", "--force")
        with open(self.path("a_days.csv"), encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("programme,"))

    def test_exact_answer_has_no_replicates(self):
        exact = self.make("exact", CERTAIN, command="exact")
        self.shown(exact, "--csv", "-o", self.folder.name)
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["exact_classes.csv", "exact_days.csv", "exact_summary.csv"])
        done = outlay("show", exact, "--csv=replicates")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"there are no replicates", done.stderr)

    def test_several_in_one_go(self):
        """A table that is not written leaves every other file open, and a missing result the rest undisturbed."""
        exact = self.make("exact_several", CERTAIN, command="exact")
        copies = [shutil.copy(exact, self.path(f"{i}.h5")) for i in range(4)]
        self.shown(*copies, "--csv")
        self.assertEqual(len([name for name in os.listdir(self.folder.name) if name.endswith(".csv")]), 12)
        done = outlay("show", self.path("none.h5"), *copies, "--csv", "--force")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"none.h5", done.stderr)

    def test_interrupted_run_gives_what_was_played(self):
        whole = self.shown(self.results["draws"], "--csv=replicates").splitlines()
        partial = self.partial("draws", "cut.h5.partial", 33)
        self.assertEqual(self.shown(partial, "--csv=replicates").splitlines(), whole[:1 + 33 * 4])
        self.assertIn(self.path("cut_summary.csv"), self.shown(partial, "--csv"))

    def test_more_replicates_than_fit_into_memory_at_once(self):
        n = 140000  # of 33 values, through 32 MB
        many = self.make("many", CERTAIN.replace("count: 60", "count: 1"), "-n", str(n))
        reader = csv.reader(io.StringIO(self.shown(many, "--csv=replicates"), newline=""))
        header = next(reader)
        columns = {name: header.index(name) for name in ("replicate", "applications", "contract_value", "outlay")}
        rows = np.array([[float(row[i]) for i in columns.values()] for row in reader])
        with h5py.File(many) as file:
            for k, name in enumerate(columns):
                expected = np.arange(n) if name == "replicate" else file[name][0, :, 0, 0]
                self.assertTrue(np.array_equal(rows[:, k], expected), name)

    def test_file_of_an_older_version(self):
        """What it lacks is an empty column, or no row; the rest is as it was."""
        result = self.copy("draws", "old.h5")
        with h5py.File(result, "r+") as file:
            for name in ("demand", "unmet_sd", "commitment_mean"):
                del file[name]
            del file.attrs["n_summaries"]
        for table, gone in (("replicates", "demand"), ("days", "commitment_mean")):
            old, new = self.rows(result, f"--csv={table}"), self.rows(self.results["draws"], f"--csv={table}")
            self.assertEqual(old, [{**row, gone: ""} for row in new])
        old, new = self.rows(result, "--csv=summary"), self.rows(self.results["draws"], "--csv=summary")
        self.assertEqual(old, [row for row in new if (row["quantity"], row["statistic"]) != ("unmet", "sd")])

    def test_no_torn_file_when_the_disk_is_full(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

        result = self.copy("draws", "a.h5")
        for arguments in (("--csv",), ("--csv=days", "-o", self.path("days.csv"))):
            done = outlay("show", result, *arguments, preexec_fn=limit)
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertIn(b"cannot be written: File too large", done.stderr)
            self.assertEqual(os.listdir(self.folder.name), ["a.h5"])
        with open("/dev/full", "wb") as full:
            done = subprocess.run([OUTLAY, "show", result, "--csv=days"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot be printed", done.stderr)

    def test_folder_that_cannot_be_made(self):
        result = self.copy("certain", "a.h5")
        done = outlay("show", result, "--csv", "-o", result + "/folder")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"Not a directory", done.stderr)
        self.assertEqual(os.listdir(self.folder.name), ["a.h5"])

    def test_damaged_file_is_an_error(self):
        result = self.copy("certain", "a.h5")
        with h5py.File(result, "r+") as file:
            del file["outlay"]
            file["outlay"] = np.zeros((2, 2))
            del file["commitment_mean"]
            file["commitment_mean"] = np.zeros((1, 3))
        for table in ("replicates", "days"):
            done = outlay("show", result, f"--csv={table}")
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"the result file is damaged", done.stderr)
        outlay("show", result, "--csv")
        self.assertEqual(os.listdir(self.folder.name), ["a.h5"])

    def test_misuse(self):
        result = self.results["certain"]
        for arguments, words in (
            ((), "which result file?"),
            (("--csv",), "which result file?"),
            ((result, "--csv=all"), "--csv takes nothing, summary, classes, days or replicates, not 'all'"),
            ((result, "--csv", "days"), "--csv=days"),
            ((result, "--force"), "-o and --force are for tables: --csv"),
            ((result, "-o", "x"), "-o and --force are for tables: --csv"),
            ((result, "--chart=big"), "--chart takes auto, unicode, ascii or none, not 'big'"),
        ):
            done = outlay("show", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, b""), arguments)
            self.assertIn(words, done.stderr.decode())
        self.assertEqual(outlay("run", "x.yaml", "--csv").returncode, 2)


class Charts(Case):
    def test_nothing_in_a_pipe_unless_asked(self):
        plain = self.shown(self.results["certain"])
        self.assertNotIn("When it is exhausted", plain)
        self.assertEqual(self.shown(self.results["certain"], "--chart=auto"), plain)
        for chart, glyphs, others in (("unicode", "░▒█│", "|"), ("ascii", "|+:#", "│░▒█")):
            drawn = self.shown(self.results["certain"], f"--chart={chart}")
            self.assertTrue(drawn.startswith(plain))
            self.assertTrue(all(glyph in drawn for glyph in glyphs), drawn)
            self.assertFalse(any(glyph in drawn for glyph in others), drawn)

    def test_a_terminal_gets_what_it_can_show(self):
        result = self.results["certain"]
        for environment, sign, other in (
            ({"TERM": "xterm", "LANG": "C.UTF-8"}, "│", "|"),
            ({"TERM": "xterm", "LC_ALL": "C.UTF-8", "LANG": "C"}, "│", "|"),
            ({"TERM": "xterm", "LANG": "C"}, "|", "│"),
            ({"TERM": "dumb", "LANG": "C.UTF-8"}, "|", "│"),
            ({"LANG": "C.UTF-8"}, "|", "│"),
        ):
            status, text = on_terminal("show", result, **environment)
            self.assertEqual(status, 0)
            self.assertIn(f"100 % {sign}" if "100 %" in text else f"% {sign}", text, environment)
            self.assertNotIn(f"% {other}", text, environment)
        self.assertNotIn("When it is exhausted", on_terminal("show", result, "--chart=none", TERM="xterm")[1])

    def test_charts_are_as_wide_as_the_terminal(self):
        def axis(**environment):
            text = on_terminal("show", self.results["certain"], TERM="xterm", LANG="C", **environment)[1]
            return max(len(line) for line in text.splitlines() if re.match(" +[+][-+]+$", line))

        # 14 columns of labels, and a wall; then days in columns, as many as fit
        for columns, span in ((60, 9), (80, 6), (120, 4)):
            self.assertEqual(axis(columns=columns), 15 + -(-365 // span))
        self.assertEqual(axis(columns=80, COLUMNS="120"), 15 + -(-365 // 4))

    def test_every_programme_and_year(self):
        text = self.shown(self.results["draws"], "--chart=ascii")
        for heading in ('Aid, "first" 训力券', "loan"):
            for year in (2025, 2026):
                self.assertEqual(text.count(f"{heading}, fiscal year {year}\n"), 2)
        self.assertIn("Never exhausted: no dates to draw", text)  # the loans
        self.assertRegex(text, r"\n +Jul +Aug +Sep")  # a fiscal year from July

    def test_histogram_tells_the_share_never_exhausted(self):
        with h5py.File(self.results["certain"]) as file:
            p = file["p_exhausted"][0, 0]
        self.assertTrue(0.0 < p < 1.0)
        self.assertIn(f"(never: {100 * (1 - p):.2f} %)", self.shown(self.results["certain"], "--chart=ascii"))

    def test_exact_answer_and_interrupted_run(self):
        exact = self.make("exact2", CERTAIN, command="exact")
        self.assertIn("When it is exhausted (never: ", self.shown(exact, "--chart=ascii"))
        self.assertIn("INCOMPLETE", self.shown(self.partial("certain", "c.h5.partial", 100), "--chart=ascii"))


class SideBySide(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        richer = SCENARIO.replace("budget: 25 M", "budget: 30 M")
        cls.make("richer", richer, "--draws", "12", "-n", "5")
        cls.make("seed2", SCENARIO, "--draws", "12", "-n", "5", "--seed", "2")
        cls.make("fewer", SCENARIO, "--draws", "6", "-n", "5")
        cls.make("others", SCENARIO.replace("firm: {count: 40}", "firm: {count: 45}"), "--draws", "12", "-n", "5")
        cls.make("certain_richer", CERTAIN.replace("budget: 40 M", "budget: 45 M"), "-n", "400")
        cls.make("certain_exact", CERTAIN, command="exact")

    def difference(self, first, other, name, cell):
        """Mean difference and its standard error, with the draws as the observations where there are several."""
        with h5py.File(self.results[first]) as a, h5py.File(self.results[other]) as b:
            values = [file[name][:][(..., *cell)] for file in (a, b)]
        if name == "exhaustion_date":
            values = [(value != MISSING).astype(float) for value in values]
        each = values[1] - values[0]
        each = each.mean(axis=1) if each.shape[0] > 1 else each.ravel()
        return each.mean(), each.std(ddof=1) / np.sqrt(each.size)

    def cells_after(self, text, label):
        """The first two `minus [1]` lines below the row that begins with a label: difference, standard error."""
        lines = text[text.index(f"\n  {label} "):].splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("    minus [1]"))
        return lines[at].split("[1]")[1].strip(), lines[at + 1].strip()

    def money(self, text):
        """A sum in words as a number; three digits of it."""
        number, *unit = text.removesuffix(" CNY").split()
        return float(number) * {"M": 1e6, "k": 1e3, "bn": 1e9}[unit[0]] if unit else float(number)

    def check_pair(self, first, other, heading, cell):
        text = self.shown(self.results[first], self.results[other])
        self.assertIn("Differences from [1] are taken replicate by replicate", text)
        block = text[text.index(heading):]
        mean, se = self.difference(first, other, "exhaustion_date", cell)
        self.assertEqual(self.cells_after(block, "exhausted"), (f"{mean:+.3f}", f"± {se:.3f}"))
        for label, name in (("paid", "outlay"), ("unmet", "unmet")):
            mean, se = self.difference(first, other, name, cell)
            self.assertNotEqual(mean, 0.0)
            shown_mean, shown_se = self.cells_after(block, label)
            self.assertEqual(shown_mean[0], "+" if mean > 0 else "-")
            self.assertAlmostEqual(self.money(shown_mean[1:]) / abs(mean), 1.0, delta=6e-3)
            self.assertAlmostEqual(self.money(shown_se[2:]) / se, 1.0, delta=6e-3)

    def test_differences_of_paired_results(self):
        self.check_pair("draws", "richer", 'Aid, "first" 训力券, fiscal year 2025', (0, 0))
        self.check_pair("draws", "richer", 'Aid, "first" 训力券, fiscal year 2026', (0, 1))
        self.check_pair("certain", "certain_richer", "aid, fiscal year 2025", (0, 0))

    def test_the_pair_is_sharper_than_its_parts(self):
        with h5py.File(self.results["draws"]) as a, h5py.File(self.results["richer"]) as b:
            apart = np.hypot(a["unmet_mean_se"][0, 0], b["unmet_mean_se"][0, 0])
        self.assertLess(self.difference("draws", "richer", "unmet", (0, 0))[1], 0.7 * apart)

    def test_why_results_are_not_paired(self):
        partial = self.partial("draws", "cut.h5.partial", 30)
        for first, other, why in (
            ("draws", self.results["seed2"], "seed 2, not 1"),
            ("draws", self.results["fewer"], "6 x 5 replicates, not 12 x 5"),
            ("draws", self.results["others"], "other applications, the first in draw 0, replicate "),
            ("draws", partial, "a run was interrupted"),
            ("certain", self.results["certain_exact"], "an exact answer has no replicates"),
        ):
            text = self.shown(self.results[first], other)
            self.assertIn(f"[2] is not paired with [1]: {why}", text)
            aid = text[:text.find("\nloan")]  # of the loans, the others have the same
            self.assertNotIn("minus [1]", aid)
            self.assertNotIn("Differences", aid)

    def test_a_single_different_replicate_is_found(self):
        other = self.copy("richer", "other.h5")
        with h5py.File(other, "r+") as file:
            file["applications"][11, 4, 0, 1] += 1
        text = self.shown(self.results["draws"], other)
        self.assertEqual(text.count("[2] is not paired with [1]"), 1)
        self.assertIn("other applications, the first in draw 11, replicate 4", text)

    def test_values_are_those_of_the_files(self):
        text = self.shown(self.results["certain"], self.results["certain_richer"])
        with h5py.File(self.results["certain"]) as a, h5py.File(self.results["certain_richer"]) as b:
            p = [f"{file['p_exhausted'][0, 0]:.3f}" for file in (a, b)]
            se = [f"± {file['p_exhausted_se'][0, 0]:.3f}" for file in (a, b)]
        self.assertRegex(text, rf"\n  exhausted +{p[0]} +{p[1]}\n +{se[0]} +{se[1]}\n")
        self.assertRegex(text, r"\n +\[1\] certain +\[2\] certain_richer\n  budget +40.0 M CNY +45.0 M CNY\n")
        self.assertIn(f"[1] {self.results['certain']}: Certain; 400 replicates (1 x 400), seed 1\n", text)

    def test_columns_fit_into_the_terminal(self):
        paths = [self.copy("certain", f"result-{i}.h5") for i in range(9)]
        for columns in (40, 60, 80, 200):
            text = on_terminal("show", *paths, columns=columns, TERM="xterm", LANG="C.UTF-8")[1]
            table = text[text.index("\naid, fiscal year"):]
            self.assertLessEqual(max(len(line) for line in table.splitlines() if "paired" not in line
                                     and "Differences" not in line), columns)
            for i in range(9):
                self.assertEqual(table.count(f"[{i + 1}] result-{i}\n") + table.count(f"[{i + 1}] result-{i} "), 1)
            self.assertNotIn("│", text)  # no charts

    def test_programmes_that_only_some_have(self):
        text = self.shown(self.results["certain"], self.results["draws"])
        self.assertEqual(text.count("\naid, fiscal year 2025\n"), 1)
        self.assertEqual(text.count("\nloan, fiscal year 2026\n"), 1)
        self.assertEqual(text.count("[2] is not paired with [1]"), 1)  # aid in 2025, which both have

    def test_programmes_of_one_title(self):
        """What a programme is called tells it from others, not its title."""
        same = self.make("same", SCENARIO.replace("  loan:\n", "  loan:\n    title: 'Aid, \"first\" 训力券'\n"),
                         "--draws", "2", "-n", "3")
        text = self.shown(same, self.results["draws"], "--chart=none")
        self.assertEqual(text.count("25.0 M CNY"), 2 * text.count("900 M CNY") // 2)
        self.assertGreater(text.count("900 M CNY"), 0)

    def test_a_file_that_cannot_be_read_is_left_out(self):
        done = outlay("show", self.results["certain"], self.path("none.h5"), self.results["certain_richer"])
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot be read", done.stderr)
        self.assertIn(b"[2] certain_richer", done.stdout)

    def test_terminal_is_safe_from_what_is_in_files(self):
        path = self.copy("certain", "a.h5")
        with h5py.File(path, "r+") as file:
            del file.attrs["title"]
            file.attrs.create("title", np.bytes_(b"bad\x1b[2Jtitle"))
        self.assertNotIn("\x1b", self.shown(path, self.results["certain"]))


class Viewers(Case):
    """NeXus: what to draw when the file is opened."""

    def check_signal(self, path):
        with h5py.File(path) as file:
            self.assertEqual(file.attrs["NX_class"], b"NXdata")
            signal = file[file.attrs["signal"].decode()]
            axes = [axis.decode() for axis in file.attrs["axes"]]
            self.assertEqual(len(axes), signal.ndim)
            for axis, n in zip(axes, signal.shape):
                self.assertTrue(axis == "." or file[axis].shape == (n,), axis)
            self.assertEqual(axes[-1], "time")
            for name in file:
                if file[name].ndim > 1:
                    is_daily = file[name].shape[-1] == file["time"].shape[0]
                    self.assertEqual(file[name].attrs.get("interpretation"), b"spectrum" if is_daily else None, name)

    def check_silx(self, path):
        try:
            import silx.io
            from silx.io.nxdata import get_default
        except ImportError:
            return
        with silx.io.open(path) as file:
            default = get_default(file)
            self.assertIsNotNone(default)
            self.assertTrue(default.is_curve)
            self.assertEqual(default.axes_dataset_names[-1], "time")

    def test_the_probability_by_day(self):
        for name, text, command in (("draws", None, None), ("certain", None, None), ("exact3", CERTAIN, "exact")):
            path = self.results[name] if text is None else self.make(name, text, command=command)
            self.check_signal(path)
            self.check_silx(path)


if __name__ == "__main__":
    unittest.main(verbosity=1)
