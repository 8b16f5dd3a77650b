/* Whether a label is so near a message that no other can be much nearer, told from bounds: a fraction of what
   a search takes. Every row keeps what its feature may add to a score at most, for groups of labels, rounded
   up. Never says yes where a search might say no. Called by similar.c (building) and similar_search.c. */
#include <math.h>
#include <string.h>

#include "domain/similar/index.h"

#include "banned.h"

/* most is kept as a square root: rounding up then costs a small part of what is small, too. */
enum { MOST = UINT8_MAX, MOST_SQUARE = MOST * MOST, COUNT_UNIT = 16, TEXTS_MAX = 256, HALVINGS = 4 };

/* Sums of thousands of floats in another order differ by far less. */
static const float slack = 1e-3F;

static uint32_t run_group(const struct similar *similar, uint32_t label) {
    return label / similar->run;
}

static uint32_t rest_group(uint32_t label) {
    return BOUND_WAY + label % BOUND_WAY;
}

/* ---- building: some hundred thousand postings, so no calls for what is one comparison ---- */

static float larger(float a, float b) {
    return a > b ? a : b;
}

/* value, not below 0, rounded up. */
static uint32_t round_up(float value) {
    uint32_t whole = (uint32_t)value;
    return whole + ((float)whole < value);
}

static float factor_of(const struct row *row) {
    return row->rarity * kind_weight[row->kind];
}

/* The greatest that the row may add. */
static float top_of_row(const struct row *row, const float *most) {
    float top = 0;
    for (uint32_t i = 0; i < row->label_count; i++)
        top = larger(top, most[row->label_first + i]);
    return top * factor_of(row);
}

static void raise(uint8_t *most, uint8_t least) {
    *most = least > *most ? least : *most;
}

/* The greatest in each group: rounding keeps the order, so every label is rounded by itself. Never nothing,
   so that nothing means: no label of the group has it. */
static void write_row(const struct similar *similar, struct row *row, const float *most) {
    const struct posting *labels = &similar->labels.list[row->label_first];
    float factor = factor_of(row);
    for (uint32_t i = 0; i < row->label_count; i++) {
        uint32_t label = labels[i].owner;
        float value = larger(most[row->label_first + i] * factor, similar->bound_unit / 2);
        uint32_t steps = round_up(sqrtf(value / similar->bound_unit));
        uint8_t rounded = (uint8_t)(steps < MOST ? steps : MOST);
        raise(&row->most[run_group(similar, label)], rounded);
        raise(&row->most[rest_group(label)], rounded);
    }
}

void lead_build(struct similar *similar, const float *most) {
    float top = 0;
    similar->run = (similar->label_count + BOUND_WAY - 1) / BOUND_WAY;
    for (size_t i = 1; i < similar->row_count; i++)
        top = larger(top, top_of_row(&similar->rows[i], most));
    similar->bound_unit = larger(top, 1e-6F) * 1.0001F / MOST_SQUARE; /* a little more than rounding takes */
    for (size_t i = 1; i < similar->row_count; i++)
        write_row(similar, &similar->rows[i], most);
}

/* ---- asking ---- */

/* A feature of the message that some text has, looked up. */
struct known {
    const struct row *row;
    float value;
    uint32_t count;
};

struct bounds {
    uint32_t most[BOUND_GROUPS]; /* in bound units; a text of TEXT_BYTES_MAX fills a quarter */
    float squares;               /* of the message's length */
    float favourite;             /* of its label's sum */
    size_t count;
    struct known known[FEATURE_FEW];
    /* those of them that its label may have, by how their rows are written: one after the other no branch
       tells them apart */
    size_t dense_count, sparse_count, repeated_count;
    uint16_t dense[FEATURE_FEW], sparse[FEATURE_FEW], repeated[FEATURE_FEW];
};

/* What a label is worth in a row that lists count of them. greatest: a power of two above half of the count
   of any such row. No branch that depends on what is found. */
static float worth(const struct posting *list, uint32_t count, uint32_t label, uint32_t greatest) {
    uint32_t at = 0;
    for (uint32_t step = greatest; step > 0; step /= 2) {
        uint32_t probe = at + step < count ? at + step : count - 1;
        at = list[probe].owner <= label ? probe : at;
    }
    return list[at].owner == label ? list[at].value : 0;
}

/* Of all rows, as if none were repeated, for sixteen groups from first on: so many sums stay in registers. */
static void add_rows(const struct known *known, size_t count, size_t first, uint32_t *restrict most) {
    uint32_t sums[BOUND_WAY] = {0};
    for (size_t row = 0; row < count; row++) {
        const uint8_t *steps = known[row].row->most + first;
        for (size_t i = 0; i < BOUND_WAY; i++) {
            uint16_t step = steps[i];
            sums[i] += (uint16_t)(step * step);
        }
    }
    memcpy(most + first, sums, sizeof sums);
}

/* What is missing then. A repeated feature counts 1 + ln(n) times, here in sixteenths, rounded up. */
static void add_repeated(const struct row *row, uint32_t count, uint32_t *restrict most) {
    uint32_t factor = (uint32_t)ceilf((1.0F + logf((float)count)) * COUNT_UNIT) - COUNT_UNIT;
    for (size_t i = 0; i < BOUND_GROUPS; i++)
        most[i] += ((uint32_t)(row->most[i] * row->most[i]) * factor + COUNT_UNIT - 1) / COUNT_UNIT;
}

/* Where labels' shares in rows begin, and how large one is: of rows that list labels, and of dense ones at
   the favourite. */
struct shares {
    const char *first[2];
    size_t size[2];
};

static void look_up(const struct similar *similar, const struct feature_list *features, uint32_t label,
                    struct bounds *bounds) {
    const struct shares shares = {
        {(const char *)similar->labels.list, (const char *)(similar->dense + label)},
        {sizeof *similar->labels.list, sizeof *similar->dense}};
    const struct row *rows[FEATURE_FEW];
    uint32_t group = run_group(similar, label);
    index_look_up(similar, features, 0, features->count, rows);
    for (size_t i = 0; i < features->count; i++) {
        const struct feature *feature = &features->list[i];
        const struct row *row = rows[i];
        float value = index_value(feature) * (row->label_count ? row->rarity : similar->unseen);
        bounds->squares += value * value;
        bounds->known[bounds->count] = (struct known){row, value, feature->count};
        bounds->dense[bounds->dense_count] = bounds->sparse[bounds->sparse_count] = (uint16_t)bounds->count;
        bounds->repeated[bounds->repeated_count] = (uint16_t)bounds->count;
        bounds->repeated_count += feature->count > 1 && row->label_count > 0;
        size_t may_have = row->most[group] > 0; /* and so some label has it */
        bounds->dense_count += may_have & row->is_dense;
        bounds->sparse_count += may_have & !row->is_dense;
        bounds->count += row->label_count > 0;
        __builtin_prefetch(shares.first[row->is_dense] + row->label_first * shares.size[row->is_dense]);
    }
}

static void add_up(const struct similar *similar, uint32_t label, struct bounds *bounds) {
    uint32_t greatest = 1;
    add_rows(bounds->known, bounds->count, 0, bounds->most);
    add_rows(bounds->known, bounds->count, BOUND_WAY, bounds->most);
    for (size_t i = 0; i < bounds->repeated_count; i++) {
        const struct known *known = &bounds->known[bounds->repeated[i]];
        add_repeated(known->row, known->count, bounds->most);
    }
    for (size_t i = 0; i < bounds->dense_count; i++) {
        const struct known *known = &bounds->known[bounds->dense[i]];
        bounds->favourite += known->value * similar->dense[known->row->label_first + label];
    }
    while (2 * greatest * DENSE_PART < similar->strides * STRIDE)
        greatest *= 2;
    for (size_t i = 0; i < bounds->sparse_count; i++) {
        const struct known *known = &bounds->known[bounds->sparse[i]];
        const struct posting *list = &similar->labels.list[known->row->label_first];
        bounds->favourite += known->value * worth(list, known->row->label_count, label, greatest);
    }
}

/* The texts of a label, no more than TEXTS_MAX of them; none if it has none. */
static struct stretch texts_of(const struct similar *similar, uint32_t label) {
    for (size_t i = 0; i < similar->stretch_count; i++) {
        struct stretch stretch = similar->stretches[i];
        if (stretch.label == label) {
            stretch.end = stretch.end - stretch.first > TEXTS_MAX ? stretch.first + TEXTS_MAX : stretch.end;
            return stretch;
        }
    }
    return (struct stretch){0, 0, label};
}

/* Asks memory for where postings of this text may be, if a row has as many of all texts. */
static void ask_for_text(const struct similar *similar, const struct row *row, uint32_t text) {
    size_t near = (size_t)row->text_count * text / similar->text_count;
    __builtin_prefetch(&similar->texts.list[row->text_first + near]);
}

/* The first posting of a row that is of this text or a later one. No branch that depends on what is found. */
static const struct posting *first_text(const struct similar *similar, const struct row *row, uint32_t text) {
    const struct posting *at = &similar->texts.list[row->text_first];
    size_t count = row->text_count;
    while (count > 1) {
        size_t half = count / 2;
        at += at[half - 1].owner < text ? half : 0;
        count -= half;
    }
    return at + (count > 0 && at->owner < text);
}

/* Sum of the label's nearest text, or of the nearest of some of them: never too much. Enough is enough. */
static float nearest_text(const struct similar *similar, uint32_t label, const struct bounds *bounds,
                          float enough) {
    float sums[TEXTS_MAX] = {0}, nearest = 0;
    uint32_t group = run_group(similar, label);
    struct stretch of = texts_of(similar, label);
    for (size_t i = 0; i < bounds->count; i++)
        ask_for_text(similar, bounds->known[i].row, of.first);
    for (size_t i = bounds->count;
         i-- > 0 && nearest < enough;) { /* pairs of concepts, which say most, are last */
        const struct known *known = &bounds->known[i];
        if (known->row->most[group] == 0)
            continue;
        const struct posting *behind = &similar->texts.list[known->row->text_first + known->row->text_count];
        for (const struct posting *at = first_text(similar, known->row, of.first);
             at < behind && at->owner < of.end; at++) {
            float sum = sums[at->owner - of.first] += known->value * at->value;
            nearest = larger(nearest, sum);
        }
    }
    return nearest;
}

/* What others may have: the greatest, and how many may have more than so many steps. */
struct others {
    uint32_t most, count, steps;
};

static void see(struct others *others, uint32_t most, uint32_t labels) {
    others->most = most > others->most ? most : others->most;
    others->count += most > others->steps ? labels : 0;
}

/* Neighbours of label are seen by their other group. 0 if that is label's own: there are more than 256. */
static int see_others(const struct similar *similar, const struct bounds *bounds, uint32_t label,
                      struct others *others) {
    uint32_t group = run_group(similar, label);
    for (uint32_t i = 0; i < BOUND_WAY; i++)
        if (i != group)
            see(others, bounds->most[i], similar->run);
    for (uint32_t other = group * similar->run; other < (group + 1) * similar->run; other++) {
        if (other == label || other >= similar->label_count)
            continue;
        if (rest_group(other) == rest_group(label))
            return 0;
        see(others, bounds->most[rest_group(other)], 1);
    }
    return 1;
}

/* 1 if it is certain with this sum for favourite, which is not too great. */
static int is_certain(const struct similar *similar, const struct bounds *bounds,
                      const struct similar_lead *lead, float favourite) {
    float length = sqrtf(fmaxf(bounds->squares, 1e-12F)), step = similar->bound_unit / length;
    favourite = fminf(favourite / length, 1.0F) - slack;
    struct others others = {.steps = favourite > 0 ? (uint32_t)(favourite / step) : 0};
    if (!see_others(similar, bounds, lead->label, &others))
        return 0;
    float most = (float)others.most * step + slack;
    if (lead->own > 0 && (favourite < lead->own || others.count >= lead->crowd))
        return 0;
    return most < lead->least || (most - favourite < lead->lead && others.count < lead->crowd);
}

/* How much of its nearest text would do for favourite's sum; 0: no text can be near enough. Texts are unit
   vectors, so the message's length is the most. */
static float enough_text(const struct similar *similar, const struct bounds *bounds,
                         const struct similar_lead *lead, float favourite) {
    float low = 0, high = sqrtf(fmaxf(bounds->squares, 1e-12F)) * 1.001F;
    if (!is_certain(similar, bounds, lead, favourite + text_share * high))
        return 0;
    for (int i = 0; i < HALVINGS; i++) {
        float middle = (low + high) / 2;
        if (is_certain(similar, bounds, lead, favourite + text_share * middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

int lead_is_certain(const struct similar *similar, const struct feature_list *features,
                    const struct similar_lead *lead) {
    struct bounds bounds;
    if (lead->label >= similar->label_count || features->count >= FEATURE_FEW)
        return 0;
    bounds.squares = bounds.favourite = 0;
    bounds.count = bounds.dense_count = bounds.sparse_count = bounds.repeated_count = 0;
    look_up(similar, features, lead->label, &bounds);
    add_up(similar, lead->label, &bounds);
    float sum = (1.0F - text_share) * bounds.favourite;
    if (is_certain(similar, &bounds, lead, sum))
        return 1;
    float enough = enough_text(similar, &bounds, lead, sum);
    float text = enough > 0 ? nearest_text(similar, lead->label, &bounds, enough) : 0;
    return enough > 0 && is_certain(similar, &bounds, lead, sum + text_share * text);
}
