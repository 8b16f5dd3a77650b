/* Writes alternatives that are nothing but words as one sorted list, so that running looks up what stands at
   a place instead of trying one after the other. Word classes are in hundreds of expressions: equal lists are
   written once. Never looks at a text. Called by program_build.c. */
#include "domain/pattern/program_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

#include "banned.h"

enum {
    WORDS_MAX = 2048,
    WORD_BYTES_MAX = 255,
    /* What PCRE2 may count at most for entering a group of alternatives, besides them, and for an optional
       part. */
    GROUP_STEPS = 3,
    OPTION_STEPS = 9
};

struct word {
    const char *bytes;
    uint32_t length, rank;
    uint32_t key;
    unsigned class;
};

/* What an item matches, in the order PCRE2 tries it, and the steps that takes: at its place, and behind a
   first byte of each class. */
struct words {
    struct word *list;
    uint32_t count, steps;
    uint32_t steps_behind[PROGRAM_CLASSES];
};

struct lister {
    struct arena *arena;
    const struct item *items;
    const char *bytes;
};

/* NULL: not only words, or too many. */
static struct words *words_of(const struct lister *lister, uint32_t number);

static struct words *new_words(const struct lister *lister, uint32_t count) {
    struct words *words = arena_alloc(lister->arena, sizeof *words);
    words->list = arena_array(lister->arena, (size_t)count + 1, sizeof *words->list);
    return words;
}

static struct words *one_word(const struct lister *lister, const char *bytes, uint32_t length) {
    struct words *words = new_words(lister, 1);
    words->list[words->count++] = (struct word){.bytes = bytes, .length = length};
    return words;
}

static void add_steps(struct words *to, const struct words *from) {
    to->steps += from->steps;
    for (size_t i = 0; i < PROGRAM_CLASSES; i++) {
        to->steps_behind[i] += from->steps_behind[i];
    }
}

static struct words *joined(const struct lister *lister, const struct words *a, const struct words *b) {
    struct words *out = new_words(lister, a->count + b->count);
    memcpy(out->list, a->list, a->count * sizeof *a->list);
    memcpy(out->list + a->count, b->list, b->count * sizeof *b->list);
    out->count = a->count + b->count;
    add_steps(out, a);
    add_steps(out, b);
    return out->count <= WORDS_MAX ? out : NULL;
}

static struct word both(const struct lister *lister, const struct word *a, const struct word *b) {
    char *bytes = arena_raw(lister->arena, (size_t)a->length + b->length + 1);
    memcpy(bytes, a->bytes, a->length);
    memcpy(bytes + a->length, b->bytes, b->length);
    return (struct word){.bytes = bytes, .length = a->length + b->length};
}

/* All steps of what comes second are counted behind each word that comes first. */
static void add_second_steps(struct words *out, const struct word *first, const struct words *second) {
    uint32_t steps = second->steps;
    if (first->length == 0) {
        add_steps(out, second);
        return;
    }
    for (size_t i = 0; i < PROGRAM_CLASSES; i++) {
        steps += second->steps_behind[i];
    }
    out->steps_behind[program_class((unsigned char)first->bytes[0])] += steps;
}

static struct words *multiplied(const struct lister *lister, const struct words *first,
                                const struct words *second) {
    if ((uint64_t)first->count * second->count > WORDS_MAX) {
        return NULL;
    }
    struct words *out = new_words(lister, first->count * second->count);
    add_steps(out, first);
    for (uint32_t i = 0; i < first->count; i++) {
        add_second_steps(out, &first->list[i], second);
        for (uint32_t j = 0; j < second->count; j++) {
            out->list[out->count] = both(lister, &first->list[i], &second->list[j]);
            if (out->list[out->count++].length > WORD_BYTES_MAX) {
                return NULL;
            }
        }
    }
    return out;
}

static struct words *words_of_sequence(const struct lister *lister, const struct item *item) {
    struct words *out = one_word(lister, "", 0);
    for (uint32_t child = item->child; child != 0 && out != NULL; child = lister->items[child].next) {
        const struct words *more = words_of(lister, child);
        out = more != NULL ? multiplied(lister, out, more) : NULL;
    }
    return out;
}

static struct words *words_of_alternatives(const struct lister *lister, const struct item *item) {
    struct words *out = new_words(lister, 0);
    uint32_t count = 0;
    for (uint32_t child = item->child; child != 0 && out != NULL; child = lister->items[child].next) {
        const struct words *more = words_of(lister, child);
        out = more != NULL ? joined(lister, out, more) : NULL;
        count++;
    }
    if (out != NULL) {
        out->steps += count + GROUP_STEPS;
    }
    return out;
}

static struct words *words_of_option(const struct lister *lister, const struct item *item) {
    const struct words *part = words_of(lister, item->child), *none = one_word(lister, "", 0);
    if (part == NULL || item->b != 0 || item->c != 1 || item->mode == PROGRAM_POSSESSIVE) {
        return NULL;
    }
    struct words *out = item->mode == PROGRAM_LAZY ? joined(lister, none, part) : joined(lister, part, none);
    if (out != NULL) {
        out->steps += OPTION_STEPS;
    }
    return out;
}

static struct words *words_of(const struct lister *lister, uint32_t number) {
    const struct item *item = &lister->items[number];
    switch (item->kind) {
    case ITEM_STRING:
        return item->b <= WORD_BYTES_MAX ? one_word(lister, lister->bytes + item->a, item->b) : NULL;
    case ITEM_SEQUENCE: return words_of_sequence(lister, item);
    case ITEM_ALTERNATIVES: return words_of_alternatives(lister, item);
    case ITEM_REPEAT: return words_of_option(lister, item);
    default: return NULL;
    }
}

/* ---- finding an equal list ---- */

static uint64_t hash_of(const struct words *words) {
    uint64_t hash = hash_bytes(0, &words->steps, sizeof words->steps);
    hash = hash_more(hash, words->steps_behind, sizeof words->steps_behind);
    for (uint32_t i = 0; i < words->count; i++) {
        hash = hash_more(hash, words->list[i].bytes, words->list[i].length);
        hash = hash_more(hash, "", 1);
    }
    return hash;
}

static int is_same(const struct program_pool *pool, const struct program_list *list,
                   const struct words *words) {
    if (list->count != words->count || list->steps != words->steps) {
        return 0;
    }
    for (size_t i = 0; i < PROGRAM_CLASSES; i++) {
        if (list->by_class[i].steps != words->steps_behind[i]) {
            return 0;
        }
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const struct program_word *a = &pool->words[list->first_word + i];
        const struct word *b = &words->list[a->rank];
        if (a->length != b->length || memcmp(pool->bytes + a->offset, b->bytes, b->length) != 0) {
            return 0;
        }
    }
    return 1;
}

static int grow_slots(struct program_pool *pool) {
    size_t size = pool->list_slots != NULL ? 2 * (pool->list_mask + 1) : 256;
    uint32_t *slots = calloc(size, sizeof *slots);
    if (slots == NULL) {
        return 0;
    }
    for (size_t i = 0; i < pool->list_count; i++) {
        size_t at = (size_t)pool->lists[i].hash & (size - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (size - 1);
        }
        slots[at] = (uint32_t)i + 1;
    }
    free(pool->list_slots);
    pool->list_slots = slots;
    pool->list_mask = size - 1;
    return 1;
}

/* The slot of an equal list, or a free one. */
static uint32_t *slot_of(const struct program_pool *pool, const struct words *words, uint64_t hash) {
    size_t at = (size_t)hash & pool->list_mask;
    while (pool->list_slots[at] != 0) {
        const struct program_list *list = &pool->lists[pool->list_slots[at] - 1];
        if (list->hash == hash && is_same(pool, list, words)) {
            break;
        }
        at = (at + 1) & pool->list_mask;
    }
    return &pool->list_slots[at];
}

/* ---- writing ---- */

static int by_bytes(const void *left, const void *right) {
    const struct word *a = left, *b = right;
    if (a->class != b->class) {
        return a->class < b->class ? -1 : 1;
    }
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    int order = memcmp(a->bytes, b->bytes, a->length < b->length ? a->length : b->length);
    if (order != 0 || a->length != b->length) {
        return order != 0 ? order : a->length < b->length ? -1 : 1;
    }
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Sorts and checks: no word is empty, and at one place only so many can match. */
static int prepare(struct words *words) {
    struct word *list = words->list;
    for (uint32_t i = 0; i < words->count; i++) {
        if (list[i].length == 0) {
            return 0;
        }
        list[i].rank = i;
        list[i].key = program_key(list[i].bytes, list[i].length);
        list[i].class = program_class((unsigned char)list[i].bytes[0]);
    }
    qsort(list, words->count, sizeof *list, by_bytes);
    for (uint32_t i = 0; i < words->count; i++) {
        uint32_t shorter = 1; /* the word, and those that it begins with: they stand before it */
        for (uint32_t j = i; j > 0 && list[j - 1].bytes[0] == list[i].bytes[0]; j--) {
            const struct word *other = &list[j - 1];
            shorter +=
                other->length <= list[i].length && memcmp(other->bytes, list[i].bytes, other->length) == 0;
        }
        if (shorter > PROGRAM_MATCHES_MAX) {
            return 0;
        }
    }
    return 1;
}

static int fits(const struct words *words) {
    uint32_t most = 0;
    for (size_t i = 0; i < PROGRAM_CLASSES; i++) {
        most = words->steps_behind[i] > most ? words->steps_behind[i] : most;
    }
    return words->count > 1 && words->count <= WORDS_MAX && most <= UINT16_MAX && words->steps <= UINT16_MAX;
}

static int make_room(struct program_pool *pool, const struct words *words) {
    size_t bytes = 0;
    for (uint32_t i = 0; i < words->count; i++) {
        bytes += words->list[i].length;
    }
    void *lists = pool->lists, *all = pool->words, *text = pool->bytes;
    int fine = program_room(&lists, &pool->list_capacity, pool->list_count + 1, sizeof *pool->lists);
    pool->lists = lists;
    fine = fine &&
           program_room(&all, &pool->word_capacity, pool->word_count + words->count, sizeof *pool->words);
    pool->words = all;
    fine = fine && program_room(&text, &pool->byte_capacity, pool->byte_count + bytes, 1);
    pool->bytes = text;
    return fine;
}

/* There is room. */
static void write_list(struct program_pool *pool, const struct words *words, uint64_t hash) {
    struct program_list *list = &pool->lists[pool->list_count++];
    *list = (struct program_list){.hash = hash,
                                  .first_word = (uint32_t)pool->word_count,
                                  .count = (uint16_t)words->count,
                                  .steps = (uint16_t)words->steps};
    for (uint32_t i = 0; i < words->count; i++) {
        const struct word *word = &words->list[i];
        pool->words[pool->word_count++] = (struct program_word){word->key, (uint32_t)pool->byte_count,
                                                                (uint16_t)word->length, (uint16_t)word->rank};
        memcpy(pool->bytes + pool->byte_count, word->bytes, word->length);
        pool->byte_count += word->length;
        list->by_class[word->class + 1].start = (uint16_t)(i + 1);
    }
    for (size_t i = 0; i < PROGRAM_CLASSES; i++) {
        uint16_t *next = &list->by_class[i + 1].start;
        *next = *next > list->by_class[i].start ? *next : list->by_class[i].start;
        list->by_class[i].steps = (uint16_t)words->steps_behind[i];
    }
}

/* The number of the list, -1 without memory, -2 if it is no list. */
static int64_t number_of(struct program_pool *pool, struct words *words) {
    uint64_t hash = hash_of(words);
    if ((pool->list_slots == NULL || 2 * pool->list_count >= pool->list_mask) && !grow_slots(pool)) {
        return -1;
    }
    uint32_t *slot = slot_of(pool, words, hash);
    if (*slot == 0) {
        if (!prepare(words)) {
            return -2;
        }
        if (!make_room(pool, words)) {
            return -1;
        }
        write_list(pool, words, hash);
        *slot = (uint32_t)pool->list_count;
    }
    return (int64_t)*slot - 1;
}

/* Tells most places where no word of the list stands, without a look at the list. */
static void write_filter(const struct words *words, struct program_op *op) {
    uint32_t shortest = 3;
    for (uint32_t i = 0; i < words->count; i++) {
        shortest = words->list[i].length < shortest ? words->list[i].length : shortest;
    }
    op->mode = (uint8_t)(32 - 8 * shortest);
    for (uint32_t i = 0; i < words->count; i++) {
        uint32_t key = program_key(words->list[i].bytes, words->list[i].length);
        op->filter |= (uint64_t)1 << program_spot(key, op->mode);
    }
    for (size_t i = 0; i < PROGRAM_CLASSES; i++) {
        op->c = words->steps_behind[i] > op->c ? words->steps_behind[i] : op->c;
    }
}

int program_list_write(struct program_pool *pool, const struct item *items, const char *bytes, uint32_t item,
                       struct program_op *op) {
    const struct lister lister = {arena_new(0), items, bytes};
    if (lister.arena == NULL) {
        return -1;
    }
    struct words *words = words_of(&lister, item);
    int64_t number = words != NULL && fits(words) ? number_of(pool, words) : -2;
    if (number >= 0) {
        *op = (struct program_op){.code = PROGRAM_LIST, .a = (uint32_t)number, .b = words->steps};
        write_filter(words, op);
    }
    arena_free(lister.arena);
    return number >= 0 ? 1 : number == -1 ? -1 : 0;
}
