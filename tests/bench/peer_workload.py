"""The numbers of the two workloads and the command line of the Python peers, the same as of peer_main.c."""
import sys

import numpy as np

MILLION_FEN = 1e8
BUDGET_FEN = 5e11
APPLICANT_CAP_FEN = 20 * MILLION_FEN
SIZE_SIGMA = 0.7
N_DAYS = 365

# Day of each of the 3,647 equal parts of the year: the months' weights are whole tenths.
MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
MONTH_TENTHS = [10, 11, 12, 13, 12, 11, 10, 9, 8, 7, 8, 9]
DAY_OF_PART = np.repeat(np.arange(N_DAYS), np.repeat(MONTH_TENTHS, MONTH_DAYS))

# A row a class: contracts of the class a year (simple), applicants, take-up, contracts a year of an applicant of size 1
# (population), median of the contract in fen, sigma, rate, cap in fen.
CLASSES = np.array([
    [1500, 1700, 0.6, 1.3, 6 * MILLION_FEN, 1.0, 0.5, 10 * MILLION_FEN],
    [900, 900, 0.6, 1.1, 3 * MILLION_FEN, 0.9, 0.6, 6 * MILLION_FEN],
    [300, 30, 0.8, 4.0, 4 * MILLION_FEN, 0.8, 0.5, 10 * MILLION_FEN],
    [300, 60, 0.8, 3.0, 5 * MILLION_FEN, 0.8, 0.5, 10 * MILLION_FEN],
])
MEDIAN = 4  # its column


def main(play):
    """Run play(is_simple, classes, n_replicates, n_threads, seed) -> (columns [3, n_replicates], number of contracts)."""
    if len(sys.argv) < 6 or sys.argv[1] not in ("simple", "population"):
        sys.exit(f"usage: {sys.argv[0]} simple|population REPLICATES THREADS SEED MEDIAN_FACTOR [FILE]")
    workload, replicates, threads, seed, factor = sys.argv[1:6]
    classes = CLASSES.copy()
    classes[:, MEDIAN] *= float(factor)
    columns, contracts = play(workload == "simple", classes, int(replicates), int(threads), int(seed))
    print(contracts)
    if len(sys.argv) > 6:
        columns.tofile(sys.argv[6])
