/* draw.c: one value for each uncertain number of the scenario. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "outlay/plan.h"
#include "plan/design.h"

/* Addressed by the number's name: by the design `random`, a further one leaves the uniforms of all others alone. */
static double uniform_of(const struct outlay_scenario *scenario, int i, struct outlay_key root, uint32_t draw)
{
    const enum outlay_design design = (enum outlay_design)scenario->simulation.design;
    return outlay_design_uniform(design, outlay_key_fold(root, scenario->uncertain[i].path), (size_t)i, draw);
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
        const double u = uniform_of(scenario, scenario->correlated[k], root, draw);
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
        const double u = uniform_of(scenario, i, root, draw);
        values[i] = u < 0.5 ? value_at(number, u, false) : value_at(number, 1.0 - u, true);
    }
    correlate(scenario, root, draw, values);
}
