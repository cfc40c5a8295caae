/*
 * test_encode.c: whatever the values are, HDF5's own filters give them back; noise is stored, the rest is compressed.
 *
 * The values are made from a generator of the test's own. What comes back is read by HDF5 and, a second time, by zlib.
 */
#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "results/encode.h"

enum { N_CELLS = 6, N_PATHS = 1500, N = N_CELLS * N_PATHS };

/* A linear congruential generator by Knuth (MMIX); its upper bits are good noise. */
static uint64_t noise(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state ^ *state >> 32;
}

/* What accounts look like, and what they never should. */
static void constant(double values[], uint64_t seed)
{
    for (size_t i = 0; i < N; i++) {
        values[i] = 5e9 + (double)seed;
    }
}

static void same_of_each_path(double values[], uint64_t seed)
{
    for (size_t i = 0; i < N; i++) {
        values[i] = (double)(seed + 17 * (i % N_CELLS)) / 3.0;
    }
}

static void money(double values[], uint64_t seed)
{
    for (size_t i = 0; i < N; i++) {
        values[i] = (double)(100000000000 + noise(&seed) % 100000000000) / 100.0; /* 1 to 2 bn, whole fen */
    }
}

static void money_of_some(double values[], uint64_t seed)
{
    money(values, seed);
    for (size_t i = 0; i < N; i++) {
        values[i] = i % N_CELLS < 3 ? 0.0 : values[i];
    }
}

static void any_bits(double values[], uint64_t seed)
{
    for (size_t i = 0; i < N; i++) {
        const uint64_t bits = noise(&seed);
        memcpy(&values[i], &bits, sizeof bits);
    }
}

static void missing_at_the_end(double values[], uint64_t seed)
{
    money(values, seed);
    outlay_encode_missing(OUTLAY_FLOAT64, N / 3, N, values);
}

static void (*const makers[])(double values[], uint64_t seed) = {constant,      same_of_each_path, money,
                                                                 money_of_some, any_bits,          missing_at_the_end};
enum { N_MAKERS = sizeof makers / sizeof makers[0] };

/* ---- reading back ------------------------------------------------------------------------------------------------ */

/* By zlib and by hand. */
static void assert_stream_holds(const struct outlay_chunk *chunk, const void *values)
{
    const size_t size = outlay_storage_size(chunk->storage), n = chunk->n_values;
    unsigned char *planes = malloc(n * size);
    uLongf length = (uLongf)(n * size);
    assert_non_null(planes);
    assert_int_equal(uncompress(planes, &length, chunk->bytes, (uLong)chunk->n_bytes), Z_OK);
    assert_int_equal(length, n * size);
    for (size_t i = 0; i < n; i++) {
        uint64_t word = 0;
        for (size_t k = 0; k < size; k++) {
            word |= (uint64_t)planes[k * n + i] << (8 * k);
        }
        if (chunk->storage == OUTLAY_INT32) {
            const uint32_t half = (uint32_t)word;
            assert_memory_equal(&half, (const char *)values + i * size, size);
        } else {
            assert_memory_equal(&word, (const char *)values + i * size, size);
        }
    }
    free(planes);
}

/* By HDF5, from a file in memory. */
static void assert_hdf_reads(const struct outlay_chunk *chunk, const void *values)
{
    const bool is_int32 = chunk->storage == OUTLAY_INT32;
    const hsize_t n = chunk->n_values, start = 0;
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    assert_true(H5Pset_fapl_core(access, 1 << 16, false) >= 0);
    const hid_t file = H5Fcreate("in-memory.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    const hid_t space = H5Screate_simple(1, &n, NULL);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(H5Pset_chunk(creation, 1, &n) >= 0 && H5Pset_shuffle(creation) >= 0 &&
                H5Pset_deflate(creation, 1) >= 0);
    const hid_t variable =
        H5Dcreate2(file, "x", is_int32 ? H5T_STD_I32LE : H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(H5Dwrite_chunk(variable, H5P_DEFAULT, 0, &start, chunk->n_bytes, chunk->bytes) >= 0);
    void *read = malloc((size_t)n * outlay_storage_size(chunk->storage));
    assert_non_null(read);
    assert_true(
        H5Dread(variable, is_int32 ? H5T_NATIVE_INT32 : H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) >= 0);
    assert_memory_equal(read, values, (size_t)n * outlay_storage_size(chunk->storage));
    free(read);
    H5Dclose(variable);
    H5Pclose(creation);
    H5Sclose(space);
    H5Fclose(file);
    H5Pclose(access);
}

static struct outlay_chunk new_chunk(enum outlay_storage storage, size_t n_values, size_t n_cells)
{
    struct outlay_chunk chunk;
    assert_int_equal(outlay_chunk_init(&chunk, storage, false, n_values, n_cells), OUTLAY_OK);
    return chunk;
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

static void doubles_come_back(void **state)
{
    (void)state;
    double *values = malloc(N * sizeof *values);
    assert_non_null(values);
    const size_t cells[] = {1, N_CELLS, N};
    for (size_t c = 0; c < 3; c++) {
        for (size_t n = N; n > 0; n /= cells[c] == N ? N : 50) { /* few values too */
            struct outlay_chunk chunk = new_chunk(OUTLAY_FLOAT64, n, n < cells[c] ? 1 : cells[c]);
            for (size_t i = 0; i < N_MAKERS; i++) {
                makers[i](values, 42);
                assert_int_equal(outlay_chunk_encode(&chunk, values), OUTLAY_OK);
                assert_stream_holds(&chunk, values);
                assert_hdf_reads(&chunk, values);
            }
            outlay_chunk_free(&chunk);
        }
    }
    free(values);
}

static void int32s_come_back(void **state)
{
    (void)state;
    int32_t values[N];
    uint64_t seed = 7;
    const uint64_t ranges[] = {1, 3, 300, 70000, 1u << 31};
    struct outlay_chunk chunk = new_chunk(OUTLAY_INT32, N, N_CELLS);
    for (size_t k = 0; k < sizeof ranges / sizeof ranges[0]; k++) {
        for (size_t i = 0; i < N; i++) {
            values[i] = i % 100 == 3 ? OUTLAY_MISSING_INT32 : (int32_t)(noise(&seed) % ranges[k]);
        }
        assert_int_equal(outlay_chunk_encode(&chunk, values), OUTLAY_OK);
        assert_stream_holds(&chunk, values);
        assert_hdf_reads(&chunk, values);
    }
    outlay_chunk_free(&chunk);
}

/* Whether the k-th plane of the values stands in the stream as it is, but for the headers of zlib's stored blocks. */
static bool is_stored(const struct outlay_chunk *chunk, const double values[], size_t k)
{
    enum { PART = 500 };
    unsigned char part[PART];
    for (size_t i = 0; i < PART; i++) {
        uint64_t word;
        memcpy(&word, &values[i + PART], sizeof word);
        part[i] = (unsigned char)(word >> (8 * k));
    }
    const unsigned char *bytes = chunk->bytes;
    for (size_t at = 0; at + PART <= chunk->n_bytes; at++) {
        if (memcmp(bytes + at, part, PART) == 0) {
            return true;
        }
    }
    return false;
}

/* One stream has both kinds of planes. 1 to 2 bn: the upper 12 bits are sign and exponent, then 30 bits of noise. */
static void noise_is_stored(void **state)
{
    (void)state;
    double *values = malloc(N * sizeof *values);
    assert_non_null(values);
    struct outlay_chunk chunk = new_chunk(OUTLAY_FLOAT64, N, 1);
    money(values, 1);
    assert_int_equal(outlay_chunk_encode(&chunk, values), OUTLAY_OK);
    assert_true(is_stored(&chunk, values, 3) && is_stored(&chunk, values, 4) && is_stored(&chunk, values, 5));
    assert_false(is_stored(&chunk, values, 0) || is_stored(&chunk, values, 6) || is_stored(&chunk, values, 7));
    assert_in_range(chunk.n_bytes, 5 * N, 6 * N); /* log2(1e11) = 37 bits at least */
    any_bits(values, 1);
    assert_int_equal(outlay_chunk_encode(&chunk, values), OUTLAY_OK);
    assert_in_range(chunk.n_bytes, 8 * N, 8 * N + 8 * N / 500);
    outlay_chunk_free(&chunk);
    free(values);
}

/* What no path changes costs next to nothing, and is not taken for what it was before. */
static void what_is_always_the_same_is_small(void **state)
{
    (void)state;
    double *values = malloc(N * sizeof *values);
    assert_non_null(values);
    struct outlay_chunk chunk = new_chunk(OUTLAY_FLOAT64, N, N_CELLS);
    for (size_t i = 0; i < 3; i++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            makers[i](values, (seed + 1) / 2); /* the second as the first, the third another */
            assert_int_equal(outlay_chunk_encode(&chunk, values), OUTLAY_OK);
            assert_stream_holds(&chunk, values);
            assert_true(chunk.is_repeated == (makers[i] != money));
            assert_true(chunk.n_bytes < sizeof(double) * N / (makers[i] != money ? 100 : 1));
        }
    }
    outlay_chunk_free(&chunk);
    free(values);
}

/* The bytes depend on the values, not on what was encoded before. */
static void same_values_give_same_bytes(void **state)
{
    (void)state;
    double *values = malloc(N * sizeof *values);
    assert_non_null(values);
    struct outlay_chunk used = new_chunk(OUTLAY_FLOAT64, N, N_CELLS);
    for (size_t i = 0; i < N_MAKERS * N_MAKERS; i++) {
        struct outlay_chunk fresh = new_chunk(OUTLAY_FLOAT64, N, N_CELLS);
        makers[i / N_MAKERS](values, 3);
        assert_int_equal(outlay_chunk_encode(&used, values), OUTLAY_OK);
        makers[i % N_MAKERS](values, 3);
        assert_int_equal(outlay_chunk_encode(&used, values), OUTLAY_OK);
        assert_int_equal(outlay_chunk_encode(&fresh, values), OUTLAY_OK);
        assert_int_equal(used.n_bytes, fresh.n_bytes);
        assert_memory_equal(used.bytes, fresh.bytes, fresh.n_bytes);
        outlay_chunk_free(&fresh);
    }
    outlay_chunk_free(&used);
    free(values);
}

static void plain_values_stay(void **state)
{
    (void)state;
    const double values[4] = {1.5, -2.5, 1e300, 0.0};
    struct outlay_chunk chunk;
    assert_int_equal(outlay_chunk_init(&chunk, OUTLAY_FLOAT64, true, 4, 2), OUTLAY_OK);
    assert_int_equal(outlay_chunk_encode(&chunk, values), OUTLAY_OK);
    assert_int_equal(chunk.n_bytes, sizeof values);
    assert_memory_equal(chunk.bytes, values, sizeof values);
    outlay_chunk_free(&chunk);
    outlay_chunk_free(&chunk); /* safe on an empty one */
}

static void numbers_of_the_file(void **state)
{
    (void)state;
    const double from[4] = {12345.0, INFINITY, (double)NAN, -100.0};
    double doubles[4];
    int32_t int32s[4];
    outlay_encode_doubles(from, 4, 100.0, doubles);
    assert_true(doubles[0] == 123.45 && isnan(doubles[1]) && isnan(doubles[2]) && doubles[3] == -1.0);
    outlay_encode_int32s(from, 4, int32s);
    assert_true(int32s[0] == 12345 && int32s[1] == OUTLAY_MISSING_INT32 && int32s[2] == OUTLAY_MISSING_INT32);
    const double large[2] = {2147483646.0, 2147483647.0};
    outlay_encode_int32s(large, 2, int32s);
    assert_true(int32s[0] == 2147483646 && int32s[1] == OUTLAY_MISSING_INT32);
    const int32_t days[2] = {OUTLAY_NEVER, 0};
    outlay_encode_days(days, 2, int32s);
    assert_true(int32s[0] == OUTLAY_MISSING_INT32 && int32s[1] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_come_back),
        cmocka_unit_test(int32s_come_back),
        cmocka_unit_test(noise_is_stored),
        cmocka_unit_test(what_is_always_the_same_is_small),
        cmocka_unit_test(same_values_give_same_bytes),
        cmocka_unit_test(plain_values_stay),
        cmocka_unit_test(numbers_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
