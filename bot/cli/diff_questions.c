/* Decides every stored message under two versions of the content. Reads only, and keeps a few masked samples.
   Called by diff.c. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "cli/diff.h"
#include "domain/authoring/privacy.h"
#include "domain/authoring/trail.h"
#include "domain/content/content.h"
#include "domain/text/text.h"
#include "json/value.h"

#include "banned.h"

enum { SAMPLE_COLUMNS = 90, MEMORY = 65536 /* decided messages that are remembered, a power of two */ };

/* Most messages were said before, in the same place: "ya", "4", "halo". */
struct remembered {
    uint64_t hash;
    uint32_t group; /* + 1; 0: no difference */
};
struct reading {
    struct diff *diff;
    struct diff_questions *questions;
    struct trail *trail;
    struct map *by_name; /* group + 1 */
    struct remembered *memory;
    int failed;
};

/* ---- one message ---- */

static const char *decide(struct understand *understand, const char *said, const struct trail_place *place,
                          struct text *text) {
    struct intent_context context = {place->dialogue, place->step, place->reply};
    struct intent_decision decision;
    arena_reset(understand->arena);
    text_fold(understand->content->lexicon, said, strlen(said), TEXT_NO_LANGUAGE, understand->arena, text);
    intent_decide(understand->content, understand->scratch, text, &context, understand->arena, &decision);
    return decision.outcome == INTENT_ANSWER    ? understand->content->intents[decision.intent].id
           : decision.outcome == INTENT_SUGGEST ? "offer"
                                                : "not understood";
}

/* The group's number + 1, or 0: too many groups, or no memory. */
static uint32_t group_of(struct reading *reading, const char *before, const char *after) {
    struct diff_questions *questions = reading->questions;
    const char *name = arena_format(questions->arena, "%s\n%s", before, after);
    void *known = map_get(reading->by_name, name);
    if (known != NULL || questions->group_count == DIFF_GROUPS_MAX) {
        return (uint32_t)(uintptr_t)known;
    }
    if (map_set(reading->by_name, name, (void *)(uintptr_t)(questions->group_count + 1)) != 0) {
        return 0;
    }
    questions->groups[questions->group_count++] = (struct diff_group){
        .before = arena_text(questions->arena, before), .after = arena_text(questions->arena, after)};
    return (uint32_t)questions->group_count;
}

static void keep_sample(struct reading *reading, struct diff_group *group, const struct text *text) {
    struct author *author = &reading->diff->author;
    struct diff_questions *questions = reading->questions;
    const char *masked = privacy_masked(author->understand.content, author->understand.scratch, text,
                                        author->is_indonesian, SAMPLE_COLUMNS, author->understand.arena);
    for (size_t i = 0; i < group->sample_count; i++) {
        if (strcmp(group->samples[i], masked) == 0) {
            return;
        }
    }
    group->samples[group->sample_count++] = arena_text(questions->arena, masked);
}

static uint64_t hash_of(const char *said, const struct trail_place *place) {
    const char *const parts[] = {said, place->dialogue, place->step, place->reply};
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *part = parts[i] != NULL ? parts[i] : "\n";
        hash = hash_bytes(hash, part, strlen(part) + 1);
    }
    return hash;
}

static void judge(struct reading *reading, const char *said, const struct trail_place *place) {
    struct diff_questions *questions = reading->questions;
    uint64_t hash = hash_of(said, place);
    struct remembered *known = &reading->memory[hash & (MEMORY - 1)];
    questions->asked++;
    if (known->hash != hash || known->hash == 0) {
        struct text text, after_text;
        const char *before = decide(&reading->diff->before, said, place, &text);
        const char *after = decide(&reading->diff->author.understand, said, place, &after_text);
        if (strcmp(before, after) == 0) {
            *known = (struct remembered){hash, 0};
            return;
        }
        uint32_t group = group_of(reading, before, after);
        if (group == 0) {
            questions->changed++;
            questions->others++;
            return;
        }
        if (questions->groups[group - 1].sample_count < DIFF_SAMPLES) {
            keep_sample(reading, &questions->groups[group - 1], &after_text);
        }
        *known = (struct remembered){hash, group};
    }
    if (known->group != 0) {
        questions->changed++;
        questions->groups[known->group - 1].count++;
    }
}

/* ---- all ---- */

static const char *last_reply(const struct value *outcome) {
    const struct value *replies = value_get(outcome, "replies");
    size_t count = value_count(replies);
    return count > 0 ? value_get_text(value_at(replies, count - 1), "reply") : NULL;
}

static struct value *parse(struct store_bytes bytes) {
    return bytes.length > 0 ? value_parse(bytes.data, bytes.length, NULL) : NULL;
}

static int read_turn(void *context, const struct study_row *row) {
    struct reading *reading = context;
    struct value *inbound = parse(row->inbound), *outcome = parse(row->outcome);
    const char *said = value_get_text(inbound, "text");
    struct trail_place place = trail_get(reading->trail, row->conversation);
    if (said != NULL && row->at_ms >= reading->diff->author.since_ms) {
        judge(reading, said, &place);
    }
    struct trail_place now = {value_get_text(outcome, "dialogue"), value_get_text(outcome, "step"),
                              last_reply(outcome)};
    reading->failed = outcome != NULL && trail_set(reading->trail, row->conversation, &now) != 0;
    value_free(inbound);
    value_free(outcome);
    return reading->failed;
}

static int by_count(const void *left, const void *right) {
    const struct diff_group *a = left, *b = right;
    int by_name = strcmp(a->before, b->before);
    return a->count != b->count ? (a->count < b->count) - (a->count > b->count)
           : by_name != 0       ? by_name
                                : strcmp(a->after, b->after);
}

int diff_questions_read(struct diff *diff, struct diff_questions *questions) {
    struct err err = {0};
    struct reading reading = {.diff = diff,
                              .questions = questions,
                              .trail = trail_new(),
                              .by_name = map_new(),
                              .memory = calloc(MEMORY, sizeof *reading.memory)};
    *questions = (struct diff_questions){.arena = arena_new(0)};
    int rc = AUTHOR_OK;
    if (reading.trail == NULL || reading.by_name == NULL || reading.memory == NULL ||
        questions->arena == NULL) {
        rc = author_fail(&diff->author, "out of memory");
    } else {
        questions->groups = arena_array(questions->arena, DIFF_GROUPS_MAX, sizeof *questions->groups);
        rc = study_turns(diff->author.study, read_turn, &reading, &err) != 0
                 ? author_fail(&diff->author, "%s", err.text)
             : reading.failed ? author_fail(&diff->author, "out of memory")
                              : AUTHOR_OK;
        qsort(questions->groups, questions->group_count, sizeof *questions->groups, by_count);
    }
    trail_free(reading.trail);
    map_free(reading.by_name);
    free(reading.memory);
    return rc;
}

void diff_questions_close(struct diff_questions *questions) {
    arena_free(questions->arena);
    *questions = (struct diff_questions){.arena = NULL};
}
