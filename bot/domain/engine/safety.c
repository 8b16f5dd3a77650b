/* Danger and distress. Danger goes before everything, in any state: care and help lines, a paged human, and
   no quiz; what ran is kept and goes on only when the person asks. Called by: engine/step first of all,
   engine/answer_intent. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/utf8.h"
#include "domain/engine/work.h"

#include "banned.h"

/* Nothing asks or offers anything after this, until the person says "lanjut"; where
   the intent lets it, also until they answer the question that was open. */
static void put_aside(struct work *work, enum frame_state state) {
    struct session *session = work->session;
    for (size_t i = 0; i < session->stack_count; i++) {
        if (session->stack[i].state == FRAME_RUNNING || session->stack[i].state == FRAME_PAUSED) {
            session->stack[i].state = state;
            session->stack[i].touched_ms = work->now_ms;
        }
    }
    work_clear_asking(session);
    session->misses = 0;
    session->missed_text = NULL;
    work->has_run = 0;
}

/* The human who is paged reads what the gentle check was about, too. */
static const char *told(struct work *work) {
    const char *before = check_asked_of(work);
    const char *said = work->text.raw;
    if (before) {
        said = arena_join(work->arena, (const char *const[]){before, " / ", said}, 3);
    }
    return arena_copy(work->arena, said, u8_cut(said, strlen(said), WORK_QUOTE_MAX));
}

void safety_escalate(struct work *work, const struct content_intent *intent) {
    const char *quote = told(work);
    put_aside(work, intent->lets_resume && !intent->is_safety ? FRAME_PAUSED : FRAME_CANCELLED);
    work->out->outcome = TURN_ESCALATED;
    work->out->intent = intent->id;
    say_event(work, EVENT_ESCALATION, intent->id, quote);
    if (intent->reply != CONTENT_NONE) {
        say_index(work, intent->reply);
    }
}

/* Nothing but care that asks nothing was said since the question. */
static int is_stale(const struct session *session) {
    const struct session_spoken *spoken = &session->spoken;
    static const char *const asides[] = {SAFETY_LISTEN, "still_calm", "still_glad"};
    for (size_t i = 0; i < sizeof asides / sizeof *asides && spoken->count > 0; i++) {
        if (session_spoken_place(session, hash_bytes(0, asides[i], strlen(asides[i]))) == spoken->order[0]) {
            return 1;
        }
    }
    return 0;
}

int safety_asks_again(struct work *work, const struct content_intent *intent) {
    static const char again[] = "still_safe";
    int is_yes = strcmp(intent->id, "crisis_safe_yes") == 0 || strcmp(intent->id, "abuse_safe_yes") == 0;
    if (!is_yes || !is_stale(work->session) || content_reply_index(work->content, again) == CONTENT_NONE) {
        return 0;
    }
    work->out->outcome = TURN_CONTROL;
    say_reply(work, again);
    return 1;
}

/* The intent whose care was the last answer, given not long ago; NULL: none. */
static const struct content_intent *care(const struct work *work) {
    const char *last = work->session->last_reply;
    if (!last || work->away_ms > WORK_CARE_MS) {
        return NULL;
    }
    for (size_t i = 0; i < work->content->intent_count; i++) {
        const struct content_intent *intent = &work->content->intents[i];
        if (intent->kind == INTENT_KIND_ESCALATION && intent->reply != CONTENT_NONE &&
            strcmp(work->content->replies[intent->reply].id, last) == 0) {
            return intent;
        }
    }
    return NULL;
}

int safety_follows(const struct work *work) {
    return care(work) != NULL || check_follows(work);
}

int safety_cares(const struct work *work) {
    const struct content_intent *intent = care(work);
    return intent && (intent->is_safety || intent->after_count > 0);
}

/* The care asked something ("what weighs most?"), so whatever is said next is no failed question. */
int safety_listen(struct work *work) {
    if (!safety_follows(work) || content_reply_index(work->content, SAFETY_LISTEN) == CONTENT_NONE) {
        return 0;
    }
    say_reply(work, SAFETY_LISTEN);
    return 1;
}

static const struct content_intent *danger(const struct work *work, const struct intent_decision *decision) {
    const struct content_intent *intent = work_asked(work, decision);
    return intent && intent->is_safety ? intent : NULL;
}

/* "aku mau" + "mati aja" within seconds is one sentence. */
static const struct content_intent *danger_in_pieces(struct work *work) {
    struct intent_decision decision;
    const struct text *joined = work_joined(work);
    if (!joined) {
        return NULL;
    }
    work_decide_by_pattern(work, joined, &decision);
    const struct content_intent *intent = danger(work, &decision);
    if (intent) {
        work->text = *joined; /* the human who is paged reads the whole sentence */
    }
    return intent;
}

int safety_turn(struct work *work) {
    const struct content_intent *intent = danger(work, &work->decision);
    if (!intent) {
        intent = danger_in_pieces(work);
    }
    if (intent) {
        safety_escalate(work, intent);
    }
    return intent != NULL;
}
