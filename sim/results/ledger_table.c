/* ledger_table.c: THE column table of a ledger, and the ledger as CSV. */
#include <inttypes.h>
#include <math.h>

#include "results/replay.h"

#define VALUE(name, expression)                                                                                        \
    static double name(const struct outlay_replay *replay, const struct outlay_application *row)                       \
    {                                                                                                                  \
        (void)replay;                                                                                                  \
        return (double)(expression);                                                                                   \
    }
#define DAY(name, day) VALUE(name, (day) == OUTLAY_NO_DAY ? NAN : (double)(day))

DAY(day_of, row->day)
VALUE(programme_of, row->programme)
VALUE(class_of, row->class_)
VALUE(applicant_of, row->applicant)
VALUE(contract_of, row->contract)
VALUE(demand_of, row->demand)
VALUE(committed_of, row->committed)
VALUE(reason_of, row->reason)
VALUE(returned_of, row->returned)
DAY(return_day_of, row->return_day)
VALUE(paid_of, row->paid)
DAY(pay_day_of, row->pay_day)
VALUE(n_payments_of, row->n_payments)
VALUE(outstanding_of, row->outstanding)
VALUE(account_year_of, replay->scenario.start.year + outlay_ledger_year(replay->plan, row))
VALUE(year_of, replay->scenario.start.year + row->year)
VALUE(ordinal_of, row->ordinal)
VALUE(applied_of, floor(row->time))
VALUE(moment_of, row->time - floor(row->time))
VALUE(wanted_of, row->wanted)
VALUE(eligible_of, row->is_eligible)
VALUE(approved_of, row->is_approved)
VALUE(withdrawn_of, row->is_withdrawn)
VALUE(review_days_of, row->review_days)
DAY(decision_day_of, row->decision_day)
VALUE(age_of, row->age)
VALUE(lottery_of, row->lottery)
VALUE(score_of, row->score)
VALUE(redeemed_of, row->is_redeemed)
VALUE(delay_of, row->delay_days)
VALUE(at_cap_of, row->is_at_cap)
VALUE(co_funded_of, row->co_funded)
VALUE(capital_drawn_of, row->capital_drawn)
VALUE(induced_of, row->induced)
VALUE(deadweight_of, row->deadweight)

/* clang-format off */
const struct outlay_column outlay_columns[] = {
    {"day", OUTLAY_COLUMN_DAY, "day on which it was put to the budget, or served from the waiting list; none = pending", day_of},
    {"programme", OUTLAY_COLUMN_PROGRAMME, "programme", programme_of},
    {"class", OUTLAY_COLUMN_CLASS, "class of the applicant", class_of},
    {"applicant", OUTLAY_COLUMN_COUNT, "number of the applicant in its class, from 0", applicant_of},
    {"contract", OUTLAY_COLUMN_MONEY, "value of the contract", contract_of},
    {"demand", OUTLAY_COLUMN_MONEY, "award asked of the budget", demand_of},
    {"committed", OUTLAY_COLUMN_MONEY, "money promised", committed_of},
    {"reason", OUTLAY_COLUMN_REASON, "what became of it, and why", reason_of},
    {"returned", OUTLAY_COLUMN_MONEY, "part of the commitment that died within the horizon", returned_of},
    {"returned_on", OUTLAY_COLUMN_DAY, "day on which that part came back", return_day_of},
    {"paid", OUTLAY_COLUMN_MONEY, "part of the commitment that was paid within the horizon", paid_of},
    {"paid_on", OUTLAY_COLUMN_DAYS, "days of payment within the horizon", pay_day_of},
    {"payments", OUTLAY_COLUMN_COUNT, "number of instalments within the horizon", n_payments_of},
    {"outstanding", OUTLAY_COLUMN_MONEY, "part of the commitment neither paid nor returned when the horizon ends", outstanding_of},
    {"account_year", OUTLAY_COLUMN_COUNT, "fiscal year in whose accounts it stands, by the calendar year in which it begins", account_year_of},
    {"year", OUTLAY_COLUMN_COUNT, "fiscal year of the application, by the same", year_of},
    {"ordinal", OUTLAY_COLUMN_COUNT, "number of the contract among those of the applicant in that year, from 0", ordinal_of},
    {"applied", OUTLAY_COLUMN_DAY, "day of the application", applied_of},
    {"moment", OUTLAY_COLUMN_NUMBER, "fraction of that day", moment_of},
    {"wanted", OUTLAY_COLUMN_MONEY, "contract that would have been bought without the programme", wanted_of},
    {"eligible", OUTLAY_COLUMN_FLAG, "the contract is of an eligible kind", eligible_of},
    {"approved", OUTLAY_COLUMN_FLAG, "the review would approve it", approved_of},
    {"withdrawn", OUTLAY_COLUMN_FLAG, "the applicant would withdraw it once approved", withdrawn_of},
    {"review_days", OUTLAY_COLUMN_COUNT, "working days from the application to the decision, notice included", review_days_of},
    {"decided", OUTLAY_COLUMN_DAY, "day of the decision on the merits; none = beyond the horizon", decision_day_of},
    {"age", OUTLAY_COLUMN_NUMBER, "age of the applicant in years, where the young have a rate of their own", age_of},
    {"lottery", OUTLAY_COLUMN_NUMBER, "number drawn, under the rule `lottery`: the lowest is served first", lottery_of},
    {"score", OUTLAY_COLUMN_NUMBER, "points, under the rule `score`: the highest is served first", score_of},
    {"redeemed", OUTLAY_COLUMN_FLAG, "a commitment would be called upon", redeemed_of},
    {"delay", OUTLAY_COLUMN_COUNT, "days from the commitment to that, in which it may expire", delay_of},
    {"at_cap", OUTLAY_COLUMN_FLAG, "it is an award that the cap cut", at_cap_of},
    {"co_funded", OUTLAY_COLUMN_MONEY, "what another payer adds to what was paid", co_funded_of},
    {"capital_drawn", OUTLAY_COLUMN_MONEY, "capital of others drawn in by what was paid", capital_drawn_of},
    {"induced", OUTLAY_COLUMN_MONEY, "contract value that the award paid brought about", induced_of},
    {"deadweight", OUTLAY_COLUMN_MONEY, "payment for what would have been bought anyway", deadweight_of},
    {.name = NULL},
};
/* clang-format on */

/* ---- CSV --------------------------------------------------------------------------------------------------------- */

static void write_day(const struct outlay_replay *replay, FILE *out, double day)
{
    char text[16];
    (void)fputs(outlay_date_iso(replay->scenario.first_day + (int32_t)day, text), out);
}

static void write_days(const struct outlay_replay *replay, const struct outlay_application *row, FILE *out, double day)
{
    const int32_t interval = replay->plan->programmes[row->programme].interval;
    for (int k = 0; k < row->n_payments; k++) {
        (void)fputs(k > 0 ? ";" : "", out);
        write_day(replay, out, day + (double)k * interval);
    }
}

static void write_money(FILE *out, double fen)
{
    const int64_t whole = (int64_t)fen;
    (void)fprintf(out, "%" PRId64 ".%02" PRId64, whole / 100, whole % 100);
}

/* No field needs quotes: names are letters, digits and underscores. */
static void write_field(const struct outlay_replay *replay, const struct outlay_application *row,
                        const struct outlay_column *column, FILE *out)
{
    const double value = column->value(replay, row);
    if (isnan(value)) {
        return;
    }
    switch (column->kind) {
    case OUTLAY_COLUMN_COUNT:
    case OUTLAY_COLUMN_FLAG:
        (void)fprintf(out, "%.0f", value);
        break;
    case OUTLAY_COLUMN_NUMBER:
        (void)fprintf(out, "%.17g", value);
        break;
    case OUTLAY_COLUMN_MONEY:
        write_money(out, value);
        break;
    case OUTLAY_COLUMN_DAY:
        write_day(replay, out, value);
        break;
    case OUTLAY_COLUMN_DAYS:
        write_days(replay, row, out, value);
        break;
    case OUTLAY_COLUMN_PROGRAMME:
        (void)fputs(replay->scenario.programmes[row->programme].name, out);
        break;
    case OUTLAY_COLUMN_CLASS:
        (void)fputs(replay->scenario.classes[row->class_].name, out);
        break;
    case OUTLAY_COLUMN_REASON:
        (void)fputs(outlay_reasons[row->reason].name, out);
        break;
    }
}

bool outlay_ledger_write_csv(const struct outlay_replay *replay, FILE *out)
{
    for (const struct outlay_column *column = outlay_columns; column->name != NULL; column++) {
        (void)fprintf(out, "%s%s", column == outlay_columns ? "" : ",", column->name);
    }
    (void)fputs("\r\n", out);
    for (size_t i = 0; i < replay->ledger.n; i++) {
        for (const struct outlay_column *column = outlay_columns; column->name != NULL; column++) {
            (void)fputs(column == outlay_columns ? "" : ",", out);
            write_field(replay, &replay->ledger.rows[i], column, out);
        }
        (void)fputs("\r\n", out);
    }
    return ferror(out) == 0 && fflush(out) == 0;
}
