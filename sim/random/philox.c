/* philox.c: addressed random bits (Random123's Philox4x32-10). */
#include <Random123/philox.h>

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

void outlay_blocks_at(struct outlay_key key, int n, const uint32_t block[], const uint32_t entity[], uint32_t replicate,
                      uint32_t high, uint32_t w0[], uint32_t w1[], uint32_t w2[], uint32_t w3[])
{
    for (int i = 0; i < n; i++) {
        const struct outlay_block bits = philox(key, block[i], entity[i], replicate, high);
        w0[i] = bits.word[0];
        w1[i] = bits.word[1];
        w2[i] = bits.word[2];
        w3[i] = bits.word[3];
    }
}

double outlay_uniform(uint32_t high, uint32_t low)
{
    const uint64_t bits = (uint64_t)high << 20 | low >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}

double outlay_uniform32(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}
