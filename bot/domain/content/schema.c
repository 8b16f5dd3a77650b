/* A small JSON Schema validator. Never reads files: the schemas are part of the program. Called by
 * documents.c. */
#include "domain/content/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/utf8.h"
#include "json/value.h"

#include "banned.h"

struct checker {
    const struct value *root;
    struct arena *arena;
    schema_report *report;
    void *context;
};

/* Where a value stands: written out only when there is something to say about it. */
struct trail {
    const struct trail *parent; /* NULL: the root */
    const char *key;            /* NULL: an element */
    size_t index;
};

static void check(const struct checker *checker, const struct value *schema, const struct value *value,
                  const struct trail *trail);

static const char *path_of(const struct checker *checker, const struct trail *trail) {
    if (trail->parent == NULL) {
        return "$";
    }
    const char *parent = path_of(checker, trail->parent);
    return trail->key != NULL ? arena_format(checker->arena, "%s.%s", parent, trail->key)
                              : arena_format(checker->arena, "%s[%zu]", parent, trail->index);
}

static void complain(const struct checker *checker, enum schema_mistake mistake, const struct trail *trail,
                     const char *detail) {
    checker->report(checker->context, mistake, path_of(checker, trail), detail);
}

const struct schema_file *schema_find(const char *name) {
    for (const struct schema_file *file = schema_files; file->name != NULL; file++) {
        if (strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}

/* The schema that "$ref": "#/$defs/NAME" points to, or schema itself. */
static const struct value *resolve(const struct checker *checker, const struct value *schema) {
    static const char prefix[] = "#/$defs/";
    const char *reference = value_get_text(schema, "$ref");
    if (reference == NULL || strncmp(reference, prefix, strlen(prefix)) != 0) {
        return schema;
    }
    return value_get(value_get(checker->root, "$defs"), reference + strlen(prefix));
}

static int has_type(const char *type, const struct value *value) {
    switch (value_type(value)) {
    case VALUE_OBJECT: return strcmp(type, "object") == 0;
    case VALUE_ARRAY: return strcmp(type, "array") == 0;
    case VALUE_TEXT: return strcmp(type, "string") == 0;
    case VALUE_BOOL: return strcmp(type, "boolean") == 0;
    case VALUE_INT: return strcmp(type, "integer") == 0 || strcmp(type, "number") == 0;
    case VALUE_REAL: return strcmp(type, "number") == 0;
    case VALUE_NULL: return strcmp(type, "null") == 0;
    case VALUE_NONE: break;
    }
    return 0;
}

/* "a, b, c" of an array of texts. */
static const char *listed(const struct checker *checker, const struct value *texts) {
    struct buf buf;
    buf_init(&buf, 0);
    for (size_t i = 0; i < value_count(texts); i++) {
        const char *text = value_text(value_at(texts, i));
        (void)buf_add_format(&buf, "%s%s", i > 0 ? ", " : "", text != NULL ? text : "?");
    }
    const char *joined = arena_text(checker->arena, buf_text(&buf));
    buf_close(&buf);
    return joined;
}

/* 1 if the type fits; nothing else is checked of a value of a wrong type. */
static int check_type(const struct checker *checker, const struct value *schema, const struct value *value,
                      const struct trail *trail) {
    const struct value *type = value_get(schema, "type");
    if (type == NULL) {
        return 1;
    }
    const char *single = value_text(type);
    if (single != NULL) {
        if (has_type(single, value)) {
            return 1;
        }
        complain(checker, SCHEMA_TYPE, trail, arena_text(checker->arena, single));
        return 0;
    }
    for (size_t i = 0; i < value_count(type); i++) {
        if (has_type(value_text(value_at(type, i)), value)) {
            return 1;
        }
    }
    complain(checker, SCHEMA_TYPE, trail, listed(checker, type));
    return 0;
}

static void check_required(const struct checker *checker, const struct value *schema,
                           const struct value *value, const struct trail *trail) {
    const struct value *required = value_get(schema, "required");
    for (size_t i = 0; i < value_count(required); i++) {
        const char *name = value_text(value_at(required, i));
        if (value_get(value, name) == NULL) {
            complain(checker, SCHEMA_REQUIRED, trail, arena_text(checker->arena, name));
        }
    }
}

static void check_members(const struct checker *checker, const struct value *schema,
                          const struct value *value, const struct trail *trail) {
    const struct value *properties = value_get(schema, "properties");
    const struct value *others = value_get(schema, "additionalProperties");
    void *position = NULL;
    const char *key;
    struct value *member;
    while (value_next(value, &position, &key, &member)) {
        const struct value *known = value_get(properties, key);
        const struct value *rule = known != NULL ? known : others;
        struct trail at = {trail, key, 0};
        if (value_type(rule) == VALUE_OBJECT) {
            check(checker, rule, member, &at);
        } else if (rule != NULL && value_bool(rule, 1) == 0) {
            complain(checker, SCHEMA_UNKNOWN, &at, arena_text(checker->arena, key));
        }
    }
}

static void check_size(const struct checker *checker, size_t size, const struct value *least,
                       const struct value *most, const struct trail *trail) {
    int64_t minimum = value_int(least, 0), maximum = value_int(most, INT64_MAX), number = (int64_t)size;
    if (number < minimum || number > maximum) {
        int is_low = number < minimum;
        complain(checker, is_low ? SCHEMA_EMPTY : SCHEMA_FULL, trail,
                 arena_format(checker->arena, "%lld", (long long)(is_low ? minimum : maximum)));
    }
}

static void check_object(const struct checker *checker, const struct value *schema, const struct value *value,
                         const struct trail *trail) {
    check_required(checker, schema, value, trail);
    check_size(checker, value_count(value), value_get(schema, "minProperties"), NULL, trail);
    check_members(checker, schema, value, trail);
}

/* Lists of words may be long: a map, not a comparison of all with all. */
static void check_unique(const struct checker *checker, const struct value *array,
                         const struct trail *trail) {
    struct map *seen = map_new();
    for (size_t i = 0; seen != NULL && i < value_count(array); i++) {
        const char *text = value_text(value_at(array, i));
        if (text == NULL) {
            continue;
        }
        if (map_get(seen, text) != NULL) {
            struct trail element = {trail, NULL, i};
            complain(checker, SCHEMA_REPEATED, &element, arena_text(checker->arena, text));
        } else if (map_set(seen, text, seen) != 0) {
            break;
        }
    }
    map_free(seen);
}

/* What a schema asks of texts, looked up once for a whole list. */
struct text_rule {
    const struct value *least, *most, *allowed;
};

static struct text_rule text_rule(const struct value *schema) {
    return (struct text_rule){value_get(schema, "minLength"), value_get(schema, "maxLength"),
                              value_get(schema, "enum")};
}

/* 1 if text has between least and most characters whatever they are: one has at most four bytes. */
static int is_size_certain(const struct text_rule *rule, size_t bytes) {
    return (int64_t)(bytes / 4) >= value_int(rule->least, 0) &&
           (int64_t)bytes <= value_int(rule->most, INT64_MAX);
}

static void check_text(const struct checker *checker, const struct text_rule *rule, const char *text,
                       const struct trail *trail) {
    size_t bytes = strlen(text);
    if (!is_size_certain(rule, bytes)) {
        check_size(checker, u8_count(text, bytes), rule->least, rule->most, trail);
    }
    const struct value *allowed = rule->allowed;
    for (size_t i = 0; i < value_count(allowed); i++) {
        const char *one = value_text(value_at(allowed, i));
        if (one != NULL && strcmp(one, text) == 0) {
            return;
        }
    }
    if (allowed != NULL) {
        complain(checker, SCHEMA_ENUM, trail, listed(checker, allowed));
    }
}

/* Content is mostly lists of texts. */
static void check_elements(const struct checker *checker, const struct value *items,
                           const struct value *array, const struct trail *trail) {
    const struct value *rule = resolve(checker, items);
    const char *type = value_get_text(rule, "type");
    const struct text_rule texts = text_rule(rule);
    int is_text = type != NULL && strcmp(type, "string") == 0;
    size_t count = value_count(array);
    for (size_t i = 0; i < count; i++) {
        const struct value *element = value_at(array, i);
        struct trail at = {trail, NULL, i};
        if (is_text && value_type(element) == VALUE_TEXT) {
            check_text(checker, &texts, value_text(element), &at);
        } else {
            check(checker, items, element, &at);
        }
    }
}

static void check_array(const struct checker *checker, const struct value *schema, const struct value *value,
                        const struct trail *trail) {
    check_size(checker, value_count(value), value_get(schema, "minItems"), value_get(schema, "maxItems"),
               trail);
    if (value_bool(value_get(schema, "uniqueItems"), 0)) {
        check_unique(checker, value, trail);
    }
    const struct value *items = value_get(schema, "items");
    if (items != NULL) {
        check_elements(checker, items, value, trail);
    }
}

static void check_number(const struct checker *checker, const struct value *schema, double number,
                         const struct trail *trail) {
    const struct value *minimum = value_get(schema, "minimum"), *maximum = value_get(schema, "maximum");
    int is_low = minimum != NULL && number < value_real(minimum, 0);
    int is_high = maximum != NULL && number > value_real(maximum, 0);
    if (!is_low && !is_high) {
        return;
    }
    char low[32] = "", high[32] = "";
    if (minimum != NULL) {
        (void)snprintf(low, sizeof low, "%g", value_real(minimum, 0));
    }
    if (maximum != NULL) {
        (void)snprintf(high, sizeof high, "%g", value_real(maximum, 0));
    }
    complain(checker, SCHEMA_RANGE, trail, arena_format(checker->arena, "%s..%s", low, high));
}

static void check(const struct checker *checker, const struct value *schema, const struct value *value,
                  const struct trail *trail) {
    const struct value *rule = resolve(checker, schema);
    if (!check_type(checker, rule, value, trail)) {
        return;
    }
    switch (value_type(value)) {
    case VALUE_OBJECT: check_object(checker, rule, value, trail); break;
    case VALUE_ARRAY: check_array(checker, rule, value, trail); break;
    case VALUE_TEXT: {
        const struct text_rule texts = text_rule(rule);
        check_text(checker, &texts, value_text(value), trail);
        break;
    }
    case VALUE_INT:
    case VALUE_REAL: check_number(checker, rule, value_real(value, 0), trail); break;
    case VALUE_BOOL:
    case VALUE_NULL:
    case VALUE_NONE: break;
    }
}

void schema_check(const struct value *schema, const struct value *value, struct arena *arena,
                  schema_report *report, void *context) {
    struct checker checker = {schema, arena, report, context};
    struct trail root = {NULL, NULL, 0};
    check(&checker, schema, value, &root);
}
