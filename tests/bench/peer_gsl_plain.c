/*
 * peer_gsl_plain.c: the two workloads as an analyst would write them on a first afternoon: C on GSL, not tuned.
 *
 * usage: see peer_main.c
 *
 * Every number comes from the function that GSL's manual names for its law. All applications of a replicate are
 * collected, sorted by day, and served in one pass until the money is gone. The pass also keeps what had been committed
 * by each day, as a daily band needs it.
 */
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "peer_workload.h"

struct application {
    int day;
    unsigned applicant; /* population */
    double award;       /* fen */
};

struct peer {
    bool is_simple;
    double factor;
    gsl_rng *rng;
    gsl_ran_discrete_t *arrivals;
    unsigned n_applicants;
    double *held; /* population: what each applicant has asked for so far in the year */
    size_t n, capacity;
    struct application *applications;
    double committed[N_DAYS]; /* up to the end of each day */
};

struct peer *peer_alloc(bool is_simple, double factor, unsigned long seed)
{
    double weights[N_DAYS];
    peer_day_weights(weights);
    struct peer *self = peer_realloc(NULL, sizeof *self);
    *self = (struct peer){.is_simple = is_simple, .factor = factor};
    self->rng = gsl_rng_alloc(gsl_rng_taus2);
    gsl_rng_set(self->rng, seed);
    self->arrivals = gsl_ran_discrete_preproc(N_DAYS, weights);
    for (int c = 0; c < N_CLASSES; c++) {
        self->n_applicants += classes[c].count;
    }
    self->held = peer_realloc(NULL, self->n_applicants * sizeof *self->held);
    return self;
}

void peer_free(struct peer *self)
{
    free(self->applications);
    free(self->held);
    gsl_ran_discrete_free(self->arrivals);
    gsl_rng_free(self->rng);
    free(self);
}

/* Draw n applications of an applicant. */
static void apply(struct peer *self, const struct class *class, unsigned applicant, double median, unsigned n)
{
    if (self->n + n > self->capacity) {
        self->capacity = 2 * (self->n + n);
        self->applications = peer_realloc(self->applications, self->capacity * sizeof *self->applications);
    }
    const double log_median = log(median);
    for (unsigned i = 0; i < n; i++) {
        const int day = (int)gsl_ran_discrete(self->rng, self->arrivals);
        const double contract = gsl_ran_lognormal(self->rng, log_median, class->sigma);
        const double award = floor(GSL_MIN(class->rate * contract, class->cap_fen));
        self->applications[self->n++] = (struct application){day, applicant, award};
    }
}

static void draw_simple(struct peer *self)
{
    for (int c = 0; c < N_CLASSES; c++) {
        const struct class *class = &classes[c];
        apply(self, class, 0, class->median_fen * self->factor, gsl_ran_poisson(self->rng, class->per_year));
    }
}

static void draw_population(struct peer *self)
{
    unsigned applicant = 0;
    for (int c = 0; c < N_CLASSES; c++) {
        const struct class *class = &classes[c];
        for (unsigned i = 0; i < class->count; i++, applicant++) {
            if (gsl_ran_bernoulli(self->rng, class->take_up)) {
                const double size = gsl_ran_lognormal(self->rng, -SIZE_SIGMA * SIZE_SIGMA / 2.0, SIZE_SIGMA);
                const double median = class->median_fen * self->factor * sqrt(size);
                apply(self, class, applicant, median, gsl_ran_poisson(self->rng, class->each_year * size));
            }
        }
    }
}

/* For qsort. What is reported does not depend on the order within a day. */
static int by_day(const void *a, const void *b)
{
    return ((const struct application *)a)->day - ((const struct application *)b)->day;
}

/* First come first served, the last award in part. An applicant asks for no more than is left of its cap. */
static struct outcome serve(struct peer *self)
{
    struct outcome outcome = {.exhaustion_day = NEVER, .contracts = self->n};
    memset(self->held, 0, self->n_applicants * sizeof *self->held);
    size_t i = 0;
    for (int day = 0; day < N_DAYS; day++) {
        for (; i < self->n && self->applications[i].day == day; i++) {
            double award = self->applications[i].award;
            if (!self->is_simple) {
                double *held = &self->held[self->applications[i].applicant];
                award = GSL_MIN(award, APPLICANT_CAP_FEN - *held);
                *held += award;
            }
            const double left = BUDGET_FEN - outcome.committed;
            if (award > left && outcome.exhaustion_day == NEVER) {
                outcome.exhaustion_day = day;
            }
            outcome.demand += award;
            outcome.committed += GSL_MIN(award, left);
        }
        self->committed[day] = outcome.committed;
    }
    return outcome;
}

struct outcome peer_play(struct peer *self)
{
    self->n = 0;
    if (self->is_simple) {
        draw_simple(self);
    } else {
        draw_population(self);
    }
    qsort(self->applications, self->n, sizeof *self->applications, by_day);
    return serve(self);
}
