/* Any bytes as a message of a client: the fast reader must say what the plain one says, and what a client
   could say is written back as valid JSON. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/channel/websocket_reference.h"
#include "base/arena.h"
#include "base/buf.h"
#include "domain/engine/engine.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
    if (!holds) {
        abort();
    }
}

/* The bytes as the text of an event, and as a stored message. */
static void write_back(const char *bytes, size_t size, struct arena *arena) {
    struct buf out;
    buf_init(&out, 0);
    struct message message = {.reply = "r", .text = arena_copy(arena, bytes, size)};
    must(websocket_event(&out, 1, 1, message.text, &message) == 0);
    struct value *value = value_parse(out.data, out.length, NULL);
    must(value_get_text(value, "text") != NULL && value_get_text(value, "re") != NULL);
    value_free(value);
    buf_clear(&out);
    if (websocket_event_visitor(&out, 1, 1, "i", bytes, size) == 0) {
        value = value_parse(out.data, out.length, NULL);
        must(value_get_text(value, "text") != NULL || value_get_text(value, "choice") != NULL);
        value_free(value);
    }
    buf_close(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *arena = arena_new(0);
    must(arena != NULL);
    must(reference_agrees((const char *)data, size, arena));
    write_back((const char *)data, size, arena);
    arena_free(arena);
    return 0;
}
