/* Replaces a file by a new one beside it. Never leaves a half-written one under its name. Called by fmt.c and
   unmatched_add.c. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

#include "banned.h"

enum { PATH_MAX_BYTES = 4096, MODE_NEW = 0644 };

static int fail(struct err *err, const char *what, const char *path) {
    return err_set(err, ERR_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

static int write_all(int descriptor, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno != EINTR) {
            return -1;
        }
        size_t done = written > 0 ? (size_t)written : 0;
        bytes += done;
        length -= done;
    }
    return fsync(descriptor);
}

static int write_beside(const char *path, mode_t mode, const char *bytes, size_t length, struct err *err) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (descriptor < 0) {
        return fail(err, "create", path);
    }
    int rc = fchmod(descriptor, mode) == 0 && write_all(descriptor, bytes, length) == 0
                 ? 0
                 : fail(err, "write", path);
    if (close(descriptor) != 0 && rc == 0) {
        rc = fail(err, "write", path);
    }
    return rc;
}

int replace_file(const char *path, const char *bytes, size_t length, struct err *err) {
    char beside[PATH_MAX_BYTES];
    struct stat about;
    char *real = realpath(path, NULL); /* NULL: there is none yet */
    const char *target = real != NULL ? real : path;
    mode_t mode = stat(target, &about) == 0 ? about.st_mode & 07777 : MODE_NEW;
    int needed = snprintf(beside, sizeof beside, "%s.new-%ld", target, (long)getpid());
    int rc = needed < 0 || (size_t)needed >= sizeof beside
                 ? err_set(err, ERR_IO, "the path %s is too long", path)
                 : write_beside(beside, mode, bytes, length, err);
    if (rc == 0 && rename(beside, target) != 0) {
        rc = fail(err, "replace", target);
    }
    if (rc != 0 && needed > 0 && (size_t)needed < sizeof beside) {
        (void)unlink(beside);
    }
    free(real);
    return rc;
}
