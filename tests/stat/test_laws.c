/*
 * test_laws.c: values drawn through the quantile tables follow the laws that the scenario names.
 *
 * Checks: probability-integral transform (pit.h) of a million values of each law (100,000 in a build with assertions),
 * each form of each family over usual and extreme shapes, truncated ones, and those whose table is interpolated or cut
 * at look-up because a parameter is uncertain. Body: Pearson's test on 200 cells alike, Anderson and Darling's test,
 * the binomial law of how many lie beyond 1e-6 ... 0.01 on either side, mean and variance where they converge. Tails
 * of 1e-4: the first two on 40,000 values each that lie there. One law of each family as an uncertain number: the
 * first two on as many draws.
 * Known answers: GSL's distribution functions and closed forms, where the tables come from inverses; means and
 * standard deviations from SciPy.
 * Twin: the law with one number off by 5 %; Pearson's test and Anderson and Darling's notice each in the body, and at
 * least one check does in the tails. The count of the tails notices values that have none.
 * Threshold: five standard errors or their probability (checks.h).
 * False-alarm probability of this file: 814 checks x 5.7e-7 = 4.7e-4. Seed 1 (play.h); uncertain numbers: 20250101 and
 * following.
 */
#include "pit.h"

#include <gsl/gsl_errno.h>
#include <string.h>

/* ---- distribution functions -------------------------------------------------------------------------------------- */

static double of_side(double below, bool upper)
{
    return upper ? 1.0 - below : below;
}

static double uniform(const double p[], double x, bool upper)
{
    return of_side((x - p[0]) / (p[1] - p[0]), upper);
}

/* min, mode, max */
static double triangular(const double p[], double x, bool upper)
{
    const double width = p[2] - p[0];
    const double below = (x - p[0]) * (x - p[0]) / (width * (p[1] - p[0]));
    const double above = (p[2] - x) * (p[2] - x) / (width * (p[2] - p[1]));
    return x < p[1] ? of_side(below, upper) : of_side(above, !upper);
}

static double normal(const double p[], double x, bool upper)
{
    return upper ? gsl_cdf_gaussian_Q(x - p[0], p[1]) : gsl_cdf_gaussian_P(x - p[0], p[1]);
}

/* median, sigma */
static double lognormal(const double p[], double x, bool upper)
{
    const double z = log(x / p[0]) / p[1];
    return upper ? gsl_cdf_ugaussian_Q(z) : gsl_cdf_ugaussian_P(z);
}

/* mean, sigma */
static double lognormal_mean(const double p[], double x, bool upper)
{
    return lognormal((const double[]){p[0] * exp(-0.5 * p[1] * p[1]), p[1]}, x, upper);
}

/* mean, sd */
static double lognormal_sd(const double p[], double x, bool upper)
{
    return lognormal_mean((const double[]){p[0], sqrt(log(1.0 + p[1] * p[1] / (p[0] * p[0])))}, x, upper);
}

/* median, 95 % quantile */
static double lognormal_p95(const double p[], double x, bool upper)
{
    return lognormal((const double[]){p[0], log(p[1] / p[0]) / 1.6448536269514722}, x, upper);
}

/* shape, scale */
static double gamma_(const double p[], double x, bool upper)
{
    return upper ? gsl_cdf_gamma_Q(x, p[0], p[1]) : gsl_cdf_gamma_P(x, p[0], p[1]);
}

static double beta(const double p[], double x, bool upper)
{
    const double within = fmax(0.0, fmin(x, 1.0));
    return upper ? gsl_cdf_beta_Q(within, p[0], p[1]) : gsl_cdf_beta_P(within, p[0], p[1]);
}

/* shape, scale */
static double weibull(const double p[], double x, bool upper)
{
    const double e = pow(fmax(0.0, x) / p[1], p[0]);
    return upper ? exp(-e) : -expm1(-e);
}

/* shape, mean */
static double weibull_mean(const double p[], double x, bool upper)
{
    return weibull((const double[]){p[0], p[1] / tgamma(1.0 + 1.0 / p[0])}, x, upper);
}

/* alpha, scale */
static double pareto(const double p[], double x, bool upper)
{
    const double e = p[0] * log1p(fmax(0.0, x - p[1]) / p[1]);
    return upper ? exp(-e) : -expm1(-e);
}

/* mean */
static double exponential(const double p[], double x, bool upper)
{
    return upper ? exp(-fmax(0.0, x) / p[0]) : -expm1(-fmax(0.0, x) / p[0]);
}

/* ---- the laws ---------------------------------------------------------------------------------------------------- */

#define LAW(text, twin, cdf, ...)                                                                                      \
    {                                                                                                                  \
        "{" text "}", "{" twin "}", cdf, __VA_ARGS__                                                                   \
    }

static const struct pit_law laws[] = {
    LAW("uniform: [2, 7]", "uniform: [2, 7.35]", uniform, {2, 7}, 4.5, 1.4433756729740643, 0, 0),
    LAW("uniform: {min: -1000, max: 0.001}", "uniform: {min: -1050, max: 0.001}", uniform, {-1000, 0.001}, 0, 0, 0, 0),
    LAW("triangular: [400, 700, 1200]", "triangular: [400, 735, 1200]", triangular, {400, 700, 1200}, 766.6666666666666,
        164.9915822768611, 0, 0),
    LAW("triangular: {min: 0, mode: 0, max: 4}", "triangular: {min: 0, mode: 0, max: 4.2}", triangular, {0, 0, 4},
        1.3333333333333333, 0.9428090415820634, 0, 0),
    LAW("triangular: [0, 4, 4]", "triangular: [0.2, 4, 4]", triangular, {0, 4, 4}, 2.6666666666666665,
        0.9428090415820634, 0, 0),
    LAW("normal: {mean: 30, sd: 12}", "normal: {mean: 30, sd: 12.6}", normal, {30, 12}, 30, 12, 0, 0),
    LAW("normal: {mean: 30, cv: 0.4}", "normal: {mean: 31.5, cv: 0.4}", normal, {30, 12}, 30, 12, 0, 0),
    LAW("lognormal: [4.5, 1.1]", "lognormal: [4.5, 1.155]", lognormal, {4.5, 1.1}, 0, 0, 0, 0),
    LAW("lognormal: {median: 4.5, sigma: 0.5}", "lognormal: {median: 4.5, sigma: 0.525}", lognormal, {4.5, 0.5},
        5.099168038800719, 2.717552399448965, 0, 0),
    LAW("lognormal: {median: 1e-3, sigma: 10}", "lognormal: {median: 1e-3, sigma: 9.5}", lognormal, {1e-3, 10}, 0, 0, 0,
        0),
    LAW("lognormal: {median: 4e8, sigma: 0.01}", "lognormal: {median: 4e8, sigma: 0.0105}", lognormal, {4e8, 0.01}, 0,
        0, 0, 0),
    LAW("lognormal: {mean: 4, sigma: 0.3}", "lognormal: {mean: 4.2, sigma: 0.3}", lognormal_mean, {4, 0.3}, 4,
        1.2275131523871208, 0, 0),
    LAW("lognormal: {mean: 4, sd: 6}", "lognormal: {mean: 4, sd: 6.3}", lognormal_sd, {4, 6}, 0, 0, 0, 0),
    LAW("lognormal: {mean: 4, cv: 0.7}", "lognormal: {mean: 4, cv: 0.735}", lognormal_sd, {4, 2.8}, 0, 0, 0, 0),
    LAW("lognormal: {median: 4.5, p95: 30}", "lognormal: {median: 4.275, p95: 30}", lognormal_p95, {4.5, 30}, 0, 0, 0,
        0),
    LAW("gamma: [6.25, 4.8]", "gamma: [6.25, 5.04]", gamma_, {6.25, 4.8}, 30, 12, 0, 0),
    LAW("gamma: {mean: 30, sd: 12}", "gamma: {mean: 30, sd: 12.6}", gamma_, {6.25, 4.8}, 30, 12, 0, 0),
    LAW("gamma: {mean: 30, cv: 0.4}", "gamma: {mean: 30, cv: 0.42}", gamma_, {6.25, 4.8}, 30, 12, 0, 0),
    LAW("gamma: {shape: 0.5, scale: 2}", "gamma: {shape: 0.525, scale: 2}", gamma_, {0.5, 2}, 1, 1.4142135623730951, 0,
        0),
    LAW("gamma: {shape: 0.05, scale: 2}", "gamma: {shape: 0.0525, scale: 2}", gamma_, {0.05, 2}, 0, 0, 0, 0),
    LAW("gamma: {shape: 400, scale: 0.075}", "gamma: {shape: 400, scale: 0.07875}", gamma_, {400, 0.075}, 30, 1.5, 0,
        0),
    LAW("beta: {mean: 0.35, sd: 0.1}", "beta: {mean: 0.35, sd: 0.105}", beta, {0.35 * 21.75, 0.65 * 21.75}, 0.35, 0.1,
        0, 0),
    LAW("beta: [0.5, 0.5]", "beta: [0.525, 0.5]", beta, {0.5, 0.5}, 0.5, 0.3535533905932738, 0, 0),
    LAW("beta: {alpha: 0.05, beta: 3}", "beta: {alpha: 0.0525, beta: 3}", beta, {0.05, 3}, 0, 0, 0, 0),
    LAW("beta: {alpha: 300, beta: 500}", "beta: {alpha: 315, beta: 500}", beta, {300, 500}, 0.375, 0.017105642234499167,
        0, 0),
    LAW("weibull: [1.4, 3]", "weibull: [1.4, 3.15]", weibull, {1.4, 3}, 2.734270018914523, 1.9789338084384542, 0, 0),
    LAW("weibull: {mean: 3, shape: 0.7}", "weibull: {mean: 3, shape: 0.735}", weibull_mean, {0.7, 3}, 0, 0, 0, 0),
    LAW("weibull: {shape: 0.1, scale: 3}", "weibull: {shape: 0.105, scale: 3}", weibull, {0.1, 3}, 0, 0, 0, 0),
    LAW("weibull: {shape: 20, scale: 3}", "weibull: {shape: 21, scale: 3}", weibull, {20, 3}, 2.9205127966883273,
        0.18100257783132978, 0, 0),
    LAW("pareto: [2.5, 3]", "pareto: [2.5, 3.15]", pareto, {2.5, 3}, 0, 0, 0, 0),
    LAW("pareto: {mean: 5, alpha: 2.5}", "pareto: {mean: 5, alpha: 2.625}", pareto, {2.5, 3}, 0, 0, 0, 0),
    LAW("pareto: {alpha: 0.1, scale: 3}", "pareto: {alpha: 0.105, scale: 3}", pareto, {0.1, 3}, 0, 0, 0, 0),
    LAW("pareto: {alpha: 1000, scale: 3}", "pareto: {alpha: 950, scale: 3}", pareto, {1000, 3}, 3.0030030030030033,
        0.0030060105180311795, 0, 0),
    LAW("exponential: [3]", "exponential: [3.15]", exponential, {3}, 3, 3, 0, 0),
    /* truncated */
    LAW("lognormal: {median: 4.5, sigma: 1.1, min: 0.7, max: 90}",
        "lognormal: {median: 4.5, sigma: 1.1, min: 0.735, max: 90}", lognormal, {4.5, 1.1}, 8.18621788516428,
        10.022069256593628, 0.7, 90),
    LAW("normal: {mean: 30, sd: 12, min: 6, max: 36}", "normal: {mean: 30, sd: 12, min: 6, max: 37.8}", normal,
        {30, 12}, 24.651074660729822, 7.364069011334994, 6, 36),
    LAW("normal: {mean: 0, sd: 1, min: 4, max: 6}", "normal: {mean: 0, sd: 1.05, min: 4, max: 6}", normal, {0, 1}, 0, 0,
        4, 6),
    LAW("gamma: {mean: 30, sd: 12, min: 10, max: 60}", "gamma: {mean: 30, sd: 12.6, min: 10, max: 60}", gamma_,
        {6.25, 4.8}, 29.61058412862506, 10.67108808331583, 10, 60),
    LAW("beta: {alpha: 2, beta: 5, min: 0.1, max: 0.6}", "beta: {alpha: 2.1, beta: 5, min: 0.1, max: 0.6}", beta,
        {2, 5}, 0.29696918452509086, 0.12639418884365702, 0.1, 0.6),
    LAW("weibull: {shape: 1.4, scale: 3, min: 1, max: 6}", "weibull: {shape: 1.4, scale: 3.15, min: 1, max: 6}",
        weibull, {1.4, 3}, 2.8412885634394107, 1.290150106692389, 1, 6),
    LAW("pareto: {alpha: 2.5, scale: 3, min: 4, max: 50}", "pareto: {alpha: 2.625, scale: 3, min: 4, max: 50}", pareto,
        {2.5, 3}, 6.527633498828572, 3.8557266131300714, 4, 50),
    LAW("exponential: {mean: 3, max: 6}", "exponential: {mean: 3, max: 6.3}", exponential, {3}, 2.060894143502006,
        1.5758950000882692, 0, 6),
    LAW("triangular: {min: 400, mode: 700, max: 1200}", "triangular: {min: 400, mode: 700, max: 1260}", triangular,
        {400, 700, 1200}, 0, 0, 0, 0),
    /* uncertain to a billionth: the tables of draws */
    LAW("gamma: {mean: 30, cv: {uniform: [0.4, 0.4000000001]}}", "gamma: {mean: 30, cv: {uniform: [0.42, 0.4200001]}}",
        gamma_, {6.25, 4.8}, 30, 12, 0, 0),
    LAW("lognormal: {median: 4.5, sigma: 1.1, max: {uniform: [20, 20.0000001]}}",
        "lognormal: {median: 4.5, sigma: 1.155, max: {uniform: [20, 20.0000001]}}", lognormal, {4.5, 1.1},
        5.428174199114775, 4.504194493963527, 0, 20),
    LAW("weibull: {shape: {uniform: [1.4, 1.4000000001]}, scale: 3, min: 1, max: 6}",
        "weibull: {shape: {uniform: [1.4, 1.4000000001]}, scale: 3.15, min: 1, max: 6}", weibull, {1.4, 3},
        2.8412885634394107, 1.290150106692389, 1, 6),
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
    pit_thin_tails_fall(&laws[0]);
}

/* No row of THE law table is left out; laws of data are in test_data_laws.c. */
static void test_every_form_is_drawn(void **state)
{
    enum { MAX_FORMS = 100 };
    bool is_drawn[MAX_FORMS] = {false};
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct play play;
        pit_load(&play, "programmes.p.review.score=", laws[i].text, "");
        is_drawn[play.scenario.programmes[0].terms[0].review.score.form - outlay_law_forms] = true;
        play_free(&play);
    }
    for (int i = 0; outlay_law_forms[i].name != NULL; i++) {
        const struct outlay_law_form *form = &outlay_law_forms[i];
        if (!is_drawn[i] && form->family != OUTLAY_CONSTANT && !outlay_law_form_is_data(form)) {
            fail_msg("no law is drawn as %s by %s", form->name, form->parameter[0]);
        }
    }
}

/* ---- another unit of money --------------------------------------------------------------------------------------- */

enum { N_SCALED = 5000 };

/* pit_values = values of the law that is loaded, its numbers in the unit of the value `times` as large. */
static void draw_scaled(struct play *play, double times)
{
    struct outlay_scenario_law *score = &play->scenario.programmes[0].terms[0].review.score;
    const struct outlay_scenario_law before = *score;
    for (int i = 0; i < score->form->n_parameters; i++) {
        score->parameter[i].value *= score->form->is_in_unit[i] ? times : 1.0;
    }
    score->min.value *= times;
    score->max.value *= times;
    outlay_plan_free(play->plan);
    play->plan = NULL;
    assert_int_equal(outlay_plan_new(&play->plan, &play->scenario, 1, NULL, NULL, NULL), OUTLAY_OK);
    if (play->plan != NULL) { /* clang's analyzer does not know that an assertion ends the test */
        pit_draw_planned(play->plan, PIT_BODY, 0, N_SCALED);
    }
    *score = before;
}

/* How many values of the law x `times` are not `times` those of the law, to the bit. */
static int n_scaled_otherwise(struct play *play, double times)
{
    static double once[N_SCALED];
    int n = 0;
    draw_scaled(play, 1.0);
    memcpy(once, pit_values, sizeof once);
    draw_scaled(play, times);
    for (int k = 0; k < N_SCALED; k++) {
        n += pit_values[k] != times * once[k];
    }
    return n;
}

/* Before they are rounded to the fen, values x 1024 are those of the law x 1024; x 1025, the twin, is off by rounding.
 */
static void test_values_scale_to_the_bit(void **state)
{
    int n_laws = 0, n_noticed = 0;
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct play play;
        pit_load(&play, "programmes.p.review.score=", laws[i].text, "");
        const bool is_beta = play.scenario.programmes[0].terms[0].review.score.form->family == OUTLAY_BETA;
        if (!is_beta && play.scenario.n_uncertain == 0) { /* what is bound to 0 to 1 has no unit */
            const int n_off = n_scaled_otherwise(&play, 1024.0);
            if (n_off > 0) {
                fail_msg("%s: %d of %d values are otherwise x 1024", laws[i].text, n_off, N_SCALED);
            }
            n_noticed += n_scaled_otherwise(&play, 1025.0) > 0;
            n_laws++;
        }
        play_free(&play);
    }
    assert_true(n_laws >= 35 && n_noticed >= 30);
}

/* ---- uncertain numbers ------------------------------------------------------------------------------------------- */

/* The value of an uncertain number by draw: the exact quantiles of the law, no table. In *family, which one it is. */
static bool uncertain_fits(const struct pit_law *law, const char *text, enum outlay_family *family)
{
    struct play play;
    pit_load(&play, "programmes.p.review.score={constant: {value: ", text, "}}");
    assert_int_equal(play.scenario.n_uncertain, 1);
    *family = play.scenario.uncertain[0].law.family;
    for (uint32_t draw = 0; draw < CHECK_TAIL_DRAWS; draw++) {
        outlay_draw_values(&play.scenario, 20250101 + *family, draw, &pit_values[draw]);
    }
    play_free(&play);
    pit_transform(law, PIT_BODY, CHECK_TAIL_DRAWS);
    const bool is_even = check_even(pit_u, CHECK_TAIL_DRAWS);
    return check_uniform(pit_u, CHECK_TAIL_DRAWS) && is_even;
}

/* The first law of each family. */
static void test_uncertain_numbers_follow_their_laws(void **state)
{
    (void)state;
    enum outlay_family family, before = OUTLAY_CONSTANT;
    for (int i = 0; before < OUTLAY_EXPONENTIAL; i++) {
        struct play play;
        pit_load(&play, "programmes.p.review.score=", laws[i].text, "");
        family = play.scenario.programmes[0].terms[0].review.score.form->family;
        play_free(&play);
        if (family == before) {
            continue;
        }
        assert_int_equal(family, before + 1);
        before = family;
        if (!check_held(uncertain_fits(&laws[i], laws[i].text, &family))) {
            fail_msg("%s: the draws do not follow the law", laws[i].text);
        }
        if (check_twin(uncertain_fits(&laws[i], laws[i].twin, &family))) {
            fail_msg("%s: draws of %s pass", laws[i].text, laws[i].twin);
        }
    }
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_follow_their_laws),
        cmocka_unit_test(test_laws_with_a_number_off_do_not),
        cmocka_unit_test(test_every_form_is_drawn),
        cmocka_unit_test(test_values_scale_to_the_bit),
        cmocka_unit_test(test_uncertain_numbers_follow_their_laws),
    };
    return check_finish(cmocka_run_group_tests(tests, NULL, NULL), 814);
}
