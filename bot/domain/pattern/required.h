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
    REQUIRED_SPACES = 1,      /* a byte that stands for `\s+` in a string */
    REQUIRED_SEPARATOR = 2,   /* a byte that no string holds; no literal is made of 0, 1 and 2 */
    REQUIRED_STRING_MAX = 64, /* bytes; longer strings are cut in two */
    REQUIRED_PIECE_MAX =
        8, /* AUTOMATON_STRING_MAX: bytes of a string that the automaton looks for, at most */
    REQUIRED_PRODUCT_MAX = 64, /* strings two alternations in a row may multiply to */
    REQUIRED_LIST_MAX = 4096,  /* strings of one group */
    REQUIRED_FEW = 8, /* a shared list of more strings is never multiplied where places do not count */
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
    uint32_t shared;       /* 0, or index + 1 of the shared list they are, with left and right: not copied */
    uint8_t left, right;
    uint8_t is_ordered; /* must begin at or behind the end of the ordered group before */
    uint8_t is_slot;    /* the strings are exactly what this part of the expression matches */
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
    int is_behind_blank, is_before_blank; /* what is to be read stands between them, or at an end */
    int is_loose;                         /* PARSE_LOOSE: is_chain stays 0 */
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
    uint32_t shared;     /* 0, or index + 1 of a shared list, which is not copied: first is nothing */
    uint8_t left, right; /* of a shared list: enum parse_boundary */
    uint8_t is_followed; /* of a shared list: by a blank, which belongs to it */
    uint8_t is_exact;    /* the list holds everything the piece may match (perhaps more) */
    uint8_t is_precise;  /* ... and nothing else, in PCRE2's order */
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
/* A shared list as a part: copied, or only named where places do not count. index: for shared_get. */
struct required_part required_share(struct required *required, uint32_t index);
/* The same part, copied if it was only named. */
struct required_part required_unshare(struct required *required, struct required_part part);
/* Copies the strings of a group that is only named; is_failed if there is no room. */
void required_unfold(struct required *required, struct required_group *group);
/* 1 if what follows part stands behind a blank; is_behind: part itself does, or at the start. */
int required_keeps_blank(const struct required *required, const struct required_part *part, int is_behind);
/* 1 if every string of part begins with a blank. */
int required_begins_blank(const struct required *required, const struct required_part *part);

/* ---- required_blank.c ---- */

/* 1 if every text that node matches ends with a blank. */
int required_ends_blank(const struct required *required, uint32_t node);
/* Whether what follows node, which requires part, stands behind a blank. */
int required_keeps_blank_behind(const struct required *required, uint32_t node,
                                const struct required_part *part, int is_behind);
/* 1 if a blank stands in front of node and those after it, or the end of the text; is_before: what stands
   behind them all. */
int required_is_before_blank(const struct required *required, uint32_t node, int is_before);

#endif
