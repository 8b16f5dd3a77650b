/* Runs PCRE2 on one text under the match limits of the design. Never decides which patterns to run and never
   checks UTF-8 again. Called by pattern.c.
   Just-in-time code counts fewer steps than the interpreter, so under a low limit the same pattern could
   match or not depending on how often it ran before. Patterns with production limits are therefore always
   interpreted; PATTERN_PLAIN ones become just-in-time code when hot, and a limit met there is decided by the
   interpreter. */
#include "domain/pattern/compile.h"

#include "base/err.h"
#include "base/utf8.h"

#include "banned.h"

struct segment {
    size_t start, end;
    int in_sentence; /* the cut at the end fell inside a sentence */
};

static int is_sentence_end(const char *text, size_t at) {
    return text[at] == '\n' || ((text[at] == '.' || text[at] == '?' || text[at] == '!') &&
                                (text[at + 1] == ' ' || text[at + 1] == '\n'));
}

/* Ends a segment after the last sentence end of its second half, else at the last blank there, else anywhere
   between two code points. */
static void segment_close(struct segment *segment, const char *text, size_t length) {
    segment->in_sentence = 0;
    if (length - segment->start <= SEGMENT_BYTES) {
        segment->end = length;
        return;
    }
    size_t least = segment->start + SEGMENT_BYTES / 2;
    size_t most = segment->start + u8_cut(text + segment->start, length - segment->start, SEGMENT_BYTES);
    for (size_t at = most - 1; at > least; at--) {
        if (is_sentence_end(text, at)) {
            segment->end = at + 1;
            return;
        }
    }
    segment->in_sentence = 1;
    segment->end = most;
    for (size_t at = most - 1; at > least; at--) {
        if (text[at] == ' ') {
            segment->end = at;
            return;
        }
    }
}

/* A sentence cut in two is seen again from a blank at most SEGMENT_OVERLAP bytes before the cut. */
static void segment_next(struct segment *segment, const char *text, size_t length) {
    size_t start = segment->end;
    if (segment->in_sentence) {
        size_t at = segment->end - SEGMENT_OVERLAP;
        while (at < segment->end && text[at] != ' ') {
            at++;
        }
        start = at < segment->end ? at + 1 : u8_cut(text, length, segment->end - SEGMENT_OVERLAP);
    }
    segment->start = start;
    segment_close(segment, text, length);
}

/* Every group of the pattern gets a place, also those behind the last one that took part. */
static void take_hit(pcre2_match_data *data, const struct pattern *pattern, uint32_t number,
                     struct pattern_hit *hit) {
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
    hit->pattern = number;
    hit->span = (struct pattern_span){offsets[0], offsets[1]};
    hit->capture_count = pattern->captures;
    for (uint32_t i = 0; i < pattern->captures; i++) {
        hit->captures[i] = (struct pattern_span){offsets[2 * i + 2], offsets[2 * i + 3]};
    }
}

int run_heat(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number) {
    struct hot *hot = &scratch->hot[number];
    if (scratch->jit_stack == NULL) {
        scratch->jit_stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST, NULL);
        if (scratch->jit_stack == NULL) {
            return ERR_MEMORY;
        }
        pcre2_jit_stack_assign(scratch->match_context, NULL, scratch->jit_stack);
    }
    if (hot->code == NULL) {
        hot->code = pcre2_code_copy(set->patterns[number].code);
        if (hot->code != NULL && pcre2_jit_compile(hot->code, PCRE2_JIT_COMPLETE) != 0) {
            pcre2_code_free(hot->code); /* no JIT for this pattern or machine: it stays interpreted */
            hot->code = NULL;
        }
    }
    return 0;
}

/* The just-in-time code to run, or NULL. */
static const pcre2_code *code_for(const struct pattern_set *set, struct pattern_scratch *scratch,
                                  uint32_t number, enum run_way way) {
    struct hot *hot = &scratch->hot[number];
    if (way == RUN_INTERPRETED || (way == RUN_ADAPTIVE && !set->patterns[number].may_jit)) {
        return NULL;
    }
    if (hot->code == NULL && hot->runs < RUNS_BEFORE_JIT && ++hot->runs == RUNS_BEFORE_JIT) {
        (void)run_heat(set, scratch, number); /* without memory it stays interpreted */
    }
    return hot->code;
}

/* Whole text, one generous limit. */
static int run_plain(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number,
                     const char *text, size_t length, enum run_way way) {
    const pcre2_code *code = code_for(set, scratch, number, way);
    (void)pcre2_set_match_limit(scratch->match_context, set->plain_limit);
    if (code != NULL) {
        int result = pcre2_jit_match(code, (PCRE2_SPTR)text, length, 0, 0, scratch->match_data,
                                     scratch->match_context);
        if (result >= 0 || result == PCRE2_ERROR_NOMATCH) {
            return result;
        }
    }
    return pcre2_match(set->patterns[number].code, (PCRE2_SPTR)text, length, 0, PCRE2_NO_UTF_CHECK,
                       scratch->match_data, scratch->match_context);
}

uint32_t run_limit(size_t bytes) {
    return (uint32_t)(500 + bytes * 5 / 2);
}

/* The interpreter's code; one that waited is compiled at its first run. NULL without memory. */
static const pcre2_code *interpreted(const struct pattern_set *set, struct pattern_scratch *scratch,
                                     uint32_t number) {
    const struct pattern *pattern = &set->patterns[number];
    struct hot *hot = &scratch->hot[number];
    if (pattern->code == NULL && hot->late == NULL) {
        hot->late = compile_deferred(set, pattern);
    }
    return pattern->code != NULL ? pattern->code : hot->late;
}

static int run_segment(struct pattern_scratch *scratch, const pcre2_code *code, const char *text,
                       const struct segment *segment, int is_last) {
    size_t bytes = segment->end - segment->start;
    (void)pcre2_set_match_limit(scratch->match_context, run_limit(bytes));
    return pcre2_match(code, (PCRE2_SPTR)text, segment->end, segment->start,
                       PCRE2_NO_UTF_CHECK | (is_last ? 0 : PCRE2_NOTEOL), scratch->match_data,
                       scratch->match_context);
}

/* The first segment that matches. A limit met in one is forgotten if a later one matches. */
static int run_segments(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number,
                        const char *text, size_t length) {
    struct segment segment = {0, 0, 0};
    int outcome = PCRE2_ERROR_NOMATCH;
    const pcre2_code *code = interpreted(set, scratch, number);
    if (code == NULL) {
        return PCRE2_ERROR_NOMEMORY; /* given up like one that met its limit */
    }
    for (segment_close(&segment, text, length);; segment_next(&segment, text, length)) {
        int result = run_segment(scratch, code, text, &segment, segment.end == length);
        if (result >= 0) {
            return result;
        }
        outcome = result != PCRE2_ERROR_NOMATCH ? result : outcome;
        if (segment.end == length) {
            return outcome;
        }
    }
}

int run_pattern(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number,
                const char *text, size_t length, enum run_way way, struct pattern_hit *hit) {
    const struct pattern *pattern = &set->patterns[number];
    int result = (pattern->flags & PATTERN_PLAIN) != 0 ? run_plain(set, scratch, number, text, length, way)
                                                       : run_segments(set, scratch, number, text, length);
    if (result >= 0) {
        take_hit(scratch->match_data, pattern, number, hit);
        return 1;
    }
    return result == PCRE2_ERROR_NOMATCH ? 0 : ERR_LIMIT;
}

int64_t run_steps(const struct pattern_set *set, uint32_t number, const char *text, size_t length) {
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_code *late =
        set->patterns[number].code == NULL ? compile_deferred(set, &set->patterns[number]) : NULL;
    const pcre2_code *code = late != NULL ? late : set->patterns[number].code;
    int64_t steps = INT64_MAX;
    for (uint32_t limit = 64; code != NULL && data != NULL && context != NULL && limit <= 1000000;
         limit *= 2) {
        (void)pcre2_set_match_limit(context, limit);
        int result = pcre2_match(code, (PCRE2_SPTR)text, length, 0, PCRE2_NO_UTF_CHECK, data, context);
        if (result >= 0 || result == PCRE2_ERROR_NOMATCH) {
            steps = limit;
            break;
        }
    }
    pcre2_code_free(late);
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    return steps;
}
