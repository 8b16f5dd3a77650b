/* Forms of address: the words that a site's choice of "kamu" or "Anda" decides. Every form must have every
   word. Called by load.c, after the site. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/loader.h"
#include "json/value.h"

#include "banned.h"

enum { WORDS_MAX = 64, FORMS_MAX = 16 };

/* Names, each once, in the order of the files. */
struct names {
    const char *list[WORDS_MAX];
    size_t count;
};

static void add_name(struct names *names, const char *name, size_t limit) {
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->list[i], name) == 0) {
            return;
        }
    }
    if (names->count < limit) {
        names->list[names->count++] = name;
    }
}

static const struct value *forms_of(const struct document *document) {
    const struct value *forms =
        document->kind == DOCUMENT_ADDRESS ? value_get(document->value, "forms") : NULL;
    return value_type(forms) == VALUE_OBJECT ? forms : NULL;
}

/* Every form, and every word that any form has. */
static void collect(const struct loader *loader, struct names *forms, struct names *words) {
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct value *all = forms_of(&loader->documents.list[i]);
        void *at_form = NULL;
        const char *form, *word;
        struct value *entry, *text;
        while (all != NULL && value_next(all, &at_form, &form, &entry)) {
            void *at_word = NULL;
            add_name(forms, form, FORMS_MAX);
            while (value_type(entry) == VALUE_OBJECT && value_next(entry, &at_word, &word, &text)) {
                add_name(words, word, WORDS_MAX);
            }
        }
    }
}

/* The topmost document that has form, and in it word unless that is NULL; NULL when none has. */
static const struct document *find(const struct loader *loader, const char *form, const char *word) {
    for (size_t i = loader->documents.count; i > 0; i--) {
        const struct document *document = &loader->documents.list[i - 1];
        const struct value *entry = value_get(forms_of(document), form);
        if (entry != NULL && (word == NULL || value_get(entry, word) != NULL)) {
            return document;
        }
    }
    return NULL;
}

/* Reads a word of a form into *out; 0 after a report when the form lacks it. */
static int read_word(struct loader *loader, const char *form, const char *word, struct localized *out) {
    const struct document *document = find(loader, form, word);
    if (document == NULL) {
        struct place place = loader_place(find(loader, form, NULL), loader_path(loader, "$.forms.%s", form));
        problem_add(&loader->problems, PROBLEM_address_word_missing, place, word, form, NULL);
        return 0;
    }
    const struct value *text = value_get(value_get(forms_of(document), form), word);
    *out = loader_localized(loader, document, text, loader_path(loader, "$.forms.%s.%s", form, word));
    return 1;
}

/* Where the site says which form it wants; the first file of forms when it says nothing. */
static struct place wish(struct loader *loader, const char *first_form) {
    struct place place = loader_place(find(loader, first_form, NULL), "$.forms");
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct document *document = &loader->documents.list[i];
        if (document->kind == DOCUMENT_SITE && value_get(document->value, "address") != NULL) {
            place = loader_place(document, "$.address");
        }
    }
    return place;
}

void load_address(struct loader *loader) {
    struct names forms = {{NULL}, 0}, words = {{NULL}, 0};
    collect(loader, &forms, &words);
    struct content *content = loader->content;
    struct content_address_word *out = arena_array(content->arena, words.count + 1, sizeof *out);
    content->address_words = out;
    if (forms.count == 0) {
        return;
    }
    const char *chosen = content->site.address;
    if (find(loader, chosen, NULL) == NULL) {
        problem_add(&loader->problems, PROBLEM_unknown_address, wish(loader, forms.list[0]), chosen, NULL,
                    NULL);
        chosen = forms.list[0]; /* so that {you} is known in the rest of the check */
    }
    for (size_t f = 0; f < forms.count; f++) {
        for (size_t w = 0; w < words.count; w++) {
            struct localized text;
            if (read_word(loader, forms.list[f], words.list[w], &text) &&
                strcmp(forms.list[f], chosen) == 0) {
                size_t at = content->address_word_count++;
                out[at] = (struct content_address_word){arena_text(content->arena, words.list[w]), text};
            }
        }
    }
}
