"""outlay and its peers give the same distribution: of demand, and of the day on which the money is gone.

usage: test_peers.py      with OUTLAY (the program) and OUTLAY_BUILD (the build tree) in the environment

Known answer for `simple`: mean and standard deviation of demand in closed form; the compound Poisson law by FFT, as
P(exhausted by t) = P(S(t) > budget). `population` has none: there each program is held against each other; NumPy's peer and
the plain one on GSL are written in other ways than the rest. Besides, committed = min(demand, budget) in every replicate.

Each comparison may be off by 4.5 standard errors, a false alarm once in 150,000; of all 105 once in 1,400. Seeds are fixed.
The biased twin must be rejected: peers whose contracts are 5 % larger. Exit status 77 where Numba is not installed.
"""
import itertools
import math
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

import programs
from peer_workload import BUDGET_FEN, CLASSES, DAY_OF_PART

REPLICATES = 2000
LIMIT = 4.5
PROBES = {"simple": [150, 155, 158, 162, 168], "population": [194, 204, 212, 221, 234]}  # days, about 5 to 95 %
LABELS = ["mean", "sd", *(f"P(day <= probe {i})" for i in range(1, 6))]
PER_YEAR, MEDIANS, SIGMAS, RATES, CAPS = CLASSES[:, [0, 4, 5, 6, 7]].T


def normal_cdf(x):
    return np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in np.atleast_1d(x)])


def award_moment(k):
    """E min(rate X, cap)^k for each class, X lognormal."""
    mu = np.log(RATES * MEDIANS)
    below = np.exp(k * mu + (k * SIGMAS) ** 2 / 2) * normal_cdf((np.log(CAPS) - mu - k * SIGMAS**2) / SIGMAS)
    return below + CAPS**k * normal_cdf((mu - np.log(CAPS)) / SIGMAS)


def known_answer():
    """Mean and sd of demand in fen, and P(exhausted by t) for the probes, of `simple`; without sampling error."""
    step, n = 1e6, 1 << 21  # a lattice of 10,000 yuan, up to 21 bn
    award = np.zeros(n)
    for share, median, sigma, rate, cap in zip(PER_YEAR / PER_YEAR.sum(), MEDIANS, SIGMAS, RATES, CAPS):
        cells = round(cap / step)
        law = np.diff(normal_cdf(np.log((np.arange(cells) + 0.5) * step / (rate * median)) / sigma), prepend=0.0)
        award[:cells] += share * law
        award[cells] += share * (1.0 - law.sum())  # the atom at the cap
    transform = np.fft.rfft(award) - 1.0
    p_exhausted = []
    for day in PROBES["simple"]:
        expected = PER_YEAR.sum() * np.mean(DAY_OF_PART <= day)
        spent = np.fft.irfft(np.exp(expected * transform), n)
        p_exhausted.append(spent[round(BUDGET_FEN / step) + 1:].sum())
    return np.array([PER_YEAR @ award_moment(1), math.sqrt(PER_YEAR @ award_moment(2)), *p_exhausted])


def statistics(workload, columns):
    """The seven numbers of LABELS, and their standard errors."""
    demand, committed, day = columns
    if not np.array_equal(committed, np.minimum(demand, BUDGET_FEN)):
        sys.exit(f"{workload}: committed is not the smaller of demand and budget")
    n, sd = len(demand), demand.std(ddof=1)
    kurtosis = np.mean((demand - demand.mean()) ** 4) / sd**4
    p = np.array([np.mean((day >= 0) & (day <= probe)) for probe in PROBES[workload]])
    errors = [sd / math.sqrt(n), sd * math.sqrt((kurtosis - 1) / (4 * n)), *np.sqrt(p * (1 - p) / n)]
    return np.array([demand.mean(), sd, *p]), np.array(errors)


def differ(one, other):
    """What differs by more than the limit, in standard errors; "" if nothing does."""
    z = (one[0] - other[0]) / np.maximum(np.hypot(one[1], other[1]), 1e-300)
    return ", ".join(f"{label} by {value:+.1f} standard errors" for label, value in zip(LABELS, z) if not abs(value) < LIMIT)


def columns_of_peer(name, workload, folder, factor=1.0):
    output = os.path.join(folder, "peer")
    seed = 100 + list(programs.PEERS).index(name)
    subprocess.run(programs.peer(name, workload, REPLICATES, seed=seed, factor=factor, output=output), check=True,
                   stdout=subprocess.DEVNULL)
    return np.fromfile(output).reshape(3, -1)


def columns_of_outlay(workload, folder):
    output = os.path.join(folder, "outlay.h5")
    subprocess.run(programs.outlay(workload, 1, REPLICATES, 1, output), check=True, stdout=subprocess.DEVNULL)
    with h5py.File(output) as file:
        day = file["exhaustion_date"]
        never = day.attrs["_FillValue"]
        days = np.where(day[...] == never, -1, day[...]).ravel()
        return np.stack([np.rint(file["demand"][...].ravel() * 100), np.rint(file["committed"][...].ravel() * 100), days])


def main():
    if not programs.has_numba():
        print("Numba is not installed (Debian: python3-numba)")
        sys.exit(77)
    programs.build()
    exact = known_answer()
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for workload in PROBES:
            got = {name: statistics(workload, columns_of_peer(name, workload, folder)) for name in programs.PEERS}
            got["outlay"] = statistics(workload, columns_of_outlay(workload, folder))
            for name, (values, errors) in got.items():
                print(f"{workload:10} {name:10}", " ".join(f"{x:.5g}" for x in values))
            pairs = [(f"{name} and the known answer", one, (exact, 0.0)) for name, one in got.items()]
            if workload != "simple":
                pairs = [(f"{a} and {b}", got[a], got[b]) for a, b in itertools.combinations(got, 2)]
            problems += [f"{workload}: {pair}: {differ(*ab)}" for pair, *ab in pairs if differ(*ab)]
            for name in programs.PEERS:
                twin = statistics(workload, columns_of_peer(name, workload, folder, factor=1.05))
                if not differ(twin, (exact, 0.0) if workload == "simple" else got["outlay"]):
                    problems.append(f"{workload}: {name} with contracts 5 % larger passes")
    print("\n".join(problems) or "all agree, and the biased twins are rejected")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
