/* words.c: counts, shares, money and dates in words. */
#include "results/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "outlay/date.h"
#include "outlay/quantity.h"

char *outlay_count_words(double value, char buffer[OUTLAY_WORDS])
{
    char digits[32];
    const bool is_small = fabs(value) < 1000.0 && value != floor(value);
    (void)snprintf(digits, sizeof digits, is_small ? "%.1f" : "%.0f", fmin(fabs(value), 1e18));
    const size_t n = strlen(digits);
    size_t length = 0;
    if (value < 0.0) {
        buffer[length++] = '-';
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_small && i > 0 && (n - i) % 3 == 0) {
            buffer[length++] = ',';
        }
        buffer[length++] = digits[i];
    }
    buffer[length] = '\0';
    return buffer;
}

char *outlay_measure_words(const struct outlay_answer *answer, enum outlay_measure measure, double value,
                           char buffer[OUTLAY_WORDS])
{
    if (!isfinite(value)) {
        (void)snprintf(buffer, OUTLAY_WORDS, "-");
        return buffer;
    }
    if (measure == OUTLAY_MEASURE_SHARE) {
        (void)snprintf(buffer, OUTLAY_WORDS, "%.2f %%", 100.0 * value);
        return buffer;
    }
    return measure == OUTLAY_MEASURE_MONEY
               ? outlay_money_short(value * OUTLAY_FEN, answer->currency, buffer, OUTLAY_WORDS)
               : outlay_count_words(value, buffer);
}

const char *outlay_exhaustion_words(const struct outlay_answer *answer, double day, char buffer[16])
{
    return isfinite(day) && fabs(day) < 1e6 ? outlay_date_words(answer->first_day + (int32_t)day, buffer)
                                            : "not exhausted";
}
