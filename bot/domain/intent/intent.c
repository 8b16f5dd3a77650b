/* Decides what a message means: patterns first, then a second chance for typing errors, then the n-gram
   index. Never changes content and keeps nothing between messages. Called by the engine, the content lint and
   the verbs match and eval. */
#include "domain/intent/intent.h"

#include <string.h>

#include "base/arena.h"
#include "domain/content/content.h"
#include "domain/intent/intent_rank.h"
#include "domain/similar/similar.h"

#include "banned.h"

static void find_nearest(const struct content *content, const struct text *text,
                         struct intent_decision *out) {
    struct similar_hit hits[INTENT_NEAREST_MAX];
    out->nearest_count =
        similar_search(content->similar, text->folded, text->folded_length, hits, INTENT_NEAREST_MAX);
    for (size_t i = 0; i < out->nearest_count; i++)
        out->nearest[i] = (struct intent_suggestion){hits[i].label, hits[i].score};
}

static float nearest_score(const struct intent_decision *decision, uint32_t intent) {
    for (size_t i = 0; i < decision->nearest_count; i++)
        if (decision->nearest[i].intent == intent)
            return decision->nearest[i].score;
    return 0;
}

/* May be shown as a choice: it has a title in some language. */
static int is_titled(const struct content_intent *intent) {
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++)
        if (intent->title.text[i] && *intent->title.text[i])
            return 1;
    return 0;
}

static void suggest(const struct content *content, struct intent_decision *out, uint32_t intent) {
    if (out->suggestion_count == INTENT_SUGGESTIONS_MAX || !is_titled(&content->intents[intent]))
        return;
    if (out->outcome == INTENT_ANSWER && out->intent == intent)
        return;
    for (size_t i = 0; i < out->suggestion_count; i++)
        if (out->suggestions[i].intent == intent)
            return;
    out->suggestions[out->suggestion_count++] =
        (struct intent_suggestion){intent, nearest_score(out, intent)};
}

/* Intents whose patterns matched, then what the index finds near enough. */
static void fill_suggestions(const struct content *content, struct intent_decision *out) {
    for (size_t i = 0; i < out->candidate_count; i++) {
        enum intent_lost lost = out->candidates[i].lost;
        if (lost == INTENT_WON || lost > INTENT_LOST_AFTER)
            suggest(content, out, out->candidates[i].intent);
    }
    for (size_t i = 0; i < out->nearest_count; i++)
        if (out->nearest[i].score >= content->thresholds.suggest_score)
            suggest(content, out, out->nearest[i].intent);
}

/* The index may answer alone when it is sure and nothing else is nearly as near. */
static int is_sure(const struct content *content, const struct intent_decision *decision) {
    if (decision->nearest_count == 0)
        return 0;
    float best = decision->nearest[0].score;
    float second = decision->nearest_count > 1 ? decision->nearest[1].score : 0;
    return content->intents[decision->nearest[0].intent].similar_may_answer &&
           best >= content->thresholds.answer_score && best - second >= content->thresholds.answer_lead;
}

static void answer(struct intent_decision *out, uint32_t intent, int by_similarity) {
    out->outcome = INTENT_ANSWER;
    out->intent = intent;
    out->by_similarity = by_similarity;
}

/* Matches; if nothing does, once more with typing errors corrected. Returns the text that counted. */
static const struct text *rank_with_correction(const struct content *content, struct pattern_scratch *scratch,
                                               const struct text *text, const struct intent_context *context,
                                               struct arena *arena, size_t *intents,
                                               struct intent_decision *out) {
    *intents = intent_rank(content, scratch, text, context, arena, out);
    if (*intents > 0)
        return text;
    struct text *corrected = arena_alloc(arena, sizeof *corrected);
    if (text_correct(content->lexicon, text, arena, corrected) == 0)
        return text;
    out->corrected = corrected;
    *intents = intent_rank(content, scratch, corrected, context, arena, out);
    return corrected;
}

void intent_decide(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                   const struct intent_context *context, struct arena *arena, struct intent_decision *out) {
    size_t intents;
    memset(out, 0, sizeof *out);
    out->end = text->folded_length;
    const struct text *used = rank_with_correction(content, scratch, text, context, arena, &intents, out);
    find_nearest(content, used, out);
    if (intents > 0)
        answer(out, out->candidates[0].intent, 0);
    else if (is_sure(content, out))
        answer(out, out->nearest[0].intent, 1);
    fill_suggestions(content, out);
    if (out->outcome == INTENT_NONE && out->suggestion_count > 0)
        out->outcome = INTENT_SUGGEST;
}
