/* A decision in words, for authors (`pandu match --explain`). Reads a decision, decides nothing. */
#include "domain/intent/intent.h"

#include <string.h>

#include "base/buf.h"
#include "domain/content/content.h"

#include "banned.h"

static const char *intent_id(const struct content *content, uint32_t intent) {
    return intent == CONTENT_NONE ? "?" : content->intents[intent].id;
}

static void add_views(const struct content *content, const struct text *text,
                      const struct intent_decision *decision, struct buf *out) {
    const char *language = text->language == TEXT_NO_LANGUAGE
                               ? "not told"
                               : lexicon_language(content->lexicon, (size_t)text->language);
    buf_add_format(out, "raw:      %.*s\n", (int)text->raw_length, text->raw);
    buf_add_format(out, "folded:   %.*s\n", (int)text->folded_length, text->folded);
    if (decision->corrected)
        buf_add_format(out, "corrected: %.*s   (nothing matched as written; typing errors were corrected)\n",
                       (int)decision->corrected->folded_length, decision->corrected->folded);
    buf_add_format(out, "language: %s\n", language);
}

static const char *outcome_name(enum intent_outcome outcome) {
    static const char *const names[] = {"none", "answer", "suggest"};
    return names[outcome];
}

static void add_outcome(const struct content *content, const struct intent_decision *decision,
                        struct buf *out) {
    buf_add_format(out, "outcome:  %s", outcome_name(decision->outcome));
    if (decision->outcome == INTENT_ANSWER)
        buf_add_format(out, " %s (%s)", intent_id(content, decision->intent),
                       decision->by_similarity ? "by similarity, no pattern matched" : "by pattern");
    if (decision->is_doubtful)
        buf_add_text(out, " (a pattern matched, but the examples of another intent are clearly nearer: "
                          "asked, not answered)");
    if (decision->is_near_danger)
        buf_add_text(out,
                     "\ndanger:   no pattern found it, but nothing is nearer: the person is asked first");
    buf_add_char(out, '\n');
}

/* The best candidate of the intent that beat another one; the first of all when there is none. */
static const struct intent_candidate *best_of(const struct intent_decision *decision, uint32_t intent) {
    for (size_t i = 0; i < decision->candidate_count; i++)
        if (decision->candidates[i].intent == intent)
            return &decision->candidates[i];
    return &decision->candidates[0];
}

/* Why a candidate lost, with the two values that decided. */
static void add_lost(const struct content *content, const struct intent_decision *decision,
                     const struct intent_candidate *candidate, struct buf *out) {
    const struct content_intent *intent = &content->intents[candidate->intent];
    const struct intent_candidate *winner = best_of(decision, candidate->lost_to);
    switch (candidate->lost) {
    case INTENT_WON: buf_add_text(out, decision->is_doubtful ? "first, but doubtful" : "won"); return;
    case INTENT_LOST_UNLESS:
        buf_add_format(out, "out: its unless[%u] \"%s\" matched", candidate->lost_to,
                       intent->unless[candidate->lost_to].written);
        return;
    case INTENT_LOST_SCOPE: buf_add_text(out, "out: its dialogue is not running (scope)"); return;
    case INTENT_LOST_AFTER:
        buf_add_text(out, "out: the bot did not just say what it must follow (after)");
        return;
    case INTENT_LOST_SAFETY:
        buf_add_format(out, "lost to %s: safety goes first", intent_id(content, candidate->lost_to));
        return;
    case INTENT_LOST_DIALOGUE:
        buf_add_format(out, "lost to %s, which belongs to the running dialogue",
                       intent_id(content, candidate->lost_to));
        return;
    case INTENT_LOST_PRIORITY:
        buf_add_format(out, "lost to %s by priority (%d to %d)", intent_id(content, candidate->lost_to),
                       intent->priority, content->intents[winner->intent].priority);
        return;
    case INTENT_LOST_WORDS:
        buf_add_format(out, "lost to %s by literal words (%u to %u)", intent_id(content, candidate->lost_to),
                       candidate->words, winner->words);
        return;
    case INTENT_LOST_SPAN:
        buf_add_format(out, "lost to %s by span (%zu to %zu bytes)", intent_id(content, candidate->lost_to),
                       candidate->end - candidate->start, winner->end - winner->start);
        return;
    case INTENT_LOST_GAPS:
        buf_add_format(out, "lost to %s by words in gaps (%u to %u)", intent_id(content, candidate->lost_to),
                       candidate->gaps, winner->gaps);
        return;
    case INTENT_LOST_ID:
        buf_add_format(out, "lost to %s by id alone: make one of the patterns more exact",
                       intent_id(content, candidate->lost_to));
        return;
    case INTENT_LOST_NEAREST:
        buf_add_format(out, "first in the order, but the examples of %s are clearly nearer",
                       intent_id(content, candidate->lost_to));
        return;
    case INTENT_LOST_SAME_INTENT: buf_add_text(out, "another pattern of this intent is better"); return;
    }
}

static void add_candidates(const struct content *content, const struct text *text,
                           const struct intent_decision *decision, struct buf *out) {
    const struct text *used = decision->corrected ? decision->corrected : text;
    buf_add_format(out, "candidates: %zu\n", decision->candidate_count);
    for (size_t i = 0; i < decision->candidate_count; i++) {
        const struct intent_candidate *candidate = &decision->candidates[i];
        const struct content_intent *intent = &content->intents[candidate->intent];
        buf_add_format(out,
                       "  %zu. %s pattern[%u] \"%s\"\n     matched \"%.*s\": %u literal words, %u in gaps; ",
                       i + 1, intent->id, candidate->pattern, intent->patterns[candidate->pattern].written,
                       (int)(candidate->end - candidate->start), used->folded + candidate->start,
                       candidate->words, candidate->gaps);
        add_lost(content, decision, candidate, out);
        buf_add_char(out, '\n');
    }
    if (decision->exhausted > 0)
        buf_add_format(out, "  %zu patterns gave up at the match limit and count as no match\n",
                       decision->exhausted);
}

static void add_list(const struct content *content, const char *name, const struct intent_suggestion *list,
                     size_t count, struct buf *out) {
    buf_add_text(out, name);
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, "%s %s %.2f", i > 0 ? "," : "", content->intents[list[i].intent].id,
                       (double)list[i].score);
    buf_add_text(out, count > 0 ? "\n" : " nothing\n");
}

void intent_explain(const struct content *content, const struct text *text,
                    const struct intent_decision *decision, struct buf *out) {
    add_views(content, text, decision, out);
    add_outcome(content, decision, out);
    add_candidates(content, text, decision, out);
    add_list(content, "similar: ", decision->nearest, decision->nearest_count, out);
    buf_add_format(
        out,
        "          (answers alone from %.2f with a lead of %.2f, a little below with a greater lead; "
        "is offered from %.2f, in a long message from less)\n",
        (double)content->thresholds.answer_score, (double)content->thresholds.answer_lead,
        (double)content->thresholds.suggest_score);
    add_list(content,
             decision->outcome == INTENT_ANSWER ? "runners-up:" : "offered:  ", decision->suggestions,
             decision->suggestion_count, out);
}
