/* An n-gram index: which known texts share rare words and letter trigrams with a message. Flat postings, no
   training, no randomness: the same texts in the same order give the same scores. Never reads content; called
   by the content loader (which fills it) and intent_similar.c (which asks). */
#include "domain/similar/similar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "domain/similar/feature.h"

#include "banned.h"

/* How much each kind of feature counts beside the others; chosen on the development split. */
static const float kind_weight[FEATURE_KINDS] = {1.0F, 0.7F, 0.5F};

struct entry { /* one feature of one text */
    uint64_t hash;
    uint32_t text;
    float value; /* count, then weight */
};
struct posting {
    uint32_t text;
    float value; /* part of the text's unit vector */
};
struct slot { /* open addressing; count 0: free */
    uint64_t hash;
    uint32_t first, count;
    float rarity;
};

struct similar {
    struct feature_list scratch; /* while adding */
    struct entry *entries;
    size_t entry_count, entry_capacity;
    uint32_t *labels; /* by text */
    float *weights;
    size_t text_count, text_capacity;
    uint32_t label_count; /* greatest label + 1 */
    struct slot *slots;
    size_t slot_mask;
    struct posting *postings;
};

struct similar *similar_new(void) {
    struct similar *similar = calloc(1, sizeof *similar);
    if (!similar)
        return NULL;
    similar->scratch.list = malloc(FEATURES_MAX * sizeof *similar->scratch.list);
    if (!similar->scratch.list) {
        free(similar);
        return NULL;
    }
    return similar;
}

void similar_free(struct similar *similar) {
    if (!similar)
        return;
    free(similar->scratch.list);
    free(similar->entries);
    free(similar->labels);
    free(similar->weights);
    free(similar->slots);
    free(similar->postings);
    free(similar);
}

static int grow(void **memory, size_t *capacity, size_t needed, size_t size) {
    if (needed <= *capacity)
        return 1;
    size_t wanted = *capacity ? *capacity * 2 : 256;
    if (wanted < needed)
        wanted = needed;
    void *larger = realloc(*memory, wanted * size);
    if (!larger)
        return 0;
    *memory = larger;
    *capacity = wanted;
    return 1;
}

static int grow_texts(struct similar *similar) {
    size_t capacity = similar->text_capacity, same = capacity;
    void *labels = similar->labels, *weights = similar->weights;
    int fine = grow(&labels, &capacity, similar->text_count + 1, sizeof *similar->labels);
    similar->labels = labels;
    fine = fine && grow(&weights, &same, similar->text_count + 1, sizeof *similar->weights);
    similar->weights = weights;
    if (fine)
        similar->text_capacity = capacity;
    return fine;
}

static int by_hash(const void *left, const void *right) {
    const struct feature *a = left, *b = right;
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

/* Repetitions become one feature; counts grow as 1 + ln(n), as a repeated word is not twice the evidence. */
static size_t merge(struct feature_list *list, float *values) {
    size_t count = 0;
    qsort(list->list, list->count, sizeof *list->list, by_hash);
    for (size_t i = 0; i < list->count;) {
        size_t next = i;
        while (next < list->count && list->list[next].hash == list->list[i].hash)
            next++;
        values[count] = kind_weight[list->list[i].kind] * (1.0F + logf((float)(next - i)));
        list->list[count++] = list->list[i];
        i = next;
    }
    list->count = count;
    return count;
}

int similar_add(struct similar *similar, uint32_t label, const char *folded, size_t length, float weight) {
    float values[FEATURES_MAX];
    similar->scratch.count = 0;
    feature_extract(folded, length, &similar->scratch);
    size_t count = merge(&similar->scratch, values);
    void *entries = similar->entries;
    int fine =
        grow(&entries, &similar->entry_capacity, similar->entry_count + count, sizeof *similar->entries);
    similar->entries = entries;
    if (!fine || !grow_texts(similar))
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        similar->entries[similar->entry_count++] =
            (struct entry){similar->scratch.list[i].hash, (uint32_t)similar->text_count, values[i]};
    similar->labels[similar->text_count] = label;
    similar->weights[similar->text_count++] = weight;
    if (label >= similar->label_count)
        similar->label_count = label + 1;
    return 0;
}

static int by_hash_then_text(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->text < b->text ? -1 : a->text > b->text;
}

static struct slot *find_slot(const struct similar *similar, uint64_t hash) {
    size_t at = (size_t)(hash ^ hash >> 32) & similar->slot_mask;
    while (similar->slots[at].count > 0 && similar->slots[at].hash != hash)
        at = (at + 1) & similar->slot_mask;
    return &similar->slots[at];
}

static int make_slots(struct similar *similar) {
    size_t size = 64;
    while (size < similar->entry_count * 2)
        size *= 2;
    similar->slots = calloc(size, sizeof *similar->slots);
    similar->postings = malloc((similar->entry_count + 1) * sizeof *similar->postings);
    similar->slot_mask = size - 1;
    return similar->slots && similar->postings;
}

/* Inverse document frequency: ln(1 + texts / texts with the feature). */
static float rarity_of(const struct similar *similar, size_t texts) {
    return logf(1.0F + (float)similar->text_count / (float)texts);
}

static void fill_postings(struct similar *similar, float *squares) {
    for (size_t i = 0; i < similar->entry_count;) {
        size_t next = i;
        while (next < similar->entry_count && similar->entries[next].hash == similar->entries[i].hash)
            next++;
        struct slot *slot = find_slot(similar, similar->entries[i].hash);
        *slot = (struct slot){similar->entries[i].hash, (uint32_t)i, (uint32_t)(next - i), 0};
        slot->rarity = rarity_of(similar, next - i);
        for (; i < next; i++) {
            float value = similar->entries[i].value * slot->rarity;
            similar->postings[i] = (struct posting){similar->entries[i].text, value};
            squares[similar->entries[i].text] += value * value;
        }
    }
}

int similar_seal(struct similar *similar) {
    float *squares = calloc(similar->text_count + 1, sizeof *squares);
    if (!squares || !make_slots(similar)) {
        free(squares);
        return ERR_MEMORY;
    }
    if (similar->entry_count > 0)
        qsort(similar->entries, similar->entry_count, sizeof *similar->entries, by_hash_then_text);
    fill_postings(similar, squares);
    for (size_t i = 0; i < similar->entry_count; i++) {
        uint32_t text = similar->postings[i].text;
        similar->postings[i].value *= similar->weights[text] / sqrtf(squares[text]);
    }
    free(squares);
    free(similar->entries);
    free(similar->scratch.list);
    similar->entries = NULL;
    similar->scratch.list = NULL;
    return 0;
}

/* Cosine of the message with every text, into scores. */
static void score_texts(const struct similar *similar, struct feature_list *list, float *scores) {
    float values[FEATURES_MAX], squares = 0;
    size_t count = merge(list, values);
    const float unseen = rarity_of(similar, 1);
    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = find_slot(similar, list->list[i].hash);
        float value = values[i] * (slot->count ? slot->rarity : unseen);
        squares += value * value;
        for (uint32_t j = 0; j < slot->count; j++) {
            const struct posting *posting = &similar->postings[slot->first + j];
            scores[posting->text] += value * posting->value;
        }
    }
    for (size_t i = 0; i < similar->text_count && squares > 0; i++)
        scores[i] /= sqrtf(squares);
}

static int is_better(const struct similar_hit *a, const struct similar_hit *b) {
    return a->score > b->score || (a->score == b->score && a->label < b->label);
}

static size_t insert(struct similar_hit *hits, size_t count, size_t limit, struct similar_hit hit) {
    size_t at = count < limit ? count++ : limit;
    while (at > 0 && is_better(&hit, &hits[at - 1])) {
        if (at < limit)
            hits[at] = hits[at - 1];
        at--;
    }
    if (at < limit)
        hits[at] = hit;
    return count;
}

/* A label is as near as its nearest text. */
static size_t rank_labels(const struct similar *similar, const float *scores, float *best,
                          struct similar_hit *hits, size_t limit) {
    size_t count = 0;
    for (size_t i = 0; i < similar->text_count; i++)
        if (scores[i] > best[similar->labels[i]])
            best[similar->labels[i]] = scores[i];
    for (uint32_t label = 0; label < similar->label_count; label++)
        if (best[label] > 0)
            count = insert(hits, count, limit, (struct similar_hit){label, fminf(best[label], 1.0F)});
    return count;
}

size_t similar_search(const struct similar *similar, const char *folded, size_t length,
                      struct similar_hit *hits, size_t limit) {
    if (!similar->slots || limit == 0)
        return 0;
    float *scores = calloc(similar->text_count + similar->label_count + 1, sizeof *scores);
    struct feature_list list = {malloc(FEATURES_MAX * sizeof *list.list), 0};
    size_t count = 0;
    if (scores && list.list) {
        feature_extract(folded, length, &list);
        score_texts(similar, &list, scores);
        count = rank_labels(similar, scores, scores + similar->text_count, hits, limit);
    }
    free(list.list);
    free(scores);
    return count;
}
