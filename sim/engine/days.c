/* days.c: the daily series of a block of paths. */
#include "engine/days.h"

#include <stdlib.h>
#include <string.h>

#include "base/vector.h"

/* Days that are turned from "path by path" into "day by day" together: as many as share a cache line. */
enum { TILE = 8 };

size_t outlay_n_series(const struct outlay_plan *plan)
{
    return OUTLAY_N_SERIES * (size_t)plan->n_programmes * (size_t)plan->n_days;
}

/* Nothing is counted yet; the bins are 0. */
static void begin(struct outlay_days *self)
{
    self->is_paid_at_once = true;
    const size_t n_days = self->n_series / OUTLAY_N_SERIES; /* of all programmes */
    for (size_t series = 0; series < OUTLAY_N_SERIES; series++) {
        for (size_t i = series * n_days; i < (series + 1) * n_days; i++) {
            outlay_histogram_init(&self->histogram[i], OUTLAY_BINS_DAY, self->bins + i * OUTLAY_BINS_DAY);
            self->histogram[i].width = outlay_series_width(series);
        }
    }
}

outlay_err outlay_days_init(struct outlay_days *self, const struct outlay_plan *plan)
{
    const size_t n = outlay_n_series(plan);
    self->n_series = n;
    self->values = calloc(n * OUTLAY_BLOCK, sizeof *self->values);
    self->histogram = calloc(n, sizeof *self->histogram);
    self->bins = calloc(n * OUTLAY_BINS_DAY, sizeof *self->bins);
    if (self->values == NULL || self->histogram == NULL || self->bins == NULL) {
        outlay_days_free(self);
        return OUTLAY_ERR_NO_MEMORY;
    }
    begin(self);
    return OUTLAY_OK;
}

void outlay_days_free(struct outlay_days *self)
{
    free(self->values);
    free(self->histogram);
    free(self->bins);
    *self = (struct outlay_days){0};
}

void outlay_days_put(struct outlay_days *self, uint32_t i, const struct outlay_outcome *outcome)
{
    const double *const series[OUTLAY_N_SERIES] = {
        [OUTLAY_SERIES_COMMITMENT] = outcome->commitment,
        [OUTLAY_SERIES_OUTLAY] = outcome->outlay,
        [OUTLAY_SERIES_SERVED] = outcome->served,
    };
    const size_t n_days = self->n_series / OUTLAY_N_SERIES;
    for (size_t s = 0; s < OUTLAY_N_SERIES; s++) {
        memcpy(self->values + i * self->n_series + s * n_days, series[s], n_days * sizeof(double));
    }
}

OUTLAY_VECTORISED
static void add_differences(size_t n, const double *restrict values, const double *restrict origin,
                            double *restrict sum, double *restrict squares)
{
    for (size_t i = 0; i < n; i++) {
        const double difference = values[i] - origin[i];
        sum[i] += difference;
        squares[i] += difference * difference;
    }
}

/* Count the values [first, end) of each of the block's paths. */
static void count(struct outlay_days *self, uint32_t n_paths, size_t first, size_t end)
{
    double tile[TILE][OUTLAY_BLOCK];
    for (; first < end; first += TILE) {
        const size_t n_days = end - first < TILE ? end - first : TILE;
        for (uint32_t path = 0; path < n_paths; path++) {
            const double *values = self->values + path * self->n_series + first;
            for (size_t i = 0; i < n_days; i++) {
                tile[i][path] = values[i];
            }
        }
        for (size_t i = 0; i < n_days; i++) {
            outlay_histogram_add_all(&self->histogram[first + i], n_paths, tile[i]);
        }
    }
}

/* Is in all paths of the block the one series the same as the other? */
static bool are_same(const struct outlay_days *self, uint32_t n_paths, enum outlay_series a, enum outlay_series b)
{
    const size_t n_days = self->n_series / OUTLAY_N_SERIES;
    bool same = true;
    for (uint32_t path = 0; path < n_paths && same; path++) {
        const double *values = self->values + path * self->n_series;
        same = memcmp(values + a * n_days, values + b * n_days, n_days * sizeof *values) == 0;
    }
    return same;
}

/* The payments so far are what the commitments so far are. */
static void copy_commitments(const struct outlay_days *self)
{
    const size_t n_days = self->n_series / OUTLAY_N_SERIES;
    const size_t from = OUTLAY_SERIES_COMMITMENT * n_days, to = OUTLAY_SERIES_OUTLAY * n_days;
    memcpy(self->bins + to * OUTLAY_BINS_DAY, self->bins + from * OUTLAY_BINS_DAY,
           n_days * OUTLAY_BINS_DAY * sizeof *self->bins);
    for (size_t i = 0; i < n_days; i++) {
        uint32_t *bins = self->histogram[to + i].count;
        self->histogram[to + i] = self->histogram[from + i];
        self->histogram[to + i].count = bins;
    }
}

void outlay_days_add_block(struct outlay_days *self, uint32_t n, const struct outlay_day_sums *sums)
{
    const size_t n_series = self->n_series, n_days = n_series / OUTLAY_N_SERIES;
    memcpy(sums->origin, self->values, n_series * sizeof *sums->origin);
    memset(sums->sum, 0, n_series * sizeof *sums->sum);
    memset(sums->squares, 0, n_series * sizeof *sums->squares);
    for (uint32_t path = 0; path < n; path++) {
        add_differences(n_series, self->values + path * n_series, sums->origin, sums->sum, sums->squares);
    }
    if (self->is_paid_at_once && !are_same(self, n, OUTLAY_SERIES_COMMITMENT, OUTLAY_SERIES_OUTLAY)) {
        copy_commitments(self);
        self->is_paid_at_once = false;
    }
    for (size_t s = 0; s < OUTLAY_N_SERIES; s++) {
        if (s != OUTLAY_SERIES_OUTLAY || !self->is_paid_at_once) {
            count(self, n, s * n_days, (s + 1) * n_days);
        }
    }
}

void outlay_days_merge(struct outlay_days *self, struct outlay_tallies *tallies)
{
    if (self->is_paid_at_once) {
        copy_commitments(self);
    }
    for (size_t i = 0; i < self->n_series; i++) {
        outlay_histogram_merge(&tallies->series_histogram[i], &self->histogram[i]);
    }
    memset(self->bins, 0, self->n_series * OUTLAY_BINS_DAY * sizeof *self->bins);
    begin(self);
}
