"""The answer in sentences: is the money gone, when, with what probability, how much is used, and what it rests on."""
import math
from typing import List, Optional, Tuple

from .assumptions import Parameter, classify
from .estimate import N_SCRAMBLES
from .language import Language
from .page import Markup, paragraphs, tag
from .result import Case, Result, Run

# Below each of these probabilities one says: almost certainly lasts, very probably, probably, may or may not,
# probably not, very probably not; above them, almost certainly not. After the calibrated language of the IPCC
# (Mastrandrea et al. 2010): 1, 10, 33, 66, 90, 99 %.
LIKELIHOODS = (0.01, 0.10, 1 / 3, 2 / 3, 0.90, 0.99)
CONFIDENCE = 0.95
NAMES = ("outlay", "title", "description", "currency")  # what is no assumption
MOST_BLOCKS = 4  # more answers than this are given as a list


def bound(run: Run) -> float:
    """What never happened has at most this probability, with 95 % confidence: 1 - 0.05^(1/n), nearly 3/n.

    n are the replicates; with several draws the draws, since the replicates of one share its uncertain numbers; by the
    design `sobol` the scramblings, since the draws of one share them. If the event has probability p, at least that
    share of the draws (scramblings) shows it in one replicate or more, so this holds for any correlation within them.
    """
    n = run.n_done if run.n_draws == 1 else max(1, run.n_done // run.n_replicates)
    n = min(n, N_SCRAMBLES) if run.n_draws > 1 and run.design == "sobol" else n
    return 1 - (1 - CONFIDENCE) ** (1 / n)


def _rounded_up(p: float) -> Tuple[float, int]:
    """A small bound with two digits, and its decimals: a bound is not to be made smaller by rounding."""
    digits = min(max(3, 1 - math.floor(math.log10(p))), 9)
    return min(1.0, math.ceil(p * 10 ** digits - 1e-9) / 10 ** digits), digits


def upper(p: float, language: Language) -> str:
    """What a probability is at most, in words."""
    return language.number(*_rounded_up(p))


def lower(p: float, language: Language) -> str:
    """What the probability of the contrary is at least."""
    bound_, digits = _rounded_up(p)
    return language.number(1 - bound_, digits)


def year_of(case: Case, language: Language) -> str:
    """The fiscal year in a sentence."""
    return language.text("report.year.calendar" if case.is_calendar_year else "report.year.fiscal", year=case.year)


def name_of(case: Case, language: Language) -> str:
    """Programme and fiscal year."""
    return language.text("report.of", programme=case.programme, year=year_of(case, language))


def replicates_of(run: Run, language: Language) -> str:
    """'6,400 replicates (800 draws × 8)'."""
    n = language.count(run.n_done, "replicate")
    if run.n_draws == 1:
        return n
    draws = language.count(-(-run.n_done // run.n_replicates), "draw")
    return language.text("of_draws", n=n, draws=draws, each=language.number(run.n_replicates))


def of_budget(case: Case, parameters: List[Parameter], key: str) -> str:
    """What the scenario says of a programme's budget, as it is written."""
    path = f"programmes.{case.name}.budget.{key}"
    return next((parameter.value for parameter in parameters if parameter.path == path), "none")


def is_unlimited(case: Case, parameters: List[Parameter]) -> bool:
    """Whether the programme's money has no limit; its appropriation is then whatever is asked for."""
    is_stated = any(parameter.path == f"programmes.{case.name}.budget.amount" for parameter in parameters)
    return is_stated and all(of_budget(case, parameters, key) == "none" for key in ("amount", "shared_with"))


def is_endless(case: Case, parameters: List[Parameter]) -> bool:
    """Whether neither money nor the number of awards has a limit."""
    return is_unlimited(case, parameters) and of_budget(case, parameters, "awards") == "none"


def _budget(case: Case, parameters: List[Parameter], language: Language) -> str:
    """'The budget of 5.00 bn CNY', the subject of the answer."""
    if is_unlimited(case, parameters):
        return language.text("report.budget.awards", n=of_budget(case, parameters, "awards"))
    if abs(case.at_hand - case.budget) >= 0.005:
        key, money = "report.budget.more", case.at_hand
    else:
        key, money = f"report.budget.{'certain' if case.is_budget_certain else 'uncertain'}", case.budget
    return language.text(key, money=language.money(money, case.run.currency))


def median_date(case: Case, language: Language) -> Optional[str]:
    """The median date in words, None where half of the replicates or more are not exhausted."""
    return quantile_date(case, 0.5, language)


def quantile_date(case: Case, probability: float, language: Language) -> Optional[str]:
    day = case.exhaustion_quantiles.get(probability)
    return None if day is None else language.date(case.date(day))


def probability(case: Case, language: Language) -> str:
    """The probability of exhaustion with its standard error."""
    return language.probability(case.p_exhausted, case.p_exhausted_se)


def headline(case: Case, parameters: List[Parameter], language: Language) -> str:
    """The answer in one sentence."""
    if is_endless(case, parameters):
        return language.text("report.answer.unlimited")
    if case.at_hand == 0:
        return language.text("report.answer.none")
    values = {"budget": _budget(case, parameters, language), "year": year_of(case, language)}
    p, run = case.p_exhausted, case.run
    if run.n_done == 1:
        return language.text(f"report.answer.one.{'always' if p else 'never'}", **values)
    exact = ".exact" if run.is_exact else ""
    if p == 0:
        values.update({} if exact else {"n": replicates_of(run, language), "bound": upper(bound(run), language)})
        return language.text(f"report.answer.never{exact}", **values)
    if p == 1:
        values.update({} if exact else {"n": replicates_of(run, language)})
        return language.text(f"report.answer.always{exact}", date=median_date(case, language), **values)
    step = sum(p >= limit for limit in LIKELIHOODS)
    return language.text(f"report.answer.{step}", p=probability(case, language), **values)


def odds(p: float, language: Language) -> str:
    """'That is about 1 time in 4.': the simplest fraction within 0.02; empty where there is none."""
    for n in (2, 3, 4, 5, 6, 8, 10, 20):
        k = round(p * n)
        if 0 < k < n and abs(k / n - p) <= min(0.02, 0.25 * min(p, 1 - p)):
            key = "report.odds" if k == 1 else "report.odds.many"
            return language.text(key, k=language.number(k), n=language.number(n))
    return ""


def when(case: Case, language: Language) -> str:
    """The dates that the distribution of the exhaustion date has."""
    low, median, high = (quantile_date(case, share, language) for share in (0.05, 0.5, 0.95))
    if high is not None:
        return language.text("report.when.all", median=median, low=low, high=high) if low != high else ""
    if median is not None:
        return language.text("report.when.median", median=median, low=low)
    return language.text("report.when.early", low=low) if low is not None else ""


def share_of_money(case: Case) -> float:
    """What is paid, as a share of the money at hand."""
    return case.summary("outlay").mean / case.at_hand if case.at_hand > 0 else float("nan")


def paid(case: Case, parameters: List[Parameter], language: Language) -> str:
    """How much is paid, and what it is of the money at hand."""
    summary, currency = case.summary("outlay"), case.run.currency
    if not summary.mean == summary.mean:
        return ""
    values = {"paid": language.money_with_error(summary.mean, summary.mean_se, currency),
              "share": language.percent(share_of_money(case)) if case.at_hand > 0 else ""}
    low, high = (language.money(summary.quantiles[share], currency) for share in (0.05, 0.95))
    if is_unlimited(case, parameters):
        return language.text("report.paid.unlimited", paid=values["paid"], low=low, high=high)
    if case.at_hand == 0:
        return ""
    if case.run.n_done == 1:
        return language.text("report.paid.mean", **values)
    if low == high:
        return language.text("report.paid.certain", **values)
    return language.text("report.paid", low=low, high=high, **values)


def demand(case: Case, language: Language) -> str:
    """How much is asked for, and how much of it finds no money."""
    asked, unmet = case.summary("demand"), case.summary("unmet")
    if not unmet.mean > 0:
        return ""
    return language.text("report.demand", demand=language.money(asked.mean, case.run.currency),
                         unmet=language.money(unmet.mean, case.run.currency))


def rests_on(result: Result, parameters: List[Parameter], language: Language) -> Tuple[str, str]:
    """What the answer rests on: its uncertain numbers, and the values that are assumed."""
    stated = [parameter for parameter in parameters if is_counted(parameter)]
    n_uncertain = sum(name.startswith("uncertain_") for name in result.file)
    assumed = language.text("report.assumed", assumed=language.number(sum(p.is_assumed for p in stated)),
                            stated=language.number(len(stated)))
    size = "" if result.run.is_exact else replicates_of(result.run, language)
    uncertain = language.text("report.uncertain.none")
    if n_uncertain > 0:
        uncertain = language.count(n_uncertain, "report.uncertain")
    return uncertain, "; ".join(part for part in (assumed, size) if part)


def is_counted(parameter: Parameter) -> bool:
    """Whether a value is one that the scenario states about the world: no name, nor how much is simulated."""
    key = classify(parameter.path).key
    return not parameter.is_default and key not in NAMES and not key.startswith("simulation.")


def certainty(case: Case, language: Language) -> str:
    """What can be said of a probability that came out as 0 or 1: a bound; empty for all others."""
    if case.p_exhausted not in (0.0, 1.0) or case.run.is_exact:
        return ""
    if case.p_exhausted == 0:
        return language.text("report.tile.below", bound=upper(bound(case.run), language))
    return language.text("report.tile.above", bound=lower(bound(case.run), language))


def _tile(name: str, value: str, *below: str) -> Markup:
    return tag("div", tag("dt", name), tag("dd", value, *(tag("small", text) for text in below if text)))


def tiles(result: Result, case: Case, parameters: List[Parameter], language: Language) -> Markup:
    """What a reader wants to know in a few seconds."""
    median, low, high = (quantile_date(case, share, language) for share in (0.5, 0.05, 0.95))
    if median is None:
        date = (language.text("report.not.exhausted"), language.text("report.earliest", date=low) if low else "")
    elif high is None or low == high:
        date = (median, language.text("report.tile.median"))
    else:
        date = (median, language.text("report.tile.median") if low is None else
                language.text("report.nine.of.ten", low=low, high=high))
    if is_endless(case, parameters):
        return tag("dl", _tile(language.text("report.tile.paid"), language.money(case.summary("outlay").mean,
                                                                                 case.run.currency)),
                   _tile(language.text("report.tile.rests"), *rests_on(result, parameters, language)), class_="tiles")
    within = language.text("report.tile.within", year=year_of(case, language))
    money = language.money(case.summary("outlay").mean, case.run.currency)
    of = language.text("report.tile.paid.of", paid=money, money=language.money(case.at_hand, case.run.currency))
    unlimited = is_unlimited(case, parameters) or case.at_hand == 0
    share = (money, "") if unlimited else (language.percent(share_of_money(case)), of)
    return tag("dl", _tile(language.text("report.tile.date"), *date),
               _tile(language.text("report.tile.p"), probability(case, language), within, certainty(case, language)),
               _tile(language.text("report.tile.paid"), *share),
               _tile(language.text("report.tile.rests"), *rests_on(result, parameters, language)), class_="tiles")


def block(result: Result, case: Case, parameters: List[Parameter], language: Language, is_one: bool) -> Markup:
    """The answer of one programme in one fiscal year."""
    parts = [tag("p", name_of(case, language), class_="of")] if not is_one else []
    parts.append(tag("p", headline(case, parameters, language), class_="headline"))
    known = 0 < case.p_exhausted < 1
    first = language.sentences([odds(case.p_exhausted, language) if known else "", when(case, language)])
    second = language.sentences([paid(case, parameters, language), demand(case, language)])
    parts += [paragraphs(first, second), tiles(result, case, parameters, language)]
    return tag("div", *parts, class_="answer")


def answers(result: Result, parameters: List[Parameter], language: Language) -> Markup:
    """The answers of a result: one block each, or a list where they are many."""
    cases = [case for i in range(len(result.names)) for case in result.cases(i)]
    if len(cases) <= MOST_BLOCKS:
        blocks = [block(result, case, parameters, language, len(cases) == 1) for case in cases]
    else:
        blocks = [tag("div", tag("p", name_of(case, language), class_="of"),
                      tag("p", headline(case, parameters, language)), class_="answer") for case in cases]
    note = "" if result.run.is_exact else language.text("report.error.note")
    return tag("div", *blocks, paragraphs(note, class_="note"), class_="answers")
