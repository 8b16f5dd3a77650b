/* The arena. Never frees single objects. Called by the engine for each turn and by content at load. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

#include "banned.h"

enum {
    ARENA_BLOCK = 32 * 1024,
    ARENA_DEFAULT_LIMIT = 256 * 1024 * 1024,
    ARENA_SPARE_MAX = 256 * 1024 /* bytes of blocks kept for reuse */
};

struct arena_block {
    struct arena_block *next;
    size_t capacity, used;                       /* used: of the newest block the arena knows */
    int is_zero;                                 /* what is not handed out yet */
    _Alignas(max_align_t) unsigned char bytes[]; /* of any content until handed out */
};

/* Asked for memory dozens of times a turn, so what that takes stands together. */
struct arena {
    unsigned char *at;          /* in the newest block */
    size_t left;                /* behind it, as far as the limit allows: whole units */
    int is_zero;                /* it is */
    int is_large;               /* blocks of large pages */
    struct arena_block *blocks; /* newest first */
    struct arena_block *spare;
    size_t spare_bytes;
    size_t total; /* handed out of the blocks before the newest */
    size_t limit;
};

enum { UNIT = _Alignof(max_align_t) };

struct arena *arena_new(size_t limit) {
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL) {
        arena->limit = limit != 0 ? limit : ARENA_DEFAULT_LIMIT;
    }
    return arena;
}

struct arena *arena_new_large(size_t limit) {
    struct arena *arena = arena_new(limit);
    if (arena != NULL) {
        arena->is_large = 1;
    }
    return arena;
}

static void free_block(const struct arena *arena, struct arena_block *block) {
    if (arena->is_large) {
        pages_free(block, sizeof *block + block->capacity);
    } else {
        free(block);
    }
}

static void free_blocks(const struct arena *arena, struct arena_block *block) {
    while (block != NULL) {
        struct arena_block *next = block->next;
        free_block(arena, block);
        block = next;
    }
}

void arena_free(struct arena *arena) {
    if (arena != NULL) {
        free_blocks(arena, arena->blocks);
        free_blocks(arena, arena->spare);
        free(arena);
    }
}

void arena_reset(struct arena *arena) {
    for (struct arena_block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        if (arena->spare_bytes + block->capacity <= ARENA_SPARE_MAX) {
            block->next = arena->spare;
            block->is_zero = 0;
            arena->spare = block;
            arena->spare_bytes += block->capacity;
        } else {
            free_block(arena, block);
        }
    }
    arena->blocks = NULL;
    arena->at = NULL;
    arena->left = 0;
    arena->total = 0;
}

void arena_expect(const struct arena *next, const struct arena *later) {
    enum { LINE = 64, BEGINNING = 1536 };
    const char *block = (const char *)next->spare;
    for (size_t at = 0; block != NULL && at < BEGINNING; at += LINE) {
        __builtin_prefetch(block + at, 1);
    }
    __builtin_prefetch(later);
    __builtin_prefetch((const char *)later + LINE);
}

static void give_up(const char *why) {
    (void)fprintf(stderr, "pandu: %s\n", why);
    abort();
}

static struct arena_block *take_spare(struct arena *arena, size_t size) {
    for (struct arena_block **link = &arena->spare; *link != NULL; link = &(*link)->next) {
        struct arena_block *block = *link;
        if (block->capacity >= size) {
            *link = block->next;
            arena->spare_bytes -= block->capacity;
            return block;
        }
    }
    return NULL;
}

/* For size bytes at least, of any content. */
static struct arena_block *new_block(const struct arena *arena, size_t size) {
    struct arena_block *block;
    size_t capacity = size > ARENA_BLOCK ? size : ARENA_BLOCK;
    if (arena->is_large) {
        size_t pages = (sizeof *block + size + PAGES_LARGE - 1) / PAGES_LARGE;
        capacity = pages * PAGES_LARGE - sizeof *block;
        block = pages_new(sizeof *block + capacity);
    } else {
        block = malloc(sizeof *block + capacity);
    }
    if (block == NULL) {
        give_up("out of memory");
        return NULL;
    }
    block->capacity = capacity;
    block->is_zero = arena->is_large;
    return block;
}

/* The newest block takes no more. */
static void close_block(struct arena *arena) {
    if (arena->blocks != NULL) {
        arena->blocks->used = (size_t)(arena->at - arena->blocks->bytes);
        arena->total += arena->blocks->used;
    }
}

static void *take_from_new(struct arena *arena, size_t size) {
    size_t rounded = (size + UNIT - 1) / UNIT * UNIT;
    close_block(arena);
    if (size > arena->limit || arena->total + rounded > arena->limit) {
        give_up("an arena reached its limit: please report this as a defect");
    }
    struct arena_block *block = take_spare(arena, rounded);
    if (block == NULL) {
        block = new_block(arena, rounded);
    }
    size_t allowed = arena->limit - arena->total;
    size_t room = block->capacity < allowed ? block->capacity : allowed;
    block->used = 0;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->at = block->bytes + rounded;
    arena->left = room / UNIT * UNIT - rounded;
    arena->is_zero = block->is_zero;
    return block->bytes;
}

/* Aligned for any type, of any content. */
static inline void *take(struct arena *arena, size_t size) {
    if (size >= arena->left) { /* also at first */
        return take_from_new(arena, size);
    }
    size_t rounded = (size + UNIT - 1) / UNIT * UNIT;
    unsigned char *memory = arena->at;
    arena->at += rounded;
    arena->left -= rounded;
    return memory;
}

void *arena_raw(struct arena *arena, size_t size) {
    return take(arena, size);
}

void *arena_alloc(struct arena *arena, size_t size) {
    void *memory = take(arena, size);
    return arena->is_zero ? memory : memset(memory, 0, size);
}

void *arena_room(struct arena *arena, size_t size) {
    return take(arena, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        give_up("array too large");
    }
    return arena_alloc(arena, count * size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t length) {
    char *copy = take(arena, length + 1);
    if (length != 0) {
        memcpy(copy, bytes, length);
    }
    copy[length] = '\0';
    return copy;
}

char *arena_text(struct arena *arena, const char *text) {
    return text != NULL ? arena_copy(arena, text, strlen(text)) : NULL;
}

const char *arena_keep(struct arena *arena, const char *text) {
    for (const struct arena_block *block = arena->blocks; block != NULL; block = block->next) {
        size_t used = block == arena->blocks ? (size_t)(arena->at - block->bytes) : block->used;
        if ((uintptr_t)text - (uintptr_t)block->bytes < used) {
            return text;
        }
    }
    return arena_text(arena, text);
}

char *arena_join(struct arena *arena, const char *const *texts, size_t count) {
    size_t length = 0, at = 0;
    for (size_t i = 0; i < count; i++) {
        length += strlen(texts[i]);
    }
    char *joined = take(arena, length + 1);
    for (size_t i = 0; i < count; i++) {
        size_t part = strlen(texts[i]);
        memcpy(joined + at, texts[i], part);
        at += part;
    }
    joined[length] = '\0';
    return joined;
}

char *arena_number(struct arena *arena, uint64_t number, const char *text) {
    char digits[21] = {0}; /* 2^64 has 20 */
    size_t at = sizeof digits - 1;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return arena_join(arena, (const char *const[]){digits + at, text}, 2);
}

char *arena_format(struct arena *arena, const char *format, ...) {
    char short_text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(short_text, sizeof short_text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        give_up("bad format");
    }
    if ((size_t)length < sizeof short_text) {
        return arena_copy(arena, short_text, (size_t)length);
    }
    char *text = take(arena, (size_t)length + 1);
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}
