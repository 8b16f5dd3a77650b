/* Hits of patterns become candidates of intents in a total order (docs/content.md, "Ranking"), each knowing
   why it lost. Never looks at similarity and never changes content. Called by intent.c. */
#include "domain/intent/intent_rank.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "domain/content/content.h"
#include "domain/intent/intent.h"
#include "domain/intent/intent_memo.h"
#include "domain/pattern/pattern.h"

#include "banned.h"

enum {
    HITS_MAX = 1024, /* far above what 4 KB of text can mean; bounds memory of a turn */
    HITS_FEW = 40,   /* enough for nearly every message */
    SORT_BY_INSERTION = 16
};

/* A candidate with what ranks it. */
struct ranked {
    struct intent_candidate candidate;
    int is_safety, is_here, priority;
    const char *id;
};

struct collect {
    const struct content *content;
    struct pattern_scratch *scratch;
    const struct text *text;
    int counts_exhausted;
};

/* Words in folded[start, end); the ends of sentences are no words. */
static unsigned count_words(const char *folded, size_t start, size_t end) {
    unsigned count = 0;
    while (start < end) {
        size_t stop = start;
        while (stop < end && folded[stop] != ' ')
            stop++;
        int is_end = stop == start + 1 && (folded[start] == '.' || folded[start] == '?');
        count += stop > start && !is_end;
        start = stop + 1;
    }
    return count;
}

static unsigned count_gap_words(const char *folded, const struct pattern_hit *hit, unsigned gap_captures) {
    unsigned count = 0;
    for (size_t i = 0; i < hit->capture_count; i++)
        if ((gap_captures >> i & 1U) && hit->captures[i].start != SIZE_MAX)
            count += count_words(folded, hit->captures[i].start, hit->captures[i].end);
    return count;
}

static int is_listed(const char *const *list, size_t count, const char *id) {
    for (size_t i = 0; id && i < count; i++)
        if (list[i][0] == id[0] && strcmp(list[i], id) == 0)
            return 1;
    return 0;
}

static int is_in_scope(const struct content_intent *intent, const struct intent_context *context) {
    return context && is_listed(intent->scope, intent->scope_count, context->dialogue);
}

/* "after" names a reply or, as DIALOGUE.STEP, an open question. */
static int is_after(const struct content_intent *intent, const struct intent_context *context) {
    if (!context)
        return 0;
    if (is_listed(intent->after, intent->after_count, context->after))
        return 1;
    if (!context->dialogue || !context->step)
        return 0;
    size_t length = strlen(context->dialogue);
    for (size_t i = 0; i < intent->after_count; i++) {
        const char *id = intent->after[i];
        if (id[0] == context->dialogue[0] && strncmp(id, context->dialogue, length) == 0 &&
            id[length] == '.' && strcmp(id + length + 1, context->step) == 0)
            return 1;
    }
    return 0;
}

static int is_touching(const struct pattern_hit *a, const struct pattern_hit *b) {
    return a->span.start < b->span.end && b->span.start < a->span.end;
}

/* The first unless pattern of intent from number `from` on that matches text, and its match; unless_count:
 * none does. */
static size_t first_unless(const struct content *content, struct pattern_scratch *scratch,
                           const struct text *text, const struct content_intent *intent, size_t from,
                           struct pattern_hit *unless) {
    if (from >= intent->unless_count)
        return intent->unless_count;
    return from + pattern_match_asked_first(content->patterns, scratch, &intent->unless[from].number,
                                            sizeof intent->unless[0], intent->unless_count - from,
                                            text->folded, text->folded_length, unless);
}

static void rule_out(struct intent_candidate *candidate, enum intent_lost lost, uint32_t lost_to) {
    candidate->lost = lost;
    candidate->lost_to = lost_to;
}

/* Tells candidate if an unless pattern takes hit out. Where danger is spoken of it must explain the very
   words of the hit: after "lampu mati" a wish to die stays a wish to die. */
static void excuse(const struct collect *collect, const struct content_intent *intent,
                   const struct pattern_hit *hit, struct intent_candidate *candidate) {
    struct pattern_hit unless;
    size_t i = 0;
    while ((i = first_unless(collect->content, collect->scratch, collect->text, intent, i, &unless)) <
           intent->unless_count) {
        if (!intent->is_safety || is_touching(&unless, hit)) {
            rule_out(candidate, INTENT_LOST_UNLESS, (uint32_t)i);
            candidate->excuse_start = unless.span.start;
            candidate->excuse_end = unless.span.end;
            return;
        }
        i++;
    }
}

/* excuse for a hit of the intent of the candidate before: but for danger, what was found once holds again. */
static void excuse_again(const struct collect *collect, const struct content_intent *intent,
                         const struct pattern_hit *hit, const struct intent_candidate *before,
                         struct intent_candidate *candidate) {
    if (intent->is_safety) {
        excuse(collect, intent, hit, candidate);
        return;
    }
    rule_out(candidate, before->lost, before->lost_to);
    candidate->excuse_start = before->excuse_start;
    candidate->excuse_end = before->excuse_end;
}

/* What a hit says, whatever the conversation. before: the candidate before it, or NULL. */
static struct intent_candidate read_hit(const struct collect *collect, const struct pattern_hit *hit,
                                        const struct content_pattern_owner *owner,
                                        const struct intent_candidate *before) {
    const struct content_intent *intent = &collect->content->intents[owner->owner];
    unsigned all = count_words(collect->text->folded, hit->span.start, hit->span.end);
    struct intent_candidate candidate = {.intent = owner->owner,
                                         .pattern = owner->index,
                                         .start = hit->span.start,
                                         .end = hit->span.end,
                                         .lost = INTENT_WON,
                                         .lost_to = CONTENT_NONE};
    candidate.gaps = count_gap_words(collect->text->folded, hit, owner->gap_captures);
    candidate.words = all > candidate.gaps ? all - candidate.gaps : 0;
    if (before && before->intent == owner->owner)
        excuse_again(collect, intent, hit, before, &candidate);
    else
        excuse(collect, intent, hit, &candidate);
    return candidate;
}

static struct ranked make_ranked(const struct content *content, const struct intent_context *context,
                                 const struct intent_candidate *candidate) {
    const struct content_intent *intent = &content->intents[candidate->intent];
    struct ranked ranked = {.candidate = *candidate,
                            .is_safety = intent->is_safety,
                            .priority = intent->priority,
                            .id = intent->id};
    int in_scope = is_in_scope(intent, context), after = is_after(intent, context);
    ranked.is_here = in_scope || after;
    if (candidate->lost != INTENT_WON)
        return ranked;
    if (intent->scope_count > 0 && !in_scope && !intent->is_safety)
        rule_out(&ranked.candidate, INTENT_LOST_SCOPE, CONTENT_NONE);
    else if (intent->after_count > 0 && !after && !intent->is_safety)
        rule_out(&ranked.candidate, INTENT_LOST_AFTER, CONTENT_NONE);
    return ranked;
}

/* The first difference that decides between two candidates that are in the race; > 0: b is better. */
static long compare_on(const struct ranked *a, const struct ranked *b, enum intent_lost on) {
    const struct intent_candidate *x = &a->candidate, *y = &b->candidate;
    switch (on) {
    case INTENT_LOST_SAFETY: return b->is_safety - a->is_safety;
    case INTENT_LOST_DIALOGUE: return b->is_here - a->is_here;
    case INTENT_LOST_PRIORITY: return b->priority - a->priority;
    case INTENT_LOST_WORDS: return (long)y->words - (long)x->words;
    case INTENT_LOST_SPAN: return (long)(y->end - y->start) - (long)(x->end - x->start);
    case INTENT_LOST_GAPS: return (long)x->gaps - (long)y->gaps;
    case INTENT_LOST_ID: return strcmp(a->id, b->id);
    default: return 0;
    }
}

/* The total order; *on tells which difference decided. Patterns of one intent fall back to their order in the
 * file. */
static long compare(const struct ranked *a, const struct ranked *b, enum intent_lost *on) {
    for (*on = INTENT_LOST_SAFETY; *on <= INTENT_LOST_ID; (*on)++) {
        long difference = compare_on(a, b, *on);
        if (difference != 0)
            return difference;
    }
    *on = INTENT_LOST_SAME_INTENT;
    return (long)a->candidate.pattern - (long)b->candidate.pattern;
}

static int by_rank(const void *left, const void *right) {
    const struct ranked *a = left, *b = right;
    int a_out = a->candidate.lost != INTENT_WON, b_out = b->candidate.lost != INTENT_WON;
    enum intent_lost on;
    long difference = a_out != b_out ? a_out - b_out : compare(a, b, &on);
    return difference < 0 ? -1 : difference > 0;
}

/* A message has some candidates, rarely dozens. */
static void sort(struct ranked *list, size_t count) {
    if (count > SORT_BY_INSERTION) {
        qsort(list, count, sizeof *list, by_rank);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct ranked moved = list[i];
        size_t at = i;
        for (; at > 0 && by_rank(&list[at - 1], &moved) > 0; at--)
            list[at] = list[at - 1];
        list[at] = moved;
    }
}

static size_t race_length(const struct ranked *list, size_t count) {
    size_t length = 0;
    while (length < count && list[length].candidate.lost == INTENT_WON)
        length++;
    return length;
}

/* Tells every candidate behind the winner what it lost by; returns the number of distinct intents in the
 * race. */
static size_t tell_losers(struct ranked *list, size_t count) {
    size_t intents = 0, length = race_length(list, count);
    for (size_t i = 0; i < length; i++) {
        size_t first = 0;
        while (list[first].candidate.intent != list[i].candidate.intent)
            first++;
        intents += first == i;
        enum intent_lost on = INTENT_LOST_SAME_INTENT;
        if (first == i && i > 0)
            (void)compare(&list[0], &list[i], &on);
        if (i > 0)
            rule_out(&list[i].candidate, on, list[first == i ? 0 : first].candidate.intent);
    }
    return intents;
}

int intent_has_unless(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                      uint32_t index) {
    const struct content_intent *intent = &content->intents[index];
    struct pattern_hit hit;
    return first_unless(content, scratch, text, intent, 0, &hit) < intent->unless_count;
}

int intent_is_open(const struct content *content, const struct intent_context *context, uint32_t index) {
    const struct content_intent *intent = &content->intents[index];
    return (intent->scope_count == 0 || is_in_scope(intent, context)) &&
           (intent->after_count == 0 || is_after(intent, context));
}

/* What patterns find in a text, whatever the conversation. */
struct reading {
    const struct pattern_hit *hits;
    struct intent_candidate *candidates; /* one a hit of an intent, in their order */
    size_t hit_count, candidate_count, exhausted;
    int has_all; /* hits */
};

/* All hits on the text, in the arena. Room for the most would cost more than finding them. */
static void find_hits(const struct collect *collect, size_t limit, struct arena *arena,
                      struct reading *reading) {
    const struct pattern_set *patterns = collect->content->patterns;
    const struct text *text = collect->text;
    struct pattern_hit few[HITS_FEW];
    size_t *exhausted = collect->counts_exhausted ? &reading->exhausted : NULL;
    reading->exhausted = 0;
    size_t room = limit < HITS_FEW ? limit : HITS_FEW;
    size_t count = pattern_match_all(patterns, collect->scratch, text->folded, text->folded_length, few, room,
                                     exhausted);
    struct pattern_hit *hits = arena_array(arena, (count < room ? count : limit) + 1, sizeof *hits);
    if (count < room)
        memcpy(hits, few, count * sizeof *hits);
    else
        count = pattern_match_all(patterns, collect->scratch, text->folded, text->folded_length, hits, limit,
                                  exhausted);
    reading->hits = hits;
    reading->hit_count = count;
    reading->has_all = count < limit;
}

static void read_anew(const struct collect *collect, struct arena *arena, struct reading *reading) {
    size_t limit = pattern_set_count(collect->content->patterns);
    find_hits(collect, limit < HITS_MAX ? limit : HITS_MAX, arena, reading);
    reading->candidates = arena_array(arena, reading->hit_count + 1, sizeof *reading->candidates);
    reading->candidate_count = 0;
    for (size_t i = 0; i < reading->hit_count; i++) {
        const struct content_pattern_owner *owner =
            &collect->content->pattern_owners[reading->hits[i].pattern];
        struct intent_candidate *next = &reading->candidates[reading->candidate_count];
        if (owner->role == CONTENT_ROLE_INTENT) {
            *next =
                read_hit(collect, &reading->hits[i], owner, reading->candidate_count > 0 ? next - 1 : NULL);
            reading->candidate_count++;
        }
    }
}

/* ---- readings as bytes of a memory: struct reading, candidates, hits without the captures they lack ---- */

static size_t hit_size(const struct pattern_hit *hit) {
    return offsetof(struct pattern_hit, captures) + hit->capture_count * sizeof hit->captures[0];
}

static void keep(struct intent_memo *memo, const struct intent_memo_name *name,
                 const struct reading *reading) {
    unsigned char bytes[INTENT_MEMO_READING_MAX];
    size_t candidates = reading->candidate_count * sizeof *reading->candidates;
    size_t size = sizeof *reading + candidates;
    if (size > sizeof bytes)
        return;
    memcpy(bytes, reading, sizeof *reading); /* its pointers are of no use there, and not used */
    memcpy(bytes + sizeof *reading, reading->candidates, candidates);
    for (size_t i = 0; i < reading->hit_count; i++) {
        size_t more = hit_size(&reading->hits[i]);
        if (more > sizeof bytes - size)
            return;
        memcpy(bytes + size, &reading->hits[i], more);
        size += more;
    }
    intent_memo_keep_reading(memo, name, bytes, size);
}

static int recall(const struct intent_memo *memo, const struct intent_memo_name *name, struct arena *arena,
                  struct reading *reading) {
    const unsigned char *bytes = intent_memo_find_reading(memo, name);
    if (!bytes)
        return 0;
    memcpy(reading, bytes, sizeof *reading);
    bytes += sizeof *reading;
    size_t candidates = reading->candidate_count * sizeof *reading->candidates;
    reading->candidates = arena_room(arena, candidates + 1);
    memcpy(reading->candidates, bytes, candidates);
    bytes += candidates;
    struct pattern_hit *hits = arena_array(arena, reading->hit_count + 1, sizeof *hits);
    for (size_t i = 0; i < reading->hit_count; i++) {
        memcpy(&hits[i], bytes, offsetof(struct pattern_hit, captures));
        memcpy(hits[i].captures, bytes + offsetof(struct pattern_hit, captures),
               hits[i].capture_count * sizeof hits[i].captures[0]);
        bytes += hit_size(&hits[i]);
    }
    reading->hits = hits;
    return 1;
}

static void read_text(const struct collect *collect, struct arena *arena, struct reading *reading) {
    struct intent_memo *memo = pattern_scratch_kept(collect->scratch);
    if (!memo || collect->counts_exhausted) { /* what is remembered was not counted */
        read_anew(collect, arena, reading);
        return;
    }
    struct intent_memo_name name = intent_memo_text_name(memo, collect->text);
    if (!recall(memo, &name, arena, reading)) {
        read_anew(collect, arena, reading);
        keep(memo, &name, reading);
    }
}

size_t intent_rank(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                   const struct intent_context *context, struct arena *arena, struct intent_decision *out) {
    const struct collect collect = {
        .content = content, .scratch = scratch, .text = text, .counts_exhausted = out->counts_exhausted};
    struct reading reading;
    read_text(&collect, arena, &reading);
    out->exhausted = reading.exhausted;
    if (!out->hits) { /* else this is the second chance, on a corrected text */
        out->hits = reading.hits;
        out->hit_count = reading.hit_count;
        out->has_all_hits = reading.has_all;
    }
    size_t count = reading.candidate_count;
    struct ranked *list = arena_array(arena, count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = make_ranked(content, context, &reading.candidates[i]);
    sort(list, count);
    size_t intents = tell_losers(list, count);
    out->candidates = reading.candidates;
    for (size_t i = 0; i < count; i++)
        out->candidates[i] = list[i].candidate;
    out->candidate_count = count;
    return intents;
}
