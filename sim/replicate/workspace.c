/* workspace.c: the scratch memory of one thread. */
#include <stdlib.h>
#include <string.h>

#include "stages.h"

#define ALIGNMENT 64

/* Room for n elements of `size` bytes on a cache line's boundary; NULL if there is none, or if n x size overflows. */
static void *new_column(size_t n, size_t size)
{
    if (n > (SIZE_MAX - ALIGNMENT) / size) {
        return NULL;
    }
    const size_t bytes = (n * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return aligned_alloc(ALIGNMENT, bytes > 0 ? bytes : ALIGNMENT);
}

/* Which rules of a plan need a column of their own. */
struct needs {
    bool review, commit_day, origin, induced, pay_delay, waiting;
};

static struct needs needs_of(const struct outlay_plan *plan)
{
    struct needs needs = {false, false, false, false, false, false};
    for (int p = 0; p < plan->n_programmes; p++) {
        const struct outlay_plan_programme *programme = &plan->programmes[p];
        needs.pay_delay = needs.pay_delay || programme->has_payment;
        needs.waiting = needs.waiting || programme->last_award == OUTLAY_LAST_WAIT;
        needs.review = needs.review || programme->run_factor > 1.0; /* which moves the days of decision */
        for (int32_t day = 0; day < plan->n_days; day++) {
            needs.commit_day = needs.commit_day || programme->round_day[day] != day;
        }
        for (int c = 0; c < plan->n_classes; c++) {
            const struct outlay_plan_cell *cell = &programme->cells[c];
            needs.review = needs.review || cell->has_review || cell->eligible < 1.0;
            needs.origin = needs.origin || cell->same_as >= 0 || cell->stacks_with >= 0;
            needs.induced = needs.induced || cell->has_response;
        }
    }
    needs.commit_day = needs.commit_day || needs.review || needs.waiting;
    return needs;
}

/* A column of the contracts: where its pointer stands, the size of an element, and whether it is needed. */
struct column {
    void **at;
    size_t size;
    bool is_needed;
};

enum { N_COLUMNS = 23 };

/* All columns of the contracts, so that none is forgotten where they are made or freed. */
static void list_columns(struct outlay_workspace *self, struct needs needs, struct column columns[N_COLUMNS])
{
#define COLUMN(name, is_needed)                                                                                        \
    {                                                                                                                  \
        (void **)&self->name, sizeof *self->name, is_needed                                                            \
    }
    const struct column all[N_COLUMNS] = {
        COLUMN(cell, true),
        COLUMN(applicant, true),
        COLUMN(ordinal, true),
        COLUMN(owner, true),
        COLUMN(origin, needs.origin),
        COLUMN(contract, true),
        COLUMN(induced, needs.induced),
        COLUMN(day, true),
        COLUMN(day_u, true),
        COLUMN(participant_first, true),
        COLUMN(verdict, needs.review),
        COLUMN(decision_day, needs.review),
        COLUMN(own_commit_day, needs.commit_day),
        COLUMN(is_at_cap, true),
        COLUMN(demand, true),
        COLUMN(committed, true),
        COLUMN(pay_delay, needs.pay_delay),
        COLUMN(by_day, true),
        COLUMN(queue, true),
        COLUMN(queue_key, true),
        COLUMN(waiting, needs.waiting),
        COLUMN(sum, true),
        COLUMN(prefix, true),
    };
#undef COLUMN
    memcpy(columns, all, sizeof all);
}

static void free_columns(struct outlay_workspace *self)
{
    struct column columns[N_COLUMNS];
    list_columns(self, (struct needs){false, false, false, false, false, false}, columns);
    for (int i = 0; i < N_COLUMNS; i++) {
        free(*columns[i].at);
        *columns[i].at = NULL;
    }
    self->commit_day = NULL;
    self->capacity = 0;
}

/* Does a column lack that the plan needs? */
static bool lacks_column(struct outlay_workspace *self, struct needs needs)
{
    struct column columns[N_COLUMNS];
    bool lacks = false;
    list_columns(self, needs, columns);
    for (int i = 0; i < N_COLUMNS; i++) {
        lacks = lacks || (columns[i].is_needed && *columns[i].at == NULL);
    }
    return lacks;
}

static outlay_err new_columns(struct outlay_workspace *self, size_t n, struct needs needs)
{
    struct column columns[N_COLUMNS];
    free_columns(self);
    list_columns(self, needs, columns);
    for (int i = 0; i < N_COLUMNS; i++) {
        if (!columns[i].is_needed) {
            continue;
        }
        *columns[i].at = new_column(n + OUTLAY_SLACK, columns[i].size);
        if (*columns[i].at == NULL) {
            free_columns(self);
            return OUTLAY_ERR_NO_MEMORY;
        }
    }
    self->commit_day = self->own_commit_day != NULL ? self->own_commit_day : self->day;
    self->capacity = n;
    return OUTLAY_OK;
}

static outlay_err new_by_day(struct outlay_workspace *self, size_t n_reserves)
{
    const size_t n_days = (size_t)self->n_days;
    const size_t n_books = (size_t)self->n_programmes * (size_t)self->n_years;
    const size_t n_segments = n_books * (size_t)self->n_classes;
    struct outlay_outcome *outcome = &self->outcome;
    self->segment = calloc(n_segments + 1, sizeof *self->segment);
    self->segment_participant = calloc(n_segments + 1, sizeof *self->segment_participant);
    self->day_demand = new_column(n_days + 1, sizeof *self->day_demand);
    self->day_awards = new_column(n_days + 1, sizeof *self->day_awards);
    self->day_served = new_column(n_days + 1, sizeof *self->day_served);
    self->day_return = new_column(n_days, sizeof *self->day_return);
    self->late_return = new_column(self->n_years > 1 ? n_days * (size_t)self->n_years : 1, sizeof *self->late_return);
    self->cash = new_column((size_t)self->n_years, sizeof *self->cash);
    self->reserve = new_column(n_reserves, sizeof *self->reserve);
    self->day_first = new_column(n_days + 1, sizeof *self->day_first);
    self->bucket = new_column(OUTLAY_MAX_BUCKETS + 1, sizeof *self->bucket);
    outcome->account = calloc(n_books * OUTLAY_N_ACCOUNTS, sizeof *outcome->account);
    outcome->class_account = calloc(n_segments * OUTLAY_N_ACCOUNTS, sizeof *outcome->class_account);
    outcome->exhaustion_day = calloc(n_books, sizeof *outcome->exhaustion_day);
    outcome->last_exhaustion_day = calloc(n_books, sizeof *outcome->last_exhaustion_day);
    outcome->commitment = new_column(n_days * (size_t)self->n_programmes, sizeof *outcome->commitment);
    outcome->served = new_column(n_days * (size_t)self->n_programmes, sizeof *outcome->served);
    outcome->outlay = new_column(n_days * (size_t)self->n_programmes, sizeof *outcome->outlay);
    const bool is_complete = self->segment != NULL && self->segment_participant != NULL && self->day_demand != NULL &&
                             self->day_served != NULL && self->day_return != NULL && self->day_awards != NULL &&
                             self->late_return != NULL && self->cash != NULL && self->reserve != NULL &&
                             self->day_first != NULL && self->bucket != NULL && outcome->account != NULL &&
                             outcome->class_account != NULL && outcome->exhaustion_day != NULL &&
                             outcome->last_exhaustion_day != NULL && outcome->commitment != NULL &&
                             outcome->outlay != NULL && outcome->served != NULL;
    return is_complete ? OUTLAY_OK : OUTLAY_ERR_NO_MEMORY;
}

outlay_err outlay_workspace_new(struct outlay_workspace **self, const struct outlay_plan *plan)
{
    *self = calloc(1, sizeof **self);
    if (*self == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    (*self)->n_classes = plan->n_classes;
    (*self)->n_years = plan->n_years;
    (*self)->n_programmes = plan->n_programmes;
    (*self)->n_days = plan->n_days;
    size_t n_reserves = 1;
    for (int p = 0; p < plan->n_programmes; p++) {
        const size_t n = (size_t)plan->programmes[p].n_reserves;
        n_reserves = n > n_reserves ? n : n_reserves;
    }
    outlay_err err = new_by_day(*self, n_reserves);
    if (err == OUTLAY_OK) {
        err = outlay_workspace_reserve(*self, plan, plan->capacity);
    }
    if (err != OUTLAY_OK) {
        outlay_workspace_free(*self);
        *self = NULL;
    }
    return err;
}

outlay_err outlay_workspace_reserve(struct outlay_workspace *self, const struct outlay_plan *plan, size_t n_contracts)
{
    const struct needs needs = needs_of(plan);
    if (n_contracts <= self->capacity && !lacks_column(self, needs)) {
        return OUTLAY_OK;
    }
    return new_columns(self, n_contracts > self->capacity ? n_contracts : self->capacity, needs);
}

size_t outlay_workspace_capacity(const struct outlay_workspace *self)
{
    return self->capacity;
}

const struct outlay_outcome *outlay_workspace_outcome(const struct outlay_workspace *self)
{
    return &self->outcome;
}

void outlay_workspace_free(struct outlay_workspace *self)
{
    if (self == NULL) {
        return;
    }
    free_columns(self);
    free(self->segment);
    free(self->segment_participant);
    free(self->day_demand);
    free(self->day_return);
    free(self->day_awards);
    free(self->day_served);
    free(self->late_return);
    free(self->cash);
    free(self->reserve);
    free(self->day_first);
    free(self->bucket);
    free(self->outcome.account);
    free(self->outcome.class_account);
    free(self->outcome.exhaustion_day);
    free(self->outcome.last_exhaustion_day);
    free(self->outcome.commitment);
    free(self->outcome.outlay);
    free(self->outcome.served);
    free(self);
}
