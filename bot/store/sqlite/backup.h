/* Copies of the database: made while it is in use, put back while it is not. */
#ifndef PANDU_STORE_SQLITE_BACKUP_H
#define PANDU_STORE_SQLITE_BACKUP_H

#include <stddef.h>
#include <stdint.h>

struct err;

/* Pages so far and in all; called some times a second at most. */
typedef void backup_progress(void *context, int64_t done, int64_t total);

struct backup_report {
    int64_t bytes, conversations, turns;
    int64_t erased_again; /* restore: conversations that people had deleted after the backup was made */
    int lost_erased;      /* restore: 1 when the list of erased ids of the present database was unreadable */
    char aside[4096];     /* restore: where the present database was moved, or "" */
};

/* Writes a consistent copy of the database at path to a new file at target (mode 0600), which appears only
   when it is complete and checked. Whoever runs on path is not stopped. SQLite's online backup inside one
   read transaction (sqlite.org/backup.html), so that writers do not make it start anew. 0, or ERR_IO (also
   when target exists), ERR_CORRUPT, ERR_VERSION. */
int backup_write(const char *path, const char *target, backup_progress *progress, void *context,
                 struct backup_report *report, struct err *err);

/* Puts a copy of source in the place of path: checked, brought to this program's schema, and without the
   conversations that the present database lists as erased later. The present one is moved aside, never
   removed. 0, or ERR_BUSY (somebody runs on path), ERR_IO, ERR_CORRUPT, ERR_VERSION; then path is as it was.
 */
int backup_restore(const char *source, const char *path, int64_t now_ms, backup_progress *progress,
                   void *context, struct backup_report *report, struct err *err);

#endif
