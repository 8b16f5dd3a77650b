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
enum { DIGIT_BITS = 11, DIGITS = 3, LEFT_OUT = 64 - DIGITS * DIGIT_BITS, DIGIT_VALUES = 1 << DIGIT_BITS };
enum { AHEAD = 12 /* asked of memory before it is needed */ };

struct ranked {
    uint64_t hash;
    uint32_t feature;
};

/* Where the next entry of a feature belongs, and how many labels those before it have. */
struct place {
    uint32_t next, label, labels; /* label: of the entry before, + 1 */
};

static size_t digit_of(uint64_t hash, size_t digit) {
    return (size_t)(hash >> (LEFT_OUT + digit * DIGIT_BITS)) & (DIGIT_VALUES - 1);
}

/* Those few that the digits do not tell apart. */
static void sort_rest(struct ranked *list, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct ranked one = list[i];
        size_t at = i;
        for (; at > 0 && list[at - 1].hash > one.hash; at--)
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
        from[i] = (struct ranked){gathered->features[i + 1].hash, (uint32_t)i + 1};
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
    sort_rest(from, count);
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

/* ---- tables ---- */

/* Room for all of them in one piece, rows at lines of cache memory. */
static void make_tables(struct similar *similar) {
    const struct gathered *gathered = &similar->gathered;
    size_t slots = gathered->places.mask + 1, rows = gathered->feature_count, entries = gathered->entry_count;
    unsigned char *all =
        arena_alloc(similar->arena, slots * sizeof *similar->slots + (rows + 1) * sizeof *similar->rows +
                                        2 * entries * sizeof(struct posting));
    all += -(uintptr_t)all % sizeof *similar->rows;
    similar->rows = (void *)all;
    similar->slots = (void *)(similar->rows + rows);
    similar->texts.list = (void *)(similar->slots + slots);
    similar->labels.list = similar->texts.list + entries;
    similar->slot_mask = gathered->places.mask;
    similar->row_count = rows;
    similar->text_labels = arena_array(similar->arena, similar->text_count + 1, sizeof *similar->text_labels);
    similar->stretches = arena_array(similar->arena, similar->text_count + 1, sizeof *similar->stretches);
}

/* A row for every feature, by hash, and where its texts begin; places: the same by feature. */
static void make_rows(struct similar *similar, const struct ranked *ranked, struct place *places) {
    const struct gathered *gathered = &similar->gathered;
    uint32_t *rows = arena_array(gathered->arena, gathered->feature_count, sizeof *rows), first = 0;
    for (uint32_t i = 1; i < similar->row_count; i++) {
        if (i + AHEAD < similar->row_count)
            __builtin_prefetch(&gathered->features[ranked[i - 1 + AHEAD].feature]);
        const struct gathered_feature *feature = &gathered->features[ranked[i - 1].feature];
        similar->rows[i] = (struct row){.hash = feature->hash,
                                        .text_first = first,
                                        .text_count = feature->count,
                                        .kind = (uint8_t)feature->kind};
        places[ranked[i - 1].feature].next = first;
        rows[ranked[i - 1].feature] = i;
        first += feature->count;
    }
    for (size_t i = 0; i <= gathered->places.mask; i++)
        similar->slots[i] = (struct slot){gathered->places.slots[i].tag, rows[gathered->places.slots[i].row]};
}

/* Every feature's entries by label and text, as postings of texts. */
static void sort_entries(struct similar *similar, struct place *places) {
    const struct gathered *gathered = &similar->gathered;
    const uint32_t *order = order_texts(similar);
    for (size_t i = 0; i < similar->text_count; i++) {
        const struct gathered_text *text = &gathered->texts[order[i]];
        similar->text_labels[order[i]] = text->label;
        for (size_t j = 0; j < text->count; j++) {
            if (j + AHEAD < text->count)
                __builtin_prefetch(&similar->texts.list[places[text->entries[j + AHEAD].feature].next], 1);
            struct place *place = &places[text->entries[j].feature];
            place->labels += place->label != text->label + 1;
            place->label = text->label + 1;
            similar->texts.list[place->next++] = (struct posting){order[i], text->entries[j].value};
        }
    }
}

static void fill_rows(struct similar *similar) {
    struct gathered *gathered = &similar->gathered;
    const struct ranked *ranked = rank_features(gathered);
    struct place *places = arena_array(gathered->arena, gathered->feature_count, sizeof *places);
    make_rows(similar, ranked, places);
    sort_entries(similar, places);
    for (size_t i = 1; i < similar->row_count; i++)
        similar->rows[i].label_count = places[ranked[i - 1].feature].labels;
}

/* ---- weights ---- */

/* How telling a feature is that so many labels have: inverse label frequency, as labels, not texts, are told
 * apart. */
float index_rarity(const struct similar *similar, size_t labels) {
    return powf(logf(1.0F + (float)similar->label_count / (float)labels), rarity_power);
}

/* rarity_of for every number of labels: powf for every feature would take longer than all the rest. */
static float *make_rarities(const struct similar *similar) {
    float *rarities =
        arena_array(similar->gathered.arena, (size_t)similar->label_count + 1, sizeof *rarities);
    for (size_t labels = 1; labels <= similar->label_count; labels++)
        rarities[labels] = index_rarity(similar, labels);
    return rarities;
}

/* Weighs every posting by rarity and collects the squared lengths of texts. */
static void weigh_entries(struct similar *similar, const float *rarities, float *squares) {
    for (size_t i = 1; i < similar->row_count; i++) {
        struct row *row = &similar->rows[i];
        struct posting *posting = &similar->texts.list[row->text_first], *end = posting + row->text_count;
        row->rarity = rarities[row->label_count];
        for (; posting < end; posting++) {
            posting->value *= row->rarity;
            squares[posting->owner] += posting->value * posting->value;
        }
    }
}

static void add_posting(struct postings *postings, uint32_t owner, float value) {
    postings->list[postings->count++] = (struct posting){owner, value};
}

/* Postings of one feature: every text as a unit vector times its weight, and their sums by label. Texts that
   push away (weight below 0) count in the sums only. Those of texts are written where they were read: never
   more than were read. greatest: of the texts behind each posting of labels. */
static void post_feature(struct similar *similar, struct row *row, const float *lengths, float *greatest) {
    const struct gathered_text *texts = similar->gathered.texts;
    uint32_t first = row->text_first, end = first + row->text_count, before = UINT32_MAX;
    int tells_apart = row->label_count == 1 || (size_t)row->label_count * COMMON_PART <= similar->label_count;
    row->label_first = (uint32_t)similar->labels.count;
    row->text_first = (uint32_t)similar->texts.count;
    for (uint32_t i = first; i < end; i++) {
        uint32_t text = similar->texts.list[i].owner, label = similar->text_labels[text];
        float value = similar->texts.list[i].value * texts[text].weight / lengths[text];
        if (i == first || label != before)
            add_posting(&similar->labels, label, 0);
        before = label;
        similar->labels.list[similar->labels.count - 1].value += value;
        if (value > 0 && tells_apart) {
            float *top = &greatest[similar->labels.count - 1];
            *top = value > *top ? value : *top;
            add_posting(&similar->texts, text, value);
        }
    }
    row->text_count = (uint32_t)similar->texts.count - row->text_first;
}

/* Makes every label a unit vector. squares: room for one number a label, zero. */
static void level_labels(struct postings *labels, float *squares, size_t label_count) {
    for (size_t i = 0; i < labels->count; i++)
        squares[labels->list[i].owner] += labels->list[i].value * labels->list[i].value;
    for (size_t i = 0; i < label_count; i++)
        squares[i] = sqrtf(fmaxf(squares[i], 1e-12F)); /* lengths from here on */
    for (size_t i = 0; i < labels->count; i++)
        labels->list[i].value /= squares[labels->list[i].owner];
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

/* Texts are added label by label, mostly. */
static void find_stretches(struct similar *similar) {
    for (uint32_t i = 0; i < similar->text_count; i++) {
        if (i == 0 || similar->text_labels[i] != similar->text_labels[i - 1])
            similar->stretches[similar->stretch_count++] =
                (struct stretch){.first = i, .label = similar->text_labels[i]};
        similar->stretches[similar->stretch_count - 1].end = i + 1;
    }
}

/* All weights, once postings of texts are in order, and the bounds. */
static void weigh(struct similar *similar) {
    float *squares = arena_array(similar->gathered.arena, similar->text_count + 1, sizeof *squares);
    float *greatest =
        arena_array(similar->gathered.arena, similar->gathered.entry_count + 1, sizeof *greatest);
    weigh_entries(similar, make_rarities(similar), squares);
    for (size_t i = 0; i < similar->text_count; i++)
        squares[i] = sqrtf(squares[i]); /* lengths from here on */
    for (size_t i = 1; i < similar->row_count; i++)
        post_feature(similar, &similar->rows[i], squares, greatest);
    similar->label_lengths =
        arena_array(similar->arena, (size_t)similar->label_count + 1, sizeof *similar->label_lengths);
    level_labels(&similar->labels, similar->label_lengths, similar->label_count);
    similar->unseen = index_rarity(similar, 1);
    lead_build(similar, greatest);
}

int similar_seal(struct similar *similar) {
    struct gathered *gathered = &similar->gathered;
    if (gathered->entry_count > UINT32_MAX)
        return ERR_MEMORY;
    if (similar->text_count == 0)
        gather_begin(gathered);
    make_tables(similar);
    fill_rows(similar);
    find_stretches(similar);
    weigh(similar);
    int code = spread_labels(similar);
    arena_free(gathered->arena);
    *gathered = (struct gathered){0};
    return code;
}
