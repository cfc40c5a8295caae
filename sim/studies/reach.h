/*
 * reach.h: whether a scenario has an exact answer.
 */
#ifndef OUTLAY_STUDIES_REACH_H
#define OUTLAY_STUDIES_REACH_H

#include "outlay/plan.h"
#include "outlay/scenario.h"

/*
 * OUTLAY_OK, or BEYOND_REACH with a note in `diag` that names the first rule to blame and says why. `plan` is the plan
 * of the scenario's only draw (NULL where numbers are uncertain).
 */
OUTLAY_MUST_USE outlay_err outlay_reach_check(const struct outlay_scenario *scenario, const struct outlay_plan *plan,
                                              struct outlay_diag *diag);

#endif
