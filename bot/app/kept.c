/* Keeps the index of the content's examples in a folder of the user's, one file for each content and program.
   Never needed: whatever goes wrong here, the index is made. Called by files.c. */
#include "app/kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/map.h"

#include "banned.h"

static const char prefix[] = "index-";

/* ---- where ---- */

/* $name and what follows it; 0 if it is no absolute path, or too long. */
static int name_folder(char folder[KEPT_PATH_MAX], const char *name, const char *more) {
    const char *value = getenv(name);
    if (value == NULL || value[0] != '/')
        return 0;
    int length = snprintf(folder, KEPT_PATH_MAX, "%s%s", value, more);
    if (length < 0 || length >= KEPT_PATH_MAX - 64) { /* the names of files come behind it */
        folder[0] = '\0';
        return 0;
    }
    return 1;
}

static void find_folder(char folder[KEPT_PATH_MAX]) {
    folder[0] = '\0';
    if (getenv("PANDU_CACHE") != NULL) {
        (void)name_folder(folder, "PANDU_CACHE", "");
        return;
    }
    (void)(name_folder(folder, "CACHE_DIRECTORY", "") || name_folder(folder, "XDG_CACHE_HOME", "/pandu") ||
           name_folder(folder, "HOME", "/.cache/pandu"));
}

/* What lies in memory may be laid out otherwise in another build: its file has another number, size or time.
   0 if it cannot be told. */
static uint64_t identify_program(void) {
    struct stat about;
    if (stat("/proc/self/exe", &about) != 0)
        return 0;
    const int64_t known[] = {(int64_t)about.st_dev, (int64_t)about.st_ino, (int64_t)about.st_size,
                             (int64_t)about.st_mtim.tv_sec, (int64_t)about.st_mtim.tv_nsec};
    return hash_bytes(0, known, sizeof known);
}

static int path_of(const struct app_kept *kept, uint64_t name, char path[KEPT_PATH_MAX]) {
    uint64_t both[] = {name, kept->program};
    int length = snprintf(path, KEPT_PATH_MAX, "%s/%s%016" PRIx64, kept->folder, prefix,
                          hash_bytes(0, both, sizeof both));
    return length > 0 && length < KEPT_PATH_MAX;
}

/* ---- finding and reading ---- */

static void forget(struct app_kept *kept) {
    if (kept->descriptor >= 0)
        (void)close(kept->descriptor);
    kept->descriptor = -1;
}

static size_t find(void *context, uint64_t name) {
    struct app_kept *kept = context;
    char path[KEPT_PATH_MAX];
    struct stat about;
    forget(kept);
    if (!path_of(kept, name, path))
        return 0;
    kept->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); /* a FIFO would wait */
    if (kept->descriptor < 0)
        return 0;
    int is_own = fstat(kept->descriptor, &about) == 0 && S_ISREG(about.st_mode) &&
                 about.st_uid == geteuid() && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0 && about.st_size > 0;
    if (!is_own)
        forget(kept);
    else
        (void)futimens(kept->descriptor, NULL); /* used now: another is removed before it */
    return is_own ? (size_t)about.st_size : 0;
}

static int read_kept(void *context, void *out, size_t size) {
    struct app_kept *kept = context;
    char *at = out;
    while (size > 0 && kept->descriptor >= 0) {
        ssize_t got = read(kept->descriptor, at, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        at += got;
        size -= (size_t)got;
    }
    if (size > 0)
        forget(kept);
    return size == 0;
}

/* ---- keeping ---- */

/* The folder and those above it, as far as they are missing. */
static int make_folder(const char *folder) {
    char path[KEPT_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s", folder);
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
            return 0;
        *slash = '/';
    }
    return mkdir(path, S_IRWXU) == 0 || errno == EEXIST;
}

/* Names are the folder's: one that is too long with it is not of this program. */
static int path_in(const char *folder, const char *name, char path[KEPT_PATH_MAX]) {
    int length = snprintf(path, KEPT_PATH_MAX, "%s/%.64s", folder, name);
    return length > 0 && length < KEPT_PATH_MAX;
}

/* As path_of names them: the folder may hold others' files too. */
static int is_kept_name(const struct dirent *entry) {
    enum { START = sizeof prefix - 1, DIGITS = 16 };
    const char *name = entry->d_name;
    return strncmp(name, prefix, START) == 0 && strlen(name) == START + DIGITS &&
           strspn(name + START, "0123456789abcdef") == DIGITS;
}

static int is_kept_file(const char *path, struct stat *about) {
    return lstat(path, about) == 0 && S_ISREG(about->st_mode) && about->st_uid == geteuid();
}

/* Removes the one that was not used for longest if there are too many. */
static void remove_old(const char *folder) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_kept_name, NULL), oldest = -1, files = 0;
    struct timespec least = {0, 0};
    char path[KEPT_PATH_MAX];
    for (int i = 0; i < count; i++) {
        struct stat about;
        if (!path_in(folder, entries[i]->d_name, path) || !is_kept_file(path, &about))
            continue;
        files++;
        if (oldest < 0 || about.st_mtim.tv_sec < least.tv_sec ||
            (about.st_mtim.tv_sec == least.tv_sec && about.st_mtim.tv_nsec < least.tv_nsec)) {
            oldest = i;
            least = about.st_mtim;
        }
    }
    if (files > KEPT_FILES_MAX && oldest >= 0 && path_in(folder, entries[oldest]->d_name, path))
        (void)unlink(path);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
}

static void keep(void *context, uint64_t name, const void *bytes, size_t size) {
    struct app_kept *kept = context;
    char path[KEPT_PATH_MAX];
    struct err err = {0};
    if (!make_folder(kept->folder) || !path_of(kept, name, path))
        return;
    if (file_replace(path, S_IRUSR | S_IWUSR, bytes, size, &err) == 0)
        remove_old(kept->folder);
}

void app_kept_open(struct app_kept *kept) {
    *kept = (struct app_kept){.program = identify_program(), .descriptor = -1};
    kept->keeper = (struct content_keeper){find, read_kept, keep, kept};
    find_folder(kept->folder);
    if (kept->program == 0)
        kept->folder[0] = '\0';
}

void app_kept_close(struct app_kept *kept) {
    forget(kept);
}
