/* One turn, in the order of the design: button · danger · near danger · what is asked now · the open question
   · intents · did you mean · the counted fallback. Reads like a table of contents; each line has a file of
   its own. Pure: no I/O, clock or randomness. Called by: app, tests, fuzzing. */
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"

#include "banned.h"

static void first_notice(struct work *work) {
    if (work->text.flags & TEXT_CUT) {
        say_reply(work, "message_cut");
    }
}

/* The content changed since the last turn: a gone dialogue is told, a changed question is asked anew. 1 if
   the open question is another one now, so that the message cannot be its answer. */
static int migrate_running(struct work *work) {
    struct session_frame *frame = dialogue_running(work->session);
    if (!frame) {
        return 0;
    }
    if (!work_find_run(work)) {
        say_reply(work, "dialogue_gone");
        frame->state = FRAME_CANCELLED;
        return 0;
    }
    const char *before = frame->step ? frame->step : "";
    uint64_t hash = frame->step_hash;
    if (dialogue_migrate(&work->run) == MIGRATION_NONE) {
        return 0;
    }
    guide_notice(work, &work->run, "dialogue_changed");
    return !frame->step || strcmp(before, frame->step) != 0 || frame->step_hash != hash;
}

/* A command or a question is not lost when the open question has changed underneath. */
static int is_request(const struct work *work) {
    enum content_control control = work_control(work);
    return (control != CONTROL_NONE && control != CONTROL_AFFIRM && control != CONTROL_DENY) ||
           (work_asked(work, &work->decision) && (work->text.flags & TEXT_QUESTION));
}

/* Nothing is asked and nothing runs. */
static void free_turn(struct work *work) {
    /* After danger "lanjut" is the one way back to a dialogue, so nothing that follows danger may take it. */
    if (work_says(work, CONTROL_CONTINUE) && guide_resume(work, NULL)) {
        work->out->outcome = TURN_CONTROL;
        work->session->misses = 0;
        return;
    }
    courtesy_rest(work);
    int is_known = work_asked(work, &work->decision) || work_control(work) != CONTROL_NONE;
    if (!is_known && press_typed(work)) {
        return;
    }
    enum content_control control = work_control(work);
    if (control != CONTROL_NONE) {
        command_run(work, control);
    } else if (!work_asked(work, &work->decision) && command_correct_finished(work)) {
        return;
    } else if (!is_known && question_resume(work)) {
        return;
    } else if (in_topic_answer(work)) {
        return;
    } else if (offer_joined(work) || work->decision.outcome == INTENT_ANSWER) {
        answer_decided(work);
    } else if (answer_several(work)) {
        return;
    } else if (work->is_told_fact && content_reply_index(work->content, "fact_noted") != CONTENT_NONE) {
        work->session->misses = 0;
        say_reply(work, "fact_noted");
    } else if (work->decision.outcome == INTENT_SUGGEST && work->decision.suggestion_count > 0 &&
               !(safety_follows(work) && work->session->misses == 0) && !offer_is_far(work)) {
        offer_suggestions(work);
    } else {
        offer_fallback(work);
    }
}

static void empty_turn(struct work *work) {
    work->out->outcome = TURN_EMPTY;
    size_t first = work->out->message_count;
    if (!work_find_run(work) && safety_listen(work)) {
        return;
    }
    say_reply(work, "empty_message");
    if (work_find_run(work)) {
        say_unasked(work, first);
    }
    guide_ask(work);
}

static int is_asked_now(struct work *work) {
    struct session *session = work->session;
    return (session->confirming && confirm_text(work)) || (session->offer_count > 0 && offer_text(work));
}

void step_go_on(struct work *work) {
    int is_other = migrate_running(work);
    facts_collect(work);
    if (is_other && !is_request(work)) {
        work->out->outcome = TURN_DIALOGUE;
        guide_ask(work);
    } else if (work->text.flags & (TEXT_EMPTY | TEXT_NO_WORDS)) {
        empty_turn(work);
    } else if (is_asked_now(work)) {
        return;
    } else if (work_find_run(work)) {
        question_turn(work);
    } else {
        free_turn(work);
    }
}

static void text_turn(struct work *work, const char *text, size_t length) {
    work_read(work, text, length);
    work->out->inbound_text = work->text.raw;
    first_notice(work);
    if (!safety_turn(work) && !check_turn(work)) {
        step_go_on(work);
    }
}

static void choice_turn(struct work *work, const char *payload) {
    static const char say[] = "0:say:";
    if (payload[0] == say[0] && strncmp(payload, say, sizeof say - 1) == 0) {
        text_turn(work, payload + sizeof say - 1, strlen(payload + sizeof say - 1));
        return;
    }
    const char *label = again_label(work, payload);
    const char *words = label ? label : payload;
    text_keep(words, strlen(words), work->arena, &work->text);
    work->out->inbound_text = work->text.raw;
    if (work->session->language < 0) {
        work->session->language = work->language;
    }
    migrate_running(work);
    work_find_run(work);
    press_turn(work, payload);
}

void engine_step(const struct content *content, struct pattern_scratch *scratch, struct session *session,
                 const struct turn *turn, struct arena *arena, struct actions *out) {
    struct work work = {.content = content,
                        .scratch = scratch,
                        .session = session,
                        .arena = arena,
                        .out = out,
                        .seed = turn->seed};
    work_begin(&work, turn->now_ms, turn->language_hint);
    session->turn_count++;
    if (turn->choice) {
        choice_turn(&work, turn->choice);
    } else if (turn->text) {
        text_turn(&work, turn->text, turn->text_length);
    } else {
        out->outcome = TURN_EMPTY;
    }
    follow_up_later(&work);
    work_end(&work);
}
