/* Replaces a file of an author's, where it really lies. Never changes its mode. Called by fmt.c and
   unmatched_add.c. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/replace_file.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"

#include "banned.h"

enum { MODE_NEW = 0644 };

int replace_file(const char *path, const char *bytes, size_t length, struct err *err) {
    struct stat about;
    char *real = realpath(path, NULL); /* NULL: there is none yet */
    const char *target = real != NULL ? real : path;
    mode_t mode = stat(target, &about) == 0 ? about.st_mode & 07777 : MODE_NEW;
    int rc = file_replace(target, mode, bytes, length, err);
    free(real);
    return rc;
}
