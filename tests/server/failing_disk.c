/* Preloaded into the server: while the file $FAILING_DISK exists, the calls it names fail for files below the
   folder $FAILING_FOLDER, as those of a broken or full disk do. The file holds words such as "fdatasync EIO"
   or "pwrite ENOSPC". Never used outside the tests. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Whether this call on this descriptor fails now; then errno is set. Uses system calls only that are not
 * replaced here. */
static int fails(const char *call, int descriptor) {
    char words[256], link[64], path[4096];
    const char *control = getenv("FAILING_DISK"), *folder = getenv("FAILING_FOLDER");
    int file = control != NULL ? open(control, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0 || folder == NULL) {
        return 0;
    }
    ssize_t length = read(file, words, sizeof words - 1);
    (void)close(file);
    words[length > 0 ? length : 0] = '\0';
    const char *found = strstr(words, call);
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    length = found != NULL ? readlink(link, path, sizeof path - 1) : -1;
    if (length <= 0 || strncmp(path, folder, strlen(folder)) != 0) {
        return 0;
    }
    errno = strstr(found, "ENOSPC") != NULL ? ENOSPC : EIO;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fdatasync(int descriptor) {
    return fails("fdatasync", descriptor) ? -1 : NEXT(fdatasync)(descriptor);
}
int fsync(int descriptor) {
    return fails("fsync", descriptor) ? -1 : NEXT(fsync)(descriptor);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t at) {
    return fails("pwrite", descriptor) ? -1 : NEXT(pwrite64)(descriptor, bytes, count, at);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t at) {
    return fails("pwrite", descriptor) ? -1 : NEXT(pwrite)(descriptor, bytes, count, at);
}
ssize_t write(int descriptor, const void *bytes, size_t count) {
    return fails("pwrite", descriptor) ? -1 : NEXT(write)(descriptor, bytes, count);
}
ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t at) {
    return fails("pread", descriptor) ? -1 : NEXT(pread64)(descriptor, bytes, count, at);
}
