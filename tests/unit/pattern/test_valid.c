/* domain/pattern: whatever valid.c takes for an expression PCRE2 compiles, with as many captures and no more
   code; and it takes what authors' patterns become. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "domain/pattern/set.h"
#include "unit/pattern/generate.h"

enum { ROUNDS = 60000, SIZE = 512 };

static struct generate generator;
static size_t taken, refused_rightly;

/* As the set compiles expressions without PATTERN_PLAIN. */
static pcre2_code *compile(const char *expression, size_t length) {
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    int number;
    size_t offset;
    assert_int_equal(pcre2_set_newline(context, PCRE2_NEWLINE_LF), 0);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)expression, length,
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE,
                                     &number, &offset, context);
    pcre2_compile_context_free(context);
    return code;
}

static void check(const char *expression, size_t length) {
    struct validity validity;
    int is_taken =
        u8_valid(expression, length) && valid_expression(expression, length, NULL, 0, NULL, &validity);
    pcre2_code *code = compile(expression, length);
    if (is_taken) {
        size_t size = 0;
        uint32_t captures = 0;
        if (code == NULL) {
            fail_msg("/%.*s/ is taken and is no expression", (int)length, expression);
        }
        assert_int_equal(pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size), 0);
        assert_int_equal(pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &captures), 0);
        if (captures != validity.captures || size > validity.code + 1024 + 40 * captures) {
            fail_msg("/%.*s/: %u captures, %zu bytes; taken for %u, %zu", (int)length, expression, captures,
                     size, validity.captures, validity.code);
        }
        taken++;
    }
    refused_rightly += code == NULL;
    pcre2_code_free(code);
}

static void add_piece(char *out, size_t *length) {
    static const char *const pieces[] = {"kerja",
                                         "a",
                                         " ",
                                         "(?:",
                                         "(?<g1>",
                                         "(?<value>",
                                         "(?<x_9>",
                                         "(?<9x>",
                                         "(",
                                         ")",
                                         ")",
                                         ")",
                                         "|",
                                         "?",
                                         "*",
                                         "+",
                                         "?+",
                                         "{2}",
                                         "{0,6}?",
                                         "{3,}",
                                         "{3,2}",
                                         "{,2}",
                                         "{",
                                         "}",
                                         "[^ .?]",
                                         "[a-z]",
                                         "[z-a]",
                                         "[]a]",
                                         "[^]]",
                                         "[a-]",
                                         "[-a]",
                                         "[a-z-9]",
                                         "[+--]",
                                         "[\\]\\-]",
                                         "[a\\d]",
                                         "[[:alpha:]]",
                                         "[",
                                         "]",
                                         "(?<![^ ])",
                                         "(?![^ ])",
                                         "(?=",
                                         "(?!",
                                         "(?<=",
                                         "(?i)",
                                         "(?#",
                                         "\\.",
                                         "\\?",
                                         "\\d",
                                         "\\w",
                                         "\\b",
                                         "\\1",
                                         "\\Q",
                                         "\\",
                                         "^",
                                         "$",
                                         ".",
                                         "-",
                                         "#",
                                         "\xC3\xA9",
                                         "\xF0\x9F\x98\x85",
                                         "(?:[^ .?][^ ]*+ ){0,6}?",
                                         "(?: [.?])*+$"};
    const char *piece = pieces[pick(&generator, sizeof pieces / sizeof *pieces)];
    size_t size = strlen(piece);
    if (*length + size < SIZE) {
        memcpy(out + *length, piece, size);
        *length += size;
    }
}

static void what_is_taken_compiles(void **test) {
    (void)test;
    const char *seed = getenv("PANDU_SEED");
    generator.state = seed != NULL ? strtoull(seed, NULL, 10) + 1 : 4711;
    for (size_t i = 0; i < ROUNDS; i++) {
        char text[SIZE];
        size_t length = 0;
        for (uint32_t left = 1 + pick(&generator, 9); left > 0; left--) {
            add_piece(text, &length);
        }
        check(text, length);
        generate(&generator); /* the kind that the other property tests run */
        check(generator.expression, generator.expression_length);
    }
    assert_true(taken > ROUNDS / 20);
    assert_true(refused_rightly > ROUNDS / 4);
}

/* What authors' patterns look like, and what only seems so. */
static void authors_expressions(void **test) {
    (void)test;
    static const char *const good[] = {
        "(?<![^ ])(?:apa(?:kah)? (?:itu|sih))(?![^ ])",
        "(?<![^ ])(?:(?:mau|ingin) (?<g1>(?:[^ .?][^ ]*+ ){0,6}?)kerja(?: [.?])*+$)(?![^ ])",
        "(?<![^ ])(?:umur (?<value>[0-9]{1,2}+)(?! tahun lalu))(?![^ ])",
        "(?<![^ ])(?:^(?:hai+|halo+) )",
    };
    static const char *const other[] = {
        "(?<a>x)(?<a>y)",
        "(?<=x)",
        "(?<!x)",
        "x**",
        "(?:x){2}{3}",
        "\\b+",
        "^*",
        "(?!x)+",
        "x{1001}",
        "(?:x",
        "x)",
        "[[:word:]]",
        "\\Qx\\E",
        "(?i)x",
        "(?<a23456789012345678901234567890123>x)",
        "(*ACCEPT)x",
        "(?|x)",
        "(?>x)",
        "\\C",
    };
    struct validity validity;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(valid_expression(good[i], strlen(good[i]), NULL, 0, NULL, &validity));
        check(good[i], strlen(good[i]));
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        if (valid_expression(other[i], strlen(other[i]), NULL, 0, NULL, &validity)) {
            fail_msg("/%s/ is taken", other[i]);
        }
    }
}

/* As large as it may be, and as deep. */
static void limits(void **test) {
    (void)test;
    static char text[200000];
    struct validity validity;
    size_t length = 0;
    for (int repeat = 1; repeat <= 1000; repeat *= 10) {
        for (size_t count = 1; count < 20000; count *= 3) {
            length = (size_t)snprintf(text, sizeof text, "(?:");
            for (size_t i = 0; i < count; i++) {
                length += (size_t)snprintf(text + length, sizeof text - length, "%s", i % 2 ? "|a" : "|bc?");
            }
            length += (size_t)snprintf(text + length, sizeof text - length, "){%d}", repeat);
            check(text, length);
        }
    }
    for (int depth = 10; depth < 400; depth += 10) {
        length = 0;
        for (int i = 0; i < depth; i++) {
            length += (size_t)snprintf(text + length, sizeof text - length, "(?:a");
        }
        memset(text + length, ')', (size_t)depth);
        length += (size_t)depth;
        check(text, length);
        assert_int_equal(valid_expression(text, length, NULL, 0, NULL, &validity), depth <= VALID_DEPTH_MAX);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_compiles),
        cmocka_unit_test(authors_expressions),
        cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
