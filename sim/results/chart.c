/* chart.c: columns of blocks, and a fan of shades. */
#include "results/chart.h"

#include <math.h>
#include <string.h>

#include "outlay/date.h"
#include "outlay/quantity.h"
#include "results/table.h"

enum { MIN_WIDTH = 40, MAX_WIDTH = 200, GUTTER = 14, HISTOGRAM_ROWS = 8, FAN_ROWS = 14, EIGHTHS = 8 };

/* Characters of a style: blocks from an eighth to the whole, the axis, and the fan's shades. */
struct glyphs {
    const char *blocks[EIGHTHS];
    const char *corner, *line, *tick, *wall;
    const char *outer, *inner, *median, *budget;
};
static const struct glyphs ascii = {
    {".", ".", ".", ".", "#", "#", "#", "#"}, "+", "-", "+", "|", ".", ":", "#", "=",
};
static const struct glyphs unicode = {
    {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}, "└", "─", "┬", "│", "░", "▒", "█", "─",
};

/* How days lie in columns. */
struct grid {
    const struct glyphs *glyphs;
    struct outlay_chart_days days;
    int width;     /* of the terminal */
    int span;      /* days in a column; the last may have fewer */
    int n_columns; /* at most MAX_WIDTH */
};

static struct grid grid_for(const struct outlay_chart_options *options, struct outlay_chart_days days)
{
    const int wanted = options->width;
    const int width = wanted < MIN_WIDTH ? MIN_WIDTH : wanted > MAX_WIDTH ? MAX_WIDTH : wanted;
    const int room = width - GUTTER - 1;
    const int span = (days.n_days + room - 1) / room;
    return (struct grid){.glyphs = options->style == OUTLAY_CHART_UNICODE ? &unicode : &ascii,
                         .days = days,
                         .width = width,
                         .span = span,
                         .n_columns = (days.n_days + span - 1) / span};
}

/* The last day of a column. */
static int last_day(const struct grid *grid, int column)
{
    const int last = (column + 1) * grid->span;
    return (last < grid->days.n_days ? last : grid->days.n_days) - 1;
}

/* The month that begins in a column, from 1; 0 = none does. */
static int month_beginning(const struct grid *grid, int column)
{
    for (int day = column * grid->span; day <= last_day(grid, column); day++) {
        const struct outlay_date date = outlay_date_from_day(grid->days.first_day + day);
        if (date.day == 1) {
            return date.month;
        }
    }
    return 0;
}

/* The axis with a tick where a month begins, and below it the names of those for which there is room. */
static void put_axis(const struct grid *grid, FILE *out)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char labels[MAX_WIDTH + 4];
    memset(labels, ' ', sizeof labels);
    int used = 0;
    (void)fprintf(out, "%*s%s", GUTTER, "", grid->glyphs->corner);
    for (int column = 0; column < grid->n_columns; column++) {
        const int month = month_beginning(grid, column);
        (void)fputs(month > 0 ? grid->glyphs->tick : grid->glyphs->line, out);
        if (month > 0 && column >= used && column + 3 <= grid->width - GUTTER - 1) {
            memcpy(labels + column, names + 3 * (month - 1), 3);
            used = column + 4;
        }
    }
    int end = used > 0 ? used - 1 : 0;
    (void)fprintf(out, "\n%*s%.*s\n", GUTTER + 1, "", end, labels);
}

/* A label of at most GUTTER - 1 columns in ASCII, flush right, and the wall that the chart leans on. */
static void put_label(const struct grid *grid, const char *label, FILE *out)
{
    (void)fprintf(out, "%*.*s %s", GUTTER - 1, GUTTER - 1, label, grid->glyphs->wall);
}

/* A row of the chart without the blanks at its end. */
static void put_cells(const char *const cells[], int n, FILE *out)
{
    while (n > 0 && strcmp(cells[n - 1], " ") == 0) {
        n--;
    }
    for (int i = 0; i < n; i++) {
        (void)fputs(cells[i], out);
    }
    (void)fputc('\n', out);
}

/* ---- the histogram ----------------------------------------------------------------------------------------------- */

/* The probability that the exhaustion day lies in a column. */
static double mass_of(const struct grid *grid, const double p_by[], int column)
{
    const int before = column * grid->span - 1;
    return fmax(0.0, p_by[last_day(grid, column)] - (before >= 0 ? p_by[before] : 0.0));
}

void outlay_chart_histogram(const struct outlay_chart_options *options, struct outlay_chart_days days,
                            const double p_by[], FILE *out)
{
    const struct grid grid = grid_for(options, days);
    const double p = p_by[days.n_days - 1];
    int eighths[MAX_WIDTH] = {0};
    double highest = 0.0;
    if (!(p > 0.0)) {
        (void)fprintf(out, "  Never exhausted: no dates to draw\n");
        return;
    }
    for (int column = 0; column < grid.n_columns; column++) {
        highest = fmax(highest, mass_of(&grid, p_by, column));
    }
    for (int column = 0; column < grid.n_columns; column++) {
        const double mass = mass_of(&grid, p_by, column);
        const int level = (int)lround(mass / highest * HISTOGRAM_ROWS * EIGHTHS);
        eighths[column] = mass > 0.0 && level == 0 ? 1 : level; /* what is there is seen */
    }
    (void)fprintf(out, "  When it is exhausted (never: %.2f %%)\n", 100.0 * (1.0 - p));
    if (grid.span > 1) {
        (void)fprintf(out, "  probability of each %d days\n", grid.span);
    } else {
        (void)fprintf(out, "  probability of each day\n");
    }
    for (int row = HISTOGRAM_ROWS - 1; row >= 0; row--) {
        const char *cells[MAX_WIDTH];
        char label[32] = "";
        if (row == HISTOGRAM_ROWS - 1) {
            (void)snprintf(label, sizeof label, "%.3g %%", 100.0 * highest);
        }
        put_label(&grid, label, out);
        for (int column = 0; column < grid.n_columns; column++) {
            const int filled = eighths[column] - row * EIGHTHS;
            cells[column] = filled <= 0 ? " " : grid.glyphs->blocks[(filled < EIGHTHS ? filled : EIGHTHS) - 1];
        }
        put_cells(cells, grid.n_columns, out);
    }
    put_axis(&grid, out);
}

/* ---- the fan ----------------------------------------------------------------------------------------------------- */

/* The row of a sum of money, 0 at the bottom; the highest has the top row. */
static int row_of(double value, double highest)
{
    return (int)lround(fmin(1.0, fmax(0.0, value / highest)) * (FAN_ROWS - 1));
}

/* The cells of a column from the bottom; the median is joined to that of the column before, whose row is *median. */
static void fill_column(const struct glyphs *glyphs, const double at[], double highest, int *median,
                        const char *cells[])
{
    const int p05 = row_of(at[OUTLAY_FAN_P05], highest), p95 = row_of(at[OUTLAY_FAN_P95], highest);
    const int p25 = row_of(at[OUTLAY_FAN_P25], highest), p75 = row_of(at[OUTLAY_FAN_P75], highest);
    const int p50 = row_of(at[OUTLAY_FAN_P50], highest);
    const int from = *median >= 0 && *median < p50 - 1 ? *median + 1 : p50;
    for (int row = 0; row < FAN_ROWS; row++) {
        cells[row] = row >= from && row <= p50  ? glyphs->median
                     : row >= p25 && row <= p75 ? glyphs->inner
                     : row >= p05 && row <= p95 ? glyphs->outer
                                                : " ";
    }
    *median = p50;
}

/* What the shades mean, in as many lines as it takes. */
static void put_legend(const struct grid *grid, const struct outlay_chart_budget *budget, FILE *out)
{
    const struct glyphs *glyphs = grid->glyphs;
    char money[64], of_budget[96];
    (void)snprintf(of_budget, sizeof of_budget, "%s %s", budget->label,
                   outlay_money_short(budget->money * OUTLAY_FEN, budget->currency, money, sizeof money));
    const struct {
        const char *glyph, *text;
    } items[] = {{glyphs->outer, "5 to 95 %"},
                 {glyphs->inner, "25 to 75 %"},
                 {glyphs->median, "median"},
                 {glyphs->budget, of_budget}};
    const size_t n = sizeof items / sizeof items[0] - (isfinite(budget->money) ? 0 : 1);
    int used = GUTTER + 1;
    (void)fprintf(out, "%*s", used, "");
    for (size_t i = 0; i < n; i++) {
        const int width = 2 + outlay_text_width(items[i].text);
        const bool is_new_line = i > 0 && used + 2 + width > grid->width;
        if (i > 0) {
            (void)fprintf(out, is_new_line ? "\n%*s" : "%*s", is_new_line ? GUTTER + 1 : 2, "");
        }
        (void)fprintf(out, "%s %s", items[i].glyph, items[i].text);
        used = (is_new_line ? GUTTER + 1 : i > 0 ? used + 2 : used) + width;
    }
    (void)fputc('\n', out);
}

void outlay_chart_fan(const struct outlay_chart_options *options, struct outlay_chart_days days,
                      const double quantiles[], const struct outlay_chart_budget *budget, FILE *out)
{
    const struct grid grid = grid_for(options, days);
    const char *cells[MAX_WIDTH][FAN_ROWS];
    double highest = isfinite(budget->money) ? budget->money : 0.0;
    for (int day = 0; day < days.n_days; day++) {
        highest = fmax(highest, quantiles[OUTLAY_FAN_P95 * days.n_days + day]);
    }
    if (!(highest > 0.0)) {
        (void)fprintf(out, "  Nothing is committed, and no budget\n");
        return;
    }
    int median = -1;
    for (int column = 0; column < grid.n_columns; column++) {
        double at[OUTLAY_N_FAN];
        for (int k = 0; k < OUTLAY_N_FAN; k++) {
            at[k] = quantiles[k * days.n_days + last_day(&grid, column)];
        }
        fill_column(grid.glyphs, at, highest, &median, cells[column]);
    }
    (void)fprintf(out, "  Committed since the fiscal year began\n");
    for (int row = FAN_ROWS - 1; row >= 0; row--) {
        const char *line[MAX_WIDTH];
        char label[64] = "";
        const bool is_budget = isfinite(budget->money) && row == row_of(budget->money, highest);
        if (row == FAN_ROWS - 1 || row == FAN_ROWS / 2) {
            (void)outlay_money_short(highest * row / (FAN_ROWS - 1) * OUTLAY_FEN, budget->currency, label,
                                     sizeof label);
        }
        put_label(&grid, row == 0 ? "0" : label, out);
        for (int column = 0; column < grid.n_columns; column++) {
            const bool is_free = strcmp(cells[column][row], " ") == 0;
            line[column] = is_free && is_budget ? grid.glyphs->budget : cells[column][row];
        }
        put_cells(line, grid.n_columns, out);
    }
    put_axis(&grid, out);
    put_legend(&grid, budget, out);
}
