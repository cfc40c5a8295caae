/*
 * test_csv.c: fields of a table as RFC 4180 has them, and numbers that read back to the same bits.
 *
 * Known answers: the examples of RFC 4180, section 2; decimal fractions; strtod for everything else.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "outlay/date.h"
#include "results/csv.h"
#include "results/paths.h"
#include "results/table.h"

/* What one field is written as; its end of line is cut off. */
static char *text_of(const char *text, void (*put)(struct outlay_csv *, double), double value)
{
    char *written = NULL;
    size_t size = 0;
    struct outlay_csv csv = {.out = open_memstream(&written, &size)};
    assert_non_null(csv.out);
    if (put != NULL) {
        put(&csv, value);
    } else {
        outlay_csv_text(&csv, text);
    }
    outlay_csv_end(&csv);
    assert_int_equal(fclose(csv.out), 0);
    assert_true(size >= 2 && strcmp(written + size - 2, "\r\n") == 0);
    written[size - 2] = '\0';
    return written;
}

static void assert_text(const char *text, const char *expected)
{
    char *written = text_of(text, NULL, 0.0);
    assert_string_equal(written, expected);
    free(written);
}

static void assert_value(void (*put)(struct outlay_csv *, double), double value, const char *expected)
{
    char *written = text_of(NULL, put, value);
    assert_string_equal(written, expected);
    free(written);
}

static void test_quotes_only_where_needed(void **state)
{
    (void)state;
    assert_text("", "");
    assert_text("plain text; with 'these' and \t that", "plain text; with 'these' and \t that");
    assert_text("aaa,bbb", "\"aaa,bbb\"");
    assert_text("b\"bb", "\"b\"\"bb\"");
    assert_text("\"", "\"\"\"\"");
    assert_text("b\r\nbb", "\"b\r\nbb\"");
    assert_text("训力券，深圳", "训力券，深圳"); /* a comma of another alphabet */
}

static void test_a_row(void **state)
{
    (void)state;
    char *written = NULL;
    size_t size = 0;
    struct outlay_csv csv = {.out = open_memstream(&written, &size)};
    const int32_t first_day = outlay_date_to_day((struct outlay_date){2025, 1, 1});
    assert_non_null(csv.out);
    outlay_csv_text(&csv, "a");
    outlay_csv_number(&csv, (double)NAN);
    outlay_csv_date(&csv, first_day, 58.0);
    outlay_csv_date(&csv, first_day, (double)NAN);
    outlay_csv_date(&csv, first_day, 1e300);
    outlay_csv_end(&csv);
    outlay_csv_money(&csv, (double)NAN);
    outlay_csv_money(&csv, (double)INFINITY);
    outlay_csv_end(&csv);
    assert_int_equal(fclose(csv.out), 0);
    assert_string_equal(written, "a,,2025-02-28,,\r\n,\r\n");
    free(written);
}

static void test_numbers(void **state)
{
    (void)state;
    assert_value(outlay_csv_number, 0.0, "0");
    assert_value(outlay_csv_number, 7.0, "7");
    assert_value(outlay_csv_number, -120.0, "-120");
    assert_value(outlay_csv_number, 9007199254740992.0, "9007199254740992");
    assert_value(outlay_csv_number, 0.1, "0.1");
    assert_value(outlay_csv_number, 1.0 / 3.0, "0.3333333333333333");
    assert_value(outlay_csv_money, 0.0, "0.00");
    assert_value(outlay_csv_money, 0.05, "0.05");
    assert_value(outlay_csv_money, 5e9, "5000000000.00");
    assert_value(outlay_csv_money, -1234567.8, "-1234567.80");
    assert_value(outlay_csv_money, 90071992547409.92, "90071992547409.92");
    assert_value(outlay_csv_money, 0.125, "0.125"); /* no whole fen: a mean */
}

/* Every fen near a few sums, and doubles of any bits, come back to the bit. */
static void test_all_read_back(void **state)
{
    (void)state;
    const double sums[] = {0.0, 1e4, 123456789.0, 5e9, 8.9e13};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        for (int fen = 0; fen < 300; fen++) {
            const double value = (sums[i] * 100.0 + fen) / 100.0;
            char *written = text_of(NULL, outlay_csv_money, value);
            const char *point = strchr(written, '.');
            assert_true(point != NULL && strlen(point) == 3 && strtod(written, NULL) == value);
            free(written);
        }
    }
    uint64_t bits = 42;
    for (int i = 0; i < 20000; i++) {
        bits = bits * 6364136223846793005u + 1442695040888963407u; /* Knuth, MMIX */
        const uint64_t mixed = bits ^ bits >> 29;
        double value;
        memcpy(&value, &mixed, sizeof value);
        char *written = text_of(NULL, i % 2 == 0 ? outlay_csv_number : outlay_csv_money, value);
        assert_true(isfinite(value) ? strtod(written, NULL) == value : written[0] == '\0');
        free(written);
    }
}

/* Windows cover every path once, in order, whatever fits into one. */
static void test_windows(void **state)
{
    (void)state;
    for (size_t n_most = 1; n_most <= 40; n_most++) {
        for (int n_paths = 0; n_paths <= 35; n_paths++) {
            const struct outlay_answer answer = {.n_draws = 5, .n_replicates = 7, .n_paths = n_paths};
            struct outlay_window window = {0};
            hsize_t next = 0;
            while (outlay_window_next(&window, &answer, n_most)) {
                assert_true(window.n >= 1 && window.n <= n_most && window.n == window.count[0] * window.count[1]);
                assert_int_equal(window.start[0] * 7 + window.start[1], next);
                assert_true(window.count[0] == 1 || (window.start[1] == 0 && window.count[1] == 7));
                assert_true(window.start[1] + window.count[1] <= 7);
                next += window.n;
            }
            assert_int_equal(next, n_paths);
        }
    }
    const struct outlay_answer broken[] = {
        {.n_draws = (double)NAN, .n_replicates = 7, .n_paths = 7},
        {.n_draws = 1e300, .n_replicates = 1e300, .n_paths = 1e300},
        {.n_draws = -1, .n_replicates = -7, .n_paths = 7},
        {.n_draws = 5, .n_replicates = 7, .n_paths = 35, .is_exact = true},
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct outlay_window window = {0};
        assert_false(outlay_window_next(&window, &broken[i], 10));
    }
}

static void test_names_and_cuts(void **state)
{
    (void)state;
    char name[OUTLAY_RESULT_NAME], text[] = "深圳 ab";
    assert_string_equal(outlay_result_name("results/a.b.h5", name), "a.b");
    assert_string_equal(outlay_result_name("a.h5.partial", name), "a");
    assert_string_equal(outlay_result_name("/x/y.nc", name), "y");
    assert_string_equal(outlay_result_name(".h5", name), ".h5");
    outlay_text_cut(text, 7);
    assert_string_equal(text, "深圳 ab");
    outlay_text_cut(text, 5);
    assert_string_equal(text, "深圳 ");
    outlay_text_cut(text, 3); /* a wide character is not cut in two */
    assert_string_equal(text, "深");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes_only_where_needed),
        cmocka_unit_test(test_a_row),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_all_read_back),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_names_and_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
