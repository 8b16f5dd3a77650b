/* A conversation with the engine for tests: every turn goes through bytes and back, as the store does it. */
#ifndef PANDU_TESTS_ENGINE_CHAT_H
#define PANDU_TESTS_ENGINE_CHAT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "domain/content/content.h"
#include "domain/engine/engine.h"
#include "domain/pattern/pattern.h"
#include "domain/session/session.h"

#define CHAT_BUNDLE PANDU_SOURCE "/tests/data/bundles/engine"
#define CHAT_CHANGED PANDU_SOURCE "/tests/data/bundles/engine_changed"
#define CHAT_KEPT PANDU_SOURCE "/tests/data/bundles/engine_kept"

struct chat {
    struct content *content;
    struct pattern_scratch *scratch;
    struct arena *arena; /* of the last turn */
    struct session session;
    struct actions actions;
    int64_t now_ms;
    char *bytes;
    size_t length;
    char before[512]; /* a payload kept by chat_payload */
};

static void chat_report(void *context, const struct content_problem *problem) {
    (void)context;
    print_message("%s:%d %s: %s\n", problem->file, problem->line, problem->path, problem->text);
}

static inline struct content *chat_load(const char *site) {
    struct content_load_options options = {.report = chat_report};
    struct err err;
    err_clear(&err);
    struct content *content = app_content_load(CHAT_BUNDLE, site, &options, &err);
    if (!content) {
        print_message("%s\n", err.text);
    }
    assert_non_null(content);
    return content;
}

static inline void chat_open(struct chat *chat) {
    memset(chat, 0, sizeof *chat);
    chat->content = chat_load(NULL);
    chat->scratch = pattern_scratch_new(chat->content->patterns);
    chat->arena = arena_new(0);
    chat->now_ms = 1763776800000; /* 2025-11-22 02:00 UTC */
    assert_non_null(chat->scratch);
    assert_non_null(chat->arena);
}

static inline void chat_close(struct chat *chat) {
    pattern_scratch_free(chat->scratch);
    content_free(chat->content);
    arena_free(chat->arena);
    free(chat->bytes);
}

/* Another bundle from now on, as after a reload. */
static inline void chat_upgrade(struct chat *chat, const char *site) {
    pattern_scratch_free(chat->scratch);
    content_free(chat->content);
    chat->content = chat_load(site);
    chat->scratch = pattern_scratch_new(chat->content->patterns);
}

static inline void chat_load_session(struct chat *chat) {
    arena_reset(chat->arena);
    const char *bytes = arena_copy(chat->arena, chat->bytes, chat->length); /* as the app does */
    assert_int_equal(session_decode_own(bytes, chat->length, chat->arena, &chat->session, NULL), 0);
}

static inline void chat_store_session(struct chat *chat) {
    const char *bytes = NULL;
    assert_int_equal(session_encode(&chat->session, chat->arena, &bytes, &chat->length, NULL), 0);
    free(chat->bytes);
    chat->bytes = malloc(chat->length + 1);
    assert_non_null(chat->bytes);
    memcpy(chat->bytes, bytes, chat->length + 1);
    session_read_plans(&chat->session); /* for those who look at it now */
    for (size_t i = 0; i < chat->session.stack_count; i++) {
        session_read_frame(&chat->session, &chat->session.stack[i]);
    }
}

static inline void chat_check(const struct actions *actions) {
    assert_true(actions->message_count <= 8);
    for (size_t i = 0; i < actions->message_count; i++) {
        assert_true(actions->messages[i].text[0] != '\0');
        assert_true(strlen(actions->messages[i].text) <= 2400);
        assert_non_null(actions->messages[i].reply);
    }
    assert_non_null(actions->language);
    assert_non_null(actions->state);
    assert_non_null(actions->inbound_text);
}

static inline void chat_turn(struct chat *chat, const char *text, size_t length, const char *choice) {
    char *copy = NULL;
    if (choice) {
        copy = malloc(strlen(choice) + 1);
        assert_non_null(copy);
        memcpy(copy, choice, strlen(choice) + 1);
    }
    chat->now_ms += 1000 * 25; /* beyond the seconds in which pieces are joined */
    struct turn turn = {.id = "1",
                        .text = choice ? NULL : text,
                        .text_length = length,
                        .choice = copy,
                        .now_ms = chat->now_ms,
                        .seed = 1,
                        .language_hint = -1};
    chat_load_session(chat);
    engine_step(chat->content, chat->scratch, &chat->session, &turn, chat->arena, &chat->actions);
    free(copy);
    chat_store_session(chat);
    chat_check(&chat->actions);
    if (getenv("CHAT_SHOW")) {
        print_message("> %s\n", choice ? choice : text);
        for (size_t i = 0; i < chat->actions.message_count; i++) {
            print_message("   %s: %s\n", chat->actions.messages[i].reply, chat->actions.messages[i].text);
        }
    }
}

static inline void chat_say(struct chat *chat, const char *text) {
    chat_turn(chat, text, strlen(text), NULL);
}

/* As chat_say, but seconds after the message before. */
static inline void chat_say_soon(struct chat *chat, const char *text) {
    chat->now_ms -= 1000 * 20;
    chat_turn(chat, text, strlen(text), NULL);
}

static inline const char *chat_find(const struct chat *chat, const char *id) {
    for (size_t i = 0; i < chat->actions.message_count; i++) {
        const struct message *message = &chat->actions.messages[i];
        for (size_t j = 0; j < message->choice_count; j++) {
            if (strcmp(message->choices[j].id, id) == 0) {
                return message->choices[j].payload;
            }
        }
    }
    return NULL;
}

static inline void chat_press(struct chat *chat, const char *id) {
    const char *payload = chat_find(chat, id);
    if (!payload) {
        print_message("no button %s\n", id);
    }
    assert_non_null(payload);
    assert_true(strlen(payload) < sizeof chat->before);
    memcpy(chat->before, payload, strlen(payload) + 1);
    chat_turn(chat, NULL, 0, chat->before);
}

static inline void chat_visit(struct chat *chat) {
    chat_load_session(chat);
    engine_open(chat->content, &chat->session, chat->now_ms, -1, chat->arena, &chat->actions);
    chat_store_session(chat);
    chat_check(&chat->actions);
}

static inline void chat_wait(struct chat *chat, int64_t minutes) {
    chat->now_ms += minutes * 60 * 1000;
}

/* The ids of all replies, with blanks between. */
static inline void expect_replies(struct chat *chat, const char *expected) {
    char said[1000] = "";
    for (size_t i = 0; i < chat->actions.message_count; i++) {
        size_t used = strlen(said);
        int added = snprintf(said + used, sizeof said - used, "%s%s", i > 0 ? " " : "",
                             chat->actions.messages[i].reply);
        assert_true(added > 0 && (size_t)added < sizeof said - used);
    }
    assert_string_equal(said, expected);
}

static inline void expect_text(const struct chat *chat, size_t message, const char *part) {
    assert_true(message < chat->actions.message_count);
    if (!strstr(chat->actions.messages[message].text, part)) {
        print_message("%s\n", chat->actions.messages[message].text);
    }
    assert_non_null(strstr(chat->actions.messages[message].text, part));
}

static inline void expect_step(const struct chat *chat, const char *step) {
    if (!step) {
        assert_null(chat->actions.step);
        return;
    }
    assert_non_null(chat->actions.step);
    assert_string_equal(chat->actions.step, step);
}

static inline const struct session_answer *chat_answer(const struct chat *chat, const char *step) {
    for (size_t i = 0; i < chat->session.stack_count; i++) {
        const struct session_answer *answer = session_answer(&chat->session.stack[i], step);
        if (answer) {
            return answer;
        }
    }
    return NULL;
}

static inline void expect_choice(const struct chat *chat, const char *step, const char *choice) {
    const struct session_answer *answer = chat_answer(chat, step);
    assert_non_null(answer);
    assert_non_null(answer->choice);
    assert_string_equal(answer->choice, choice);
}

static inline const struct event *chat_event(const struct chat *chat, enum event_kind kind) {
    for (size_t i = 0; i < chat->actions.event_count; i++) {
        if (chat->actions.events[i].kind == kind) {
            return &chat->actions.events[i];
        }
    }
    return NULL;
}

#define CHAT_TEST(name) cmocka_unit_test_setup_teardown(name, chat_set_up, chat_tear_down)

static int chat_set_up(void **state) {
    struct chat *chat = malloc(sizeof *chat);
    if (!chat) {
        return -1;
    }
    chat_open(chat);
    *state = chat;
    return 0;
}

static int chat_tear_down(void **state) {
    chat_close(*state);
    free(*state);
    return 0;
}

#endif
