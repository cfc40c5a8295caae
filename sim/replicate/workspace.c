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

/* A column of the contracts: where its pointer stands, and the size of an element. */
struct column {
    void **at;
    size_t size;
};

enum { N_COLUMNS = 18 };

/* All columns of the contracts, so that none is forgotten where they are made or freed. */
static void list_columns(struct outlay_workspace *self, struct column columns[N_COLUMNS])
{
#define COLUMN(name)                                                                                                   \
    {                                                                                                                  \
        (void **)&self->name, sizeof *self->name                                                                       \
    }
    const struct column all[N_COLUMNS] = {
        COLUMN(cell),      COLUMN(applicant), COLUMN(ordinal),      COLUMN(origin),     COLUMN(contract),
        COLUMN(induced),   COLUMN(time),      COLUMN(verdict),      COLUMN(is_at_cap),  COLUMN(demand),
        COLUMN(committed), COLUMN(pay_delay), COLUMN(decision_day), COLUMN(commit_day), COLUMN(by_day),
        COLUMN(queue),     COLUMN(queue_key), COLUMN(waiting),
    };
#undef COLUMN
    memcpy(columns, all, sizeof all);
}

static void free_columns(struct outlay_workspace *self)
{
    struct column columns[N_COLUMNS];
    list_columns(self, columns);
    for (int i = 0; i < N_COLUMNS; i++) {
        free(*columns[i].at);
        *columns[i].at = NULL;
    }
    self->capacity = 0;
}

static outlay_err new_columns(struct outlay_workspace *self, size_t n)
{
    struct column columns[N_COLUMNS];
    free_columns(self);
    list_columns(self, columns);
    for (int i = 0; i < N_COLUMNS; i++) {
        *columns[i].at = new_column(n, columns[i].size);
        if (*columns[i].at == NULL) {
            free_columns(self);
            return OUTLAY_ERR_NO_MEMORY;
        }
    }
    self->capacity = n;
    return OUTLAY_OK;
}

static outlay_err new_sizes(struct outlay_workspace *self, int32_t max_applicants)
{
    free(self->size);
    free(self->size_u);
    const size_t n = (size_t)max_applicants * (size_t)self->n_classes;
    self->size = new_column(n, sizeof *self->size);
    self->size_u = new_column(n, sizeof *self->size_u);
    self->max_applicants = self->size != NULL && self->size_u != NULL ? max_applicants : 0;
    return self->max_applicants == max_applicants ? OUTLAY_OK : OUTLAY_ERR_NO_MEMORY;
}

static outlay_err new_by_day(struct outlay_workspace *self, size_t n_reserves)
{
    const size_t n_days = (size_t)self->n_days;
    const size_t n_books = (size_t)self->n_programmes * (size_t)self->n_years;
    const size_t n_segments = n_books * (size_t)self->n_classes;
    struct outlay_outcome *outcome = &self->outcome;
    self->segment = calloc(n_segments + 1, sizeof *self->segment);
    self->day_demand = new_column(n_days, sizeof *self->day_demand);
    self->day_return = new_column(n_days, sizeof *self->day_return);
    self->day_awards = new_column(n_days, sizeof *self->day_awards);
    self->late_return = new_column(self->n_years > 1 ? n_days * (size_t)self->n_years : 1, sizeof *self->late_return);
    self->cash = new_column((size_t)self->n_years, sizeof *self->cash);
    self->reserve = new_column(n_reserves, sizeof *self->reserve);
    self->day_first = new_column(n_days + 1, sizeof *self->day_first);
    outcome->account = calloc(n_books * OUTLAY_N_ACCOUNTS, sizeof *outcome->account);
    outcome->class_account = calloc(n_segments * OUTLAY_N_ACCOUNTS, sizeof *outcome->class_account);
    outcome->exhaustion_day = calloc(n_books, sizeof *outcome->exhaustion_day);
    outcome->last_exhaustion_day = calloc(n_books, sizeof *outcome->last_exhaustion_day);
    outcome->commitment = new_column(n_days * (size_t)self->n_programmes, sizeof *outcome->commitment);
    outcome->served = new_column(n_days * (size_t)self->n_programmes, sizeof *outcome->served);
    outcome->outlay = new_column(n_days * (size_t)self->n_programmes, sizeof *outcome->outlay);
    const bool is_complete = self->segment != NULL && self->day_demand != NULL && self->day_return != NULL &&
                             self->day_awards != NULL && self->late_return != NULL && self->cash != NULL &&
                             self->reserve != NULL && self->day_first != NULL && outcome->account != NULL &&
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
    outlay_err err = OUTLAY_OK;
    if (n_contracts > self->capacity) {
        err = new_columns(self, n_contracts);
    }
    if (err == OUTLAY_OK && plan->max_applicants > self->max_applicants) {
        err = new_sizes(self, plan->max_applicants);
    }
    return err;
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
    free(self->size);
    free(self->size_u);
    free(self->segment);
    free(self->day_demand);
    free(self->day_return);
    free(self->day_awards);
    free(self->late_return);
    free(self->cash);
    free(self->reserve);
    free(self->day_first);
    free(self->outcome.account);
    free(self->outcome.class_account);
    free(self->outcome.exhaustion_day);
    free(self->outcome.last_exhaustion_day);
    free(self->outcome.commitment);
    free(self->outcome.outlay);
    free(self->outcome.served);
    free(self);
}
