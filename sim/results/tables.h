/*
 * tables.h: the tables of a result file that go to spreadsheets: what a summary, a class, a day and a replicate is, row
 * by row. Private to sim/results; export.c puts them on the disk.
 */
#ifndef OUTLAY_RESULTS_TABLES_H
#define OUTLAY_RESULTS_TABLES_H

#include "outlay/results.h"
#include "results/csv.h"
#include "results/source.h"

/* Whether the file has anything for that table: an exact answer has no replicates. */
bool outlay_csv_has(const struct outlay_source *self, enum outlay_csv_table table);

/* Write the header line; with `has_result`, its first column is the name of the result. */
void outlay_csv_header(struct outlay_csv *csv, enum outlay_csv_table table, bool has_result);

/*
 * Write the rows of a table, each beginning with the text `result` (NULL = no such column). Stops early, without an
 * error of its own, where csv->out has one. Errors: BAD_RESULT_FILE, NO_MEMORY.
 */
OUTLAY_MUST_USE outlay_err outlay_csv_rows(const struct outlay_source *self, struct outlay_csv *csv,
                                           enum outlay_csv_table table, const char *result, struct outlay_diag *diag);

#endif
