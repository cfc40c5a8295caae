/*
 * figures.h: exact distributions in the place of a run's tallies, so that whatever reads a run reads them too.
 *
 * A tally of OUTLAY_EXACT_PATHS paths in which each value comes as often as its probability says.
 */
#ifndef OUTLAY_STUDIES_FIGURES_H
#define OUTLAY_STUDIES_FIGURES_H

#include "outlay/engine.h"
#include "outlay/plan.h"
#include "outlay/studies.h"
#include "studies/inversion.h"

/* Bins of a quantity with one value a year, and of one with a value a day. */
enum { OUTLAY_FIGURE_BINS = 1 << 14, OUTLAY_FIGURE_DAY_BINS = 1 << 11 };

/* Tallies in which nothing is known yet. NULL = no memory. */
struct outlay_tallies *outlay_figures_new(const struct outlay_plan *plan);

/* What is known of a number: mean and standard deviation; the latter may be NAN. */
void outlay_figures_set_moments(struct outlay_moments *moments, double mean, double sd);

/* It is always `value`. */
void outlay_figures_set_constant(struct outlay_moments *moments, struct outlay_histogram *histogram, double value);

/* Demand S with its distribution function, and the money that it meets. */
struct outlay_figure_source {
    const struct outlay_cdf *cdf;
    double money;    /* fen; INFINITY = no limit */
    double p_within; /* P(S <= money) */
};

/*
 * Give `histogram`, which has its bins, the distribution of function(S, money), and `moments` mean and standard
 * deviation of it.
 */
void outlay_figures_set(struct outlay_moments *moments, struct outlay_histogram *histogram,
                        const struct outlay_figure_source *source, double (*function)(double s, double money));

/* The histogram and the moments of an account of a programme in a fiscal year; those of a series on a day. */
struct outlay_figure {
    struct outlay_moments *moments;
    struct outlay_histogram *histogram;
};
struct outlay_figure outlay_figure_of(struct outlay_tallies *tallies, enum outlay_account account, int programme,
                                      int year);
struct outlay_figure outlay_figure_on(struct outlay_tallies *tallies, enum outlay_series series, int programme,
                                      int32_t day);

#endif
