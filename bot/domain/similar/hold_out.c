/* Takes one text out of a sealed index and puts it back: what would be found for an example if it were no
   example? Never searches, and never runs while messages are answered. Called by the content lint. */
#include <math.h>
#include <stdlib.h>

#include "domain/similar/index.h"

#include "banned.h"

/* What is known of the text that is held out. */
struct held_text {
    uint32_t number;
    float length; /* before it became a unit vector; what it weighed by is not in it */
};

/* In place of a text's values: sums of texts must stay above zero (similar_search.c), and nothing is nearer
   by it. */
static const float nearly_nothing = 1e-20F;

/* A number of the index and what it was. */
struct kept {
    float *at;
    float was;
};
struct similar_held {
    struct kept *kept; /* of one label after the other, and those of the text */
    size_t count;
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

/* Lessons of a text. */
struct lessons {
    size_t count;
    uint32_t others[LESSON_ROUNDS]; /* LESSON_NOBODY too */
};

static struct lessons find_lessons(const struct similar *similar, uint32_t text) {
    struct lessons lessons = {.count = 0};
    for (size_t i = 0; i < similar->lesson_count && lessons.count < LESSON_ROUNDS; i++)
        if (similar->lessons[i].text == text)
            lessons.others[lessons.count++] = similar->lessons[i].other;
    return lessons;
}

/* 0 if there was no memory: then there is nothing to free either. */
static int hold_init(struct similar_held *held, const struct similar *similar, const char *folded,
                     size_t length, size_t lessons) {
    if (feature_list_init(&held->features, folded, length, &similar->concepts, NULL) == 0) {
        size_t most = (1 + lessons) * similar->row_count + held->features.count;
        held->kept = malloc((most + 1) * sizeof *held->kept);
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
}

/* Makes a label a unit vector again, which was kept from number first to before end. */
static void level_label(const struct similar_held *held, size_t first, size_t end) {
    float squares = 0;
    for (size_t i = first; i < end; i++)
        squares += *held->kept[i].at * *held->kept[i].at;
    float length = sqrtf(fmaxf(squares, 1e-12F));
    for (size_t i = first; i < end; i++)
        *held->kept[i].at /= length;
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

/* Adds the text's unit vector so many times to the sum of a label, where that has the feature, and levels it.
 */
static void add_text(struct similar *similar, struct similar_held *held, const struct held_text *text,
                     uint32_t label, float times) {
    float share = times / (text->length * similar->label_lengths[label]);
    size_t first = held->count;
    keep_label(similar, held, label);
    for (size_t i = 0; i < held->features.count; i++) {
        const struct feature *feature = &held->features.list[i];
        const struct row *row = &similar->rows[index_slot(similar, feature->hash)->row];
        float *sum = label_value(similar, row, label);
        if (sum && (*sum < 0 || *sum > 0)) /* a dense row has a zero where the label has nothing */
            *sum += share * index_value(feature) * row->rarity;
    }
    level_label(held, first, held->count);
}

/* Out of the texts, too. */
static void take_text(struct similar *similar, struct similar_held *held, uint32_t number) {
    for (size_t i = 0; i < held->features.count; i++) {
        const struct row *row = &similar->rows[index_slot(similar, held->features.list[i].hash)->row];
        float *own = text_value(similar, row, number);
        keep(held, own);
        if (own)
            *own = nearly_nothing;
    }
}

/* How often the other of lesson i is that of this and later ones; 0 if it was met before: a label is levelled
   once. */
static size_t count_again(const struct lessons *lessons, size_t i) {
    size_t count = 0;
    for (size_t j = 0; j < lessons->count; j++) {
        int is_same = lessons->others[j] == lessons->others[i];
        if (is_same && j < i)
            return 0;
        count += (size_t)is_same;
    }
    return count;
}

struct similar_held *similar_hold_out(struct similar *similar, uint32_t label, size_t nth, const char *folded,
                                      size_t length, float weight) {
    struct held_text text = {.number = find_text(similar, label, nth)};
    struct similar_held *held = calloc(1, sizeof *held);
    const struct lessons lessons = find_lessons(similar, text.number);
    if (!held || !hold_init(held, similar, folded, length, lessons.count)) {
        free(held);
        return NULL;
    }
    text.length = text_length(similar, &held->features);
    add_text(similar, held, &text, label, -(weight + lesson_gain * (float)lessons.count));
    take_text(similar, held, text.number);
    for (size_t i = 0; i < lessons.count; i++) {
        float times = lesson_loss * (float)count_again(&lessons, i);
        if (lessons.others[i] != LESSON_NOBODY && times > 0)
            add_text(similar, held, &text, lessons.others[i], times);
    }
    return held;
}

void similar_give_back(struct similar_held *held) {
    if (!held)
        return;
    for (size_t i = held->count; i-- > 0;) /* some were kept twice: what they were first is what they are */
        *held->kept[i].at = held->kept[i].was;
    feature_list_close(&held->features);
    free(held->kept);
    free(held);
}
