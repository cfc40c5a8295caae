/*
 * test_engine.c: draws x replicates: batches come in order and hold what a replicate alone gives, tallies agree with
 * sums made here, threads change nothing, a cancel and a failing sink end a run cleanly.
 */
#include "play.h"

#include <math.h>
#include <string.h>

#include "outlay/engine.h"

static const char text[] = "outlay: 1\ntitle: t\ncalendar: weekdays\nhorizon: {start: 2025-01-01, years: 2}\n"
                           "classes: {a: {count: {uniform: [50, 150]}, size_sigma: 1}, b: {count: 100}}\n"
                           "programmes:\n"
                           "  p:\n"
                           "    budget: 60 M\n"
                           "    award: {rate: 50%}\n"
                           "    applications: {per_year: 1, contract: {lognormal: {median: 1 M, sigma: 1}}}\n"
                           "    review: {working_days: 5}\n"
                           "  q:\n"
                           "    budget: {triangular: [20 M, 30 M, 50 M]}\n"
                           "    award: {rate: 30%}\n"
                           "    applications: {per_year: 2, contract: {gamma: {mean: 400 k, cv: 1}}}\n";

enum { N_PIECES = 5 };               /* of the sink */
enum { N_UNCERTAIN = 32 };           /* draws whose values are recorded, of two uncertain numbers each */
enum { N_BOOKS = 4, N_CLASSES = 2 }; /* 2 programmes x 2 years */

/* Everything that a sink was given, path after path. */
struct record {
    struct outlay_batch_shape shape;
    uint32_t n_draws, n_replicates;
    double *account; /* [draw][replicate][account][book] */
    int32_t *exhaustion_day;
    double uncertain[N_UNCERTAIN * 2];
    int n_batches, n_begins;
    int n_encoded[N_PIECES];
    bool fails_to_encode;
    int fail_at; /* batch at which the sink fails; -1 = never */
    volatile sig_atomic_t cancel;
    bool cancels; /* after the first batch */
    void *state;  /* kept last; NULL = nothing */
    size_t n_state;
};

static outlay_err record_begin(void *context, struct outlay_batch_shape shape, struct outlay_diag *diag)
{
    struct record *record = context;
    (void)diag;
    record->shape = shape;
    record->n_begins++;
    return OUTLAY_OK;
}

static outlay_err record_encode(void *context, const struct outlay_batch *batch, size_t piece)
{
    struct record *record = context;
    if (batch->n_draws == 0 || piece >= N_PIECES || (record->fails_to_encode && piece == 3)) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    record->n_encoded[piece]++; /* no other thread has this piece */
    return OUTLAY_OK;
}

static outlay_err record_batch(void *context, const struct outlay_batch *batch, struct outlay_diag *diag)
{
    struct record *record = context;
    if (record->n_batches == record->fail_at) {
        return outlay_diag_error(diag, OUTLAY_ERR_CANNOT_WRITE, NULL, "full");
    }
    for (int i = 0; i < N_PIECES; i++) {
        assert_int_equal(record->n_encoded[i], record->n_batches + 1);
    }
    for (uint32_t d = 0; d < batch->n_draws; d++) {
        if (batch->first_draw + d < N_UNCERTAIN) {
            memcpy(record->uncertain + (size_t)(batch->first_draw + d) * 2, batch->uncertain + (size_t)d * 2,
                   2 * sizeof(double));
        }
        for (uint32_t r = 0; r < batch->n_replicates; r++) {
            const size_t from = (size_t)d * batch->n_replicates + r;
            const size_t to = (size_t)(batch->first_draw + d) * record->n_replicates + batch->first_replicate + r;
            for (size_t a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
                memcpy(record->account + (to * OUTLAY_N_ACCOUNTS + a) * N_BOOKS, batch->account[a] + from * N_BOOKS,
                       N_BOOKS * sizeof(double));
            }
            memcpy(record->exhaustion_day + to * N_BOOKS, batch->exhaustion_day + from * N_BOOKS,
                   N_BOOKS * sizeof(int32_t));
        }
    }
    record->n_batches++;
    record->cancel = record->cancels;
    return OUTLAY_OK;
}

static void record_keep(void *context, const void *state, size_t n)
{
    struct record *record = context;
    free(record->state);
    record->state = malloc(n);
    assert_non_null(record->state);
    memcpy(record->state, state, n);
    record->n_state = n;
}

static outlay_err record_kept(void *context, const void **state, size_t *n, struct outlay_diag *diag)
{
    const struct record *record = context;
    (void)diag;
    *state = record->state;
    *n = record->n_state;
    return OUTLAY_OK;
}

struct run {
    struct outlay_scenario scenario;
    struct outlay_run_options options;
    struct record record;
    struct outlay_tallies *tallies;
    outlay_err err;
};

static void run_prepare(struct run *self, uint32_t n_draws, uint32_t n_replicates, int n_threads)
{
    *self = (struct run){.record = {.n_draws = n_draws, .n_replicates = n_replicates, .fail_at = -1}};
    struct outlay_diag diag = {0};
    assert_int_equal(outlay_scenario_load_text(&self->scenario, "t.yaml", text, NULL, 0, &diag), OUTLAY_OK);
    outlay_diag_free(&diag);
    self->options = (struct outlay_run_options){
        .seed = 7, .n_draws = n_draws, .n_replicates = n_replicates, .n_threads = n_threads};
    const size_t n = (size_t)n_draws * n_replicates * N_BOOKS;
    self->record.account = calloc(n * OUTLAY_N_ACCOUNTS, sizeof(double));
    self->record.exhaustion_day = calloc(n, sizeof(int32_t));
    assert_non_null(self->record.account);
    assert_non_null(self->record.exhaustion_day);
}

static void run_play(struct run *self)
{
    const struct outlay_sink sink = {.context = &self->record,
                                     .begin = record_begin,
                                     .n_pieces = N_PIECES,
                                     .encode = record_encode,
                                     .batch = record_batch,
                                     .keep = record_keep,
                                     .kept = record_kept};
    struct outlay_diag diag = {0};
    self->options.cancel = &self->record.cancel;
    self->err = outlay_engine_run(&self->scenario, &self->options, &sink, &self->tallies, &diag);
    assert_int_equal(diag.n_errors > 0, self->err != OUTLAY_OK && self->err != OUTLAY_ERR_INTERRUPTED);
    outlay_diag_free(&diag);
}

static void run_free(struct run *self)
{
    outlay_tallies_free(self->tallies);
    outlay_scenario_free(&self->scenario);
    free(self->record.account);
    free(self->record.exhaustion_day);
    free(self->record.state);
}

static void test_paths_are_what_a_replicate_alone_gives(void **state)
{
    (void)state;
    struct run run;
    run_prepare(&run, 3, 130, 2);
    run_play(&run);
    assert_int_equal(run.err, OUTLAY_OK);
    assert_int_equal(run.record.n_begins, 1);
    for (uint32_t draw = 0; draw < 3; draw++) {
        double values[2];
        struct outlay_plan *plan;
        struct outlay_workspace *work;
        outlay_draw_values(&run.scenario, 7, draw, values);
        assert_memory_equal(values, run.record.uncertain + (size_t)draw * 2, sizeof values);
        assert_int_equal(outlay_plan_new(&plan, &run.scenario, 7, values, NULL, NULL), OUTLAY_OK);
        assert_int_equal(outlay_workspace_new(&work, plan), OUTLAY_OK);
        const uint32_t replicate = 129 - draw * 40;
        assert_true(outlay_replicate_play(plan, (struct outlay_path){draw, replicate}, work) <=
                    outlay_workspace_capacity(work));
        const struct outlay_outcome *outcome = outlay_workspace_outcome(work);
        for (size_t a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
            for (size_t book = 0; book < N_BOOKS; book++) {
                const size_t path = (size_t)draw * 130 + replicate;
                assert_true(run.record.account[(path * OUTLAY_N_ACCOUNTS + a) * N_BOOKS + book] ==
                            outcome->account[book * OUTLAY_N_ACCOUNTS + a]);
            }
        }
        outlay_workspace_free(work);
        outlay_plan_free(plan);
    }
    run_free(&run);
}

static void test_threads_change_nothing(void **state)
{
    (void)state;
    struct run one, many;
    run_prepare(&one, 5, 70, 1);
    run_prepare(&many, 5, 70, 8);
    run_play(&one);
    run_play(&many);
    const size_t n = 5 * 70 * N_BOOKS;
    assert_memory_equal(one.record.account, many.record.account, n * OUTLAY_N_ACCOUNTS * sizeof(double));
    assert_memory_equal(one.record.exhaustion_day, many.record.exhaustion_day, n * sizeof(int32_t));
    const size_t n_moments = OUTLAY_N_ACCOUNTS * N_BOOKS;
    assert_memory_equal(one.tallies->account_moments, many.tallies->account_moments,
                        n_moments * sizeof(struct outlay_moments));
    const size_t n_days = OUTLAY_N_SERIES * 2 * (size_t)one.tallies->n_days;
    assert_memory_equal(one.tallies->series_moments, many.tallies->series_moments,
                        n_days * sizeof(struct outlay_moments));
    for (size_t i = 0; i < n_days; i++) {
        for (int p = 0; p <= 10; p++) {
            assert_true(outlay_histogram_quantile(&one.tallies->series_histogram[i], p / 10.0) ==
                        outlay_histogram_quantile(&many.tallies->series_histogram[i], p / 10.0));
        }
    }
    run_free(&one);
    run_free(&many);
}

/* Mean, and standard error from the draws' means, made here from the recorded paths. */
static void test_tallies(void **state)
{
    (void)state;
    enum { D = 20, R = 30 };
    struct run run;
    run_prepare(&run, D, R, 2);
    run_play(&run);
    assert_true(run.tallies->n_paths == D * R);
    assert_int_equal(run.tallies->n_draws, D);
    for (size_t book = 0; book < N_BOOKS; book++) {
        double sum = 0.0, mean_of[D], squares = 0.0, exhausted = 0.0;
        for (size_t d = 0; d < D; d++) {
            double draw = 0.0;
            for (size_t r = 0; r < R; r++) {
                const size_t path = d * R + r;
                draw += run.record.account[(path * OUTLAY_N_ACCOUNTS + OUTLAY_ACCOUNT_outlay) * N_BOOKS + book];
                exhausted += run.record.exhaustion_day[path * N_BOOKS + book] != OUTLAY_NEVER;
            }
            sum += draw;
            mean_of[d] = draw / R;
        }
        for (size_t d = 0; d < D; d++) {
            squares += (mean_of[d] - sum / (D * R)) * (mean_of[d] - sum / (D * R));
        }
        const struct outlay_moments *moments = &run.tallies->account_moments[OUTLAY_ACCOUNT_outlay * N_BOOKS + book];
        const double se = sqrt(squares / (D - 1) / D);
        assert_true(fabs(moments->mean / (sum / (D * R)) - 1.0) < 1e-12);
        assert_true(fabs(moments->se - se) <= 1e-9 * se);
        assert_true(fabs(run.tallies->exhausted_moments[book].mean - exhausted / (D * R)) < 1e-12);
    }
    run_free(&run);
}

static void test_cancel_keeps_what_is_finished(void **state)
{
    (void)state;
    struct run run;
    run_prepare(&run, 30, 60000, 2);
    /* only the first batch is recorded: the arrays are of full size, so that nothing can be overrun */
    run.record.cancels = true;
    run_play(&run);
    assert_int_equal(run.err, OUTLAY_ERR_INTERRUPTED);
    assert_int_equal(run.record.n_batches, 1);
    assert_non_null(run.tallies);
    assert_true(run.tallies->n_paths == (uint64_t)run.record.shape.n_draws * run.record.shape.n_replicates);
    run_free(&run);
}

/* Stop after one batch, go on with what was kept on another number of threads, and stop again; the end is the same. */
static void test_goes_on_from_what_was_kept(void **state)
{
    (void)state;
    const uint32_t n_draws = 600, n_replicates = 2; /* three batches */
    struct run whole, part;
    run_prepare(&whole, n_draws, n_replicates, 2);
    run_play(&whole);
    assert_int_equal(whole.err, OUTLAY_OK);
    run_prepare(&part, n_draws, n_replicates, 1);
    part.record.cancels = true;
    for (int i = 0; i < 2; i++) {
        part.record.cancel = 0;
        run_play(&part);
        assert_int_equal(part.err, OUTLAY_ERR_INTERRUPTED);
        assert_true(part.tallies->n_paths < whole.tallies->n_paths);
        outlay_tallies_free(part.tallies);
        part.options.n_threads = 8;
    }
    part.record.cancels = false;
    part.record.cancel = 0;
    run_play(&part);
    assert_int_equal(part.err, OUTLAY_OK);
    const struct outlay_tallies *a = whole.tallies, *b = part.tallies;
    const size_t n_moments = OUTLAY_N_ACCOUNTS * N_BOOKS, n_days = OUTLAY_N_SERIES * 2 * (size_t)a->n_days;
    assert_true(a->n_paths == b->n_paths && a->n_draws == b->n_draws && a->contracts == b->contracts);
    assert_memory_equal(a->account_moments, b->account_moments, n_moments * sizeof *a->account_moments);
    assert_memory_equal(a->exhausted_moments, b->exhausted_moments, N_BOOKS * sizeof *a->exhausted_moments);
    assert_memory_equal(a->series_moments, b->series_moments, n_days * sizeof *a->series_moments);
    assert_memory_equal(a->exhausted_on, b->exhausted_on, 2 * (size_t)a->n_days * sizeof *a->exhausted_on);
    assert_memory_equal(a->exhausted_by_se, b->exhausted_by_se, 2 * (size_t)a->n_days * sizeof(double));
    for (size_t i = 0; i < n_days; i++) {
        const struct outlay_histogram *x = &a->series_histogram[i], *y = &b->series_histogram[i];
        assert_true(x->width == y->width && x->n == y->n && x->n_min == y->n_min && x->n_max == y->n_max);
        assert_memory_equal(x->count, y->count, x->n_bins * sizeof *x->count);
    }
    assert_memory_equal(whole.record.account, part.record.account,
                        (size_t)n_draws * n_replicates * N_BOOKS * OUTLAY_N_ACCOUNTS * sizeof(double));
    run_free(&whole);
    run_free(&part);
}

/* A state of a run of another size is refused. */
static void test_state_of_another_run(void **state)
{
    (void)state;
    struct run run;
    run_prepare(&run, 600, 2, 1);
    run.record.state = calloc(1, 100);
    run.record.n_state = 100;
    run_play(&run);
    assert_int_equal(run.err, OUTLAY_ERR_BAD_RESULT_FILE);
    assert_null(run.tallies);
    run_free(&run);
}

static void test_failing_sink_ends_the_run(void **state)
{
    (void)state;
    struct run run;
    run_prepare(&run, 2, 50, 2);
    run.record.fail_at = 0;
    run_play(&run);
    assert_int_equal(run.err, OUTLAY_ERR_CANNOT_WRITE);
    assert_null(run.tallies);
    run_free(&run);
    run_prepare(&run, 2, 50, 2);
    run.record.fails_to_encode = true;
    run_play(&run);
    assert_int_equal(run.err, OUTLAY_ERR_NO_MEMORY);
    assert_int_equal(run.record.n_batches, 0);
    assert_null(run.tallies);
    run_free(&run);
}

static void test_estimate(void **state)
{
    (void)state;
    struct run run;
    run_prepare(&run, 2, 50, 1);
    double seconds, contracts;
    assert_int_equal(outlay_engine_estimate(&run.scenario, &run.options, &seconds, &contracts, NULL), OUTLAY_OK);
    /* 2 years x (100 + 100 applicants) x (1 + 2) contracts x 100 paths = 120,000 on average */
    assert_true(seconds > 0.0 && contracts > 90e3 && contracts < 150e3);
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_are_what_a_replicate_alone_gives),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_tallies),
        cmocka_unit_test(test_cancel_keeps_what_is_finished),
        cmocka_unit_test(test_goes_on_from_what_was_kept),
        cmocka_unit_test(test_state_of_another_run),
        cmocka_unit_test(test_failing_sink_ends_the_run),
        cmocka_unit_test(test_estimate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
