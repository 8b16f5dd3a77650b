/* The tokens of an author's pattern, and what may stand on either side of each. Private to author_pattern.c.
 */
#ifndef PANDU_DOMAIN_AUTHOR_TOKEN_H
#define PANDU_DOMAIN_AUTHOR_TOKEN_H

#include <stddef.h>

struct arena;
struct err;

enum author_token_kind {
    AUTHOR_WORD,   /* literal text without a blank */
    AUTHOR_BLANK,  /* one or more blanks */
    AUTHOR_CLASS,  /* {name} */
    AUTHOR_GAP,    /* {gap}, {gapN}: zero to number words */
    AUTHOR_WORDS,  /* {gapNword}: one to number words */
    AUTHOR_END,    /* {end} */
    AUTHOR_ANCHOR, /* ^ or $ */
    AUTHOR_OPEN,   /* "(" with what follows it: "(?:", "(?<name>", "(?!" */
    AUTHOR_CLOSE,
    AUTHOR_BAR,
    AUTHOR_QUANTIFIER, /* ? * + {2,3}, lazy and possessive too */
    AUTHOR_RAW         /* an escape, [...], a dot, (?i): copied as it is */
};

struct author_token {
    enum author_token_kind kind;
    size_t start, length; /* in the pattern; for AUTHOR_CLASS the name alone */
    size_t partner;       /* OPEN: index of its CLOSE, and the reverse */
    unsigned number;      /* GAP, WORDS: the most words */
    int is_lookaround;    /* OPEN, CLOSE: takes no room */
    int is_optional;      /* QUANTIFIER: zero times is allowed */
};

struct author_tokens {
    const char *pattern;
    struct author_token *list;
    size_t count;
};

/* Cuts pattern into tokens in arena. 0 or a negative ERR code with err->column. */
int author_tokenise(const char *pattern, struct arena *arena, struct author_tokens *out, struct err *err);

/* 1 if a letter may stand directly before or after token index, so that it is perhaps only part of a word. */
int author_glued_before(const struct author_tokens *tokens, size_t index);
int author_glued_after(const struct author_tokens *tokens, size_t index);

/* 1 if nothing is written before or after it in its alternative. */
int author_is_first(const struct author_tokens *tokens, size_t index);
int author_is_last(const struct author_tokens *tokens, size_t index);

#endif
