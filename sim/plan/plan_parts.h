/* plan_parts.h: the pieces that plan.c puts together. Private to sim/plan. */
#ifndef OUTLAY_PLAN_PARTS_H
#define OUTLAY_PLAN_PARTS_H

#include "outlay/plan.h"

/* One plan in the making. */
struct outlay_planner {
    struct outlay_plan *plan;
    const struct outlay_plan *like; /* whose tables may be borrowed; NULL = none */
    const struct outlay_scenario *scenario;
    const double *values; /* of the uncertain numbers */
    struct outlay_diag *diag;
};

/* The value of a number in this draw. */
double outlay_number_in(const struct outlay_number *number, const double values[]);

/*
 * The day of the horizon on which `when` (not NONE) falls in the fiscal year that begins on day `first`; a full date
 * may lie outside of that year.
 */
int32_t outlay_day_of(const struct outlay_scenario *scenario, const struct outlay_when *when, int32_t first);

/*
 * The arrival shape of one class in fiscal year `year`: the inverse of the share of applications by day. *self is
 * freed with outlay_arrivals_free, safe on {0}. Errors: NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_arrivals_init(struct outlay_arrivals *self, const struct outlay_scenario *scenario,
                                                const struct outlay_terms *terms, const double values[], int year);
void outlay_arrivals_free(struct outlay_arrivals *self);

/* One class in one programme; the classes are planned already. Errors: NO_MEMORY, LIBRARY, BAD_LAW. */
OUTLAY_MUST_USE outlay_err outlay_cell_init(struct outlay_plan_cell *cell, const struct outlay_planner *planner,
                                            int i_programme, int i_class);
void outlay_cell_free(struct outlay_plan_cell *cell, int n_years);

/* The money and the allocation of one programme, all but its cells. Errors: NO_MEMORY, LIBRARY, BAD_LAW. */
OUTLAY_MUST_USE outlay_err outlay_money_init(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                                             int i_programme);
void outlay_money_free(struct outlay_plan_programme *self);

/* The table of size^exponent, shared where there is one already; NULL where every size is 1 or the exponent is 0. */
OUTLAY_MUST_USE outlay_err outlay_plan_size_table(const struct outlay_quantiles **table, struct outlay_plan *plan,
                                                  const struct outlay_plan *like, double sigma, double exponent);

/* A law of the scenario in this draw, its table shared where there is one already. */
OUTLAY_MUST_USE outlay_err outlay_plan_law(struct outlay_draw_law *self, struct outlay_plan *plan,
                                           const struct outlay_plan *like, const struct outlay_scenario_law *law,
                                           const double values[], struct outlay_diag *diag);

#endif
