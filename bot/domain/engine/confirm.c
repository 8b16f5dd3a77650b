/* One open confirmation: delete everything? start over? are you in danger? continue that dialogue or anew?
   which answer? which language? session->confirming says what; any other message lets it drop and is taken as
   usual, only "continue or anew?" stands behind a question in between and is asked once more after a stray
   answer. Called by: engine/step, engine/press, and whoever asks. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"
#include "domain/entity/entity.h"

#include "banned.h"

enum { OPTIONS_MAX = 16, UNCLEAR_WORDS = 3, STRAY_WORDS = 8, STEP_WORDS = 4 };

static const char dialogue_prefix[] = "dialogue:";

static const char *asked_dialogue(const struct session *session) {
    size_t length = sizeof dialogue_prefix - 1;
    return strncmp(session->confirming, dialogue_prefix, length) == 0 ? session->confirming + length : NULL;
}

/* ---- the options ---- */

static void add(struct entity_option *options, size_t *count, const char *id, const char *label) {
    if (*count < OPTIONS_MAX) {
        options[*count] = (struct entity_option){.id = id, .label = label, .value = (double)(*count + 1)};
        (*count)++;
    }
}

static int find_corrected_run(struct work *work) {
    struct session *session = work->session;
    work->has_run = session->stack_count > 0 && work_run_of(work, &session->stack[0], &work->run);
    return work->has_run;
}

/* What people call a step, in every language. */
static void add_names(struct work *work, const struct content_step *step, struct entity_option *option) {
    size_t room = 0;
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        room += step->names.count[i];
    }
    const char **words = arena_array(work->arena, room + 1, sizeof *words);
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        for (size_t j = 0; j < step->names.count[i]; j++) {
            words[option->word_count++] = step->names.words[i][j];
        }
    }
    option->words = words;
}

static void add_answered_steps(struct work *work, struct entity_option *options, size_t *count) {
    struct dialogue_path path;
    if (!find_corrected_run(work)) {
        return;
    }
    dialogue_path(&work->run, &path);
    for (size_t i = 0; i < path.count; i++) {
        const struct content_step *step = path.steps[i];
        size_t before = *count;
        if (path.answers[i] && step->type != STEP_SAY) {
            add(options, count, step->id,
                localized_text(&step->short_ask, work->language, work->content->site.default_language));
        }
        if (*count > before) {
            add_names(work, step, &options[before]);
        }
    }
}

static size_t list_options(struct work *work, struct entity_option *options) {
    const char *what = work->session->confirming;
    size_t count = 0;
    if (strcmp(what, "correct") == 0) {
        add_answered_steps(work, options, &count);
    } else if (strcmp(what, "language") == 0) {
        for (size_t i = 0; i < lexicon_language_count(work->content->lexicon); i++) {
            const char *code = lexicon_language(work->content->lexicon, i);
            add(options, &count, code, words_language_name(code));
        }
    } else if (asked_dialogue(work->session)) {
        add(options, &count, "continue", say_label(work, "label_continue"));
        add(options, &count, "restart", say_label(work, "label_restart"));
    } else if (strcmp(what, CHECK_CONFIRMING) == 0) {
        add(options, &count, "yes", say_label(work, "label_danger_yes"));
        add(options, &count, "no", say_label(work, "label_danger_no"));
    } else {
        add(options, &count, "yes", say_label(work, "label_yes"));
        add(options, &count, "no", say_label(work, "label_no"));
    }
    return count;
}

void confirm_ask_in(struct work *work, const char *what, const char *reply, struct dialogue_run *run) {
    struct session *session = work->session;
    struct entity_option options[OPTIONS_MAX];
    work_clear_asking(session);
    session->confirming = arena_text(session->arena, what);
    session->asking = ++session->prompt;
    if (say_reply_in(work, reply, run, NULL, 0) == 0) {
        return;
    }
    size_t count = list_options(work, options);
    for (size_t i = 0; i < count; i++) {
        say_choice(work, say_last(work), session->asking, options[i].id, options[i].label);
    }
}

void confirm_ask(struct work *work, const char *what, const char *reply) {
    confirm_ask_in(work, what, reply, work->has_run ? &work->run : NULL);
}

/* ---- what was chosen ---- */

static void decide_delete(struct work *work, int is_yes) {
    if (!is_yes) {
        say_reply(work, "delete_kept");
        return;
    }
    say_event(work, EVENT_DELETE, "conversation", "confirmed");
    work_reset(work);
    work->session->language_fixed = 0;
    say_reply(work, "delete_done");
}

static void decide_restart(struct work *work, int is_yes) {
    if (is_yes) {
        work_reset(work);
    }
    say_reply(work, is_yes ? "restarted" : "no_without_question");
}

/* "nanti saja": it stays kept, and is not offered again by itself. */
static void leave_dialogue(struct work *work, const char *dialogue) {
    for (size_t i = 0; i < work->session->stack_count; i++) {
        struct session_frame *frame = &work->session->stack[i];
        struct dialogue_run run;
        if (strcmp(frame->dialogue, dialogue) == 0 && frame->state == FRAME_PAUSED) {
            frame->state = FRAME_CANCELLED;
        }
        if (strcmp(frame->dialogue, dialogue) == 0 && work_run_of(work, frame, &run)) {
            say_reply_in(work, "dialogue_cancelled", &run, NULL, 0);
        }
    }
}

static void decide_dialogue(struct work *work, const char *dialogue, const char *id) {
    uint32_t index = content_dialogue_index(work->content, dialogue);
    if (index == CONTENT_NONE) {
        say_reply(work, "dialogue_gone");
    } else if (strcmp(id, "restart") == 0) {
        guide_begin(work, index);
    } else if (strcmp(id, "no") == 0) {
        leave_dialogue(work, dialogue);
    } else if (!guide_resume(work, dialogue)) {
        guide_begin(work, index);
    }
}

static void decide_step(struct work *work, const char *id) {
    const struct content_step *step = find_corrected_run(work) ? content_step(work->run.dialogue, id) : NULL;
    struct dialogue_move move;
    if (step) {
        dialogue_reopen(&work->run, step, &move);
        guide_move(work, &move);
    }
}

static void decide(struct work *work, const char *id) {
    const char *what = work->session->confirming;
    if (strcmp(what, CHECK_CONFIRMING) == 0) {
        check_answered(work, strcmp(id, "yes") == 0);
        return;
    }
    const char *dialogue = asked_dialogue(work->session);
    work_clear_asking(work->session);
    work->session->misses = 0;
    work->out->outcome = TURN_CONTROL;
    if (dialogue) {
        decide_dialogue(work, dialogue, id);
    } else if (strcmp(what, "correct") == 0) {
        decide_step(work, id);
    } else if (strcmp(what, "language") == 0) {
        command_language(work, lexicon_language_index(work->content->lexicon, id));
    } else if (strcmp(what, "delete_data") == 0) {
        decide_delete(work, strcmp(id, "yes") == 0);
    } else {
        decide_restart(work, strcmp(id, "yes") == 0);
    }
}

int confirm_press(struct work *work, const char *id) {
    struct entity_option options[OPTIONS_MAX];
    size_t count = list_options(work, options);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].id, id) == 0) {
            decide(work, options[i].id);
            return 1;
        }
    }
    return 0;
}

/* Yes, no, continue, start over, stop: as an option of what is asked; NULL when it is none. */
static const char *control_option(const struct work *work) {
    int is_dialogue = asked_dialogue(work->session) != NULL;
    if (strcmp(work->session->confirming, CHECK_CONFIRMING) == 0) {
        return NULL; /* "boleh", "stop": neither yes nor no to danger; what is, engine/check knows */
    }
    if (work_is_not_meant(work)) {
        return "no";
    }
    switch (work_control(work)) {
    case CONTROL_AFFIRM: return is_dialogue ? "continue" : "yes";
    case CONTROL_CONTINUE: return is_dialogue ? "continue" : NULL;
    case CONTROL_RESTART: return is_dialogue ? "restart" : NULL;
    case CONTROL_DENY:
    case CONTROL_CANCEL: return "no";
    default: return NULL;
    }
}

/* "continue or anew?" once more, of the guide that is kept. */
static void offer_again(struct work *work, const char *dialogue) {
    struct dialogue_run run;
    for (size_t i = 0; i < work->session->stack_count; i++) {
        struct session_frame *frame = &work->session->stack[i];
        if (strcmp(frame->dialogue, dialogue) == 0 && work_run_of(work, frame, &run)) {
            confirm_ask_in(work, arena_text(work->arena, work->session->confirming),
                           "dialogue_continue_offer", &run);
            return;
        }
    }
}

static void ask_again(struct work *work) {
    const char *dialogue = asked_dialogue(work->session);
    int is_delete = strcmp(work->session->confirming, "delete_data") == 0;
    const char *what = arena_text(work->arena, work->session->confirming);
    work->out->outcome = TURN_NOT_UNDERSTOOD;
    work->session->misses = 1;
    if (dialogue) {
        offer_again(work, arena_text(work->arena, dialogue));
    } else {
        confirm_ask(work, what, is_delete ? "delete_confirm" : "restart_confirm");
    }
}

/* "yakin kak": short, and nothing else is meant by it; once. */
static int is_unclear(const struct work *work) {
    const struct session *session = work->session;
    int is_dialogue = asked_dialogue(session) != NULL;
    int is_grave =
        strcmp(session->confirming, "delete_data") == 0 || strcmp(session->confirming, "restart") == 0;
    size_t words = words_outside(&work->text, WORDS_COURTESY, 0, work->text.token_count);
    if (is_dialogue && (work->text.flags & TEXT_QUESTION) != 0) {
        return 0;
    }
    return (is_grave || is_dialogue) && session->misses == 0 && work->decision.outcome != INTENT_ANSWER &&
           words <= (is_dialogue ? STRAY_WORDS : UNCLEAR_WORDS);
}

/* A question in between: it is answered, and the offer stands. 1 if it was one. */
static int is_aside(struct work *work) {
    struct session *session = work->session;
    const struct content_intent *asked = work_asked(work, &work->decision);
    if (!asked_dialogue(session) || !asked || asked->is_leave || asked->is_safety ||
        (asked->kind != INTENT_KIND_ANSWER && asked->kind != INTENT_KIND_REPLY)) {
        return 0;
    }
    const char *what = arena_text(work->arena, session->confirming);
    size_t first = work->out->message_count;
    work_clear_asking(session);
    answer_decided(work);
    if (session->asking == 0 && !dialogue_running(session)) {
        say_unasked(work, first);
        session->confirming = arena_text(session->arena, what);
        offer_again(work, arena_text(work->arena, asked_dialogue(session)));
    }
    return 1;
}

static int takes_yes_or_no(const struct session *session) {
    return asked_dialogue(session) || strcmp(session->confirming, "delete_data") == 0 ||
           strcmp(session->confirming, "restart") == 0 || strcmp(session->confirming, CHECK_CONFIRMING) == 0;
}

/* "which answer?" - "ga jadi": everything stays, and the open question is asked again. */
static int is_left(struct work *work) {
    enum content_control control = work_control(work);
    if (takes_yes_or_no(work->session) || (control != CONTROL_DENY && control != CONTROL_CANCEL)) {
        return 0;
    }
    work_clear_asking(work->session);
    work->out->outcome = TURN_CONTROL;
    work->out->intent = work->content->intents[work->decision.intent].id;
    if (work_find_run(work)) {
        guide_ask(work);
    } else {
        say_reply(work, "no_without_question");
    }
    return 1;
}

/* "yang soal belajar" answers "which one?", even if it would ask something elsewhere. */
static int may_choose(const struct work *work) {
    int is_step = strcmp(work->session->confirming, "correct") == 0;
    size_t words = words_outside(&work->text, WORDS_COURTESY, 0, work->text.token_count);
    return !work_asked(work, &work->decision) ||
           (is_step && words <= STEP_WORDS && !(work->text.flags & TEXT_QUESTION));
}

int confirm_text(struct work *work) {
    struct session *session = work->session;
    struct entity_option options[OPTIONS_MAX];
    size_t index = 0, count = list_options(work, options);
    const char *control = takes_yes_or_no(session) ? control_option(work) : NULL;
    if (control) {
        work->out->intent = work->content->intents[work->decision.intent].id;
        decide(work, control);
        return 1;
    }
    if (is_left(work)) {
        return 1;
    }
    enum entity_choice_how how = CHOICE_NONE;
    if (may_choose(work)) {
        how = entity_choice(&work->text, work->content->lexicon, options, count, &index, work->arena);
    }
    if (how != CHOICE_NONE && how != CHOICE_AMBIGUOUS) {
        decide(work, options[index].id);
        return 1;
    }
    if (is_unclear(work)) {
        ask_again(work);
        return 1;
    }
    if (is_aside(work) || check_stays(work)) {
        return 1;
    }
    work_clear_asking(session);
    return 0;
}
