/* An n-gram index: the examples of a label are summed up to one vector, and a message is compared with each
   by cosine (Rocchio's method, Manning, Raghavan, Schuetze: Introduction to Information Retrieval, ch. 14.2).
   Flat postings, no training, no randomness: the same texts in the same order give the same scores. Never
   reads content; called by the content loader, which fills it, and by intent.c, which asks. */
#include "domain/similar/similar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "domain/similar/index.h"

#include "banned.h"

/* How steeply a feature loses that many labels share. Chosen with the weights of index.h. */
static const float rarity_power = 1.2F;

enum { SORT_BY_INSERTION = 12 };

struct similar *similar_new(void) {
    return calloc(1, sizeof(struct similar));
}

void similar_free(struct similar *similar) {
    if (!similar)
        return;
    concepts_close(&similar->concepts);
    free(similar->entries);
    free(similar->weights);
    free(similar->text_labels);
    free(similar->stretches);
    free(similar->rows);
    free(similar->slots);
    free(similar->labels.list);
    free(similar->texts.list);
    free(similar->dense);
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

int similar_add_concept(struct similar *similar, uint32_t concept, const char *folded, size_t length) {
    if (similar->text_count > 0)
        return ERR_INVALID;
    return concepts_add(&similar->concepts, concept, folded, length);
}

static int make_room(struct similar *similar, size_t features) {
    void *entries = similar->entries, *weights = similar->weights, *labels = similar->text_labels;
    size_t same = similar->text_capacity;
    int fine =
        grow(&entries, &similar->entry_capacity, similar->entry_count + features, sizeof *similar->entries);
    similar->entries = entries;
    fine = fine && grow(&weights, &same, similar->text_count + 1, sizeof *similar->weights);
    similar->weights = weights;
    fine =
        fine && grow(&labels, &similar->text_capacity, similar->text_count + 1, sizeof *similar->text_labels);
    similar->text_labels = labels;
    return fine;
}

int similar_add(struct similar *similar, uint32_t label, const char *folded, size_t length, float weight) {
    struct feature_list features;
    if (similar->text_count == 0 && concepts_seal(&similar->concepts) < 0)
        return ERR_MEMORY;
    int code = feature_list_init(&features, folded, length, &similar->concepts, NULL);
    if (code == 0 && !make_room(similar, features.count))
        code = ERR_MEMORY;
    if (code == 0) {
        uint32_t text = (uint32_t)similar->text_count;
        for (size_t i = 0; i < features.count; i++)
            similar->entries[similar->entry_count++] = (struct entry){
                features.list[i].hash, label, text, index_value(&features.list[i]), features.list[i].kind};
        similar->text_labels[text] = label;
        similar->weights[similar->text_count++] = weight;
        similar->label_count = label >= similar->label_count ? label + 1 : similar->label_count;
    }
    feature_list_close(&features);
    return code;
}

static int is_before(const struct entry *a, const struct entry *b) {
    if (a->hash != b->hash)
        return a->hash < b->hash;
    return a->label != b->label ? a->label < b->label : a->text < b->text;
}

/* The bucket of a hash: buckets rise with hashes. FNV-1a spreads its high bits badly on short texts, but then
   two buckets share what one would have. */
static size_t bucket_of(uint64_t hash, unsigned bits) {
    return (size_t)(hash >> (64 - bits));
}

static int is_sorted(const struct entry *entries, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (is_before(&entries[i], &entries[i - 1]))
            return 0;
    return 1;
}

/* Merges the sorted halves of entries. */
static void merge(struct entry *entries, size_t half, size_t count, struct entry *room) {
    size_t left = 0, right = half;
    memcpy(room, entries, half * sizeof *room);
    for (size_t i = 0; left < half; i++)
        entries[i] =
            right < count && is_before(&entries[right], &room[left]) ? entries[right++] : room[left++];
}

/* Texts come label by label as a rule, so a bucket of one feature is in order already. room: for half of
   them. Two of them never are equal. */
static void sort_bucket(struct entry *entries, size_t count, struct entry *room) {
    if (is_sorted(entries, count))
        return;
    if (count > SORT_BY_INSERTION) {
        sort_bucket(entries, count / 2, room);
        sort_bucket(entries + count / 2, count - count / 2, room);
        merge(entries, count / 2, count, room);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct entry entry = entries[i];
        size_t at = i;
        for (; at > 0 && is_before(&entry, &entries[at - 1]); at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

/* Sorts by hash, label and text: counted into buckets, then each bucket. 0 or ERR_MEMORY. */
static int sort_entries(struct similar *similar) {
    unsigned bits = 4;
    while (bits < 24 && (size_t)1 << bits < similar->entry_count)
        bits++;
    size_t buckets = (size_t)1 << bits, *ends = calloc(buckets + 1, sizeof *ends);
    struct entry *sorted = malloc((similar->entry_count + 1) * sizeof *sorted);
    if (!ends || !sorted) {
        free(ends);
        free(sorted);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < similar->entry_count; i++)
        ends[bucket_of(similar->entries[i].hash, bits) + 1]++;
    for (size_t i = 1; i <= buckets; i++)
        ends[i] += ends[i - 1];
    for (size_t i = 0; i < similar->entry_count; i++)
        sorted[ends[bucket_of(similar->entries[i].hash, bits)]++] = similar->entries[i];
    for (size_t i = 0, first = 0; i < buckets; first = ends[i++])
        sort_bucket(sorted + first, ends[i] - first, similar->entries);
    free(ends);
    free(similar->entries);
    similar->entries = sorted;
    similar->entry_capacity = similar->entry_count + 1;
    return 0;
}

/* How telling a feature is that so many labels have: inverse label frequency, as labels, not texts, are told
 * apart. */
float index_rarity(const struct similar *similar, size_t labels) {
    return powf(logf(1.0F + (float)similar->label_count / (float)labels), rarity_power);
}

/* rarity_of for every number of labels: powf for every feature would take longer than all the rest. */
static float *make_rarities(const struct similar *similar) {
    float *rarities = calloc((size_t)similar->label_count + 1, sizeof *rarities);
    for (size_t labels = 1; rarities && labels <= similar->label_count; labels++)
        rarities[labels] = index_rarity(similar, labels);
    return rarities;
}

/* The entries of one feature: [first, end). */
static size_t feature_end(const struct similar *similar, size_t first) {
    size_t end = first;
    while (end < similar->entry_count && similar->entries[end].hash == similar->entries[first].hash)
        end++;
    return end;
}

static size_t count_labels(const struct entry *entries, size_t count) {
    size_t labels = 0;
    for (size_t i = 0; i < count; i++)
        labels += i == 0 || entries[i].label != entries[i - 1].label;
    return labels;
}

/* Weighs every entry by rarity and collects the squared lengths of texts. */
static void weigh_entries(struct similar *similar, const float *rarities, float *squares) {
    for (size_t first = 0, end; first < similar->entry_count; first = end) {
        end = feature_end(similar, first);
        float rarity = rarities[count_labels(similar->entries + first, end - first)];
        for (size_t i = first; i < end; i++) {
            similar->entries[i].value *= rarity;
            squares[similar->entries[i].text] += similar->entries[i].value * similar->entries[i].value;
        }
    }
}

static void add_posting(struct postings *postings, uint32_t owner, float value) {
    postings->list[postings->count++] = (struct posting){owner, value};
}

/* Postings of one feature, the entries [first, end): every text as a unit vector times its weight, and their
   sums by label. Texts that push away (weight below 0) count in the sums only. */
static void post_feature(struct similar *similar, size_t first, size_t end, const float *rarities,
                         const float *lengths) {
    size_t labels = count_labels(similar->entries + first, end - first);
    uint64_t hash = similar->entries[first].hash;
    struct row *row = &similar->rows[similar->row_count];
    *index_slot(similar, hash) = (struct slot){(uint32_t)(hash >> 32), (uint32_t)similar->row_count++};
    *row = (struct row){.hash = hash,
                        .label_first = (uint32_t)similar->labels.count,
                        .label_count = (uint32_t)labels,
                        .text_first = (uint32_t)similar->texts.count,
                        .rarity = rarities[labels],
                        .kind = (uint8_t)similar->entries[first].kind};
    for (size_t i = first; i < end; i++) {
        const struct entry *entry = &similar->entries[i];
        float value = entry->value * similar->weights[entry->text] / lengths[entry->text];
        if (i == first || entry->label != entry[-1].label)
            add_posting(&similar->labels, entry->label, 0);
        similar->labels.list[similar->labels.count - 1].value += value;
        if (value > 0 && (labels == 1 || labels * COMMON_PART <= similar->label_count))
            add_posting(&similar->texts, entry->text, value);
    }
    row->text_count = (uint32_t)similar->texts.count - row->text_first;
}

/* Makes every label a unit vector. squares: room for one number a label, zero. */
static void level_labels(struct postings *labels, float *squares) {
    for (size_t i = 0; i < labels->count; i++)
        squares[labels->list[i].owner] += labels->list[i].value * labels->list[i].value;
    for (size_t i = 0; i < labels->count; i++)
        labels->list[i].value /= sqrtf(fmaxf(squares[labels->list[i].owner], 1e-12F));
}

/* Writes out the rows of common features. 0 or ERR_MEMORY. */
static int spread_labels(struct similar *similar) {
    size_t width, count = 0;
    similar->strides = (similar->label_count + STRIDE - 1) / STRIDE;
    width = similar->strides * STRIDE;
    for (size_t i = 1; i < similar->row_count; i++) {
        similar->rows[i].is_dense = (uint8_t)((size_t)similar->rows[i].label_count * DENSE_PART >= width);
        count += similar->rows[i].is_dense;
    }
    similar->dense = calloc(count * width + 1, sizeof *similar->dense);
    if (!similar->dense || count * width > UINT32_MAX)
        return ERR_MEMORY;
    count = 0;
    for (size_t i = 1; i < similar->row_count; i++) {
        struct row *row = &similar->rows[i];
        const struct posting *from = &similar->labels.list[row->label_first];
        if (!row->is_dense)
            continue;
        row->label_first = (uint32_t)(width * count++);
        for (uint32_t j = 0; j < row->label_count; j++)
            similar->dense[row->label_first + from[j].owner] = from[j].value;
    }
    return 0;
}

static size_t count_features(const struct similar *similar) {
    size_t count = 0;
    for (size_t first = 0; first < similar->entry_count; first = feature_end(similar, first))
        count++;
    return count;
}

static int make_tables(struct similar *similar) {
    size_t size = 64, features = count_features(similar);
    while (size < features * 2)
        size *= 2;
    similar->slots = calloc(size, sizeof *similar->slots);
    similar->rows = aligned_alloc(sizeof *similar->rows, (features + 1) * sizeof *similar->rows);
    if (similar->rows)
        memset(similar->rows, 0, sizeof *similar->rows); /* the others are set as a whole */
    similar->row_count = 1;
    similar->stretches = calloc(similar->text_count + 1, sizeof *similar->stretches);
    similar->labels.list = malloc((similar->entry_count + 1) * sizeof *similar->labels.list);
    similar->texts.list = malloc((similar->entry_count + 1) * sizeof *similar->texts.list);
    similar->slot_mask = size - 1;
    return similar->slots && similar->rows && similar->stretches && similar->labels.list &&
           similar->texts.list;
}

/* Texts are added label by label, mostly. */
static void find_stretches(struct similar *similar) {
    for (uint32_t i = 0; i < similar->text_count; i++) {
        if (i == 0 || similar->text_labels[i] != similar->text_labels[i - 1])
            similar->stretches[similar->stretch_count++] =
                (struct stretch){.first = i, .label = similar->text_labels[i]};
        similar->stretches[similar->stretch_count - 1].end = i + 1;
    }
}

int similar_seal(struct similar *similar) {
    float *squares = calloc(similar->text_count + similar->label_count + 1, sizeof *squares);
    float *rarities = make_rarities(similar);
    if (!squares || !rarities || sort_entries(similar) != 0 || !make_tables(similar)) {
        free(squares);
        free(rarities);
        return ERR_MEMORY;
    }
    find_stretches(similar);
    weigh_entries(similar, rarities, squares);
    for (size_t i = 0; i < similar->text_count; i++)
        squares[i] = sqrtf(squares[i]); /* lengths from here on */
    for (size_t first = 0, end; first < similar->entry_count; first = end) {
        end = feature_end(similar, first);
        post_feature(similar, first, end, rarities, squares);
    }
    level_labels(&similar->labels, squares + similar->text_count);
    similar->unseen = index_rarity(similar, 1);
    lead_build(similar);
    int code = spread_labels(similar);
    free(squares);
    free(rarities);
    free(similar->entries);
    free(similar->weights);
    similar->entries = NULL;
    similar->weights = NULL;
    return code;
}
