/* A folder of its own for each test, removed afterwards. */
#ifndef TESTS_UNIT_STORE_FOLDER_H
#define TESTS_UNIT_STORE_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char path[256];
};

static inline const char *folder_file(const struct folder *folder, const char *name, char out[512]) {
    (void)snprintf(out, 512, "%s/%s", folder->path, name);
    return out;
}

static inline int folder_make(struct folder *folder) {
    const char *base = getenv("TMPDIR");
    (void)snprintf(folder->path, sizeof folder->path, "%s/pandu-test-XXXXXX", base != NULL ? base : "/tmp");
    return mkdtemp(folder->path) != NULL ? 0 : -1;
}

/* Files one level below are removed too. */
static inline void folder_empty(const char *path) {
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        char file[1024];
        int length = snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || length < 0 ||
            (size_t)length >= sizeof file) {
            continue;
        }
        struct stat found;
        if (lstat(file, &found) == 0 && S_ISDIR(found.st_mode)) {
            folder_empty(file);
            (void)rmdir(file);
        } else {
            (void)unlink(file);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
}

static inline void folder_remove(struct folder *folder) {
    folder_empty(folder->path);
    (void)rmdir(folder->path);
}

/* Whole file; caller frees. NULL when there is none. */
static inline char *folder_read(const char *path, size_t *length) {
    struct stat found;
    FILE *file = stat(path, &found) == 0 && S_ISREG(found.st_mode) ? fopen(path, "rb") : NULL;
    char *bytes = NULL;
    *length = 0;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        bytes = calloc(1, (size_t)size + 1);
        *length = bytes != NULL ? fread(bytes, 1, (size_t)size, file) : 0;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return bytes;
}

/* Whether any file of the folder holds the text. */
static inline int folder_holds(const struct folder *folder, const char *text) {
    DIR *directory = opendir(folder->path);
    struct dirent *entry;
    int found = 0;
    while (directory != NULL && !found && (entry = readdir(directory)) != NULL) {
        char file[1024];
        size_t length;
        (void)snprintf(file, sizeof file, "%s/%s", folder->path, entry->d_name);
        char *bytes = folder_read(file, &length);
        for (size_t at = 0; bytes != NULL && !found && at + strlen(text) <= length; at++) {
            found = memcmp(bytes + at, text, strlen(text)) == 0;
        }
        free(bytes);
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    return found;
}

#endif
