/*
 * test_chart.c: charts in text. Known answers are drawn by hand: few days, a column each, and money in steps of a row.
 * What no hand can draw is held to its bounds: any width, any year, both styles, nonsense.
 */
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
#include "results/chart.h"
#include "results/table.h"

enum { MOST_DAYS = 366 };

static const struct outlay_chart_options plain = {OUTLAY_CHART_ASCII, 40}, blocks = {OUTLAY_CHART_UNICODE, 40};

static int32_t day_of(int year, int month, int day)
{
    return outlay_date_to_day((struct outlay_date){year, month, day});
}

/* What a chart printed; to be freed. */
static char *histogram(const struct outlay_chart_options *options, struct outlay_chart_days days, const double p_by[])
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    outlay_chart_histogram(options, days, p_by, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *fan(const struct outlay_chart_options *options, struct outlay_chart_days days, const double quantiles[],
                 double money)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const struct outlay_chart_budget budget = {money, "budget", "CNY"};
    assert_non_null(out);
    outlay_chart_fan(options, days, quantiles, &budget, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_drawn(char *text, const char *expected)
{
    assert_string_equal(text, expected);
    free(text);
}

/* Ten days from 28 January: 10, 20, 40 and 10 % on the second, fourth, fifth and ninth; 40 % fill eight rows. */
static void test_histogram_by_hand(void **state)
{
    (void)state;
    const double p_by[] = {0.0, 0.1, 0.1, 0.3, 0.7, 0.7, 0.7, 0.7, 0.8, 0.8};
    const struct outlay_chart_days days = {day_of(2025, 1, 28), 10};
    assert_drawn(histogram(&plain, days, p_by), "  When it is exhausted (never: 20.00 %)\n"
                                                "  probability of each day\n"
                                                "         40 % |    #\n"
                                                "              |    #\n"
                                                "              |    #\n"
                                                "              |    #\n"
                                                "              |   ##\n"
                                                "              |   ##\n"
                                                "              | # ##   #\n"
                                                "              | # ##   #\n"
                                                "              +----+-----\n"
                                                "                   Feb\n");
}

/* 32, 2, 13 and next to no parts of 64: in eighths of a row 64, 4, 26 and at least one. */
static void test_eighths(void **state)
{
    (void)state;
    const double p_by[] = {0.5, 0.53125, 0.734375, 0.734376};
    const struct outlay_chart_days days = {day_of(2025, 12, 30), 4};
    assert_drawn(histogram(&blocks, days, p_by), "  When it is exhausted (never: 26.56 %)\n"
                                                 "  probability of each day\n"
                                                 "         50 % │█\n"
                                                 "              │█\n"
                                                 "              │█\n"
                                                 "              │█\n"
                                                 "              │█ ▂\n"
                                                 "              │█ █\n"
                                                 "              │█ █\n"
                                                 "              │█▄█▁\n"
                                                 "              └──┬─\n"
                                                 "                 Jan\n");
}

/* All on one day of a whole year: one column of 15 days, of 25 that there is room for. */
static void test_one_day_of_a_year(void **state)
{
    (void)state;
    double p_by[MOST_DAYS];
    const struct outlay_chart_days days = {day_of(2025, 1, 1), 365};
    for (int day = 0; day < 365; day++) {
        p_by[day] = day >= 150 ? 1.0 : 0.0; /* the first day of the eleventh column */
    }
    assert_drawn(histogram(&plain, days, p_by), "  When it is exhausted (never: 0.00 %)\n"
                                                "  probability of each 15 days\n"
                                                "        100 % |          #\n"
                                                "              |          #\n"
                                                "              |          #\n"
                                                "              |          #\n"
                                                "              |          #\n"
                                                "              |          #\n"
                                                "              |          #\n"
                                                "              |          #\n"
                                                /* 1st of the months: days 0 31 59 90 120 151 181 212 243 273 304 334 */
                                                "              ++-++--+-+-+-+-+-+-+-+-+--\n"
                                                "               Jan   Apr Jun Aug Oct Dec\n");
}

static void test_never(void **state)
{
    (void)state;
    const double none[] = {0.0, 0.0, 0.0};
    const struct outlay_chart_days days = {day_of(2025, 1, 1), 3};
    assert_drawn(histogram(&plain, days, none), "  Never exhausted: no dates to draw\n");
}

/* Money in steps of 10 to 130: a row each. Days 1 to 5 March. */
static void test_fan_by_hand(void **state)
{
    (void)state;
    const double quantiles[OUTLAY_N_FAN][5] = {
        {0, 0, 10, 20, 100},  /*  5 % */
        {0, 10, 20, 30, 110}, /* 25 % */
        {0, 10, 30, 60, 120}, /* 50 % */
        {0, 20, 40, 70, 130}, /* 75 % */
        {0, 30, 60, 90, 130}, /* 95 % */
    };
    const struct outlay_chart_days days = {day_of(2025, 3, 1), 5};
    assert_drawn(fan(&plain, days, quantiles[0], 130.0), "  Committed since the fiscal year began\n"
                                                         "      130 CNY |====:\n"
                                                         "              |    #\n"
                                                         "              |    #\n"
                                                         "              |    #\n"
                                                         "              |   .#\n"
                                                         "              |   .#\n"
                                                         "       70 CNY |   :#\n"
                                                         "              |  .#\n"
                                                         "              |  .#\n"
                                                         "              |  :#\n"
                                                         "              | .#:\n"
                                                         "              | :#.\n"
                                                         "              | #.\n"
                                                         "            0 |#.\n"
                                                         "              ++----\n"
                                                         "               Mar\n"
                                                         "               . 5 to 95 %  : 25 to 75 %\n"
                                                         "               # median\n"
                                                         "               = budget 130 CNY\n");
}

/* No budget line where there is no limit; the highest quantile has the top row. */
static void test_fan_without_limit(void **state)
{
    (void)state;
    const double quantiles[OUTLAY_N_FAN] = {130, 130, 130, 130, 130}, none[OUTLAY_N_FAN] = {0};
    const struct outlay_chart_days days = {day_of(2025, 3, 2), 1};
    char *text = fan(&blocks, days, quantiles, (double)NAN);
    assert_non_null(strstr(text, "130 CNY │█\n"));
    assert_null(strstr(text, "budget"));
    free(text);
    assert_drawn(fan(&blocks, days, none, (double)NAN), "  Nothing is committed, and no budget\n");
}

/* No line is wider than the terminal, and none ends in a blank. */
static void assert_fits(char *text, int width)
{
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        assert_true(outlay_text_width(line) <= width);
        assert_true(end == line || end[-1] != ' ');
    }
    free(text);
}

static void test_any_width(void **state)
{
    (void)state;
    double p_by[MOST_DAYS], quantiles[OUTLAY_N_FAN * MOST_DAYS];
    for (int width = 40; width <= 230; width += 19) {
        for (int year = 2023; year <= 2024; year++) {
            const struct outlay_chart_days days = {day_of(year, 7, 1), 365 + (year == 2023)};
            for (int i = 0; i < OUTLAY_N_FAN * days.n_days; i++) {
                const int quantile = i / days.n_days, day = i % days.n_days;
                quantiles[i] = 1e9 * day * (1 + quantile);
                p_by[day] = (double)day / days.n_days;
            }
            for (int style = OUTLAY_CHART_ASCII; style <= OUTLAY_CHART_UNICODE; style++) {
                const struct outlay_chart_options options = {(enum outlay_chart_style)style, width};
                assert_fits(histogram(&options, days, p_by), width);
                assert_fits(fan(&options, days, quantiles, 5e11), width);
            }
        }
    }
}

/* A damaged file may hold anything: nothing is written beyond a chart. */
static void test_nonsense(void **state)
{
    (void)state;
    const double values[OUTLAY_N_FAN * 2] = {1e300, -1e300, 5e-324, 1e308, -5.0, 0.0, 1e-300, 7.0, 1e-320, 1e-310};
    const struct outlay_chart_days days = {day_of(2025, 1, 1), 2};
    for (int i = -1; i <= 1; i++) {
        const struct outlay_chart_options options = {OUTLAY_CHART_ASCII, i * 1000000};
        assert_fits(fan(&options, days, values, i * 1e-300), 200);
        assert_fits(histogram(&options, days, values + 3 + i), 400); /* probabilities of many digits */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histogram_by_hand), cmocka_unit_test(test_eighths),
        cmocka_unit_test(test_one_day_of_a_year), cmocka_unit_test(test_never),
        cmocka_unit_test(test_fan_by_hand),       cmocka_unit_test(test_fan_without_limit),
        cmocka_unit_test(test_any_width),         cmocka_unit_test(test_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
