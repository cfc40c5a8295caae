/* applications.c: who applies, how often, with what and when. */
#include <gsl/gsl_cdf.h>
#include <string.h>

#include "outlay/quantity.h"
#include "stages.h"

/* ---- how often ---- */

/* Number of contracts of each participant. */
static void count_contracts(const struct outlay_plan_cell *cell, struct outlay_participants *participants)
{
    if (cell->counts != NULL) {
        for (int i = 0; i < participants->n; i++) {
            participants->n_contracts[i] = outlay_counts_at(cell->counts, participants->u[i]);
        }
        return;
    }
    double mean[OUTLAY_PIECE];
    for (int i = 0; i < participants->n; i++) {
        mean[i] = cell->per_year * participants->size[i];
    }
    outlay_counts_fill(cell->dispersion, participants->n, mean, participants->u, participants->n_contracts);
}

/* Places of the columns that are being filled. */
struct places {
    size_t n_contracts, n_participants;
};

/*
 * Append the contracts of the participants, as (applicant, ordinal, owner); beyond the capacity they are counted, not
 * written. Four are written in any case, and those that are not there overwritten by the next: most applicants have
 * fewer, and a loop of unknown length would cost more.
 */
static void expand(const struct outlay_participants *participants, struct places *places, struct outlay_workspace *work)
{
    static const uint32_t ordinals[OUTLAY_SLACK] = {0, 1, 2, 3};
    uint32_t *restrict applicant = work->applicant, *restrict ordinal = work->ordinal;
    uint32_t *restrict participant_first = work->participant_first;
    int32_t *restrict owner = work->owner;
    size_t first = places->n_contracts, n_participants = places->n_participants;
    for (int i = 0; i < participants->n; i++) {
        const uint32_t n = participants->n_contracts[i], who = participants->applicant[i];
        if (first + n <= work->capacity) {
            const uint32_t four_who[OUTLAY_SLACK] = {who, who, who, who};
            const int32_t four_i[OUTLAY_SLACK] = {i, i, i, i};
            memcpy(applicant + first, four_who, sizeof four_who);
            memcpy(ordinal + first, ordinals, sizeof ordinals);
            memcpy(owner + first, four_i, sizeof four_i);
            for (uint32_t k = OUTLAY_SLACK; k < n; k++) {
                applicant[first + k] = who;
                ordinal[first + k] = k;
                owner[first + k] = i;
            }
            participant_first[n_participants] = (uint32_t)first;
            n_participants += n > 0;
        }
        first += n;
    }
    *places = (struct places){first, n_participants};
}

/* ---- with what ---- */

/* contract x power of its owner's size */
OUTLAY_VECTORISED
static void magnify(int n, const double *restrict power, const int32_t *restrict owner, double *restrict contract)
{
    for (int i = 0; i < n; i++) {
        contract[i] *= power[owner[i]];
    }
}

/* Within the bounds of a contract, and down to the fen. */
OUTLAY_VECTORISED
static void round_down(int n, double *restrict contract)
{
    for (int i = 0; i < n; i++) {
        contract[i] = floor(outlay_greater(0.0, outlay_lesser(contract[i], OUTLAY_CONTRACT_MAX_FEN)));
    }
}

/*
 * What the applicant makes of the rules: below the kink a contract grows, up to the kink; one just below the minimum is
 * raised to it. Never below what would have been bought anyway.
 */
static double respond(const struct outlay_plan_cell *cell, double value)
{
    const double grown = value < cell->kink ? fmin(floor(value * cell->response), cell->kink) : value;
    return grown >= cell->notch && grown < cell->minimum_contract ? cell->minimum_contract : grown;
}

/* Value of each contract: its law times size^exponent, and what the rules make of it. */
static void draw_values(const struct outlay_plan_cell *cell, size_t first, int n, struct outlay_workspace *work)
{
    struct outlay_piece *piece = &work->piece;
    double *contract = work->contract + first;
    outlay_uniforms(n, piece->word[0], piece->word[1], piece->u);
    outlay_draw_law_fill(&cell->contract, n, piece->u, contract);
    if (cell->size_power != NULL) {
        magnify(n, work->participants.power, work->owner + first, contract);
    }
    round_down(n, contract);
    for (int i = 0; i < n && work->induced != NULL; i++) {
        const double wanted = contract[i];
        contract[i] = cell->has_response ? respond(cell, wanted) : wanted;
        work->induced[first + (size_t)i] = contract[i] - wanted;
    }
}

/* ---- when ---- */

/*
 * Where earliness goes with size, the uniform behind a contract's day is tied to the one behind its value by a Gaussian
 * copula: large ones first where the correlation is above 0.
 */
static void tie_to_size(const struct outlay_plan_cell *cell, int n, struct outlay_piece *piece, double u[])
{
    double size[OUTLAY_PIECE], own[OUTLAY_PIECE];
    const double rho = cell->size_correlation;
    outlay_uniforms(n, piece->word[0], piece->word[1], piece->u);
    outlay_quantiles_fill(cell->normal, n, piece->u, size);
    outlay_quantiles_fill(cell->normal, n, u, own);
    for (int i = 0; i < n; i++) {
        const double joint = gsl_cdf_ugaussian_P(sqrt(1.0 - rho * rho) * own[i] - rho * size[i]);
        u[i] = fmax(0x1p-53, fmin(joint, 1.0 - 0x1p-53));
    }
}

/*
 * Day of the horizon by inversion of the arrival shape: a guess from below, and as many steps as any may need. All of
 * it is look-ups, of which vectors would make nothing faster.
 */
static inline void look_up_days(const struct outlay_arrivals *arrivals, int n_steps, int n, const double *restrict u,
                                int32_t *restrict day)
{
    const double *restrict cumulative = arrivals->open_cumulative;
    const int64_t *restrict guide = arrivals->guide, *restrict open_day = arrivals->open_day;
    for (int i = 0; i < n; i++) {
        int64_t place = guide[(int64_t)(u[i] * OUTLAY_ARRIVAL_GUIDES)];
        for (int step = 0; step < n_steps; step++) {
            place += cumulative[place + 1] <= u[i];
        }
        day[i] = (int32_t)open_day[place];
    }
}

/* With one step, as nearly always, there is no inner loop. */
static void find_days(const struct outlay_arrivals *arrivals, int n, const double u[], int32_t day[])
{
    if (arrivals->n_steps <= 1) {
        look_up_days(arrivals, 1, n, u, day);
    } else {
        look_up_days(arrivals, arrivals->n_steps, n, u, day);
    }
}

static void draw_days(const struct outlay_group *group, size_t first, int n, struct outlay_workspace *work)
{
    struct outlay_piece *piece = &work->piece;
    double *u = work->day_u + first;
    outlay_uniforms(n, piece->word[2], piece->word[3], u);
    if (group->cell->normal != NULL) {
        tie_to_size(group->cell, n, piece, u);
    }
    find_days(group->arrivals, n, u, work->day + first);
}

double outlay_time_of(const struct outlay_plan *plan, const struct outlay_workspace *work, size_t i)
{
    const int programme = work->cell[i] / plan->n_classes, class_ = work->cell[i] % plan->n_classes;
    const int32_t day = work->day[i];
    const struct outlay_arrivals *arrivals =
        &outlay_plan_source(plan, programme, class_)->arrivals[plan->year_of_day[day]];
    const double *share_before = arrivals->cumulative + (day - arrivals->first_day);
    const double fraction = (work->day_u[i] - share_before[0]) / (share_before[1] - share_before[0]);
    /* the largest fraction that a day number of this horizon can carry stays below 1 */
    return day + fmin(fraction, 1.0 - 0x1p-32);
}

/* ---- the contracts of one class in one programme and year ---- */

static void draw_contracts(const struct outlay_group *group, size_t first, size_t end, struct outlay_workspace *work)
{
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_CONTRACT, group->year, group->path.draw);
    for (; first < end; first += OUTLAY_PIECE) {
        const int n = outlay_draw_piece(work, group->cell->key, group->path, high, first, end);
        draw_values(group->cell, first, n, work);
        draw_days(group, first, n, work);
    }
}

static void make_applications(const struct outlay_group *group, struct places *places, struct outlay_workspace *work)
{
    const int32_t n_applicants = group->arrivals->n_days > 0 ? group->n_applicants : 0;
    for (int32_t i = 0; i < n_applicants; i += OUTLAY_PIECE) {
        const int n = n_applicants - i < OUTLAY_PIECE ? (int)(n_applicants - i) : OUTLAY_PIECE;
        const size_t first = places->n_contracts;
        outlay_find_participants(group, i, n, work);
        count_contracts(group->cell, &work->participants);
        expand(&work->participants, places, work);
        if (places->n_contracts <= work->capacity) {
            draw_contracts(group, first, places->n_contracts, work);
        }
    }
}

/*
 * Contracts that were put to another programme are put to this one too, each with the probability of the take-up.
 */
static void take_over(const struct outlay_group *group, const size_t other[2], struct places *places,
                      struct outlay_workspace *work)
{
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_PARTICIPATION, group->year, group->path.draw);
    uint32_t applicant = UINT32_MAX;
    for (size_t i = other[0]; i < other[1]; i++) {
        /* block 0 is what an applicant with contracts of its own in this programme would have */
        const struct outlay_block bits =
            outlay_block_at(group->cell->key, work->ordinal[i] + 1, work->applicant[i], group->path.replicate, high);
        if (!(outlay_uniform(bits.word[0], bits.word[1]) < group->cell->take_up[group->year])) {
            continue;
        }
        const size_t n = places->n_contracts++;
        if (n < work->capacity) {
            work->applicant[n] = work->applicant[i];
            work->ordinal[n] = work->ordinal[i];
            work->origin[n] = (uint32_t)i;
            work->contract[n] = work->contract[i];
            work->day[n] = work->day[i];
            work->day_u[n] = work->day_u[i];
            if (work->induced != NULL) {
                work->induced[n] = 0.0; /* it was counted there */
            }
            work->participant_first[places->n_participants] = (uint32_t)n;
            places->n_participants += work->applicant[n] != applicant;
            applicant = work->applicant[n];
        }
    }
}

/* What all contracts of a segment have in common. */
static void label(const struct outlay_group *group, size_t first, size_t end, struct outlay_workspace *work)
{
    for (size_t i = first; i < end; i++) {
        work->cell[i] = group->i_cell;
    }
    for (size_t i = first; i < end && work->origin != NULL && group->cell->same_as < 0; i++) {
        work->origin[i] = (uint32_t)i;
    }
}

size_t outlay_stage_applications(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    struct places places = {0, 0};
    const int n_segments = plan->n_programmes * plan->n_years * plan->n_classes;
    for (int i = 0; i < n_segments; i++) {
        const int i_class = i % plan->n_classes;
        const int year = i / plan->n_classes % plan->n_years;
        const int programme = i / plan->n_classes / plan->n_years;
        const struct outlay_plan_cell *cell = &plan->programmes[programme].cells[i_class];
        const struct outlay_group group = {
            .class = &plan->classes[i_class],
            .cell = cell,
            .arrivals = &cell->arrivals[year],
            .n_applicants = plan->classes[i_class].n_applicants[year],
            .year = (uint32_t)year,
            .i_cell = (uint16_t)(programme * plan->n_classes + i_class),
            .path = path,
        };
        work->segment[i] = places.n_contracts;
        work->segment_participant[i] = places.n_participants;
        if (cell->same_as < 0) {
            make_applications(&group, &places, work);
        } else if (places.n_contracts <= work->capacity) {
            take_over(&group, &work->segment[outlay_segment(work, cell->same_as, year, i_class)], &places, work);
        }
        if (places.n_contracts <= work->capacity) {
            label(&group, work->segment[i], places.n_contracts, work);
        }
    }
    work->segment[n_segments] = places.n_contracts;
    work->segment_participant[n_segments] = places.n_participants;
    if (places.n_contracts <= work->capacity) {
        work->participant_first[places.n_participants] = (uint32_t)places.n_contracts;
    }
    return places.n_contracts;
}
