/* When a message was no answer to the open question: what is said then, the offer to leave the question out,
   and questions that nobody here can answer. Nobody is asked the same thing without end, and one message asks
   one thing. Called by: engine/question. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"

#include "banned.h"

enum {
    ASIDE_WORDS = 14,   /* a longer message is a story that may hold a question */
    THOUGHT_WORDS = 2,  /* "perawat?", "apa ya": thinking aloud */
    GIVE_UP = 2,        /* times `retry` bad answers, then the question is left out */
    EXPLAINED_WORDS = 4 /* "contohnya apa": about the question itself */
};

static const char skip_offer[] = "dialogue_skip_offer", not_known[] = "question_not_known",
                  not_known_counsellor[] = "question_not_known_counsellor";

static size_t words_said(const struct text *text) {
    return words_outside(text, WORDS_COURTESY, 0, text->token_count);
}

/* ---- retries ---- */

static const char *retry_reply(const struct content_step *step) {
    switch (step->type) {
    case STEP_NUMBER: return "retry_number";
    case STEP_DATE: return "retry_date";
    case STEP_TEXT: return "retry_text";
    case STEP_CONTACT: return "retry_contact";
    case STEP_CONFIRM: return "retry_confirm";
    case STEP_CHOICE:
    case STEP_SCALE:
    case STEP_SAY: break;
    }
    return "retry_choice";
}

static void say_retry(struct work *work, const struct content_step *step, enum dialogue_read read) {
    static const char one[] = "retry_one"; /* "lingkungan sama pendidikan": two choices at once */
    if (read == READ_UNCLEAR && step->type != STEP_CONFIRM &&
        content_reply_index(work->content, one) != CONTENT_NONE) {
        say_reply(work, one);
        return;
    }
    const char *least = step->has_minimum ? arena_format(work->arena, "%.10g", step->minimum) : NULL;
    const char *most = step->has_maximum ? arena_format(work->arena, "%.10g", step->maximum) : NULL;
    struct say_pair pairs[] = {{"minimum", least}, {"maximum", most}};
    say_reply_with(work, retry_reply(step), pairs, 2);
}

/* The offer is a question of its own, so it stands instead of the other; its buttons answer both. */
static void offer_skip(struct work *work, const struct content_step *step) {
    if (say_reply(work, skip_offer) > 0) {
        guide_choices(work, step);
    } else {
        guide_ask(work);
    }
}

void retry_ask(struct work *work, const struct content_step *step, enum dialogue_read read) {
    if (work->away_ms > WORK_AWAY_MS && read != READ_OUT_OF_BOUNDS) {
        guide_again(work); /* after days nobody has the question in mind: no bad answer */
        return;
    }
    int retries = ++work->run.frame->retries;
    if (retries >= GIVE_UP * step->retry_max) { /* the offer was not taken, and asking goes on for ever */
        guide_leave_out(work);
        return;
    }
    if (retries != step->retry_max || read == READ_OUT_OF_BOUNDS) {
        say_retry(work, step, read);
    }
    if (retries == step->retry_max) {
        offer_skip(work, step);
        return;
    }
    if (retries < step->retry_max && read != READ_UNCLEAR) {
        say_hint(work, step);
    }
    guide_ask(work);
}

int retry_takes_offer(struct work *work) {
    enum content_control control = work_control(work);
    const char *last = work->session->last_reply;
    if (!last || strcmp(last, skip_offer) != 0 || (control != CONTROL_AFFIRM && control != CONTROL_DENY)) {
        return 0;
    }
    work->out->intent = work->content->intents[work->decision.intent].id;
    if (control == CONTROL_AFFIRM) {
        guide_skip(work);
    } else {
        guide_ask(work);
    }
    return 1;
}

/* "kapan ya, lupa": nothing else is said. */
static int is_unsure(const struct text *text) {
    static const enum words_group empty[] = {WORDS_UNSURE, WORDS_COURTESY, WORDS_ASKING, WORDS_OWN};
    int has_unsure = 0;
    for (size_t at = 0, most; at < text->token_count; at += most) {
        most = text->tokens[at].is_end != 0;
        for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
            size_t count = words_at(text, empty[i], at);
            has_unsure |= i == 0 && count > 0;
            most = count > most ? count : most;
        }
        if (most == 0) {
            return 0;
        }
    }
    return has_unsure;
}

int retry_unsure(struct work *work, const struct content_step *step) {
    if (!is_unsure(&work->text)) {
        return 0;
    }
    int has_hint =
        localized_text(&step->hint, work->language, work->content->site.default_language)[0] != '\0';
    int retries = ++work->run.frame->retries;
    if (retries < step->retry_max && has_hint) {
        command_explain(work, step);
    } else if (retries <= step->retry_max) {
        work->run.frame->retries = step->retry_max;
        offer_skip(work, step);
    } else {
        guide_ask(work);
    }
    return 1;
}

/* ---- questions ---- */

/* Behind the courtesy at the beginning. */
static size_t first_word(const struct text *text) {
    size_t at = 0, length = 1;
    for (; length > 0 && at < text->token_count; at += length) {
        int asks = words_at(text, WORDS_ASKING, at) > 0 || words_at(text, WORDS_ASKING_IF, at) > 0;
        length = asks ? 0 : text->tokens[at].is_end ? 1 : words_at(text, WORDS_COURTESY, at);
    }
    return at;
}

static int ends_with(const struct text *text, const char *word) {
    const struct text_token *last = text->token_count > 0 ? &text->tokens[text->token_count - 1] : NULL;
    return last && last->length == strlen(word) &&
           memcmp(text->folded + last->start, word, last->length) == 0;
}

/* Behind the last word that is no courtesy. */
static size_t last_word(const struct text *text) {
    size_t end = text->token_count;
    while (end > 0 && (text->tokens[end - 1].is_end || words_at(text, WORDS_COURTESY, end - 1) == 1)) {
        end--;
    }
    return end;
}

/* "mau jadi apa ya" */
static int ends_in_question_word(const struct text *text) {
    size_t end = last_word(text);
    return end > 0 && words_at(text, WORDS_ASKING, end - 1) > 0 && !words_has(text, WORDS_SUPPOSING);
}

/* "ada batas usia ga": as a question, without its mark. */
static int ends_asking(const struct text *text) {
    size_t end = last_word(text);
    const struct text_token *last = end > 0 ? &text->tokens[end - 1] : NULL;
    return last && last->length == 5 && memcmp(text->folded + last->start, "tidak", 5) == 0;
}

int retry_is_question(const struct text *text) {
    size_t words = words_said(text), first = first_word(text);
    if (thing_asked(text) > 0) {
        return 1;
    }
    if (words == 0 || words > ASIDE_WORDS || words_at(text, WORDS_SUPPOSING, first) > 0 ||
        text->tokens[text->token_count - 1].sentence > 0) {
        return 0;
    }
    int is_marked = ends_with(text, "?");
    if (words <= EXPLAINED_WORDS && words_has(text, WORDS_EXAMPLE) && (text->flags & TEXT_QUESTION)) {
        return 1; /* "contohnya apa?" */
    }
    return words_at(text, WORDS_ASKING, first) > 0 ||
           (words <= EXPLAINED_WORDS && ends_in_question_word(text)) ||
           (is_marked && words > THOUGHT_WORDS) ||
           (words_at(text, WORDS_ASKING_IF, first) > 0 && (is_marked || ends_asking(text)));
}

/* Said a second time, it is meant as the answer. */
static int is_said_again(const struct work *work) {
    const char *missed = work->session->missed_text;
    return missed && strcmp(missed, work->text.raw) == 0;
}

static void say_not_known(struct work *work, const struct content_step *step) {
    int has_counsellor = work->content->site.has_counsellor;
    offer_note(work);
    if (say_reply(work, has_counsellor ? not_known_counsellor : not_known) == 0) {
        say_retry(work, step, READ_NOTHING);
    }
    if (step->type == STEP_TEXT && ++work->run.frame->retries == step->retry_max) {
        offer_skip(work, step);
    } else {
        guide_ask(work);
    }
}

/* Words that say something by themselves, and whether one points at what was asked ("ini", "this"). */
static size_t words_of_weight(const struct text *text, int *points) {
    size_t words = 0;
    for (size_t at = 0, taken; at < text->token_count; at += taken) {
        size_t own = words_at(text, WORDS_OWN, at), courtesy = words_at(text, WORDS_COURTESY, at);
        taken = own > courtesy ? own : courtesy;
        *points |= own > 0 && courtesy == 0;
        words += taken == 0 && !text->tokens[at].is_end;
        taken = taken > 0 ? taken : 1;
    }
    return words;
}

/* "apa ya", "contohnya apa gitu?", "ini penting ga sih": what the hint is for. */
int retry_is_about_step(const struct text *text) {
    int points = 0, explains = words_has(text, WORDS_EXAMPLE) || words_has(text, WORDS_UNCLEAR);
    size_t words = words_of_weight(text, &points);
    if (thing_asked(text) > 0) {
        return 0; /* "blockchain? apaan tuh" */
    }
    return words <= 1 || (words <= THOUGHT_WORDS && (points || words_has(text, WORDS_ASKING))) ||
           (explains && words <= EXPLAINED_WORDS);
}

/* "npwp itu apa": asks what a thing is of which neither the question nor its hint speaks. */
static int asks_of_other(struct work *work, const struct content_step *step) {
    static const enum words_group empty[] = {WORDS_COURTESY, WORDS_OWN,     WORDS_ASKING,
                                             WORDS_WHAT_OF,  WORDS_UNCLEAR, WORDS_EXAMPLE};
    const struct text *text = &work->text;
    int language = work->language, otherwise = work->content->site.default_language;
    struct text about = {0};
    size_t others = 0;
    const char *own = arena_join(work->arena,
                                 (const char *const[]){localized_text(&step->ask, language, otherwise), " ",
                                                       localized_text(&step->hint, language, otherwise)},
                                 3);
    for (size_t at = 0, most; at < text->token_count; at += most) {
        most = text->tokens[at].is_end != 0;
        for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
            size_t count = words_at(text, empty[i], at);
            most = count > most ? count : most;
        }
        if (most > 0) {
            continue;
        }
        most = 1;
        others++;
        size_t count = 0;
        const char *word =
            arena_copy(work->arena, text->folded + text->tokens[at].start, text->tokens[at].length);
        if (about.token_count == 0) {
            text_fold(work->content->lexicon, own, strlen(own), language, work->arena, &about);
        }
        for (size_t i = 0; i < about.token_count; i++) {
            if (words_phrase_at(&about, i, word, &count)) {
                return 0;
            }
        }
    }
    return others > 0 && words_has(text, WORDS_WHAT_OF) && words_has(text, WORDS_ASKING);
}

int retry_takes_question(const struct work *work, const struct content_step *step,
                         const struct session_answer *answer) {
    return answer && !ends_in_question_word(&work->text) && dialogue_takes_question(&work->run, step, answer);
}

int retry_question(struct work *work, const struct content_step *step, const struct session_answer *answer) {
    int is_closed = step->type != STEP_TEXT;
    int has_word = words_has(&work->text, WORDS_ASKING);
    int asks = retry_is_question(&work->text) || (is_closed && (has_word || ends_with(&work->text, "?")));
    if (!asks || (!is_closed && is_said_again(work)) || retry_takes_question(work, step, answer)) {
        return 0;
    }
    int has_hint =
        localized_text(&step->hint, work->language, work->content->site.default_language)[0] != '\0';
    if (has_hint && retry_is_about_step(&work->text) && !asks_of_other(work, step)) {
        command_explain(work, step);
    } else {
        say_not_known(work, step);
    }
    return 1;
}
