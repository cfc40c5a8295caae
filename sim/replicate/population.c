/* population.c: who there is. */
#include "stages.h"

/*
 * Relative sizes of the applicants of one class: lognormal with mean 1, by inversion. The same applicant has the same
 * size in every year and every programme.
 */
static void draw_sizes(const struct outlay_plan_class *class, int32_t n, struct outlay_path path,
                       struct outlay_piece *piece, double size[], double size_u[])
{
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_SIZE, 0, path.draw);
    for (int32_t first = 0; first < n; first += OUTLAY_PIECE) {
        const int n_piece = n - first < OUTLAY_PIECE ? (int)(n - first) : OUTLAY_PIECE;
        for (int i = 0; i < n_piece; i++) {
            piece->block[i] = 0;
            piece->entity[i] = (uint32_t)(first + i);
        }
        outlay_blocks_at(class->key, n_piece, piece->block, piece->entity, path.replicate, high, piece->word[0],
                         piece->word[1], piece->word[2], piece->word[3]);
        for (int i = 0; i < n_piece; i++) {
            size_u[first + i] = outlay_uniform(piece->word[0][i], piece->word[1][i]);
            size[first + i] = outlay_quantiles_at(class->size, size_u[first + i]);
        }
    }
}

void outlay_stage_population(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    for (int i = 0; i < plan->n_classes; i++) {
        const struct outlay_plan_class *class = &plan->classes[i];
        int32_t n = 0;
        for (int year = 0; year < plan->n_years; year++) {
            n = class->n_applicants[year] > n ? class->n_applicants[year] : n;
        }
        if (class->size != NULL) {
            const size_t first = (size_t)i * (size_t)work->max_applicants;
            draw_sizes(class, n, path, &work->piece, work->size + first, work->size_u + first);
        }
    }
}
