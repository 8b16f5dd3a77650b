/* Makes the tables of the index out of the texts that similar_gather.c took apart: features in the order of
   their hashes, postings of each by label and text, weights, bounds. Never searches. Called by the content
   loader.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/similar/index.h"

#include "banned.h"

/* How steeply a feature loses that many labels share. Chosen with the weights of index.h. */
static const float rarity_power = 1.2F;

/* ---- order ---- */

/* Of the upper half of a hash, which tells nearly all apart. */
enum { DIGIT_BITS = 11, DIGITS = 3, DIGIT_VALUES = 1 << DIGIT_BITS };
enum { AHEAD = 12 /* asked of memory before it is needed */ };

/* What a feature's postings are counted by, and then written by: all that a text asks of its features, in few
   lines of cache memory. */
struct tally {
    float rarity;
    uint32_t label;      /* of the text before that had it, + 1 */
    uint32_t labels;     /* then where the next posting of a label belongs */
    uint32_t texts;      /* those that do not push away; then where the next of them belongs */
    float sum, greatest; /* of the texts of the label at hand */
    uint32_t label_count : 31, tells_apart : 1;
};

struct ranked {
    uint32_t hash, feature; /* hash: its upper half */
};

static size_t digit_of(uint32_t hash, size_t digit) {
    return hash >> (digit * DIGIT_BITS) & (DIGIT_VALUES - 1);
}

static int is_behind(const struct gathered *gathered, const struct ranked *a, const struct ranked *b) {
    return a->hash != b->hash ? a->hash > b->hash
                              : gathered->features[a->feature].hash > gathered->features[b->feature].hash;
}

/* Those few that the digits do not tell apart. */
static void sort_rest(const struct gathered *gathered, struct ranked *list, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct ranked one = list[i];
        size_t at = i;
        for (; at > 0 && is_behind(gathered, &list[at - 1], &one); at--)
            list[at] = list[at - 1];
        list[at] = one;
    }
}

/* Features by hash, which orders all sums: from the lowest digit to the highest, equal ones in their order.
 */
static const struct ranked *rank_features(const struct gathered *gathered) {
    size_t count = gathered->feature_count - 1;
    struct ranked *from = arena_room(gathered->arena, (count + 1) * sizeof *from);
    struct ranked *to = arena_room(gathered->arena, (count + 1) * sizeof *to);
    uint32_t *starts = arena_array(gathered->arena, (size_t)DIGITS * DIGIT_VALUES, sizeof *starts);
    for (size_t i = 0; i < count; i++) {
        from[i] = (struct ranked){(uint32_t)(gathered->features[i + 1].hash >> 32), (uint32_t)i + 1};
        for (size_t digit = 0; digit < DIGITS; digit++)
            starts[digit * DIGIT_VALUES + digit_of(from[i].hash, digit)]++;
    }
    for (size_t digit = 0; digit < DIGITS; digit++, starts += DIGIT_VALUES) {
        for (uint32_t value = 0, sum = 0; value < DIGIT_VALUES; value++) {
            uint32_t size = starts[value];
            starts[value] = sum;
            sum += size;
        }
        for (size_t i = 0; i < count; i++)
            to[starts[digit_of(from[i].hash, digit)]++] = from[i];
        struct ranked *other = from;
        from = to;
        to = other;
    }
    sort_rest(gathered, from, count);
    return from;
}

/* Numbers of texts by label; those of a label in the order in which they were added. */
static const uint32_t *order_texts(const struct similar *similar) {
    const struct gathered *gathered = &similar->gathered;
    uint32_t *order = arena_array(gathered->arena, similar->text_count + 1, sizeof *order);
    uint32_t *starts = arena_array(gathered->arena, (size_t)similar->label_count + 2, sizeof *starts);
    for (size_t i = 0; i < similar->text_count; i++)
        starts[gathered->texts[i].label + 1]++;
    for (size_t label = 0; label < similar->label_count; label++)
        starts[label + 1] += starts[label];
    for (uint32_t i = 0; i < similar->text_count; i++)
        order[starts[gathered->texts[i].label]++] = i;
    return order;
}

/* ---- counting ---- */

/* Labels and texts of each feature. */
static struct tally *count_postings(struct similar *similar, const uint32_t *order) {
    const struct gathered *gathered = &similar->gathered;
    struct tally *tallies = arena_array(gathered->arena, gathered->feature_count, sizeof *tallies);
    for (size_t i = 0; i < similar->text_count; i++) {
        const struct gathered_text *text = &gathered->texts[order[i]];
        uint32_t label = text->label + 1, pushes = text->weight > 0 ? 0 : 1;
        similar->text_labels[order[i]] = text->label;
        for (size_t j = 0; j < text->count; j++) {
            struct tally *tally = &tallies[entry_feature(text->entries[j])];
            tally->labels += tally->label != label;
            tally->label = label;
            tally->texts += 1 - pushes;
        }
    }
    return tallies;
}

/* How telling a feature is that so many labels have: inverse label frequency, as labels, not texts, are told
 * apart. */
float index_rarity(const struct similar *similar, size_t labels) {
    return powf(logf(1.0F + (float)similar->label_count / (float)labels), rarity_power);
}

/* index_rarity for every number of labels: powf for every feature would take longer than all the rest. */
static float *make_rarities(const struct similar *similar) {
    float *rarities =
        arena_array(similar->gathered.arena, (size_t)similar->label_count + 1, sizeof *rarities);
    for (size_t labels = 1; labels <= similar->label_count; labels++)
        rarities[labels] = index_rarity(similar, labels);
    return rarities;
}

/* ---- tables ---- */

/* Room for rows and their slots in one piece, rows at lines of cache memory. */
static void make_tables(struct similar *similar) {
    const struct gathered *gathered = &similar->gathered;
    size_t slots = gathered->places.mask + 1, rows = gathered->feature_count;
    unsigned char *all =
        arena_alloc(similar->arena, slots * sizeof *similar->slots + (rows + 1) * sizeof *similar->rows);
    all += -(uintptr_t)all % sizeof *similar->rows;
    similar->rows = (void *)all;
    similar->slots = (void *)(similar->rows + rows);
    similar->slot_mask = gathered->places.mask;
    similar->row_count = rows;
    similar->text_labels = arena_array(similar->arena, similar->text_count + 1, sizeof *similar->text_labels);
    similar->stretches = arena_array(similar->arena, similar->text_count + 1, sizeof *similar->stretches);
}

/* A row for every feature, by hash, and where its postings begin. */
static void make_rows(struct similar *similar, struct tally *tallies) {
    const struct gathered *gathered = &similar->gathered;
    const struct ranked *ranked = rank_features(gathered);
    const float *rarities = make_rarities(similar);
    uint32_t *rows = arena_array(gathered->arena, gathered->feature_count, sizeof *rows);
    for (uint32_t i = 1; i < similar->row_count; i++) {
        if (i + AHEAD < similar->row_count) {
            __builtin_prefetch(&gathered->features[ranked[i - 1 + AHEAD].feature]);
            __builtin_prefetch(&tallies[ranked[i - 1 + AHEAD].feature]);
        }
        const struct gathered_feature *feature = &gathered->features[ranked[i - 1].feature];
        struct tally *tally = &tallies[ranked[i - 1].feature];
        uint32_t labels = tally->labels;
        tally->label_count = labels & (UINT32_MAX >> 1);
        tally->tells_apart = labels == 1 || (size_t)labels * COMMON_PART <= similar->label_count;
        similar->rows[i] = (struct row){.hash = feature->hash,
                                        .label_first = (uint32_t)similar->labels.count,
                                        .label_count = labels,
                                        .text_first = (uint32_t)similar->texts.count,
                                        .text_count = tally->tells_apart ? tally->texts : 0,
                                        .rarity = rarities[labels],
                                        .kind = (uint8_t)feature->kind};
        similar->labels.count += labels;
        similar->texts.count += similar->rows[i].text_count;
        tally->rarity = rarities[labels];
        tally->labels = similar->rows[i].label_first;
        tally->texts = similar->rows[i].text_first;
        tally->label = 0;
        rows[ranked[i - 1].feature] = i;
    }
    for (size_t i = 0; i <= gathered->places.mask; i++)
        similar->slots[i] = (struct slot){gathered->places.slots[i].tag, rows[gathered->places.slots[i].row]};
}

/* ---- weights ---- */

/* Features that the texts of one label have. */
struct touched {
    uint32_t *features;
    size_t count;
};

/* What an entry is worth, by the part of it that is no feature. */
static float *make_values(const struct similar *similar) {
    float *values = arena_array(similar->gathered.arena, ENTRY_CODES, sizeof *values);
    for (uint32_t kind = 0; kind < FEATURE_KINDS; kind++)
        for (uint32_t times = 1; times <= INDEX_TIMES_MAX; times++)
            values[entry_code(0, kind, times)] = index_value_of(kind, times);
    return values;
}

static float length_of(const struct gathered_text *text, const struct tally *tallies, const float *values) {
    float squares = 0;
    for (size_t i = 0; i < text->count; i++) {
        float value = values[entry_rest(text->entries[i])] * tallies[entry_feature(text->entries[i])].rarity;
        squares += value * value;
    }
    return sqrtf(squares);
}

/* A text as a unit vector times its weight, added to the sums of its label. Texts that push away (weight
   below 0) count in the sums only. */
static void post_text(struct similar *similar, uint32_t number, float length, struct tally *tallies,
                      const float *values, struct touched *touched) {
    const struct gathered_text *text = &similar->gathered.texts[number];
    for (size_t i = 0; i < text->count; i++) {
        uint32_t feature = entry_feature(text->entries[i]);
        struct tally *tally = &tallies[feature];
        float value = values[entry_rest(text->entries[i])] * tally->rarity * text->weight / length;
        if (tally->label != text->label + 1) {
            tally->label = text->label + 1;
            tally->sum = tally->greatest = 0;
            touched->features[touched->count++] = feature;
        }
        tally->sum += value;
        if (value > 0 && tally->tells_apart) {
            tally->greatest = value > tally->greatest ? value : tally->greatest;
            similar->texts.list[tally->texts++] = (struct posting){number, value};
        }
    }
}

/* The label's sums; returns their squared length. greatest: beside its postings, of its texts. */
static float post_label(struct similar *similar, uint32_t label, struct tally *tallies,
                        struct touched *touched, float *greatest) {
    float squares = 0;
    for (size_t i = 0; i < touched->count; i++) {
        struct tally *tally = &tallies[touched->features[i]];
        squares += tally->sum * tally->sum;
        greatest[tally->labels] = tally->greatest;
        similar->labels.list[tally->labels++] = (struct posting){label, tally->sum};
    }
    touched->count = 0;
    return squares;
}

/* What learns is what was posted. Labels' postings of a feature end where the next would belong. */
static void learn(struct similar *similar, const struct tally *tallies, const float *values,
                  const float *text_lengths) {
    const struct gathered *gathered = &similar->gathered;
    struct spot *spots = arena_room(gathered->arena, gathered->feature_count * sizeof *spots);
    for (size_t i = 0; i < gathered->feature_count; i++) {
        uint32_t count = tallies[i].label_count;
        spots[i] = (struct spot){tallies[i].labels - count, count, tallies[i].rarity};
    }
    const struct sums_to_learn sums = {spots, values, text_lengths, similar->label_lengths};
    learn_labels(similar, &sums);
}

/* Labels as unit vectors. most: the greatest of texts beside postings, then what lead.c makes bounds of. */
static void level_labels(struct similar *similar, float *most) {
    for (size_t i = 0; i < similar->label_count; i++) /* of squared lengths, so far */
        similar->label_lengths[i] = sqrtf(fmaxf(similar->label_lengths[i], 1e-12F));
    for (size_t i = 0; i < similar->labels.count; i++) {
        struct posting *posting = &similar->labels.list[i];
        posting->value /= similar->label_lengths[posting->owner];
        most[i] = lead_most(posting->value, most[i]);
    }
}

static void post(struct similar *similar, const uint32_t *order, struct tally *tallies, float *most) {
    const struct gathered *gathered = &similar->gathered;
    const float *values = make_values(similar);
    float *lengths = arena_room(gathered->arena, (similar->text_count + 1) * sizeof *lengths);
    struct touched touched = {
        arena_room(gathered->arena, (gathered->feature_count + 1) * sizeof *touched.features), 0};
    for (size_t i = 0; i < similar->text_count; i++) {
        uint32_t label = gathered->texts[order[i]].label;
        lengths[order[i]] = length_of(&gathered->texts[order[i]], tallies, values);
        post_text(similar, order[i], lengths[order[i]], tallies, values, &touched);
        if (i + 1 == similar->text_count || gathered->texts[order[i + 1]].label != label)
            similar->label_lengths[label] = post_label(similar, label, tallies, &touched, most);
    }
    learn(similar, tallies, values, lengths);
    level_labels(similar, most);
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

/* Writes out the rows of common features. 0 or ERR_MEMORY. */
static int spread_labels(struct similar *similar) {
    size_t width, count = 0;
    similar->strides = (similar->label_count + STRIDE - 1) / STRIDE;
    width = similar->strides * STRIDE;
    for (size_t i = 1; i < similar->row_count; i++) {
        similar->rows[i].is_dense = (uint8_t)((size_t)similar->rows[i].label_count * DENSE_PART >= width);
        count += similar->rows[i].is_dense;
    }
    if (count * width > UINT32_MAX)
        return ERR_MEMORY;
    similar->dense = arena_array(similar->arena, count * width + 1, sizeof *similar->dense);
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

/* All rows and postings, and bounds. */
static void fill(struct similar *similar) {
    struct gathered *gathered = &similar->gathered;
    make_tables(similar);
    const uint32_t *order = order_texts(similar);
    struct tally *tallies = count_postings(similar, order);
    make_rows(similar, tallies);
    similar->texts.list =
        arena_room(similar->arena, (similar->texts.count + 1) * sizeof *similar->texts.list);
    similar->labels.list =
        arena_room(similar->arena, (similar->labels.count + 1) * sizeof *similar->labels.list);
    similar->label_lengths =
        arena_array(similar->arena, (size_t)similar->label_count + 1, sizeof *similar->label_lengths);
    float *most = arena_room(gathered->arena, (similar->labels.count + 1) * sizeof *most);
    post(similar, order, tallies, most);
    lead_build(similar, most);
    similar->unseen = index_rarity(similar, 1);
    find_stretches(similar);
}

int similar_seal(struct similar *similar) {
    struct gathered *gathered = &similar->gathered;
    if (gathered->entry_count > UINT32_MAX)
        return ERR_MEMORY;
    if (similar->text_count == 0)
        gather_begin(gathered);
    fill(similar);
    int code = spread_labels(similar);
    arena_free(gathered->arena);
    *gathered = (struct gathered){0};
    return code;
}
