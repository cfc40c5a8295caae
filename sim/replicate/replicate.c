/* replicate.c: the life of all applications of one horizon, from top to bottom. */
#include "stages.h"

const struct outlay_account_row outlay_accounts[OUTLAY_N_ACCOUNTS] = {
#define OUTLAY_ACCOUNT_ROW(name, unit, by_class, text) {#name, OUTLAY_UNIT_##unit, by_class, text},
    OUTLAY_ACCOUNTS(OUTLAY_ACCOUNT_ROW)
#undef OUTLAY_ACCOUNT_ROW
};

size_t outlay_replicate_play(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    outlay_stage_population(plan, path, work);
    work->n_contracts = outlay_stage_applications(plan, path, work);
    if (work->n_contracts > work->capacity) {
        return work->n_contracts;
    }
    outlay_stage_review(plan, path, work);
    outlay_stage_award(plan, work);
    outlay_stage_allocation(plan, work);
    outlay_stage_accounts(plan, work);
    return work->n_contracts;
}
