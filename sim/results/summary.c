/* summary.c: the values of the summaries, each a pure function of the tallies. NAN = there is none. */
#include "results/fields.h"

#include <math.h>
#include <stddef.h>

#include "outlay/precision.h"

static size_t index_of_year(const struct outlay_tallies *tallies, const int at[])
{
    return (size_t)at[OUTLAY_AXIS_PROGRAMME] * (size_t)tallies->n_years + (size_t)at[OUTLAY_AXIS_YEAR];
}

static size_t index_of_day(const struct outlay_tallies *tallies, const int at[])
{
    return (size_t)at[OUTLAY_AXIS_PROGRAMME] * (size_t)tallies->n_days + (size_t)at[OUTLAY_AXIS_TIME];
}

static size_t index_of_account(const struct outlay_tallies *tallies, const struct outlay_field *field, const int at[])
{
    const size_t n_programmes = (size_t)tallies->n_programmes, n_years = (size_t)tallies->n_years;
    return (size_t)field->account * n_programmes * n_years + index_of_year(tallies, at);
}

static size_t index_of_class(const struct outlay_tallies *tallies, const struct outlay_field *field, const int at[])
{
    return index_of_account(tallies, field, at) * (size_t)tallies->n_classes + (size_t)at[OUTLAY_AXIS_CLASS];
}

static size_t index_of_series(const struct outlay_tallies *tallies, const struct outlay_field *field, const int at[])
{
    const enum outlay_series series = field->subject == OUTLAY_SUBJECT_OUTLAY   ? OUTLAY_SERIES_OUTLAY
                                      : field->subject == OUTLAY_SUBJECT_SERVED ? OUTLAY_SERIES_SERVED
                                                                                : OUTLAY_SERIES_COMMITMENT;
    return series * (size_t)tallies->n_programmes * (size_t)tallies->n_days + index_of_day(tallies, at);
}

/* Where the moments of a field's subject lie; NULL before the first path. */
static const struct outlay_moments *moments_of(const struct outlay_tallies *tallies, const struct outlay_field *field,
                                               const int at[])
{
    if (tallies->n_paths == 0) {
        return NULL;
    }
    switch (field->subject) {
    case OUTLAY_SUBJECT_ACCOUNT:
        return &tallies->account_moments[index_of_account(tallies, field, at)];
    case OUTLAY_SUBJECT_CLASS_ACCOUNT:
        return &tallies->class_moments[index_of_class(tallies, field, at)];
    case OUTLAY_SUBJECT_EXHAUSTION:
    case OUTLAY_SUBJECT_LAST:
        return &tallies->exhausted_moments[index_of_year(tallies, at)];
    case OUTLAY_SUBJECT_COMMITMENT:
    case OUTLAY_SUBJECT_OUTLAY:
    case OUTLAY_SUBJECT_SERVED:
        return &tallies->series_moments[index_of_series(tallies, field, at)];
    }
    return NULL;
}

/* The same for the histograms. */
static const struct outlay_histogram *histogram_of(const struct outlay_tallies *tallies,
                                                   const struct outlay_field *field, const int at[])
{
    if (tallies->n_paths == 0) {
        return NULL;
    }
    switch (field->subject) {
    case OUTLAY_SUBJECT_ACCOUNT:
        return &tallies->account_histogram[index_of_account(tallies, field, at)];
    case OUTLAY_SUBJECT_CLASS_ACCOUNT:
        return &tallies->class_histogram[index_of_class(tallies, field, at)];
    case OUTLAY_SUBJECT_COMMITMENT:
    case OUTLAY_SUBJECT_OUTLAY:
    case OUTLAY_SUBJECT_SERVED:
        return &tallies->series_histogram[index_of_series(tallies, field, at)];
    case OUTLAY_SUBJECT_EXHAUSTION:
    case OUTLAY_SUBJECT_LAST:
        break;
    }
    return NULL;
}

double outlay_summary_mean(const struct outlay_summary *summary, const struct outlay_field *field, const int at[])
{
    const struct outlay_moments *moments = moments_of(summary->tallies, field, at);
    return moments == NULL ? (double)NAN : moments->mean;
}

double outlay_summary_mean_se(const struct outlay_summary *summary, const struct outlay_field *field, const int at[])
{
    const struct outlay_moments *moments = moments_of(summary->tallies, field, at);
    return moments == NULL ? (double)NAN : moments->se;
}

double outlay_summary_sd(const struct outlay_summary *summary, const struct outlay_field *field, const int at[])
{
    const struct outlay_moments *moments = moments_of(summary->tallies, field, at);
    return moments == NULL ? (double)NAN : moments->sd;
}

double outlay_summary_between_draws_sd(const struct outlay_summary *summary, const struct outlay_field *field,
                                       const int at[])
{
    const struct outlay_moments *moments = moments_of(summary->tallies, field, at);
    return moments == NULL ? (double)NAN : moments->sd_between;
}

double outlay_summary_quantile(const struct outlay_summary *summary, const struct outlay_field *field, const int at[])
{
    const struct outlay_histogram *histogram = histogram_of(summary->tallies, field, at);
    return histogram == NULL ? (double)NAN
                             : outlay_histogram_quantile(histogram, outlay_probabilities[at[OUTLAY_AXIS_PROBABILITY]]);
}

double outlay_summary_quantile_se(const struct outlay_summary *summary, const struct outlay_field *field,
                                  const int at[])
{
    const struct outlay_histogram *histogram = histogram_of(summary->tallies, field, at);
    const struct outlay_moments *moments = moments_of(summary->tallies, field, at);
    return histogram == NULL || moments == NULL
               ? (double)NAN
               : outlay_quantile_se(histogram, moments, outlay_probabilities[at[OUTLAY_AXIS_PROBABILITY]]);
}

/* The fiscal year that a day of the horizon belongs to. */
static int year_of_day(const struct outlay_scenario *scenario, int32_t day)
{
    int year = 0;
    while (year + 1 < scenario->n_years && day >= scenario->year_first_day[year + 1]) {
        year++;
    }
    return year;
}

double outlay_summary_exhausted_by(const struct outlay_summary *summary, const struct outlay_field *field,
                                   const int at[])
{
    (void)field;
    const struct outlay_tallies *tallies = summary->tallies;
    if (tallies->n_paths == 0) {
        return (double)NAN;
    }
    const int32_t last = at[OUTLAY_AXIS_TIME];
    const uint64_t *on = tallies->exhausted_on + (size_t)at[OUTLAY_AXIS_PROGRAMME] * (size_t)tallies->n_days;
    uint64_t n = 0;
    for (int32_t day = summary->scenario->year_first_day[year_of_day(summary->scenario, last)]; day <= last; day++) {
        n += on[day];
    }
    return (double)n / (double)tallies->n_paths;
}

double outlay_summary_exhausted_by_se(const struct outlay_summary *summary, const struct outlay_field *field,
                                      const int at[])
{
    (void)field;
    const struct outlay_tallies *tallies = summary->tallies;
    return tallies->n_paths == 0 ? (double)NAN : tallies->exhausted_by_se[index_of_day(tallies, at)];
}

/* A day of the quantile's interval, at a width of z standard errors. */
static double first_day(const struct outlay_summary *summary, const int at[], double z)
{
    return outlay_exhaustion_quantile(
        summary->tallies, at[OUTLAY_AXIS_PROGRAMME], summary->scenario->year_first_day + at[OUTLAY_AXIS_YEAR],
        outlay_probabilities[at[OUTLAY_AXIS_PROBABILITY]], (struct outlay_margin){.z = z});
}

double outlay_summary_date(const struct outlay_summary *summary, const struct outlay_field *field, const int at[])
{
    (void)field;
    return first_day(summary, at, 0.0);
}

double outlay_summary_date_lower(const struct outlay_summary *summary, const struct outlay_field *field, const int at[])
{
    (void)field;
    return first_day(summary, at, OUTLAY_Z95);
}

double outlay_summary_date_upper(const struct outlay_summary *summary, const struct outlay_field *field, const int at[])
{
    (void)field;
    return first_day(summary, at, -OUTLAY_Z95);
}
