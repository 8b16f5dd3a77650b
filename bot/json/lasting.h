/* JSON values that are read once and never change: in an arena, freed with it, each with its line. Private to
   bot/json: value.c shows them as values. */
#ifndef PANDU_JSON_LASTING_H
#define PANDU_JSON_LASTING_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum { LASTING = 16 /* added to the type, so that nobody takes one for jansson's */ };

struct lasting_member {
    const char *key;
    json_t *value;
};

/* Its head is one of jansson's that is never freed: json_incref and json_decref do nothing to it. */
struct lasting {
    json_t head;
    uint32_t line;  /* 1-based */
    uint32_t count; /* of an array or object */
    union {
        const char *text;
        int64_t integer;
        double real;
        json_t **elements;
        const struct lasting_member *members; /* in the order of the text */
    } is;
};

static inline const struct lasting *lasting_of(const json_t *json) {
    return json != NULL && (unsigned)json->type >= LASTING ? (const struct lasting *)json : NULL;
}

/* The text as one value; NULL where quick_read is not certain. What was made until then stays in the arena.
 */
json_t *lasting_parse(const char *bytes, size_t length, int depth_max, struct arena *arena);

/* The member with this key, or NULL. */
json_t *lasting_get(const struct lasting *object, const char *key);

#endif
