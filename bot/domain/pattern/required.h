/* What a text must contain so that an expression can match it: an AND of groups, each an OR of strings, in
   the order they must come; and whether the expression is nothing but such groups with gaps between them.
   Sound, not complete: a text that fails a requirement cannot match; one that meets them may or may not. */
#ifndef PANDU_DOMAIN_PATTERN_REQUIRED_H
#define PANDU_DOMAIN_PATTERN_REQUIRED_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/guard.h"
#include "domain/pattern/parse.h"

enum {
    REQUIRED_SPACES = 1,       /* a byte that stands for `\s+` in a string */
    REQUIRED_SEPARATOR = 2,    /* a byte that no string holds; no literal is made of 0, 1 and 2 */
    REQUIRED_STRING_MAX = 64,  /* bytes; longer strings are cut in two */
    REQUIRED_PRODUCT_MAX = 64, /* strings two alternations in a row may multiply to */
    REQUIRED_LIST_MAX = 4096,  /* strings of one group */
    REQUIRED_BYTES_MAX = 1 << 20,
    REQUIRED_GROUPS_MAX = 64,
    REQUIRED_ENDLESS_GAP = UINT16_MAX
};

/* Folded: ASCII is lower case, U+212A is k, U+017F is s; other bytes as in UTF-8. */
struct required_string {
    uint32_t offset; /* into bytes */
    uint16_t length;
    uint8_t left, right; /* enum parse_boundary: what must hold at the start, at the end */
    uint8_t piece,
        piece_length; /* of the longest part without REQUIRED_SPACES: what the automaton looks for */
};

struct required_group {
    uint32_t first, count; /* slice of strings, in the order PCRE2 would try them */
    uint8_t is_ordered;    /* must begin at or behind the end of the ordered group before */
    uint8_t is_slot;       /* the strings are exactly what this part of the expression matches */
};

struct required_gap { /* between group i and i + 1 of a chain: so many characters, none of them a newline */
    uint16_t least, most; /* REQUIRED_ENDLESS_GAP: no upper bound */
    uint8_t is_lazy;
};

struct required {
    struct parse_tree tree;
    unsigned char *bytes;
    size_t byte_count, byte_capacity;
    struct required_string *strings;
    size_t string_count, string_capacity;
    struct required_string *pending; /* a stack used while alternatives are collected */
    size_t pending_count, pending_capacity;
    struct required_group groups[REQUIRED_GROUPS_MAX];
    size_t group_count;
    struct required_gap gaps[REQUIRED_GROUPS_MAX];
    int is_chain;  /* the groups, with the gaps between, are the whole expression; no captures */
    int is_failed; /* too large, or no memory: nothing is required */
    struct guard guard;
};

/* Caller's storage, zeroed once (but tree.shared); reused from one expression to the next. options: enum
   parse_option.
   Always succeeds: in doubt there are no groups and an open guard. */
void required_extract(struct required *required, const char *expression, size_t length, unsigned options);
void required_close(struct required *required);

/* Lists of strings; required_list.c. A part is what a piece of the expression may match. */
struct required_part {
    uint32_t first, count;
    uint8_t is_exact;   /* the list holds everything the piece may match (perhaps more) */
    uint8_t is_precise; /* ... and nothing else, in PCRE2's order */
};

uint32_t required_add_bytes(struct required *required, const void *bytes, size_t length);
void required_push(struct required *required, struct required_string string);
struct required_part required_pop(struct required *required, size_t base);
struct required_part required_single(struct required *required, const char *bytes, size_t length);
/* Each string of left followed by each of right; not exact if that is too much or not certain. */
struct required_part required_cross(struct required *required, struct required_part left,
                                    struct required_part right);
/* Makes strings fit for the automaton. 0 if one of them has no part worth looking for. */
int required_make_group(struct required *required, struct required_part part, struct required_group *group);
/* Higher is better: long, few. */
int required_score(const struct required *required, const struct required_group *group);
int required_is_word(unsigned char byte);
struct shared_part;
struct required_part required_copy(struct required *required, const struct shared_part *shared);

#endif
