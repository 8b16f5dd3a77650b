/* Makes lasting values: one piece of an arena each, nothing to free one by one. Never changes one and never
   complains. Called by value.c. */
#include "json/lasting.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "json/quick.h"

#include "banned.h"

enum { FEW = 16 /* members that are looked for one after the other */ };

/* An object of many members has a table behind it: open addressing by key, index + 1, 0: free. */
struct large {
    struct lasting object;
    const uint32_t *table;
    size_t mask;
};

struct maker {
    struct arena *arena;
    struct lasting_member *open; /* members of what is not ended yet, one container behind the other */
    size_t count, capacity;
};

static struct lasting *make(struct maker *maker, json_type type, uint32_t line, size_t size) {
    struct lasting *lasting = arena_raw(maker->arena, size);
    *lasting = (struct lasting){{(json_type)((unsigned)type + LASTING), SIZE_MAX}, line, 0, {NULL}};
    return lasting;
}

static json_t *make_text(void *context, const char *text, size_t length, uint32_t line) {
    struct lasting *lasting = make(context, JSON_STRING, line, sizeof *lasting + length + 1);
    char *copy = (char *)(lasting + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    lasting->is.text = copy;
    return &lasting->head;
}

static json_t *make_integer(void *context, int64_t number, uint32_t line) {
    struct lasting *lasting = make(context, JSON_INTEGER, line, sizeof *lasting);
    lasting->is.integer = number;
    return &lasting->head;
}

static json_t *make_real(void *context, double number, uint32_t line) {
    struct lasting *lasting = make(context, JSON_REAL, line, sizeof *lasting);
    lasting->is.real = number;
    return &lasting->head;
}

static json_t *make_word(void *context, json_type type, uint32_t line) {
    return &make(context, type, line, sizeof(struct lasting))->head;
}

/* count: where its members begin among the open ones, until it ends. */
static json_t *begin(void *context, int is_object, uint32_t line) {
    struct maker *maker = context;
    struct lasting *lasting = make(maker, is_object ? JSON_OBJECT : JSON_ARRAY, line,
                                   is_object ? sizeof(struct large) : sizeof *lasting);
    lasting->count = (uint32_t)maker->count;
    return &lasting->head;
}

static int add(void *context, json_t *container, const char *key, size_t length, json_t *member) {
    struct maker *maker = context;
    (void)container; /* the one begun last */
    if (maker->count == maker->capacity) {
        size_t capacity = maker->capacity != 0 ? maker->capacity * 2 : 256;
        struct lasting_member *open = realloc(maker->open, capacity * sizeof *open);
        if (open == NULL) {
            return -1;
        }
        maker->open = open;
        maker->capacity = capacity;
    }
    const char *name = key != NULL ? arena_copy(maker->arena, key, length) : NULL;
    maker->open[maker->count++] = (struct lasting_member){name, member};
    return 0;
}

/* Where key is in the table, or the hole where it belongs. */
static size_t place_of(const struct lasting_member *members, const uint32_t *table, size_t mask,
                       const char *key) {
    uint64_t hash = hash_bytes(0, key, strlen(key));
    size_t at = (size_t)(hash ^ hash >> 29) & mask;
    while (table[at] != 0 && strcmp(members[table[at] - 1].key, key) != 0) {
        at = (at + 1) & mask;
    }
    return at;
}

/* 0 if a key stands there twice. */
static int fill_table(struct maker *maker, struct large *large) {
    size_t size = 4 * FEW, count = large->object.count;
    while (size < 2 * count) {
        size *= 2;
    }
    uint32_t *table = arena_array(maker->arena, size, sizeof *table);
    large->table = table;
    large->mask = size - 1;
    for (size_t i = 0; i < count; i++) {
        const struct lasting_member *members = large->object.is.members;
        size_t at = place_of(members, table, large->mask, members[i].key);
        if (table[at] != 0) {
            return 0;
        }
        table[at] = (uint32_t)i + 1;
    }
    return 1;
}

static int is_unique(const struct lasting_member *members, size_t count) {
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(members[i].key, members[j].key) == 0) {
                return 0;
            }
        }
    }
    return 1;
}

static json_t *end_object(struct maker *maker, struct large *large, const struct lasting_member *open) {
    struct lasting *object = &large->object;
    struct lasting_member *members = arena_raw(maker->arena, object->count * sizeof *members);
    if (object->count > 0) {
        memcpy(members, open, object->count * sizeof *members);
    }
    object->is.members = members;
    int is_fine = object->count > FEW ? fill_table(maker, large) : is_unique(members, object->count);
    return is_fine ? &object->head : NULL;
}

static json_t *end(void *context, json_t *container) {
    struct maker *maker = context;
    struct lasting *lasting = (struct lasting *)container;
    const struct lasting_member *open = maker->open;
    size_t first = lasting->count, count = maker->count - first;
    lasting->count = (uint32_t)count;
    maker->count = first;
    if (count > 0) { /* else there may be no open ones at all */
        open += first;
    }
    if ((unsigned)container->type == LASTING + JSON_OBJECT) {
        return end_object(maker, (struct large *)lasting, open);
    }
    lasting->is.elements = arena_raw(maker->arena, count * sizeof *lasting->is.elements);
    for (size_t i = 0; i < count; i++) {
        lasting->is.elements[i] = open[i].value;
    }
    return container;
}

static void drop(json_t *value) {
    (void)value; /* with the arena */
}

json_t *lasting_parse(const char *bytes, size_t length, int depth_max, struct arena *arena) {
    static const struct quick_maker quick = {make_text, make_integer, make_real, make_word,
                                             begin,     add,          end,       drop};
    struct maker maker = {arena, NULL, 0, 0};
    json_t *json = quick_read(bytes, length, depth_max, &quick, &maker);
    free(maker.open);
    return json;
}

json_t *lasting_get(const struct lasting *object, const char *key) {
    if (object->count > FEW) {
        const struct large *large = (const struct large *)object;
        uint32_t found = large->table[place_of(object->is.members, large->table, large->mask, key)];
        return found != 0 ? object->is.members[found - 1].value : NULL;
    }
    for (size_t i = 0; i < object->count; i++) {
        if (strcmp(object->is.members[i].key, key) == 0) {
            return object->is.members[i].value;
        }
    }
    return NULL;
}
