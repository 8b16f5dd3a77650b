/* Wraps jansson so that one file knows it. Never reads files. Called by content, session, store and cli. */
#include "json/value.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "json/lasting.h"
#include "json/quick.h"

#include "banned.h"

/* struct value is never defined: a struct value * is a json_t * under another name. */
static json_t *inner(const struct value *value) {
    return (json_t *)(uintptr_t)value;
}

static struct value *outer(json_t *json) {
    return (struct value *)json;
}

static int depth_of(const json_t *json, int limit) {
    if (limit == 0) {
        return 1;
    }
    int deepest = 0;
    if (json_is_array(json)) {
        for (size_t i = 0; i < json_array_size(json) && deepest < limit; i++) {
            int depth = depth_of(json_array_get(json, i), limit - 1);
            deepest = depth > deepest ? depth : deepest;
        }
    } else if (json_is_object(json)) {
        json_t *object = inner((const struct value *)json);
        for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
            int depth = depth_of(json_object_iter_value(at), limit - 1);
            deepest = depth > deepest ? depth : deepest;
        }
    }
    return deepest + 1;
}

struct value *value_parse(const char *bytes, size_t length, struct err *err) {
    if (length > VALUE_FILE_MAX) {
        (void)err_set(err, ERR_LIMIT, "the JSON text is larger than 4 MiB: split it");
        return NULL;
    }
    json_t *quick = quick_parse(bytes, length, VALUE_DEPTH_MAX - 1); /* nested so far, and a value in it */
    if (quick != NULL) {
        return outer(quick);
    }
    json_error_t problem;
    json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &problem);
    if (json == NULL) {
        (void)err_set(err, ERR_SYNTAX, "not valid JSON: %s", problem.text);
        err_at(err, NULL, problem.line > 0 ? problem.line : 1, problem.column, NULL);
        return NULL;
    }
    if (depth_of(json, VALUE_DEPTH_MAX) > VALUE_DEPTH_MAX) {
        json_decref(json);
        (void)err_set(err, ERR_LIMIT, "the JSON text is nested deeper than %d levels", VALUE_DEPTH_MAX);
        err_at(err, NULL, 1, 1, NULL);
        return NULL;
    }
    return outer(json);
}

struct value *value_parse_lasting(const char *bytes, size_t length, struct arena *arena, struct err *err) {
    json_t *json = length <= VALUE_FILE_MAX ? lasting_parse(bytes, length, VALUE_DEPTH_MAX - 1, arena) : NULL;
    return json != NULL ? outer(json) : value_parse(bytes, length, err);
}

int value_line(const struct value *value) {
    const struct lasting *lasting = lasting_of(inner(value));
    return lasting != NULL ? (int)lasting->line : 0;
}

/* A cursor over JSON text that jansson has already accepted; tolerant, because it only finds places. */
struct cursor {
    const char *at, *end;
};

static void skip_space(struct cursor *cursor) {
    while (cursor->at < cursor->end && strchr(" \t\r\n,:", *cursor->at) != NULL && *cursor->at != '\0') {
        cursor->at++;
    }
}

static void skip_string(struct cursor *cursor) {
    cursor->at++;
    while (cursor->at < cursor->end && *cursor->at != '"') {
        cursor->at += *cursor->at == '\\' ? 2 : 1;
    }
    cursor->at = cursor->at < cursor->end ? cursor->at + 1 : cursor->end;
}

static void skip_value(struct cursor *cursor) {
    int depth = 0;
    skip_space(cursor);
    while (cursor->at < cursor->end) {
        char c = *cursor->at;
        if (c == '"') {
            skip_string(cursor);
        } else if (c == '{' || c == '[') {
            depth++;
            cursor->at++;
        } else if (c == '}' || c == ']') {
            if (depth == 0) {
                return;
            }
            depth--;
            cursor->at++;
        } else if (depth > 0) {
            cursor->at++;
            continue;
        } else {
            cursor->at += strcspn(cursor->at, ",]} \t\r\n");
        }
        if (depth == 0) {
            return;
        }
    }
}

/* Moves to member key of the object under the cursor; 0 when found. */
static int enter_member(struct cursor *cursor, const char *key, size_t length) {
    if (cursor->at >= cursor->end || *cursor->at != '{') {
        return ERR_NOT_FOUND;
    }
    cursor->at++;
    for (skip_space(cursor); cursor->at < cursor->end && *cursor->at == '"'; skip_space(cursor)) {
        const char *name = cursor->at + 1;
        skip_string(cursor);
        int found = (size_t)(cursor->at - 1 - name) == length && memcmp(name, key, length) == 0;
        skip_space(cursor);
        if (found) {
            return 0;
        }
        skip_value(cursor);
    }
    return ERR_NOT_FOUND;
}

static int enter_element(struct cursor *cursor, long index) {
    if (cursor->at >= cursor->end || *cursor->at != '[') {
        return ERR_NOT_FOUND;
    }
    cursor->at++;
    skip_space(cursor);
    for (long i = 0; i < index && cursor->at < cursor->end && *cursor->at != ']'; i++) {
        skip_value(cursor);
        skip_space(cursor);
    }
    return cursor->at < cursor->end && *cursor->at != ']' ? 0 : ERR_NOT_FOUND;
}

static int follow(struct cursor *cursor, const char *path) {
    const char *step = *path == '$' ? path + 1 : path;
    while (*step != '\0') {
        struct cursor before = *cursor;
        int rc;
        if (*step == '[') {
            char *after;
            rc = enter_element(cursor, strtol(step + 1, &after, 10));
            step = *after == ']' ? after + 1 : after;
        } else {
            step += *step == '.' ? 1 : 0;
            size_t length = strcspn(step, ".[");
            rc = enter_member(cursor, step, length);
            step += length;
        }
        if (rc != 0) {
            *cursor = before;
            return 0;
        }
    }
    return 0;
}

int value_locate(const char *bytes, size_t length, const char *path, int *line, int *column) {
    struct cursor cursor = {bytes, bytes + length};
    skip_space(&cursor);
    if (cursor.at >= cursor.end) {
        return ERR_NOT_FOUND;
    }
    int rc = follow(&cursor, path);
    *line = 1;
    *column = 1;
    for (const char *at = bytes; at < cursor.at; at++) {
        *column = *at == '\n' ? 1 : *column + 1;
        *line += *at == '\n';
    }
    return rc;
}

struct value *value_hold(struct value *value) {
    return outer(json_incref(inner(value)));
}

void value_free(struct value *value) {
    json_decref(inner(value));
}

enum value_type value_type(const struct value *value) {
    if (value == NULL) {
        return VALUE_NONE;
    }
    switch ((json_type)((unsigned)json_typeof(inner(value)) % LASTING)) {
    case JSON_OBJECT: return VALUE_OBJECT;
    case JSON_ARRAY: return VALUE_ARRAY;
    case JSON_STRING: return VALUE_TEXT;
    case JSON_INTEGER: return VALUE_INT;
    case JSON_REAL: return VALUE_REAL;
    case JSON_TRUE:
    case JSON_FALSE: return VALUE_BOOL;
    case JSON_NULL: break;
    }
    return VALUE_NULL;
}

/* value as a lasting one of that type; NULL: it may be one of jansson's. */
static const struct lasting *lasting(const struct value *value, json_type type) {
    const struct lasting *lasting = lasting_of(inner(value));
    return lasting != NULL && (unsigned)lasting->head.type == LASTING + (unsigned)type ? lasting : NULL;
}

struct value *value_get(const struct value *object, const char *key) {
    const struct lasting *known = lasting(object, JSON_OBJECT);
    return outer(known != NULL && key != NULL ? lasting_get(known, key)
                                              : json_object_get(inner(object), key));
}

struct value *value_at(const struct value *array, size_t index) {
    const struct lasting *known = lasting(array, JSON_ARRAY);
    if (known != NULL) {
        return outer(index < known->count ? known->is.elements[index] : NULL);
    }
    return outer(json_array_get(inner(array), index));
}

size_t value_count(const struct value *array_or_object) {
    const json_t *json = inner(array_or_object);
    const struct lasting *known = lasting_of(json);
    if (known != NULL) {
        return known->count; /* 0 of others */
    }
    return json_is_object(json) ? json_object_size(json) : json_array_size(json);
}

const char *value_text(const struct value *value) {
    const struct lasting *known = lasting(value, JSON_STRING);
    return known != NULL ? known->is.text : json_string_value(inner(value));
}

const char *value_get_text(const struct value *object, const char *key) {
    return value_text(value_get(object, key));
}

int64_t value_int(const struct value *value, int64_t otherwise) {
    const struct lasting *known = lasting(value, JSON_INTEGER);
    if (known != NULL) {
        return known->is.integer;
    }
    return json_is_integer(inner(value)) ? (int64_t)json_integer_value(inner(value)) : otherwise;
}

double value_real(const struct value *value, double otherwise) {
    const struct lasting *known = lasting(value, JSON_REAL);
    if (known != NULL) {
        return known->is.real;
    }
    known = lasting(value, JSON_INTEGER);
    if (known != NULL) {
        return (double)known->is.integer;
    }
    return json_is_number(inner(value)) ? json_number_value(inner(value)) : otherwise;
}

int value_bool(const struct value *value, int otherwise) {
    if (value_type(value) != VALUE_BOOL) {
        return otherwise;
    }
    return (unsigned)json_typeof(inner(value)) % LASTING == JSON_TRUE;
}

/* position: behind the member given last. */
static int next_lasting(const struct lasting *object, void **position, const char **key,
                        struct value **member) {
    const struct lasting_member *at = *position == NULL ? object->is.members : *position;
    if (at == object->is.members + object->count) {
        return 0;
    }
    *key = at->key;
    *member = outer(at->value);
    *position = (void *)(uintptr_t)(at + 1);
    return 1;
}

int value_next(const struct value *object, void **position, const char **key, struct value **member) {
    const struct lasting *known = lasting(object, JSON_OBJECT);
    if (known != NULL) {
        return next_lasting(known, position, key, member);
    }
    json_t *json = inner(object);
    *position = *position == NULL ? json_object_iter(json) : json_object_iter_next(json, *position);
    if (*position == NULL) {
        return 0;
    }
    *key = json_object_iter_key(*position);
    *member = outer(json_object_iter_value(*position));
    return 1;
}

struct value *value_new_object(void) {
    return outer(json_object());
}

struct value *value_new_array(void) {
    return outer(json_array());
}

struct value *value_new_text(const char *text) {
    return outer(json_string(text));
}

struct value *value_new_text_bytes(const char *bytes, size_t length) {
    return outer(json_stringn(bytes, length));
}

struct value *value_new_int(int64_t number) {
    return outer(json_integer((json_int_t)number));
}

struct value *value_new_real(double number) {
    return outer(json_real(number));
}

struct value *value_new_bool(int truth) {
    return outer(json_boolean(truth));
}

struct value *value_new_null(void) {
    return outer(json_null());
}

int value_set_take(struct value *object, const char *key, struct value *member) {
    if (lasting_of(inner(member)) != NULL) {
        return ERR_INVALID; /* its arena may go first */
    }
    return json_object_set_new(inner(object), key, inner(member)) == 0 ? 0 : ERR_MEMORY;
}

int value_add_take(struct value *array, struct value *member) {
    if (lasting_of(inner(member)) != NULL) {
        return ERR_INVALID;
    }
    return json_array_append_new(inner(array), inner(member)) == 0 ? 0 : ERR_MEMORY;
}

int value_set_text(struct value *object, const char *key, const char *text) {
    return value_set_take(object, key, text != NULL ? value_new_text(text) : value_new_null());
}

int value_set_int(struct value *object, const char *key, int64_t number) {
    return value_set_take(object, key, value_new_int(number));
}

char *value_print(const struct value *value, int indent) {
    size_t flags = JSON_ENCODE_ANY | (indent > 0 ? JSON_INDENT((size_t)indent) : JSON_COMPACT);
    flags |= JSON_REAL_PRECISION(15); /* 0.0776, not 0.077600000000000002; times in ms stay exact */
    return json_dumps(inner(value), flags);
}
