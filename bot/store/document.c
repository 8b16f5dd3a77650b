/* Builds the JSON documents of a store. Never reads a store: rows are handed in. Called by store/memory and
   store/sqlite. */
#include "store/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/session/session.h"
#include "json/value.h"

#include "banned.h"

enum { STATE_ARENA_MAX = 8 * 1024 * 1024 };

struct document {
    struct value *root;
    struct value *turns, *unmatched, *escalations; /* borrowed from root */
    size_t bytes;
    int failed;
};

static void count(struct document *document, size_t bytes) {
    document->bytes += bytes;
    if (document->bytes > DOCUMENT_BYTES_MAX) {
        document->failed = 1;
    }
}

static void set(struct document *document, struct value *object, const char *key, struct value *member) {
    if (object == NULL || member == NULL) {
        value_free(member);
        document->failed = 1;
    } else if (value_set_take(object, key, member) != 0) {
        document->failed = 1;
    }
}

static void append(struct document *document, struct value *array, struct value *member) {
    if (array == NULL || member == NULL) {
        value_free(member);
        document->failed = 1;
    } else if (value_add_take(array, member) != 0) {
        document->failed = 1;
    }
}

/* Text from outside: invalid bytes become U+FFFD, so that an export never fails on what somebody sent. */
static struct value *text_value(const char *text, size_t length) {
    if (u8_valid(text, length)) {
        return value_new_text_bytes(text, length);
    }
    char *repaired = u8_repaired(text, length);
    struct value *value = repaired != NULL ? value_new_text(repaired) : NULL;
    free(repaired);
    return value;
}

static void set_text(struct document *document, struct value *object, const char *key, const char *text) {
    set(document, object, key, text != NULL ? text_value(text, strlen(text)) : value_new_null());
    count(document, text != NULL ? strlen(text) : 0);
}

/* Stored bytes: the JSON they hold, or their text if they hold none. */
static void set_bytes(struct document *document, struct value *object, const char *key,
                      struct store_bytes bytes) {
    count(document, bytes.length);
    if (document->failed) {
        return;
    }
    struct value *value = bytes.length == 0 ? value_new_null() : value_parse(bytes.data, bytes.length, NULL);
    set(document, object, key, value != NULL ? value : text_value(bytes.data, bytes.length));
}

/* An encoded session as the JSON it stands for; bytes that are none, as they are. */
static void set_state(struct document *document, struct value *object, struct store_bytes state) {
    struct arena *arena = state.length != 0 ? arena_new(STATE_ARENA_MAX) : NULL;
    struct session *session = arena != NULL ? arena_alloc(arena, sizeof *session) : NULL;
    const char *text = NULL;
    if (session != NULL && session_decode(state.data, state.length, arena, session, NULL) == 0) {
        text = session_print(session, arena);
    }
    if (text != NULL) {
        state = (struct store_bytes){text, strlen(text)};
    }
    set_bytes(document, object, "state", state);
    arena_free(arena);
}

static void set_time(struct document *document, struct value *object, int64_t at_ms) {
    char text[CLOCK_TEXT_MAX];
    clock_format(at_ms, 0, text);
    set(document, object, "at", value_new_text(text));
}

static struct document *empty(struct value *root) {
    struct document *document = calloc(1, sizeof *document);
    if (document == NULL || root == NULL) {
        free(document);
        value_free(root);
        return NULL;
    }
    document->root = root;
    return document;
}

static struct value *add_array(struct document *document, const char *key) {
    set(document, document->root, key, value_new_array());
    return value_get(document->root, key);
}

struct document *document_new(const char *conversation, struct rules_head head, struct store_bytes state) {
    struct document *document = empty(value_new_object());
    if (document != NULL) {
        set_text(document, document->root, "conversation", conversation);
        set(document, document->root, "version", value_new_int((int64_t)head.version));
        set_state(document, document->root, state);
        document->turns = add_array(document, "turns");
        document->unmatched = add_array(document, "unmatched");
        document->escalations = add_array(document, "escalations");
    }
    return document;
}

struct document *document_new_list(void) {
    struct document *document = empty(value_new_array());
    if (document != NULL) {
        document->unmatched = document->root;
    }
    return document;
}

void document_free(struct document *document) {
    if (document != NULL) {
        value_free(document->root);
        free(document);
    }
}

void document_add_turn(struct document *document, const struct document_turn *turn) {
    struct value *object = value_new_object();
    set_text(document, object, "id", turn->id);
    set_time(document, object, turn->at_ms);
    set(document, object, "version", value_new_int((int64_t)turn->version));
    set(document, object, "first_seq", value_new_int((int64_t)turn->first_seq));
    set(document, object, "last_seq", value_new_int((int64_t)turn->last_seq));
    set_bytes(document, object, "inbound", turn->inbound);
    set_bytes(document, object, "outcome", turn->outcome);
    append(document, document->turns, object);
}

void document_add_unmatched(struct document *document, int64_t at_ms, const char *text,
                            const char *candidates) {
    struct value *object = value_new_object();
    set_time(document, object, at_ms);
    set_text(document, object, "text", text);
    set_text(document, object, "candidates", candidates);
    append(document, document->unmatched, object);
}

void document_add_escalation(struct document *document, int64_t at_ms, const char *intent,
                             const char *quote) {
    struct value *object = value_new_object();
    set_time(document, object, at_ms);
    set_text(document, object, "intent", intent);
    set_text(document, object, "quote", quote);
    append(document, document->escalations, object);
}

char *document_print(const struct document *document) {
    return document->failed ? NULL : value_print(document->root, 0);
}
