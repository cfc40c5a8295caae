"""Who gets the money? What each class of applicants is paid, of what it asked for."""
from typing import List, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import comparison, style, words
from .estimate import Estimate
from .language import Language
from .measures import paid_to
from .result import Case

ROW = 0.62  # height of a class, inches
NAMES = 1.55  # width of the classes' names
N_SHOWN = 4  # classes in a comparison


def name_of(case: Case, i_class: int, language: Language) -> str:
    return language.name("class", case.classes[i_class])


def order(case: Case) -> List[int]:
    """The classes, those that are paid most first."""
    return sorted(range(len(case.classes)), key=lambda i: -case.summary("outlay", i).mean)


def finding(case: Case, language: Language) -> str:
    """The share of the class that is paid most, and of the next."""
    total = sum(case.summary("outlay", i).mean for i in range(len(case.classes)))
    if total == 0:
        return language.text("nothing_paid")
    shares = [language.text("class_share", name=name_of(case, i, language),
                            share=language.percent(case.summary("outlay", i).mean / total)) for i in order(case)[:2]]
    return language.text("paid_by_class", shares=language.listed(shares))


def draw_rows(axes: Axes, case: Case, unit: float, language: Language) -> None:
    """For each class what it asks for, within it what it is paid, both on average."""
    ranked = order(case)
    total = sum(case.summary("outlay", i).mean for i in ranked)
    for y, i in enumerate(ranked):
        paid, asked = case.summary("outlay", i), case.summary("demand", i)
        axes.barh(y, asked.mean / unit, 0.5, color=style.FAINT)
        axes.barh(y, paid.mean / unit, 0.5, color=style.MONEY)
        if paid.quantiles:
            axes.plot([paid.quantiles[0.05] / unit, paid.quantiles[0.95] / unit], [y, y], color=style.INK, linewidth=1.4)
        text = language.money_with_error(paid.mean, paid.mean_se, case.run.currency)
        share = language.percent(paid.mean / asked.mean) if asked.mean > 0 else language.percent(0)
        axes.annotate(language.text("paid_of_demand", paid=text, share=share,
                                    of_all=language.percent(paid.mean / total if total else 0)),
                      (1, y), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
                      ha="left", size=style.NOTE_SIZE, annotation_clip=False, linespacing=1.3)
    axes.set_yticks(range(len(ranked)))
    axes.set_yticklabels(["\n".join(words.wrap(name_of(case, i, language), 18)) for i in ranked])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(ranked) - 0.45, -0.55)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    style.plain_ticks(axes.xaxis, language)
    axes.grid(axis="x")


def draw(cases: Sequence[Case], language: Language) -> Figure:
    """The figure of one programme: a panel for each fiscal year."""
    height = ROW * len(cases[0].classes)
    title = finding(cases[0], language) if len(cases) == 1 else language.text(
        "paid_by_class_years", first=finding(cases[0], language), year=cases[0].year)
    frame = style.frame_of_years(cases, language, title, [finding(case, language) for case in cases],
                                 language.text("note.classes"), height)
    largest = max((max(case.summary("demand", i).mean, case.summary("outlay", i).quantiles.get(0.95, 0.0))
                   for case in cases for i in range(len(case.classes))), default=0) or 1.0
    unit, name = language.money_unit(largest, cases[0].run.currency)
    for i, case in enumerate(cases):
        axes = frame.axes(i, NAMES - style.LEFT, 0, style.WIDTH - NAMES - 2.65, height, xlim=(0, 1.02 * largest / unit))
        draw_rows(axes, case, unit, language)
        axes.set_xlabel(language.text("axis.in_the_year", unit=name))
    return frame.figure


# ---- several -----------------------------------------------------------------------------------------------------------

def figure_finding(of: comparison.Side, classes: Sequence[int], language: Language) -> str:
    """The largest gain or loss of a class that stands out from chance."""
    found = [(paid_to(i).difference(case, of.reference), i, label)
             for i in classes for case, label in zip(of.cases[1:], of.labels[1:])]
    clear = [item for item in found if item[0].stands_out]
    if not clear:
        return language.text("no_class_differs")
    difference, i, label = max(clear, key=lambda item: abs(item[0].mean))
    amount = language.money_with_error(abs(difference.mean), difference.se, of.reference.run.currency)
    return language.capital(language.text("class_more" if difference.mean > 0 else "class_less", amount=amount,
                                          name=name_of(of.reference, i, language), label=label,
                                          reference=of.labels[0]))


def draw_class(axes: Axes, of: comparison.Side, i_class: int, unit: float, limits: tuple, colors: Sequence[str],
               language: Language) -> None:
    """What a class is paid: in the reference, and how much more or less in each other scenario."""
    currency = of.reference.run.currency
    axes.set_xlim(*limits)
    axes.axvline(0, color=style.INK, linewidth=1.2)
    axes.annotate(language.money(of.reference.summary("outlay", i_class).mean, currency), (0, 0), (0, 0),
                  textcoords="offset points", ha="center", va="center", size=style.NOTE_SIZE, color=style.INK,
                  bbox=style.WHITE_BOX, annotation_clip=False)
    for y, case in enumerate(of.cases[1:], 1):
        value = paid_to(i_class).difference(case, of.reference)
        text = language.money_with_error(value.mean, value.se, "", sign=True)
        comparison.mark(axes, y, Estimate(value.mean / unit, value.se / unit), None, text, colors[y])
    axes.xaxis.set_major_locator(MaxNLocator(3))
    style.plain_ticks(axes.xaxis, language)
    style.axis_title(axes, "\n".join(words.wrap(name_of(of.reference, i_class, language), 20)), 0.0)


def compare(cases: Sequence[Case], language: Language) -> Figure:
    """Scenarios side by side: a column of differences for each class, all on the same axis of money."""
    of = comparison.side(cases, language)
    shared = [i for i in order(of.reference) if all(case.classes == of.reference.classes for case in cases)]
    if not shared:
        raise comparison.NotComparable(language.text("other_classes"))
    shown = shared[:N_SHOWN]
    frame = comparison.framed(of, language, figure_finding(of, shown, language),
                              [style.Panel(comparison.rows_height(len(cases)))],
                              language.text("note.classes_compared") + (
                                  "" if len(shared) <= N_SHOWN else " " + language.text("largest_classes", n=N_SHOWN)))
    colors = comparison.colors_of(len(cases))
    comparison.draw_names(frame, 0, of.labels, colors)
    ends = [0.0]
    for i in shown:
        for case in cases[1:]:
            value = paid_to(i).difference(case, of.reference)
            half = value.half_width if value.se > 0 else 0.0
            ends += [value.mean - half, value.mean + half]
    unit, name = language.money_unit(max(map(abs, ends)), of.reference.run.currency)
    reach = max(max(map(abs, ends)) / unit, 1e-9)
    left, gap = style.EDGE + comparison.LABELS + 0.1, 0.25
    width = (style.WIDTH - left - 0.3 - gap * (len(shown) - 1)) / len(shown)
    for k, i in enumerate(shown):
        axes = comparison.rows_axes(frame, 0, left + k * (width + gap), width, len(cases))
        draw_class(axes, of, i, unit, (-1.15 * reach, 1.15 * reach), colors, language)
        axes.set_xlabel(language.text("difference_in", unit=name) if k == 0 else "", size=style.NOTE_SIZE)
    return frame.figure


