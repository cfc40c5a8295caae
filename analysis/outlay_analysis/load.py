"""Read a result file of outlay (HDF5, netCDF-4) with h5py.

A `Result` is the file: title, size of the run, programmes, fiscal years. `Result.case(programme, year)` gives what the
figures need of one programme in one fiscal year. Money is in the currency's unit, days are counted from the first day
of the fiscal year, replicates of all draws stand in one axis, in the order in which they were simulated.
"""
import datetime
from dataclasses import dataclass
from typing import Dict, List, Optional

import h5py
import numpy as np

# What must be in a file for it to be drawn.
AXES = ("draw", "replicate", "programme", "year", "time", "probability")
VARIABLES = ("outlay", "demand", "appropriation", "carried_in", "exhaustion_date", "p_exhausted", "p_exhausted_se",
             "p_exhausted_by", "p_exhausted_by_se", "exhaustion_date_quantile", "commitment_quantile", "outlay_mean",
             "outlay_mean_se", "outlay_quantile", "demand_mean", "demand_mean_se", "demand_quantile")


class NotAResult(Exception):
    """The file cannot be drawn; the text says why."""


@dataclass(frozen=True)
class Run:
    """What was simulated: how often, with which program, and whether it came to its end."""

    title: str
    currency: str
    seed: str
    version: str
    n_draws: int
    n_replicates: int
    n_done: int

    @property
    def is_complete(self) -> bool:
        return self.n_done == self.n_draws * self.n_replicates


@dataclass(frozen=True)
class Summary:
    """Of a sum of money over the replicates, in currency."""

    mean: float
    mean_se: float
    quantiles: Dict[float, float]  # probability -> amount


@dataclass(frozen=True)
class Case:
    """One programme in one fiscal year. Arrays named `*_by_day` have one value for each of its `n_days` days."""

    run: Run
    programme: str  # its title, or its name where it has none
    start: datetime.date
    n_days: int
    probabilities: np.ndarray  # of all quantiles, rising
    p_exhausted: float
    p_exhausted_se: float
    p_exhausted_by_day: np.ndarray
    p_exhausted_se_by_day: np.ndarray
    exhaustion_quantiles: Dict[float, Optional[int]]  # probability -> day of the year, None = not exhausted
    is_exhausted: np.ndarray  # a value for each replicate
    exhaustion_days: np.ndarray  # day of the year, of the replicates that are exhausted
    commitment_by_day: np.ndarray  # (probability, day), currency
    outlay: np.ndarray  # a value for each replicate, currency
    outlay_summary: Summary
    demand: np.ndarray  # a value for each replicate, currency
    demand_summary: Summary
    appropriation: np.ndarray  # a value for each replicate, currency
    carried_in: np.ndarray  # a value for each replicate, currency
    added: np.ndarray  # topped up, and moved between programmes that share a budget; a value for each replicate

    @property
    def budget(self) -> float:
        """The appropriation; its mean where it is uncertain."""
        return float(self.appropriation.mean())

    @property
    def at_hand(self) -> float:
        """The appropriation and what came beside it; their mean."""
        return float(self.money.mean())

    @property
    def money(self) -> np.ndarray:
        """For each replicate, the appropriation and what came beside it: carried in, topped up, shared."""
        return self.appropriation + self.carried_in + self.added

    @property
    def is_money_certain(self) -> bool:
        """Whether every replicate has the same money."""
        return float(self.money.min()) == float(self.money.max())

    @property
    def is_paid_in_full(self) -> np.ndarray:
        """For each replicate, whether it pays all the money at hand, to the hundredth."""
        return self.outlay > self.money - 0.005

    @property
    def is_calendar_year(self) -> bool:
        return (self.start.month, self.start.day) == (1, 1)

    @property
    def year(self) -> str:
        """The fiscal year in words: '2025', or 'fiscal year 2025/26' where it does not begin in January."""
        if self.is_calendar_year:
            return str(self.start.year)
        return f"fiscal year {self.start.year}/{(self.start.year + 1) % 100:02d}"

    @property
    def year_number(self) -> str:
        """'2025', or '2025/26'."""
        return self.year.replace("fiscal year ", "")

    def date(self, day: int) -> datetime.date:
        """The date of a day of the fiscal year; day 0 is the first."""
        return self.start + datetime.timedelta(days=int(day))


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
        try:
            self.file = h5py.File(path, "r")
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
        if "exact" in self.file.attrs:
            raise NotAResult("is an exact answer: it has no replicates, and the figures are drawn from these")
        missing = [name for name in AXES + VARIABLES if name not in self.file]
        if missing:
            raise NotAResult(f"is not a result of outlay: it has no variable '{missing[0]}'")
        attributes = self.file.attrs
        missing = [name for name in ("title", "currency", "n_draws", "n_replicates", "paths_done")
                   if name not in attributes]
        if missing:
            raise NotAResult(f"is not a result of outlay: it has no attribute '{missing[0]}'")
        self.run = Run(title=text(attributes["title"]), currency=text(attributes["currency"]),
                       seed=text(attributes.get("seed", "unknown")),
                       version=text(attributes.get("outlay_version", "unknown")),
                       n_draws=int(attributes["n_draws"]), n_replicates=int(attributes["n_replicates"]),
                       n_done=int(attributes["paths_done"]))
        if self.run.n_done == 0:
            raise NotAResult("has no finished replicate: the run was interrupted too early")
        since = text(self.file["time"].attrs["units"]).split()[2]
        self.start = datetime.date.fromisoformat(since)
        self.n_years = self.file["year"].shape[0]
        self.names: List[str] = text(self.file["programme"].attrs["flag_meanings"]).split(" ")
        self.titles = [text(self.file["programme"].attrs.get(f"title_{i}", name)) for i, name in enumerate(self.names)]

    def _replicates(self, name: str, programme: int, year: int) -> np.ndarray:
        """The finished replicates of a variable, all draws in one axis."""
        variable, n_done = self.file[name], self.run.n_done
        n_rows = -(-n_done // self.run.n_replicates)
        n_columns = self.run.n_replicates if n_rows > 1 else n_done
        return variable[:n_rows, :n_columns, programme, year].ravel()[:n_done]

    def _summary(self, name: str, programme: int, year: int) -> Summary:
        """Mean, its standard error and quantiles, as the program computed them."""
        quantiles = self.file[f"{name}_quantile"][programme, year]
        return Summary(mean=float(self.file[f"{name}_mean"][programme, year]),
                       mean_se=float(self.file[f"{name}_mean_se"][programme, year]),
                       quantiles=dict(zip(self.file["probability"][...].tolist(), quantiles.tolist())))

    def case(self, programme: int, year: int) -> Case:
        """One programme in one fiscal year, both counted from 0."""
        file = self.file
        start = anniversary(self.start, year)
        first = (start - self.start).days
        days = slice(first, (anniversary(self.start, year + 1) - self.start).days)
        never = file["exhaustion_date"].attrs["_FillValue"]
        dates = self._replicates("exhaustion_date", programme, year)
        probabilities = file["probability"][...]
        quantiles = file["exhaustion_date_quantile"][programme, year]
        return Case(
            run=self.run, programme=self.titles[programme], start=start, n_days=days.stop - days.start,
            probabilities=probabilities,
            p_exhausted=float(file["p_exhausted"][programme, year]),
            p_exhausted_se=float(file["p_exhausted_se"][programme, year]),
            p_exhausted_by_day=file["p_exhausted_by"][programme, days],
            p_exhausted_se_by_day=file["p_exhausted_by_se"][programme, days],
            exhaustion_quantiles={float(p): None if day == never else int(day) - first
                                  for p, day in zip(probabilities, quantiles)},
            is_exhausted=dates != never,
            exhaustion_days=dates[dates != never] - first,
            commitment_by_day=file["commitment_quantile"][programme, :, days],
            outlay=self._replicates("outlay", programme, year),
            outlay_summary=self._summary("outlay", programme, year),
            demand=self._replicates("demand", programme, year),
            demand_summary=self._summary("demand", programme, year),
            appropriation=self._replicates("appropriation", programme, year),
            carried_in=self._replicates("carried_in", programme, year),
            added=(self._replicates("topped_up", programme, year) + self._replicates("received", programme, year)
                   - self._replicates("given", programme, year)))

    def cases(self, programme: int) -> List[Case]:
        """One programme in all fiscal years."""
        return [self.case(programme, year) for year in range(self.n_years)]
