/* philox.c: addressed random bits (Random123's Philox4x32-10). */
#include <Random123/philox.h>

#include "base/vector.h"
#include "outlay/random.h"

/* Widths of the fields in the fourth counter word; the bounds in scenario.h fit into them. */
#define DRAW_BITS 20
#define YEAR_BITS 6

_Static_assert(OUTLAY_N_PURPOSES <= 64, "the purpose has six bits of the counter");

static struct outlay_block philox(struct outlay_key key, uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3)
{
    const philox4x32_ctr_t counter = {{c0, c1, c2, c3}};
    const philox4x32_key_t words = {{key.word[0], key.word[1]}};
    const philox4x32_ctr_t bits = philox4x32(counter, words);
    return (struct outlay_block){{bits.v[0], bits.v[1], bits.v[2], bits.v[3]}};
}

struct outlay_key outlay_key_from_seed(uint64_t seed)
{
    return (struct outlay_key){{(uint32_t)seed, (uint32_t)(seed >> 32)}};
}

struct outlay_key outlay_key_fold(struct outlay_key parent, const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a, 64 bits */
    for (const char *c = name; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    }
    /* the fourth word is one that no stream uses: its purpose would be the last of 64 */
    const struct outlay_block block = philox(parent, (uint32_t)hash, (uint32_t)(hash >> 32), 0, UINT32_MAX);
    return (struct outlay_key){{block.word[0], block.word[1]}};
}

uint32_t outlay_counter_high(enum outlay_purpose purpose, uint32_t year, uint32_t draw)
{
    return (uint32_t)purpose << (DRAW_BITS + YEAR_BITS) | year << DRAW_BITS | draw;
}

struct outlay_block outlay_block_at(struct outlay_key key, uint32_t block, uint32_t entity, uint32_t replicate,
                                    uint32_t high)
{
    return philox(key, block, entity, replicate, high);
}

/*
 * Random123's ten rounds in a form that compilers vectorise: a 32-bit word in each 64-bit lane. The multipliers are
 * read at run time because a compiler that knows them replaces the one multiplication by many shifts and additions.
 */
OUTLAY_VECTORISED
static void make_blocks(struct outlay_key key, int n, const uint32_t *restrict block, const uint32_t *restrict entity,
                        uint32_t replicate, uint32_t high, uint32_t *restrict w0, uint32_t *restrict w1,
                        uint32_t *restrict w2, uint32_t *restrict w3)
{
    const volatile uint64_t multiplier_0 = PHILOX_M4x32_0, multiplier_1 = PHILOX_M4x32_1;
    const uint64_t m0 = multiplier_0, m1 = multiplier_1, low = UINT32_MAX;
    for (int i = 0; i < n; i++) {
        uint64_t c0 = block[i], c1 = entity[i], c2 = replicate, c3 = high;
        uint32_t k0 = key.word[0], k1 = key.word[1];
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            const uint64_t product_0 = c0 * m0, product_1 = c2 * m1;
            c0 = (product_1 >> 32) ^ c1 ^ k0;
            c1 = product_1 & low;
            c2 = (product_0 >> 32) ^ c3 ^ k1;
            c3 = product_0 & low;
            k0 += PHILOX_W32_0;
            k1 += PHILOX_W32_1;
        }
        w0[i] = (uint32_t)c0;
        w1[i] = (uint32_t)c1;
        w2[i] = (uint32_t)c2;
        w3[i] = (uint32_t)c3;
    }
}

void outlay_blocks_at(struct outlay_key key, int n, const uint32_t block[], const uint32_t entity[], uint32_t replicate,
                      uint32_t high, uint32_t w0[], uint32_t w1[], uint32_t w2[], uint32_t w3[])
{
    make_blocks(key, n, block, entity, replicate, high, w0, w1, w2, w3);
}

OUTLAY_VECTORISED
static void make_uniforms(int n, const uint32_t *restrict high, const uint32_t *restrict low, double *restrict u)
{
    for (int i = 0; i < n; i++) {
        u[i] = outlay_uniform(high[i], low[i]);
    }
}

void outlay_uniforms(int n, const uint32_t high[], const uint32_t low[], double u[])
{
    make_uniforms(n, high, low, u);
}
