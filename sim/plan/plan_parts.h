/* plan_parts.h: the pieces that plan.c puts together. Private to sim/plan. */
#ifndef OUTLAY_PLAN_PARTS_H
#define OUTLAY_PLAN_PARTS_H

#include "outlay/plan.h"

/* The value of a number in this draw. */
double outlay_number_in(const struct outlay_number *number, const double values[]);

/*
 * The arrival shape of one class in fiscal year `year`: the inverse of the share of applications by day. *self is
 * freed with outlay_arrivals_free, safe on {0}. Errors: NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_arrivals_init(struct outlay_arrivals *self, const struct outlay_scenario *scenario,
                                                const struct outlay_terms *terms, const double values[], int year);
void outlay_arrivals_free(struct outlay_arrivals *self);

/*
 * Fill `cell` for one class (already planned, with its sizes) in one programme. Tables go to plan->tables.
 * Errors: NO_MEMORY, LIBRARY, BAD_LAW (told to diag).
 */
OUTLAY_MUST_USE outlay_err outlay_cell_init(struct outlay_plan_cell *cell, struct outlay_plan *plan,
                                            const struct outlay_plan *like, const struct outlay_scenario *scenario,
                                            const struct outlay_programme *programme, int i_class,
                                            const double values[], struct outlay_diag *diag);
void outlay_cell_free(struct outlay_plan_cell *cell, int n_years);

/* The table of size^exponent, shared where there is one already; NULL where every size is 1 or the exponent is 0. */
OUTLAY_MUST_USE outlay_err outlay_plan_size_table(const struct outlay_quantiles **table, struct outlay_plan *plan,
                                                  const struct outlay_plan *like, double sigma, double exponent);

/* A law of the scenario in this draw, its table shared where there is one already. */
OUTLAY_MUST_USE outlay_err outlay_plan_law(struct outlay_draw_law *self, struct outlay_plan *plan,
                                           const struct outlay_plan *like, const struct outlay_scenario_law *law,
                                           const double values[], struct outlay_diag *diag);

#endif
