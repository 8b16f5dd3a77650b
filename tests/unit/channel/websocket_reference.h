/* The reader of pandu.v1 as one would write it with a JSON tree: slow, short, and what the fast one must
   equal. Included by the property test and by the fuzz target. */
#ifndef PANDU_TESTS_WEBSOCKET_REFERENCE_H
#define PANDU_TESTS_WEBSOCKET_REFERENCE_H

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "channel/websocket/websocket.h"
#include "json/scan.h"
#include "json/value.h"

/* Members of the widest object inside value. */
static size_t reference_width(const struct value *value) {
    size_t width = 0;
    if (value_type(value) == VALUE_ARRAY) {
        for (size_t i = 0; i < value_count(value); i++) {
            size_t inner = reference_width(value_at(value, i));
            width = inner > width ? inner : width;
        }
    } else if (value_type(value) == VALUE_OBJECT) {
        void *position = NULL;
        const char *key;
        struct value *member;
        width = value_count(value);
        while (value_next(value, &position, &key, &member)) {
            size_t inner = reference_width(member);
            width = inner > width ? inner : width;
        }
    }
    return width;
}

/* NULL: absent or null. */
static const struct value *reference_get(const struct value *object, const char *key) {
    const struct value *member = value_get(object, key);
    return value_type(member) == VALUE_NULL ? NULL : member;
}

static int reference_name(const struct value *object, const char *key, size_t limit, struct arena *arena,
                          const char **out) {
    const struct value *member = reference_get(object, key);
    const char *text = value_text(member);
    if (member == NULL) {
        return 0;
    }
    if (text == NULL || text[0] == '\0' || strlen(text) > limit) {
        return -1;
    }
    for (const char *at = text; *at != '\0' && strcmp(key, "choice") != 0; at++) {
        if (*at < '!' || *at > '~') {
            return -1;
        }
    }
    *out = arena_text(arena, text);
    return 0;
}

static int reference_number(const struct value *object, const char *key, uint64_t *out) {
    const struct value *member = reference_get(object, key);
    int64_t number = value_int(member, -1);
    if (member == NULL) {
        return 0;
    }
    *out = number >= 0 ? (uint64_t)number : 0;
    return number >= 0 && number <= 9007199254740991 ? 0 : -1;
}

static int reference_hello(const struct value *object, struct arena *arena, struct websocket_in *in,
                           enum websocket_code *code) {
    const struct value *version = value_get(object, "v");
    in->kind = WEBSOCKET_HELLO;
    if (value_type(version) == VALUE_INT && value_int(version, 0) != 1) {
        *code = WEBSOCKET_VERSION_UNKNOWN;
        return -1;
    }
    in->version = 1;
    if (value_type(version) != VALUE_INT ||
        reference_name(object, "conv", 64, arena, &in->conversation) != 0 ||
        reference_name(object, "client", 64, arena, &in->client) != 0 ||
        reference_number(object, "last", &in->last) != 0 ||
        reference_name(object, "language", 35, arena, &in->language) != 0 ||
        reference_name(object, "identity", 4096, arena, &in->identity) != 0) {
        return -1;
    }
    return in->client != NULL ? 0 : -1;
}

static int reference_msg(const struct value *object, struct arena *arena, struct websocket_in *in,
                         enum websocket_code *code) {
    const struct value *text = reference_get(object, "text");
    in->kind = WEBSOCKET_MSG;
    if (reference_name(object, "id", 96, arena, &in->id) != 0 || in->id == NULL ||
        (text != NULL) == (reference_get(object, "choice") != NULL)) {
        return -1;
    }
    if (text == NULL) {
        return reference_name(object, "choice", 128, arena, &in->choice);
    }
    if (value_text(text) != NULL && strlen(value_text(text)) > 4096) {
        *code = WEBSOCKET_TOO_BIG;
        return -1;
    }
    in->text = arena_text(arena, value_text(text));
    in->text_length = in->text != NULL ? strlen(in->text) : 0;
    return in->text != NULL ? 0 : -1;
}

static int reference_rating(const struct value *object, struct arena *arena, struct websocket_in *in) {
    const struct value *helped = reference_get(object, "helped");
    in->kind = WEBSOCKET_RATING;
    in->has_helped = value_bool(helped, 0);
    return reference_name(object, "id", 96, arena, &in->id) == 0 && in->id != NULL &&
                   value_type(helped) == VALUE_BOOL
               ? 0
               : -1;
}

static int reference_kind(const struct value *object, struct arena *arena, struct websocket_in *in,
                          enum websocket_code *code) {
    const char *type = value_get_text(object, "type");
    if (type == NULL) {
        return -1;
    }
    if (strcmp(type, "hello") == 0) {
        return reference_hello(object, arena, in, code);
    }
    if (strcmp(type, "msg") == 0) {
        return reference_msg(object, arena, in, code);
    }
    if (strcmp(type, "seen") == 0) {
        in->kind = WEBSOCKET_SEEN;
        return reference_get(object, "seq") != NULL ? reference_number(object, "seq", &in->seen) : -1;
    }
    if (strcmp(type, "rating") == 0) {
        return reference_rating(object, arena, in);
    }
    if (strcmp(type, "history") == 0) {
        in->kind = WEBSOCKET_HISTORY;
        return reference_get(object, "after") != NULL ? reference_number(object, "after", &in->after) : -1;
    }
    in->kind = strcmp(type, "ping") == 0 ? WEBSOCKET_PING : WEBSOCKET_IGNORED;
    return 0;
}

/* As websocket_read, without a reason. */
static int reference_read(const char *text, size_t length, struct arena *arena, struct websocket_in *in,
                          enum websocket_code *code) {
    /* jansson 2.14 skips a NUL byte right after a number or a word: its reader takes it for "refill". */
    int has_nul = length > 0 && memchr(text, '\0', length) != NULL;
    struct value *object = has_nul ? NULL : value_parse(text, length, NULL);
    memset(in, 0, sizeof *in);
    in->kind = WEBSOCKET_IGNORED;
    *code = WEBSOCKET_BAD;
    int rc = value_type(object) == VALUE_OBJECT && reference_width(object) <= SCAN_MEMBERS_MAX
                 ? reference_kind(object, arena, in, code)
                 : -1;
    value_free(object);
    return rc;
}

static int reference_same(const char *one, const char *other) {
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

/* 1 if both readers say the same of these bytes; after a refusal only the id counts. */
static int reference_agrees(const char *text, size_t length, struct arena *arena) {
    struct websocket_in fast, slow;
    enum websocket_code fast_code = WEBSOCKET_BAD, slow_code;
    const char *why = NULL;
    int rc = websocket_read(text, length, arena, &fast, &fast_code, &why);
    if (rc != reference_read(text, length, arena, &slow, &slow_code) || !reference_same(fast.id, slow.id)) {
        return 0;
    }
    if (rc != 0) {
        return fast_code == slow_code && why != NULL;
    }
    return fast.kind == slow.kind && fast.version == slow.version && fast.last == slow.last &&
           fast.seen == slow.seen && fast.after == slow.after && fast.has_helped == slow.has_helped &&
           fast.text_length == slow.text_length && reference_same(fast.conversation, slow.conversation) &&
           reference_same(fast.client, slow.client) && reference_same(fast.language, slow.language) &&
           reference_same(fast.identity, slow.identity) && reference_same(fast.text, slow.text) &&
           reference_same(fast.choice, slow.choice);
}

#endif
