"""How fast is the money promised? The fan of cumulative commitments against the budget, day by day."""
from typing import Optional, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from . import style, words
from .load import Case

HEIGHT = 4.4  # of a panel, inches
BANDS = ((0.01, 0.99), (0.05, 0.95), (0.25, 0.75))
LABEL_HEIGHT = 0.052  # of a label in the margin, share of the panel


def curve(case: Case, share: float) -> np.ndarray:
    """Quantile of the commitments at the beginning of the year and at the end of each day."""
    i = int(np.argmin(np.abs(case.probabilities - share)))
    return np.concatenate([[0.0], case.commitment_by_day[i]])


def day_of(case: Case, share: float) -> Optional[int]:
    """The first day at whose end the median commitment is that share of the money at hand."""
    reached = np.flatnonzero(curve(case, 0.5)[1:] >= share * case.at_hand)
    return int(reached[0]) if reached.size else None


def finding(case: Case) -> str:
    """When half of the budget and all of it is promised, or how much by the end of the year; all for the median."""
    if case.at_hand == 0:
        return "There is no budget: nothing is committed"
    if not case.is_money_certain:
        end = words.money(float(curve(case, 0.5)[-1]), case.run.currency)
        what = "mean budget" if case.carried_in.max() == 0 else "on average at hand"
        return f"{end} committed by the end of the year (median), {what} {words.money(case.at_hand, '').strip()}"
    half, everything = day_of(case, 0.5), day_of(case, 1.0)
    parts = [] if half is None else [f"half committed by {words.date(case.date(half))}"]
    if everything is not None:
        parts.append(f"all by {words.date(case.date(everything))}")
    else:
        share = words.percent(float(curve(case, 0.5)[-1]) / case.at_hand)
        parts.append(f"{share} {'' if parts else 'committed '}by the end of the year")
    sentence = f"{', '.join(parts)} (median)"
    return sentence[0].upper() + sentence[1:]


def figure_finding(cases: Sequence[Case]) -> str:
    """The figure's title."""
    if len(cases) == 1:
        return finding(cases[0])
    ends = [(float(curve(case, 0.5)[-1]), case) for case in cases]
    if len(cases) > 4:
        ends = [min(ends, key=lambda pair: pair[0]), max(ends, key=lambda pair: pair[0])]
    texts = [f"{words.money(end, case.run.currency)} in {case.year_number}" for end, case in ends]
    return "Median commitment: " + (", ".join(texts) if len(cases) <= 4 else f"from {texts[0]} to {texts[1]}")


def label(shares: Sequence[float], median: str) -> str:
    """The name of quantiles whose curves end together: 'median 4.13 bn', '5 %', '75 to 99 %'."""
    others = [f"{100 * share:.0f} %" for share in shares if share != 0.5]
    if len(others) > 1:
        others = [f"{100 * shares[0]:.0f} to {100 * shares[-1]:.0f} %"]
    return "\n".join(([f"median {median}"] if 0.5 in shares else []) + others)


def label_ends(axes: Axes, case: Case, unit: float) -> None:
    """The names of the quantiles where their curves end, those that end together in one."""
    top = axes.get_ylim()[1]
    ends = [float(curve(case, share)[-1]) / unit for share in case.probabilities]
    groups = style.spread(ends, LABEL_HEIGHT * top)
    median = words.money(unit * ends[int(np.argmin(np.abs(case.probabilities - 0.5)))], "").strip()
    for group in groups:
        shares = [float(case.probabilities[i]) for i in group]
        y = float(np.mean([ends[i] for i in group]))
        has_median = 0.5 in shares
        axes.annotate(label(shares, median), (case.n_days, y), (8, 0), textcoords="offset points", ha="left",
                      va="center", weight="bold" if has_median else "normal",
                      color=style.MONEY if has_median else style.SOFT, annotation_clip=False)


def draw_fan(axes: Axes, case: Case, unit: float, name: str) -> None:
    """Bands and median of one fiscal year."""
    days = np.arange(case.n_days + 1)
    for (low, high), color in zip(BANDS, style.BANDS):
        axes.fill_between(days, curve(case, low) / unit, curve(case, high) / unit, color=color, linewidth=0)
    axes.plot(days, curve(case, 0.5) / unit, color=style.MONEY, linewidth=2.4, clip_on=False)
    axes.yaxis.set_major_locator(MaxNLocator(6) if case.commitment_by_day.any() else FixedLocator([0]))
    axes.grid(axis="y")
    axes.yaxis.set_major_formatter("{x:g}")
    style.axis_title(axes, f"committed since the fiscal year began, {name}")
    style.month_axis(axes, case)
    label_ends(axes, case, unit)


def mark_budget(axes: Axes, case: Case, unit: float) -> None:
    """The budget as a line, or an arrow where it lies far above the axis."""
    name = f"budget {words.money(case.at_hand, case.run.currency)}"
    if not case.is_money_certain:
        name = f"mean {name}"
    if case.carried_in.max() > 0:
        name += f", {words.money(float(case.carried_in.mean()), case.run.currency)} of it carried in"
    if case.at_hand > axes.get_ylim()[1] * unit:
        axes.annotate(f"{name}, far above this axis", (0.02, 1), (0.02, 0.9), xycoords="axes fraction",
                      textcoords="axes fraction", ha="left", va="center", weight="bold",
                      arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.5, "relpos": (0, 0.5)})
        return
    axes.axhline(case.at_hand / unit, color=style.INK, linewidth=1.6, dashes=(5, 2.5), zorder=1.9)
    axes.annotate(name, (0, case.at_hand / unit), (6, 5), textcoords="offset points", ha="left", va="bottom",
                  weight="bold")


def reach(cases: Sequence[Case]) -> float:
    """The money that the axis reaches to: the budget is on it unless it is far away."""
    largest = max(float(curve(case, 0.99).max()) for case in cases)
    budget = max(case.at_hand for case in cases)
    largest = max(largest, budget) if budget <= 5 * largest else largest
    return 1.1 * largest if largest > 0 else 1.0


def draw(cases: Sequence[Case]) -> Figure:
    """The figure of one programme: a fan for each fiscal year, all on the same axis of money."""
    explanation = ("Shades: the middle 98, 90 and 50 % of the replicates on each day (1 to 99, 5 to 95, 25 to 75 %); "
                   "line: median.")
    frame = style.frame(cases, figure_finding(cases), [finding(case) for case in cases], explanation,
                        HEIGHT + style.AXIS_TITLE)
    largest = reach(cases)
    unit, name = words.money_unit(largest, cases[0].run.currency)
    for i, case in enumerate(cases):
        axes = frame.axes(i, 0, 0, frame.rectangles[i][2], HEIGHT, ylim=(0, largest / unit))
        draw_fan(axes, case, unit, name)
        mark_budget(axes, case, unit)
    return frame.figure
