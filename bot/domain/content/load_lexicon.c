/* Finds the languages and builds the lexicon; when normalise.json is broken, one with languages only, so that
   the other files can still be checked. Called by load.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/loader.h"
#include "json/value.h"

#include "banned.h"

struct lexicon_context {
    struct loader *loader;
    const struct document *document;
};

static void on_mistake(void *context, const char *path, const char *text) {
    struct lexicon_context *lexicon = context;
    struct loader *loader = lexicon->loader;
    struct place place = loader_place(lexicon->document, arena_text(loader->scratch, path));
    problem_add(&loader->problems, PROBLEM_lexicon, place, arena_text(loader->scratch, text), NULL, NULL);
}

/* Adds {"code", "name"} of every language to out. */
static size_t copy_languages(const struct value *from, struct value *out) {
    const struct value *languages = value_get(from, "languages");
    size_t count = 0;
    for (size_t i = 0; value_type(languages) == VALUE_ARRAY && i < value_count(languages); i++) {
        const char *code = value_get_text(value_at(languages, i), "code");
        struct value *language = code != NULL && count < LEXICON_LANGUAGES_MAX ? value_new_object() : NULL;
        if (language != NULL && value_set_text(language, "code", code) == 0 &&
            value_set_text(language, "name", code) == 0 && value_add_take(out, language) == 0) {
            count++;
        }
    }
    return count;
}

/* The keys of the site's name are the languages its author thought of. */
static size_t guess_languages(struct loader *loader, struct value *out) {
    size_t count = 0;
    for (size_t i = 0; i < loader->documents.count && count == 0; i++) {
        const struct document *document = &loader->documents.list[i];
        const struct value *name =
            document->kind == DOCUMENT_SITE ? value_get(document->value, "name") : NULL;
        void *position = NULL;
        const char *code;
        struct value *text;
        while (value_type(name) == VALUE_OBJECT && count < LEXICON_LANGUAGES_MAX &&
               value_next(name, &position, &code, &text)) {
            struct value *language = value_new_object();
            if (language != NULL && value_set_text(language, "code", code) == 0 &&
                value_set_text(language, "name", code) == 0 && value_add_take(out, language) == 0) {
                count++;
            }
        }
    }
    return count;
}

static struct lexicon *languages_only(struct loader *loader, const struct document *normalise) {
    struct value *file = value_new_object(), *languages = value_new_array();
    size_t count = 0;
    if (file != NULL && languages != NULL) {
        count = normalise != NULL ? copy_languages(normalise->value, languages) : 0;
        count = count == 0 ? guess_languages(loader, languages) : count;
        count = value_set_take(file, "languages", languages) == 0 ? count : 0;
    }
    const struct value *files[] = {file};
    struct lexicon *lexicon = count > 0 ? lexicon_new(files, 1, loader->content->arena, NULL, NULL) : NULL;
    value_free(file);
    return lexicon;
}

int load_lexicon(struct loader *loader) {
    const struct value **files = arena_array(loader->scratch, loader->documents.count + 1, sizeof *files);
    size_t count = 0;
    struct lexicon_context context = {loader, NULL};
    struct lexicon *lexicon = NULL;
    int has_file = 0;
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct document *document = &loader->documents.list[i];
        if (document->kind != DOCUMENT_NORMALISE) {
            continue;
        }
        has_file = 1;
        context.document = document;
        int has_schema_mistakes = problems_touch(&loader->problems, document, "$");
        files[count] = document->value;
        if (document->value != NULL && !has_schema_mistakes) {
            count++;
            lexicon = lexicon_new(files, count, loader->content->arena, on_mistake, &context);
        } else {
            lexicon = NULL;
        }
        if (lexicon == NULL) {
            break;
        }
    }
    if (!has_file) {
        struct place place = {.path = "$", .offset = PROBLEM_WHOLE, .file = "intents/normalise.json"};
        problem_add(&loader->problems, PROBLEM_file_missing, place, place.file, NULL, NULL);
    }
    loader->is_lexicon_sound = lexicon != NULL;
    loader->lexicon = lexicon != NULL ? lexicon : languages_only(loader, context.document);
    loader->content->lexicon = loader->lexicon;
    loader->language_count = loader->lexicon != NULL ? lexicon_language_count(loader->lexicon) : 0;
    return loader->lexicon != NULL ? 0 : -1;
}
