/* Makes the folders that data lies in. Never changes one that exists. Called by chat and serve. */
#include "cli/folders.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "banned.h"

enum { FOLDERS_PATH_MAX = 4096 };

static int make(const char *path, size_t length) {
    char part[FOLDERS_PATH_MAX];
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return -1;
    }
    for (size_t i = 1; i <= length; i++) {
        if (i < length && path[i] != '/') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            return -1;
        }
    }
    return 0;
}

int folders_make(const char *path) {
    return make(path, strlen(path));
}

int folders_make_for(const char *file) {
    const char *slash = strrchr(file, '/');
    return slash == NULL || slash == file ? 0 : make(file, (size_t)(slash - file));
}
