/* encode.c: numbers as they stand in the file, and chunks of them as zlib streams. */
#include "results/encode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* zlib takes what it reads as const */
#include <zlib.h>

/* A plane is judged by a sample of so many bytes: PIECES of them from places all over it. */
enum { SAMPLE = 1024, PIECES = 4, PIECE = SAMPLE / PIECES };

/* Room for what the blocks of a plane cost beyond zlib's own bound, which knows of no change of treatment. */
enum { PLANE_SLACK = 64 };

/* The level of zlib where it compresses: the fastest. */
enum { LEVEL = 1 };

void outlay_encode_doubles(const double from[], size_t n, double divisor, double to[])
{
    for (size_t i = 0; i < n; i++) {
        to[i] = isfinite(from[i]) ? from[i] / divisor : (double)NAN;
    }
}

void outlay_encode_int32s(const double from[], size_t n, int32_t to[])
{
    for (size_t i = 0; i < n; i++) {
        to[i] = fabs(from[i]) <= INT32_MAX - 1 ? (int32_t)from[i] : OUTLAY_MISSING_INT32;
    }
}

void outlay_encode_days(const int32_t from[], size_t n, int32_t to[])
{
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i] == OUTLAY_NEVER ? OUTLAY_MISSING_INT32 : from[i];
    }
}

void outlay_encode_missing(enum outlay_storage storage, size_t from, size_t to, void *values)
{
    for (size_t i = from; i < to; i++) {
        if (storage == OUTLAY_INT32) {
            ((int32_t *)values)[i] = OUTLAY_MISSING_INT32;
        } else {
            ((double *)values)[i] = (double)NAN;
        }
    }
}

size_t outlay_storage_size(enum outlay_storage storage)
{
    return storage == OUTLAY_INT32 ? sizeof(int32_t) : sizeof(double);
}

/* ---- chunks ------------------------------------------------------------------------------------------------------ */

size_t outlay_chunk_capacity(const struct outlay_chunk *self)
{
    const size_t size = outlay_storage_size(self->storage);
    return compressBound((uLong)(self->n_values * size)) + size * PLANE_SLACK;
}

uint32_t outlay_chunk_crc(const struct outlay_chunk *self)
{
    return (uint32_t)crc32_z(0, self->bytes, self->n_bytes);
}

outlay_err outlay_chunk_init(struct outlay_chunk *self, enum outlay_storage storage, bool is_plain, size_t n_values,
                             size_t n_cells)
{
    *self = (struct outlay_chunk){.storage = storage, .is_plain = is_plain, .n_values = n_values, .n_cells = n_cells};
    self->bytes = malloc(outlay_chunk_capacity(self));
    self->repeated = malloc(n_cells * outlay_storage_size(storage));
    if (self->bytes == NULL || self->repeated == NULL) {
        outlay_chunk_free(self);
        return OUTLAY_ERR_NO_MEMORY;
    }
    return OUTLAY_OK;
}

void outlay_chunk_free(struct outlay_chunk *self)
{
    free(self->repeated);
    free(self->bytes);
    *self = (struct outlay_chunk){0};
}

/* All k-th bytes of the values next to each other, the lowest first: what HDF5 calls shuffled, of little-endian data.
 */
static void shuffle(const struct outlay_chunk *self, const void *values, unsigned char planes[])
{
    const size_t n = self->n_values, size = outlay_storage_size(self->storage);
    for (size_t k = 0; k < size; k++) {
        for (size_t i = 0; i < n && self->storage == OUTLAY_INT32; i++) {
            uint32_t word;
            memcpy(&word, (const char *)values + i * sizeof word, sizeof word);
            planes[k * n + i] = (unsigned char)(word >> (8 * k));
        }
        for (size_t i = 0; i < n && self->storage == OUTLAY_FLOAT64; i++) {
            uint64_t word;
            memcpy(&word, (const char *)values + i * sizeof word, sizeof word);
            planes[k * n + i] = (unsigned char)(word >> (8 * k));
        }
    }
}

/* How the bytes of a plane are taken: as they are; Huffman-coded with runs; or by looking for what was there before. */
enum treatment { STORED, RUNS, REPEATS };

static enum treatment treatment_of(const unsigned char plane[], size_t n, size_t n_cells)
{
    uint32_t count[256] = {0};
    uint64_t n_sample = 0, n_repeats = 0, n_pairs = 0;
    const size_t n_pieces = n <= SAMPLE ? 1 : PIECES, length = n <= SAMPLE ? n : PIECE;
    for (size_t k = 0; k < n_pieces; k++) {
        const size_t start = n_pieces > 1 ? (n - length) / (n_pieces - 1) * k : 0;
        for (size_t i = start; i < start + length; i++) {
            count[plane[i]]++;
            n_repeats += i >= n_cells && plane[i] == plane[i - n_cells];
        }
        n_sample += length;
    }
    if (2 * n_repeats > n_sample) {
        return n_cells == 1 ? RUNS : REPEATS; /* most bytes are those of the path before */
    }
    for (size_t b = 0; b < 256; b++) {
        n_pairs += (uint64_t)count[b] * (count[b] - (count[b] > 0));
    }
    /* two bytes of noise are equal once in 256 times; up to twice as often, an eighth could be gained at most */
    return 128 * n_pairs <= n_sample * (n_sample - 1) ? STORED : RUNS;
}

static int level_of(enum treatment treatment)
{
    return treatment == STORED ? Z_NO_COMPRESSION : LEVEL;
}

static int strategy_of(enum treatment treatment)
{
    return treatment == REPEATS ? Z_DEFAULT_STRATEGY : Z_RLE;
}

/* The planes as one zlib stream. */
static outlay_err compress_planes(struct outlay_chunk *self, const unsigned char planes[])
{
    const size_t n = self->n_values, n_planes = outlay_storage_size(self->storage);
    enum treatment before = treatment_of(planes, n, self->n_cells);
    z_stream stream = {.next_out = self->bytes, .avail_out = (uInt)outlay_chunk_capacity(self)};
    if (deflateInit2(&stream, level_of(before), Z_DEFLATED, MAX_WBITS, 8, strategy_of(before)) != Z_OK) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    int state = Z_OK;
    for (size_t k = 0; k < n_planes && state == Z_OK; k++) {
        const enum treatment now = treatment_of(planes + k * n, n, self->n_cells);
        if (now != before) {
            state = deflateParams(&stream, level_of(now), strategy_of(now));
            before = now;
        }
        stream.next_in = planes + k * n;
        stream.avail_in = (uInt)n;
        state = state == Z_OK ? deflate(&stream, k + 1 < n_planes ? Z_NO_FLUSH : Z_FINISH) : state;
    }
    self->n_bytes = (size_t)stream.total_out;
    (void)deflateEnd(&stream);
    return state == Z_STREAM_END ? OUTLAY_OK : OUTLAY_ERR_LIBRARY;
}

outlay_err outlay_chunk_encode(struct outlay_chunk *self, const void *values)
{
    const size_t size = outlay_storage_size(self->storage);
    const size_t n_path = self->n_cells * size, n_all = self->n_values * size;
    if (self->is_plain) {
        self->n_bytes = n_all;
        memcpy(self->bytes, values, n_all);
        self->crc = outlay_chunk_crc(self);
        return OUTLAY_OK;
    }
    /* many accounts never differ: of what a scenario does not have, the same chunk comes batch after batch */
    const bool is_repeated = memcmp(values, (const char *)values + n_path, n_all - n_path) == 0;
    if (is_repeated && self->is_repeated && memcmp(self->repeated, values, n_path) == 0) {
        return OUTLAY_OK;
    }
    unsigned char *planes = malloc(n_all);
    if (planes == NULL) {
        return OUTLAY_ERR_NO_MEMORY;
    }
    shuffle(self, values, planes);
    const outlay_err err = compress_planes(self, planes);
    self->crc = outlay_chunk_crc(self);
    self->is_repeated = is_repeated && err == OUTLAY_OK;
    memcpy(self->repeated, values, n_path);
    free(planes);
    return err;
}
