/* Takes one text out of a sealed index and puts it back: what would be found for an example if it were no
   example? Never searches, and never runs while messages are answered. Called by the content lint. */
#include <math.h>
#include <stdlib.h>

#include "domain/similar/index.h"

#include "banned.h"

/* In place of a text's values: sums of texts must stay above zero (similar_search.c), and nothing is nearer
   by it. */
static const float nearly_nothing = 1e-20F;

/* A number of the index and what it was. */
struct kept {
    float *at;
    float was;
};
struct similar_held {
    struct kept *kept; /* first all of the label, then those of the text */
    size_t label_count, count;
    struct feature_list features;
};

/* Where the label's value for a feature is; NULL: it has none. */
static float *label_value(struct similar *similar, const struct row *row, uint32_t label) {
    if (row->is_dense)
        return &similar->dense[row->label_first + label];
    struct posting *list = &similar->labels.list[row->label_first];
    for (uint32_t i = 0; i < row->label_count && list[i].owner <= label; i++)
        if (list[i].owner == label)
            return &list[i].value;
    return NULL;
}

static float *text_value(struct similar *similar, const struct row *row, uint32_t text) {
    struct posting *list = &similar->texts.list[row->text_first];
    for (uint32_t i = 0; i < row->text_count; i++)
        if (list[i].owner == text)
            return &list[i].value;
    return NULL;
}

/* The number of a label's nth text; text_count: there is none. */
static uint32_t find_text(const struct similar *similar, uint32_t label, size_t nth) {
    for (uint32_t i = 0; i < similar->text_count; i++)
        if (similar->text_labels[i] == label && nth-- == 0)
            return i;
    return (uint32_t)similar->text_count;
}

/* 0 if there was no memory: then there is nothing to free either. */
static int hold_init(struct similar_held *held, const struct similar *similar, const char *folded,
                     size_t length) {
    if (feature_list_init(&held->features, folded, length, &similar->concepts, NULL) == 0) {
        held->kept = calloc(similar->row_count + held->features.count + 1, sizeof *held->kept);
        if (held->kept)
            return 1;
    }
    feature_list_close(&held->features);
    return 0;
}

static void keep(struct similar_held *held, float *at) {
    if (at)
        held->kept[held->count++] = (struct kept){at, *at};
}

static void keep_label(struct similar *similar, struct similar_held *held, uint32_t label) {
    for (size_t i = 1; i < similar->row_count; i++)
        keep(held, label_value(similar, &similar->rows[i], label));
    held->label_count = held->count;
}

/* Length of the text before it became a unit vector; what it weighed by is not in it. */
static float text_length(const struct similar *similar, const struct feature_list *features) {
    float squares = 0;
    for (size_t i = 0; i < features->count; i++) {
        const struct row *row = &similar->rows[index_slot(similar, features->list[i].hash)->row];
        float value = index_value(&features->list[i]) * row->rarity;
        squares += value * value;
    }
    return sqrtf(fmaxf(squares, 1e-12F));
}

/* Takes the text out of the label's sum, and out of the texts. share: what its values count in the sum. */
static void take_text(struct similar *similar, struct similar_held *held, uint32_t label, uint32_t text,
                      float share) {
    for (size_t i = 0; i < held->features.count; i++) {
        const struct feature *feature = &held->features.list[i];
        const struct row *row = &similar->rows[index_slot(similar, feature->hash)->row];
        float *sum = label_value(similar, row, label), *own = text_value(similar, row, text);
        if (sum)
            *sum -= share * index_value(feature) * row->rarity;
        keep(held, own);
        if (own)
            *own = nearly_nothing;
    }
}

/* Makes what is left of the label a unit vector. */
static void level_label(const struct similar_held *held) {
    float squares = 0;
    for (size_t i = 0; i < held->label_count; i++)
        squares += *held->kept[i].at * *held->kept[i].at;
    float length = sqrtf(fmaxf(squares, 1e-12F));
    for (size_t i = 0; i < held->label_count; i++)
        *held->kept[i].at /= length;
}

struct similar_held *similar_hold_out(struct similar *similar, uint32_t label, size_t nth, const char *folded,
                                      size_t length, float weight) {
    struct similar_held *held = calloc(1, sizeof *held);
    if (!held || !hold_init(held, similar, folded, length)) {
        free(held);
        return NULL;
    }
    keep_label(similar, held, label);
    take_text(similar, held, label, find_text(similar, label, nth),
              weight / (text_length(similar, &held->features) * similar->label_lengths[label]));
    level_label(held);
    return held;
}

void similar_give_back(struct similar_held *held) {
    if (!held)
        return;
    for (size_t i = 0; i < held->count; i++)
        *held->kept[i].at = held->kept[i].was;
    feature_list_close(&held->features);
    free(held->kept);
    free(held);
}
