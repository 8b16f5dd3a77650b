/* Compares content as data, thing by thing and member by member. Never says whether a change is good. Called
   by: cli/diff. */
#include "domain/authoring/compare.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/content/load.h"
#include "json/value.h"

#include "banned.h"

/* One thing with its members as printed, so that documents need not be kept. */
struct thing {
    enum compare_kind kind;
    const char *id;
    struct value *value; /* held until the end */
};
struct version {
    struct arena *arena;
    struct map *by_key; /* "KIND ID" -> index + 1 */
    struct thing *list;
    size_t count, capacity;
};

/* ---- collecting ---- */

static const char *key_of(struct arena *arena, enum compare_kind kind, const char *id) {
    return arena_format(arena, "%d %s", (int)kind, id);
}

static void add(struct version *version, enum compare_kind kind, const char *id, struct value *value) {
    if (id == NULL || value == NULL) {
        return;
    }
    const char *key = key_of(version->arena, kind, id);
    void *known = map_get(version->by_key, key);
    if (known != NULL) { /* a site's takes its place */
        struct thing *thing = &version->list[(size_t)(uintptr_t)known - 1];
        value_free(thing->value);
        thing->value = value_hold(value);
        return;
    }
    if (version->count == version->capacity) {
        size_t capacity = version->capacity != 0 ? version->capacity * 2 : 256;
        struct thing *grown = arena_array(version->arena, capacity, sizeof *grown);
        if (version->count > 0) {
            memcpy(grown, version->list, version->count * sizeof *grown);
        }
        version->list = grown;
        version->capacity = capacity;
    }
    version->list[version->count] = (struct thing){kind, arena_text(version->arena, id), value_hold(value)};
    version->count++;
    (void)map_set(version->by_key, key,
                  (void *)(uintptr_t)version->count); /* without memory it shows as added twice */
}

/* Every element of a list of things with ids; their ids behind owner, if it is not NULL. */
static void add_list(struct version *version, enum compare_kind kind, const char *owner,
                     const struct value *list) {
    for (size_t i = 0; value_type(list) == VALUE_ARRAY && i < value_count(list); i++) {
        const char *id = value_get_text(value_at(list, i), "id");
        if (id != NULL && owner != NULL) {
            id = arena_format(version->arena, "%s.%s", owner, id);
        }
        add(version, kind, id, value_at(list, i));
    }
}

static void add_members(struct version *version, enum compare_kind kind, const char *file,
                        const struct value *object) {
    void *position = NULL;
    const char *name = NULL;
    struct value *member = NULL;
    while (value_type(object) == VALUE_OBJECT && value_next(object, &position, &name, &member)) {
        if (strcmp(name, "$schema") != 0 && strcmp(name, "classes") != 0) {
            add(version, kind, file != NULL ? arena_format(version->arena, "%s %s", file, name) : name,
                member);
        }
    }
}

static void add_dialogue(struct version *version, struct value *document) {
    const char *id = value_get_text(document, "id");
    add(version, COMPARE_DIALOGUE, id, document);
    add_list(version, COMPARE_STEP, id, value_get(document, "steps"));
    add_list(version, COMPARE_RESULT, id, value_get(document, "results"));
}

static int starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void add_document(struct version *version, const char *name, struct value *document) {
    if (starts(name, "intents/")) {
        add_members(version, COMPARE_CLASS, NULL, value_get(document, "classes"));
    }
    if (starts(name, "responses/dialogues/")) {
        add_dialogue(version, document);
    } else if (value_get(document, "intents") != NULL) {
        add_list(version, COMPARE_INTENT, NULL, value_get(document, "intents"));
    } else if (value_get(document, "replies") != NULL) {
        add_list(version, COMPARE_REPLY, NULL, value_get(document, "replies"));
    } else if (value_get(document, "facts") != NULL) {
        add_list(version, COMPARE_FACT, NULL, value_get(document, "facts"));
    } else if (value_get(document, "help_lines") != NULL) {
        add_list(version, COMPARE_HELP_LINE, NULL, value_get(document, "help_lines"));
    } else {
        add_members(version, COMPARE_SETTING, starts(name, "responses/") ? name + 10 : name, document);
    }
}

static int collect(struct version *version, const struct content_file *files, size_t count,
                   struct arena *arena) {
    *version = (struct version){arena, map_new(), NULL, 0, 0};
    for (size_t i = 0; version->by_key != NULL && i < count; i++) {
        struct value *document = value_parse(files[i].bytes, files[i].length, NULL);
        if (value_type(document) == VALUE_OBJECT) {
            add_document(version, files[i].name, document);
        }
        value_free(document);
    }
    return version->by_key != NULL;
}

static void drop(struct version *version) {
    for (size_t i = 0; i < version->count; i++) {
        value_free(version->list[i].value);
    }
    map_free(version->by_key);
}

/* ---- comparing ---- */

static int is_same(const struct value *left, const struct value *right) {
    char *a = value_print(left, 0), *b = value_print(right, 0);
    int same = a != NULL && b != NULL && strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

/* What of a dialogue has a line of its own. */
static int is_elsewhere(enum compare_kind kind, const char *name) {
    return kind == COMPARE_DIALOGUE && (strcmp(name, "steps") == 0 || strcmp(name, "results") == 0);
}

static const char *add_name(struct arena *arena, const char *names, const char *name) {
    return arena_format(arena, "%s%s%s", names, names[0] != '\0' ? ", " : "", name);
}

/* The members that differ, parted by commas. */
static const char *members_of(enum compare_kind kind, struct value *before, struct value *after,
                              struct arena *arena) {
    const char *names = "", *name = NULL;
    void *position = NULL;
    struct value *member = NULL;
    while (value_type(after) == VALUE_OBJECT && value_next(after, &position, &name, &member)) {
        struct value *old = value_get(before, name);
        if (!is_elsewhere(kind, name) && (old == NULL || !is_same(old, member))) {
            names = add_name(arena, names, name);
        }
    }
    position = NULL;
    while (value_type(before) == VALUE_OBJECT && value_next(before, &position, &name, &member)) {
        if (!is_elsewhere(kind, name) && value_get(after, name) == NULL) {
            names = add_name(arena, names, name);
        }
    }
    return names;
}

static struct value *find(const struct version *version, const struct thing *thing) {
    void *known = map_get(version->by_key, key_of(version->arena, thing->kind, thing->id));
    return known != NULL ? version->list[(size_t)(uintptr_t)known - 1].value : NULL;
}

static void note_new(const struct version *old, const struct thing *thing, struct compare_change *changes,
                     size_t *count) {
    struct value *was = find(old, thing);
    if (was == NULL) {
        changes[(*count)++] = (struct compare_change){thing->kind, COMPARE_ADDED, thing->id, ""};
        return;
    }
    const char *members = members_of(thing->kind, was, thing->value, old->arena);
    int is_plain = value_type(was) != VALUE_OBJECT || value_type(thing->value) != VALUE_OBJECT;
    if (is_plain ? !is_same(was, thing->value) : members[0] != '\0') {
        changes[(*count)++] =
            (struct compare_change){thing->kind, COMPARE_CHANGED, thing->id, is_plain ? "" : members};
    }
}

static size_t note_all(const struct version *old, const struct version *new, struct compare_change *changes) {
    size_t count = 0;
    for (int kind = 0; kind < COMPARE_KINDS; kind++) {
        for (size_t i = 0; i < new->count; i++) {
            if ((int)new->list[i].kind == kind) {
                note_new(old, &new->list[i], changes, &count);
            }
        }
        for (size_t i = 0; i < old->count; i++) {
            if ((int)old->list[i].kind == kind && find(new, &old->list[i]) == NULL) {
                changes[count++] =
                    (struct compare_change){old->list[i].kind, COMPARE_REMOVED, old->list[i].id, ""};
            }
        }
    }
    return count;
}

size_t compare_contents(const struct content_file *before, size_t before_count,
                        const struct content_file *after, size_t after_count, struct arena *arena,
                        const struct compare_change **out) {
    struct version old, new;
    int has_old = collect(&old, before, before_count, arena),
        has_new = collect(&new, after, after_count, arena);
    struct compare_change *changes = arena_array(arena, old.count + new.count + 1, sizeof *changes);
    size_t count = has_old && has_new ? note_all(&old, &new, changes) : 0;
    drop(&old);
    drop(&new);
    *out = changes;
    return count;
}
