/* The small schema validator, and that the schemas themselves are sound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "domain/content/schema.h"
#include "json/value.h"

#include "banned.h"

struct seen {
    enum schema_mistake mistake;
    char path[64], detail[64];
    int count;
};

static void on_mistake(void *context, enum schema_mistake mistake, const char *path, const char *detail) {
    struct seen *seen = context;
    seen->mistake = mistake;
    assert_true(strlen(path) < sizeof seen->path && strlen(detail) < sizeof seen->detail);
    memcpy(seen->path, path, strlen(path) + 1);
    memcpy(seen->detail, detail, strlen(detail) + 1);
    seen->count++;
}

static struct value *parse(const char *text) {
    struct value *value = value_parse(text, strlen(text), NULL);
    assert_non_null(value);
    return value;
}

static struct seen check(const char *schema_text, const char *text) {
    struct arena *arena = arena_new(0);
    struct value *schema = parse(schema_text), *value = parse(text);
    struct seen seen = {0};
    schema_check(schema, value, arena, on_mistake, &seen);
    value_free(schema);
    value_free(value);
    arena_free(arena);
    return seen;
}

static void expect(const char *schema, const char *text, enum schema_mistake mistake, const char *path,
                   const char *detail) {
    struct seen seen = check(schema, text);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.mistake, mistake);
    assert_string_equal(seen.path, path);
    assert_string_equal(seen.detail, detail);
}

static void test_mistakes(void **state) {
    (void)state;
    const char *object =
        "{\"type\": \"object\", \"required\": [\"a\"], \"additionalProperties\": false, \"properties\": "
        "{\"a\": {\"type\": [\"string\", \"array\"], \"minLength\": 2, \"maxLength\": 3, \"minItems\": 1, "
        "\"items\": {\"enum\": [\"x\", \"y\"], \"type\": \"string\"}}, \"n\": {\"type\": \"integer\", "
        "\"minimum\": 1, \"maximum\": 9}}}";
    assert_int_equal(check(object, "{\"a\": \"xy\", \"n\": 9}").count, 0);
    assert_int_equal(check(object, "{\"a\": [\"x\", \"y\"]}").count, 0);
    expect(object, "{}", SCHEMA_REQUIRED, "$", "a");
    expect(object, "[1]", SCHEMA_TYPE, "$", "object");
    expect(object, "{\"a\": \"xy\", \"b\": 1}", SCHEMA_UNKNOWN, "$.b", "b");
    expect(object, "{\"a\": 1}", SCHEMA_TYPE, "$.a", "string, array");
    expect(object, "{\"a\": \"x\"}", SCHEMA_EMPTY, "$.a", "2");
    expect(object, "{\"a\": \"\\u00e9\\u00e9\\u00e9\\u00e9\"}", SCHEMA_FULL, "$.a", "3");
    expect(object, "{\"a\": []}", SCHEMA_EMPTY, "$.a", "1");
    expect(object, "{\"a\": [\"z\"]}", SCHEMA_ENUM, "$.a[0]", "x, y");
    expect(object, "{\"a\": \"xy\", \"n\": 0}", SCHEMA_RANGE, "$.n", "1..9");
    expect(object, "{\"a\": \"xy\", \"n\": 1.5}", SCHEMA_TYPE, "$.n", "integer");
    expect("{\"type\": \"array\", \"uniqueItems\": true}", "[\"a\", \"b\", \"a\"]", SCHEMA_REPEATED, "$[2]",
           "a");
    expect("{\"type\": \"object\", \"minProperties\": 1}", "{}", SCHEMA_EMPTY, "$", "1");
}

static void test_reference(void **state) {
    (void)state;
    const char *schema =
        "{\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/t\"}, \"$defs\": {\"t\": "
        "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}}}";
    assert_int_equal(check(schema, "{\"x\": {\"id\": \"a\"}}").count, 0);
    expect(schema, "{\"x\": {\"id\": 1}}", SCHEMA_TYPE, "$.x.id", "string");
}

/* Every mistake is reported, not only the first. */
static void test_all(void **state) {
    (void)state;
    const char *schema =
        "{\"type\": \"object\", \"required\": [\"a\", \"b\"], \"additionalProperties\": false}";
    assert_int_equal(check(schema, "{\"c\": 1, \"d\": 2}").count, 4);
}

/* References of a schema lead somewhere, and every keyword in it is one that the validator or an editor
 * knows. */
static void check_keywords(const struct value *root, const struct value *schema) {
    static const char *const known[] = {"$schema",       "$id",
                                        "$ref",          "$defs",
                                        "title",         "description",
                                        "type",          "properties",
                                        "required",      "items",
                                        "minItems",      "maxItems",
                                        "enum",          "additionalProperties",
                                        "minLength",     "maxLength",
                                        "minimum",       "maximum",
                                        "uniqueItems",   "minProperties",
                                        "pattern",       "propertyNames",
                                        "maxProperties", "default",
                                        "examples"};
    void *position = NULL;
    const char *key;
    struct value *member;
    while (value_next(schema, &position, &key, &member)) {
        int is_known = 0;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            is_known |= strcmp(known[i], key) == 0;
        }
        if (!is_known) {
            fail_msg("nobody checks the keyword %s", key);
        }
        if (strcmp(key, "$ref") == 0) {
            const char *target = value_text(member) + strlen("#/$defs/");
            assert_non_null(value_get(value_get(root, "$defs"), target));
        }
        if (strcmp(key, "properties") == 0 || strcmp(key, "$defs") == 0) {
            void *inner = NULL;
            const char *name;
            struct value *one;
            while (value_next(member, &inner, &name, &one)) {
                check_keywords(root, one);
            }
        } else if (value_type(member) == VALUE_OBJECT && strcmp(key, "default") != 0) {
            check_keywords(root, member);
        }
    }
}

static void test_schemas(void **state) {
    (void)state;
    static const char *const names[] = {"normalise.json",  "vocabulary.json", "facts.json",
                                        "intents.json",    "site.json",       "address.json",
                                        "help_lines.json", "responses.json",  "dialogue.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct schema_file *file = schema_find(names[i]);
        assert_non_null(file);
        struct value *schema = value_parse(file->bytes, file->length, NULL);
        assert_non_null(schema);
        assert_non_null(value_get_text(schema, "description"));
        assert_string_equal(value_get_text(schema, "$schema"),
                            "https://json-schema.org/draft/2020-12/schema");
        check_keywords(schema, schema);
        value_free(schema);
    }
    assert_null(schema_find("nothing.json"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_schemas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
