/* draw.c: one value for each uncertain number of the scenario. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "outlay/plan.h"

/* Addressed by its name: a further uncertain number leaves the uniforms of all others as they are. */
static double uniform_of(const struct outlay_uncertain *number, struct outlay_key root, uint32_t draw)
{
    const struct outlay_key key = outlay_key_fold(root, number->path);
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_UNCERTAIN, 0, draw);
    const struct outlay_block bits = outlay_block_at(key, 0, 0, 0, high);
    return outlay_uniform(bits.word[0], bits.word[1]);
}

/* The value with probability `tail`, up to 1/2, of one below it or above it. */
static double value_at(const struct outlay_uncertain *number, double tail, bool is_upper)
{
    const double value = outlay_law_quantile(&number->law, tail, is_upper);
    const double bounded = fmax(number->min, fmin(value, number->max));
    return number->unit == OUTLAY_UNIT_MONEY ? rint(bounded) : bounded;
}

/*
 * Numbers that move together: normal scores x = L z of their own scores z (scenario.h). A number whose row of L is
 * that of the identity keeps the value that it has without correlations. Each score comes from the nearer tail and
 * goes back into it, so that both keep their relative accuracy.
 */
static void correlate(const struct outlay_scenario *scenario, struct outlay_key root, uint32_t draw, double values[])
{
    double z[OUTLAY_MAX_CORRELATED];
    for (int k = 0; k < scenario->n_correlated; k++) {
        const struct outlay_uncertain *number = &scenario->uncertain[scenario->correlated[k]];
        const double *row = scenario->correlation_factor + (size_t)k * (size_t)scenario->n_correlated;
        const double u = uniform_of(number, root, draw);
        z[k] = u < 0.5 ? gsl_cdf_ugaussian_Pinv(u) : gsl_cdf_ugaussian_Qinv(1.0 - u);
        double x = row[k] * z[k];
        bool is_free = true;
        for (int i = 0; i < k; i++) {
            x += row[i] * z[i];
            is_free = is_free && row[i] == 0.0;
        }
        if (!is_free) {
            values[scenario->correlated[k]] = x < 0.0 ? value_at(number, gsl_cdf_ugaussian_P(x), false)
                                                      : value_at(number, gsl_cdf_ugaussian_Q(x), true);
        }
    }
}

void outlay_draw_values(const struct outlay_scenario *scenario, uint64_t seed, uint32_t draw, double values[])
{
    const struct outlay_key root = outlay_key_from_seed(seed);
    for (int i = 0; i < scenario->n_uncertain; i++) {
        const struct outlay_uncertain *number = &scenario->uncertain[i];
        const double u = uniform_of(number, root, draw);
        values[i] = u < 0.5 ? value_at(number, u, false) : value_at(number, 1.0 - u, true);
    }
    correlate(scenario, root, draw, values);
}
