/* json/quick: what it takes is what jansson reads, to the order of members; and it takes what content is made
   of. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/quick.h"
#include "json/value.h"

enum { ROUNDS = 150000, SIZE = 400 };

static uint64_t state;
static size_t taken, valid;

static unsigned pick(unsigned count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % count;
}

/* 1 if it was taken. */
static int compare(const char *text, size_t length) {
    json_t *quick = quick_parse(text, length, VALUE_DEPTH_MAX - 1);
    json_error_t problem;
    json_t *slow = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    int is_taken = quick != NULL;
    valid += slow != NULL;
    taken += quick != NULL;
    if (quick != NULL) {
        if (slow == NULL) {
            fail_msg("taken, but no JSON (%s): %.*s", problem.text, (int)length, text);
        }
        char *a = json_dumps(quick, JSON_COMPACT), *b = json_dumps(slow, JSON_COMPACT);
        assert_non_null(a);
        assert_string_equal(a, b);
        assert_true(json_equal(quick, slow));
        free(a);
        free(b);
    }
    json_decref(quick);
    json_decref(slow);
    return is_taken;
}

static void add(char *out, size_t *length, const char *piece) {
    size_t size = strlen(piece);
    if (*length + size < SIZE) {
        memcpy(out + *length, piece, size);
        *length += size;
    }
}

static void add_value(char *out, size_t *length, int depth) {
    static const char *const scalars[] = {"1",
                                          "0",
                                          "-7",
                                          "-0",
                                          "12345678901234567890",
                                          "1.5",
                                          "-0.62",
                                          "1.",
                                          "0.0625",
                                          "-.5",
                                          "00.5",
                                          "1e3",
                                          "01",
                                          "true",
                                          "false",
                                          "null",
                                          "tru",
                                          "\"\"",
                                          "\"a b\"",
                                          "\"caf\xC3\xA9\"",
                                          "\"\\n\\\"\\\\\\/\\t\\b\\f\\r\"",
                                          "\"\\u00e9\"",
                                          "\"\\ud83d\\ude00\"",
                                          "\"\\x\"",
                                          "\"\x7f\"",
                                          "\"a\nb\"",
                                          "\"\xFF\"",
                                          "\"\xED\xA0\x80\"",
                                          "\"abcdefghijklmnopqrstuvwxyz\\n.\"",
                                          "-",
                                          "2 ",
                                          "3\r\n",
                                          "999999999999999",
                                          "9999999999999999"};
    static const char *const blanks[] = {"", "", "", " ", "\n  ", "\t", "\r\n"};
    static const char *const keys[] = {"a", "b", "c", "dd", "", "a\\n", "caf\xC3\xA9", "e"};
    add(out, length, blanks[pick(7)]);
    unsigned kind = depth > 0 ? pick(4) : 2;
    if (kind >= 2) {
        add(out, length, scalars[pick(pick(3) ? 16 : sizeof scalars / sizeof *scalars)]);
    } else {
        unsigned count = pick(4);
        add(out, length, kind == 0 ? "{" : "[");
        for (unsigned i = 0; i < count; i++) {
            add(out, length, i > 0 ? "," : "");
            if (kind == 0) {
                add(out, length, blanks[pick(7)]);
                add(out, length, "\"");
                add(out, length, keys[pick(8)]);
                add(out, length, "\"");
                add(out, length, blanks[pick(7)]);
                add(out, length, ":");
            }
            add_value(out, length, depth - 1);
        }
        add(out, length, blanks[pick(7)]);
        add(out, length, kind == 0 ? "}" : "]");
    }
    add(out, length, blanks[pick(7)]);
}

static void as_jansson_reads(void **test) {
    (void)test;
    const char *seed = getenv("PANDU_SEED");
    state = seed != NULL ? strtoull(seed, NULL, 10) : 7;
    for (size_t i = 0; i < ROUNDS; i++) {
        char text[SIZE + 8];
        size_t length = 0;
        add_value(text, &length, 4);
        for (unsigned damage = pick(3) ? 0 : pick(3); damage > 0 && length > 0; damage--) {
            size_t at = pick((unsigned)length);
            text[at] = pick(2) ? "{}[]\",:\\ 0-x"[pick(13)] : (char)pick(256);
        }
        (void)compare(text, pick(9) ? length : pick((unsigned)length + 1));
    }
    assert_true(valid > ROUNDS / 10);
    assert_true(taken > valid / 3 && taken < valid);
}

static void deep_texts(void **test) {
    (void)test;
    for (size_t depth = 1; depth < 40; depth++) {
        char text[100];
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(compare(text, 2 * depth), depth < VALUE_DEPTH_MAX);
        struct value *value = value_parse(text, 2 * depth, NULL);
        assert_int_equal(value != NULL, depth <= VALUE_DEPTH_MAX);
        value_free(value);
    }
}

static void compare_file(const char *path) {
    static char bytes[VALUE_FILE_MAX];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    if (!compare(bytes, length)) {
        fail_msg("%s is left to jansson", path);
    }
}

/* The shipped content is read quickly. */
static void takes_content(void **test) {
    (void)test;
    static const char *const folders[] = {"/intents", "/responses", "/responses/dialogues", "/bot/schema"};
    size_t files = 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, PANDU_SOURCE "%s", folders[i]);
        DIR *folder = opendir(path);
        assert_non_null(folder);
        for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
            size_t length = strlen(entry->d_name);
            if (length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0) {
                (void)snprintf(path, sizeof path, PANDU_SOURCE "%s/%s", folders[i], entry->d_name);
                compare_file(path);
                files++;
            }
        }
        assert_int_equal(closedir(folder), 0);
    }
    assert_true(files > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_jansson_reads),
        cmocka_unit_test(deep_texts),
        cmocka_unit_test(takes_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
