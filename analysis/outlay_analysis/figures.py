"""THE table of figures: each kind with the question it answers, how it is drawn, and what it needs."""
import contextlib
import inspect
import os
from typing import Callable, Dict, List, NamedTuple, Sequence, Tuple, Union

from matplotlib.figure import Figure

from . import awards, burndown, classes, convergence, exhaustion, fan, payout, style, unmet, variance
from .awards import BadLedger
from .comparison import NotComparable
from .language import Language
from .result import Case, Result

SUMMARY = ("p_exhausted", "p_exhausted_by", "p_exhausted_by_se", "exhaustion_date_quantile")
MONEY = ("appropriation_mean", "appropriation_sd", "carried_in_mean", "topped_up_mean", "received_mean", "given_mean")
ACCOUNT = ("appropriation", "carried_in", "topped_up", "received", "given")


CLASSES = ("outlay_by_class_mean", "outlay_by_class_mean_se", "demand_by_class_mean")
BURNDOWN = (*MONEY, "commitment_quantile", "exhaustion_date_quantile")
AWARDS = ("gini_mean", "gini_mean_se", "share_at_cap_mean", "share_at_cap_mean_se", "top_decile_share_mean",
          "top_decile_share_mean_se", "gini", "share_at_cap", "top_decile_share")


class Kind(NamedTuple):
    """A kind of figure.

    `draw(cases, language, **options)` draws the fiscal years of one programme of one result; `compare`, with the same
    arguments, one fiscal year of several results, the first of which is the reference. `needs` are the variables that
    a file must have, `compare_needs` those for a comparison.
    """

    name: str
    draw: Callable[..., Figure]
    compare: Callable[..., Figure]
    needs: Tuple[str, ...]
    compare_needs: Tuple[str, ...]

    @property
    def question(self) -> str:
        """The phrase that says what it answers."""
        return f"question.{self.name}"

    def lacking(self, cases: Sequence[Case], is_comparison: bool = False) -> List[str]:
        """The variables that the files lack for it."""
        needs = self.compare_needs if is_comparison else self.needs
        return [name for name in needs if not all(case.has(name) for case in cases)]

    def options(self, is_comparison: bool, given: dict) -> dict:
        """Those of the given options that it takes."""
        function = self.compare if is_comparison else self.draw
        return {name: value for name, value in given.items() if name in inspect.signature(function).parameters}


class LacksData(Exception):
    """A file lacks what a figure is drawn from; the text names the first variable."""


FIGURES: Dict[str, Kind] = {kind.name: kind for kind in (
    Kind("exhaustion", exhaustion.draw, exhaustion.compare, SUMMARY, SUMMARY),
    Kind("payout", payout.draw, payout.compare,
         (*SUMMARY, *MONEY, *ACCOUNT, "outlay", "outlay_mean", "outlay_quantile", "demand", "demand_quantile",
          "exhaustion_date"), ("outlay_mean", "outlay_mean_se")),
    Kind("commitment", fan.draw_commitment, fan.compare_commitment, (*MONEY, "commitment_quantile"),
         (*MONEY, "commitment_quantile", "committed_mean", "committed_mean_se")),
    Kind("outlay", fan.draw_outlay, fan.compare_outlay, (*MONEY, "outlay_to_date_quantile"),
         (*MONEY, "outlay_to_date_quantile", "outlay_mean", "outlay_mean_se")),
    Kind("classes", classes.draw, classes.compare, CLASSES, (*CLASSES, "outlay_by_class")),
    Kind("unmet", unmet.draw, unmet.compare,
         ("unmet", "unmet_mean", "unmet_quantile", "demand_mean", "unmet_by_class_mean", "demand_by_class_mean"),
         ("unmet_mean", "unmet_mean_se", "awards_mean", "awards_mean_se")),
    Kind("burndown", burndown.draw, burndown.compare, BURNDOWN, (*BURNDOWN, "committed_mean", "returned_mean")),
    Kind("awards", awards.draw, awards.compare, (*AWARDS, "awards"), AWARDS),
    Kind("variance", variance.draw, variance.compare, ("demand", "committed", "outlay", "unmet", "awards",
                                                       "exhaustion_date"), ("outlay",)),
    Kind("convergence", convergence.draw, convergence.compare, ("outlay", "exhaustion_date"), ("outlay",)),
)}


def texts_of(cases: Sequence[Case]) -> List[str]:
    """What a figure shows that is the scenario's own."""
    return [text for case in cases for text in (case.run.title, case.programme, *case.classes)]


def draw_cases(kind: Kind, cases: Sequence[Case], language: Language, is_comparison: bool, **options) -> Figure:
    """Draw a kind from cases; LacksData where the files have not what it needs."""
    lacking = kind.lacking(cases, is_comparison)
    if lacking:
        why = "lacks_exact" if any(case.run.is_exact for case in cases) else "lacks"
        raise LacksData(language.text(why, variable=lacking[0]))
    with style.applied(language, texts_of(cases)):
        function = kind.compare if is_comparison else kind.draw
        return function(cases, language, **kind.options(is_comparison, options))


def draw(kind: str, results: Union[str, Result, Sequence[Union[str, Result]]],
         language: Union[str, Language] = "en", programme: Union[str, int] = 0, year: int = 0, **options) -> Figure:
    """A figure of one result, with a panel for each fiscal year, or of several side by side, of one fiscal year.

    `kind` is a name in FIGURES; `results` are paths or open Results, the first of several the reference; `language` a
    code or a Language; `programme` a name or an index. Further options are those of the kind: `observed` (points that
    happened, see observed.py), `ledgers` (paths of ledgers of `outlay replay`). ValueError for a kind or language that
    there is not, KeyError for a programme, NotAResult for a file, LacksData or NotComparable for files that the figure
    cannot be drawn from, MissingFont where Chinese needs one.
    """
    if kind not in FIGURES:
        raise ValueError(f"no figure '{kind}' among {', '.join(FIGURES)}")
    language = Language(language) if isinstance(language, str) else language
    several = [results] if isinstance(results, (str, os.PathLike, Result)) else list(results)
    with contextlib.ExitStack() as stack:
        opened = [result if isinstance(result, Result) else stack.enter_context(Result(result)) for result in several]
        if len(opened) == 1:
            cases = opened[0].cases(opened[0].programme(programme))
        else:
            cases = [result.case(result.programme(programme), year) for result in opened]
        return draw_cases(FIGURES[kind], cases, language, len(opened) > 1, **options)


__all__ = ["FIGURES", "Kind", "draw", "draw_cases", "LacksData", "NotComparable", "BadLedger"]
