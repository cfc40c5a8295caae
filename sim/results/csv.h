/*
 * csv.h: fields of a CSV table (RFC 4180): commas, CRLF, quotes only where they are needed, an empty field where there
 * is no value. Numbers read back to the same double; money to the fen has two decimals. UTF-8 without a mark.
 */
#ifndef OUTLAY_RESULTS_CSV_H
#define OUTLAY_RESULTS_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A table on its way out. Initialise with {.out = ...}; whether writing failed is known to `out`. */
struct outlay_csv {
    FILE *out;
    bool in_row;
};

/* The next field of the row. NAN = no value. */
void outlay_csv_text(struct outlay_csv *self, const char *text);
void outlay_csv_number(struct outlay_csv *self, double value);
void outlay_csv_money(struct outlay_csv *self, double value);                 /* in the currency's unit */
void outlay_csv_date(struct outlay_csv *self, int32_t first_day, double day); /* days since the epoch day first_day */

/* End the row. */
void outlay_csv_end(struct outlay_csv *self);

#endif
