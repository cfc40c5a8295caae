/*
 * failing.c: the memory runs out at a chosen place of our own code.
 *
 * Linked into the program with --wrap (CMakeLists.txt), so that every call of malloc, calloc, realloc, aligned_alloc,
 * strdup and strndup in sim/ comes here; what libraries allocate for themselves does not. A place is the chain of calls
 * that led to the allocation, as a hash. The environment says what to do:
 *
 *   OUTLAY_FAIL_LIST=FILE   write the places to FILE, one a line, in the order in which they are met first
 *   OUTLAY_FAIL_AT=PLACE    the first allocation at that place fails
 *   OUTLAY_FAIL_ALWAYS=1    and so do all after it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 24, MAX_PLACES = 1 << 14 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t places[MAX_PLACES];
static size_t n_places;
static bool has_failed, has_ended;
extern const char __executable_start, etext; /* of the linker */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);

/* FNV-1a of the return addresses within the program, which do not depend on where it is loaded. */
static uint64_t place_at_hand(void)
{
    void *frames[MAX_DEPTH];
    const int n = backtrace(frames, MAX_DEPTH);
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int i = 0; i < n; i++) {
        const uintptr_t at = (uintptr_t)frames[i], first = (uintptr_t)&__executable_start;
        if (at >= first && at < (uintptr_t)&etext) {
            hash = (hash ^ (at - first)) * UINT64_C(1099511628211);
        }
    }
    return hash;
}

static void list_place(uint64_t place, const char *path)
{
    for (size_t i = 0; i < n_places; i++) {
        if (places[i] == place) {
            return;
        }
    }
    FILE *file = n_places < MAX_PLACES ? fopen(path, "a") : NULL;
    if (file == NULL) {
        abort();
    }
    places[n_places++] = place;
    fprintf(file, "%016llx\n", (unsigned long long)place);
    fclose(file);
}

/* What comes after main is not ours: a build that counts its lines writes down how often it came to each. */
static void leave_the_rest_alone(void)
{
    has_ended = true;
}

static bool fails(void)
{
    static bool is_known;
    const char *list = getenv("OUTLAY_FAIL_LIST"), *at = getenv("OUTLAY_FAIL_AT");
    if ((list == NULL && at == NULL) || has_ended) {
        return false;
    }
    pthread_mutex_lock(&lock);
    if (!is_known) {
        is_known = true;
        (void)atexit(leave_the_rest_alone);
    }
    const uint64_t place = place_at_hand();
    bool is_here = has_failed && getenv("OUTLAY_FAIL_ALWAYS") != NULL;
    if (list != NULL) {
        list_place(place, list);
    } else if (!has_failed && place == strtoull(at, NULL, 16)) {
        has_failed = is_here = true;
    }
    if (is_here) {
        errno = ENOMEM;
    }
    pthread_mutex_unlock(&lock);
    return is_here;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t n)
{
    return fails() ? NULL : __real_strndup(text, n);
}
