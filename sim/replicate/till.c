/* till.c: money that comes to a pool and goes from it. */
#include "till.h"

#include <math.h>

void outlay_till_note_shortage(struct outlay_till *till)
{
    const struct outlay_outcome *outcome = &till->work->outcome;
    const size_t book = (size_t)till->pool * (size_t)till->plan->n_years + (size_t)till->year;
    if (outcome->exhaustion_day[book] == OUTLAY_NEVER) {
        outcome->exhaustion_day[book] = till->day;
    }
    outcome->last_exhaustion_day[book] = till->day;
}

/* Money that becomes available, of which a part may be kept for classes. Over-allocated, more of it can be promised. */
static void receive(struct outlay_till *till, double amount, bool is_appropriation)
{
    const double usable = floor(amount * till->programme->over_allocation);
    till->at_hand += usable;
    till->year_money += usable;
    till->cash[till->year] += amount;
    for (int r = 0; is_appropriation && r < till->programme->n_reserves; r++) {
        if (till->day <= till->programme->reserves[r].until_day[till->year]) {
            const double kept = floor(till->programme->reserves[r].share * usable);
            till->reserve[r] += kept;
            till->at_hand -= kept;
        }
    }
}

/* Money of this fiscal year that comes back. */
static void take_back(struct outlay_till *till, double amount)
{
    till->at_hand += amount;
    till->committed -= amount;
    till->cash[till->year] += amount;
}

/* Move a part of what is left of one fiscal year to a later one; the rest lapses. Returns what has been moved. */
static double carry(struct outlay_till *till, double amount, int32_t from, int32_t to)
{
    const double carried = floor(till->programme->carry_share * amount);
    *outlay_till_entry(till, from, OUTLAY_ACCOUNT_lapsed) += amount - carried;
    for (int32_t year = from; year < to; year++) {
        *outlay_till_entry(till, year, OUTLAY_ACCOUNT_carried_out) += carried;
        if (year + 1 < till->plan->n_years) {
            *outlay_till_entry(till, year + 1, OUTLAY_ACCOUNT_carried_in) += carried;
        }
    }
    return carried;
}

/*
 * Money of earlier fiscal years that comes back makes up for what they were overdrawn; what they then have left is
 * carried over to this day, or lapses.
 */
static void take_back_late(struct outlay_till *till)
{
    for (int32_t year = 0; year < till->year; year++) {
        double *returned = &till->work->late_return[(size_t)year * (size_t)till->plan->n_days + (size_t)till->day];
        if (*returned > 0.0) {
            const double before = fmax(0.0, till->cash[year]);
            till->cash[year] += *returned;
            const double carried = carry(till, fmax(0.0, till->cash[year]) - before, year, till->year);
            if (carried > 0.0) {
                receive(till, carried, false);
            }
        }
    }
}

void outlay_till_receive_today(struct outlay_till *till)
{
    const double released = till->programme->released[till->day];
    const double topped_up = till->programme->topped_up[till->day];
    if (released > 0.0) {
        *outlay_till_entry(till, till->year, OUTLAY_ACCOUNT_appropriation) += released;
        receive(till, released, true);
    }
    if (topped_up > 0.0) {
        *outlay_till_entry(till, till->year, OUTLAY_ACCOUNT_topped_up) += topped_up;
        receive(till, topped_up, false);
    }
    if (till->may_return) {
        take_back(till, till->work->day_return[till->day]);
        take_back_late(till);
    }
    for (int r = 0; r < till->programme->n_reserves; r++) {
        if (till->day > till->programme->reserves[r].until_day[till->year]) {
            till->at_hand += till->reserve[r];
            till->reserve[r] = 0.0;
        }
    }
}

/* When what was committed to contract i will come back: on the day itself, it can be used from tomorrow on. */
static void schedule_return(struct outlay_till *till, uint32_t i)
{
    const struct outlay_settlement settlement = outlay_settle(till->plan, till->work, i);
    if (settlement.return_day == OUTLAY_AFTER_HORIZON) {
        return;
    }
    const size_t day = (size_t)settlement.return_day;
    if (settlement.return_day == till->day) {
        till->back_tonight += settlement.returned;
    } else if (till->plan->year_of_day[day] == till->year) {
        till->work->day_return[day] += settlement.returned;
    } else {
        till->work->late_return[(size_t)till->year * (size_t)till->plan->n_days + day] += settlement.returned;
    }
}

void outlay_till_commit(struct outlay_till *till, uint32_t i, double amount)
{
    const struct outlay_plan_programme *programme = till->programme;
    double left = amount;
    for (int r = 0; r < programme->n_reserves && left > 0.0; r++) {
        if (programme->reserves[r].class_ == till->work->cell[i] % till->plan->n_classes) {
            const double part = fmin(left, till->reserve[r]);
            till->reserve[r] -= part;
            left -= part;
        }
    }
    till->at_hand -= left;
    till->committed += amount;
    till->cash[till->year] -= amount;
    till->awards_left -= amount > 0.0 ? 1.0 : 0.0;
    till->work->committed[i] = amount;
    if (till->may_return) {
        schedule_return(till, i);
    }
}

void outlay_till_open_year(struct outlay_till *till, int32_t year, double carried)
{
    till->year = year;
    till->day = till->plan->year_first_day[year];
    till->is_closed = false;
    till->is_running = false;
    till->awards_left = till->programme->max_awards;
    till->committed = 0.0;
    till->year_money = 0.0;
    till->at_hand = till->programme->is_unlimited ? INFINITY : 0.0;
    for (int r = 0; r < till->programme->n_reserves; r++) {
        till->reserve[r] = 0.0;
    }
    if (carried > 0.0) {
        receive(till, carried, false);
    }
}

double outlay_till_close_year(struct outlay_till *till)
{
    double *cash = &till->cash[till->year];
    if (till->programme->is_unlimited) {
        /* of a budget without limit, the appropriation is what was used */
        *outlay_till_entry(till, till->year, OUTLAY_ACCOUNT_appropriation) -= *cash;
        *cash = 0.0;
    }
    return carry(till, fmax(0.0, *cash), till->year, till->year + 1);
}

void outlay_till_close_day(struct outlay_till *till)
{
    take_back(till, till->back_tonight);
    till->back_tonight = 0.0;
}
