/*
 * calendar_file.h: calendars from a file (private to the library).
 *
 * A calendar file is YAML:
 *
 *   title: China, public holidays and make-up working days
 *   source: State Council notices of 12 November 2024 and 4 November 2025
 *   covers: {from: 2025-01-01, to: 2026-12-31}
 *   weekend: [saturday, sunday]                  # the default
 *   holidays:                                    # off, whatever the weekday
 *     - 2025-01-01
 *     - {from: 2025-01-28, to: 2025-02-04, name: Spring Festival}
 *   make_up: [2025-01-26, 2025-02-08]            # working, although they fall on a weekend
 */
#ifndef OUTLAY_BASE_CALENDAR_FILE_H
#define OUTLAY_BASE_CALENDAR_FILE_H

#include "outlay/date.h"

/* Mark the days of `self`, which has its range and room, by the calendar file `text`. */
OUTLAY_MUST_USE outlay_err outlay_calendar_mark(struct outlay_calendar *self, const char *file, const char *text,
                                                const struct outlay_place *place, struct outlay_diag *diag);

#endif
