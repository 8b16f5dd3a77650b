/* A sealed set of PCRE2 expressions behind a required-literal prefilter. The only door to PCRE2.
   The set is immutable and may be shared; everything that changes while matching is in a scratch. */
#ifndef PANDU_DOMAIN_PATTERN_PATTERN_H
#define PANDU_DOMAIN_PATTERN_PATTERN_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct pattern_set;
struct pattern_scratch;

enum { PATTERN_CAPTURES_MAX = 8, PATTERN_EXPRESSION_MAX = 65536 };

/* A place where an expression matched; offsets are bytes of the text. Absent captures have start == SIZE_MAX.
   Only named groups capture, in the order they are written (PCRE2_NO_AUTO_CAPTURE unless PATTERN_PLAIN). */
struct pattern_span {
    size_t start, end;
};
struct pattern_hit {
    uint32_t pattern; /* number given by pattern_add */
    struct pattern_span span;
    size_t capture_count;
    struct pattern_span captures[PATTERN_CAPTURES_MAX];
};

enum pattern_flag {
    PATTERN_PLAIN = 1, /* benchmark mode: UTF|UCP|CASELESS on raw text and numbered groups capture */
    PATTERN_ASKED = 2  /* only looked at when asked for: pattern_match_all leaves it out */
};

struct pattern_set *pattern_set_new(void); /* empty and open; NULL: no memory */
void pattern_set_free(struct pattern_set *set);

/* For a set that must be ready soon: an expression without PATTERN_PLAIN that has groups in common with
   others is only proved to be valid, and compiled by each scratch when it first runs there. Before the first
   pattern_add. */
void pattern_set_defer(struct pattern_set *set);

/* Compiles one expression; its number is returned (0, 1, 2 ... in order of adding) or a negative ERR code
   with text and, in err->column, the 1-based offset inside the expression. */
int64_t pattern_add(struct pattern_set *set, const char *expression, size_t length, unsigned flags,
                    struct err *err);

/* A list of words that many expressions hold: read once, not with every expression. expression: without
   parentheses and captures, matches exactly the words ("apa(?:kah)?|bisa"); words: each once, as they stand
   in a text. Both are copied. Returns the list's number or a negative ERR code. */
int64_t pattern_add_list(struct pattern_set *set, const char *expression, size_t length,
                         const char *const *words, size_t count);

/* pattern_add of an expression in which lists stand: each as "(?:)", whose parenthesis closes at byte `at`.
   Places are in their order. err->column counts as if the lists' expressions stood there. */
struct pattern_place {
    uint32_t at, list;
};
int64_t pattern_add_with_lists(struct pattern_set *set, const char *expression, size_t length,
                               const struct pattern_place *places, size_t count, unsigned flags,
                               struct err *err);

/* PATTERN_PLAIN patterns are given up after so many steps at one offset (a sane default is set). */
void pattern_set_limit(struct pattern_set *set, uint32_t steps);

/* Builds the prefilter. Nothing can be added afterwards. 0 or a negative ERR code. */
int pattern_set_seal(struct pattern_set *set, struct err *err);
size_t pattern_set_count(const struct pattern_set *set);

/* One per thread. Holds match data, the JIT stack and just-in-time code of patterns that run often. */
struct pattern_scratch *pattern_scratch_new(const struct pattern_set *set);
void pattern_scratch_free(struct pattern_scratch *scratch);

/* Something else that is kept from text to text with this set, one a scratch and its own from now on: freed
   with it by the function given. kept: what was given last, or NULL. */
void pattern_scratch_keep_take(struct pattern_scratch *scratch, void *kept, void (*free_kept)(void *));
void *pattern_scratch_kept(const struct pattern_scratch *scratch);

/* All patterns (but PATTERN_ASKED) that match text, in order of their numbers, first match each, at most
   limit. text must be valid UTF-8. Returns the number of hits. *exhausted (may be NULL) counts patterns given
   up at the match limit of the design ("bounds": 500 + 2.5 x bytes, on segments of at most 512 bytes); these
   are logged no-matches. Without it, what is given up need not be told from no match, which takes less. */
size_t pattern_match_all(const struct pattern_set *set, struct pattern_scratch *scratch, const char *text,
                         size_t length, struct pattern_hit *hits, size_t limit, size_t *exhausted);

/* One pattern, as pattern_match_all would find it, PATTERN_ASKED or not: 1 and *hit, 0, or ERR_LIMIT. Takes
   little where the text is the one that was matched last with this scratch. */
int pattern_match_asked(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t pattern,
                        const char *text, size_t length, struct pattern_hit *hit);

/* pattern_match_asked of count patterns in turn until one matches, with one look at the text: which of them
   it is, and *hit; count if none does. Their numbers stand stride bytes apart. */
size_t pattern_match_asked_first(const struct pattern_set *set, struct pattern_scratch *scratch,
                                 const uint32_t *numbers, size_t stride, size_t count, const char *text,
                                 size_t length, struct pattern_hit *hit);

/* The first (lowest-numbered) pattern that matches; 1 and *hit, or 0. */
int pattern_match_first(const struct pattern_set *set, struct pattern_scratch *scratch, const char *text,
                        size_t length, struct pattern_hit *hit);

/* One pattern alone, by its number, bypassing the prefilter (lint, proofs, the plain loop). 1, 0, or a
   negative ERR code (ERR_LIMIT when the match limit was hit). */
int pattern_match_one(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t pattern,
                      const char *text, size_t length, struct pattern_hit *hit);

/* The plain loop of the benchmark with just-in-time code: first heat the scratch (makes the code of every
   pattern; 0 or ERR_MEMORY), then match one pattern after the other as by pattern_match_one. Patterns without
   PATTERN_PLAIN are interpreted all the same. */
int pattern_scratch_heat(struct pattern_scratch *scratch);
int pattern_match_hot(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t pattern,
                      const char *text, size_t length, struct pattern_hit *hit);

/* What lint wants to know. */
int pattern_has_literal(const struct pattern_set *set, uint32_t pattern); /* 0: runs on every message */
int64_t pattern_steps(const struct pattern_set *set, uint32_t pattern, const char *text, size_t length);
/* smallest match limit (doubling from 64) with which the pattern decides on text; a deterministic measure of
   its cost, no clock; INT64_MAX if above 1,000,000 */

#endif
