/* Writes a site's copy of an intent anew with one example more. Never touches a file: bytes in, bytes out.
   Called by: cli/unmatched_add. */
#include "domain/authoring/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "domain/authoring/layout.h"
#include "domain/content/load.h"
#include "json/value.h"

#include "banned.h"

#define SCHEMA_FOR_SITES "../../bot/schema/intents.json"

static struct value *find_intent(const struct value *document, const char *id) {
    const struct value *intents = value_get(document, "intents");
    for (size_t i = 0; value_type(intents) == VALUE_ARRAY && i < value_count(intents); i++) {
        const char *name = value_get_text(value_at(intents, i), "id");
        if (name != NULL && strcmp(name, id) == 0) {
            return value_at(intents, i);
        }
    }
    return NULL;
}

int overlay_find(const struct content_file *files, size_t count, const char *id, struct arena *arena,
                 struct overlay_place *place) {
    *place = (struct overlay_place){count, count, NULL, 0};
    for (size_t i = 0; i < count; i++) { /* the site's files come last, and win */
        if (strncmp(files[i].name, "intents/", 8) != 0) {
            continue;
        }
        struct value *document = value_parse(files[i].bytes, files[i].length, NULL);
        if (find_intent(document, id) != NULL) {
            const char *topic = value_get_text(document, "topic");
            place->intent = i;
            place->name = files[i].layer > 0 || topic == NULL ? arena_text(arena, files[i].name)
                                                              : arena_format(arena, "intents/%s.json", topic);
            place->is_own_copy = files[i].layer > 0;
        }
        value_free(document);
    }
    for (size_t i = 0; place->name != NULL && i < count; i++) {
        if (files[i].layer > 0 && strcmp(files[i].name, place->name) == 0) {
            place->file = i;
        }
    }
    return place->name != NULL;
}

/* ---- the new document ---- */

static int has_text(const struct value *list, const char *text) {
    for (size_t i = 0; i < value_count(list); i++) {
        const char *one = value_text(value_at(list, i));
        if (one != NULL && strcmp(one, text) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Adds text to the list of that name, which is made if there is none. 1 when it was there already, -1 without
 * memory. */
static int add_text(struct value *intent, const char *name, const char *text) {
    struct value *list = value_get(intent, name);
    if (value_type(list) != VALUE_ARRAY) {
        list = value_new_array();
        if (list == NULL || value_set_take(intent, name, list) != 0) {
            return -1;
        }
    }
    if (has_text(list, text)) {
        return 1;
    }
    return value_add_take(list, value_new_text(text)) == 0 ? 0 : -1;
}

/* The site's document; a new one of the topic that the shipped one has. NULL: no memory, or no JSON. */
static struct value *open_document(const struct content_file *file, const struct value *shipped) {
    if (file != NULL) {
        return value_parse(file->bytes, file->length, NULL);
    }
    struct value *document = value_new_object();
    int rc = value_set_text(document, "$schema", SCHEMA_FOR_SITES);
    rc |= value_set_text(document, "topic", value_get_text(shipped, "topic"));
    rc |= value_set_take(document, "intents", value_new_array());
    if (rc != 0) {
        value_free(document);
        return NULL;
    }
    return document;
}

static int print(const struct value *document, struct buf *out, struct err *err) {
    char *text = value_print(document, 0);
    int rc = text != NULL ? layout_print(text, strlen(text), out, err)
                          : err_set(err, ERR_MEMORY, "no memory for the file");
    free(text);
    return rc;
}

static int add_to(struct value *intent, const char *example, const char *pattern, struct err *err) {
    int rc = add_text(intent, "examples", example);
    if (rc == 1) {
        return err_set(err, ERR_CONFLICT, "this example stands there already");
    }
    rc = rc == 0 && pattern != NULL ? add_text(intent, "patterns", pattern) : rc;
    return rc < 0 ? err_set(err, ERR_MEMORY, "no memory for the file") : 0;
}

int overlay_add(const struct content_file *files, size_t count, const struct overlay_place *place,
                const char *id, const char *example, const char *pattern, struct buf *out, struct err *err) {
    const struct content_file *origin = &files[place->intent];
    struct value *shipped = value_parse(origin->bytes, origin->length, err);
    struct value *document = open_document(place->file < count ? &files[place->file] : NULL, shipped);
    struct value *intent = find_intent(document, id);
    int rc = shipped == NULL || document == NULL
                 ? err_set(err, ERR_SYNTAX, "%s cannot be read", origin->shown)
                 : 0;
    if (rc == 0 && intent == NULL) {
        intent = find_intent(shipped, id);
        rc = value_add_take(value_get(document, "intents"), value_hold(intent)) == 0
                 ? 0
                 : err_set(err, ERR_SYNTAX, "%s has no list \"intents\"", place->name);
    }
    rc = rc == 0 ? add_to(intent, example, pattern, err) : rc;
    rc = rc == 0 ? print(document, out, err) : rc;
    value_free(document);
    value_free(shipped);
    return rc;
}
