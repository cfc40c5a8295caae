"""Means with honest standard errors, and what lies between draws told from what lies within them.

Replicates of one draw share its uncertain numbers, so with several draws these are the independent observations; by
the design `sobol` it is the 16 scramblings, and the error is widened by Student's t so that 1.96 of it are a 95 %
interval all the same. This is what the program does (include/outlay/engine.h, outlay_moments).
"""
import math
from typing import NamedTuple, Tuple

import numpy as np

from .result import Case, Run

N_SCRAMBLES = 16  # OUTLAY_N_SCRAMBLES
# 97.5 % quantiles of Student's t with 1 to 15 degrees of freedom (e.g. NIST/SEMATECH e-Handbook, 1.3.6.7.2).
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)
NORMAL = 1.959964


class Estimate(NamedTuple):
    """A mean and its standard error (NaN where one replicate cannot tell it)."""

    mean: float
    se: float

    @property
    def half_width(self) -> float:
        """Of the 95 % interval."""
        return NORMAL * self.se

    @property
    def stands_out(self) -> bool:
        """Whether the 95 % interval leaves 0 out; a difference without any error stands out where it is not 0."""
        return abs(self.mean) > self.half_width


def draw_sums(values: np.ndarray, n_replicates: int) -> Tuple[np.ndarray, np.ndarray]:
    """Sum and number of the replicates of each draw; the last draw may have fewer."""
    starts = np.arange(0, values.shape[0], n_replicates)
    return np.add.reduceat(values, starts, axis=0), np.diff(np.append(starts, values.shape[0]))


def of_draws(means: np.ndarray, is_sobol: bool) -> float:
    """Standard error of the mean of the draws' means."""
    n = means.size
    if not is_sobol:
        return float(means.std(ddof=1)) / math.sqrt(n)
    r = min(n, N_SCRAMBLES)
    sums = np.array([means[i::r].sum() for i in range(r)])
    sizes = np.array([means[i::r].size for i in range(r)])
    squares = float(((sums - sizes * means.mean()) ** 2).sum())
    return STUDENT[r - 2] / NORMAL * math.sqrt(squares * r / (r - 1)) / n


def mean(values: np.ndarray, run: Run) -> Estimate:
    """Of a value for each replicate, in the order in which they were simulated."""
    values = np.asarray(values, float)
    if values.size <= run.n_replicates:  # one draw
        se = float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else math.nan
    else:
        sums, n = draw_sums(values, run.n_replicates)
        se = of_draws(sums / n, run.design == "sobol")
    return Estimate(float(values.mean()), se)


class Split(NamedTuple):
    """A variance in two parts; NaN where they cannot be told apart (one replicate in each draw)."""

    between: float  # of the draws' means, less what chance explains: what is not known
    within: float  # of the replicates of a draw: luck

    @property
    def total(self) -> float:
        return self.between + self.within


def split(values: np.ndarray, run: Run) -> Split:
    """One-way analysis of variance, as the program does it; all is luck where there is one draw."""
    values = np.asarray(values, float)
    if values.size <= run.n_replicates:
        return Split(0.0, float(values.var(ddof=1)) if values.size > 1 else math.nan)
    sums, n = draw_sums(values, run.n_replicates)
    n_draws = n.size
    if values.size <= n_draws:
        return Split(math.nan, math.nan)
    within = float(((values - np.repeat(sums / n, n)) ** 2).sum()) / (values.size - n_draws)
    between = max(0.0, float((sums / n).var(ddof=1)) - within * n_draws / values.size)
    return Split(between, within)


# ---- two runs ----------------------------------------------------------------------------------------------------------

PAIRED, SHARED, INDEPENDENT = "paired", "shared", "independent"


def pairing(case: Case, reference: Case) -> str:
    """How replicates of two runs belong together.

    PAIRED: replicate by replicate the same uncertain numbers and the same number of applications. SHARED: the same
    random numbers, but others apply. INDEPENDENT: another seed, size or design; or an exact answer.
    """
    ours, theirs = case.run, reference.run
    if ours.is_exact or theirs.is_exact or (ours.seed, ours.n_draws, ours.n_replicates, ours.n_done, ours.design) != (
            theirs.seed, theirs.n_draws, theirs.n_replicates, theirs.n_done, theirs.design):
        return INDEPENDENT
    mine, yours = case.uncertain(), reference.uncertain()
    is_same = all(np.array_equal(mine[name], yours[name]) for name in mine.keys() & yours.keys())
    has_counts = case.has("applications") and reference.has("applications")
    is_same = is_same and has_counts and np.array_equal(case.replicates("applications"),
                                                        reference.replicates("applications"))
    return PAIRED if is_same else SHARED
