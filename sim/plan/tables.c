/* tables.c: the quantile tables of a plan, each law tabulated once. */
#include <math.h>
#include <stdlib.h>

#include "plan_parts.h"

static const struct outlay_quantiles *find(const struct outlay_plan *plan, const struct outlay_law *law,
                                           bool is_interpolated)
{
    for (int i = 0; plan != NULL && i < plan->n_tables; i++) {
        const struct outlay_quantiles *table = plan->tables[i];
        if (outlay_law_same_shape(&table->law, law) && table->law.scale == law->scale &&
            table->is_interpolated == is_interpolated) {
            return table;
        }
    }
    return NULL;
}

static outlay_err keep(struct outlay_plan *plan, struct outlay_quantiles *table)
{
    struct outlay_quantiles **tables = realloc(plan->tables, ((size_t)plan->n_tables + 1) * sizeof *tables);
    if (tables == NULL) {
        outlay_quantiles_free(table);
        return OUTLAY_ERR_NO_MEMORY;
    }
    plan->tables = tables;
    plan->tables[plan->n_tables++] = table;
    return OUTLAY_OK;
}

/* The table of a law in standard units (scale 1), or, with scale <> 1, of a power of the size. */
static const struct outlay_quantiles *shared(const struct outlay_planner *planner, const struct outlay_law *law,
                                             bool is_interpolated)
{
    const struct outlay_quantiles *own = find(planner->plan, law, is_interpolated);
    return own != NULL ? own : find(planner->like, law, is_interpolated);
}

/* Scores that are in the plan already, or in `like`, or are made now for the plan; `own` and `lent` are their places.
 */
static outlay_err have_scores(const struct outlay_scores **scores, struct outlay_scores **own,
                              struct outlay_scores *const *lent, const struct outlay_law *law)
{
    outlay_err err = OUTLAY_OK;
    if (*own == NULL && lent != NULL && *lent != NULL) {
        *scores = *lent;
        return OUTLAY_OK;
    }
    if (*own == NULL) {
        err = outlay_scores_new(own, law);
    }
    *scores = *own;
    return err;
}

/* Scores without a shape that the table of `law` can be made from; NULL for a law that has none. */
static outlay_err scores_for(const struct outlay_scores **scores, const struct outlay_planner *planner,
                             const struct outlay_law *law)
{
    const enum outlay_score kind = outlay_law_score(law);
    *scores = NULL;
    if (kind == OUTLAY_SCORE_NONE || kind == OUTLAY_SCORE_LOGARITHM) {
        return OUTLAY_OK;
    }
    return have_scores(scores, &planner->plan->scores[kind],
                       planner->like != NULL ? &planner->like->scores[kind] : NULL, law);
}

/* The log-quantiles of the gamma law of rung i. */
static outlay_err have_rung(const struct outlay_scores **scores, const struct outlay_planner *planner, int i)
{
    const struct outlay_law law = {.family = OUTLAY_GAMMA,
                                   .shape = {outlay_gamma_rung(i), 0.0},
                                   .scale = 1.0,
                                   .lower = -INFINITY,
                                   .upper = INFINITY};
    return have_scores(scores, &planner->plan->rungs[i], planner->like != NULL ? &planner->like->rungs[i] : NULL, &law);
}

outlay_err outlay_plan_rungs(const struct outlay_planner *planner, double least, double most)
{
    if (most < OUTLAY_GAMMA_LEAST || least > OUTLAY_GAMMA_MOST) {
        return OUTLAY_OK;
    }
    const int end = outlay_gamma_first(fmin(most, OUTLAY_GAMMA_MOST)) + OUTLAY_GAMMA_POINTS;
    outlay_err err = OUTLAY_OK;
    for (int i = outlay_gamma_first(fmax(least, OUTLAY_GAMMA_LEAST)); i < end && err == OUTLAY_OK; i++) {
        const struct outlay_scores *scores;
        err = have_rung(&scores, planner, i);
    }
    return err;
}

/* A gamma law whose shape changes from draw to draw: its table from those of the nearest rungs. */
static outlay_err new_gamma(struct outlay_quantiles **made, const struct outlay_planner *planner,
                            const struct outlay_law *law)
{
    const struct outlay_scores *rung[OUTLAY_GAMMA_POINTS];
    const int first = outlay_gamma_first(law->shape[0]);
    for (int i = 0; i < OUTLAY_GAMMA_POINTS; i++) {
        const outlay_err err = have_rung(&rung[i], planner, first + i);
        if (err != OUTLAY_OK) {
            return err;
        }
    }
    struct outlay_scores *scores = malloc(sizeof *scores);
    if (scores == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    outlay_scores_interpolate(scores, law->shape[0], rung);
    const outlay_err err = outlay_quantiles_new(made, law, scores);
    free(scores);
    return err;
}

outlay_err outlay_plan_size_table(const struct outlay_quantiles **table, const struct outlay_planner *planner,
                                  double sigma, double exponent)
{
    *table = NULL;
    if (sigma * exponent == 0.0) {
        return OUTLAY_OK;
    }
    struct outlay_law law = {.family = OUTLAY_LOGNORMAL,
                             .shape = {sigma * exponent, 0.0},
                             .scale = exp(-0.5 * exponent * sigma * sigma),
                             .lower = -INFINITY,
                             .upper = INFINITY};
    *table = shared(planner, &law, false);
    if (*table != NULL) {
        return OUTLAY_OK;
    }
    const struct outlay_scores *scores = NULL;
    struct outlay_quantiles *made = NULL;
    outlay_err err = scores_for(&scores, planner, &law);
    if (err == OUTLAY_OK) {
        err = outlay_quantiles_new_size(&made, sigma, exponent, scores);
    }
    if (err == OUTLAY_OK) {
        *table = made;
        err = keep(planner->plan, made);
    }
    return err;
}

outlay_err outlay_plan_table(const struct outlay_quantiles **table, const struct outlay_planner *planner,
                             const struct outlay_law *law, bool has_uncertain_shape)
{
    struct outlay_law standard = *law;
    standard.scale = 1.0;
    standard.shift = 0.0;
    const bool is_between_rungs = has_uncertain_shape && outlay_law_score(&standard) == OUTLAY_SCORE_LOGARITHM &&
                                  law->shape[0] >= OUTLAY_GAMMA_LEAST && law->shape[0] <= OUTLAY_GAMMA_MOST;
    *table = shared(planner, &standard, is_between_rungs);
    if (*table != NULL) {
        return OUTLAY_OK;
    }
    const struct outlay_scores *scores = NULL;
    struct outlay_quantiles *made = NULL;
    outlay_err err = scores_for(&scores, planner, &standard);
    if (err == OUTLAY_OK) {
        err = is_between_rungs ? new_gamma(&made, planner, &standard) : outlay_quantiles_new(&made, &standard, scores);
    }
    if (err == OUTLAY_OK) {
        *table = made;
        err = keep(planner->plan, made);
    }
    return err;
}
