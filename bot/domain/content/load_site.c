/* What a site settles: its name, zone, contacts, help lines (its form of address: load_address.c). The
   overlay's values go over the shipped ones key by key. Called by load.c. */
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

/* A name that is the same in every language may be written once. */
static struct localized data_keeper(struct loader *loader) {
    struct setting setting = setting_of(loader, NULL, "data_keeper");
    struct localized out = {{NULL}};
    if (value_text(setting.value) == NULL) {
        return localized_setting(loader, NULL, "data_keeper");
    }
    for (size_t i = 0; i < loader->language_count; i++) {
        out.text[i] = loader_text(loader, setting.value);
    }
    return out;
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

void load_site(struct loader *loader) {
    struct content_site *site = &loader->content->site;
    site->bot_name = text_setting(loader, "bot_name", "Pandu");
    site->address = text_setting(loader, "address", "kamu");
    site->region = text_setting(loader, "region", "");
    site->data_keeper = data_keeper(loader);
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
        .place = loader_content_place(loader, item->document, value, item->path),
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
