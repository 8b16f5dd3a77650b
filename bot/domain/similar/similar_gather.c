/* Takes the texts of an index apart and numbers what they have, until it is sealed. The same features as
   feature.c finds, but each word only once: the next text that has it finds its trigrams by their numbers.
   Weighs nothing by rarity and never searches. Called by similar.c. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/similar/index.h"

#include "banned.h"

enum {
    FIRST_FEATURES = 131072,
    FIRST_WORDS = 8192,
    FIRST_TRIGRAMS = 65536,
    FIRST_ENTRIES = 512,
    FIRST_SLOTS = 256,
    MANY_SLOTS = 262144
};

/* ---- lists and tables ---- */

void *gather_grown(struct arena *arena, void *list, size_t count, size_t *capacity, size_t first,
                   size_t size) {
    if (count < *capacity)
        return list;
    *capacity = *capacity ? 2 * *capacity : first;
    void *larger = arena_room(arena, *capacity * size);
    if (count > 0)
        memcpy(larger, list, count * size);
    return larger;
}

/* Room for more: what is copied stays behind, so there is soon room for many. The tag says too little to find
   the new place of a slot: hashes are in the list, each at the beginning of an item of this size. */
static void grow_places(struct gathered *gathered, struct gathered_places *places, const void *list,
                        size_t count, size_t size) {
    size_t slots = places->slots ? places->mask + 1 : FIRST_SLOTS / 4;
    slots *= slots < MANY_SLOTS ? 4 : 2;
    places->slots = arena_array(gathered->arena, slots, sizeof *places->slots);
    places->mask = slots - 1;
    for (uint32_t i = 1; i < count; i++) {
        uint64_t hash;
        memcpy(&hash, (const char *)list + i * size, sizeof hash);
        size_t at = feature_spread(hash) & places->mask;
        while (places->slots[at].row != 0)
            at = (at + 1) & places->mask;
        places->slots[at] = (struct slot){(uint32_t)(hash >> 32), i};
    }
}

/* Asks memory for where the hash will be looked up. */
static void ask_for(const struct gathered_places *places, uint64_t hash) {
    __builtin_prefetch(&places->slots[feature_spread(hash) & places->mask]);
}

void gather_begin(struct gathered *gathered) {
    gathered->features = gather_grown(gathered->arena, NULL, 0, &gathered->feature_capacity, FIRST_FEATURES,
                                      sizeof *gathered->features);
    gathered->features[gathered->feature_count++] = (struct gathered_feature){.hash = 0};
    grow_places(gathered, &gathered->places, gathered->features, 0, sizeof *gathered->features);
    gathered->words = gather_grown(gathered->arena, NULL, 0, &gathered->word_capacity, FIRST_WORDS,
                                   sizeof *gathered->words);
    gathered->words[gathered->word_count++] = (struct gathered_word){.hash = 0};
    grow_places(gathered, &gathered->word_places, gathered->words, 0, sizeof *gathered->words);
}

/* ---- features of a text ---- */

/* The number of a feature; a new one if no text had it. */
static uint32_t number_of(struct gathered *gathered, enum feature_kind kind, uint64_t hash) {
    struct gathered_places *places = &gathered->places;
    uint32_t tag = (uint32_t)(hash >> 32);
    size_t at = feature_spread(hash) & places->mask;
    for (; places->slots[at].row != 0; at = (at + 1) & places->mask)
        if (places->slots[at].tag == tag && gathered->features[places->slots[at].row].hash == hash)
            return places->slots[at].row;
    gathered->features =
        gather_grown(gathered->arena, gathered->features, gathered->feature_count,
                     &gathered->feature_capacity, FIRST_FEATURES, sizeof *gathered->features);
    uint32_t number = (uint32_t)gathered->feature_count++;
    gathered->features[number] = (struct gathered_feature){.hash = hash, .kind = (uint8_t)kind & 7U};
    places->slots[at] = (struct slot){tag, number};
    if (2 * number > places->mask + 1)
        grow_places(gathered, places, gathered->features, gathered->feature_count,
                    sizeof *gathered->features);
    return number;
}

/* The text of this number has the feature, perhaps not for the first time. */
static inline void add(struct gathered *gathered, uint32_t text, enum feature_kind kind, uint32_t number) {
    struct gathered_feature *feature = &gathered->features[number];
    if (feature->text == text + 1) {
        index_entry *entry = &gathered->entries[feature->entry];
        *entry += (*entry & INDEX_TIMES_MAX) < INDEX_TIMES_MAX;
        return;
    }
    gathered->entries = gather_grown(gathered->arena, gathered->entries, gathered->count, &gathered->capacity,
                                     FIRST_ENTRIES, sizeof *gathered->entries);
    gathered->entries[gathered->count] = entry_code(number, kind, 1);
    feature->text = text + 1;
    feature->entry = (uint32_t)gathered->count++ & (INDEX_FEATURES_MAX - 1);
}

static void add_trigrams(struct gathered *gathered, const struct feature_word *text,
                         struct gathered_word *word) {
    uint64_t hashes[FEATURE_WORD_BYTES];
    word->first = (uint32_t)gathered->trigram_count;
    word->count = (uint32_t)feature_trigrams(text, hashes);
    for (size_t i = 0; i < word->count; i++) {
        gathered->trigrams =
            gather_grown(gathered->arena, gathered->trigrams, gathered->trigram_count,
                         &gathered->trigram_capacity, FIRST_TRIGRAMS, sizeof *gathered->trigrams);
        gathered->trigrams[gathered->trigram_count++] = number_of(gathered, FEATURE_TRIGRAM, hashes[i]);
    }
}

/* The word, which is noted if no text had it. Lives until the next one. */
static const struct gathered_word *word_of(struct gathered *gathered, const struct feature_word *text,
                                           uint64_t hash) {
    struct gathered_places *places = &gathered->word_places;
    size_t at = feature_spread(hash) & places->mask;
    for (; places->slots[at].row != 0; at = (at + 1) & places->mask)
        if (gathered->words[places->slots[at].row].hash == hash)
            return &gathered->words[places->slots[at].row];
    gathered->words = gather_grown(gathered->arena, gathered->words, gathered->word_count,
                                   &gathered->word_capacity, FIRST_WORDS, sizeof *gathered->words);
    uint32_t number = (uint32_t)gathered->word_count++;
    struct gathered_word *word = &gathered->words[number];
    word->hash = hash;
    word->feature = number_of(gathered, FEATURE_WORD, hash);
    add_trigrams(gathered, text, word);
    places->slots[at] = (struct slot){(uint32_t)(hash >> 32), number};
    if (2 * number > places->mask + 1)
        grow_places(gathered, places, gathered->words, gathered->word_count, sizeof *gathered->words);
    return word;
}

static void add_words(struct gathered *gathered, const char *folded, size_t length, uint32_t text) {
    uint64_t before = feature_no_word();
    struct feature_word next;
    for (size_t at = 0; feature_next_word(folded, length, &at, &next);) {
        uint64_t hash = feature_hash(FEATURE_WORD, next.bytes, next.length);
        uint64_t pair = feature_word_pair(before, hash);
        ask_for(&gathered->places, pair);
        const struct gathered_word *word = word_of(gathered, &next, hash);
        add(gathered, text, FEATURE_WORD, word->feature);
        for (uint32_t i = 0; i < word->count; i++)
            add(gathered, text, FEATURE_TRIGRAM, gathered->trigrams[word->first + i]);
        add(gathered, text, FEATURE_PAIR, number_of(gathered, FEATURE_PAIR, pair));
        before = hash;
    }
}

static void add_concepts(struct gathered *gathered, const struct concepts *concepts, const char *folded,
                         size_t length, uint32_t text) {
    uint32_t found[FEATURE_CONCEPTS_MAX], leading[FEATURE_CONCEPTS_MAX];
    uint64_t pairs[FEATURE_CONCEPTS_MAX];
    size_t leading_count = 0;
    size_t count =
        concepts_find(concepts, folded, length, found, FEATURE_CONCEPTS_MAX, leading, &leading_count);
    for (size_t i = 0; i < count; i++) {
        uint32_t *number = &gathered->concepts[found[i]];
        *number = *number ? *number : number_of(gathered, FEATURE_CONCEPT, feature_concept(found[i]));
        add(gathered, text, FEATURE_CONCEPT, *number);
    }
    for (size_t i = 0; i < leading_count; i++) {
        for (size_t j = i + 1; j < leading_count; j++) {
            pairs[j] = feature_concept_pair(leading[i], leading[j]);
            ask_for(&gathered->places, pairs[j]);
        }
        for (size_t j = i + 1; j < leading_count; j++)
            add(gathered, text, FEATURE_CONCEPT_PAIR, number_of(gathered, FEATURE_CONCEPT_PAIR, pairs[j]));
    }
}

int gather_text(struct gathered *gathered, const struct concepts *concepts, const char *folded, size_t length,
                uint32_t number, struct gathered_text *out) {
    if (gathered->feature_count > INDEX_FEATURES_MAX || length > INDEX_TEXT_BYTES_MAX)
        return ERR_MEMORY;
    gathered->count = 0;
    add_words(gathered, folded, length, number);
    add_concepts(gathered, concepts, folded, length, number);
    index_entry *entries = arena_room(gathered->arena, (gathered->count + 1) * sizeof *entries);
    memcpy(entries, gathered->entries, gathered->count * sizeof *entries);
    out->entries = entries;
    out->count = (uint32_t)gathered->count;
    gathered->entry_count += gathered->count;
    return 0;
}
