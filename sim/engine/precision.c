/* precision.c: is what was asked for known well enough? */
#include "precision.h"

#include <math.h>

/* A look at more than this times what the last look saw: a tenth more. */
#define LOOK_FACTOR 1.1

/* What a share that was never seen in n observations may still be: the end of Wilson's 95 % interval. */
static double never_seen(double n)
{
    return OUTLAY_Z95 * OUTLAY_Z95 / (n + OUTLAY_Z95 * OUTLAY_Z95);
}

/* Half the interval of a quantile of the date: the longer half. A quantile that is surely never reached is known. */
static double half_width_of_date(const struct outlay_tallies *tallies, int programme, const int32_t days[2], double p,
                                 double least)
{
    const double day = outlay_exhaustion_quantile(tallies, programme, days, p, (struct outlay_margin){0.0, 0.0});
    const double lower =
        outlay_exhaustion_quantile(tallies, programme, days, p, (struct outlay_margin){OUTLAY_Z95, least});
    const double upper =
        outlay_exhaustion_quantile(tallies, programme, days, p, (struct outlay_margin){-OUTLAY_Z95, least});
    if (isnan(lower)) {
        return 0.0;
    }
    return isnan(upper) ? (double)INFINITY : fmax(day - lower, upper - day);
}

static double half_width_of(const struct outlay_precision_goal *goal, const struct outlay_tallies *tallies,
                            const struct outlay_scenario *scenario, const int at[2], double n)
{
    const size_t book = (size_t)at[0] * (size_t)tallies->n_years + (size_t)at[1];
    if (goal->is_date) {
        return half_width_of_date(tallies, at[0], &scenario->year_first_day[at[1]], goal->p, never_seen(n));
    }
    if (goal->account < 0) {
        return fmax(OUTLAY_Z95 * tallies->exhausted_moments[book].se, never_seen(n));
    }
    const size_t i = (size_t)goal->account * (size_t)tallies->n_programmes * (size_t)tallies->n_years + book;
    const double se = isnan(goal->p)
                          ? tallies->account_moments[i].se
                          : outlay_quantile_se(&tallies->account_histogram[i], &tallies->account_moments[i], goal->p);
    return isnan(se) ? (double)INFINITY : OUTLAY_Z95 * se;
}

double outlay_precision_half_width(const struct outlay_precision_goal *goal, const struct outlay_tallies *tallies,
                                   const struct outlay_scenario *scenario, double n)
{
    double worst = 0.0;
    for (int programme = 0; programme < tallies->n_programmes; programme++) {
        for (int year = 0; year < tallies->n_years; year++) {
            if ((goal->programme < 0 || goal->programme == programme) && (goal->year < 0 || goal->year == year)) {
                worst = fmax(worst, half_width_of(goal, tallies, scenario, (const int[2]){programme, year}, n));
            }
        }
    }
    return worst;
}

bool outlay_precision_look(struct outlay_precision *self, struct outlay_tally_work *tally,
                           const struct outlay_scenario *scenario, const struct outlay_run_options *options)
{
    const uint64_t n_paths = tally->result->n_paths;
    const bool has_draws = options->n_draws > 1;
    const double least = has_draws ? OUTLAY_LEAST_DRAWS : OUTLAY_LEAST_REPLICATES;
    const uint64_t n_whole = has_draws ? n_paths / options->n_replicates : n_paths;
    const double n = (double)n_whole;
    const double most = has_draws ? options->n_draws : options->n_replicates;
    const bool is_whole = !has_draws || n_paths % options->n_replicates == 0;
    if (!is_whole || (n < most && (n < least || n < self->next_look))) {
        return false;
    }
    const struct outlay_tallies *tallies = outlay_tally_look(tally, options->n_replicates);
    self->looked_at_paths = (double)n_paths;
    self->next_look = LOOK_FACTOR * n;
    self->is_reached = n >= least;
    for (int i = 0; i < self->n_goals; i++) {
        struct outlay_precision_goal *goal = &self->goals[i];
        goal->reached = outlay_precision_half_width(goal, tallies, scenario, n);
        self->is_reached = self->is_reached && goal->reached <= goal->half_width;
    }
    return self->is_reached;
}

double outlay_precision_done(const struct outlay_precision *self, double n_paths)
{
    double done = 1.0;
    for (int i = 0; i < self->n_goals; i++) {
        const double ratio = self->goals[i].half_width / self->goals[i].reached;
        done = fmin(done, isfinite(ratio) ? ratio * ratio : 0.0);
    }
    return self->looked_at_paths > 0.0 ? fmin(1.0, done * n_paths / self->looked_at_paths) : 0.0;
}
