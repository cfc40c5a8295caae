/*
 * test_order.c: putting numbers in order, for the applicants' sums and for the queues.
 *
 * Known answers: the C library's qsort, of the numbers and of (number, place).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "outlay/random.h"
#include "replicate/stages.h"

enum { N = 6000 };

/* Kinds of numbers by what is hard about them, all above 0. */
enum kind { WIDE, NARROW, AT_A_CAP, ONE_FAR_OFF, ALL_EQUAL, RISING, FALLING, N_KINDS };

static void fill(enum kind kind, int n, double values[])
{
    const struct outlay_key key = outlay_key_from_seed(7);
    for (int i = 0; i < n; i++) {
        const struct outlay_block bits = outlay_block_at(key, (uint32_t)i, (uint32_t)n, 0, 0);
        const double u = outlay_uniform(bits.word[0], bits.word[1]);
        const double by_kind[N_KINDS] = {
            [WIDE] = 1.0 / u,
            [NARROW] = 1e9 + floor(1e6 * u),
            [AT_A_CAP] = fmin(3e8 / u, 1e9),
            [ONE_FAR_OFF] = i == n / 2 ? 1.0 : 1e9 + floor(1e3 * u),
            [ALL_EQUAL] = 5e8,
            [RISING] = i + 1.0,
            [FALLING] = n - i,
        };
        values[i] = by_kind[kind];
    }
}

struct placed {
    double number;
    size_t place;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->number != y->number) {
        return x->number < y->number ? -1 : 1;
    }
    return x->place < y->place ? -1 : x->place > y->place;
}

static void assert_put_in_order(enum kind kind, size_t n)
{
    static double values[N], copy[N], room[N];
    static uint32_t end[OUTLAY_MAX_BUCKETS + 1];
    static struct placed known[N];
    static size_t index[N];
    fill(kind, (int)n, values);
    memcpy(copy, values, sizeof copy);
    for (size_t i = 0; i < n; i++) {
        known[i] = (struct placed){values[i], i};
    }
    qsort(known, n, sizeof *known, compare_placed);
    outlay_sort_index(values, n, index);
    const double *sorted = outlay_sort(copy, n, room, end);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(index[k], known[k].place);
        assert_true(sorted[k] == known[k].number);
    }
}

static void test_every_kind_is_put_in_order(void **state)
{
    (void)state;
    static const size_t size[] = {0, 1, 2, 3, 5, 31, 32, 33, 34, 63, 64, 65, 500, 1023, 1024, 1025, N};
    for (enum kind kind = 0; kind < N_KINDS; kind++) {
        for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
            assert_put_in_order(kind, size[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_is_put_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
