/*
 * test_many.c: what is quick with many keys finds the same as what is plain: a key among many, the nearest of many
 * words, and where a link leads. The plain ways are written out here; words are random, the same in every run.
 */
#include "chance.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/yaml.h"

enum { MAX_WORD = 12 };

/* A word of few letters, so that many words resemble each other; some of them are prefixes of others. */
static void make_word(char word[MAX_WORD + 1])
{
    const size_t length = below(MAX_WORD + 1);
    for (size_t i = 0; i < length; i++) {
        word[i] = "abAB"[below(4)];
    }
    word[length] = '\0';
}

static void test_find(void **state)
{
    (void)state;
    for (size_t n = 0; n < 80; n++) {
        struct outlay_arena arena = {0};
        struct outlay_yaml_node *root = NULL;
        struct outlay_text text = {0};
        outlay_text_add(&text, "{", 1);
        for (size_t i = 0; i < n; i++) { /* the number makes keys different, and keeps some a prefix of others */
            char word[MAX_WORD + 1];
            make_word(word);
            outlay_text_printf(&text, "\"%s%zu\": %zu,", word, i, i);
        }
        outlay_text_add(&text, "}", 1);
        assert_int_equal(outlay_yaml_parse(&arena, "f", text.bytes, NULL, 0, &root, NULL), OUTLAY_OK);
        assert_int_equal(root->n_children, n);
        for (size_t i = 0; i < n; i++) {
            const char *key = root->keys[i];
            assert_int_equal(outlay_yaml_find(root, key, strlen(key)), i);
            assert_ptr_equal(outlay_yaml_get(root, key), root->children[i]);
            assert_int_equal(outlay_yaml_find(root, "ab", 2), n);
            assert_int_equal(outlay_yaml_find(root, "", 0), n);
            for (size_t length = 1; length < strlen(key); length++) { /* the beginning of a key may be a key too */
                size_t expected = n;
                for (size_t j = 0; j < n; j++) {
                    const bool is_key = strlen(root->keys[j]) == length && memcmp(root->keys[j], key, length) == 0;
                    expected = is_key ? j : expected;
                }
                assert_int_equal(outlay_yaml_find(root, key, length), expected);
            }
        }
        outlay_text_free(&text);
        outlay_arena_free(&arena);
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_alike(char a, char b)
{
    return (a | 0x20) == (b | 0x20);
}

/* Edits between two words, as defined (optimal string alignment): no row is left out. */
static size_t edits(const char *a, const char *b)
{
    size_t d[MAX_WORD + 1][MAX_WORD + 1];
    const size_t n = strlen(a), m = strlen(b);
    for (size_t i = 0; i <= n; i++) {
        for (size_t j = 0; j <= m; j++) {
            d[i][j] = i == 0 ? j : j == 0 ? i : SIZE_MAX;
            if (i > 0 && j > 0) {
                d[i][j] = least(d[i - 1][j - 1] + (is_alike(a[i - 1], b[j - 1]) ? 0 : 1),
                                least(d[i - 1][j], d[i][j - 1]) + 1);
            }
            if (i > 1 && j > 1 && is_alike(a[i - 1], b[j - 2]) && is_alike(a[i - 2], b[j - 1])) {
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[n][m];
}

static void test_nearest(void **state)
{
    (void)state;
    enum { N_WORDS = 20 };
    size_t n_found = 0;
    for (int round = 0; round < 5000; round++) {
        char words[N_WORDS][MAX_WORD + 1], word[MAX_WORD + 1];
        const char *candidates[N_WORDS], *expected = NULL;
        size_t best = SIZE_MAX;
        make_word(word);
        for (size_t i = 0; i < N_WORDS; i++) {
            make_word(words[i]);
            candidates[i] = words[i];
            const size_t longer = strlen(words[i]) > strlen(word) ? strlen(words[i]) : strlen(word);
            const size_t away = edits(word, words[i]);
            if (away <= (longer + 2) / 4 && away < best) {
                expected = words[i];
                best = away;
            }
        }
        const char *nearest = outlay_nearest(word, candidates, N_WORDS);
        assert_ptr_equal(nearest, expected);
        n_found += nearest != NULL ? 1 : 0;
    }
    assert_in_range(n_found, 500, 4500); /* both answers were seen often */

    char *long_word = calloc(100001, 1);
    assert_non_null(long_word);
    memset(long_word, 'k', 100000);
    static const char *const known[] = {"rate", "count", "k"};
    assert_null(outlay_nearest(long_word, known, 3));
    free(long_word);
}

static void test_outside(void **state)
{
    (void)state;
    char folder[] = "/tmp/outlay-XXXXXX", path[3][64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path[0], sizeof path[0], "%s/scenario.yaml", folder);
    (void)snprintf(path[1], sizeof path[1], "%s/link", folder);
    (void)snprintf(path[2], sizeof path[2], "%s/dangling", folder);
    assert_int_equal(symlink("/usr/../etc/passwd", path[1]), 0);
    assert_int_equal(symlink("nothing", path[2]), 0);
    char *real = outlay_path_outside(path[0], path[1]);
    assert_string_equal(real, "/etc/passwd");
    free(real);
    assert_null(outlay_path_outside(path[0], path[2]));                /* leads nowhere */
    assert_null(outlay_path_outside("/scenario.yaml", "/etc/passwd")); /* everything is in the root folder */
    assert_null(outlay_path_outside("tests/unit/data/small.yaml", "tests/unit/data/../data/child.yaml"));
    assert_null(outlay_path_outside("scenario.yaml", "tests/unit/data/child.yaml")); /* from the folder one is in */
    real = outlay_path_outside("tests/unit/data/small.yaml", "tests/unit/chance.h");
    assert_non_null(real);
    free(real);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(unlink(path[i]), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
