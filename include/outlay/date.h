/*
 * date.h: days, dates and working-day calendars.
 *
 * A day is an int32_t count of days since 1970-01-01 in the proleptic Gregorian calendar (`epoch day`), or, where
 * the name says so, since the first day of the horizon. Days have no time of day and no time zone.
 */
#ifndef OUTLAY_DATE_H
#define OUTLAY_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "outlay/error.h"

struct outlay_date {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

/* Epoch day of a valid date, and back (Hinnant, "chrono-compatible low-level date algorithms"). */
int32_t outlay_date_to_day(struct outlay_date date);
struct outlay_date outlay_date_from_day(int32_t epoch_day);

/* Monday = 0 ... Sunday = 6. */
int outlay_date_weekday(int32_t epoch_day);

/* True for a date that exists, with a year of 1900 to 2200: what a scenario may name. */
bool outlay_date_is_valid(struct outlay_date date);

/* Read YYYY-MM-DD (ISO 8601); false for anything else and for days that do not exist. */
bool outlay_date_parse(const char *text, struct outlay_date *date);

/* "2025-10-14", and "14 Oct 2025". `buffer` holds at least 16 bytes; returned. */
char *outlay_date_iso(int32_t epoch_day, char buffer[16]);
char *outlay_date_words(int32_t epoch_day, char buffer[16]);

/* `years` later on the same date; 29 February becomes 1 March where there is none. */
struct outlay_date outlay_date_add_years(struct outlay_date date, int years);

/*
 * On which days offices and applicants act. Covers [first_day, first_day + n_days).
 * is_working is owned by the calendar; one byte a day, 1 = working day.
 */
struct outlay_calendar {
    int32_t first_day; /* epoch day */
    int32_t n_days;
    unsigned char *is_working;
};

/*
 * Build the calendar `name` for a range of days.
 *   all_days   every day
 *   weekdays   Monday to Friday
 *   china      Monday to Friday, less public holidays, plus make-up working days (State Council notices)
 *   FILE.yaml  a calendar file of the user's own, already resolved to a path that opens
 * Days of a calendar file outside the range that it covers count as weekdays, and a warning says so.
 * Errors: CANNOT_READ, YAML_SYNTAX and the other codes of a bad file, UNKNOWN_NAME, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_calendar_init(struct outlay_calendar *self, const char *name, int32_t first_day,
                                                int32_t n_days, const struct outlay_place *place,
                                                struct outlay_diag *diag);

/* The same from the text of a calendar file, which messages call `name`. */
OUTLAY_MUST_USE outlay_err outlay_calendar_init_text(struct outlay_calendar *self, const char *name, const char *text,
                                                     int32_t first_day, int32_t n_days,
                                                     const struct outlay_place *place, struct outlay_diag *diag);
void outlay_calendar_free(struct outlay_calendar *self);

#endif
