/* Groups messages: each joins the nearest group or opens one. Linear but for words that very many groups
   begin with, which are not looked up. Never reads a raw message. Called by: cli/unmatched. */
#include "domain/authoring/cluster.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

#include "banned.h"

enum { WORDS_MAX = 64 /* of one text */, POSTINGS_MAX = 2000 /* groups a word is looked up in */ };
static const double near_enough = 0.5;

struct posting {
    size_t group;
    struct posting *next;
};
struct word {
    size_t texts; /* that hold it */
    double weight;
    struct posting *groups; /* whose first text holds it */
    size_t group_count;
};
struct entry {
    uint32_t *words; /* distinct */
    size_t word_count;
    double weight; /* of all its words */
};
struct group {
    size_t *members;
    size_t member_count, capacity, count, first;
    double shared; /* with the text at hand */
    size_t asked_by;
};
struct work {
    const struct cluster_text *texts;
    size_t count, total; /* total: with those that only tell which words are common */
    struct arena *arena;
    struct map *by_name; /* number of a word + 1 */
    struct word *words;
    size_t word_count, word_capacity;
    struct entry *entries;
    struct group *groups;
    size_t group_count;
};

/* ---- words ---- */

static uint32_t number_of(struct work *work, const char *word, size_t length) {
    void *known = map_get_bytes(work->by_name, word, length);
    if (known != NULL) {
        return (uint32_t)(uintptr_t)known - 1;
    }
    if (work->word_count == work->word_capacity) {
        size_t capacity = work->word_capacity != 0 ? work->word_capacity * 2 : 1024;
        struct word *grown = arena_array(work->arena, capacity, sizeof *grown);
        if (work->word_count > 0) {
            memcpy(grown, work->words, work->word_count * sizeof *grown);
        }
        work->words = grown;
        work->word_capacity = capacity;
    }
    work->word_count++;
    if (map_set(work->by_name, arena_copy(work->arena, word, length), (void *)(uintptr_t)work->word_count) !=
        0) {
        work->word_count--; /* no memory: the word counts for nothing */
        return UINT32_MAX;
    }
    return (uint32_t)work->word_count - 1;
}

static int has_word(const struct entry *entry, uint32_t number) {
    for (size_t i = 0; i < entry->word_count; i++) {
        if (entry->words[i] == number) {
            return 1;
        }
    }
    return 0;
}

static void split(struct work *work, const char *folded, struct entry *entry) {
    entry->words = arena_array(work->arena, WORDS_MAX, sizeof *entry->words);
    for (const char *at = folded; *at != '\0' && entry->word_count < WORDS_MAX;) {
        size_t length = strcspn(at, " ");
        if (length > 1 || (length == 1 && *at != '.' && *at != '?')) {
            uint32_t number = number_of(work, at, length);
            if (number != UINT32_MAX && !has_word(entry, number)) {
                entry->words[entry->word_count++] = number;
                work->words[number].texts++;
            }
        }
        at += length + (at[length] == ' ');
    }
}

static void weigh(struct work *work) {
    for (size_t i = 0; i < work->word_count; i++) {
        work->words[i].weight = log((double)(work->total + 1) / (double)work->words[i].texts);
    }
    for (size_t i = 0; i < work->count; i++) {
        for (size_t k = 0; k < work->entries[i].word_count; k++) {
            work->entries[i].weight += work->words[work->entries[i].words[k]].weight;
        }
    }
}

/* ---- groups ---- */

static void join(struct work *work, size_t number, size_t text) {
    struct group *group = &work->groups[number];
    if (group->member_count == group->capacity) {
        size_t capacity = group->capacity != 0 ? group->capacity * 2 : 4;
        size_t *grown = arena_array(work->arena, capacity, sizeof *grown);
        if (group->member_count > 0) {
            memcpy(grown, group->members, group->member_count * sizeof *grown);
        }
        group->members = grown;
        group->capacity = capacity;
    }
    group->members[group->member_count++] = text;
    group->count += work->texts[text].count;
}

static void found(struct work *work, size_t text) {
    size_t number = work->group_count++;
    const struct entry *entry = &work->entries[text];
    work->groups[number].first = text;
    for (size_t i = 0; i < entry->word_count; i++) {
        struct word *word = &work->words[entry->words[i]];
        if (word->group_count < POSTINGS_MAX) {
            struct posting *posting = arena_alloc(work->arena, sizeof *posting);
            *posting = (struct posting){number, word->groups};
            word->groups = posting;
            word->group_count++;
        }
    }
    join(work, number, text);
}

/* The nearest group, or group_count. */
static size_t nearest(struct work *work, size_t text) {
    const struct entry *entry = &work->entries[text];
    size_t best = work->group_count;
    double best_likeness = near_enough;
    for (size_t i = 0; i < entry->word_count; i++) {
        const struct word *word = &work->words[entry->words[i]];
        for (const struct posting *at = word->groups; at != NULL; at = at->next) {
            struct group *group = &work->groups[at->group];
            group->shared = (group->asked_by == text + 1 ? group->shared : 0) + word->weight;
            group->asked_by = text + 1;
            double both = entry->weight + work->entries[group->first].weight;
            double likeness = both > 0 ? 2 * group->shared / both : 0;
            if (likeness > best_likeness ||
                (likeness >= near_enough && likeness == best_likeness && at->group < best)) {
                best = at->group;
                best_likeness = likeness;
            }
        }
    }
    return best;
}

/* ---- order ---- */

struct ranked {
    size_t count, index;
};

static int by_count(const void *left, const void *right) {
    const struct ranked *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count) - (a->count > b->count)
                                : (a->index > b->index) - (a->index < b->index);
}

static struct ranked *rank(struct arena *arena, size_t count) {
    return arena_array(arena, count + 1, sizeof(struct ranked));
}

static void make_groups(struct work *work) {
    struct ranked *order = rank(work->arena, work->count);
    for (size_t i = 0; i < work->count; i++) {
        order[i] = (struct ranked){work->texts[i].count, i};
    }
    qsort(order, work->count, sizeof *order, by_count);
    for (size_t i = 0; i < work->count; i++) {
        size_t group = nearest(work, order[i].index);
        if (group == work->group_count) {
            found(work, order[i].index);
        } else {
            join(work, group, order[i].index);
        }
    }
}

size_t clusters_make(const struct cluster_text *texts, size_t count, const char *const *common,
                     size_t common_count, struct arena *arena, const struct cluster **out) {
    struct work work = {
        .texts = texts, .count = count, .total = count + common_count, .arena = arena, .by_name = map_new()};
    struct cluster *clusters = NULL;
    if (work.by_name != NULL) {
        work.entries = arena_array(arena, count + 1, sizeof *work.entries);
        work.groups = arena_array(arena, count + 1, sizeof *work.groups);
        for (size_t i = 0; i < count; i++) {
            split(&work, texts[i].folded, &work.entries[i]);
        }
        for (size_t i = 0; i < common_count; i++) {
            struct entry ignored = {NULL, 0, 0};
            split(&work, common[i], &ignored);
        }
        weigh(&work);
        make_groups(&work);
    }
    struct ranked *order = rank(arena, work.group_count);
    for (size_t i = 0; i < work.group_count; i++) {
        order[i] = (struct ranked){work.groups[i].count, i};
    }
    qsort(order, work.group_count, sizeof *order, by_count);
    clusters = arena_array(arena, work.group_count + 1, sizeof *clusters);
    for (size_t i = 0; i < work.group_count; i++) {
        const struct group *group = &work.groups[order[i].index];
        clusters[i] = (struct cluster){group->members, group->member_count, group->count};
    }
    map_free(work.by_name);
    *out = clusters;
    return work.group_count;
}
