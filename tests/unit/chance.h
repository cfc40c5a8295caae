/* chance.h: a small generator of its own, and what every text must do: be refused with a note, or be a scenario. */
#ifndef OUTLAY_TEST_CHANCE_H
#define OUTLAY_TEST_CHANCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above */
#include <cmocka.h>

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/scenario.h"

static uint64_t chance; /* the state of the generator: splitmix64 */

static inline uint64_t next_bits(void)
{
    chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = chance;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline size_t below(size_t n)
{
    assert(n > 0);
    return (size_t)(next_bits() % n);
}

static inline double uniform(double low, double high)
{
    return low + (high - low) * ((double)(next_bits() >> 11) * 0x1p-53);
}

/* NULL if the notes say what is wrong, and where; else what they lack. */
static inline const char *bad_notes(const struct outlay_diag *diag)
{
    size_t n_errors = 0;
    for (size_t i = 0; i < diag->n_notes; i++) {
        const struct outlay_note *note = &diag->notes[i];
        if (note->message == NULL || note->message[0] == '\0') {
            return "a note without a message";
        }
        if (note->file == NULL) {
            return note->message;
        }
        n_errors += note->is_warning ? 0 : 1;
    }
    return n_errors == 0 ? "no note says what is wrong" : NULL;
}

static inline bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* NULL if the resolved text reads back as the same; else the first entry that differs, or a note. */
static inline const char *round_trip(const struct outlay_scenario *scenario, struct outlay_scenario *again,
                                     char *buffer, size_t size)
{
    struct outlay_diag diag = {0};
    char *yaml = outlay_scenario_to_yaml(scenario);
    assert_non_null(yaml);
    buffer[0] = '\0';
    if (outlay_scenario_load_text(again, "again.yaml", yaml, NULL, 0, &diag) != OUTLAY_OK) {
        (void)snprintf(buffer, size, "the resolved text: line %d: %s", diag.notes[0].line, diag.notes[0].message);
    } else if (again->n_entries != scenario->n_entries || again->n_uncertain != scenario->n_uncertain) {
        (void)snprintf(buffer, size, "%d entries and %d uncertain numbers, then %d and %d", scenario->n_entries,
                       scenario->n_uncertain, again->n_entries, again->n_uncertain);
    }
    for (int e = 0; buffer[0] == '\0' && e < scenario->n_entries; e++) {
        const struct outlay_entry *a = &scenario->entries[e], *b = &again->entries[e];
        if (!same_text(a->path, b->path) || !same_text(a->text, b->text) || !same_text(a->words, b->words)) {
            (void)snprintf(buffer, size, "%s: %s, then %s: %s", a->path, a->text, b->path, b->text);
        }
    }
    free(yaml);
    outlay_diag_free(&diag);
    return buffer[0] != '\0' ? buffer : NULL;
}

#endif
