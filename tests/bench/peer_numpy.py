"""The two workloads in vectorised NumPy on one thread.

usage: peer_numpy.py simple|population REPLICATES 1 SEED MEDIAN_FACTOR [FILE]      (see peer_main.c)

What makes it fast: SFC64, whole chunks of replicates at once that stay in the cache, arithmetic in place, money summed by
replicate and day with one bincount, and the applicant's cap looked at only where it binds.
"""
import numpy as np

from peer_workload import APPLICANT_CAP_FEN, BUDGET_FEN, DAY_OF_PART, N_DAYS, SIZE_SIGMA, main

CHUNK = 32  # replicates: about a megabyte for each column of contracts
PARTS = DAY_OF_PART.astype(np.int64)


def awards_of(rng, n, log_median, sigma, rate, cap):
    """n awards in fen; log_median is a number or one for each."""
    award = rng.standard_normal(n)
    award *= sigma
    award += log_median + np.log(rate)
    np.exp(award, out=award)
    np.minimum(award, cap, out=award)
    return np.floor(award, out=award)


def days_of(rng, n):
    return PARTS[rng.integers(0, len(PARTS), n, dtype=np.uint16)]


def sums_by_day(n, replicate, day, award):
    return np.bincount(replicate * N_DAYS + day, award, n * N_DAYS).reshape(n, N_DAYS)


def chunk_simple(rng, classes, n):
    """Money asked for by replicate and day, and the number of contracts."""
    counts = rng.poisson(classes[:, :1], (len(classes), n))
    award = np.concatenate([awards_of(rng, count.sum(), np.log(median), sigma, rate, cap)
                            for count, (median, sigma, rate, cap) in zip(counts, classes[:, 4:])])
    replicate = np.repeat(np.tile(np.arange(n), len(classes)), counts.ravel())
    return sums_by_day(n, replicate, days_of(rng, len(award)), award), len(award)


def keep_applicants_cap(applicant, day, award, n_applicants):
    """Cut, in the order of the days, what an applicant asks for beyond its cap."""
    total = np.bincount(applicant, award, n_applicants)
    bound = np.flatnonzero(total[applicant] > APPLICANT_CAP_FEN)
    order = bound[np.lexsort((day[bound], applicant[bound]))]
    if not len(order):
        return
    owner = applicant[order]
    up_to = np.cumsum(award[order])
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    before = np.repeat(up_to[begins] - award[order[begins]], np.diff(begins, append=len(order)))
    granted = np.minimum(up_to - before, APPLICANT_CAP_FEN)
    already = np.concatenate([[0.0], granted[:-1]])
    already[begins] = 0.0
    award[order] = granted - already


def chunk_population(rng, classes, n):
    sums = np.zeros((n, N_DAYS))
    contracts = 0
    for _, count, take_up, each_year, median, sigma, rate, cap in classes:
        participants = rng.binomial(int(count), take_up, n)
        log_size = rng.standard_normal(participants.sum())
        log_size *= SIZE_SIGMA
        log_size -= SIZE_SIGMA**2 / 2
        each = rng.poisson(each_year * np.exp(log_size))
        applicant = np.repeat(np.arange(len(each)), each)
        replicate = np.repeat(np.arange(n), participants)[applicant]
        log_size /= 2  # the square root of the size
        log_size += np.log(median)
        award = awards_of(rng, len(applicant), log_size[applicant], sigma, rate, cap)
        day = days_of(rng, len(award))
        keep_applicants_cap(applicant, day, award, len(each))
        sums += sums_by_day(n, replicate, day, award)
        contracts += len(award)
    return sums, contracts


def play(is_simple, classes, n_replicates, n_threads, seed):
    assert n_threads == 1, "the NumPy peer has one thread"
    rng = np.random.Generator(np.random.SFC64(seed))
    columns = np.empty((3, n_replicates))
    contracts = 0
    for begin in range(0, n_replicates, CHUNK):
        n = min(CHUNK, n_replicates - begin)
        sums, n_contracts = (chunk_simple if is_simple else chunk_population)(rng, classes, n)
        spent = np.cumsum(sums, axis=1)
        exhausted = spent > BUDGET_FEN
        columns[0, begin:begin + n] = spent[:, -1]
        columns[1, begin:begin + n] = np.minimum(spent[:, -1], BUDGET_FEN)
        columns[2, begin:begin + n] = np.where(exhausted[:, -1], exhausted.argmax(axis=1), -1)
        contracts += n_contracts
    return columns, contracts


if __name__ == "__main__":
    main(play)
