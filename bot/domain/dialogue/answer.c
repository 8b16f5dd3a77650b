/* A message as an answer to one step: choice, number, date, contact or the words themselves.
   Never decides whether the message should be an answer at all (the engine does) and changes nothing.
   Called by: engine, dialogue/machine (known facts), dialogue/correct (new values). */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "domain/dialogue/dialogue.h"
#include "domain/entity/entity.h"
#include "domain/text/text.h"

#include "banned.h"

enum { OWN_WORDS_CHARS_MAX = 60 }; /* a choice said in more words than this is quoted by its label */

/* ---- the person's own words ---- */

/* One line, without the blanks and full stops around it. */
static const char *own_words(const char *raw, size_t length, struct arena *arena) {
    while (length > 0 && strchr(" \t\n\r.,;", raw[length - 1])) {
        length--;
    }
    while (length > 0 && strchr(" \t\n\r.,;", raw[0])) {
        raw++;
        length--;
    }
    length = u8_cut(raw, length, SESSION_SAID_MAX);
    char *said = arena_copy(arena, raw, length);
    for (char *at = said; *at; at++) {
        *at = *at == '\n' || *at == '\r' || *at == '\t' ? ' ' : *at;
    }
    return said;
}

/* ---- choices ---- */

int dialogue_read_choice(const struct dialogue_run *run, const struct content_step *step, const char *choice,
                         struct session_answer *answer) {
    *answer = (struct session_answer){.step = step->id, .kind = ANSWER_CHOICE, .choice = choice};
    if (step->type == STEP_CONFIRM) {
        int yes = strcmp(choice, "yes") == 0;
        answer->number = yes;
        answer->said = dialogue_label(run->content, run->language, yes ? "label_yes" : "label_no");
        return yes || strcmp(choice, "no") == 0;
    }
    for (size_t i = 0; i < step->choice_count; i++) {
        if (strcmp(step->choices[i].id, choice) == 0) {
            answer->choice = step->choices[i].id;
            answer->number = step->choices[i].value;
            answer->said = dialogue_choice_label(run->content, run->language, &step->choices[i], run->arena);
            return 1;
        }
    }
    return 0;
}

static enum dialogue_read read_choice(const struct dialogue_run *run, const struct content_step *step,
                                      const struct text *text, struct session_answer *answer) {
    size_t index = 0;
    const struct entity_choices *choices = dialogue_prepared(run, step);
    enum entity_choice_how how = entity_choice_of(text, choices, &index, run->arena);
    if (how == CHOICE_NONE || how == CHOICE_AMBIGUOUS) {
        return how == CHOICE_NONE ? READ_NOTHING : READ_UNCLEAR;
    }
    const char *id = step->type == STEP_CONFIRM ? (index == 0 ? "yes" : "no") : step->choices[index].id;
    dialogue_read_choice(run, step, id, answer);
    if ((how == CHOICE_WORD || how == CHOICE_LABEL) &&
        u8_count(text->raw, text->raw_length) <= OWN_WORDS_CHARS_MAX) {
        answer->said = own_words(text->raw, text->raw_length, run->arena);
    }
    return how == CHOICE_PREFIX || how == CHOICE_NEAR ? READ_NEAR : READ_ANSWER;
}

/* ---- numbers, dates, contacts, texts ---- */

static size_t token_at(const struct text *text, size_t raw_start) {
    size_t i = 0;
    while (i + 1 < text->token_count && text->tokens[i + 1].raw_start <= raw_start) {
        i++;
    }
    return i;
}

static enum dialogue_read read_number(const struct dialogue_run *run, const struct content_step *step,
                                      const struct text *text, struct session_answer *answer) {
    struct entity_span span = {0, 0};
    double number = 0;
    int years = 0;
    if (step->slot && strcmp(step->slot, "age") == 0 && entity_age(text, &years, &span)) {
        number = years;
    } else if (!entity_number(text, &number, &span)) {
        return READ_NOTHING;
    }
    if (text->token_count > 0 && entity_is_negated(text, token_at(text, span.start))) {
        return READ_NOTHING;
    }
    if ((step->has_minimum && number < step->minimum) || (step->has_maximum && number > step->maximum) ||
        (step->is_integer && (number < floor(number) || number > floor(number)))) {
        return READ_OUT_OF_BOUNDS;
    }
    answer->kind = ANSWER_NUMBER;
    answer->number = number;
    answer->said = own_words(text->raw + span.start, span.length, run->arena);
    return READ_ANSWER;
}

static enum dialogue_read read_date(const struct dialogue_run *run, const struct text *text,
                                    struct session_answer *answer) {
    struct entity_moment moment;
    if (!entity_moment(text, run->now_ms, run->content->site.zone_minutes, &moment) || !moment.has_date) {
        return READ_NOTHING;
    }
    answer->kind = ANSWER_DATE;
    answer->number = (double)moment.at_ms;
    answer->said = own_words(text->raw + moment.span.start, moment.span.length, run->arena);
    return READ_ANSWER;
}

static enum dialogue_read read_contact(const struct dialogue_run *run, const struct text *text,
                                       struct session_answer *answer) {
    char phone[17], email[255];
    struct entity_span span;
    answer->kind = ANSWER_TEXT;
    if (entity_email(text, email, &span)) {
        answer->said = own_words(email, strlen(email), run->arena);
        return READ_ANSWER;
    }
    if (entity_phone(text, phone, &span)) {
        answer->said = arena_format(run->arena, "+%s", phone);
        return READ_ANSWER;
    }
    return READ_NOTHING;
}

/* A number alone, or an identity number already masked, names no job and no goal. */
static int has_letter(const struct text *text) {
    for (size_t i = 0; i < text->raw_length; i++) { /* folded, a masked number is a word */
        unsigned char byte = (unsigned char)text->raw[i];
        if (byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')) {
            return 1;
        }
    }
    return 0;
}

static enum dialogue_read read_text(const struct dialogue_run *run, const struct text *text,
                                    struct session_answer *answer) {
    if (text->flags & (TEXT_EMPTY | TEXT_NO_WORDS) || !has_letter(text)) {
        return READ_NOTHING;
    }
    answer->kind = ANSWER_TEXT;
    answer->said = own_words(text->raw, text->raw_length, run->arena);
    return answer->said[0] ? READ_ANSWER : READ_NOTHING;
}

int dialogue_takes_question(const struct dialogue_run *run, const struct content_step *step,
                            const struct session_answer *answer) {
    struct dialogue_path path;
    if (!step->question_if) {
        return 0;
    }
    dialogue_path(run, &path);
    size_t index = dialogue_path_index(&path, step->id);
    if (index < path.count) {
        path.answers[index] = answer; /* as if it had been taken */
    }
    return index < path.count && dialogue_holds(run, &path, step->question_if);
}

enum dialogue_read dialogue_read(const struct dialogue_run *run, const struct content_step *step,
                                 const struct text *text, struct session_answer *answer) {
    *answer = (struct session_answer){.step = step->id};
    switch (step->type) {
    case STEP_CHOICE:
    case STEP_SCALE:
    case STEP_CONFIRM: return read_choice(run, step, text, answer);
    case STEP_NUMBER: return read_number(run, step, text, answer);
    case STEP_DATE: return read_date(run, text, answer);
    case STEP_CONTACT: return read_contact(run, text, answer);
    case STEP_TEXT: return read_text(run, text, answer);
    case STEP_SAY: break;
    }
    return READ_NOTHING;
}
