/* plan.c: scenario and draw -> plan. */
#include "outlay/plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "plan_parts.h"

static outlay_err plan_days(struct outlay_plan *self, const struct outlay_scenario *scenario)
{
    const size_t n_days = (size_t)scenario->n_days;
    self->n_days = scenario->n_days;
    self->year_first_day = calloc((size_t)self->n_years + 1, sizeof *self->year_first_day);
    self->year_of_day = calloc(n_days, sizeof *self->year_of_day);
    self->working_days_through = calloc(n_days, sizeof *self->working_days_through);
    self->nth_working_day = calloc(n_days, sizeof *self->nth_working_day);
    if (self->year_first_day == NULL || self->year_of_day == NULL || self->working_days_through == NULL ||
        self->nth_working_day == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int year = 0; year <= self->n_years; year++) {
        self->year_first_day[year] = scenario->year_first_day[year];
    }
    int32_t year = 0;
    for (int32_t day = 0; day < self->n_days; day++) {
        year += day >= self->year_first_day[year + 1];
        self->year_of_day[day] = year;
        if (scenario->working.is_working[day]) {
            self->nth_working_day[self->n_working_days++] = day;
        }
        self->working_days_through[day] = self->n_working_days;
    }
    return OUTLAY_OK;
}

static outlay_err plan_class(struct outlay_plan *self, const struct outlay_plan *like, const struct outlay_class *class,
                             struct outlay_plan_class *planned, struct outlay_key key, const double values[],
                             struct outlay_diag *diag)
{
    planned->key = outlay_key_fold(key, class->name);
    planned->n_applicants = calloc((size_t)self->n_years, sizeof *planned->n_applicants);
    if (planned->n_applicants == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    double count = outlay_number_in(&class->count, values);
    for (int year = 0; year < self->n_years; year++) {
        planned->n_applicants[year] = (int32_t)fmin(rint(count), OUTLAY_MAX_APPLICANTS);
        if (planned->n_applicants[year] > self->max_applicants) {
            self->max_applicants = planned->n_applicants[year];
        }
        count *= 1.0 + outlay_number_in(&class->growth, values);
    }
    const outlay_err err = outlay_plan_law(&planned->age, self, like, &class->age, values, diag);
    return err != OUTLAY_OK
               ? err
               : outlay_plan_size_table(&planned->size, self, like, outlay_number_in(&class->size_sigma, values), 1.0);
}

static outlay_err plan_programme(const struct outlay_planner *planner, int i_programme, struct outlay_key key)
{
    const struct outlay_scenario *scenario = planner->scenario;
    struct outlay_plan_programme *planned = &planner->plan->programmes[i_programme];
    planned->cells = calloc((size_t)scenario->n_classes, sizeof *planned->cells);
    if (planned->cells == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    const struct outlay_key programme_key = outlay_key_fold(key, scenario->programmes[i_programme].name);
    outlay_err err = outlay_money_init(planned, planner, i_programme);
    for (int i = 0; i < scenario->n_classes && err == OUTLAY_OK; i++) {
        err = outlay_cell_init(&planned->cells[i], planner, i_programme, i);
        planned->cells[i].key = outlay_key_fold(programme_key, scenario->classes[i].name);
    }
    return err;
}

/* The class in the programme whose contracts it takes over, or in its own. */
static const struct outlay_plan_cell *source_of(const struct outlay_plan *plan, int programme, int class_)
{
    assert(plan->programmes[programme].cells != NULL); /* all programmes are planned by now */
    while (plan->programmes[programme].cells[class_].same_as >= 0) {
        programme = plan->programmes[programme].cells[class_].same_as;
    }
    return &plan->programmes[programme].cells[class_];
}

/* Expected contracts of a replicate, and room for nearly every replicate (a rare one makes the workspace grow). */
static void estimate(struct outlay_plan *self, const struct outlay_scenario *scenario, const double values[])
{
    double mean = 0.0, variance = 0.0;
    for (int i = 0; i < self->n_programmes * self->n_classes; i++) {
        const int i_class = i % self->n_classes;
        /* of another programme's contracts, all of them at the most */
        const struct outlay_plan_cell *cell = source_of(self, i / self->n_classes, i_class);
        const double sigma = outlay_number_in(&scenario->classes[i_class].size_sigma, values);
        for (int year = 0; year < self->n_years; year++) {
            if (cell->arrivals[year].n_days > 0) {
                const double n = self->classes[i_class].n_applicants[year] * cell->take_up[year];
                mean += n * cell->per_year;
                variance += n * cell->per_year * (cell->dispersion + cell->per_year * exp(sigma * sigma));
            }
        }
    }
    self->expected_contracts = mean;
    self->capacity = (size_t)(mean + fmin(6.0 * sqrt(variance), 4.0 * mean) + 64.0);
}

static outlay_err plan_init(struct outlay_plan *self, const struct outlay_scenario *scenario, uint64_t seed,
                            const double values[], const struct outlay_plan *like, struct outlay_diag *diag)
{
    const struct outlay_key key = outlay_key_from_seed(seed);
    self->n_years = scenario->n_years;
    self->n_classes = scenario->n_classes;
    self->n_programmes = scenario->n_programmes;
    self->classes = calloc((size_t)self->n_classes, sizeof *self->classes);
    self->programmes = calloc((size_t)self->n_programmes, sizeof *self->programmes);
    if (self->classes == NULL || self->programmes == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    outlay_err err = plan_days(self, scenario);
    for (int i = 0; i < self->n_classes && err == OUTLAY_OK; i++) {
        err = plan_class(self, like, &scenario->classes[i], &self->classes[i], key, values, diag);
    }
    const struct outlay_planner planner = {self, like, scenario, values, diag};
    for (int i = 0; i < self->n_programmes && err == OUTLAY_OK; i++) {
        err = plan_programme(&planner, i, key);
    }
    if (err == OUTLAY_OK) {
        estimate(self, scenario, values);
    }
    return err;
}

outlay_err outlay_plan_new(struct outlay_plan **self, const struct outlay_scenario *scenario, uint64_t seed,
                           const double values[], const struct outlay_plan *like, struct outlay_diag *diag)
{
    *self = calloc(1, sizeof **self);
    outlay_err err = *self == NULL ? OUTLAY_ERR_NO_MEMORY : plan_init(*self, scenario, seed, values, like, diag);
    if (err != OUTLAY_OK) {
        outlay_plan_free(*self);
        *self = NULL;
        if (err == OUTLAY_ERR_NO_MEMORY) {
            outlay_diag_error(diag, err, NULL, "not enough memory for the plan of the scenario");
        }
    }
    return err;
}

void outlay_plan_free(struct outlay_plan *self)
{
    if (self == NULL) {
        return;
    }
    for (int i = 0; self->programmes != NULL && i < self->n_programmes; i++) {
        for (int c = 0; self->programmes[i].cells != NULL && c < self->n_classes; c++) {
            outlay_cell_free(&self->programmes[i].cells[c], self->n_years);
        }
        free(self->programmes[i].cells);
        outlay_money_free(&self->programmes[i]);
    }
    for (int i = 0; self->classes != NULL && i < self->n_classes; i++) {
        free(self->classes[i].n_applicants);
    }
    for (int i = 0; i < self->n_tables; i++) {
        outlay_quantiles_free(self->tables[i]);
    }
    free(self->tables);
    free(self->programmes);
    free(self->classes);
    free(self->year_first_day);
    free(self->year_of_day);
    free(self->working_days_through);
    free(self->nth_working_day);
    free(self);
}
