/*
 * fields.c: THE field table.
 *
 * The rows of the accounts are made from OUTLAY_ACCOUNTS (replicate.h): each account has one variable with all of its
 * replicates and one for each statistic, and the same by class where the account is kept by class.
 */
#include "results/fields.h"

#include <stddef.h>
#include <string.h>

const double outlay_probabilities[OUTLAY_N_PROBABILITIES] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

/* clang-format off */
const struct outlay_axis_row outlay_axes[OUTLAY_N_AXES] = {
    [OUTLAY_AXIS_DRAW] = {"draw", OUTLAY_INT32, "1", "number of the draw: one set of values of the uncertain numbers"},
    [OUTLAY_AXIS_REPLICATE] = {"replicate", OUTLAY_INT32, "1", "number of the replicate within its draw"},
    [OUTLAY_AXIS_PROGRAMME] = {"programme", OUTLAY_INT32, NULL, "programme; its name stands in flag_meanings"},
    [OUTLAY_AXIS_YEAR] = {"year", OUTLAY_INT32, "1", "fiscal year, named by the calendar year in which it begins"},
    [OUTLAY_AXIS_CLASS] = {"class", OUTLAY_INT32, NULL, "class of applicants; its name stands in flag_meanings"},
    [OUTLAY_AXIS_TIME] = {"time", OUTLAY_INT32, "", "day of the horizon"},
    [OUTLAY_AXIS_PROBABILITY] = {"probability", OUTLAY_FLOAT64, "1", "share of the replicates at or below the quantile"},
};

/* Axes, as they stand in the rows. */
#define PATHS                  4, {OUTLAY_AXIS_DRAW, OUTLAY_AXIS_REPLICATE, OUTLAY_AXIS_PROGRAMME, OUTLAY_AXIS_YEAR}
#define PATHS_CLASS            5, {OUTLAY_AXIS_DRAW, OUTLAY_AXIS_REPLICATE, OUTLAY_AXIS_PROGRAMME, OUTLAY_AXIS_YEAR, \
                                   OUTLAY_AXIS_CLASS}
#define YEARS                  2, {OUTLAY_AXIS_PROGRAMME, OUTLAY_AXIS_YEAR}
#define YEARS_PROBABILITY      3, {OUTLAY_AXIS_PROGRAMME, OUTLAY_AXIS_YEAR, OUTLAY_AXIS_PROBABILITY}
#define YEARS_CLASS            3, {OUTLAY_AXIS_PROGRAMME, OUTLAY_AXIS_YEAR, OUTLAY_AXIS_CLASS}
#define YEARS_CLASS_PROBABILITY \
                               4, {OUTLAY_AXIS_PROGRAMME, OUTLAY_AXIS_YEAR, OUTLAY_AXIS_CLASS, OUTLAY_AXIS_PROBABILITY}
#define DAYS                   2, {OUTLAY_AXIS_PROGRAMME, OUTLAY_AXIS_TIME}
#define PROBABILITY_DAYS       3, {OUTLAY_AXIS_PROGRAMME, OUTLAY_AXIS_PROBABILITY, OUTLAY_AXIS_TIME}

/* A macro that stands for "n, {axes}" must be expanded before its commas count: hence the dots. */
#define FIELD(name, text, more, storage, measure, subject, account, function, ...)                                     \
    {name, text, more, __VA_ARGS__, OUTLAY_##storage, OUTLAY_MEASURE_##measure, OUTLAY_SUBJECT_##subject, account,     \
     function},

/* The statistics of a quantity. */
#define STATISTIC(name, text, more, measure, subject, account, function, ...)                                          \
    FIELD(name, text, more, FLOAT64, measure, subject, account, outlay_summary_##function, __VA_ARGS__)
#define STATISTICS(name, text, measure, subject, account, axes, axes_probability)                                      \
    STATISTIC(name "_mean", text, ": mean", measure, subject, account, mean, axes)                                     \
    STATISTIC(name "_mean_se", text, ": standard error of the mean", measure, subject, account, mean_se, axes)         \
    STATISTIC(name "_sd", text, ": standard deviation over all replicates", measure, subject, account, sd, axes)       \
    STATISTIC(name "_between_draws_sd", text, ": standard deviation between draws, of what is not known rather than " \
              "luck", measure, subject, account, between_draws_sd, axes)                                               \
    STATISTIC(name "_quantile", text, ": quantile", measure, subject, account, quantile, axes_probability)             \
    STATISTIC(name "_quantile_se", text, ": standard error of the quantile", measure, subject, account, quantile_se,   \
              axes_probability)

#define STORAGE_COUNT INT32
#define STORAGE_MONEY FLOAT64
#define STORAGE_SHARE FLOAT64
#define FIELD_OF(name, text, storage, ...) FIELD(name, text, "", storage, __VA_ARGS__) /* expands `storage` */

/* What an account is by class, where it is kept by class. */
#define CLASS_0(row, ...)
#define CLASS_1(row, ...) row(__VA_ARGS__)

#define REPLICATES_BY_CLASS(name, unit, text)                                                                          \
    FIELD_OF(#name "_by_class", text ", by class", STORAGE_##unit, unit, CLASS_ACCOUNT, OUTLAY_ACCOUNT_##name, NULL,   \
             PATHS_CLASS)
#define REPLICATES(name, unit, by_class, text)                                                                         \
    FIELD_OF(#name, text, STORAGE_##unit, unit, ACCOUNT, OUTLAY_ACCOUNT_##name, NULL, PATHS)                           \
    CLASS_##by_class(REPLICATES_BY_CLASS, name, unit, text)

#define SUMMARIES_BY_CLASS(name, unit, text)                                                                           \
    STATISTICS(#name "_by_class", text ", by class", unit, CLASS_ACCOUNT, OUTLAY_ACCOUNT_##name, YEARS_CLASS,          \
               YEARS_CLASS_PROBABILITY)
#define SUMMARIES(name, unit, by_class, text)                                                                          \
    STATISTICS(#name, text, unit, ACCOUNT, OUTLAY_ACCOUNT_##name, YEARS, YEARS_PROBABILITY)                            \
    CLASS_##by_class(SUMMARIES_BY_CLASS, name, unit, text)

#define TEXT_EXHAUSTED "probability that the budget is exhausted within the fiscal year"
#define TEXT_EXHAUSTED_BY "probability that the fiscal year's budget is exhausted by the end of the day"
#define TEXT_EXHAUSTION_DATE "first day of the fiscal year on which an award could not be committed in full"
#define TEXT_LAST "last day of the fiscal year on which an award could not be committed in full"
#define TEXT_OUTLAY "payments since the fiscal year began, at the end of the day"
#define TEXT_SERVED "share of the day's demand that was committed, on the day of a round its pro-rata factor"
#define TEXT_COMMITMENT "commitments less returns since the fiscal year began, at the end of the day"

/* What is followed day by day. */
#define SERIES(name, text, measure, subject)                                                                           \
    STATISTIC(name "_mean", text, ": mean", measure, subject, 0, mean, DAYS)                                           \
    STATISTIC(name "_mean_se", text, ": standard error of the mean", measure, subject, 0, mean_se, DAYS)               \
    STATISTIC(name "_quantile", text, ": quantile", measure, subject, 0, quantile, PROBABILITY_DAYS)                   \
    STATISTIC(name "_quantile_se", text, ": standard error of the quantile", measure, subject, 0, quantile_se,         \
              PROBABILITY_DAYS)

const struct outlay_field outlay_fields[] = {
    OUTLAY_ACCOUNTS(REPLICATES)
    FIELD("exhaustion_date", TEXT_EXHAUSTION_DATE, "", INT32, DATE, EXHAUSTION, 0, NULL, PATHS)
    FIELD("last_exhaustion_date", TEXT_LAST, "", INT32, DATE, LAST, 0, NULL, PATHS)

    STATISTIC("p_exhausted", TEXT_EXHAUSTED, "", SHARE, EXHAUSTION, 0, mean, YEARS)
    STATISTIC("p_exhausted_se", TEXT_EXHAUSTED, ": standard error", SHARE, EXHAUSTION, 0, mean_se, YEARS)
    STATISTIC("p_exhausted_between_draws_sd", TEXT_EXHAUSTED, ": standard deviation between draws", SHARE, EXHAUSTION, 0,
              between_draws_sd, YEARS)
    FIELD("exhaustion_date_quantile", TEXT_EXHAUSTION_DATE, ": quantile, missing where that share of the replicates is "
          "never reached", INT32, DATE, EXHAUSTION, 0, outlay_summary_date, YEARS_PROBABILITY)
    FIELD("exhaustion_date_lower", TEXT_EXHAUSTION_DATE, ": lower end of the quantile's 95 % confidence interval", INT32,
          DATE, EXHAUSTION, 0, outlay_summary_date_lower, YEARS_PROBABILITY)
    FIELD("exhaustion_date_upper", TEXT_EXHAUSTION_DATE, ": upper end of the quantile's 95 % confidence interval, missing "
          "where it lies beyond the year", INT32, DATE, EXHAUSTION, 0, outlay_summary_date_upper, YEARS_PROBABILITY)
    STATISTIC("p_exhausted_by", TEXT_EXHAUSTED_BY, "", SHARE, EXHAUSTION, 0, exhausted_by, DAYS)
    STATISTIC("p_exhausted_by_se", TEXT_EXHAUSTED_BY, ": standard error", SHARE, EXHAUSTION, 0, exhausted_by_se, DAYS)
    SERIES("commitment", TEXT_COMMITMENT, MONEY, COMMITMENT)
    SERIES("outlay_to_date", TEXT_OUTLAY, MONEY, OUTLAY)
    SERIES("served_share", TEXT_SERVED, SHARE, SERVED)
    OUTLAY_ACCOUNTS(SUMMARIES)
    {.name = NULL},
};
/* clang-format on */

size_t outlay_n_fields(void)
{
    return sizeof outlay_fields / sizeof *outlay_fields - 1; /* less the row that ends it */
}

const struct outlay_field *outlay_field_find(const char *name)
{
    for (const struct outlay_field *field = outlay_fields; field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

double outlay_field_divisor(const struct outlay_field *self)
{
    return self->measure == OUTLAY_MEASURE_MONEY ? 100.0 : 1.0;
}
