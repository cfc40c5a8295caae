"""What is known of two runs together, where nothing is known of either: relations between random scenarios.

usage: test_metamorphic.py [FIRST LAST]     with OUTLAY and OUTLAY_SOURCE in the environment

For each seed (FIRST ... LAST - 1) a scenario of scenarios.py is run, changed as a relation says, and run again:

money       all money x 1024: every amount of the result is x 1024 to the bit, everything else is the same. Every rule
            rounds down to the fen, and 1024 times what was rounded is not what is rounded of 1024 times as much. So this
            holds where nothing is rounded: contracts of one amount, amounts of many whole fen, shares in eighths, and
            no rule that divides (`whole` below makes such scenarios).
money_fen   the same of the scenario as it is: amounts are x 1024 up to 1024 fen for each time that a rule rounds; dates
            and the number of applications are the same. What became of an application may differ: a fen that is left is
            an award in part, where nothing is left there is none; with it what it brought about (induced, deadweight).
budget      with a larger budget no fiscal year is exhausted earlier. Until the first shortage everybody is served in full,
            whatever the rule, and there is as much left or more. This does not hold where what was asked for depends on
            the money: steps, a run beside money that comes back, the limit of two programmes by what the first has
            committed; nor in a later year to which the one before leaves money, a waiting list or late returns.
parts       a run of more draws and replicates begins with the smaller run, on any number of threads, and its means are
            those of its parts.
classes     the classes in reverse order: the same, in reverse order.
programmes  programmes that have nothing to do with each other in reverse order: likewise.
bystander   a class before all others that takes no part changes nothing for anybody else.
calendar    28 years later, with the same weekdays and leap years, the same happens on the same days.

No chance is left: the seeds are fixed. Each relation has a twin, a change that breaks it, which must be noticed.
"""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

import h5py
import numpy as np

SOURCE, OUTLAY = os.environ["OUTLAY_SOURCE"], os.environ["OUTLAY"]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scenarios import scenario  # noqa: E402

SEEDS = (3, 5, 9, 19, 26, 33, 42, 47)  # some of them with programmes that have nothing to do with each other
MOST_REFUSED = 0.3  # share of the changed scenarios that are no good ones
TIMES = 1024
ROUNDINGS = 12  # of one amount, at most: what rules do to it on its way from contract to account

refused = runs = 0
beyond = {False: 0, True: 0}  # fiscal years of which `budget` need not hold: does it not?


# ---- runs ------------------------------------------------------------------------------------------------------------

class Run:
    """The fields of a result: field[name], an array; unit[name]; classes, the names in the order of the axis."""

    def __init__(self, path):
        with h5py.File(path, "r") as file:
            self.classes, self.programmes = (file[axis].attrs["flag_meanings"].decode().split()
                                             for axis in ("class", "programme"))
            self.field, self.unit = {}, {}
            for name, values in file.items():
                if re.match("(scenario|class|programme|year|time|draw|replicate|file_[0-9]+)$", name):
                    continue
                label = values.attrs["parameter"].decode() if name.startswith("uncertain_") else name
                self.field[label] = values[()]
                self.unit[label] = values.attrs["units"].decode() if "units" in values.attrs else ""
        self.of_path = [name for name in self.field if name in PATH_FIELDS]

    def is_money(self, name):
        return self.unit[name] == "EUR"


def path_fields():
    """The fields that hold a value for each path, by `outlay fields`: those with the axes draw and replicate."""
    table = subprocess.run([OUTLAY, "fields"], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"^\| `([a-z_]+)` \| draw, replicate,", table, re.M))


PATH_FIELDS = path_fields()


def run(case, folder, draws=2, replicates=5, seed=None, threads=1):
    """The result of a scenario; None where it is no good one."""
    global refused, runs
    text, result = os.path.join(folder, "case.yaml"), os.path.join(folder, "case.h5")
    with open(text, "w", encoding="utf-8") as file:
        json.dump(case, file)
    more = ["--seed", str(seed)] if seed is not None else []
    done = subprocess.run([OUTLAY, "run", text, "-o", result, "-n", str(replicates), "--draws", str(draws), "--force",
                           "--threads", str(threads), "--quiet", *more], capture_output=True, text=True)
    runs += 1
    refused += done.returncode == 3
    assert done.returncode in (0, 3), done.stderr
    return Run(result) if done.returncode == 0 else None


def same(a, b):
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def differing(a, b, change=lambda name, values: values):
    """The fields of a, after a change, that are not those of b."""
    names = set(a.field) ^ set(b.field)
    return sorted(names | {name for name in set(a.field) & set(b.field)
                           if not same(change(name, a.field[name]), b.field[name])})


# ---- changes ---------------------------------------------------------------------------------------------------------

MONEY = {"amount", "fixed", "cap", "minimum_contract", "applicant_cap", "up_to", "contract"}
SHARES = {"rate", "stack_limit", "carry_over", "factor", "share"}


def fen(text):
    """An amount as scenarios.py writes it."""
    number, unit = re.fullmatch(r"([0-9.]+) ?(k?)", str(text)).groups()
    return round(float(number) * 100 * (1000 if unit else 1))


def written(amount):
    return f"{amount // 100}.{amount % 100:02}"


def visit(value, change, key=None, above=()):
    """A copy in which change(key, value, keys above) has replaced what it does not return as it is."""
    changed = change(key, value, above)
    if changed is not value:
        return changed
    if isinstance(value, dict):
        inner = {name: visit(item, change, name, (*above, key)) for name, item in value.items()}
        return {name: item for name, item in inner.items() if item is not None}
    return [visit(item, change, key, above) for item in value] if isinstance(value, list) else value


def scaled(case, times, budgets=1):
    """All money x `times`, and what is appropriated x `budgets` besides."""
    def law(key, value, above):
        if isinstance(value, (str, int, float)) and key != "shares":
            is_shape = isinstance(value, float) and value < 10  # sigma
            return value if is_shape else written(fen(value) * times)
        return value

    def change(key, value, above):
        if key not in MONEY or value == "none":
            return value
        if isinstance(value, (dict, list)):
            return visit(value, law)
        is_budget = key == "amount" and above[-1] == "budget"
        return written(round(fen(value) * times * (budgets if is_budget else 1)))

    return visit(case, change)


UNIT = 3 << 24  # fen: a quarter, a twelfth and eight times an eighth of it are whole


def whole(case):
    """The scenario with numbers that no rule has to round."""
    def eighths(text):
        value = float(text[:-1]) / 100 if isinstance(text, str) and text.endswith("%") else 0.5
        return f"{max(1, min(7, round(8 * value))) * 12.5}%"

    def amount(value):
        if isinstance(value, dict):  # a law
            return {"lognormal": 24, "uniform": 40, "histogram": 15}[next(iter(value))] * UNIT
        return max(1, round(fen(value) * 256 / UNIT)) * UNIT

    def change(key, value, above):
        block = above[-1] if above else None
        if key in MONEY and value != "none" and block not in ("uniform", "lognormal", "histogram"):
            return written(amount(value))
        if key == "releases":
            parts = [["37.5%", "62.5%"], ["25%", "25%", "50%"]][len(value) - 2]
            return [{**part, "share": share} for part, share in zip(value, parts)]
        if key == "carry_over" and value == "all" or block == "run":
            return value
        if key in SHARES and block != "rush":
            return eighths(value)
        if key in ("response", "size_exponent"):
            return None
        # what the other payer adds to a payment is co_funding / (1 - co_funding) of it
        fixed = {"co_funding": "75%", "inflation": 2, "over_allocation": 1.25, "capital_drawn": 1.5, "instalments": 4}
        if key == "rule" and value in ("pro_rata", "equal_awards"):
            return "first_come"
        return fixed.get(key, value)

    return visit(case, change)


def later(case, years):
    def change(key, value, above):
        if key == "calendar":
            return "weekdays" if value == "china" else value
        if isinstance(value, str) and re.fullmatch(r"20\d\d-\d\d-\d\d", value):
            return f"{int(value[:4]) + years}{value[4:]}"
        return value
    return visit(case, change)


def reverse(mapping):
    return dict(reversed(mapping.items()))


def with_bystander(case, take_up):
    case = copy.deepcopy(case)
    case["classes"] = {"bystander": {"count": 7, "age": 4}, **case["classes"]}
    for programme in case["programmes"].values():
        if "same_as" not in programme["applications"]:
            programme["applications"].setdefault("by_class", {})["bystander"] = {"take_up": take_up}
    return case


# ---- relations: generators of what does not hold; `twin` breaks them --------------------------------------------------

def amounts_times(a, b):
    return differing(a, b, lambda name, values: values * TIMES if a.is_money(name) else values)


def money(case, base, folder, twin):
    case = whole(case)
    a, b = run(case, folder), run(scaled(case, TIMES, 1.05 if twin else 1), folder)
    return amounts_times(a, b) if a and b else None


def money_fen(case, base, folder, twin):
    other = run(scaled(case, TIMES, 1.05 if twin else 1), folder)
    if other is None:
        return None
    most = TIMES * ROUNDINGS * (base.field["applications"].sum(axis=(2, 3)).max() + 24) / 100
    fixed = ("applications", "applications_by_class", "exhaustion_date", "last_exhaustion_date")
    amounts = {name for name in base.of_path if base.is_money(name)} - {"induced", "deadweight"}
    return [name for name in base.of_path if
            name in amounts and np.abs(base.field[name] * TIMES - other.field[name]).max() > most
            or name in fixed and not same(base.field[name], other.field[name])]


def never_earlier(programme, case):
    """The fiscal years of which the relation `budget` holds: all, the first one (0), or none (-1)."""
    budget, allocation = programme["budget"], programme.get("allocation", {})
    terms = [programme["award"], *programme["award"].get("by_class", {}).values()]
    returns = (allocation.get("commit") == "application" or "expires" in programme.get("payment", {})
               or "inflation" in programme["applications"])
    if "shared_with" in budget or "steps" in budget or any("stacks_with" in one for one in terms):
        return -1
    if any(other["budget"].get("shared_with") for other in case["programmes"].values()):
        return -1  # whose awards may be cut by what was committed
    if "run" in allocation and returns:
        return -1
    carries = "carry_over" in budget or budget.get("period") == "horizon" or allocation.get("last_award") == "wait"
    return 0 if carries else case["horizon"]["years"] - 1


def budget(case, base, folder, twin):
    other = run(scaled(case, 1, 0.8 if twin else 1.05), folder)
    if other is None:
        return None
    never = np.iinfo(np.int32).max
    days = [np.where(one.field["exhaustion_date"] < -10**6, never, one.field["exhaustion_date"])
            for one in (base, other)]
    problems = []
    for p, (name, programme) in enumerate(case["programmes"].items()):
        last = never_earlier(programme, case)
        for year in range(case["horizon"]["years"]):
            is_earlier = bool((days[1][:, :, p, year] < days[0][:, :, p, year]).any())
            if is_earlier and year <= last:
                problems.append(f"{name}, year {year}: earlier")
            beyond[is_earlier] += year > last and not twin
    return problems if any(never_earlier(one, case) >= 0 for one in case["programmes"].values()) else None


def parts(case, base, folder, twin):
    other = run(case, folder, draws=3, replicates=8, seed=2 if twin else None, threads=2)
    if other is None:
        return None
    n_draws, n_replicates = base.field[base.of_path[0]].shape[:2]
    problems = [name for name in base.of_path if not same(base.field[name], other.field[name][:n_draws, :n_replicates])]
    for name in other.of_path:
        if f"{name}_mean" in other.field:
            mean = other.field[name].mean(axis=(0, 1))
            if not np.allclose(mean, other.field[f"{name}_mean"], rtol=1e-12, atol=1e-12):
                problems.append(f"{name}_mean")
    return problems


def flipped(axis_of):
    return lambda name, values: np.flip(values, axis_of(name, values)) if axis_of(name, values) is not None else values


def class_axis(name, values):
    if "_by_class" not in name:
        return None
    return values.ndim - (2 if "_quantile" in name else 1)


def programme_axis(name, values):
    return None if values.ndim < 2 else 2 if name in PATH_FIELDS else 0


def classes(case, base, folder, twin):
    names = list(case["classes"])
    turned = {**case, "classes": reverse(case["classes"])}
    if twin:  # the names stay where they are
        turned["classes"] = dict(zip(names, turned["classes"].values()))
    other = run(turned, folder)
    return other and differing(base, other, flipped(class_axis))


def programmes(case, base, folder, twin):
    own = case["programmes"]
    if len(own) < 2 or re.search("same_as|stacks_with|shared_with", json.dumps(own)):
        return None
    turned = reverse(own)
    if twin:
        turned = dict(zip(own, turned.values()))
    other = run({**case, "programmes": turned}, folder)
    return other and differing(base, other, flipped(programme_axis))


def bystander(case, base, folder, twin):
    other = run(with_bystander(case, "5%" if twin else "0%"), folder)
    if other is None:
        return None
    def without(name, values):
        axis = class_axis(name, values)
        return values if axis is None else np.delete(values, 0, axis)
    return differing(other, base, without)


def calendar(case, base, folder, twin):
    a, b = run(later(case, 0), folder), run(later(case, 27 if twin else 28), folder)
    return differing(a, b) if a and b else None


RELATIONS = (money, money_fen, budget, parts, classes, programmes, bystander, calendar)


def main():
    seeds = range(*map(int, sys.argv[1:3])) if len(sys.argv) > 2 else SEEDS
    times, missed, n_problems = {one: 0 for one in RELATIONS}, set(RELATIONS), 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            case = json.loads(scenario(seed))
            base = run(case, folder)
            for relation in RELATIONS if base else ():
                found = relation(case, base, folder, False)
                if found is None:
                    continue
                times[relation] += 1
                if found:
                    n_problems += 1
                    print(f"seed {seed}, {relation.__name__}: {len(found)} differences, the first: {found[:4]}")
                if relation in missed and relation(case, base, folder, True):
                    missed.discard(relation)
    print(f"{len(seeds)} scenarios, {runs} runs, {refused} of them of no good scenario")
    for relation in RELATIONS:
        print(f"  {relation.__name__}: {times[relation]} times{', its twin is not noticed' * (relation in missed)}")
    print(f"  budget: of {sum(beyond.values())} years of which it need not hold, {beyond[True]} are exhausted earlier")
    return 1 if n_problems or missed or refused > MOST_REFUSED * runs else 0


if __name__ == "__main__":
    sys.exit(main())
