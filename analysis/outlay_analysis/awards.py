"""How are awards distributed? The Lorenz curve of what the awarded applicants get, and the share at the cap.

A result file has, of each replicate, the Gini coefficient, the share of the best-served tenth and the share of awards at
the cap; the curve itself is drawn from ledgers of `outlay replay`, where these are given.
"""
import csv
from typing import List, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import comparison, style
from .language import Language
from .measures import GINI, SHARE_AT_CAP, TOP_DECILE, Measure
from .result import Case

HEIGHT = 4.2  # of the panels, inches
LORENZ = 4.0  # width of the curve
NEEDED = ("programme", "class", "applicant", "committed", "account_year")


class BadLedger(Exception):
    """The file is no ledger; the text says why."""


def commitments(path: str, case: Case) -> np.ndarray:
    """What each awarded applicant of the programme is committed in the fiscal year, rising; BadLedger."""
    sums: dict = {}
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        missing = [name for name in NEEDED if name not in (lines.fieldnames or ())]
        if missing:
            raise BadLedger(f"{path}: is not a ledger of outlay replay: it has no column '{missing[0]}'")
        for line in lines:
            if line["programme"] != case.name or not line["committed"]:
                continue
            if line["account_year"] and int(line["account_year"]) != case.start.year:
                continue
            key = (line["class"], line["applicant"])
            sums[key] = sums.get(key, 0.0) + float(line["committed"])
    return np.sort(np.array([value for value in sums.values() if value > 0]))


def lorenz(values: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Share of the applicants, from the least served, and the share of the money that they have."""
    n = values.size
    return np.arange(n + 1) / n, np.concatenate([[0.0], np.cumsum(values)]) / values.sum()


def gini(values: np.ndarray) -> float:
    """Of rising values: 1 less twice the area below the Lorenz curve."""
    x, y = lorenz(values)
    return float(1 - np.sum((y[1:] + y[:-1]) * np.diff(x)))


def has_awards(case: Case) -> bool:
    return bool((case.replicates("awards") > 0).any())


def finding(case: Case, language: Language) -> str:
    """The share of the best-served tenth, and how many awards the cap cut."""
    if not has_awards(case):
        return language.text("no_awards")
    if case.summary("share_at_cap").mean == 0:
        return language.text("awards_found_no_cap", top=language.percent(case.summary("top_decile_share").mean))
    return language.text("awards_found", top=language.percent(case.summary("top_decile_share").mean),
                         cap=language.percent(case.summary("share_at_cap").mean))


def draw_lorenz(axes: Axes, case: Case, ledgers: Sequence[np.ndarray], language: Language) -> None:
    """The diagonal, the curves of the ledgers, and the share of the best-served tenth over all replicates."""
    axes.plot([0, 1], [0, 1], color=style.SOFT, linewidth=1.2, dashes=(5, 2.5))
    axes.annotate(language.text("all_equal"), (0.42, 0.42), (-7, 7), textcoords="offset points", rotation=45, ha="center",
                  va="center", rotation_mode="anchor", color=style.SOFT, size=style.NOTE_SIZE)
    for values in ledgers:
        x, y = lorenz(values)
        line, = axes.plot(x, y, color=style.MONEY, linewidth=1.6 if len(ledgers) == 1 else 0.9,
                          alpha=1.0 if len(ledgers) == 1 else 0.6)
        style.curve(axes, line, language.text("lorenz_curve"), "1")
    top = case.summary("top_decile_share")
    low, high = top.quantiles.get(0.05, top.mean), top.quantiles.get(0.95, top.mean)
    axes.plot([0.9, 0.9], [1 - high, 1 - low], color=style.GONE, linewidth=3, solid_capstyle="round")
    axes.plot(0.9, 1 - top.mean, "o", color=style.GONE, markersize=8, markeredgecolor="white", zorder=5)
    axes.annotate(language.text("tenth_has", share=language.percent(top.mean)), (0.9, 1 - top.mean), (0.965, 0.1),
                  textcoords="data", ha="right", va="center", color=style.GONE, zorder=4,
                  arrowprops={"arrowstyle": "-", "color": style.GONE, "linewidth": 0.8, "relpos": (0.85, 1), "shrinkB": 6})
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(lambda x, _: language.percent(x, 0))
    axes.grid(True)
    style.axis_title(axes, language.text("axis.lorenz"))
    axes.set_xlabel(language.text("axis.applicants"))


def draw_histogram(axes: Axes, case: Case, measure: Measure, language: Language) -> None:
    """The distribution of a share over the replicates, with its mean."""
    values = 100 * case.replicates(measure.key)
    values = values[np.isfinite(values) & (case.replicates("awards") > 0)]
    summary = measure.mean(case)
    title = language.text("named", name=language.text(f"measure.{measure.key}"),
                          what=measure.words_with_error(summary, case, language))
    style.axis_title(axes, language.capital(title), 0.0)
    if values.size == 0 or values.max() == values.min():
        axes.axis("off")
        axes.annotate(language.text("always_the_same"), (0, 0.6), xycoords="axes fraction", va="center", color=style.SOFT)
        return
    low, high = np.quantile(values, (0.001, 0.999))
    axes.hist(values, bins=30, range=(low, high) if high > low else None, color=style.MONEY_LIGHT,
              edgecolor="white", linewidth=0.5, weights=np.full(values.size, 1 / values.size))
    axes.axvline(100 * summary.mean, color=style.MONEY, linewidth=2)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(lambda x, _: language.joined(language.plain(x), "%"))


def draw(cases: Sequence[Case], language: Language, ledgers: Sequence[str] = ()) -> Figure:
    """The figure of one programme: the Lorenz curve and three distributions for each fiscal year."""
    curves: List[List[np.ndarray]] = [[values for values in (commitments(path, case) for path in ledgers) if values.size]
                                      for case in cases]
    explanation = language.sentences([language.text("note.awards"), language.text(
        "note.ledgers", n=language.count(len(ledgers), "replicate")) if ledgers else language.text("note.no_ledger")])
    title = finding(cases[0], language) if len(cases) == 1 else language.text(
        "top_years", shares=language.listed([language.text("in_year", what=language.percent(
            case.summary("top_decile_share").mean), year=case.year) for case in cases[-4:] if has_awards(case)]))
    frame = style.frame_of_years(cases, language, title, [finding(case, language) for case in cases], explanation,
                                 HEIGHT + style.AXIS_TITLE)
    for i, case in enumerate(cases):
        if not has_awards(case):
            continue
        draw_lorenz(frame.axes(i, 0, 0, LORENZ, HEIGHT), case, curves[i], language)
        left, step = LORENZ + 0.7, HEIGHT / 3 + 0.06
        for k, measure in enumerate((TOP_DECILE, GINI, SHARE_AT_CAP)):
            axes = frame.axes(i, left, HEIGHT - k * step - 0.78, style.WIDTH - style.LEFT - left - 0.35, 0.78)
            draw_histogram(axes, case, measure, language)
    return frame.figure


def compare(cases: Sequence[Case], language: Language) -> Figure:
    """Scenarios side by side: the share of the best-served tenth, and the share of awards at the cap."""
    return comparison.draw(cases, language, [(TOP_DECILE, TOP_DECILE), (SHARE_AT_CAP, SHARE_AT_CAP)],
                           language.text("note.compared"))


