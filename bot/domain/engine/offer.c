/* What no pattern understood: "did you mean", questions typed in pieces, and the counted fallback.
   Never answers by itself what was only near. Called by: engine/step, engine/question, engine/press. */
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"
#include "domain/entity/entity.h"
#include "domain/text/lexicon.h"

#include "banned.h"

/* Who tells something and asks nothing is offered only what is nearer than this (a share of common features).
 */
static const float STORY_SCORE = 0.16F;

enum { UNSAYABLE_RUN = 4, GIBBERISH_WORDS = 4, STORIES = 3 };

/* ---- for authors, and for the next piece ---- */

static const char *candidate_ids(struct work *work) {
    const char *ids = "";
    for (size_t i = 0; i < work->decision.nearest_count && i < INTENT_SUGGESTIONS_MAX; i++) {
        const char *id = work->content->intents[work->decision.nearest[i].intent].id;
        ids = arena_format(work->arena, "%s%s%s", ids, i > 0 ? "," : "", id);
    }
    return ids;
}

void offer_note(struct work *work) {
    size_t length = u8_cut(work->text.raw, work->text.raw_length, WORK_QUOTE_MAX);
    const char *words = arena_copy(work->arena, work->text.raw, length);
    say_event(work, EVENT_UNMATCHED, words, candidate_ids(work));
    work->session->missed_text = arena_text(work->session->arena, words);
}

/* ---- did you mean ---- */

static const char *title_of(struct work *work, const struct content_intent *intent) {
    return localized_text(&intent->title, work->language, work->content->site.default_language);
}

int offer_is_far(const struct work *work) {
    const struct intent_decision *decision = &work->decision;
    return decision->nearest_count > 0 && decision->nearest[0].score < STORY_SCORE && work_is_story(work) &&
           content_reply_index(work->content, "fallback_story") != CONTENT_NONE;
}

void offer_suggestions(struct work *work) {
    struct session *session = work->session;
    offer_note(work);
    work_clear_asking(session);
    session->asking = ++session->prompt;
    work->out->outcome = TURN_SUGGESTED;
    int is_story =
        work_is_story(work) && content_reply_index(work->content, "did_you_mean_story") != CONTENT_NONE;
    if (say_reply(work, is_story ? "did_you_mean_story" : "did_you_mean") == 0) {
        return;
    }
    for (size_t i = 0; i < work->decision.suggestion_count; i++) {
        const struct content_intent *intent = &work->content->intents[work->decision.suggestions[i].intent];
        session->offers[session->offer_count++].intent = arena_text(session->arena, intent->id);
        say_choice(work, say_last(work), session->asking, intent->id, title_of(work, intent));
    }
    session->offers[session->offer_count++].intent = "";
    say_choice(work, say_last(work), session->asking, "none", say_label(work, "none_of_these"));
}

static void say_counted(struct work *work, const char *first) {
    const char *second =
        work->content->site.has_counsellor ? "fallback_counsellor" : "fallback_no_counsellor";
    say_reply(work, work->session->misses > 1 ? second : first);
}

/* Back to the question that was open when it was offered. */
static void come_back(struct work *work) {
    if (work->session->asking == 0 && dialogue_running(work->session)) {
        guide_again(work);
    }
}

static void choose(struct work *work, size_t index) {
    const char *id = work->session->offers[index].intent;
    uint32_t intent = id[0] ? content_intent_index(work->content, id) : CONTENT_NONE;
    struct session_frame *running = dialogue_running(work->session);
    const char *dialogue = running ? running->dialogue : "";
    work_clear_asking(work->session);
    if (intent != CONTENT_NONE) {
        answer_intent(work, intent);
    } else {
        work->session->misses++;
        work->out->outcome = TURN_NOT_UNDERSTOOD;
        say_counted(work, "none_of_these_chosen");
    }
    running = dialogue_running(work->session);
    if (running && strcmp(running->dialogue, dialogue) == 0) {
        come_back(work);
    }
}

int offer_press(struct work *work, const char *id) {
    for (size_t i = 0; i < work->session->offer_count; i++) {
        const char *offered = work->session->offers[i].intent;
        if (strcmp(offered[0] ? offered : "none", id) == 0) {
            choose(work, i);
            return 1;
        }
    }
    return 0;
}

static size_t list_options(struct work *work, struct entity_option *options) {
    size_t count = 0;
    for (; count < work->session->offer_count; count++) {
        const char *id = work->session->offers[count].intent;
        uint32_t intent = id[0] ? content_intent_index(work->content, id) : CONTENT_NONE;
        options[count].id = id[0] ? id : "none";
        options[count].label = intent == CONTENT_NONE ? say_label(work, "none_of_these")
                                                      : title_of(work, &work->content->intents[intent]);
        options[count].value = (double)(count + 1);
    }
    return count;
}

/* By number, word, label, or yes when there was only one. A new clear question lets the offer drop. */
int offer_text(struct work *work) {
    struct entity_option options[SESSION_OFFERS_MAX];
    memset(options, 0, sizeof options);
    size_t index = 0, count = list_options(work, options);
    enum content_control control = work_control(work);
    int is_none = control == CONTROL_DENY || work_is_not_meant(work);
    if (is_none || (control == CONTROL_AFFIRM && count == 2)) {
        choose(work, is_none ? count - 1 : 0);
        return 1;
    }
    if (control == CONTROL_CANCEL && !dialogue_running(work->session)) { /* there is only the offer to drop */
        work_clear_asking(work->session);
        work->out->outcome = TURN_CONTROL;
        work->out->intent = work->content->intents[work->decision.intent].id;
        say_reply(work, "no_without_question");
        return 1;
    }
    enum entity_choice_how how = CHOICE_NONE;
    if (control == CONTROL_NONE && !work_asked(work, &work->decision)) {
        how = entity_choice(&work->text, work->content->lexicon, options, count, &index, work->arena);
    }
    if (how != CHOICE_NONE && how != CHOICE_AMBIGUOUS) {
        choose(work, index);
        return 1;
    }
    work_clear_asking(work->session);
    return 0;
}

/* ---- one question typed in pieces ---- */

static int follows_piece(const struct work *work) {
    return work->session->missed_text && work->away_ms <= WORK_PIECES_MS;
}

/* Both pieces together say more than this one: the match reaches from one into the other and holds more
 * words. */
static int says_more(const struct work *work, const struct intent_decision *joined) {
    const struct intent_decision *alone = &work->decision;
    if (!work_asked(work, alone)) {
        return 1;
    }
    return work_asked(work, joined) && joined->intent != alone->intent && joined->candidate_count > 0 &&
           alone->candidate_count > 0 && joined->candidates[0].words > alone->candidates[0].words;
}

int offer_joined(struct work *work) {
    const struct text *joined = work_joined(work);
    struct intent_decision decision;
    if (!joined) {
        return 0;
    }
    work_decide(work, joined, &decision);
    if (decision.outcome != INTENT_ANSWER ||
        work->content->intents[decision.intent].control != CONTROL_NONE || !says_more(work, &decision)) {
        return 0;
    }
    work->text = *joined;
    work->decision = decision;
    work->decided = joined->folded;
    work->known = work_context(work);
    return 1;
}

/* ---- the counted fallback ---- */

/* "kak", "mau tanya dong": somebody calls; what they want comes next. */
static int is_only_calling(const struct work *work) {
    return words_outside(&work->text, WORDS_VOCATIVE, 0, work->text.token_count) == 0;
}

/* Four consonants in a row, or four letters and more without a vowel: nobody says that in any language here.
 */
static int is_unsayable(const char *word, size_t length) {
    size_t run = 0, longest = 0;
    for (size_t i = 0; i < length; i++) {
        if (word[i] < 'a' || word[i] > 'z') {
            return 0;
        }
        run = strchr("aeiou", word[i]) ? 0 : run + 1;
        longest = run > longest ? run : longest;
    }
    return longest >= UNSAYABLE_RUN;
}

/* "asdfgh jklmn": few words, none known, one of them unsayable. A light answer, not a lecture. */
static int is_gibberish(const struct work *work) {
    size_t words = 0, unsayable = 0;
    for (size_t i = 0; i < work->text.token_count; i++) {
        const struct text_token *token = &work->text.tokens[i];
        const char *word = work->text.folded + token->start;
        if (token->is_end) {
            continue;
        }
        if (lexicon_has_word(work->content->lexicon, word, token->length, work->arena)) {
            return 0;
        }
        words++;
        unsayable += (size_t)is_unsayable(word, token->length);
    }
    return unsayable > 0 && words <= GIBBERISH_WORDS &&
           content_reply_index(work->content, "gibberish") != CONTENT_NONE;
}

/* Somebody tells what happened: that is not met with "write shorter". Where a counsellor can answer, the
   second time in a row is theirs. */
static int is_listened(const struct work *work) {
    return work_is_story(work) && !(work->content->site.has_counsellor && work->session->misses > 1) &&
           content_reply_index(work->content, "fallback_story") != CONTENT_NONE;
}

/* Every third story in a row: being asked what one wants to know leads nowhere, so something is proposed. */
static const char fallback_story_more[] = "fallback_story_more";

static int is_offered_more(const struct work *work) {
    return work->session->misses % STORIES == 0 &&
           content_reply_index(work->content, fallback_story_more) != CONTENT_NONE;
}

void offer_fallback(struct work *work) {
    struct session *session = work->session;
    work->out->outcome = TURN_NOT_UNDERSTOOD;
    if (is_only_calling(work)) {
        if (safety_listen(work)) {
            return; /* nobody in danger is greeted */
        }
        session->missed_text = arena_text(session->arena, work->text.raw);
        say_reply(work, content_reply_index(work->content, "greet") != CONTENT_NONE ? "greet"
                                                                                    : "yes_without_question");
        return;
    }
    const char *before = follows_piece(work) ? session->missed_text : NULL;
    session->misses++;
    offer_note(work);
    if (before && strlen(before) + strlen(session->missed_text) < WORK_QUOTE_MAX) {
        session->missed_text = arena_format(session->arena, "%s %s", before, session->missed_text);
    }
    if (safety_listen(work)) {
        return;
    }
    const char *last = work->session->last_reply;
    if (is_gibberish(work) && !(last && strcmp(last, "gibberish") == 0)) {
        say_reply(work, "gibberish");
    } else if (is_listened(work)) {
        say_reply(work, is_offered_more(work) ? fallback_story_more : "fallback_story");
    } else {
        say_counted(work, "fallback_rephrase");
    }
}
