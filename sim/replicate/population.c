/* population.c: who there is, and who takes part. */
#include "stages.h"

/* The blocks of a purpose for the applicants in piece->entity. */
static void draw_words(struct outlay_key key, struct outlay_path path, uint32_t high, int n, struct outlay_piece *piece)
{
    outlay_blocks_at(key, n, piece->block, piece->entity, path.replicate, high, piece->word[0], piece->word[1],
                     piece->word[2], piece->word[3]);
}

/* Keep those of n applicants whose take-up uniform is below the take-up, with the uniform behind their contracts. */
static int keep_participants(const struct outlay_piece *piece, const uint32_t take_up_word[], double take_up, int n,
                             struct outlay_participants *kept)
{
    /* outlay_uniform32(word) < take_up, in whole numbers: the scaled take-up is exact */
    const int64_t bound = (int64_t)ceil(take_up * 0x1p32 - 0.5);
    int n_kept = 0;
    for (int i = 0; i < n; i++) { /* always written, sometimes kept: no branch to mispredict */
        kept->applicant[n_kept] = piece->entity[i];
        kept->u[n_kept] = piece->u[i];
        n_kept += take_up_word[i] < bound;
    }
    return n_kept;
}

/*
 * Relative sizes of the participants: lognormal with mean 1, by inversion, and the power of them that their contracts
 * go with. The same applicant has the same size in every year and every programme.
 */
static void draw_sizes(const struct outlay_group *group, struct outlay_piece *piece,
                       struct outlay_participants *participants)
{
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_SIZE, 0, group->path.draw);
    const int n = participants->n;
    for (int i = 0; i < n; i++) {
        piece->entity[i] = participants->applicant[i];
    }
    draw_words(group->class->key, group->path, high, n, piece);
    outlay_uniforms(n, piece->word[0], piece->word[1], piece->u);
    outlay_quantiles_fill(group->class->size, n, piece->u, participants->size);
    if (group->cell->size_power != NULL) {
        outlay_quantiles_fill(group->cell->size_power, n, piece->u, participants->power);
    }
}

/*
 * Whether an applicant takes part is settled once, in the first year's block: a participant stays one. How often it
 * applies is drawn for each year.
 */
void outlay_find_participants(const struct outlay_group *group, int32_t first, int n, struct outlay_workspace *work)
{
    struct outlay_piece *piece = &work->piece;
    struct outlay_participants *participants = &work->participants;
    uint32_t take_up_word[OUTLAY_PIECE];
    const struct outlay_path path = group->path;
    for (int i = 0; i < n; i++) {
        piece->block[i] = 0;
        piece->entity[i] = (uint32_t)(first + i);
    }
    draw_words(group->cell->key, path, outlay_counter_high(OUTLAY_PURPOSE_PARTICIPATION, 0, path.draw), n, piece);
    for (int i = 0; i < n; i++) {
        take_up_word[i] = piece->word[2][i];
    }
    if (group->year > 0) {
        const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_PARTICIPATION, group->year, path.draw);
        draw_words(group->cell->key, path, high, n, piece);
    }
    outlay_uniforms(n, piece->word[0], piece->word[1], piece->u);
    participants->n = keep_participants(piece, take_up_word, group->cell->take_up[group->year], n, participants);
    if (group->class->size != NULL) {
        draw_sizes(group, piece, participants);
    }
}
