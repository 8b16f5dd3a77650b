/* Begins a conversation of a case: content, store in memory, facts known already. Never plays a turn. Called
   by test_play.c. */
#include <string.h>

#include "app/app.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "channel/collect/collect.h"
#include "cli/test_play.h"
#include "domain/content/content.h"
#include "domain/session/session.h"
#include "json/value.h"
#include "store/store.h"

#include "banned.h"

static const char default_clock[] = "2026-01-05T09:00:00+07:00";

int test_broken(struct play *play, const char *path, const char *why) {
    buf_add_format(&play->result->report, "  line %d: %s\n", test_file_line(play->test->file, path), why);
    return -1;
}

static const char *path_of(struct play *play, const char *key) {
    const struct value *own = value_get(play->test->given, key);
    return arena_format(play->arena, "%s.given.%s", own != NULL ? play->test->path : "$", key);
}

const char *test_beside(struct play *play, const char *folder) {
    const char *file = play->test->file->path, *slash = strrchr(file, '/');
    if (folder[0] == '/' || slash == NULL) {
        return folder;
    }
    return arena_format(play->arena, "%.*s/%s", (int)(slash - file), file, folder);
}

struct commit_result {
    int is_done;
    enum store_status status;
};

static void on_committed(void *context, const struct store_result *result) {
    struct commit_result *out = context;
    out->is_done = 1;
    out->status = result->status;
}

/* A conversation in which the facts of given.slots were said already. */
static int store_slots(struct play *play, const struct value *slots) {
    struct session *session = arena_alloc(play->arena, sizeof *session);
    struct store_turn turn = {.conversation = TEST_CONVERSATION, .turn_id = "given", .at_ms = play->now_ms};
    const char *bytes = NULL, *key;
    struct value *member;
    void *position = NULL;
    session_init(session, play->arena);
    session->created_ms = session->last_ms = play->now_ms;
    while (value_next(slots, &position, &key, &member)) {
        session_set_slot(session, key, value_text(member), play->now_ms);
    }
    if (session_encode(session, play->arena, &bytes, &turn.state.length, NULL) != 0) {
        return test_broken(play, path_of(play, "slots"), "the slots cannot be stored");
    }
    turn.state.data = bytes;
    turn.inbound = turn.outcome = (struct store_bytes){"{}", 2};
    struct commit_result result = {0, STORE_FATAL};
    play->store->ops->commit(play->store, &turn, on_committed, &result);
    while (!result.is_done) {
        (void)play->store->ops->poll(play->store, 100);
    }
    return result.status == STORE_OK
               ? 0
               : test_broken(play, path_of(play, "slots"), "the slots cannot be stored");
}

static int read_given(struct play *play) {
    const char *clock = value_text(test_given(play->test, "clock"));
    const char *folder = value_text(test_given(play->test, "content"));
    const char *language = value_text(test_given(play->test, "lang"));
    struct err err = {0};
    play->seed = (uint64_t)value_int(test_given(play->test, "seed"), 1);
    if (clock_parse(clock != NULL ? clock : default_clock, &play->now_ms) != 0) {
        return test_broken(play, path_of(play, "clock"),
                           "clock is no time such as 2026-01-05T09:00:00+07:00");
    }
    const char *root = folder != NULL ? test_beside(play, folder) : NULL;
    play->content = bundles_get(play->world->bundles, root, NULL, test_given(play->test, "site"), &err);
    if (play->content == NULL) {
        return test_broken(play, play->test->path, err.text);
    }
    language = language != NULL ? language : play->world->language;
    play->language = language != NULL ? lexicon_language_index(play->content->lexicon, language) : -1;
    if (language != NULL && play->language < 0) {
        return test_broken(play, path_of(play, "lang"), "lang is no language of the content");
    }
    return 0;
}

int test_begin(struct play *play) {
    const struct value *slots = test_given(play->test, "slots");
    if (read_given(play) != 0) {
        return -1;
    }
    play->store = store_memory_open();
    play->screen = collect_new();
    play->app = play->store != NULL ? app_new(play->content, play->store, NULL) : NULL;
    if (play->app == NULL || play->screen == NULL) {
        return test_broken(play, play->test->path, "out of memory");
    }
    return slots != NULL ? store_slots(play, slots) : 0;
}

void test_finish(struct play *play) {
    app_free(play->app);
    collect_free(play->screen);
    if (play->store != NULL) {
        play->store->ops->close(play->store);
    }
}
