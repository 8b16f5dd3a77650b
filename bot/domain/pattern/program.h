/* Small programs for the expressions that authors' patterns become: words, sets, alternatives, options, gaps,
   named captures, whole words. They try what PCRE2 would try, in its order, so that the first match, its span
   and its captures are the same; an expression with anything else has no program. Private to domain/pattern.
 */
#ifndef PANDU_DOMAIN_PATTERN_PROGRAM_H
#define PANDU_DOMAIN_PATTERN_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/pattern.h"

enum {
    PROGRAM_TEXT_MAX = 512,   /* bytes of a text that programs run on: one segment */
    PROGRAM_NONE = 0,         /* no program: operation 0 is never used */
    PROGRAM_CLASSES = 32,     /* a-z, digits, blank, beyond ASCII, other, end of the text */
    PROGRAM_LOOP_MAX = 32,    /* rounds of a loop that is tried from its end */
    PROGRAM_MATCHES_MAX = 16, /* words of a list that may stand at one place */
    PROGRAM_UNFINISHED = -1,  /* took so many steps that PCRE2 might have given up: PCRE2 must decide */
    PROGRAM_NOWHERE = -2,     /* no match, but PCRE2 might have given up before it knew */
    PROGRAM_PATIENCE = 8      /* times PCRE2's limit: it often counts fewer steps */
};

enum program_code {
    PROGRAM_MATCH,  /* the end: a match */
    PROGRAM_DONE,   /* the end of a loop's body */
    PROGRAM_STRING, /* a: offset in bytes, b: length */
    PROGRAM_SET,    /* a: set, b: least, c: most characters, mode */
    PROGRAM_ONE_OF, /* a: first of branches, b: how many, c: table + 1, or 0: few, one after the other */
    PROGRAM_LIST,   /* a: list of words, b: steps of looking, at most, c: and behind a first byte, filter */
    PROGRAM_LOOP,   /* a: body, b: least, c: most rounds, mode; the body matches in one way only */
    PROGRAM_OPEN,   /* a: capture */
    PROGRAM_CLOSE,  /* a: capture */
    PROGRAM_BEFORE, /* (?<![^ ]) */
    PROGRAM_AFTER,  /* (?![^ ]) */
    PROGRAM_START,  /* ^ */
    PROGRAM_END     /* $ */
};

enum program_mode { PROGRAM_GREEDY, PROGRAM_LAZY, PROGRAM_POSSESSIVE };

struct program_op {
    uint8_t code, mode;
    uint16_t depth; /* nested calls that this operation and what follows may take */
    uint32_t a, b, c;
    uint32_t next;
    uint32_t first;  /* bit per class of byte that may stand here; a superset */
    uint64_t filter; /* bit per program_spot where a word of the list may stand */
};

struct program_set {
    uint32_t ascii[4];
    uint32_t has_other; /* characters beyond ASCII */
};

/* Branches of one PROGRAM_ONE_OF by the class of the byte they begin with; in each class in their order. */
struct program_table {
    uint32_t start[PROGRAM_CLASSES + 1]; /* in filed */
};

/* Words by the class of their first byte, in each by their bytes. */
struct program_list {
    uint64_t hash;
    uint32_t first_word; /* in words */
    uint16_t count, steps;
    struct {
        uint16_t start; /* counted from first_word; those of the next class end them */
        uint16_t steps; /* of looking, where a byte of this class stands */
    } by_class[PROGRAM_CLASSES + 1];
};
struct program_word {
    uint32_t key; /* its first bytes: program_key */
    uint32_t offset;
    uint16_t length, rank; /* rank: PCRE2 tries lower ones first */
};

/* The programs of all patterns of a set, built one after the other, then only read. Zeroed at first. */
struct program_pool {
    struct program_op *ops;
    size_t op_count, op_capacity;
    struct program_set *sets;
    size_t set_count, set_capacity;
    struct program_table *tables;
    size_t table_count, table_capacity;
    struct program_list *lists;
    size_t list_count, list_capacity, list_mask;
    uint32_t *list_slots; /* open addressing: number + 1 */
    struct program_word *words;
    size_t word_count, word_capacity;
    uint32_t *branches, *filed;
    size_t branch_count, branch_capacity, filed_count, filed_capacity;
    char *bytes;
    size_t byte_count, byte_capacity;
};

/* Adds the program of an expression that PCRE2 has compiled (UTF, UCP, no caseless, no auto capture, newline
   LF) and that has so many captures; its first operation, or PROGRAM_NONE if there is none (or no memory:
   slower, never wrong). */
uint32_t program_build(struct program_pool *pool, const char *expression, size_t length, size_t captures);
void program_pool_close(struct program_pool *pool);

/* One text, looked at once for all programs. */
struct program_text {
    const char *bytes;
    size_t length;
    uint32_t limit;     /* steps PCRE2 would be allowed at one place */
    uint32_t any_start; /* union of the start classes */
    uint16_t start_count;
    uint16_t starts[PROGRAM_TEXT_MAX + 1]; /* where words begin */
    uint8_t classes[PROGRAM_TEXT_MAX + 1]; /* of each byte, and of the end */
};

/* text: valid UTF-8 without newline, at most PROGRAM_TEXT_MAX bytes, borrowed. limit: PCRE2's match limit. */
void program_read(struct program_text *out, const char *text, size_t length, uint32_t limit);

/* 1 and hit->span and hit->captures (so many), 0, PROGRAM_UNFINISHED or PROGRAM_NOWHERE. */
int program_run(const struct program_pool *pool, uint32_t program, const struct program_text *text,
                size_t captures, struct pattern_hit *hit);

/* The class of a byte; of the end of the text PROGRAM_CLASSES - 1. */
static inline unsigned program_class(unsigned char byte) {
    unsigned letter = (unsigned)byte - 'a';
    if (letter < 26) {
        return letter;
    }
    return byte >= 128 ? 28u : byte == ' ' ? 27u : (byte >= '0' && byte <= '9') ? 26u : 29u;
}

#endif
