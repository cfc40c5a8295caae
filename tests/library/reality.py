#!/usr/bin/python3
"""Hold the scenarios of real run-outs against what happened: the tables in README.md and scenarios/README.md.

usage: reality.py [--update]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

Runs each case with seed 1 and its own size, reads the result files and scenarios/observed/*.csv, and prints the table;
with --update it is written into scenarios/README.md, and what was predicted into README.md. A figure that parameters were set from is called set, one that
follows from others by arithmetic an identity; only what is called predicted is a test, and a miss is called one.
"""
import csv
import datetime
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

OUTLAY, SOURCE = os.environ["OUTLAY"], os.environ["OUTLAY_SOURCE"]
SCENARIOS = os.path.join(SOURCE, "scenarios")
README = os.path.join(SCENARIOS, "README.md")
BEGIN, END = "<!-- begin: reality -->\n", "<!-- end: reality -->\n"
PROBABILITIES = (0.5, 0.05, 0.95)

SET, PREDICTED, IDENTITY = "set", "predicted", "identity"  # roles of scenarios/observed/README.md
KINDS = {"assumed": "follows from an assumption"}  # how a role is called in the table, where it is not its own name


class Result:
    """One run of a scenario, with values on top."""

    def __init__(self, name, *overrides, replicates=None):
        settings = [word for override in overrides for word in ("--set", override)]
        size = ["-n", str(replicates)] if replicates else []
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.h5")
            scenario = os.path.join(SCENARIOS, name + ".yaml")
            subprocess.run([OUTLAY, "run", scenario, "-o", path, "--seed", "1", "--quiet", *size, *settings], check=True,
                           capture_output=True)
            with h5py.File(path) as file:
                self.values = {key: file[key][...] for key in file}
                self.start = datetime.date.fromisoformat(file["time"].attrs["units"].decode().split()[2])
                self.fill = int(np.ravel(file["exhaustion_date"].attrs["_FillValue"])[0])

    def date(self, days):
        return self.start + datetime.timedelta(days=int(days))

    def replicates(self, name):
        """All replicates of the first programme and year."""
        return self.values[name][:, :, 0, 0].ravel()

    def quantiles(self, values):
        return [float(np.quantile(values, p)) for p in PROBABILITIES]

    def exhausted(self):
        """Median and range of the day; None where that share never runs out."""
        days = np.sort(np.where(self.replicates("exhaustion_date") == self.fill, 10**6,
                                self.replicates("exhaustion_date")))
        found = [days[min(len(days) - 1, int(np.ceil(p * len(days))) - 1)] for p in PROBABILITIES]
        return [None if day == 10**6 else self.date(day) for day in found]

    def committed(self, first, last):
        """Cumulative commitment: median in the middle of [first, last], least at its start, most at its end."""
        quantiles, probabilities = self.values["commitment_quantile"][0], self.values["probability"]
        middle = first + (last - first) // 2

        def at(p, day):
            return float(quantiles[np.argmin(abs(probabilities - p)), (day - self.start).days])

        return [at(0.5, middle), at(0.05, first), at(0.95, last)]


# ---- what a case says --------------------------------------------------------------------------------------------------

def sepp(result):
    return {"applied_for": result.committed, "exhausted": result.exhausted()}


def awards_and_date(result):
    return {"awards": result.quantiles(result.replicates("awards")), "exhausted": result.exhausted()}


def ppp(result):
    """Loans are counted by the year, so that the loans behind a sum are those of a budget of that sum."""
    n, total = 4, 342.3e9

    def loans(budget):
        return Result("ppp-round-1", f"programmes.ppp.budget={budget:.0f}", replicates=n).replicates("awards")

    def money(month, day):
        return result.committed(datetime.date(2020, month, day), datetime.date(2020, month, day))[0]

    all_loans, first, eve = result.replicates("awards")[:n], money(4, 3), money(4, 16)
    return {**awards_and_date(result), "committed": result.committed,
            "mean_loan_first_day": result.quantiles(first / loans(first)),
            "mean_loan_after_13_april": result.quantiles((total - 247.5e9) / (all_loans - loans(247.5e9))),
            "mean_loan_at_the_end": result.quantiles((total - eve) / (all_loans - loans(eve)))}


def bus(result):
    endless = Result("bus-year-3", "programmes.bus.budget={amount: 300 M, over_allocation: 1}")
    fixed = 7500.0
    return {"redeemed": result.quantiles(result.replicates("outlay") / fixed),
            "open": result.quantiles(result.replicates("outstanding") / fixed),
            "refused_for_money": result.quantiles(result.replicates("refused_for_money")),
            "redeemed*": endless.quantiles(endless.replicates("outlay") / fixed),
            "open*": endless.quantiles(endless.replicates("outstanding") / fixed)}


def factor(result):
    return {"factor": result.quantiles(result.replicates("lowest_factor"))}


def sanificazione(result):
    more = Result("sanificazione-2020", "programmes.credit.budget.top_ups=[{date: 2020-09-10, amount: 403 M}]")
    return {**factor(result), "factor_after_top_up": more.quantiles(more.replicates("lowest_factor"))}


# case: what it says, and what each observed point is called, in the order of its file
CASES = {
    "sepp-2022": (sepp, [
        "applied for by 3 January, M EUR", "by 12 January", "by 4 February",
        "in March", "in early April", "in May", "money gone"]),
    "kfw-442": (awards_and_date, ["money gone", "applicants served"]),
    "eh40-2022": (awards_and_date, ["money gone"]),
    "ppp-round-1": (ppp, [
        "mean loan of the first day, k USD", "lent by 13 April, bn USD",
        "mean loan after 13 April, k USD", "mean loan at the end, k USD",
        "money gone", "loans"]),
    "bus-year-3": (bus, [
        "vouchers redeemed", "vouchers open at the year's end",
        "applications refused for money"]),
    "sanificazione-2020": (sanificazione, ["factor, %", "factor with 403 M more, %"]),
    "zes-2024": (factor, ["factor, %"]),
}
BUS_ENDLESS = [("redeemed", "vouchers redeemed, were money no limit", PREDICTED),
               ("open", "vouchers open at the year's end, were money no limit", PREDICTED)]


def show(value, label):
    if value is None:
        return "never"
    if isinstance(value, datetime.date):
        return f"{value.day} {value:%b %Y}"
    if label.endswith("%"):
        return f"{100 * value:.4f}"
    if "bn USD" in label:
        return f"{value / 1e9:,.1f}"
    if "k USD" in label:
        return f"{value / 1e3:,.0f}"
    return f"{value / 1e6:,.2f}" if value >= 1e7 else f"{value:,.0f}"


def is_inside(observed, simulated):
    low, high = simulated[1], simulated[2]
    if isinstance(observed, datetime.date):
        return low is not None and low <= observed and (high is None or observed <= high)
    return low <= observed <= high


def observed_points(name):
    with open(os.path.join(SCENARIOS, "observed", name + ".csv"), encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            dates = [datetime.date.fromisoformat(day) for day in line["date"].split("/")] if line["date"] else []
            value = float(line["value"]) if line["value"] else dates[-1]
            yield line["quantity"], dates, value, line["role"]


def rows():
    """(case, label, observed, [median, low, high], kind) of every observed point."""
    for name, (measure, labels) in CASES.items():
        says = measure(Result(name))
        points = list(observed_points(name))
        assert len(points) == len(labels), f"{name}: a label for each observed point"
        for (quantity, dates, observed, role), label in zip(points, labels):
            simulated = says[quantity]
            if callable(simulated):
                simulated = simulated(dates[0], dates[-1])
            yield name, label, observed, simulated, KINDS.get(role, role)
        for quantity, label, kind in BUS_ENDLESS if name == "bus-year-3" else []:
            observed = next(value for key, _, value, _ in points if key == quantity)
            yield name, label, observed, says[quantity + "*"], kind


def table(lines, folder=""):
    text = ["| case | figure | happened | simulated: median | 5 % to 95 % | the figure was | inside |",
            "| --- | --- | --- | --- | --- | --- | --- |"]
    before = None
    for name, label, observed, simulated, kind in lines:
        middle, low, high = (show(value, label) for value in simulated)
        inside = ("yes" if is_inside(observed, simulated) else "**no**") if kind == PREDICTED else ""
        spread = f"{low} to {high}" if low != high else low
        case = f"[{name}]({folder}{name}.yaml)" if name != before else ""
        text.append(f"| {case} | {label} | {show(observed, label)} | {middle} | {spread} | {kind} | {inside} |")
        before = name
    return "\n".join(text) + "\n"


def pages(lines):
    """(page, table that it is to have): every figure in the library's page, the predictions in the project's."""
    predictions = [line for line in lines if line[-1] == PREDICTED]
    return [(README, table(lines)), (os.path.join(SOURCE, "README.md"), table(predictions, "scenarios/"))]


def read_table(page):
    with open(page, encoding="utf-8") as file:
        return file.read().split(BEGIN)[1].split(END)[0].strip("\n") + "\n"


def main():
    lines = list(rows())
    print(table(lines), end="")
    for page, text in pages(lines) if "--update" in sys.argv[1:] else []:
        with open(page, encoding="utf-8") as file:
            before, rest = file.read().split(BEGIN)
        with open(page, "w", encoding="utf-8") as file:
            file.write(before + BEGIN + "\n" + text + "\n" + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
