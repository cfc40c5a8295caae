/*
 * table.h: text in aligned columns for people, whatever alphabet it is in.
 */
#ifndef OUTLAY_RESULTS_TABLE_H
#define OUTLAY_RESULTS_TABLE_H

#include <stdio.h>

#include "outlay/error.h"

#define OUTLAY_TABLE_COLUMNS 8
#define OUTLAY_TABLE_CELL 64

/* A few rows of short cells. Initialise with {0}. The first column is flush left, the others flush right. */
struct outlay_table {
    int n_rows, size;
    char (*cells)[OUTLAY_TABLE_COLUMNS][OUTLAY_TABLE_CELL]; /* "" = nothing there */
    int failed;                                             /* memory ran out; later rows are lost */
};

/* Begin the next row; cells are then added to it with outlay_table_cell. */
void outlay_table_row(struct outlay_table *self);

/* Set the cell of `column` in the last row, by a printf format; what is longer than a cell is cut. */
void outlay_table_cell(struct outlay_table *self, int column, const char *format, ...) OUTLAY_PRINTF(3, 4);

/* Print, each line indented by two blanks, and leave the table empty. Says so, and sets errno to ENOMEM, where rows are
 * missing for want of memory. */
void outlay_table_print(struct outlay_table *self, FILE *out);

/* Columns of its longest line. */
int outlay_table_width(const struct outlay_table *self);

void outlay_table_free(struct outlay_table *self);

/* Cut a text off where it would take more than `width` columns. */
void outlay_text_cut(char *text, int width);

/* Columns that a text takes on a terminal: Chinese characters take two. */
int outlay_text_width(const char *text);

#endif
