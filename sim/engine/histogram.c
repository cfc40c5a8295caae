/* histogram.c: a distribution in fixed memory, independent of the order in which its values come. */
#include <math.h>
#include <string.h>

#include "base/vector.h"
#include "engine/tally.h"

void outlay_histogram_init(struct outlay_histogram *self, uint32_t n_bins, uint32_t count[])
{
    *self = (struct outlay_histogram){.width = 1.0, .min = NAN, .max = NAN, .n_bins = n_bins, .count = count};
}

/* Double the width until `value` has a bin, and merge the bins accordingly. */
static void widen(struct outlay_histogram *self, double value)
{
    uint32_t shift = 0;
    while (value >= self->width * self->n_bins) {
        self->width *= 2.0;
        shift++;
    }
    if (shift == 0 || self->n == 0) {
        return;
    }
    for (uint32_t i = 0; i < self->n_bins; i++) {
        const uint32_t n = self->count[i];
        self->count[i] = 0;
        self->count[shift < 32 ? i >> shift : 0] += n;
    }
}

static void note_extremes(struct outlay_histogram *self, double min, uint64_t n_min, double max, uint64_t n_max)
{
    if (self->n == 0 || min < self->min) {
        self->min = min;
        self->n_min = 0;
    }
    if (self->n == 0 || max > self->max) {
        self->max = max;
        self->n_max = 0;
    }
    self->n_min += min == self->min ? n_min : 0;
    self->n_max += max == self->max ? n_max : 0;
}

static uint32_t bin_of(const struct outlay_histogram *self, double value)
{
    return (uint32_t)(value / self->width); /* exact: the width is a power of two */
}

void outlay_histogram_add(struct outlay_histogram *self, double value, uint32_t n)
{
    widen(self, value);
    note_extremes(self, value, n, value, n);
    self->count[bin_of(self, value)] += n;
    self->n += n;
}

/* The least and the greatest value, each with its number. */
struct extremes {
    double min, max;
    uint64_t n_min, n_max;
};

OUTLAY_VECTORISED
static void find_extremes(size_t n, const double *restrict values, struct extremes *restrict found)
{
    double min, max;
    outlay_find_range(n, values, &min, &max);
    uint64_t n_min = 0, n_max = 0;
    for (size_t i = 0; i < n; i++) {
        n_min += values[i] == min;
        n_max += values[i] == max;
    }
    *found = (struct extremes){min, max, n_min, n_max};
}

void outlay_histogram_add_all(struct outlay_histogram *self, size_t n, const double values[])
{
    struct extremes found;
    find_extremes(n, values, &found);
    widen(self, found.max);
    note_extremes(self, found.min, found.n_min, found.max, found.n_max);
    self->n += n;
    if (found.n_min == n) { /* all alike, as before a programme opens or after its money is gone */
        self->count[bin_of(self, found.min)] += (uint32_t)n;
        return;
    }
    const double per_width = 1.0 / self->width; /* exact: the width is a power of two */
    for (size_t i = 0; i < n; i++) {
        self->count[(uint32_t)(values[i] * per_width)]++;
    }
}

void outlay_histogram_merge(struct outlay_histogram *self, const struct outlay_histogram *other)
{
    if (other->n == 0) {
        return;
    }
    widen(self, other->max);
    note_extremes(self, other->min, other->n_min, other->max, other->n_max);
    const double ratio = self->width / other->width;
    for (uint32_t i = 0; i < other->n_bins; i++) {
        self->count[(uint32_t)(i / ratio)] += other->count[i];
    }
    self->n += other->n;
}

/* Values of bin i that lie strictly between the least and the largest one. */
static uint64_t inner_count(const struct outlay_histogram *self, uint32_t i)
{
    uint64_t n = self->count[i];
    n -= i == bin_of(self, self->min) ? self->n_min : 0;
    n -= i == bin_of(self, self->max) ? self->n_max : 0;
    return n;
}

double outlay_histogram_quantile(const struct outlay_histogram *self, double p)
{
    if (self->n == 0) {
        return NAN;
    }
    const double rank = p * (double)self->n;
    if (rank <= (double)self->n_min || self->min == self->max) {
        return self->min;
    }
    if (rank > (double)(self->n - self->n_max)) {
        return self->max;
    }
    double below = (double)self->n_min;
    for (uint32_t i = bin_of(self, self->min); i <= bin_of(self, self->max); i++) {
        const double n = (double)inner_count(self, i);
        if (n > 0.0 && below + n >= rank) {
            const double from = fmax(i * self->width, self->min);
            const double to = fmin((i + 1.0) * self->width, self->max);
            /* a bin of width 1 holds one whole number */
            return self->width == 1.0 ? i * self->width : from + (to - from) * (rank - below) / n;
        }
        below += n;
    }
    return self->max;
}

double outlay_histogram_share(const struct outlay_histogram *self, double x)
{
    if (self->n == 0) {
        return NAN;
    }
    if (x < self->min) {
        return 0.0;
    }
    if (x >= self->max) {
        return 1.0;
    }
    double below = (double)self->n_min;
    const uint32_t last = bin_of(self, x);
    for (uint32_t i = bin_of(self, self->min); i < last; i++) {
        below += (double)inner_count(self, i);
    }
    const double part = self->width == 1.0 ? 1.0 : x / self->width - last;
    return (below + part * (double)inner_count(self, last)) / (double)self->n;
}

double outlay_quantile_se(const struct outlay_histogram *self, const struct outlay_moments *moments, double p)
{
    if (self->n < 2) {
        return NAN;
    }
    const double n = (double)self->n;
    const double variance = moments->sd * moments->sd;
    const double design_effect = variance > 0.0 ? n * moments->se_random * moments->se_random / variance : 1.0;
    const double half = sqrt(p * (1.0 - p) * design_effect / n);
    const double low = outlay_histogram_quantile(self, fmax(0.0, p - half));
    const double high = outlay_histogram_quantile(self, fmin(1.0, p + half));
    return 0.5 * (high - low);
}
