/* Asks the index: what of the labels is near a message. Never changes it. Called by intent.c. */
#include <math.h>
#include <stdlib.h>

#include "domain/similar/index.h"

#include "banned.h"

enum { LOOKUPS = 64 };

/* The same sums as one posting after the other: what is added to the others is zero. */
static void multiply_dense(const float *restrict row, size_t strides, float value, float *restrict scores) {
    for (size_t i = 0; i < strides; i++, row += STRIDE, scores += STRIDE)
        for (size_t j = 0; j < STRIDE; j++)
            scores[j] += value * row[j];
}

static void multiply(const struct postings *postings, uint32_t first, uint32_t count, float value,
                     float *scores) {
    for (uint32_t i = first; i < first + count; i++)
        scores[postings->list[i].owner] += value * postings->list[i].value;
}

void index_look_up(const struct similar *similar, const struct feature_list *features, size_t first,
                   size_t count, const struct row **rows) {
    const struct feature *list = features->list + first;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&similar->slots[(size_t)(list[i].hash ^ list[i].hash >> 29) & similar->slot_mask]);
    for (size_t i = 0; i < count; i++) {
        rows[i] = index_likely_row(similar, list[i].hash);
        __builtin_prefetch(rows[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i]->hash != list[i].hash)
            rows[i] = &similar->rows[index_slot(similar, list[i].hash)->row];
}

/* Sums of the message with every label and every text, not yet divided by its length, which is returned. What
   no example has still lengthens the message: strange words lower every score. Features are looked up some at
   a time: memory answers them together. */
static float add_up(const struct similar *similar, const struct feature_list *features, float *labels,
                    float *texts) {
    const struct row *rows[LOOKUPS];
    float squares = 0;
    for (size_t first = 0; first < features->count; first += LOOKUPS) {
        size_t count = features->count - first < LOOKUPS ? features->count - first : LOOKUPS;
        index_look_up(similar, features, first, count, rows);
        for (size_t i = 0; i < count; i++) {
            const struct row *row = rows[i];
            float value =
                index_value(&features->list[first + i]) * (row->label_count ? row->rarity : similar->unseen);
            squares += value * value;
            if (row->is_dense)
                multiply_dense(similar->dense + row->label_first, similar->strides, value, labels);
            else
                multiply(&similar->labels, row->label_first, row->label_count, value, labels);
            multiply(&similar->texts, row->text_first, row->text_count, value, texts);
        }
    }
    return sqrtf(fmaxf(squares, 1e-12F));
}

/* The greatest of texts [first, end) and least, four at a time: none waits for the one before. */
static float greatest(const float *texts, size_t first, size_t end, float least) {
    float most[4] = {least, least, least, least};
    for (; first + 4 <= end; first += 4)
        for (size_t i = 0; i < 4; i++)
            most[i] = texts[first + i] > most[i] ? texts[first + i] : most[i];
    for (; first < end; first++)
        most[0] = texts[first] > most[0] ? texts[first] : most[0];
    most[0] = most[1] > most[0] ? most[1] : most[0];
    most[2] = most[3] > most[2] ? most[3] : most[2];
    return most[2] > most[0] ? most[2] : most[0];
}

/* Cosines of labels, with the nearest text's share in its label's. Dividing keeps the order, so only the
   nearest text of each label is divided. best: room for one number a label, zero. */
static void blend(const struct similar *similar, float length, float *labels, const float *texts,
                  float *best) {
    for (size_t i = 0; i < similar->stretch_count; i++) {
        const struct stretch *stretch = &similar->stretches[i];
        best[stretch->label] = greatest(texts, stretch->first, stretch->end, best[stretch->label]);
    }
    for (size_t i = 0; i < similar->label_count; i++)
        labels[i] = fminf((1.0F - text_share) * (labels[i] / length) + text_share * (best[i] / length), 1.0F);
}

static int is_better(const struct similar_hit *a, const struct similar_hit *b) {
    return a->score > b->score || (!(a->score < b->score) && a->label < b->label);
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

static size_t search(const struct similar *similar, const struct feature_list *features,
                     struct similar_hit *hits, size_t limit) {
    size_t count = 0, width = similar->strides * STRIDE;
    float *scores = calloc(2 * width + similar->text_count, sizeof *scores);
    if (!scores)
        return 0;
    float length = add_up(similar, features, scores, scores + 2 * width);
    blend(similar, length, scores, scores + 2 * width, scores + width);
    for (uint32_t label = 0; label < similar->label_count; label++)
        if (scores[label] > 0)
            count = insert(hits, count, limit, (struct similar_hit){label, scores[label]});
    free(scores);
    return count;
}

size_t similar_search_unless(const struct similar *similar, const char *folded, size_t length,
                             const struct similar_lead *lead, struct similar_hit *hits, size_t limit,
                             int *is_certain) {
    struct feature_list features;
    size_t count = 0;
    *is_certain = 0;
    if (!similar->slots || limit == 0 || similar->label_count == 0)
        return 0;
    if (feature_list_init(&features, folded, length, &similar->concepts) == 0) {
        *is_certain = lead && lead_is_certain(similar, &features, lead);
        count = *is_certain ? 0 : search(similar, &features, hits, limit);
    }
    feature_list_close(&features);
    return count;
}

size_t similar_search(const struct similar *similar, const char *folded, size_t length,
                      struct similar_hit *hits, size_t limit) {
    int is_certain;
    return similar_search_unless(similar, folded, length, NULL, hits, limit, &is_certain);
}
