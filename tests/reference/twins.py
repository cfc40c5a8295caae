"""Biased twins of the reference model: each breaks one rule. A test that does not notice one of them tests nothing.

A twin is a function of the rules of a scenario ({programme: Rules}) that alters them and returns whether there was
anything to alter; or, where the code itself is altered, a name of analysis/reference_model.py and its replacement.
"""
import math
from contextlib import contextmanager
from fractions import Fraction

import reference_model as model

ENDLESS = math.inf


def award(change):
    """A twin that changes the award of every class."""
    def alter(rules):
        return any([change(each) for one in rules.values() for each in one.award.values()])
    return alter


def pool(change):
    """A twin that changes the rules of every programme with a budget of its own."""
    def alter(rules):
        return any([change(one) for one in rules.values() if one.pool == one.name])
    return alter


def programme(change):
    def alter(rules):
        return any([change(one) for one in rules.values()])
    return alter


def set_to(name, value, when=lambda old: True):
    """Set an attribute where that changes it."""
    def change(one):
        old = getattr(one, name)
        if old == value or not when(old):
            return False
        setattr(one, name, value)
        return True
    return change


def a_fen_more(name):
    def change(one):
        old = getattr(one, name)
        setattr(one, name, None if old is None else old + 1)
        return old not in (None, ENDLESS)
    return change


def bands_open(one):
    changed = bool(one.bands)
    one.bands = [(ENDLESS, rate, cap) for _, rate, cap in one.bands]
    return changed


def releases_at_once(one):
    changed = len(one.released) > 1
    one.released = {min(one.released): sum(one.released.values())} if changed else one.released
    return changed


def reserves_forever(one):
    changed = bool(one.reserves)
    one.reserves = [(class_, share, [10**6] * len(until)) for class_, share, until in one.reserves]
    return changed


def swap(old, new):
    return pool(set_to("last_award", new, lambda now: now == old))


TWINS = {
    "cap one fen more": award(a_fen_more("cap")),
    "fixed sum one fen more": award(a_fen_more("fixed")),
    "minimum contract forgotten": award(set_to("minimum", 0)),
    "applicant's cap one fen more": award(a_fen_more("applicant_cap")),
    "young treated as all": award(set_to("young_below", None)),
    "bands without ends": award(bands_open),
    "co-funding forgotten": award(set_to("co_funding", Fraction(0))),
    "capital drawn forgotten": award(set_to("capital_drawn", Fraction(0))),
    "stacking forgotten": award(set_to("stacks_with", None)),
    "inflation forgotten": award(set_to("inflation", Fraction(1))),
    "elasticity forgotten": award(set_to("elasticity", Fraction(0))),
    "notch forgotten": award(set_to("notch", Fraction(0))),
    "partial as skip": swap("partial", "skip"),
    "skip as partial": swap("skip", "partial"),
    "close as skip": swap("close", "skip"),
    "wait as skip": swap("wait", "skip"),
    "lottery as first come": pool(set_to("rule", "first_come", lambda now: now == "lottery")),
    "priority as first come": pool(set_to("rule", "first_come", lambda now: now == "priority")),
    "score as first come": pool(set_to("rule", "first_come", lambda now: now == "score")),
    "pro rata as first come": pool(set_to("rule", "first_come", lambda now: now == "pro_rata")),
    "equal awards as pro rata": pool(set_to("rule", "pro_rata", lambda now: now == "equal_awards")),
    "rounds forgotten": programme(set_to("closing_days", None)),
    "reservation forgotten": programme(set_to("reserves_on_application", False)),
    "run forgotten": pool(set_to("run_factor", Fraction(1))),
    "carry-over forgotten": pool(set_to("carry_over", Fraction(0))),
    "over-allocation forgotten": pool(set_to("over_allocation", Fraction(1))),
    "limit of awards forgotten": pool(set_to("most_awards", ENDLESS)),
    "released at once": pool(releases_at_once),
    "top-ups forgotten": pool(set_to("topped_up", {})),
    "reserves forgotten": pool(set_to("reserves", [])),
    "reserves never freed": pool(reserves_forever),
    "steps forgotten": pool(set_to("steps", [])),
    "expiry forgotten": programme(set_to("expires", ENDLESS)),
    "all paid at once": programme(set_to("instalments", 1)),
}


# ---- twins of the code -----------------------------------------------------------------------------------------------


def nobody_reviews(application, rules, scenario):
    application.decided = application.applied
    application.day = rules.round_of(application.applied)


def share_to_the_nearest_fen(self, queue):
    total, at_hand = sum(one.demand for one in queue), self.at_hand
    if total > at_hand:
        self._note_factor(at_hand / total)
    for one in queue:
        self._commit(one, one.demand if total <= at_hand else round(Fraction(one.demand * at_hand, total)))


def share_equally_in_order(self, queue):
    total = sum(one.demand for one in queue)
    if total > self.at_hand:
        self._note_factor(self.at_hand / total)
    for k, one in enumerate(queue):
        self._commit(one, min(one.demand, model.floor(Fraction(self.at_hand, len(queue) - k))))


def latest_first(self, queue, serve=model.Pool._serve):
    for one in queue:
        one.moment = 1 - one.moment
    serve(self, queue)


def commit_from_common_money(self, application, amount):
    kept, self.kept = self.kept, [0] * len(self.kept)
    COMMIT(self, application, amount)
    self.kept = kept


def back_at_once(self):
    """Money that is lost on the day of its commitment is used again on that day."""
    tonight = [entry for entry in self.coming_back if entry[0] == self.day]
    self.coming_back = [entry for entry in self.coming_back if entry[0] != self.day]
    self._take_back(sum(amount for _, _, amount in tonight))


def commit_and_take_back(self, application, amount):
    COMMIT(self, application, amount)
    back_at_once(self)


def late_money_lapses(self, earlier, amount):
    self.cash[earlier] += amount
    self.books[earlier]["lapsed"] += amount


def overtaking(self):
    for one in list(self.waiting):
        if one.demand <= self._room_for(one) and self.awards_left >= 1:
            one.day = self.day
            self._commit(one, one.demand)
            self.waiting.remove(one)
    if self.waiting:
        self._note_shortage()


def cap_never_free_again(applications, cap):
    held = 0
    for one in sorted(applications, key=lambda one: one.time):
        one.granted = min(one.granted, max(0, cap - held))
        held += one.granted


def last_turn_first(self, application):
    application.turn = -self.n_turns
    self.n_turns += 1


COMMIT = model.Pool._commit
CODE_TWINS = {
    "decided on the day": (model, "review", nobody_reviews),
    "pro rata to the nearest fen": (model.Pool, "_share_pro_rata", share_to_the_nearest_fen),
    "equal awards in the order of application": (model.Pool, "_share_equally", share_equally_in_order),
    "the latest of the day first": (model.Pool, "_serve", latest_first),
    "common money before the reserve": (model.Pool, "_commit", commit_from_common_money),
    "money back on the same day": (model.Pool, "_commit", commit_and_take_back),
    "late money lapses": (model.Pool, "_take_back_late", late_money_lapses),
    "the list may be overtaken": (model.Pool, "_serve_waiting", overtaking),
    "the ledger the other way round": (model.Pool, "_take_turn", last_turn_first),
    "an applicant's cap is never free again": (model, "cut_to_applicant_cap", cap_never_free_again),
}


@contextmanager
def altered(place, name, replacement):
    old = getattr(place, name)
    setattr(place, name, replacement)
    try:
        yield
    finally:
        setattr(place, name, old)
