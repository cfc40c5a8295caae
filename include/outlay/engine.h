/*
 * engine.h: draws x replicates over threads, in batches.
 *
 * Fifth in the pipeline: scenario -> batches of outcomes, handed to a sink in order, and tallies over all of them.
 * What comes out does not depend on the number of threads: paths are addressed, each is played into a place of its
 * own, and whatever is added up is added up in the order of the paths. The only room that knows OpenMP.
 */
#ifndef OUTLAY_ENGINE_H
#define OUTLAY_ENGINE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "outlay/error.h"
#include "outlay/plan.h"
#include "outlay/replicate.h"
#include "outlay/scenario.h"

struct outlay_precision; /* precision.h */

struct outlay_run_options {
    uint64_t seed;
    uint32_t n_draws;                    /* at least 1 */
    uint32_t n_replicates;               /* of each draw, at least 1 */
    int n_threads;                       /* 0 = as many as the machine has */
    struct outlay_precision *precision;  /* stop when it is reached: n_draws (where it is 1, n_replicates) are then the
                                            most that are played; NULL = play all */
    const volatile sig_atomic_t *cancel; /* set to non-zero to stop after the batch at hand; NULL = never */
    void (*progress)(void *context, double done, double contracts); /* before the first batch and after each: share
                                                                       done; NULL = none */
    void *progress_context;
};

/*
 * The size that the scenario asks for, or one that takes about a second on two cores; where it asks for a precision,
 * the largest size is a hundred times that. `precision` is left to the caller.
 */
struct outlay_run_options outlay_run_options_for(const struct outlay_scenario *scenario);

/*
 * A finished rectangle of paths: all fields of draws [first_draw, + n_draws) x replicates [first_replicate,
 * + n_replicates). Columns are [n_draws][n_replicates][n_programmes][n_years] (by class: [...][n_classes]).
 */
struct outlay_batch {
    uint32_t first_draw, n_draws;
    uint32_t first_replicate, n_replicates;
    double *account[OUTLAY_N_ACCOUNTS];       /* counts, and money in fen */
    double *class_account[OUTLAY_N_ACCOUNTS]; /* NULL where the account has no classes */
    int32_t *exhaustion_day;                  /* first: days since the start of the horizon, or OUTLAY_NEVER */
    int32_t *last_exhaustion_day;             /* the same of the last one */
    const double *uncertain;                  /* [n_draws][n_uncertain]: the draws' values */
    double contracts;                         /* played in this batch */
};

/*
 * The largest batch of a run: how the paths are cut up depends on the scenario and the run's size alone. Batches of
 * several draws have all replicates of each, so that the paths of a smaller batch are the first ones of a whole one.
 */
struct outlay_batch_shape {
    uint32_t n_draws, n_replicates;
};

/*
 * Where batches go, in order. Each function returns OUTLAY_OK to go on. `begin` is called once before the first batch.
 * What can be prepared of a batch in pieces that know nothing of each other is done by `encode`, which is called for
 * each of the pieces 0 ... n_pieces - 1 from any thread, all of them before `batch` takes the batch in.
 */
struct outlay_sink {
    void *context;
    outlay_err (*begin)(void *context, struct outlay_batch_shape shape, struct outlay_diag *diag);
    size_t n_pieces; /* 0 = `encode` is not called */
    outlay_err (*encode)(void *context, const struct outlay_batch *batch, size_t piece);
    outlay_err (*batch)(void *context, const struct outlay_batch *batch, struct outlay_diag *diag);
    /*
     * How an interrupted run goes on later; both NULL = it does not. `keep` is given n bytes from which it can, after
     * the batches so far: now and then (so seldom that it costs less than a hundredth of the time), and when the run is
     * cancelled. What it cannot keep is its own affair. `kept` is asked once, after `begin`: *state is what it was
     * given last in the run that goes on, and the batches until then are its own to look after; NULL = begin at the
     * first one.
     */
    void (*keep)(void *context, const void *state, size_t n);
    outlay_err (*kept)(void *context, const void **state, size_t *n, struct outlay_diag *diag);
};

/*
 * Distribution of one non-negative quantity over all paths, in memory that does not grow with them: a histogram of
 * bins [i w, (i + 1) w), i = 0 ... n_bins - 1, whose width w (a power of two) doubles when a value lies beyond. The
 * result depends on the set of values alone, not on their order. The least and the largest value are kept exactly, with
 * their numbers, so that the atom at a cap is exact.
 */
struct outlay_histogram {
    double width;
    double min, max;       /* of the values; NAN before the first */
    uint64_t n_min, n_max; /* how many values equal them */
    uint64_t n;
    uint32_t n_bins; /* a power of two */
    uint32_t *count; /* [n_bins], owned by whoever made it */
};

/* Mean and its standard error, with what lies between draws told from what lies within them. */
struct outlay_moments {
    double mean;       /* over all paths */
    double sd;         /* over all paths */
    double se;         /* of the mean: from the draws' means if there are several draws, else sd / sqrt(n) */
    double se_random;  /* the same as if the draws were independent; equal to se by the design `random` */
    double sd_between; /* sd of the draws' means less what chance explains; 0 with one draw, NAN with one
                          replicate a draw */
};

/*
 * By the design `sobol` the draws of one scrambling are not independent, but the scramblings are: se comes from their
 * r means (r = 16, or the number of draws if that is less), and is wider by t / z, the ratio of the 97.5 % quantiles of
 * Student's t with r - 1 degrees of freedom and of the normal law, so that +-1.96 se is a 95 % interval all the same.
 */

/*
 * What is followed day by day: commitments less returns and payments, both summed since the fiscal year began, in fen;
 * and the share of the day's demand that was committed, which on the day of a round is its pro-rata factor.
 */
enum outlay_series { OUTLAY_SERIES_COMMITMENT, OUTLAY_SERIES_OUTLAY, OUTLAY_SERIES_SERVED, OUTLAY_N_SERIES };

/* What a run knows in the end about all of its paths. */
struct outlay_tallies {
    int n_programmes, n_years, n_classes;
    int32_t n_days;
    uint64_t n_paths;                           /* finished */
    uint32_t n_draws;                           /* with at least one path */
    double contracts;                           /* played */
    struct outlay_moments *account_moments;     /* [account][programme][year]; money in fen */
    struct outlay_histogram *account_histogram; /* the same */
    struct outlay_moments *class_moments;       /* [account][programme][year][class], by_class accounts only */
    struct outlay_histogram *class_histogram;   /* the same */
    struct outlay_moments *exhausted_moments;   /* [programme][year]: of the indicator "exhausted in that year" */
    uint64_t *exhausted_on;                     /* [programme][n_days]: paths whose exhaustion day it is */
    double *exhausted_by_se;                    /* [programme][n_days]: se of P(exhausted by the end of that day) */
    struct outlay_moments *series_moments;      /* [series][programme][n_days], fen */
    struct outlay_histogram *series_histogram;  /* the same */
    uint32_t *bins;                             /* of all histograms */
};

/* Add a value, at least 0 and below 2^53, that comes n times, at least once. */
void outlay_histogram_add(struct outlay_histogram *self, double value, uint32_t n);

/* The p-quantile (0 <= p <= 1), linear within a bin, exact at the least and at the largest value. NAN if empty. */
double outlay_histogram_quantile(const struct outlay_histogram *self, double p);

/* A band around a distribution function: max(|z| se, least) wide on the side of z's sign. */
struct outlay_margin {
    double z, least;
};

/*
 * First day of [days[0], days[1]), a fiscal year, at whose end P(exhausted in that year) or the edge of the band around
 * it is at least p; NAN if no day is. z = 0 gives the p-quantile of the exhaustion date, z = +-1.96 the ends of its
 * interval, by inverting the band (Woodruff 1952).
 */
double outlay_exhaustion_quantile(const struct outlay_tallies *tallies, int programme, const int32_t days[2], double p,
                                  struct outlay_margin margin);

/* Share of the values at most x. */
double outlay_histogram_share(const struct outlay_histogram *self, double x);

/*
 * Standard error of that quantile by Woodruff's method (1952): half the distance between the quantiles at
 * p -+ sqrt(p (1 - p) deff / n), with deff the design effect of the mean, n se^2 / sd^2. Draws that lie evenly help the
 * mean more than a quantile; so se is here what it would be with independent draws, which is too large rather than too
 * small.
 */
double outlay_quantile_se(const struct outlay_histogram *self, const struct outlay_moments *moments, double p);

/*
 * Play the scenario. Batches go to `sink` (NULL = nowhere) in order; *tallies (freed with outlay_tallies_free) covers
 * every finished path. Errors: NO_MEMORY; LIBRARY; INTERRUPTED after a cancel, with tallies of what is finished;
 * BAD_RESULT_FILE for a state that is none of this run's; whatever the sink returned.
 */
OUTLAY_MUST_USE outlay_err outlay_engine_run(const struct outlay_scenario *scenario,
                                             const struct outlay_run_options *options, const struct outlay_sink *sink,
                                             struct outlay_tallies **tallies, struct outlay_diag *diag);
void outlay_tallies_free(struct outlay_tallies *self);

/* Seconds that a run with these options would take, from a trial of at most a tenth of a second or so. */
OUTLAY_MUST_USE outlay_err outlay_engine_estimate(const struct outlay_scenario *scenario,
                                                  const struct outlay_run_options *options, double *seconds,
                                                  double *contracts, struct outlay_diag *diag);

#endif
