/*
 * vector.h: one loop, compiled for several instruction sets.
 *
 * The machine that the program runs on picks the widest version that it has when the program is loaded: AVX-512, AVX2
 * or the baseline. There is one source for all of them, and every one of them computes the same bits: each operation is
 * rounded by itself (-ffp-contract=off), lanes never mix, and nothing is added up in another order.
 */
#ifndef OUTLAY_BASE_VECTOR_H
#define OUTLAY_BASE_VECTOR_H

/* In front of a function without calls into the C library, made of loops over arrays that do not overlap. */
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

#endif
