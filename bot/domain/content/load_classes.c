/* Word classes: the table that patterns are expanded from, circles and unknown names in it, and the words it
   teaches the lexicon; then their words, folded. Never expands anything itself (author_pattern.c does).
   Called by load.c. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "domain/content/loader.h"
#include "domain/author/author_pattern.h"
#include "domain/text/text.h"
#include "json/value.h"

#include "banned.h"

enum { CLASS_NEW, CLASS_ACTIVE, CLASS_DONE };

static const char *const *read_entries(struct loader *loader, const struct value *array, size_t *count) {
    *count = 0;
    const char **entries = arena_array(loader->scratch, value_count(array) + 1, sizeof *entries);
    for (size_t i = 0; i < value_count(array); i++) {
        const char *entry = value_text(value_at(array, i));
        if (entry != NULL) {
            entries[(*count)++] = entry;
        }
    }
    return entries;
}

static void read_class(struct loader *loader, const struct item *item, struct load_class *class) {
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        class->words[i] = arena_alloc(loader->scratch, sizeof(char *)); /* known, without words */
    }
    void *position = NULL;
    const char *code;
    struct value *array;
    while (value_type(item->value) == VALUE_OBJECT && value_next(item->value, &position, &code, &array)) {
        int language =
            loader_language(loader, item->document, code, loader_path(loader, "%s.%s", item->path, code));
        if (language >= 0 && value_type(array) == VALUE_ARRAY) {
            class->words[language] = read_entries(loader, array, &class->count[language]);
        }
    }
}

/* The next {name} at or after *at; 1 and the name's bytes, or 0. */
static int next_name(const char **at, const char **name, size_t *length) {
    const char *open = strchr(*at, '{');
    if (open == NULL) {
        return 0;
    }
    *name = open + 1;
    *length = strcspn(open + 1, "{}");
    *at = open + 1 + *length;
    return 1;
}

/* One class on the way from the class that is looked at; printed when the way turns out to be a circle. */
struct trail {
    const struct trail *before;
    size_t index;
};

static const char *circle(struct loader *loader, const struct trail *trail, size_t first) {
    const char *text = arena_format(loader->scratch, "{%s}", loader->classes.list[first].id);
    for (const struct trail *at = trail; at != NULL; at = at->before) {
        text = arena_format(loader->scratch, "{%s} > %s", loader->classes.list[at->index].id, text);
        if (at->index == first) {
            break;
        }
    }
    return text;
}

static void visit(struct loader *loader, const struct trail *trail);

static void visit_entry(struct loader *loader, const struct trail *trail, const char *entry,
                        const char *path) {
    const struct item *item = &loader->classes.list[trail->index];
    const char *at = entry, *name;
    size_t length;
    while (next_name(&at, &name, &length)) {
        struct place place = loader_place(item->document, path);
        place.offset = (size_t)(name - entry) - 1;
        size_t index = items_find(&loader->classes, name, length);
        if (index == ITEM_NONE) {
            if (loader->classes.is_complete) {
                problem_add(&loader->problems, PROBLEM_unknown_class, place,
                            arena_copy(loader->scratch, name, length), NULL, NULL);
            }
        } else if (loader->class_list[index].state == CLASS_ACTIVE) {
            problem_add(&loader->problems, PROBLEM_recursive_class, place, loader->classes.list[index].id,
                        circle(loader, trail, index), NULL);
        } else if (loader->class_list[index].state == CLASS_NEW) {
            struct trail next = {trail, index};
            visit(loader, &next);
        }
    }
}

/* The depth of the search is at most the number of classes; files cap that at some ten thousands of short
 * frames. */
static void visit(struct loader *loader, const struct trail *trail) {
    struct load_class *class = &loader->class_list[trail->index];
    const struct item *item = &loader->classes.list[trail->index];
    class->state = CLASS_ACTIVE;
    for (size_t language = 0; language < loader->language_count; language++) {
        const char *code = lexicon_language(loader->lexicon, language);
        for (size_t i = 0; i < class->count[language]; i++) {
            if (strchr(class->words[language][i], '{') != NULL) {
                visit_entry(loader, trail, class->words[language][i],
                            loader_path(loader, "%s.%s[%zu]", item->path, code, i));
            }
        }
    }
    class->state = CLASS_DONE;
}

/* {gap}, {gap3}, {gap3word} and {end} are no classes. */
static int is_reserved(const char *name) {
    if (strcmp(name, "end") == 0) {
        return 1;
    }
    if (strncmp(name, "gap", 3) != 0) {
        return 0;
    }
    size_t digits = strspn(name + 3, "0123456789");
    return name[3 + digits] == '\0' || strcmp(name + 3 + digits, "word") == 0;
}

const char *const *loader_class_words(void *context, const char *name, size_t length, int language,
                                      size_t *count) {
    const struct loader *loader = context;
    size_t index = items_find(&loader->classes, name, length);
    *count = 0;
    if (index == ITEM_NONE) {
        return NULL;
    }
    const struct load_class *class = &loader->class_list[index];
    *count = class->count[language];
    return class->words[language];
}

/* Words outside braces. */
static void teach_entry(struct loader *loader, int language, const char *entry, struct arena *work) {
    while (*entry != '\0') {
        size_t length = strcspn(entry, "{}");
        loader_note_taught(loader, loader->classes_cache, language, entry, length, work,
                           &loader->taught_by_classes);
        entry += length;
        entry += *entry == '{' ? strcspn(entry, "}") : 0;
        entry += *entry != '\0';
    }
}

static void teach_class(struct loader *loader, const struct load_class *class, struct arena *work) {
    for (size_t language = 0; language < loader->language_count; language++) {
        for (size_t i = 0; i < class->count[language]; i++) {
            teach_entry(loader, (int)language, class->words[language][i], work);
        }
    }
}

void load_classes_fold(struct loader *loader, struct arena *work) {
    const struct author_classes classes = {
        .words = loader_class_words, .context = loader, .cache = loader->classes_cache};
    for (size_t i = 0; i < loader->classes.count; i++) {
        struct load_class *class = &loader->class_list[i];
        const char *name = loader->classes.list[i].id;
        teach_class(loader, class, work);
        class->folded = author_class_words(&classes, loader->lexicon, name, strlen(name), work,
                                           &class->folded_count, NULL);
        class->folded_count = class->folded != NULL ? class->folded_count : 0;
        class->list = author_class_list(&classes, loader->lexicon, name, strlen(name), work, NULL);
    }
}

void load_classes(struct loader *loader) {
    items_collect(&loader->classes, &loader->documents, DOCUMENT_VOCABULARY, "classes", &loader->problems);
    items_collect(&loader->classes, &loader->documents, DOCUMENT_INTENTS, "classes", &loader->problems);
    size_t count = loader->classes.count;
    loader->class_list = arena_array(loader->scratch, count + 1, sizeof *loader->class_list);
    for (size_t i = 0; i < count; i++) {
        const struct item *item = &loader->classes.list[i];
        if (is_reserved(item->id)) {
            problem_add(&loader->problems, PROBLEM_reserved_name, loader_place(item->document, item->path),
                        item->id, NULL, NULL);
        }
        read_class(loader, item, &loader->class_list[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (loader->class_list[i].state == CLASS_NEW) {
            struct trail trail = {NULL, i};
            visit(loader, &trail);
        }
    }
}
