/* checkpoint.c: the list of what a run knows after some of its batches. */
#include "engine/checkpoint.h"

#include <string.h>

void outlay_tape_pass(struct outlay_tape *self, void *values, size_t n)
{
    if (self->pass == OUTLAY_PASS_SAVE) {
        memcpy(self->bytes + self->n, values, n);
    } else if (self->pass == OUTLAY_PASS_RESTORE) {
        memcpy(values, self->bytes + self->n, n);
    }
    self->n += n;
}

/* All but the bins, which are an array of their own, and where they are. */
static void pass_histograms(struct outlay_tape *tape, struct outlay_histogram histograms[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct outlay_histogram before = histograms[i];
        outlay_tape_pass(tape, &histograms[i], sizeof histograms[i]);
        histograms[i].count = before.count; /* where they are, and how many, is not for a file to say */
        histograms[i].n_bins = before.n_bins;
    }
}

static void pass_sums(struct outlay_tape *tape, struct outlay_sums sums[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *const of_scrambles = sums[i].of_scrambles;
        outlay_tape_pass(tape, &sums[i], sizeof sums[i]);
        sums[i].of_scrambles = of_scrambles;
    }
}

static void pass_result(struct outlay_tape *tape, struct outlay_tallies *result, const struct outlay_tally_work *tally)
{
    const size_t n_bins =
        tally->n_account * OUTLAY_BINS_ACCOUNT + tally->n_class * OUTLAY_BINS_CLASS + tally->n_series * OUTLAY_BINS_DAY;
    outlay_tape_pass(tape, &result->n_paths, sizeof result->n_paths);
    outlay_tape_pass(tape, &result->n_draws, sizeof result->n_draws);
    outlay_tape_pass(tape, &result->contracts, sizeof result->contracts);
    outlay_tape_pass(tape, result->exhausted_on, tally->n_day * sizeof *result->exhausted_on);
    pass_histograms(tape, result->account_histogram, tally->n_account);
    pass_histograms(tape, result->class_histogram, tally->n_class);
    pass_histograms(tape, result->series_histogram, tally->n_series);
    outlay_tape_pass(tape, result->bins, n_bins * sizeof *result->bins);
}

void outlay_tally_pass(struct outlay_tape *tape, struct outlay_tally_work *tally)
{
    const size_t n_sums = tally->n_account + tally->n_class + tally->n_books + tally->n_series;
    pass_result(tape, tally->result, tally); /* moments are worked out of the rest */
    pass_sums(tape, tally->account, tally->n_account);
    pass_sums(tape, tally->class_account, tally->n_class);
    pass_sums(tape, tally->exhausted, tally->n_books);
    pass_sums(tape, tally->series, tally->n_series);
    if (tally->of_scrambles != NULL) {
        outlay_tape_pass(tape, tally->of_scrambles, n_sums * OUTLAY_N_SCRAMBLES * sizeof *tally->of_scrambles);
        outlay_tape_pass(tape, tally->by_scrambles, tally->n_day * OUTLAY_N_SCRAMBLES * sizeof *tally->by_scrambles);
    }
    outlay_tape_pass(tape, tally->draw_exhausted_on, tally->n_day * sizeof *tally->draw_exhausted_on);
    outlay_tape_pass(tape, tally->by_squares, tally->n_day * sizeof *tally->by_squares);
    outlay_tape_pass(tape, &tally->draw, sizeof tally->draw);
    outlay_tape_pass(tape, &tally->n_in_draw, sizeof tally->n_in_draw);
}

void outlay_precision_pass(struct outlay_tape *tape, struct outlay_precision *precision)
{
    outlay_tape_pass(tape, &precision->is_reached, sizeof precision->is_reached);
    outlay_tape_pass(tape, &precision->next_look, sizeof precision->next_look);
    outlay_tape_pass(tape, &precision->looked_at_paths, sizeof precision->looked_at_paths);
    for (int i = 0; i < precision->n_goals; i++) {
        outlay_tape_pass(tape, &precision->goals[i].reached, sizeof precision->goals[i].reached);
    }
}
