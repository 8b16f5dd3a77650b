/* domain/authoring/layout: what the canonical layout looks like, that it loses nothing and comes to rest at
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/buf.h"
#include "base/err.h"
#include "domain/authoring/layout.h"

#include "banned.h"

/* Laid out; the caller closes it. */
static struct buf lay_out(const char *bytes) {
    struct buf out;
    struct err err = {0};
    buf_init(&out, 0);
    assert_int_equal(layout_print(bytes, strlen(bytes), &out, &err), 0);
    return out;
}

static void expect(const char *bytes, const char *expected) {
    struct buf out = lay_out(bytes), again = lay_out(buf_text(&out));
    assert_string_equal(buf_text(&out), expected);
    assert_string_equal(buf_text(&again), expected);
    buf_close(&out);
    buf_close(&again);
}

static void short_things_stand_on_a_line(void **state) {
    (void)state;
    expect("{\"a\":1,\n \"b\" : [ 1,2 ] , \"c\":{\"id\":\"ya\",\"en\":\"yes\"},\"d\":[],\"e\":{ }}",
           "{\n  \"a\": 1,\n  \"b\": [1, 2],\n  \"c\": {\"id\": \"ya\", \"en\": \"yes\"},\n  \"d\": [],\n  "
           "\"e\": {}\n}\n");
    expect("{}", "{}\n");
    expect("[ ]\n", "[]\n");
    expect("[{\"a\":[{}]}]", "[\n  {\"a\": [{}]}\n]\n");
}

static void nothing_is_rewritten(void **state) {
    (void)state;
    /* numbers, escapes and marks inside of texts as they are */
    expect(
        "{\"a\":1.50e+3,\"b\":\"\\u00e9 \\\" , : {x} [y]\",\"\\/\":null, \"-\":-0.0}",
        "{\n  \"a\": 1.50e+3,\n  \"b\": \"\\u00e9 \\\" , : {x} [y]\",\n  \"\\/\": null,\n  \"-\": -0.0\n}\n");
}

/* 138 columns fit with the comma that may come, 139 do not. */
static void the_width_is_counted_in_characters(void **state) {
    (void)state;
    char bytes[1024], expected[1024];
    for (int letters = 130; letters <= 132; letters++) {
        char text[400] = "";
        for (int i = 0; i < letters; i++) {
            memcpy(text + 2 * i, "\xC3\xA9", 3);
        }
        (void)snprintf(bytes, sizeof bytes, "[[\"%s\",1]]", text);
        int fits = 2 + 1 + letters + 2 + 2 + 1 + 1 + 1 <= LAYOUT_WIDTH;
        (void)snprintf(expected, sizeof expected,
                       fits ? "[\n  [\"%s\", 1]\n]\n" : "[\n  [\n    \"%s\",\n    1\n  ]\n]\n", text);
        assert_int_equal(fits, letters <= 130);
        expect(bytes, expected);
    }
}

static void words_fill_their_lines_and_sentences_do_not(void **state) {
    (void)state;
    struct buf words, out;
    buf_init(&words, 0);
    (void)buf_add_text(&words, "{\"words\":[");
    for (int i = 0; i < 60; i++) {
        (void)buf_add_format(&words, "%s\"kata%02d\"", i > 0 ? "," : "", i);
    }
    (void)buf_add_text(&words, "],\"forms\":{");
    for (int i = 0; i < 60; i++) {
        (void)buf_add_format(&words, "%s\"k%02d\":\"kata\"", i > 0 ? "," : "", i);
    }
    (void)buf_add_text(&words, "}}");
    out = lay_out(buf_text(&words));
    size_t lines = 0, longest = 0, from = 0;
    for (size_t i = 0; i < out.length; i++) {
        if (out.data[i] == '\n') {
            longest = i - from > longest ? i - from : longest;
            from = i + 1;
            lines++;
        }
    }
    assert_int_equal(lines, 2 + 2 + 5 + 2 + 7); /* brackets; 60 words and 60 pairs, filled */
    assert_true(longest > 120 && longest <= LAYOUT_WIDTH);
    buf_close(&words);
    buf_close(&out);
    expect("{\"examples\":[\"apa bedanya karier dan pekerjaan yang biasa saja\",\"apa bedanya karier dan "
           "pekerjaan "
           "yang tidak biasa\",\"bedanya kerja sama karier itu apa sih kak\"]}",
           "{\n  \"examples\": [\n    \"apa bedanya karier dan pekerjaan yang biasa saja\",\n    \"apa "
           "bedanya karier "
           "dan pekerjaan yang tidak biasa\",\n    \"bedanya kerja sama karier itu apa sih kak\"\n  ]\n}\n");
}

static void what_is_no_json_is_told_with_its_place(void **state) {
    (void)state;
    struct buf out;
    struct err err = {0};
    buf_init(&out, 0);
    assert_int_not_equal(layout_print("{\"a\":1,\n}", 9, &out, &err), 0);
    assert_int_equal(err.line, 2);
    assert_int_equal(out.length, 0);
    buf_close(&out);
}

/* Blanks between tokens go, everything else stays: the content that is shipped, squeezed before and after. */
static size_t squeeze(char *bytes, size_t length) {
    size_t kept = 0;
    int in_text = 0;
    for (size_t i = 0; i < length; i++) {
        char byte = bytes[i];
        int is_blank = byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
        if (in_text || !is_blank) {
            bytes[kept++] = byte;
        }
        if (in_text && byte == '\\') {
            bytes[kept++] = bytes[++i];
        } else if (byte == '"') {
            in_text = !in_text;
        }
    }
    return kept;
}

static void the_shipped_content_survives(void **state) {
    (void)state;
    struct app_files files;
    struct err err = {0};
    assert_int_equal(app_files_read(&files, PANDU_SOURCE, NULL, &err), 0);
    assert_true(files.count > 10);
    for (size_t i = 0; i < files.count; i++) {
        struct buf out = lay_out(files.list[i].bytes), again = lay_out(buf_text(&out));
        assert_string_equal(buf_text(&out), buf_text(&again));
        char *before = malloc(files.list[i].length + 1);
        memcpy(before, files.list[i].bytes, files.list[i].length);
        size_t had = squeeze(before, files.list[i].length), has = squeeze(out.data, out.length);
        assert_int_equal(had, has);
        assert_memory_equal(before, out.data, had);
        free(before);
        buf_close(&out);
        buf_close(&again);
    }
    app_files_close(&files);
}

/* ---- any JSON ---- */

struct source {
    uint64_t state;
    struct buf text;
};

static unsigned next(struct source *source, unsigned below) {
    source->state = source->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(source->state >> 33) % below;
}

static void put_blanks(struct source *source) {
    static const char *const blanks[] = {"", "", " ", "\n", "\t \r\n"};
    (void)buf_add_text(&source->text, blanks[next(source, 5)]);
}

static void put_scalar(struct source *source) {
    static const char *const scalars[] = {
        "0", "-1.5E+2", "true", "null", "\"\"", "\"{ ,]\\\"\"", "\"\xC3\xA9\\\\\""};
    if (next(source, 3) > 0) {
        (void)buf_add_format(&source->text, "\"%*s\"", (int)next(source, 60), "x");
    } else {
        (void)buf_add_text(&source->text, scalars[next(source, 7)]);
    }
}

static void put_any(struct source *source, int depth) {
    put_blanks(source);
    if (depth > 5 || (depth > 0 && next(source, 3) > 0)) {
        put_scalar(source);
    } else {
        int is_object = next(source, 2) == 0;
        unsigned count = next(source, next(source, 4) == 0 ? 30 : 4);
        (void)buf_add_text(&source->text, is_object ? "{" : "[");
        for (unsigned i = 0; i < count; i++) {
            (void)buf_add_text(&source->text, i > 0 ? "," : "");
            put_blanks(source);
            if (is_object) {
                (void)buf_add_format(&source->text, "\"k%u\"", i);
                put_blanks(source);
                (void)buf_add_text(&source->text, ":");
            }
            put_any(source, depth + 1);
        }
        put_blanks(source);
        (void)buf_add_text(&source->text, is_object ? "}" : "]");
    }
    put_blanks(source);
}

static void any_json_survives_and_comes_to_rest(void **state) {
    (void)state;
    struct source source = {.state = 7};
    for (int round = 0; round < 3000; round++) {
        buf_init(&source.text, 0);
        put_any(&source, 0);
        struct buf out = lay_out(buf_text(&source.text)), again = lay_out(buf_text(&out));
        assert_string_equal(buf_text(&out), buf_text(&again));
        size_t had = squeeze(source.text.data, source.text.length), has = squeeze(out.data, out.length);
        assert_int_equal(had, has);
        assert_memory_equal(source.text.data, out.data, had);
        buf_close(&source.text);
        buf_close(&out);
        buf_close(&again);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_things_stand_on_a_line),
        cmocka_unit_test(nothing_is_rewritten),
        cmocka_unit_test(the_width_is_counted_in_characters),
        cmocka_unit_test(words_fill_their_lines_and_sentences_do_not),
        cmocka_unit_test(what_is_no_json_is_told_with_its_place),
        cmocka_unit_test(the_shipped_content_survives),
        cmocka_unit_test(any_json_survives_and_comes_to_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
