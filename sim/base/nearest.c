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

/*
 * Edits between a word of n characters and one of m (optimal string alignment: Damerau 1964), or `most` + 1 where they
 * are more; three rows of the table are kept in turn.
 */
static size_t distance(const char *a, size_t n, const char *b, size_t m, size_t most)
{
    size_t row[3][MAX_LENGTH + 1];
    size_t before = 0; /* the least of the row above: no row has less than both rows above it */

    if ((n > m ? n - m : m - n) > most) {
        return most + 1;
    }
    for (size_t j = 0; j <= m; j++) {
        row[0][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *above = row[(i + 2) % 3], *two_above = row[(i + 1) % 3];
        size_t lowest = i;
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            const size_t changed = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            now[j] = least(above[j - 1] + changed, least(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
                now[j] = least(now[j], two_above[j - 2] + 1);
            }
            lowest = least(lowest, now[j]);
        }
        if (lowest > most && before > most) {
            return most + 1;
        }
        before = lowest;
    }
    return row[n % 3][m];
}

const char *outlay_nearest(const char *word, const char *const *candidates, size_t n)
{
    const char *nearest = NULL;
    size_t best = 0;
    const size_t word_length = strnlen(word, MAX_LENGTH);
    for (size_t i = 0; i < n; i++) {
        /* about a quarter of the letters may be wrong, one at least */
        const size_t length = strnlen(candidates[i], MAX_LENGTH);
        const size_t allowed = ((length > word_length ? length : word_length) + 2) / 4;
        const size_t edits = distance(word, word_length, candidates[i], length, allowed);
        if (edits <= allowed && (nearest == NULL || edits < best)) {
            nearest = candidates[i];
            best = edits;
        }
    }
    return nearest;
}
