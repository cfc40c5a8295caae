/*
 * test_gallery.c: simulation and exact answer agree on every scenario of tests/gallery.
 *
 * Checks: of each programme and fiscal year the probability of exhaustion by the year's end and by up to three days,
 * the means of demand, commitments and payments (all as `outlay run --check-exact` does), the whole distribution of the
 * exhaustion day (Pearson's test), and the distributions of demand and of half a year's commitments at their exact
 * quantiles.
 * Known answers: the exact answer, which shares the plan (what the scenario says) with the simulation and nothing
 * else: one plays replicates, the other inverts characteristic functions.
 * Twin: contracts are 5 % larger (their median is, and all else), or, where contracts do not matter, applicants apply
 * 5 % more often; the figures notice it, and so do the distributions.
 * Threshold: five standard errors or their probability (checks.h), beyond the bracket of the exact figure, or, of
 * quantiles, beyond 0.003 in probability, which is what the bins of two histograms and the coarse brackets may add.
 * False-alarm probability of this file: 329 checks x 5.7e-7 = 1.9e-4. Seed 7.
 */
#include "play.h"

#include <gsl/gsl_errno.h>
#include <math.h>

#include "checks.h"
#include "outlay/engine.h"
#include "outlay/studies.h"

static const struct outlay_exact_options coarse = {.tolerance = 1e-3, .max_frequencies = 1 << 15, .n_cells = 1 << 15};

enum { N_REPLICATES = 10000 };

static const struct {
    const char *name;
    const char *twin;
} gallery[] = {
    {"awards-at-a-cap", "programmes.p.applications.contract={lognormal: {median: 6.3 M, sigma: 1.0}}"},
    {"fixed-sums", "programmes.p.applications.per_year=1.05"},
    {"clustered", "programmes.p.applications.contract={gamma: {mean: 1.05 M, cv: 0.8}}"},
    {"take-up", "programmes.p.applications.contract={weibull: {shape: 1.5, scale: 262.5 k}}"},
    {"bands", "programmes.p.applications.contract={uniform: {min: 52.5 k, max: 1.05 M}}"},
    {"minimum-contract", "programmes.p.applications.contract={pareto: {alpha: 1.4, scale: 105 k}}"},
    {"sizes", "programmes.p.applications.contract={exponential: {mean: 367.5 k}}"},
    {"sizes-of-contracts", "programmes.p.applications.contract={lognormal: {median: 420 k, sigma: 0.7}}"},
    {"season", "programmes.p.applications.contract={triangular: [52.5 k, 210 k, 525 k]}"},
    {"reviews", "programmes.p.applications.contract={lognormal: {median: 420 k, sigma: 0.8}}"},
    {"rounds", "programmes.p.applications.per_year=1.575"},
    {"years", "programmes.p.applications.contract={normal: {mean: 157.5 k, sd: 52.5 k, min: 21 k}}"},
    {"two-programmes", "programmes.p.applications.contract={lognormal: {median: 210 k, sigma: 0.9}}"},
    {"made-of-data", "programmes.p.applications.contract={histogram: {edges: [52.5 k, 105 k, 210 k, 525 k, 1.05 M], "
                     "counts: [4, 3, 2, 1]}}"},
    {"promises", "programmes.p.applications.contract={lognormal: {median: 262.5 k, sigma: 0.6}}"},
    {"response", "programmes.p.applications.contract={lognormal: {median: 210 k, sigma: 0.6}}"},
};
enum { N_GALLERY = sizeof gallery / sizeof *gallery };

static void load(struct outlay_scenario *scenario, const char *name, const char *override)
{
    const struct outlay_override overrides[] = {{override}};
    struct outlay_diag diag = {0};
    char path[256];
    (void)snprintf(path, sizeof path, "tests/gallery/%s.yaml", name);
    if (outlay_scenario_load(scenario, path, overrides, override != NULL, &diag) != OUTLAY_OK) {
        fail_msg("%s: %s", path, diag.n_notes > 0 ? diag.notes[0].message : "does not load");
    }
    outlay_diag_free(&diag);
}

static struct outlay_tallies *play_all(const struct outlay_scenario *scenario)
{
    const struct outlay_run_options options = {.seed = 7, .n_draws = 1, .n_replicates = N_REPLICATES, .n_threads = 2};
    struct outlay_tallies *tallies = NULL;
    assert_int_equal(outlay_engine_run(scenario, &options, NULL, &tallies, NULL), OUTLAY_OK);
    return tallies;
}

/* The figures of --check-exact. Returns how many are off. */
static int n_figures_off(const struct outlay_exact *exact, const struct outlay_scenario *scenario,
                         const struct outlay_tallies *run, const char *name)
{
    struct outlay_deviation *rows = NULL;
    size_t n = 0;
    int n_off = 0;
    assert_int_equal(outlay_exact_compare(exact, scenario, run, &rows, &n), OUTLAY_OK);
    for (size_t i = 0; i < n; i++) {
        if (!check_near(rows[i].deviation, 0.0, 1.0)) {
            n_off++;
            if (name != NULL) {
                print_error("%s: %s of programme %d, year %d, day %d: %g, not %g to %g\n", name, rows[i].quantity,
                            rows[i].programme, rows[i].year, (int)rows[i].day, rows[i].simulated, rows[i].exact.low,
                            rows[i].exact.high);
            }
        }
    }
    free(rows);
    return n_off;
}

/* Exhaustion days of one book; the last cell is that of the replicates that are never exhausted. */
static bool days_fit(const struct outlay_exact_book *book, const struct outlay_tallies *run, int programme,
                     int32_t first, int32_t n_days)
{
    double observed[367] = {0.0}, expected[367] = {0.0}, before = 0.0, rest = (double)run->n_paths;
    for (int32_t day = 0; day < n_days; day++) {
        observed[day] = (double)run->exhausted_on[(size_t)programme * (size_t)run->n_days + (size_t)(first + day)];
        expected[day] = (double)run->n_paths * (book->p_exhausted_by[day].value - before);
        before = book->p_exhausted_by[day].value;
        rest -= observed[day];
    }
    observed[n_days] = rest;
    expected[n_days] = (double)run->n_paths * (1.0 - before);
    return check_cells(observed, expected, (size_t)n_days + 1);
}

/* Shares of replicates at or below the exact quantiles. */
static bool quantiles_fit(const struct outlay_histogram *exact, const struct outlay_histogram *run)
{
    static const double probabilities[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    const double slack = 0.003;
    bool fits = true;
    for (size_t i = 0; i < sizeof probabilities / sizeof *probabilities; i++) {
        const double x = outlay_histogram_quantile(exact, probabilities[i]);
        const double p = outlay_histogram_share(exact, x); /* more than that where a value has a probability */
        const double share = outlay_histogram_share(run, x);
        fits = check_near(fmax(0.0, fabs(share - p) - slack), 0.0, sqrt(p * (1.0 - p) / (double)run->n)) && fits;
    }
    return fits;
}

/* Whole distributions. Returns how many are off. */
static int n_distributions_off(const struct outlay_exact *exact, const struct outlay_scenario *scenario,
                               const struct outlay_tallies *run, const char *name)
{
    const int n_books = exact->n_programmes * exact->n_years;
    int n_off = 0;
    for (int i = 0; i < n_books; i++) {
        const int programme = i / exact->n_years, year = i % exact->n_years;
        const int32_t first = scenario->year_first_day[year], n_days = scenario->year_first_day[year + 1] - first;
        const size_t demand = OUTLAY_ACCOUNT_demand * (size_t)n_books + (size_t)i;
        const size_t june = (size_t)programme * (size_t)run->n_days + (size_t)(first + n_days / 2);
        const bool fits[] = {
            days_fit(&exact->books[i], run, programme, first, n_days),
            quantiles_fit(&exact->tallies->account_histogram[demand], &run->account_histogram[demand]),
            quantiles_fit(&exact->tallies->series_histogram[june], &run->series_histogram[june]),
        };
        for (size_t k = 0; k < sizeof fits / sizeof *fits; k++) {
            static const char *const whats[] = {"exhaustion days", "demand", "commitments by mid-year"};
            n_off += !fits[k];
            if (!fits[k] && name != NULL) {
                print_error("%s: %s of programme %d, year %d\n", name, whats[k], programme, year);
            }
        }
    }
    return n_off;
}

static void test_agreement(void **state)
{
    (void)state;
    int n_off = 0;
    for (int i = 0; i < N_GALLERY; i++) {
        struct outlay_scenario scenario = {0}, biased = {0};
        struct outlay_exact *exact = NULL;
        struct outlay_diag diag = {0};
        load(&scenario, gallery[i].name, NULL);
        if (outlay_exact_new(&exact, &scenario, &coarse, &diag) != OUTLAY_OK) {
            fail_msg("%s: %s", gallery[i].name, diag.notes[0].message);
        }
        struct outlay_tallies *run = play_all(&scenario);
        n_off += n_figures_off(exact, &scenario, run, gallery[i].name) +
                 n_distributions_off(exact, &scenario, run, gallery[i].name);
        (void)check_held(n_off == 0);
        outlay_tallies_free(run);
        load(&biased, gallery[i].name, gallery[i].twin);
        run = play_all(&biased);
        if (check_twin(n_figures_off(exact, &biased, run, NULL) == 0)) {
            print_error("%s goes unnoticed by the figures\n", gallery[i].twin);
            n_off++;
        }
        if (check_twin(n_distributions_off(exact, &biased, run, NULL) == 0)) {
            print_error("%s goes unnoticed by the distributions\n", gallery[i].twin);
            n_off++;
        }
        outlay_tallies_free(run);
        outlay_exact_free(exact);
        outlay_diag_free(&diag);
        outlay_scenario_free(&biased);
        outlay_scenario_free(&scenario);
    }
    assert_int_equal(n_off, 0);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_agreement)};
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 329);
}
