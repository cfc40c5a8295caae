"""How fast is the money promised, and how fast is it paid? Fans of cumulative money against the budget, day by day."""
from typing import NamedTuple, Optional, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from . import comparison, measures, style
from .exhaustion import with_start
from .language import Language
from .measures import Measure
from .result import Case

HEIGHT = 4.4  # of a panel, inches
COMPARED = 3.3  # of the curves of several scenarios
BANDS = ((0.01, 0.99), (0.05, 0.95), (0.25, 0.75))
LABEL_HEIGHT = 0.052  # of a label in the margin, share of the panel


class Series(NamedTuple):
    """What is followed day by day: a variable of the file, and the measure that it ends in."""

    variable: str
    measure: Measure
    key: str  # of its phrases, KEY_half and so on


COMMITMENT = Series("commitment", measures.COMMITTED, "committed")
OUTLAY = Series("outlay_to_date", measures.OUTLAY, "paid")


def curve(case: Case, series: Series, share: float) -> np.ndarray:
    """Quantile of the money at the beginning of the year and at the end of each day."""
    return with_start(case.by_day(series.variable, share))


def day_of(case: Case, series: Series, share: float) -> Optional[int]:
    """The first day at whose end the median is that share of the money at hand."""
    reached = np.flatnonzero(curve(case, series, 0.5)[1:] >= share * case.at_hand - 0.005)
    return int(reached[0]) if reached.size else None


def finding(case: Case, series: Series, language: Language) -> str:
    """When half of the budget and all of it is promised, or how much by the end of the year; all for the median."""
    if case.at_hand == 0:
        return language.text("no_budget")
    end = float(curve(case, series, 0.5)[-1])
    if not case.is_money_certain:
        what = "mean_budget_of" if case.carried_in == 0 else "at_hand_on_average"
        return language.text(f"{series.key}_at_end", amount=language.money(end, case.run.currency),
                             of=language.text(what, money=language.money(case.at_hand)))
    half, everything = day_of(case, series, 0.5), day_of(case, series, 1.0)
    values = {"half": language.date(case.date(half)) if half is not None else "",
              "all": language.date(case.date(everything)) if everything is not None else "",
              "share": language.percent(end / case.at_hand)}
    shape = "half_all" if everything is not None else "half_end" if half is not None else "end"
    return language.text(f"{series.key}_{shape}", **values)


def figure_finding(cases: Sequence[Case], series: Series, language: Language) -> str:
    """The figure's title."""
    if len(cases) == 1:
        return finding(cases[0], series, language)
    ends = sorted(((float(curve(case, series, 0.5)[-1]), case) for case in cases), key=lambda pair: pair[0])
    ends = ends[::len(ends) - 1] if len(cases) > 4 else sorted(ends, key=lambda pair: pair[1].start)
    texts = [language.text("in_year", what=language.money(end, case.run.currency), year=case.year)
             for end, case in ends]
    if len(cases) > 4:
        return language.text(f"{series.key}_median_range", low=texts[0], high=texts[-1])
    return language.text(f"{series.key}_median_years", amounts=language.listed(texts))


def label(shares: Sequence[float], median: str, language: Language) -> str:
    """The name of quantiles whose curves end together: 'median 4.13 bn', '5 %', '75 to 99 %'."""
    others = [language.percent(share, 0) for share in shares if share != 0.5]
    if len(others) > 1:
        others = [language.text("from_to", low=language.number(100 * shares[0]), high=language.percent(shares[-1], 0))]
    return "\n".join(([f"{language.text('median')} {median}"] if 0.5 in shares else []) + others)


def label_ends(axes: Axes, case: Case, ends: Sequence[float], unit: float, language: Language) -> None:
    """The names of the quantiles where their curves end, those that end together in one."""
    top = axes.get_ylim()[1]
    heights = [end / unit for end in ends]
    order = np.argsort(heights, kind="stable")
    groups = style.spread([heights[i] for i in order], LABEL_HEIGHT * top)
    median = language.money(ends[int(np.argmin(np.abs(case.probabilities - 0.5)))])
    for group in groups:
        members = sorted(int(order[i]) for i in group)
        shares = [float(case.probabilities[i]) for i in members]
        y = float(np.mean([heights[i] for i in members]))
        has_median = 0.5 in shares
        axes.annotate(label(shares, median, language), (case.n_days, y), (8, 0), textcoords="offset points", ha="left",
                      va="center", weight="bold" if has_median else "normal",
                      color=style.MONEY if has_median else style.SOFT, annotation_clip=False)


def draw_bands(axes: Axes, case: Case, curves: Sequence[np.ndarray], unit: float, name: str, language: Language,
               title: str) -> None:
    """Bands and median of one fiscal year; `curves` are the quantiles in the order of the file's probabilities."""
    days = np.arange(case.n_days + 1)

    def at(share: float) -> np.ndarray:
        return curves[int(np.argmin(np.abs(case.probabilities - share)))] / unit

    for (low, high), color in zip(BANDS, style.BANDS):
        axes.fill_between(days, at(low), at(high), color=color, linewidth=0)
    line, = axes.plot(days, at(0.5), color=style.MONEY, linewidth=2.4, clip_on=False)
    style.curve(axes, line, language.text("median"), name, case.start)
    axes.yaxis.set_major_locator(MaxNLocator(6) if any(curve.any() for curve in curves) else FixedLocator([0]))
    axes.grid(axis="y")
    style.plain_ticks(axes.yaxis, language)
    style.axis_title(axes, title)
    style.month_axis(axes, case, language)
    label_ends(axes, case, [float(curve[-1]) for curve in curves], unit, language)


def budget_name(case: Case, language: Language) -> str:
    """'budget 5.00 bn CNY', with what of it was carried in."""
    name = language.text("budget" if case.is_money_certain else "mean_budget",
                         money=language.money(case.at_hand, case.run.currency))
    if case.carried_in > 0:
        name = language.text("of_it_carried_in", budget=name, money=language.money(case.carried_in, case.run.currency))
    return name


def mark_budget(axes: Axes, case: Case, unit: float, language: Language) -> None:
    """The budget as a line, or an arrow where it lies far above the axis."""
    name = budget_name(case, language)
    if case.at_hand > axes.get_ylim()[1] * unit:
        axes.annotate(language.text("far_above", what=name), (0.02, 1), (0.02, 0.9), xycoords="axes fraction",
                      textcoords="axes fraction", ha="left", va="center", weight="bold",
                      arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.5, "relpos": (0, 0.5)})
        return
    axes.axhline(case.at_hand / unit, color=style.INK, linewidth=1.6, dashes=(5, 2.5), zorder=1.9)
    axes.annotate(name, (0, case.at_hand / unit), (6, 5), textcoords="offset points", ha="left", va="bottom",
                  weight="bold")


def reach(cases: Sequence[Case], series: Series, share: float = 0.99) -> float:
    """The money that the axis reaches to: the budget is on it unless it is far away."""
    largest = max(float(curve(case, series, share).max()) for case in cases)
    budget = max(case.at_hand for case in cases)
    largest = max(largest, budget) if budget <= 5 * largest else largest
    return 1.1 * largest if largest > 0 else 1.0


def draw_series(cases: Sequence[Case], series: Series, language: Language) -> Figure:
    """The figure of one programme: a fan for each fiscal year, all on the same axis of money."""
    frame = style.frame_of_years(cases, language, figure_finding(cases, series, language),
                                 [finding(case, series, language) for case in cases], language.text("note.fan"),
                                 HEIGHT + style.AXIS_TITLE)
    largest = reach(cases, series)
    unit, name = language.money_unit(largest, cases[0].run.currency)
    for i, case in enumerate(cases):
        axes = frame.axes(i, 0, 0, frame.rectangles[i][2], HEIGHT, ylim=(0, largest / unit))
        draw_bands(axes, case, [curve(case, series, p) for p in case.probabilities], unit, name, language,
                   language.text(f"axis.{series.key}", unit=name))
        mark_budget(axes, case, unit, language)
    return frame.figure


def compare_series(cases: Sequence[Case], series: Series, language: Language) -> Figure:
    """Scenarios side by side: the medians by day, and what the year ends with."""
    def curves(axes: Axes, of: comparison.Side) -> None:
        unit, name = language.money_unit(reach(of.cases, series, 0.5), of.reference.run.currency)
        axes.set_ylim(0, reach(of.cases, series, 0.5) / unit)
        axes.yaxis.set_major_locator(MaxNLocator(6))
        axes.grid(axis="y")
        style.plain_ticks(axes.yaxis, language)
        style.axis_title(axes, language.text(f"axis.{series.key}_median", unit=name))
        style.month_axis(axes, of.reference, language)
        comparison.draw_curves(axes, of, np.arange(of.reference.n_days + 1),
                               [curve(case, series, 0.5) / unit for case in of.cases], name)

    gross = language.text("note.gross") if series is COMMITMENT else ""
    return comparison.draw(cases, language, [(series.measure, series.measure)],
                           language.sentences([language.text("note.compared"), gross]), (COMPARED, curves))


def draw_commitment(cases: Sequence[Case], language: Language) -> Figure:
    return draw_series(cases, COMMITMENT, language)


def draw_outlay(cases: Sequence[Case], language: Language) -> Figure:
    return draw_series(cases, OUTLAY, language)


def compare_commitment(cases: Sequence[Case], language: Language) -> Figure:
    return compare_series(cases, COMMITMENT, language)


def compare_outlay(cases: Sequence[Case], language: Language) -> Figure:
    return compare_series(cases, OUTLAY, language)
