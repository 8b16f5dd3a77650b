/* Opens the files of a content folder: JSON, schema, ids, layers. Knows nothing of what is in an item. Called
 * by load.c. */
#include "domain/content/document.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "domain/content/schema.h"
#include "json/places.h"
#include "json/value.h"

#include "banned.h"

static const char *const schema_names[] = {
    [DOCUMENT_NORMALISE] = "normalise.json",
    [DOCUMENT_VOCABULARY] = "vocabulary.json",
    [DOCUMENT_FACTS] = "facts.json",
    [DOCUMENT_INTENTS] = "intents.json",
    [DOCUMENT_SITE] = "site.json",
    [DOCUMENT_ADDRESS] = "address.json",
    [DOCUMENT_HELP_LINES] = "help_lines.json",
    [DOCUMENT_REPLIES] = "responses.json",
    [DOCUMENT_DIALOGUE] = "dialogue.json",
};

static int starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static enum document_kind kind_of(const char *name) {
    static const struct {
        const char *name;
        enum document_kind kind;
    } fixed[] = {{"intents/normalise.json", DOCUMENT_NORMALISE},
                 {"intents/vocabulary.json", DOCUMENT_VOCABULARY},
                 {"intents/facts.json", DOCUMENT_FACTS},
                 {"responses/site.json", DOCUMENT_SITE},
                 {"responses/address.json", DOCUMENT_ADDRESS},
                 {"responses/help_lines.json", DOCUMENT_HELP_LINES},
                 {"site.json", DOCUMENT_SITE}};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (strcmp(name, fixed[i].name) == 0) {
            return fixed[i].kind;
        }
    }
    return starts(name, "intents/")               ? DOCUMENT_INTENTS
           : starts(name, "responses/dialogues/") ? DOCUMENT_DIALOGUE
           : starts(name, "responses/")           ? DOCUMENT_REPLIES
                                                  : DOCUMENT_UNKNOWN;
}

/* The schemas that the files of a folder need, each parsed once. */
struct schemas {
    struct arena *arena;
    struct value *by_kind[sizeof schema_names / sizeof *schema_names];
};

static void read_schema(struct schemas *schemas, enum document_kind kind) {
    const struct schema_file *file = kind != DOCUMENT_UNKNOWN ? schema_find(schema_names[kind]) : NULL;
    if (file != NULL && schemas->by_kind[kind] == NULL) {
        schemas->by_kind[kind] = value_parse_lasting(file->bytes, file->length, schemas->arena, NULL);
    }
}

static void schemas_close(struct schemas *schemas) {
    for (size_t i = 0; i < sizeof schemas->by_kind / sizeof *schemas->by_kind; i++) {
        value_free(schemas->by_kind[i]);
    }
    arena_free(schemas->arena);
}

struct schema_context {
    struct problems *problems;
    const struct document *document;
};

static void on_schema_mistake(void *context, enum schema_mistake mistake, const char *path,
                              const char *detail) {
    static const enum problem_code codes[] = {
        [SCHEMA_TYPE] = PROBLEM_schema_type,       [SCHEMA_REQUIRED] = PROBLEM_schema_required,
        [SCHEMA_UNKNOWN] = PROBLEM_schema_unknown, [SCHEMA_ENUM] = PROBLEM_schema_enum,
        [SCHEMA_EMPTY] = PROBLEM_schema_empty,     [SCHEMA_RANGE] = PROBLEM_schema_range,
        [SCHEMA_FULL] = PROBLEM_schema_full,       [SCHEMA_REPEATED] = PROBLEM_schema_repeated,
    };
    struct schema_context *schema = context;
    struct place place = {schema->document, path, PROBLEM_WHOLE, 0, 0, NULL};
    problem_add(schema->problems, codes[mistake], place, detail, NULL, NULL);
}

static void check_schema(const struct document *document, const struct schemas *schemas,
                         struct problems *problems) {
    const struct value *schema = schemas->by_kind[document->kind];
    if (schema == NULL) {
        return; /* a schema that does not parse fails the unit test of schemas */
    }
    struct schema_context context = {problems, document};
    schema_check(schema, document->value, problems->arena, on_schema_mistake, &context);
}

/* Without the right "$schema" an editor neither completes nor checks. */
static void check_schema_reference(const struct document *document, struct problems *problems) {
    const char *name = schema_names[document->kind];
    const char *reference = value_get_text(document->value, "$schema");
    size_t length = reference != NULL ? strlen(reference) : 0, wanted = strlen(name);
    if (reference == NULL || length < wanted || strcmp(reference + length - wanted, name) != 0) {
        struct place place = {document, "$.$schema", PROBLEM_WHOLE, 0, 0, NULL};
        problem_add(problems, PROBLEM_schema_reference, place, name, NULL, NULL);
    }
}

/* A document and what is wrong with it: documents are opened in any order. */
struct opening {
    struct document *document;
    struct arena *arena; /* of the half it is opened in */
    struct problems problems;
};

static void open_one(struct opening *opening, int lint, const struct schemas *schemas) {
    struct document *document = opening->document;
    struct problems *problems = &opening->problems;
    struct place whole = {document, "$", PROBLEM_WHOLE, 0, 0, NULL};
    if (document->kind == DOCUMENT_UNKNOWN) {
        whole.line = 1;
        problem_add(problems, PROBLEM_file_unknown, whole, NULL, NULL, NULL);
        return;
    }
    struct err err = {0};
    document->value =
        value_parse_lasting(document->file->bytes, document->file->length, opening->arena, &err);
    if (document->value == NULL) {
        whole.line = err.line > 0 ? err.line : 1;
        whole.column = err.column;
        problem_add(problems, PROBLEM_json_syntax, whole, arena_text(problems->arena, err.text), NULL, NULL);
        return;
    }
    document->places = places_new(document->file->bytes, document->file->length, opening->arena);
    check_schema(document, schemas, problems);
    if (lint && value_type(document->value) == VALUE_OBJECT) {
        check_schema_reference(document, problems);
    }
}

/* Every second one by size: what is opened by one half of two. */
struct half {
    struct opening **list;
    size_t count, bytes;
    const struct schemas *schemas;
    int lint;
};

static void open_half(void *context) {
    const struct half *half = context;
    for (size_t i = 0; i < half->count; i++) {
        open_one(half->list[i], half->lint, half->schemas);
    }
}

static void open_all(struct opening *openings, size_t count, const struct half *pattern,
                     const struct content_together *together, struct arena *const arenas[2]) {
    struct half halves[2] = {*pattern, *pattern};
    for (size_t i = 0; i < 2; i++) {
        halves[i].list = arena_array(arenas[0], count + 1, sizeof(struct opening *));
    }
    for (size_t i = 0; i < count; i++) {
        struct half *half = &halves[halves[1].bytes < halves[0].bytes];
        half->list[half->count++] = &openings[i];
        openings[i].arena = arenas[half == &halves[1]];
        problems_init(&openings[i].problems, openings[i].arena);
        half->bytes += openings[i].document->file->length;
    }
    together->run(together->context, open_half, &halves[0], open_half, &halves[1]);
}

static void no_memory(struct problems *problems) {
    struct place place = {.path = "$", .offset = PROBLEM_WHOLE};
    problem_add(problems, PROBLEM_out_of_memory, place, "documents", NULL, NULL);
}

void documents_open(struct documents *documents, const struct content_file *files, size_t count, int lint,
                    const struct content_together *together, struct problems *problems) {
    struct schemas schemas = {arena_new(0), {NULL}};
    struct opening *openings = arena_array(problems->arena, count + 1, sizeof *openings);
    *documents = (struct documents){arena_array(problems->arena, count + 1, sizeof *documents->list), 0,
                                    arena_new_large(0)};
    struct arena *const arenas[2] = {problems->arena, documents->beside};
    if (schemas.arena == NULL || documents->beside == NULL) {
        no_memory(problems);
        arena_free(schemas.arena);
        return;
    }
    for (int layer = 0; layer <= 1; layer++) {
        for (size_t i = 0; i < count; i++) {
            if ((files[i].layer > 0) == layer) {
                size_t number = documents->count++;
                struct document *document = &documents->list[number];
                *document = (struct document){&files[i], kind_of(files[i].name), number, NULL, NULL};
                openings[number].document = document;
                read_schema(&schemas, document->kind);
            }
        }
    }
    const struct half pattern = {NULL, 0, 0, &schemas, lint};
    open_all(openings, documents->count, &pattern, together, arenas);
    for (size_t i = 0; i < documents->count; i++) {
        problems_append(problems, &openings[i].problems);
    }
    schemas_close(&schemas);
}

void documents_close(struct documents *documents) {
    for (size_t i = 0; i < documents->count; i++) {
        value_free(documents->list[i].value);
    }
    documents->count = 0;
    arena_free(documents->beside);
    documents->beside = NULL;
}

size_t items_find(const struct items *items, const char *id, size_t length) {
    void *found = items->by_id != NULL && id != NULL ? map_get_bytes(items->by_id, id, length) : NULL;
    return found != NULL ? (size_t)(uintptr_t)found - 1 : ITEM_NONE;
}

static struct item *append(struct items *items, struct arena *arena) {
    if (items->count == items->capacity) {
        size_t capacity = items->capacity != 0 ? items->capacity * 2 : 32;
        struct item *list = arena_array(arena, capacity, sizeof *list);
        if (items->count != 0) {
            memcpy(list, items->list, items->count * sizeof *list);
        }
        items->list = list;
        items->capacity = capacity;
    }
    return &items->list[items->count++];
}

/* "intents/a.json:12" */
static const char *where(const struct item *item, struct arena *arena) {
    return arena_format(arena, "%s:%d", item->document->file->shown,
                        places_find(item->document->places, item->path).line);
}

static void add_item(struct items *items, struct item item, struct problems *problems) {
    if (item.id == NULL || *item.id == '\0') {
        items->is_complete = 0; /* the schema has said that it needs an id */
        return;
    }
    size_t known = items_find(items, item.id, strlen(item.id));
    if (known == ITEM_NONE) {
        *append(items, problems->arena) = item;
        if (map_set(items->by_id, item.id, (void *)(uintptr_t)items->count) != 0) {
            items->is_complete = 0;
        }
    } else if (items->list[known].document->file->layer == item.document->file->layer) {
        struct place place = {item.document, item.path, PROBLEM_WHOLE, 0, 0, NULL};
        problem_add(problems, PROBLEM_duplicate_id, place, item.id,
                    where(&items->list[known], problems->arena), NULL);
    } else {
        items->list[known] = item; /* the overlay's one, at the old place in the order */
    }
}

static void collect_members(struct items *items, const struct document *document, const char *member,
                            struct problems *problems) {
    const struct value *all = value_get(document->value, member);
    if (value_type(all) == VALUE_ARRAY) {
        for (size_t i = 0; i < value_count(all); i++) {
            const struct value *one = value_at(all, i);
            const char *path = arena_format(problems->arena, "$.%s[%zu]", member, i);
            add_item(items, (struct item){value_get_text(one, "id"), document, one, path}, problems);
        }
        return;
    }
    if (value_type(all) != VALUE_OBJECT) {
        items->is_complete &= all == NULL && strcmp(member, "classes") == 0;
        return;
    }
    void *position = NULL;
    const char *key;
    struct value *entry;
    while (value_next(all, &position, &key, &entry)) {
        const char *path = arena_format(problems->arena, "$.%s.%s", member, key);
        add_item(items, (struct item){key, document, entry, path}, problems);
    }
}

void items_collect(struct items *items, const struct documents *documents, enum document_kind kind,
                   const char *member, struct problems *problems) {
    if (items->by_id == NULL) {
        items->by_id = map_new();
        items->is_complete = items->by_id != NULL;
    }
    for (size_t i = 0; i < documents->count; i++) {
        const struct document *document = &documents->list[i];
        if (document->kind != kind) {
            continue;
        }
        if (document->value == NULL) {
            items->is_complete = 0;
        } else if (member != NULL) {
            collect_members(items, document, member, problems);
        } else {
            const char *id = value_get_text(document->value, "id");
            add_item(items, (struct item){id, document, document->value, "$"}, problems);
        }
    }
}

void items_close(struct items *items) {
    map_free(items->by_id);
    items->by_id = NULL;
}
