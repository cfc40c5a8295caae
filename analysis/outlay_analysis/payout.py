"""How much is paid? The distribution of outlay against the budget, and against what was asked for."""
import math
from typing import Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import comparison, measures, style
from .language import Language
from .result import Case

HISTOGRAM, RANGES = 3.3, 1.1  # heights of the distribution and of the ranges below it, inches
N_BINS = 40  # about


def finding(case: Case, language: Language) -> str:
    """How much of the money is paid on average; where that is always all of it, how much was asked for."""
    if case.at_hand == 0:
        return language.text("no_money")
    paid, at_hand = case.summary("outlay").mean, amount(case.at_hand, case, language)
    if (case.replicates("outlay") > case.money - 0.005).all():
        return language.text("all_paid", money=at_hand, demand=amount(case.summary("demand").mean, case, language))
    return language.text("paid_on_average", paid=amount(paid, case, language), money=at_hand,
                         share=language.percent(paid / case.at_hand))


def amount(value: float, case: Case, language: Language) -> str:
    """Money in the case's currency."""
    return language.money(value, case.run.currency)


def exhausted_name(case: Case, language: Language) -> str:
    """The name of the exhausted replicates, with what they pay where that is not always the budget."""
    paid = case.replicates("outlay")[case.is_exhausted]
    if paid.size == 0 or np.abs(paid - case.budget).max() < 0.01:
        return language.text("exhausted")
    return language.text("exhausted_paying", paid=language.money(float(paid.mean())))


def figure_finding(cases: Sequence[Case], language: Language) -> str:
    """The figure's title."""
    if len(cases) == 1:
        return finding(cases[0], language)
    ordered = list(cases)
    if len(cases) > 4:
        ordered = sorted(cases, key=lambda case: case.summary("outlay").mean)[::len(cases) - 1]
    texts = [language.text("in_year", what=amount(case.summary("outlay").mean, case, language), year=case.year)
             for case in ordered]
    return language.text("paid_years", amounts=language.listed(texts)) if len(cases) <= 4 else language.text(
        "paid_range", low=texts[0], high=texts[-1])


def nice(width: float) -> float:
    """The least of 1, 2, 2.5, 5, 10 ... times a power of ten that is at least so much."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= 0.999999 * width)


def limits(case: Case) -> Tuple[float, float]:
    """The money that the axis reaches to, and the width of a bin. The budget is on the axis unless it is far away."""
    outlay, demand = case.replicates("outlay"), case.replicates("demand")
    paid, asked = float(outlay.max()), float(np.quantile(demand, 0.995))
    largest = max(paid, asked)
    if case.budget <= 5 * largest:
        largest = max(largest, case.budget)
    largest = 1.03 * largest if largest > 0 else 1.0
    below = np.concatenate([outlay, demand])
    scale = np.quantile(below, 0.995) - np.quantile(below, 0.005)
    return largest, nice(max(scale / N_BINS, largest / 150))


def draw_histogram(axes: Axes, case: Case, largest: float, step: float, language: Language) -> None:
    """What is paid where the budget is not exhausted, as bars; demand, of all replicates, as an outline.

    The exhausted replicates pay nearly all the same: as a bar they would squash the others, so they stand beside.
    """
    unit, _ = language.money_unit(largest, case.run.currency)
    # Bins end at the budget, so that none lies on both sides of it.
    low = case.budget % step - step if case.budget < largest else 0.0
    edges = low + step * np.arange(math.ceil((largest - low) / step) + 1)
    # A sum on an edge belongs to the bin below it, except for nothing.
    paid, _ = np.histogram(np.maximum(case.replicates("outlay")[~case.is_exhausted] - 0.005, 0), bins=edges)
    asked, _ = np.histogram(np.maximum(case.replicates("demand") - 0.005, 0), bins=edges)
    bars = axes.bar(edges[:-1] / unit, paid / case.run.n_done, step / unit, align="edge", color=style.MONEY_LIGHT,
                    edgecolor="white", linewidth=0.6, label=language.text("paid_where_not_exhausted"))
    outline = axes.stairs(asked / case.run.n_done, edges / unit, color=style.INK, linewidth=1.3,
                          label=language.text("demand"))
    axes.set_ylim(0, 1.12 * max(paid.max(), asked.max(), 1) / case.run.n_done)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(axis="y")
    style.plain_ticks(axes.yaxis, language)
    style.axis_title(axes, language.text("axis.share_in_each", step=amount(step, case, language)))
    axes.tick_params(labelbottom=False)
    axes.legend(handles=[bars, outline] if paid.any() else [outline], loc="lower right", bbox_to_anchor=(1, 1), ncol=2,
                frameon=False, borderaxespad=0.75, handlelength=1.4, borderpad=0, columnspacing=2.0)


def draw_ranges(axes: Axes, case: Case, unit: float, language: Language) -> None:
    """Mean and 5 to 95 % of what is paid and of what is asked for, each on its line."""
    for y, color, summary in ((1, style.MONEY, case.summary("outlay")), (0, style.INK, case.summary("demand"))):
        low, mean, high = summary.quantiles[0.05], summary.mean, summary.quantiles[0.95]
        axes.plot([low / unit, high / unit], [y, y], color=color, linewidth=2.2, clip_on=False)
        axes.plot(mean / unit, y, "o", color=color, markersize=8, markeredgecolor="white", clip_on=False)
        text = language.money_with_error(mean, summary.mean_se, case.run.currency)
        axes.annotate(language.text("mean_of", what=text), (mean / unit, y), (0, 7), va="bottom",
                      textcoords="offset points", ha=side(axes, mean / unit), annotation_clip=False, color=color,
                      bbox=style.WHITE_BOX)
        if low < high:
            for x, shift, ha in ((low, -7, "right"), (high, 7, "left")):
                axes.annotate(language.money(x), (x / unit, y), (shift, 0), textcoords="offset points", ha=ha,
                              va="center", annotation_clip=False, color=color, bbox=style.WHITE_BOX)
    axes.set_ylim(-0.45, 1.75)
    axes.set_yticks([1, 0])
    axes.set_yticklabels([language.text("paid"), language.text("demand")])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def side(axes: Axes, x: float) -> str:
    """On which side of its point a label stays inside the panel."""
    share = x / axes.get_xlim()[1]
    return "left" if share < 0.12 else "right" if share > 0.95 else "center"


def mark_budget(histogram: Axes, ranges: Axes, case: Case, unit: float, largest: float, language: Language) -> None:
    """The budget: a line through both panels, or an arrow where it lies far beyond the axis."""
    name = language.text("budget" if case.is_budget_certain else "mean_budget",
                         money=amount(case.budget, case, language))
    if case.budget > largest:
        histogram.annotate(language.text("far_beyond", what=name), (1, 0.95), (0.965, 0.95), xycoords="axes fraction",
                           textcoords="axes fraction", ha="right", va="center", weight="bold",
                           arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.5})
        return
    for axes in (histogram, ranges):
        axes.axvline(case.budget / unit, color=style.INK, linewidth=1.6, dashes=(5, 2.5), clip_on=False)
    is_right = case.budget > 0.5 * largest
    histogram.annotate(name, (case.budget / unit, 0.99), (-7 if is_right else 7, 0), weight="bold",
                       xycoords=("data", "axes fraction"), textcoords="offset points",
                       ha="right" if is_right else "left", va="top", bbox=style.WHITE_BOX)


def draw(cases: Sequence[Case], language: Language) -> Figure:
    """The figure of one programme: a panel for each fiscal year, all on the same axis of money."""
    frame = style.frame_of_years(cases, language, figure_finding(cases, language),
                                 [finding(case, language) for case in cases], language.text("note.payout"),
                                 RANGES + HISTOGRAM + style.AXIS_TITLE)
    reaches = [limits(case) for case in cases]
    largest, step = max(reach for reach, _ in reaches), max(step for _, step in reaches)
    unit, name = language.money_unit(largest, cases[0].run.currency)
    for i, case in enumerate(cases):
        width = frame.rectangles[i][2]
        histogram = frame.axes(i, 0, RANGES, width, HISTOGRAM, xlim=(0, largest / unit))
        ranges = frame.axes(i, 0, 0, width, RANGES, xlim=(0, largest / unit))
        draw_histogram(histogram, case, largest, step, language)
        mark_budget(histogram, ranges, case, unit, largest, language)
        draw_ranges(ranges, case, unit, language)
        style.plain_ticks(ranges.xaxis, language)
        ranges.set_xlabel(language.text("axis.in_the_year", unit=name))
        style.share_bar(frame.axes(i, width + 0.12, RANGES, 0.16, HISTOGRAM), case.p_exhausted,
                        exhausted_name(case, language), language.text("not_exhausted"), language)
    return frame.figure


def compare(cases: Sequence[Case], language: Language) -> Figure:
    """Scenarios side by side: what each pays, and how much more than the first."""
    return comparison.draw(cases, language, [(measures.OUTLAY, measures.OUTLAY)], language.text("note.compared"))
