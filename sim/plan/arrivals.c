/* arrivals.c: when the applications of a fiscal year come. */
#include <math.h>

#include "plan_parts.h"

enum { MOST_DAYS = 366 }; /* of a fiscal year */

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

static struct window open_window(const struct outlay_scenario *scenario, const struct outlay_arrival_shape *shape,
                                 int year)
{
    struct window window = {scenario->year_first_day[year], scenario->year_first_day[year + 1] - 1};
    const int32_t first = window.first;
    if (shape->opens.kind != OUTLAY_WHEN_NONE) {
        const int32_t day = outlay_day_of(scenario, &shape->opens, first);
        window.first = day > window.first ? day : window.first;
    }
    if (shape->closes.kind != OUTLAY_WHEN_NONE) {
        const int32_t day = outlay_day_of(scenario, &shape->closes, first);
        window.last = day < window.last ? day : window.last;
    }
    return window;
}

/* base[i]: relative rate of day i of the fiscal year without the rushes. Returns the number of days above 0. */
static int fill_base(double base[], const struct outlay_scenario *scenario, const struct outlay_arrival_shape *shape,
                     int year)
{
    const struct window window = open_window(scenario, shape, year);
    const int32_t first = scenario->year_first_day[year];
    int n_acting = 0;
    for (int32_t day = first; day < scenario->year_first_day[year + 1]; day++) {
        const bool acts = shape->days == OUTLAY_DAYS_ALL || scenario->working.is_working[day];
        const bool is_open = day >= window.first && day <= window.last;
        base[day - first] =
            acts && is_open ? shape->months[outlay_date_from_day(scenario->first_day + day).month - 1] : 0.0;
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

/* share of the k-th of n acting days in a rush that falls to 1/e in `days`: exp(-k / days) / sum. 0 without a rush. */
static void fill_rush(double rush[], int n, double share, double days)
{
    double sum = 0.0;
    for (int k = 0; k < n; k++) {
        rush[k] = share > 0.0 ? exp(-k / days) : 0.0;
        sum += rush[k];
    }
    for (int k = 0; k < n && share > 0.0; k++) {
        rush[k] = share * rush[k] / sum;
    }
}

/*
 * share of day i = (1 - s_r - s_d) base_i / sum(base) + s_r exp(-k_i / days_r) / sum + s_d exp(-(K - 1 - k_i) / days_d)
 * / sum, k_i = number of acting days before day i, K = their number in the fiscal year. `rush` has room for 2 K.
 */
static void add_rushes(double base[], int n_days, int n_acting, double rush[], const struct outlay_scenario *scenario,
                       const struct outlay_arrival_shape *shape, int year)
{
    const double rush_share = happens_in(scenario, &shape->opens, year) ? shape->rush_share : 0.0;
    const double deadline_share = happens_in(scenario, &shape->closes, year) ? shape->deadline_share : 0.0;
    double *deadline = rush + n_acting;
    fill_rush(rush, n_acting, rush_share, shape->rush_days);
    fill_rush(deadline, n_acting, deadline_share, shape->deadline_days);
    double base_sum = 0.0;
    for (int i = 0; i < n_days; i++) {
        base_sum += base[i];
    }
    const double rest = fmax(0.0, 1.0 - rush_share - deadline_share);
    int k = 0;
    for (int i = 0; i < n_days; i++) {
        if (base[i] > 0.0) {
            base[i] = rest * base[i] / base_sum + rush[k] + deadline[n_acting - 1 - k];
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
    int64_t day = 0;
    for (int g = 0; g <= OUTLAY_ARRIVAL_GUIDES; g++) {
        while (day + 1 < self->n_open && self->open_cumulative[day + 1] <= (double)g / OUTLAY_ARRIVAL_GUIDES) {
            day++;
        }
        self->guide[g] = day;
        if (g > 0 && day - self->guide[g - 1] > self->n_steps) {
            self->n_steps = (int)(day - self->guide[g - 1]);
        }
    }
}

/* One fiscal year. `scratch` has room for three numbers a day. */
static outlay_err plan_year(struct outlay_arrivals *self, const struct outlay_planner *planner,
                            const struct outlay_arrival_shape *shape, int year, double scratch[])
{
    const struct outlay_scenario *scenario = planner->scenario;
    const int32_t n_days = scenario->year_first_day[year + 1] - scenario->year_first_day[year];
    *self = (struct outlay_arrivals){.first_day = scenario->year_first_day[year], .n_days = n_days};
    self->cumulative = outlay_arena_alloc(planner->memory, ((size_t)n_days + 1) * sizeof *self->cumulative);
    self->open_day = outlay_arena_alloc(planner->memory, (size_t)n_days * sizeof *self->open_day);
    self->open_cumulative = outlay_arena_alloc(planner->memory, ((size_t)n_days + 1) * sizeof *self->open_cumulative);
    self->guide = outlay_arena_alloc(planner->memory, (OUTLAY_ARRIVAL_GUIDES + 1) * sizeof *self->guide);
    if (self->cumulative == NULL || self->open_day == NULL || self->open_cumulative == NULL || self->guide == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    const int n_acting = fill_base(scratch, scenario, shape, year);
    if (n_acting == 0) {
        self->n_days = 0;
        return OUTLAY_OK;
    }
    add_rushes(scratch, n_days, n_acting, scratch + n_days, scenario, shape, year);
    accumulate(self, scratch);
    index_days(self);
    return OUTLAY_OK;
}

static struct outlay_arrival_shape shape_of(const struct outlay_terms *terms, const double values[])
{
    struct outlay_arrival_shape shape = {
        .rush_share = outlay_number_in(&terms->applications.arrivals.rush.share, values),
        .rush_days = outlay_number_in(&terms->applications.arrivals.rush.days, values),
        .deadline_share = outlay_number_in(&terms->applications.arrivals.deadline.share, values),
        .deadline_days = outlay_number_in(&terms->applications.arrivals.deadline.days, values),
        .opens = terms->applications.arrivals.opens,
        .closes = terms->applications.arrivals.closes,
        .days = (enum outlay_day_choice)terms->applications.arrivals.days,
    };
    for (int i = 0; i < 12; i++) {
        shape.months[i] = outlay_number_in(&terms->applications.arrivals.months[i], values);
    }
    return shape;
}

static bool is_same_day(const struct outlay_when *a, const struct outlay_when *b)
{
    return a->kind == b->kind &&
           (a->kind == OUTLAY_WHEN_NONE ||
            (a->date.year == b->date.year && a->date.month == b->date.month && a->date.day == b->date.day));
}

static bool is_same_shape(const struct outlay_arrival_shape *a, const struct outlay_arrival_shape *b)
{
    for (int i = 0; i < 12; i++) {
        if (a->months[i] != b->months[i]) {
            return false;
        }
    }
    return a->rush_share == b->rush_share && a->rush_days == b->rush_days && a->deadline_share == b->deadline_share &&
           a->deadline_days == b->deadline_days && is_same_day(&a->opens, &b->opens) &&
           is_same_day(&a->closes, &b->closes) && a->days == b->days;
}

/* The arrivals of the same class in `like` or of an earlier class of the programme; NULL where none has this shape. */
static const struct outlay_arrivals *shared(const struct outlay_planner *planner, int i_programme, int i_class,
                                            const struct outlay_arrival_shape *shape)
{
    if (planner->like != NULL) {
        const struct outlay_plan_cell *same = &planner->like->programmes[i_programme].cells[i_class];
        if (is_same_shape(&same->arrival_shape, shape)) {
            return same->arrivals;
        }
    }
    const struct outlay_plan_cell *cells = planner->plan->programmes[i_programme].cells;
    for (int i = 0; i < i_class; i++) {
        if (is_same_shape(&cells[i].arrival_shape, shape)) {
            return cells[i].arrivals;
        }
    }
    return NULL;
}

outlay_err outlay_arrivals_plan(struct outlay_plan_cell *cell, const struct outlay_planner *planner, int i_programme,
                                int i_class)
{
    const struct outlay_scenario *scenario = planner->scenario;
    const size_t n_years = (size_t)scenario->n_years;
    cell->arrival_shape = shape_of(&scenario->programmes[i_programme].terms[i_class], planner->values);
    cell->arrivals = shared(planner, i_programme, i_class, &cell->arrival_shape);
    if (cell->arrivals != NULL) {
        return OUTLAY_OK;
    }
    struct outlay_arrivals *arrivals = outlay_arena_alloc(planner->memory, n_years * sizeof *arrivals);
    double scratch[3 * MOST_DAYS] = {0.0};
    outlay_err err = arrivals == NULL ? OUTLAY_ERR_NO_MEMORY : OUTLAY_OK;
    for (int year = 0; year < scenario->n_years && err == OUTLAY_OK; year++) {
        err = plan_year(&arrivals[year], planner, &cell->arrival_shape, year, scratch);
    }
    cell->arrivals = arrivals;
    return err;
}
