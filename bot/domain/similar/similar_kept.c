/* A sealed index as bytes and back: making it takes most of the time that loading does. The bytes are for
   this program on this machine only: numbers stand as they lie in memory. Never reads or writes files. Called
   by the content loader. */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/similar/index.h"

#include "banned.h"

enum { LINE = 64 /* what a row is aligned to */ };

static const uint64_t kept_mark = 0x3249444E41500A0Du; /* tells these bytes from others */

/* Everything of an index that is no table, and how long its tables are. */
struct head {
    uint64_t mark, size; /* of all bytes */
    uint64_t text_count, stretch_count, row_count, slot_mask, label_postings, text_postings, strides;
    uint64_t dense_count, lesson_count, phrase_count, phrase_mask, phrase_sets;
    uint32_t label_count, run;
    float bound_unit, unseen;
};

/* One table: where the index points to it, and its size in bytes. */
struct table {
    void **at;
    size_t size;
};
enum { TABLES = 11 };

static size_t count_dense(const struct similar *similar) {
    size_t rows = 0;
    for (size_t i = 1; i < similar->row_count; i++)
        rows += similar->rows[i].is_dense;
    return rows * similar->strides * STRIDE + 1;
}

static struct head make_head(const struct similar *similar) {
    return (struct head){.mark = kept_mark,
                         .text_count = similar->text_count,
                         .stretch_count = similar->stretch_count,
                         .row_count = similar->row_count,
                         .slot_mask = similar->slot_mask,
                         .label_postings = similar->labels.count,
                         .text_postings = similar->texts.count,
                         .strides = similar->strides,
                         .dense_count = count_dense(similar),
                         .lesson_count = similar->lesson_count,
                         .phrase_count = similar->concepts.count,
                         .phrase_mask = similar->concepts.mask,
                         .phrase_sets = similar->concepts.sets,
                         .label_count = similar->label_count,
                         .run = similar->run,
                         .bound_unit = similar->bound_unit,
                         .unseen = similar->unseen};
}

/* The tables of an index with such a head, in the order in which they are kept: rows first, they are aligned
   to most. */
static void list_tables(struct similar *similar, const struct head *head, struct table tables[TABLES]) {
    const struct table all[TABLES] = {
        {(void **)&similar->rows, head->row_count * sizeof *similar->rows},
        {(void **)&similar->slots, (head->slot_mask + 1) * sizeof *similar->slots},
        {(void **)&similar->texts.list, head->text_postings * sizeof *similar->texts.list},
        {(void **)&similar->labels.list, head->label_postings * sizeof *similar->labels.list},
        {(void **)&similar->dense, head->dense_count * sizeof *similar->dense},
        {(void **)&similar->text_labels, (head->text_count + 1) * sizeof *similar->text_labels},
        {(void **)&similar->stretches, (head->stretch_count + 1) * sizeof *similar->stretches},
        {(void **)&similar->label_lengths, ((size_t)head->label_count + 1) * sizeof *similar->label_lengths},
        {(void **)&similar->lessons, head->lesson_count * sizeof *similar->lessons},
        {(void **)&similar->concepts.list, head->phrase_count * sizeof *similar->concepts.list},
        {(void **)&similar->concepts.table, (head->phrase_mask + 1) * sizeof *similar->concepts.table}};
    memcpy(tables, all, sizeof all);
}

static size_t in_lines(size_t size) {
    return (size + LINE - 1) / LINE * LINE;
}

static size_t size_of(const struct table tables[TABLES]) {
    size_t size = in_lines(sizeof(struct head)) + in_lines(sizeof(((struct concepts *)NULL)->longest));
    for (size_t i = 0; i < TABLES; i++)
        size += in_lines(tables[i].size);
    return size;
}

size_t similar_kept_size(const struct similar *similar) {
    struct similar copy = *similar;
    struct table tables[TABLES];
    const struct head head = make_head(similar);
    list_tables(&copy, &head, tables);
    return similar->slots && similar->text_count > 0 ? size_of(tables) : 0;
}

void similar_keep(const struct similar *similar, void *out) {
    struct similar copy = *similar;
    struct table tables[TABLES];
    struct head head = make_head(similar);
    unsigned char *at = out;
    list_tables(&copy, &head, tables);
    head.size = size_of(tables);
    memset(out, 0, head.size);
    memcpy(at, &head, sizeof head);
    at += in_lines(sizeof head);
    memcpy(at, similar->concepts.longest, sizeof similar->concepts.longest);
    at += in_lines(sizeof similar->concepts.longest);
    for (size_t i = 0; i < TABLES; i++) {
        if (tables[i].size > 0) /* else it may stand nowhere */
            memcpy(at, *tables[i].at, tables[i].size);
        at += in_lines(tables[i].size);
    }
}

void *similar_room(struct similar *similar, size_t size) {
    unsigned char *room = arena_room(similar->arena, size + LINE);
    return room + -(uintptr_t)room % LINE;
}

/* No count may be so great that a size made of it wraps around. */
static int is_sane(const struct head *head, size_t size) {
    const uint64_t counts[] = {
        head->text_count,    head->stretch_count, head->row_count,   head->slot_mask,    head->label_postings,
        head->text_postings, head->strides,       head->dense_count, head->phrase_count, head->phrase_mask,
        head->phrase_sets,   head->label_count,   head->lesson_count};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i] > size)
            return 0;
    return head->mark == kept_mark && head->size == size && head->phrase_sets <= CONCEPT_SETS;
}

static void take_numbers(struct similar *similar, const struct head *head) {
    similar->text_count = head->text_count;
    similar->stretch_count = head->stretch_count;
    similar->row_count = head->row_count;
    similar->slot_mask = head->slot_mask;
    similar->labels.count = head->label_postings;
    similar->texts.count = head->text_postings;
    similar->strides = head->strides;
    similar->label_count = head->label_count;
    similar->lesson_count = head->lesson_count;
    similar->run = head->run;
    similar->bound_unit = head->bound_unit;
    similar->unseen = head->unseen;
    similar->concepts.count = similar->concepts.capacity = head->phrase_count;
    similar->concepts.mask = head->phrase_mask;
    similar->concepts.sets = head->phrase_sets;
    similar->concepts.is_borrowed = 1;
}

int similar_take_kept(struct similar *similar, void *bytes, size_t size) {
    struct head head;
    struct table tables[TABLES];
    unsigned char *at = bytes;
    if (size < sizeof head || (uintptr_t)bytes % LINE != 0 || similar->text_count > 0 ||
        similar->concepts.count > 0)
        return ERR_INVALID;
    memcpy(&head, bytes, sizeof head);
    list_tables(similar, &head, tables);
    if (!is_sane(&head, size) || size_of(tables) != size)
        return ERR_INVALID;
    at += in_lines(sizeof head);
    memcpy(similar->concepts.longest, at, sizeof similar->concepts.longest);
    at += in_lines(sizeof similar->concepts.longest);
    for (size_t i = 0; i < TABLES; i++) {
        *tables[i].at = at;
        at += in_lines(tables[i].size);
    }
    take_numbers(similar, &head);
    return 0;
}
