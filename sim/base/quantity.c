/* quantity.c: numbers with a unit, and money in words. */
#include "outlay/quantity.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Digits that a number may have: far more than a double holds, few enough for a buffer on the stack. */
#define MAX_DIGITS 320
/* Exponents are cut here, before they overflow an int; strtod calls anything near it an overflow or zero. */
#define MAX_EXPONENT 100000

static const struct {
    const char *name;
    int exponent; /* of ten */
} units[] = {
    {"k", 3}, {"M", 6}, {"bn", 9}, {"\u4e07", 4}, {"\u4ebf", 8}, {"%", -2},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* Copy digits, letting single underscores between two of them through; NULL if there are too many. */
static const char *copy_digits(const char *text, char *buffer, size_t *n)
{
    while (is_digit(*text) || (*text == '_' && *n > 0 && is_digit(text[-1]) && is_digit(text[1]))) {
        if (*text != '_') {
            if (*n >= MAX_DIGITS) {
                return NULL;
            }
            buffer[(*n)++] = *text;
        }
        text++;
    }
    return text;
}

/* Copy "12_345.67" as "12345.67"; NULL if there is no digit, or too many. */
static const char *copy_mantissa(const char *text, char *buffer, size_t *n)
{
    const size_t start = *n;
    size_t n_points = 0;
    text = copy_digits(text, buffer, n);
    if (text != NULL && *text == '.') {
        buffer[(*n)++] = '.';
        n_points = 1;
        text = copy_digits(text + 1, buffer, n);
    }
    return *n > start + n_points ? text : NULL;
}

/* Read "e9" or "E-3" if it stands here; the text itself if not. */
static const char *read_exponent(const char *text, int *exponent)
{
    const char *p = text;
    if (*p != 'e' && *p != 'E') {
        return text;
    }
    p++;
    const bool is_negative = *p == '-';
    p += *p == '-' || *p == '+' ? 1 : 0;
    if (!is_digit(*p)) {
        return text;
    }
    int value = 0;
    for (; is_digit(*p); p++) {
        value = value < MAX_EXPONENT ? 10 * value + (*p - '0') : value;
    }
    *exponent += is_negative ? -value : value;
    return p;
}

/* Read the unit that fills the rest of the text; false if it is none. */
static bool read_unit(const char *text, int *exponent)
{
    text = skip_blanks(text);
    const size_t length = strcspn(text, " \t");
    if (*skip_blanks(text + length) != '\0') {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (length == strlen(units[i].name) && strncmp(text, units[i].name, length) == 0) {
            *exponent += units[i].exponent;
            return true;
        }
    }
    return length == 0;
}

bool outlay_quantity_parse(const char *text, double *value)
{
    char buffer[MAX_DIGITS + 24]; /* sign, point, exponent and NUL on top of the digits */
    size_t n = 0;
    int exponent = 0;

    text = skip_blanks(text);
    if (*text == '-' || *text == '+') {
        buffer[n++] = *text++;
    }
    text = copy_mantissa(text, buffer, &n);
    if (text == NULL) {
        return false;
    }
    text = read_exponent(text, &exponent);
    if (!read_unit(text, &exponent)) {
        return false;
    }
    (void)snprintf(buffer + n, sizeof buffer - n, "e%d", exponent);
    char *end = NULL;
    const double result = strtod(buffer, &end);
    if (*end != '\0' || !isfinite(result)) {
        return false;
    }
    *value = result;
    return true;
}

double outlay_fen_from_units(double units_of_currency)
{
    return round(units_of_currency * OUTLAY_FEN);
}

/* A number below 10,000 or so with three significant digits, or more where it has more before the point. */
static int format_three_digits(double value, char *buffer, size_t size)
{
    const double magnitude = fabs(value);
    /* 9.995 is the least that rounds to 10.0, and so on: the digits after the point follow the rounded number. */
    const int decimals = magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0;
    return snprintf(buffer, size, "%.*f", decimals, value);
}

/* Add the size of the number as a word: k, M, bn; whole small amounts have no decimals. */
static int format_amount(double value, char *buffer, size_t size)
{
    static const struct {
        double from; /* the least that rounds to 1.00 of it */
        double unit;
        const char *name;
    } words[] = {{999.5e6, 1e9, " bn"}, {999.5e3, 1e6, " M"}, {999.5, 1e3, " k"}};
    const double magnitude = fabs(value);

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (magnitude >= words[i].from) {
            char digits[400]; /* %.0f of DBL_MAX has 309 digits */
            (void)format_three_digits(value / words[i].unit, digits, sizeof digits);
            return snprintf(buffer, size, "%s%s", digits, words[i].name);
        }
    }
    return snprintf(buffer, size, magnitude == floor(magnitude) ? "%.0f" : "%.2f", value);
}

char *outlay_money_short(double fen, const char *currency, char *buffer, size_t size)
{
    char amount[410];
    (void)format_amount(fen / OUTLAY_FEN, amount, sizeof amount);
    (void)snprintf(buffer, size, "%s %s", amount, currency);
    return buffer;
}

char *outlay_money_words(double fen, const char *currency, char *buffer, size_t size)
{
    const double value = fen / OUTLAY_FEN;
    char digits[400];
    (void)outlay_money_short(fen, currency, buffer, size);
    if (strcmp(currency, "CNY") != 0 || fabs(value) < 9995.0) {
        return buffer;
    }
    const bool is_yi = fabs(value) >= 9995e4;
    (void)format_three_digits(value / (is_yi ? 1e8 : 1e4), digits, sizeof digits);
    const size_t used = strlen(buffer);
    (void)snprintf(buffer + used, size - used, " = %s%s", digits, is_yi ? "\u4ebf" : "\u4e07");
    return buffer;
}
