/* Export files. Never leaves a half-written one under its final name. Called by app_turn.c. */
#include "app/app_export.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"

#include "banned.h"

enum { PREFIX_MAX = 24 };

static int fail(struct err *err, const char *what, const char *path) {
    return err_set(err, ERR_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

static void prefix_of(const char *conversation, char out[PREFIX_MAX]) {
    (void)snprintf(out, PREFIX_MAX, "%016llx-",
                   (unsigned long long)hash_bytes(0, conversation, strlen(conversation)));
}

static int make_folder(const char *path, struct err *err) {
    return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : fail(err, "create", path);
}

const char *app_export_write(const char *data_folder, const char *conversation, const char *turn_id,
                             const char *json, struct arena *arena, struct err *err) {
    char prefix[PREFIX_MAX];
    prefix_of(conversation, prefix);
    const char *folder = arena_format(arena, "%s/exports", data_folder);
    const char *path = arena_format(arena, "%s/%s%016llx.json", folder, prefix,
                                    (unsigned long long)hash_bytes(0, turn_id, strlen(turn_id)));
    if (make_folder(data_folder, err) != 0 || make_folder(folder, err) != 0) {
        return NULL;
    }
    return file_replace(path, 0600, json, strlen(json), err) == 0 ? path : NULL;
}

static int remove_matching(DIR *directory, const char *prefix, struct err *err) {
    int rc = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
            unlinkat(dirfd(directory), entry->d_name, 0) != 0) {
            rc = fail(err, "remove the export", entry->d_name);
        }
    }
    return rc;
}

int app_export_remove(const char *data_folder, const char *conversation, struct err *err) {
    char prefix[PREFIX_MAX], folder[4096];
    prefix_of(conversation, prefix);
    int length = snprintf(folder, sizeof folder, "%s/exports", data_folder);
    if (length < 0 || (size_t)length >= sizeof folder) {
        return err_set(err, ERR_IO, "the name of the data folder is too long");
    }
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return errno == ENOENT ? 0 : fail(err, "open", folder);
    }
    int rc = remove_matching(directory, prefix, err);
    (void)closedir(directory); /* only read through */
    return rc;
}
