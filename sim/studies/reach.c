/*
 * reach.c: THE list of rules that have no exact answer, each with the reason.
 *
 * What is within reach rests on three facts: applicants act independently of each other and of the money; the days of
 * an applicant's contracts are independent of their values; and money is a wall that does not move within a fiscal
 * year, met from below by awards that never come back. Each rule of the list breaks one of them.
 */
#include "studies/reach.h"

#include <math.h>

#include "studies/timing.h"

/* ---- of a programme: its money and how it is handed out ---- */

struct programme_rule {
    const char *key; /* below programmes.NAME */
    const char *why;
    bool (*holds)(const struct outlay_plan *plan, int programme);
};

static const struct outlay_plan_programme *at(const struct outlay_plan *plan, int programme)
{
    return &plan->programmes[programme];
}

static bool shares_money(const struct outlay_plan *plan, int programme)
{
    bool is_shared = at(plan, programme)->pool != programme;
    for (int p = 0; p < plan->n_programmes; p++) {
        is_shared = is_shared || (p != programme && plan->programmes[p].pool == programme);
    }
    return is_shared;
}

static bool carries_over(const struct outlay_plan *plan, int programme)
{
    return plan->n_years > 1 && at(plan, programme)->carry_share > 0.0 && !at(plan, programme)->is_unlimited;
}

static bool comes_later(const struct outlay_plan *plan, const double money[])
{
    for (int32_t day = 0; day < plan->n_days; day++) {
        if (money[day] > 0.0 && day != plan->year_first_day[plan->year_of_day[day]]) {
            return true;
        }
    }
    return false;
}

static bool is_released_later(const struct outlay_plan *plan, int programme)
{
    return comes_later(plan, at(plan, programme)->released);
}

static bool is_topped_up_later(const struct outlay_plan *plan, int programme)
{
    return comes_later(plan, at(plan, programme)->topped_up);
}

static bool has_reserves(const struct outlay_plan *plan, int programme)
{
    return at(plan, programme)->n_reserves > 0;
}

static bool has_steps(const struct outlay_plan *plan, int programme)
{
    return at(plan, programme)->n_steps > 0;
}

static bool limits_awards(const struct outlay_plan *plan, int programme)
{
    return isfinite(at(plan, programme)->max_awards);
}

static bool shares_over_all(const struct outlay_plan *plan, int programme)
{
    const enum outlay_rule rule = at(plan, programme)->rule;
    return rule == OUTLAY_RULE_PRO_RATA || rule == OUTLAY_RULE_EQUAL_AWARDS;
}

static bool is_not_partial(const struct outlay_plan *plan, int programme)
{
    return at(plan, programme)->last_award != OUTLAY_LAST_PARTIAL;
}

static bool may_run(const struct outlay_plan *plan, int programme)
{
    return at(plan, programme)->run_below > 0.0 && at(plan, programme)->run_factor > 1.0;
}

static bool may_expire(const struct outlay_plan *plan, int programme)
{
    return at(plan, programme)->has_payment && isfinite(at(plan, programme)->expires);
}

static const struct programme_rule programme_rules[] = {
    {"budget.shared_with", "what other programmes use of the same money would have to be known day by day",
     shares_money},
    {"budget.carry_over", "what is left of one fiscal year moves the wall of the next", carries_over},
    {"budget.releases", "money that comes later in the fiscal year moves the wall while it is being met",
     is_released_later},
    {"budget.top_ups", "money that comes later in the fiscal year moves the wall while it is being met",
     is_topped_up_later},
    {"budget.reserves", "money for one class has a wall of its own", has_reserves},
    {"budget.steps", "awards depend on how much is committed when they come", has_steps},
    {"budget.awards", "awards are counted as well as added up", limits_awards},
    {"allocation.rule", "what a round has is shared out over all and rounded down one by one", shares_over_all},
    {"allocation.last_award", "what is left of the money depends on the award that no longer fits", is_not_partial},
    {"allocation.run", "applications depend on how much money is left", may_run},
    {"payment.expires", "commitments die and their money comes back", may_expire},
};

/* ---- of one class in a programme: its applications and what they are granted ---- */

struct cell_rule {
    const char *key;
    const char *why;
    bool (*holds)(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell);
};

static bool takes_over(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell)
{
    (void)programme;
    return cell->same_as >= 0;
}

static bool has_applicant_cap(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell)
{
    (void)programme;
    return isfinite(cell->applicant_cap);
}

static bool has_young(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell)
{
    (void)programme;
    return cell->young_below > 0.0;
}

static bool stacks(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell)
{
    (void)programme;
    return cell->stacks_with >= 0;
}

static bool is_inflated(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell)
{
    (void)programme;
    return cell->inflation > 1.0;
}

static bool is_correlated(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell)
{
    (void)programme;
    return cell->normal != NULL;
}

/* Reserved on the day of application, and refused or withdrawn later. */
static bool may_be_refused(const struct outlay_plan_programme *programme, const struct outlay_plan_cell *cell)
{
    return programme->commit == OUTLAY_COMMIT_APPLICATION &&
           (cell->approved < 1.0 || cell->withdrawn > 0.0 || cell->eligible < 1.0);
}

static const struct cell_rule cell_rules[] = {
    {"applications.same_as", "contracts that are another programme's are not independent of it", takes_over},
    {"award.applicant_cap", "an applicant's awards depend on each other and on their order", has_applicant_cap},
    {"award.young", "an award depends on the applicant's age and on the day", has_young},
    {"award.stacks_with", "an award depends on what another programme had left", stacks},
    {"applications.inflation", "what is cut from claims comes back", is_inflated},
    {"applications.arrivals.size_correlation", "the day of a contract depends on its value", is_correlated},
    {"allocation.commit", "money reserved on application comes back where the application is refused", may_be_refused},
};

enum {
    N_PROGRAMME_RULES = sizeof programme_rules / sizeof *programme_rules,
    N_CELL_RULES = sizeof cell_rules / sizeof *cell_rules
};

/* ---- the verdict ---- */

static outlay_err beyond(const struct outlay_scenario *scenario, int programme, const char *key, const char *why,
                         struct outlay_diag *diag)
{
    return outlay_diag_error(diag, OUTLAY_ERR_BEYOND_REACH, NULL, "no exact answer: `programmes.%s.%s`: %s",
                             scenario->programmes[programme].name, key, why);
}

static outlay_err check_cell(const struct outlay_scenario *scenario, const struct outlay_plan *plan, int programme,
                             int i_class, struct outlay_diag *diag)
{
    const struct outlay_plan_cell *cell = &plan->programmes[programme].cells[i_class];
    for (int i = 0; i < N_CELL_RULES; i++) {
        if (cell_rules[i].holds(&plan->programmes[programme], cell)) {
            return beyond(scenario, programme, cell_rules[i].key, cell_rules[i].why, diag);
        }
    }
    for (int year = 0; year + 1 < plan->n_years; year++) {
        if (outlay_timing_share_after(plan, programme, i_class, year) > 0.0) {
            const bool is_review = cell->has_review && plan->programmes[programme].commit == OUTLAY_COMMIT_DECISION;
            return beyond(scenario, programme, is_review ? "review.working_days" : "allocation.rounds",
                          "what is applied for in one fiscal year is put to the money of the next", diag);
        }
    }
    return OUTLAY_OK;
}

outlay_err outlay_reach_check(const struct outlay_scenario *scenario, const struct outlay_plan *plan,
                              struct outlay_diag *diag)
{
    if (scenario->n_uncertain > 0) {
        return outlay_diag_error(diag, OUTLAY_ERR_BEYOND_REACH, NULL,
                                 "no exact answer: `%s` is uncertain: an exact answer is one for given numbers",
                                 scenario->uncertain[0].path);
    }
    for (int p = 0; p < plan->n_programmes; p++) {
        for (int i = 0; i < N_PROGRAMME_RULES; i++) {
            if (programme_rules[i].holds(plan, p)) {
                return beyond(scenario, p, programme_rules[i].key, programme_rules[i].why, diag);
            }
        }
        for (int c = 0; c < plan->n_classes; c++) {
            const outlay_err err = check_cell(scenario, plan, p, c, diag);
            if (err != OUTLAY_OK) {
                return err;
            }
        }
    }
    return OUTLAY_OK;
}
