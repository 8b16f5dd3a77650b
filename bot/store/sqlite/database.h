/* The database file: that nobody else runs on it, that it is what it should be, and that it has this
 * program's schema. */
#ifndef PANDU_STORE_SQLITE_DATABASE_H
#define PANDU_STORE_SQLITE_DATABASE_H

#include <stdatomic.h>

#include "store/store.h"

struct connection;
struct err;

enum {
    DATABASE_APPLICATION = 0x50616E64, /* "Pand", in the file's header: not another program's database */
    DATABASE_TEXT_MAX = 256,
    DATABASE_INSPECT_NOW = 64 * 1024 * 1024, /* bytes: a larger file is looked through after opening
                                                (inspector.h), about 2 s a gigabyte */
    DATABASE_TRUNCATE_MS = 200 /* how long another program's read may hold up the clearing of the log */
};

struct database {
    char *path;
    int lock; /* descriptor of PATH.lock, held until database_close */
};

/* How SQLite is to work in this process: before anything else of it, whose first call settles it. */
void database_begin(void);

/* Takes the lock, creates the file if there is none (mode 0600), refuses what is damaged, foreign or newer
   without writing a byte, and migrates. 0, or ERR_IO, ERR_VERSION, ERR_CORRUPT, ERR_BUSY, ERR_MEMORY with
   *err. On failure nothing is left to close. */
int database_open(struct database *database, const char *path, struct err *err);
void database_close(struct database *database);
/* Only the lock, for whoever replaces the file. 0, or ERR_BUSY, ERR_IO; close with database_close. */
int database_lock(struct database *database, const char *path, struct err *err);
/* Brings an inspected file nobody else uses to this program's schema. 0, or as above. */
int database_migrate(const char *path, struct err *err);

/* Looks through the whole file on a read-only connection of its own: 0, or as above. stop: set from elsewhere
   ends it early, with 0; NULL: nobody will. */
int database_inspect(const char *path, const atomic_int *stop, struct err *err);

/* Whether a read-only connection finds what this program knows: 0; ERR_NOT_FOUND without a file, ERR_VERSION
   also for a schema that was not brought up yet, else as above. Looks at no pages beyond the header. */
int database_identify(const char *path, struct err *err);

/* The process that holds the lock of a database, or 0: nobody does. */
long database_holder(const char *path);

/* Clears the write-ahead log: nothing that was erased stays in it. Returns an SQLite code, SQLITE_BUSY while
 * somebody reads. */
int database_truncate_log(struct connection *connection);

/* What an SQLite code means for a turn, and says so in text. was_committing: it came from COMMIT itself. */
enum store_status database_status(int code, int was_committing, const char *message,
                                  char text[DATABASE_TEXT_MAX]);

#endif
