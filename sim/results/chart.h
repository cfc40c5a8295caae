/*
 * chart.h: two charts of a fiscal year in text, each column some days wide. Pure functions of their arguments.
 */
#ifndef OUTLAY_RESULTS_CHART_H
#define OUTLAY_RESULTS_CHART_H

#include <stdint.h>
#include <stdio.h>

#include "outlay/results.h"

/* The days that a chart is about: its horizontal axis. */
struct outlay_chart_days {
    int32_t first_day; /* epoch day */
    int n_days;        /* at least 1 */
};

/*
 * When the budget is exhausted: the probability of each span of days, from p_by[n_days], that of being exhausted by the
 * end of each day. Where that is 0 to the end, a line says so.
 */
void outlay_chart_histogram(const struct outlay_chart_options *options, struct outlay_chart_days days,
                            const double p_by[], FILE *out);

/* The bounds of the fan, from below. */
enum outlay_fan { OUTLAY_FAN_P05, OUTLAY_FAN_P25, OUTLAY_FAN_P50, OUTLAY_FAN_P75, OUTLAY_FAN_P95, OUTLAY_N_FAN };

/* The money that there is: a horizontal line. NAN = no limit. In the unit of `currency`. */
struct outlay_chart_budget {
    double money;
    const char *label, *currency;
};

/*
 * Cumulative commitments: quantiles[OUTLAY_N_FAN][n_days] in the budget's unit, and the budget. Where all of them are
 * 0, a line says so.
 */
void outlay_chart_fan(const struct outlay_chart_options *options, struct outlay_chart_days days,
                      const double quantiles[], const struct outlay_chart_budget *budget, FILE *out);

#endif
