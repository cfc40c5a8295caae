/*
 * words.h: numbers of an answer as people read them.
 */
#ifndef OUTLAY_RESULTS_WORDS_H
#define OUTLAY_RESULTS_WORDS_H

#include "results/answer.h"
#include "results/fields.h"
#include "results/table.h"

enum { OUTLAY_WORDS = OUTLAY_TABLE_CELL };

/* "6,400"; one decimal where the value is below 1000 and not whole. Returns `buffer`, as all of these do. */
char *outlay_count_words(double value, char buffer[OUTLAY_WORDS]);

/* "4.23 bn CNY", "42.30 %", a count; "-" = none. Money in the currency's unit. */
char *outlay_measure_words(const struct outlay_answer *answer, enum outlay_measure measure, double value,
                           char buffer[OUTLAY_WORDS]);

/* "14 Oct 2025" of a day of the horizon, or "not exhausted". */
const char *outlay_exhaustion_words(const struct outlay_answer *answer, double day, char buffer[16]);

#endif
