"""How much is paid? The distribution of outlay against the budget, and against what was asked for."""
import math
from typing import Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import style, words
from .load import Case

HISTOGRAM, RANGE = 3.6, 0.55  # heights of the distribution and of the bar of mean and range below it, inches
N_BINS = 40  # about


def finding(case: Case) -> str:
    """What is paid on average, and how often everything."""
    currency = case.run.currency
    if case.budget == 0:
        return "There is no budget: nothing is paid"
    if case.p_paid_in_full == 1:
        demand = words.money(float(case.demand.mean()), currency)
        return f"The whole {words.money(case.budget, currency)} is paid in every replicate; demand is {demand} on average"
    chance = ("never all of it" if case.p_paid_in_full == 0
              else f"all of it with probability {words.probability(case.p_paid_in_full)}")
    return (f"On average {words.money(case.outlay_mean, currency)} of {words.money(case.budget, currency)} is paid "
            f"({words.percent(case.outlay_mean / case.budget)}), {chance}")


def figure_finding(cases: Sequence[Case]) -> str:
    """The figure's title."""
    if len(cases) == 1:
        return finding(cases[0])
    paid = sum(case.outlay_mean for case in cases)
    budget = sum(case.budget for case in cases)
    currency = cases[0].run.currency
    share = f" ({words.percent(paid / budget)})" if budget else ""
    return (f"On average {words.money(paid, currency)} of {words.money(budget, currency)} is paid in {len(cases)} "
            f"fiscal years{share}")


def nice(width: float) -> float:
    """The least of 1, 2, 2.5, 5, 10 ... times a power of ten that is at least so much."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= 0.999999 * width)


def limits(case: Case) -> Tuple[float, float]:
    """The money that the axis reaches to, and the width of a bin. The budget is on the axis unless it is far away."""
    paid, asked = float(case.outlay.max()), float(np.quantile(case.demand, 0.995))
    largest = max(paid, asked)
    if case.budget <= 5 * largest:
        largest = max(largest, case.budget)
    largest = 1.03 * largest if largest > 0 else 1.0
    below = np.concatenate([case.outlay, case.demand])
    scale = np.quantile(below, 0.995) - np.quantile(below, 0.005)
    return largest, nice(max(scale / N_BINS, largest / 150))


def draw_histogram(axes: Axes, case: Case, largest: float, step: float) -> None:
    """What is paid where money is left over, as bars; what is asked for, as an outline; the budget as a line."""
    unit, _ = words.money_unit(largest, case.run.currency)
    # Bins end at the budget, so that none lies on both sides of it.
    n_below = math.ceil(case.budget / step) if case.budget < 1e3 * largest else 0
    low = case.budget - n_below * step if n_below else 0.0
    edges = low + step * np.arange(math.ceil((largest - low) / step) + 1)
    is_full = case.outlay > case.appropriation + case.carried_in - 0.005
    # A sum that equals the budget belongs to the bin below it.
    paid, _ = np.histogram(case.outlay[~is_full] - 0.005, bins=edges)
    asked, _ = np.histogram(case.demand - 0.005, bins=edges)
    axes.bar(edges[:-1] / unit, paid / case.run.n_done, step / unit, align="edge", color=style.MONEY_LIGHT,
             edgecolor="white", linewidth=0.6)
    axes.stairs(asked / case.run.n_done, edges / unit, color=style.INK, linewidth=1.3)
    top = 1.28 * max(paid.max(), asked.max(), 1) / case.run.n_done
    axes.set_ylim(0, top)
    axes.set_xlim(0, largest / unit)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(axis="y")
    axes.set_ylabel(f"share of replicates\nin each {words.money(step, case.run.currency)}")
    axes.tick_params(labelbottom=False)
    name_areas(axes, case, edges / unit, paid, asked)


def name_areas(axes: Axes, case: Case, edges: np.ndarray, paid: np.ndarray, asked: np.ndarray) -> None:
    """Names beside the bars and the outline."""
    axes.plot([], [])


def draw(cases: Sequence[Case]) -> Figure:
    raise NotImplementedError
