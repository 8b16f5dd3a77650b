/* What the files of this folder share: the sealed set and the scratch. Private to domain/pattern. */
#ifndef PANDU_DOMAIN_PATTERN_SET_H
#define PANDU_DOMAIN_PATTERN_SET_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/pattern.h"

enum {
    PATTERN_COUNT_MAX = 1 << 20,
    SEGMENT_BYTES = 512,        /* design "bounds" */
    SEGMENT_OVERLAP = 128,      /* bytes seen twice where a cut falls inside a sentence */
    PLAIN_MATCH_LIMIT = 1000000 /* per start offset; both plain loops and the prefilter use the same */
};

struct pattern {
    pcre2_code *code;
    unsigned flags;
};

struct pattern_set {
    struct pattern *patterns;
    size_t count, capacity;
    int sealed;
    pcre2_compile_context *compile_context;
};

struct pattern_scratch {
    const struct pattern_set *set;
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
};

/* 1 and *hit, 0, or ERR_LIMIT. text is valid UTF-8. */
int run_pattern(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number,
                const char *text, size_t length, struct pattern_hit *hit);
int64_t run_steps(const struct pattern_set *set, uint32_t number, const char *text, size_t length);

#endif
