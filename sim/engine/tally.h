/*
 * tally.h: adding up paths in memory that does not grow with them. Private to the library: outside sim/engine, only the
 * sums are used.
 */
#ifndef OUTLAY_TALLY_H
#define OUTLAY_TALLY_H

#include <stdbool.h>

#include "outlay/engine.h"

/* Bins of the histogram of a quantity that has one value a replicate, and one value a day. */
enum { OUTLAY_BINS_ACCOUNT = 4096, OUTLAY_BINS_CLASS = 2048, OUTLAY_BINS_DAY = 1024 };

/* Width of the first bins of a daily series: a fen, or a fine share. */
static inline double outlay_series_width(size_t series)
{
    return series == OUTLAY_SERIES_SERVED ? 1.0 / OUTLAY_BINS_DAY : 1.0;
}

void outlay_histogram_init(struct outlay_histogram *self, uint32_t n_bins, uint32_t count[]);

/* Add n values, at least one, as outlay_histogram_add does. */
void outlay_histogram_add_all(struct outlay_histogram *self, size_t n, const double values[]);

/* Add all values of `other`, which has as many bins. */
void outlay_histogram_merge(struct outlay_histogram *self, const struct outlay_histogram *other);

/*
 * Sums from which moments come: over all paths, over those of the draw at hand, and over the draws that are done. All
 * are sums of differences from an origin, the first value, so that what never varies has no variance to the bit.
 */
struct outlay_sums {
    bool has_origin;
    double origin;
    double sum, squares;              /* all paths */
    double draw_sum;                  /* paths of the draw at hand */
    double of_means, of_mean_squares; /* sums over finished draws of their mean, and of its square */
    double weighted_squares;          /* sum over finished draws of n x mean^2 */
    double *of_scrambles; /* [OUTLAY_N_SCRAMBLES]: sums of the finished draws' means; NULL = draws are independent */
};

/* Add n values: their differences from `origin` add up to `sum`, the squares of these to `squares`. */
void outlay_sums_add(struct outlay_sums *self, double n, double origin, double sum, double squares);

/* The draw at hand, of n paths and with this scrambling, is done. */
void outlay_sums_end_draw(struct outlay_sums *self, double n, uint32_t scramble);

/* Moments over n paths in n_draws draws. */
struct outlay_moments outlay_sums_moments(const struct outlay_sums *self, double n, double n_draws);

/* The tallies while a run goes on. */
struct outlay_tally_work {
    struct outlay_tallies *result;
    size_t n_books;   /* programmes x years */
    size_t n_account; /* accounts x books */
    size_t n_class;   /* accounts x books x classes */
    size_t n_day;     /* programmes x days */
    size_t n_series;  /* series x programmes x days */
    struct outlay_sums *account, *class_account, *exhausted, *series;
    uint64_t *draw_exhausted_on; /* [n_day]: of the draw at hand */
    double *by_squares;          /* [n_day]: sum over draws of (share exhausted by that day)^2 */
    double *by_scrambles;        /* [n_day][OUTLAY_N_SCRAMBLES]: sum over its draws of that share; NULL as below */
    double *of_scrambles;        /* of all outlay_sums; NULL where draws are independent */
    const int32_t *year_first_day;
    uint32_t draw;      /* at hand */
    uint64_t n_in_draw; /* paths of it so far */
};

OUTLAY_MUST_USE outlay_err outlay_tally_work_init(struct outlay_tally_work *self, const struct outlay_plan *plan,
                                                  enum outlay_design design);
void outlay_tally_work_free(struct outlay_tally_work *self);

/*
 * Take in column i of a batch, 0 <= i < outlay_tally_columns: one quantity, of all paths in their order. Columns know
 * nothing of each other, so that each may be taken in on another thread; all of them come before outlay_tally_begin
 * is told of the batch.
 */
size_t outlay_tally_columns(const struct outlay_tally_work *self);
void outlay_tally_column(struct outlay_tally_work *self, const struct outlay_batch *batch, size_t i);

/* What comes next are n paths of `draw`: paths come draw by draw. */
void outlay_tally_begin(struct outlay_tally_work *self, uint32_t draw, uint64_t n);

/*
 * Take in the daily sums of n of them: for each day an origin, the sum of the differences from
 * it and the sum of their squares, [n_series] each.
 */
void outlay_tally_days(struct outlay_tally_work *self, double n, const double origin[], const double sums[],
                       const double squares[]);

/*
 * Bring the result up to date in the middle of a run, all but the daily series, which the threads have: a draw with
 * n_replicates is done. Nothing is lost, the run may go on.
 */
const struct outlay_tallies *outlay_tally_look(struct outlay_tally_work *self, uint32_t n_replicates);

/*
 * Turn sums into moments. The result is handed over. A draw that an interrupt has left with fewer than n_replicates is
 * no observation of its own beside whole ones: it counts in the means, not in the standard errors between draws.
 */
struct outlay_tallies *outlay_tally_finish(struct outlay_tally_work *self, uint32_t n_replicates);

#endif
