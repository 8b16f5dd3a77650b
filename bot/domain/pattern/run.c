/* Runs PCRE2 on one text under the match limits of the design. Never decides which patterns to run and never
   checks UTF-8 again. Called by pattern.c. */
#include "domain/pattern/set.h"

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

static void take_hit(pcre2_match_data *data, int count, uint32_t number, struct pattern_hit *hit) {
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
    hit->pattern = number;
    hit->span = (struct pattern_span){offsets[0], offsets[1]};
    hit->capture_count = (size_t)count - 1;
    for (int i = 1; i < count; i++) {
        hit->captures[i - 1] = (struct pattern_span){offsets[2 * i], offsets[2 * i + 1]};
    }
}

static int run_segment(struct pattern_scratch *scratch, const struct pattern *pattern, const char *text,
                       const struct segment *segment, int is_last) {
    uint32_t options = PCRE2_NO_UTF_CHECK | (is_last ? 0 : PCRE2_NOTEOL);
    return pcre2_match(pattern->code, (PCRE2_SPTR)text, segment->end, segment->start, options,
                       scratch->match_data, scratch->match_context);
}

/* Every group of the pattern gets a place, also those behind the last one that took part. */
static int places_of(const struct pattern *pattern, int matched) {
    uint32_t groups = 0;
    (void)pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    (void)matched;
    return (int)(groups < PATTERN_CAPTURES_MAX ? groups : PATTERN_CAPTURES_MAX) + 1;
}

int run_pattern(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number,
                const char *text, size_t length, struct pattern_hit *hit) {
    const struct pattern *pattern = &set->patterns[number];
    int plain = (pattern->flags & PATTERN_PLAIN) != 0, gave_up = 0;
    struct segment segment = {0, length, 0};
    if (!plain) {
        segment_close(&segment, text, length);
    }
    for (;;) {
        size_t bytes = segment.end - segment.start;
        (void)pcre2_set_match_limit(scratch->match_context,
                                    plain ? PLAIN_MATCH_LIMIT : (uint32_t)(500 + bytes * 5 / 2));
        int result = run_segment(scratch, pattern, text, &segment, segment.end == length);
        if (result >= 0) {
            take_hit(scratch->match_data, places_of(pattern, result), number, hit);
            return 1;
        }
        gave_up |= result != PCRE2_ERROR_NOMATCH;
        if (segment.end == length) {
            return gave_up ? ERR_LIMIT : 0;
        }
        segment_next(&segment, text, length);
    }
}

int64_t run_steps(const struct pattern_set *set, uint32_t number, const char *text, size_t length) {
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    int64_t steps = INT64_MAX;
    for (uint32_t limit = 64; data != NULL && context != NULL && limit <= 1000000; limit *= 2) {
        (void)pcre2_set_match_limit(context, limit);
        int result = pcre2_match(set->patterns[number].code, (PCRE2_SPTR)text, length, 0, PCRE2_NO_UTF_CHECK,
                                 data, context);
        if (result >= 0 || result == PCRE2_ERROR_NOMATCH) {
            steps = limit;
            break;
        }
    }
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    return steps;
}
