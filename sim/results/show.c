/*
 * show.c: the answer in words and tables, in the order in which a budget officer asks: will the money last, until
 * when, how much is paid and how much is missing, and who gets it.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "results/answer.h"
#include "results/table.h"
#include "results/words.h"

struct row_name {
    const char *name;
    enum outlay_measure measure;
};

/* The accounts in the order of their table. */
static const struct row_name accounts[OUTLAY_N_ACCOUNTS] = {
#define ROW_NAME(name, unit, by_class, text) {#name, OUTLAY_MEASURE_##unit},
    OUTLAY_ACCOUNTS(ROW_NAME)
#undef ROW_NAME
};

/* What is asked first, and always shown; the other accounts follow where there is anything in them. */
static const enum outlay_account headline[] = {OUTLAY_ACCOUNT_demand, OUTLAY_ACCOUNT_outlay, OUTLAY_ACCOUNT_unmet,
                                               OUTLAY_ACCOUNT_lapsed};
static const enum outlay_account class_columns[] = {OUTLAY_ACCOUNT_applications, OUTLAY_ACCOUNT_awards,
                                                    OUTLAY_ACCOUNT_demand, OUTLAY_ACCOUNT_outlay, OUTLAY_ACCOUNT_unmet};
enum { N_HEADLINE = sizeof headline / sizeof headline[0], N_CLASS = sizeof class_columns / sizeof class_columns[0] };

/* ---- the parts of the answer ------------------------------------------------------------------------------------- */

/* What a half-width measures: the quantity's name tells. */
static void half_width_words(const struct outlay_answer *answer, const char *quantity, double value,
                             char buffer[OUTLAY_WORDS])
{
    const size_t length = strcspn(quantity, ".@=");
    enum outlay_measure measure = OUTLAY_MEASURE_SHARE;
    for (size_t i = 0; i < OUTLAY_N_ACCOUNTS; i++) {
        if (strlen(accounts[i].name) == length && strncmp(quantity, accounts[i].name, length) == 0) {
            measure = accounts[i].measure;
        }
    }
    if (measure == OUTLAY_MEASURE_SHARE || !isfinite(value)) {
        (void)snprintf(buffer, OUTLAY_WORDS, isfinite(value) ? "%.3g" : "?", value);
    } else {
        (void)outlay_measure_words(answer, measure, value, buffer);
    }
}

/* "Precision reached (95 %): p_exhausted ± 0.0047 (asked 0.005), outlay.mean ± 9.30 M CNY (asked 10 M)" */
static void show_precision(const struct outlay_answer *answer, FILE *out)
{
    if (answer->precision == NULL) {
        return;
    }
    (void)fprintf(out, "Precision %s (95 %% intervals):", answer->is_precise ? "reached" : "NOT REACHED");
    const char *goal = answer->precision;
    for (int i = 0; goal != NULL; i++) {
        char reached[OUTLAY_WORDS];
        goal += strspn(goal, " ");
        const int n_name = (int)strcspn(goal, "=,"), n = (int)strcspn(goal, ",");
        half_width_words(answer, goal, answer->half_width[i], reached);
        (void)fprintf(out, "%s %.*s ± %s (asked %.*s)", i > 0 ? "," : "", n_name, goal, reached,
                      n > n_name ? n - n_name - 1 : 0, goal + n_name + (n > n_name ? 1 : 0));
        goal = goal[n] == ',' ? goal + n + 1 : NULL;
    }
    (void)fputc('\n', out);
}

static void show_head(const struct outlay_answer *answer, FILE *out)
{
    char paths[OUTLAY_WORDS], draws[OUTLAY_WORDS], replicates[OUTLAY_WORDS], planned[OUTLAY_WORDS];
    const char *title = answer->title[0] != '\0' ? answer->title : "(without a title)";
    if (answer->is_exact) {
        /* a bound is not to be rounded down: 5 % are more than two digits lose, 0.5 % more than three */
        (void)fprintf(out, "%s\nexact, without simulation: probabilities within ± %.2g, means of money within ± %s\n",
                      title, 1.05 * answer->p_error,
                      outlay_measure_words(answer, OUTLAY_MEASURE_MONEY, 1.005 * answer->money_error, paths));
        return;
    }
    const double n_planned = answer->n_draws * answer->n_replicates;
    (void)fprintf(out, "%s\n%s replicates (%s %s x %s), seed %s\n", title, outlay_count_words(n_planned, planned),
                  outlay_count_words(answer->n_draws, draws), answer->n_draws == 1.0 ? "draw" : "draws",
                  outlay_count_words(answer->n_replicates, replicates), answer->seed);
    if (!answer->is_complete) {
        (void)fprintf(out, "INCOMPLETE: the run was interrupted; what follows rests on %s of %s replicates\n",
                      outlay_count_words(answer->n_paths, paths), planned);
    }
    show_precision(answer, out);
}

/* "Budget 5.00 bn CNY a year", with its range where it is uncertain, and what came from the year before. */
static void show_budget(const struct outlay_answer *answer, int at[], FILE *out)
{
    char mean[OUTLAY_WORDS], low[OUTLAY_WORDS], high[OUTLAY_WORDS], carried[OUTLAY_WORDS];
    at[OUTLAY_AXIS_PROBABILITY] = OUTLAY_AT_P05;
    const double from = outlay_answer_value(answer, "appropriation", "_quantile", at);
    at[OUTLAY_AXIS_PROBABILITY] = OUTLAY_AT_P95;
    const double to = outlay_answer_value(answer, "appropriation", "_quantile", at);
    const double carried_in = outlay_answer_value(answer, "carried_in", "_mean", at);
    (void)fprintf(out, "Budget %s a year",
                  outlay_measure_words(answer, OUTLAY_MEASURE_MONEY,
                                       outlay_answer_value(answer, "appropriation", "_mean", at), mean));
    if (from < to) {
        (void)fprintf(out, " on average (%s to %s in 90 %% of the replicates)",
                      outlay_measure_words(answer, OUTLAY_MEASURE_MONEY, from, low),
                      outlay_measure_words(answer, OUTLAY_MEASURE_MONEY, to, high));
    }
    if (carried_in > 0.0) {
        (void)fprintf(out, ", and %s carried over on average",
                      outlay_measure_words(answer, OUTLAY_MEASURE_MONEY, carried_in, carried));
    }
    (void)fputc('\n', out);
}

/* A share of 0 or 1 has no standard error: what can be said is how many replicates agree. */
static void show_probability(const struct outlay_answer *answer, int at[], FILE *out)
{
    char paths[OUTLAY_WORDS];
    const double p = outlay_answer_value(answer, "p_exhausted", "", at);
    if (answer->is_exact) {
        (void)fprintf(out, "Exhausted within the fiscal year with probability %.4f\n\n", p);
        return;
    }
    if (p == 0.0 || p == 1.0) {
        (void)fprintf(out, "%s within the fiscal year in all %s replicates\n\n",
                      p == 1.0 ? "Exhausted" : "Not exhausted", outlay_count_words(answer->n_paths, paths));
        return;
    }
    const double se = outlay_answer_value(answer, "p_exhausted", "_se", at);
    int digits = 3;
    for (double unit = 1e-3; digits < 8 && se < unit; unit /= 10.0) { /* a rare event has more zeros */
        digits++;
    }
    (void)fprintf(out, "Exhausted within the fiscal year with probability %.*f ± %.*f (standard error)\n\n", digits, p,
                  digits, se);
}

static void show_exhaustion(const struct outlay_answer *answer, int at[], FILE *out)
{
    static const int shown[] = {OUTLAY_AT_P05, OUTLAY_AT_P25, OUTLAY_AT_P50, OUTLAY_AT_P75, OUTLAY_AT_P95};
    struct outlay_table table = {0};
    show_probability(answer, at, out);
    outlay_table_row(&table);
    outlay_table_cell(&table, 0, "quantile");
    outlay_table_cell(&table, 1, "exhausted by");
    outlay_table_cell(&table, 2, "%s", answer->is_exact ? "" : "95 % confidence interval");
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        char date[16], lower[16], upper[16];
        at[OUTLAY_AXIS_PROBABILITY] = shown[i];
        const double from = outlay_answer_value(answer, "exhaustion_date", "_lower", at);
        const double to = outlay_answer_value(answer, "exhaustion_date", "_upper", at);
        outlay_table_row(&table);
        outlay_table_cell(&table, 0, "%4.0f %%", 100.0 * outlay_probabilities[shown[i]]);
        outlay_table_cell(
            &table, 1, "%s",
            outlay_exhaustion_words(answer, outlay_answer_value(answer, "exhaustion_date", "_quantile", at), date));
        if (isfinite(from) && !answer->is_exact) {
            outlay_table_cell(&table, 2, "%s to %s", outlay_exhaustion_words(answer, from, lower),
                              outlay_exhaustion_words(answer, to, upper));
        }
    }
    outlay_table_print(&table, out);
}

static void account_row(const struct outlay_answer *answer, struct outlay_table *table, enum outlay_account account,
                        int at[])
{
    char label[OUTLAY_WORDS], text[OUTLAY_WORDS];
    const struct row_name *row = &accounts[account];
    (void)snprintf(label, sizeof label, "%s", account == OUTLAY_ACCOUNT_outlay ? "paid" : row->name);
    for (char *c = strchr(label, '_'); c != NULL; c = strchr(c, '_')) {
        *c = ' ';
    }
    outlay_table_row(table);
    outlay_table_cell(table, 0, "%s", label);
    outlay_table_cell(
        table, 1, "%s",
        outlay_measure_words(answer, row->measure, outlay_answer_value(answer, row->name, "_mean", at), text));
    if (!answer->is_exact) {
        outlay_table_cell(
            table, 2, "± %s",
            outlay_measure_words(answer, row->measure, outlay_answer_value(answer, row->name, "_mean_se", at), text));
    }
    at[OUTLAY_AXIS_PROBABILITY] = OUTLAY_AT_P05;
    outlay_table_cell(
        table, 3, "%s",
        outlay_measure_words(answer, row->measure, outlay_answer_value(answer, row->name, "_quantile", at), text));
    at[OUTLAY_AXIS_PROBABILITY] = OUTLAY_AT_P95;
    outlay_table_cell(
        table, 4, "%s",
        outlay_measure_words(answer, row->measure, outlay_answer_value(answer, row->name, "_quantile", at), text));
}

static bool is_headline(enum outlay_account account)
{
    for (size_t i = 0; i < N_HEADLINE; i++) {
        if (headline[i] == account) {
            return true;
        }
    }
    return account == OUTLAY_ACCOUNT_appropriation; /* stands above */
}

static void show_accounts(const struct outlay_answer *answer, int at[], FILE *out)
{
    struct outlay_table table = {0};
    outlay_table_row(&table);
    outlay_table_cell(&table, 1, "mean");
    outlay_table_cell(&table, 2, "%s", answer->is_exact ? "" : "± std. error");
    outlay_table_cell(&table, 3, "5 %%");
    outlay_table_cell(&table, 4, "95 %%");
    for (size_t i = 0; i < N_HEADLINE; i++) {
        account_row(answer, &table, headline[i], at);
    }
    for (int i = 0; i < OUTLAY_N_ACCOUNTS; i++) {
        const enum outlay_account account = (enum outlay_account)i;
        /* a factor of 1 is as little news as an account of 0 */
        const double dull = account == OUTLAY_ACCOUNT_lowest_factor ? 1.0 : 0.0;
        const double mean = outlay_answer_value(answer, accounts[i].name, "_mean", at);
        if (!is_headline(account) && isfinite(mean) && mean != dull) {
            account_row(answer, &table, account, at);
        }
    }
    (void)fputc('\n', out);
    outlay_table_print(&table, out);
}

/* Two lines for each class: the means, and below them their standard errors. */
static void show_classes(const struct outlay_answer *answer, int at[], FILE *out)
{
    struct outlay_table table = {0};
    const double all = outlay_answer_value(answer, "outlay", "_mean", at);
    outlay_table_row(&table);
    outlay_table_cell(&table, 0, "%s", answer->is_exact ? "mean" : "mean ± std. error");
    for (int k = 0; k < N_CLASS; k++) {
        outlay_table_cell(&table, k + 1, "%s",
                          class_columns[k] == OUTLAY_ACCOUNT_outlay ? "paid" : accounts[class_columns[k]].name);
    }
    outlay_table_cell(&table, N_CLASS + 1, "%s", answer->is_exact ? "" : "share of paid");
    for (int i = 0; i < answer->n_classes; i++) {
        char text[OUTLAY_WORDS];
        at[OUTLAY_AXIS_CLASS] = i;
        outlay_table_row(&table);
        outlay_table_cell(&table, 0, "%s", answer->classes[i]);
        for (int k = 0; k < N_CLASS; k++) {
            const struct row_name *row = &accounts[class_columns[k]];
            const double mean = outlay_answer_value(answer, row->name, "_by_class_mean", at);
            outlay_table_cell(&table, k + 1, "%s", outlay_measure_words(answer, row->measure, mean, text));
        }
        if (all > 0.0 && !answer->is_exact) {
            outlay_table_cell(&table, N_CLASS + 1, "%.1f %%",
                              100.0 * outlay_answer_value(answer, "outlay", "_by_class_mean", at) / all);
        }
        if (answer->is_exact) {
            continue;
        }
        outlay_table_row(&table);
        for (int k = 0; k < N_CLASS; k++) {
            const struct row_name *row = &accounts[class_columns[k]];
            const double se = outlay_answer_value(answer, row->name, "_by_class_mean_se", at);
            outlay_table_cell(&table, k + 1, "± %s", outlay_measure_words(answer, row->measure, se, text));
        }
    }
    (void)fputc('\n', out);
    outlay_table_print(&table, out);
}

/* How much of the spread is what is not known, and how much is luck. */
static void show_spread(const struct outlay_answer *answer, const int at[], FILE *out)
{
    char all[OUTLAY_WORDS], between[OUTLAY_WORDS], within[OUTLAY_WORDS];
    const double sd = outlay_answer_value(answer, "outlay", "_sd", at);
    const double sd_between = outlay_answer_value(answer, "outlay", "_between_draws_sd", at);
    if (answer->n_draws < 2.0 || !isfinite(sd) || !isfinite(sd_between)) {
        return;
    }
    (void)fprintf(
        out,
        "\n  Standard deviation of the sum paid: %s;\n"
        "  between draws (what is not known) %s, within a draw (luck) %s\n",
        outlay_measure_words(answer, OUTLAY_MEASURE_MONEY, sd, all),
        outlay_measure_words(answer, OUTLAY_MEASURE_MONEY, sd_between, between),
        outlay_measure_words(answer, OUTLAY_MEASURE_MONEY, sqrt(fmax(0.0, sd * sd - sd_between * sd_between)), within));
}

static void show_year(const struct outlay_answer *answer, int programme, int year, FILE *out)
{
    int at[OUTLAY_N_AXES] = {[OUTLAY_AXIS_PROGRAMME] = programme, [OUTLAY_AXIS_YEAR] = year};
    (void)fprintf(out, "\n%s, fiscal year %.0f\n", answer->programmes[programme], answer->years[year]);
    show_budget(answer, at, out);
    show_exhaustion(answer, at, out);
    show_accounts(answer, at, out);
    if (answer->n_classes > 1) {
        show_classes(answer, at, out);
    }
    show_spread(answer, at, out);
}

outlay_err outlay_results_show(const char *path, FILE *out, struct outlay_diag *diag)
{
    struct outlay_answer answer;
    outlay_err err = outlay_answer_init(&answer, path, diag);
    if (err == OUTLAY_OK) {
        errno = 0;
        show_head(&answer, out);
        const bool is_anything_there = answer.is_exact || answer.n_paths >= 1.0;
        for (int programme = 0; programme < answer.n_programmes && is_anything_there; programme++) {
            for (int year = 0; year < answer.n_years; year++) {
                show_year(&answer, programme, year, out);
            }
        }
        if (errno == ENOMEM) { /* a table had no room */
            err = outlay_result_refuse(path, "", diag);
        } else if (fflush(out) != 0 || ferror(out) != 0) {
            err = outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, NULL, "the answer cannot be printed");
        }
    }
    outlay_answer_free(&answer);
    return err;
}
