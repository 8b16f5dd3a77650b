/* An intent, done: its reply, its dialogue, its action or its escalation; and all parts of a message that
   asks more than one thing. Called by: engine. */
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"

#include "banned.h"

static void say_own_reply(struct work *work, const struct content_intent *intent) {
    if (intent->reply != CONTENT_NONE) {
        say_reply(work, work->content->replies[intent->reply].id);
    }
}

/* In the middle of a guide its result is what is meant. 1 if one runs. */
static int say_result_later(struct work *work) {
    static const char reply[] = "result_later";
    return dialogue_running(work->session) != NULL &&
           content_reply_index(work->content, reply) != CONTENT_NONE && say_reply(work, reply) > 0;
}

static void do_action(struct work *work, const struct content_intent *intent) {
    if (intent->action == CONTENT_ACTION_RESULT) {
        if (!finish_show_again(work) && !say_result_later(work)) {
            say_own_reply(work, intent);
        }
        return;
    }
    say_own_reply(work, intent);
    if (intent->action == CONTENT_ACTION_EXPORT) {
        say_event(work, EVENT_EXPORT, "conversation", intent->id);
        say_reply(work, "export_done");
    } else if (intent->action == CONTENT_ACTION_DELETE) {
        confirm_ask(work, "delete_data", "delete_confirm");
    }
}

void answer_intent(struct work *work, uint32_t index) {
    const struct content_intent *intent = &work->content->intents[index];
    work->session->misses = 0;
    work->session->missed_text = NULL;
    if (!work->out->intent) {
        work->out->intent = intent->id;
    }
    if (intent->kind == INTENT_KIND_ESCALATION) {
        safety_escalate(work, intent);
        return;
    }
    work->out->outcome = TURN_ANSWERED;
    if (intent->action != CONTENT_ACTION_NONE) {
        do_action(work, intent);
        return;
    }
    say_own_reply(work, intent);
    if (intent->dialogue != CONTENT_NONE) {
        work->out->outcome = TURN_DIALOGUE;
        guide_start(work, intent->dialogue);
    }
}

/* Answers first; at most one dialogue, last, because it asks something. */
static void answer_parts(struct work *work, const struct intent_decision *parts, size_t count) {
    size_t dialogue = count;
    for (size_t i = 0; i < count; i++) {
        if (work->content->intents[parts[i].intent].dialogue == CONTENT_NONE) {
            answer_intent(work, parts[i].intent);
        } else if (dialogue == count) {
            dialogue = i;
        }
    }
    if (dialogue < count && work->out->outcome != TURN_ESCALATED && work->session->asking == 0) {
        answer_intent(work, parts[dialogue].intent);
    }
}

/* The same bytes: strings of a session are not written to while a turn is taken. */
static int is_same_context(const struct intent_context *a, const struct intent_context *b) {
    return a->dialogue == b->dialogue && a->step == b->step && a->after == b->after;
}

/* The decision of the whole message; made again if things changed since. */
static const struct intent_decision *decided_whole(struct work *work, const struct intent_context *context,
                                                   struct intent_decision *again) {
    if (work->decided == work->text.folded && is_same_context(&work->known, context)) {
        return &work->decision;
    }
    work_decide(work, &work->text, again);
    return again;
}

int answer_several(struct work *work) {
    struct intent_decision parts[WORK_PARTS_MAX], again;
    struct intent_context context = work_context(work);
    const struct intent_decision *whole = decided_whole(work, &context, &again);
    size_t count = intent_decide_parts_of(work->content, work->scratch, &work->text, &context, whole,
                                          work->arena, parts, WORK_PARTS_MAX);
    if (count > 1) {
        answer_parts(work, parts, count);
    }
    return count > 1;
}

void answer_decided(struct work *work) {
    if (!answer_several(work)) {
        answer_intent(work, work->decision.intent);
    }
}
