/*
 * checks.h: the statistics of the stat tests, and the account of how often they may fail by chance.
 *
 * Every check is passed or failed at the same probability of a false alarm, that of five standard errors on either
 * side of a normal law, 5.7e-7: estimators by their distance in standard errors, whole distributions by the p-value of
 * Pearson's or Anderson and Darling's statistic, rare events by the binomial law itself. Seeds are fixed, so a check
 * that passes once passes always.
 *
 * Each result goes through check_held, or, that of a biased twin, through check_twin; so the checks that could raise a
 * false alarm are counted, and check_finish compares their number with the one that the file states at its head.
 */
#ifndef OUTLAY_TEST_CHECKS_H
#define OUTLAY_TEST_CHECKS_H

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Standard errors that an estimate may lie off, and the probability that it lies further off by chance. */
#define CHECK_STANDARD_ERRORS 5.0
#define CHECK_FALSE_ALARM 5.733e-7

/* Cells of Pearson's statistic are put together with their neighbours until this many are expected. */
#define CHECK_LEAST_EXPECTED 8.0

/* Draws of a law: a million, or, in a build for looking closely (assertions, sanitizers), which is many times as slow,
 * as many as a twin has: what so few notice, a million notice. */
enum { CHECK_TAIL_DRAWS = 40000, CHECK_TWIN_DRAWS = 100000 };
#ifdef NDEBUG
enum { CHECK_DRAWS = 1000000 };
#else
enum { CHECK_DRAWS = CHECK_TWIN_DRAWS };
#endif

/* ---- the account ------------------------------------------------------------------------------------------------- */

static size_t check_n_pending, check_n_held; /* checks made, and those of them that the program had to pass */

/* The program's own result: what was checked for it counts. */
static inline bool check_held(bool passed)
{
    check_n_held += check_n_pending;
    check_n_pending = 0;
    return passed;
}

/* The result of a twin, which must be false. */
static inline bool check_twin(bool passed)
{
    check_n_pending = 0;
    return passed;
}

/* What main returns: the number of failed tests, or 1 if the file does not state the number of its checks. */
static inline int check_finish(int n_failed, size_t n_stated)
{
    if (n_failed == 0 && check_n_held != n_stated) {
        (void)fprintf(stderr, "%zu checks that may fail by chance, not %zu as stated\n", check_n_held, n_stated);
        return 1;
    }
    return n_failed;
}

/* ---- estimators -------------------------------------------------------------------------------------------------- */

/* True if `is` lies within five standard errors of `ought`. */
static inline bool check_near(double is, double ought, double standard_error)
{
    check_n_pending++;
    return fabs(is - ought) <= CHECK_STANDARD_ERRORS * standard_error;
}

/* True if a share `k` of n is one that events of probability p could leave. */
static inline bool check_share(double k, double n, double p)
{
    return check_near(k / n, p, sqrt(p * (1.0 - p) / n));
}

/* The same of events that may be too few for a normal law: neither tail of the binomial law beyond k is too small. */
static inline bool check_few(size_t k, size_t n, double p)
{
    check_n_pending++;
    const double at_most = gsl_cdf_binomial_P((unsigned)k, p, (unsigned)n);
    const double at_least = k == 0 ? 1.0 : gsl_cdf_binomial_Q((unsigned)k - 1, p, (unsigned)n);
    return fmin(at_most, at_least) >= 0.5 * CHECK_FALSE_ALARM;
}

/* Pearson's correlation coefficient of n pairs. */
static inline double check_correlation(const double a[], const double b[], size_t n)
{
    double sum_a = 0.0, sum_b = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum_a += a[i] / (double)n;
        sum_b += b[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        aa += (a[i] - sum_a) * (a[i] - sum_a);
        bb += (b[i] - sum_b) * (b[i] - sum_b);
        ab += (a[i] - sum_a) * (b[i] - sum_b);
    }
    return ab / sqrt(aa * bb);
}

/* n pairs of independent values: the coefficient has the standard error 1 / sqrt(n). */
static inline bool check_uncorrelated(const double a[], const double b[], size_t n)
{
    return check_near(check_correlation(a, b, n), 0.0, 1.0 / sqrt((double)n));
}

/* ---- distributions ----------------------------------------------------------------------------------------------- */

/* Pearson's chi-square: observed and expected numbers by cell, equal in sum. False where the p-value is too small. */
static inline bool check_cells(const double observed[], const double expected[], size_t n)
{
    double statistic = 0.0, seen = 0.0, due = 0.0, left = 0.0;
    size_t n_cells = 0;
    check_n_pending++;
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

/* The cell of a value in (0, 1), of n alike; those of a twin may lie beyond. */
static inline size_t check_cell(double u, size_t n)
{
    return u >= 1.0 ? n - 1 : u > 0.0 ? (size_t)(u * (double)n) : 0;
}

static inline int check_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sort values in [0, 1]: those that should be uniform fall into cells of one each, and hardly any must be moved. False
 * if there is no memory, or a value lies beyond. */
static inline bool check_sort(double u[], size_t n)
{
    size_t *end = calloc(n + 1, sizeof *end);
    double *sorted = malloc((n + 1) * sizeof *sorted);
    bool is_done = end != NULL && sorted != NULL;
    for (size_t i = 0; i < n && is_done; i++) {
        is_done = u[i] >= 0.0 && u[i] <= 1.0;
        end[is_done ? check_cell(u[i], n) + 1 : 0]++;
    }
    for (size_t cell = 0; cell < n && is_done; cell++) {
        end[cell + 1] += end[cell];
    }
    for (size_t i = 0; i < n && is_done; i++) {
        sorted[end[check_cell(u[i], n)]++] = u[i];
    }
    for (size_t cell = 0, first = 0; cell < n && is_done; cell++) { /* end[cell] is now where the cell ends */
        if (end[cell] - first > 1) {
            qsort(sorted + first, end[cell] - first, sizeof *sorted, check_compare);
        }
        first = end[cell];
    }
    if (is_done) {
        memcpy(u, sorted, n * sizeof *u);
    }
    free(sorted);
    free(end);
    return is_done;
}

/*
 * Anderson and Darling's A^2 for values that should be uniform on (0, 1); sorts them. Its tail beyond 5 is
 * sqrt(3) P(chi^2 with one degree of freedom > 2 A^2), from the largest of its eigenvalues 1 / (j (j + 1)).
 */
static inline bool check_uniform(double u[], size_t n)
{
    double sum = 0.0;
    check_n_pending++;
    if (!check_sort(u, n)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        sum += (2.0 * (double)i + 1.0) * (log(u[i]) + log1p(-u[n - 1 - i]));
    }
    const double statistic = -(double)n - sum / (double)n;
    /* a value at 0 or 1 makes the statistic infinite or no number: no fit */
    return statistic < 5.0 || (isfinite(statistic) && sqrt(3.0) * erfc(sqrt(statistic)) >= CHECK_FALSE_ALARM);
}

/* Values that should be uniform, counted in 200 cells alike. */
static inline bool check_even(const double u[], size_t n)
{
    enum { N_CELLS = 200 };
    double observed[N_CELLS] = {0.0}, expected[N_CELLS];
    for (size_t i = 0; i < n; i++) {
        observed[check_cell(u[i], N_CELLS)] += 1.0;
    }
    for (int cell = 0; cell < N_CELLS; cell++) {
        expected[cell] = (double)n / N_CELLS;
    }
    return check_cells(observed, expected, N_CELLS);
}

/* Values that should be uniform, and how many of them lie below 1e-6, 1e-5 ... 0.01, and above 1 less that. */
enum { CHECK_TAILS = 5 }; /* on each side */
static inline bool check_tails(const double u[], size_t n)
{
    static const double edges[CHECK_TAILS] = {1e-6, 1e-5, 1e-4, 1e-3, 0.01};
    bool fits = true;
    for (int k = 0; k < CHECK_TAILS; k++) {
        size_t n_low = 0, n_high = 0;
        for (size_t i = 0; i < n; i++) {
            n_low += u[i] < edges[k];
            n_high += 1.0 - u[i] < edges[k];
        }
        fits = check_few(n_low, n, edges[k]) && fits;
        fits = check_few(n_high, n, edges[k]) && fits;
    }
    return fits;
}

/* Pairs that should be independent and uniform on (0, 1): Pearson's test on a grid of 16 x 16. */
static inline bool check_pairs(const double u[], const double v[], size_t n)
{
    enum { SIDE = 16 };
    double observed[SIDE * SIDE] = {0.0}, expected[SIDE * SIDE];
    for (size_t i = 0; i < n; i++) {
        observed[check_cell(u[i], SIDE) * SIDE + check_cell(v[i], SIDE)] += 1.0;
    }
    for (int cell = 0; cell < SIDE * SIDE; cell++) {
        expected[cell] = (double)n / (SIDE * SIDE);
    }
    return check_cells(observed, expected, (size_t)SIDE * SIDE);
}

#endif
