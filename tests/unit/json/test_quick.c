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

#include "base/arena.h"
#include "json/lasting.h"
#include "json/quick.h"
#include "json/value.h"

enum { ROUNDS = 150000, SIZE = 400 };

static uint64_t state;
static size_t taken, valid;

static unsigned pick(unsigned count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % count;
}

/* 1 if a lasting value reads as the one that jansson made. */
static int is_same(const struct value *lasting, const struct value *value) {
    const char *key, *own_key;
    struct value *member, *own_member;
    void *at = NULL, *own_at = NULL;
    if (value_type(lasting) != value_type(value)) {
        return 0;
    }
    switch (value_type(value)) {
    case VALUE_TEXT: return strcmp(value_text(lasting), value_text(value)) == 0;
    case VALUE_INT:
        return value_int(lasting, 1) == value_int(value, 2) && value_real(lasting, 1) == value_real(value, 2);
    case VALUE_REAL: return value_real(lasting, 1) == value_real(value, 2);
    case VALUE_BOOL: return value_bool(lasting, 2) == value_bool(value, 3);
    case VALUE_ARRAY:
        for (size_t i = 0; i <= value_count(value); i++) {
            if (!is_same(value_at(lasting, i), value_at(value, i))) {
                return 0;
            }
        }
        return value_count(lasting) == value_count(value);
    case VALUE_OBJECT:
        while (value_next(value, &at, &key, &member)) {
            if (!value_next(lasting, &own_at, &own_key, &own_member) || strcmp(key, own_key) != 0 ||
                !is_same(own_member, member) || value_get(lasting, key) != own_member) {
                return 0;
            }
        }
        return !value_next(lasting, &own_at, &own_key, &own_member) && value_get(lasting, "nobody") == NULL &&
               value_count(lasting) == value_count(value);
    case VALUE_NULL:
    case VALUE_NONE: break;
    }
    return 1;
}

/* Lasting values are the same, and taken whenever jansson's are. */
static void compare_lasting(const char *text, size_t length, json_t *quick) {
    static struct arena *arena;
    if (arena == NULL) {
        arena = arena_new(0);
    }
    json_t *lasting = lasting_parse(text, length, VALUE_DEPTH_MAX - 1, arena);
    if ((lasting != NULL) != (quick != NULL) ||
        (quick != NULL && !is_same((const struct value *)lasting, (const struct value *)quick))) {
        fail_msg("not the same lasting value: %.*s", (int)length, text);
    }
    arena_reset(arena);
}

/* 1 if it was taken. */
static int compare(const char *text, size_t length) {
    json_t *quick = quick_parse(text, length, VALUE_DEPTH_MAX - 1);
    json_error_t problem;
    json_t *slow = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    int is_taken = quick != NULL;
    compare_lasting(text, length, quick);
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

/* Objects of many members have a table; nothing else of them may differ. */
static void large_objects(void **test) {
    (void)test;
    static char text[64 * 1024];
    for (size_t count = 0; count < 400; count += count < 40 ? 1 : 37) {
        for (size_t twice = 0; twice <= 1; twice++) {
            size_t at = (size_t)snprintf(text, sizeof text, "{");
            for (size_t i = 0; i < count; i++) {
                size_t number = twice && i + 1 == count ? (count - 1) / 2 : i; /* a key that was there */
                at += (size_t)snprintf(text + at, sizeof text - at, "%s\"key%zu\": %zu", i > 0 ? ", " : "",
                                       number, i);
            }
            at += (size_t)snprintf(text + at, sizeof text - at, "}");
            assert_int_equal(compare(text, at), !twice || count < 2);
        }
    }
}

static void lines_and_refusals(void **test) {
    (void)test;
    static const char text[] = "\n{\"a\": [1,\r\n  {\"b\":\n\n\"x\"}, true], \"c\":\n null}";
    struct arena *arena = arena_new(0);
    struct value *root = value_parse_lasting(text, strlen(text), arena, NULL), *other = value_new_object();
    const struct value *list = value_get(root, "a");
    struct value *inner = value_at(list, 1);
    assert_int_equal(value_line(root), 2);
    assert_int_equal(value_line(list), 2);
    assert_int_equal(value_line(value_at(list, 0)), 2);
    assert_int_equal(value_line(inner), 3);
    assert_int_equal(value_line(value_get(inner, "b")), 5);
    assert_int_equal(value_line(value_at(list, 2)), 5);
    assert_int_equal(value_line(value_get(root, "c")), 6);
    assert_int_equal(value_line(other), 0);
    value_free(value_hold(inner));
    assert_int_not_equal(value_set_take(other, "x", inner), 0);
    assert_null(value_get(other, "x"));
    assert_null(value_print(root, 0));
    assert_null(value_parse_lasting("{\"a\": 1e3", 9, arena, NULL));
    struct value *slow = value_parse_lasting("{\"a\": 1e3}", 10, arena, NULL); /* jansson reads it */
    assert_true(value_real(value_get(slow, "a"), 0) == 1000);
    assert_int_equal(value_line(value_get(slow, "a")), 0);
    value_free(slow);
    value_free(other);
    arena_free(arena);
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
        cmocka_unit_test(as_jansson_reads), cmocka_unit_test(deep_texts),
        cmocka_unit_test(large_objects),    cmocka_unit_test(lines_and_refusals),
        cmocka_unit_test(takes_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
