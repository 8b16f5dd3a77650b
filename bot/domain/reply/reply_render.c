/* Fills the placeholders of one text. Never picks a variant and never reads more of a filled-in value than
   its bytes: braces that a visitor typed stay braces. Called by reply.c, by the engine for questions and by
   lint. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "domain/content/content.h"
#include "domain/reply/reply.h"
#include "banned.h"

/* What does not fit below MESSAGE_MAX_BYTES is left out; EXTRA_BYTES are enough for what most placeholders
   bring. */
enum { NAME_MAX_BYTES = 96, MESSAGE_MAX_BYTES = 64 * 1024, EXTRA_BYTES = 192 };

struct output { /* in the arena, as replies are what a turn writes most of */
    char *data;
    size_t length, capacity; /* one more byte is there for the end */
    int is_full;
};

struct render {
    const struct content *content;
    int language;
    reply_fill *fill;
    void *context;
    struct arena *arena;
    struct output out;
};

static void add(struct render *render, const char *bytes, size_t length) {
    struct output *out = &render->out;
    out->is_full |= length > MESSAGE_MAX_BYTES - out->length;
    if (out->is_full) {
        return;
    }
    if (out->length + length > out->capacity) {
        size_t capacity = 2 * (out->length + length);
        char *larger = arena_room(render->arena, capacity + 1);
        memcpy(larger, out->data, out->length);
        out->data = larger;
        out->capacity = capacity;
    }
    memcpy(out->data + out->length, bytes, length);
    out->length += length;
}

static void add_text(struct render *render, const char *text) {
    add(render, text, strlen(text));
}

static const char *localized(const struct render *render, const struct localized *text) {
    return localized_text(text, render->language, render->content->site.default_language);
}

/* ---- what content itself knows ---- */

/* A help line may serve several uses: "crisis danger". */
static int serves(const char *uses, const char *use) {
    size_t length = strlen(use);
    for (const char *at = uses; at && *at;) {
        size_t word = strcspn(at, " ,");
        if (word == length && memcmp(at, use, length) == 0) {
            return 1;
        }
        at += word + strspn(at + word, " ,");
    }
    return 0;
}

static void add_part(struct buf *line, const char *before, const char *text) {
    if (!*text) {
        return;
    }
    if (line->length > 0) {
        /* "name: how." already ends; a second stop would look torn */
        int ended = strchr(".!?", line->data[line->length - 1]) != NULL;
        buf_add_text(line, ended && *before == '.' ? before + 1 : before);
    }
    buf_add_text(line, text);
}

/* "name: how. note"; what an author left out stays out, nothing is made up. */
static void add_help_line(const struct render *render, const struct content_help_line *help,
                          struct buf *lines) {
    const char *how = localized(render, &help->how);
    if (!*how) {
        how = help->number && *help->number ? help->number : help->url ? help->url : "";
    }
    struct buf line;
    buf_init(&line, 0);
    add_part(&line, "", localized(render, &help->name));
    add_part(&line, ": ", how);
    add_part(&line, ". ", localized(render, &help->note));
    if (line.length > 0) {
        buf_add_text(lines, lines->length > 0 ? "\n" : "");
        buf_add_text(lines, buf_text(&line));
    }
    buf_close(&line);
}

/* Whether it may be reached where the site's visitors live. */
static int is_near(const struct render *render, const struct content_help_line *help) {
    const char *region = render->content->site.region;
    return help->region == NULL || region == NULL || *region == '\0' || strcmp(help->region, region) == 0;
}

static const char *help_lines(const struct render *render, const char *use) {
    struct buf lines;
    buf_init(&lines, 0);
    for (size_t i = 0; i < render->content->help_line_count; i++) {
        const struct content_help_line *help = &render->content->help_lines[i];
        if (serves(help->use, use) && is_near(render, help)) {
            add_help_line(render, help, &lines);
        }
    }
    const char *text = arena_copy(render->arena, buf_text(&lines), lines.length);
    buf_close(&lines);
    return text;
}

static const char *site_value(const struct render *render, const char *name) {
    const struct content_site *site = &render->content->site;
    switch (name[0]) {
    case 'h': return strncmp(name, "help_lines:", 11) == 0 ? help_lines(render, name + 11) : NULL;
    case 'b': return strcmp(name, "bot_name") == 0 ? site->bot_name : NULL;
    case 's': return strcmp(name, "site_name") == 0 ? localized(render, &site->name) : NULL;
    case 'c':
        if (strcmp(name, "counsellor_name") == 0) {
            return localized(render, &site->counsellor.name);
        }
        return strcmp(name, "counsellor_how") == 0 ? localized(render, &site->counsellor.how) : NULL;
    case 'd': return strcmp(name, "data_keeper") == 0 ? localized(render, &site->data_keeper) : NULL;
    case 'r':
        return strcmp(name, "retention_days") == 0 ? arena_format(render->arena, "%d", site->retention_days)
                                                   : NULL;
    default: return NULL;
    }
}

static const struct content_address_word *address_word(const struct render *render, const char *name,
                                                       size_t length) {
    for (size_t i = 0; i < render->content->address_word_count; i++) {
        const char *placeholder = render->content->address_words[i].placeholder;
        if (placeholder[0] == name[0] && strncmp(placeholder, name, length) == 0 &&
            placeholder[length] == '\0') {
            return &render->content->address_words[i];
        }
    }
    return NULL;
}

/* ---- taking a placeholder out ---- */

static char last_char(const struct output *out) {
    return out->length > 0 ? out->data[out->length - 1] : '\n';
}

static void drop_last(struct output *out) {
    out->length--;
}

/* Removes what only made sense together with the missing word. Returns where to go on. */
static const char *close_gap(struct output *out, const char *rest) {
    int line_starts = last_char(out) == '\n';
    int line_ends = *rest == '\0' || *rest == '\n';
    if (line_starts && line_ends) {
        if (*rest == '\n') {
            return rest + 1;
        }
        if (out->length > 0) {
            drop_last(out);
        }
        return rest;
    }
    if (line_starts) {
        rest += *rest == ',';
        return rest + (*rest == ' ');
    }
    if (last_char(out) == ' ') {
        drop_last(out);
        if ((line_ends || strchr(".!?", *rest)) && last_char(out) == ',') {
            drop_last(out);
        }
        return rest;
    }
    return rest + (*rest == ' ');
}

/* ---- one placeholder ---- */

static int is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || byte == '_' || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '.' || byte == ':' || byte == '-';
}

/* Length of "{name}" or "{name|alternative}" at text, 0 when the brace is only a brace. */
static size_t placeholder_length(const char *text, size_t *name_length) {
    size_t name = 1;
    while (is_name_byte(text[name])) {
        name++;
    }
    *name_length = name - 1;
    if (name == 1 || name > NAME_MAX_BYTES) {
        return 0;
    }
    size_t end = text[name] == '|' ? name + strcspn(text + name, "{}") : name;
    return text[end] == '}' ? end + 1 : 0;
}

static const char *fill_placeholder(struct render *render, const char *text, size_t length,
                                    size_t name_length) {
    const char *rest = text + length;
    char name[NAME_MAX_BYTES + 1];
    memcpy(name, text + 1, name_length);
    name[name_length] = '\0';
    if (name[0] == 'e' && strcmp(name, "export") == 0) {
        add(render, text, length);
        return rest;
    }
    const struct content_address_word *word = address_word(render, name, name_length);
    if (word) { /* "{mu}" is empty in English on purpose: no blank goes with it */
        add_text(render, localized(render, &word->text));
        return rest;
    }
    const char *value = site_value(render, name);
    if ((!value || !*value) && render->fill) {
        value = render->fill(render->context, name, render->arena);
    }
    if (value && *value) {
        add_text(render, value);
        return rest;
    }
    size_t alternative = 1 + name_length + 1;
    if (text[1 + name_length] == '|' && length > alternative + 1) {
        add(render, text + alternative, length - alternative - 1);
        return rest;
    }
    return close_gap(&render->out, rest);
}

const char *reply_render_filled(const struct content *content, int language, const char *text,
                                reply_fill *fill, void *context, struct arena *arena) {
    size_t whole = strlen(text);
    struct render render = {content, language, fill, context, arena, {0}};
    const char *end = text + whole;
    render.out.capacity = whole + EXTRA_BYTES;
    render.out.data = arena_room(arena, render.out.capacity + 1);
    while (*text) {
        size_t name_length = 0;
        const char *brace = memchr(text, '{', (size_t)(end - text));
        size_t plain = brace != NULL ? (size_t)(brace - text) : (size_t)(end - text);
        add(&render, text, plain);
        text += plain;
        size_t length = *text ? placeholder_length(text, &name_length) : 0;
        if (length > 0) {
            text = fill_placeholder(&render, text, length, name_length);
        } else if (*text) {
            add(&render, text++, 1);
        }
    }
    render.out.data[render.out.length] = '\0';
    return render.out.data;
}
