/* Puts a whole file in its place: written beside it, made lasting, renamed. Never leaves a half-written one
   under its name. Called by app/app_export.c and cli/replace_file.c. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

#include "banned.h"

enum { PATH_MAX_BYTES = 4096 };

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

static int write_new(const char *path, mode_t mode, const char *bytes, size_t length, struct err *err) {
    (void)unlink(path); /* of a program that was killed and had this one's number */
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

int file_replace(const char *path, mode_t mode, const char *bytes, size_t length, struct err *err) {
    char beside[PATH_MAX_BYTES];
    int needed = snprintf(beside, sizeof beside, "%s.new-%ld", path, (long)getpid());
    if (needed < 0 || (size_t)needed >= sizeof beside) {
        return err_set(err, ERR_IO, "the path %s is too long", path);
    }
    int rc = write_new(beside, mode, bytes, length, err);
    if (rc == 0 && rename(beside, path) != 0) {
        rc = fail(err, "replace", path);
    }
    if (rc != 0) {
        (void)unlink(beside);
    }
    return rc;
}
