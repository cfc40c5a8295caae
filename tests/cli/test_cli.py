"""The program from outside: help, exit statuses, files, signals, batches; most of it at two thread counts.

usage: test_cli.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment
"""
import csv
import filecmp
import io
import os
import pty
import random
import re
import resource
import select
import signal
import subprocess
import time
import unittest

from program import OUTLAY, SMALL, Case, outlay

SOURCE = os.environ["OUTLAY_SOURCE"]
SCENARIOS = os.path.join(SOURCE, "scenarios")
BAD = os.path.join(SOURCE, "tests", "cli", "bad")


class Help(Case):
    def test_every_command_has_help(self):
        text = self.run_ok("--help").stdout
        for command in ("run", "check", "exact", "show", "replay", "params", "schema", "fields"):
            self.assertIn(f"outlay {command}", text)
            self.assertIn(f"outlay {command}", self.run_ok("help", command).stdout)
            self.assertIn(f"outlay {command}", self.run_ok(command, "--help").stdout)

    def test_version(self):
        self.assertRegex(self.run_ok("--version").stdout, r"^outlay \d+\.\d+\.\d+ \(.+\)$")

    def test_misuse_is_status_2_and_says_why(self):
        for arguments, words in (
            ((), "outlay run"),
            (("fly",), "no command 'fly'"),
            (("run",), "which scenario?"),
            (("run", self.small, "--colour"), "no option '--colour'"),
            (("run", self.small, "-x"), "no option '-x'"),
            (("run", self.small, "-n"), "needs a value"),
            (("run", self.small, "-n", "0"), "whole number from 1"),
            (("run", self.small, "-n", "1.5"), "whole number from 1"),
            (("run", self.small, "--threads", "x"), "--threads takes a whole number from 1 to 1024, not 'x'"),
            (("run", self.small, "--seed", "-1"), "--seed takes a whole number"),
            (("check", self.small, "--force"), "no option '--force'"),
            (("check",), "which scenario?"),
            (("exact",), "which scenario?"),
            (("exact", self.small, "-n", "5"), "no option '--replicates'"),
            (("exact", self.small, "--check-exact"), "no option '--check-exact'"),
            (("show",), "which result file?"),
            (("replay",), "which result file?"),
            (("replay", "a.h5", "b.h5", "--replicate", "0"), "one result file at a time"),
            (("replay", "a.h5"), "which replicate? --replicate R"),
            (("replay", "a.h5", "--replicate", "-1"), "--replicate takes a whole number from 0"),
            (("replay", "a.h5", "--replicate", "0", "--draw", "x"), "--draw takes a whole number from 0"),
            (("replay", "a.h5", "--replicate", "0", "--seed", "1"), "no option '--seed'"),
            (("run", self.small, "--replicate", "1"), "no option '--replicate'"),
            (("params", "more"), "takes no operand"),
            (("schema", "more"), "takes no operand"),
        ):
            done = outlay(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(words, done.stderr)
            self.assertEqual(done.stdout, "")


class BadScenarios(Case):
    def test_each_message_word_for_word(self):
        names = sorted(name for name in os.listdir(BAD) if name.endswith(".expected"))
        self.assertGreater(len(names), 20)
        for name in names:
            stem = name[: -len(".expected")]
            with self.subTest(stem), open(os.path.join(BAD, name), encoding="utf-8") as file:
                done = outlay("check", stem + ".yaml", cwd=BAD)
                self.assertEqual(done.returncode, 3)
                self.assertEqual(done.stderr, file.read())

    def test_nothing_is_written_for_a_bad_scenario(self):
        bad = self.write("bad.yaml", SMALL.replace("rate: 50%", "rtae: 50%"))
        done = outlay("run", bad, "-o", self.path("bad.h5"))
        self.assertEqual(done.returncode, 3)
        self.assertIn("bad.yaml:11:13: error", done.stderr)
        self.assertIn("rate", done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["bad.yaml", "small.yaml"])

    def test_files_that_are_no_files(self):
        for path in ("missing.yaml", ".", "/dev/null"):
            done = outlay("check", path, cwd=self.folder.name)
            self.assertEqual(done.returncode, 3, path)
            self.assertIn(path, done.stderr)


class Check(Case):
    def test_resolved_scenario_is_a_scenario(self):
        text = self.run_ok("check", self.small).stdout
        self.assertIn("100 M CNY", text)
        self.assertIn("small.yaml:10", text)
        self.assertIn("default", text)
        again = self.write("again.yaml", text)
        self.run_ok("run", self.small, "-n", "50", "-o", self.path("a.h5"))
        self.run_ok("run", again, "-n", "50", "-o", self.path("b.h5"))
        self.assertEqual(outlay("show", self.path("a.h5")).stdout, outlay("show", self.path("b.h5")).stdout)

    def test_set_is_checked_like_the_file(self):
        done = outlay("check", self.small, "--set", "programmes.aid.budgte=3e9")
        self.assertEqual(done.returncode, 3)
        self.assertIn("budget", done.stderr)
        done = self.run_ok("check", self.small, "--set", "programmes.aid.budget=3e9")
        self.assertIn("3.00 bn CNY = 30.0亿", done.stdout)
        self.assertIn("--set", done.stdout)

    def test_every_scenario_of_the_library_checks(self):
        names = [n for n in sorted(os.listdir(SCENARIOS)) if n.endswith(".yaml")]
        self.assertIn("shenzhen-2025.yaml", names)
        for name in names:
            with self.subTest(name):
                done = self.run_ok("check", os.path.join(SCENARIOS, name))
                # a horizon may reach beyond the holidays that are known: a warning says so
                warnings = done.stderr.count("warning: ")
                self.assertEqual(warnings, done.stderr.count("warning: the calendar `china` knows"))
                self.assertTrue(warnings or done.stderr == "", done.stderr)

    def test_every_number_of_the_library_has_a_source(self):
        for name in sorted(os.listdir(SCENARIOS)):
            if not name.endswith(".yaml"):
                continue
            for line in self.run_ok("check", os.path.join(SCENARIOS, name)).stdout.splitlines():
                is_value = " # " in line and line.startswith("  ") and "default" not in line
                self.assertTrue(not is_value or "source: " in line or "title" in line, line)


class Run(Case):
    def test_threads_do_not_change_a_byte(self):
        scenario = os.path.join(SCENARIOS, "shenzhen-2025.yaml")
        for threads in ("1", "2", "8"):
            self.run_ok("run", scenario, "--draws", "12", "-n", "70", "--threads", threads, "-o",
                        self.path(f"{threads}.h5"))
        self.assertTrue(filecmp.cmp(self.path("1.h5"), self.path("2.h5"), shallow=False))
        self.assertTrue(filecmp.cmp(self.path("1.h5"), self.path("8.h5"), shallow=False))
        self.run_ok("run", scenario, "--draws", "12", "-n", "70", "--seed", "2", "-o", self.path("other.h5"))
        self.assertFalse(filecmp.cmp(self.path("1.h5"), self.path("other.h5"), shallow=False))

    def test_answer_on_the_terminal_and_again_from_the_file(self):
        done = self.run_ok("run", self.small, "-n", "200", "--threads", "2", "-o", self.path("a.h5"))
        shown = self.run_ok("show", self.path("a.h5")).stdout
        self.assertTrue(done.stdout.startswith(shown))
        self.assertRegex(shown, "xhausted within the fiscal year (with probability|in all)")
        self.assertIn("contracts a second", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_quiet_says_nothing(self):
        done = self.run_ok("run", self.small, "-n", "20", "--quiet", "-o", self.path("a.h5"))
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_default_folder_is_results(self):
        self.run_ok("run", "small.yaml", "-n", "20", cwd=self.folder.name)
        self.assertTrue(os.path.exists(self.path("results/small.h5")))

    def test_existing_result_is_kept_without_force(self):
        output = self.path("a.h5")
        self.run_ok("run", self.small, "-n", "20", "-o", output)
        before = self.bytes_of(output)
        done = outlay("run", self.small, "-n", "30", "-o", output)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--force", done.stderr)
        self.assertEqual(self.bytes_of(output), before)
        self.run_ok("run", self.small, "-n", "30", "-o", output, "--force")
        self.assertNotEqual(self.bytes_of(output), before)

    def test_stamp_is_the_only_thing_that_differs(self):
        self.run_ok("run", self.small, "-n", "20", "-o", self.path("a.h5"))
        self.run_ok("run", self.small, "-n", "20", "-o", self.path("b.h5"))
        self.assertTrue(filecmp.cmp(self.path("a.h5"), self.path("b.h5"), shallow=False))
        self.run_ok("run", self.small, "-n", "20", "--stamp", "-o", self.path("c.h5"))
        dump = subprocess.run(["h5dump", "-A", self.path("c.h5")], capture_output=True, text=True).stdout
        self.assertIn("host", dump)
        dump = subprocess.run(["h5dump", "-A", self.path("a.h5")], capture_output=True, text=True).stdout
        self.assertNotIn("host", dump)


class Batch(Case):
    def test_one_bad_scenario_does_not_stop_the_others(self):
        bad = self.write("bad.yaml", SMALL.replace("budget: 100 M", "budget: -1"))
        last = self.write("last.yaml", SMALL)
        done = outlay("run", self.small, bad, last, "-n", "20", "-o", self.path("out"))
        self.assertEqual(done.returncode, 3)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["last.h5", "small.h5"])
        self.assertIn("2 of 3 scenarios done", done.stdout)
        self.assertIn("bad scenario", done.stdout)

    def test_two_scenarios_never_share_a_file(self):
        os.mkdir(self.path("other"))
        twin = self.write("other/small.yaml", SMALL)
        done = outlay("run", self.small, twin, "-n", "20", "-o", self.path("out"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("would both be written", done.stderr)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_a_result_never_takes_the_place_of_a_scenario(self):
        done = outlay("run", self.small, "-n", "20", "--force", "-o", self.small)
        self.assertEqual(done.returncode, 2)
        self.assertIn("would be replaced by the result", done.stderr)
        with open(self.small, encoding="utf-8") as file:
            self.assertEqual(file.read(), SMALL)

    def test_size_told_beforehand_is_not_exceeded(self):
        for n in ("1", "20", "2000"):
            told = float(re.search(r"file at most ([0-9.e+]+) MB", outlay("check", self.small, "--set", "simulation.replicates=" + n).stdout).group(1))
            self.assertEqual(outlay("run", self.small, "-n", n, "--force", "-o", self.path("a.h5")).returncode, 0)
            self.assertLess(os.stat(self.path("a.h5")).st_size, 1.005e6 * told)  # told to three digits


class Faults(Case):
    def test_unwritable_folder(self):
        self.write("file", "")
        done = outlay("run", self.small, "-n", "20", "-o", self.path("file/a.h5"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("file", done.stderr)

    def test_full_disk_is_a_message_and_leaves_nothing(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

        done = outlay("run", self.small, "-n", "20000", "-o", self.path("a.h5"), preexec_fn=limit)
        self.assertEqual(done.returncode, 1)
        self.assertIn("a.h5", done.stderr)
        self.assertFalse(os.path.exists(self.path("a.h5")))

    def test_show_of_what_is_no_result(self):
        for path in (self.small, self.path("missing.h5"), self.folder.name):
            done = outlay("show", path)
            self.assertEqual(done.returncode, 1)
            self.assertIn(path, done.stderr)

    def interrupted(self, signal_number):
        output = self.path("long.h5")
        process = subprocess.Popen([OUTLAY, "run", self.small, "-n", "1e8", "--force", "-o", output], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not os.path.exists(output + ".partial"):
            time.sleep(0.05)
        time.sleep(1.0)
        process.send_signal(signal_number)
        out, err = process.communicate(timeout=120)
        return process.returncode, err, output

    def test_interrupt_keeps_a_valid_file_that_says_so(self):
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            status, err, output = self.interrupted(signal_number)
            self.assertEqual(status, 130)
            self.assertIn(".partial", err)
            self.assertFalse(os.path.exists(output))
            shown = self.run_ok("show", output + ".partial").stdout
            self.assertIn("incomplete", shown.lower())

    def test_progress_only_on_a_terminal(self):
        master, slave = pty.openpty()
        process = subprocess.Popen([OUTLAY, "run", self.small, "-n", "300000", "-o", self.path("a.h5")],
                                   stdout=subprocess.DEVNULL, stderr=slave)
        os.close(slave)
        seen = b""
        while True:
            ready, _, _ = select.select([master], [], [], 60)
            try:
                part = os.read(master, 4096) if ready else b""
            except OSError:
                part = b""
            if not part:
                break
            seen += part
        process.wait(timeout=60)
        os.close(master)
        self.assertIn(b"contracts/s", seen)
        self.assertIn(b"left", seen)
        self.assertEqual(process.returncode, 0)


class Signals(Case):
    def test_only_a_run_has_something_to_keep(self):
        pipe = self.path("pipe.yaml")
        os.mkfifo(pipe)  # waits until somebody writes
        for stop in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([OUTLAY, "check", pipe], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.5)
            process.send_signal(stop)
            self.assertEqual(process.wait(timeout=20), -stop)


class Precision(Case):
    """A run that stops when it knows enough."""

    UNCERTAIN = SMALL.replace("budget: 100 M", "budget: {uniform: [60 M, 130 M]}")

    def attributes(self, path):
        import h5py

        with h5py.File(path) as file:
            return dict(file.attrs)

    def same_values(self, a, b):
        import h5py
        import numpy

        with h5py.File(a) as a, h5py.File(b) as b:
            self.assertEqual(set(a), set(b))
            for name in set(a) - {"scenario"}:
                numpy.testing.assert_array_equal(a[name][...], b[name][...], name)

    def test_threads_stop_alike_and_the_file_has_what_was_played(self):
        scenario = self.write("uncertain.yaml", self.UNCERTAIN)
        for design in ("random", "sobol"):
            with self.subTest(design):
                for threads in ("1", "2"):
                    done = self.run_ok("run", scenario, "--precision", "p_exhausted=0.03,outlay.mean=1 M", "-n", "2",
                                       "--set", f"simulation.design={design}", "--threads", threads, "--force",
                                       "-o", self.path(f"{threads}.h5"))
                    self.assertIn("Precision reached (95 % intervals): p_exhausted ± 0.0", done.stdout)
                    self.assertIn("(asked 1 M)", done.stdout)
                self.assertTrue(filecmp.cmp(self.path("1.h5"), self.path("2.h5"), shallow=False))
                about = self.attributes(self.path("1.h5"))
                self.assertEqual(about["precision_reached"], 1)
                self.assertEqual(about["precision"], b"p_exhausted=0.03,outlay.mean=1 M")
                self.assertEqual(about["complete"], 1)
                self.assertLessEqual(about["precision_half_width"][0], 0.03)
                self.assertLessEqual(about["precision_half_width"][1], 1e6)
                self.assertEqual(about["paths_done"], 2 * about["n_draws"])
                self.assertTrue(200 <= about["n_draws"] < 50000)
                self.run_ok("run", scenario, "--draws", str(about["n_draws"]), "-n", "2", "--force", "-o",
                            self.path("plain.h5"), "--set", f"simulation.design={design}")
                self.same_values(self.path("1.h5"), self.path("plain.h5"))
                self.assertNotIn("precision", self.attributes(self.path("plain.h5")))

    def test_one_draw_adds_replicates(self):
        self.run_ok("run", self.small, "--precision", "outlay.mean=300 k", "-o", self.path("a.h5"))
        about = self.attributes(self.path("a.h5"))
        self.assertEqual((about["n_draws"], about["precision_reached"]), (1, 1))
        self.run_ok("run", self.small, "-n", str(about["n_replicates"]), "-o", self.path("b.h5"))
        self.same_values(self.path("a.h5"), self.path("b.h5"))

    def test_largest_size_without_the_precision_is_told(self):
        scenario = self.write("uncertain.yaml", self.UNCERTAIN + "simulation: {precision: p_exhausted=0.001, draws: 300}\n")
        done = self.run_ok("run", scenario, "-o", self.path("a.h5"))
        self.assertIn("Precision NOT REACHED (95 % intervals): p_exhausted ± 0.0", done.stdout)
        self.assertIn("warning: the precision that was asked for (p_exhausted=0.001) is not reached with 300 draws",
                      done.stderr)
        self.assertIn("--draws sets the most that are played", done.stderr)
        about = self.attributes(self.path("a.h5"))
        self.assertEqual((about["n_draws"], about["precision_reached"], about["complete"]), (300, 0, 1))
        done = self.run_ok("run", scenario, "--draws", "50", "-o", self.path("b.h5"))
        self.assertIn("at least 200 are needed", done.stderr)
        self.assertNotIn("Precision", self.run_ok("run", scenario, "--precision", "none", "-o", self.path("c.h5")).stdout)

    def test_bad_precision_is_a_bad_scenario(self):
        for words, told in (
            ("p_exhaust=0.1", "did you mean `p_exhausted`?"),
            ("outlay=1 M", "`outlay` takes .mean, or a quantile such as .p95, behind it"),
            ("p_exhausted=2", "above 0 and below 0.5"),
            ("p_exhausted@help=0.1", "there is no programme `help`"),
            ("exhaustion_date.p50@2031=2", "there is no fiscal year `2031`"),
            ("p_exhausted", "such as p_exhausted=0.005"),
        ):
            done = outlay("run", self.small, "--precision", words, "-o", self.path("a.h5"))
            self.assertEqual((done.returncode, done.stdout), (3, ""), words)
            self.assertIn(told, done.stderr)
            self.assertFalse(os.path.exists(self.path("a.h5")))
            done = outlay("check", self.small, "--set", f"simulation.precision={words}")
            self.assertEqual((done.returncode, done.stdout), (3, ""), words)
            self.assertIn(told, done.stderr)
        self.assertIn("a run: at most 1 draws", self.run_ok("check", self.small, "--set",
                                                            "simulation.precision=p_exhausted=0.1").stdout)


class Exact(Case):
    BEYOND = "`programmes.aid.budget.releases`: money that comes later in the fiscal year moves the wall"
    QUARTERLY = ("--set", "programmes.aid.budget.release=quarterly")

    def test_answer_on_the_terminal_and_again_from_the_file(self):
        done = self.run_ok("exact", "small.yaml", cwd=self.folder.name)
        path = self.path("results/small-exact.h5")
        shown = self.run_ok("show", path).stdout
        self.assertEqual(done.stdout, f"{shown}\nwritten: results/small-exact.h5\n")
        self.assertIn("exact, without simulation: probabilities within ± ", shown)
        self.assertRegex(shown, r"Exhausted within the fiscal year with probability 0\.\d{4}\n")
        self.assertNotIn("nan", shown)
        done = outlay("replay", path, "--replicate", "0")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("there are no replicates in the file: it holds an exact answer", done.stderr)
        self.run_ok("exact", "small.yaml", "-o", "again.h5", "--quiet", cwd=self.folder.name)
        self.assertTrue(filecmp.cmp(path, self.path("again.h5"), shallow=False))

    def test_beyond_reach_is_a_message_and_no_file(self):
        done = outlay("exact", self.small, *self.QUARTERLY, "-o", self.path("a.h5"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"error: no exact answer: {self.BEYOND}", done.stderr)
        self.assertFalse(os.path.exists(self.path("a.h5")))

    def deviations(self, *arguments):
        """The last column of the table that a run held against the exact answer ends with."""
        done = self.run_ok("run", self.small, "-n", "4000", "--seed", "7", "-o", self.path("a.h5"), "--force",
                           "--check-exact", *arguments)
        table = done.stdout.split("The run against the exact answer\n")[1].splitlines()
        self.assertEqual(len(table), 9)
        self.assertIn("std. errors off", table[0])
        return [float(line.split()[-1]) for line in table[2:]]

    def test_a_run_held_against_it(self):
        for threads in ("1", "2"):
            self.assertLess(max(abs(d) for d in self.deviations("--threads", threads)), 5)
        # a quiet run says no more than that
        done = self.run_ok("run", self.small, "-n", "20", "-o", self.path("a.h5"), "--force", "--check-exact", "--quiet")
        self.assertTrue(done.stdout.startswith("\nThe run against the exact answer\n"))

    def test_a_run_beyond_reach_says_why(self):
        done = self.run_ok("run", self.small, *self.QUARTERLY, "-n", "20", "-o", self.path("a.h5"), "--check-exact")
        self.assertIn(f"\nno exact answer: {self.BEYOND}", done.stdout)


class CommonRandomNumbers(Case):
    def test_budget_moves_the_date_and_nothing_before_it(self):
        import h5py

        scenario = os.path.join(SCENARIOS, "shenzhen-2025.yaml")
        size = ("--draws", "5", "-n", "40")
        self.run_ok("run", scenario, *size, "-o", self.path("a.h5"))
        self.run_ok("run", scenario, *size, "-o", self.path("b.h5"), "--set", "programmes.training.budget=1e9")
        with h5py.File(self.path("a.h5")) as a, h5py.File(self.path("b.h5")) as b:
            for name in ("applications", "contract_value", "demand", "demand_by_class"):
                self.assertTrue((a[name][...] == b[name][...]).all(), name)
            self.assertFalse((a["exhaustion_date"][...] == b["exhaustion_date"][...]).all())
            never = a["exhaustion_date"].attrs["_FillValue"]
            early, late = b["exhaustion_date"][...], a["exhaustion_date"][...]
            self.assertTrue(((late == never) | (early <= late)).all())


class Replay(Case):
    """One replicate of a result file, application by application."""

    def setUp(self):
        super().setUp()
        rules = os.path.join(SOURCE, "tests", "golden", "scenarios", "rules.yaml")
        self.result = self.path("rules.h5")
        self.run_ok("run", rules, "-o", self.result, "-n", "4", "--draws", "3", "--quiet", "--threads", "1")

    def replay(self, *arguments):
        return outlay("replay", self.result, *arguments)

    def change(self, act):
        import h5py

        with h5py.File(self.result, "r+") as file:
            act(file)

    def test_the_ledger_adds_up_to_the_file(self):
        import h5py

        done = self.run_ok("replay", self.result, "--draw", "2", "--replicate", "3")
        self.assertIn("to the fen", done.stderr)
        rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
        self.assertEqual(len(rows), int(done.stderr.split(": ")[2].split()[0]))
        days = [row["day"] or "9999" for row in rows]
        self.assertEqual(days, sorted(days))
        self.assertEqual({row["programme"] for row in rows}, {"reserve", "grant"})
        with h5py.File(self.result) as file:
            years = list(file["year"][:])
            for column, field in (("contract", "contract_value"), ("demand", "demand"), ("committed", "committed"),
                                  ("returned", "returned"), ("paid", "outlay"), ("outstanding", "outstanding")):
                for p, programme in enumerate(("reserve", "grant")):
                    for y, year in enumerate(years):
                        fen = sum(int(row[column].replace(".", "")) for row in rows
                                  if row["programme"] == programme and int(row["account_year"]) == year)
                        self.assertEqual(fen, round(file[field][2, 3, p, y] * 100), (column, programme, year))
            self.assertEqual(len(rows), file["applications"][2, 3].sum())

    def test_neither_threads_nor_the_way_out_change_the_ledger(self):
        printed = self.run_ok("replay", self.result, "--replicate", "1").stdout
        self.run_ok("run", os.path.join(SOURCE, "tests", "golden", "scenarios", "rules.yaml"), "-o", self.result, "-n", "4",
                    "--draws", "3", "--quiet", "--threads", "2", "--force")
        self.run_ok("replay", self.result, "--replicate", "1", "-o", self.path("deep/ledger.csv"), "--quiet")
        self.assertEqual(self.bytes_of(self.path("deep/ledger.csv")).decode().replace("\r\n", "\n"), printed)
        self.assertIn(b"\r\n", self.bytes_of(self.path("deep/ledger.csv")))

    def test_as_hdf5(self):
        import h5py

        rows = list(csv.DictReader(io.StringIO(self.run_ok("replay", self.result, "--replicate", "0").stdout)))
        self.run_ok("replay", self.result, "--replicate", "0", "-o", self.path("ledger.h5"), "--quiet")
        with h5py.File(self.path("ledger.h5")) as file:
            self.assertEqual(set(file) - {"application"}, set(rows[0]))
            names = file["programme"].attrs["flag_meanings"].decode().split()
            self.assertEqual([names[i] for i in file["programme"]], [row["programme"] for row in rows])
            self.assertEqual([f"{amount:.2f}" for amount in file["committed"]], [row["committed"] for row in rows])
            self.assertEqual([day == file["decided"].attrs["_FillValue"] for day in file["decided"]],
                             [row["decided"] == "" for row in rows])
            self.assertEqual(file["demand"].dims[0][0].name, "/application")

    def test_a_replicate_that_is_not_there(self):
        for arguments, words in ((("--replicate", "4"), "there is no replicate 4: they are 0 to 3"),
                                 (("--replicate", "0", "--draw", "3"), "there is no draw 3: they are 0 to 2")):
            done = self.replay(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(words, done.stderr)

        def interrupt(file):
            file.attrs.modify("paths_done", 5.0)
            file.attrs.modify("complete", 0)

        self.change(interrupt)
        self.assertEqual(self.replay("--draw", "1", "--replicate", "0").returncode, 0)
        done = self.replay("--draw", "1", "--replicate", "1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("was not played: the run was interrupted after 5", done.stderr)

    def test_a_file_that_was_changed(self):
        def one_fen_more(file):
            file["demand"][1, 2, 0, 1] += 0.01

        self.change(one_fen_more)
        self.assertEqual(self.replay("--draw", "1", "--replicate", "1").returncode, 0)
        done = self.replay("--draw", "1", "--replicate", "2", "-o", self.path("ledger.csv"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"`demand` of `reserve` in fiscal year 2026 is \S+ EUR in the file, but \S+ EUR in "
                                      r"the replay of draw 1, replicate 2")
        self.assertIn("it has been changed since, or is damaged", done.stderr)
        self.assertFalse(os.path.exists(self.path("ledger.csv")))

        self.change(lambda file: file.attrs.modify("outlay_version", b"0.0.9"))
        self.assertIn("the file was written by outlay 0.0.9", self.replay("--draw", "1", "--replicate", "2").stderr)

    def test_a_file_of_another_scenario(self):
        self.run_ok("run", self.small, "-o", self.path("small.h5"), "-n", "4", "--quiet")
        self.change(lambda file: file.attrs.modify("scenario_text", self.scenario_of("small.h5")))
        self.assertEqual(self.replay("--replicate", "0").returncode, 1)
        self.change(lambda file: file.attrs.modify("scenario_text", b"outlay: 1\ntitle: nothing\n"))
        done = self.replay("--replicate", "0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the scenario in the file cannot be played", done.stderr)

    def scenario_of(self, name):
        import h5py

        with h5py.File(self.path(name)) as file:
            return file.attrs["scenario_text"]

    def test_damaged_files_are_errors_and_no_crashes(self):
        whole = self.bytes_of(self.result)
        chance = random.Random(7)
        for i in range(80):
            damaged = bytearray(whole[: chance.randrange(len(whole))] if i % 4 == 0 else whole)
            for _ in range(chance.choice([1, 8, 64])):
                damaged[chance.randrange(len(damaged) if i % 3 else min(len(damaged), 60000))] = chance.randrange(256)
            with open(self.result, "wb") as file:
                file.write(damaged)
            done = self.replay("--draw", "1", "--replicate", "1", "--quiet")
            self.assertIn(done.returncode, (0, 1, 2), f"round {i}: {done.stderr}")
            self.assertTrue(done.returncode == 0 or "error: " in done.stderr, done.stderr)

    def test_what_cannot_be_written(self):
        taken = self.write("ledger.csv", "mine")
        done = self.replay("--replicate", "0", "-o", taken)
        self.assertEqual((done.returncode, self.bytes_of(taken)), (1, b"mine"))
        self.assertIn("--force", done.stderr)
        self.run_ok("replay", self.result, "--replicate", "0", "-o", taken, "--force")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([OUTLAY, "replay", self.result, "--replicate", "0"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        for name in ("big.csv", "big.h5"):
            done = outlay("replay", self.result, "--replicate", "0", "-o", self.path(name), preexec_fn=small_files)
            self.assertEqual(done.returncode, 1, name)
            self.assertIn("cannot be written", done.stderr)
            self.assertFalse(os.path.exists(self.path(name)))

    def test_the_files_that_a_scenario_names_are_in_the_result(self):
        os.mkdir(self.path("data"))
        self.write("data/loans.csv", "amount,firms\n100000,3\n250000,1\n900000,2\n")
        self.write("own.yaml", "title: Own\nsource: a test\ncovers: {from: 2025-01-01, to: 2025-12-31}\n"
                               "holidays: [{from: 2025-03-01, to: 2025-08-31}]\n")
        text = SMALL.replace("calendar: weekdays", "calendar: own.yaml")
        law = text.index("{lognormal")
        scenario = self.write("named.yaml", text[:law] + "{csv: {file: data/loans.csv, column: amount, weight: firms}}\n")
        self.run_ok("run", scenario, "-o", self.result, "-n", "3", "--quiet", "--force")
        before = self.run_ok("replay", self.result, "--replicate", "2").stdout
        for name in ("data/loans.csv", "own.yaml", "named.yaml"):
            os.remove(self.path(name))
        self.assertEqual(self.run_ok("replay", self.result, "--replicate", "2").stdout, before)
        self.assertNotIn("2025-05", before)

        def other_loans(file):
            file["file_1"][13:19] = list(b"200000")

        self.change(other_loans)
        self.assertEqual(self.replay("--replicate", "2").returncode, 1)

    def test_nothing_there(self):
        self.assertEqual(outlay("replay", self.path("none.h5"), "--replicate", "0").returncode, 1)
        self.assertEqual(outlay("replay", self.small, "--replicate", "0").returncode, 1)


def small_files():
    """As if the disk were full after 100 kB."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


if __name__ == "__main__":
    unittest.main()
