/* arena.c: memory that is freed all at once. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16384

struct outlay_arena_block {
    struct outlay_arena_block *previous;
    size_t used, size;
    max_align_t data[];
};

static struct outlay_arena_block *add_block(struct outlay_arena *self, size_t least)
{
    const size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
    if (size > SIZE_MAX - sizeof(struct outlay_arena_block)) {
        return NULL;
    }
    struct outlay_arena_block *block = malloc(sizeof *block + size);
    if (block != NULL) {
        *block = (struct outlay_arena_block){.previous = self->last, .size = size};
        self->last = block;
    }
    return block;
}

void *outlay_arena_alloc(struct outlay_arena *self, size_t size)
{
    const size_t unit = sizeof(max_align_t);
    if (size > SIZE_MAX - unit) {
        return NULL;
    }
    const size_t rounded = (size + unit - 1) / unit * unit;
    struct outlay_arena_block *block = self->last;
    if (block == NULL || block->size - block->used < rounded) {
        block = add_block(self, rounded);
        if (block == NULL) {
            return NULL;
        }
    }
    void *memory = (unsigned char *)block->data + block->used;
    block->used += rounded;
    return memset(memory, 0, size);
}

char *outlay_arena_copy(struct outlay_arena *self, const char *text, size_t length)
{
    char *copy = outlay_arena_alloc(self, length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *outlay_arena_printf(struct outlay_arena *self, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : outlay_arena_alloc(self, (size_t)length + 1);
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    va_end(arguments);
    return text;
}

void outlay_arena_free(struct outlay_arena *self)
{
    while (self->last != NULL) {
        struct outlay_arena_block *previous = self->last->previous;
        free(self->last);
        self->last = previous;
    }
}
