/* The public face of the pattern set: adding, sealing, matching. Never reads an expression and never calls
   pcre2_match itself. Called by content (compile), intent, entity, dialogue (match) and the bench. */
#include "domain/pattern/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "domain/pattern/compile.h"
#include "domain/pattern/parse.h"
#include "domain/pattern/set.h"

#include "banned.h"

struct pattern_set *pattern_set_new(void) {
    struct pattern_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        return NULL;
    }
    set->plain_limit = PLAIN_MATCH_LIMIT;
    set->compile_context = pcre2_compile_context_create(NULL);
    set->builder = prefilter_builder_new();
    if (set->compile_context == NULL || set->builder == NULL ||
        pcre2_set_newline(set->compile_context, PCRE2_NEWLINE_LF) != 0) {
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
        free(set->patterns[i].expression);
    }
    lists_free(set);
    pcre2_compile_context_free(set->compile_context);
    prefilter_builder_free(set->builder);
    prefilter_close(&set->prefilter);
    free(set->patterns);
    free(set);
}

void pattern_set_defer(struct pattern_set *set) {
    set->defers = 1;
}

void pattern_set_limit(struct pattern_set *set, uint32_t steps) {
    set->plain_limit = steps;
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

static int refuse(int number, size_t offset, struct err *err) {
    PCRE2_UCHAR message[128] = "";
    (void)pcre2_get_error_message(number, message, sizeof message);
    int code = err_set(err, ERR_SYNTAX, "%s", (const char *)message);
    err_at(err, NULL, 0, 0, NULL);
    if (err != NULL && err->column == 0) {
        err->column = (int)offset + 1;
    }
    return code;
}

/* A quantifier that may be possessive: a plus behind another quantifier, or behind what extended mode or
   PCRE2 itself might skip between the two. */
static int may_be_possessive(const char *expression, const char *plus) {
    unsigned char before = plus == expression ? 'a' : (unsigned char)plus[-1];
    return before <= ' ' || before >= 0x80 || before == '?' || before == '*' || before == '+' ||
           before == '}';
}

/* PCRE2 10.42's just-in-time code and its interpreter now and then differ on captures, recursion,
   backtracking verbs, non-atomic lookarounds and atomic groups, where (?>\N*?k|\w)k wrongly tries the second
   alternative (found by tests/unit/pattern/test_property.c). A group with a possessive {1} is atomic too; a
   comment or \E may hide one. What may hold one of those is always interpreted, so that a hit never depends
   on how often a pattern ran. */
static int is_safe_for_jit(const struct pattern *pattern, const char *expression, size_t length) {
    static const char *const unsafe[] = {"(*", "(?*", "(?<*", "(?R", "(?0", "(?>", "(?#", "\\g", "\\E"};
    if (pattern->captures != 0) {
        return 0;
    }
    const char *end = expression + length;
    for (const char *at = expression; at < end; at++) {
        if (*at == '+' && may_be_possessive(expression, at)) {
            return 0;
        }
        for (size_t i = 0; (*at == '(' || *at == '\\') && i < sizeof unsafe / sizeof unsafe[0]; i++) {
            size_t size = strlen(unsafe[i]);
            if ((size_t)(end - at) >= size && memcmp(at, unsafe[i], size) == 0) {
                return 0;
            }
        }
    }
    return 1;
}

static int no_memory(struct err *err) {
    return err_set(err, ERR_MEMORY, "out of memory while adding a pattern");
}

/* Sets code and captures. */
static int compile(struct pattern_set *set, const char *expression, size_t length, struct pattern *pattern,
                   struct err *err) {
    struct compile_mistake mistake;
    pattern->code = compile_now(set, expression, length, pattern->flags, &mistake);
    if (pattern->code == NULL) {
        return refuse(mistake.number, mistake.offset, err);
    }
    (void)pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &pattern->captures);
    return 0;
}

static int add_now(struct pattern_set *set, const char *expression, size_t length, struct pattern *pattern,
                   struct err *err) {
    int is_plain = (pattern->flags & PATTERN_PLAIN) != 0;
    int code = compile(set, expression, length, pattern, err);
    if (code != 0) {
        return code;
    }
    pattern->may_jit = is_plain && is_safe_for_jit(pattern, expression, length);
    if (prefilter_add(set->builder, expression, length,
                      is_plain ? PARSE_CASELESS : PARSE_NO_CAPTURE | PARSE_LOOSE,
                      is_plain && pattern->captures == 0) != 0) {
        pcre2_code_free(pattern->code);
        return no_memory(err);
    }
    return 0;
}

/* Reading comes first here, as it finds what is proved already. A mistake ends deferring: a group of it may
   have been taken for good. */
static int add_deferred(struct pattern_set *set, const char *expression, size_t length,
                        struct pattern *pattern, struct err *err) {
    struct validity validity;
    if (prefilter_add(set->builder, expression, length, PARSE_NO_CAPTURE | PARSE_LOOSE, 0) != 0) {
        return no_memory(err);
    }
    if (valid_expression(expression, length, NULL, 0, NULL, &validity)) {
        pattern->captures = validity.captures;
        return 0;
    }
    if (compile_prove(set, prefilter_tree(set->builder), expression, length, pattern->flags,
                      &pattern->captures)) {
        return 0;
    }
    int code = compile(set, expression, length, pattern, err);
    if (code != 0) {
        prefilter_take_back(set->builder);
        set->defers = 0;
    }
    return code;
}

/* An expression as a whole. */
static int add_whole(struct pattern_set *set, const char *expression, size_t length, struct pattern *pattern,
                     struct err *err) {
    int is_plain = (pattern->flags & PATTERN_PLAIN) != 0;
    if (length > PATTERN_EXPRESSION_MAX) {
        return err_set(err, ERR_LIMIT, "an expression of %zu bytes: at most %d are allowed", length,
                       PATTERN_EXPRESSION_MAX);
    }
    int code = set->defers && !is_plain && u8_valid(expression, length)
                   ? add_deferred(set, expression, length, pattern, err)
                   : add_now(set, expression, length, pattern, err);
    if (code == 0 && !is_plain && lists_keep_expression(set, expression, length, NULL, 0, pattern) != 0) {
        pcre2_code_free(pattern->code);
        prefilter_take_back(set->builder);
        code = no_memory(err);
    }
    return code;
}

/* 1 if it was added without a look into its lists; 0: it must be added as a whole; or an ERR code. */
static int add_unopened(struct pattern_set *set, const char *expression, size_t length,
                        const struct pattern_place *places, size_t count, struct pattern *pattern) {
    struct validity validity;
    int may_wait = set->defers && (pattern->flags & PATTERN_PLAIN) == 0 && u8_valid(expression, length) &&
                   valid_expression(expression, length, places, count, set->valid_lists, &validity);
    if (!may_wait) {
        return 0;
    }
    int code = prefilter_add_with_lists(set->builder, expression, length, PARSE_NO_CAPTURE | PARSE_LOOSE,
                                        places, count);
    if (code <= 0) {
        return code;
    }
    pattern->captures = validity.captures;
    if (lists_keep_expression(set, expression, length, places, count, pattern) != 0) {
        prefilter_take_back(set->builder);
        return ERR_MEMORY;
    }
    return 1;
}

static int add(struct pattern_set *set, const char *expression, size_t length,
               const struct pattern_place *places, size_t count, unsigned flags, struct err *err) {
    struct pattern *pattern = &set->patterns[set->count];
    *pattern = (struct pattern){.flags = flags};
    int code = count > 0 ? add_unopened(set, expression, length, places, count, pattern) : 0;
    if (code < 0) {
        return no_memory(err);
    }
    if (code == 0) {
        struct buf whole;
        buf_init(&whole, (size_t)2 * PATTERN_EXPRESSION_MAX);
        lists_write(set, expression, length, places, count, &whole);
        code = count == 0     ? add_whole(set, expression, length, pattern, err)
               : whole.failed ? no_memory(err)
                              : add_whole(set, buf_text(&whole), whole.length, pattern, err);
        buf_close(&whole);
    }
    pattern->captures = pattern->captures < PATTERN_CAPTURES_MAX ? pattern->captures : PATTERN_CAPTURES_MAX;
    set->has_segments = set->has_segments || (flags & PATTERN_PLAIN) == 0;
    if (code >= 0 && (flags & PATTERN_ASKED) != 0) {
        set->has_asked = 1;
        prefilter_leave_out(set->builder);
    }
    return code < 0 ? code : 0;
}

int64_t pattern_add_with_lists(struct pattern_set *set, const char *expression, size_t length,
                               const struct pattern_place *places, size_t count, unsigned flags,
                               struct err *err) {
    if (set->sealed) {
        return err_set(err, ERR_INVALID, "a sealed pattern set takes no more patterns");
    }
    int code = make_room(set, err);
    if (code == 0) {
        code = add(set, expression, length, places, count, flags, err);
    }
    return code != 0 ? code : (int64_t)set->count++;
}

int64_t pattern_add(struct pattern_set *set, const char *expression, size_t length, unsigned flags,
                    struct err *err) {
    return pattern_add_with_lists(set, expression, length, NULL, 0, flags, err);
}

int pattern_set_seal(struct pattern_set *set, struct err *err) {
    if (set->sealed) {
        return 0;
    }
    int code = prefilter_build(set->builder, &set->prefilter, err);
    if (code == 0) {
        prefilter_builder_free(set->builder);
        set->builder = NULL;
        set->sealed = 1;
    }
    return code;
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
    scratch->hot = calloc(set->count + 1, sizeof *scratch->hot);
    if (scratch->match_data == NULL || scratch->match_context == NULL || scratch->hot == NULL ||
        scan_init(&scratch->scan, &set->prefilter) != 0) {
        pattern_scratch_free(scratch);
        return NULL;
    }
    return scratch;
}

void pattern_scratch_keep_take(struct pattern_scratch *scratch, void *kept, void (*free_kept)(void *)) {
    if (scratch->kept != NULL) {
        scratch->free_kept(scratch->kept);
    }
    scratch->kept = kept;
    scratch->free_kept = free_kept;
}

void *pattern_scratch_kept(const struct pattern_scratch *scratch) {
    return scratch->kept;
}

void pattern_scratch_free(struct pattern_scratch *scratch) {
    if (scratch == NULL) {
        return;
    }
    pattern_scratch_keep_take(scratch, NULL, NULL);
    for (size_t i = 0; scratch->hot != NULL && i < scratch->set->count; i++) {
        pcre2_code_free(scratch->hot[i].code);
        pcre2_code_free(scratch->hot[i].late);
    }
    free(scratch->hot);
    program_pool_close(&scratch->programs);
    pcre2_match_data_free(scratch->match_data);
    pcre2_match_context_free(scratch->match_context);
    pcre2_jit_stack_free(scratch->jit_stack);
    scan_close(&scratch->scan);
    free(scratch->read);
    free(scratch);
}

/* The program of a pattern, made when it is first asked for. */
static uint32_t program_of(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number) {
    const struct pattern *pattern = &set->patterns[number];
    struct hot *hot = &scratch->hot[number];
    if (!hot->has_program && pattern->expression != NULL) {
        struct buf whole;
        if (lists_write_pattern(set, pattern, &whole) == 0) {
            hot->program =
                program_build(&scratch->programs, buf_text(&whole), whole.length, pattern->captures);
        }
        buf_close(&whole);
    }
    hot->has_program = 1;
    return hot->program;
}

/* A candidate: from the places of its strings where they are all there is to it, else by its program or by
   PCRE2. needs_limit: what is given up must be told from no match; else a program that finds none is enough.
 */
static int decide(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t number,
                  const char *text, size_t length, int needs_limit, struct pattern_hit *hit) {
    const struct plan *plan = &set->prefilter.plans[number];
    if (plan->is_chain) {
        int result = chain_decide(plan, &scratch->scan, &hit->span.start, &hit->span.end);
        if (result >= 0) {
            hit->pattern = number;
            hit->capture_count = 0;
            return result;
        }
    } else if (!chain_is_ordered(plan, &scratch->scan)) {
        return 0;
    }
    uint32_t program = scratch->program_text.bytes == text ? program_of(set, scratch, number) : PROGRAM_NONE;
    if (program != PROGRAM_NONE) {
        int result = program_run(&scratch->programs, program, &scratch->program_text,
                                 set->patterns[number].captures, hit);
        if (result >= 0 || (result == PROGRAM_NOWHERE && !needs_limit)) {
            hit->pattern = number;
            return result == 1;
        }
    }
    return run_pattern(set, scratch, number, text, length, RUN_ADAPTIVE, hit);
}

/* Remembers which text was read; without memory none is. */
static void keep_text(struct pattern_scratch *scratch, const char *text, size_t length) {
    if (length > scratch->read_capacity) {
        char *larger = realloc(scratch->read, 2 * length);
        scratch->read = larger != NULL ? larger : scratch->read;
        scratch->read_capacity = larger != NULL ? 2 * length : scratch->read_capacity;
    }
    scratch->is_read = length <= scratch->read_capacity;
    if (scratch->is_read && length > 0) {
        memcpy(scratch->read, text, length);
    }
    scratch->read_length = length;
}

static int is_kept(const struct pattern_scratch *scratch, const char *text, size_t length) {
    return scratch->is_read && scratch->read_length == length &&
           (length == 0 || memcmp(scratch->read, text, length) == 0);
}

/* What all patterns ask of a text, once. */
static void read_text(const struct pattern_set *set, struct pattern_scratch *scratch, const char *text,
                      size_t length) {
    int has_cuts = set->has_segments && length > SEGMENT_BYTES;
    scan_message(&scratch->scan, &set->prefilter, text, length, has_cuts);
    scratch->program_text.bytes = NULL;
    if (length <= PROGRAM_TEXT_MAX && !scratch->scan.has_newline && set->has_segments) {
        program_read(&scratch->program_text, text, length, run_limit(length));
    }
}

size_t pattern_match_all(const struct pattern_set *set, struct pattern_scratch *scratch, const char *text,
                         size_t length, struct pattern_hit *hits, size_t limit, size_t *exhausted) {
    size_t count = 0, given_up = 0;
    read_text(set, scratch, text, length);
    if (set->has_asked) {
        keep_text(scratch, text, length);
    } else {
        scratch->is_read = 0; /* the text that was kept before is not the one that was read */
    }
    size_t candidates = scan_candidates(&scratch->scan, &set->prefilter);
    for (size_t i = 0; i < candidates && count < limit; i++) {
        int result =
            decide(set, scratch, scratch->scan.candidates[i], text, length, exhausted != NULL, &hits[count]);
        count += result == 1;
        given_up += result < 0;
    }
    if (exhausted != NULL) {
        *exhausted = given_up;
    }
    return count;
}

/* Reads the text unless it was read last. */
static void read_once(const struct pattern_set *set, struct pattern_scratch *scratch, const char *text,
                      size_t length) {
    if (!is_kept(scratch, text, length)) {
        read_text(set, scratch, text, length);
        keep_text(scratch, text, length);
    }
    if (scratch->program_text.bytes != NULL) {
        scratch->program_text.bytes = text; /* equal to the one that was read */
    }
}

int pattern_match_asked(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t pattern,
                        const char *text, size_t length, struct pattern_hit *hit) {
    if (pattern >= set->count) {
        return ERR_NOT_FOUND;
    }
    read_once(set, scratch, text, length);
    return scan_allows(&scratch->scan, &set->prefilter.plans[pattern])
               ? decide(set, scratch, pattern, text, length, 1, hit)
               : 0;
}

size_t pattern_match_asked_first(const struct pattern_set *set, struct pattern_scratch *scratch,
                                 const uint32_t *numbers, size_t stride, size_t count, const char *text,
                                 size_t length, struct pattern_hit *hit) {
    const char *at = (const char *)numbers;
    if (count > 0) {
        read_once(set, scratch, text, length);
    }
    for (size_t i = 0; i < count; i++, at += stride) {
        uint32_t pattern = *(const uint32_t *)(const void *)at;
        if (pattern < set->count && scan_allows(&scratch->scan, &set->prefilter.plans[pattern]) &&
            decide(set, scratch, pattern, text, length, 0, hit) == 1) {
            return i;
        }
    }
    return count;
}

int pattern_match_first(const struct pattern_set *set, struct pattern_scratch *scratch, const char *text,
                        size_t length, struct pattern_hit *hit) {
    return pattern_match_all(set, scratch, text, length, hit, 1, NULL) == 1;
}

int pattern_match_one(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t pattern,
                      const char *text, size_t length, struct pattern_hit *hit) {
    return pattern < set->count ? run_pattern(set, scratch, pattern, text, length, RUN_INTERPRETED, hit)
                                : ERR_NOT_FOUND;
}

int pattern_scratch_heat(struct pattern_scratch *scratch) {
    int code = 0;
    for (uint32_t i = 0; i < scratch->set->count && code == 0; i++) {
        code = run_heat(scratch->set, scratch, i);
    }
    return code;
}

int pattern_match_hot(const struct pattern_set *set, struct pattern_scratch *scratch, uint32_t pattern,
                      const char *text, size_t length, struct pattern_hit *hit) {
    return pattern < set->count ? run_pattern(set, scratch, pattern, text, length, RUN_JIT, hit)
                                : ERR_NOT_FOUND;
}

int pattern_has_literal(const struct pattern_set *set, uint32_t pattern) {
    return set->sealed && pattern < set->count && set->prefilter.plans[pattern].count != 0;
}

int64_t pattern_steps(const struct pattern_set *set, uint32_t pattern, const char *text, size_t length) {
    return run_steps(set, pattern, text, length);
}
