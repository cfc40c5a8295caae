/*
 * check.h: speaking of two values that cannot hold together (private to sim/scenario).
 *
 * Every check names both places: it stands at one value, and says what the other is and where it is written.
 */
#ifndef OUTLAY_SCENARIO_CHECK_H
#define OUTLAY_SCENARIO_CHECK_H

#include "scenario/loader.h"

/* One class in one programme, or a programme as a whole, while it is being checked. */
struct outlay_cell {
    struct outlay_loader *loader;
    int programme, class_;            /* class_ -1 = the programme as a whole */
    const struct outlay_terms *terms; /* of the class; NULL = the programme as a whole */
};

/* The node of a value ("award.cap", "budget.steps.2.factor"); NULL = a default. */
const struct outlay_yaml_node *outlay_cell_node(const struct outlay_cell *cell, const char *tail);

/* Is the value written, and not as its default? */
bool outlay_cell_states(const struct outlay_cell *cell, const char *tail);

/* Where a value is written; the programme's name where it is a default. */
struct outlay_place outlay_cell_place(const struct outlay_cell *cell, const char *tail);

/* The value as it is written, in backquotes; "the default" where it is one. */
const char *outlay_cell_text(const struct outlay_cell *cell, const char *tail);

/* "line 14" of another value, as seen from the place at which the error is shown; "the default" where it is one. */
const char *outlay_cell_where(const struct outlay_cell *cell, const char *tail, const struct outlay_place *from);

enum outlay_severity { OUTLAY_NOTE_ERROR, OUTLAY_NOTE_WARNING };

/* Note a contradiction. Classes share most values: of each place it is said only once what is wrong there; then, and
 * only then, true. `message` is in the loader's arena; NULL = the memory ran out. */
bool outlay_cell_note(const struct outlay_cell *cell, enum outlay_severity severity, const struct outlay_place *place,
                      const char *message);

/* Note a date that the horizon does not contain; true if this one is fine. `tail` is where it is written. */
bool outlay_cell_check_when(const struct outlay_cell *cell, const struct outlay_when *when, const char *tail);

/* ---- check_arrivals.c, check_award.c: one class in one programme ---- */

void outlay_arrivals_check(const struct outlay_cell *cell);
void outlay_award_check(const struct outlay_cell *cell);

/* ---- check_budget.c, check_allocation.c: a programme as a whole ---- */

void outlay_budget_check(const struct outlay_cell *cell);
void outlay_allocation_check(const struct outlay_cell *cell);
void outlay_payment_check(const struct outlay_cell *cell);

#endif
