/* JSON values: the only door to jansson. Objects keep the order of their file; duplicate keys are refused. */
#ifndef PANDU_JSON_VALUE_H
#define PANDU_JSON_VALUE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct value; /* an immutable-by-habit, reference-counted JSON value */

enum value_type {
    VALUE_NONE,
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_REAL,
    VALUE_TEXT,
    VALUE_ARRAY,
    VALUE_OBJECT
};

enum { VALUE_DEPTH_MAX = 16, VALUE_FILE_MAX = 4 * 1024 * 1024 };

/* Parses one JSON text (object or array, valid UTF-8, no duplicate keys, no NUL escape, depth <=
   VALUE_DEPTH_MAX). Returns a new value or NULL with line and column in *err. */
struct value *value_parse(const char *bytes, size_t length, struct err *err);

/* value_parse for what is only read: faster, and each value knows its line. The values live in the arena
   (what only jansson can read is its own: value_free it, as ever) and are never part of others:
   value_set_take, value_add_take and value_print refuse them. */
struct value *value_parse_lasting(const char *bytes, size_t length, struct arena *arena, struct err *err);

/* 1-based line at which a value of value_parse_lasting begins; 0: not known. */
int value_line(const struct value *value);

/* 1-based line and column of the value at path ("$.a[3].b") inside bytes; the nearest existing parent when
   the path does not exist. Returns 0, or ERR_NOT_FOUND when the text cannot be followed at all. */
int value_locate(const char *bytes, size_t length, const char *path, int *line, int *column);

struct value *value_hold(struct value *value); /* one more owner; returns value */
void value_free(struct value *value);          /* one owner less; NULL is fine */

enum value_type value_type(const struct value *value); /* VALUE_NONE for NULL */

/* Borrowed members; NULL when absent or of another type. */
struct value *value_get(const struct value *object, const char *key);
struct value *value_at(const struct value *array, size_t index);
size_t value_count(const struct value *array_or_object); /* 0 for anything else */
const char *value_text(const struct value *value);       /* NULL unless text; NUL-terminated UTF-8 */
const char *value_get_text(const struct value *object, const char *key);
/* otherwise: for NULL and other types. */
int64_t value_int(const struct value *value, int64_t otherwise);
double value_real(const struct value *value, double otherwise); /* integers too */
int value_bool(const struct value *value, int otherwise);

/* Walks an object in file order: position starts as NULL and is updated; returns 0 at the end. */
int value_next(const struct value *object, void **position, const char **key, struct value **member);

/* New values. Those with _take steal their last argument, even on failure. NULL or non-zero: no memory
   (or invalid UTF-8 for text). */
struct value *value_new_object(void);
struct value *value_new_array(void);
struct value *value_new_text(const char *text);
struct value *value_new_text_bytes(const char *bytes, size_t length);
struct value *value_new_int(int64_t number);
struct value *value_new_real(double number);
struct value *value_new_bool(int truth);
struct value *value_new_null(void);
int value_set_take(struct value *object, const char *key, struct value *member);
int value_add_take(struct value *array, struct value *member);
int value_set_text(struct value *object, const char *key, const char *text); /* NULL text sets null */
int value_set_int(struct value *object, const char *key, int64_t number);

/* One line of JSON (or indented by indent spaces when > 0). Caller frees with free(); NULL: no memory. */
char *value_print(const struct value *value, int indent);

#endif
