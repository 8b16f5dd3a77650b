/* Proves that PCRE2 will compile an expression, without asking it. Private to domain/pattern. */
#ifndef PANDU_DOMAIN_PATTERN_VALID_H
#define PANDU_DOMAIN_PATTERN_VALID_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/pattern.h"

enum {
    VALID_CODE_MAX = 56 * 1024, /* bytes of code: PCRE2's two-byte links reach 64 KiB */
    VALID_DEPTH_MAX = 200       /* PCRE2's parens_nest_limit is 250 */
};

/* What is known of a list that stands in expressions. */
struct valid_list {
    size_t code; /* at most so many bytes of PCRE2's code; above VALID_CODE_MAX: not certain */
    int depth;   /* of the groups in it */
};

struct validity {
    size_t code;
    int depth;
    uint32_t captures;
};

/* 1 if PCRE2 compiles expression (UTF, UCP, no auto capture, newline LF, valid UTF-8) with its lists at their
   places; 0: it may or may not. lists: by the numbers in places. */
int valid_expression(const char *expression, size_t length, const struct pattern_place *places, size_t count,
                     const struct valid_list *lists, struct validity *out);

#endif
