"""What stands on the page of a report, of one result or of several side by side, from top to bottom.

The sentences stand in report_answer, the tables in report_tables and report_repeat, what several results have to say
in report_comparison; page.py is the markup.
"""
import contextlib
import os
from typing import List, Optional, Sequence

from . import assumptions, report_repeat, report_tables, style
from .assumptions import Parameter
from .figures import FIGURES, LacksData, NotComparable, draw_cases, texts_of
from .language import Language
from .narrow import fit, narrow
from .page import Markup, document, join, paragraphs, picture, tag
from .report_answer import answers, headline
from .report_comparison import comparison, labels_of
from .result import Case, Result, text

MAIN = ("exhaustion", "payout", "commitment")  # figures that stand open
SMALL = (*MAIN, "outlay", "burndown")  # those that have a drawing for small screens


def notice(result: Result, language: Language) -> Markup:
    """What a reader must know before the numbers: an interrupted run, an exact answer."""
    run, attributes = result.run, result.file.attrs
    if run.is_exact:
        p = language.text("below", x=language.number(1.05 * float(attributes["exact_probability_error"]), 6))
        money = language.money(1.005 * float(attributes["exact_mean_error"]), run.currency)
        return paragraphs(language.text("report.exact", p=p, money=money), class_="note")
    if run.is_complete:
        return Markup("")
    planned = language.count(run.n_draws * run.n_replicates, "replicate")
    return paragraphs(language.text("report.incomplete", done=language.count(run.n_done, "replicate"), planned=planned),
                      class_="alarm")


# ---- figures ---------------------------------------------------------------------------------------------------------


def drawn(kind: str, cases: Sequence[Case], is_comparison: bool, name: str, language: Language) -> Optional[Markup]:
    """A figure on the page; None where the files lack what it is drawn from."""
    with contextlib.suppress(LacksData, NotComparable):
        figure, small = draw_cases(FIGURES[kind], cases, language, is_comparison), None
        if kind in SMALL and not is_comparison:
            with narrow():
                small = draw_cases(FIGURES[kind], cases, language, is_comparison)
            fit(small)
        with style.applied(language, texts_of(cases)):
            return picture(figure, small, name, language)
    return None


def figures_of(cases: Sequence[Case], is_comparison: bool, name: str, language: Language) -> Markup:
    """Figures of the fiscal years of a programme, or of several results side by side.

    Those that answer the question stand open, those that explain the answer are folded away.
    """
    kinds = {kind: drawn(kind, cases, is_comparison, f"{name}-{kind}", language) for kind in FIGURES}
    first = [kinds[kind] for kind in MAIN if kinds.get(kind)]
    more = [figure for kind, figure in kinds.items() if kind not in MAIN and figure]
    folded = tag("details", tag("summary", language.text("report.more.figures", n=language.number(len(more)))), *more)
    return join([*first, folded if more else None])


def figures(result: Result, name: str, language: Language) -> Markup:
    """The figures of a result, under the title of each programme where there are several."""
    parts = []
    for i, title in enumerate(result.titles):
        parts += [tag("h3", title)] if len(result.titles) > 1 else []
        parts.append(figures_of(result.cases(i), False, f"{name}-{i}", language))
    return join(parts)


# ---- the page --------------------------------------------------------------------------------------------------------


def section(key: str, body: Markup, language: Language) -> Markup:
    return tag("section", tag("h2", language.text(key)), body) if body else Markup("")


def result_sections(result: Result, parameters: List[Parameter], name: str, language: Language) -> Markup:
    """Everything on one result but its title and question."""
    pictures = figures(result, name, language)
    hint = paragraphs(language.text("report.hint"), class_="note hint")
    return join([
        notice(result, language), answers(result, parameters, language),
        section("report.figures", join([hint, pictures]) if pictures else Markup(""), language),
        section("report.tables", report_tables.who_gets_what(result, parameters, language), language),
        section("report.assumptions", report_tables.assumptions(result, parameters, language), language),
        section("report.sure", report_tables.how_sure(result, language), language),
        section("report.repeat", report_repeat.how_to_repeat(result, language), language)])


def footer(results: Sequence[Result], language: Language) -> Markup:
    files = language.listed([os.path.basename(result.path) for result in results])
    return tag("footer", tag("p", language.text("report.footer", files=files, version=results[0].run.version)))


def parameters_of(result: Result) -> List[Parameter]:
    return assumptions.read(assumptions.scenario_text(result.file.attrs))


def page_of(results: Sequence[Result], language: Language) -> str:
    """The page of one result, or of several, the first of which is the reference."""
    parameters = [parameters_of(result) for result in results]
    if len(results) > 1:
        heading = language.text("report.comparison", n=language.number(len(results)))
        summary = heading
        top, body = comparison(results, parameters, language, figures_of), []
        for i, (result, values, label) in enumerate(zip(results, parameters, labels_of(results))):
            title = tag("p", result.run.title, class_="question") if label != result.run.title else None
            body.append(tag("details", tag("summary", label), title,
                            result_sections(result, values, f"r{i}", language), class_="result"))
        main = join([top, section("report.each", join(body), language)])
    else:
        result = results[0]
        heading, case = result.run.title, result.case(0, 0)
        summary = headline(case, parameters[0], language)
        question = text(result.file.attrs.get("description", b"")) or language.text("report.question")
        main = join([tag("p", question, class_="question"), result_sections(result, parameters[0], "r0", language)])
    main = tag("main", tag("h1", heading), main)
    return document({"zh": "zh-Hans"}.get(language.code, language.code), heading, summary,
                    join([main, footer(results, language)]))
