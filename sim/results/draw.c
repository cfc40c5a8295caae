/* draw.c: the charts of a result file, from its daily summaries. */
#include <math.h>
#include <stdlib.h>

#include "results/chart.h"
#include "results/hdf.h"
#include "results/source.h"

/* What the charts of a fiscal year need of the file. */
struct year {
    int programme, year;
    struct outlay_chart_days days;
    hsize_t first;     /* day of the horizon */
    double *p_by;      /* [n_days] */
    double *quantiles; /* [OUTLAY_N_FAN][n_days] */
};

static outlay_err year_init(struct year *self, const struct outlay_answer *answer, int programme, int year,
                            struct outlay_diag *diag)
{
    const int32_t first = answer->year_first_day[year], n_days = answer->year_first_day[year + 1] - first;
    *self = (struct year){.programme = programme,
                          .year = year,
                          .days = {answer->first_day + first, n_days},
                          .first = (hsize_t)first,
                          .p_by = malloc((size_t)n_days * sizeof *self->p_by),
                          .quantiles = malloc((size_t)n_days * OUTLAY_N_FAN * sizeof *self->quantiles)};
    return self->p_by != NULL && self->quantiles != NULL ? OUTLAY_OK : outlay_diag_no_memory(diag);
}

static void year_free(struct year *self)
{
    free(self->quantiles);
    free(self->p_by);
    *self = (struct year){0};
}

/* Whether the file has the variable, and all its values are there; what it lacks is not drawn, as in exact answers. */
static bool read(hid_t file, const char *name, int rank, const hsize_t start[], const hsize_t count[], double values[])
{
    hsize_t n = 1;
    if (H5Lexists(file, name, H5P_DEFAULT) <= 0 || !outlay_hdf_get_rectangle(file, name, rank, start, count, values)) {
        return false;
    }
    for (int i = 0; i < rank; i++) {
        n *= count[i];
    }
    for (hsize_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return false;
        }
    }
    return true;
}

/* The money of the fiscal year, on average; NAN = a budget without limit. */
static struct outlay_chart_budget budget_of(const struct outlay_answer *answer, const struct year *year)
{
    const int at[OUTLAY_N_AXES] = {[OUTLAY_AXIS_PROGRAMME] = year->programme, [OUTLAY_AXIS_YEAR] = year->year};
    const double topped_up = outlay_answer_value(answer, "topped_up", "_mean", at);
    const double carried_in = outlay_answer_value(answer, "carried_in", "_mean", at);
    const double added = (isfinite(topped_up) ? topped_up : 0.0) + (isfinite(carried_in) ? carried_in : 0.0);
    return (struct outlay_chart_budget){
        .money = outlay_answer_value(answer, "appropriation", "_mean", at) + added,
        .label = added > 0.0 ? "mean budget with what was added" : "budget",
        .currency = answer->currency,
    };
}

static void draw_year(const struct outlay_answer *answer, hid_t file, struct year *year,
                      const struct outlay_chart_options *options, FILE *out)
{
    const hsize_t n_days = (hsize_t)year->days.n_days, programme = (hsize_t)year->programme;
    const hsize_t p_start[] = {programme, year->first}, p_count[] = {1, n_days};
    const hsize_t q_start[] = {programme, OUTLAY_AT_P05, year->first}, q_count[] = {1, OUTLAY_N_FAN, n_days};
    const bool has_dates = read(file, "p_exhausted_by", 2, p_start, p_count, year->p_by);
    const bool has_fan = read(file, "commitment_quantile", 3, q_start, q_count, year->quantiles);
    if (!has_dates && !has_fan) {
        return;
    }
    (void)fprintf(out, "\n%s, fiscal year %.0f\n", answer->programmes[year->programme], answer->years[year->year]);
    if (has_dates) {
        (void)fputc('\n', out);
        outlay_chart_histogram(options, year->days, year->p_by, out);
    }
    if (has_fan) {
        (void)fputc('\n', out);
        const struct outlay_chart_budget budget = budget_of(answer, year);
        outlay_chart_fan(options, year->days, year->quantiles, &budget, out);
    }
}

outlay_err outlay_results_draw(const char *path, const struct outlay_chart_options *options, FILE *out,
                               struct outlay_diag *diag)
{
    struct outlay_source source;
    if (options->style == OUTLAY_CHART_NONE) {
        return OUTLAY_OK;
    }
    const struct outlay_quiet quiet = outlay_quiet_begin();
    outlay_err err = outlay_source_init(&source, path, diag);
    const struct outlay_answer *answer = &source.answer;
    for (int book = 0; err == OUTLAY_OK && book < answer->n_programmes * answer->n_years; book++) {
        struct year year;
        err = year_init(&year, answer, book / answer->n_years, book % answer->n_years, diag);
        if (err == OUTLAY_OK) {
            draw_year(answer, source.file, &year, options, out);
        }
        year_free(&year);
    }
    if (err == OUTLAY_OK && (fflush(out) != 0 || ferror(out) != 0)) {
        err = outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, NULL, "the charts cannot be printed");
    }
    outlay_source_free(&source);
    outlay_quiet_end(quiet);
    return err;
}
