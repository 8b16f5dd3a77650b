/* Plays one conversation of a case on the real app over a store in memory, with a virtual clock. Never judges
   what came (test_expect.c does). Called by test.c. */
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/map.h"
#include "channel/channel.h"
#include "channel/collect/collect.h"
#include "cli/test_explain.h"
#include "cli/test_play.h"
#include "json/value.h"

#include "banned.h"

/* ---- what a turn does ---- */

static const char *kept_text(struct play *play, const char *text) {
    return arena_text(play->arena, text);
}

static void send(struct play *play, const char *id) {
    struct turn turn = {.id = id,
                        .text = play->last_text,
                        .text_length = play->last_text != NULL ? strlen(play->last_text) : 0,
                        .choice = play->last_choice,
                        .now_ms = play->now_ms,
                        .seed = hash_bytes(play->seed, &play->turns, sizeof play->turns),
                        .language_hint = play->language};
    play->last_id = id;
    play->reply = app_turn_wait(play->app, TEST_CONVERSATION, &turn);
}

static int send_new(struct play *play) {
    play->turns++;
    send(play, arena_format(play->arena, "case-%llu", (unsigned long long)play->turns));
    return 0;
}

static int press(struct play *play, const struct value *wanted, const char *path) {
    size_t count;
    const struct message *messages = collect_last(play->screen, &count);
    const char *name = value_text(wanted);
    if (name == NULL) {
        name = arena_format(play->arena, "%lld", (long long)value_int(wanted, 0));
    }
    const char *payload = collect_payload(play->screen, name);
    payload = payload != NULL ? payload : channel_pick(messages, count, name, strlen(name));
    if (payload == NULL) {
        return test_broken(play, path, arena_format(play->arena, "press: no button \"%s\" was shown", name));
    }
    play->last_text = NULL;
    play->last_choice = kept_text(play, payload);
    return send_new(play);
}

/* The same turn with the same id: the stored reply must come, nothing may happen twice. */
static int resend(struct play *play, const char *path) {
    send(play, play->last_id);
    if (play->reply->status != APP_DUPLICATE) {
        return test_broken(play, path, "resend: the turn was taken a second time");
    }
    return 0;
}

static int restart(struct play *play, const char *path) {
    app_free(play->app);
    play->app = app_new(play->content, play->store, NULL);
    return play->app != NULL ? 0 : test_broken(play, path, "out of memory");
}

static int upgrade(struct play *play, const char *folder, const char *path) {
    struct err err = {0};
    const struct value *site = test_given(play->test, "site");
    const char *base = value_text(test_given(play->test, "content"));
    folder = test_beside(play, folder);
    base = base != NULL ? test_beside(play, base) : NULL;
    struct content *content = bundle_is_whole(folder)
                                  ? bundles_get(play->world->bundles, folder, NULL, site, &err)
                                  : bundles_get(play->world->bundles, base, folder, site, &err);
    if (content == NULL) {
        return test_broken(play, path, err.text);
    }
    play->content = content;
    return app_set_content(play->app, content) == 0 ? 0 : test_broken(play, path, "out of memory");
}

static int wait_for(struct play *play, const char *duration, const char *path) {
    int64_t ms = 0;
    if (clock_parse_duration(duration, &ms) != 0) {
        return test_broken(play, path, "wait is a duration such as 90s, 15m, 2h, 3d or 1w");
    }
    play->now_ms += ms;
    return 0;
}

/* Does what the turn says; play->reply is NULL when nothing was said then. 0, or -1 after telling why not. */
static int act(struct play *play, const struct value *turn, const char *path) {
    const struct value *wanted = value_get(turn, "press");
    const char *text = value_get_text(turn, "user"), *wait = value_get_text(turn, "wait");
    const char *folder = value_get_text(turn, "upgrade");
    play->reply = NULL;
    if (text != NULL) {
        play->last_text = kept_text(play, text);
        play->last_choice = NULL;
        return send_new(play);
    }
    if (wanted != NULL) {
        return press(play, wanted, path);
    }
    if (wait != NULL) {
        return wait_for(play, wait, path);
    }
    if (folder != NULL) {
        return upgrade(play, folder, path);
    }
    if (value_get(turn, "restart") != NULL) {
        return restart(play, path);
    }
    if (value_get(turn, "open") != NULL) {
        play->reply = app_open_wait(play->app, TEST_CONVERSATION, play->now_ms, play->language);
        return 0;
    }
    if (play->last_id == NULL) {
        return test_broken(play, path, "nothing was said yet that could come again");
    }
    return value_get(turn, "again") != NULL ? send_new(play) : resend(play, path);
}

/* ---- what it brought ---- */

static size_t check(struct play *play, const struct value *object, const char *path, int is_end) {
    const char *visitor = play->last_text != NULL ? play->last_text : "";
    struct expectation expectation = {.file = play->test->file,
                                      .object = object,
                                      .path = path,
                                      .content = play->content,
                                      .reply = play->reply,
                                      .arena = play->arena,
                                      .report = &play->result->report};
    char *inspected = NULL;
    struct value *value = NULL;
    if (value_get(object, "answers") != NULL || value_get(object, "slots") != NULL) {
        inspected = app_inspect(play->app, TEST_CONVERSATION);
        value = inspected != NULL ? value_parse(inspected, strlen(inspected), NULL) : NULL;
        expectation.inspected = value;
    }
    if (play->reply == NULL || play->reply->actions == NULL) {
        buf_add_format(&play->result->report, "  nothing came: %s\n",
                       play->reply != NULL && play->reply->text != NULL ? play->reply->text
                                                                        : "the turn was refused");
        expectation.missed++;
    } else {
        test_expect(&expectation);
        if (!is_end) {
            test_expect_sound(&expectation, strchr(visitor, '{') != NULL);
        }
    }
    value_free(value);
    free(inspected);
    return expectation.missed;
}

/* After the turn: what the next one builds on. The reply itself dies with the next call of the app. */
static void look(struct play *play) {
    const struct actions *actions = play->reply->actions;
    (void)collect_add(play->screen, actions->messages, actions->message_count);
    int is_shipped = play->content == bundles_get(play->world->bundles, NULL, NULL, NULL, NULL);
    if (play->reply->status == APP_OK && is_shipped) {
        coverage_add(play->world->coverage, play->reply);
        ways_add(play->world->ways, actions, play->dialogue,
                 play->heard_ms ? play->now_ms - play->heard_ms : 0);
    }
    play->heard_ms = play->now_ms;
    play->fallbacks += actions->outcome == TURN_NOT_UNDERSTOOD && play->reply->status == APP_OK;
    play->dialogue = kept_text(play, actions->dialogue);
    play->step = kept_text(play, actions->step);
    play->state = kept_text(play, actions->state);
    play->spoken = kept_text(play, actions->language);
    play->after = actions->message_count > 0
                      ? kept_text(play, actions->messages[actions->message_count - 1].reply)
                      : NULL;
}

static void tell_turn(struct play *play, const struct value *turn, size_t number) {
    char *printed = value_print(turn, 0);
    buf_add_format(&play->result->report, "  in turn %zu: %s\n", number, printed != NULL ? printed : "");
    free(printed);
    if (play->reply == NULL || play->reply->actions == NULL) {
        return;
    }
    const struct actions *actions = play->reply->actions;
    for (size_t i = 0; i < actions->message_count; i++) {
        buf_add_format(&play->result->report, "  bot [%s] %s\n", actions->messages[i].reply,
                       channel_plain(actions->messages[i].text, play->arena));
    }
    if (play->last_text != NULL && play->last_choice == NULL) {
        struct explained_message message = {play->last_text, play->dialogue, play->step, play->after};
        test_explain(play->content, &message, &play->result->report);
    }
}

/* 0, or -1 when the conversation cannot go on or an expectation was missed. */
static int play_turn(struct play *play, const struct value *turn, size_t number) {
    const char *path = arena_format(play->arena, "%s.turns[%zu]", play->test->path, number);
    int rc = act(play, turn, path);
    int is_silent = value_get(turn, "wait") != NULL || value_get(turn, "restart") != NULL ||
                    value_get(turn, "upgrade") != NULL;
    if (rc == 0 && is_silent) {
        return 0;
    }
    if (rc != 0 || check(play, turn, path, 0) > 0) {
        tell_turn(play, turn, number + 1);
        return -1;
    }
    look(play);
    play->result->turns++;
    return 0;
}

static void check_end(struct play *play) {
    const struct value *end = value_get(play->test->object, "end"), *fallbacks = value_get(end, "fallbacks");
    const char *path = arena_format(play->arena, "%s.end", play->test->path);
    /* wait, restart and upgrade after the last turn changed nothing that can be seen here */
    struct actions actions = {
        .dialogue = play->dialogue, .step = play->step, .state = play->state, .language = play->spoken};
    struct app_reply reply = {.status = APP_OK, .actions = &actions};
    if (end == NULL) {
        return;
    }
    play->reply = &reply;
    size_t missed = check(play, end, path, 1);
    if (fallbacks != NULL && (size_t)value_int(fallbacks, 0) != play->fallbacks) {
        missed++;
        buf_add_format(&play->result->report, "  line %d, fallbacks: expected %lld, came %zu\n",
                       test_file_line(play->test->file, path), (long long)value_int(fallbacks, 0),
                       play->fallbacks);
    }
    if (missed > 0) {
        buf_add_text(&play->result->report, "  at the end\n");
    }
    play->reply = NULL; /* it was only for this look */
}

void test_play(const struct test_world *world, const struct test_case *test, struct test_result *result) {
    const struct value *turns = value_get(test->object, "turns");
    struct play play = {
        .world = world, .test = test, .result = result, .arena = arena_new(0), .language = -1};
    int64_t started = clock_steady_ms();
    int rc = play.arena != NULL ? test_begin(&play) : -1;
    for (size_t i = 0; rc == 0 && i < value_count(turns); i++) {
        rc = play_turn(&play, value_at(turns, i), i);
    }
    if (rc == 0) {
        check_end(&play);
    } else if (result->report.length == 0) {
        buf_add_text(&result->report, "  out of memory\n");
    }
    test_finish(&play);
    arena_free(play.arena);
    result->elapsed_ms = clock_steady_ms() - started;
}
