/* applications.c: who applies, how often, with what and when. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "outlay/quantity.h"
#include "stages.h"

/* One class in one programme and year, while its applications are made. */
struct segment {
    const struct outlay_plan_cell *cell;
    const struct outlay_arrivals *arrivals;
    const double *size; /* by applicant; NULL = all 1 */
    const double *size_u;
    int32_t n_applicants;
    uint32_t year;
    uint16_t i_cell;
};

/* Number of contracts of the applicants in `piece`, whose take-up words are in `take_up`; 0 for those not taking part.
 */
static void count_contracts(const struct segment *segment, int32_t first, int n, const struct outlay_piece *piece,
                            const uint32_t take_up[], uint32_t count[])
{
    const struct outlay_plan_cell *cell = segment->cell;
    for (int i = 0; i < n; i++) {
        const double u = outlay_uniform(piece->word[0][i], piece->word[1][i]);
        if (!(outlay_uniform32(take_up[i]) < cell->take_up[segment->year])) {
            count[i] = 0;
        } else if (cell->counts != NULL) {
            count[i] = outlay_counts_at(cell->counts, u);
        } else {
            count[i] = outlay_count_quantile(cell->per_year * segment->size[first + i], cell->dispersion, u);
        }
    }
}

/*
 * Append the contracts of one piece of applicants from place `n_contracts` on, as (applicant, ordinal). Returns the
 * number of contracts after it; beyond the capacity they are counted, not written.
 */
static size_t expand(const struct segment *segment, const uint32_t count[], int32_t first, int n, size_t n_contracts,
                     struct outlay_workspace *work)
{
    for (int i = 0; i < n; i++) {
        if (n_contracts + count[i] <= work->capacity) {
            for (uint32_t k = 0; k < count[i]; k++) {
                work->cell[n_contracts + k] = segment->i_cell;
                work->applicant[n_contracts + k] = (uint32_t)(first + i);
                work->ordinal[n_contracts + k] = k;
                work->origin[n_contracts + k] = (uint32_t)(n_contracts + k);
            }
        }
        n_contracts += count[i];
    }
    return n_contracts;
}

/*
 * Whether an applicant takes part is settled once, in the first year's block: a participant stays one. How often it
 * applies is drawn for each year.
 */
static size_t draw_participation(const struct segment *segment, struct outlay_path path, size_t n_contracts,
                                 struct outlay_workspace *work)
{
    struct outlay_piece *piece = &work->piece;
    uint32_t count[OUTLAY_PIECE], take_up[OUTLAY_PIECE], unused[OUTLAY_PIECE];
    const uint32_t high_once = outlay_counter_high(OUTLAY_PURPOSE_PARTICIPATION, 0, path.draw);
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_PARTICIPATION, segment->year, path.draw);
    for (int32_t first = 0; first < segment->n_applicants; first += OUTLAY_PIECE) {
        const int32_t left = segment->n_applicants - first;
        const int n = left < OUTLAY_PIECE ? (int)left : OUTLAY_PIECE;
        for (int i = 0; i < n; i++) {
            piece->block[i] = 0;
            piece->entity[i] = (uint32_t)(first + i);
        }
        if (segment->year > 0) {
            outlay_blocks_at(segment->cell->key, n, piece->block, piece->entity, path.replicate, high_once, unused,
                             unused, take_up, unused);
        }
        outlay_blocks_at(segment->cell->key, n, piece->block, piece->entity, path.replicate, high, piece->word[0],
                         piece->word[1], segment->year > 0 ? unused : take_up, piece->word[3]);
        count_contracts(segment, first, n, piece, take_up, count);
        n_contracts = expand(segment, count, first, n, n_contracts, work);
    }
    return n_contracts;
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

/* Value of each contract: its law times size^exponent, rounded down to the fen. */
static void draw_values(const struct segment *segment, size_t first, int n, struct outlay_workspace *work)
{
    const struct outlay_draw_law *law = &segment->cell->contract;
    const struct outlay_quantiles *power = segment->cell->size_power;
    for (int i = 0; i < n; i++) {
        double value = law->shift;
        if (law->table != NULL) {
            const double u = outlay_uniform(work->piece.word[0][i], work->piece.word[1][i]);
            value += law->scale * outlay_quantiles_at(law->table, u);
        }
        if (power != NULL) {
            value *= outlay_quantiles_at(power, segment->size_u[work->applicant[first + (size_t)i]]);
        }
        value = floor(fmax(0.0, fmin(value, OUTLAY_CONTRACT_MAX_FEN)));
        work->contract[first + (size_t)i] = respond(segment->cell, value);
        work->induced[first + (size_t)i] = work->contract[first + (size_t)i] - value;
    }
}

/*
 * The uniform behind a contract's time. Where earliness goes with size it is a Gaussian copula with the uniform behind
 * its value: large ones first where the correlation is above 0.
 */
static double time_uniform(const struct outlay_plan_cell *cell, const struct outlay_piece *piece, int i)
{
    const double u = outlay_uniform(piece->word[2][i], piece->word[3][i]);
    if (cell->normal == NULL) {
        return u;
    }
    const double rho = cell->size_correlation;
    const double size = outlay_quantiles_at(cell->normal, outlay_uniform(piece->word[0][i], piece->word[1][i]));
    const double own = outlay_quantiles_at(cell->normal, u);
    const double joint = gsl_cdf_ugaussian_P(sqrt(1.0 - rho * rho) * own - rho * size);
    return fmax(0x1p-53, fmin(joint, 1.0 - 0x1p-53));
}

/* Day of the horizon and fraction of the day, by inversion of the arrival shape. */
static void draw_times(const struct segment *segment, int n, const struct outlay_piece *piece, double time[])
{
    const struct outlay_arrivals *arrivals = segment->arrivals;
    for (int i = 0; i < n; i++) {
        const double u = time_uniform(segment->cell, piece, i);
        int32_t day = arrivals->guide[(int)(u * OUTLAY_ARRIVAL_GUIDES)];
        while (arrivals->cumulative[day + 1] <= u) {
            day++;
        }
        const double before = arrivals->cumulative[day];
        const double fraction = (u - before) / (arrivals->cumulative[day + 1] - before);
        /* the largest fraction that a day number of this horizon can carry stays below 1 */
        time[i] = arrivals->first_day + day + fmin(fraction, 1.0 - 0x1p-32);
    }
}

static void draw_contracts(const struct segment *segment, struct outlay_path path, size_t first, size_t end,
                           struct outlay_workspace *work)
{
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_CONTRACT, segment->year, path.draw);
    for (; first < end; first += OUTLAY_PIECE) {
        const int n = outlay_draw_piece(work, segment->cell->key, path, high, first, end);
        draw_values(segment, first, n, work);
        draw_times(segment, n, &work->piece, work->time + first);
    }
}

/*
 * Contracts that were put to another programme are put to this one too, each with the probability of the take-up.
 * Returns the number of contracts after them.
 */
static size_t take_over(const struct segment *segment, struct outlay_path path, size_t from, size_t to,
                        size_t n_contracts, struct outlay_workspace *work)
{
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_PARTICIPATION, segment->year, path.draw);
    for (size_t i = from; i < to; i++) {
        /* block 0 is what an applicant with contracts of its own in this programme would have */
        const struct outlay_block bits =
            outlay_block_at(segment->cell->key, work->ordinal[i] + 1, work->applicant[i], path.replicate, high);
        if (!(outlay_uniform(bits.word[0], bits.word[1]) < segment->cell->take_up[segment->year])) {
            continue;
        }
        if (n_contracts < work->capacity) {
            work->cell[n_contracts] = segment->i_cell;
            work->applicant[n_contracts] = work->applicant[i];
            work->ordinal[n_contracts] = work->ordinal[i];
            work->origin[n_contracts] = (uint32_t)i;
            work->contract[n_contracts] = work->contract[i];
            work->induced[n_contracts] = 0.0; /* it was counted there */
            work->time[n_contracts] = work->time[i];
        }
        n_contracts++;
    }
    return n_contracts;
}

static size_t make_applications(const struct segment *segment, struct outlay_path path, size_t first,
                                struct outlay_workspace *work)
{
    if (segment->arrivals->n_days == 0) {
        return first;
    }
    const size_t end = draw_participation(segment, path, first, work);
    if (end <= work->capacity) {
        draw_contracts(segment, path, first, end, work);
    }
    return end;
}

size_t outlay_stage_applications(const struct outlay_plan *plan, struct outlay_path path, struct outlay_workspace *work)
{
    size_t n_contracts = 0;
    const int n_segments = plan->n_programmes * plan->n_years * plan->n_classes;
    for (int i = 0; i < n_segments; i++) {
        const int i_class = i % plan->n_classes;
        const int year = i / plan->n_classes % plan->n_years;
        const int programme = i / plan->n_classes / plan->n_years;
        const struct outlay_plan_cell *cell = &plan->programmes[programme].cells[i_class];
        const size_t first_size = (size_t)i_class * (size_t)work->max_applicants;
        const struct segment segment = {
            .cell = cell,
            .arrivals = &cell->arrivals[year],
            .size = work->size + first_size,
            .size_u = work->size_u + first_size,
            .n_applicants = plan->classes[i_class].n_applicants[year],
            .year = (uint32_t)year,
            .i_cell = (uint16_t)(programme * plan->n_classes + i_class),
        };
        work->segment[i] = n_contracts;
        if (cell->same_as < 0) {
            n_contracts = make_applications(&segment, path, n_contracts, work);
        } else if (n_contracts <= work->capacity) {
            const size_t *other = &work->segment[outlay_segment(work, cell->same_as, year, i_class)];
            n_contracts = take_over(&segment, path, other[0], other[1], n_contracts, work);
        }
    }
    work->segment[n_segments] = n_contracts;
    return n_contracts;
}
