/* Cheap bounds for expressions without literals: how many characters of which kinds a matching text has. */
#ifndef PANDU_DOMAIN_PATTERN_GUARD_H
#define PANDU_DOMAIN_PATTERN_GUARD_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/parse.h"

enum guard_kind {
    KIND_LETTER,
    KIND_DIGIT,
    KIND_SPACE,
    KIND_MARK,
    KIND_OTHER,
    KIND_COUNT
}; /* OTHER: not ASCII */
enum { KIND_MASKS = 1 << KIND_COUNT, GUARD_ENDLESS = UINT16_MAX };

struct guard {
    uint16_t least;            /* characters of the kinds in mask */
    uint16_t least_length;     /* characters in all */
    uint16_t least_run;        /* the same character so many times in a row, letter case aside */
    uint16_t most[KIND_COUNT]; /* GUARD_ENDLESS: no bound */
    uint8_t mask;
};

/* What one text has. A text with U+212A or U+017F, or above 65,535 bytes, is not counted: every guard is
 * open. */
struct guard_counts {
    uint16_t of[KIND_COUNT];
    uint16_t longest_run; /* neighbours beyond ASCII count as the same */
    uint8_t is_unknown;
};

void guard_open(struct guard *guard); /* lets everything through */
void guard_extract(const struct parse_tree *tree, struct guard *guard);
int guard_is_open(const struct guard *guard);
int guard_allows(const struct guard *guard, const struct guard_counts *counts);
enum guard_kind guard_kind_of(uint32_t code_point);

#endif
