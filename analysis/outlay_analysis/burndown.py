"""How much is left, day by day? What is not yet committed, with what happened where that is known."""
from typing import List, Optional, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import comparison, fan, measures, observed, style
from .language import Language
from .observed import Point
from .result import Case

HEIGHT, COMPARED = 4.4, 3.3  # of a panel; of the curves of several scenarios


def left(case: Case, share: float) -> np.ndarray:
    """What is left where the commitments are that quantile of theirs, at the beginning and at the end of each day."""
    return np.maximum(case.at_hand - fan.curve(case, fan.COMMITMENT, share), 0.0)


def money_points(case: Case, points: Sequence[Point]) -> List[Point]:
    """The observed sums within the fiscal year."""
    return [point for point in points if point.quantity in observed.MONEY and is_within(case, point)]


def exhausted_point(case: Case, points: Sequence[Point]) -> Optional[Point]:
    """The day on which the money was gone, where that was within the fiscal year."""
    return next((point for point in points if point.quantity == observed.EXHAUSTED and is_within(case, point)), None)


def is_within(case: Case, point: Point) -> bool:
    return point.first is not None and case.date(0) <= point.first and point.last <= case.date(case.n_days - 1)


def day_of(case: Case, point: Point) -> tuple:
    """The first and last day of the fiscal year on which the point may have been."""
    return (point.first - case.start).days, (point.last - case.start).days


def is_inside(case: Case, point: Point) -> bool:
    """Whether 5 to 95 % of the replicates hold the point, on some day on which it may have been."""
    first, last = day_of(case, point)
    if point.quantity == observed.EXHAUSTED:
        low, high = (case.exhaustion_quantiles.get(p) for p in (0.05, 0.95))
        return low is not None and low <= last and (high is None or first <= high)
    low, high = (fan.curve(case, fan.COMMITMENT, p) for p in (0.05, 0.95))
    return bool(low[first + 1] <= point.value <= high[last + 1])


def finding(case: Case, points: Sequence[Point], language: Language) -> str:
    """How many of the points that were predicted lie inside; without any, when half is left, and how much in the end."""
    gone = exhausted_point(case, points)
    seen = money_points(case, points) + ([gone] if gone else [])
    tests = [point for point in seen if point.is_predicted]
    if tests:
        n_inside = sum(is_inside(case, point) for point in tests)
        text = language.text("points_inside", n=language.number(n_inside), of=language.count(len(tests), "point"))
        if gone is None:
            return text
        median = case.exhaustion_quantiles.get(0.5)
        simulated = language.date(case.date(median)) if median is not None else language.text("not_exhausted")
        return language.sentences([text + language.text("stop"), language.text(
            "gone_observed", date=language.date(gone.first), simulated=simulated)])
    if case.at_hand == 0:
        return language.text("no_budget")
    half = fan.day_of(case, fan.COMMITMENT, 0.5)
    end = language.money(float(left(case, 0.5)[-1]), case.run.currency)
    if half is None:
        return language.text("left_at_end", end=end)
    return language.text("half_left", date=language.date(case.date(half)), end=end)


def draw_points(axes: Axes, case: Case, points: Sequence[Point], unit: float, language: Language) -> None:
    """The observed sums as what they left, and the day on which nothing was left."""
    seen = money_points(case, points)
    handles = {}
    for point in seen:
        first, last = day_of(case, point)
        y = (case.at_hand - point.value) / unit
        if first < last:
            axes.plot([first + 1, last + 1], [y, y], color=style.OBSERVED, linewidth=1.6, zorder=5, clip_on=False)
        face, edge = (style.OBSERVED, "white") if point.is_predicted else ("white", style.OBSERVED)
        handles[point.is_predicted], = axes.plot(
            (first + last) / 2 + 1, y, "o", markerfacecolor=face, markersize=7.5, markeredgecolor=edge,
            markeredgewidth=1.0 if point.is_predicted else 1.6, zorder=6, clip_on=False, linestyle="none")
    gone = exhausted_point(case, points)
    if gone is not None:
        x = day_of(case, gone)[1] + 0.5
        axes.plot(x, 0, "D", color=style.GONE, markersize=8, markeredgecolor="white", zorder=7, clip_on=False,
                  linestyle="none")
        is_right = x > 0.6 * case.n_days
        axes.annotate(language.text("gone_on", date=language.date(gone.first)), (x, 0),
                      (-12 if is_right else 10, 14), textcoords="offset points", ha="right" if is_right else "left",
                      va="bottom", color=style.GONE, weight="bold", bbox=style.WHITE_BOX)
    if handles:
        axes.legend(handles=list(handles.values()), loc="lower right", bbox_to_anchor=(1, 1), ncol=2, frameon=False,
                    labels=[language.text("observed" if is_predicted else "observed_set") for is_predicted in handles],
                    borderaxespad=0.75, handlelength=1.0, borderpad=0, columnspacing=1.5)


def budget_note(cases: Sequence[Case], language: Language) -> str:
    """What the bands are where replicates have different money."""
    return "" if all(case.is_money_certain for case in cases) else language.text("note.uncertain_budget")


def draw(cases: Sequence[Case], language: Language, observed: Sequence[Point] = ()) -> Figure:
    """The figure of one programme: a panel for each fiscal year, all on the same axis of money."""
    findings = [finding(case, observed, language) for case in cases]
    title = findings[0] if len(cases) == 1 else language.text("left_years", amounts=language.listed(
        [language.text("in_year", what=language.money(float(left(case, 0.5)[-1]), case.run.currency), year=case.year)
         for case in cases[-4:]]))
    explanation = language.sentences([language.text("note.burndown"), language.text("note.observed") if observed else "",
                                      budget_note(cases, language)])
    frame = style.frame_of_years(cases, language, title, findings, explanation, HEIGHT + style.AXIS_TITLE)
    largest = 1.05 * max(case.at_hand for case in cases) or 1.0
    unit, name = language.money_unit(largest, cases[0].run.currency)
    for i, case in enumerate(cases):
        axes = frame.axes(i, 0, 0, frame.rectangles[i][2], HEIGHT, ylim=(0, largest / unit))
        # The quantile p of what is left is that of 1 - p of the commitments.
        curves = [left(case, float(p)) for p in 1 - case.probabilities]
        fan.draw_bands(axes, case, curves, unit, name, language, language.text("axis.left", unit=name))
        draw_points(axes, case, observed, unit, language)
    return frame.figure


def compare(cases: Sequence[Case], language: Language, observed: Sequence[Point] = ()) -> Figure:
    """Scenarios side by side: the medians by day, and what is left in the end."""
    def curves(axes: Axes, of: comparison.Side) -> None:
        largest = 1.05 * max(case.at_hand for case in cases) or 1.0
        unit, name = language.money_unit(largest, of.reference.run.currency)
        axes.set_ylim(0, largest / unit)
        axes.yaxis.set_major_locator(MaxNLocator(6))
        axes.grid(axis="y")
        style.plain_ticks(axes.yaxis, language)
        style.axis_title(axes, language.text("axis.left_median", unit=name))
        style.month_axis(axes, of.reference, language)
        comparison.draw_curves(axes, of, np.arange(of.reference.n_days + 1), [left(case, 0.5) / unit for case in of.cases],
                               name)
        draw_points(axes, of.reference, observed, unit, language)

    explanation = language.sentences([language.text("note.compared"), budget_note(cases, language)])
    return comparison.draw(cases, language, [(measures.LEFT_OVER, measures.LEFT_OVER)], explanation, (COMPARED, curves))
