/* Expressions to PCRE2's code, now or when they first run. Never runs any. Called by pattern.c and run.c.

   Compiling is a third of the time a bundle takes to load, and most patterns do not run for days. So a set
   that defers only proves that an expression would compile: groups that other expressions of the set have
   been compiled with (shared.h) are written as "(?:a)", and what is left is compiled. The proof holds because
   such a group is whole in itself and has only literals, alternatives and quantifiers. What could still go
   wrong with the whole is looked at: lookbehinds ask for lengths, and there are limits of size and depth. In
   doubt it is compiled at once. */
#include "domain/pattern/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "domain/pattern/parse.h"
#include "domain/pattern/shared.h"

#include "banned.h"

enum {
    SPARED_MIN = 64,         /* bytes that must be left out for it to be worth it */
    DEPTH_MAX = 200,         /* PCRE2's parens_nest_limit is 250 */
    SIZE_MAX_SAFE = 1 << 15, /* bytes of code; two-byte links reach 64 KiB */
    BYTES_OF_CODE = 4        /* at most, for a byte of a shared group: "|" is three */
};

/* PCRE2 10.42 takes an item in front of an atomic group that may be empty for possessive without looking
   behind the group: "a?(?: k)?+ab" does not find "ab". A possessive quantifier of a group, "*+" and "++"
   apart, is such a group, too. Authors' patterns have none; what may have one is compiled without that
   optimization. */
static int may_hold_atomic_group(const char *expression, size_t length) {
    static const char *const signs[] = {"?+", "}+", "(?>", "(*", "? +", "} +", "?#", "\\E"};
    int may = 0; /* nearly never: each sign has one of these */
    for (const char *mark = "+>*#E"; *mark != '\0' && !may; mark++) {
        may = memchr(expression, *mark, length) != NULL;
    }
    for (size_t i = 0; i < length && may; i++) {
        char first = expression[i];
        if (first != '?' && first != '}' && first != '(' && first != '\\') {
            continue;
        }
        for (size_t sign = 0; sign < sizeof signs / sizeof *signs; sign++) {
            size_t size = strlen(signs[sign]);
            if (first == signs[sign][0] && length - i >= size &&
                memcmp(expression + i, signs[sign], size) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

pcre2_code *compile_now(const struct pattern_set *set, const char *expression, size_t length, unsigned flags,
                        struct compile_mistake *mistake) {
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    options |= (flags & PATTERN_PLAIN) != 0 ? PCRE2_CASELESS : PCRE2_NO_AUTO_CAPTURE;
    options |= may_hold_atomic_group(expression, length) ? PCRE2_NO_AUTO_POSSESS : 0;
    options |= u8_valid(expression, length) ? PCRE2_NO_UTF_CHECK : 0; /* else PCRE2 says where it is not */
    mistake->number = 0;
    mistake->offset = 0;
    return pcre2_compile((PCRE2_SPTR)expression, length, options, &mistake->number, &mistake->offset,
                         set->compile_context);
}

/* ---- the proof with PCRE2, for what valid.c does not know ---- */

static int is_known(const struct node *node) {
    return node->kind == NODE_SHARED && node->child == 0;
}

struct shares {
    size_t count, bytes; /* bytes: each as often as PCRE2 repeats its code */
};

/* (...){3} is compiled three times. */
static void count_shares(const struct parse_tree *tree, uint32_t node, size_t times, struct shares *shares) {
    for (; node != 0; node = tree->nodes[node].next) {
        const struct node *at = &tree->nodes[node];
        if (is_known(at)) {
            size_t length = shared_get(tree->shared, at->value)->length;
            shares->count++;
            shares->bytes += times < SIZE_MAX_SAFE ? times * length : SIZE_MAX_SAFE;
            continue;
        }
        size_t copies = at->kind != NODE_REPEAT ? 1 : at->max == PARSE_ENDLESS ? at->value : at->max;
        copies = copies > 1 ? copies : 1;
        count_shares(tree, at->child, times < SIZE_MAX_SAFE ? times * copies : times, shares);
    }
}

/* Copies expression with "a" for the inside of every group that is known. Returns their number. */
static size_t write_skeleton(const struct parse_tree *tree, const char *expression, size_t length,
                             struct buf *out) {
    size_t done = 0, count = 0;
    for (size_t i = 1; i < tree->node_count; i++) { /* nodes come in the order of the text */
        const struct node *node = &tree->nodes[i];
        if (is_known(node)) {
            (void)buf_add(out, expression + done, node->max - done);
            (void)buf_add_text(out, "a)");
            done = node->max + shared_get(tree->shared, node->value)->length;
            count++;
        }
    }
    (void)buf_add(out, expression + done, length - done);
    return count;
}

static int has_braces(const struct parse_tree *tree) {
    for (size_t i = 1; i < tree->node_count; i++) {
        const struct node *node = &tree->nodes[i];
        const struct shared_part *part = is_known(node) ? shared_get(tree->shared, node->value) : NULL;
        if (part != NULL && memchr(part->text, '{', part->length) != NULL) {
            return 1; /* perhaps a repeat inside */
        }
    }
    return 0;
}

static size_t deepest(const struct parse_tree *tree) {
    size_t most = 0;
    for (size_t i = 1; i < tree->node_count; i++) {
        const struct node *node = &tree->nodes[i];
        size_t depth = is_known(node) ? shared_get(tree->shared, node->value)->depth : 0;
        most = depth > most ? depth : most;
    }
    return most;
}

/* 1 if nothing in the skeleton asks how long its groups are, and it is not too deep. */
static int is_harmless(const struct buf *skeleton, size_t depth) {
    static const char edge[] = "(?<![^ ])"; /* authors' patterns begin with it */
    const char *text = buf_text(skeleton), *end = text + skeleton->length;
    for (const char *at = text; (at = memchr(at, '(', (size_t)(end - at))) != NULL; at++) {
        int is_edge = strncmp(at, edge, sizeof edge - 1) == 0;
        int is_behind = strncmp(at, "(?<=", 4) == 0 || strncmp(at, "(?<!", 4) == 0;
        if (++depth > DEPTH_MAX || (is_behind && !is_edge) || strncmp(at, "(*", 2) == 0) {
            return 0;
        }
    }
    return 1;
}

int compile_prove(const struct pattern_set *set, const struct parse_tree *tree, const char *expression,
                  size_t length, unsigned flags, uint32_t *captures) {
    struct shares shares = {0, 0};
    struct buf skeleton;
    size_t code_size = 0;
    if (!tree->has_shared || memchr(expression, '\0', length) != NULL || has_braces(tree)) {
        return 0;
    }
    count_shares(tree, tree->root, 1, &shares);
    buf_init(&skeleton, 2 * PATTERN_EXPRESSION_MAX);
    size_t count = write_skeleton(tree, expression, length, &skeleton);
    int is_fine = count > 0 && count == shares.count && !skeleton.failed &&
                  skeleton.length + SPARED_MIN <= length && is_harmless(&skeleton, deepest(tree));
    struct compile_mistake mistake;
    pcre2_code *code =
        is_fine ? compile_now(set, buf_text(&skeleton), skeleton.length, flags, &mistake) : NULL;
    is_fine = code != NULL && pcre2_pattern_info(code, PCRE2_INFO_SIZE, &code_size) == 0 &&
              pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, captures) == 0 &&
              code_size + BYTES_OF_CODE * shares.bytes <= SIZE_MAX_SAFE;
    pcre2_code_free(code);
    buf_close(&skeleton);
    return is_fine;
}

pcre2_code *compile_deferred(const struct pattern_set *set, const struct pattern *pattern) {
    struct compile_mistake mistake;
    struct buf whole;
    pcre2_code *code = NULL;
    if (lists_write_pattern(set, pattern, &whole) == 0) {
        code = compile_now(set, buf_text(&whole), whole.length, pattern->flags, &mistake);
    }
    buf_close(&whole);
    return code;
}
