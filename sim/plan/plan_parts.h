/* plan_parts.h: the pieces that plan.c puts together. Private to sim/plan. */
#ifndef OUTLAY_PLAN_PARTS_H
#define OUTLAY_PLAN_PARTS_H

#include "base/arena.h"
#include "outlay/plan.h"

/* One plan in the making. */
struct outlay_planner {
    struct outlay_plan *plan;
    struct outlay_arena *memory;    /* of the plan, for all that has no function of its own to free it */
    const struct outlay_plan *like; /* what the values do not change is borrowed from it; NULL = no such plan */
    const struct outlay_scenario *scenario;
    const double *values; /* of the uncertain numbers */
    struct outlay_diag *diag;
};

/* The value of a number in this draw. */
double outlay_number_in(const struct outlay_number *number, const double values[]);

/*
 * A share or a factor is written in decimals and held in binary, so 29 % of 100 fen may come out just below 29. What
 * money is multiplied by goes through here: products within 2^-50 of a whole fen then count as that whole fen, and
 * every factor of up to four decimals rounds down as on paper. Whole factors are exact as they are.
 */
double outlay_decimal(double factor);

/* The same for a share that is a threshold: reached where it is reached on paper. */
double outlay_decimal_threshold(double share);

/*
 * The day of the horizon on which `when` (not NONE) falls in the fiscal year that begins on day `first`; a full date
 * may lie outside of that year.
 */
int32_t outlay_day_of(const struct outlay_scenario *scenario, const struct outlay_when *when, int32_t first);

/*
 * The arrival shape of one class, and the inverse of its share of applications by day for each fiscal year; borrowed
 * where `like` or an earlier class of the programme has the same shape. Errors: NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_arrivals_plan(struct outlay_plan_cell *cell, const struct outlay_planner *planner,
                                                int i_programme, int i_class);

/* One class in one programme; the classes are planned already. Errors: NO_MEMORY, LIBRARY, BAD_LAW. */
OUTLAY_MUST_USE outlay_err outlay_cell_init(struct outlay_plan_cell *cell, const struct outlay_planner *planner,
                                            int i_programme, int i_class);

/* The money and the allocation of one programme, all but its cells. Errors: NO_MEMORY, LIBRARY, BAD_LAW. */
OUTLAY_MUST_USE outlay_err outlay_money_init(struct outlay_plan_programme *self, const struct outlay_planner *planner,
                                             int i_programme);

/* The table of size^exponent, shared where there is one already; NULL where every size is 1 or the exponent is 0. */
OUTLAY_MUST_USE outlay_err outlay_plan_size_table(const struct outlay_quantiles **table,
                                                  const struct outlay_planner *planner, double sigma, double exponent);

/*
 * The table of the standard law of `law`, shared where there is one already. With an uncertain shape the table of a
 * gamma law is interpolated (random.h), so that its shape costs a draw no root finding.
 */
OUTLAY_MUST_USE outlay_err outlay_plan_table(const struct outlay_quantiles **table,
                                             const struct outlay_planner *planner, const struct outlay_law *law,
                                             bool has_uncertain_shape);

/* Have all rungs at hand between which gamma laws of the shapes least to most are interpolated. */
OUTLAY_MUST_USE outlay_err outlay_plan_rungs(const struct outlay_planner *planner, double least, double most);

/*
 * A law of the scenario in this draw, its table shared where there is one already. `same` is the same law in `like`
 * (NULL where there is no such plan), which is taken over whole where nothing in the law is uncertain.
 */
OUTLAY_MUST_USE outlay_err outlay_plan_law(struct outlay_draw_law *self, const struct outlay_planner *planner,
                                           const struct outlay_scenario_law *law, const struct outlay_draw_law *same);

#endif
