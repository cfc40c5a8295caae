"""How much demand finds no money, and whose?"""
from typing import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import classes, comparison, measures, style, words
from .language import Language
from .result import Case

CURVE = 2.7  # height of the curve, inches
ROW = 0.42  # of a class
N_POINTS = 401  # of the curve


def finding(case: Case, language: Language) -> str:
    """How much on average, and how often none."""
    unmet, demand = case.summary("unmet"), case.summary("demand")
    if unmet.mean == 0:
        return language.text("all_met", n=language.count(case.run.n_done, "replicate"))
    values = {"unmet": language.money(unmet.mean, case.run.currency),
              "share": language.percent(unmet.mean / demand.mean)}
    p_none = float((case.replicates("unmet") < 0.005).mean())
    if p_none == 0:
        return language.text("unmet_always", **values)
    return language.text("unmet_on_average", **values, p=language.probability(p_none))


def draw_curve(axes: Axes, case: Case, largest: float, language: Language) -> None:
    """The probability that more than so much remains unmet."""
    values = np.sort(case.replicates("unmet"))
    unit, name = language.money_unit(largest, case.run.currency)
    at = np.linspace(0, largest, N_POINTS)
    y = 1 - np.searchsorted(values, at + 0.005, side="right") / values.size
    x = at / unit
    axes.fill_between(x, 0, y, color=style.GONE_LIGHT, linewidth=0)
    line, = axes.plot(x, y, color=style.GONE, linewidth=2.2)
    style.curve(axes, line, language.text("axis.unmet_above"), name)
    axes.set_xlim(0, largest / unit)
    axes.set_ylim(0, next(top for top in (0.1, 0.3, 0.6, 1.0) if top >= min(y[0], 1.0)))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.grid(axis="y")
    style.plain_ticks(axes.yaxis, language)
    style.plain_ticks(axes.xaxis, language)
    style.axis_title(axes, language.text("axis.unmet_above"))
    axes.set_xlabel(language.text("axis.in_the_year", unit=name))
    mark(axes, case, unit, language)


def mark(axes: Axes, case: Case, unit: float, language: Language) -> None:
    """The mean with its error, and the sum that one year in twenty exceeds."""
    summary, currency = case.summary("unmet"), case.run.currency
    if summary.mean == 0:
        return
    values = case.replicates("unmet")
    mean = language.money_with_error(summary.mean, summary.mean_se, currency)
    high = summary.quantiles[0.95]
    for x, text in ((summary.mean, language.text("mean_of", what=mean)),
                    (high, language.text("one_in_twenty", money=language.money(high, currency)))):
        y = float(np.mean(values > x))
        axes.plot(x / unit, y, "o", color=style.GONE, markersize=7, markeredgecolor="white", clip_on=False, zorder=5)
        largest = axes.get_xlim()[1]
        if x / unit < 0.76 * largest:
            axes.annotate(text, (x / unit, y), (8, 6), textcoords="offset points", ha="left", va="bottom",
                          bbox=style.WHITE_BOX, annotation_clip=False)
            continue
        # Too near the edge: above the curve, which has fallen where the text begins.
        beginning = float(np.mean(values > 0.72 * largest * unit))
        axes.annotate(text, (x / unit, y), (largest, beginning + 0.08 * axes.get_ylim()[1]), textcoords="data", ha="right",
                      va="bottom", annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": style.GONE, "linewidth": 0.8, "relpos": (0.5, 0),
                                  "shrinkB": 5})


def draw_classes(axes: Axes, case: Case, language: Language) -> None:
    """The share of its demand that each class does not get."""
    ranked = sorted(range(len(case.classes)), key=lambda i: -share_unmet(case, i))
    for y, i in enumerate(ranked):
        share = share_unmet(case, i)
        axes.barh(y, 100, 0.55, color=style.FAINT)
        axes.barh(y, 100 * share, 0.55, color=style.GONE)
        unmet = case.summary("unmet", i)
        text = language.text("unmet_of_class", share=language.percent(share), money=language.money_with_error(
            unmet.mean, unmet.mean_se, case.run.currency))
        axes.annotate(text, (100, y), (8, 0), textcoords="offset points", va="center", ha="left", size=style.NOTE_SIZE,
                      annotation_clip=False)
    axes.set_xlim(0, 100)
    axes.set_ylim(len(ranked) - 0.4, -0.6)
    axes.set_yticks(range(len(ranked)))
    axes.set_yticklabels(["\n".join(words.wrap(classes.name_of(case, i, language), 18)) for i in ranked])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xticks([0, 25, 50, 75, 100])
    style.axis_title(axes, language.text("axis.unmet_by_class"), style.EDGE - classes.NAMES)


def share_unmet(case: Case, i_class: int) -> float:
    demand = case.summary("demand", i_class).mean
    return case.summary("unmet", i_class).mean / demand if demand > 0 else 0.0


def draw(cases: Sequence[Case], language: Language) -> Figure:
    """The figure of one programme: a curve and the classes for each fiscal year."""
    below = ROW * len(cases[0].classes)
    gap = style.AXIS_TITLE + 0.62
    title = finding(cases[0], language) if len(cases) == 1 else language.capital(language.text(
        "unmet_years", amounts=language.listed([language.text("in_year", what=language.money(
            case.summary("unmet").mean, case.run.currency), year=case.year) for case in cases[-4:]])))
    frame = style.frame_of_years(cases, language, title, [finding(case, language) for case in cases],
                                 language.text("note.unmet"), below + gap + CURVE + style.AXIS_TITLE)
    largest = max(float(case.replicates("unmet").max()) for case in cases) or max(case.at_hand for case in cases) or 1.0
    for i, case in enumerate(cases):
        width = frame.rectangles[i][2]
        draw_curve(frame.axes(i, 0, below + gap, width, CURVE), case, largest, language)
        left = classes.NAMES - style.LEFT
        draw_classes(frame.axes(i, left, 0, width - left - 0.35, below), case, language)
    return frame.figure


def compare(cases: Sequence[Case], language: Language) -> Figure:
    """Scenarios side by side: unmet demand, and how many are served."""
    return comparison.draw(cases, language, [(measures.UNMET, measures.UNMET), (measures.AWARDS, measures.AWARDS)],
                           language.text("note.compared"))
