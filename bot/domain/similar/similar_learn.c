/* Teaches labels where their sums confuse them: a text that is nearer to another label, or nearly as near,
   counts more in its own label and is taken from the other (a perceptron that begins with Rocchio's sums:
   Tan, Cheng, Ghanem, Wang, Xu, A novel refinement approach for text categorization, CIKM 2005). Only values
   that are there change, so the index does not grow. No randomness: the same texts in the same order give the
   same values. Never looks at single texts' postings. Called by similar_seal.c, while texts are still there.
 */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "domain/similar/index.h"

#include "banned.h"

/* Chosen, with the rounds and shares of index.h, on 1,682 messages as people tell them, of which the index
   knew none, while it knew as many others by the same writers: the right label came first for 58.5 %, without
   learning for 55.3 %, among the first three for 78.7 %, without for 76.0 %; of 1,170 shorter ones first for
   92.7 %, without for 91.0 %.
   By how much a text's own label must lead, as cosines, and what is so far ahead that it is not asked again:
   a round changes a label by little. With 0.3 in place of 0.15 the same messages were understood. */
static const float margin = 0.1F, sure_margin = 0.15F;
/* What a text counts less than an example only shares its label's words (titles, answers), or is none. */
static const float least_weight = 0.95F;

enum { TOGETHER = 4 /* rows that are added at once */, AHEAD = 6 /* asked of memory before it is needed */ };

struct learning {
    struct similar *similar;
    const struct sums_to_learn *sums;
    float *dense; /* sums of rows that many labels have; their spots have no count and begin here */
    size_t dense_count;
    float *inverse; /* of labels' lengths; 0 where a label is nobody's other */
    float *scores;
    size_t width; /* of whole strides: of a row of dense, inverse and scores */
};

/* ---- rows that many labels have, there and back ---- */

static int is_common(const struct learning *learning, const struct spot *spot) {
    return (size_t)spot->count * DENSE_PART >= learning->width;
}

/* rows: by number of the dense row, where its postings are. */
static void spread(struct learning *learning, struct spot *rows) {
    uint32_t dense = 0;
    for (size_t i = 1; i < learning->similar->gathered.feature_count; i++) {
        struct spot *spot = &learning->sums->spots[i];
        if (!is_common(learning, spot))
            continue;
        *rows++ = *spot;
        const struct posting *list = &learning->similar->labels.list[spot->first];
        for (uint32_t j = 0; j < spot->count; j++)
            learning->dense[dense + list[j].owner] = list[j].value;
        *spot = (struct spot){dense, 0, spot->rarity};
        dense += (uint32_t)learning->width;
    }
}

static void gather(const struct learning *learning, const struct spot *rows) {
    const float *dense = learning->dense;
    for (size_t i = 0; i < learning->dense_count; i++, dense += learning->width) {
        struct posting *list = &learning->similar->labels.list[rows[i].first];
        for (uint32_t j = 0; j < rows[i].count; j++)
            list[j].value = dense[list[j].owner];
    }
}

/* ---- what is near a text ---- */

/* Rows that many labels have, some of them at once: scores are read and written once for all. */
struct together {
    const float *rows[TOGETHER];
    float values[TOGETHER];
    size_t count;
};

static void add_together(const struct learning *learning, struct together *together) {
    const float *restrict a, *restrict b, *restrict c, *restrict d;
    float *restrict scores = learning->scores;
    const float *values = together->values;
    for (; together->count < TOGETHER; together->count++) {
        together->rows[together->count] = together->rows[0];
        together->values[together->count] = 0;
    }
    a = together->rows[0];
    b = together->rows[1];
    c = together->rows[2];
    d = together->rows[3];
    for (size_t i = 0; i < learning->width; i += STRIDE)
        for (size_t j = i; j < i + STRIDE; j++)
            scores[j] += (values[0] * a[j] + values[1] * b[j]) + (values[2] * c[j] + values[3] * d[j]);
    together->count = 0;
}

/* Where the sums are of the feature that comes soon. */
static void ask_ahead(const struct learning *learning, const struct gathered_text *text, size_t i) {
    if (i + AHEAD >= text->count)
        return;
    const struct spot *spot = &learning->sums->spots[entry_feature(text->entries[i + AHEAD])];
    if (spot->count > 0)
        __builtin_prefetch(&learning->similar->labels.list[spot->first]);
}

/* Sums of a text with all labels, by the text's length. */
static void add_scores(const struct learning *learning, const struct gathered_text *text, float scale) {
    struct together together = {.count = 0};
    memset(learning->scores, 0, learning->width * sizeof *learning->scores);
    for (size_t i = 0; i < text->count; i++) {
        ask_ahead(learning, text, i);
        const struct spot *spot = &learning->sums->spots[entry_feature(text->entries[i])];
        const struct posting *list = &learning->similar->labels.list[spot->first];
        float value = learning->sums->values[entry_rest(text->entries[i])] * spot->rarity * scale;
        for (uint32_t j = 0; j < spot->count; j++)
            learning->scores[list[j].owner] += value * list[j].value;
        if (spot->count > 0)
            continue;
        together.rows[together.count] = &learning->dense[spot->first];
        together.values[together.count] = value;
        if (++together.count == TOGETHER)
            add_together(learning, &together);
    }
    if (together.count > 0)
        add_together(learning, &together);
}

/* The greatest cosine but the text's own label's, which is taken out of the scores; 0: none is near. */
static float greatest_other(const struct learning *learning, uint32_t own) {
    const float *restrict inverse = learning->inverse;
    float *restrict scores = learning->scores;
    float greatest[STRIDE] = {0}, most = 0;
    scores[own] = 0;
    for (size_t i = 0; i < learning->width; i += STRIDE)
        for (size_t j = 0; j < STRIDE; j++) {
            scores[i + j] *= inverse[i + j];
            greatest[j] = scores[i + j] > greatest[j] ? scores[i + j] : greatest[j];
        }
    for (size_t j = 0; j < STRIDE; j++)
        most = greatest[j] > most ? greatest[j] : most;
    return most;
}

/* The first label that has this cosine; LESSON_NOBODY if none is near. */
static uint32_t label_at(const struct learning *learning, float cosine) {
    for (uint32_t label = 0; cosine > 0 && label < learning->similar->label_count; label++)
        if (learning->scores[label] >= cosine)
            return label;
    return LESSON_NOBODY;
}

/* ---- lessons ---- */

/* Where the label's sum is for a feature; NULL: it has none. Postings are in the order of labels. */
static float *sum_of(const struct learning *learning, const struct spot *spot, uint32_t label) {
    if (spot->count == 0) {
        float *sum = &learning->dense[spot->first + label];
        return *sum < 0 || *sum > 0 ? sum : NULL;
    }
    struct posting *at = &learning->similar->labels.list[spot->first];
    for (uint32_t count = spot->count; count > 1;) {
        uint32_t half = count / 2;
        at += at[half].owner <= label ? half : 0;
        count -= half;
    }
    return at->owner == label ? &at->value : NULL;
}

/* Adds the text's unit vector so many times to a label's sum, and keeps account of its length. */
static void move(const struct learning *learning, uint32_t text, uint32_t label, float times) {
    const struct gathered_text *of = &learning->similar->gathered.texts[text];
    float longer = 0, scale = times / learning->sums->text_lengths[text];
    for (size_t i = 0; i < of->count; i++) {
        ask_ahead(learning, of, i);
        const struct spot *spot = &learning->sums->spots[entry_feature(of->entries[i])];
        float *sum = sum_of(learning, spot, label);
        if (!sum)
            continue;
        float before = *sum;
        *sum += scale * learning->sums->values[entry_rest(of->entries[i])] * spot->rarity;
        longer += *sum * *sum - before * before;
    }
    learning->sums->squares[label] += longer;
}

static int is_conditional(const struct similar *similar, size_t label) {
    return label < similar->gathered.conditional_count && similar->gathered.conditional[label];
}

/* A conditional label learns nothing, and is nobody's other. */
static void invert_lengths(const struct learning *learning) {
    const struct similar *similar = learning->similar;
    for (size_t i = 0; i < similar->label_count; i++) {
        float square = is_conditional(similar, i) ? 0 : learning->sums->squares[i];
        learning->inverse[i] = square > 0 ? 1.0F / sqrtf(square) : 0;
    }
}

/* Asks all texts that are not sure of their label, leaves those that will be asked again, and notes a lesson
   for those that it does not lead. Returns how many are left. */
static size_t ask(const struct learning *learning, uint32_t *texts, size_t count) {
    struct similar *similar = learning->similar;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        const struct gathered_text *text = &similar->gathered.texts[texts[i]];
        add_scores(learning, text, 1.0F / learning->sums->text_lengths[texts[i]]);
        float own = learning->scores[text->label] * learning->inverse[text->label];
        float other = greatest_other(learning, text->label);
        if (own < other + margin)
            similar->lessons[similar->lesson_count++] = (struct lesson){texts[i], label_at(learning, other)};
        if (own <= other + sure_margin)
            texts[left++] = texts[i];
    }
    return left;
}

/* Numbers of the texts that learn. */
static size_t find_texts(const struct similar *similar, uint32_t *texts) {
    size_t count = 0;
    for (uint32_t i = 0; i < similar->text_count; i++) {
        const struct gathered_text *text = &similar->gathered.texts[i];
        texts[count] = i;
        count += text->weight >= least_weight && text->count > 0 && !is_conditional(similar, text->label);
    }
    return count;
}

static void learn(struct learning *learning, uint32_t *texts, size_t count) {
    const struct similar *similar = learning->similar;
    for (size_t round = 0, done = 0; round < LESSON_ROUNDS; round++) {
        invert_lengths(learning);
        count = ask(learning, texts, count);
        for (; done < similar->lesson_count; done++) {
            const struct lesson *lesson = &similar->lessons[done];
            move(learning, lesson->text, similar->gathered.texts[lesson->text].label, lesson_gain);
            if (lesson->other != LESSON_NOBODY)
                move(learning, lesson->text, lesson->other, -lesson_loss);
        }
    }
}

void learn_labels(struct similar *similar, const struct sums_to_learn *sums) {
    struct arena *arena = similar->gathered.arena;
    struct learning learning = {.similar = similar, .sums = sums};
    uint32_t *texts = arena_room(arena, (similar->text_count + 1) * sizeof *texts);
    learning.width = ((size_t)similar->label_count + STRIDE - 1) / STRIDE * STRIDE;
    for (size_t i = 1; i < similar->gathered.feature_count; i++)
        learning.dense_count += (size_t)is_common(&learning, &sums->spots[i]);
    struct spot *rows = arena_room(arena, (learning.dense_count + 1) * sizeof *rows);
    learning.dense = arena_array(arena, learning.dense_count * learning.width + 1, sizeof(float));
    learning.inverse = arena_array(arena, learning.width + 1, sizeof(float));
    learning.scores = arena_array(arena, learning.width + 1, sizeof(float));
    spread(&learning, rows);
    size_t count = find_texts(similar, texts);
    similar->lessons = arena_array(similar->arena, LESSON_ROUNDS * count + 1, sizeof *similar->lessons);
    learn(&learning, texts, count);
    gather(&learning, rows);
}
