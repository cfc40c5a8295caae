"""The tables of a report: by programme and by class, the assumptions, how sure it is."""
import math
from typing import Dict, Iterator, List, Sequence, Tuple

import numpy as np

from . import estimate
from .assumptions import Kind, Parameter, classify, meaning
from .language import Language
from .page import Markup, cell, escape, join, paragraphs, path_code, table, tag
from .report_answer import (NAMES, bound, is_counted, is_unlimited, lower, median_date, name_of, probability,
                            replicates_of, share_of_money, upper, year_of)
from .result import Case, Result, text

NONE = "–"
# The accounts in the order of a statement: money, then numbers. Where they are 0, only the first are shown.
ALWAYS = ("appropriation", "demand", "outlay", "unmet", "lapsed", "applications", "awards")
MONEY = ("appropriation", "topped_up", "carried_in", "received", "given", "demand", "committed", "outlay", "unmet",
         "returned", "outstanding", "lapsed", "carried_out", "overdrawn", "co_funded", "capital_drawn",
         "contract_value", "induced", "deadweight")
COUNTS = ("applications", "awards", "refused_for_money", "refused_on_merits", "withdrawn", "pending", "waiting",
          "awards_at_cap")
BY_CLASS = ("applications", "awards", "demand", "outlay", "unmet")
SURE = ("demand", "outlay", "unmet", "awards")


def is_known(value: float) -> bool:
    return math.isfinite(value)


def say(name: str, value: float, case: Case, language: Language) -> str:
    """A value of an account, with its unit."""
    if not is_known(value):
        return NONE
    if name in MONEY:
        return language.money(value, case.run.currency)
    return language.number(value, 0 if abs(value) >= 1000 or value == round(value) else 1)


def error(name: str, value: float, case: Case, language: Language) -> str:
    """'± 28.9 M CNY'; empty where there is none."""
    return f"±\N{NO-BREAK SPACE}{say(name, value, case, language)}" if is_known(value) and value > 0 else ""


def all_cases(result: Result) -> List[Case]:
    return [case for i in range(len(result.names)) for case in result.cases(i)]


# ---- who gets what ---------------------------------------------------------------------------------------------------


def by_programme(result: Result, parameters: List[Parameter], language: Language) -> Markup:
    """A row for each programme and fiscal year."""
    heads = [language.text(f"report.head.{name}") for name in ("programme", "budget", "p", "date")]
    heads += [language.text("report.account.demand"), language.text("report.account.outlay"),
              language.text("report.head.share"), language.text("report.account.unmet")]
    rows = []
    for case in all_cases(result):
        summaries = {name: case.summary(name) for name in ("demand", "outlay", "unmet")}
        unlimited = is_unlimited(case, parameters)
        money = [cell(say(name, s.mean, case, language), error(name, s.mean_se, case, language))
                 for name, s in summaries.items()]
        share = NONE if unlimited or case.at_hand == 0 else language.percent(share_of_money(case))
        rows.append([cell(case.programme, year_of(case, language)),
                     NONE if unlimited else say("appropriation", case.budget, case, language),
                     NONE if unlimited else probability(case, language),
                     median_date(case, language) or language.text("report.not.exhausted"), money[0], money[1], share,
                     money[2]])
    key = "report.by.programme" if result.n_years == 1 else "report.by.programme.year"
    return table(language.text(key), heads, rows)


def by_class(case: Case, language: Language) -> Markup:
    """A row for each class, and one of all."""
    heads = [language.text("report.head.class")] + [language.text(f"report.account.{name}") for name in BY_CLASS]
    heads.append(language.text("report.head.share.paid"))
    whole = {name: case.summary(name) for name in BY_CLASS}
    rows = []
    for i, name in enumerate(case.classes):
        of_class = {quantity: case.summary(quantity, i) for quantity in BY_CLASS}
        paid = of_class["outlay"].mean
        share = paid / whole["outlay"].mean if whole["outlay"].mean > 0 else math.nan
        rows.append([language.name("class", name)]
                    + [cell(say(q, s.mean, case, language), error(q, s.mean_se, case, language))
                       for q, s in of_class.items()] + [language.percent(share) if is_known(share) else NONE])
    rows.append([language.text("report.head.total")]
                + [cell(say(q, s.mean, case, language), error(q, s.mean_se, case, language)) for q, s in whole.items()]
                + [language.percent(1.0) if whole["outlay"].mean > 0 else NONE])
    return table(language.text("report.by.class", of=name_of(case, language)), heads, rows, total=len(rows) - 1)


def accounts(case: Case, language: Language) -> Markup:
    """Every account that has anything in it: mean, standard error, 5 and 95 %."""
    heads = [language.text(f"report.head.{name}") for name in ("quantity", "mean")]
    heads += [percentile(share, language) for share in (0.05, 0.95)]
    rows = []
    for name in MONEY + COUNTS:
        summary = case.summary(name)
        if not is_known(summary.mean) or (summary.mean == 0 and name not in ALWAYS):
            continue
        low, high = (summary.quantiles.get(share, math.nan) for share in (0.05, 0.95))
        rows.append([language.text(f"report.account.{name}"),
                     cell(say(name, summary.mean, case, language), error(name, summary.mean_se, case, language)),
                     say(name, low, case, language), say(name, high, case, language)])
    return table(language.text("report.accounts", of=name_of(case, language)), heads, rows)


def who_gets_what(result: Result, parameters: List[Parameter], language: Language) -> Markup:
    """All tables of money; the accounts of many cases are folded away."""
    cases = all_cases(result)
    parts = [paragraphs(language.text("report.means.exact" if result.run.is_exact else "report.means"), class_="note"),
             by_programme(result, parameters, language)]
    parts += [by_class(case, language) for case in cases if len(case.classes) > 1]
    for case in cases:
        whole = accounts(case, language)
        summary = language.text("report.accounts", of=name_of(case, language))
        parts.append(whole if len(cases) == 1 else tag("details", tag("summary", summary), whole))
    return join(parts)


# ---- what was assumed ------------------------------------------------------------------------------------------------


def label_of(kind: Kind, path: str, language: Language) -> str:
    """What a parameter is called, with the class or the item for which it holds."""
    key = f"parameter.{kind.key}"
    label = language.text(key) if language.has(key) else path
    if kind.block[0] == "classes":
        label = language.text("report.for.class", label=label, name=language.name("class", kind.block[1]))
    if kind.of_class:
        label = language.text("report.for.class", label=label, name=language.name("class", kind.of_class))
    return language.text("report.item", label=label, item=kind.item) if kind.item else label


def origin_of(parameter: Parameter, language: Language) -> Markup:
    """Where a value was set."""
    if parameter.is_default:
        return escape(language.text("report.origin.default"))
    if parameter.origin == "--set":
        return cell(language.text("report.origin.set"), parameter.origin)
    file, _, line = parameter.origin.rpartition(":")
    return cell(file, language.text("report.origin.line", line=line)) if file else escape(parameter.origin)


def value_of(parameter: Parameter, kind: Kind, language: Language) -> Markup:
    """A value as the scenario writes it, and what it means."""
    word = f"parameter.{kind.key}.{parameter.value}"
    words = language.text(word) if language.has(word) else meaning(parameter, language)
    return cell(tag("code", parameter.value), words)


def group_of(kind: Kind) -> str:
    return kind.block[1] if kind.block[0] == "programmes" else "classes" if kind.block[0] == "classes" else ""


def grouped(parameters: Sequence[Parameter]) -> Dict[str, List[Tuple[Parameter, Kind]]]:
    """The parameters in general, of the classes, and of each programme."""
    groups: Dict[str, List[Tuple[Parameter, Kind]]] = {}
    for parameter in parameters:
        kind = classify(parameter.path)
        groups.setdefault(group_of(kind), []).append((parameter, kind))
    return groups


def group_name(group: str, result: Result, language: Language) -> str:
    if group in result.names:
        return language.text("report.group.programme", programme=result.titles[result.names.index(group)])
    return language.text("report.group.classes" if group == "classes" else "report.group.general")


def parameter_tables(parameters: Sequence[Parameter], result: Result, language: Language) -> Iterator[Markup]:
    """A table for each group."""
    heads = [language.text(f"report.head.{name}") for name in ("parameter", "value", "origin", "source")]
    for group, members in grouped(parameters).items():
        rows = []
        for parameter, kind in members:
            tags = [tag("span", language.text(f"report.tag.{name}"), class_=f"tag {name}")
                    for name, holds in (("uncertain", parameter.is_uncertain),
                                        ("assumed", parameter.is_assumed and is_counted(parameter))) if holds]
            head = join([label_of(kind, parameter.path, language), tag("small", path_code(parameter.path))], " ")
            source = parameter.source or ("" if parameter.is_default else language.text("report.no.source"))
            rows.append([head, join([value_of(parameter, kind, language), *tags], " "),
                         origin_of(parameter, language), source])
        yield tag("div", table(group_name(group, result, language), heads, rows, numbers=False, stacks=True),
                  class_="assumed")


def assumptions(result: Result, parameters: List[Parameter], language: Language) -> Markup:
    """Each value of the scenario with its source and origin; the defaults folded away."""
    stated = [parameter for parameter in parameters if is_counted(parameter)]
    defaults = [parameter for parameter in parameters if parameter.is_default]
    intro = language.text("report.assumptions.intro", stated=language.number(len(stated)),
                          uncertain=language.number(sum(p.is_uncertain for p in stated)),
                          assumed=language.number(sum(p.is_assumed for p in stated)),
                          defaults=language.number(len(defaults)))
    shown = [p for p in parameters if not p.is_default and classify(p.path).key not in NAMES]
    summary = language.text("report.defaults", n=language.number(len(defaults)))
    return join([paragraphs(intro), *parameter_tables(shown, result, language),
                 tag("details", tag("summary", summary), *parameter_tables(defaults, result, language))])


# ---- how sure it is --------------------------------------------------------------------------------------------------


def dates(case: Case, result: Result, language: Language) -> Markup:
    """The quantiles of the exhaustion date with their confidence intervals."""
    at, first, never = place_of(case, result), (case.start - result.start).days, language.text("report.not.exhausted")
    is_exact, rows = case.run.is_exact, []

    def said(end: str) -> List[str]:
        variable = result.file[f"exhaustion_date_{end}"]
        missing = int(np.ravel(variable.attrs["_FillValue"])[0])
        return [never if day == missing else language.date(case.date(day - first)) for day in variable[at].tolist()]

    for share, day, low, high in zip(case.probabilities.tolist(), said("quantile"), said("lower"), said("upper")):
        interval = NONE if low == never else language.text("report.range", low=low, high=high)
        rows.append([percentile(share, language), day] + ([] if is_exact else [interval]))
    heads = [language.text(f"report.head.{name}") for name in ("quantile", "used.by", "interval")]
    return table(f"{language.text('report.dates.caption')}: {name_of(case, language)}", heads[:2 if is_exact else 3],
                 rows)


def percentile(share: float, language: Language) -> str:
    """'5 %'."""
    return language.joined(language.plain(round(100 * share, 9)), "%")


def place_of(case: Case, result: Result) -> Tuple[int, int]:
    """The indices of a case in the variables of the file."""
    years = [other.start for other in result.cases(0)]
    return result.names.index(case.name), years.index(case.start)


def errors(case: Case, result: Result, language: Language) -> Markup:
    """Estimates with their standard errors, and their spread between and within draws."""
    heads = [language.text(f"report.head.{name}") for name in ("quantity", "estimate", "se", "interval", "sd")]
    has_draws = case.run.n_draws > 1
    heads += [language.text(f"report.head.{name}") for name in ("between", "within")] if has_draws else []

    def row(label: str, value: float, se: float, sd: float, between: float, words) -> list:
        interval = NONE
        if is_known(se) and se > 0:
            interval = language.text("report.range", low=words(value - estimate.NORMAL * se),
                                     high=words(value + estimate.NORMAL * se))
        within = math.sqrt(max(0.0, sd * sd - between * between)) if is_known(sd) and is_known(between) else math.nan
        se_words = NONE if value in (0, 1) and se == 0 else words(se)
        spread = [words(between), words(within)] if has_draws else []
        return [label, words(value), se_words, interval, words(sd), *spread]

    def probability_words(p: float) -> str:
        return NONE if not is_known(p) else language.number(min(max(p, 0.0), 1.0), 3)

    p, between = case.p_exhausted, float(result.file["p_exhausted_between_draws_sd"][place_of(case, result)])
    rows = [row(language.text("report.head.p"), p, case.p_exhausted_se, math.sqrt(p * (1 - p)), between,
                probability_words)]
    for name in SURE:
        s = case.summary(name)
        if is_known(s.mean):
            rows.append(row(language.text(f"report.account.{name}"), s.mean, s.mean_se, s.sd, s.between_sd,
                            lambda value, name=name: say(name, value, case, language)))
    return table(f"{language.text('report.errors.caption')}: {name_of(case, language)}", heads, rows)


def bound_note(case: Case, language: Language) -> str:
    """What can be said of a probability that came out as 0 or 1."""
    if case.p_exhausted not in (0.0, 1.0) or case.run.is_exact or case.at_hand == 0:
        return ""
    key, words = ("never", upper) if case.p_exhausted == 0 else ("always", lower)
    by = language.text("report.by.draws") if case.run.n_draws > 1 else ""
    return language.text(f"report.bound.{key}", n=replicates_of(case.run, language),
                         bound=words(bound(case.run), language), by=by)


def precision_note(result: Result, language: Language) -> str:
    """What the run was asked to reach, and whether it did."""
    attributes = result.file.attrs
    if "precision" not in attributes:
        return ""
    asked = [part.strip() for part in text(attributes["precision"]).split(",")]
    reached = [f"{goal} (± {half:.3g})" for goal, half in zip(asked, attributes["precision_half_width"])]
    key = "reached" if int(attributes["precision_reached"]) == 1 else "missed"
    return language.text(f"report.precision.{key}", precision=language.listed(reached))


def how_sure(result: Result, language: Language) -> Markup:
    """Standard errors, and how much of the spread is what is not known."""
    run = result.run
    cases = all_cases(result)
    if run.is_exact:
        return join(dates(case, result, language) for case in cases)
    key = ("report.sure.one.replicate" if run.n_done == 1 else
           "report.sure.intro" if run.n_draws > 1 else "report.sure.one.draw")
    parts = [paragraphs(language.text(key), precision_note(result, language))]
    for case in cases:
        summary = case.summary("outlay")
        variance = summary.sd ** 2
        if run.n_draws > 1 and variance > 0 and is_known(summary.between_sd):
            between = min(1.0, summary.between_sd ** 2 / variance)
            parts.append(paragraphs(language.text(
                "report.variance", programme=case.programme, year=year_of(case, language),
                between=language.percent(between), within=language.percent(1 - between))))
        parts.append(paragraphs(bound_note(case, language)))
        parts += [errors(case, result, language), dates(case, result, language)]
    return join(parts)
