"""Hostile input from outside: each limit is a message and status 3 (or a warning), within a minute.

usage: test_limits.py [TEST...]     with OUTLAY (the program) in the environment
"""
import os
import subprocess
import tempfile
import unittest

OUTLAY = os.environ["OUTLAY"]

HEAD = """\
outlay: 1
title: Hostile
horizon: {start: 2025-01-01}
"""
REST = """\
classes:
  firm: {count: 100}
programmes:
  aid:
    budget: 100 M
    award: {rate: 50%}
    applications:
      per_year: 1.2
      contract: {lognormal: {median: 2 M, sigma: 1}}
"""
LAW = "{lognormal: {median: 2 M, sigma: 1}}"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        os.mkdir(self.path("in"))
        os.mkdir(self.path("out"))

    def path(self, name):
        return os.path.join(os.path.realpath(self.folder.name), name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def check(self, text, *arguments, name="in/scenario.yaml"):
        """outlay check of a scenario with this text."""
        return subprocess.run([OUTLAY, "check", self.write(name, text), *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)

    def refused(self, words, text, *arguments):
        done = self.check(text, *arguments)
        self.assertEqual(done.returncode, 3, done.stderr[:2000])
        self.assertIn(words, done.stderr)
        self.assertLess(len(done.stderr), 200_000)

    def told(self, text, *warnings):
        """The scenario is good, and these are the warnings."""
        done = self.check(text)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.count("warning: "), len(warnings), done.stderr)
        for warning in warnings:
            self.assertIn(warning, done.stderr)


class Texts(Case):
    def test_alias_bomb(self):
        bomb = "a: &a [x, x, x, x, x, x, x, x]\n"
        for i in range(1, 20):
            name, before = chr(97 + i), chr(96 + i)
            bomb += f"{name}: &{name} [{', '.join(['*' + before] * 8)}]\n"
        self.refused("aliases (*name) are not part of the language", HEAD + bomb + REST)
        self.refused(" more\n", HEAD + "a: &a 1\n" + "".join(f"k{i}: *a\n" for i in range(20000)) + REST)

    def test_deep_nesting(self):
        deep = 5000
        for text in ("[" * deep + "]" * deep, "{a: " * deep + "}" * deep, "\n" + "- " * deep,
                     "\n" + "".join(" " * i + "k:\n" for i in range(1, 300))):
            self.refused("blocks nested more than 64 deep", HEAD + "deep: " + text + "\n" + REST)
        self.refused("blocks nested more than 64 deep", HEAD + "deep: " + "[" * deep)
        self.refused("not valid YAML", HEAD + "deep: " + "[" * 9)

    def test_a_large_file(self):
        self.refused("it is larger than 4 MB", HEAD + "# comment\n" * 450_000 + REST)
        self.refused("more than 1000000 values in one file", HEAD + "many: [" + "1," * 1_000_001 + "]\n" + REST)

    def test_a_long_word(self):
        for text in ("k" * 1_000_000 + ": 1\n" + REST, REST.replace("100}", "1" * 1_000_000 + "}")):
            self.refused("error: ", HEAD + text)
            self.assertLess(len(self.check(HEAD + text).stderr), 20_000)

    def test_thousands_of_mistakes(self):
        keys = "".join(f"wrong_{i}: 1\n" for i in range(20000))
        self.refused("unknown key `wrong_0` at the top", HEAD + keys + REST)
        names = "".join(f"  c{i}: {{count: 1}}\n" for i in range(20000))
        by_class = "      by_class:\n" + "".join(f"        z{i}: {{per_year: 1}}\n" for i in range(20000))
        self.refused("at most 100 are allowed", HEAD + REST.replace("classes:\n", "classes:\n" + names) + by_class)
        self.write("in/parent.yaml", HEAD + REST + keys)
        self.refused("unknown key `", "extends: parent.yaml\n" + keys.replace("wrong", "other"))
        sources = "sources:\n" + "".join(f"  classes.firm.x{i}: text\n" for i in range(20000))
        self.refused("`sources` speaks of `classes.firm.x0`", HEAD + REST + sources)


class Kinds(Case):
    def test_one_kind_of_value_for_another(self):
        for words, text in (("`classes` takes a block of names", HEAD + REST.replace("\n  firm: {count: 100}", " [firm]")),
                            ("`classes` is empty", HEAD + REST.replace("\n  firm: {count: 100}", " {}")),
                            ("`sources` takes a block of paths", HEAD + REST + "sources: everywhere\n"),
                            ("the source of `title` is a text", HEAD + REST + "sources: {title: {a: b}}\n"),
                            ("`extends` takes the name of one scenario file", HEAD + REST + "extends: [a, b]\n"),
                            ("items in", HEAD + REST.replace("100 M", "{amount: 1 M, top_ups: [" +
                                                             "{date: 07-01, amount: 1}," * 10_000 + "]}"))):
            self.refused(words, text)

    def test_data_with_a_byte_order_mark(self):
        self.write("in/mark.csv", "\ufeffa\n5\n")
        self.told(HEAD + REST.replace(LAW, "{csv: {file: mark.csv, column: a}}"))
        self.write("in/mark.csv", "a\n1e300\n")
        self.refused("would leave what is allowed", HEAD + REST.replace(LAW, "{csv: {file: mark.csv, column: a}}"))


    def test_two_files_of_one_name(self):
        """A result file, and the resolved scenario, know a data file by its name."""
        law = "{csv: {file: d.csv, column: a}}"
        self.write("out/d.csv", "a\n5000000\n")
        self.write("out/base.yaml", HEAD + REST.replace(LAW, law))
        child = ("extends: ../out/base.yaml\nclasses: {other: {count: 5}}\nprogrammes: {aid: {applications: "
                 "{by_class: {other: {contract: " + law + "}}}}}\n")
        self.write("in/d.csv", "a\n7000000\n")
        self.refused("is another file than the one of that name before", child)
        self.write("in/d.csv", "a\n5000000\n")
        self.assertEqual(self.check(child).returncode, 0)


class Sizes(Case):
    def test_huge_counts(self):
        for old, new, words in (("count: 100", "count: 1e15", "allowed:"),
                                ("count: 100", "count: 1e9, growth: 100%", "count"),
                                ("start: 2025-01-01", "start: 2025-01-01, years: 1e9", "allowed:"),
                                ("per_year: 1.2", "per_year: 1e300", "allowed:"),
                                ("100 M", "1e300", "budget")):
            self.refused(words, (HEAD + REST).replace(old, new))
        for setting in ("replicates=1e18", "draws=1e18", "replicates=99999999999999999999999"):
            self.refused("allowed:", HEAD + REST, "--set", f"simulation.{setting}")

    def test_data_of_more_than_a_gigabyte(self):
        with open(self.path("in/large.csv"), "wb") as file:
            file.truncate((1 << 30) + 1)  # takes no room on the disk
        self.refused("it is larger than 1 GB", HEAD + REST.replace(LAW, "{csv: {file: large.csv, column: a}}"))

    def test_data_without_an_end_of_line(self):
        self.write("in/line.csv", "a," * 1_000_000)
        self.refused("error: ", HEAD + REST.replace(LAW, "{csv: {file: line.csv, column: a}}"))
        self.write("in/bad.csv", "a\n" + "x\n" * 200_000)
        self.refused("error: ", HEAD + REST.replace(LAW, "{csv: {file: bad.csv, column: a}}"))


class Files(Case):
    def naming(self, name):
        """Scenarios that name this file as data, as what they extend, and as a calendar."""
        return (HEAD + REST.replace(LAW, f"{{csv: {{file: {name}, column: a}}}}"), f"extends: {name}\n",
                HEAD + f"calendar: {name}\n" + REST)

    def test_no_pipe_and_no_device_is_opened(self):
        os.mkfifo(self.path("in/pipe.yaml"))
        for text in self.naming("pipe.yaml"):
            self.refused("it is no file", text)
        os.symlink("/dev/zero", self.path("in/device.yaml"))
        for text in self.naming("device.yaml"):
            self.refused("it is no file", text)
        for text in self.naming("folder.yaml"):
            os.makedirs(self.path("in/folder.yaml"), exist_ok=True)
            self.refused("it is a directory", text)

    def test_extends_in_a_circle(self):
        self.write("in/a.yaml", "extends: b.yaml\n")
        self.write("in/b.yaml", "extends: scenario.yaml\n")
        self.refused("`extends` goes in a circle", "extends: a.yaml\n")
        os.symlink("scenario.yaml", self.path("in/self.yaml"))
        self.refused("`extends` goes in a circle", "extends: self.yaml\n")

    def test_a_long_chain(self):
        for i in range(40):
            self.write(f"in/{i}.yaml", f"extends: {i + 1}.yaml\n")
        self.refused("more than 32 files extend one another", "extends: 0.yaml\n")
        self.write("in/30.yaml", HEAD + REST)
        self.told("extends: 0.yaml\n")

    def test_data_files_stay_in_the_folder(self):
        self.write("out/data.csv", "a\n5\n")
        for name in ("../out/data.csv", self.path("out/data.csv"), "x/../../out/data.csv", ".."):
            data = self.naming(name)[0]
            self.refused("a data file lies beside the scenario or in a folder there", data)
        self.refused("a data file lies beside the scenario or in a folder there", HEAD + REST, "--set",
                     "programmes.aid.applications.contract={csv: {file: /etc/passwd, column: root}}")

    def test_links_out_of_the_folder_are_told(self):
        self.write("out/data.yaml", "a\n5\n")
        os.symlink("../out/data.yaml", self.path("in/data.yaml"))
        self.told(self.naming("data.yaml")[0],
                  f"a link leads out of the scenario's folder: `{self.path('out/data.yaml')}` is read")
        self.write("out/base.yaml", HEAD + REST)
        os.symlink("../out", self.path("in/folder"))
        self.told(self.naming("folder/base.yaml")[1],
                  f"a link leads out of the scenario's folder: `{self.path('out/base.yaml')}` is read")
        self.write("out/days.yaml", "title: Own\nsource: a test\ncovers: {from: 2025-01-01, to: 2025-12-31}\n")
        os.symlink(self.path("out/days.yaml"), self.path("in/days.yaml"))
        self.told(self.naming("days.yaml")[2],
                  f"a link leads out of the scenario's folder: `{self.path('out/days.yaml')}` is read")
        self.told(self.naming("../out/base.yaml")[1], "this leads out of the scenario's folder: `")

    def test_links_that_stay_are_not(self):
        os.mkdir(self.path("in/data"))
        self.write("in/data/data.csv", "a\n5\n")
        os.symlink("data/data.csv", self.path("in/data.csv"))
        self.told(self.naming("data.csv")[0])
        os.symlink("in", self.path("other"))  # a folder that is a link itself
        done = self.check(self.naming("data.csv")[0], name="other/scenario.yaml")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        here = subprocess.run([OUTLAY, "check", "scenario.yaml"], capture_output=True, text=True, cwd=self.path("other"))
        self.assertEqual((here.returncode, here.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
