/* order.c: sums by applicant, and putting numbers in order. */
#include <gsl/gsl_heapsort.h>
#include <gsl/gsl_sort.h>
#include <string.h>

#include "stages.h"

/* From here on a library's sort is faster than one that shifts numbers by one place. */
enum { FEW = 32 };

/* sums[p] = prefix[first[p + 1]] - prefix[first[p]] */
static void subtract_ends(size_t n, const int64_t *restrict prefix, const uint32_t *restrict first,
                          double *restrict sums)
{
    for (size_t p = 0; p < n; p++) {
        sums[p] = (double)(prefix[first[p + 1]] - prefix[first[p]]);
    }
}

OUTLAY_VECTORISED
static int64_t sum_of(size_t n, const double *restrict values)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (int64_t)values[i];
    }
    return sum;
}

/* Contracts of a participant, on average, from which on its sum is worth a loop of its own. */
enum { MANY = 16 };

void outlay_sum_by_participant(struct outlay_workspace *work, size_t first, size_t n, const double values[],
                               double sums[])
{
    const uint32_t *contract = work->participant_first + first;
    if (contract[n] - contract[0] >= MANY * n) {
        for (size_t p = 0; p < n; p++) {
            sums[p] = (double)sum_of(contract[p + 1] - contract[p], values + contract[p]);
        }
        return;
    }
    int64_t sum = 0;
    for (size_t i = contract[0]; i < contract[n]; i++) {
        work->prefix[i] = sum;
        sum += (int64_t)values[i];
    }
    work->prefix[contract[n]] = sum;
    subtract_ends(n, work->prefix, contract, sums);
}

static int compare_places(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* GSL's heap sort leaves equal values in any order: put the places of each run of them in theirs. */
static void sort_index_of_many(const double values[], size_t n, size_t index[])
{
    gsl_sort_index(index, values, 1, n);
    for (size_t k = 0, end = 0; k < n; k = end) {
        for (end = k + 1; end < n && values[index[end]] == values[index[k]]; end++) {
        }
        if (end - k > 1) {
            gsl_heapsort(index + k, end - k, sizeof *index, compare_places);
        }
    }
}

void outlay_sort_index(const double values[], size_t n, size_t index[])
{
    if (n > FEW) {
        sort_index_of_many(values, n, index);
        return;
    }
    for (size_t i = 0; i < n; i++) { /* ranks are counted: the branches of a sort cannot be foreseen */
        size_t rank = 0;
        for (size_t k = 0; k < i; k++) {
            rank += values[k] <= values[i];
        }
        for (size_t k = i + 1; k < n; k++) {
            rank += values[k] < values[i];
        }
        index[rank] = i;
    }
}

static void insertion_sort(double values[], size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const double value = values[i];
        size_t k = i;
        for (; k > 0 && values[k - 1] > value; k--) {
            values[k] = values[k - 1];
        }
        values[k] = value;
    }
}

/* Buckets: about one for each value, of which not all need be in use, within these bounds. */
enum { MIN_BUCKETS = 64, MAX_BUCKETS = OUTLAY_MAX_BUCKETS };

/*
 * The bits of positive numbers are in the order of the numbers, and grow as their logarithm does, more or less: buckets
 * of equal width in bits are evenly filled by amounts of money of any size.
 */
static inline uint32_t bucket_of(double value, uint64_t least, int shift)
{
    const union outlay_bits bits = {.number = value};
    return (uint32_t)((bits.word - least) >> shift);
}

static uint32_t n_buckets_for(size_t n)
{
    uint32_t n_buckets = MIN_BUCKETS;
    while (n_buckets < n && n_buckets < MAX_BUCKETS) {
        n_buckets *= 2;
    }
    return n_buckets;
}

OUTLAY_VECTORISED
static void find_range(size_t n, const double *restrict values, double *restrict least, double *restrict greatest)
{
    outlay_find_range(n, values, least, greatest);
}

/* The shift that leads from the bits above those of the least value to below n_buckets. */
static int shift_for(union outlay_bits least, union outlay_bits greatest, uint32_t n_buckets)
{
    int shift = 0;
    while ((greatest.word - least.word) >> shift >= n_buckets) {
        shift++;
    }
    return shift;
}

/* Turn the number of values in each bucket, end[b + 1], into the place where each begins, end[b]. */
static void place_buckets(uint32_t n_buckets, uint32_t end[])
{
    uint32_t sum = 0;
    for (uint32_t b = 1; b <= n_buckets; b++) {
        sum += end[b];
        end[b] = sum;
    }
}

/* Sort the values of each bucket that holds more than a few. */
static void sort_full_buckets(uint32_t n_buckets, const uint32_t end[], double values[])
{
    uint32_t first = 0;
    for (uint32_t b = 0; b < n_buckets; b++) {
        if (end[b] - first > FEW) {
            gsl_sort(values + first, 1, end[b] - first);
        }
        first = end[b];
    }
}

/*
 * Two rounds of bubble sort in one: of any three neighbours the least goes first. Next to no value is out of order by
 * more places than that, and how far each of them must go would be branches that cannot be foreseen.
 */
static void sort_neighbours(double values[], size_t n)
{
    double low = outlay_lesser(values[0], values[1]), high = outlay_greater(values[0], values[1]);
    for (size_t i = 2; i < n; i++) {
        const double middle = outlay_lesser(high, values[i]);
        high = outlay_greater(high, values[i]);
        values[i - 2] = outlay_lesser(low, middle);
        low = outlay_greater(low, middle);
    }
    values[n - 2] = low;
    values[n - 1] = high;
}

const double *outlay_sort(double values[], size_t n, double room[], uint32_t end[])
{
    if (n <= FEW) {
        insertion_sort(values, n);
        return values;
    }
    union outlay_bits least, greatest;
    find_range(n, values, &least.number, &greatest.number);
    const int shift = shift_for(least, greatest, n_buckets_for(n));
    const uint32_t n_buckets = bucket_of(greatest.number, least.word, shift) + 1;
    memset(end, 0, (n_buckets + 1) * sizeof *end);
    for (size_t i = 0; i < n; i++) {
        end[bucket_of(values[i], least.word, shift) + 1]++;
    }
    place_buckets(n_buckets, end);
    for (size_t i = 0; i < n; i++) { /* end[b] moves from where b begins to where it ends */
        room[end[bucket_of(values[i], least.word, shift)]++] = values[i];
    }
    sort_full_buckets(n_buckets, end, room);
    sort_neighbours(room, n);
    insertion_sort(room, n); /* buckets are in order: no number moves far */
    return room;
}
