/* "Selamat siang, saya baru di-PHK": a greeting, thanks or praise that won by its pattern must not hide what
   is said beside it. Never takes a message that says nothing more. Called by: engine/step when nothing is
   asked and nothing runs, engine/question. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"

#include "banned.h"

enum { REST_WORDS_LEAST = 3, COURTESY_WORDS = 3 };

/* What has no title is never offered as a choice: it is courtesy and no matter. */
static int is_courtesy(const struct work *work, const struct content_intent *intent) {
    return intent && intent->kind == INTENT_KIND_REPLY && !intent->is_safety && !intent->is_outside &&
           localized_text(&intent->title, work->language, work->content->site.default_language)[0] == '\0';
}

/* The tokens behind the winning match, or before it if nothing is behind. */
static void find_rest(const struct work *work, size_t *first, size_t *end) {
    const struct intent_candidate *winner = &work->decision.candidates[0];
    const struct text *text = &work->text;
    *first = 0;
    *end = text->token_count;
    while (*first < text->token_count && text->tokens[*first].start < winner->end) {
        (*first)++;
    }
    if (words_outside(text, WORDS_COURTESY, *first, *end) >= REST_WORDS_LEAST) {
        return;
    }
    *first = *end = 0;
    while (*end < text->token_count && text->tokens[*end].start < winner->start) {
        (*end)++;
    }
}

/* A pattern that is no courtesy itself; what the index finds counts only for a question, or "makasih udah
   dengerin" would be asked back. */
static int says_something(const struct work *work, const struct text *rest,
                          const struct intent_decision *decision) {
    const struct content_intent *asked = work_asked(work, decision);
    if (asked) {
        return !is_courtesy(work, asked);
    }
    if (work->has_run && (rest->flags & TEXT_QUESTION)) {
        return 1; /* "makasih, tapi kok ditanya itu?" is about the open question */
    }
    int is_near =
        decision->outcome == INTENT_ANSWER ? decision->by_similarity : decision->outcome == INTENT_SUGGEST;
    return is_near && decision->suggestion_count + (decision->outcome == INTENT_ANSWER) > 0 &&
           (rest->flags & TEXT_QUESTION) != 0;
}

void courtesy_rest(struct work *work) {
    const struct content_intent *asked = work_asked(work, &work->decision);
    struct text *rest = NULL;
    struct intent_decision decision;
    size_t first = 0, end = 0;
    if (!is_courtesy(work, asked) || work->decision.corrected || work->decision.candidate_count == 0 ||
        work->decision.candidates[0].words > COURTESY_WORDS) {
        return;
    }
    find_rest(work, &first, &end);
    if (words_outside(&work->text, WORDS_COURTESY, first, end) < REST_WORDS_LEAST) {
        return;
    }
    const struct text_token *from = &work->text.tokens[first], *last = &work->text.tokens[end - 1];
    size_t length = (size_t)last->raw_start + last->raw_length - from->raw_start;
    rest = arena_alloc(work->arena, sizeof *rest);
    text_fold(work->content->lexicon, work->text.raw + from->raw_start, length, work->language, work->arena,
              rest);
    work_decide(work, rest, &decision);
    if (!says_something(work, rest, &decision)) {
        return;
    }
    work->text = *rest;
    work->decision = decision;
    work->decided = work->text.folded;
    work->known = work_context(work);
}
