/*
 * test_data_laws.c: values drawn through the quantile tables of laws made of data follow those laws.
 *
 * Checks: as in test_laws.c, for histograms, a data file, mixtures and splices, truncated ones among them; and the
 * atoms of a data file that repeats its values, each by its share.
 * Known answers: distribution functions that are written here by hand and with GSL, those of the data files by Hyndman
 * and Fan's type 7; a table of data may be off by 6.1e-5 in probability (random.h), a tenth of the standard error.
 * Twin: the law with one number off by 5 %, or data 5 % larger.
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 129 checks x 5.7e-7 = 7.4e-5. Seed 1 (play.h).
 */
#include "pit.h"

#include <gsl/gsl_errno.h>

/* ---- distribution functions -------------------------------------------------------------------------------------- */

static double of_side(double below, bool upper)
{
    return upper ? 1.0 - below : below;
}

/* Loans of a real programme by size, in thousands: many small ones, few large ones. */
#define EDGES "edges: [1, 50, 150, 350, 1000, 2000, 10000]"
#define EDGES_OFF "edges: [1.05, 52.5, 157.5, 367.5, 1050, 2100, 10500]"
#define COUNTS "counts: [66.8, 17.1, 9.6, 4.1, 1.6, 0.8]"
enum { N_BINS = 6 };

static double in_bins(double x, bool is_log, bool upper)
{
    static const double edges[N_BINS + 1] = {1, 50, 150, 350, 1000, 2000, 10000};
    static const double counts[N_BINS] = {66.8, 17.1, 9.6, 4.1, 1.6, 0.8};
    double on_side = 0.0, sum = 0.0;
    for (int i = 0; i < N_BINS; i++) {
        const double part = is_log ? log(fmax(x, 1e-9) / edges[i]) / log(edges[i + 1] / edges[i])
                                   : (x - edges[i]) / (edges[i + 1] - edges[i]);
        const double within = fmax(0.0, fmin(part, 1.0));
        on_side += counts[i] * (upper ? 1.0 - within : within);
        sum += counts[i];
    }
    return on_side / sum;
}

static double uniform_bins(const double p[], double x, bool upper)
{
    (void)p;
    return in_bins(x, false, upper);
}

static double log_bins(const double p[], double x, bool upper)
{
    (void)p;
    return in_bins(x, true, upper);
}

/* tests/stat/data/fees.csv: row k = 0 ... N_ROWS - 1 in the order of its values, which rise neither evenly nor
 * smoothly; the file has them in another order. */
enum { N_ROWS = 400 };

static double row(int k)
{
    return exp(0.011 * k + 0.3 * floor(k / 57.0) + 0.001 * (k % 7));
}

/* The k-th of n rows (from 0) lies at probability k / (n - 1), straight lines between. */
static double rows(const double p[], double x, bool upper)
{
    static double sorted[N_ROWS];
    (void)p;
    for (int k = 0; sorted[N_ROWS - 1] == 0.0 && k < N_ROWS; k++) {
        sorted[k] = row(k);
    }
    int low = 0, high = N_ROWS - 1;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        *(sorted[middle] <= x ? &low : &high) = middle;
    }
    const double part = (x - sorted[low]) / (sorted[high] - sorted[low]);
    return upper ? (N_ROWS - 1 - low - part) / (N_ROWS - 1) : (low + part) / (N_ROWS - 1);
}

static double mixture(const double p[], double x, bool upper)
{
    (void)p;
    return upper ? 0.6 * gsl_cdf_lognormal_Q(x, log(4.5), 0.4) + 0.3 * gsl_cdf_flat_Q(x, 30.0, 50.0) +
                       0.1 * (x < 60.0 ? 1.0 : pow(60.0 / x, 1.6))
                 : 0.6 * gsl_cdf_lognormal_P(x, log(4.5), 0.4) + 0.3 * gsl_cdf_flat_P(x, 30.0, 50.0) +
                       0.1 * (x < 60.0 ? 0.0 : 1.0 - pow(60.0 / x, 1.6));
}

/* Share of the tail from 20 on; 0 = that of the body itself. */
static double splice(const double p[], double x, bool upper)
{
    const double share = p[0] > 0.0 ? p[0] : gsl_cdf_lognormal_Q(20.0, log(4.5), 1.1);
    const double body = gsl_cdf_lognormal_P(fmin(x, 20.0), log(4.5), 1.1) / gsl_cdf_lognormal_P(20.0, log(4.5), 1.1);
    return x > 20.0 && upper ? share * pow(20.0 / x, 1.6)
           : x > 20.0        ? 1.0 - share * pow(20.0 / x, 1.6)
                             : of_side((1.0 - share) * body, upper);
}

/* ---- the laws ---------------------------------------------------------------------------------------------------- */

#define FEES "tests/stat/data/fees.csv"
#define MIXTURE(median, end)                                                                                           \
    "{mixture: [{weight: 60%, law: {lognormal: {median: " median ", sigma: 0.4}}},"                                    \
    " {weight: 0.3, law: {uniform: [30, 50]}}, {weight: 0.1, law: {pareto: {alpha: 1.6, scale: 60}}}]" end "}"
#define SPLICE(median, end)                                                                                            \
    "{splice: {body: {lognormal: {median: " median ", sigma: 1.1}}, tail_from: 20, alpha: 1.6" end "}}"

static const struct pit_law laws[] = {
    {"{histogram: {" EDGES ", " COUNTS "}}", "{histogram: {" EDGES_OFF ", " COUNTS "}}", uniform_bins, {0}, 0, 0, 0, 0},
    {"{histogram: {" EDGES ", " COUNTS ", within: log}}",
     "{histogram: {" EDGES_OFF ", " COUNTS ", within: log}}",
     log_bins,
     {0},
     0,
     0,
     0,
     0},
    {"{histogram: {" EDGES ", " COUNTS ", min: 20, max: 500}}",
     "{histogram: {" EDGES ", " COUNTS ", min: 21, max: 500}}",
     uniform_bins,
     {0},
     0,
     0,
     20,
     500},
    {"{csv: {file: " FEES ", column: fee}}", "{csv: {file: " FEES ", column: fee_off}}", rows, {0}, 0, 0, 0, 0},
    {MIXTURE("4.5", ""), MIXTURE("4.725", ""), mixture, {0}, 0, 0, 0, 0},
    {SPLICE("4.5", ", tail_share: 8%"), SPLICE("4.725", ", tail_share: 8%"), splice, {0.08}, 0, 0, 0, 0},
    {SPLICE("4.5", ", tail_share: 0.5"), SPLICE("4.5", ", tail_share: 0.525"), splice, {0.5}, 0, 0, 0, 0},
    {SPLICE("4.5", ""), SPLICE("4.725", ""), splice, {0.0}, 0, 0, 0, 0},
};

enum { N_LAWS = sizeof laws / sizeof *laws };

static void test_values_follow_their_laws(void **state)
{
    (void)state;
    pit_laws_hold(laws, N_LAWS);
}

static void test_laws_with_a_number_off_do_not(void **state)
{
    (void)state;
    pit_twins_fall(laws, N_LAWS);
}

/* ---- values that data repeat ------------------------------------------------------------------------------------- */

/*
 * tests/stat/data/repeated.csv: 0.1 thrice, 0.2 once, 0.9 twice; 0.4 has weight 0. Of the five steps from one to the
 * next two stay at 0.1, one leads to 0.2, one to 0.9, and one stays there.
 */
static bool steps_fit(const char *column, uint32_t n)
{
    static const double share[] = {0.4, 0.2, 0.2, 0.2};
    char text[128];
    double observed[4] = {0.0}, expected[4];
    assert_true(snprintf(text, sizeof text, "{csv: {file: tests/stat/data/repeated.csv, column: value, weight: %s}}",
                         column) < (int)sizeof text);
    pit_draw(text, PIT_BODY, N_LAWS, n);
    for (uint32_t i = 0; i < n; i++) {
        const double x = pit_values[i];
        observed[x < 0.1 + 1e-12 ? 0 : x < 0.2 ? 1 : x < 0.9 - 1e-12 ? 2 : 3] += 1.0;
    }
    for (int i = 0; i < 4; i++) {
        expected[i] = n * share[i];
    }
    return check_cells(observed, expected, 4);
}

static void test_repeated_values_have_their_shares(void **state)
{
    (void)state;
    assert_true(check_held(steps_fit("firms", CHECK_DRAWS)));
    assert_false(check_twin(steps_fit("firms_off", CHECK_TWIN_DRAWS)));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_follow_their_laws),
        cmocka_unit_test(test_laws_with_a_number_off_do_not),
        cmocka_unit_test(test_repeated_values_have_their_shares),
    };
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 129);
}
