/* window.c: how long a period, how many frequencies, and which days need them. */
#include "studies/window.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_FREQUENCIES = 1 << 10 };

/* A lattice finer than this part of the period is no longer told from a continuous law. */
enum { FINEST_LATTICE = 1 << 20 };

/* A whole power of two times the lattice, so that its points stay points of every grid. */
static double period_for(double most, double lattice)
{
    const double least = fmax(64.0, most / (1.0 - OUTLAY_FREE_SHARE));
    const double ratio = least / lattice;
    return lattice > 1.0 && ratio < FINEST_LATTICE ? lattice * exp2(ceil(log2(fmax(1.0, ratio)))) : least;
}

outlay_err outlay_window_init(struct outlay_window *self, const struct outlay_demand *demand, int32_t last_day,
                              double ceiling, double hidden)
{
    *self = (struct outlay_window){.demand = demand, .last_day = last_day, .ceiling = ceiling, .lost = 3.0 * hidden};
    self->awards = outlay_demand_awards(demand, ceiling);
    if (self->awards == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    const double sd = sqrt(outlay_demand_moments_of(demand, last_day, self->awards).variance);
    const outlay_err err = outlay_tails_init(&self->tails, demand, (struct outlay_tails_limits){ceiling, sd, hidden});
    if (err == OUTLAY_OK) {
        self->period = period_for(outlay_tails_quantile(&self->tails, last_day, hidden), demand->lattice);
    }
    return err;
}

void outlay_window_free(struct outlay_window *self)
{
    outlay_tails_free(&self->tails);
    free(self->awards);
    if (self->n_frequencies > 0) {
        outlay_spectrum_free(&self->spectrum);
    }
    *self = (struct outlay_window){0};
}

outlay_err outlay_window_sharpen(struct outlay_window *self, int n)
{
    if (self->n_frequencies > 0) {
        outlay_spectrum_free(&self->spectrum);
    }
    self->n_frequencies = 0;
    const outlay_err err = outlay_spectrum_init(&self->spectrum, self->demand, self->period, self->ceiling, n);
    self->n_frequencies = err == OUTLAY_OK ? n : 0;
    return err;
}

/* A bracket is about as wide as the probability within a frequency's resolution, period / n, at a density of 0.4 / sd.
 */
int outlay_window_frequencies(const struct outlay_window *self, int32_t day, double tolerance, int most)
{
    const double sd = sqrt(outlay_demand_moments_of(self->demand, day, self->awards).variance);
    int n = LEAST_FREQUENCIES;
    while (n < most && n < 0.4 * self->period / (fmax(1.0, sd) * tolerance)) {
        n *= 2;
    }
    return n < most ? n : most;
}

outlay_err outlay_window_exceeds(const struct outlay_window *self, double x, double negligible,
                                 struct outlay_bracket by[])
{
    struct outlay_inverse inverse;
    int32_t day = 0;
    /* demand only grows: before the first day on which it might be above x it is not, and after a day on which it
     * surely is it stays there */
    for (; day <= self->last_day; day++) {
        const double p = isinf(x) ? 0.0 : outlay_tails_above(&self->tails, day, x);
        if (p > negligible) {
            break;
        }
        by[day] = (struct outlay_bracket){0.0, 0.0, p};
    }
    const outlay_err err = outlay_inverse_init(&inverse, &self->spectrum, self->n_frequencies, self->lost);
    if (err != OUTLAY_OK) {
        return err;
    }
    struct outlay_bracket before = {0.0, 0.0, 0.0};
    for (; day <= self->last_day; day++) {
        if (before.low < 1.0 - negligible) {
            outlay_inverse_turn_to(&inverse, day);
            const struct outlay_bracket below = outlay_inverse_at(&inverse, x);
            by[day] = (struct outlay_bracket){1.0 - below.value, 1.0 - below.high, 1.0 - below.low};
        } else {
            by[day] = (struct outlay_bracket){1.0, before.low, 1.0};
        }
        by[day].low = fmax(by[day].low, before.low);
        by[day].high = fmax(by[day].high, by[day].low);
        by[day].value = fmax(fmax(before.value, by[day].low), fmin(by[day].value, by[day].high));
        before = by[day];
    }
    outlay_inverse_free(&inverse);
    return OUTLAY_OK;
}

outlay_err outlay_window_cdf(const struct outlay_window *self, int32_t day, struct outlay_cdf *cdf)
{
    struct outlay_inverse inverse;
    outlay_err err = outlay_inverse_init(&inverse, &self->spectrum, self->n_frequencies, self->lost);
    if (err == OUTLAY_OK) {
        outlay_inverse_turn_to(&inverse, day);
        err = outlay_inverse_cdf(&inverse, cdf);
        outlay_inverse_free(&inverse);
    }
    return err;
}

double outlay_demand_ceiling(const struct outlay_demand *demand, double p)
{
    double ceiling = 1.0;
    for (int i = 0; i < demand->n_lines; i++) {
        const struct outlay_line *line = &demand->lines[i];
        for (int j = 0; j < line->n_nodes; j++) {
            double left = p / (demand->n_lines * line->n_nodes);
            const double awards = line->n * line->q * line->m * line->weight[j] * line->size[j];
            size_t n = line->law.n;
            /* from the top cell down, as long as what is above has little probability */
            while (n > 1 && left >= awards * line->law.mass[n - 1]) {
                left -= awards * line->law.mass[--n];
            }
            for (size_t k = 0; k < n; k++) {
                ceiling = fmax(ceiling, outlay_award_range_of(&line->law, k, line->power[j], INFINITY).high);
            }
        }
    }
    return ceiling;
}
