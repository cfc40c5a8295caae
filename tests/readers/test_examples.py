"""The examples of README.md and analysis/README.md: each reader draws the exhaustion date, and prints the right one.

usage: test_examples.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

An example is a fenced block below a line `<!-- test: NAME -->`, NAME of READERS. Each runs in a folder of its own, on
a file whose budget is exhausted in every replicate, and on one where it is in less than half of them, so that its
median is missing. It must end with status 0 and say nothing on stderr; the date that it prints must be the one that
h5py finds in the raw file; its picture must be an image of the right size with something on it, and have another curve
for the other file. The biased twin is a copy with dates a day later: the comparison with it must fail.

An example whose programs are not installed is skipped and named, with Debian's packages; with OUTLAY_ALL_READERS=1 in
the environment that is an error. The other blocks of analysis/README.md run too, without a closer look, but for those
below `<!-- not tested: REASON -->`. Exit status 77: nothing could be run.
"""
import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import h5py
    import matplotlib.font_manager  # noqa: F401, makes its cache now and not, with a warning, in an example
    import matplotlib.image
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing}; Debian: python3-h5py python3-matplotlib")
    sys.exit(1 if os.environ.get("OUTLAY_ALL_READERS") == "1" else 77)

OUTLAY, SOURCE = os.path.abspath(os.environ["OUTLAY"]), os.path.abspath(os.environ["OUTLAY_SOURCE"])
ANALYSIS = os.path.join(SOURCE, "analysis")
PAGES = ("README.md", "analysis/README.md")
BLOCK = re.compile(r"(?:^<!-- (test|not tested): ([^\n]*) -->\n+)?^```(\w+)\n(.*?)^```$", re.M | re.S)
SECONDS = 120
WIDTH, HEIGHT = 800, 450

# Languages: the command that runs a file. Octave draws with gnuplot where there is no display, and advises against it;
# without --no-history it may complain of a history that it cannot write.
COMMANDS = {
    "python": [sys.executable],
    "r": ["Rscript"],
    "gnuplot": ["gnuplot"],
    "matlab": ["octave-cli", "--no-history", "--eval", "warning('off', 'Octave:gnuplot-graphics'); source('example')"],
    "sh": ["sh", "-eu"],
}

# Examples: what they need, with the Debian package that has it, and the picture.
XARRAY = ("python:xarray python3-xarray", "python:netCDF4 python3-netcdf4")
NCDF4 = ("program:Rscript r-base-core", "r:ncdf4 r-cran-ncdf4")
GNUPLOT = ("program:gnuplot gnuplot-nox",)
H5DUMP = ("program:h5dump hdf5-tools",)
READERS = {
    "readme-xarray": (XARRAY, "exhaustion-xarray.png"),
    "readme-ncdf4": (NCDF4, "exhaustion-ncdf4.png"),
    "readme-gnuplot": (GNUPLOT + H5DUMP, "exhaustion-gnuplot.png"),
    "xarray": (XARRAY, "exhaustion-xarray.png"),
    "h5py": ((), "exhaustion-h5py.png"),
    "pandas": (XARRAY + ("python:pandas python3-pandas",), "exhaustion-pandas.png"),
    "ncdf4": (NCDF4, "exhaustion-ncdf4.png"),
    "ggplot2": (("program:Rscript r-base-core", "r:hdf5r r-cran-hdf5r", "r:ggplot2 r-cran-ggplot2"),
                "exhaustion-ggplot2.png"),
    "gnuplot": (GNUPLOT + H5DUMP, "exhaustion-gnuplot.png"),
    "octave": (("program:octave-cli octave", "octave:netcdf octave-netcdf",
                "file:/usr/share/fonts/opentype/freefont/FreeSans.otf fonts-freefont-otf") + GNUPLOT,
               "exhaustion-octave.png"),
    "ncdump": (("program:ncdump netcdf-bin",), None),
    "cdo": (("program:cdo cdo", "program:ncpdq nco") + GNUPLOT, "exhaustion-cdo.png"),
}
NOT_EXHAUSTED = {"not exhausted", "none", "NaT", "NA", "_"}


@functools.cache
def has(need):
    """Whether a thing is there; `need` as in READERS."""
    kind, name = need.split()[0].split(":", 1)
    if kind == "program":
        return shutil.which(name) is not None
    if kind == "file":
        return os.path.exists(name)
    if kind == "python":
        return importlib.util.find_spec(name) is not None
    command = {"r": ["Rscript", "-e", f"quit(status = !nzchar(system.file(package = '{name}')))"],
               "octave": ["octave-cli", "--no-history", "--eval", f"pkg load {name}"]}[kind]
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def blocks(page):
    """(mark, name or reason, language, text) of every fenced block of a page that names its language."""
    with open(os.path.join(SOURCE, page), encoding="utf-8") as file:
        return BLOCK.findall(file.read())


EXAMPLES = {name: (language, text) for page in PAGES for mark, name, language, text in blocks(page) if mark == "test"}


def truth(path):
    """The dates of the quantiles in the raw file, in ISO form, None where that share is never exhausted."""
    with h5py.File(path) as file:
        variable = file["exhaustion_date_quantile"]
        start = np.datetime64(file["time"].attrs["units"].decode().split()[2])
        days, fill = variable[0, 0], variable.attrs["_FillValue"]
        assert list(file["probability"])[3] == 0.5
    return [None if day == fill else str(start + day) for day in days]


def printed(name, output):
    """What an example says: the median's date, or those of all quantiles; None for not exhausted."""
    if name == "ncdump":
        words = re.findall(r'"(.*?)"|\b(_)\b', output.split("exhaustion_date_quantile =")[1])
        words = [date or gap for date, gap in words]
    else:
        words = re.findall(r"^median exhaustion date: (.*?) *$", output, re.M)
    return [None if word in NOT_EXHAUSTED else word for word in words]


def compare(name, output, path):
    """AssertionError unless the example says what the file at `path` has."""
    dates = truth(path)
    expected = dates if name == "ncdump" else [dates[3]]
    if printed(name, output) != expected:
        raise AssertionError(f"{name} prints {printed(name, output)}, the file has {expected}:\n{output}")


def run(language, text, folder):
    """An example in a folder, east of Greenwich and without a display: exit status, stdout, stderr."""
    with open(os.path.join(folder, "example"), "w", encoding="utf-8") as file:
        file.write(text)
    environment = dict(os.environ, MPLBACKEND="Agg", LC_ALL="C.UTF-8", TZ="CST-8", PYTHONPATH=ANALYSIS,
                       PATH=f"{os.path.dirname(OUTLAY)}:{os.environ['PATH']}")
    for variable in ("DISPLAY", "GNUTERM"):
        environment.pop(variable, None)
    name = [] if language == "matlab" else ["example"]
    done = subprocess.run([*COMMANDS[language], *name], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=SECONDS)
    return done.returncode, done.stdout, done.stderr


def curve(picture):
    """Which pixels in the middle of a picture, without title and axes, have ink; red ink marks the median: not that."""
    middle = picture[54:382, 120:700]
    return (middle.min(axis=2) < 0.9) & (middle[..., 0] - middle[..., 2] < 0.1)


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.files = {name: os.path.join(cls.folder.name, f"{name}.h5") for name in ("always", "seldom", "later")}
        for name, scenario in (("always", "shenzhen-2025-official"), ("seldom", "shenzhen-2025")):
            subprocess.run([OUTLAY, "run", os.path.join(SOURCE, "scenarios", f"{scenario}.yaml"), "--draws", "40", "-n",
                            "10", "--quiet", "-o", cls.files[name]], check=True)
        shutil.copy(cls.files["always"], cls.files["later"])
        with h5py.File(cls.files["later"], "r+") as file:
            file["exhaustion_date_quantile"][...] += 1
        cls.missing = {name: [need.split()[1] for need in READERS[name][0] if not has(need)] for name in EXAMPLES}
        for name, packages in cls.missing.items():
            if packages:
                print(f"skipped: the example {name}; Debian: {' '.join(packages)}", file=sys.stderr)

    def play(self, name, path):
        """The output and the picture of an example on a file; it must end well and leave the picture that it should."""
        language, text = EXAMPLES[name]
        picture = READERS[name][1]
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "results"))
            for file in ("shenzhen-2025", "shenzhen-2025-official"):
                os.symlink(path, os.path.join(folder, "results", f"{file}.h5"))
            status, output, errors = run(language, text, folder)
            self.assertEqual((status, errors), (0, ""), name)
            self.assertEqual([file for file in os.listdir(folder) if file.endswith(".png")],
                             [picture] if picture else [], name)
            return output, self.look(os.path.join(folder, picture)) if picture else None

    def look(self, path):
        """A picture as an array: of the right size, mostly background, but with lines, letters and soft edges."""
        pixels = matplotlib.image.imread(path)[..., :3]
        self.assertEqual(pixels.shape, (HEIGHT, WIDTH, 3), path)
        colours, counts = np.unique((255 * pixels).round().astype(int).reshape(-1, 3), axis=0, return_counts=True)
        self.assertGreater(len(colours), 20, path)
        self.assertLess(counts.max() / counts.sum(), 0.985, path)
        return pixels

    def test_every_block_is_marked_and_known(self):
        self.assertEqual(sorted(EXAMPLES), sorted(READERS))
        for page in PAGES:
            for mark, reason, language, text in blocks(page):
                self.assertTrue(language in COMMANDS or (mark == "not tested" and reason),
                                f"{page}: a block in {language} is not marked:\n{text}")

    def test_all_readers_where_that_is_asked_for(self):
        if os.environ.get("OUTLAY_ALL_READERS") == "1":
            self.assertEqual({name: packages for name, packages in self.missing.items() if packages}, {})

    def test_what_the_files_are_for(self):
        self.assertNotIn(None, truth(self.files["always"]))
        seldom = truth(self.files["seldom"])
        self.assertIsNotNone(seldom[0])
        self.assertIsNone(seldom[3])

    def test_examples(self):
        for name in (name for name in EXAMPLES if not self.missing[name]):
            with self.subTest(name):
                seldom, picture = self.play(name, self.files["seldom"])
                compare(name, seldom, self.files["seldom"])
                always, other = self.play(name, self.files["always"])
                compare(name, always, self.files["always"])
                for twin in ("later", "seldom"):
                    with self.assertRaises(AssertionError, msg=f"{name} is not compared"):
                        compare(name, always, self.files[twin])
                if picture is not None:
                    self.assertGreater((curve(picture) ^ curve(other)).sum(), 200, "two files give nearly one picture")

    def test_twin_blank_picture(self):
        path = os.path.join(self.folder.name, "blank.png")
        blank = np.ones((HEIGHT, WIDTH, 3))
        blank[HEIGHT // 2, :] = 0.0
        for pixels in (blank, np.random.default_rng(1).random((HEIGHT, WIDTH - 1, 3))):
            matplotlib.image.imsave(path, pixels)
            with self.assertRaises(AssertionError):
                self.look(path)

    def test_unmarked_blocks_run(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "results"))
            shutil.copy(self.files["seldom"], os.path.join(folder, "results", "shenzhen-2025.h5"))
            for name in ("analysis", "scenarios"):
                os.symlink(os.path.join(SOURCE, name), os.path.join(folder, name))
            for mark, _, language, text in blocks("analysis/README.md"):
                if not mark:
                    status, output, errors = run(language, text, folder)
                    self.assertEqual(status, 0, f"{text}\n{output}{errors}")
            self.assertTrue(os.path.exists(os.path.join(folder, "results", "shenzhen-2025_payout.svg")))


if __name__ == "__main__":
    unittest.main()
