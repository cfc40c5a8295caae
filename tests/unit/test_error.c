/* test_error.c: the error list has a name and a sentence for each code, and notes keep what they are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "outlay/error.h"

static void test_list(void **state)
{
    (void)state;
    assert_string_equal(outlay_err_name(OUTLAY_OK), "OK");
    assert_string_equal(outlay_err_name(OUTLAY_ERR_INTERRUPTED), "INTERRUPTED");
    assert_string_equal(outlay_err_text(OUTLAY_ERR_NO_MEMORY), "the memory ran out");
    for (int i = 0; i <= OUTLAY_N_ERRORS; i++) {
        assert_true(strlen(outlay_err_text((outlay_err)i)) > 0);
        assert_true(strlen(outlay_err_name((outlay_err)i)) > 0);
    }
    assert_string_equal(outlay_err_name((outlay_err)OUTLAY_N_ERRORS), "UNKNOWN");
}

static void test_notes(void **state)
{
    const char *text = "first\nsecond line\r\nthird";
    struct outlay_place place = {"file.yaml", text, 2, 8, 4};
    struct outlay_diag diag = {0};
    (void)state;
    outlay_diag_hint(&diag, "no note yet: nothing happens");
    assert_int_equal(outlay_diag_first(&diag), OUTLAY_OK);
    outlay_diag_warning(&diag, OUTLAY_ERR_CONTRADICTION, NULL, "just %d warning", 1);
    assert_int_equal(outlay_diag_first(&diag), OUTLAY_OK);
    assert_int_equal(outlay_diag_error(&diag, OUTLAY_ERR_BAD_DATE, &place, "%s", "wrong"), OUTLAY_ERR_BAD_DATE);
    outlay_diag_hint(&diag, "one");
    outlay_diag_hint(&diag, "two %%");
    assert_int_equal(diag.n_notes, 2);
    assert_int_equal(diag.n_errors, 1);
    assert_int_equal(outlay_diag_first(&diag), OUTLAY_ERR_BAD_DATE);
    assert_null(diag.notes[0].file);
    assert_string_equal(diag.notes[1].source_line, "second line");
    assert_string_equal(diag.notes[1].hint, "two %");
    assert_int_equal(diag.notes[1].width, 4);

    place.line = 9; /* beyond the text */
    place.width = 0;
    (void)outlay_diag_error(&diag, OUTLAY_ERR_BAD_DATE, &place, "x");
    assert_null(diag.notes[2].source_line);
    assert_int_equal(diag.notes[2].width, 1);
    for (int i = 0; i < 1000; i++) {
        (void)outlay_diag_error(&diag, OUTLAY_ERR_BAD_NAME, NULL, "%d", i);
    }
    assert_int_equal(diag.n_notes, 1003);
    assert_string_equal(diag.notes[1002].message, "999");
    assert_int_equal(diag.n_lost, 0);
    outlay_diag_free(&diag);
    assert_int_equal(diag.n_notes, 0);
    outlay_diag_free(&diag);
}

static void test_no_diagnostic(void **state)
{
    (void)state;
    assert_int_equal(outlay_diag_error(NULL, OUTLAY_ERR_LIBRARY, NULL, "x"), OUTLAY_ERR_LIBRARY);
    outlay_diag_warning(NULL, OUTLAY_ERR_LIBRARY, NULL, "x");
    outlay_diag_hint(NULL, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_no_diagnostic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
