"""The two workloads in Numba: the loops of peer_gsl.c, compiled, parallel over replicates.

usage: peer_numba.py simple|population REPLICATES THREADS SEED MEDIAN_FACTOR [FILE]      (see peer_main.c)

Random numbers are Numba's own, which each thread has for itself. Compiled code is kept in NUMBA_CACHE_DIR.
"""
import math
import sys

try:
    import numba
    from numba import njit, prange
except ImportError:
    print("numba is not installed (Debian: python3-numba)", file=sys.stderr)
    sys.exit(77)
import numpy as np

from peer_workload import APPLICANT_CAP_FEN, BUDGET_FEN, DAY_OF_PART, N_DAYS, SIZE_SIGMA, main

PARTS = DAY_OF_PART.astype(np.uint16)
N_PARTS = len(PARTS)
MOST = 100_000  # contracts of one applicant, which nobody ever comes near


@njit(cache=True, fastmath=True)
def award_of(log_median, sigma, rate, cap):
    return math.floor(min(rate * math.exp(log_median + sigma * np.random.standard_normal()), cap))


@njit(cache=True, fastmath=True)
def day_of():
    return PARTS[int(np.random.random() * N_PARTS)]


@njit(cache=True, fastmath=True)
def play_simple(classes, by_day):
    contracts = 0
    for c in range(len(classes)):
        log_median, sigma, rate, cap = math.log(classes[c, 4]), classes[c, 5], classes[c, 6], classes[c, 7]
        n = np.random.poisson(classes[c, 0])
        for i in range(n):
            by_day[day_of()] += award_of(log_median, sigma, rate, cap)
        contracts += n
    return contracts


@njit(cache=True, fastmath=True)
def play_population(classes, by_day, days, awards):
    contracts = 0
    for c in range(len(classes)):
        log_median, sigma, rate, cap = math.log(classes[c, 4]), classes[c, 5], classes[c, 6], classes[c, 7]
        for a in range(np.random.binomial(int(classes[c, 1]), classes[c, 2])):
            log_size = SIZE_SIGMA * np.random.standard_normal() - SIZE_SIGMA**2 / 2
            n = np.random.poisson(classes[c, 3] * math.exp(log_size))
            total = 0.0
            for i in range(n):
                days[i] = day_of()
                awards[i] = award_of(log_median + log_size / 2, sigma, rate, cap)
                total += awards[i]
            if total > APPLICANT_CAP_FEN:
                left = APPLICANT_CAP_FEN
                for i in np.argsort(days[:n]):
                    awards[i] = min(awards[i], left)
                    left -= awards[i]
            for i in range(n):
                by_day[days[i]] += awards[i]
            contracts += n
    return contracts


@njit(cache=True, parallel=True)
def play_all(is_simple, classes, columns, seed, n_threads):
    n_replicates = columns.shape[1]
    contracts = 0
    for t in prange(n_threads):
        np.random.seed(seed + 1000003 * t)
        by_day = np.empty(N_DAYS)
        days = np.empty(MOST, dtype=np.int64)
        awards = np.empty(MOST)
        for i in range(t * n_replicates // n_threads, (t + 1) * n_replicates // n_threads):
            by_day[:] = 0.0
            if is_simple:
                contracts += play_simple(classes, by_day)
            else:
                contracts += play_population(classes, by_day, days, awards)
            demand = 0.0
            columns[2, i] = -1
            for day in range(N_DAYS):
                demand += by_day[day]
                if demand > BUDGET_FEN and columns[2, i] < 0:
                    columns[2, i] = day
            columns[0, i] = demand
            columns[1, i] = min(demand, BUDGET_FEN)
    return contracts


def play(is_simple, classes, n_replicates, n_threads, seed):
    numba.set_num_threads(n_threads)
    columns = np.empty((3, n_replicates))
    return columns, play_all(is_simple, classes, columns, seed, n_threads)


if __name__ == "__main__":
    main(play)
