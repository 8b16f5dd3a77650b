/* The arena. Never frees single objects. Called by the engine for each turn and by content at load. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "banned.h"

enum { ARENA_BLOCK = 16 * 1024, ARENA_DEFAULT_LIMIT = 256 * 1024 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t capacity, used;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t total, limit;
};

struct arena *arena_new(size_t limit) {
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL) {
        arena->limit = limit != 0 ? limit : ARENA_DEFAULT_LIMIT;
    }
    return arena;
}

static void free_blocks(struct arena_block *block) {
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_free(struct arena *arena) {
    if (arena != NULL) {
        free_blocks(arena->blocks);
        free(arena);
    }
}

void arena_reset(struct arena *arena) {
    struct arena_block *kept = arena->blocks;
    if (kept != NULL) {
        free_blocks(kept->next);
        kept->next = NULL;
        memset(kept->bytes, 0, kept->used);
        kept->used = 0;
    }
    arena->total = 0;
}

static void give_up(const char *why) {
    (void)fprintf(stderr, "pandu: %s\n", why);
    abort();
}

static struct arena_block *block_for(struct arena *arena, size_t size) {
    struct arena_block *block = arena->blocks;
    if (block != NULL && block->capacity - block->used >= size) {
        return block;
    }
    size_t capacity = size > ARENA_BLOCK ? size : ARENA_BLOCK;
    block = calloc(1, sizeof *block + capacity);
    if (block == NULL) {
        give_up("out of memory");
        return NULL;
    }
    block->capacity = capacity;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size) {
    const size_t unit = _Alignof(max_align_t);
    size_t rounded = (size + unit - 1) / unit * unit;
    if (size > arena->limit || arena->total + rounded > arena->limit) {
        give_up("an arena reached its limit: please report this as a defect");
    }
    struct arena_block *block = block_for(arena, rounded);
    void *memory = block->bytes + block->used;
    block->used += rounded;
    arena->total += rounded;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        give_up("array too large");
    }
    return arena_alloc(arena, count * size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t length) {
    char *copy = arena_alloc(arena, length + 1);
    if (length != 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

char *arena_text(struct arena *arena, const char *text) {
    return text != NULL ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *arena_format(struct arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        give_up("bad format");
    }
    char *text = arena_alloc(arena, (size_t)length + 1);
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}
