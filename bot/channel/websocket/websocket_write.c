/* What the server says, as JSON. Never decides anything; what it writes is valid JSON whatever the text.
   Called by the server for everything it sends. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "channel/websocket/websocket.h"
#include "domain/engine/engine.h"
#include "json/put.h"
#include "json/scan.h"

#include "banned.h"

#define ADD(out, literal) put_raw(out, literal, sizeof(literal) - 1)

const char *websocket_code_name(enum websocket_code code) {
    static const char *const names[] = {
        [WEBSOCKET_RATE] = "rate",
        [WEBSOCKET_BUSY] = "busy",
        [WEBSOCKET_STORAGE] = "storage",
        [WEBSOCKET_TOO_BIG] = "too_big",
        [WEBSOCKET_CONFLICT] = "conflict",
        [WEBSOCKET_BAD] = "bad",
        [WEBSOCKET_DENIED] = "denied",
        [WEBSOCKET_GONE] = "gone",
        [WEBSOCKET_VERSION_UNKNOWN] = "version",
        [WEBSOCKET_UNSUPPORTED] = "unsupported",
    };
    return (size_t)code < sizeof names / sizeof *names ? names[code] : "bad";
}

static int result(const struct buf *out) {
    return out->failed != 0 ? -1 : 0;
}

/* ---- messages of the bot ---- */

static void add_choices(struct buf *out, const struct message *message) {
    ADD(out, ",\"choices\":[");
    for (size_t i = 0; i < message->choice_count; i++) {
        const struct message_choice *choice = &message->choices[i];
        if (i > 0) {
            ADD(out, ",");
        }
        ADD(out, "{\"payload\":");
        put_text(out, choice->payload);
        ADD(out, ",\"id\":");
        put_text(out, choice->id);
        ADD(out, ",\"label\":");
        put_text(out, choice->label);
        ADD(out, "}");
    }
    ADD(out, "]");
}

static void add_links(struct buf *out, const struct message *message) {
    ADD(out, ",\"links\":[");
    for (size_t i = 0; i < message->link_count; i++) {
        if (i > 0) {
            ADD(out, ",");
        }
        ADD(out, "{\"label\":");
        put_text(out, message->links[i].label);
        ADD(out, ",\"url\":");
        put_text(out, message->links[i].url);
        ADD(out, "}");
    }
    ADD(out, "]");
}

static void add_bars(struct buf *out, const struct message *message) {
    ADD(out, ",\"bars\":[");
    for (size_t i = 0; i < message->bar_count; i++) {
        if (i > 0) {
            ADD(out, ",");
        }
        ADD(out, "{\"label\":");
        put_text(out, message->bars[i].label);
        ADD(out, ",\"percent\":");
        put_decimal(out, message->bars[i].percent);
        ADD(out, "}");
    }
    ADD(out, "]");
}

/* The members of a message, without braces: as they were printed for the store, if they were. */
static void add_message(struct buf *out, const struct message *message) {
    if (message->json != NULL) {
        put_raw(out, message->json, message->json_length);
        return;
    }
    ADD(out, "\"reply\":");
    put_text(out, message->reply);
    ADD(out, ",\"text\":");
    put_text(out, message->text != NULL ? message->text : "");
    add_choices(out, message);
    if (message->link_count > 0) {
        add_links(out, message);
    }
    if (message->bar_count > 0) {
        add_bars(out, message);
    }
    if (message->progress_of > 0) {
        ADD(out, ",\"progress\":{\"at\":");
        put_int(out, message->progress_at);
        ADD(out, ",\"of\":");
        put_int(out, message->progress_of);
        ADD(out, "}");
    }
    if (message->keep > 0) {
        ADD(out, ",\"keep\":");
        put_int(out, message->keep);
    }
}

/* ---- answers to one connection ---- */

static void add_limits(struct buf *out, const struct websocket_welcome *welcome) {
    ADD(out, ",\"limits\":{\"text\":");
    put_unsigned(out, WEBSOCKET_TEXT_MAX);
    ADD(out, ",\"id\":");
    put_unsigned(out, WEBSOCKET_ID_MAX);
    if (welcome->turns > 0) {
        ADD(out, ",\"turns\":");
        put_int(out, welcome->turns);
    }
    if (welcome->per_minute > 0) {
        ADD(out, ",\"per_minute\":");
        put_int(out, welcome->per_minute);
    }
    ADD(out, "}");
}

int websocket_welcome(struct buf *out, const struct websocket_welcome *welcome) {
    ADD(out, "{\"type\":\"welcome\",\"v\":1");
    if (welcome->conversation != NULL) {
        ADD(out, ",\"conv\":");
        put_text(out, welcome->conversation);
    }
    if (welcome->resume) {
        ADD(out, ",\"resume\":true,\"next\":");
    } else {
        ADD(out, ",\"resume\":false,\"next\":");
    }
    put_unsigned(out, welcome->next);
    if (welcome->language != NULL) {
        ADD(out, ",\"language\":");
        put_text(out, welcome->language);
    }
    ADD(out, ",\"greeting\":[");
    for (size_t i = 0; i < welcome->greeting_count; i++) {
        (void)buf_add_text(out, i > 0 ? ",{" : "{");
        add_message(out, &welcome->greeting[i]);
        ADD(out, "}");
    }
    ADD(out, "]");
    add_limits(out, welcome);
    ADD(out, "}");
    return result(out);
}

int websocket_ack(struct buf *out, const char *id, uint64_t seq, int is_duplicate) {
    ADD(out, "{\"type\":\"ack\",\"id\":");
    put_text(out, id);
    ADD(out, ",\"seq\":");
    put_unsigned(out, seq);
    if (is_duplicate) {
        ADD(out, ",\"dup\":true}");
    } else {
        ADD(out, ",\"dup\":false}");
    }
    return result(out);
}

int websocket_nak(struct buf *out, const char *id, enum websocket_code code, const char *why,
                  int64_t retry_ms) {
    ADD(out, "{\"type\":\"nak\",");
    if (id != NULL) {
        ADD(out, "\"id\":");
        put_text(out, id);
        ADD(out, ",");
    }
    ADD(out, "\"code\":");
    put_text(out, websocket_code_name(code));
    if (why != NULL) {
        ADD(out, ",\"why\":");
        put_text(out, why);
    }
    if (retry_ms > 0) {
        ADD(out, ",\"retry_ms\":");
        put_int(out, retry_ms);
    }
    ADD(out, "}");
    return result(out);
}

int websocket_pong(struct buf *out) {
    ADD(out, "{\"type\":\"pong\"}");
    return result(out);
}

int websocket_history(struct buf *out, uint64_t after, uint64_t upto) {
    ADD(out, "{\"type\":\"history\",\"after\":");
    put_unsigned(out, after);
    ADD(out, ",\"upto\":");
    put_unsigned(out, upto);
    ADD(out, "}");
    return result(out);
}

/* ---- events ---- */

static void begin_event(struct buf *out, uint64_t seq, int64_t at_ms) {
    ADD(out, "{\"type\":\"event\",\"seq\":");
    put_unsigned(out, seq);
    ADD(out, ",\"at\":");
    put_int(out, at_ms);
}

int websocket_event(struct buf *out, uint64_t seq, int64_t at_ms, const char *re,
                    const struct message *message) {
    begin_event(out, seq, at_ms);
    ADD(out, ",\"kind\":\"bot\",");
    if (re != NULL) {
        ADD(out, "\"re\":");
        put_text(out, re);
        ADD(out, ",");
    }
    add_message(out, message);
    ADD(out, "}");
    return result(out);
}

static const struct scan_member *find_text(const struct scan_member *members, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++) {
        if (members[i].type == VALUE_TEXT && members[i].key_length == strlen(key) &&
            memcmp(members[i].key, key, members[i].key_length) == 0) {
            return &members[i];
        }
    }
    return NULL;
}

int websocket_event_visitor(struct buf *out, uint64_t seq, int64_t at_ms, const char *id, const char *inbound,
                            size_t inbound_length) {
    struct scan_member members[SCAN_MEMBERS_MAX];
    struct arena *arena = arena_new(0);
    size_t count = 0, length;
    if (arena == NULL) {
        return -1;
    }
    int rc = inbound_length > 0 ? scan_object(inbound, inbound_length, arena, members, &count) : -1;
    const struct scan_member *choice = rc == 0 ? find_text(members, count, "choice") : NULL;
    const struct scan_member *said = choice != NULL ? choice
                                     : rc == 0      ? find_text(members, count, "text")
                                                    : NULL;
    if (said != NULL) {
        begin_event(out, seq, at_ms);
        ADD(out, ",\"kind\":\"visitor\",\"id\":");
        put_text(out, id);
        (void)buf_add_text(out, choice != NULL ? ",\"choice\":" : ",\"text\":");
        const char *words = scan_member_text(said, arena, &length);
        put_text_bytes(out, words, length);
        ADD(out, "}");
    }
    arena_free(arena);
    return said == NULL ? 1 : result(out);
}

int websocket_event_system(struct buf *out, uint64_t seq, int64_t at_ms, const char *what) {
    begin_event(out, seq, at_ms);
    ADD(out, ",\"kind\":\"system\",\"what\":");
    put_text(out, what);
    ADD(out, "}");
    return result(out);
}
