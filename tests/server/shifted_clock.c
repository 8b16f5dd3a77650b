/* Preloaded into the server: its wall clock differs from the real one by as many seconds as stand in the file
   $SHIFTED_CLOCK, from the moment when they are written there. The steady clock is as ever. Never used
   outside the tests. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long shift(void) {
    char words[32] = {0};
    const char *control = getenv("SHIFTED_CLOCK");
    int file = control != NULL ? open(control, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) {
        return 0;
    }
    ssize_t length = read(file, words, sizeof words - 1);
    (void)close(file);
    return length > 0 ? strtol(words, NULL, 10) : 0;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    int rc = ((__typeof__(&clock_gettime))dlsym(RTLD_NEXT, "clock_gettime"))(which, now);
    if (rc == 0 && which == CLOCK_REALTIME) {
        now->tv_sec += shift();
    }
    return rc;
}

time_t time(time_t *out) {
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}
