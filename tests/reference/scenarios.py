"""Random scenarios that switch the rules on and off at random: scenario(seed) -> text in YAML.

Small, tight with money, with figures that are easy to get wrong: shares that binary numbers do not hold (29 %), amounts
that divide evenly and amounts that do not, days that fall together. Not every one is a good scenario: the program says
so, and the test counts those.
"""
import json
import random


class Draw(random.Random):
    def maybe(self, p, value):
        """`value` with probability p, else nothing."""
        return value if self.random() < p else None

    def share(self, low, high):
        """A share of at most four decimals, as a person would write it."""
        digits = self.choice([0, 0, 0, 1, 2])
        return f"{round(self.uniform(low, high) * 100, digits):g}%"

    def money(self, low, high):
        amount = self.uniform(low, high)
        return self.choice([f"{round(amount, -4):.0f}", f"{round(amount):.0f}", f"{amount:.2f}", f"{amount / 1000:.1f} k"])

    def day(self, start):
        """MM-DD, or a date in the first or second fiscal year."""
        text = f"{self.randint(1, 12):02}-{self.randint(1, 28):02}"
        year = int(start[:4]) + self.randint(0, 1)
        return text if self.random() < 0.75 else f"{year}-{text}"

    def yearly(self):
        return f"{self.randint(1, 12):02}-{self.randint(1, 28):02}"


def block(**keys):
    """A mapping without what is None or empty."""
    return {key.rstrip("_"): value for key, value in keys.items() if value not in (None, {}, [])}


def award(draw, classes, earlier):
    kind = draw.choice(["rate", "rate", "rate", "fixed", "bands"])
    own = {}
    if kind == "rate":
        own["rate"] = {"uniform": [0.2, 0.6]} if draw.random() < 0.1 else draw.share(0.1, 0.9)
        own["cap"] = draw.maybe(0.5, draw.money(20e3, 150e3))
        if draw.random() < 0.25:
            own["young"] = block(below=draw.choice([2, 3.5, 5]), rate=draw.share(0.3, 0.9),
                                 cap=draw.maybe(0.5, draw.money(30e3, 150e3)))
    elif kind == "fixed":
        own["fixed"] = draw.money(5e3, 50e3)
        own["cap"] = draw.maybe(0.1, draw.money(5e3, 50e3))
    else:
        ends = sorted(draw.sample(range(20, 400, 10), draw.randint(1, 3)))
        own["bands"] = [block(up_to=f"{end} k", rate=draw.share(0.1, 0.9), cap=draw.maybe(0.4, draw.money(10e3, 90e3)))
                        for end in ends]
        if draw.random() < 0.5:
            own["bands"][-1]["up_to"] = "none"
    own["minimum_contract"] = draw.maybe(0.3, draw.money(10e3, 80e3))
    own["applicant_cap"] = draw.maybe(0.35, draw.money(20e3, 200e3))
    own["eligible"] = draw.maybe(0.25, draw.share(0.5, 0.95))
    own["co_funding"] = draw.maybe(0.25, draw.share(0.05, 0.8))
    own["capital_drawn"] = draw.maybe(0.2, round(draw.uniform(0.1, 4), 1))
    if earlier is not None and draw.random() < 0.7:
        own["stacks_with"], own["stack_limit"] = earlier, draw.share(0.3, 1.0)
    if kind == "rate" and draw.random() < 0.3:
        own["by_class"] = {draw.choice(classes): block(rate=draw.share(0.2, 0.9), cap=draw.money(10e3, 200e3),
                                                       co_funding=draw.maybe(0.2, draw.share(0.1, 0.5)))}
    return block(**own)


def applications(draw, classes, earlier, start, has_young):
    if earlier is not None:
        return block(same_as=earlier, take_up=draw.maybe(0.6, draw.share(0.5, 1.0)),
                     inflation=draw.maybe(0.15, draw.choice([1.1, 1.15, 1.25, 2])))
    contract = draw.choice([{"lognormal": [draw.money(50e3, 150e3), 0.9]}, {"uniform": ["10 k", "300 k"]},
                            draw.money(40e3, 200e3), {"histogram": {"edges": ["10 k", "50 k", "400 k"],
                                                                    "shares": ["60%", "40%"]}}])
    window = start[5:] == "01-01" and draw.random() < 0.4
    return block(
        per_year=round(draw.uniform(0.5, 3), 1), contract=contract,
        take_up=draw.maybe(0.3, draw.share(0.4, 0.9)),
        size_exponent=draw.maybe(0.2, 0.5),
        inflation=draw.maybe(0.2, draw.choice([1.1, 1.15, 1.25, 1.3, 2, 3.8])),
        response=draw.maybe(0.2, block(
            elasticity=None if has_young else draw.maybe(0.7, draw.choice([0.1, 0.5, 1])),
            notch=draw.maybe(0.5, draw.share(0.05, 0.5)))),
        arrivals=block(opens="03-01" if window else None, closes="09-15" if window else None,
                       days=draw.maybe(0.3, "all"), rush=draw.maybe(0.3, {"share": "40%", "days": 5}),
                       size_correlation=draw.maybe(0.1, 0.4)),
        by_class=draw.maybe(0.2, {draw.choice(classes): {"contract": draw.money(20e3, 90e3)}}))


def review(draw, rule):
    days = draw.choice([draw.randint(1, 60), {"gamma": {"mean": 25, "sd": 12}}, {"uniform": [0, 90]}])
    score = draw.choice([{"normal": [60, 15]}, {"uniform": [0, 1]}]) if rule == "score" else None
    return block(approved=draw.maybe(0.5, draw.share(0.4, 0.95)), withdrawn=draw.maybe(0.3, draw.share(0.05, 0.5)),
                 working_days=draw.maybe(0.6, days), notice=draw.maybe(0.2, draw.randint(1, 10)), score=score)


def budget(draw, rule, classes, n_years, start):
    divides = rule in ("pro_rata", "equal_awards")
    amount = draw.money(200e3, 1.6e6)
    if draw.random() < 0.06:
        return block(amount="none", awards=None if divides else draw.maybe(0.7, draw.randint(3, 30)))
    period = draw.maybe(0.15, "horizon") if n_years > 1 else None
    shares = draw.choice([["40%", "60%"], ["29%", "71%"], ["33.33%", "33.33%", "33.34%"]])
    dates = sorted(draw.sample(["01-15", "04-01", "06-30", "09-01", "11-20"], len(shares)))
    releases = [{"date": date, "share": share} for date, share in zip(dates, shares)]
    release = draw.choice([None, None, {"release": "quarterly"}, {"release": "monthly"}, {"releases": releases}]) or {}
    steps = sorted(draw.sample(range(5, 95), draw.randint(1, 3)))
    factors = sorted((draw.randint(20, 95) for _ in steps), reverse=True)
    return block(
        amount={"uniform": [300000, 900000]} if draw.random() < 0.1 else amount, period=period,
        carry_over=draw.maybe(0.5, draw.choice(["all", "50%", "29%", "7%", "33.3%"])) if not period else None,
        over_allocation=draw.maybe(0.2, draw.choice([1.1, 1.15, 1.2, 1.33, 2])),
        awards=None if divides else draw.maybe(0.2, draw.randint(3, 40)), **release,
        top_ups=draw.maybe(0.25, [{"date": draw.day(start), "amount": draw.money(20e3, 300e3)}
                                  for _ in range(draw.randint(1, 2))]),
        reserves=None if divides else draw.maybe(0.3, [
            block(class_=class_, share=draw.share(0.05, 0.4), until=draw.maybe(0.7, draw.day(start)))
            for class_ in draw.sample(classes, draw.randint(1, 2))]),
        steps=None if divides else draw.maybe(0.25, [{"committed": f"{at}%", "factor": f"{factor}%"}
                                                     for at, factor in zip(steps, factors)]))


def allocation(draw, rule, classes):
    divides = rule in ("pro_rata", "equal_awards")
    rounds = draw.choice(["monthly", "quarterly", "yearly", "days"] if divides else
                         ["rolling"] * 6 + ["monthly", "quarterly", "yearly", "days"])
    run = {"below": draw.share(0.1, 0.6), "factor": draw.choice([1.5, 2, 3, 10])}
    return block(
        rule=rule, last_award=draw.choice(["partial", "close", "skip"] + ([] if divides else ["wait", "wait"])),
        rounds=rounds if rounds not in ("rolling", "days") else None,
        round_days=sorted({draw.yearly() for _ in range(draw.randint(2, 5))}) if rounds == "days" else None,
        commit=draw.maybe(0.4, "application"),
        priority=draw.sample(classes, draw.randint(1, len(classes))) if rule == "priority" else None,
        run=run if rounds == "rolling" and draw.random() < 0.2 else None)


def payment(draw):
    return block(redeemed=draw.maybe(0.3, draw.share(0.3, 0.95)),
                 delay=draw.maybe(0.4, draw.choice([30, {"uniform": [0, 200]}, {"exponential": {"mean": 60}}])),
                 expires=draw.maybe(0.4, draw.choice([20, 45.5, 90, 180])),
                 instalments=draw.maybe(0.3, draw.randint(2, 5)), interval=draw.maybe(0.3, draw.randint(5, 150)))


def scenario(seed):
    draw = Draw(seed)
    classes = ["big", "small", "young"][: draw.randint(2, 3)]
    n_years = draw.choice([1, 1, 2, 3])
    start = draw.choice(["2025-01-01", "2025-01-01", "2025-04-01", "2024-07-15"])
    programmes, n = {}, draw.choice([1, 1, 1, 2, 2, 3])
    for i, name in enumerate(["city", "district", "county"][:n]):
        rule = draw.choice(["first_come"] * 3 + ["lottery", "priority", "score", "pro_rata", "equal_awards"])
        above = list(programmes)
        same_as = draw.choice(above) if above and draw.random() < 0.6 else None
        shares = draw.choice(above) if above and draw.random() < 0.35 else None
        owner = shares
        while owner and "shared_with" in programmes[owner]["budget"]:
            owner = programmes[owner]["budget"]["shared_with"]
        own_rule = programmes[owner]["allocation"]["rule"] if owner else rule
        award_ = award(draw, classes, same_as)
        programmes[name] = block(
            budget={"shared_with": shares} if shares else budget(draw, rule, classes, n_years, start),
            award=award_, applications=applications(draw, classes, same_as, start, "young" in award_),
            review=review(draw, own_rule), allocation=allocation(draw, own_rule, classes), payment=payment(draw))
    whole = {
        "outlay": 1, "title": f"Random scenario {seed}", "currency": "EUR",
        "calendar": draw.choice(["weekdays", "all_days", "china"]),
        "horizon": {"start": start, "years": n_years},
        "classes": {name: block(count=draw.randint(3, 14), size_sigma=draw.maybe(0.3, 0.8),
                                age=draw.choice([0, 4, {"uniform": [0, 8]}]), growth=draw.maybe(0.2, "20%"))
                    for name in classes},
        "programmes": programmes,
    }
    return json.dumps(whole, indent=1)  # JSON is YAML
