"""Read a result file of outlay (HDF5, netCDF-4) with h5py.

A `Result` is the file: title, size of the run, programmes, fiscal years. `Result.case(programme, year)` is what the
figures need of one programme in one fiscal year, read when it is asked for. Money is in the currency's unit, days are
counted from the first day of the fiscal year, replicates of all draws stand in one axis, in the order in which they
were simulated.
"""
import datetime
import os
import re
from dataclasses import dataclass
from typing import Dict, List, Optional

import h5py
import numpy as np

# What every result has, also an exact answer.
AXES = ("draw", "replicate", "programme", "year", "class", "time", "probability")
ATTRIBUTES = ("title", "currency", "n_draws", "n_replicates", "paths_done")


class NotAResult(Exception):
    """The file cannot be drawn; the text says why."""


@dataclass(frozen=True)
class Run:
    """What was simulated: how often, with which program, and whether it came to its end."""

    path: str
    title: str
    currency: str
    seed: str
    version: str
    design: str  # of the draws: "random", or "sobol"
    n_draws: int
    n_replicates: int
    n_done: int
    is_exact: bool  # worked out without simulation: no replicates, standard errors are 0

    @property
    def is_complete(self) -> bool:
        return self.is_exact or self.n_done == self.n_draws * self.n_replicates

    @property
    def stem(self) -> str:
        """The file's name without folder and ending, also that of an incomplete file."""
        name = os.path.basename(self.path)
        name = name[:-len(".partial")] if name.endswith(".partial") else name
        root, ending = os.path.splitext(name)
        return root if ending in (".h5", ".hdf5", ".nc") else name


@dataclass(frozen=True)
class Summary:
    """Of a number over the replicates, as the program computed it; NaN or an empty dict where it is not known."""

    mean: float
    mean_se: float
    sd: float
    between_sd: float  # between draws: what is not known
    quantiles: Dict[float, float]  # probability -> number


def text(value) -> str:
    """An attribute of the file as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def anniversary(start: datetime.date, years: int) -> datetime.date:
    """The same date some years later; 29 February becomes 1 March where there is none, as in the program."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return datetime.date(start.year + years, 3, 1)


class Result:
    """A result file, open for reading. Use it in a `with` statement."""

    def __init__(self, path: str):
        """Open the file; NotAResult if it is none, or holds no finished replicate."""
        self.path = os.fspath(path)
        try:
            self.file = h5py.File(self.path, "r")
        except IsADirectoryError as error:
            raise NotAResult("is a folder, not a result file") from error
        except FileNotFoundError as error:
            raise NotAResult("no such file") from error
        except PermissionError as error:
            raise NotAResult("may not be read") from error
        except OSError as error:
            raise NotAResult("is not a result of outlay: no HDF5 file, or a damaged one") from error
        try:
            self._read_header()
        except BaseException:
            self.file.close()
            raise

    def __enter__(self) -> "Result":
        return self

    def __exit__(self, *_) -> None:
        self.file.close()

    def _read_header(self) -> None:
        missing = [name for name in AXES if name not in self.file]
        if missing:
            raise NotAResult(f"is not a result of outlay: it has no variable '{missing[0]}'")
        attributes = self.file.attrs
        missing = [name for name in ATTRIBUTES if name not in attributes]
        if missing:
            raise NotAResult(f"is not a result of outlay: it has no attribute '{missing[0]}'")
        self.run = Run(path=self.path, title=text(attributes["title"]), currency=text(attributes["currency"]),
                       seed=text(attributes.get("seed", "unknown")),
                       version=text(attributes.get("outlay_version", "unknown")), design=self._design(),
                       n_draws=int(attributes["n_draws"]), n_replicates=int(attributes["n_replicates"]),
                       n_done=int(attributes["paths_done"]), is_exact="exact" in attributes)
        if self.run.n_done == 0 and not self.run.is_exact:
            raise NotAResult("has no finished replicate: the run was interrupted too early")
        since = text(self.file["time"].attrs["units"]).split()[2]
        self.start = datetime.date.fromisoformat(since)
        self._has_summaries = "p_exhausted" in self.file and not np.isnan(self.file["p_exhausted"][...]).all()
        self.n_years = self.file["year"].shape[0]
        self.names = self._names("programme")
        self.classes = self._names("class")
        self.titles = [text(self.file["programme"].attrs.get(f"title_{i}", name)) for i, name in enumerate(self.names)]
        self.probabilities: np.ndarray = self.file["probability"][...]

    def _names(self, axis: str) -> List[str]:
        return text(self.file[axis].attrs["flag_meanings"]).split(" ")

    def _design(self) -> str:
        """The design of the draws stands in the resolved scenario only."""
        scenario = text(self.file["scenario"][()]) if "scenario" in self.file else ""
        found = re.search(r"^ *design: (\w+)", scenario, re.M)
        return found.group(1) if found else "random"

    def programme(self, name_or_index) -> int:
        """The index of a programme, from its name or index; KeyError names those that there are."""
        if name_or_index in self.names:
            return self.names.index(name_or_index)
        if isinstance(name_or_index, int) and 0 <= name_or_index < len(self.names):
            return name_or_index
        raise KeyError(f"no programme '{name_or_index}' among {', '.join(self.names)}")

    def case(self, programme: int, year: int) -> "Case":
        """One programme in one fiscal year, both counted from 0; NotAResult where the run has not come to summaries."""
        if not self._has_summaries:  # their variables are made at the beginning, and filled at the end
            raise NotAResult("the file has no summaries: the run was killed, or is still going on")
        return Case(self, programme, year)

    def cases(self, programme: int) -> List["Case"]:
        """One programme in all fiscal years."""
        return [self.case(programme, year) for year in range(self.n_years)]


class Case:
    """One programme in one fiscal year. Arrays named `*_by_day` have one value for each of its `n_days` days."""

    def __init__(self, result: Result, programme: int, year: int):
        self._file, self.run = result.file, result.run
        self._at = (programme, year)
        self.name, self.programme = result.names[programme], result.titles[programme]
        self.classes, self.probabilities = result.classes, result.probabilities
        self.start = anniversary(result.start, year)
        self._first = (self.start - result.start).days
        self.n_days = (anniversary(result.start, year + 1) - self.start).days
        self._days = slice(self._first, self._first + self.n_days)
        self._read: Dict[str, np.ndarray] = {}
        self._uncertain: Optional[Dict[str, np.ndarray]] = None

    # ---- what the file has -------------------------------------------------------------------------------------------

    def has(self, *names: str) -> bool:
        """Whether the file has all these variables."""
        return all(name in self._file for name in names)

    def replicates(self, name: str) -> np.ndarray:
        """The finished replicates of a variable, all draws in one axis; by class: (replicate, class)."""
        if name not in self._read:
            variable, run = self._file[name], self.run
            n_rows = -(-run.n_done // run.n_replicates)
            n_columns = run.n_replicates if n_rows > 1 else run.n_done
            values = variable[(slice(n_rows), slice(n_columns), *self._at)]
            self._read[name] = values.reshape(-1, *values.shape[2:])[:run.n_done]
        return self._read[name]

    def summary(self, name: str, i_class: Optional[int] = None) -> Summary:
        """Mean, standard error, spread and quantiles of a variable NAME; of a class, that of NAME_by_class."""
        at = self._at if i_class is None else (*self._at, i_class)
        stem = name if i_class is None else f"{name}_by_class"

        def number(suffix: str) -> float:
            variable = f"{stem}_{suffix}"
            return float(self._file[variable][at]) if variable in self._file else float("nan")

        quantiles = self._file[f"{stem}_quantile"][at].tolist() if f"{stem}_quantile" in self._file else []
        return Summary(mean=number("mean"), mean_se=number("mean_se"), sd=number("sd"),
                       between_sd=number("between_draws_sd"),
                       quantiles=dict(zip(self.probabilities.tolist(), quantiles)))

    def by_day(self, name: str, probability: Optional[float] = None) -> np.ndarray:
        """A daily variable, or the quantile of a probability of it."""
        i_programme = self._at[0]
        if probability is None:
            return self._file[name][i_programme, self._days]
        i = int(np.argmin(np.abs(self.probabilities - probability)))
        return self._file[f"{name}_quantile"][i_programme, i, self._days]

    def uncertain(self) -> Dict[str, np.ndarray]:
        """The uncertain numbers of the scenario: its path there -> the value in each draw that was begun."""
        n_rows = -(-self.run.n_done // self.run.n_replicates)
        if self._uncertain is None:
            self._uncertain = {text(self._file[name].attrs["parameter"]): self._file[name][:n_rows]
                               for name in self._file if name.startswith("uncertain_")}
        return self._uncertain

    # ---- exhaustion --------------------------------------------------------------------------------------------------

    @property
    def p_exhausted(self) -> float:
        return float(self._file["p_exhausted"][self._at])

    @property
    def p_exhausted_se(self) -> float:
        return float(self._file["p_exhausted_se"][self._at])

    @property
    def p_exhausted_by_day(self) -> np.ndarray:
        return self.by_day("p_exhausted_by")

    @property
    def p_exhausted_se_by_day(self) -> np.ndarray:
        return self.by_day("p_exhausted_by_se")

    @property
    def _never(self) -> int:
        return int(np.ravel(self._file["exhaustion_date_quantile"].attrs["_FillValue"])[0])

    @property
    def exhaustion_quantiles(self) -> Dict[float, Optional[int]]:
        """Probability -> day of the year by which that share is exhausted, None = never within it."""
        days = self._file["exhaustion_date_quantile"][self._at]
        return {float(p): None if day == self._never else int(day) - self._first
                for p, day in zip(self.probabilities, days)}

    @property
    def is_exhausted(self) -> np.ndarray:
        """For each replicate."""
        return self.replicates("exhaustion_date") != self._never

    @property
    def days_with_money(self) -> np.ndarray:
        """For each replicate, the days of the fiscal year before the exhaustion date: all of them where there is none."""
        dates = self.replicates("exhaustion_date")
        return np.where(dates == self._never, self.n_days, dates - self._first)

    # ---- money -------------------------------------------------------------------------------------------------------

    @property
    def money(self) -> np.ndarray:
        """For each replicate, the appropriation and what came beside it: carried in, topped up, shared."""
        return (self.replicates("appropriation") + self.replicates("carried_in") + self.replicates("topped_up")
                + self.replicates("received") - self.replicates("given"))

    @property
    def budget(self) -> float:
        """The appropriation; its mean where it is uncertain."""
        return self.summary("appropriation").mean

    @property
    def at_hand(self) -> float:
        """The appropriation and what came beside it; their mean."""
        mean = {name: self.summary(name).mean for name in ("appropriation", "carried_in", "topped_up", "received",
                                                           "given")}
        return mean["appropriation"] + mean["carried_in"] + mean["topped_up"] + mean["received"] - mean["given"]

    @property
    def carried_in(self) -> float:
        """Money carried over from the year before, on average."""
        return self.summary("carried_in").mean

    @property
    def is_budget_certain(self) -> bool:
        """Whether every replicate has the same appropriation."""
        return self.summary("appropriation").sd < 0.005 or self.run.n_done == 1

    @property
    def is_money_certain(self) -> bool:
        """Whether every replicate has the same money."""
        if self.run.is_exact:
            return self.is_budget_certain
        return float(self.money.min()) == float(self.money.max())

    # ---- names -------------------------------------------------------------------------------------------------------

    @property
    def is_calendar_year(self) -> bool:
        return (self.start.month, self.start.day) == (1, 1)

    @property
    def year(self) -> str:
        """'2025', or '2025/26' where the fiscal year does not begin in January."""
        return str(self.start.year) if self.is_calendar_year else (
            f"{self.start.year}/{(self.start.year + 1) % 100:02d}")

    def date(self, day: int) -> datetime.date:
        """The date of a day of the fiscal year; day 0 is the first."""
        return self.start + datetime.timedelta(days=int(day))
