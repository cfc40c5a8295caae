/* laws.c: the laws of a plan with the numbers of its draw. */
#include <math.h>

#include "base/vector.h"
#include "plan_parts.h"

double outlay_number_in(const struct outlay_number *number, const double values[])
{
    return number->uncertain < 0 ? number->value : values[number->uncertain];
}

double outlay_decimal(double factor)
{
    return factor == floor(factor) ? factor : factor * (1.0 + 0x1p-50);
}

double outlay_decimal_threshold(double share)
{
    return share == floor(share) ? share : share * (1.0 - 0x1p-50);
}

static bool is_uncertain(const struct outlay_scenario_law *law)
{
    bool is_any = law->min.uncertain >= 0 || law->max.uncertain >= 0;
    for (int i = 0; law->data == NULL && i < law->form->n_parameters; i++) {
        is_any = is_any || law->parameter[i].uncertain >= 0;
    }
    return is_any;
}

/* Is the shape uncertain, and not the scale only? Where all parameters are in the unit of the value it follows from
 * them together. */
static bool has_uncertain_shape(const struct outlay_scenario_law *law)
{
    bool is_any = false, is_plain = false, has_plain = false;
    for (int i = 0; law->data == NULL && i < law->form->n_parameters; i++) {
        is_any = is_any || law->parameter[i].uncertain >= 0;
        is_plain = is_plain || (law->parameter[i].uncertain >= 0 && !law->form->is_in_unit[i]);
        has_plain = has_plain || !law->form->is_in_unit[i];
    }
    return has_plain ? is_plain : is_any;
}

static outlay_err draw_law(struct outlay_law *drawn, const struct outlay_planner *planner,
                           const struct outlay_scenario_law *law)
{
    double parameter[OUTLAY_LAW_MAX_PARAMETERS] = {0.0};
    for (int i = 0; law->data == NULL && i < law->form->n_parameters; i++) {
        parameter[i] = outlay_number_in(&law->parameter[i], planner->values);
    }
    const char *why = NULL;
    const double min = outlay_number_in(&law->min, planner->values);
    const double max = outlay_number_in(&law->max, planner->values);
    const outlay_err err = law->data != NULL ? outlay_law_init_data(drawn, law->data, min, max, &why)
                                             : outlay_law_init(drawn, law->form, parameter, min, max, &why);
    if (err != OUTLAY_OK) {
        return outlay_diag_error(planner->diag, OUTLAY_ERR_BAD_LAW, NULL,
                                 "a draw of the uncertain numbers makes no %s law: %s", law->form->name, why);
    }
    return OUTLAY_OK;
}

/* A draw whose shape lies beyond this tail of an uncertain parameter makes further rungs of its own. */
#define RARE 1e-4

/* The least (`is_high` false) or most that an uncertain number is likely to be. */
static struct outlay_number end_of(const struct outlay_scenario *scenario, struct outlay_number number, bool is_high)
{
    if (number.uncertain >= 0) {
        const struct outlay_uncertain *u = &scenario->uncertain[number.uncertain];
        number.value = fmax(u->min, fmin(outlay_law_quantile(&u->law, RARE, is_high), u->max));
        number.uncertain = -1;
    }
    return number;
}

/* The first plan makes the rungs that the shapes of most draws need, and they all borrow them. */
static outlay_err prepare_rungs(const struct outlay_planner *planner, const struct outlay_scenario_law *law)
{
    double least = INFINITY, most = 0.0;
    struct outlay_planner silent = *planner; /* ends that make no law together are no error: draws of them would be */
    silent.diag = NULL;
    for (int corner = 0; corner < 1 << law->form->n_parameters; corner++) {
        struct outlay_scenario_law at = {.form = law->form, .min = {-INFINITY, -1}, .max = {INFINITY, -1}};
        for (int i = 0; i < law->form->n_parameters; i++) {
            at.parameter[i] = end_of(planner->scenario, law->parameter[i], (corner >> i & 1) != 0);
        }
        struct outlay_law drawn;
        if (draw_law(&drawn, &silent, &at) == OUTLAY_OK) {
            least = fmin(least, drawn.shape[0]);
            most = fmax(most, drawn.shape[0]);
        }
    }
    return outlay_plan_rungs(planner, least, most);
}

/*
 * A truncation that moves from draw to draw is left to the look-up, so that the draws share one table. The error of a
 * table is relative to the whole law: where less than this is left of it, the truncated law has a table of its own.
 */
#define LEAST_KEPT 0.1

outlay_err outlay_plan_law(struct outlay_draw_law *self, const struct outlay_planner *planner,
                           const struct outlay_scenario_law *law, const struct outlay_draw_law *same)
{
    struct outlay_law drawn;
    if (same != NULL && !is_uncertain(law)) {
        *self = *same;
        return OUTLAY_OK;
    }
    outlay_err err = draw_law(&drawn, planner, law);
    if (err != OUTLAY_OK) {
        return err;
    }
    *self = (struct outlay_draw_law){
        .scale = drawn.scale, .shift = drawn.shift, .kept = {0.0, 1.0, 0.0}, .least = -INFINITY, .most = INFINITY};
    if (drawn.family == OUTLAY_CONSTANT) {
        return OUTLAY_OK;
    }
    const struct outlay_law_parts parts = outlay_law_cut(&drawn);
    if (is_uncertain(law) && drawn.data == NULL && parts.within >= LEAST_KEPT) {
        self->kept = parts;
        self->least = drawn.lower;
        self->most = drawn.upper;
        drawn.lower = -INFINITY;
        drawn.upper = INFINITY;
    }
    const bool moves = has_uncertain_shape(law);
    if (moves && drawn.family == OUTLAY_GAMMA && planner->like == NULL) {
        err = prepare_rungs(planner, law);
    }
    if (err == OUTLAY_OK) {
        err = outlay_plan_table(&self->table, planner, &drawn, moves);
    }
    return err != OUTLAY_ERR_LIBRARY
               ? err
               : outlay_diag_error(planner->diag, err, NULL, "the quantiles of a %s law cannot be computed",
                                   law->form->name);
}

/* value = shift + scale x value */
OUTLAY_VECTORISED
static void scale(const struct outlay_draw_law *self, int n, double *restrict value)
{
    const double factor = self->scale, shift = self->shift;
    for (int i = 0; i < n; i++) {
        value[i] = shift + factor * value[i];
    }
}

void outlay_draw_law_fill(const struct outlay_draw_law *self, int n, const double u[], double value[])
{
    const bool is_whole = self->kept.within == 1.0;
    if (self->table != NULL && is_whole) {
        outlay_quantiles_fill(self->table, n, u, value);
        scale(self, n, value);
        return;
    }
    for (int i = 0; i < n; i++) { /* constant, or truncated by an uncertain number */
        value[i] = outlay_draw_law_at(self, u[i]);
    }
}
