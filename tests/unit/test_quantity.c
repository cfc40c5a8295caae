/*
 * test_quantity.c: numbers as people write them become the nearest double, everything else is refused, and money in
 * words shows a tenfold slip. Expected values are decimal literals that the compiler converts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "outlay/quantity.h"

static void test_good_numbers(void **state)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0.0},
        {"-0.5", -0.5},
        {"+7", 7.0},
        {"1700", 1700.0},
        {"5e9", 5e9},
        {"5E-3", 5e-3},
        {"5_000_000_000", 5e9},
        {"1_0.2_5", 10.25},
        {".5", 0.5},
        {"5.", 5.0},
        {"5 bn", 5e9},
        {"5bn", 5e9},
        {"10 M", 10e6},
        {"500 k", 500e3},
        {"50亿", 5e9},
        {"50 亿", 5e9},
        {"500万", 5e6},
        {"50%", 0.5},
        {"50 %", 0.5},
        {"  12  ", 12.0},
        {"1e3 k", 1e6},
        /* digits and unit are converted together: 0.29 * 1e6 would be 290000.00000000006 or 289999.99999999994 */
        {"0.29 M", 290000.0},
        {"1.1 bn", 1100000000.0},
        {"0.07%", 0.0007},
        {"4.35亿", 435000000.0},
        {"1e-400", 0.0},
        {"17976931348623157e292", DBL_MAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = -1.0;
        if (!outlay_quantity_parse(cases[i].text, &value) || value != cases[i].value) {
            fail_msg("`%s` gave %.17g, not %.17g", cases[i].text, value, cases[i].value);
        }
    }
}

static void test_bad_numbers(void **state)
{
    static const char *const cases[] = {
        "",        " ",     "x",     "k",   "nan", "NaN",  ".nan",  "inf",       "-.inf", "1e309",
        "1e308 k", "1..2",  "1.2.3", "_1",  "1_",  "1__0", "1,700", "5 billion", "5 m",   "5 K",
        "5 bn bn", "5 b n", "0x10",  "1e",  "1e+", "--1",  "+-1",   "1 2",       "五",    "5 億",
        "50%%",    "1e5_0", "$5",    "- 5", ".",   "-",    "e5",    "1d5",       "1f",    "5 bnx",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 42.0;
        if (outlay_quantity_parse(cases[i], &value)) {
            fail_msg("`%s` was taken for %.17g", cases[i], value);
        }
        assert_true(value == 42.0);
    }
}

static void test_very_long_numbers(void **state)
{
    char text[2000];
    double value = 0.0;
    (void)state;
    memset(text, '9', sizeof text);
    text[300] = '\0';
    assert_true(outlay_quantity_parse(text, &value));
    assert_true(value == 1e300);
    text[300] = '9';
    text[sizeof text - 1] = '\0';
    assert_false(outlay_quantity_parse(text, &value));
    assert_false(outlay_quantity_parse("1e99999999999999999999", &value));
    assert_true(outlay_quantity_parse("1e-99999999999999999999", &value));
    assert_true(value == 0.0);
}

static void test_fen(void **state)
{
    (void)state;
    assert_true(outlay_fen_from_units(5e9) == 5e11);
    assert_true(outlay_fen_from_units(0.29) == 29.0); /* 0.29 * 100 is 28.999999999999996 */
    assert_true(outlay_fen_from_units(-1.005) == -100.0 || outlay_fen_from_units(-1.005) == -101.0);
    assert_true(outlay_fen_from_units(0.004) == 0.0);
}

static void check_words(double fen, const char *currency, const char *expected)
{
    char buffer[128];
    assert_string_equal(outlay_money_words(fen, currency, buffer, sizeof buffer), expected);
}

static void test_words(void **state)
{
    (void)state;
    check_words(5e11, "CNY", "5.00 bn CNY = 50.0亿");
    check_words(5e10, "CNY", "500 M CNY = 5.00亿");
    check_words(1e9, "CNY", "10.0 M CNY = 1000万");
    check_words(4e8, "CNY", "4.00 M CNY = 400万");
    check_words(5e7, "CNY", "500 k CNY = 50.0万");
    check_words(1e6, "CNY", "10.0 k CNY = 1.00万");
    check_words(5e5, "CNY", "5.00 k CNY");
    check_words(5e11, "EUR", "5.00 bn EUR");
    check_words(0.0, "CNY", "0 CNY");
    check_words(12345.0, "CNY", "123.45 CNY");
    check_words(-5e11, "CNY", "-5.00 bn CNY = -50.0亿");
    check_words(1e15, "CNY", "10000 bn CNY = 100000亿");
}

/* A number that rounds up to the next unit takes that unit: never "1000 M". */
static void test_words_at_the_edges(void **state)
{
    char buffer[128];
    (void)state;
    assert_string_equal(outlay_money_short(99949e2, "EUR", buffer, sizeof buffer), "99.9 k EUR");
    assert_string_equal(outlay_money_short(99951e2, "EUR", buffer, sizeof buffer), "100 k EUR");
    assert_string_equal(outlay_money_short(999499e2, "EUR", buffer, sizeof buffer), "999 k EUR");
    assert_string_equal(outlay_money_short(999501e2, "EUR", buffer, sizeof buffer), "1.00 M EUR");
    assert_string_equal(outlay_money_short(9.995e10, "EUR", buffer, sizeof buffer), "1.00 bn EUR");
    assert_string_equal(outlay_money_short(999e2, "EUR", buffer, sizeof buffer), "999 EUR");
    /* the buffer's end is respected, and DBL_MAX does no harm */
    assert_int_equal(strlen(outlay_money_short(5e11, "CNY", buffer, 6)), 5);
    (void)outlay_money_words(DBL_MAX, "CNY", buffer, sizeof buffer);
    assert_true(strlen(buffer) < sizeof buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_numbers),
        cmocka_unit_test(test_bad_numbers),
        cmocka_unit_test(test_very_long_numbers),
        cmocka_unit_test(test_fen),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_words_at_the_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
