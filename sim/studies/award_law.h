/*
 * award_law.h: the law of one award, as cells of the contract's law.
 *
 * The contract's law is cut into cells [x_i, x_(i+1)). Of a cell its probability is known, and between which bounds its
 * awards lie: whatever the law is like inside, an error made by putting the cell's probability in the middle of these
 * bounds is at most half of their distance. Cells are cut where that matters most, so the bounds hold for any law.
 */
#ifndef OUTLAY_STUDIES_AWARD_LAW_H
#define OUTLAY_STUDIES_AWARD_LAW_H

#include <stdbool.h>
#include <stddef.h>

#include "outlay/plan.h"

/* Bounds of some awards, fen. */
struct outlay_award_range {
    double low, high;
};

struct outlay_award_law {
    const struct outlay_plan_cell *cell; /* whose rules grant the awards; borrowed */
    size_t n;
    double *x;                        /* [n + 1] edges, whole fen of a contract of size 1; owned */
    double *mass;                     /* [n] probability of each cell; they add up to 1; owned */
    struct outlay_award_range *range; /* [n] of the awards; NULL where they depend on the applicant's size; owned */
};

/* Cut the contract law of `cell` into about n_cells cells. Errors: NO_MEMORY. */
OUTLAY_MUST_USE outlay_err outlay_award_law_init(struct outlay_award_law *self, const struct outlay_plan_cell *cell,
                                                 size_t n_cells);
void outlay_award_law_free(struct outlay_award_law *self);

/* The award for a contract whose law has given `value`, whole fen at least 0, before anything is made of the rules. */
double outlay_award_of(const struct outlay_plan_cell *cell, double value);

/* Bounds of the awards in cell i where contracts are multiplied by `power` (1 without sizes); none above `ceiling`. */
struct outlay_award_range outlay_award_range_of(const struct outlay_award_law *self, size_t i, double power,
                                                double ceiling);

/* E A and E A^2 with A in the middle of its bounds, and how far off the mean may be. */
struct outlay_award_moments {
    double mean, square;
    double mean_error;
};
struct outlay_award_moments outlay_award_moments_of(const struct outlay_award_law *self, double power, double ceiling);

/*
 * *divisor becomes the greatest common divisor of itself (0 = none yet) and of all possible awards. False where awards
 * are not known to be that discrete.
 */
bool outlay_award_divide(const struct outlay_award_law *self, double *divisor);

/*
 * Put the probabilities on the grid 0, h, 2h ... (n_grid - 1) h, which is wrapped around at its end: each cell's in two
 * parts on the neighbours of its middle, such that its mean stays. What the transform of the grid is off from that of
 * the law at frequency w is then at most |w| first + w^2 / 2 second.
 */
struct outlay_award_error {
    double first, second;
};
struct outlay_award_error outlay_award_spread(const struct outlay_award_law *self, double power, double ceiling,
                                              double h, size_t n_grid, double grid[]);

#endif
