/* pairs.c: are two results paired, and by how much do they differ. */
#include "results/pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/tally.h"
#include "results/hdf.h"
#include "results/paths.h"

enum { N_MOST = 1 << 16 }; /* paths in memory */

/* What is read of each result: the number of applications, and what is compared. */
enum { APPLICATIONS = OUTLAY_N_COMPARED, N_COLUMNS };
static const char *const columns[N_COLUMNS] = {[OUTLAY_COMPARED_EXHAUSTED] = "exhaustion_date",
                                               [OUTLAY_COMPARED_OUTLAY] = "outlay",
                                               [OUTLAY_COMPARED_UNMET] = "unmet",
                                               [APPLICATIONS] = "applications"};

/* Sums of the differences while the windows pass by. */
struct progress {
    struct outlay_sums sums[OUTLAY_N_COMPARED];
    size_t n_in_draw, n_draw; /* paths of the draw at hand so far; of a whole one */
};

/* What the heads of the files tell already. */
static bool have_same_shape(struct outlay_pair *self, const struct outlay_answer *a, const struct outlay_answer *b)
{
    if (a->is_exact || b->is_exact) {
        (void)snprintf(self->why, sizeof self->why, "an exact answer has no replicates");
    } else if (strcmp(a->seed, b->seed) != 0) {
        (void)snprintf(self->why, sizeof self->why, "seed %.24s, not %.24s", b->seed, a->seed);
    } else if (a->n_draws != b->n_draws || a->n_replicates != b->n_replicates) {
        (void)snprintf(self->why, sizeof self->why, "%.0f x %.0f replicates, not %.0f x %.0f", b->n_draws,
                       b->n_replicates, a->n_draws, a->n_replicates);
    } else if (!a->is_complete || !b->is_complete || outlay_answer_paths(a) == 0 ||
               outlay_answer_paths(a) != outlay_answer_paths(b)) {
        (void)snprintf(self->why, sizeof self->why, "a run was interrupted");
    } else if (strcmp(a->currency, b->currency) != 0) {
        (void)snprintf(self->why, sizeof self->why, "money in %s, not in %s", b->currency, a->currency);
    } else {
        return true;
    }
    return false;
}

static outlay_err read_window(struct outlay_book book, const struct outlay_window *window, double *const values[],
                              struct outlay_diag *diag)
{
    const hsize_t start[4] = {window->start[0], window->start[1], (hsize_t)book.programme, (hsize_t)book.year};
    const hsize_t count[4] = {window->count[0], window->count[1], 1, 1};
    for (int k = 0; k < N_COLUMNS; k++) {
        if (!outlay_hdf_get_rectangle(book.source->file, columns[k], 4, start, count, values[k])) {
            return outlay_result_refuse(book.source->path, "the result file is damaged: a replicate cannot be read",
                                        diag);
        }
    }
    return OUTLAY_OK;
}

/* What a column says of a path: whether there was a date, or the sum of money. */
static double quantity(int column, double value)
{
    return column == OUTLAY_COMPARED_EXHAUSTED ? (isnan(value) ? 0.0 : 1.0) : value;
}

/* Add the window's differences; false at the first path with other applications. */
static bool add_window(struct progress *progress, const struct outlay_window *window, double *const first[],
                       double *const other[], size_t *different)
{
    for (size_t i = 0; i < window->n; i++) {
        if (first[APPLICATIONS][i] != other[APPLICATIONS][i]) {
            *different = i;
            return false;
        }
        const bool ends_draw = ++progress->n_in_draw == progress->n_draw;
        for (int k = 0; k < OUTLAY_N_COMPARED; k++) {
            const double difference = quantity(k, other[k][i]) - quantity(k, first[k][i]);
            outlay_sums_add(&progress->sums[k], 1.0, difference, 0.0, 0.0);
            if (ends_draw) {
                outlay_sums_end_draw(&progress->sums[k], (double)progress->n_draw, 0);
            }
        }
        progress->n_in_draw = ends_draw ? 0 : progress->n_in_draw;
    }
    return true;
}

/* All windows; *self becomes paired if every replicate has the same applications. */
static outlay_err add_up(struct outlay_pair *self, struct outlay_book first, struct outlay_book other,
                         double *values[2][N_COLUMNS], struct outlay_diag *diag)
{
    const struct outlay_answer *answer = &first.source->answer;
    struct progress progress = {.n_draw = (size_t)answer->n_replicates};
    size_t at = 0;
    for (struct outlay_window window = {0}; outlay_window_next(&window, answer, N_MOST);) {
        outlay_err err = read_window(first, &window, values[0], diag);
        if (err == OUTLAY_OK) {
            err = read_window(other, &window, values[1], diag);
        }
        if (err != OUTLAY_OK) {
            return err;
        }
        if (!add_window(&progress, &window, values[0], values[1], &at)) {
            (void)snprintf(self->why, sizeof self->why, "other applications, the first in draw %llu, replicate %llu",
                           (unsigned long long)(window.start[0] + at / window.count[1]),
                           (unsigned long long)(window.start[1] + at % window.count[1]));
            return OUTLAY_OK;
        }
    }
    for (int k = 0; k < OUTLAY_N_COMPARED; k++) {
        /* of Sobol' draws this is se_random, which is too large rather than too small: see engine.h */
        const struct outlay_moments moments =
            outlay_sums_moments(&progress.sums[k], (double)outlay_answer_paths(answer), answer->n_draws);
        self->differences[k] = (struct outlay_difference){moments.mean, moments.se};
    }
    self->is_paired = true;
    return OUTLAY_OK;
}

outlay_err outlay_pair_init(struct outlay_pair *self, struct outlay_book first, struct outlay_book other,
                            struct outlay_diag *diag)
{
    *self = (struct outlay_pair){0};
    if (!have_same_shape(self, &first.source->answer, &other.source->answer)) {
        return OUTLAY_OK;
    }
    double *memory = malloc(sizeof(double) * 2 * N_COLUMNS * N_MOST);
    if (memory == NULL) {
        return outlay_diag_no_memory(diag);
    }
    double *values[2][N_COLUMNS];
    for (int k = 0; k < 2 * N_COLUMNS; k++) {
        values[k / N_COLUMNS][k % N_COLUMNS] = memory + (size_t)k * N_MOST;
    }
    const outlay_err err = add_up(self, first, other, values, diag);
    free(memory);
    return err;
}
