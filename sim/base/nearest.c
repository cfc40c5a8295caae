/* nearest.c: the word that a misspelt one probably stands for. */
#include <string.h>

#include "base/text.h"

/* Longer words are compared by their beginnings. */
#define MAX_LENGTH 120

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits between two words (optimal string alignment: Damerau 1964); three rows of the table are kept in turn. */
static size_t distance(const char *a, const char *b)
{
    size_t row[3][MAX_LENGTH + 1];
    const size_t n = least(strlen(a), MAX_LENGTH);
    const size_t m = least(strlen(b), MAX_LENGTH);

    for (size_t j = 0; j <= m; j++) {
        row[0][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *above = row[(i + 2) % 3], *two_above = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            const size_t changed = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            now[j] = least(above[j - 1] + changed, least(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
                now[j] = least(now[j], two_above[j - 2] + 1);
            }
        }
    }
    return row[n % 3][m];
}

const char *outlay_nearest(const char *word, const char *const *candidates, size_t n)
{
    const char *nearest = NULL;
    size_t best = 0;
    for (size_t i = 0; i < n; i++) {
        /* about a quarter of the letters may be wrong, one at least */
        const size_t length = strlen(candidates[i]) > strlen(word) ? strlen(candidates[i]) : strlen(word);
        const size_t allowed = (length + 2) / 4;
        const size_t edits = distance(word, candidates[i]);
        if (edits <= allowed && (nearest == NULL || edits < best)) {
            nearest = candidates[i];
            best = edits;
        }
    }
    return nearest;
}
