/* The public face of the pattern set: adding, sealing, matching. Never parses an expression and never calls
   pcre2_match itself. Called by content (compile), intent, entity, dialogue (match) and the bench. */
#include "domain/pattern/pattern.h"

#include <stdlib.h>

#include "base/err.h"
#include "domain/pattern/set.h"

#include "banned.h"

struct pattern_set *pattern_set_new(void) {
    struct pattern_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        return NULL;
    }
    set->compile_context = pcre2_compile_context_create(NULL);
    if (set->compile_context == NULL || pcre2_set_newline(set->compile_context, PCRE2_NEWLINE_LF) != 0) {
        pattern_set_free(set);
        return NULL;
    }
    return set;
}

void pattern_set_free(struct pattern_set *set) {
    if (set == NULL) {
        return;
    }
    for (size_t i = 0; i < set->count; i++) {
        pcre2_code_free(set->patterns[i].code);
    }
    pcre2_compile_context_free(set->compile_context);
    free(set->patterns);
    free(set);
}

static int make_room(struct pattern_set *set, struct err *err) {
    if (set->count < set->capacity) {
        return 0;
    }
    if (set->count >= PATTERN_COUNT_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d patterns: split the content", PATTERN_COUNT_MAX);
    }
    size_t capacity = set->capacity != 0 ? set->capacity * 2 : 64;
    struct pattern *patterns = realloc(set->patterns, capacity * sizeof *patterns);
    if (patterns == NULL) {
        return err_set(err, ERR_MEMORY, "out of memory while adding a pattern");
    }
    set->patterns = patterns;
    set->capacity = capacity;
    return 0;
}

static int compile(struct pattern_set *set, const char *expression, size_t length, unsigned flags,
                   struct pattern *pattern, struct err *err) {
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    options |= (flags & PATTERN_PLAIN) != 0 ? PCRE2_CASELESS : PCRE2_NO_AUTO_CAPTURE;
    int number = 0;
    PCRE2_SIZE offset = 0;
    pattern->flags = flags;
    pattern->code =
        pcre2_compile((PCRE2_SPTR)expression, length, options, &number, &offset, set->compile_context);
    if (pattern->code == NULL) {
        PCRE2_UCHAR message[128] = "";
        (void)pcre2_get_error_message(number, message, sizeof message);
        err_at(err, NULL, 0, 0, NULL);
        int code = err_set(err, ERR_SYNTAX, "%s", (const char *)message);
        if (err != NULL && err->column == 0) {
            err->column = (int)offset + 1;
        }
        return code;
    }
    return 0;
}

int64_t pattern_add(struct pattern_set *set, const char *expression, size_t length, unsigned flags,
                    struct err *err) {
    if (set->sealed) {
        return err_set(err, ERR_INVALID, "a sealed pattern set takes no more patterns");
    }
    if (length > PATTERN_EXPRESSION_MAX) {
        return err_set(err, ERR_LIMIT, "an expression of %zu bytes: at most %d are allowed", length,
                       PATTERN_EXPRESSION_MAX);
    }
    int code = make_room(set, err);
    if (code == 0) {
        code = compile(set, expression, length, flags, &set->patterns[set->count], err);
    }
    return code != 0 ? code : (int64_t)set->count++;
}

int pattern_set_seal(struct pattern_set *set, struct err *err) {
    (void)err;
    set->sealed = 1;
    return 0;
}

size_t pattern_set_count(const struct pattern_set *set) {
    return set->count;
}

struct pattern_scratch *pattern_scratch_new(const struct pattern_set *set) {
    struct pattern_scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL) {
        return NULL;
    }
    scratch->set = set;
    scratch->match_data = pcre2_match_data_create(PATTERN_CAPTURES_MAX + 1, NULL);
    scratch->match_context = pcre2_match_context_create(NULL);
    if (scratch->match_data == NULL || scratch->match_context == NULL) {
        pattern_scratch_free(scratch);
        return NULL;
    }
    return scratch;
}

void pattern_scratch_free(struct pattern_scratch *scratch) {
    if (scratch != NULL) {
        pcre2_match_data_free(scratch->match_data);
        pcre2_match_context_free(scratch->match_context);
        free(scratch);
    }
}

size_t pattern_match_all(const struct pattern_set *set, struct pattern_scratch *scratch, const char *text,
                         size_t length, struct pattern_hit *hits, size_t limit, size_t *exhausted) {
    size_t count = 0, given_up = 0;
    for (uint32_t i = 0; i < set->count && count < limit; i++) {
        int result = run_pattern(set, scratch, i, text, length, &hits[count]);
        count += result == 1;
        given_up += result < 0;
    }
    if (exhausted != NULL) {
        *exhausted = given_up;
    }
    return count;
}

int pattern_match_first(const struct pattern_set *set, struct pattern_scratch *scratch, const char *text,
                        size_t length, struct pattern_hit *hit) {
    return pattern_match_all(set, scratch, text, length, hit, 1, NULL) == 1;
}

int pattern_match_one(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t pattern,
                      const char *text, size_t length, struct pattern_hit *hit) {
    if (pattern >= set->count) {
        return ERR_NOT_FOUND;
    }
    return run_pattern(set, scratch, pattern, text, length, hit);
}

int pattern_has_literal(const struct pattern_set *set, uint32_t pattern) {
    (void)set;
    (void)pattern;
    return 1;
}

int64_t pattern_steps(const struct pattern_set *set, uint32_t pattern, const char *text, size_t length) {
    return run_steps(set, pattern, text, length);
}
