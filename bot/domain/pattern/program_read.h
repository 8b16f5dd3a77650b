/* What an expression looks like to the writer of its program. Private to program_*.c. */
#ifndef PANDU_DOMAIN_PATTERN_PROGRAM_READ_H
#define PANDU_DOMAIN_PATTERN_PROGRAM_READ_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/program.h"

enum {
    UNROLLED_MAX = 12,   /* rounds of a part that may match in several ways: they are written out */
    ENDLESS = UINT16_MAX /* as a greatest count */
};

enum item_kind {
    ITEM_STRING,
    ITEM_SET,
    ITEM_SEQUENCE,
    ITEM_ALTERNATIVES,
    ITEM_REPEAT,
    ITEM_CAPTURE,
    ITEM_CHECK
};

struct item {
    uint8_t kind, mode;
    uint8_t is_fixed; /* matches in one way only */
    uint8_t may_be_empty, has_capture;
    uint32_t a, b, c; /* string: offset, length; set: number; repeat: least (b), most (c); capture: number;
                         check: enum program_code */
    uint32_t child, next; /* 0: none */
};

struct reader {
    struct program_pool *pool; /* strings and sets are put into it */
    const char *at, *end;
    struct item *items; /* [0] is no item; the caller frees it */
    uint32_t item_count, item_limit;
    size_t captures;
    int depth, is_failed;
};

/* pool, at and end are set, the rest is zero. The root, or 0 when the expression is not understood. */
uint32_t program_read_expression(struct reader *reader);

/* Room for so many of size bytes; 0 when there is no memory. */
int program_room(void **list, size_t *capacity, size_t needed, size_t size);

#endif
