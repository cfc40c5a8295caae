/*
 * pit.h: the probability-integral transform. A law as a scenario writes it -> values as the kernel draws them -> what
 * should be uniforms, by a distribution function that is written in the test.
 *
 * The law stands for the score of applications, the only quantity that the kernel does not round: text -> scenario ->
 * plan -> quantile table; blocks of the purpose RANK at the addresses of applicants, uniforms, look-up, all by the
 * functions that the stages of a replicate call. For the tails the uniforms are made smaller, so that all of them fall
 * into one tail of probability 1e-4: what is wrong by 5 % only there is seen as well as in the body.
 */
#ifndef OUTLAY_TEST_PIT_H
#define OUTLAY_TEST_PIT_H

#include "play.h"

#include <stdio.h>

#include "checks.h"
#include "outlay/random.h"

struct pit_law {
    const char *text, *twin; /* as in a scenario; the twin has one number that is 5 % off */
    /* P(X <= x), or P(X > x) with `upper`; both keep their relative accuracy */
    double (*cdf)(const double p[], double x, bool upper);
    double p[3];     /* parameters of cdf */
    double mean, sd; /* known answers; 0, 0 = not looked at: there are none, or n is too small for them */
    double min, max; /* truncation; 0, 0 = none */
};

enum pit_part { PIT_BODY, PIT_LOWER_TAIL, PIT_UPPER_TAIL, PIT_N_PARTS };
#define PIT_TAIL 1e-4

static double pit_values[CHECK_DRAWS], pit_u[CHECK_DRAWS]; /* large for a stack */

static const char pit_scenario[] = "outlay: 1\ntitle: t\nhorizon: {start: 2025-01-01}\nclasses: {firm: {count: 1}}\n"
                                   "programmes:\n  p:\n    budget: 1 M\n    award: {rate: 50%}\n"
                                   "    applications: {per_year: 1, contract: 1 M}\n";

static inline void pit_load(struct play *play, const char *key, const char *law, const char *end)
{
    char override[1024];
    assert_true(snprintf(override, sizeof override, "%s%s%s", key, law, end) < (int)sizeof override);
    play_load(play, pit_scenario, &(struct outlay_override){override}, 1);
}

/* pit_values = n values of the law that is planned; those of different `number` are independent. */
static inline void pit_draw_planned(const struct outlay_plan *plan, enum pit_part part, uint32_t number, uint32_t n)
{
    enum { PIECE = 500 }; /* divides the number of draws */
    static uint32_t block[PIECE], entity[PIECE], word[4][PIECE];
    static double u[PIECE];
    const struct outlay_plan_cell *cell = &plan->programmes[0].cells[0];
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_RANK, 0, (uint32_t)part);
    for (uint32_t first = 0; first < n; first += PIECE) {
        for (uint32_t i = 0; i < PIECE; i++) {
            block[i] = 0;
            entity[i] = first + i;
        }
        outlay_blocks_at(cell->key, PIECE, block, entity, number, high, word[0], word[1], word[2], word[3]);
        outlay_uniforms(PIECE, word[2], word[3], u);
        for (int i = 0; i < PIECE && part != PIT_BODY; i++) {
            u[i] = part == PIT_LOWER_TAIL ? PIT_TAIL * u[i] : 1.0 - PIT_TAIL * u[i];
        }
        outlay_draw_law_fill(&cell->score, PIECE, u, pit_values + first);
    }
}

/* The same of a law as in a scenario. */
static inline void pit_draw(const char *law, enum pit_part part, uint32_t number, uint32_t n)
{
    struct play play;
    pit_load(&play, "programmes.p.review.score=", law, "");
    pit_draw_planned(play.plan, part, number, n);
    play_free(&play);
}

/*
 * pit_u = what should be uniforms. A value may lie outside of its tail by the error of the table, or, next to 1, be a
 * double that stands for several: it is put where the least or the largest of n uniforms lies in the middle.
 */
static inline void pit_transform(const struct pit_law *law, enum pit_part part, uint32_t n)
{
    const bool is_cut = law->min < law->max, upper = part == PIT_UPPER_TAIL;
    const double below = is_cut ? law->cdf(law->p, law->min, false) : 0.0;
    const double above = is_cut ? law->cdf(law->p, law->max, true) : 0.0;
    for (uint32_t i = 0; i < n; i++) {
        const double u = (law->cdf(law->p, pit_values[i], upper) - (upper ? above : below)) / (1.0 - below - above);
        pit_u[i] = part == PIT_BODY ? u : fmax(0.5 / n, fmin(u / PIT_TAIL, 1.0 - 0.5 / n));
    }
}

/* Mean and variance; the standard error of the variance, sqrt((m4 - variance^2) / n), takes m4 from the sample. */
static inline bool pit_moments_fit(const struct pit_law *law, uint32_t n)
{
    double sum = 0.0, squares = 0.0, fourths = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        const double off = pit_values[i] - law->mean;
        sum += off / n;
        squares += off * off / n;
        fourths += off * off * off * off / n;
    }
    const bool mean_fits = check_near(sum, 0.0, law->sd / sqrt(n));
    return check_near(squares, law->sd * law->sd, sqrt((fourths - squares * squares) / n)) && mean_fits;
}

/* The name of the first check of a part that n values of `text` do not pass, or NULL. Each check is made. */
static inline const char *pit_misfit(const struct pit_law *law, const char *text, enum pit_part part, uint32_t number,
                                     uint32_t n)
{
    pit_draw(text, part, number, n);
    pit_transform(law, part, n);
    const bool is_even = check_even(pit_u, n);
    const bool has_tails = part != PIT_BODY || check_tails(pit_u, n);
    const bool has_moments = part != PIT_BODY || law->sd == 0.0 || pit_moments_fit(law, n);
    const bool is_uniform = check_uniform(pit_u, n); /* the last one: it sorts */
    return !is_even       ? "Pearson's test"
           : !has_tails   ? "the count of the tails"
           : !has_moments ? "mean or variance"
           : !is_uniform  ? "Anderson and Darling's test"
                          : NULL;
}

static const char *const pit_part_names[PIT_N_PARTS] = {"the body", "the lower tail", "the upper tail"};

/* Every part of every law passes all checks. */
static inline void pit_laws_hold(const struct pit_law laws[], uint32_t n_laws)
{
    for (uint32_t i = 0; i < n_laws; i++) {
        for (int part = PIT_BODY; part < PIT_N_PARTS; part++) {
            const uint32_t n = part == PIT_BODY ? CHECK_DRAWS : CHECK_TAIL_DRAWS;
            const char *misfit = pit_misfit(&laws[i], laws[i].text, (enum pit_part)part, i, n);
            if (!check_held(misfit == NULL)) {
                fail_msg("%s: %s does not pass %s", laws[i].text, pit_part_names[part], misfit);
            }
        }
    }
}

/* Pearson's test and Anderson and Darling's notice every twin in the body; one of the parts notices it in a tail. */
static inline void pit_twins_fall(const struct pit_law laws[], uint32_t n_laws)
{
    for (uint32_t i = 0; i < n_laws; i++) {
        pit_draw(laws[i].twin, PIT_BODY, i, CHECK_TWIN_DRAWS);
        pit_transform(&laws[i], PIT_BODY, CHECK_TWIN_DRAWS);
        if (check_twin(check_even(pit_u, CHECK_TWIN_DRAWS)) || check_twin(check_uniform(pit_u, CHECK_TWIN_DRAWS))) {
            fail_msg("%s passes for %s", laws[i].twin, laws[i].text);
        }
        const bool low = pit_misfit(&laws[i], laws[i].twin, PIT_LOWER_TAIL, i, CHECK_TAIL_DRAWS) == NULL;
        const bool high = pit_misfit(&laws[i], laws[i].twin, PIT_UPPER_TAIL, i, CHECK_TAIL_DRAWS) == NULL;
        if (check_twin(low && high)) {
            fail_msg("the tails of %s pass for those of %s", laws[i].twin, laws[i].text);
        }
    }
}

/* Values without their tails of two thousandths do not pass the count of the tails, which notices no shift by 5 %. */
static inline void pit_thin_tails_fall(const struct pit_law *law)
{
    pit_draw(law->text, PIT_BODY, 0, CHECK_DRAWS);
    pit_transform(law, PIT_BODY, CHECK_DRAWS);
    assert_true(check_twin(check_tails(pit_u, CHECK_DRAWS)));
    for (uint32_t i = 0; i < CHECK_DRAWS; i++) {
        pit_u[i] = fmin(pit_u[i], 1.0 - pit_u[i]) < 2e-3 ? 0.5 : pit_u[i];
    }
    assert_false(check_twin(check_tails(pit_u, CHECK_DRAWS)));
}

#endif
