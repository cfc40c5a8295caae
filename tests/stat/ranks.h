/* ranks.h: Spearman's rank correlation and its standard error. */
#ifndef OUTLAY_TEST_RANKS_H
#define OUTLAY_TEST_RANKS_H

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

/* n values in order. */
struct ranks {
    size_t n;
    size_t *order; /* places of the values, the least first */
    double *score; /* of each value: its rank over n, in (0, 1) */
};

static inline struct ranks ranks_of(const double values[], size_t n)
{
    struct ranks self = {n, calloc(n, sizeof *self.order), calloc(n, sizeof *self.score)};
    if (self.order == NULL || self.score == NULL) {
        abort();
    }
    gsl_sort_index(self.order, values, 1, n);
    for (size_t k = 0; k < n; k++) {
        self.score[self.order[k]] = ((double)k + 0.5) / (double)n;
    }
    return self;
}

static inline void ranks_free(struct ranks *self)
{
    free(self->order);
    free(self->score);
}

/* above[j] += mean of 1(X >= x_j) G(Y). */
static inline void ranks_add_upper_means(const struct ranks *x, const struct ranks *y, double above[])
{
    double sum = 0.0;
    for (size_t k = x->n; k-- > 0;) {
        sum += y->score[x->order[k]];
        above[x->order[k]] += sum / (double)x->n;
    }
}

/*
 * Spearman's rho of two rows of values, and its standard error by its influence function,
 * h(x, y) = 12 (F(x) G(y) + E[1(X >= x) G(Y)] + E[1(Y >= y) F(X)]) (Hoeffding, "A class of statistics with
 * asymptotically normal distribution", 1948), at the empirical distribution.
 */
static inline double ranks_spearman(const struct ranks *x, const struct ranks *y, double *standard_error)
{
    const double n = (double)x->n;
    double *above = calloc(x->n, sizeof *above);
    if (above == NULL) {
        abort();
    }
    double product = 0.0, mean = 0.0, square = 0.0;
    ranks_add_upper_means(x, y, above);
    ranks_add_upper_means(y, x, above);
    for (size_t j = 0; j < x->n; j++) {
        const double h = 12.0 * (x->score[j] * y->score[j] + above[j]);
        product += (x->score[j] - 0.5) * (y->score[j] - 0.5);
        mean += h / n;
        square += h * h / n;
    }
    free(above);
    *standard_error = sqrt((square - mean * mean) / n);
    return 12.0 * product / n;
}

#endif
