/*
 * vector.h: one loop, compiled for several instruction sets.
 *
 * The machine that the program runs on picks the widest version that it has when the program is loaded: AVX-512, AVX2
 * or the baseline. There is one source for all of them, and every one of them computes the same bits: each operation is
 * rounded by itself (-ffp-contract=off), lanes never mix, and nothing is added up in another order.
 */
#ifndef OUTLAY_BASE_VECTOR_H
#define OUTLAY_BASE_VECTOR_H

#include <stddef.h>

/*
 * In front of a static function without calls into the C library, made of loops over arrays that do not overlap.
 * (Others than static ones get a name from clang 14 by which no other file finds them.)
 */
#if defined(OUTLAY_ONE_VARIANT) || !defined(__x86_64__) || !defined(__ELF__)
#define OUTLAY_VECTORISED
#elif defined(__clang__)
#define OUTLAY_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define OUTLAY_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#endif

/* The lesser and the greater of two numbers, neither of them NAN; unlike fmin and fmax one instruction each. */
static inline double outlay_lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double outlay_greater(double a, double b)
{
    return a > b ? a : b;
}

/* Eight minima and maxima at a time: the least and the greatest are the same in any order. */
enum { OUTLAY_LANES = 8 };

/* The least and the greatest of n values, n >= 1, none of them NAN. For functions that are OUTLAY_VECTORISED. */
static inline void outlay_find_range(size_t n, const double *restrict values, double *restrict least,
                                     double *restrict greatest)
{
    double min[OUTLAY_LANES], max[OUTLAY_LANES];
    for (size_t lane = 0; lane < OUTLAY_LANES; lane++) {
        min[lane] = values[lane < n ? lane : 0];
        max[lane] = min[lane];
    }
    for (size_t first = OUTLAY_LANES; first + OUTLAY_LANES <= n; first += OUTLAY_LANES) {
        for (size_t lane = 0; lane < OUTLAY_LANES; lane++) {
            min[lane] = outlay_lesser(min[lane], values[first + lane]);
            max[lane] = outlay_greater(max[lane], values[first + lane]);
        }
    }
    for (size_t i = n / OUTLAY_LANES * OUTLAY_LANES; i < n; i++) {
        min[0] = outlay_lesser(min[0], values[i]);
        max[0] = outlay_greater(max[0], values[i]);
    }
    for (size_t lane = 1; lane < OUTLAY_LANES; lane++) {
        min[0] = outlay_lesser(min[0], min[lane]);
        max[0] = outlay_greater(max[0], max[lane]);
    }
    *least = min[0];
    *greatest = max[0];
}

#endif
