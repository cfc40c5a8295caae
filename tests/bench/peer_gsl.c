/*
 * peer_gsl.c: the two workloads as a good programmer would write them for one purpose: scalar C on GSL.
 *
 * usage: see peer_main.c
 *
 * What makes it fast: taus2 and the ziggurat; the day from a guide table in one step or two; money added up by day,
 * which is all that first come first served needs here; participants drawn as one binomial number; an applicant's
 * contracts put in order only where the cap binds.
 */
#define HAVE_INLINE /* for gsl_rng_uniform */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

#include "peer_workload.h"

enum { N_GUIDE = 4096 };

/* The law of the day: its distribution function, and where to begin looking for u: guide[(int)(u N_GUIDE)]. */
struct arrivals {
    double up_to[N_DAYS];
    unsigned short guide[N_GUIDE];
};

/* What an applicant asks for: an award and its day. */
struct request {
    unsigned day;
    double award;
};

/* A growing list: the requests of one applicant. */
struct requests {
    struct request *items;
    size_t capacity;
};

struct peer {
    bool is_simple;
    double factor;
    gsl_rng *rng;
    struct arrivals arrivals;
    struct requests requests;
};

static void arrivals_init(struct arrivals *self)
{
    peer_day_weights(self->up_to);
    for (int day = 1; day < N_DAYS; day++) {
        self->up_to[day] += self->up_to[day - 1];
    }
    const double sum = self->up_to[N_DAYS - 1];
    for (int day = 0; day < N_DAYS; day++) {
        self->up_to[day] /= sum;
    }
    self->up_to[N_DAYS - 1] = 1.0;
    for (unsigned i = 0, day = 0; i < N_GUIDE; i++) {
        while (self->up_to[day] <= (double)i / N_GUIDE) {
            day++;
        }
        self->guide[i] = (unsigned short)day;
    }
}

static inline unsigned day_draw(const struct arrivals *arrivals, const gsl_rng *rng)
{
    const double u = gsl_rng_uniform(rng);
    unsigned day = arrivals->guide[(unsigned)(u * N_GUIDE)];
    while (u >= arrivals->up_to[day]) {
        day++;
    }
    return day;
}

static inline double award_draw(const struct class *class, double log_median, const gsl_rng *rng)
{
    const double contract = exp(log_median + class->sigma * gsl_ran_gaussian_ziggurat(rng, 1.0));
    const double share = class->rate * contract;
    return floor(share < class->cap_fen ? share : class->cap_fen);
}

static unsigned long play_simple(const struct arrivals *arrivals, double factor, const gsl_rng *rng, double by_day[])
{
    unsigned long contracts = 0;
    for (int c = 0; c < N_CLASSES; c++) {
        const struct class class = classes[c];
        const double log_median = log(class.median_fen * factor);
        const unsigned n = gsl_ran_poisson(rng, class.per_year);
        for (unsigned i = 0; i < n; i++) {
            const unsigned day = day_draw(arrivals, rng);
            by_day[day] += award_draw(&class, log_median, rng);
        }
        contracts += n;
    }
    return contracts;
}

/* Add one applicant's requests; where they come to more than its cap, in the order of their days. */
static void add_requests(struct request items[], unsigned n, double by_day[])
{
    double sum = 0.0;
    for (unsigned i = 0; i < n; i++) {
        sum += items[i].award;
    }
    if (sum > APPLICANT_CAP_FEN) {
        for (unsigned i = 1; i < n; i++) { /* a handful: insertion sort */
            const struct request item = items[i];
            unsigned k = i;
            for (; k > 0 && items[k - 1].day > item.day; k--) {
                items[k] = items[k - 1];
            }
            items[k] = item;
        }
        double left = APPLICANT_CAP_FEN;
        for (unsigned i = 0; i < n; i++) {
            items[i].award = items[i].award < left ? items[i].award : left;
            left -= items[i].award;
        }
    }
    for (unsigned i = 0; i < n; i++) {
        by_day[items[i].day] += items[i].award;
    }
}

static void reserve(struct requests *requests, size_t n)
{
    if (n > requests->capacity) {
        requests->capacity = 2 * n;
        requests->items = peer_realloc(requests->items, requests->capacity * sizeof *requests->items);
    }
}

static unsigned long play_population(const struct arrivals *arrivals, double factor, const gsl_rng *rng,
                                     struct requests *requests, double by_day[])
{
    unsigned long contracts = 0;
    for (int c = 0; c < N_CLASSES; c++) {
        const struct class class = classes[c];
        const double log_median = log(class.median_fen * factor);
        const unsigned participants = gsl_ran_binomial(rng, class.take_up, class.count);
        for (unsigned a = 0; a < participants; a++) {
            const double log_size = SIZE_SIGMA * gsl_ran_gaussian_ziggurat(rng, 1.0) - SIZE_SIGMA * SIZE_SIGMA / 2.0;
            const unsigned n = gsl_ran_poisson(rng, class.each_year * exp(log_size));
            reserve(requests, n);
            for (unsigned i = 0; i < n; i++) { /* the square root of the size */
                requests->items[i].day = day_draw(arrivals, rng);
                requests->items[i].award = award_draw(&class, log_median + log_size / 2.0, rng);
            }
            add_requests(requests->items, n, by_day);
            contracts += n;
        }
    }
    return contracts;
}

/* First come first served, the last award in part: the day on which the money asked for first exceeds the budget. */
static struct outcome outcome_of(const double by_day[], unsigned long contracts)
{
    struct outcome outcome = {.exhaustion_day = NEVER, .contracts = contracts};
    for (int day = 0; day < N_DAYS; day++) {
        outcome.demand += by_day[day];
        if (outcome.demand > BUDGET_FEN && outcome.exhaustion_day == NEVER) {
            outcome.exhaustion_day = day;
        }
    }
    outcome.committed = outcome.demand < BUDGET_FEN ? outcome.demand : BUDGET_FEN;
    return outcome;
}

struct peer *peer_alloc(bool is_simple, double factor, unsigned long seed)
{
    struct peer *self = peer_realloc(NULL, sizeof *self);
    *self = (struct peer){.is_simple = is_simple, .factor = factor, .rng = gsl_rng_alloc(gsl_rng_taus2)};
    gsl_rng_set(self->rng, seed);
    arrivals_init(&self->arrivals);
    return self;
}

struct outcome peer_play(struct peer *self)
{
    double by_day[N_DAYS] = {0.0};
    const unsigned long contracts =
        self->is_simple ? play_simple(&self->arrivals, self->factor, self->rng, by_day)
                        : play_population(&self->arrivals, self->factor, self->rng, &self->requests, by_day);
    return outcome_of(by_day, contracts);
}

void peer_free(struct peer *self)
{
    free(self->requests.items);
    gsl_rng_free(self->rng);
    free(self);
}
