"""When is the money gone? The probability of exhaustion by day, and the weeks in which it happens."""
from typing import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import style, words
from .load import Case

CURVE, WEEKS = 2.9, 1.45  # heights of the two parts of a panel, inches; each has a title above
MARKED = ((0.05, "5 %"), (0.5, "median"), (0.95, "95 %"))


def median(case: Case) -> str:
    """The median date in words, empty where half of the replicates or more are not exhausted."""
    day = case.exhaustion_quantiles.get(0.5)
    return "" if day is None else words.date(case.date(day))


def finding(cases: Sequence[Case]) -> str:
    """The figure's title."""
    if len(cases) > 1:
        shares = [f"{words.probability(case.p_exhausted)} in {case.year_number}"
                  for case in cases]
        if len(shares) > 4:
            ordered = sorted(range(len(cases)), key=lambda i: cases[i].p_exhausted)
            return f"Probability of exhaustion: from {shares[ordered[0]]} to {shares[ordered[-1]]}"
        return f"Probability of exhaustion: {', '.join(shares)}"
    case = cases[0]
    within = case.year if case.is_calendar_year else f"the {case.year}"
    if case.p_exhausted == 0:
        return f"Never exhausted within {within} in {words.count(case.run.n_done, 'replicate')}"
    chance = f"with probability {words.with_error(case.p_exhausted, case.p_exhausted_se)}"
    if case.p_exhausted == 1:
        chance = f"in all {case.run.n_done:,} replicates" if case.run.n_done > 1 else "in the one replicate"
    return f"Exhausted within {within} {chance}" + (f", median date {median(case)}" if median(case) else "")


def panel_finding(case: Case) -> str:
    """The heading of one panel among several."""
    if case.p_exhausted == 0:
        return "never exhausted"
    sentence = f"exhausted with probability {words.with_error(case.p_exhausted, case.p_exhausted_se)}"
    return sentence + (f", median date {median(case)}" if median(case) else "")


def draw_curve(axes: Axes, case: Case) -> None:
    """Probability that the money is gone by the end of each day, with its band and the marked quantiles."""
    days = np.arange(case.n_days + 1)
    p = np.concatenate([[0.0], case.p_exhausted_by_day])
    error = 1.96 * np.concatenate([[0.0], case.p_exhausted_se_by_day])
    axes.fill_between(days, np.clip(p - error, 0, 1), np.clip(p + error, 0, 1), color=style.GONE_LIGHT, linewidth=0)
    axes.plot(days, p, color=style.GONE, linewidth=2.2, clip_on=False)
    for share, name in MARKED:
        day = case.exhaustion_quantiles.get(share)
        if day is None:
            continue
        axes.plot(day + 0.5, share, "o", color=style.GONE, markersize=7, markeredgecolor="white", clip_on=False,
                  zorder=5)
        # A rising curve leaves the upper left of each of its points free.
        is_early = day < 0.2 * case.n_days
        shift = (10, 0) if is_early else (-8, 4 if share < 0.9 else -1)
        axes.annotate(f"{name}: {words.date(case.date(day))}", (day + 0.5, share), shift,
                      textcoords="offset points", ha="left" if is_early else "right",
                      va="center" if is_early else "bottom", bbox=style.WHITE_BOX)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.grid(axis="y")
    axes.yaxis.set_major_formatter("{x:g}")
    style.axis_title(axes, "probability that the budget is exhausted by that day")
    style.month_axis(axes, case, labels=False)


def weeks(case: Case) -> np.ndarray:
    """Days on which a week (Monday) or the fiscal year begins, and its end."""
    first_monday = -case.start.weekday() % 7
    return np.unique(np.concatenate([[0], np.arange(first_monday, case.n_days, 7), [case.n_days]]))


def draw_weeks(axes: Axes, case: Case) -> None:
    """Share of all replicates that are exhausted in each week."""
    edges = weeks(case)
    counts, _ = np.histogram(case.exhaustion_days, bins=edges)
    shares = counts / case.run.n_done
    axes.bar(edges[:-1], shares, np.diff(edges), align="edge", color=style.GONE, edgecolor="white", linewidth=0.6)
    axes.set_ylim(0, 1.05 * shares.max() if shares.any() else 1)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_formatter("{x:g}")
    if not shares.any():
        axes.set_yticks([0])
        axes.text(0.5, 0.5, "none in any week", transform=axes.transAxes, ha="center", va="center", color=style.SOFT)
    axes.grid(axis="y")
    style.axis_title(axes, "share of replicates that are exhausted in the week (Monday to Sunday)")
    style.month_axis(axes, case)


def draw(cases: Sequence[Case]) -> Figure:
    """The figure of one programme: a pair of panels for each fiscal year."""
    explanation = ("Exhausted: an award could not be committed in full. ± one standard error; the band around the "
                   "curve is ± 1.96 standard errors.")
    low = WEEKS + style.AXIS_TITLE + 0.08
    frame = style.frame(cases, finding(cases), [panel_finding(case) for case in cases], explanation,
                        low + CURVE + style.AXIS_TITLE)
    for i, case in enumerate(cases):
        width = frame.rectangles[i][2]
        draw_curve(frame.axes(i, 0, low, width, CURVE), case)
        draw_weeks(frame.axes(i, 0, 0, width, WEEKS), case)
        style.share_bar(frame.axes(i, width + 0.12, low, 0.16, CURVE), case.p_exhausted, "exhausted", "not exhausted")
    return frame.figure
