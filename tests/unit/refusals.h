/* refusals.h: the broken scenarios of the command-line tests, and what each of them is refused for. */
#ifndef OUTLAY_TEST_REFUSALS_H
#define OUTLAY_TEST_REFUSALS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above */
#include <cmocka.h>
#include <stdio.h>

#include "outlay/scenario.h"

struct refusal {
    const char *name; /* of a file in tests/cli/bad */
    outlay_err err;   /* what is returned: the code of the first error */
    size_t n_errors;
};

/* Each is refused as it should be, and leaves nothing behind. */
static inline void refusals_hold(const struct refusal cases[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct outlay_scenario scenario;
        struct outlay_diag diag = {0};
        char path[128];
        (void)snprintf(path, sizeof path, "tests/cli/bad/%s.yaml", cases[i].name);
        const outlay_err err = outlay_scenario_load(&scenario, path, NULL, 0, &diag);
        if (err != cases[i].err || outlay_diag_first(&diag) != err || diag.n_errors != cases[i].n_errors) {
            fail_msg("%s: %s, %zu errors", path, outlay_err_name(err), diag.n_errors);
        }
        assert_null(scenario.programmes);
        assert_null(scenario.file_names);
        outlay_diag_free(&diag);
    }
}

#endif
