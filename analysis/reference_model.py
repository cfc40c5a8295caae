"""The rules once more, as an executable specification: slow, plain, and exact.

    /usr/bin/python3 analysis/reference_model.py RESULT.h5 LEDGER.csv [--draw D] --replicate R

LEDGER.csv comes from `outlay replay RESULT.h5 --replicate R -o LEDGER.csv`. Of each of its applications this program
takes who made it, when and with what, and what chance had in store (eligible, approved, days of review, lottery number,
redemption ...). It applies the rules of the scenario to them, and compares what it finds with what the ledger and the
result file say: demand, commitment, return and payment of each application, and every account, to the fen.
Exit status: 0 all equal, 1 something differs, 2 misuse.

The text to check it against is scenarios/README.md, section by section; it shares no code with the C program. Money is a
whole number of fen (Python's integers have no end), shares are exact fractions (29 % is 29/100, and not the binary number
nearest to it), and whatever the rules grant is rounded down to the fen. Days count from 0, the first day of the horizon.
Needs Debian's python3-yaml and python3-h5py.
"""
import argparse
import csv
import datetime
import decimal
import math
import os
import re
import sys
from dataclasses import dataclass, field
from fractions import Fraction

import yaml

NEVER = None  # the day of what does not happen within the horizon
ENDLESS = math.inf
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value is a text; the first is faster

# ---- numbers, days and calendars -------------------------------------------------------------------------------------

UNITS = {"": 1, "k": 10**3, "万": 10**4, "M": 10**6, "亿": 10**8, "bn": 10**9, "%": Fraction(1, 100)}


def number(text):
    """A number as it is written, exactly: "5 bn", "0.29 M", "50%", "1e6", "5_000"."""
    match = re.fullmatch(r"\s*([-+]?[0-9_]*\.?[0-9_]*(?:[eE][-+]?[0-9]+)?)\s*(\D*?)\s*", str(text))
    digits, unit = match.groups()
    return Fraction(digits.replace("_", "")) * UNITS[unit]


def floor(value):
    return value if value == ENDLESS else math.floor(value)


def nearest(value):
    """The nearest whole number, as money is rounded to the fen; halves to the even one."""
    return value if value == ENDLESS else round(Fraction(value))


def date(text):
    return datetime.date(*map(int, text.split("-")))


def years_later(day, n):
    try:
        return day.replace(year=day.year + n)
    except ValueError:  # 29 February
        return datetime.date(day.year + n, 3, 1)


def months_later(day, n):
    """n months later on the same day; of a month that is too short, its last day."""
    year, month = day.year + (day.month - 1 + n) // 12, (day.month - 1 + n) % 12 + 1
    for last in range(day.day, 0, -1):
        try:
            return datetime.date(year, month, last)
        except ValueError:
            continue


CALENDARS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "scenarios", "calendars")
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def working_days(name, first, n_days, files):
    """For each day of the horizon, whether offices work on it; `files` has the text of a calendar of the user's own."""
    days = [first + datetime.timedelta(i) for i in range(n_days)]
    if name == "all_days":
        return [True] * n_days
    if name == "weekdays":
        return [day.weekday() < 5 for day in days]
    if name == "china":
        with open(os.path.join(CALENDARS, "china.yaml"), encoding="utf-8") as file:
            files = {name: file.read()}
    calendar = yaml.load(files[name], Loader=LOADER)

    def expand(items):
        for item in items or []:
            start, end = (item["from"], item["to"]) if isinstance(item, dict) else (item, item)
            for i in range((date(end) - date(start)).days + 1):
                yield date(start) + datetime.timedelta(i)

    covers = calendar["covers"]
    weekend = {WEEKDAYS.index(name) for name in calendar.get("weekend", ["saturday", "sunday"])}
    holidays, make_up = set(expand(calendar.get("holidays"))), set(expand(calendar.get("make_up")))

    def works(day):
        if not date(covers["from"]) <= day <= date(covers["to"]):
            return day.weekday() < 5
        return (day.weekday() not in weekend and day not in holidays) or day in make_up

    return [works(day) for day in days]


# ---- the scenario ----------------------------------------------------------------------------------------------------


class Scenario:
    """The resolved scenario, as `outlay check` prints it and the result file holds it: every key stands in it.

    `uncertain` has the value that each uncertain number takes in the draw, by its path; money in currency units.
    `files` has the texts of the files that the scenario names.
    """

    def __init__(self, text, uncertain=None, files=None):
        self.tree = yaml.load(text, Loader=LOADER)
        self.uncertain = uncertain or {}
        self.start = date(self.tree["horizon"]["start"])
        self.n_years = int(self.tree["horizon"]["years"])
        self.year_first = [(years_later(self.start, y) - self.start).days for y in range(self.n_years + 1)]
        self.n_days = self.year_first[-1]
        self.works = working_days(self.tree["calendar"], self.start, self.n_days, files)
        self.classes = list(self.tree["classes"])
        self.programmes = list(self.tree["programmes"])

    def get(self, path):
        """What is written at a dotted path, and the path itself; None where nothing is."""
        node = self.tree
        for part in path.split("."):
            if isinstance(node, list):
                node = node[int(part) - 1]
            elif isinstance(node, dict) and part in node:
                node = node[part]
            else:
                return None
        return node

    def value(self, path, none=None):
        """A number, exactly. Where it is uncertain, its value in this draw."""
        node = self.get(path)
        if isinstance(node, dict):
            return Fraction(self.uncertain[path])
        if node in (None, "none"):
            return none
        return Fraction(1) if node == "all" else number(node)

    def money(self, path, none=None):
        """An amount in fen."""
        units = self.value(path, none)
        return units if units is none else nearest(units * 100)

    def items(self, path):
        """The paths of the items of a list of blocks."""
        node = self.get(path)
        return [] if node in (None, "none") else [f"{path}.{i + 1}" for i in range(len(node))]

    def in_block(self, programme, block, class_, key):
        """The path of a value of a block that `by_class` may override."""
        own = f"programmes.{programme}.{block}.by_class.{class_}.{key}"
        return own if self.get(own) is not None else f"programmes.{programme}.{block}.{key}"

    def link(self, programme, class_=None):
        """The programme whose contracts are put to this one too."""
        name = self.get(self.in_block(programme, "applications", class_, "same_as"))
        return None if name in (None, "none") else name

    def day(self, text, year):
        """The day of a date, or of an MM-DD in a fiscal year."""
        if len(text) == 10:
            return (date(text) - self.start).days
        first = years_later(self.start, year)
        day = date(f"{first.year}-{text}")
        return ((day if day >= first else date(f"{first.year + 1}-{text}")) - self.start).days

    def year_of(self, day):
        return max(y for y in range(self.n_years) if self.year_first[y] <= day)

    def working_days_after(self, day, n):
        """The n-th working day after `day`; the day itself where n is 0."""
        while n > 0:
            day += 1
            if day >= self.n_days:
                return NEVER
            n -= self.works[day]
        return day


# ---- one application -------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Application:
    """One application: what it brings, then what the rules make of it. Money in fen."""

    programme: str
    class_: str
    applicant: int
    year: int  # fiscal year in which it was made
    ordinal: int
    applied: int
    moment: float  # of that day
    wanted: int  # contract without the programme
    contract: int
    eligible: bool
    approved: bool
    withdrawn: bool
    review_days: int
    age: float
    lottery: float
    score: float
    redeemed: bool
    delay: int
    # what the rules make of it
    decided: int = NEVER
    day: int = NEVER  # on which it asks for money
    granted: int = 0
    at_cap: bool = False
    demand: int = 0
    committed: int = 0
    is_waiting: bool = False
    turn: int = NEVER  # place among all of its pool in the order in which they were served, or refused
    returned: int = 0
    returned_on: int = NEVER
    payments: list = field(default_factory=list)  # (day, amount) within the horizon
    reason: str = ""

    @property
    def who(self):
        """The contract, whatever programme it is put to."""
        return self.class_, self.applicant, self.year, self.ordinal

    @property
    def time(self):
        return self.applied + self.moment

    @property
    def supported(self):
        """Does the review end well?"""
        return self.eligible and self.approved and not self.withdrawn

    @property
    def paid(self):
        return sum(amount for _, amount in self.payments)


def read_ledger(path, scenario):
    """The applications of a ledger (CSV), and beside each the row that says what became of it."""
    def fen(text):
        units, cents = text.split(".")
        return int(units) * 100 + int(cents)

    def day(text):
        return (date(text) - scenario.start).days if text else NEVER

    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            said = {key: fen(row[key]) for key in ("demand", "committed", "returned", "paid", "outstanding", "co_funded",
                                                   "capital_drawn", "induced", "deadweight")}
            said.update(day=day(row["day"]), decided=day(row["decided"]), returned_on=day(row["returned_on"]),
                        paid_on=[day(text) for text in row["paid_on"].split(";") if text], reason=row["reason"],
                        at_cap=row["at_cap"] == "1", account_year=int(row["account_year"]) - scenario.start.year)
            yield Application(
                programme=row["programme"], class_=row["class"], applicant=int(row["applicant"]),
                year=int(row["year"]) - scenario.start.year, ordinal=int(row["ordinal"]), applied=day(row["applied"]),
                moment=float(row["moment"]), wanted=fen(row["wanted"]), contract=fen(row["contract"]),
                eligible=row["eligible"] == "1", approved=row["approved"] == "1", withdrawn=row["withdrawn"] == "1",
                review_days=int(row["review_days"]), age=float(row["age"] or "nan"),
                lottery=float(row["lottery"] or "nan"), score=float(row["score"] or "nan"),
                redeemed=row["redeemed"] == "1", delay=int(row["delay"])), said


# ---- from the application to what it asks of the budget --------------------------------------------------------------


def grown(wanted, own_share, elasticity):
    """wanted x own_share^-elasticity, which is mostly no fraction: to 40 digits, then rounded down."""
    with decimal.localcontext() as context:
        context.prec = 40
        base = decimal.Decimal(own_share.numerator) / own_share.denominator
        power = decimal.Decimal(elasticity.numerator) / elasticity.denominator
        return math.floor(wanted / base**power + decimal.Decimal("1e-20"))


class Award:
    """`award`, `applications.inflation` and `applications.response` of one class in one programme."""

    def __init__(self, scenario, programme, class_):
        def at(block, key):
            return scenario.in_block(programme, block, class_, key)

        def value(key, none=None):
            return scenario.value(at("award", key), none)

        def money(key, none=None):
            return scenario.money(at("award", key), none)

        def applicants(key, none):
            """Applications that are another programme's bring its block with them, all but a few keys."""
            source = programme
            while scenario.link(source, class_) and key != "inflation":
                source = scenario.link(source, class_)
            return scenario.value(scenario.in_block(source, "applications", class_, key), none)

        self.rate, self.fixed, self.cap = value("rate"), money("fixed"), money("cap", ENDLESS)
        self.bands = [(scenario.money(f"{band}.up_to", ENDLESS), scenario.value(f"{band}.rate"),
                       scenario.money(f"{band}.cap", ENDLESS)) for band in scenario.items(at("award", "bands"))]
        self.young_below = value("young.below")
        self.young_rate, self.young_cap = value("young.rate"), money("young.cap", ENDLESS)
        self.minimum = money("minimum_contract", 0)
        self.applicant_cap = money("applicant_cap", ENDLESS)
        self.co_funding, self.capital_drawn = value("co_funding", Fraction(0)), value("capital_drawn", Fraction(0))
        self.stack_limit = value("stack_limit")
        stacks_with = scenario.get(at("award", "stacks_with"))
        self.stacks_with = None if stacks_with in (None, "none") else stacks_with
        self.inflation = applicants("inflation", Fraction(1))
        self.elasticity = applicants("response.elasticity", Fraction(0))
        self.notch = applicants("response.notch", Fraction(0))
        self.own_contracts = scenario.link(programme, class_) is None

    def responded(self, wanted):
        """The contract that an applicant makes of the one that it wants, knowing what will be paid of it."""
        contract = wanted
        if self.rate and self.elasticity:
            kink = self.cap if self.cap == ENDLESS else math.ceil(self.cap / self.rate)
            if wanted < kink:
                contract = min(grown(wanted, 1 - min(self.rate, Fraction(999, 1000)), self.elasticity), kink)
        if (1 - self.notch) * self.minimum <= contract < self.minimum:
            contract = self.minimum
        return contract

    def of(self, application):
        """What the award rule grants, and whether a cap cut it."""
        contract = application.contract
        rate, cap = self.rate, self.cap
        if self.bands:
            rate, cap = next(((rate, cap) for up_to, rate, cap in self.bands if contract <= up_to), (0, 0))
        elif self.young_below is not None and application.age < self.young_below:
            rate, cap = self.young_rate, self.young_cap
        full = self.fixed if rate is None else floor(rate * contract)
        return min(full, cap), full > cap

    def claimed(self, granted):
        """What is asked of this budget: another payer bears its share, and the claim may be inflated."""
        own = granted - floor(self.co_funding * granted)
        return floor(own * self.inflation)


class Rules:
    """All that the scenario says of one programme."""

    def __init__(self, scenario, name):
        self.name, self.scenario = name, scenario
        path = f"programmes.{name}"
        shared_with = scenario.get(f"{path}.budget.shared_with")
        self.pool = name if shared_with in (None, "none") else Rules(scenario, shared_with).pool
        self.award = {class_: Award(scenario, name, class_) for class_ in scenario.classes}
        self.rule = scenario.get(f"{path}.allocation.rule")
        self.last_award = scenario.get(f"{path}.allocation.last_award")
        self.reserves_on_application = scenario.get(f"{path}.allocation.commit") == "application"
        self.priority = scenario.get(f"{path}.allocation.priority")
        self.run_below = scenario.value(f"{path}.allocation.run.below")
        self.run_factor = scenario.value(f"{path}.allocation.run.factor")
        self.closing_days = self._closing_days(path)
        self.expires = scenario.value(f"{path}.payment.expires", ENDLESS)
        self.instalments = int(scenario.value(f"{path}.payment.instalments"))
        self.interval = nearest(scenario.value(f"{path}.payment.interval"))
        if self.pool == name:
            self._read_budget(f"{path}.budget")

    def _closing_days(self, path):
        """The days on which money is handed out; None = every day."""
        scenario = self.scenario
        rounds, listed = scenario.get(f"{path}.allocation.rounds"), scenario.get(f"{path}.allocation.round_days")
        if rounds == "rolling" and listed == "none":
            return None
        days = set()
        for year in range(scenario.n_years):
            first = years_later(scenario.start, year)
            if listed != "none":
                found = [scenario.day(text, year) for text in listed]
            else:
                step = {"monthly": 1, "quarterly": 3, "yearly": 12}[rounds]
                found = [(months_later(first, k) - scenario.start).days - 1 for k in range(step, 13, step)]
            days.update(day for day in found if scenario.year_first[year] <= day < scenario.year_first[year + 1])
        return days

    def _read_budget(self, path):
        scenario = self.scenario
        amount = scenario.money(f"{path}.amount", ENDLESS)
        once = scenario.get(f"{path}.period") == "horizon"
        self.is_endless = amount == ENDLESS
        self.carry_over = Fraction(1) if once else scenario.value(f"{path}.carry_over", Fraction(0))
        self.over_allocation = scenario.value(f"{path}.over_allocation")
        self.most_awards = nearest(scenario.value(f"{path}.awards", ENDLESS))
        self.released, self.topped_up = {}, {}
        for year in range(1 if once else scenario.n_years):
            if not self.is_endless:
                self._release(path, year, amount)
        for item in scenario.items(f"{path}.top_ups"):
            text = scenario.get(f"{item}.date")
            for year in range(1 if len(text) == 10 else scenario.n_years):
                day = scenario.day(text, year)
                self.topped_up[day] = self.topped_up.get(day, 0) + scenario.money(f"{item}.amount")
        self.reserves = [(scenario.get(f"{item}.class"), scenario.value(f"{item}.share"),
                          [scenario.year_first[year + 1] - 1 if scenario.get(f"{item}.until") == "none"
                           else scenario.day(scenario.get(f"{item}.until"), year) for year in range(scenario.n_years)])
                         for item in scenario.items(f"{path}.reserves")]
        self.steps = [(scenario.value(f"{item}.committed"), scenario.value(f"{item}.factor"))
                      for item in scenario.items(f"{path}.steps")]

    def _release(self, path, year, amount):
        """The appropriation of a fiscal year, in parts; the last one brings what rounding has left."""
        scenario = self.scenario
        first = years_later(scenario.start, year)
        items = scenario.items(f"{path}.releases")
        if items:
            parts = [(scenario.day(scenario.get(f"{item}.date"), year), floor(amount * scenario.value(f"{item}.share")))
                     for item in items]
        else:
            n = {"at_once": 1, "quarterly": 4, "monthly": 12}[scenario.get(f"{path}.release")]
            parts = [((months_later(first, 12 // n * k) - scenario.start).days, amount // n) for k in range(n)]
        left = amount
        for k, (day, part) in enumerate(parts):
            part = left if k + 1 == len(parts) else min(part, left)
            self.released[day] = self.released.get(day, 0) + part
            left -= part

    def round_of(self, day):
        """The day on which the money asked for on `day` is handed out."""
        if day is NEVER or self.closing_days is None:
            return day
        return min((closing for closing in self.closing_days if closing >= day), default=NEVER)


def review(application, rules, scenario):
    """When it is decided on the merits, and when it asks for money."""
    application.decided = scenario.working_days_after(application.applied, application.review_days)
    application.day = rules.round_of(application.applied if rules.reserves_on_application else application.decided)


def grant(application, rules, committed_elsewhere):
    """The award if money were no limit, before the applicant's cap."""
    award = rules.award[application.class_]
    granted, application.at_cap = award.of(application)
    is_open = application.supported or rules.reserves_on_application
    if application.day is NEVER or not is_open or application.contract < award.minimum:
        granted = 0
    if award.stacks_with is not None:
        limit = floor(award.stack_limit * application.contract)
        granted = max(0, min(granted, limit - committed_elsewhere.get((award.stacks_with, application.who), 0)))
    application.granted = granted


def cut_to_applicant_cap(applications, cap):
    """The awards of one applicant in one fiscal year, in the order in which it applies, together at most the cap.

    What was refused before the day of an application, or on that day, is free again.
    """
    earlier = []
    for application in sorted(applications, key=lambda one: one.time):
        held = sum(one.granted for one in earlier
                   if one.supported or one.decided is NEVER or one.decided > application.applied)
        application.granted = min(application.granted, max(0, cap - held))
        earlier.append(application)


def ask(applications, rules, committed_elsewhere):
    """From the contracts of one programme to what they ask of the budget."""
    by_applicant = {}
    for application in applications:
        grant(application, rules, committed_elsewhere)
        key = application.class_, application.applicant, application.year
        by_applicant.setdefault(key, []).append(application)
    for (class_, _, _), group in by_applicant.items():
        cut_to_applicant_cap(group, rules.award[class_].applicant_cap)
    for application in applications:
        application.demand = rules.award[application.class_].claimed(application.granted)


def settle(application, rules, scenario):
    """What becomes of a commitment: when it is paid, or dies and frees its money."""
    application.returned, application.returned_on, application.payments = 0, NEVER, []
    if application.decided is NEVER or application.committed == 0:
        return
    committed = application.committed
    since = max(application.day, application.decided)
    if not application.supported:
        dies_on, dead = since, committed
    elif not application.redeemed or application.delay > rules.expires:
        dies_on, dead = since + rules.expires, committed
    else:
        dies_on = since + application.delay
        payable = floor(committed / rules.award[application.class_].inflation)
        dead = committed - payable
        part = payable // rules.instalments
        for k in range(rules.instalments):
            day = dies_on + k * rules.interval
            amount = part if k + 1 < rules.instalments else payable - part * (rules.instalments - 1)
            if day < scenario.n_days and payable > 0:
                application.payments.append((day, amount))
    if dead > 0 and floor(dies_on) < scenario.n_days:
        application.returned, application.returned_on = dead, floor(dies_on)


# ---- the money -------------------------------------------------------------------------------------------------------

BOOK = ("applications", "awards", "refused_for_money", "refused_on_merits", "withdrawn", "pending", "waiting",
        "awards_at_cap", "contract_value", "demand", "committed", "unmet", "returned", "outlay", "outstanding",
        "appropriation", "topped_up", "received", "given", "carried_in", "carried_out", "lapsed", "overdrawn",
        "co_funded", "capital_drawn", "induced", "deadweight")
SHARES = ("lowest_factor", "share_at_cap", "gini", "top_decile_share")


class Pool:
    """The money of one budget while the days pass: that of a programme, and of those that share it."""

    def __init__(self, scenario, rules, members, applications, books, exhausted):
        self.scenario, self.rules, self.members, self.applications = scenario, rules, members, applications
        self.books = books  # [year] of the programme that has the budget
        self.exhausted = exhausted  # [year]: days on which money ran short
        self.cash = [0] * scenario.n_years  # what the commitments of each year leave of its money; negative: overdrawn
        self.coming_back = []  # (day, year of the commitment, amount)
        self.waiting = []
        self.queue_of = {}
        self.n_turns = 0

    def play(self):
        self._sort_by_day()
        carried = 0
        for year in range(self.scenario.n_years):
            self._open(year, carried)
            for self.day in range(self.scenario.year_first[year], self.scenario.year_first[year + 1]):
                self._play_day()
            carried = self._close()
        for year, cash in enumerate(self.cash):
            self.books[year]["overdrawn"] = max(0, -cash)
        for application in self.waiting:
            application.is_waiting = True
            self.books[self.scenario.year_of(application.day)]["waiting"] += 1

    def _sort_by_day(self):
        self.queue_of = {}
        for application in self.applications:
            self.queue_of.setdefault(application.day, []).append(application)

    # -- what comes

    def _open(self, year, carried):
        self.year = year
        self.at_hand = ENDLESS if self.rules.is_endless else 0
        self.kept = [0] * len(self.rules.reserves)
        self.committed = 0  # since the year began, less what was returned
        self.year_money = 0  # that could be committed since the year began
        self.awards_left = self.rules.most_awards
        self.is_closed, self.is_running = False, False
        self._receive(carried)

    def _receive(self, amount, is_appropriation=False, day=None):
        """Money that can be promised, over-allocated; a part of an appropriation may be kept for classes."""
        if amount == 0:
            return
        usable = floor(amount * self.rules.over_allocation)
        self.at_hand += usable
        self.year_money += usable
        self.cash[self.year] += amount
        for r, (_, share, until) in enumerate(self.rules.reserves):
            if is_appropriation and day <= until[self.year]:
                part = floor(share * usable)
                self.kept[r] += part
                self.at_hand -= part

    def _receive_today(self):
        released, topped_up = self.rules.released.get(self.day, 0), self.rules.topped_up.get(self.day, 0)
        self.books[self.year]["appropriation"] += released
        self.books[self.year]["topped_up"] += topped_up
        self._receive(released, True, self.day)
        self._receive(topped_up)
        due = [entry for entry in self.coming_back if entry[0] == self.day]
        self.coming_back = [entry for entry in self.coming_back if entry[0] != self.day]
        self._take_back(sum(amount for _, year, amount in due if year == self.year))
        for earlier in range(self.year):
            self._take_back_late(earlier, sum(amount for _, year, amount in due if year == earlier))
        for r, (_, _, until) in enumerate(self.rules.reserves):
            if self.day > until[self.year]:
                self.at_hand += self.kept[r]
                self.kept[r] = 0

    def _take_back(self, amount):
        self.at_hand += amount
        self.committed -= amount
        self.cash[self.year] += amount

    def _take_back_late(self, earlier, amount):
        """It makes up for what its own year was overdrawn; the rest is carried over to this day, or lapses."""
        before = max(0, self.cash[earlier])
        self.cash[earlier] += amount
        self._receive(self._carry(max(0, self.cash[earlier]) - before, earlier, self.year))

    def _carry(self, amount, year, to):
        carried = floor(self.rules.carry_over * amount)
        self.books[year]["lapsed"] += amount - carried
        for passed in range(year, to):
            self.books[passed]["carried_out"] += carried
            if passed + 1 < self.scenario.n_years:
                self.books[passed + 1]["carried_in"] += carried
        return carried

    def _close(self):
        """The fiscal year ends: what is left lapses or moves on."""
        if self.rules.is_endless:  # of a budget without limit, the appropriation is what was used
            self.books[self.year]["appropriation"] -= self.cash[self.year]
            self.cash[self.year] = 0
        return self._carry(max(0, self.cash[self.year]), self.year, self.year + 1)

    # -- what goes

    def _room_for(self, application):
        return self.at_hand + sum(kept for kept, (class_, _, _) in zip(self.kept, self.rules.reserves)
                                  if class_ == application.class_)

    def _commit(self, application, amount):
        left = amount
        for r, (class_, _, _) in enumerate(self.rules.reserves):
            if class_ == application.class_:  # its reserve first
                part = min(left, self.kept[r])
                self.kept[r] -= part
                left -= part
        self.at_hand -= left
        self.committed += amount
        self.cash[self.year] -= amount
        self.awards_left -= amount > 0
        application.committed = amount
        settle(application, self.members[application.programme], self.scenario)
        if application.returned:
            self.coming_back.append((application.returned_on, self.year, application.returned))

    def _take_turn(self, application):
        application.turn = self.n_turns
        self.n_turns += 1

    def _note_shortage(self):
        self.exhausted[self.year].append(self.day)

    def _note_factor(self, factor):
        self.books[self.year]["lowest_factor"] = min(self.books[self.year]["lowest_factor"], factor)
        self._note_shortage()

    def _play_day(self):
        self._receive_today()
        self._serve_waiting()
        queue = [one for one in self.queue_of.get(self.day, []) if one.demand > 0]
        if queue:
            self._serve(queue)
        # what was lost on the day of its own commitment can be used from tomorrow on
        tonight = [entry for entry in self.coming_back if entry[0] == self.day]
        self.coming_back = [entry for entry in self.coming_back if entry[0] != self.day]
        self._take_back(sum(amount for _, _, amount in tonight))
        if self.rules.run_factor > 1 and not self.is_running:
            if self.at_hand < self.rules.run_below * self.year_money:
                self._start_run()

    def _start_run(self):
        """Those who would come later this year come sooner, in the same order."""
        self.is_running = True
        for application in self.applications:
            day = application.day
            if day is not NEVER and self.day < day < self.scenario.year_first[self.year + 1]:
                application.day = self.day + math.ceil((day - self.day) / self.rules.run_factor)
                if application.decided is not NEVER:
                    application.decided -= day - application.day
        self._sort_by_day()

    # -- who gets it

    def _serve_waiting(self):
        while self.waiting:
            first = self.waiting[0]
            if first.demand > self._room_for(first) or self.awards_left < 1:
                self._note_shortage()
                return
            first.day = self.day
            self._take_turn(first)
            self._commit(first, first.demand)
            self.waiting.pop(0)

    def _serve(self, queue):
        rule = self.rules.rule
        first = list(self.members)  # of one contract put to two programmes, the one to the programme above
        queue = sorted(queue, key=lambda one: (one.time, first.index(one.programme)))
        if rule == "pro_rata":
            self._share_pro_rata(queue)
        elif rule == "equal_awards":
            self._share_equally(queue)
        else:
            order = {"first_come": lambda one: 0, "lottery": lambda one: one.lottery, "score": lambda one: -one.score,
                     "priority": lambda one: (self.rules.priority.index(one.class_)
                                              if one.class_ in self.rules.priority else len(self.rules.priority))}
            for application in sorted(queue, key=order[rule]):
                self._serve_one(application)

    def _serve_one(self, application):
        self._take_turn(application)
        if self.is_closed:
            self._note_shortage()
            return
        factor = Fraction(1)
        for committed, step in self.rules.steps:
            if self.committed >= committed * self.year_money:
                factor = step
        application.demand = floor(application.demand * factor)
        if application.demand == 0:
            return
        room = self._room_for(application)
        if application.demand <= room and self.awards_left >= 1 and not self.waiting:
            self._commit(application, application.demand)
            return
        self._note_shortage()
        if self.rules.last_award == "partial":
            if room > 0 and self.awards_left >= 1:
                self._commit(application, min(room, application.demand))
        elif self.rules.last_award == "close":
            self.is_closed = True
        elif self.rules.last_award == "wait":
            self.waiting.append(application)

    def _share_pro_rata(self, queue):
        """All are cut by one factor, rounded down to the fen."""
        total, at_hand = sum(one.demand for one in queue), self.at_hand
        if total > at_hand:
            self._note_factor(at_hand / total)
        for application in queue:
            self._take_turn(application)
            self._commit(application, min(application.demand, application.demand * at_hand // total)
                         if at_hand != ENDLESS else application.demand)

    def _share_equally(self, queue):
        """Nobody more than it asks for, and what the small ones leave goes to the others in equal parts."""
        total = sum(one.demand for one in queue)
        if total > self.at_hand:
            self._note_factor(self.at_hand / total)
        queue = sorted(queue, key=lambda one: one.demand)
        for k, application in enumerate(queue):
            self._take_turn(application)
            level = floor(self.at_hand if self.at_hand == ENDLESS else Fraction(self.at_hand, len(queue) - k))
            self._commit(application, min(application.demand, level))


# ---- the whole -------------------------------------------------------------------------------------------------------


def outcome_of(application, rules):
    """What became of an application: the account in which it is counted."""
    if application.day is NEVER:
        return "pending"
    refused = not (application.eligible and application.approved)
    if application.withdrawn and not refused and application.decided is not NEVER:
        return "withdrawn"
    if application.demand == 0:
        return "refused_on_merits"
    if application.committed == 0:
        return "refused_for_money"
    if application.decided is NEVER:
        return "pending"
    return "refused_on_merits" if refused else "awards"


def reason_of(application, rules):
    """The same, and why: the word of the ledger."""
    outcome = outcome_of(application, rules)
    award = rules.award[application.class_]
    refused = not (application.eligible and application.approved)
    if outcome == "awards":
        return "awarded" if application.committed == application.demand else "awarded_in_part"
    if outcome == "refused_for_money":
        return "waiting" if application.is_waiting else "no_money"
    if outcome != "refused_on_merits":
        return outcome
    if refused and application.decided is not NEVER:
        return "not_approved" if application.eligible else "not_eligible"
    if application.contract < award.minimum:
        return "below_minimum"
    return "nothing_granted"  # or nothing left of a cap


def side_accounts(application, rules):
    """What goes with a payment: another payer's share, others' capital, what the award brought about."""
    award = rules.award[application.class_]
    paid = application.paid
    induced = application.contract - application.wanted
    responds = award.elasticity > 0 or award.notch > 0
    return {"co_funded": floor(paid * award.co_funding / (1 - award.co_funding)),
            "capital_drawn": floor(paid * award.capital_drawn),
            "induced": induced if paid else 0,
            "deadweight": max(0, paid - induced) if responds else 0}


def inequality(commitments):
    """Gini coefficient and share of the top tenth, over applicants that were awarded anything."""
    ranked = sorted(amount for amount in commitments if amount > 0)
    n, total = len(ranked), sum(ranked)
    if n == 0:
        return 0.0, 0.0
    gini = Fraction(2 * sum((k + 1) * amount for k, amount in enumerate(ranked)), n * total) - Fraction(n + 1, n)
    return float(gini), sum(ranked[n - (n + 9) // 10:]) / total


@dataclass
class Outcome:
    """What a replicate comes to."""

    rules: dict  # [programme]
    applications: list
    books: dict  # [programme][fiscal year][account]
    class_books: dict  # [programme][fiscal year][class][account]
    exhausted: dict  # [programme][fiscal year]: days on which an award could not be committed in full


def rules_of(scenario):
    return {name: Rules(scenario, name) for name in scenario.programmes}


def play(scenario, applications, rules=None):
    """Apply the rules: programme by programme, the money of each pool once all that share it have asked."""
    rules = rules or rules_of(scenario)
    years = range(scenario.n_years)
    books = {name: [dict.fromkeys(BOOK, 0) | {"lowest_factor": 1} for _ in years] for name in rules}
    exhausted = {name: [[] for _ in years] for name in rules}
    committed = {}  # by programme and contract: what counts of it where a later programme stacks
    for application in applications:
        review(application, rules[application.programme], scenario)
    for i, name in enumerate(scenario.programmes):
        asked = [one for one in applications if one.programme == name]
        ask(asked, rules[name], committed)
        committed.update(((name, one.who), one.demand) for one in asked)  # as long as nothing is handed out
        pool = rules[name].pool
        if any(rules[later].pool == pool for later in scenario.programmes[i + 1:]):
            continue
        members = {other: rules[other] for other in scenario.programmes if rules[other].pool == pool}
        asked = [one for one in applications if one.programme in members]
        Pool(scenario, rules[pool], members, asked, books[pool], exhausted[pool]).play()
        committed.update(((one.programme, one.who), one.committed) for one in asked)
    class_books = add_up(scenario, rules, applications, books)
    return Outcome(rules, applications, books, class_books, exhausted)


def add_up(scenario, rules, applications, books):
    """The accounts of each programme and fiscal year, and by class. An application stands in the year of its day."""
    years = range(scenario.n_years)
    class_books = {name: [{class_: dict.fromkeys(BOOK, 0) for class_ in scenario.classes} for _ in years]
                   for name in rules}
    by_applicant = {(name, year): {} for name in rules for year in years}
    for one in applications:
        programme = rules[one.programme]
        settle(one, programme, scenario)
        one.reason = reason_of(one, programme)
        outcome = outcome_of(one, programme)
        year = scenario.n_years - 1 if one.day is NEVER else scenario.year_of(one.day)
        entries = {"applications": 1, outcome: 1, "awards_at_cap": int(outcome == "awards" and one.at_cap),
                   "contract_value": one.contract, "demand": one.demand, "committed": one.committed,
                   "unmet": one.demand - one.committed, "returned": one.returned, "outlay": one.paid,
                   "outstanding": one.committed - one.returned - one.paid} | side_accounts(one, programme)
        for account, amount in entries.items():
            class_books[one.programme][year][one.class_][account] += amount
            books[one.programme][year][account] += amount
        held = by_applicant[one.programme, one.year]
        held[one.class_, one.applicant] = held.get((one.class_, one.applicant), 0) + one.committed
    for name in rules:
        for year in years:
            book = books[name][year]
            book["share_at_cap"] = book["awards_at_cap"] / max(1, book["awards"])
            book["gini"], book["top_decile_share"] = inequality(by_applicant[name, year].values())
            if rules[name].pool != name:
                book["received"] = book["outlay"] + book["outstanding"]
                books[rules[name].pool][year]["given"] += book["received"]
    return class_books


# ---- comparing -------------------------------------------------------------------------------------------------------


def compare_applications(outcome, said_of):
    """Where an application of the ledger differs, in words."""
    rules = outcome.rules
    for one, said in zip(outcome.applications, said_of):
        award = rules[one.programme].award[one.class_]
        found = {"day": one.day, "demand": one.demand, "committed": one.committed, "returned": one.returned,
                 "returned_on": one.returned_on, "paid": one.paid, "paid_on": [day for day, _ in one.payments],
                 "decided": one.decided, "outstanding": one.committed - one.returned - one.paid,
                 "at_cap": outcome_of(one, rules[one.programme]) == "awards" and one.at_cap}
        found |= side_accounts(one, rules[one.programme])
        who = f"{one.programme}, {one.class_} {one.applicant}, year {one.year}, contract {one.ordinal}"
        for key, value in found.items():
            if said[key] != value:
                yield f"{who}: {key} is {said[key]} in the ledger, {value} by the rules"
        if award.own_contracts and award.responded(one.wanted) != one.contract:
            yield f"{who}: contract is {one.contract} in the ledger, {award.responded(one.wanted)} by the rules"
        capped = ("applicant_cap", "stack_limit", "nothing_granted")
        if said["reason"] != one.reason and not (one.reason == "nothing_granted" and said["reason"] in capped):
            yield f"{who}: reason is {said['reason']} in the ledger, {one.reason} by the rules"


def compare_order(outcome):
    """Where the ledger does not stand in the order of decision."""
    last = {}
    for one in outcome.applications:
        pool = outcome.rules[one.programme].pool
        waits_in_a_run = outcome.rules[pool].run_factor > 1 and outcome.rules[pool].last_award == "wait"
        if one.turn is NEVER or one.demand == 0 or one.decided is NEVER and waits_in_a_run:
            continue  # of the last, which are not decided yet, the program does not keep when they came to the list
        if one.turn < last.get(pool, -1):
            yield f"{one.programme}, {one.class_} {one.applicant}, year {one.year}: stands too late in the ledger"
        last[pool] = one.turn


def compare_accounts(outcome, recorded, scenario):
    """Where an account differs from recorded[name][programme][year] (and [class]), in the file's own units."""
    def differs(name, value, said, where):
        if name in SHARES and abs(value - said) <= 1e-9 or value == said:
            return
        yield f"{name} of {where} is {said} in the file, {value} by the rules"

    for p, programme in enumerate(scenario.programmes):
        for year in range(scenario.n_years):
            where = f"{programme}, year {year}"
            for name, value in outcome.books[programme][year].items():
                yield from differs(name, value, recorded[name][p][year], where)
            days = outcome.exhausted[programme][year]
            yield from differs("exhaustion_date", min(days, default=NEVER), recorded["exhaustion_date"][p][year], where)
            yield from differs("last_exhaustion_date", max(days, default=NEVER),
                               recorded["last_exhaustion_date"][p][year], where)
            for c, class_ in enumerate(scenario.classes):
                for name, value in outcome.class_books[programme][year][class_].items():
                    if f"{name}_by_class" in recorded:
                        said = recorded[f"{name}_by_class"][p][year][c]
                        yield from differs(f"{name}_by_class", value, said, f"{where}, {class_}")


def read_result(path):
    """What a result file holds: the scenario text, the files that it names (by name), and two functions, for the
    uncertain numbers of a draw and the accounts of a replicate. IndexError for a draw or replicate that it has not."""
    import h5py

    names = BOOK + SHARES + ("exhaustion_date", "last_exhaustion_date")
    with h5py.File(path, "r") as file:
        text = file["scenario"][()].decode()
        files = {file[name].attrs["file_name"].decode(): file[name][:].tobytes().decode(errors="replace")
                 for name in file if re.fullmatch("file_[0-9]+", name)}
        drawn = {file[name].attrs["parameter"].decode(): file[name][:] for name in file if name.startswith("uncertain_")}
        read = {}
        for name in [*names, *(f"{name}_by_class" for name in names)]:
            if name in file:
                read[name] = file[name].attrs["units"].decode(), file[name].attrs["_FillValue"], file[name][:]

    def plain(unit, missing, values):
        """Fen, days, counts and shares in Python's numbers; None where there is none."""
        if isinstance(values, list):
            return [plain(unit, missing, value) for value in values]
        if unit.startswith("days"):
            return NEVER if values == missing else values
        return values if unit == "1" else round(Fraction(values) * 100)

    def checked(i, axis, what):
        """The index, if there is such a one: a negative one would count from the end."""
        n = read["exhaustion_date"][2].shape[axis]
        if not 0 <= i < n:
            raise IndexError(f"no {what} {i}: the file has {what}s 0 to {n - 1}")
        return i

    def uncertain(draw):
        checked(draw, 0, "draw")
        return {path: values[draw] for path, values in drawn.items()}

    def recorded(draw, replicate):
        path = checked(draw, 0, "draw"), checked(replicate, 1, "replicate")
        return {name: plain(unit, missing, values[path].tolist())
                for name, (unit, missing, values) in read.items()}

    return text, files, uncertain, recorded


def check(scenario, ledger, recorded, rules=None):
    """All differences between the rules and what a replicate's ledger and accounts say."""
    rows = list(read_ledger(ledger, scenario))
    outcome = play(scenario, [application for application, _ in rows], rules)
    yield from compare_applications(outcome, [said for _, said in rows])
    yield from compare_order(outcome)
    yield from compare_accounts(outcome, recorded, scenario)


def main():
    parser = argparse.ArgumentParser(prog="reference_model.py", description=__doc__.split("\n")[0],
                                     epilog="Exit status: 0 all equal, 1 something differs, 2 misuse.")
    parser.add_argument("result", metavar="RESULT.h5")
    parser.add_argument("ledger", metavar="LEDGER.csv")
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--replicate", type=int, required=True)
    options = parser.parse_args()
    text, files, uncertain, recorded = read_result(options.result)
    try:
        drawn, accounts = uncertain(options.draw), recorded(options.draw, options.replicate)
    except IndexError as error:
        parser.error(str(error))
    differences = list(check(Scenario(text, drawn, files), options.ledger, accounts))
    for difference in differences[:20]:
        print(difference)
    if len(differences) > 20:
        print(f"and {len(differences) - 20} more")
    if not differences:
        print("equal to the fen")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
