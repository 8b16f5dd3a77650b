/* pandu backup and pandu restore: a copy of the database, and putting one back. Never stops who runs on it.
   Called by main through cli.c. */
#include "store/sqlite/backup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "cli/cli.h"
#include "cli/settings.h"

#include "banned.h"

/* Settings and the one file name of both verbs. */
struct copy {
    const char *verb;
    struct settings *settings;
    struct arena *arena;
    const char *file;
    int64_t shown_ms; /* last look at the progress, on the steady clock */
};

static void show_progress(void *context, int64_t done, int64_t total) {
    struct copy *copy = context;
    int64_t now = clock_steady_ms();
    if (total > 0 && (done == total || now - copy->shown_ms >= 250)) {
        copy->shown_ms = now;
        (void)fprintf(stderr, "\r%3" PRId64 " %% of %" PRId64 " pages%s", done * 100 / total, total,
                      done == total ? "\n" : "");
    }
}

/* The progress is for people; a log does not want it. */
static backup_progress *progress_for_people(void) {
    return isatty(STDERR_FILENO) ? show_progress : NULL;
}

static int do_backup(struct copy *copy) {
    struct backup_report report;
    struct err err = {0};
    if (backup_write(copy->settings->config.database, copy->file, progress_for_people(), copy, &report,
                     &err) != 0) {
        (void)fprintf(stderr, "pandu backup: %s\n", err.text);
        return 1;
    }
    (void)printf("%s: %" PRId64 " conversations, %" PRId64 " turns, %" PRId64 " bytes, checked\n", copy->file,
                 report.conversations, report.turns, report.bytes);
    return 0;
}

static int do_restore(struct copy *copy) {
    struct backup_report report;
    struct err err = {0};
    const char *path = copy->settings->config.database;
    if (backup_restore(copy->file, path, clock_now_ms(), progress_for_people(), copy, &report, &err) != 0) {
        (void)fprintf(stderr, "pandu restore: %s\n", err.text);
        return 1;
    }
    (void)printf("%s: %" PRId64 " conversations, %" PRId64 " turns; %" PRId64
                 " erased again, as people had asked after the backup\n",
                 path, report.conversations, report.turns, report.erased_again);
    if (report.aside[0] != '\0') {
        (void)printf(
            "The former database is %s (and -wal, -shm beside it). It holds what people said: remove it "
            "when all is well.\n",
            report.aside);
    }
    if (report.lost_erased) {
        (void)fprintf(
            stderr, "pandu restore: the former database cannot be read, so who asked for deletion since the "
                    "backup is not known; look into your notes\n");
        return 1;
    }
    return 0;
}

static int run(const char *verb, int count, char **arguments, int (*work)(struct copy *copy)) {
    const char *file = NULL;
    struct cli_words words = {&file, 1, 0};
    struct copy copy = {
        .verb = verb, .settings = calloc(1, sizeof *copy.settings), .arena = arena_new(1024 * 1024)};
    int rc = 1;
    if (copy.settings == NULL || copy.arena == NULL) {
        (void)fprintf(stderr, "pandu %s: out of memory\n", verb);
    } else {
        rc = settings_read_words(copy.settings, verb, count, arguments, &words, copy.arena);
        if (rc == 0 && file == NULL) {
            (void)fprintf(stderr, "pandu %s: name a file (see: pandu help %s)\n", verb, verb);
            rc = 2;
        }
        copy.file = file;
        rc = rc == 0 ? work(&copy) : rc;
    }
    free(copy.settings);
    arena_free(copy.arena);
    return rc;
}

static int run_backup(int count, char **arguments) {
    return run("backup", count, arguments, do_backup);
}
static int run_restore(int count, char **arguments) {
    return run("restore", count, arguments, do_restore);
}

const struct cli_verb cli_backup = {
    .name = "backup",
    .run = run_backup,
    .summary = "copy the database while it is in use",
    .help = "usage: pandu backup [--db FILE] [--config FILE] COPY\n"
            "\n"
            "Writes a consistent, checked copy of the database to the new file COPY (mode 0600). A running "
            "server goes "
            "on. The copy\n"
            "holds everything people said: keep it encrypted, and no longer than you promised.\n"
            "\n"
            "Exit status: 0; 1 when it could not be made (then there is no COPY); 2 for wrong options.\n"};
const struct cli_verb cli_restore = {
    .name = "restore",
    .run = run_restore,
    .summary = "put a copy in the place of the database",
    .help =
        "usage: pandu restore [--db FILE] [--config FILE] COPY\n"
        "\n"
        "Stop the server first. The copy is checked, brought to this program's schema, and cleaned of "
        "conversations that people\n"
        "have deleted since it was made; then it takes the place of the database, which is moved aside.\n"
        "\n"
        "Exit status: 0; 1 when it could not be done (then nothing has changed), or when the list of deleted "
        "conversations\n"
        "could not be read; 2 for wrong options.\n"};
