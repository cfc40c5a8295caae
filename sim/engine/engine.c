/*
 * engine.c: draws x replicates over threads. The only file that knows OpenMP.
 *
 * A run is cut into batches (rectangles of draws x replicates), a batch into blocks of replicates of one draw. Threads
 * take blocks; each path is played into its own place of the batch. What is added up over paths is either exact in
 * any order (counts) or added up by this thread in the order of the paths.
 */
#include "outlay/engine.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "engine/batch.h"
#include "engine/checkpoint.h"
#include "engine/days.h"
#include "engine/estimate.h"
#include "engine/precision.h"
#include "engine/tally.h"

/* One thread's own. */
struct worker {
    struct outlay_workspace *workspace;
    struct outlay_days days;
    outlay_err err;
};

/* Replicates [first, first + n) of one draw of the batch, and what is added up over them. */
struct block {
    uint32_t i_draw; /* in the batch */
    uint32_t first, n;
    double contracts;
    struct outlay_day_sums days;
};

struct run {
    const struct outlay_scenario *scenario;
    const struct outlay_run_options *options;
    struct outlay_plan *first_plan; /* of draw 0: its tables serve all draws */
    struct outlay_plan **plans;     /* [shape.n_draws]: of the batch at hand */
    uint32_t plans_from, n_plans;   /* which draws these are */
    double *values;                 /* [shape.n_draws][n_uncertain] */
    struct outlay_batch_shape shape;
    struct outlay_batch batch;
    struct block *blocks;
    double *day_values; /* of all blocks */
    int n_threads;
    struct worker *workers;
    struct outlay_tally_work tally;
    unsigned char *state;          /* room for a checkpoint, from the first one on */
    double kept_at, keeping_takes; /* seconds: when the last one was, how long it took */
};

/* Seconds between two checkpoints, and how many times as long as one takes, at least. */
#define KEEP_SECONDS 2.0
#define KEEP_FACTOR 200.0

static outlay_err worker_init(struct worker *self, const struct outlay_plan *plan)
{
    const outlay_err err = outlay_days_init(&self->days, plan);
    return err == OUTLAY_OK ? outlay_workspace_new(&self->workspace, plan) : err;
}

static outlay_err new_plan(struct run *run, uint32_t draw, double values[], const struct outlay_plan *like,
                           struct outlay_plan **plan, struct outlay_diag *diag)
{
    outlay_draw_values(run->scenario, run->options->seed, draw, values);
    return outlay_plan_new(plan, run->scenario, run->options->seed, values, like, diag);
}

static uint32_t blocks_in(uint32_t n_replicates)
{
    return (n_replicates + OUTLAY_BLOCK - 1) / OUTLAY_BLOCK;
}

static outlay_err run_init_batch(struct run *run)
{
    const struct outlay_plan *plan = run->first_plan;
    const size_t n_series = outlay_n_series(plan);
    run->shape = outlay_batch_shape_for(plan, run->options);
    const size_t n_blocks = (size_t)run->shape.n_draws * blocks_in(run->shape.n_replicates);
    run->plans = calloc(run->shape.n_draws, sizeof *run->plans);
    run->values = realloc(run->values, (run->shape.n_draws * (size_t)run->scenario->n_uncertain + 1) * sizeof(double));
    run->blocks = calloc(n_blocks, sizeof *run->blocks);
    run->day_values = calloc(3 * n_blocks * n_series, sizeof *run->day_values);
    if (run->plans == NULL || run->values == NULL || run->blocks == NULL || run->day_values == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < n_blocks; i++) {
        double *values = run->day_values + 3 * i * n_series;
        run->blocks[i].days = (struct outlay_day_sums){values, values + n_series, values + 2 * n_series};
    }
    return outlay_batch_init(&run->batch, run->shape, plan);
}

int outlay_engine_threads(const struct outlay_run_options *options)
{
    return options->n_threads > 0 ? options->n_threads : omp_get_max_threads();
}

static outlay_err run_init(struct run *run, struct outlay_diag *diag)
{
    run->values = calloc((size_t)run->scenario->n_uncertain + 1, sizeof *run->values);
    outlay_err err =
        run->values == NULL ? OUTLAY_ERR_NO_MEMORY : new_plan(run, 0, run->values, NULL, &run->first_plan, diag);
    if (err == OUTLAY_OK) {
        err = run_init_batch(run);
    }
    if (err == OUTLAY_OK) {
        err =
            outlay_tally_work_init(&run->tally, run->first_plan, (enum outlay_design)run->scenario->simulation.design);
    }
    run->n_threads = outlay_engine_threads(run->options);
    run->workers = calloc((size_t)run->n_threads, sizeof *run->workers);
    if (run->workers == NULL) {
        err = OUTLAY_ERR_NO_MEMORY;
    }
    for (int i = 0; i < run->n_threads && err == OUTLAY_OK; i++) {
        err = worker_init(&run->workers[i], run->first_plan);
    }
    return err;
}

static void free_plans(struct run *run)
{
    for (uint32_t i = 0; i < run->n_plans; i++) {
        outlay_plan_free(run->plans[i]);
        run->plans[i] = NULL;
    }
    run->n_plans = 0;
}

static void run_free(struct run *run)
{
    for (int i = 0; run->workers != NULL && i < run->n_threads; i++) {
        outlay_workspace_free(run->workers[i].workspace);
        outlay_days_free(&run->workers[i].days);
    }
    free_plans(run);
    outlay_tally_work_free(&run->tally);
    outlay_batch_free(&run->batch);
    outlay_plan_free(run->first_plan);
    free(run->workers);
    free(run->plans);
    free(run->values);
    free(run->blocks);
    free(run->day_values);
    free(run->state);
}

/* The plans of draws [from, from + n), unless the last batch was of the same ones. */
static outlay_err make_plans(struct run *run, uint32_t from, uint32_t n, struct outlay_diag *diag)
{
    if (run->n_plans == n && run->plans_from == from) {
        return OUTLAY_OK;
    }
    free_plans(run);
    run->plans_from = from;
    run->n_plans = n;
    const size_t n_uncertain = (size_t)run->scenario->n_uncertain;
    struct worker *workers = run->workers;
#pragma omp parallel for schedule(dynamic, 1) num_threads(run->n_threads)
    for (uint32_t i = 0; i < n; i++) {
        struct worker *worker = &workers[omp_get_thread_num()];
        /* a diag is not shared between threads: what failed is told below */
        const outlay_err err =
            new_plan(run, from + i, run->values + i * n_uncertain, run->first_plan, &run->plans[i], NULL);
        worker->err = worker->err == OUTLAY_OK ? err : worker->err;
    }
    for (int i = 0; i < run->n_threads; i++) {
        if (workers[i].err != OUTLAY_OK) {
            return outlay_diag_error(diag, workers[i].err, NULL, "draws %u to %u cannot be prepared: %s", from,
                                     from + n - 1, outlay_err_text(workers[i].err));
        }
    }
    return OUTLAY_OK;
}

static outlay_err play_path(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    size_t n = outlay_replicate_play(plan, path, work);
    while (n > outlay_workspace_capacity(work)) {
        const outlay_err err = outlay_workspace_reserve(work, plan, n + n / 8);
        if (err != OUTLAY_OK) {
            return err;
        }
        n = outlay_replicate_play(plan, path, work);
    }
    assert(outlay_outcome_violation(plan, outlay_workspace_outcome(work)) == NULL);
    return OUTLAY_OK;
}

static outlay_err play_block(struct run *run, struct worker *worker, struct block *block)
{
    const struct outlay_plan *plan = run->plans[block->i_draw];
    const struct outlay_batch *batch = &run->batch;
    block->contracts = 0.0;
    outlay_err err = outlay_workspace_reserve(worker->workspace, plan, plan->capacity);
    for (uint32_t i = block->first; i < block->first + block->n && err == OUTLAY_OK; i++) {
        const struct outlay_path path = {batch->first_draw + block->i_draw, batch->first_replicate + i};
        err = play_path(plan, path, worker->workspace);
        if (err == OUTLAY_OK) {
            const struct outlay_outcome *outcome = outlay_workspace_outcome(worker->workspace);
            outlay_batch_store(&run->batch, (size_t)block->i_draw * batch->n_replicates + i, plan, outcome);
            outlay_days_put(&worker->days, i - block->first, outcome);
            block->contracts += outcome->contracts;
        }
    }
    if (err == OUTLAY_OK) {
        outlay_days_add_block(&worker->days, block->n, &block->days);
    }
    return err;
}

/* What a thread has run into, told here because a diag is not shared between threads. */
static outlay_err first_error(const struct run *run, const char *what, struct outlay_diag *diag)
{
    for (int i = 0; i < run->n_threads; i++) {
        const outlay_err err = run->workers[i].err;
        if (err != OUTLAY_OK) {
            return outlay_diag_error(diag, err, NULL, "%s: %s", what, outlay_err_text(err));
        }
    }
    return OUTLAY_OK;
}

static int cut_into_blocks(struct run *run)
{
    int n = 0;
    for (uint32_t draw = 0; draw < run->batch.n_draws; draw++) {
        for (uint32_t first = 0; first < run->batch.n_replicates; first += OUTLAY_BLOCK) {
            const uint32_t left = run->batch.n_replicates - first;
            run->blocks[n].i_draw = draw;
            run->blocks[n].first = first;
            run->blocks[n].n = left < OUTLAY_BLOCK ? left : OUTLAY_BLOCK;
            n++;
        }
    }
    return n;
}

/*
 * What is done with a batch quantity by quantity, each in the order of the paths: the sink prepares its pieces, and the
 * columns are added up.
 */
static outlay_err work_columns(struct run *run, const struct outlay_sink *sink, struct outlay_diag *diag)
{
    const size_t n_pieces = sink != NULL ? sink->n_pieces : 0;
    const size_t n = n_pieces + outlay_tally_columns(&run->tally);
    struct worker *workers = run->workers;
#pragma omp parallel for schedule(dynamic, 1) num_threads(run->n_threads)
    for (size_t i = 0; i < n; i++) {
        struct worker *worker = &workers[omp_get_thread_num()];
        if (i >= n_pieces) {
            outlay_tally_column(&run->tally, &run->batch, i - n_pieces);
        } else if (worker->err == OUTLAY_OK) {
            worker->err = sink->encode(sink->context, &run->batch, i);
        }
    }
    return first_error(run, "a batch cannot be encoded", diag);
}

/* Add up what is known of the blocks, in the order of the paths. */
static void tally_blocks(struct run *run, int n_blocks)
{
    run->batch.contracts = 0.0;
    for (int b = 0; b < n_blocks; b++) {
        const struct block *block = &run->blocks[b];
        outlay_tally_begin(&run->tally, run->batch.first_draw + block->i_draw, block->n);
        outlay_tally_days(&run->tally, block->n, block->days.origin, block->days.sum, block->days.squares);
        run->batch.contracts += block->contracts;
    }
    run->tally.result->contracts += run->batch.contracts;
}

static outlay_err play_batch(struct run *run, const struct outlay_sink *sink, struct outlay_diag *diag)
{
    outlay_err err = make_plans(run, run->batch.first_draw, run->batch.n_draws, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    run->batch.uncertain = run->values;
    const int n_blocks = cut_into_blocks(run);
    struct worker *workers = run->workers;
#pragma omp parallel for schedule(dynamic, 1) num_threads(run->n_threads)
    for (int b = 0; b < n_blocks; b++) {
        struct worker *worker = &workers[omp_get_thread_num()];
        if (worker->err == OUTLAY_OK) {
            worker->err = play_block(run, worker, &run->blocks[b]);
        }
    }
    err = first_error(run, "a replicate cannot be played", diag);
    if (err == OUTLAY_OK) {
        err = work_columns(run, sink, diag);
    }
    if (err == OUTLAY_OK) {
        tally_blocks(run, n_blocks);
    }
    return err;
}

/* Move on to the next rectangle; false after the last. */
static bool next_batch(struct run *run)
{
    struct outlay_batch *batch = &run->batch;
    const struct outlay_run_options *options = run->options;
    batch->first_replicate += batch->n_replicates;
    if (batch->first_replicate >= options->n_replicates) {
        batch->first_replicate = 0;
        batch->first_draw += batch->n_draws;
    }
    if (batch->first_draw >= options->n_draws) {
        return false;
    }
    const uint32_t draws_left = options->n_draws - batch->first_draw;
    const uint32_t replicates_left = options->n_replicates - batch->first_replicate;
    batch->n_draws = run->shape.n_draws < draws_left ? run->shape.n_draws : draws_left;
    batch->n_replicates = run->shape.n_replicates < replicates_left ? run->shape.n_replicates : replicates_left;
    return true;
}

static bool is_cancelled(const struct outlay_run_options *options)
{
    return options->cancel != NULL && *options->cancel != 0;
}

/* Is everything that was asked for known well enough? */
static bool is_precise(struct run *run)
{
    struct outlay_precision *precision = run->options->precision;
    return precision != NULL && outlay_precision_look(precision, &run->tally, run->scenario, run->options);
}

static void report_progress(const struct run *run)
{
    const struct outlay_run_options *options = run->options;
    const struct outlay_tallies *tallies = run->tally.result;
    const double paths = (double)tallies->n_paths;
    const double share = paths / ((double)options->n_draws * options->n_replicates);
    const double done = options->precision != NULL ? outlay_precision_done(options->precision, paths) : 0.0;
    if (options->progress != NULL) {
        options->progress(options->progress_context, share > done ? share : done, tallies->contracts);
    }
}

static void merge_days(struct run *run)
{
    for (int i = 0; i < run->n_threads; i++) {
        outlay_days_merge(&run->workers[i].days, run->tally.result);
    }
}

/* The list of what is known after the batch at hand. */
static size_t pass(struct run *run, enum outlay_pass how, unsigned char *bytes)
{
    struct outlay_batch *batch = &run->batch;
    uint32_t at[] = {batch->first_draw, batch->n_draws, batch->first_replicate, batch->n_replicates};
    struct outlay_tape tape = {.pass = how, .bytes = bytes};
    outlay_tape_pass(&tape, at, sizeof at);
    batch->first_draw = at[0];
    batch->n_draws = at[1];
    batch->first_replicate = at[2];
    batch->n_replicates = at[3];
    outlay_tally_pass(&tape, &run->tally);
    if (run->options->precision != NULL) {
        outlay_precision_pass(&tape, run->options->precision);
    }
    return tape.n;
}

/* Without memory for it there is no checkpoint; the run goes on. */
static void keep(struct run *run, const struct outlay_sink *sink)
{
    const double start = outlay_seconds_now();
    const size_t n = pass(run, OUTLAY_PASS_MEASURE, NULL);
    run->state = run->state == NULL ? malloc(n) : run->state;
    if (run->state != NULL) {
        merge_days(run);
        (void)pass(run, OUTLAY_PASS_SAVE, run->state);
        sink->keep(sink->context, run->state, n);
    }
    run->kept_at = outlay_seconds_now();
    run->keeping_takes = run->kept_at - start;
}

static bool is_time_to_keep(const struct run *run)
{
    const double least = KEEP_FACTOR * run->keeping_takes;
    return outlay_seconds_now() - run->kept_at >= (least > KEEP_SECONDS ? least : KEEP_SECONDS);
}

/* Go on where the sink's run was interrupted, if it was. */
static outlay_err restore(struct run *run, const struct outlay_sink *sink, struct outlay_diag *diag)
{
    const void *state = NULL;
    size_t n = 0;
    const outlay_err err = sink->kept(sink->context, &state, &n, diag);
    if (err != OUTLAY_OK || state == NULL) {
        return err;
    }
    if (n != pass(run, OUTLAY_PASS_MEASURE, NULL)) {
        return outlay_diag_error(diag, OUTLAY_ERR_BAD_RESULT_FILE, NULL,
                                 "the run cannot go on: what is kept of it is none of this scenario's");
    }
    run->state = malloc(n);
    if (run->state == NULL) {
        return outlay_diag_no_memory(diag);
    }
    memcpy(run->state, state, n);
    (void)pass(run, OUTLAY_PASS_RESTORE, run->state);
    return OUTLAY_OK;
}

static outlay_err begin(struct run *run, const struct outlay_sink *sink, struct outlay_diag *diag)
{
    outlay_err err = sink != NULL ? sink->begin(sink->context, run->shape, diag) : OUTLAY_OK;
    if (err == OUTLAY_OK && sink != NULL && sink->kept != NULL) {
        err = restore(run, sink, diag);
    }
    if (err == OUTLAY_OK) {
        run->kept_at = outlay_seconds_now();
        report_progress(run);
    }
    return err;
}

static outlay_err play_all(struct run *run, const struct outlay_sink *sink, struct outlay_diag *diag)
{
    const struct outlay_run_options *options = run->options;
    const bool keeps = sink != NULL && sink->keep != NULL;
    outlay_err err = begin(run, sink, diag);
    for (bool is_done = false; err == OUTLAY_OK && !is_done;) {
        const bool is_cancelled_now = is_cancelled(options);
        if (keeps && (is_cancelled_now || is_time_to_keep(run))) {
            keep(run, sink);
        }
        if (!next_batch(run)) {
            break;
        }
        if (is_cancelled_now) {
            return OUTLAY_ERR_INTERRUPTED;
        }
        err = play_batch(run, sink, diag);
        if (err == OUTLAY_OK && sink != NULL) {
            err = sink->batch(sink->context, &run->batch, diag);
        }
        if (err == OUTLAY_OK) {
            is_done = is_precise(run);
            report_progress(run);
        }
    }
    return err;
}

outlay_err outlay_engine_run(const struct outlay_scenario *scenario, const struct outlay_run_options *options,
                             const struct outlay_sink *sink, struct outlay_tallies **tallies, struct outlay_diag *diag)
{
    struct run run = {.scenario = scenario, .options = options};
    *tallies = NULL;
    outlay_err err = run_init(&run, diag);
    if (err == OUTLAY_ERR_NO_MEMORY) {
        outlay_diag_error(diag, err, NULL, "not enough memory for a run of this scenario on %d threads", run.n_threads);
    }
    if (err == OUTLAY_OK) {
        err = play_all(&run, sink, diag);
        if (err == OUTLAY_OK || err == OUTLAY_ERR_INTERRUPTED) {
            merge_days(&run);
            *tallies = outlay_tally_finish(&run.tally, options->n_replicates);
        }
    }
    run_free(&run);
    return err;
}
