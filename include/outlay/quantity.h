/*
 * quantity.h: numbers as people write them, and money.
 *
 * Money is a whole number of fen (0.01 of the scenario's currency) held in a double. Sums, differences and
 * comparisons of whole numbers below 2^53 are exact in binary64, so the accounts balance to the fen.
 */
#ifndef OUTLAY_QUANTITY_H
#define OUTLAY_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

/* Fen in one unit of currency. */
#define OUTLAY_FEN 100.0

/* The largest amount that one value of a scenario may have, in fen: ten trillion units of currency. */
#define OUTLAY_MONEY_MAX_FEN 1e15

/* The largest contract that is drawn, in fen: a trillion units of currency; longer tails are cut here. */
#define OUTLAY_CONTRACT_MAX_FEN 1e14

/*
 * Read a number with an optional unit: 5e9, 5_000_000_000, "5 bn", "10 M", "500 k", "50亿", "500万", "50%".
 * Units: k 10^3, M 10^6, bn 10^9, 万 10^4, 亿 10^8, % 10^-2, with or without a blank before them.
 * The decimal digits and the unit are converted together, so 0.29 M is the double nearest to 290000.
 * Returns false, leaving *value alone, for anything else: words, NaN, infinities, overflow, trailing text.
 */
bool outlay_quantity_parse(const char *text, double *value);

/* The amount nearest to `units` of currency, in whole fen. */
double outlay_fen_from_units(double units);

/*
 * An amount in words, such as "5.00 bn CNY" and, for CNY, "5.00 bn CNY = 50.0亿". Writes at most `size` bytes with
 * the NUL and returns buffer. `fen` may be any finite number.
 */
char *outlay_money_words(double fen, const char *currency, char *buffer, size_t size);

/* The same without the Chinese form: "5.00 bn CNY"; three significant digits at least. */
char *outlay_money_short(double fen, const char *currency, char *buffer, size_t size);

#endif
