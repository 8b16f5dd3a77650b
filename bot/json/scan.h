/* A strict reader of one small JSON object, without a tree: for messages of strangers, ten times as fast as
   value_parse and just as strict (a property test compares the two). */
#ifndef PANDU_JSON_SCAN_H
#define PANDU_JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "json/value.h"

struct arena;

enum { SCAN_MEMBERS_MAX = 64 /* of any one object: their names are compared in pairs */ };

struct scan_member {
    const char *key; /* unescaped, not NUL-terminated */
    size_t key_length;
    enum value_type type;
    const char *raw; /* text: what stands between the quotes */
    size_t raw_length;
    int is_escaped; /* text: raw holds escapes */
    int64_t number; /* VALUE_INT; VALUE_BOOL: 1 or 0 */
};

/* Checks the whole text (one object, valid UTF-8, no duplicate keys at any level, no NUL escape, depth <=
   VALUE_DEPTH_MAX, numbers that fit) and lists the members of the object itself in their order. They borrow
   from bytes and arena. 0, ERR_SYNTAX, or ERR_LIMIT (too deep, too many members). */
int scan_object(const char *bytes, size_t length, struct arena *arena,
                struct scan_member members[SCAN_MEMBERS_MAX], size_t *count);

/* The value of a member of VALUE_TEXT, NUL-terminated in arena; *length (may be NULL) in bytes. */
const char *scan_member_text(const struct scan_member *member, struct arena *arena, size_t *length);

#endif
