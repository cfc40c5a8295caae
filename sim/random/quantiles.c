/* quantiles.c: a law as a table of cubics, so that a value costs a look-up and three multiplications. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/vector.h"
#include "outlay/random.h"
#include "random/nodes.h"

/*
 * The bits of t = min(u, 1 - u) in (0, 1/2): eleven of exponent, then four that choose the piece of the octave, then
 * 48 that say where in the piece t lies. So the interval's number is a shift and a subtraction.
 */
#define PIECE_SHIFT 48
#define MANTISSA_MASK ((UINT64_C(1) << 52) - 1)
#define ONE_BITS UINT64_C(0x3ff0000000000000) /* of the double 1.0 */

enum {
    N_PER_SIDE = OUTLAY_QUANTILE_INTERVALS / 2,
    N_FINE_PER_SIDE = OUTLAY_QUANTILE_FINE_INTERVALS / 2,
    COARSE_OCTAVES = OUTLAY_QUANTILE_OCTAVES - OUTLAY_QUANTILE_FINE_OCTAVES
};

/* Bits of 2^-53, where the first interval begins; a uniform of 52 bits is never smaller. */
#define FIRST_PIECE ((uint64_t)(1023 - 53) << (52 - PIECE_SHIFT))

/* How often an octave of the table is halved beyond the sixteen pieces. */
static int halvings(const struct outlay_quantiles *self, int octave)
{
    return self->is_fine && octave >= COARSE_OCTAVES ? octave - COARSE_OCTAVES + 1 : 0;
}

/* Newton's form through x = 0, 1/3, 2/3, 1, multiplied out. */
static struct outlay_cubic cubic_through(const double value[4])
{
    const double d1 = value[1] - value[0];
    const double d2 = value[2] - 2.0 * value[1] + value[0];
    const double d3 = value[3] - 3.0 * value[2] + 3.0 * value[1] - value[0];
    return (struct outlay_cubic){{value[0], 3.0 * d1 - 1.5 * d2 + d3, 4.5 * d2 - 4.5 * d3, 4.5 * d3}};
}

/* Put a straight line where the cubic turns back: between exact values whatever never falls is near enough. */
static void straighten(struct outlay_cubic *cubic, const double value[4])
{
    const double sign = value[3] < value[0] ? -1.0 : 1.0;
    const double b = sign * cubic->coefficient[1], c = sign * cubic->coefficient[2];
    const double d = sign * cubic->coefficient[3];
    const double turn = d > 0.0 ? -c / (3.0 * d) : 0.0; /* where the slope b + 2 c x + 3 d x^2 is least */
    const bool turns = turn > 0.0 && turn < 1.0 && b + c * turn < 0.0;
    if (b < 0.0 || b + 2.0 * c + 3.0 * d < 0.0 || turns) {
        *cubic = (struct outlay_cubic){{value[0], value[3] - value[0], 0.0, 0.0}};
    }
}

/* One octave of one side, from its first interval on; value[3] is the quantile where it begins. */
static outlay_err tabulate_octave(struct outlay_quantiles *self, int octave, bool upper_tail, int first,
                                  const double score[], double value[4])
{
    const int n_pieces = OUTLAY_QUANTILE_PIECES << halvings(self, octave);
    const double start = ldexp(1.0, octave - 53);
    for (int piece = 0; piece < n_pieces; piece++) {
        value[0] = value[3];
        for (int third = 1; third <= 3 && score == NULL; third++) {
            value[third] =
                outlay_law_quantile(&self->law, outlay_quantile_node(start, piece, n_pieces, third), upper_tail);
        }
        if (score != NULL) {
            outlay_law_quantiles_of(&self->law, 3, score + 3 * piece, value + 1);
        }
        if (!isfinite(value[1]) || !isfinite(value[2]) || !isfinite(value[3])) {
            return OUTLAY_ERR_LIBRARY;
        }
        self->cubic[first + piece] = cubic_through(value);
        if (self->is_fine) {
            straighten(&self->cubic[first + piece], value);
        }
    }
    return OUTLAY_OK;
}

static outlay_err tabulate(struct outlay_quantiles *self, const struct outlay_scores *scores)
{
    int first = 0;
    for (int side = 0; side < 2; side++) {
        double value[4] = {0.0, 0.0, 0.0, outlay_law_quantile(&self->law, 0x1p-53, side == 1)};
        for (int octave = 0; octave < OUTLAY_QUANTILE_OCTAVES; octave++) {
            const double *score = scores != NULL ? scores->node[side] + 3 * OUTLAY_QUANTILE_PIECES * octave : NULL;
            const outlay_err err = tabulate_octave(self, octave, side == 1, first, score, value);
            if (err != OUTLAY_OK) {
                return err;
            }
            first += OUTLAY_QUANTILE_PIECES << halvings(self, octave);
        }
    }
    return OUTLAY_OK;
}

outlay_err outlay_quantiles_new(struct outlay_quantiles **self, const struct outlay_law *law,
                                const struct outlay_scores *scores)
{
    assert(scores == NULL || scores->kind == outlay_law_score(law));
    struct outlay_quantiles *made = malloc(sizeof *made);
    *self = NULL;
    if (made == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    *made = (struct outlay_quantiles){.law = *law,
                                      .is_fine = law->data != NULL,
                                      .is_interpolated = scores != NULL && scores->kind == OUTLAY_SCORE_LOGARITHM};
    made->law.scale = 1.0;
    made->law.shift = 0.0;
    made->n_intervals = made->is_fine ? OUTLAY_QUANTILE_FINE_INTERVALS : OUTLAY_QUANTILE_INTERVALS;
    made->cubic = aligned_alloc(sizeof *made->cubic, (size_t)made->n_intervals * sizeof *made->cubic);
    const outlay_err err = made->cubic != NULL ? tabulate(made, scores) : OUTLAY_ERR_NO_MEMORY;
    if (err != OUTLAY_OK) {
        outlay_quantiles_free(made);
        return err;
    }
    *self = made;
    return OUTLAY_OK;
}

outlay_err outlay_quantiles_new_size(struct outlay_quantiles **self, double sigma, double exponent,
                                     const struct outlay_scores *scores)
{
    /* size^e is exp(-e sigma^2 / 2) times the standard lognormal law of e sigma */
    const struct outlay_law standard = {.family = OUTLAY_LOGNORMAL,
                                        .shape = {sigma * exponent, 0.0},
                                        .scale = 1.0,
                                        .lower = -INFINITY,
                                        .upper = INFINITY};
    const outlay_err err = outlay_quantiles_new(self, &standard, scores);
    if (err == OUTLAY_OK) {
        const double factor = exp(-0.5 * exponent * sigma * sigma);
        for (int i = 0; i < OUTLAY_QUANTILE_INTERVALS; i++) {
            for (int c = 0; c < 4; c++) {
                (*self)->cubic[i].coefficient[c] *= factor;
            }
        }
        (*self)->law.scale = factor;
    }
    return err;
}

void outlay_quantiles_free(struct outlay_quantiles *self)
{
    if (self != NULL) {
        free(self->cubic);
        free(self);
    }
}

/* Where a value lies in a table: its interval, and its position there, 0 to 1. */
struct place {
    uint64_t interval;
    double position;
};

/* The position, from the bits of its mantissa. */
static inline double position_of(uint64_t mantissa)
{
    const union outlay_bits one_and_more = {.word = (mantissa & MANTISSA_MASK) | ONE_BITS};
    return one_and_more.number - 1.0;
}

static inline struct place coarse_place(uint64_t bits, bool is_upper)
{
    return (struct place){
        .interval = (bits >> PIECE_SHIFT) - FIRST_PIECE + (is_upper ? N_PER_SIDE : 0),
        .position = position_of(bits << (52 - PIECE_SHIFT)),
    };
}

static inline struct place fine_place(uint64_t bits, bool is_upper)
{
    const uint64_t octave = (bits >> 52) - (1023 - 53);
    const uint64_t n_halvings = octave >= COARSE_OCTAVES ? (octave - COARSE_OCTAVES + 1) & 15 : 0; /* at most 8 */
    const uint64_t n_before = octave - n_halvings + (UINT64_C(1) << n_halvings) - 1; /* sixteens of pieces */
    return (struct place){
        .interval = n_before * OUTLAY_QUANTILE_PIECES + ((bits & MANTISSA_MASK) >> (PIECE_SHIFT - n_halvings)) +
                    (is_upper ? N_FINE_PER_SIDE : 0),
        .position = position_of(bits << (52 - PIECE_SHIFT + n_halvings)),
    };
}

/* The places of a piece of values. */
enum { PLACES = 128 };
struct places {
    uint64_t interval[PLACES];
    double position[PLACES];
};

/* One loop for either kind of table: is_fine is known where it is called, and costs nothing in it. */
static inline void find_places(bool is_fine, int n, const double *restrict u, struct places *restrict places)
{
    for (int i = 0; i < n; i++) {
        const double mirrored = 1.0 - u[i];
        const bool is_upper = mirrored < u[i];
        const union outlay_bits tail = {.number = is_upper ? mirrored : u[i]};
        const struct place place = is_fine ? fine_place(tail.word, is_upper) : coarse_place(tail.word, is_upper);
        places->interval[i] = place.interval;
        places->position[i] = place.position;
    }
}

OUTLAY_VECTORISED
static void find_coarse_places(int n, const double *restrict u, struct places *restrict places)
{
    find_places(false, n, u, places);
}

OUTLAY_VECTORISED
static void find_fine_places(int n, const double *restrict u, struct places *restrict places)
{
    find_places(true, n, u, places);
}

static inline double look_up(const struct outlay_cubic *restrict cubic, double x)
{
    const double *c = cubic->coefficient;
    return ((c[3] * x + c[2]) * x + c[1]) * x + c[0];
}

/* Four doubles of an array, loaded and turned about at once: GNU C (gcc from 12 on, clang), for any instruction set. */
typedef double four __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));

/*
 * The polynomials, four side by side. To gather their coefficients would cost more than to compute them one by one: the
 * rows of four places are loaded whole, and turned into columns.
 */
OUTLAY_VECTORISED
static void look_up_places(const struct outlay_cubic *restrict cubic, int n, const struct places *restrict places,
                           double *restrict value)
{
    int i = 0;
    for (; i + 4 <= n; i += 4) {
        const uint64_t *interval = places->interval + i;
        const four row_0 = *(const four *)cubic[interval[0]].coefficient;
        const four row_1 = *(const four *)cubic[interval[1]].coefficient;
        const four row_2 = *(const four *)cubic[interval[2]].coefficient;
        const four row_3 = *(const four *)cubic[interval[3]].coefficient;
        const four even_01 = __builtin_shufflevector(row_0, row_1, 0, 4, 2, 6); /* c0 and c2 of rows 0 and 1 */
        const four even_23 = __builtin_shufflevector(row_2, row_3, 0, 4, 2, 6);
        const four odd_01 = __builtin_shufflevector(row_0, row_1, 1, 5, 3, 7); /* c1 and c3 */
        const four odd_23 = __builtin_shufflevector(row_2, row_3, 1, 5, 3, 7);
        const four c0 = __builtin_shufflevector(even_01, even_23, 0, 1, 4, 5);
        const four c1 = __builtin_shufflevector(odd_01, odd_23, 0, 1, 4, 5);
        const four c2 = __builtin_shufflevector(even_01, even_23, 2, 3, 6, 7);
        const four c3 = __builtin_shufflevector(odd_01, odd_23, 2, 3, 6, 7);
        const four x = *(const four *)(places->position + i);
        *(four *)(value + i) = ((c3 * x + c2) * x + c1) * x + c0;
    }
    for (; i < n; i++) {
        value[i] = look_up(&cubic[places->interval[i]], places->position[i]);
    }
}

void outlay_quantiles_fill(const struct outlay_quantiles *self, int n, const double *restrict u, double *restrict value)
{
    for (int first = 0; first < n; first += PLACES) {
        struct places places;
        const int n_piece = n - first < PLACES ? n - first : PLACES;
        if (self->is_fine) {
            find_fine_places(n_piece, u + first, &places);
        } else {
            find_coarse_places(n_piece, u + first, &places);
        }
        look_up_places(self->cubic, n_piece, &places, value + first);
    }
}

double outlay_quantiles_at_tail(const struct outlay_quantiles *self, double tail, bool is_upper)
{
    const union outlay_bits t = {.number = tail};
    const struct place place = self->is_fine ? fine_place(t.word, is_upper) : coarse_place(t.word, is_upper);
    return look_up(&self->cubic[place.interval], place.position);
}

double outlay_quantiles_at(const struct outlay_quantiles *self, double u)
{
    const double mirrored = 1.0 - u;
    return mirrored < u ? outlay_quantiles_at_tail(self, mirrored, true) : outlay_quantiles_at_tail(self, u, false);
}
