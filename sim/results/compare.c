/*
 * compare.c: several results side by side. Results are columns, as many in a group as the terminal has room for; every
 * programme and fiscal year that any of them has is a block.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/quantity.h"
#include "results/hdf.h"
#include "results/pairs.h"
#include "results/words.h"

enum { NAME_WIDTH = 20, MOST_IN_GROUP = OUTLAY_TABLE_COLUMNS - 1 };

/* A result that has the block, the number that it goes by, and how it differs from the first of them. */
struct column {
    struct outlay_book book;
    size_t number; /* from 1 */
    struct outlay_pair pair;
};

/* A programme and fiscal year, and the results that have it. */
struct block {
    const char *programme;
    double year;
    struct column *columns; /* [n] */
    size_t n;
};

/* ---- the rows ---------------------------------------------------------------------------------------------------- */

static double value_of(const struct column *column, const char *name, const char *suffix, int probability)
{
    const int at[OUTLAY_N_AXES] = {[OUTLAY_AXIS_PROGRAMME] = column->book.programme,
                                   [OUTLAY_AXIS_YEAR] = column->book.year,
                                   [OUTLAY_AXIS_PROBABILITY] = probability};
    return outlay_answer_value(&column->book.source->answer, name, suffix, at);
}

/* Probabilities as 0.423, money in words; `sign` is that of a difference, or none. */
static void put_cell(struct outlay_table *table, int at, const struct column *column, bool is_money, const char *sign,
                     double value)
{
    char text[OUTLAY_WORDS];
    if (!isfinite(value)) {
        outlay_table_cell(table, at, "-");
    } else if (is_money) {
        outlay_table_cell(table, at, "%s%s", sign,
                          outlay_measure_words(&column->book.source->answer, OUTLAY_MEASURE_MONEY, value, text));
    } else {
        outlay_table_cell(table, at, "%s%.3f", sign, value);
    }
}

static const char *sign_of(double value)
{
    return value > 0.0 ? "+" : value < 0.0 ? "-" : "";
}

/* A mean with its standard error below, and under both, where any is paired, the difference from the first. */
static void put_mean(struct outlay_table *table, const struct block *block, size_t first, size_t n, const char *label,
                     const char *name, const char *endings[2], enum outlay_compared compared)
{
    const bool is_money = compared != OUTLAY_COMPARED_EXHAUSTED;
    bool is_paired = false;
    outlay_table_row(table);
    outlay_table_cell(table, 0, "%s", label);
    for (size_t i = 0; i < n; i++) {
        const struct column *column = &block->columns[first + i];
        put_cell(table, (int)i + 1, column, is_money, "", value_of(column, name, endings[0], 0));
        is_paired = is_paired || column->pair.is_paired;
    }
    outlay_table_row(table);
    for (size_t i = 0; i < n; i++) {
        const struct column *column = &block->columns[first + i];
        if (!column->book.source->answer.is_exact) {
            put_cell(table, (int)i + 1, column, is_money, "± ", value_of(column, name, endings[1], 0));
        }
    }
    for (int row = 0; row < 2 && is_paired; row++) {
        outlay_table_row(table);
        if (row == 0) {
            outlay_table_cell(table, 0, "  minus [%zu]", block->columns[0].number);
        }
        for (size_t i = 0; i < n; i++) {
            const struct column *column = &block->columns[first + i];
            const struct outlay_difference *difference = &column->pair.differences[compared];
            if (column->pair.is_paired) {
                put_cell(table, (int)i + 1, column, is_money, row == 0 ? sign_of(difference->mean) : "± ",
                         row == 0 ? fabs(difference->mean) : difference->se);
            }
        }
    }
}

static void put_dates(struct outlay_table *table, const struct block *block, size_t first, size_t n)
{
    static const struct {
        const char *label;
        int probability;
    } rows[] = {{"exhausted by, median", OUTLAY_AT_P50}, {"  5 %", OUTLAY_AT_P05}, {"  95 %", OUTLAY_AT_P95}};
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        outlay_table_row(table);
        outlay_table_cell(table, 0, "%s", rows[row].label);
        for (size_t i = 0; i < n; i++) {
            char date[16];
            const struct column *column = &block->columns[first + i];
            const double day = value_of(column, "exhaustion_date", "_quantile", rows[row].probability);
            outlay_table_cell(table, (int)i + 1, "%s",
                              outlay_exhaustion_words(&column->book.source->answer, day, date));
        }
    }
}

/* The results first ... first + n - 1 of a block. */
static void fill_group(struct outlay_table *table, const struct block *block, size_t first, size_t n)
{
    static const char *p_endings[2] = {"", "_se"}, *mean_endings[2] = {"_mean", "_mean_se"};
    outlay_table_row(table);
    for (size_t i = 0; i < n; i++) {
        const struct column *column = &block->columns[first + i];
        char name[OUTLAY_RESULT_NAME];
        (void)strcpy(name, column->book.source->name);
        outlay_text_cut(name, NAME_WIDTH);
        outlay_table_cell(table, (int)i + 1, "[%zu] %s", column->number, name);
    }
    outlay_table_row(table);
    outlay_table_cell(table, 0, "budget");
    for (size_t i = 0; i < n; i++) {
        const struct column *column = &block->columns[first + i];
        put_cell(table, (int)i + 1, column, true, "", value_of(column, "appropriation", "_mean", 0));
    }
    put_mean(table, block, first, n, "exhausted", "p_exhausted", p_endings, OUTLAY_COMPARED_EXHAUSTED);
    put_dates(table, block, first, n);
    put_mean(table, block, first, n, "paid", "outlay", mean_endings, OUTLAY_COMPARED_OUTLAY);
    put_mean(table, block, first, n, "unmet", "unmet", mean_endings, OUTLAY_COMPARED_UNMET);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

/* As many columns as fit side by side, at least one; then the rest. */
static void print_groups(const struct block *block, int width, FILE *out)
{
    for (size_t first = 0; first < block->n;) {
        struct outlay_table table = {0};
        const size_t n_left = block->n - first;
        size_t n = n_left < MOST_IN_GROUP ? n_left : MOST_IN_GROUP;
        fill_group(&table, block, first, n);
        while (n > 1 && outlay_table_width(&table) > width) {
            outlay_table_free(&table);
            fill_group(&table, block, first, --n);
        }
        (void)fputc('\n', out);
        outlay_table_print(&table, out);
        first += n;
    }
}

/* On what the differences rest, and why there are none. */
static void print_pairing(const struct block *block, FILE *out)
{
    bool is_any = false;
    for (size_t i = 1; i < block->n; i++) {
        is_any = is_any || block->columns[i].pair.is_paired;
    }
    if (block->n > 1) {
        (void)fputc('\n', out);
    }
    if (is_any) {
        (void)fprintf(out,
                      "  Differences from [%zu] are taken replicate by replicate: same seed, and as many\n"
                      "  applications in each.\n",
                      block->columns[0].number);
    }
    for (size_t i = 1; i < block->n; i++) {
        if (!block->columns[i].pair.is_paired) {
            (void)fprintf(out, "  [%zu] is not paired with [%zu]: %s\n", block->columns[i].number,
                          block->columns[0].number, block->columns[i].pair.why);
        }
    }
}

/* The programme and year of a source that a block is about; false if it has none. */
static bool find_book(const struct outlay_source *source, const struct block *block, struct outlay_book *book)
{
    const struct outlay_answer *answer = &source->answer;
    for (int i = 0; i < answer->n_programmes * answer->n_years; i++) {
        *book = (struct outlay_book){source, i / answer->n_years, i % answer->n_years};
        if (strcmp(answer->programme_names[book->programme], block->programme) == 0 &&
            answer->years[book->year] == block->year) {
            return true;
        }
    }
    return false;
}

static outlay_err print_block(struct block *block, const struct outlay_source sources[], size_t n, int width, FILE *out,
                              struct outlay_diag *diag)
{
    outlay_err err = OUTLAY_OK;
    for (size_t i = 0; i < n && err == OUTLAY_OK; i++) {
        struct column *column = &block->columns[block->n];
        *column = (struct column){.number = i + 1};
        if (find_book(&sources[i], block, &column->book)) {
            err = block->n++ > 0 ? outlay_pair_init(&column->pair, block->columns[0].book, column->book, diag) : err;
        }
    }
    if (err == OUTLAY_OK) {
        const struct outlay_book *book = &block->columns[0].book;
        (void)fprintf(out, "\n%s, fiscal year %.0f\n", book->source->answer.programmes[book->programme], block->year);
        print_groups(block, width, out);
        print_pairing(block, out);
    }
    return err;
}

/* Every block once: with the first result that has it. */
static outlay_err print_blocks(const struct outlay_source sources[], size_t n, int width, FILE *out,
                               struct outlay_diag *diag)
{
    struct column *columns = calloc(n + 1, sizeof *columns);
    outlay_err err = OUTLAY_OK;
    if (columns == NULL) {
        return outlay_diag_no_memory(diag);
    }
    for (size_t i = 0; i < n && err == OUTLAY_OK; i++) {
        const struct outlay_answer *answer = &sources[i].answer;
        for (int k = 0; k < answer->n_programmes * answer->n_years && err == OUTLAY_OK; k++) {
            struct outlay_book book;
            struct block block = {answer->programme_names[k / answer->n_years], answer->years[k % answer->n_years],
                                  columns, 0};
            bool is_new = true;
            for (size_t before = 0; before < i && is_new; before++) {
                is_new = !find_book(&sources[before], &block, &book);
            }
            err = is_new ? print_block(&block, sources, n, width, out, diag) : OUTLAY_OK;
        }
    }
    free(columns);
    return err;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

/* "[1] results/a.h5: Small; 6,400 replicates (800 x 8), seed 1" */
static void print_head(const struct outlay_source *source, size_t number, FILE *out)
{
    char planned[OUTLAY_WORDS], done[OUTLAY_WORDS];
    const struct outlay_answer *answer = &source->answer;
    (void)fprintf(out, "[%zu] %s: %s%s", number, source->path, answer->title, answer->title[0] != '\0' ? "; " : "");
    if (answer->is_exact) {
        (void)fprintf(out, "exact\n");
        return;
    }
    (void)fprintf(out, "%s replicates (%.0f x %.0f), seed %s",
                  outlay_count_words(answer->n_draws * answer->n_replicates, planned), answer->n_draws,
                  answer->n_replicates, answer->seed);
    if (!answer->is_complete) {
        (void)fprintf(out, "; INCOMPLETE: %s of them", outlay_count_words(answer->n_paths, done));
    }
    (void)fputc('\n', out);
}

outlay_err outlay_results_compare(const char *const paths[], size_t n, int width, FILE *out, struct outlay_diag *diag)
{
    struct outlay_source *sources = calloc(n + 1, sizeof *sources);
    outlay_err worst = OUTLAY_OK, err = OUTLAY_OK;
    size_t n_open = 0;
    if (sources == NULL) {
        return outlay_diag_no_memory(diag);
    }
    const struct outlay_quiet quiet = outlay_quiet_begin();
    for (size_t i = 0; i < n; i++) {
        err = outlay_source_init(&sources[n_open], paths[i], diag);
        worst = err != OUTLAY_OK ? err : worst;
        if (err == OUTLAY_OK) {
            n_open++;
            print_head(&sources[n_open - 1], n_open, out);
        } else {
            outlay_source_free(&sources[n_open]);
        }
    }
    err = print_blocks(sources, n_open, width, out, diag);
    worst = err != OUTLAY_OK ? err : worst;
    if (worst == OUTLAY_OK && (fflush(out) != 0 || ferror(out) != 0)) {
        worst = outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, NULL, "the answer cannot be printed");
    }
    for (size_t i = 0; i < n_open; i++) {
        outlay_source_free(&sources[i]);
    }
    outlay_quiet_end(quiet);
    free(sources);
    return worst;
}
