/* A thing named in one sentence and asked about in the next: "dana darurat? apaan tuh". It is the question
   "apaan tuh dana darurat?", which no pattern sees across the end of a sentence. Never takes a message that a
   pattern answers as it stands. Called by: work_read, engine/retry. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"

#include "banned.h"

enum { THING_TOKENS_MAX = 10, THING_WORDS_MAX = 4 };

/* First token of the second of two sentences; 0: it is another message. */
static size_t second_sentence(const struct text *text) {
    size_t count = text->token_count, at = 1;
    if (count < 2 || count > THING_TOKENS_MAX || text->tokens[count - 1].sentence != 1) {
        return 0; /* nearly always */
    }
    while (at < count && text->tokens[at].sentence == 0) {
        at++;
    }
    return at < count ? at : 0;
}

/* All of it asks what something is, and nothing else. */
static int asks_what(const struct text *text, size_t from) {
    int asks = 0;
    for (size_t at = from, taken; at < text->token_count; at += taken) {
        size_t what = words_at(text, WORDS_WHAT_OF, at), courtesy = words_at(text, WORDS_COURTESY, at);
        asks |= words_at(text, WORDS_ASKING, at) > 0 || words_at(text, WORDS_UNCLEAR, at) > 0;
        taken = what > courtesy ? what : courtesy;
        taken = taken == 0 && text->tokens[at].is_end ? 1 : taken;
        if (taken == 0) {
            return 0;
        }
    }
    return asks;
}

size_t thing_asked(const struct text *text) {
    size_t second = second_sentence(text);
    size_t words = second > 0 ? words_outside(text, WORDS_COURTESY, 0, second) : 0;
    return words > 0 && words <= THING_WORDS_MAX && asks_what(text, second) ? second : 0;
}

void thing_decide(struct work *work) {
    const struct text *text = &work->text;
    const struct intent_decision *decision = &work->decision;
    size_t second = thing_asked(text);
    if (second == 0 || (decision->outcome == INTENT_ANSWER && !decision->by_similarity)) {
        return;
    }
    size_t from = text->tokens[second].raw_start, end = from;
    while (end > 0 && strchr(" \t\n\r.?!,;", text->raw[end - 1])) {
        end--;
    }
    char *question = arena_format(work->arena, "%.*s %.*s?", (int)(text->raw_length - from), text->raw + from,
                                  (int)end, text->raw);
    for (char *at = question; at[0] && at[1]; at++) { /* one sentence: only the last sign ends it */
        *at = *at == '?' || *at == '.' || *at == '!' || *at == '\n' ? ' ' : *at;
    }
    struct text *joined = arena_room(work->arena, sizeof *joined);
    struct intent_decision asked;
    text_fold(work->content->lexicon, question, strlen(question), work->session->language, work->arena,
              joined);
    work_decide_by_pattern(work, joined, &asked);
    if (asked.outcome == INTENT_ANSWER) {
        asked.corrected = asked.corrected ? asked.corrected : joined;
        work->decision = asked;
    }
}
