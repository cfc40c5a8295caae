/* batch.c: how a run is cut up, and the memory of one piece. */
#include "batch.h"

#include <math.h>
#include <stdlib.h>

/*
 * Bounds on a batch: its columns in bytes, its work in contracts, its paths, its draws (each with a plan in memory). A
 * path costs as much as PATH_COST contracts before the first one, and a day as much as DAY_COST.
 */
#define MAX_BYTES 3.2e7
#define MAX_CONTRACTS 4e7
#define PATH_COST 500.0
#define DAY_COST 2.0
#define MIN_PATHS 64.0
#define MAX_PATHS 65536.0
#define MAX_DRAWS 256

static double min(double a, double b)
{
    return a < b ? a : b;
}

static size_t n_by_class(void)
{
    size_t n = 0;
    for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
        n += outlay_accounts[a].by_class ? 1 : 0;
    }
    return n;
}

/* Cut n into the fewest pieces of at most `most`, at least 1, and these as equal as can be: the size of the largest. */
static uint32_t even_share(uint32_t n, double most)
{
    const double n_pieces = ceil(n / floor(most));
    return (uint32_t)ceil(n / n_pieces);
}

struct outlay_batch_shape outlay_batch_shape_for(const struct outlay_plan *plan,
                                                 const struct outlay_run_options *options)
{
    const double n_books = (double)plan->n_programmes * plan->n_years;
    const double path_bytes = n_books * 8.0 * (OUTLAY_N_ACCOUNTS + (double)n_by_class() * plan->n_classes + 1.0);
    const double path_cost = plan->expected_contracts + PATH_COST + DAY_COST * plan->n_days * plan->n_programmes;
    double paths = min(MAX_BYTES / path_bytes, MAX_CONTRACTS / path_cost);
    paths = min(paths < MIN_PATHS ? MIN_PATHS : paths, MAX_PATHS);
    if (options->n_replicates >= paths) {
        return (struct outlay_batch_shape){1, even_share(options->n_replicates, paths)};
    }
    const double draws = min(paths / options->n_replicates, MAX_DRAWS);
    return (struct outlay_batch_shape){even_share(options->n_draws, draws), options->n_replicates};
}

outlay_err outlay_batch_init(struct outlay_batch *self, struct outlay_batch_shape shape, const struct outlay_plan *plan)
{
    *self = (struct outlay_batch){0};
    const size_t n_books = (size_t)plan->n_programmes * (size_t)plan->n_years;
    const size_t n = (size_t)shape.n_draws * shape.n_replicates * n_books;
    self->exhaustion_day = calloc(n, sizeof *self->exhaustion_day);
    self->last_exhaustion_day = calloc(n, sizeof *self->last_exhaustion_day);
    bool is_complete = self->exhaustion_day != NULL && self->last_exhaustion_day != NULL;
    for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
        self->account[a] = calloc(n, sizeof *self->account[a]);
        is_complete = is_complete && self->account[a] != NULL;
        if (outlay_accounts[a].by_class) {
            self->class_account[a] = calloc(n * (size_t)plan->n_classes, sizeof *self->class_account[a]);
            is_complete = is_complete && self->class_account[a] != NULL;
        }
    }
    if (!is_complete) {
        outlay_batch_free(self);
        return OUTLAY_ERR_NO_MEMORY;
    }
    return OUTLAY_OK;
}

void outlay_batch_free(struct outlay_batch *self)
{
    for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
        free(self->account[a]);
        free(self->class_account[a]);
    }
    free(self->exhaustion_day);
    free(self->last_exhaustion_day);
    *self = (struct outlay_batch){0};
}

void outlay_batch_store(struct outlay_batch *self, size_t path, const struct outlay_plan *plan,
                        const struct outlay_outcome *outcome)
{
    const size_t n_books = (size_t)plan->n_programmes * (size_t)plan->n_years;
    const size_t n_cells = n_books * (size_t)plan->n_classes;
    for (size_t book = 0; book < n_books; book++) {
        self->exhaustion_day[path * n_books + book] = outcome->exhaustion_day[book];
        self->last_exhaustion_day[path * n_books + book] = outcome->last_exhaustion_day[book];
        for (size_t a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
            self->account[a][path * n_books + book] = outcome->account[book * OUTLAY_N_ACCOUNTS + a];
        }
    }
    for (size_t a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
        for (size_t k = 0; self->class_account[a] != NULL && k < n_cells; k++) {
            self->class_account[a][path * n_cells + k] = outcome->class_account[k * OUTLAY_N_ACCOUNTS + a];
        }
    }
}
