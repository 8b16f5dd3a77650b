/* Checks a JSON value against one of the JSON Schemas in bot/schema, the same files editors use. Knows the
   subset of draft 2020-12 that those files need: $ref into $defs, type, properties, required,
   additionalProperties, enum, items, minItems, minLength, minimum, maximum. */
#ifndef PANDU_DOMAIN_CONTENT_SCHEMA_H
#define PANDU_DOMAIN_CONTENT_SCHEMA_H

#include <stddef.h>

struct arena;
struct value;

struct schema_file {
    const char *name; /* "intents.json" */
    const char *bytes;
    size_t length;
};
extern const struct schema_file schema_files[]; /* generated at build time; ends with a NULL name */

/* NULL when there is no such schema. */
const struct schema_file *schema_find(const char *name);

enum schema_mistake {
    SCHEMA_TYPE,     /* detail: what it should be */
    SCHEMA_REQUIRED, /* detail: the member that is missing */
    SCHEMA_UNKNOWN,  /* detail: the member that nobody knows */
    SCHEMA_ENUM,     /* detail: the allowed values */
    SCHEMA_EMPTY,    /* too few elements or characters; detail: how many at least */
    SCHEMA_RANGE,    /* detail: the allowed range */
    SCHEMA_FULL,     /* too many elements or characters; detail: how many at most */
    SCHEMA_REPEATED  /* detail: the text that stands there twice */
};
typedef void schema_report(void *context, enum schema_mistake mistake, const char *path, const char *detail);

/* Calls report for every mistake; path and detail live in arena. */
void schema_check(const struct value *schema, const struct value *value, struct arena *arena,
                  schema_report *report, void *context);

#endif
