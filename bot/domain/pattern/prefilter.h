/* Which patterns of a set a text may match. One pass of an automaton over the text finds the strings that
   patterns require; a pattern is a candidate if each of its groups was found, in order. Never misses a match.
 */
#ifndef PANDU_DOMAIN_PATTERN_PREFILTER_H
#define PANDU_DOMAIN_PATTERN_PREFILTER_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/automaton.h"
#include "domain/pattern/guard.h"

struct arena;
struct err;
struct parse_tree;
struct pattern_place;
struct required;

enum {
    PLAN_GROUPS_MAX = 4,
    PREFILTER_GROUPS_MAX = UINT16_MAX,
    PREFILTER_NO_GROUP = UINT16_MAX,
    SCAN_OCCURRENCES_MAX = 1024,
    SCAN_BYTES_MAX = 1 << 24 /* longer texts: every pattern is a candidate */
};

/* What one pattern asks for. */
struct plan {
    uint16_t groups[PLAN_GROUPS_MAX];
    uint16_t gap_least[PLAN_GROUPS_MAX - 1], gap_most[PLAN_GROUPS_MAX - 1]; /* of a chain */
    uint8_t count;
    uint8_t ordered;   /* bit i: groups[i] begins behind the ordered group before it */
    uint8_t lazy_gaps; /* bit i */
    uint8_t is_chain;  /* groups and gaps are the whole expression: chain.c decides without PCRE2 */
};

/* A string of some groups. */
struct element {
    uint32_t offset;    /* into bytes */
    uint32_t first_use; /* in uses; those of the next element end them */
    uint16_t others;    /* so many are of groups that have no postings; they come first */
    uint8_t length, piece, piece_length;
    uint8_t left, right; /* enum parse_boundary */
    uint8_t tag;         /* of the first word: prefilter_words.h */
};

struct element_use {
    uint16_t group, rank; /* rank: PCRE2 tries lower ones first */
};

/* A pattern, under the rarest of its groups; the others must be there too. */
struct posting {
    uint32_t pattern;
    uint16_t others[PLAN_GROUPS_MAX - 1]; /* group_count behind the last: a group that every text has */
};

struct unfiltered {
    uint32_t pattern; /* has no group */
    struct guard guard;
};

struct prefilter {
    struct automaton automaton;
    struct arena *arena;      /* of the tables below: a text touches a little of each */
    struct element *elements; /* one an output of the automaton, in its order; then those between blanks, by
                                 their first words; one more at the end */
    uint32_t
        *word_start; /* of elements between blanks, by the place of the first word; one more at the end */
    uint32_t word_mask;
    uint32_t word_first, word_count; /* those elements */
    struct element_use *uses;
    unsigned char *bytes;
    struct plan *plans;      /* one a pattern */
    uint32_t *posting_start; /* of each group; one more at the end */
    uint8_t *is_home;        /* of each group: it has postings; while it is built */
    struct posting *postings;
    struct unfiltered *unfiltered;
    size_t unfiltered_count, group_count, pattern_count;
    uint8_t kind_shift[128]; /* of each ASCII byte's 16-bit counter while scanning: 16 x enum guard_kind */
};

/* Building: every pattern in order of its number, then once prefilter_build. */
struct prefilter_builder;
struct prefilter_builder *prefilter_builder_new(void);
void prefilter_builder_free(struct prefilter_builder *builder);
/* may_chain: PCRE2 may be left out (no captures, no segments). 0 or ERR_MEMORY. */
int prefilter_add(struct prefilter_builder *builder, const char *expression, size_t length, unsigned options,
                  int may_chain);
/* A list that expressions may hold; lists are numbered in order of adding. 0 or ERR_MEMORY. */
int prefilter_add_list(struct prefilter_builder *builder, const char *const *words, size_t count);
/* prefilter_add of an expression with lists at its places. 1; 0 if that requires nothing, or a list is not
   one (then it is not added: it must be read as a whole); or ERR_MEMORY. */
int prefilter_add_with_lists(struct prefilter_builder *builder, const char *expression, size_t length,
                             unsigned options, const struct pattern_place *places, size_t count);
/* The expression added last, as it was read. */
const struct parse_tree *prefilter_tree(const struct prefilter_builder *builder);
void prefilter_leave_out(struct prefilter_builder *builder); /* scan_candidates never names the last one */
void prefilter_take_back(struct prefilter_builder *builder); /* the last one is no pattern after all */
int prefilter_build(struct prefilter_builder *builder, struct prefilter *prefilter, struct err *err);
void prefilter_close(struct prefilter *prefilter);

/* Where a string was found: for all groups that have it. */
struct occurrence {
    uint32_t element;
    uint32_t start, end;  /* bytes */
    uint32_t first, last; /* the same, counted in code points */
};

/* In which occurrences a group was seen: a bit of each of the first SEEN_REST and one for all behind them, or
   where that is not known. */
enum { SEEN_REST = 15 };

/* What was found in one text; one per scratch. */
struct scan {
    const struct prefilter *prefilter;
    uint16_t *seen; /* one a group, and one of a group that every text has: it is small, as a word of a text
                       stands in dozens of groups */
    uint16_t *present; /* groups seen in this text under which patterns are filed */
    size_t present_count;
    uint64_t *unsure;   /* a bit of each group: not all its places are known (beyond ASCII, too many) */
    uint8_t has_unsure; /* some bit is set */
    struct occurrence occurrences[SCAN_OCCURRENCES_MAX]; /* by where their pieces end */
    size_t occurrence_count;
    struct guard_counts counts;
    uint8_t is_altered; /* a U+212A or U+017F was read: lengths differ from here on */
    uint8_t has_newline;
    uint8_t is_skipped;   /* the text was too long to look at */
    uint32_t *candidates; /* room for every pattern */
};

int scan_init(struct scan *scan, const struct prefilter *prefilter); /* 0 or ERR_MEMORY */
void scan_close(struct scan *scan);
/* text is valid UTF-8. has_cuts: PCRE2 may be shown the text in segments, whose ends it takes for the end of
   the text. */
void scan_message(struct scan *scan, const struct prefilter *prefilter, const char *text, size_t length,
                  int has_cuts);
/* Fills scan->candidates with the patterns the text may match, in order; returns how many. */
size_t scan_candidates(struct scan *scan, const struct prefilter *prefilter);
/* The same of one pattern, one that was left out, too. */
int scan_allows(const struct scan *scan, const struct plan *plan);
static inline int scan_has(const struct scan *scan, uint16_t group) {
    return scan->seen[group] != 0;
}
static inline int scan_is_unsure(const struct scan *scan, uint16_t group) {
    return scan->has_unsure && (scan->unsure[group / 64] >> group % 64 & 1) != 0;
}

/* A place of a group. */
struct place {
    uint16_t occurrence, rank; /* rank: PCRE2 tries lower ones first */
};
/* The places of a group that was seen and is not unsure, as they were found; returns how many, limit + 1 if
   there are more than limit. */
unsigned scan_places(const struct scan *scan, uint16_t group, struct place *places, unsigned limit);

/* A chain pattern on the scanned text: 1 and the bytes it matches, 0, or -1 when PCRE2 must decide. */
int chain_decide(const struct plan *plan, const struct scan *scan, size_t *start, size_t *end);
/* 0 if the groups of any other pattern are not found in their order. */
int chain_is_ordered(const struct plan *plan, const struct scan *scan);

#endif
