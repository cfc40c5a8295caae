/* arrivals.c: when the applications of a fiscal year come. */
#include <math.h>
#include <stdlib.h>

#include "plan_parts.h"

/* The fiscal year's first and last day on which applications may come; first > last where there is none. */
struct window {
    int32_t first, last; /* days of the horizon */
};

int32_t outlay_day_of(const struct outlay_scenario *scenario, const struct outlay_when *when, int32_t first)
{
    if (when->kind == OUTLAY_WHEN_DATE) {
        return outlay_date_to_day(when->date) - scenario->first_day;
    }
    const int32_t epoch_first = scenario->first_day + first;
    struct outlay_date date = when->date;
    date.year = outlay_date_from_day(epoch_first).year;
    const int32_t day = outlay_date_to_day(outlay_date_add_years(date, 0));
    return (day >= epoch_first ? day : outlay_date_to_day(outlay_date_add_years(date, 1))) - scenario->first_day;
}

static struct window open_window(const struct outlay_scenario *scenario, const struct outlay_terms *terms, int year)
{
    struct window window = {scenario->year_first_day[year], scenario->year_first_day[year + 1] - 1};
    const struct outlay_when *opens = &terms->applications.arrivals.opens;
    const struct outlay_when *closes = &terms->applications.arrivals.closes;
    const int32_t first = window.first;
    if (opens->kind != OUTLAY_WHEN_NONE) {
        const int32_t day = outlay_day_of(scenario, opens, first);
        window.first = day > window.first ? day : window.first;
    }
    if (closes->kind != OUTLAY_WHEN_NONE) {
        const int32_t day = outlay_day_of(scenario, closes, first);
        window.last = day < window.last ? day : window.last;
    }
    return window;
}

/* base[i]: relative rate of day i of the fiscal year without the rushes. Returns the number of days above 0. */
static int fill_base(double base[], const struct outlay_scenario *scenario, const struct outlay_terms *terms,
                     const double values[], int year)
{
    const struct window window = open_window(scenario, terms, year);
    const int32_t first = scenario->year_first_day[year];
    int n_acting = 0;
    for (int32_t day = first; day < scenario->year_first_day[year + 1]; day++) {
        const struct outlay_date date = outlay_date_from_day(scenario->first_day + day);
        const bool acts = terms->applications.arrivals.days == OUTLAY_DAYS_ALL || scenario->working.is_working[day];
        const bool is_open = day >= window.first && day <= window.last;
        base[day - first] =
            acts && is_open ? outlay_number_in(&terms->applications.arrivals.months[date.month - 1], values) : 0.0;
        n_acting += base[day - first] > 0.0;
    }
    return n_acting;
}

/*
 * Does a programme open (close) in a fiscal year? Without a day, or with a day of every year, it does so each year with
 * its new money; with a full date only once: in the other years it just goes on.
 */
static bool happens_in(const struct outlay_scenario *scenario, const struct outlay_when *when, int year)
{
    const int32_t day =
        when->kind == OUTLAY_WHEN_DATE ? outlay_day_of(scenario, when, 0) : scenario->year_first_day[year];
    return day >= scenario->year_first_day[year] && day < scenario->year_first_day[year + 1];
}

/*
 * share of day i = (1 - s_r - s_d) base_i / sum(base) + s_r exp(-k_i / days_r) / sum + s_d exp(-(K - 1 - k_i) / days_d)
 * / sum, k_i = number of acting days before day i, K = their number in the fiscal year.
 */
static void add_rushes(double base[], int n_days, int n_acting, const struct outlay_scenario *scenario,
                       const struct outlay_terms *terms, const double values[], int year)
{
    const bool opens = happens_in(scenario, &terms->applications.arrivals.opens, year);
    const bool closes = happens_in(scenario, &terms->applications.arrivals.closes, year);
    const double rush_share = opens ? outlay_number_in(&terms->applications.arrivals.rush.share, values) : 0.0;
    const double rush_days = outlay_number_in(&terms->applications.arrivals.rush.days, values);
    const double deadline_share = closes ? outlay_number_in(&terms->applications.arrivals.deadline.share, values) : 0.0;
    const double deadline_days = outlay_number_in(&terms->applications.arrivals.deadline.days, values);
    double base_sum = 0.0, rush_sum = 0.0, deadline_sum = 0.0;
    for (int i = 0; i < n_days; i++) {
        base_sum += base[i];
    }
    for (int k = 0; k < n_acting; k++) {
        rush_sum += exp(-k / rush_days);
        deadline_sum += exp(-k / deadline_days);
    }
    const double rest = fmax(0.0, 1.0 - rush_share - deadline_share);
    int k = 0;
    for (int i = 0; i < n_days; i++) {
        if (base[i] > 0.0) {
            base[i] = rest * base[i] / base_sum + rush_share * exp(-k / rush_days) / rush_sum +
                      deadline_share * exp(-(n_acting - 1 - k) / deadline_days) / deadline_sum;
            k++;
        }
    }
}

/* Turn shares into their running sum. */
static void accumulate(struct outlay_arrivals *self, const double share[])
{
    double sum = 0.0;
    for (int i = 0; i < self->n_days; i++) {
        self->cumulative[i] = sum;
        sum += share[i];
    }
    self->cumulative[self->n_days] = sum;
    for (int i = 0; i <= self->n_days; i++) {
        self->cumulative[i] /= sum;
    }
}

/* Leave out the days without a share, and note where each 1/GUIDES of the year begins. */
static void index_days(struct outlay_arrivals *self)
{
    for (int i = 0; i < self->n_days; i++) {
        if (self->cumulative[i + 1] > self->cumulative[i]) {
            self->open_day[self->n_open] = self->first_day + i;
            self->open_cumulative[self->n_open++] = self->cumulative[i];
        }
    }
    self->open_cumulative[self->n_open] = 1.0;
    int32_t day = 0;
    for (int g = 0; g <= OUTLAY_ARRIVAL_GUIDES; g++) {
        while (day + 1 < self->n_open && self->open_cumulative[day + 1] <= (double)g / OUTLAY_ARRIVAL_GUIDES) {
            day++;
        }
        self->guide[g] = day;
        if (g > 0 && day - self->guide[g - 1] > self->n_steps) {
            self->n_steps = day - self->guide[g - 1];
        }
    }
}

outlay_err outlay_arrivals_init(struct outlay_arrivals *self, const struct outlay_scenario *scenario,
                                const struct outlay_terms *terms, const double values[], int year)
{
    const int32_t n_days = scenario->year_first_day[year + 1] - scenario->year_first_day[year];
    *self = (struct outlay_arrivals){.first_day = scenario->year_first_day[year], .n_days = n_days};
    self->cumulative = calloc((size_t)n_days + 1, sizeof *self->cumulative);
    self->open_day = calloc((size_t)n_days, sizeof *self->open_day);
    self->open_cumulative = calloc((size_t)n_days + 1, sizeof *self->open_cumulative);
    self->guide = calloc(OUTLAY_ARRIVAL_GUIDES + 1, sizeof *self->guide);
    double *share = calloc((size_t)n_days, sizeof *share);
    outlay_err err = OUTLAY_OK;
    if (self->cumulative == NULL || self->open_day == NULL || self->open_cumulative == NULL || self->guide == NULL ||
        share == NULL) {
        err = OUTLAY_ERR_NO_MEMORY;
        goto out;
    }
    const int n_acting = fill_base(share, scenario, terms, values, year);
    if (n_acting == 0) {
        self->n_days = 0;
        goto out;
    }
    add_rushes(share, n_days, n_acting, scenario, terms, values, year);
    accumulate(self, share);
    index_days(self);
out:
    free(share);
    if (err != OUTLAY_OK) {
        outlay_arrivals_free(self);
    }
    return err;
}

void outlay_arrivals_free(struct outlay_arrivals *self)
{
    free(self->cumulative);
    free(self->open_day);
    free(self->open_cumulative);
    free(self->guide);
    *self = (struct outlay_arrivals){0};
}
