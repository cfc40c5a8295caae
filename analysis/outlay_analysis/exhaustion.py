"""When is the money gone? The probability of exhaustion by day, and the weeks in which it happens."""
from typing import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import comparison, estimate, measures, style
from .language import Language
from .result import Case

CURVE, WEEKS = 2.9, 1.45  # heights of the two parts of a panel, inches; each has a title above
MARKED = (0.05, 0.5, 0.95)


def median(case: Case, language: Language) -> str:
    """', median date 14 Oct 2025'; empty where half of the replicates or more are not exhausted."""
    day = case.exhaustion_quantiles.get(0.5)
    return "" if day is None else language.text("median_date", date=language.date(case.date(day)))


def chance(case: Case, language: Language) -> str:
    """'with probability 0.62 ± 0.01', or in how many replicates."""
    if case.p_exhausted == 1 and case.run.n_done == 1:
        return language.text("in_the_one")
    if case.p_exhausted == 1 and not case.run.is_exact:
        return language.text("in_all", n=language.count(case.run.n_done, "replicate"))
    return language.text("with_probability", p=language.probability(case.p_exhausted, case.p_exhausted_se))


def finding(case: Case, language: Language) -> str:
    """Of one fiscal year."""
    if case.p_exhausted == 0:
        if case.run.is_exact:
            return language.text("never_exhausted_exact", year=case.year)
        return language.text("never_exhausted", year=case.year, n=language.count(case.run.n_done, "replicate"))
    return language.text("exhausted_within", year=case.year, chance=chance(case, language),
                         median=median(case, language))


def panel_finding(case: Case, language: Language) -> str:
    """The heading of one panel among several."""
    if case.p_exhausted == 0:
        return language.text("never_exhausted_panel")
    return language.text("exhausted_panel", chance=chance(case, language), median=median(case, language))


def figure_finding(cases: Sequence[Case], language: Language) -> str:
    """The figure's title."""
    if len(cases) == 1:
        return finding(cases[0], language)
    ordered = list(cases) if len(cases) <= 4 else sorted(cases, key=lambda case: case.p_exhausted)[::len(cases) - 1]
    shares = [language.text("in_year", what=language.probability(case.p_exhausted), year=case.year) for case in ordered]
    return language.text("p_exhausted_years", shares=language.listed(shares)) if len(cases) <= 4 else language.text(
        "p_exhausted_range", low=shares[0], high=shares[-1])


def with_start(values: np.ndarray) -> np.ndarray:
    """A daily variable at the beginning of the year, where it is 0, and at the end of each day."""
    return np.concatenate([[0.0], values])


def draw_curve(axes: Axes, case: Case, language: Language) -> None:
    """Probability that the money is gone by the end of each day, with its band and the marked quantiles."""
    days = np.arange(case.n_days + 1)
    p = with_start(case.p_exhausted_by_day)
    error = estimate.NORMAL * with_start(np.nan_to_num(case.p_exhausted_se_by_day))
    axes.fill_between(days, np.clip(p - error, 0, 1), np.clip(p + error, 0, 1), color=style.GONE_LIGHT, linewidth=0)
    line, = axes.plot(days, p, color=style.GONE, linewidth=2.2, clip_on=False)
    style.curve(axes, line, language.text("axis.exhausted_by"), "1", case.start)
    for share in MARKED:
        day = case.exhaustion_quantiles.get(share)
        if day is None:
            continue
        axes.plot(day + 0.5, share, "o", color=style.GONE, markersize=7, markeredgecolor="white", clip_on=False,
                  zorder=5)
        # A rising curve leaves the upper left of each of its points free.
        is_early = day < 0.2 * case.n_days
        shift = (10, 0) if is_early else (-8, 4 if share < 0.9 else -1)
        name = language.text("median") if share == 0.5 else language.percent(share, 0)
        axes.annotate(language.text("named", name=name, what=language.date(case.date(day))), (day + 0.5, share), shift,
                      textcoords="offset points", ha="left" if is_early else "right",
                      va="center" if is_early else "bottom", bbox=style.WHITE_BOX)
    finish_curve(axes, case, language, labels=False)


def finish_curve(axes: Axes, case: Case, language: Language, labels: bool) -> None:
    """The axes of probabilities by day."""
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.grid(axis="y")
    style.plain_ticks(axes.yaxis, language)
    style.axis_title(axes, language.text("axis.exhausted_by"))
    style.month_axis(axes, case, language, labels)


def weeks(case: Case) -> np.ndarray:
    """Days on which a week (Monday) or the fiscal year begins, and its end."""
    first_monday = -case.start.weekday() % 7
    return np.unique(np.concatenate([[0], np.arange(first_monday, case.n_days, 7), [case.n_days]]))


def draw_weeks(axes: Axes, case: Case, language: Language) -> None:
    """Share of all replicates that are exhausted in each week: what the curve rises by."""
    edges = weeks(case)
    shares = np.maximum(np.diff(with_start(case.p_exhausted_by_day)[edges]), 0)
    axes.bar(edges[:-1], shares, np.diff(edges), align="edge", color=style.GONE, edgecolor="white", linewidth=0.6)
    axes.set_ylim(0, 1.05 * shares.max() if shares.any() else 1)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    style.plain_ticks(axes.yaxis, language)
    if not shares.any():
        axes.set_yticks([0])
        axes.text(0.5, 0.5, language.text("none_in_any_week"), transform=axes.transAxes, ha="center", va="center",
                  color=style.SOFT)
    axes.grid(axis="y")
    style.axis_title(axes, language.text("axis.exhausted_in_week"))
    style.month_axis(axes, case, language)


def draw(cases: Sequence[Case], language: Language) -> Figure:
    """The figure of one programme: a pair of panels for each fiscal year."""
    low = WEEKS + style.AXIS_TITLE + 0.08
    frame = style.frame_of_years(cases, language, figure_finding(cases, language),
                                 [panel_finding(case, language) for case in cases], language.text("note.exhaustion"),
                                 low + CURVE + style.AXIS_TITLE)
    for i, case in enumerate(cases):
        width = frame.rectangles[i][2]
        draw_curve(frame.axes(i, 0, low, width, CURVE), case, language)
        draw_weeks(frame.axes(i, 0, 0, width, WEEKS), case, language)
        style.share_bar(frame.axes(i, width + 0.12, low, 0.16, CURVE), case.p_exhausted, language.text("exhausted"),
                        language.text("not_exhausted"), language)
    return frame.figure


def compare(cases: Sequence[Case], language: Language) -> Figure:
    """Scenarios side by side: the curves, the probabilities, and the days that the money lasts longer."""
    def curves(axes: Axes, of: comparison.Side) -> None:
        finish_curve(axes, of.reference, language, labels=True)
        days = np.arange(of.reference.n_days + 1)
        comparison.draw_curves(axes, of, days, [with_start(case.p_exhausted_by_day) for case in of.cases], "1")

    return comparison.draw(cases, language, [(measures.EXHAUSTED, measures.DAYS_WITH_MONEY)],
                           language.text("note.exhaustion_compared"), (CURVE, curves))
