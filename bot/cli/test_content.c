/* Content bundles for cases: the usual one, others, and each with an overlay or changed site settings. Each
   is loaded once. Never changes a content folder: overlays are put together in a folder of their own. Called
   by test.c and test_play.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "cli/test.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

enum { BUNDLES_MAX = 64, PATH_BYTES_MAX = 4096, SITE_BYTES_MAX = 1024 * 1024 };

struct bundle {
    const char *key;
    struct content *content;
};

struct bundles {
    const char *root, *site; /* the usual ones; site may be NULL */
    struct arena *arena;
    struct bundle list[BUNDLES_MAX];
    size_t count;
};

struct bundles *bundles_new(const char *root, const char *site) {
    struct bundles *bundles = calloc(1, sizeof *bundles);
    struct arena *arena = arena_new(0);
    if (bundles == NULL || arena == NULL) {
        arena_free(arena);
        free(bundles);
        return NULL;
    }
    bundles->root = root;
    bundles->site = site;
    bundles->arena = arena;
    return bundles;
}

void bundles_free(struct bundles *bundles) {
    if (bundles == NULL) {
        return;
    }
    for (size_t i = 0; i < bundles->count; i++) {
        content_free(bundles->list[i].content);
    }
    arena_free(bundles->arena);
    free(bundles);
}

int bundle_is_whole(const char *folder) {
    char probe[PATH_BYTES_MAX];
    struct stat about;
    int length = snprintf(probe, sizeof probe, "%s/intents/normalise.json", folder);
    return length > 0 && (size_t)length < sizeof probe && stat(probe, &about) == 0;
}

/* ---- an overlay with changed settings ---- */

/* settings laid over the overlay's own site.json, member by member. NULL with *err. */
static char *merged_settings(const char *overlay, const struct value *settings, struct arena *arena,
                             struct err *err) {
    size_t length = 0;
    struct value *merged = NULL;
    const char *path = overlay != NULL ? arena_format(arena, "%s/site.json", overlay) : NULL;
    if (path != NULL && access(path, F_OK) == 0) {
        char *bytes = app_read_file(path, SITE_BYTES_MAX, &length, err);
        merged = bytes != NULL ? value_parse(bytes, length, err) : NULL;
        free(bytes);
    } else {
        merged = value_new_object();
    }
    void *position = NULL;
    const char *key;
    struct value *member;
    int failed = merged == NULL;
    while (!failed && value_next(settings, &position, &key, &member)) {
        failed = value_set_take(merged, key, value_hold(member)) != 0;
    }
    char *printed = failed ? NULL : value_print(merged, 0);
    value_free(merged);
    if (printed == NULL) {
        (void)err_set(err, ERR_MEMORY, "the site settings cannot be put together");
    }
    return printed;
}

static int write_settings(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return -1;
    }
    int failed = fputs(text, file) == EOF;
    return fclose(file) != 0 || failed ? -1 : 0;
}

/* A link to the folder name of the overlay; an overlay need not have it. */
static int link_folder(const char *overlay, const char *name, const char *folder, struct arena *arena) {
    char here[PATH_BYTES_MAX] = "";
    if (overlay[0] != '/' && getcwd(here, sizeof here) == NULL) {
        return -1;
    }
    const char *target = arena_format(arena, "%s%s%s/%s", here, *here ? "/" : "", overlay, name);
    if (access(target, F_OK) != 0) {
        return errno == ENOENT ? 0 : -1;
    }
    return symlink(target, arena_format(arena, "%s/%s", folder, name));
}

static void remove_overlay(const char *folder, struct arena *arena) {
    static const char *const names[] = {"intents", "responses", "site.json"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)unlink(arena_format(arena, "%s/%s", folder, names[i]));
    }
    (void)rmdir(folder);
}

/* Loads root with overlay (may be NULL) and settings over it, by way of a folder that is gone afterwards. */
static struct content *load_with_settings(const char *root, const char *overlay, const struct value *settings,
                                          const struct content_load_options *options, struct arena *arena,
                                          struct err *err) {
    const char *temporary = getenv("TMPDIR");
    char *folder =
        arena_format(arena, "%s/pandu-test-XXXXXX", temporary != NULL && *temporary ? temporary : "/tmp");
    char *text = merged_settings(overlay, settings, arena, err);
    if (text == NULL) {
        return NULL;
    }
    if (mkdtemp(folder) == NULL) {
        (void)err_set(err, ERR_IO, "cannot make %s: %s", folder, strerror(errno));
        free(text);
        return NULL;
    }
    int rc = write_settings(arena_format(arena, "%s/site.json", folder), text);
    rc |= overlay != NULL ? link_folder(overlay, "intents", folder, arena) : 0;
    rc |= overlay != NULL ? link_folder(overlay, "responses", folder, arena) : 0;
    free(text);
    struct content *content = NULL;
    if (rc != 0) {
        (void)err_set(err, ERR_IO, "cannot write below %s: %s", folder, strerror(errno));
    } else {
        content = app_content_load(root, folder, options, err);
    }
    remove_overlay(folder, arena);
    return content;
}

/* ---- the bundles ---- */

/* The first mistake of a bundle says enough here; `pandu check` lists all. */
static void on_problem(void *context, const struct content_problem *problem) {
    struct err *err = context;
    if (problem->severity == PROBLEM_ERROR) {
        (void)err_set(err, ERR_INVALID, "%s:%d: %s. %s", problem->file, problem->line, problem->text,
                      problem->remedy);
    }
}

static const char *key_of(struct bundles *bundles, const char *root, const char *overlay,
                          const struct value *site) {
    char *settings = site != NULL ? value_print(site, 0) : NULL;
    const char *key = arena_format(bundles->arena, "%s\n%s\n%s", root, overlay != NULL ? overlay : "",
                                   settings != NULL ? settings : "");
    free(settings);
    return key;
}

struct content *bundles_get(struct bundles *bundles, const char *root, const char *overlay,
                            const struct value *site, struct err *err) {
    int is_usual = root == NULL;
    root = is_usual ? bundles->root : root;
    overlay = overlay == NULL && is_usual ? bundles->site : overlay;
    const char *key = key_of(bundles, root, overlay, site);
    for (size_t i = 0; i < bundles->count; i++) {
        if (strcmp(bundles->list[i].key, key) == 0) {
            return bundles->list[i].content;
        }
    }
    if (bundles->count == BUNDLES_MAX) {
        (void)err_set(err, ERR_LIMIT, "more than %d different contents in one run", BUNDLES_MAX);
        return NULL;
    }
    struct content_load_options options = {.language = "en", .report = on_problem, .context = err};
    struct content *content = site != NULL
                                  ? load_with_settings(root, overlay, site, &options, bundles->arena, err)
                                  : app_content_load(root, overlay, &options, err);
    if (content == NULL) {
        (void)err_set(err, ERR_INVALID, "the content of %s cannot be loaded", root);
        return NULL;
    }
    bundles->list[bundles->count++] = (struct bundle){key, content};
    return content;
}
