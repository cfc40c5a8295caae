/*
 * test_date.c: dates against the C library's own calendar and against days of the week and leap years that are known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "outlay/date.h"

static void test_known_days(void **state)
{
    (void)state;
    assert_int_equal(outlay_date_to_day((struct outlay_date){1970, 1, 1}), 0);
    assert_int_equal(outlay_date_to_day((struct outlay_date){2000, 3, 1}), 11017);
    assert_int_equal(outlay_date_to_day((struct outlay_date){1969, 12, 31}), -1);
    assert_int_equal(outlay_date_weekday(0), 3);                                                    /* a Thursday */
    assert_int_equal(outlay_date_weekday(outlay_date_to_day((struct outlay_date){2025, 3, 3})), 0); /* a Monday */
    assert_int_equal(outlay_date_weekday(outlay_date_to_day((struct outlay_date){1900, 1, 1})), 0);
}

/* Every day of the years that a scenario may name, there and back, and as gmtime_r has it. */
static void test_every_day(void **state)
{
    (void)state;
    const int32_t first = outlay_date_to_day((struct outlay_date){1900, 1, 1});
    const int32_t last = outlay_date_to_day((struct outlay_date){2200, 12, 31});
    for (int32_t day = first; day <= last; day++) {
        const struct outlay_date date = outlay_date_from_day(day);
        const time_t seconds = (time_t)day * 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        if (date.year != tm.tm_year + 1900 || date.month != tm.tm_mon + 1 || date.day != tm.tm_mday ||
            outlay_date_weekday(day) != (tm.tm_wday + 6) % 7 || outlay_date_to_day(date) != day ||
            !outlay_date_is_valid(date)) {
            fail_msg("day %d is %d-%d-%d", day, date.year, date.month, date.day);
        }
    }
}

static void test_parse(void **state)
{
    static const char *const bad[] = {
        "",           "2025",       "2025-1-01",   "2025-01-1",   "2025-02-29",          "2025-02-30",
        "2025-13-01", "2025-00-10", "2025-01-00",  "2025-01-32",  "1899-12-31",          "2201-01-01",
        "2025/01/01", "20250101",   "2025-01-01 ", " 2025-01-01", "2025-01-01T00:00:00", "２０２５-01-01",
        "1900-02-29", "-025-01-01"};
    struct outlay_date date = {1, 2, 3};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (outlay_date_parse(bad[i], &date)) {
            fail_msg("`%s` was taken for a date", bad[i]);
        }
        assert_int_equal(date.year, 1);
    }
    assert_true(outlay_date_parse("2024-02-29", &date));
    assert_int_equal(date.year, 2024);
    assert_int_equal(date.month, 2);
    assert_int_equal(date.day, 29);
    assert_true(outlay_date_parse("2000-02-29", &date));
    assert_true(outlay_date_parse("1900-01-01", &date));
    assert_true(outlay_date_parse("2200-12-31", &date));
}

static void test_text(void **state)
{
    char buffer[16];
    (void)state;
    const int32_t day = outlay_date_to_day((struct outlay_date){2025, 10, 4});
    assert_string_equal(outlay_date_iso(day, buffer), "2025-10-04");
    assert_string_equal(outlay_date_words(day, buffer), "4 Oct 2025");
}

static void test_add_years(void **state)
{
    (void)state;
    struct outlay_date date = outlay_date_add_years((struct outlay_date){2024, 2, 29}, 1);
    assert_int_equal(outlay_date_to_day(date), outlay_date_to_day((struct outlay_date){2025, 3, 1}));
    date = outlay_date_add_years((struct outlay_date){2024, 2, 29}, 4);
    assert_int_equal(date.day, 29);
    date = outlay_date_add_years((struct outlay_date){2025, 4, 6}, 0);
    assert_int_equal(date.year, 2025);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_days), cmocka_unit_test(test_every_day), cmocka_unit_test(test_parse),
        cmocka_unit_test(test_text),       cmocka_unit_test(test_add_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
