/* play.h: a scenario text -> one played replicate, for the tests of the model. */
#ifndef OUTLAY_TEST_PLAY_H
#define OUTLAY_TEST_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "outlay/plan.h"
#include "outlay/replicate.h"
#include "outlay/scenario.h"

struct play {
    struct outlay_scenario scenario;
    struct outlay_plan *plan;
    struct outlay_workspace *work;
    const struct outlay_outcome *outcome;
};

/* Load `text` with `n` overrides and plan draw 0; fails the test with the notes if that goes wrong. */
static inline void play_load(struct play *self, const char *text, const struct outlay_override *overrides, size_t n)
{
    struct outlay_diag diag = {0};
    *self = (struct play){.plan = NULL};
    if (outlay_scenario_load_text(&self->scenario, "test.yaml", text, overrides, n, &diag) != OUTLAY_OK) {
        for (size_t i = 0; i < diag.n_notes; i++) {
            print_error("%d:%d: %s\n", diag.notes[i].line, diag.notes[i].column, diag.notes[i].message);
        }
        fail_msg("the scenario does not load");
    }
    outlay_diag_free(&diag);
    double *values = calloc((size_t)self->scenario.n_uncertain + 1, sizeof *values);
    assert_non_null(values);
    outlay_draw_values(&self->scenario, 1, 0, values);
    assert_int_equal(outlay_plan_new(&self->plan, &self->scenario, 1, values, NULL, NULL), OUTLAY_OK);
    assert_int_equal(outlay_workspace_new(&self->work, self->plan), OUTLAY_OK);
    free(values);
    self->outcome = outlay_workspace_outcome(self->work);
}

/* Play one replicate of draw 0 and check its identities. */
static inline void play_replicate(struct play *self, uint32_t replicate)
{
    const struct outlay_path path = {0, replicate};
    size_t n = outlay_replicate_play(self->plan, path, self->work);
    while (n > outlay_workspace_capacity(self->work)) {
        assert_int_equal(outlay_workspace_reserve(self->work, self->plan, n), OUTLAY_OK);
        n = outlay_replicate_play(self->plan, path, self->work);
    }
    const char *violation = outlay_outcome_violation(self->plan, self->outcome);
    if (violation != NULL) {
        fail_msg("replicate %u violates: %s", replicate, violation);
    }
}

static inline void play_free(struct play *self)
{
    outlay_workspace_free(self->work);
    outlay_plan_free(self->plan);
    outlay_scenario_free(&self->scenario);
}

/* An account of programme p in fiscal year y. */
static inline double play_account(const struct play *self, int p, int y, enum outlay_account account)
{
    const size_t book = (size_t)(p * self->plan->n_years + y);
    return self->outcome->account[book * OUTLAY_N_ACCOUNTS + account];
}

#endif
