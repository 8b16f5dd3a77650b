/* A message while a question is open: command, correction, digression, answer, or a mixture of them; else a
   retry that never gets anybody stuck. Never looks for danger (safety.c did). Called by: engine/step. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"
#include "domain/entity/entity.h"

#include "banned.h"

enum { SHORT_WORDS = 3, ABOUT_WORDS = 4, HINT_WORDS = 6, PARTS = 8, ANY_WORDS = 5 };

/* ---- what kind of message it is ---- */

static int is_question(const struct text *text) {
    return (text->flags & TEXT_QUESTION) != 0;
}

static int is_short(const struct text *text) {
    return words_outside(text, WORDS_COURTESY, 0, text->token_count) <= SHORT_WORDS;
}

static int is_yes_or_no(enum content_control control) {
    return control == CONTROL_AFFIRM || control == CONTROL_DENY;
}

/* How many tokens may come before a phrase: all before them are courtesy. */
static size_t courtesy_before(const struct text *text) {
    size_t at = 0, length = 1;
    for (; length > 0 && at < text->token_count; at += length) {
        length = text->tokens[at].is_end ? 1 : words_at(text, WORDS_COURTESY, at);
    }
    return at;
}

/* The whole message is this folded phrase, but for courtesy around it ("lumayan sih kak"). */
static int is_phrase(const struct text *text, size_t courtesy, const char *folded) {
    for (size_t i = 0; i <= courtesy && i < text->token_count; i++) {
        size_t count = 0;
        if (words_phrase_at(text, i, folded, &count) &&
            words_outside(text, WORDS_COURTESY, i + count, text->token_count) == 0) {
            return 1;
        }
    }
    return 0;
}

static uint32_t letter_bit(char letter) {
    return (uint32_t)1 << ((unsigned char)letter & 31u);
}

/* Bits of the letters with which a phrase of the whole message may begin, as written and as folded. */
static uint32_t first_letters(const struct text *text, size_t courtesy) {
    uint32_t letters = 0;
    for (size_t i = 0; i <= courtesy && i < text->token_count; i++) {
        const struct text_token *token = &text->tokens[i];
        letters |= letter_bit(text->folded[token->start]) | letter_bit(text->raw[token->raw_start]);
    }
    return letters;
}

/* 0 if no word for a choice can be the whole message. */
static int may_be_words(const struct work *work, const struct content_step *step, size_t courtesy) {
    const struct entity_choices *choices = dialogue_prepared(&work->run, step);
    for (size_t i = 0; i <= courtesy && i < work->text.token_count; i++) {
        if (entity_choices_begin(choices, &work->text, i)) {
            return 1;
        }
    }
    return 0;
}

static int is_some(const struct text *text, size_t courtesy, uint32_t letters, const char *const *phrases,
                   size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (phrases[i] && (letters & letter_bit(phrases[i][0])) != 0 &&
            is_phrase(text, courtesy, phrases[i])) {
            return 1;
        }
    }
    return 0;
}

/* The message is one of the choices word for word, so it cannot be a command. */
static int is_choice(const struct work *work, const struct content_step *step) {
    const struct text *text = &work->text;
    size_t courtesy = courtesy_before(text);
    const uint32_t letters = first_letters(text, courtesy);
    const int has_words = step->choice_count > 0 && may_be_words(work, step, courtesy);
    for (size_t i = 0; i < step->choice_count; i++) {
        const struct content_choice *choice = &step->choices[i];
        if (is_some(text, courtesy, letters, choice->folded, LEXICON_LANGUAGES_MAX)) {
            return 1;
        }
        for (size_t language = 0; has_words && language < LEXICON_LANGUAGES_MAX; language++) {
            if (is_some(text, courtesy, letters, choice->words.words[language],
                        choice->words.count[language])) {
                return 1;
            }
        }
    }
    return 0;
}

/* ---- digressions ---- */

/* Back to the question, unless the digression led into something else. What the digression asked at its end,
   from the message first on, is not asked: one turn asks one thing. */
static void come_back(struct work *work, const char *dialogue, size_t first) {
    struct session_frame *frame = dialogue_running(work->session);
    if (frame && strcmp(frame->dialogue, dialogue) == 0 && work->session->asking == 0) {
        say_unasked(work, first);
        guide_again(work);
    }
}

static void digress(struct work *work) {
    const char *dialogue = work->run.dialogue->id;
    size_t first = work->out->message_count;
    const struct content_intent *asked = &work->content->intents[work->decision.intent];
    int is_same = asked->dialogue != CONTENT_NONE &&
                  strcmp(work->content->dialogues[asked->dialogue].id, dialogue) == 0;
    if (is_same && asked->reply == CONTENT_NONE && is_question(&work->text)) {
        work->out->intent = asked->id;
        if (words_outside(&work->text, WORDS_COURTESY, 0, work->text.token_count) <= ABOUT_WORDS &&
            words_has(&work->text, WORDS_WHAT_OF)) {
            guide_about(work); /* "STAR itu apa?" */
        } else {
            guide_again(work); /* its introduction was just read */
        }
        return;
    }
    answer_decided(work);
    if (!is_same && !asked->is_leave) {
        come_back(work, dialogue, first);
    }
}

/* No pattern, but the index is sure or has something to offer: better than "that is none of the choices". */
static int digress_by_likeness(struct work *work) {
    const struct intent_decision *decision = &work->decision;
    int asks = is_question(&work->text) || retry_is_question(&work->text);
    if (!asks && is_short(&work->text)) {
        return 0;
    }
    if (decision->outcome == INTENT_ANSWER && decision->by_similarity) {
        digress(work);
        return 1;
    }
    if (decision->outcome == INTENT_SUGGEST && decision->suggestion_count > 0 && asks &&
        !retry_is_about_step(&work->text)) {
        offer_suggestions(work);
        return 1;
    }
    return 0;
}

/* ---- an answer and a question in one message ---- */

static enum dialogue_read read_part(struct work *work, const struct content_step *step,
                                    const struct text *text, const struct intent_decision *decision,
                                    struct session_answer *answer) {
    int is_control = decision->outcome == INTENT_ANSWER && !decision->by_similarity;
    enum content_control control =
        is_control ? work->content->intents[decision->intent].control : CONTROL_NONE;
    enum dialogue_read read = dialogue_read(&work->run, step, text, answer);
    if (step->type == STEP_CONFIRM && read != READ_ANSWER && is_yes_or_no(control)) {
        dialogue_read_choice(&work->run, step, control == CONTROL_AFFIRM ? "yes" : "no", answer);
        return READ_ANSWER;
    }
    return read;
}

struct parts {
    struct session_answer answer;
    int has_answer;
    uint32_t asked[WORK_PARTS_MAX];
    size_t asked_count;
};

static void add_asked(struct parts *parts, uint32_t intent) {
    for (size_t i = 0; i < parts->asked_count; i++) {
        if (parts->asked[i] == intent) {
            return;
        }
    }
    if (parts->asked_count < WORK_PARTS_MAX) {
        parts->asked[parts->asked_count++] = intent;
    }
}

/* 1 if a part may be read as an answer: it asks nothing, and says more than courtesy where any words would
 * do. */
static int may_answer(const struct content_step *step, const struct text *part) {
    return !is_question(part) &&
           (step->type != STEP_TEXT || words_outside(part, WORDS_COURTESY, 0, part->token_count) > 0);
}

/* 0 if no part answers the step whatever else is asked: then nobody wants to know that. Yes and no of a
   confirmation are told by what a part means, so there it is not known yet. */
static int some_may_answer(struct work *work, const struct content_step *step, const struct text *parts,
                           size_t count) {
    struct session_answer answer;
    for (size_t i = 0; i < count; i++) {
        if (may_answer(step, &parts[i]) &&
            (step->type == STEP_CONFIRM ||
             dialogue_read(&work->run, step, &parts[i], &answer) == READ_ANSWER)) {
            return 1;
        }
    }
    return 0;
}

static void read_parts(struct work *work, const struct content_step *step, struct parts *parts) {
    struct text texts[PARTS];
    memset(parts, 0, sizeof *parts);
    size_t count = split_text(work, step->type != STEP_TEXT, texts, PARTS);
    if (count < 2 || !some_may_answer(work, step, texts, count)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct intent_decision decision = {.outcome = INTENT_NONE};
        struct session_answer answer;
        int may_ask = is_question(&texts[i]) || !is_short(&texts[i]);
        if (may_ask || step->type == STEP_CONFIRM) { /* else nobody asks what it is */
            work_decide_by_pattern(work, &texts[i], &decision);
        }
        int asks = may_ask && work_asked(work, &decision) != NULL;
        if (asks) {
            add_asked(parts, decision.intent);
        } else if (!parts->has_answer && may_answer(step, &texts[i]) &&
                   read_part(work, step, &texts[i], &decision, &answer) == READ_ANSWER) {
            parts->answer = answer;
            parts->has_answer = 1;
        }
    }
}

/* "setuju. btw gajinya gimana?": the answer is taken, the question answered, then comes the next question. */
static int take_parts(struct work *work, const struct content_step *step) {
    struct parts parts;
    read_parts(work, step, &parts);
    if (!parts.has_answer) {
        return 0;
    }
    if (parts.asked_count == 0) {
        guide_answer(work, step, &parts.answer);
        return 1;
    }
    const char *dialogue = work->run.dialogue->id;
    struct dialogue_move move;
    dialogue_answer(&work->run, step, &parts.answer, &move);
    say_event(work, EVENT_DIALOGUE,
              arena_join(work->arena, (const char *const[]){dialogue, ".", step->id}, 3), "answered");
    size_t first = work->out->message_count;
    for (size_t i = 0; i < parts.asked_count; i++) {
        answer_intent(work, parts.asked[i]);
    }
    struct session_frame *top = &work->session->stack[0];
    if (strcmp(top->dialogue, dialogue) == 0 && work->session->asking == 0) {
        say_unasked(work, first);
        guide_move(work, &move);
    }
    return 1;
}

/* ---- the two kinds of steps ---- */

/* A free-text step takes what comes; only strong intents, an order or a farewell as the whole message, or a
   plain question do not count as its answer. */
static int takes_from_text(const struct work *work, const struct content_intent *asked) {
    if (!asked) {
        return 0;
    }
    if (asked->kind == INTENT_KIND_ESCALATION || asked->kind == INTENT_KIND_CONTROL) {
        return asked->is_strong;
    }
    int is_request =
        asked->kind == INTENT_KIND_ACTION || asked->kind == INTENT_KIND_DIALOGUE || asked->is_leave;
    if (is_request && work_is_whole(work)) {
        return 1;
    }
    return asked->is_strong || is_question(&work->text);
}

/* "what does this mean?" is about the question itself, whatever else it resembles. */
static int wants_hint(const struct work *work) {
    return words_has(&work->text, WORDS_UNCLEAR) &&
           words_outside(&work->text, WORDS_COURTESY, 0, work->text.token_count) <= HINT_WORDS;
}

/* "apa aku cocok jadi perawat?" as a goal: its author takes such questions, and more is said than what starts
   another guide. */
static int is_asking_answer(const struct work *work, const struct content_step *step,
                            const struct content_intent *asked, const struct session_answer *answer) {
    return asked->kind == INTENT_KIND_DIALOGUE && !asked->is_strong && !work_is_whole(work) &&
           answer->kind == ANSWER_TEXT && retry_takes_question(work, step, answer);
}

/* A question that no pattern answers, and no answer to this step: by the index if it is near, else said not
   to be known. 1 if it was one. */
static int asks_something_else(struct work *work, const struct content_step *step,
                               const struct session_answer *answer) {
    if (!retry_is_question(&work->text) || retry_takes_question(work, step, answer)) {
        return 0;
    }
    return digress_by_likeness(work) || retry_question(work, step, answer);
}

static void text_turn(struct work *work, const struct content_step *step) {
    struct session_answer answer;
    const struct content_intent *asked = work_asked(work, &work->decision);
    if (!asked && is_question(&work->text) && wants_hint(work)) {
        command_explain(work, step);
        return;
    }
    enum dialogue_read read = dialogue_read(&work->run, step, &work->text, &answer);
    if (takes_from_text(work, asked) && !is_asking_answer(work, step, asked, &answer)) {
        if (!take_parts(work, step)) {
            digress(work);
        }
        return;
    }
    if (read != READ_ANSWER || work_control(work) == CONTROL_AFFIRM) { /* "yoi" is no answer in words */
        retry_ask(work, step, read);
        return;
    }
    if (!asked && (retry_unsure(work, step) || asks_something_else(work, step, &answer))) {
        return;
    }
    const char *fact = step->slot ? facts_value(work, step->slot) : NULL;
    if (!fact && step->slot && !is_question(&work->text)) {
        fact = facts_phrase(work);
    }
    answer.said = fact ? fact : answer.said; /* "aku kerja jadi kasir" says "kasir" */
    guide_answer(work, step, &answer);
}

/* It may be offered as a choice, so it is a matter and no courtesy: "internship maybe" answers "which way of
   learning?", "makasih ya" is no yes. */
static int is_topic(const struct work *work, const struct content_intent *asked) {
    return localized_text(&asked->title, work->language, work->content->site.default_language)[0] != '\0';
}

/* A choice word for word is one, whatever else it means. Otherwise something asked goes first if it is
   urgent, a question, or the whole message ("makasih ya" is no yes). */
static int is_plain_answer(const struct work *work, const struct content_step *step,
                           const struct content_intent *asked) {
    const struct text *text = &work->text;
    if (!asked) {
        return !is_question(text) || (is_short(text) && !retry_is_question(text)) || is_choice(work, step);
    }
    if (asked->kind == INTENT_KIND_ESCALATION || asked->is_strong) {
        return 0;
    }
    if (!is_question(text) && is_short(text) &&
        (asked->kind != INTENT_KIND_ACTION || !work_is_whole(work)) && /* "mau tau hasilnya" is not "mau" */
        (is_topic(work, asked) || !work_is_whole(work))) {
        return 1;
    }
    return is_choice(work, step);
}

/* "bukan yang itu", "jangan stop", and little else. */
static int is_not_that(const struct text *text) {
    size_t token = 0, count = 0;
    return words_find(text, WORDS_NOT_THAT, 0, &token, &count) &&
           words_outside(text, WORDS_COURTESY, 0, text->token_count) <= count + 1;
}

/* What is no answer: a question nobody here can answer, "not that one", or "wait, I made a mistake". None of
   them is a bad answer. 1 if it was one. */
static int is_no_attempt(struct work *work, const struct content_step *step) {
    if (is_not_that(&work->text)) {
        guide_ask(work);
        return 1;
    }
    if (retry_question(work, step, NULL)) {
        return 1;
    }
    if (work_control(work) == CONTROL_AFFIRM && work->run.frame->answer_count == 0) { /* "boleh deh": begin */
        guide_ask(work);
        return 1;
    }
    if (words_at(&work->text, WORDS_OPENING, 0) > 0 && words_has(&work->text, WORDS_CORRECTION)) {
        command_back(work);
        return 1;
    }
    return 0;
}

/* "retail" where "another field" is a choice: the words are kept as they are. 1 if it was taken. */
static int takes_any(struct work *work, const struct content_step *step) {
    struct session_answer answer;
    size_t words = words_outside(&work->text, WORDS_COURTESY, 0, work->text.token_count);
    if (words == 0 || words > ANY_WORDS || work_control(work) != CONTROL_NONE) {
        return 0;
    }
    for (size_t i = 0; i < step->choice_count; i++) {
        if (step->choices[i].is_any && dialogue_read_choice(&work->run, step, step->choices[i].id, &answer)) {
            answer.said = work->text.raw;
            guide_answer(work, step, &answer);
            return 1;
        }
    }
    return 0;
}

/* What the message answers to the step. When something else is asked and it is no plain answer, nobody wants
   to know: then it is not looked for. */
static enum dialogue_read read_closed(struct work *work, const struct content_step *step,
                                      const struct content_intent *asked, struct session_answer *answer,
                                      int *is_plain) {
    *is_plain = asked != NULL && is_plain_answer(work, step, asked);
    if (asked != NULL && !*is_plain) {
        return READ_NOTHING;
    }
    enum dialogue_read read = read_part(work, step, &work->text, &work->decision, answer);
    *is_plain = read == READ_ANSWER && (asked != NULL || is_plain_answer(work, step, NULL));
    return read;
}

static void correct_step(struct work *work, const struct dialogue_correction *correction);

/* "bikin konten sih suka" while taking things apart is asked about: kept for the question it names, and this
   one is asked again. 1 if so. */
static int takes_for_other(struct work *work, const struct content_step *step) {
    struct dialogue_correction other;
    if (step->type != STEP_SCALE || !dialogue_answers_other(&work->run, &work->text, &other)) {
        return 0;
    }
    const struct session_answer *before = session_answer(work->run.frame, other.step->id);
    if (before && before->choice && strcmp(before->choice, other.answer.choice) == 0) {
        guide_ask(work); /* said before: nothing changes */
    } else {
        correct_step(work, &other);
    }
    return 1;
}

static void closed_turn(struct work *work, const struct content_step *step) {
    struct session_answer answer;
    int is_plain = 0;
    const struct content_intent *asked = work_asked(work, &work->decision);
    enum dialogue_read read = read_closed(work, step, asked, &answer, &is_plain);
    if (is_plain && takes_for_other(work, step)) {
        return;
    }
    if (is_plain) {
        guide_answer(work, step, &answer);
    } else if (take_parts(work, step)) {
        return;
    } else if (asked) {
        digress(work);
    } else if (read == READ_NEAR) {
        guide_answer(work, step, &answer);
    } else if (read != READ_OUT_OF_BOUNDS && wants_hint(work)) {
        command_explain(work, step);
    } else if (read == READ_OUT_OF_BOUNDS || !(digress_by_likeness(work) || retry_unsure(work, step) ||
                                               is_no_attempt(work, step) || takes_any(work, step))) {
        retry_ask(work, step, read);
    }
}

/* ---- corrections ---- */

static void correct_step(struct work *work, const struct dialogue_correction *correction) {
    const struct content_step *step = correction->step;
    struct dialogue_move move;
    if (step == dialogue_open_step(&work->run)) { /* "waktunya ganti jadi 10 jam", asked for right now */
        guide_answer(work, step, &correction->answer);
        return;
    }
    say_event(work, EVENT_DIALOGUE,
              arena_join(work->arena, (const char *const[]){work->run.dialogue->id, ".", step->id}, 3),
              "corrected");
    if (!correction->has_answer) {
        dialogue_reopen(&work->run, step, &move);
        guide_move(work, &move);
        return;
    }
    int is_new = session_answer(work->run.frame, step->id) == NULL && /* of a step that comes later */
                 content_reply_index(work->content, "answer_kept") != CONTENT_NONE;
    dialogue_answer(&work->run, step, &correction->answer, &move);
    struct say_pair pairs[] = {
        {"step_name", localized_text(&step->short_ask, work->language, work->content->site.default_language)},
        {"answer", dialogue_quote(&work->run, session_answer(work->run.frame, step->id))}};
    say_reply_with(work, is_new ? "answer_kept" : "answer_corrected", pairs, 2);
    guide_move(work, &move);
}

int question_correct(struct work *work, int is_asked) {
    struct dialogue_correction correction;
    const struct content_intent *asked = work_asked(work, &work->decision);
    if ((asked && is_question(&work->text)) ||
        !dialogue_correction(&work->run, &work->text, is_asked, &correction)) {
        return 0;
    }
    work->out->outcome = TURN_DIALOGUE;
    if (correction.step) {
        correct_step(work, &correction);
    } else {
        confirm_ask(work, "correct", "which_answer");
    }
    return 1;
}

/* "Pekerjaan: mahasiswa, seperti yang kamu bilang" - "aku bukan mahasiswa": then it is asked. 1 if so. */
static int ask_denied(struct work *work) {
    struct dialogue_path path;
    dialogue_path(&work->run, &path);
    for (size_t i = 0; work->denied_fact && i < path.count; i++) {
        const struct content_step *step = path.steps[i];
        if (step->slot && strcmp(step->slot, work->denied_fact) == 0 && path.answers[i] &&
            path.answers[i]->from_fact) {
            struct dialogue_move move;
            dialogue_reopen(&work->run, step, &move);
            guide_move(work, &move);
            return 1;
        }
    }
    return 0;
}

/* ---- */

/* A choice word for word, or words inside a free answer, are no command. */
static int takes_command(const struct work *work, const struct content_step *step) {
    enum content_control control = work_control(work);
    if (control == CONTROL_NONE || is_yes_or_no(control)) {
        return 0;
    }
    return step->type == STEP_TEXT ? work_is_whole(work) : !is_choice(work, step);
}

static int may_correct(const struct text *text) {
    return words_has(text, WORDS_CORRECTION) || words_at(text, WORDS_OPENING, 0) > 0;
}

void question_turn(struct work *work) {
    const struct content_step *step = dialogue_open_step(&work->run);
    work->out->outcome = TURN_DIALOGUE;
    work->session->misses = 0;
    courtesy_rest(work);
    if (!step) { /* the content lost the open step and nothing else is unanswered */
        struct dialogue_move move;
        dialogue_settle(&work->run, &move);
        guide_move(work, &move);
    } else if (retry_takes_offer(work) || (work->denied_fact && ask_denied(work))) {
        return;
    } else if (takes_command(work, step)) {
        command_run(work, work_control(work));
    } else if (may_correct(&work->text) && !is_choice(work, step) && question_correct(work, 0)) {
        return;
    } else if (step->type == STEP_TEXT) {
        text_turn(work, step);
    } else {
        closed_turn(work, step);
    }
}

int question_resume(struct work *work) {
    struct session *session = work->session;
    struct session_frame *frame = &session->stack[0];
    struct session_answer answer;
    if (session->stack_count == 0 || frame->state != FRAME_PAUSED || work->away_ms >= WORK_AWAY_MS ||
        is_question(&work->text) ||
        !dialogue_run_init(&work->run, work->content, session, frame, work->now_ms, work->arena)) {
        return 0;
    }
    const struct content_step *step = dialogue_open_step(&work->run);
    if (!step || step->type == STEP_TEXT || !is_short(&work->text) ||
        dialogue_read(&work->run, step, &work->text, &answer) != READ_ANSWER) {
        return 0;
    }
    dialogue_raise(session, 0);
    work_find_run(work);
    work->out->outcome = TURN_DIALOGUE;
    session->misses = 0;
    guide_notice(work, &work->run, "dialogue_resume");
    guide_answer(work, step, &answer);
    return 1;
}
