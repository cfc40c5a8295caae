/*
 * test_disorder.c: valid scenario texts with bytes, words and lines in disorder. Each is refused with a note that says
 * what and where, or is a scenario, whose resolved text reads back as the same: nothing crashes, nothing passes in
 * silence. Fixed seed: the same texts in every run. A failure prints its text.
 */
#include "chance.h"

#include <gsl/gsl_errno.h>

/* Assertions on = a build for looking closely, which is ten times as slow. */
#ifdef NDEBUG
enum { N_TEXTS = 2000 };
#else
enum { N_TEXTS = 300 };
#endif

/* A text that is being disturbed; room for what grows. */
struct disorder {
    char bytes[20000];
    size_t length;
};

static void replace(struct disorder *self, size_t at, size_t n_old, const char *piece, size_t n_new)
{
    if (self->length - n_old + n_new >= sizeof self->bytes) {
        return;
    }
    memmove(self->bytes + at + n_new, self->bytes + at + n_old, self->length - at - n_old + 1);
    memcpy(self->bytes + at, piece, n_new);
    self->length = self->length - n_old + n_new;
}

/* Bounds of the line, or of the word, that a random byte is in. */
static size_t pick(const struct disorder *self, const char *ends, size_t *length)
{
    size_t first = below(self->length + 1), last = first;
    while (first > 0 && strchr(ends, self->bytes[first - 1]) == NULL) {
        first--;
    }
    while (last < self->length && strchr(ends, self->bytes[last]) == NULL) {
        last++;
    }
    *length = last - first;
    return first;
}

/* The piece at `from` now stands at `to`, which lies outside of it. */
static void move(struct disorder *self, size_t from, size_t length, size_t to)
{
    char piece[512];
    if (length > sizeof piece || (to >= from && to <= from + length)) {
        return;
    }
    memcpy(piece, self->bytes + from, length);
    replace(self, from, length, "", 0);
    replace(self, to > from ? to - length : to, 0, piece, length);
}

static void disturb(struct disorder *self)
{
    static const char odd[] = "{}[]:,-#'\"\\%&*!|>@` \n\t0129.eEnkM\xff\x01\xe4";
    static const char *const words[] = {"none",
                                        "{",
                                        "}",
                                        "[]",
                                        "1e999",
                                        "-1",
                                        "0",
                                        "{uniform: [0, 1]}",
                                        "2025-02-29",
                                        "by_class:",
                                        "~",
                                        "\"",
                                        "100%",
                                        "\u4ebf",
                                        "extends: base.yaml\n",
                                        "nan"};
    static const char word_ends[] = " \n{}[],:";
    size_t length = 0, other_length = 0;
    char piece[512];
    const size_t at = below(self->length + 1);
    const size_t way = below(8);
    if (way == 0) { /* bytes deleted */
        const size_t n = 1 + below(8);
        replace(self, at, n < self->length - at ? n : self->length - at, "", 0);
    } else if (way == 1) { /* bytes duplicated */
        length = 1 + below(100);
        length = length < self->length - at ? length : self->length - at;
        memcpy(piece, self->bytes + at, length);
        replace(self, at, 0, piece, length);
    } else if (way == 2) { /* an odd byte put in, or in the place of another */
        replace(self, at, at < self->length ? below(2) : 0, &odd[below(sizeof odd - 1)], 1);
    } else if (way < 5) { /* a word in the place of another */
        const char *word = words[below(sizeof words / sizeof words[0])];
        const size_t first = pick(self, word_ends, &length);
        replace(self, first, length, word, strlen(word));
    } else if (way < 7) { /* a word copied over another */
        const size_t first = pick(self, word_ends, &length), other = pick(self, word_ends, &other_length);
        length = length < sizeof piece ? length : sizeof piece;
        memcpy(piece, self->bytes + first, length);
        replace(self, other, other_length, piece, length);
    } else { /* a line moved */
        const size_t first = pick(self, "\n", &length), other = pick(self, "\n", &other_length);
        move(self, first, length + (first + length < self->length ? 1 : 0), other);
    }
}

static void read_whole(const char *path, struct disorder *text)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text->length = fread(text->bytes, 1, sizeof text->bytes / 2, file);
    text->bytes[text->length] = '\0';
    assert_true(feof(file) != 0);
    assert_int_equal(fclose(file), 0);
}

static void test_texts_in_disorder(void **state)
{
    (void)state;
    static struct disorder texts[2];
    read_whole("tests/unit/data/rules.yaml", &texts[0]);
    read_whole("tests/unit/data/small.yaml", &texts[1]);
    int n_loaded = 0;
    chance = 4711;
    for (int round = 0; round < N_TEXTS; round++) {
        struct disorder text = texts[below(2)];
        struct outlay_scenario scenario, again = {0};
        struct outlay_diag diag = {0};
        char buffer[1024];
        const size_t n = below(2) == 0 ? 1 : 2 + below(3);
        for (size_t i = 0; i < n; i++) {
            disturb(&text);
        }
        const outlay_err err = outlay_scenario_load_text(&scenario, "disorder.yaml", text.bytes, NULL, 0, &diag);
        const char *problem =
            err != OUTLAY_OK ? bad_notes(&diag) : round_trip(&scenario, &again, buffer, sizeof buffer);
        n_loaded += err == OUTLAY_OK;
        if (problem != NULL) {
            print_error("%s\n", text.bytes);
            fail_msg("round %d: %s", round, problem);
        }
        outlay_scenario_free(&scenario);
        outlay_scenario_free(&again);
        outlay_diag_free(&diag);
    }
    print_message("%d texts, %d load\n", N_TEXTS, n_loaded);
    assert_true(n_loaded > 0 && n_loaded < N_TEXTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_in_disorder),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
