/*
 * data_laws.h: reading laws made of data (private to sim/scenario).
 *
 * The scenario owns every block of data; laws borrow it. Equal blocks are kept once, so laws of the same data share
 * their quantile table.
 */
#ifndef OUTLAY_SCENARIO_DATA_LAWS_H
#define OUTLAY_SCENARIO_DATA_LAWS_H

#include "scenario/loader.h"

/* {csv: {file: loans.csv, column: amount, weight: ...}}: scalars. */
struct outlay_csv_text {
    const struct outlay_yaml_node *file, *column, *weight; /* weight NULL = all alike */
};

/* ---- data_laws.c ---- */

/* The data of a law whose form is one of data; NULL, with notes, if they are none. */
const struct outlay_law_data *outlay_law_data_read(struct outlay_loader *self, const struct outlay_request *request,
                                                   const struct outlay_law_text *text);

/*
 * A number that has to be certain: in an uncertain number (`within` NULL), or in a law of data (`within` is its name).
 * False, with a note, if it is none.
 */
bool outlay_certain_read(struct outlay_loader *self, const struct outlay_request *request, const char *within,
                         enum outlay_unit unit, double *value);

/* ---- csv.c ---- */

/*
 * The empirical law of a column of a data file, money in fen; NULL, with notes, if there is none, and then
 * *has_bad_lines tells whether the notes are about the file's own lines. To be freed.
 */
struct outlay_law_data *outlay_csv_read(struct outlay_loader *self, const struct outlay_csv_text *text, bool is_money,
                                        bool *has_bad_lines);

#endif
