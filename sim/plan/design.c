/*
 * design.c: designs of the draws: where in (0, 1)^n the uniforms of the uncertain numbers lie. A row a design.
 *
 * Sobol' points by direction numbers m: bit k of the index adds m_k 2^-(k+1), modulo 2, and m follows from the first
 * `degree` of them by the recurrence of a primitive polynomial over GF(2) (Bratley and Fox, "Algorithm 659", ACM TOMS
 * 14, 1988). Their first numbers are those of Joe and Kuo ("Constructing Sobol sequences with better two-dimensional
 * projections", SIAM J. Sci. Comput. 30, 2008; their file new-joe-kuo-6.21201).
 *
 * Nested uniform scrambling (Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995): bit j of a coordinate
 * is flipped or not by a random bit of its own for each value of the bits before it. Here the random bit is addressed,
 * not stored. Each point is uniform in the unit cube then, and the points keep their regularity. Points below 2^20
 * differ in the first 20 bits of each coordinate, so what comes after them is random anew for each point.
 */
#include "plan/design.h"

#include "outlay/scenario.h"

/* Bits in which points differ: room for OUTLAY_MAX_DRAWS of them. */
enum { BITS = 20 };

/* A primitive polynomial, with its highest and lowest coefficients as bits, and the first direction numbers. */
struct direction {
    uint32_t degree, polynomial, first[8];
};

/* Of the second dimension and those after it; in the first all m_k are 1 (van der Corput). */
static const struct direction directions[] = {
    {1, 3, {1}},
    {2, 7, {1, 3}},
    {3, 11, {1, 3, 1}},
    {3, 13, {1, 1, 1}},
    {4, 19, {1, 1, 3, 3}},
    {4, 25, {1, 3, 5, 13}},
    {5, 37, {1, 1, 5, 5, 17}},
    {5, 41, {1, 1, 5, 5, 5}},
    {5, 47, {1, 1, 7, 11, 19}},
    {5, 55, {1, 1, 5, 1, 1}},
    {5, 59, {1, 1, 1, 3, 11}},
    {5, 61, {1, 3, 5, 5, 31}},
    {6, 67, {1, 3, 3, 9, 7, 49}},
    {6, 91, {1, 1, 1, 15, 21, 21}},
    {6, 97, {1, 3, 1, 13, 27, 49}},
    {6, 103, {1, 1, 1, 15, 7, 5}},
    {6, 109, {1, 3, 1, 15, 13, 25}},
    {6, 115, {1, 1, 5, 5, 19, 61}},
    {7, 131, {1, 3, 7, 11, 23, 15, 103}},
    {7, 137, {1, 3, 7, 13, 13, 15, 69}},
    {7, 143, {1, 1, 3, 13, 7, 35, 63}},
    {7, 145, {1, 3, 5, 9, 1, 25, 53}},
    {7, 157, {1, 3, 1, 13, 9, 35, 107}},
    {7, 167, {1, 3, 1, 5, 27, 61, 31}},
    {7, 171, {1, 1, 5, 11, 19, 41, 61}},
    {7, 185, {1, 3, 5, 3, 3, 13, 69}},
    {7, 191, {1, 1, 7, 13, 1, 19, 1}},
    {7, 193, {1, 3, 7, 5, 13, 19, 59}},
    {7, 203, {1, 1, 3, 9, 25, 29, 41}},
    {7, 211, {1, 3, 5, 13, 23, 1, 55}},
    {7, 213, {1, 3, 7, 3, 13, 59, 17}},
    {7, 229, {1, 3, 1, 3, 5, 53, 69}},
    {7, 239, {1, 1, 5, 5, 23, 33, 13}},
    {7, 241, {1, 1, 7, 7, 1, 61, 123}},
    {7, 247, {1, 1, 7, 9, 13, 61, 49}},
    {7, 253, {1, 3, 3, 5, 3, 55, 33}},
    {8, 285, {1, 3, 1, 15, 31, 13, 49, 245}},
    {8, 299, {1, 3, 5, 15, 31, 59, 63, 97}},
    {8, 301, {1, 3, 1, 11, 11, 11, 77, 249}},
};
enum { N_DIMENSIONS = sizeof directions / sizeof *directions + 1 };

static uint32_t sobol_bits(size_t dimension, uint32_t index)
{
    uint32_t m[BITS] = {0}, bits = 0;
    for (uint32_t k = 0; k < BITS; k++) {
        const struct direction *direction = dimension > 0 ? &directions[dimension - 1] : NULL;
        if (direction == NULL) {
            m[k] = 1;
        } else if (k < direction->degree) {
            m[k] = direction->first[k];
        } else {
            const uint32_t degree = direction->degree, before = m[k - degree];
            m[k] = before ^ before << degree;
            for (uint32_t j = 1; j < degree; j++) {
                m[k] ^= (direction->polynomial >> (degree - j) & 1u) * (m[k - j] << j);
            }
        }
        bits ^= (index >> k & 1u) * (m[k] << (BITS - 1 - k));
    }
    return bits;
}

double outlay_sobol_at(size_t dimension, uint32_t index)
{
    return sobol_bits(dimension, index) * (1.0 / (1u << BITS));
}

static uint32_t scrambled(uint32_t bits, struct outlay_key key, uint32_t scramble)
{
    const uint32_t high = outlay_counter_high(OUTLAY_PURPOSE_SCRAMBLE, 0, 0);
    uint32_t flips = 0;
    for (uint32_t level = 0; level < BITS; level++) {
        const uint32_t before = bits >> (BITS - level);
        flips = flips << 1 | (outlay_block_at(key, level, before, scramble, high).word[0] & 1u);
    }
    return bits ^ flips;
}

static struct outlay_block random_bits(struct outlay_key key, uint32_t draw)
{
    return outlay_block_at(key, 0, 0, 0, outlay_counter_high(OUTLAY_PURPOSE_UNCERTAIN, 0, draw));
}

static double random_uniform(struct outlay_key key, size_t dimension, uint32_t draw)
{
    (void)dimension;
    const struct outlay_block bits = random_bits(key, draw);
    return outlay_uniform(bits.word[0], bits.word[1]);
}

static double sobol_uniform(struct outlay_key key, size_t dimension, uint32_t draw)
{
    if (dimension >= N_DIMENSIONS) {
        return random_uniform(key, dimension, draw);
    }
    const struct outlay_block bits = random_bits(key, draw);
    const uint32_t point = sobol_bits(dimension, draw / OUTLAY_N_SCRAMBLES);
    const uint32_t first = scrambled(point, key, draw % OUTLAY_N_SCRAMBLES);
    return outlay_uniform(first << (32 - BITS) | bits.word[0] >> BITS, bits.word[1]);
}

double outlay_design_uniform(enum outlay_design design, struct outlay_key key, size_t dimension, uint32_t draw)
{
    static double (*const designs[OUTLAY_N_DESIGNS])(struct outlay_key, size_t, uint32_t) = {
        [OUTLAY_DESIGN_RANDOM] = random_uniform,
        [OUTLAY_DESIGN_SOBOL] = sobol_uniform,
    };
    return designs[design](key, dimension, draw);
}
