/* What the files of this folder share: the sealed set and the scratch. Private to domain/pattern. */
#ifndef PANDU_DOMAIN_PATTERN_SET_H
#define PANDU_DOMAIN_PATTERN_SET_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/pattern.h"
#include "domain/pattern/prefilter.h"
#include "domain/pattern/program.h"
#include "domain/pattern/valid.h"

enum {
    PATTERN_COUNT_MAX = 1 << 20,
    SEGMENT_BYTES = 512,          /* design "bounds" */
    SEGMENT_OVERLAP = 128,        /* bytes seen twice where a cut falls inside a sentence */
    PLAIN_MATCH_LIMIT = 10000000, /* PCRE2's default; both plain loops and the prefilter use the same */
    RUNS_BEFORE_JIT = 8,          /* docs/performance.md: colder code is faster interpreted */
    JIT_STACK_FIRST = 32 * 1024,
    JIT_STACK_MOST = 512 * 1024
};

struct pattern {
    pcre2_code *code; /* NULL: it waits until it first runs, then each scratch has its own */
    char *expression; /* not of PATTERN_PLAIN */
    uint32_t length;
    uint32_t first_place, place_count; /* in set->places: its lists */
    uint32_t flags;                    /* enum pattern_flag */
    uint32_t captures;                 /* at most PATTERN_CAPTURES_MAX */
    int may_jit;                       /* just-in-time code can be trusted to give the interpreter's answer */
};

struct pattern_list {
    char *expression;
    size_t length;
};

struct pattern_set {
    struct pattern *patterns;
    size_t count, capacity;
    int sealed, defers;
    uint32_t plain_limit;
    int has_segments; /* some pattern is not PATTERN_PLAIN: long texts are cut for it */
    int has_asked;    /* some pattern is PATTERN_ASKED */
    pcre2_compile_context *compile_context;
    struct prefilter_builder *builder; /* until sealed */
    struct prefilter prefilter;        /* once sealed */
    struct pattern_list *lists;
    struct valid_list *valid_lists; /* by number of list */
    size_t list_count, list_capacity;
    struct pattern_place *places;
    size_t place_count, place_capacity;
};

/* What a pattern gets when it runs: a small program at once, its own copy with JIT code when it has run often
   enough. Most patterns do not run for days. */
struct hot {
    pcre2_code *code; /* NULL: not yet, or JIT cannot do it */
    pcre2_code *late; /* interpreted, of a pattern that waited for its first run */
    uint32_t program; /* PROGRAM_NONE: PCRE2 decides */
    uint8_t runs;
    uint8_t has_program; /* program is known */
};

struct pattern_scratch {
    const struct pattern_set *set;
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
    pcre2_jit_stack *jit_stack;
    struct hot *hot; /* one a pattern */
    struct scan scan;
    struct program_pool programs;
    struct program_text program_text; /* what was scanned */
    char *read;                       /* the same, a copy */
    size_t read_length, read_capacity;
    int is_read; /* 0: nothing is, or there was no memory for a copy */
    void *kept;  /* somebody's: pattern_scratch_keep_take */
    void (*free_kept)(void *);
};

enum run_way {
    RUN_INTERPRETED,
    RUN_ADAPTIVE, /* just-in-time code once the pattern has run often, where that gives the same answer */
    RUN_JIT       /* the code made by run_heat */
};

/* 1 and *hit, 0, or ERR_LIMIT. text is valid UTF-8. Patterns with production limits are always interpreted.
 */
int run_pattern(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number,
                const char *text, size_t length, enum run_way way, struct pattern_hit *hit);
/* The match limit of patterns with production limits, on so many bytes. */
uint32_t run_limit(size_t bytes);
int64_t run_steps(const struct pattern_set *set, uint32_t number, const char *text, size_t length);
/* Makes the just-in-time code of one pattern now. 0, or ERR_MEMORY. */
int run_heat(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number);

#endif
