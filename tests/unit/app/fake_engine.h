/* An engine for tests of the app: remembers every text in a slot, and obeys a few words. */
#ifndef TESTS_UNIT_APP_FAKE_ENGINE_H
#define TESTS_UNIT_APP_FAKE_ENGINE_H

#include <stdlib.h>
#include <string.h>

#include "app/app_engine.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "domain/engine/message_json.h"

struct fake_engine {
    struct app_engine engine;
    int steps;
};

static inline void fake_say(struct actions *out, struct arena *arena, const char *text) {
    struct message *message = arena_alloc(arena, sizeof *message);
    struct message_choice *choice = arena_alloc(arena, sizeof *choice);
    struct message_link *link = arena_alloc(arena, sizeof *link);
    struct message_bar *bar = arena_alloc(arena, sizeof *bar);
    *choice = (struct message_choice){"7:yes", "yes", "Ya"};
    *link = (struct message_link){"Sumber", "https://example.org"};
    *bar = (struct message_bar){"Empati", 62.5};
    *message = (struct message){.reply = "fake",
                                .text = text,
                                .choices = choice,
                                .choice_count = 1,
                                .links = link,
                                .link_count = 1,
                                .bars = bar,
                                .bar_count = strstr(text, "plainly") == NULL,
                                .progress_at = 2,
                                .progress_of = 6};
    out->messages = message;
    out->message_count = 1;
    out->outcome = TURN_DIALOGUE;
    out->language = "id";
    out->state = "idle";
}

static inline void fake_event(struct actions *out, struct arena *arena, enum event_kind kind,
                              const char *data, const char *detail) {
    struct event *event = arena_alloc(arena, sizeof *event);
    *event = (struct event){kind, data, detail};
    out->events = event;
    out->event_count = 1;
}

/* What begins with "plan" is one, and stays in the state. */
static inline void fake_plan(struct session *session, const char *text, int64_t now_ms) {
    if (strncmp(text, "plan", 4) != 0) {
        return;
    }
    session_read_plans(session);
    if (session->plan_count < SESSION_PLANS_MAX) {
        session->plans[session->plan_count++] =
            (struct session_plan){.dialogue = "fit", .text = text, .at_ms = now_ms};
    }
}

static inline void fake_step(struct app_engine *engine, struct session *session, const struct turn *turn,
                             struct arena *arena, struct actions *out) {
    ((struct fake_engine *)engine)->steps++;
    memset(out, 0, sizeof *out);
    out->inbound_text = turn->text != NULL ? turn->text : "";
    session->turn_count++;
    session->last_ms = turn->now_ms;
    session->prompt = 7;
    if (u8_valid(out->inbound_text, strlen(out->inbound_text))) { /* a session holds UTF-8 only */
        session_set_slot(session, "said", out->inbound_text, turn->now_ms);
        fake_plan(session, out->inbound_text, turn->now_ms);
    }
    if (strcmp(out->inbound_text, "again") == 0) {
        fake_say(out, arena,
                 arena_text(arena, session->last_messages != NULL ? session->last_messages : "nothing"));
        return;
    }
    fake_say(out, arena,
             arena_format(arena, "%llu: %s", (unsigned long long)session->turn_count, out->inbound_text));
    out->messages_json =
        message_json_print(out->messages, out->message_count, arena, &out->messages_json_length);
    session->last_messages = out->messages_json;
    if (strcmp(out->inbound_text, "export") == 0) {
        fake_say(out, arena, "file: {export}");
        fake_event(out, arena, EVENT_EXPORT, NULL, NULL);
    } else if (strcmp(out->inbound_text, "delete") == 0) {
        fake_event(out, arena, EVENT_DELETE, NULL, NULL);
    } else if (strncmp(out->inbound_text, "asdf", 4) == 0) {
        fake_event(out, arena, EVENT_UNMATCHED, out->inbound_text, "greet|bye");
    } else if (strncmp(out->inbound_text, "danger", 6) == 0) {
        fake_event(out, arena, EVENT_ESCALATION, "crisis", out->inbound_text);
    }
}

static inline void fake_open(struct app_engine *engine, struct session *session, int64_t now_ms,
                             int language_hint, struct arena *arena, struct actions *out) {
    (void)engine;
    (void)language_hint;
    memset(out, 0, sizeof *out);
    if (session->created_ms == 0) {
        session->created_ms = now_ms;
    }
    fake_say(out, arena, "halo");
}

static inline const char *fake_words(struct app_engine *engine, const char *language, const char *reply,
                                     struct arena *arena) {
    (void)engine;
    return arena_format(arena, "[%s:%s]", reply, language);
}

static inline void fake_free(struct app_engine *engine) {
    free(engine);
}

static inline struct app_engine *fake_engine_new(void) {
    struct fake_engine *fake = calloc(1, sizeof *fake);
    fake->engine = (struct app_engine){fake_step, fake_open, fake_free, fake_words};
    return &fake->engine;
}

#endif
