/* Two questions in one message: cuts it at sentence ends and commas, or at one conjunction, and decides each
   part. Careful on purpose: a question with an explanation beside it must stay one. Called by the engine and
   the verb eval. */
#include "domain/intent/intent.h"

#include <string.h>

#include "base/arena.h"
#include "domain/content/content.h"
#include "domain/dialogue/words.h"
#include "domain/intent/intent_rank.h"

#include "banned.h"

enum {
    PARTS_MAX = 16, /* a longer message is a story, not a list of questions */
    ELLIPSIS_WORDS_MAX = 24,
    JOINED_WORDS_MAX = 30, /* a longer message is not cut at a conjunction */
    HALF_WORDS_LEAST = 2,
    JOINED_TRIES_MAX = 4 /* conjunctions of one message that are tried */
};

/* What every part is decided with. */
struct asking {
    const struct content *content;
    struct pattern_scratch *scratch;
    const struct text *text;
    const struct intent_context *context;
    struct arena *arena;
    enum intent_wish wish; /* of the parts */
};

struct part {
    size_t first, last; /* tokens, inclusive */
};

/* 1 if a comma, semicolon or sentence end stands before token index. */
static int starts_part(const struct text *text, size_t index) {
    const struct text_token *before = &text->tokens[index - 1], *token = &text->tokens[index];
    if (token->sentence != before->sentence)
        return 1;
    for (size_t i = (size_t)before->raw_start + before->raw_length; i < token->raw_start; i++)
        if (text->raw[i] == ',' || text->raw[i] == ';')
            return 1;
    return 0;
}

static size_t cut(const struct text *text, struct part *parts) {
    size_t count = 0;
    for (size_t i = 0; i < text->token_count; i++) {
        if (i > 0 && !starts_part(text, i)) {
            parts[count - 1].last = i;
            continue;
        }
        if (count == PARTS_MAX)
            return 0;
        parts[count++] = (struct part){i, i};
    }
    return count;
}

/* Tokens first..last as a text of their own. */
static struct text slice(const struct text *text, const struct part *part, struct arena *arena) {
    const struct text_token *first = &text->tokens[part->first], *last = &text->tokens[part->last];
    struct text out = *text;
    size_t start = first->start, end = (size_t)last->start + last->length;
    size_t raw_end = (size_t)last->raw_start + last->raw_length;
    out.folded = arena_copy(arena, text->folded + start, end - start);
    out.folded_length = end - start;
    out.raw = arena_copy(arena, text->raw + first->raw_start, raw_end - first->raw_start);
    out.raw_length = raw_end - first->raw_start;
    out.token_count = part->last - part->first + 1;
    out.tokens = arena_array(arena, out.token_count, sizeof *out.tokens);
    for (size_t i = 0; i < out.token_count; i++) {
        out.tokens[i] = text->tokens[part->first + i];
        out.tokens[i].start = (uint16_t)(out.tokens[i].start - start);
        out.tokens[i].raw_start = (uint16_t)(out.tokens[i].raw_start - first->raw_start);
    }
    return out;
}

/* What may be offered as a choice can be a question of its own; greetings, controls and danger cannot. */
static int is_topic(const struct content *content, const struct intent_decision *decision) {
    if (decision->outcome != INTENT_ANSWER)
        return 0;
    const struct content_intent *intent = &content->intents[decision->intent];
    int is_titled = 0;
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++)
        is_titled |= intent->title.text[i] != NULL;
    return is_titled && !intent->is_safety && intent->kind != INTENT_KIND_CONTROL &&
           intent->kind != INTENT_KIND_REPLY && intent->kind != INTENT_KIND_ESCALATION;
}

static int is_question(const struct content *content, const struct intent_decision *decision) {
    return is_topic(content, decision) && !decision->by_similarity && !decision->corrected;
}

static int holds_intent(const struct intent_decision *list, size_t count, uint32_t intent) {
    for (size_t i = 0; i < count; i++)
        if (list[i].intent == intent)
            return 1;
    return 0;
}

/* "apa itu karier sosial? bidangnya apa aja?": the second question has its subject in the first, so only the
   whole message tells what it asks. */
static int is_ellipsis(const struct text *text, const struct part *parts, size_t part_count) {
    if (part_count != 2 || text->token_count > ELLIPSIS_WORDS_MAX)
        return 0;
    for (size_t i = 0; i < 2; i++) {
        const struct text_token *last = &text->tokens[parts[i].last];
        if (!last->is_end || text->folded[last->start] != '?')
            return 0;
    }
    return 1;
}

/* Decides one part into out[count]; 1 if it is a question that none before it was. */
static size_t decide_part(const struct asking *asking, const struct part *part, struct intent_decision *out,
                          size_t count) {
    struct text *text = arena_alloc(asking->arena, sizeof *text);
    *text = slice(asking->text, part, asking->arena);
    intent_decide_wish(asking->content, asking->scratch, text, asking->context, asking->wish, asking->arena,
                       &out[count]);
    if (!is_question(asking->content, &out[count]) || holds_intent(out, count, out[count].intent))
        return 0;
    out[count].start = asking->text->tokens[part->first].start;
    out[count].end = out[count].start + text->folded_length;
    return 1;
}

/* "magang, relawan, atau kursus?": every part is a question by itself, but a pattern of more weight reads the
   whole as another one. */
static int is_one_question(const struct content *content, const struct intent_decision *whole,
                           const struct intent_decision *parts, size_t count) {
    if (whole->by_similarity || holds_intent(parts, count, whole->intent))
        return 0;
    for (size_t i = 0; i < count; i++)
        if (content->intents[parts[i].intent].priority >= content->intents[whole->intent].priority)
            return 0;
    return count > 0;
}

/* At sentence ends and commas. */
static size_t decide_cut(const struct asking *asking, const struct intent_decision *whole,
                         struct intent_decision *out, size_t limit) {
    struct part parts[PARTS_MAX];
    size_t part_count = cut(asking->text, parts), count = 0;
    if (part_count < 2 || !is_topic(asking->content, whole))
        return 0;
    for (size_t i = 0; i < part_count && count < limit; i++)
        count += decide_part(asking, &parts[i], out, count);
    if (count == part_count && is_one_question(asking->content, whole, out, count))
        return 0;
    if (count == part_count || holds_intent(out, count, whole->intent))
        return count;
    if (count != 1 || limit < 2 || !is_ellipsis(asking->text, parts, part_count))
        return 0;
    out[1] = *whole;
    out[1].start = asking->text->tokens[parts[1].first].start;
    return 2;
}

/* "cara cari mentor gimana dan skill apa yang dicari": the words on both sides of one conjunction, if each
   side asks something of its own and the whole nothing else. */
static size_t decide_joined(const struct asking *asking, const struct intent_decision *whole,
                            struct intent_decision *out) {
    const struct text *text = asking->text;
    size_t at = 0, words = 0, tries = 0;
    if (text->token_count > JOINED_WORDS_MAX ||
        (whole->outcome == INTENT_ANSWER && !is_topic(asking->content, whole)))
        return 0;
    for (size_t from = HALF_WORDS_LEAST; tries < JOINED_TRIES_MAX; from = at + words, tries++) {
        if (!words_find(text, WORDS_AND, from, &at, &words) ||
            at + words + HALF_WORDS_LEAST > text->token_count)
            return 0;
        struct part left = {0, at - 1}, right = {at + words, text->token_count - 1};
        if (decide_part(asking, &left, out, 0) && decide_part(asking, &right, out, 1) &&
            (whole->outcome != INTENT_ANSWER || whole->by_similarity || holds_intent(out, 2, whole->intent)))
            return 2;
    }
    return 0;
}

static size_t decide(const struct asking *asking, const struct intent_decision *whole,
                     struct intent_decision *out, size_t limit) {
    size_t at = 0, words = 0;
    int is_joined = limit >= 2 && words_find(asking->text, WORDS_AND, 0, &at, &words);
    struct part parts[PARTS_MAX];
    if (!is_joined && cut(asking->text, parts) < 2)
        return 0;
    size_t count = decide_cut(asking, whole, out, limit);
    return count > 1 || !is_joined ? count : decide_joined(asking, whole, out);
}

size_t intent_decide_parts(const struct content *content, struct pattern_scratch *scratch,
                           const struct text *text, const struct intent_context *context, struct arena *arena,
                           struct intent_decision *out, size_t limit) {
    const struct asking asking = {content, scratch, text, context, arena, INTENT_WISH_ALL};
    struct intent_decision whole;
    intent_decide(content, scratch, text, context, arena, &whole);
    return decide(&asking, &whole, out, limit);
}

/* Parts count only where a pattern answers them as they are written. */
size_t intent_decide_parts_of(const struct content *content, struct pattern_scratch *scratch,
                              const struct text *text, const struct intent_context *context,
                              const struct intent_decision *whole, struct arena *arena,
                              struct intent_decision *out, size_t limit) {
    const struct asking asking = {content, scratch, text, context, arena, INTENT_WISH_WRITTEN};
    return decide(&asking, whole, out, limit);
}
