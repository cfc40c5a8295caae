/* laws.c: the quantile tables of a plan, each law tabulated once. */
#include <math.h>
#include <stdlib.h>

#include "plan_parts.h"

double outlay_number_in(const struct outlay_number *number, const double values[])
{
    return number->uncertain < 0 ? number->value : values[number->uncertain];
}

static const struct outlay_quantiles *find(const struct outlay_plan *plan, const struct outlay_law *law)
{
    for (int i = 0; plan != NULL && i < plan->n_tables; i++) {
        if (outlay_law_same_shape(&plan->tables[i]->law, law) && plan->tables[i]->law.scale == law->scale) {
            return plan->tables[i];
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
static const struct outlay_quantiles *shared(const struct outlay_plan *plan, const struct outlay_plan *like,
                                             const struct outlay_law *law)
{
    const struct outlay_quantiles *own = find(plan, law);
    return own != NULL ? own : find(like, law);
}

outlay_err outlay_plan_size_table(const struct outlay_quantiles **table, struct outlay_plan *plan,
                                  const struct outlay_plan *like, double sigma, double exponent)
{
    *table = NULL;
    if (sigma * exponent == 0.0) {
        return OUTLAY_OK;
    }
    const struct outlay_law law = {.family = OUTLAY_LOGNORMAL,
                                   .shape = {sigma * exponent, 0.0},
                                   .scale = exp(-0.5 * exponent * sigma * sigma),
                                   .lower = -INFINITY,
                                   .upper = INFINITY};
    *table = shared(plan, like, &law);
    if (*table != NULL) {
        return OUTLAY_OK;
    }
    struct outlay_quantiles *made = NULL;
    const outlay_err err = outlay_quantiles_new_size(&made, sigma, exponent);
    if (err != OUTLAY_OK) {
        return err;
    }
    *table = made;
    return keep(plan, made);
}

outlay_err outlay_plan_law(struct outlay_draw_law *self, struct outlay_plan *plan, const struct outlay_plan *like,
                           const struct outlay_scenario_law *law, const double values[], struct outlay_diag *diag)
{
    double parameter[OUTLAY_LAW_MAX_PARAMETERS] = {0.0};
    for (int i = 0; law->data == NULL && i < law->form->n_parameters; i++) {
        parameter[i] = outlay_number_in(&law->parameter[i], values);
    }
    struct outlay_law drawn;
    const char *why = NULL;
    const double min = outlay_number_in(&law->min, values), max = outlay_number_in(&law->max, values);
    outlay_err err = law->data != NULL ? outlay_law_init_data(&drawn, law->data, min, max, &why)
                                       : outlay_law_init(&drawn, law->form, parameter, min, max, &why);
    if (err != OUTLAY_OK) {
        return outlay_diag_error(diag, OUTLAY_ERR_BAD_LAW, NULL, "a draw of the uncertain numbers makes no %s law: %s",
                                 law->form->name, why);
    }
    *self = (struct outlay_draw_law){.table = NULL, .scale = drawn.scale, .shift = drawn.shift};
    if (drawn.family == OUTLAY_CONSTANT) {
        return OUTLAY_OK;
    }
    drawn.scale = 1.0;
    drawn.shift = 0.0;
    self->table = shared(plan, like, &drawn);
    if (self->table != NULL) {
        return OUTLAY_OK;
    }
    struct outlay_quantiles *made = NULL;
    err = outlay_quantiles_new(&made, &drawn);
    if (err != OUTLAY_OK) {
        return outlay_diag_error(diag, err, NULL, "the quantiles of a %s law cannot be computed", law->form->name);
    }
    self->table = made;
    return keep(plan, made);
}
