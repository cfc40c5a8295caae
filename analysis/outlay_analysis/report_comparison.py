"""Several results on one page: side by side, what differs between them, and by how much that changes the answer."""
from typing import Callable, Dict, List, Sequence, Tuple

from . import estimate
from .assumptions import Parameter, classify
from .command import common_programmes
from .comparison import NotComparable, labels_for
from .estimate import Estimate
from .language import Language
from .measures import DAYS_WITH_MONEY, DEMAND, EXHAUSTED, MONEY, OUTLAY, SHARE, UNMET, Measure
from .page import Markup, cell, escape, join, paragraphs, path_code, table, tag
from .report_answer import headline, is_unlimited, median_date, name_of, probability, share_of_money
from .report_tables import NONE, error, is_known, label_of, say, value_of
from .result import Case, Result

MEASURES = (EXHAUSTED, DAYS_WITH_MONEY, DEMAND, OUTLAY, UNMET)
NAMES_OF_RUNS = ("outlay", "title", "description")  # values that differ without changing anything


def labels_of(results: Sequence[Result]) -> List[str]:
    """What the results are called beside each other: as in the figures, or by their paths where that is the same."""
    labels = labels_for([result.run for result in results])[1]
    return labels if len(set(labels)) == len(labels) else [result.path for result in results]


def matched(results: Sequence[Result]) -> List[List[Case]]:
    """The cases to compare: the programmes and fiscal years that all results have, a list with one of each result."""
    try:
        programmes = common_programmes(results)
    except NotComparable:
        return []
    n_years = min(result.n_years for result in results)
    cases = [[result.case(i, year) for result, i in zip(results, indices)]
             for indices in programmes for year in range(n_years)]
    first = results[0].run.currency
    is_same = all(result.run.currency == first for result in results)
    return [row for row in cases if is_same and all(case.start == row[0].start for case in row)]


def side_by_side(cases: Sequence[Case], labels: Sequence[str], parameters: Sequence[List[Parameter]],
                 language: Language) -> Markup:
    """A row for each result: budget, probability, date, money."""
    heads = [language.text(f"report.head.{name}") for name in ("result", "budget", "p", "date")]
    heads += [language.text(f"report.account.{name}") for name in ("demand", "outlay")]
    heads += [language.text("report.head.share"), language.text("report.account.unmet")]
    rows = []
    for case, label, values in zip(cases, labels, parameters):
        unlimited = is_unlimited(case, values)
        money = [cell(say(name, s.mean, case, language), error(name, s.mean_se, case, language))
                 for name, s in ((name, case.summary(name)) for name in ("demand", "outlay", "unmet"))]
        rows.append([label, NONE if unlimited else say("appropriation", case.budget, case, language),
                     NONE if unlimited else probability(case, language),
                     median_date(case, language) or language.text("report.not.exhausted"), *money[:2],
                     NONE if unlimited or case.at_hand == 0 else language.percent(share_of_money(case)), money[2]])
    return table(name_of(cases[0], language), heads, rows)


def interval(value: Estimate, measure: Measure, case: Case, language: Language) -> Tuple[str, str]:
    """A difference, and its 95 % interval."""
    if not is_known(value.mean):
        return NONE, ""
    whole = measure.words(value.mean, case, language, True)
    if not is_known(value.se) or value.se == 0:
        return whole, ""
    ends = (measure.words(value.mean + sign * value.half_width, case, language, True) for sign in (-1, 1))
    return whole, language.text("report.range", low=next(ends), high=next(ends))


def differences(cases: Sequence[Case], labels: Sequence[str], language: Language) -> Markup:
    """What each result has more or less than the first, with 95 % intervals."""
    shown = [measure for measure in MEASURES if all(is_known(measure.mean(case).mean) for case in cases)]
    heads = [language.text("report.head.result")]
    heads += [language.capital(language.text(f"measure.{measure.key}")) for measure in shown]
    rows = []
    for case, label in zip(cases[1:], labels[1:]):
        rows.append([label] + [cell(*interval(measure.difference(case, cases[0]), measure, case, language))
                               for measure in shown])
    return table(language.text("report.compare.caption", base=labels[0], of=name_of(cases[0], language)), heads, rows)


def pairing_notes(rows: Sequence[Sequence[Case]], labels: Sequence[str], language: Language) -> Markup:
    """How the replicates of each result belong to those of the first."""
    kinds: Dict[str, List[str]] = {}
    for i, label in enumerate(labels[1:], 1):
        found = {estimate.pairing(row[i], row[0]) for row in rows}
        kind = next(kind for kind in (estimate.INDEPENDENT, estimate.SHARED, estimate.PAIRED) if kind in found)
        kinds.setdefault(kind, []).append(label)
    def quoted(names: Sequence[str]) -> str:
        return language.listed([language.text("report.quoted", name=name) for name in names])

    return paragraphs(*(language.text(f"report.compare.{kind}", names=quoted(names), base=labels[0])
                        for kind, names in kinds.items()))


def what_differs(parameters: Sequence[List[Parameter]], labels: Sequence[str], language: Language) -> Markup:
    """The values that are not the same in all scenarios."""
    by_path = [{parameter.path: parameter for parameter in values} for values in parameters]
    paths = list(dict.fromkeys(path for values in by_path for path in values))
    rows = []
    for path in paths:
        kind = classify(path)
        found = [values.get(path) for values in by_path]
        texts = {parameter.value if parameter else None for parameter in found}
        is_default_elsewhere = None in found and all(parameter is None or parameter.is_default for parameter in found)
        if len(texts) == 1 or path in NAMES_OF_RUNS or kind.key == "title" or is_default_elsewhere:
            continue
        head = join([label_of(kind, path, language), tag("small", path_code(path))], " ")
        rows.append([head, *(value_of(parameter, kind, language) if parameter else escape(NONE)
                             for parameter in found)])
    if not rows:
        return paragraphs(language.text("report.diff.none"))
    return table("", [language.text("report.head.parameter"), *labels], rows, numbers=False, stacks=True)


def finding(cases: Sequence[Case], labels: Sequence[str], language: Language) -> List[str]:
    """By how much the first of the others changes probability and payment, in a sentence for each result."""
    sentences = []
    for case, label in zip(cases[1:], labels[1:]):
        said = []
        for measure in (EXHAUSTED, OUTLAY):
            value = measure.difference(case, cases[0])
            if not is_known(value.mean):
                continue
            if not value.stands_out:
                said.append(language.text(f"report.change.{measure.key}.none"))
                continue
            amount = amount_of(Estimate(abs(value.mean), value.se), measure, case, language)
            direction = "more" if value.mean > 0 else "less"
            said.append(language.text(f"report.change.{measure.key}.{direction}", amount=amount))
        if len(said) == 2:
            sentences.append(language.text("report.change", name=label, base=labels[0], exhausted=said[0],
                                           paid=said[1]))
    return sentences


def amount_of(value: Estimate, measure: Measure, case: Case, language: Language) -> str:
    """The size of a difference with its standard error; shares in points of a hundred."""
    if measure.unit == MONEY:
        return language.money_with_error(value.mean, value.se, case.run.currency)
    assert measure.unit == SHARE
    digits = 1 if 100 * value.se < 9.95 else 0
    number = language.number(100 * value.mean, digits)
    if value.se > 0:
        number = language.with_error(number, language.number(100 * value.se, digits))
    return language.joined(number, language.text("points"))


def comparison(results: Sequence[Result], parameters: Sequence[List[Parameter]], language: Language,
               figures_of: Callable[..., Markup]) -> Markup:
    """Everything above the single results. `figures_of` draws the figures of a programme."""
    labels, rows = labels_of(results), matched(results)
    answers = []
    for result, values, label in zip(results, parameters, labels):
        cases = [case for i in range(len(result.names)) for case in result.cases(i)]
        lines = [join([tag("strong", f"{name_of(case, language)}: ") if len(cases) > 1 else None,
                       headline(case, values, language)]) for case in cases]
        answers.append(tag("div", tag("p", label, class_="of"), paragraphs(*lines), class_="answer"))
    parts = [tag("p", language.text("report.compare.question"), class_="question"),
             tag("div", *(paragraphs(*finding(row, labels, language), class_="finding") for row in rows),
                 *answers, paragraphs(language.text("report.error.note"), class_="note"), class_="answers")]
    if rows:
        tables = [part for row in rows for part in (side_by_side(row, labels, parameters, language),
                                                     differences(row, labels, language))]
        body = join([pairing_notes(rows, labels, language), *tables])
    else:
        body = paragraphs(language.text("report.no.common"))
    parts.append(tag("section", tag("h2", language.text("report.compare.side")), body))
    parts.append(tag("section", tag("h2", language.text("report.diff")), what_differs(parameters, labels, language)))
    drawn = []
    for k, row in enumerate(rows):
        pictures = figures_of(row, True, f"c{k}", language)
        drawn += [tag("h3", name_of(row[0], language)) if len(rows) > 1 else None, pictures]
    if any(drawn):
        parts.append(tag("section", tag("h2", language.text("report.figures")),
                         paragraphs(language.text("report.hint"), class_="note hint"), join(drawn)))
    return join(parts)
