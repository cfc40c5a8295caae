"""Scenarios side by side: one row each, with its level at the left and its difference from the first at the right.

Runs with the same seed meet the same applicants, so the difference is taken replicate by replicate; its interval is
far narrower than those of the two levels. Every kind of figure uses this for several results; those that follow the
days have the curves above it.
"""
from typing import Callable, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import estimate, style, words
from .estimate import Estimate
from .language import Language
from .measures import MONEY, SHARE, Measure
from .result import Case, Run

LABELS = 2.35  # width of the scenarios' names, inches
LEVEL, DIFFERENCE = 3.3, 3.3  # widths of the two panels
BETWEEN = 0.45
ROW = 0.56  # height of a row
AXIS = 0.42  # below the rows, for ticks and the axis's name
LINE = 0.165  # height of a line of a small label


class NotComparable(Exception):
    """The results cannot stand in one figure; the text says why."""


def check(cases: Sequence[Case], language: Language) -> None:
    """NotComparable where currencies or fiscal years differ."""
    first = cases[0]
    for case in cases[1:]:
        if case.run.currency != first.run.currency:
            raise NotComparable(language.text("other_currency", a=first.run.currency, b=case.run.currency))
        if (case.start, case.n_days) != (first.start, first.n_days):
            raise NotComparable(language.text("other_year", a=first.year, b=case.year))


class Side(NamedTuple):
    """The scenarios of a comparison, the first of them its reference."""

    cases: Sequence[Case]
    labels: List[str]
    title: str  # what the scenarios' titles have in common

    @property
    def reference(self) -> Case:
        return self.cases[0]


def labels_for(runs: Sequence[Run]) -> Tuple[str, List[str]]:
    """What the titles have in common, and what is left of each; the files' names where titles are equal."""
    titles = [run.title for run in runs]
    if len(set(titles)) < len(titles):
        return titles[0] if len(set(titles)) == 1 else "", [run.stem for run in runs]
    return words.distinct(titles)


def side(cases: Sequence[Case], language: Language) -> Side:
    """Name the scenarios."""
    check(cases, language)
    title, labels = labels_for([case.run for case in cases])
    return Side(cases, labels, title)


def finding(of: Side, measure: Measure, language: Language) -> str:
    """The largest difference that stands out from chance, in words."""
    differences = [measure.difference(case, of.reference) for case in of.cases[1:]]
    what = language.text(f"measure.{measure.key}")
    clear = [i for i, difference in enumerate(differences) if difference.stands_out]
    if not clear:
        return language.capital(language.text("no_difference", what=what))
    i = max(clear, key=lambda k: abs(differences[k].mean))
    positive = Estimate(abs(differences[i].mean), differences[i].se)
    # Shares differ by points, not by per cent.
    amount = measure.words_with_error(positive, of.cases[0], language, unit=language.text("points"))
    return language.capital(language.text("more" if differences[i].mean > 0 else "less", what=what,
                                          label=of.labels[i + 1], amount=amount, reference=of.labels[0]))


def pairing_note(of: Side, language: Language) -> Tuple[str, str]:
    """How the replicates belong together: an explanation, and a warning where they do not."""
    kinds = {label: estimate.pairing(case, of.reference) for label, case in zip(of.labels[1:], of.cases[1:])}
    apart = [label for label, kind in kinds.items() if kind == estimate.INDEPENDENT]
    shared = [label for label, kind in kinds.items() if kind == estimate.SHARED]
    warning = language.text("independent", labels=language.listed(apart)) if apart else ""
    explanation = language.text("paired") if len(apart) < len(kinds) else ""
    if shared:
        explanation = language.sentences([explanation, language.text("shared", labels=language.listed(shared))])
    return explanation, warning


def notes(of: Side, explanation: str, language: Language) -> Tuple[List[str], str]:
    """The foot of a comparison, and its warning."""
    paired, warning = pairing_note(of, language)
    runs = [case.run for case in of.cases]
    warning = language.sentences([warning, style.incomplete(runs, language)])
    last = style.simulated(runs[0], language)
    if len({style.simulated(run, language) for run in runs}) > 1:
        last = language.text("each_of_its_own")
    return [explanation, paired, last], warning


# ---- rows --------------------------------------------------------------------------------------------------------------

def rows_height(n_rows: int) -> float:
    """Of the rows with the axes' names above and below."""
    return style.AXIS_TITLE + n_rows * ROW + AXIS


def mark(axes: Axes, y: float, value: Estimate, spread: Optional[Tuple[float, float]], text: str, color: str) -> None:
    """A mean with its interval (thick) and the range of the replicates (thin); its words stand above it."""
    if spread is not None:
        axes.plot(spread, [y, y], color=color, linewidth=1.4, clip_on=False)
    if value.se > 0:
        half = value.half_width
        axes.plot([value.mean - half, value.mean + half], [y, y], color=color, linewidth=5, alpha=0.45, clip_on=False)
    axes.plot(value.mean, y, "o", color=color, markersize=7, markeredgecolor="white", clip_on=False, zorder=4)
    low, high = axes.get_xlim()
    share = (value.mean - low) / (high - low)
    ha, shift = ("left", -4) if share < 0.2 else ("right", 4) if share > 0.8 else ("center", 0)
    axes.annotate(text, (value.mean, y), (shift, 6), textcoords="offset points", ha=ha, va="bottom", size=style.NOTE_SIZE,
                  color=color, annotation_clip=False, bbox={**style.WHITE_BOX, "boxstyle": "square,pad=0"})


def rows_axes(frame: style.Frame, i_panel: int, left: float, width: float, n_rows: int) -> Axes:
    """Axes of rows, the first at the top, with light lines between them."""
    axes = frame.axes(i_panel, left - style.LEFT, AXIS, width, n_rows * ROW, ylim=(n_rows - 0.5, -0.5))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.grid(axis="x")
    return axes


def widened(values: Sequence[float], has_zero: bool) -> Tuple[float, float]:
    """Limits of an axis that holds these values."""
    finite = [value for value in values if np.isfinite(value)] + ([0.0] if has_zero else [])
    low, high = min(finite), max(finite)
    room = 0.06 * (high - low) if high > low else max(abs(high), 1.0)
    return (low if has_zero and low == 0 else low - room), high + room


def scale(measure: Measure, values: Sequence[float], case: Case, language: Language) -> Tuple[float, str]:
    """The unit of the axis: what a value is divided by, and its name."""
    if measure.unit == MONEY:
        return language.money_unit(max(abs(value) for value in values if np.isfinite(value)), case.run.currency)
    if measure.unit == SHARE:
        return 0.01, "%"
    return 1.0, ""


def draw_names(frame: style.Frame, i_panel: int, labels: Sequence[str], colors: Sequence[str]) -> None:
    """The scenarios' names at the left of their rows."""
    axes = frame.axes(i_panel, style.EDGE - style.LEFT, AXIS, LABELS, len(labels) * ROW,
                      xlim=(0, 1), ylim=(len(labels) - 0.5, -0.5))
    axes.axis("off")
    for i, (label, color) in enumerate(zip(labels, colors)):
        lines = words.wrap(label, 29)
        axes.text(0, i, "\n".join(lines[:3]), ha="left", va="center", color=color, linespacing=1.15,
                  size=style.NOTE_SIZE if len(lines) > 1 else style.TEXT_SIZE, weight="bold" if i == 0 else "normal")


def draw_levels(axes: Axes, of: Side, measure: Measure, colors: Sequence[str], language: Language) -> None:
    """Each scenario's mean, with the range of its replicates."""
    means = [measure.mean(case) for case in of.cases]
    spreads = [None if measure.key == "exhausted" else measure.range(case) for case in of.cases]
    reach = [mean.mean for mean in means] + [x for spread in spreads if spread for x in spread]
    unit, name = scale(measure, reach, of.reference, language)
    has_zero = min(reach) < 0.4 * max(reach)
    axes.set_xlim(*((0, 100) if measure.key == "exhausted" else widened([x / unit for x in reach], has_zero)))
    for i, (case, mean, spread) in enumerate(zip(of.cases, means, spreads)):
        mark(axes, i, Estimate(mean.mean / unit, mean.se / unit), tuple(x / unit for x in spread) if spread else None,
             measure.words_with_error(mean, case, language), colors[i])
    finish(axes, language.text(f"measure.{measure.key}"), name, language)


def draw_differences(axes: Axes, of: Side, measure: Measure, colors: Sequence[str], language: Language) -> None:
    """Each scenario's difference from the first."""
    found = [measure.difference(case, of.reference) for case in of.cases[1:]]
    ends = [end for x in found for end in ((x.mean - x.half_width, x.mean + x.half_width) if x.se > 0 else (x.mean,))]
    unit, name = scale(measure, ends, of.reference, language)
    if not any(ends):
        unit, name = 1.0, ""
    low, high = widened([x / unit for x in ends], True)
    axes.set_xlim(low if low < 0 else -0.04 * high, high if high > 0 else -0.04 * low)
    axes.axvline(0, color=style.INK, linewidth=1.2)
    axes.annotate(language.text("reference"), (0, 0), (6 if low > -high else -6, 0), textcoords="offset points",
                  ha="left" if low > -high else "right", va="center", color=style.SOFT, size=style.NOTE_SIZE)
    for i, difference in enumerate(found, 1):
        text = measure.words_with_error(difference, of.cases[i], language, sign=True, unit="")
        mark(axes, i, Estimate(difference.mean / unit, difference.se / unit), None, text, colors[i])
    if measure.unit == SHARE:
        name = language.text("points")
    finish(axes, language.text("difference", what=language.text(f"measure.{measure.key}")), name, language)


def finish(axes: Axes, title: str, unit: str, language: Language) -> None:
    """The names of a panel of rows and of its axis."""
    title = title if not unit else language.text("in_unit", what=title, unit=unit)
    lines = words.wrap(title, 41)
    style.axis_title(axes, "\n".join(lines), 0.0)
    style.plain_ticks(axes.xaxis, language)


def draw_rows(frame: style.Frame, i_panel: int, of: Side, level: Measure, difference: Measure,
              language: Language) -> None:
    """Names, levels and differences."""
    colors = colors_of(len(of.cases))
    draw_names(frame, i_panel, of.labels, colors)
    left = style.EDGE + LABELS + 0.1
    draw_levels(rows_axes(frame, i_panel, left, LEVEL, len(of.cases)), of, level, colors, language)
    draw_differences(rows_axes(frame, i_panel, left + LEVEL + BETWEEN, DIFFERENCE, len(of.cases)), of, difference,
                     colors, language)


# ---- curves ------------------------------------------------------------------------------------------------------------

def colors_of(n: int) -> List[str]:
    """A colour for each scenario, the reference in ink."""
    others = style.SERIES[1:]
    return [style.SERIES[0]] + [others[i % len(others)] for i in range(n - 1)]


def draw_curves(axes: Axes, of: Side, x: np.ndarray, ys: Sequence[np.ndarray], unit: str) -> None:
    """A curve for each scenario, its name at its end; names are moved apart, and tied to their ends by thin lines."""
    colors = colors_of(len(ys))
    for i, y in enumerate(ys):
        line, = axes.plot(x, y, color=colors[i], linewidth=2.4 if i == 0 else 1.9, clip_on=False,
                          linestyle=style.DASHES[(i // (len(style.SERIES) - 1)) % len(style.DASHES)] if i else "-",
                          zorder=3 if i == 0 else 2.5)
        style.curve(axes, line, of.labels[i], unit, of.cases[i].start)
    label_ends(axes, [float(y[-1]) for y in ys], of.labels, colors)


def label_ends(axes: Axes, ends: Sequence[float], labels: Sequence[str], colors: Sequence[str]) -> None:
    """Names in the right margin."""
    low, high = axes.get_ylim()
    per_inch = (high - low) / (axes.get_position().height * axes.figure.get_size_inches()[1])
    texts = ["\n".join(words.wrap(label, 22)[:3]) for label in labels]
    heights = [per_inch * (LINE * (text.count("\n") + 1) + 0.05) for text in texts]
    places = style.apart(ends, heights, low - 0.1 * per_inch, high + 0.35 * per_inch)
    right = axes.get_xlim()[1]
    for end, place, text, color in zip(ends, places, texts, colors):
        axes.annotate(text, (right, end), (1.03, (place - low) / (high - low)), xycoords="data",
                      textcoords="axes fraction", ha="left", va="center", size=style.NOTE_SIZE, color=color,
                      linespacing=1.1, annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": color, "linewidth": 0.7, "shrinkA": 2, "shrinkB": 1,
                                  "relpos": (0, 0.5)})


def framed(of: Side, language: Language, title: str, panels: Sequence[style.Panel], explanation: str) -> style.Frame:
    """The frame of a comparison."""
    foot, warning = notes(of, explanation, language)
    return style.frame(title, style.subtitle(of.cases[:1], language, of.title), panels, foot, warning, bottom=0.3)


def draw(cases: Sequence[Case], language: Language, measures: Sequence[Tuple[Measure, Measure]], explanation: str,
         curves: Optional[Tuple[float, Callable[[Axes, Side], None]]] = None) -> Figure:
    """The figure of a comparison: for each pair of measures rows of the first's level and the second's difference,
    above them the curves (height, function). The title is what the first pair finds."""
    of = side(cases, language)
    panels = [style.Panel(curves[0] + style.AXIS_TITLE)] if curves else []
    panels.extend(style.Panel(rows_height(len(cases))) for _ in measures)
    frame = framed(of, language, finding(of, measures[0][1], language), panels, explanation)
    if curves:
        curves[1](frame.axes(0, 0, 0, frame.rectangles[0][2], curves[0]), of)
    for i, (level, difference) in enumerate(measures, 1 if curves else 0):
        draw_rows(frame, i, of, level, difference, language)
    return frame.figure
