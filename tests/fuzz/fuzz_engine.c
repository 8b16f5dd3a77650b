/* A whole conversation of any bytes against the engine's test bundle: each line of the input is a message or,
   after '>', a button's payload. No turn crashes, every reply is whole, and the session always survives being
   stored. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "domain/content/content.h"
#include "domain/engine/engine.h"
#include "domain/pattern/pattern.h"
#include "domain/session/session.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fixture {
    struct content *content;
    struct pattern_scratch *scratch;
    struct arena *arena;
};

static void must(int holds) {
    if (!holds) {
        abort();
    }
}

static struct fixture load(void) {
    struct content_load_options options = {.language = "en"};
    struct fixture fixture;
    fixture.content = app_content_load(PANDU_SOURCE "/tests/data/bundles/engine", NULL, &options, NULL);
    must(fixture.content != NULL);
    fixture.scratch = pattern_scratch_new(fixture.content->patterns);
    fixture.arena = arena_new(0);
    must(fixture.scratch != NULL && fixture.arena != NULL);
    return fixture;
}

static void check(const struct actions *actions) {
    must(actions->message_count <= 8 && actions->state && actions->language && actions->inbound_text);
    for (size_t i = 0; i < actions->message_count; i++) {
        const struct message *message = &actions->messages[i];
        must(message->reply && message->text[0] && u8_valid(message->text, strlen(message->text)));
        for (size_t j = 0; j < message->choice_count; j++) {
            must(message->choices[j].payload && message->choices[j].id && message->choices[j].label[0]);
        }
    }
}

static void take_turn(struct fixture *fixture, const char *line, size_t length, size_t number, char **bytes,
                      size_t *stored) {
    struct session session;
    struct actions actions;
    struct turn turn = {
        .id = "t", .now_ms = 1763776800000 + (int64_t)number * 9000, .seed = number, .language_hint = -1};
    char *payload = NULL;
    if (length > 0 && line[0] == '>') {
        payload = arena_copy(fixture->arena, line + 1, length - 1);
        turn.choice = payload;
    } else {
        turn.text = line;
        turn.text_length = length;
    }
    must(session_decode(*bytes, *stored, fixture->arena, &session, NULL) == 0);
    engine_step(fixture->content, fixture->scratch, &session, &turn, fixture->arena, &actions);
    check(&actions);
    const char *encoded = NULL;
    must(session_encode(&session, fixture->arena, &encoded, stored, NULL) == 0);
    free(*bytes);
    *bytes = malloc(*stored + 1);
    must(*bytes != NULL);
    memcpy(*bytes, encoded, *stored + 1);
    arena_reset(fixture->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct fixture fixture; /* one load for all inputs */
    if (!fixture.content) {
        fixture = load();
    }
    const char *at = (const char *)data, *end = at + size;
    char *bytes = NULL;
    size_t stored = 0;
    for (size_t number = 1; at < end && number < 40; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        take_turn(&fixture, at, length, number, &bytes, &stored);
        at += length + (stop != NULL);
    }
    free(bytes);
    return 0;
}
