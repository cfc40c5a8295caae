/* csv.c: quoting, and numbers in as few digits as give them back. */
#include "results/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/date.h"

#define MAX_WHOLE 0x1p53 /* whole numbers up to here are exact */

static void begin(struct outlay_csv *self)
{
    if (self->in_row) {
        (void)fputc(',', self->out);
    }
    self->in_row = true;
}

void outlay_csv_end(struct outlay_csv *self)
{
    (void)fputs("\r\n", self->out);
    self->in_row = false;
}

void outlay_csv_text(struct outlay_csv *self, const char *text)
{
    begin(self);
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        (void)fputs(text, self->out);
        return;
    }
    (void)fputc('"', self->out);
    for (; *text != '\0'; text++) {
        (void)fputs(*text == '"' ? "\"" : "", self->out);
        (void)fputc(*text, self->out);
    }
    (void)fputc('"', self->out);
}

/* `whole`, of which the last n_decimals digits come after the point. Much faster than printf, and most of a table. */
static void put_whole(FILE *out, double whole, int n_decimals)
{
    char digits[32];
    size_t at = sizeof digits;
    int n = 0;
    for (uint64_t rest = (uint64_t)fabs(whole); rest > 0 || n <= n_decimals; rest /= 10) {
        digits[--at] = (char)('0' + rest % 10);
        if (++n == n_decimals) {
            digits[--at] = '.';
        }
    }
    if (whole < 0.0) {
        digits[--at] = '-';
    }
    (void)fwrite(digits + at, 1, sizeof digits - at, out);
}

static void put_shortest(FILE *out, double value)
{
    char text[32];
    for (int precision = 15; precision <= 17; precision++) {
        (void)snprintf(text, sizeof text, "%.*g", precision, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    (void)fputs(text, out);
}

void outlay_csv_number(struct outlay_csv *self, double value)
{
    begin(self);
    if (!isfinite(value)) {
        return;
    }
    if (value == floor(value) && fabs(value) <= MAX_WHOLE) {
        put_whole(self->out, value, 0);
    } else {
        put_shortest(self->out, value);
    }
}

void outlay_csv_money(struct outlay_csv *self, double value)
{
    const double fen = nearbyint(value * 100.0);
    if (isfinite(value) && fabs(fen) <= MAX_WHOLE && fen / 100.0 == value) {
        begin(self);
        put_whole(self->out, fen, 2);
    } else {
        outlay_csv_number(self, value);
    }
}

void outlay_csv_date(struct outlay_csv *self, int32_t first_day, double day)
{
    char text[16];
    begin(self);
    if (isfinite(day) && fabs(day) < 1e6) {
        (void)fputs(outlay_date_iso(first_day + (int32_t)day, text), self->out);
    }
}
