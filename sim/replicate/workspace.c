/* workspace.c: the scratch memory of one thread. */
#include <stdlib.h>

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

static void free_columns(struct outlay_workspace *self)
{
    void *columns[] = {self->applicant, self->ordinal,      self->contract,   self->time,
                       self->approved,  self->decision_day, self->commit_day, self->demand,
                       self->committed, self->by_day,       self->queue_time, self->queue};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        free(columns[i]);
    }
    self->capacity = 0;
    self->applicant = self->ordinal = self->by_day = NULL;
    self->contract = self->time = self->demand = self->committed = self->queue_time = NULL;
    self->approved = NULL;
    self->decision_day = self->commit_day = NULL;
    self->queue = NULL;
}

static outlay_err new_columns(struct outlay_workspace *self, size_t n)
{
    free_columns(self);
    self->applicant = new_column(n, sizeof *self->applicant);
    self->ordinal = new_column(n, sizeof *self->ordinal);
    self->contract = new_column(n, sizeof *self->contract);
    self->time = new_column(n, sizeof *self->time);
    self->approved = new_column(n, sizeof *self->approved);
    self->decision_day = new_column(n, sizeof *self->decision_day);
    self->commit_day = new_column(n, sizeof *self->commit_day);
    self->demand = new_column(n, sizeof *self->demand);
    self->committed = new_column(n, sizeof *self->committed);
    self->by_day = new_column(n, sizeof *self->by_day);
    self->queue_time = new_column(n, sizeof *self->queue_time);
    self->queue = new_column(n, sizeof *self->queue);
    if (self->applicant == NULL || self->ordinal == NULL || self->contract == NULL || self->time == NULL ||
        self->approved == NULL || self->decision_day == NULL || self->commit_day == NULL || self->demand == NULL ||
        self->committed == NULL || self->by_day == NULL || self->queue_time == NULL || self->queue == NULL) {
        free_columns(self);
        return OUTLAY_ERR_NO_MEMORY;
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

static outlay_err new_by_day(struct outlay_workspace *self)
{
    const size_t n_days = (size_t)self->n_days;
    const size_t n_books = (size_t)self->n_programmes * (size_t)self->n_years;
    const size_t n_segments = n_books * (size_t)self->n_classes;
    struct outlay_outcome *outcome = &self->outcome;
    self->segment = calloc(n_segments + 1, sizeof *self->segment);
    self->day_demand = new_column(n_days, sizeof *self->day_demand);
    self->day_return = new_column(n_days, sizeof *self->day_return);
    self->day_carried = new_column(n_days, sizeof *self->day_carried);
    self->day_first = new_column(n_days + 1, sizeof *self->day_first);
    outcome->account = calloc(n_books * OUTLAY_N_ACCOUNTS, sizeof *outcome->account);
    outcome->class_account = calloc(n_segments * OUTLAY_N_ACCOUNTS, sizeof *outcome->class_account);
    outcome->exhaustion_day = calloc(n_books, sizeof *outcome->exhaustion_day);
    outcome->commitment = new_column(n_days * (size_t)self->n_programmes, sizeof *outcome->commitment);
    const bool is_complete = self->segment != NULL && self->day_demand != NULL && self->day_return != NULL &&
                             self->day_carried != NULL && self->day_first != NULL && outcome->account != NULL &&
                             outcome->class_account != NULL && outcome->exhaustion_day != NULL &&
                             outcome->commitment != NULL;
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
    outlay_err err = new_by_day(*self);
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
    free(self->day_carried);
    free(self->day_first);
    free(self->outcome.account);
    free(self->outcome.class_account);
    free(self->outcome.exhaustion_day);
    free(self->outcome.commitment);
    free(self);
}
