/* An intent, done: its reply, its dialogue, its action or its escalation; and all parts of a message that
   asks more than one thing. Called by: engine. */
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"

#include "banned.h"

enum { NEAR_CHOICES = 2, OFFERED = 3 };
/* As near as what is offered where nothing was understood (a share of common features). */
static const float NEAR_SCORE = 0.13F;

static void say_own_reply(struct work *work, const struct content_intent *intent) {
    if (intent->reply != CONTENT_NONE) {
        say_index(work, intent->reply);
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

/* A matter of its own, which may be offered beside "that is not my field". */
static int is_near_topic(const struct work *work, const struct intent_suggestion *near) {
    const struct content_intent *intent = &work->content->intents[near->intent];
    int is_matter = intent->kind == INTENT_KIND_ANSWER || intent->kind == INTENT_KIND_DIALOGUE;
    return is_matter && near->score >= NEAR_SCORE &&
           localized_text(&intent->title, work->language, work->content->site.default_language)[0] != '\0';
}

static int is_offered(const struct message *message, const char *id) {
    for (size_t i = 0; i < message->choice_count; i++) {
        if (strcmp(message->choices[i].id, id) == 0) {
            return 1;
        }
    }
    return 0;
}

static void offer_topic(struct work *work, struct message *message, const char *id, const char *label) {
    if (message->choice_count < OFFERED && !is_offered(message, id)) {
        say_choice(work, message, 0, id, label);
    }
}

/* "Not my field", and then what is nearest to it that is. The author's first choice stays the first, because
   "ya" takes it; the others fill what room is left. */
static void offer_nearest(struct work *work) {
    struct message *message = say_last(work);
    struct intent_context context = work_context(work);
    struct intent_decision near;
    if (!message || message->choice_count == 0 || work->text.token_count == 0) {
        return;
    }
    const struct message_choice *own = message->choices;
    size_t own_count = message->choice_count;
    intent_decide(work->content, work->scratch, &work->text, &context, work->arena, &near);
    message->choice_count = 1;
    for (size_t i = 0; i < near.nearest_count && message->choice_count <= NEAR_CHOICES; i++) {
        const struct content_intent *intent = &work->content->intents[near.nearest[i].intent];
        if (is_near_topic(work, &near.nearest[i])) {
            const char *label =
                localized_text(&intent->title, work->language, work->content->site.default_language);
            offer_topic(work, message, intent->id, label);
        }
    }
    for (size_t i = 1; i < own_count; i++) {
        offer_topic(work, message, own[i].id, own[i].label);
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
        if (!safety_asks_again(work, intent)) {
            safety_escalate(work, intent);
        }
        return;
    }
    work->out->outcome = TURN_ANSWERED;
    if (intent->action != CONTENT_ACTION_NONE) {
        do_action(work, intent);
        return;
    }
    say_own_reply(work, intent);
    if (intent->is_outside) {
        offer_nearest(work);
    }
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
