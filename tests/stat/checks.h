/*
 * checks.h: the statistics of the stat tests.
 *
 * Every check is passed or failed at the same probability of a false alarm, that of five standard errors on either
 * side of a normal law, 5.7e-7: estimators by their distance in standard errors, whole distributions by the p-value of
 * Pearson's or Anderson and Darling's statistic. Seeds are fixed, so a check that passes once passes always.
 */
#ifndef OUTLAY_TEST_CHECKS_H
#define OUTLAY_TEST_CHECKS_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Standard errors that an estimate may lie off, and the probability that it lies further off by chance. */
#define CHECK_STANDARD_ERRORS 5.0
#define CHECK_FALSE_ALARM 5.733e-7

/* Cells of Pearson's statistic are put together with their neighbours until this many are expected. */
#define CHECK_LEAST_EXPECTED 8.0

/* True if `is` lies within five standard errors of `ought`. */
static inline bool check_near(double is, double ought, double standard_error)
{
    return fabs(is - ought) <= CHECK_STANDARD_ERRORS * standard_error;
}

/* True if a share `k` of n is one that events of probability p could leave. */
static inline bool check_share(double k, double n, double p)
{
    return check_near(k / n, p, sqrt(p * (1.0 - p) / n));
}

/* Pearson's chi-square: observed and expected numbers by cell, equal in sum. False where the p-value is too small. */
static inline bool check_cells(const double observed[], const double expected[], size_t n)
{
    double statistic = 0.0, seen = 0.0, due = 0.0, left = 0.0;
    size_t n_cells = 0;
    for (size_t i = 0; i < n; i++) {
        left += expected[i];
    }
    for (size_t i = 0; i < n; i++) {
        seen += observed[i];
        due += expected[i];
        left -= expected[i];
        if (i + 1 == n || (due >= CHECK_LEAST_EXPECTED && left >= CHECK_LEAST_EXPECTED)) {
            statistic += (seen - due) * (seen - due) / due;
            n_cells++;
            seen = due = 0.0;
        }
    }
    return n_cells < 2 || gsl_cdf_chisq_Q(statistic, (double)(n_cells - 1)) >= CHECK_FALSE_ALARM;
}

/*
 * Anderson and Darling's A^2 for values that should be uniform on (0, 1); sorts them. Its tail beyond 5 is
 * sqrt(3) P(chi^2 with one degree of freedom > 2 A^2), from the largest of its eigenvalues 1 / (j (j + 1)).
 */
static inline bool check_uniform(double u[], size_t n)
{
    gsl_sort(u, 1, n);
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += (2.0 * (double)i + 1.0) * (log(u[i]) + log1p(-u[n - 1 - i]));
    }
    const double statistic = -(double)n - sum / (double)n;
    /* a value at 0 or 1 makes the statistic infinite or no number: no fit */
    return statistic < 5.0 || (isfinite(statistic) && sqrt(3.0) * erfc(sqrt(statistic)) >= CHECK_FALSE_ALARM);
}

/* n values that should be uniform, counted in cells that grow fine towards both ends. */
static inline bool check_tails(const double u[], size_t n)
{
    static const double edges[] = {1e-4, 1e-3, 0.01, 0.05, 0.1,  0.2,  0.3,   0.4,    0.5,
                                   0.6,  0.7,  0.8,  0.9,  0.95, 0.99, 0.999, 0.9999, 1.0};
    enum { N_CELLS = sizeof edges / sizeof *edges };
    double observed[N_CELLS] = {0.0}, expected[N_CELLS];
    for (size_t i = 0; i < n; i++) {
        int cell = 0;
        while (cell < N_CELLS - 1 && u[i] > edges[cell]) {
            cell++;
        }
        observed[cell] += 1.0;
    }
    for (int cell = 0; cell < N_CELLS; cell++) {
        expected[cell] = (double)n * (edges[cell] - (cell > 0 ? edges[cell - 1] : 0.0));
    }
    return check_cells(observed, expected, N_CELLS);
}

#endif
