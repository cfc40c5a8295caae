"""Are there enough replicates? The estimates as these became more."""
import math
from typing import Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from . import comparison, estimate, style
from .language import Language
from .measures import EXHAUSTED, MONEY, OUTLAY, Measure
from .result import Case, Run

HEIGHT, COMPARED = 2.1, 3.3
N_POINTS = 60


def counts(run: Run) -> np.ndarray:
    """Numbers of replicates at which the estimate is taken: whole draws, evenly on a logarithmic axis, all at last."""
    step = run.n_replicates if run.n_done > run.n_replicates else 1
    least = min(max(16 * step, 16), run.n_done)
    raw = np.geomspace(least, run.n_done, N_POINTS)
    return np.unique(np.append(np.maximum(np.round(raw / step) * step, 1).astype(int), run.n_done).clip(1, run.n_done))


def running(values: np.ndarray, run: Run) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number of replicates, mean and half-width of the 95 % interval of the first so many."""
    n = counts(run)
    found = [estimate.mean(values[:k], run) for k in n]
    return n, np.array([x.mean for x in found]), np.array([x.half_width if x.se >= 0 else np.nan for x in found])


def log_axis(axes: Axes, n: np.ndarray, language: Language) -> None:
    """Replicates on a logarithmic axis."""
    if n[0] < n[-1]:
        axes.set_xscale("log")
        axes.set_xlim(n[0], n[-1])
        ticks = [m * 10 ** k for k in range(9) for m in (1, 2, 5) if n[0] <= m * 10 ** k <= n[-1]]
        while len(ticks) > 7:
            ticks = ticks[::2]
        axes.xaxis.set_major_locator(FixedLocator(ticks))
    else:
        axes.set_xlim(n[0] - 0.5, n[0] + 0.5)
        axes.xaxis.set_major_locator(FixedLocator([n[0]]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda x, _: language.number(x))


def draw_running(axes: Axes, case: Case, measure: Measure, language: Language) -> None:
    """The estimate with its interval; the last one is drawn through."""
    n, mean, half = running(np.asarray(measure.values(case), float), case.run)
    last = estimate.Estimate(float(mean[-1]), float(half[-1]) / estimate.NORMAL)
    top = float(np.nanmax(np.where(np.isnan(half), mean, mean + half)))
    unit, name = language.money_unit(top, case.run.currency) if measure.unit == MONEY else (1.0, "")
    low, high = (0.0, 1.0) if measure is EXHAUSTED else (-np.inf, np.inf)
    axes.fill_between(n, (mean - half).clip(low, high) / unit, (mean + half).clip(low, high) / unit,
                      color=style.BANDS[1], linewidth=0)
    axes.axhline(mean[-1] / unit, color=style.INK, linewidth=1.0, dashes=(5, 2.5))
    line, = axes.plot(n, mean / unit, color=style.MONEY, linewidth=2.2, clip_on=False)
    label = language.text(f"measure.{measure.key}")
    style.curve(axes, line, label, name or "1")
    log_axis(axes, n, language)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(axis="y")
    style.plain_ticks(axes.yaxis, language)
    style.axis_title(axes, language.capital(language.text("in_unit", what=label, unit=name) if name else label))
    text = (language.money_with_error(last.mean, last.se, "") if measure.unit == MONEY else
            language.probability(last.mean, last.se))
    axes.annotate(text, (1, mean[-1] / unit), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                  ha="left", va="center", color=style.MONEY, weight="bold", annotation_clip=False)


def finding(case: Case, language: Language) -> str:
    """How well the probability of exhaustion is known; the mean paid where it is 0 or 1."""
    n = language.count(case.run.n_done, "replicate")
    p, paid = EXHAUSTED.mean(case), OUTLAY.mean(case)
    if 0 < p.mean < 1 and p.se > 0:
        digits = max(2, 1 - math.floor(math.log10(p.half_width)))
        return language.text("p_known", n=n, half=language.number(p.half_width, min(digits, 5)))
    if paid.se > 0:
        return language.text("paid_known", n=n, half=language.money(paid.half_width, case.run.currency))
    return language.text("no_error_known" if case.run.n_done == 1 else "nothing_varies_in", n=n)


def draw(cases: Sequence[Case], language: Language) -> Figure:
    """The figure of one programme: two panels for each fiscal year."""
    gap = style.AXIS_TITLE + 0.42
    frame = style.frame_of_years(cases, language, finding(cases[-1], language), [finding(case, language) for case in cases],
                                 language.text("note.convergence"), 2 * HEIGHT + gap + style.AXIS_TITLE)
    for i, case in enumerate(cases):
        width = frame.rectangles[i][2]
        draw_running(frame.axes(i, 0, HEIGHT + gap, width, HEIGHT), case, EXHAUSTED, language)
        axes = frame.axes(i, 0, 0, width, HEIGHT)
        draw_running(axes, case, OUTLAY, language)
        axes.set_xlabel(language.text("axis.replicates"))
    return frame.figure


def compare(cases: Sequence[Case], language: Language) -> Figure:
    """Scenarios side by side: the paired difference in what is paid, as replicates became more."""
    def curves(axes: Axes, of: comparison.Side) -> None:
        currency, colors = of.reference.run.currency, comparison.colors_of(len(of.cases))
        found = [(i, running(np.asarray(OUTLAY.values(case) - OUTLAY.values(of.reference), float), case.run))
                 for i, case in enumerate(of.cases)
                 if i and estimate.pairing(case, of.reference) != estimate.INDEPENDENT]
        style.axis_title(axes, language.text("axis.not_paired"))
        axes.grid(axis="y")
        if not found:
            axes.axis("off")
            return
        ends = np.concatenate([np.concatenate([mean, mean - half, mean + half]) for _, (_, mean, half) in found])
        unit, name = language.money_unit(float(np.nanmax(np.abs(ends))), currency)
        low, high = comparison.widened([x / unit for x in ends], True)
        axes.set_ylim(min(low, -0.02 * high), max(high, -0.02 * low))
        axes.axhline(0, color=style.INK, linewidth=1.2)
        for i, (n, mean, half) in found:
            axes.fill_between(n, (mean - half) / unit, (mean + half) / unit, color=colors[i], alpha=0.18, linewidth=0)
            line, = axes.plot(n, mean / unit, color=colors[i], linewidth=1.9, clip_on=False)
            style.curve(axes, line, of.labels[i], name)
        log_axis(axes, found[0][1][0], language)
        axes.yaxis.set_major_locator(MaxNLocator(5))
        style.plain_ticks(axes.yaxis, language)
        axes.texts[0].set_text(language.text("axis.difference_paid", reference=of.labels[0], unit=name))
        axes.set_xlabel(language.text("axis.replicates"))
        comparison.label_ends(axes, [float(mean[-1]) / unit for _, (_, mean, _) in found],
                              [of.labels[i] for i, _ in found], [colors[i] for i, _ in found])

    return comparison.draw(cases, language, [(OUTLAY, OUTLAY)], language.text("note.convergence_compared"),
                           (COMPARED, curves))
