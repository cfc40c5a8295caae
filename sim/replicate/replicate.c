/* replicate.c: the life of all applications of one horizon, from top to bottom. */
#include "stages.h"

const struct outlay_account_row outlay_accounts[OUTLAY_N_ACCOUNTS] = {
#define OUTLAY_ACCOUNT_ROW(name, unit, by_class, text) {#name, OUTLAY_UNIT_##unit, by_class, text},
    OUTLAY_ACCOUNTS(OUTLAY_ACCOUNT_ROW)
#undef OUTLAY_ACCOUNT_ROW
};

size_t outlay_replicate_play(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    work->n_contracts = outlay_stage_applications(plan, path, work);
    if (work->n_contracts > work->capacity) {
        return work->n_contracts;
    }
    outlay_stage_review(plan, path, work);
    outlay_accounts_clear(plan, work);
    /* programme by programme: what one grants may limit what a later one adds to the same contract */
    for (int programme = 0; programme < plan->n_programmes; programme++) {
        outlay_stage_award(plan, programme, path, work);
        outlay_stage_payment(plan, programme, path, work);
        /* money that programmes share is handed out once all of their awards are known */
        if (outlay_is_handed_out(plan, programme, programme + 1)) {
            outlay_stage_allocation(plan, plan->programmes[programme].pool, path, work);
        }
    }
    outlay_stage_accounts(plan, work);
    return work->n_contracts;
}
