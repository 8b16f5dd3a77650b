/* A short message that leans on the last answer: "kalau gajinya?", "contohnya dong". Which intent of the same
   topic it means is declared by the intents (`in_topic`). Never takes a message that a pattern answers by
   itself. Called by: engine/step when nothing is asked and nothing runs. */
#include <string.h>

#include "domain/dialogue/words.h"
#include "domain/engine/work.h"
#include "domain/pattern/pattern.h"

#include "banned.h"

enum { WORDS_MAX = 7, OTHER_WORDS_MAX = 3 }; /* longer messages stand for themselves */

static const char *last_topic(const struct work *work) {
    const char *last = work->session->last_reply;
    uint32_t reply = last ? content_reply_index(work->content, last) : CONTENT_NONE;
    return reply == CONTENT_NONE ? NULL : work->content->replies[reply].topic;
}

/* Words of the message that the match leaves over, courtesy not counted. */
static size_t words_left(const struct text *text, const struct pattern_span *span) {
    size_t first = 0, end = text->token_count;
    while (first < end && text->tokens[first].start < span->start) {
        first++;
    }
    while (end > first && text->tokens[end - 1].start >= span->end) {
        end--;
    }
    return words_outside(text, WORDS_COURTESY, 0, first) +
           words_outside(text, WORDS_COURTESY, end, text->token_count);
}

/* The intent of the topic whose words take most of the message; CONTENT_NONE: none. */
static uint32_t find_meant(const struct work *work, const char *topic) {
    uint32_t meant = CONTENT_NONE;
    size_t fewest = OTHER_WORDS_MAX + 1;
    for (size_t i = 0; i < work->decision.hit_count; i++) {
        const struct pattern_hit *hit = &work->decision.hits[i];
        const struct content_pattern_owner *owner = &work->content->pattern_owners[hit->pattern];
        if (owner->role != CONTENT_ROLE_IN_TOPIC ||
            strcmp(work->content->intents[owner->owner].topic, topic) != 0) {
            continue;
        }
        size_t left = words_left(&work->text, &hit->span);
        if (left < fewest) {
            fewest = left;
            meant = owner->owner;
        }
    }
    return meant;
}

int in_topic_answer(struct work *work) {
    const char *topic = last_topic(work);
    int is_clear = work->decision.outcome == INTENT_ANSWER && !work->decision.by_similarity;
    if (!topic || is_clear || work->away_ms >= WORK_AWAY_MS ||
        words_outside(&work->text, WORDS_COURTESY, 0, work->text.token_count) > WORDS_MAX) {
        return 0;
    }
    uint32_t meant = find_meant(work, topic);
    if (meant == CONTENT_NONE) {
        return 0;
    }
    answer_intent(work, meant);
    return 1;
}
