/* Bytes of a client to struct websocket_in. Never trusts a length or type, never keeps anything. Called by
   the server for every message it receives. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "channel/websocket/websocket.h"
#include "json/scan.h"

#include "banned.h"

enum field {
    FIELD_TYPE,
    FIELD_V,
    FIELD_CONV,
    FIELD_CLIENT,
    FIELD_LAST,
    FIELD_LANGUAGE,
    FIELD_IDENTITY,
    FIELD_ID,
    FIELD_TEXT,
    FIELD_CHOICE,
    FIELD_SEQ,
    FIELD_HELPED,
    FIELD_AFTER,
    FIELD_COUNT
};

/* Name, length of the name, what is said when it is missing or wrong. */
static const struct {
    const char *name;
    size_t length;
    const char *why;
} fields[FIELD_COUNT] = {
    [FIELD_TYPE] = {"type", 4, "type must be a text"},
    [FIELD_V] = {"v", 1, "v must be an integer"},
    [FIELD_CONV] = {"conv", 4, "conv must be a text of 1 to 64 visible ASCII characters"},
    [FIELD_CLIENT] = {"client", 6, "client must be a text of 1 to 64 visible ASCII characters"},
    [FIELD_LAST] = {"last", 4, "last must be an integer from 0 to 2^53 - 1"},
    [FIELD_LANGUAGE] = {"language", 8, "language must be a text of 1 to 35 visible ASCII characters"},
    [FIELD_IDENTITY] = {"identity", 8, "identity must be a text of 1 to 4096 visible ASCII characters"},
    [FIELD_ID] = {"id", 2, "id must be a text of 1 to 96 visible ASCII characters"},
    [FIELD_TEXT] = {"text", 4, "text must be a text"},
    [FIELD_CHOICE] = {"choice", 6, "choice must be a text of 1 to 128 bytes"},
    [FIELD_SEQ] = {"seq", 3, "seq must be an integer from 0 to 2^53 - 1"},
    [FIELD_HELPED] = {"helped", 6, "helped must be true or false"},
    [FIELD_AFTER] = {"after", 5, "after must be an integer from 0 to 2^53 - 1"},
};

struct reader {
    const struct scan_member *members[FIELD_COUNT]; /* NULL: absent, or null */
    struct arena *arena;
    enum websocket_code code;
    const char *why;
};

static int refuse(struct reader *reader, enum websocket_code code, const char *why) {
    reader->code = code;
    reader->why = why;
    return -1;
}

static int refuse_field(struct reader *reader, enum field field) {
    return refuse(reader, WEBSOCKET_BAD, fields[field].why);
}

/* Names that are not ours are ignored. null stands for "absent": many JSON writers cannot leave out. */
static void file_members(struct reader *reader, const struct scan_member *members, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (int field = 0; field < FIELD_COUNT; field++) {
            if (members[i].key_length == fields[field].length && members[i].type != VALUE_NULL &&
                memcmp(members[i].key, fields[field].name, fields[field].length) == 0) {
                reader->members[field] = &members[i];
            }
        }
    }
}

static int is_type(const struct reader *reader, const char *name) {
    const struct scan_member *type = reader->members[FIELD_TYPE];
    const char *value = type->is_escaped ? scan_member_text(type, reader->arena, NULL) : type->raw;
    size_t length = type->is_escaped ? strlen(value) : type->raw_length;
    return strlen(name) == length && memcmp(name, value, length) == 0;
}

/* A member that may be absent (*out is then NULL): 1 to limit bytes, all visible ASCII if is_name. */
static int read_text(struct reader *reader, enum field field, size_t limit, int is_name, const char **out) {
    const struct scan_member *member = reader->members[field];
    size_t length;
    *out = NULL;
    if (member == NULL) {
        return 0;
    }
    if (member->type != VALUE_TEXT) {
        return refuse_field(reader, field);
    }
    const char *text = scan_member_text(member, reader->arena, &length);
    if (length == 0 || length > limit) {
        return refuse_field(reader, field);
    }
    for (size_t i = 0; is_name && i < length; i++) {
        if (text[i] <= 0x20 || text[i] >= 0x7f) {
            return refuse_field(reader, field);
        }
    }
    *out = text;
    return 0;
}

/* A sequence number that may be absent (0). */
static int read_number(struct reader *reader, enum field field, uint64_t *out) {
    const struct scan_member *member = reader->members[field];
    *out = 0;
    if (member == NULL) {
        return 0;
    }
    if (member->type != VALUE_INT || member->number < 0 || member->number > WEBSOCKET_SEQ_MAX) {
        return refuse_field(reader, field);
    }
    *out = (uint64_t)member->number;
    return 0;
}

static int read_hello(struct reader *reader, struct websocket_in *in) {
    const struct scan_member *version = reader->members[FIELD_V];
    in->kind = WEBSOCKET_HELLO;
    if (version == NULL || version->type != VALUE_INT) {
        return refuse_field(reader, FIELD_V);
    }
    if (version->number != WEBSOCKET_VERSION) {
        return refuse(reader, WEBSOCKET_VERSION_UNKNOWN, "this server speaks version 1");
    }
    in->version = WEBSOCKET_VERSION;
    if (read_text(reader, FIELD_CONV, WEBSOCKET_TOKEN_MAX, 1, &in->conversation) != 0 ||
        read_text(reader, FIELD_CLIENT, WEBSOCKET_CLIENT_MAX, 1, &in->client) != 0 ||
        read_number(reader, FIELD_LAST, &in->last) != 0 ||
        read_text(reader, FIELD_LANGUAGE, WEBSOCKET_LANGUAGE_MAX, 1, &in->language) != 0 ||
        read_text(reader, FIELD_IDENTITY, WEBSOCKET_IDENTITY_MAX, 1, &in->identity) != 0) {
        return -1;
    }
    return in->client != NULL ? 0 : refuse_field(reader, FIELD_CLIENT);
}

static int read_msg(struct reader *reader, struct websocket_in *in) {
    const struct scan_member *text = reader->members[FIELD_TEXT];
    in->kind = WEBSOCKET_MSG;
    if (read_text(reader, FIELD_ID, WEBSOCKET_ID_MAX, 1, &in->id) != 0 || in->id == NULL) {
        return refuse_field(reader, FIELD_ID);
    }
    if ((text != NULL) == (reader->members[FIELD_CHOICE] != NULL)) {
        return refuse(reader, WEBSOCKET_BAD, "exactly one of text and choice must be there");
    }
    if (text == NULL) {
        return read_text(reader, FIELD_CHOICE, WEBSOCKET_CHOICE_MAX, 0, &in->choice);
    }
    if (text->type != VALUE_TEXT) {
        return refuse_field(reader, FIELD_TEXT);
    }
    const char *words = scan_member_text(text, reader->arena, &in->text_length);
    if (in->text_length > WEBSOCKET_TEXT_MAX) {
        in->text_length = 0;
        return refuse(reader, WEBSOCKET_TOO_BIG, "text must be at most 4096 bytes of UTF-8");
    }
    in->text = words;
    return 0;
}

static int read_seen(struct reader *reader, struct websocket_in *in) {
    in->kind = WEBSOCKET_SEEN;
    if (reader->members[FIELD_SEQ] == NULL) {
        return refuse_field(reader, FIELD_SEQ);
    }
    return read_number(reader, FIELD_SEQ, &in->seen);
}

static int read_rating(struct reader *reader, struct websocket_in *in) {
    const struct scan_member *helped = reader->members[FIELD_HELPED];
    in->kind = WEBSOCKET_RATING;
    if (read_text(reader, FIELD_ID, WEBSOCKET_ID_MAX, 1, &in->id) != 0 || in->id == NULL) {
        return refuse_field(reader, FIELD_ID);
    }
    if (helped == NULL || helped->type != VALUE_BOOL) {
        return refuse_field(reader, FIELD_HELPED);
    }
    in->has_helped = helped->number != 0;
    return 0;
}

static int read_history(struct reader *reader, struct websocket_in *in) {
    in->kind = WEBSOCKET_HISTORY;
    if (reader->members[FIELD_AFTER] == NULL) {
        return refuse_field(reader, FIELD_AFTER);
    }
    return read_number(reader, FIELD_AFTER, &in->after);
}

static int read_kind(struct reader *reader, struct websocket_in *in) {
    const struct scan_member *type = reader->members[FIELD_TYPE];
    if (type == NULL || type->type != VALUE_TEXT) {
        return refuse_field(reader, FIELD_TYPE);
    }
    if (is_type(reader, "msg")) {
        return read_msg(reader, in);
    }
    if (is_type(reader, "hello")) {
        return read_hello(reader, in);
    }
    if (is_type(reader, "seen")) {
        return read_seen(reader, in);
    }
    if (is_type(reader, "rating")) {
        return read_rating(reader, in);
    }
    if (is_type(reader, "history")) {
        return read_history(reader, in);
    }
    in->kind = is_type(reader, "ping") ? WEBSOCKET_PING : WEBSOCKET_IGNORED;
    return 0;
}

int websocket_read(const char *text, size_t length, struct arena *arena, struct websocket_in *in,
                   enum websocket_code *code, const char **why) {
    struct scan_member members[SCAN_MEMBERS_MAX];
    struct reader reader = {.arena = arena};
    size_t count;
    memset(in, 0, sizeof *in);
    in->kind = WEBSOCKET_IGNORED;
    int rc = scan_object(text, length, arena, members, &count);
    if (rc == ERR_LIMIT) {
        rc = refuse(&reader, WEBSOCKET_BAD,
                    "nested deeper than 16 levels, or an object of more than 64 members");
    } else if (rc != 0) {
        rc = refuse(&reader, WEBSOCKET_BAD,
                    "a message must be one JSON object in UTF-8 without duplicate keys");
    } else {
        file_members(&reader, members, count);
        rc = read_kind(&reader, in);
    }
    if (rc != 0) {
        *code = reader.code;
        *why = reader.why;
    }
    return rc;
}
