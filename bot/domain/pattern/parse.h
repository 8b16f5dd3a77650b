/* PCRE2 syntax to a tree, only as deep as the prefilter needs it. What is not understood makes the whole
   expression "not understood", and then nothing is required of a text: slower, never wrong.
   Expects expressions that PCRE2 has compiled already, under UTF, UCP and newline LF. Syntax:
   pcre2pattern(3). */
#ifndef PANDU_DOMAIN_PATTERN_PARSE_H
#define PANDU_DOMAIN_PATTERN_PARSE_H

#include <stddef.h>
#include <stdint.h>

enum node_kind {
    NODE_CHAR,      /* value: code point */
    NODE_LETTERS,   /* ASCII letters one behind the other; value: offset in the expression, max: how many */
    NODE_SET,       /* one character; value: index into sets */
    NODE_BOUNDARY,  /* value: enum parse_boundary */
    NODE_START,     /* start of the text */
    NODE_END,       /* end of the text, perhaps before a last newline */
    NODE_RESTRICT,  /* zero-width; allows at most what an empty string allows: \B, (?!...), (*COMMIT) ...;
                       child: what must not be there, or 0 */
    NODE_UNKNOWN,   /* matches anything, nothing included: recursion, conditions */
    NODE_REFERENCE, /* back reference; value: group number, or 0 where it was not written as a number */
    NODE_CONCAT,    /* children in order */
    NODE_ALTERNATE, /* children are the branches in order */
    NODE_REPEAT,    /* child; value: least, max: most (PARSE_ENDLESS) */
    NODE_GROUP,     /* child; value: capture number or 0 */
    NODE_LOOK,      /* child: what a positive lookaround must find */
    NODE_SHARED /* value: shared_get; child: the NODE_GROUP, or 0 if what it requires is known; max: where its
                   inside begins in the expression */
};

/* What must hold between two characters. */
enum parse_boundary {
    BOUNDARY_WORD = 1,         /* \b */
    BOUNDARY_BLANK_BEFORE = 2, /* (?<![^ ]): behind a blank, or at the start */
    BOUNDARY_BLANK_AFTER = 4   /* (?![^ ]): in front of a blank, or at the end */
};

enum node_flag {
    NODE_CASELESS = 1,
    NODE_LAZY = 2,
    NODE_ATOMIC = 4 /* possessive, atomic, or otherwise narrower than its child */
};

enum { PARSE_ENDLESS = UINT16_MAX + 1, PARSE_DEPTH_MAX = 300, PARSE_LETTERS_MAX = 32 };

struct node {
    uint8_t kind, flags;
    uint32_t child, next; /* 0: none */
    uint32_t value, max;
};

enum parse_set_kind { SET_PLAIN, SET_DOT, SET_SPACE };

/* Which characters a one-character node may match. Two bounds, because a property or a class that is not
   known exactly must stay safe under negation. Under caseless matching U+212A and U+017F count as k and s. */
struct parse_set {
    uint64_t may[2], must[2]; /* bitmaps of ASCII: perhaps, certainly */
    uint8_t may_other;        /* characters beyond ASCII, perhaps */
    uint8_t kind;             /* enum parse_set_kind: SET_DOT `.` without newline, SET_SPACE `\s` */
};

enum parse_option {
    PARSE_CASELESS = 1,
    PARSE_NO_CAPTURE = 2,
    PARSE_LOOSE = 4 /* for required_extract: strings need not be where PCRE2 would find them, as PCRE2 or a
                       program decides anyway; so lists are not multiplied and groups can be shared */
};

struct pattern_place;
struct shared;

/* Caller's storage, zeroed once; reused from one expression to the next. */
struct parse_tree {
    const char *expression;             /* borrowed */
    struct shared *shared;              /* borrowed; NULL: every group is read */
    const struct pattern_place *places; /* borrowed: lists that stand in the expression, in their order */
    size_t place_count;
    const uint32_t *lists; /* by number of list: for shared_get */
    struct node *nodes;    /* [0] is no node */
    size_t node_count, node_capacity;
    struct parse_set *sets;
    size_t set_count, set_capacity;
    uint32_t root;
    int has_branch_reset; /* (?|...): group numbers are not unique */
    int has_start_verb;   /* (*UTF) and the like */
    int has_shared;       /* there are nodes of NODE_SHARED */
};

/* 1: understood, tree->root is valid. 0: not understood (or no memory). */
int parse_expression(struct parse_tree *tree, const char *expression, size_t length, unsigned options);
void parse_tree_close(struct parse_tree *tree);

#endif
