/* plan.c: scenario and draw -> plan. */
#include "outlay/plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "plan_parts.h"

/* A plan as the caller sees it, and the memory of its arrays. */
struct owned_plan {
    struct outlay_plan plan;
    struct outlay_arena memory;
};

static outlay_err plan_days(struct outlay_plan *self, const struct outlay_planner *planner)
{
    const struct outlay_scenario *scenario = planner->scenario;
    const size_t n_days = (size_t)scenario->n_days;
    int32_t *year_first_day = outlay_arena_alloc(planner->memory, ((size_t)self->n_years + 1) * sizeof *year_first_day);
    int32_t *year_of_day = outlay_arena_alloc(planner->memory, n_days * sizeof *year_of_day);
    int32_t *working_days_through = outlay_arena_alloc(planner->memory, n_days * sizeof *working_days_through);
    int32_t *nth_working_day = outlay_arena_alloc(planner->memory, n_days * sizeof *nth_working_day);
    if (year_first_day == NULL || year_of_day == NULL || working_days_through == NULL || nth_working_day == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (int year = 0; year <= self->n_years; year++) {
        year_first_day[year] = scenario->year_first_day[year];
    }
    int32_t year = 0;
    for (int32_t day = 0; day < self->n_days; day++) {
        year += day >= year_first_day[year + 1];
        year_of_day[day] = year;
        if (scenario->working.is_working[day]) {
            nth_working_day[self->n_working_days++] = day;
        }
        working_days_through[day] = self->n_working_days;
    }
    self->year_first_day = year_first_day;
    self->year_of_day = year_of_day;
    self->working_days_through = working_days_through;
    self->nth_working_day = nth_working_day;
    return OUTLAY_OK;
}

/* No value of a draw changes the calendar. */
static void borrow_days(struct outlay_plan *self, const struct outlay_plan *like)
{
    self->year_first_day = like->year_first_day;
    self->year_of_day = like->year_of_day;
    self->working_days_through = like->working_days_through;
    self->nth_working_day = like->nth_working_day;
    self->n_working_days = like->n_working_days;
}

static outlay_err plan_class(const struct outlay_planner *planner, int i_class, struct outlay_key key)
{
    const struct outlay_class *class = &planner->scenario->classes[i_class];
    const double *values = planner->values;
    struct outlay_plan *self = planner->plan;
    struct outlay_plan_class *planned = &self->classes[i_class];
    planned->key = outlay_key_fold(key, class->name);
    planned->n_applicants = outlay_arena_alloc(planner->memory, (size_t)self->n_years * sizeof *planned->n_applicants);
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
    const struct outlay_plan *like = planner->like;
    const outlay_err err =
        outlay_plan_law(&planned->age, planner, &class->age, like != NULL ? &like->classes[i_class].age : NULL);
    return err != OUTLAY_OK
               ? err
               : outlay_plan_size_table(&planned->size, planner, outlay_number_in(&class->size_sigma, values), 1.0);
}

static outlay_err plan_programme(const struct outlay_planner *planner, int i_programme, struct outlay_key key)
{
    const struct outlay_scenario *scenario = planner->scenario;
    struct outlay_plan_programme *planned = &planner->plan->programmes[i_programme];
    planned->cells = outlay_arena_alloc(planner->memory, (size_t)scenario->n_classes * sizeof *planned->cells);
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

const struct outlay_plan_cell *outlay_plan_source(const struct outlay_plan *plan, int programme, int class_)
{
    assert(plan->programmes[programme].cells != NULL);
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
        const struct outlay_plan_cell *cell = outlay_plan_source(self, i / self->n_classes, i_class);
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

static outlay_err plan_init(struct outlay_plan *self, const struct outlay_planner *planner, uint64_t seed)
{
    const struct outlay_scenario *scenario = planner->scenario;
    const struct outlay_key key = outlay_key_from_seed(seed);
    const size_t n_classes = (size_t)scenario->n_classes, n_programmes = (size_t)scenario->n_programmes;
    self->n_years = scenario->n_years;
    self->n_days = scenario->n_days;
    self->n_classes = scenario->n_classes;
    self->n_programmes = scenario->n_programmes;
    self->classes = outlay_arena_alloc(planner->memory, n_classes * sizeof *self->classes);
    self->programmes = outlay_arena_alloc(planner->memory, n_programmes * sizeof *self->programmes);
    self->counts = outlay_arena_alloc(planner->memory, n_classes * n_programmes * sizeof(struct outlay_counts *));
    if (self->classes == NULL || self->programmes == NULL || self->counts == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    outlay_err err = OUTLAY_OK;
    if (planner->like != NULL) {
        borrow_days(self, planner->like);
    } else {
        err = plan_days(self, planner);
    }
    for (int i = 0; i < self->n_classes && err == OUTLAY_OK; i++) {
        err = plan_class(planner, i, key);
    }
    for (int i = 0; i < self->n_programmes && err == OUTLAY_OK; i++) {
        err = plan_programme(planner, i, key);
    }
    if (err == OUTLAY_OK) {
        estimate(self, scenario, planner->values);
    }
    return err;
}

outlay_err outlay_plan_new(struct outlay_plan **self, const struct outlay_scenario *scenario, uint64_t seed,
                           const double values[], const struct outlay_plan *like, struct outlay_diag *diag)
{
    *self = NULL;
    struct owned_plan *owned = calloc(1, sizeof *owned);
    outlay_err err = OUTLAY_ERR_NO_MEMORY;
    if (owned != NULL) {
        const struct outlay_planner planner = {&owned->plan, &owned->memory, like, scenario, values, diag};
        err = plan_init(&owned->plan, &planner, seed);
        *self = &owned->plan;
    }
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
    struct owned_plan *owned = (struct owned_plan *)self; /* its first member */
    for (int i = 0; i < self->n_tables; i++) {
        outlay_quantiles_free(self->tables[i]);
    }
    for (int i = 0; i < self->n_counts; i++) {
        outlay_counts_free(self->counts[i]);
    }
    for (int i = 0; i < OUTLAY_N_SCORES; i++) {
        free(self->scores[i]);
    }
    for (int i = 0; i < OUTLAY_GAMMA_RUNGS; i++) {
        free(self->rungs[i]);
    }
    free(self->tables);
    outlay_arena_free(&owned->memory);
    free(owned);
}
