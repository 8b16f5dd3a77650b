/* Words near danger that no pattern knows: before anything else one gentle question, with help lines near.
   A yes, or again such words, is danger; after a no the message is taken as it would have been. Tells no
   human by itself, and is not asked again for a while. Called by: engine/step, engine/confirm. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/engine/work.h"

#include "banned.h"

/* Replies, and intents that answer the question in words. Content without the first one never asks. */
static const char asked[] = "danger_check", denied[] = "danger_denied",
                  denied_alone[] = "danger_denied_alone";
static const char quiet[] = "still_quiet";
static const char says_yes[] = "danger_yes", says_no[] = "danger_no";

/* Other replies after a no, before it may be asked again. */
enum { PAUSE_REPLIES = 12 };

static int is_open(const struct session *session) {
    return session->confirming && strcmp(session->confirming, CHECK_CONFIRMING) == 0;
}

int check_follows(const struct work *work) {
    const char *last = work->session->last_reply;
    return last && last[0] == asked[0] && strcmp(last, asked) == 0 && work->away_ms <= WORK_CARE_MS;
}

/* How many other replies were said since this one; the number of all that are remembered if it was not. */
static size_t said_before(const struct session *session, const char *reply) {
    size_t place = session_spoken_place(session, hash_bytes(0, reply, strlen(reply))), rank = 0;
    while (rank < session->spoken.count && session->spoken.order[rank] != place) {
        rank++;
    }
    return rank;
}

static int is_said_lately(const struct session *session, const char *reply) {
    size_t rank = said_before(session, reply);
    return rank < PAUSE_REPLIES && rank < session->spoken.count;
}

static int is_said_last(const struct session *session, const char *reply) {
    return session->spoken.count > 0 && said_before(session, reply) == 0;
}

static int was_denied(const struct work *work) {
    return work->away_ms < WORK_AWAY_MS &&
           (is_said_lately(work->session, denied) || is_said_lately(work->session, denied_alone));
}

static const struct content_intent *danger_of(const struct content *content) {
    for (size_t i = 0; i < content->intent_count; i++) {
        if (content->intents[i].is_safety) {
            return &content->intents[i];
        }
    }
    return NULL;
}

const char *check_asked_of(const struct work *work) {
    return is_open(work->session) ? work->session->missed_text : NULL;
}

/* Whoever said no was asked about danger already. */
static void drop_danger(struct work *work) {
    struct intent_decision *decision = &work->decision;
    size_t kept = 0;
    for (size_t i = 0; i < decision->suggestion_count; i++) {
        if (!work->content->intents[decision->suggestions[i].intent].is_safety) {
            decision->suggestions[kept++] = decision->suggestions[i];
        }
    }
    decision->suggestion_count = kept;
}

/* Something is to be said to the message itself. In a guide only what a pattern asks: its question stands. */
static int goes_on(struct work *work) {
    const struct intent_decision *decision = &work->decision;
    if (work_find_run(work)) {
        return work_asked(work, decision) != NULL || work_control(work) != CONTROL_NONE;
    }
    return decision->outcome == INTENT_ANSWER ||
           (decision->outcome == INTENT_SUGGEST && decision->suggestion_count > 0);
}

static void deny(struct work *work) {
    struct session *session = work->session;
    const char *before =
        is_open(session) && session->missed_text ? arena_text(work->arena, session->missed_text) : NULL;
    work_clear_asking(session);
    session->misses = 0;
    session->missed_text = NULL;
    session->last_reply = denied;
    work->out->outcome = TURN_CONTROL;
    if (before) {
        work_read(work, before, strlen(before));
        drop_danger(work);
        if (goes_on(work)) {
            say_reply(work, denied);
            step_go_on(work);
            return;
        }
    }
    int has_run = work_find_run(work);
    say_reply(work, has_run ? denied : denied_alone);
    if (has_run) {
        guide_again(work);
    }
}

void check_answered(struct work *work, int is_yes) {
    if (is_yes) {
        safety_escalate(work, danger_of(work->content));
    } else {
        deny(work);
    }
}

static void ask(struct work *work) {
    offer_note(work); /* its words are what authors lack a pattern for, and what a no comes back to */
    confirm_ask(work, CHECK_CONFIRMING, asked);
    work->out->outcome = TURN_SUGGESTED;
}

static int is_part_no(struct work *work, const char *bytes, size_t length) {
    struct intent_decision decision;
    struct text part;
    text_fold(work->content->lexicon, bytes, length, work->session->language, work->arena, &part);
    work_decide(work, &part, &decision);
    const struct content_intent *intent = work_asked(work, &decision);
    return intent && strcmp(intent->id, says_no) == 0;
}

/* "nggak, aman" is not "nggak aman": folding leaves commas out, and here one turns the meaning round. */
static int is_no_twice(struct work *work) {
    const char *raw = work->text.raw, *comma = memchr(raw, ',', work->text.raw_length);
    if (!comma) {
        return 0;
    }
    size_t before = (size_t)(comma - raw);
    return is_part_no(work, raw, before) && is_part_no(work, comma + 1, work->text.raw_length - before - 1);
}

/* "why do you ask", "hmm": the content has a reply to it that asks once more; the buttons come with it. */
static int asks_again(struct work *work, const struct content_intent *intent) {
    const char *reply = intent && intent->after_count > 0 && intent->kind == INTENT_KIND_REPLY &&
                                intent->reply != CONTENT_NONE
                            ? work->content->replies[intent->reply].id
                            : NULL;
    if (!reply || strncmp(reply, SAFETY_STILL, sizeof SAFETY_STILL - 1) != 0) {
        return 0;
    }
    if (is_open(work->session) && is_said_last(work->session, quiet) && strcmp(reply, quiet) == 0) {
        safety_listen(work); /* silence is asked about once */
    } else {
        confirm_ask(work, CHECK_CONFIRMING, reply);
    }
    work->out->outcome = TURN_SUGGESTED;
    work->out->intent = intent->id;
    return 1;
}

/* "...", an emoji. */
static int is_silence(struct work *work) {
    if (!(work->text.flags & (TEXT_EMPTY | TEXT_NO_WORDS)) ||
        content_reply_index(work->content, quiet) == CONTENT_NONE) {
        return 0;
    }
    if (is_said_last(work->session, quiet)) {
        safety_listen(work);
    } else {
        confirm_ask(work, CHECK_CONFIRMING, quiet);
    }
    work->out->outcome = TURN_EMPTY;
    return 1;
}

int check_late_yes(struct work *work, const char *id) {
    const struct session *session = work->session;
    size_t rank = said_before(session, asked);
    if (strcmp(id, "yes") != 0 || work->away_ms > WORK_CARE_MS || !is_said_lately(session, asked) ||
        said_before(session, denied) < rank || said_before(session, denied_alone) < rank ||
        said_before(session, "crisis") < rank) {
        return 0;
    }
    check_answered(work, 1);
    return 1;
}

int check_stays(struct work *work) {
    if (!is_open(work->session) || dialogue_running(work->session) || work_control(work) != CONTROL_NONE ||
        work->decision.outcome == INTENT_ANSWER || !safety_listen(work)) {
        return 0;
    }
    work->out->outcome = TURN_NOT_UNDERSTOOD;
    return 1;
}

static int answers(struct work *work) {
    const struct content_intent *intent = work_asked(work, &work->decision);
    int said_yes = intent && strcmp(intent->id, says_yes) == 0;
    int is_no = said_yes ? is_no_twice(work) : intent && strcmp(intent->id, says_no) == 0;
    int is_yes = work->decision.is_near_danger ? !(said_yes && is_no) : said_yes && !is_no;
    if (!is_yes && !is_no) {
        return asks_again(work, intent) || is_silence(work);
    }
    check_answered(work, is_yes);
    return 1;
}

int check_turn(struct work *work) {
    if (content_reply_index(work->content, asked) == CONTENT_NONE) {
        return 0;
    }
    int is_asked =
        is_open(work->session) && work->away_ms <= WORK_CARE_MS; /* days later "iya" means another thing */
    if ((check_follows(work) || is_asked) && answers(work)) {
        return 1;
    }
    if (!work->decision.is_near_danger || safety_cares(work) || was_denied(work)) {
        return 0;
    }
    ask(work);
    return 1;
}
