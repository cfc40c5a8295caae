/* paths.c: windows over draws and replicates. */
#include "results/paths.h"

#include <math.h>

hsize_t outlay_answer_paths(const struct outlay_answer *self)
{
    const double n = fmin(self->n_paths, self->n_draws * self->n_replicates);
    const bool is_possible = self->n_draws >= 1.0 && self->n_draws <= OUTLAY_MAX_DRAWS && self->n_replicates >= 1.0 &&
                             self->n_replicates <= OUTLAY_MAX_REPLICATES && n >= 1.0;
    return is_possible && !self->is_exact ? (hsize_t)n : 0;
}

static hsize_t least(hsize_t a, hsize_t b)
{
    return a < b ? a : b;
}

/* Several whole draws, or a part of one. */
bool outlay_window_next(struct outlay_window *self, const struct outlay_answer *answer, size_t n_most)
{
    const hsize_t n_paths = outlay_answer_paths(answer), n_left = n_paths - self->done;
    if (n_paths == 0 || n_left == 0) {
        return false;
    }
    const hsize_t n_replicates = (hsize_t)answer->n_replicates;
    self->start[0] = self->done / n_replicates;
    self->start[1] = self->done % n_replicates;
    const hsize_t n_whole = self->start[1] == 0 ? least(n_left, n_most) / n_replicates : 0;
    self->count[0] = n_whole > 0 ? n_whole : 1;
    self->count[1] = n_whole > 0 ? n_replicates : least(least(n_left, n_most), n_replicates - self->start[1]);
    self->n = (size_t)(self->count[0] * self->count[1]);
    self->done += self->n;
    return true;
}
