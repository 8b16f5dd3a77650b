/* Facts said in passing ("aku kasir, 25 tahun"): remembered as slots, so that no dialogue asks for them
   again. Not what is negated, wished or supposed; never over what the person answered to a question about it.
   Called by: engine/step for every message, engine/question for the value inside a longer answer. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"
#include "domain/entity/entity.h"
#include "domain/pattern/pattern.h"

#include "banned.h"

enum { VALUE_CHARS_MAX = 60, WISH_WORDS_BEFORE = 3, PATTERN_WORDS_MAX = 3, PHRASE_WORDS_MAX = 6 };

/* ---- one hit ---- */

static size_t token_from(const struct text *text, size_t folded_byte) {
    size_t i = 0;
    while (i < text->token_count && text->tokens[i].start < folded_byte) {
        i++;
    }
    return i;
}

/* Something the person wants, supposes or denies stands before it in the same sentence. */
static int is_unreal(const struct text *text, size_t match, size_t value) {
    size_t first = match > WISH_WORDS_BEFORE ? match - WISH_WORDS_BEFORE : 0, found = 0, count = 0;
    while (first < match && text->tokens[first].sentence != text->tokens[match].sentence) {
        first++;
    }
    return entity_is_negated(text, value) ||
           (words_find(text, WORDS_WISH, first, &found, &count) && found < value);
}

static int stands_in(const struct text *text, enum words_group group, size_t token) {
    return words_at(text, group, token) > 0;
}

/* More than a space stands between this token and the one before. */
static int stands_apart(const struct text *text, size_t token) {
    const struct text_token *before = &text->tokens[token - 1];
    return text->tokens[token].raw_start > before->raw_start + before->raw_length + 1;
}

/* A pattern takes at most three words, people say more: "admin di toko | online". The end of the phrase is
   where the sentence, a comma or a word like "dan" ends it. */
static size_t phrase_end(const struct text *text, size_t first, size_t end) {
    for (size_t i = first + 1; i < end; i++) { /* "kasir di toko, gimana ..." ends at the comma */
        if (stands_apart(text, i)) {
            return i;
        }
    }
    if (end - first < PATTERN_WORDS_MAX) {
        return end;
    }
    while (end < text->token_count && end - first < PHRASE_WORDS_MAX && !text->tokens[end].is_end &&
           text->tokens[end].sentence == text->tokens[first].sentence && !stands_in(text, WORDS_BREAK, end) &&
           !stands_apart(text, end)) {
        end++;
    }
    return end;
}

/* The raw words of tokens [first, end) without courtesy and joints at the end; NULL when nothing is left. */
static const char *clean_value(struct work *work, const struct text *text, size_t first, size_t end) {
    while (end > first && (text->tokens[end - 1].is_end || stands_in(text, WORDS_COURTESY, end - 1) ||
                           stands_in(text, WORDS_JOINT, end - 1))) {
        end--;
    }
    if (end == first) {
        return NULL;
    }
    const struct text_token *last = &text->tokens[end - 1];
    size_t start = text->tokens[first].raw_start, length = (size_t)last->raw_start + last->raw_length - start;
    length = u8_cut(text->raw + start, length, VALUE_CHARS_MAX);
    while (length > 0 && strchr(" ,.;:!?\"'", (unsigned char)text->raw[start + length - 1])) {
        length--;
    }
    return length > 0 ? arena_copy(work->arena, text->raw + start, length) : NULL;
}

static const char *check_kind(const struct content_fact *fact, const char *value) {
    char *end = NULL;
    if (value && fact->kind == FACT_NUMBER) {
        double number = strtod(value, &end);
        return end != value && number >= fact->minimum && number <= fact->maximum ? value : NULL;
    }
    return value && fact->kind == FACT_NAME && strpbrk(value, "0123456789@/") ? NULL : value;
}

static const char *hit_value(struct work *work, const struct content_fact *fact, const struct text *text,
                             const struct pattern_hit *hit) {
    int capture = work->content->pattern_owners[hit->pattern].value_capture;
    if (capture < 0 || (size_t)capture >= hit->capture_count || hit->captures[capture].start == SIZE_MAX) {
        return NULL;
    }
    size_t first = token_from(text, hit->captures[capture].start);
    size_t end = token_from(text, hit->captures[capture].end);
    if (first >= end || is_unreal(text, token_from(text, hit->span.start), first)) {
        return NULL;
    }
    end = fact->kind == FACT_TEXT ? phrase_end(text, first, end) : end;
    return check_kind(fact, clean_value(work, text, first, end));
}

/* ---- one fact ---- */

/* Mostly the message was matched against all patterns when it was decided. */
static int matches(struct work *work, const struct content_pattern *pattern, struct pattern_hit *hit) {
    return pattern_match_asked(work->content->patterns, work->scratch, pattern->number, work->text.folded,
                               work->text.folded_length, hit) == 1;
}

static const char *find_value(struct work *work, const struct content_fact *fact) {
    struct pattern_hit hit;
    for (size_t i = 0; i < fact->unless_count; i++) {
        if (matches(work, &fact->unless[i], &hit)) {
            return NULL;
        }
    }
    for (size_t i = 0; i < fact->pattern_count; i++) {
        const char *value =
            matches(work, &fact->patterns[i], &hit) ? hit_value(work, fact, &work->text, &hit) : NULL;
        if (value) {
            return value;
        }
    }
    return NULL;
}

const char *facts_value(struct work *work, const char *id) {
    for (size_t i = 0; i < work->content->fact_count; i++) {
        if (strcmp(work->content->facts[i].id, id) == 0) {
            return find_value(work, &work->content->facts[i]);
        }
    }
    return NULL;
}

/* What an answer names, without the courtesy around it and what is added behind a comma: "pengen jadi kepala
   toko lah, tapi bos galak" is "kepala toko". NULL: nothing is left. */
const char *facts_phrase(struct work *work) {
    static const enum words_group before[] = {WORDS_OWN, WORDS_WISH, WORDS_NEW_VALUE};
    const struct text *text = &work->text;
    size_t first = 0, end = 0;
    if (text->token_count == 0 || text->tokens[text->token_count - 1].sentence > 0) {
        return NULL; /* two sentences are not cut to one */
    }
    for (size_t most = 1; most > 0 && first < text->token_count; first += most) {
        most = 0;
        for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
            size_t count = words_at(text, before[i], first);
            most = count > most ? count : most;
        }
    }
    for (end = first; end < text->token_count && !text->tokens[end].is_end; end++) {
        if (end > first && stands_apart(text, end) && stands_in(text, WORDS_BREAK, end)) {
            break;
        }
    }
    return end > first ? clean_value(work, text, first, end) : NULL;
}

static int may_set(const struct session *session, const struct content_fact *fact) {
    for (size_t i = 0; i < session->slot_count; i++) {
        if (strcmp(session->slots[i].name, fact->id) == 0) {
            return fact->kind != FACT_TEXT || !session->slots[i].is_answer;
        }
    }
    return 1;
}

/* 0 when no pattern of a fact matched the message, as on nearly every one. */
static int may_tell(const struct work *work) {
    const struct intent_decision *decision = &work->decision;
    if (work->decided != work->text.folded || !decision->has_all_hits) {
        return 1;
    }
    for (size_t i = 0; i < decision->hit_count; i++) {
        if (work->content->pattern_owners[decision->hits[i].pattern].role == CONTENT_ROLE_FACT) {
            return 1;
        }
    }
    return 0;
}

/* ---- what is no longer so: "eh aku bukan mahasiswa" ---- */

/* The token right behind "bukan", perhaps one of no weight between ("bukan lagi kasir"), names the value. */
static int names_value(const struct text *text, size_t from, const struct text *value) {
    const struct text_token *first = &value->tokens[0];
    for (size_t at = from; at < text->token_count && at <= from + 1; at++) {
        const struct text_token *token = &text->tokens[at];
        if (token->length == first->length &&
            memcmp(text->folded + token->start, value->folded + first->start, first->length) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_denied(struct work *work, const struct session_slot *slot, size_t behind) {
    struct text value;
    text_fold(work->content->lexicon, slot->value, strlen(slot->value), work->language, work->arena, &value);
    return value.token_count > 0 && names_value(&work->text, behind, &value);
}

/* Only what was said in passing: an answer is changed where it was asked. */
static void drop_denied(struct work *work) {
    struct session *session = work->session;
    size_t at = 0, count = 0;
    if (session->slot_count == 0 || (work->text.flags & TEXT_QUESTION) ||
        !words_find(&work->text, WORDS_NOT_ANY_MORE, 0, &at, &count)) {
        return;
    }
    for (size_t i = 0; i < work->content->fact_count; i++) {
        const struct content_fact *fact = &work->content->facts[i];
        for (size_t j = 0; fact->kind == FACT_TEXT && j < session->slot_count; j++) {
            const struct session_slot *slot = &session->slots[j];
            if (!slot->is_answer && strcmp(slot->name, fact->id) == 0 && is_denied(work, slot, at + count)) {
                session_drop_slot(session, fact->id);
                work->is_told_fact = 1;
                work->denied_fact = fact->id;
                return;
            }
        }
    }
}

void facts_collect(struct work *work) {
    drop_denied(work);
    if (!may_tell(work)) {
        return;
    }
    for (size_t i = 0; i < work->content->fact_count; i++) {
        const struct content_fact *fact = &work->content->facts[i];
        const char *value = may_set(work->session, fact) ? find_value(work, fact) : NULL;
        if (value) {
            session_set_slot(work->session, fact->id, value, work->now_ms);
            work->is_told_fact = 1;
        }
    }
}
