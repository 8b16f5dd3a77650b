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
    for (size_t i = 0; i < count; i++) {
        rows[i] = index_likely_row(similar, list[i].hash);
        __builtin_prefetch(rows[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i]->hash != list[i].hash)
            rows[i] = &similar->rows[index_slot(similar, list[i].hash)->row];
}

/* Sums of a message, zero at first. */
struct sums {
    float *labels, *best; /* by label; best: of its nearest text */
    float *texts;
    uint32_t *touched; /* texts that have a sum: a message is near a few hundred of thousands */
    size_t touched_count;
};

/* Values of texts are above zero, so what is zero was not touched. */
static void multiply_texts(const struct similar *similar, const struct row *row, float value,
                           struct sums *sums) {
    const struct posting *posting = &similar->texts.list[row->text_first], *end = posting + row->text_count;
    size_t count = sums->touched_count;
    for (; posting < end; posting++) {
        float before = sums->texts[posting->owner];
        sums->touched[count] = posting->owner;
        count += !(before > 0);
        sums->texts[posting->owner] = before + value * posting->value;
    }
    sums->touched_count = count;
}

/* The first postings of a row; dense rows are few and often near already. */
static void ask_for_postings(const struct similar *similar, const struct row *row) {
    if (!row->is_dense)
        __builtin_prefetch(&similar->labels.list[row->label_first]);
    __builtin_prefetch(&similar->texts.list[row->text_first]);
}

/* Sums of the message with every label and every text, not yet divided by its length, which is returned. What
   no example has still lengthens the message: strange words lower every score. Features are looked up some at
   a time: memory answers them together. */
static float add_up(const struct similar *similar, const struct feature_list *features, struct sums *sums) {
    const struct row *rows[LOOKUPS];
    float squares = 0;
    for (size_t first = 0; first < features->count; first += LOOKUPS) {
        size_t count = features->count - first < LOOKUPS ? features->count - first : LOOKUPS;
        index_look_up(similar, features, first, count, rows);
        for (size_t i = 0; i < count; i++)
            ask_for_postings(similar, rows[i]);
        for (size_t i = 0; i < count; i++) {
            const struct row *row = rows[i];
            float value =
                index_value(&features->list[first + i]) * (row->label_count ? row->rarity : similar->unseen);
            squares += value * value;
            if (row->is_dense)
                multiply_dense(similar->dense + row->label_first, similar->strides, value, sums->labels);
            else
                multiply(&similar->labels, row->label_first, row->label_count, value, sums->labels);
            multiply_texts(similar, row, value, sums);
        }
    }
    return sqrtf(fmaxf(squares, 1e-12F));
}

/* Cosines of labels, with the nearest text's share in its label's. Dividing keeps the order, so only the
   nearest text of each label is divided. */
static void blend(const struct similar *similar, float length, struct sums *sums) {
    float *restrict labels = sums->labels, *restrict best_of = sums->best;
    for (size_t i = 0; i < sums->touched_count; i++) {
        uint32_t text = sums->touched[i];
        float *best = &best_of[similar->text_labels[text]];
        *best = sums->texts[text] > *best ? sums->texts[text] : *best;
    }
    for (size_t i = 0; i < similar->label_count; i++) { /* fminf would be a call, one label at a time */
        float score = (1.0F - text_share) * (labels[i] / length) + text_share * (best_of[i] / length);
        labels[i] = score < 1.0F ? score : 1.0F;
    }
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
    uint32_t *touched = malloc((similar->text_count + 1) * sizeof *touched); /* one is written too many */
    struct sums sums = {scores, scores + width, scores + 2 * width, touched, 0};
    if (scores && touched) {
        float length = add_up(similar, features, &sums);
        blend(similar, length, &sums);
        for (uint32_t label = 0; label < similar->label_count; label++)
            if (sums.labels[label] > 0)
                count = insert(hits, count, limit, (struct similar_hit){label, sums.labels[label]});
    }
    free(touched);
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
    const struct feature_places places = {similar->slots, sizeof *similar->slots, similar->slot_mask};
    if (feature_list_init(&features, folded, length, &similar->concepts, &places) == 0) {
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
