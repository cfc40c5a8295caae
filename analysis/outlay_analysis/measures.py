"""What scenarios are compared by: a number of each replicate, and its mean where a file has no replicates."""
import math
from typing import Callable, NamedTuple, Optional, Tuple

import numpy as np

from . import estimate
from .estimate import Estimate
from .language import Language
from .result import Case

MONEY, DAYS, SHARE, COUNT = "money", "days", "share", "count"


class Measure(NamedTuple):
    """A number of each replicate; its name in words is the phrase `measure.KEY`."""

    key: str
    unit: str  # MONEY, DAYS, SHARE or COUNT
    values: Callable[[Case], np.ndarray]
    summary: Optional[str] = None  # the file's summary of it
    exactly: Optional[Callable[[Case], float]] = None  # its mean in an exact answer, which has no replicates

    def mean(self, case: Case) -> Estimate:
        """Its mean over the replicates, as the program computed it where it did."""
        if self.summary is not None:
            summary = case.summary(self.summary)
            return Estimate(summary.mean, summary.mean_se)
        if case.run.is_exact:
            return Estimate(self.exactly(case), 0.0)
        return estimate.mean(self.values(case), case.run)

    def range(self, case: Case) -> Optional[Tuple[float, float]]:
        """5 and 95 % of the replicates; None where that is not known."""
        if self.summary is not None and case.summary(self.summary).quantiles:
            quantiles = case.summary(self.summary).quantiles
            return quantiles[0.05], quantiles[0.95]
        if case.run.is_exact:
            return None
        low, high = np.nanquantile(self.values(case), (0.05, 0.95))
        return float(low), float(high)

    def difference(self, case: Case, reference: Case) -> Estimate:
        """Its mean less that of the reference: replicate by replicate where both have the same random numbers."""
        if estimate.pairing(case, reference) == estimate.INDEPENDENT:
            ours, theirs = self.mean(case), self.mean(reference)
            return Estimate(ours.mean - theirs.mean, math.hypot(ours.se, theirs.se))
        return estimate.mean(np.asarray(self.values(case), float) - self.values(reference), case.run)

    def words(self, value: float, case: Case, language: Language, sign: bool = False) -> str:
        """A value of it, with its unit."""
        if self.unit == MONEY:
            return language.money(value, case.run.currency, sign)
        if self.unit == DAYS:
            return language.days(value, sign)
        if self.unit == SHARE:
            return language.points(value) if sign else language.percent(value)
        return language.number(value, 0 if abs(value) >= 100 else 1, sign)

    def words_with_error(self, value: Estimate, case: Case, language: Language, sign: bool = False,
                         unit: Optional[str] = None) -> str:
        """A mean or a difference with its standard error; `unit` in place of the % of a share."""
        if not value.se > 0:
            return self.words(value.mean, case, language, sign)
        if self.unit == MONEY:
            return language.money_with_error(value.mean, value.se, case.run.currency, sign)
        if self.unit == SHARE:
            size, unit = 100.0, "%" if unit is None else unit
        else:
            size, unit = 1.0, language.text("days") if self.unit == DAYS else ""
        digits = next((k for k in range(3) if size * value.se >= 0.95 * 10.0 ** -k), 3)
        text = language.with_error(language.number(size * value.mean, digits, sign),
                                   language.number(size * value.se, digits))
        return language.joined(text, unit)


def of(name: str, unit: str) -> Measure:
    """The measure that a variable of the file is."""
    return Measure(name, unit, lambda case: case.replicates(name), name)


def left_over(case: Case) -> float:
    """Money at hand less what is committed, on average."""
    return case.at_hand - case.summary("committed").mean + case.summary("returned").mean


EXHAUSTED = Measure("exhausted", SHARE, lambda case: case.is_exhausted, exactly=lambda case: case.p_exhausted)
DAYS_WITH_MONEY = Measure("days_with_money", DAYS, lambda case: case.days_with_money,
                          exactly=lambda case: float((1 - case.p_exhausted_by_day).sum()))
LEFT_OVER = Measure("left_over", MONEY,
                    lambda case: case.money - case.replicates("committed") + case.replicates("returned"),
                    exactly=left_over)
OUTLAY, COMMITTED, DEMAND, UNMET = (of(name, MONEY) for name in ("outlay", "committed", "demand", "unmet"))
AWARDS = of("awards", COUNT)
GINI, SHARE_AT_CAP, TOP_DECILE = (of(name, SHARE) for name in ("gini", "share_at_cap", "top_decile_share"))


def paid_to(i_class: int) -> Measure:
    """What is paid to a class."""
    return Measure("outlay", MONEY, lambda case: case.replicates("outlay_by_class")[:, i_class],
                   exactly=lambda case: case.summary("outlay", i_class).mean)
