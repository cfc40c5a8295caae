"""What is unknown, and what is luck? The variance between draws and within them."""
from typing import NamedTuple, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import comparison, estimate, style, words
from .estimate import Split
from .language import Language
from .measures import AWARDS, COMMITTED, DEMAND, EXHAUSTED, MONEY, OUTLAY, UNMET, Measure
from .result import Case

ROW = 0.5  # height of a row, inches
NAMES = 2.3  # width of the rows' names
SHOWN = (DEMAND, COMMITTED, OUTLAY, UNMET, AWARDS, EXHAUSTED)


class Row(NamedTuple):
    """A number and its variance in two parts."""

    name: str
    split: Split
    words: str  # the standard deviation


def split_of(measure: Measure, case: Case) -> Split:
    """The two parts of a measure's variance; NaN where there is none, or they cannot be told apart."""
    found = estimate.split(np.asarray(measure.values(case), float), case.run)
    return found if found.total > 0 else Split(np.nan, np.nan)


def sd_words(measure: Measure, variance: float, case: Case, language: Language) -> str:
    """The standard deviation, in the measure's unit."""
    sd = float(np.sqrt(variance))
    if measure.unit == MONEY:
        return language.money(sd, case.run.currency)
    return "" if measure is EXHAUSTED else measure.words(sd, case, language)


def rows_of(case: Case, language: Language) -> list:
    found = []
    for measure in SHOWN:
        split = split_of(measure, case)
        if np.isfinite(split.total):
            found.append(Row(language.text(f"measure.{measure.key}"), split,
                             sd_words(measure, split.total, case, language)))
    return found


def finding(case: Case, language: Language) -> str:
    """Of the sum paid; of demand where what is paid does not vary."""
    if case.run.n_done <= case.run.n_replicates:
        return language.text("one_draw")
    if case.run.n_replicates == 1:
        return language.text("one_replicate_a_draw")
    for measure in (OUTLAY, DEMAND):
        split = split_of(measure, case)
        if np.isfinite(split.total):
            unknown = split.between / split.total
            return language.text(f"unknown_and_luck.{measure.key}", unknown=language.percent(unknown),
                                 luck=language.percent(1 - unknown))
    return language.text("nothing_varies")


def draw_split(axes: Axes, rows: Sequence[Row], language: Language, bar: float = 0.55,
               least: float = 12) -> None:
    """Bars from 0 to 100 %: what is unknown from the left, luck from the right; parts of at least so much have names."""
    for y, row in enumerate(rows):
        if not np.isfinite(row.split.total):
            axes.annotate(row.words, (50, y), ha="center", va="center", size=style.NOTE_SIZE, color=style.SOFT)
            continue
        unknown = 100 * row.split.between / row.split.total
        axes.barh(y, unknown, bar, color=style.UNKNOWN)
        axes.barh(y, 100 - unknown, bar, left=unknown, color=style.LUCK)
        for share, x, ha, color in ((unknown, 1.5, "left", "white"), (100 - unknown, 98.5, "right", style.INK)):
            if share >= least:
                axes.annotate(language.percent(share / 100), (x, y), ha=ha, va="center", color=color,
                              size=style.NOTE_SIZE)
        if row.words:
            axes.annotate(row.words, (100, y), (8, 0), textcoords="offset points", ha="left", va="center",
                          size=style.NOTE_SIZE, annotation_clip=False)
    axes.set_xlim(0, 100)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xticklabels([language.percent(x / 100, 0) for x in (0, 25, 50, 75, 100)])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def draw_heads(axes: Axes, language: Language, sd: bool = True) -> None:
    """Which colour is what, above the bars."""
    for x, ha, key, color in ((0, "left", "unknown", style.UNKNOWN), (1, "right", "luck", "#8A6400")):
        axes.annotate(language.text(key), (x, 1), (0, 9), xycoords="axes fraction", textcoords="offset points", ha=ha,
                      va="bottom", color=color, weight="bold", annotation_clip=False)
    if sd:
        axes.annotate(language.text("standard_deviation"), (1, 1), (8, 9), xycoords="axes fraction",
                      textcoords="offset points", ha="left", va="bottom", size=style.NOTE_SIZE, color=style.SOFT,
                      annotation_clip=False)


def draw(cases: Sequence[Case], language: Language) -> Figure:
    """The figure of one programme: a panel for each fiscal year."""
    all_rows = [rows_of(case, language) for case in cases]
    height = ROW * max(max(map(len, all_rows)), 2)
    title = finding(cases[-1], language)
    if len(cases) > 1:
        title = language.text("named", name=style.fiscal_year(cases[-1], language), what=title)
    frame = style.frame_of_years(cases, language, language.capital(title), [finding(case, language) for case in cases],
                                 language.text("note.variance"), height + style.AXIS_TITLE)
    for i, rows in enumerate(all_rows):
        axes = frame.axes(i, NAMES - style.LEFT, height - ROW * max(len(rows), 2), style.WIDTH - NAMES - 1.85,
                          ROW * max(len(rows), 2))
        if not rows:
            axes.axis("off")
            axes.annotate(finding(cases[i], language), (0.5, 0.5), xycoords="axes fraction", ha="center", va="center",
                          color=style.SOFT)
            continue
        draw_split(axes, rows, language)
        axes.set_yticks(range(len(rows)))
        axes.set_yticklabels(["\n".join(words.wrap(row.name, 26)) for row in rows])
        draw_heads(axes, language)
    return frame.figure


# ---- several -----------------------------------------------------------------------------------------------------------

def compare(cases: Sequence[Case], language: Language) -> Figure:
    """Scenarios side by side: the split of what each pays, and of its difference from the first."""
    of = comparison.side(cases, language)
    levels, differences = [], []
    for case in of.cases:
        split = split_of(OUTLAY, case)
        levels.append(Row("", split, sd_words(OUTLAY, split.total, case, language) if np.isfinite(split.total) else
                          language.text("no_split")))
        is_paired = estimate.pairing(case, of.reference) != estimate.INDEPENDENT
        split = estimate.split(OUTLAY.values(case) - OUTLAY.values(of.reference), case.run) if is_paired else Split(
            np.nan, np.nan)
        has_spread = np.isfinite(split.total) and split.total > 0
        differences.append(Row("", split if has_spread else Split(np.nan, np.nan),
                               sd_words(OUTLAY, split.total, case, language) if has_spread else
                               language.text("reference" if case is of.reference else
                                             "no_split" if is_paired else "not_paired")))
    title = figure_finding(of, levels, differences, language)
    frame = comparison.framed(of, language, title, [style.Panel(comparison.rows_height(len(cases)) + 0.25)],
                              language.text("note.variance_compared"))
    colors = comparison.colors_of(len(cases))
    comparison.draw_names(frame, 0, of.labels, colors)
    left, width = style.EDGE + comparison.LABELS + 0.1, 2.35
    for k, (rows, key) in enumerate(((levels, "variance_of_level"), (differences, "variance_of_difference"))):
        axes = comparison.rows_axes(frame, 0, left + k * (width + 1.35), width, len(cases))
        axes.grid(False)
        draw_split(axes, rows, language, 0.5, least=22)
        axes.set_xticks([0, 50, 100])
        axes.set_xticklabels([language.percent(x / 100, 0) for x in (0, 50, 100)])
        draw_heads(axes, language, sd=False)
        axes.annotate(language.text(key), (0, 1), (0, 27), xycoords="axes fraction", textcoords="offset points",
                      ha="left", va="bottom", annotation_clip=False)
    return frame.figure


def figure_finding(of: comparison.Side, levels: Sequence[Row], differences: Sequence[Row], language: Language) -> str:
    """How much more surely the difference is known than the level: for the one whose difference varies most."""
    pairs = [(row.split.total, level, row, label)
             for level, row, label in zip(levels[1:], differences[1:], of.labels[1:]) if np.isfinite(row.split.total)]
    if not pairs:
        return language.text("no_difference_varies")
    _, level, row, label = max(pairs, key=lambda pair: pair[0])
    if not np.isfinite(level.split.total):
        return language.text("constant_level", label=label, reference=of.labels[0], difference=row.words)
    return language.text("sd_of_difference", label=label, level=level.words, difference=row.words,
                         reference=of.labels[0])
