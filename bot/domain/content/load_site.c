/* What a site settles: its name, form of address, zone, contacts, help lines. The overlay's values go over
   the shipped ones key by key. Called by load.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/loader.h"
#include "json/value.h"

#include "banned.h"

enum { SITE_ZONE_DEFAULT = 420, SITE_RETENTION_DEFAULT = 365 };

/* A key of site.json where the topmost layer has it. */
struct setting {
    const struct document *document;
    const struct value *value;
    const char *path;
};

static struct setting setting_of(struct loader *loader, const char *group, const char *key) {
    struct setting setting = {NULL, NULL, NULL};
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct document *document = &loader->documents.list[i];
        if (document->kind != DOCUMENT_SITE) {
            continue;
        }
        const struct value *parent = group != NULL ? value_get(document->value, group) : document->value;
        const struct value *value = value_get(parent, key);
        if (value != NULL) {
            const char *path =
                loader_path(loader, "$%s%s.%s", group != NULL ? "." : "", group != NULL ? group : "", key);
            setting = (struct setting){document, value, path};
        }
    }
    return setting;
}

static const char *text_setting(struct loader *loader, const char *key, const char *otherwise) {
    struct setting setting = setting_of(loader, NULL, key);
    const char *text = value_text(setting.value);
    return arena_text(loader->content->arena, text != NULL ? text : otherwise);
}

static struct localized localized_setting(struct loader *loader, const char *group, const char *key) {
    struct setting setting = setting_of(loader, group, key);
    return loader_localized(loader, setting.document, setting.value, setting.path);
}

static int has_digits(const char *text, size_t count) {
    return strspn(text, "0123456789") >= count;
}

/* "+07:00" -> 420. */
static int read_zone(struct loader *loader) {
    struct setting setting = setting_of(loader, NULL, "time_zone");
    const char *text = value_text(setting.value);
    if (text == NULL) {
        return SITE_ZONE_DEFAULT;
    }
    int is_valid = strlen(text) == 6 && (text[0] == '+' || text[0] == '-') && has_digits(text + 1, 2) &&
                   text[3] == ':' && has_digits(text + 4, 2);
    int minutes =
        is_valid ? ((text[1] - '0') * 10 + text[2] - '0') * 60 + (text[4] - '0') * 10 + text[5] - '0' : 0;
    if (!is_valid || minutes > 14 * 60 || text[4] > '5') {
        problem_add(&loader->problems, PROBLEM_bad_time_zone, loader_place(setting.document, setting.path),
                    text, NULL, NULL);
        return SITE_ZONE_DEFAULT;
    }
    return text[0] == '-' ? -minutes : minutes;
}

static int is_filled(const struct localized *text) {
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        if (text->text[i] != NULL && *text->text[i] != '\0') {
            return 1;
        }
    }
    return 0;
}

/* ---- forms of address ---- */

/* The word of a form in the topmost layer that has it. */
static struct setting address_word(struct loader *loader, const char *form, const char *word) {
    struct setting setting = {NULL, NULL, NULL};
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct document *document = &loader->documents.list[i];
        const struct value *forms =
            document->kind == DOCUMENT_ADDRESS ? value_get(document->value, "forms") : NULL;
        const struct value *value = value_get(value_get(forms, form), word);
        if (value != NULL) {
            setting = (struct setting){document, value, loader_path(loader, "$.forms.%s.%s", form, word)};
        }
    }
    return setting;
}

/* The document that has form, topmost first; NULL when none has. */
static const struct document *form_document(const struct loader *loader, const char *form) {
    for (size_t i = loader->documents.count; i > 0; i--) {
        const struct document *document = &loader->documents.list[i - 1];
        if (document->kind == DOCUMENT_ADDRESS &&
            value_get(value_get(document->value, "forms"), form) != NULL) {
            return document;
        }
    }
    return NULL;
}

/* Every word that any form has, each once, in the order of the files. */
static size_t collect_words(struct loader *loader, const char **words, size_t limit) {
    size_t count = 0;
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct document *document = &loader->documents.list[i];
        const struct value *forms =
            document->kind == DOCUMENT_ADDRESS ? value_get(document->value, "forms") : NULL;
        void *at_form = NULL;
        const char *form, *word;
        struct value *entry, *text;
        while (value_type(forms) == VALUE_OBJECT && value_next(forms, &at_form, &form, &entry)) {
            void *at_word = NULL;
            while (value_type(entry) == VALUE_OBJECT && value_next(entry, &at_word, &word, &text)) {
                size_t known = 0;
                while (known < count && strcmp(words[known], word) != 0) {
                    known++;
                }
                if (known == count && count < limit) {
                    words[count++] = word;
                }
            }
        }
    }
    return count;
}

/* Checks that every form has every word, and takes those of the site's form. */
static void read_form(struct loader *loader, const char *form, const char *const *words, size_t count,
                      struct content_address_word *out) {
    const struct document *document = form_document(loader, form);
    int is_chosen = strcmp(form, loader->content->site.address) == 0;
    for (size_t i = 0; i < count; i++) {
        struct setting setting = address_word(loader, form, words[i]);
        if (setting.value == NULL) {
            problem_add(&loader->problems, PROBLEM_address_word_missing,
                        loader_place(document, loader_path(loader, "$.forms.%s", form)), words[i], form,
                        NULL);
            continue;
        }
        struct localized text = loader_localized(loader, setting.document, setting.value, setting.path);
        if (is_chosen) {
            size_t at = loader->content->address_word_count++;
            out[at] = (struct content_address_word){arena_text(loader->content->arena, words[i]), text};
        }
    }
}

static void check_form_exists(struct loader *loader) {
    struct setting setting = setting_of(loader, NULL, "address");
    if (setting.value != NULL && form_document(loader, loader->content->site.address) == NULL) {
        problem_add(&loader->problems, PROBLEM_unknown_address, loader_place(setting.document, setting.path),
                    loader->content->site.address, NULL, NULL);
    }
}

static void read_address(struct loader *loader) {
    enum { WORDS_MAX = 64, FORMS_MAX = 16 };
    const char *words[WORDS_MAX], *forms[FORMS_MAX];
    size_t count = collect_words(loader, words, WORDS_MAX), form_count = 0;
    struct content_address_word *out = arena_array(loader->content->arena, count + 1, sizeof *out);
    int has_document = 0;
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct document *document = &loader->documents.list[i];
        has_document |= document->kind == DOCUMENT_ADDRESS;
        const struct value *all =
            document->kind == DOCUMENT_ADDRESS ? value_get(document->value, "forms") : NULL;
        void *position = NULL;
        const char *form;
        struct value *entry;
        while (value_type(all) == VALUE_OBJECT && value_next(all, &position, &form, &entry)) {
            size_t known = 0;
            while (known < form_count && strcmp(forms[known], form) != 0) {
                known++;
            }
            if (known == form_count && form_count < FORMS_MAX) {
                forms[form_count++] = form;
                read_form(loader, form, words, count, out);
            }
        }
    }
    loader->content->address_words = out;
    if (has_document) {
        check_form_exists(loader);
    }
}

void load_site(struct loader *loader) {
    struct content_site *site = &loader->content->site;
    site->bot_name = text_setting(loader, "bot_name", "Pandu");
    site->address = text_setting(loader, "address", "kamu");
    site->data_keeper = text_setting(loader, "data_keeper", "");
    site->name = localized_setting(loader, NULL, "name");
    site->counsellor.name = localized_setting(loader, "counsellor", "name");
    site->counsellor.how = localized_setting(loader, "counsellor", "how");
    site->has_counsellor = is_filled(&site->counsellor.name) || is_filled(&site->counsellor.how);
    site->zone_minutes = read_zone(loader);
    site->retention_days =
        (int)value_int(setting_of(loader, NULL, "retention_days").value, SITE_RETENTION_DEFAULT);
    struct setting language = setting_of(loader, NULL, "language");
    const char *code = value_text(language.value);
    int index = code != NULL ? loader_language(loader, language.document, code, language.path) : 0;
    site->default_language = index >= 0 ? index : 0;
    read_address(loader);
}

/* ---- help lines ---- */

static int is_date(const char *text) {
    if (strlen(text) != 10 || !has_digits(text, 4) || text[4] != '-' || !has_digits(text + 5, 2) ||
        text[7] != '-' || !has_digits(text + 8, 2)) {
        return 0;
    }
    int month = (text[5] - '0') * 10 + text[6] - '0', day = (text[8] - '0') * 10 + text[9] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* NULL when it is empty. */
static const char *filled_text(struct loader *loader, const struct value *value) {
    const char *text = value_text(value);
    return text != NULL && *text != '\0' ? loader_text(loader, value) : NULL;
}

static struct content_help_line read_help_line(struct loader *loader, const struct item *item) {
    const struct value *value = item->value;
    struct content_help_line line = {
        .id = arena_text(loader->content->arena, item->id),
        .name = loader_localized(loader, item->document, value_get(value, "name"),
                                 loader_path(loader, "%s.name", item->path)),
        .how = loader_localized(loader, item->document, value_get(value, "how"),
                                loader_path(loader, "%s.how", item->path)),
        .note = loader_localized(loader, item->document, value_get(value, "note"),
                                 loader_path(loader, "%s.note", item->path)),
        .number = filled_text(loader, value_get(value, "number")),
        .url = filled_text(loader, value_get(value, "url")),
        .region = filled_text(loader, value_get(value, "region")),
        .checked = loader_text(loader, value_get(value, "checked")),
        .place = loader_content_place(loader, item->document, item->path),
    };
    line.sources = loader_texts(loader, value_get(value, "source"), &line.source_count);
    if (line.checked != NULL && strlen(line.checked) >= 10 && !is_date(line.checked)) {
        problem_add(&loader->problems, PROBLEM_bad_date,
                    loader_place(item->document, loader_path(loader, "%s.checked", item->path)), line.checked,
                    NULL, NULL);
    }
    return line;
}

/* A line with several uses stands in the bundle once for each, so that {help_lines:USE} is a plain search. */
void load_help_lines(struct loader *loader) {
    size_t total = 0;
    for (size_t i = 0; i < loader->help_lines.count; i++) {
        total += value_count(value_get(loader->help_lines.list[i].value, "use"));
    }
    struct content_help_line *lines = arena_array(loader->content->arena, total + 1, sizeof *lines);
    for (size_t i = 0; i < loader->help_lines.count; i++) {
        const struct item *item = &loader->help_lines.list[i];
        struct content_help_line line = read_help_line(loader, item);
        size_t use_count;
        const char *const *uses = loader_texts(loader, value_get(item->value, "use"), &use_count);
        for (size_t u = 0; u < use_count; u++) {
            line.use = uses[u];
            lines[loader->content->help_line_count++] = line;
        }
    }
    loader->content->help_lines = lines;
}
