/* Reads JSON values into the bundle: texts per language, word lists, references. Silent about what the schema
   reports. Called by the load_*.c files. */
#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "domain/content/loader.h"
#include "domain/author/author_pattern.h"
#include "domain/text/lexicon.h"
#include "json/places.h"
#include "json/value.h"

#include "banned.h"

struct place loader_place(const struct document *document, const char *path) {
    return (struct place){document, path, PROBLEM_WHOLE, 0, 0, NULL};
}

/* The file's name in messages, once a file. */
static const char *shown_name(struct loader *loader, const struct document *document) {
    const char **shown = &loader->shown[document->number];
    if (*shown == NULL) {
        *shown = arena_text(loader->content->arena, document->file->shown);
    }
    return *shown;
}

struct content_place loader_content_place(struct loader *loader, const struct document *document,
                                          const struct value *value, const char *path) {
    struct arena *arena = loader->content->arena;
    int line = value_line(value);
    return (struct content_place){shown_name(loader, document), arena_text(arena, path),
                                  line > 0 ? line : places_find(document->places, path).line};
}

/* JSON nests 16 deep at most; a longer path is cut and then names the parent. */
struct path {
    char text[1024];
    size_t length;
};

static void add_bytes(struct path *path, const char *bytes, size_t length) {
    size_t room = sizeof path->text - path->length;
    length = length < room ? length : room;
    memcpy(path->text + path->length, bytes, length);
    path->length += length;
}

static void add_number(struct path *path, size_t number) {
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    add_bytes(path, digits + at, sizeof digits - at);
}

/* Every pattern has a path: this is several times as fast as vsnprintf, and knows %s and %zu. */
const char *loader_path(struct loader *loader, const char *format, ...) {
    struct path path;
    path.length = 0;
    va_list arguments;
    va_start(arguments, format);
    for (const char *at = format; *at != '\0';) {
        size_t plain = strcspn(at, "%");
        add_bytes(&path, at, plain);
        at += plain;
        if (strncmp(at, "%zu", 3) == 0) {
            add_number(&path, va_arg(arguments, size_t));
            at += 3;
        } else if (strncmp(at, "%s", 2) == 0) {
            const char *text = va_arg(arguments, const char *);
            add_bytes(&path, text, strlen(text));
            at += 2;
        } else if (*at != '\0') {
            add_bytes(&path, at++, 1);
        }
    }
    va_end(arguments);
    return arena_copy(loader->scratch, path.text, path.length);
}

const char *loader_text(struct loader *loader, const struct value *value) {
    return arena_text(loader->content->arena, value_text(value));
}

int loader_language(struct loader *loader, const struct document *document, const char *code,
                    const char *path) {
    int language = lexicon_language_index(loader->lexicon, code);
    if (language < 0) {
        problem_add(&loader->problems, PROBLEM_unknown_language, loader_place(document, path), code, NULL,
                    NULL);
    }
    return language;
}

struct localized loader_localized(struct loader *loader, const struct document *document,
                                  const struct value *value, const char *path) {
    struct localized out = {{NULL}};
    if (value_type(value) != VALUE_OBJECT) {
        return out;
    }
    void *position = NULL;
    const char *code;
    struct value *text;
    while (value_next(value, &position, &code, &text)) {
        int language = loader_language(loader, document, code, loader_path(loader, "%s.%s", path, code));
        if (language >= 0) {
            out.text[language] = loader_text(loader, text);
        }
    }
    for (size_t i = 0; i < loader->language_count; i++) {
        const char *wanted = lexicon_language(loader->lexicon, i);
        if (value_get(value, wanted) == NULL) {
            problem_add(&loader->problems, PROBLEM_missing_language, loader_place(document, path), wanted,
                        NULL, NULL);
        }
    }
    return out;
}

const char *const *loader_texts(struct loader *loader, const struct value *array, size_t *count) {
    *count = 0;
    size_t length = value_type(array) == VALUE_ARRAY ? value_count(array) : 0;
    const char **texts = arena_array(loader->content->arena, length + 1, sizeof *texts);
    for (size_t i = 0; i < length; i++) {
        const char *text = loader_text(loader, value_at(array, i));
        if (text != NULL) {
            texts[(*count)++] = text;
        }
    }
    return texts;
}

static const char *const *fold_words(struct loader *loader, int language, const struct value *array,
                                     size_t *count) {
    *count = 0;
    const char **words = arena_array(loader->content->arena, value_count(array) + 1, sizeof *words);
    for (size_t i = 0; i < value_count(array); i++) {
        const char *word = value_text(value_at(array, i));
        const char *folded = word != NULL ? author_cache_fold(loader->cache, loader->lexicon, language, word,
                                                              strlen(word), loader->scratch)
                                          : NULL;
        if (folded != NULL && *folded != '\0') {
            words[(*count)++] = arena_text(loader->content->arena, folded);
        }
    }
    return words;
}

struct localized_words loader_words(struct loader *loader, const struct document *document,
                                    const struct value *value, const char *path) {
    struct localized_words out = {{NULL}, {0}};
    void *position = NULL;
    const char *code;
    struct value *array;
    while (value_type(value) == VALUE_OBJECT && value_next(value, &position, &code, &array)) {
        int language = loader_language(loader, document, code, loader_path(loader, "%s.%s", path, code));
        if (language >= 0 && value_type(array) == VALUE_ARRAY) {
            out.words[language] = fold_words(loader, language, array, &out.count[language]);
        }
    }
    return out;
}

uint32_t loader_reference(struct loader *loader, const struct items *items, const char *id,
                          enum problem_code code, const struct document *document, const char *path) {
    if (id == NULL) {
        return CONTENT_NONE;
    }
    size_t index = items_find(items, id, strlen(id));
    if (index == ITEM_NONE) {
        if (items->is_complete) {
            problem_add(&loader->problems, code, loader_place(document, path), id, NULL, NULL);
        }
        return CONTENT_NONE;
    }
    return (uint32_t)index;
}
