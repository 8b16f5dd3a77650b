/* Buttons. A payload names the prompt it was shown with: "PROMPT:ID". Only what is asked now may be answered;
   an older or doubled tap changes nothing and shows where things stand. Prompt 0 is a quick reply: as if
   typed. Called by: engine/step. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"
#include "domain/entity/entity.h"

#include "banned.h"

enum {
    PAYLOAD_MAX = 512,
    DIGITS_MAX = 19, /* of a prompt; 2^64 has more */
    TYPED_WORDS = 2,
    NAMED_WORDS = 4 /* "yang ketiga", "the third one" */
};

static void expired(struct work *work) {
    work->out->outcome = TURN_STALE_BUTTON;
    say_reply(work, "button_expired");
    guide_ask(work);
}

/* A button of the open question. */
static int press_step(struct work *work, uint64_t prompt, const char *id) {
    const struct content_step *step = work->has_run ? dialogue_open_step(&work->run) : NULL;
    struct session_answer answer;
    if (!step || work->run.frame->prompt != prompt) {
        return 0;
    }
    work->out->outcome = TURN_DIALOGUE;
    if (strcmp(id, "skip") == 0) {
        guide_skip(work);
        return 1;
    }
    if (!dialogue_read_choice(&work->run, step, id, &answer)) {
        return 0;
    }
    guide_answer(work, step, &answer);
    return 1;
}

static int press_asking(struct work *work, const char *id) {
    return work->session->confirming ? confirm_press(work, id) : offer_press(work, id);
}

/* A quick reply that names an intent: answered like a question, the dialogue goes on behind it. */
static int press_intent(struct work *work, const char *id) {
    uint32_t intent = content_intent_index(work->content, id);
    if (intent == CONTENT_NONE) {
        return 0;
    }
    work_clear_asking(work->session);
    work->decision.intent = intent;
    if (work->content->intents[intent].control != CONTROL_NONE) {
        if (work->text.token_count == 0) { /* its label may name a language or a step */
            text_fold(work->content->lexicon, work->text.raw, work->text.raw_length, work->session->language,
                      work->arena, &work->text);
        }
        command_run(work, work->content->intents[intent].control);
        return 1;
    }
    struct session_frame *before = dialogue_running(work->session);
    const char *dialogue = before ? before->dialogue : "";
    answer_intent(work, intent);
    struct session_frame *after = dialogue_running(work->session);
    int is_same = work->content->intents[intent].dialogue != CONTENT_NONE;
    if (after && !is_same && strcmp(after->dialogue, dialogue) == 0 && work->session->asking == 0) {
        guide_again(work);
    }
    return 1;
}

/* The number before the colon; *id: what stands behind it, NULL if it is no such payload. */
static uint64_t read_prompt(const char *payload, const char **id) {
    uint64_t prompt = 0;
    const char *at = payload;
    while (*at >= '0' && *at <= '9' && at < payload + DIGITS_MAX) {
        prompt = prompt * 10 + (uint64_t)(*at++ - '0');
    }
    *id = at > payload && *at == ':' ? at + 1 : NULL;
    return prompt;
}

void press_turn(struct work *work, const char *payload) {
    const char *id = NULL;
    uint64_t prompt = read_prompt(payload, &id);
    if (id == NULL || strlen(payload) > PAYLOAD_MAX) {
        expired(work);
        return;
    }
    int is_done = 0;
    if (prompt == 0) {
        is_done = press_intent(work, id);
    } else if (prompt == work->session->asking) {
        is_done = press_asking(work, id);
    } else {
        is_done = press_step(work, prompt, id);
    }
    if (!is_done && !(prompt > 0 && check_late_yes(work, id))) {
        expired(work);
    }
}

/* 1 if the choice is a word to be said, which then stands as if it had been typed. */
static int says(struct work *work, const struct message_choice *choice) {
    if (strncmp(choice->id, "say:", 4) != 0) {
        return 0;
    }
    work_read(work, choice->id + 4, strlen(choice->id + 4));
    return 1;
}

int press_agreed(struct work *work, int is_yes) {
    struct message_choice *choices = NULL;
    size_t count = again_choices(work, &choices);
    if (count == 0 || work->away_ms >= WORK_AWAY_MS || strncmp(choices[0].payload, "0:", 2) != 0 ||
        strncmp(choices[0].id, "say:", 4) == 0) {
        return 0;
    }
    if ((is_yes || count > 1) && again_is_offer(work)) {
        press_turn(work, choices[0].payload);
        return 1;
    }
    if (!is_yes || count == 1 || !say_reply(work, "yes_which_one")) {
        return 0;
    }
    struct message *message = say_last(work);
    message->choices = choices;
    message->choice_count = count;
    return 1;
}

/* Without what asks about a thing only named: "yang ketiga itu apa?" is "yang ketiga". */
static struct text without_question(const struct text *text) {
    struct text named = *text;
    size_t used;
    while (named.token_count > 0 && ((used = words_at(&named, WORDS_WHAT_OF, 0)) > 0 ||
                                     (used = words_at(&named, WORDS_COURTESY, 0)) > 0)) {
        named.tokens += used;
        named.token_count -= used;
    }
    while (named.token_count > 0 && (named.tokens[named.token_count - 1].is_end ||
                                     words_at(&named, WORDS_WHAT_OF, named.token_count - 1) > 0 ||
                                     words_at(&named, WORDS_COURTESY, named.token_count - 1) > 0)) {
        named.token_count--;
    }
    return named;
}

/* Channels without buttons show quick replies as a numbered list, so "2", "yang kedua" and "yang kedua itu
   apa?" mean one of them. A number inside a longer message does not. */
int press_typed(struct work *work) {
    struct message_choice *choices = NULL;
    size_t index = 0, count = again_choices(work, &choices);
    int is_whole = words_outside(&work->text, WORDS_COURTESY, 0, work->text.token_count) <= TYPED_WORDS;
    struct text named = is_whole ? work->text : without_question(&work->text);
    if (count == 0 || strncmp(choices[0].payload, "0:", 2) != 0 ||
        (!is_whole && named.token_count > NAMED_WORDS)) {
        return 0;
    }
    struct entity_option *options = arena_array(work->arena, count, sizeof *options);
    for (size_t i = 0; i < count; i++) {
        options[i] =
            (struct entity_option){.id = choices[i].id, .label = choices[i].label, .value = (double)(i + 1)};
    }
    enum entity_choice_how how =
        entity_choice(&named, work->content->lexicon, options, count, &index, work->arena);
    if (how != CHOICE_NUMBER && how != CHOICE_ORDINAL && (how != CHOICE_LABEL || !is_whole)) {
        return 0;
    }
    if (says(work, &choices[index])) {
        return 0;
    }
    press_turn(work, choices[index].payload);
    return 1;
}
