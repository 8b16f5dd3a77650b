/* Commands of the conversation itself: back, skip, cancel, restart, repeat, continue, language; inside a
   dialogue and outside. Never reads more of the message than which language or step it names. Called by:
   engine. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"

#include "banned.h"

static void run_event(struct work *work, const char *happened) {
    say_event(work, EVENT_DIALOGUE, work->run.dialogue->id, happened);
}

/* ---- inside a dialogue ---- */

void command_back(struct work *work) {
    struct dialogue_move move;
    if (!dialogue_back(&work->run, &move)) {
        say_reply(work, "dialogue_back_at_start");
    }
    guide_move(work, &move);
}

static void cancel(struct work *work) {
    work->run.frame->state = FRAME_CANCELLED;
    work->run.frame->touched_ms = work->now_ms;
    run_event(work, "cancelled");
    say_reply(work, "dialogue_cancelled");
    work->has_run = 0;
}

static void restart_dialogue(struct work *work) {
    struct dialogue_move move;
    run_event(work, "restarted");
    say_reply(work, "dialogue_restarted");
    dialogue_restart(&work->run, &move);
    guide_move(work, &move);
}

void command_explain(struct work *work, const struct content_step *step) {
    say_hint(work, step);
    guide_ask(work);
}

/* "maksudnya?" wants the question explained, "ulangi" wants to hear it again. */
static void repeat_question(struct work *work) {
    const struct content_step *step = dialogue_open_step(&work->run);
    int is_unclear = words_has(&work->text, WORDS_UNCLEAR) || (work->text.flags & TEXT_QUESTION);
    if (step && is_unclear && localized_text(&step->hint, work->language, work->language)[0]) {
        command_explain(work, step);
    } else if (!again_say(work)) {
        guide_ask(work);
    }
}

/* ---- language ---- */

static int other_language(const struct work *work, int language) {
    return lexicon_language_count(work->content->lexicon) == 2 ? 1 - language : language;
}

void command_language(struct work *work, int language) {
    work->session->language = work->language = language;
    work->session->language_fixed = 1;
    if (work_find_run(work)) {
        work->run.language = language;
    }
    int is_idle =
        !work->has_run && content_reply_index(work->content, "language_changed_idle") != CONTENT_NONE;
    say_reply(work, is_idle ? "language_changed_idle" : "language_changed");
    guide_ask(work);
}

static void change_language(struct work *work) {
    int is_refused = 0;
    const char *code = words_language(&work->text, &is_refused);
    int language = code ? lexicon_language_index(work->content->lexicon, code) : TEXT_NO_LANGUAGE;
    if (language == TEXT_NO_LANGUAGE) {
        confirm_ask(work, "language", "language_unknown");
        return;
    }
    command_language(work, is_refused ? other_language(work, language) : language);
}

/* ---- outside ---- */

/* Right after a result "kembali" still means its last question. */
static int reopen_finished(struct work *work, int is_asked) {
    struct session *session = work->session;
    struct session_frame *frame = &session->stack[0];
    if (session->stack_count == 0 || frame->state != FRAME_DONE || !work_run_of(work, frame, &work->run)) {
        return 0;
    }
    work->has_run = 1;
    dialogue_migrate(&work->run);
    struct dialogue_move move;
    if (question_correct(work, 0)) {
        return 1;
    }
    if (is_asked && work->now_ms - frame->touched_ms <= WORK_AWAY_MS && dialogue_back(&work->run, &move)) {
        guide_move(work, &move);
        return 1;
    }
    work->has_run = 0;
    return 0;
}

int command_correct_finished(struct work *work) {
    return !(work->text.flags & TEXT_QUESTION) && reopen_finished(work, 0);
}

/* "umur tadi salah, harusnya 20" may be about a remembered fact and no question. What to say, or NULL. */
static const char *back_outside(struct work *work) {
    if (reopen_finished(work, !work->is_told_fact)) {
        return NULL;
    }
    int is_noted = work->is_told_fact && content_reply_index(work->content, "fact_noted") != CONTENT_NONE;
    return is_noted ? "fact_noted" : "nothing_to_control";
}

/* "bukan gitu maksudku" says that the last answer missed. */
static const char *denied_outside(const struct work *work) {
    int is_missed =
        work_is_not_meant(work) && content_reply_index(work->content, "complaint") != CONTENT_NONE;
    return is_missed ? "complaint" : "no_without_question";
}

static void run_outside(struct work *work, enum content_control control) {
    const char *said = NULL;
    switch (control) {
    case CONTROL_AFFIRM:
        said = safety_listen(work) || press_agreed(work, 1) ? NULL : "yes_without_question";
        break;
    case CONTROL_DENY: said = safety_listen(work) ? NULL : denied_outside(work); break;
    case CONTROL_RESTART: confirm_ask(work, "restart", "restart_confirm"); break;
    case CONTROL_REPEAT: said = again_say(work) ? NULL : "nothing_to_repeat"; break;
    case CONTROL_CONTINUE:
        said = guide_resume(work, NULL) || press_agreed(work, 0) ? NULL : "nothing_to_control";
        break;
    case CONTROL_BACK: said = back_outside(work); break;
    default: said = "nothing_to_control"; break;
    }
    if (said) {
        say_reply(work, said);
    }
}

static void run_inside(struct work *work, enum content_control control) {
    switch (control) {
    case CONTROL_BACK:
        if (!question_correct(work, 1)) {
            command_back(work);
        }
        break;
    case CONTROL_SKIP: guide_skip(work); break;
    case CONTROL_CANCEL: cancel(work); break;
    case CONTROL_RESTART: restart_dialogue(work); break;
    case CONTROL_REPEAT: repeat_question(work); break;
    case CONTROL_ABOUT: guide_about(work); break;
    case CONTROL_PROGRESS:
        guide_notice(work, &work->run, "dialogue_recap");
        guide_ask(work);
        break;
    default: guide_again(work); break;
    }
}

void command_run(struct work *work, enum content_control control) {
    work->out->outcome = TURN_CONTROL;
    work->out->intent = work->content->intents[work->decision.intent].id;
    work->session->misses = 0;
    if (control == CONTROL_LANGUAGE) {
        change_language(work);
    } else if (work->has_run) {
        run_inside(work, control);
    } else {
        run_outside(work, control);
    }
}
