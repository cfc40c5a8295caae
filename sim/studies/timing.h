/*
 * timing.h: which share of a year's applications has been put to the budget by the end of each day, and granted on the
 * merits.
 */
#ifndef OUTLAY_STUDIES_TIMING_H
#define OUTLAY_STUDIES_TIMING_H

#include "outlay/plan.h"

/*
 * by[i], i = 0 ... days of fiscal year `year` - 1: probability that a contract which a class applies with in that year
 * is asked of that year's money on its day i or before, and would be granted if money were no limit.
 */
void outlay_timing_by_day(const struct outlay_plan *plan, int programme, int i_class, int year, double by[]);

/* Probability that it is asked of the money of a later fiscal year of the horizon. */
double outlay_timing_share_after(const struct outlay_plan *plan, int programme, int i_class, int year);

#endif
