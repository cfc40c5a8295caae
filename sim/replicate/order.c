/* order.c: sums by applicant, and putting numbers in order. */
#include <gsl/gsl_sort.h>

#include "stages.h"

/* From here on a library's sort is faster than one that shifts numbers by one place. */
enum { FEW = 32 };

/* sums[p] = prefix[first[p + 1]] - prefix[first[p]] */
OUTLAY_VECTORISED
static void subtract_ends(size_t n, const uint64_t *restrict prefix, const uint32_t *restrict first,
                          double *restrict sums)
{
    const union outlay_bits shift = {.number = 0x1p52};
    for (size_t p = 0; p < n; p++) {
        const union outlay_bits shifted = {.word = prefix[first[p + 1]] - prefix[first[p]] + shift.word};
        sums[p] = shifted.number - shift.number;
    }
}

void outlay_sum_by_participant(struct outlay_workspace *work, size_t first, size_t n, const double values[],
                               double sums[])
{
    const uint32_t *contract = work->participant_first + first;
    uint64_t sum = 0;
    for (size_t i = contract[0]; i < contract[n]; i++) {
        work->prefix[i] = sum;
        sum += outlay_whole(values[i]);
    }
    work->prefix[contract[n]] = sum;
    subtract_ends(n, work->prefix, contract, sums);
}

void outlay_sort_index(const double values[], size_t n, size_t index[])
{
    if (n > FEW) {
        gsl_sort_index(index, values, 1, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        size_t k = i;
        for (; k > 0 && values[index[k - 1]] > values[i]; k--) {
            index[k] = index[k - 1];
        }
        index[k] = i;
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

/* Buckets of equal width from 0 to the greatest value. */
enum { N_BUCKETS = 1024 };

const double *outlay_sort(double values[], size_t n, double room[])
{
    uint32_t end[N_BUCKETS + 1] = {0};
    double most = 0.0;
    if (n <= FEW) {
        insertion_sort(values, n);
        return values;
    }
    for (size_t i = 0; i < n; i++) {
        most = outlay_greater(most, values[i]);
    }
    const double scale = (N_BUCKETS - 1) / most;
    for (size_t i = 0; i < n; i++) {
        end[(uint32_t)(values[i] * scale) + 1]++;
    }
    uint32_t fullest = 0;
    for (size_t b = 0; b < N_BUCKETS; b++) {
        fullest = end[b + 1] > fullest ? end[b + 1] : fullest;
        end[b + 1] += end[b];
    }
    for (size_t i = 0; i < n; i++) {
        room[end[(uint32_t)(values[i] * scale)]++] = values[i]; /* end[b] moves from where b begins to where it ends */
    }
    for (size_t b = 0, first = 0; b < N_BUCKETS && fullest > FEW; first = end[b++]) {
        if (end[b] - first > FEW) {
            gsl_sort(room + first, 1, end[b] - first);
        }
    }
    insertion_sort(room, n); /* buckets are in order: no number moves far */
    return room;
}
