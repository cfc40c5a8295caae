/*
 * test_calendar.c: working-day calendars. The days of China's calendar are counted against the numbers of working days
 * that the State Council's notices imply for each month.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/calendar_file.h"
#include "outlay/date.h"

static int32_t day_of(int year, int month, int day)
{
    return outlay_date_to_day((struct outlay_date){year, month, day});
}

static struct outlay_calendar load(const char *name, int32_t first, int32_t n_days, struct outlay_diag *diag)
{
    struct outlay_calendar calendar;
    const outlay_err err = outlay_calendar_init(&calendar, name, first, n_days, NULL, diag);
    if (err != OUTLAY_OK) {
        fail_msg("%s: %s", name, diag->n_notes > 0 ? diag->notes[0].message : outlay_err_text(err));
    }
    return calendar;
}

static int count(const struct outlay_calendar *calendar, int32_t from, int32_t to)
{
    int n = 0;
    for (int32_t day = from; day < to; day++) {
        n += calendar->is_working[day - calendar->first_day];
    }
    return n;
}

static void test_plain_calendars(void **state)
{
    struct outlay_diag diag = {0};
    (void)state;
    struct outlay_calendar calendar = load("weekdays", day_of(2025, 1, 1), 365, &diag);
    assert_int_equal(count(&calendar, day_of(2025, 1, 1), day_of(2026, 1, 1)), 261);
    assert_int_equal(calendar.is_working[0], 1); /* a Wednesday */
    assert_int_equal(calendar.is_working[3], 0); /* a Saturday */
    outlay_calendar_free(&calendar);
    assert_null(calendar.is_working);
    outlay_calendar_free(&calendar);

    calendar = load("all_days", day_of(2025, 1, 1), 365, &diag);
    assert_int_equal(count(&calendar, day_of(2025, 1, 1), day_of(2026, 1, 1)), 365);
    outlay_calendar_free(&calendar);
    assert_int_equal(diag.n_notes, 0);
}

static void test_china(void **state)
{
    static const int working_days[2][12] = {{19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
                                            {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23}};
    struct outlay_diag diag = {0};
    (void)state;
    struct outlay_calendar calendar = load("china", day_of(2025, 1, 1), 730, &diag);
    for (int year = 2025; year <= 2026; year++) {
        for (int month = 1; month <= 12; month++) {
            const int32_t from = day_of(year, month, 1);
            const int32_t to = month < 12 ? day_of(year, month + 1, 1) : day_of(year + 1, 1, 1);
            assert_int_equal(count(&calendar, from, to), working_days[year - 2025][month - 1]);
        }
        assert_int_equal(count(&calendar, day_of(year, 1, 1), day_of(year + 1, 1, 1)), 248);
    }
    assert_int_equal(calendar.is_working[day_of(2025, 1, 26) - calendar.first_day], 1); /* a Sunday, made up */
    assert_int_equal(calendar.is_working[day_of(2025, 10, 8) - calendar.first_day], 0); /* a Wednesday, off */
    assert_int_equal(diag.n_notes, 0);
    outlay_calendar_free(&calendar);
}

/* Beyond what a file covers, weekdays count, and that is said once. */
static void test_not_covered(void **state)
{
    struct outlay_diag diag = {0};
    (void)state;
    struct outlay_calendar calendar = load("china", day_of(2026, 7, 1), 365, &diag);
    assert_int_equal(diag.n_notes, 1);
    assert_int_equal(diag.n_errors, 0);
    assert_true(diag.notes[0].is_warning);
    assert_int_equal(calendar.is_working[day_of(2027, 1, 1) - calendar.first_day], 1); /* a Friday */
    assert_int_equal(calendar.is_working[day_of(2027, 1, 2) - calendar.first_day], 0);
    outlay_calendar_free(&calendar);
    outlay_diag_free(&diag);
}

static void test_file(void **state)
{
    struct outlay_diag diag = {0};
    (void)state;
    struct outlay_calendar calendar =
        load("tests/unit/data/calendars/four_day_week.yaml", day_of(2025, 1, 1), 365, &diag);
    /* 2025 has 52 Mondays, Tuesdays and Thursdays each, 53 Wednesdays; off: 1 January and 22-25, 29-31 December */
    assert_int_equal(count(&calendar, day_of(2025, 1, 1), day_of(2026, 1, 1)), 209 - 1 - 7 + 1);
    assert_int_equal(calendar.is_working[day_of(2025, 12, 19) - calendar.first_day], 1);
    assert_int_equal(diag.n_notes, 0);
    outlay_calendar_free(&calendar);
}

/* One text for each way in which a calendar file can be wrong. */
static void test_bad_files(void **state)
{
#define COVERS "covers: {from: 2025-01-01, to: 2025-12-31}\n"
    static const struct {
        const char *text;
        outlay_err err;
    } cases[] = {
        {"", OUTLAY_ERR_EMPTY_FILE},
        {"- 2025-01-01\n", OUTLAY_ERR_WRONG_TYPE},
        {"title: x\n", OUTLAY_ERR_MISSING_KEY},
        {"covers: 2025\n", OUTLAY_ERR_WRONG_TYPE},
        {"covers: {from: 2025-01-01}\n", OUTLAY_ERR_MISSING_KEY},
        {"covers: {from: 2025-01-01, to: 2024-01-01}\n", OUTLAY_ERR_CONTRADICTION},
        {"covers: {from: 2025-01-01, to: soon}\n", OUTLAY_ERR_BAD_DATE},
        {COVERS "holyday: []\n", OUTLAY_ERR_UNKNOWN_KEY},
        {COVERS "title: a\ntitle: b\n", OUTLAY_ERR_DUPLICATE_KEY},
        {COVERS "holidays: 2025-01-01\n", OUTLAY_ERR_WRONG_TYPE},
        {COVERS "holidays: [2025-02-29]\n", OUTLAY_ERR_BAD_DATE},
        {COVERS "holidays: [2026-01-01]\n", OUTLAY_ERR_CONTRADICTION},
        {COVERS "holidays: [{from: 2025-01-02, to: 2025-01-01}]\n", OUTLAY_ERR_CONTRADICTION},
        {COVERS "weekend: [sunny]\n", OUTLAY_ERR_OUT_OF_RANGE},
        {COVERS "make_up: [2025-01-06]\n", OUTLAY_ERR_CONTRADICTION},
        {COVERS "holidays: [2025-01-04]\nmake_up: [2025-01-04]\n", OUTLAY_ERR_CONTRADICTION},
        {COVERS "holidays: [2025-01-04\n", OUTLAY_ERR_YAML_SYNTAX},
    };
#undef COVERS
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char is_working[365];
        struct outlay_calendar calendar = {day_of(2025, 1, 1), 365, is_working};
        struct outlay_diag diag = {0};
        const outlay_err err = outlay_calendar_mark(&calendar, "test.yaml", cases[i].text, NULL, &diag);
        if (err != cases[i].err || diag.n_errors != 1) {
            fail_msg("%s%s, not %s; %zu errors", cases[i].text, outlay_err_name(err), outlay_err_name(cases[i].err),
                     diag.n_errors);
        }
        assert_string_equal(diag.notes[0].file, "test.yaml");
        assert_int_equal(outlay_calendar_mark(&calendar, "test.yaml", cases[i].text, NULL, NULL), err);
        outlay_diag_free(&diag);
    }
}

static void test_bad_names(void **state)
{
    struct outlay_calendar calendar;
    struct outlay_diag diag = {0};
    (void)state;
    assert_int_equal(outlay_calendar_init(&calendar, "chnia", 0, 10, NULL, &diag), OUTLAY_ERR_UNKNOWN_NAME);
    assert_string_equal(diag.notes[0].hint, "did you mean `china`?");
    assert_null(calendar.is_working);
    assert_int_equal(outlay_calendar_init(&calendar, "no/such.yaml", 0, 10, NULL, &diag), OUTLAY_ERR_CANNOT_READ);
    assert_int_equal(outlay_calendar_init(&calendar, "no/such.yaml", 0, 10, NULL, NULL), OUTLAY_ERR_CANNOT_READ);
    outlay_diag_free(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_calendars), cmocka_unit_test(test_china),
        cmocka_unit_test(test_not_covered),     cmocka_unit_test(test_file),
        cmocka_unit_test(test_bad_files),       cmocka_unit_test(test_bad_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
