/* Reads content folders into memory and has them loaded. Never writes. Called by the verbs of the command
   line and by whatever reloads content. */
#include "app/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/kept.h"
#include "app/together.h"
#include "base/arena.h"
#include "base/err.h"
#include "json/value.h"

#include "banned.h"

enum { ROOT_PATH_MAX = 4096 };

static char *read_stream(FILE *stream, const char *path, size_t limit, size_t *length, struct err *err) {
    struct stat about;
    if (fstat(fileno(stream), &about) != 0 || !S_ISREG(about.st_mode)) {
        (void)err_set(err, ERR_IO, "%s is not a file", path);
        return NULL;
    }
    if (about.st_size < 0 || (size_t)about.st_size > limit) {
        (void)err_set(err, ERR_LIMIT, "%s is larger than %zu bytes", path, limit);
        return NULL;
    }
    char *bytes = malloc((size_t)about.st_size + 1);
    if (bytes == NULL) {
        (void)err_set(err, ERR_MEMORY, "not enough memory to read %s", path);
        return NULL;
    }
    *length = fread(bytes, 1, (size_t)about.st_size, stream);
    bytes[*length] = '\0';
    if (ferror(stream)) {
        (void)err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
        free(bytes);
        return NULL;
    }
    return bytes;
}

char *app_read_file(const char *path, size_t limit, size_t *length, struct err *err) {
    *length = 0;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        (void)err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s: %s", path,
                      strerror(errno));
        return NULL;
    }
    char *bytes = read_stream(stream, path, limit, length, err);
    if (fclose(stream) != 0 && bytes != NULL) {
        (void)err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
        free(bytes);
        return NULL;
    }
    return bytes;
}

static int add_file(struct app_files *files, const char *root, const char *name, int layer, struct err *err) {
    if (files->count == APP_FILES_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d files below %s", APP_FILES_MAX, root);
    }
    const char *path = arena_format(files->arena, "%s/%s", root, name);
    const char *shown = strncmp(path, "./", 2) == 0 ? path + 2 : path;
    size_t length;
    char *bytes = app_read_file(path, VALUE_FILE_MAX, &length, err);
    if (bytes == NULL) {
        return err->code;
    }
    files->list[files->count++] =
        (struct content_file){name, shown, arena_copy(files->arena, bytes, length), length, layer};
    free(bytes);
    return 0;
}

/* Names that end in .json and are not hidden (editors keep copies in hidden files). */
static int is_content(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

/* A folder that does not exist has no files: an overlay need not have all. */
static int add_folder(struct app_files *files, const char *root, const char *folder, int layer,
                      struct err *err) {
    const char *path = arena_format(files->arena, "%s/%s", root, folder);
    struct dirent **entries;
    int count = scandir(path, &entries, is_content, alphasort);
    if (count < 0) {
        return errno == ENOENT ? 0
                               : err_set(err, ERR_IO, "cannot read the folder %s: %s", path, strerror(errno));
    }
    int rc = 0;
    for (int i = 0; i < count; i++) {
        if (rc == 0) {
            rc = add_file(files, root, arena_format(files->arena, "%s/%s", folder, entries[i]->d_name), layer,
                          err);
        }
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static int is_folder(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static int add_layer(struct app_files *files, const char *root, int layer, struct err *err) {
    static const char *const folders[] = {"intents", "responses", "responses/dialogues"};
    if (!is_folder(root)) {
        return err_set(err, ERR_NOT_FOUND, "there is no folder %s", root);
    }
    size_t before = files->count;
    int rc = 0;
    if (layer > 0 && access(arena_format(files->arena, "%s/site.json", root), F_OK) == 0) {
        rc = add_file(files, root, "site.json", layer, err);
    }
    for (size_t i = 0; rc == 0 && i < sizeof folders / sizeof *folders; i++) {
        rc = add_folder(files, root, folders[i], layer, err);
    }
    if (rc == 0 && layer == 0 && files->count == before) {
        rc = err_set(err, ERR_NOT_FOUND, "there are no intents/*.json and responses/*.json below %s", root);
    }
    return rc;
}

int app_files_read(struct app_files *files, const char *root, const char *site, struct err *err) {
    *files = (struct app_files){arena_new_large(0), NULL, 0};
    if (files->arena == NULL) {
        return err_set(err, ERR_MEMORY, "not enough memory to read %s", root != NULL ? root : site);
    }
    files->list = arena_array(files->arena, APP_FILES_MAX, sizeof *files->list);
    int rc = root != NULL ? add_layer(files, root, 0, err) : 0;
    return rc == 0 && site != NULL ? add_layer(files, site, 1, err) : rc;
}

void app_files_close(struct app_files *files) {
    arena_free(files->arena);
    *files = (struct app_files){NULL, NULL, 0};
}

struct content *app_content_load(const char *root, const char *site,
                                 const struct content_load_options *options, struct err *err) {
    struct err own = {0}, *where = err != NULL ? err : &own;
    struct app_files files;
    struct content *content = NULL;
    if (app_files_read(&files, root, site, where) == 0) {
        const struct content_together together = {app_together, NULL};
        struct app_kept kept;
        app_kept_open(&kept);
        content = content_load_together(files.list, files.count, options, &together,
                                        kept.folder[0] != '\0' ? &kept.keeper : NULL);
        app_kept_close(&kept);
    }
    app_files_close(&files);
    return content;
}

/* Cuts the last part off a path; 0 when there is none left. */
static int cut_last(char *path) {
    char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path) {
        return 0;
    }
    *slash = '\0';
    return 1;
}

static int holds_content(const char *folder) {
    char probe[ROOT_PATH_MAX + 16];
    int length = snprintf(probe, sizeof probe, "%s/intents", folder);
    return length > 0 && (size_t)length < sizeof probe && is_folder(probe);
}

/* The share folder of an installed program (PREFIX/bin/pandu), or the source tree above a build
 * (build/release/pandu). */
static int find_beside_program(char out[ROOT_PATH_MAX]) {
    char program[ROOT_PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return 0;
    }
    program[length] = '\0';
    int is_deep = cut_last(program);
    if (!is_deep || !cut_last(program)) {
        return 0;
    }
    int written = snprintf(out, ROOT_PATH_MAX, "%s/share/pandu", program);
    if (written > 0 && written < ROOT_PATH_MAX && holds_content(out)) {
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        if (holds_content(program)) {
            memcpy(out, program, strlen(program) + 1);
            return 1;
        }
        if (!cut_last(program)) {
            break;
        }
    }
    return 0;
}

const char *app_web_root(void) {
    static char found[ROOT_PATH_MAX + 16]; /* the answer never changes while the program runs */
    static const char *const below[] = {"web", "bot/web"};
    char root[ROOT_PATH_MAX];
    if (found[0] == '\0' && !find_beside_program(root)) {
        memcpy(root, ".", 2);
    }
    for (size_t i = 0; found[0] == '\0' && i < 2; i++) {
        (void)snprintf(found, sizeof found, "%s/%s", root, below[i]);
        if (!is_folder(found)) {
            found[0] = '\0';
        }
    }
    return found[0] != '\0' ? found : NULL;
}

const char *app_content_root(void) {
    static char found[ROOT_PATH_MAX]; /* the answer never changes while the program runs */
    const char *given = getenv("PANDU_CONTENT");
    if (given != NULL && *given != '\0') {
        return given;
    }
    if (found[0] == '\0' && !find_beside_program(found)) {
        found[0] = '.';
        found[1] = '\0';
    }
    return found;
}
