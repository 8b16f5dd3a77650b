/* An n-gram index: the examples of a label are summed up to one vector, and a message is compared with each
   by cosine (Rocchio's method, Manning, Raghavan, Schuetze: Introduction to Information Retrieval, ch. 14.2).
   Flat postings, no training, no randomness: the same texts in the same order give the same scores. This file
   gathers the texts; similar_seal.c makes the tables. Never reads content; called by the content loader,
   which fills it, and by intent.c, which asks. */
#include "domain/similar/similar.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/similar/index.h"

#include "banned.h"

enum { FIRST_TEXTS = 4096, FIRST_FEATURES = 32768, FIRST_SLOTS = 64 };

struct similar *similar_new(void) {
    struct similar *similar = calloc(1, sizeof *similar);
    if (!similar)
        return NULL;
    similar->gathered.arena = arena_new_large(0);
    similar->arena = arena_new_large(0);
    if (!similar->gathered.arena || !similar->arena) {
        similar_free(similar);
        return NULL;
    }
    return similar;
}

void similar_free(struct similar *similar) {
    if (!similar)
        return;
    concepts_close(&similar->concepts);
    arena_free(similar->gathered.arena);
    arena_free(similar->arena);
    free(similar);
}

int similar_add_concept(struct similar *similar, uint32_t concept, const char *folded, size_t length) {
    if (similar->text_count > 0)
        return ERR_INVALID;
    return concepts_add(&similar->concepts, concept, folded, length);
}

/* A list with room for one more; what is copied stays behind in the arena, which does not live long. */
static void *grown(struct arena *arena, void *list, size_t count, size_t *capacity, size_t first,
                   size_t size) {
    if (count < *capacity)
        return list;
    *capacity = *capacity ? 2 * *capacity : first;
    void *larger = arena_room(arena, *capacity * size);
    if (count > 0)
        memcpy(larger, list, count * size);
    return larger;
}

/* The table stays half empty, with as many slots as it is sealed with. */
static void grow_slots(struct gathered *gathered) {
    size_t size = gathered->slots ? 2 * (gathered->slot_mask + 1) : FIRST_SLOTS;
    gathered->slots = arena_array(gathered->arena, size, sizeof *gathered->slots);
    gathered->slot_mask = size - 1;
    for (uint32_t i = 1; i < gathered->feature_count; i++) {
        uint64_t hash = gathered->features[i].hash;
        size_t at = feature_spread(hash) & gathered->slot_mask;
        while (gathered->slots[at].row != 0)
            at = (at + 1) & gathered->slot_mask;
        gathered->slots[at] = (struct slot){(uint32_t)(hash >> 32), i};
    }
}

/* The number of a feature; a new one if no text had it. */
static uint32_t number_of(struct gathered *gathered, const struct feature *feature) {
    uint32_t tag = (uint32_t)(feature->hash >> 32);
    size_t at = feature_spread(feature->hash) & gathered->slot_mask;
    for (; gathered->slots[at].row != 0; at = (at + 1) & gathered->slot_mask)
        if (gathered->slots[at].tag == tag &&
            gathered->features[gathered->slots[at].row].hash == feature->hash)
            return gathered->slots[at].row;
    gathered->features = grown(gathered->arena, gathered->features, gathered->feature_count,
                               &gathered->feature_capacity, FIRST_FEATURES, sizeof *gathered->features);
    uint32_t number = (uint32_t)gathered->feature_count++;
    gathered->features[number] = (struct gathered_feature){feature->hash, feature->kind, 0};
    gathered->slots[at] = (struct slot){tag, number};
    if (2 * number > gathered->slot_mask + 1)
        grow_slots(gathered);
    return number;
}

void index_begin(struct gathered *gathered) {
    gathered->features = grown(gathered->arena, NULL, 0, &gathered->feature_capacity, FIRST_FEATURES,
                               sizeof *gathered->features);
    gathered->features[gathered->feature_count++] = (struct gathered_feature){0, 0, 0};
    grow_slots(gathered);
}

static void add(struct similar *similar, uint32_t label, const struct feature_list *list, float weight) {
    struct gathered *gathered = &similar->gathered;
    struct entry *entries = arena_room(gathered->arena, (list->count + 1) * sizeof *entries);
    for (size_t i = 0; i < list->count; i++) {
        uint32_t number = number_of(gathered, &list->list[i]);
        gathered->features[number].count++;
        entries[i] = (struct entry){number, index_value(&list->list[i])};
    }
    gathered->texts = grown(gathered->arena, gathered->texts, similar->text_count, &gathered->text_capacity,
                            FIRST_TEXTS, sizeof *gathered->texts);
    gathered->texts[similar->text_count++] =
        (struct gathered_text){entries, (uint32_t)list->count, label, weight};
    gathered->entry_count += list->count;
    similar->label_count = label >= similar->label_count ? label + 1 : similar->label_count;
}

int similar_add(struct similar *similar, uint32_t label, const char *folded, size_t length, float weight) {
    struct feature_list features;
    struct gathered *gathered = &similar->gathered;
    if (similar->text_count == 0) {
        if (concepts_seal(&similar->concepts) < 0)
            return ERR_MEMORY;
        index_begin(gathered);
    }
    const struct feature_places places = {gathered->slots, sizeof *gathered->slots, gathered->slot_mask};
    int code = feature_list_init(&features, folded, length, &similar->concepts, &places);
    if (code == 0)
        add(similar, label, &features, weight);
    feature_list_close(&features);
    return code;
}
