/* pandu reload: asks the running server to take over changed content and settings, and tells how that ended.
   Called by main through cli.c. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/serve.h"
#include "json/value.h"
#include "store/sqlite/database.h"

#include "banned.h"

enum { RELOAD_WAIT_MS = 60 * 1000, RELOAD_LOOK_MS = 20 };

static int64_t reloads_of(const struct value *status) {
    return value_int(value_get(status, "reloads"), -1);
}

/* The status after the reload, or NULL when none came in time. Caller frees. */
static struct value *wait_for_next(const char *database, int64_t before) {
    const struct timespec pause = {0, RELOAD_LOOK_MS * 1000L * 1000L};
    int64_t end = clock_steady_ms() + RELOAD_WAIT_MS;
    while (clock_steady_ms() < end) {
        struct value *status = serve_status_read(database);
        if (reloads_of(status) > before) {
            return status;
        }
        value_free(status);
        (void)nanosleep(&pause, NULL);
    }
    return NULL;
}

static int tell(const struct value *status) {
    const struct value *problems = value_get(status, "problems");
    for (size_t i = 0; i < value_count(problems); i++) {
        const char *text = value_text(value_at(problems, i));
        (void)fprintf(stderr, "%s\n", text != NULL ? text : "");
    }
    if (value_count(problems) > 0) {
        (void)fprintf(stderr, "pandu reload: what has mistakes stays as it was; chats go on\n");
        return 1;
    }
    (void)puts("Content and settings are taken over.");
    return 0;
}

static int reload(const char *database) {
    struct value *status = serve_status_read(database);
    int64_t pid = value_int(value_get(status, "pid"), 0), before = reloads_of(status);
    value_free(status);
    if (pid <= 1 ||
        pid != database_holder(database)) { /* the file of a killed server names nobody, or a stranger */
        (void)fprintf(stderr, "pandu reload: no server runs on %s; name its --db or --config\n", database);
        return 1;
    }
    if (kill((pid_t)pid, SIGHUP) != 0) {
        (void)fprintf(stderr, "pandu reload: the server (process %" PRId64 ") cannot be asked: %s\n", pid,
                      strerror(errno));
        return 1;
    }
    status = wait_for_next(database, before);
    if (status == NULL) {
        (void)fprintf(stderr, "pandu reload: no answer within %d s; look into the server's log\n",
                      RELOAD_WAIT_MS / 1000);
        return 1;
    }
    int rc = tell(status);
    value_free(status);
    return rc;
}

static int run(int count, char **arguments) {
    struct arena *arena = arena_new(1024 * 1024);
    struct settings *settings = calloc(1, sizeof *settings);
    int rc = 1;
    if (arena == NULL || settings == NULL) {
        (void)fprintf(stderr, "pandu reload: out of memory\n");
    } else {
        rc = settings_read(settings, "reload", count, arguments, arena);
        rc = rc == 0 ? reload(settings->config.database) : rc;
    }
    free(settings);
    arena_free(arena);
    return rc;
}

const struct cli_verb cli_reload = {
    .name = "reload",
    .run = run,
    .summary = "let the running server take over changed content and settings",
    .help = "usage: pandu reload [--db FILE] [--config FILE]\n"
            "\n"
            "Asks the server that runs on the database (SIGHUP) and waits until it has taken over changed "
            "content, "
            "settings marked\n"
            "(r) in `pandu config --help`, and the certificate. Running chats do not notice. Content with "
            "mistakes is "
            "refused with\n"
            "all of them; the last good one stays.\n"
            "\n"
            "Exit status: 0; 1 when something was refused or no server answers; 2 for wrong options.\n"};
