/* The checkpointer. Never fails a turn: what it cannot do now it does the next time. Called by writer.c and
 * sqlite.c. */
#include "store/sqlite/checkpointer.h"

#include <string.h>

#include "banned.h"

static int is_due(const struct checkpointer *checkpointer) {
    int wanted = checkpointer->is_hurried ? CHECKPOINT_PAGES_NEAR : CHECKPOINT_PAGES;
    return checkpointer->pages - checkpointer->done_pages >= wanted;
}

/* *moved: pages of the log that need no moving any more. */
static int move_log(struct connection *connection, int *moved) {
    return sqlite3_wal_checkpoint_v2(connection->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, moved);
}

/* SQLite syncs the database only when all of the log is moved, which the writer does: it would wait for all
   that was moved before. */
static int sync_moved(struct connection *connection) {
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(connection->db, NULL, SQLITE_FCNTL_FILE_POINTER, &file);
    return code == SQLITE_OK && file != NULL && file->pMethods != NULL
               ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY)
               : code;
}

/* Returns how many pages of the log are moved, or 0. */
static int checkpoint(struct checkpointer *checkpointer) {
    int moved = 0;
    struct connection *connection = &checkpointer->connection;
    (void)pthread_mutex_lock(&checkpointer->using_connection);
    int code = SQLITE_OK;
    if (connection->db == NULL) {
        code = connection_open(connection, checkpointer->path, CONNECTION_WRITER);
    }
    code = code == SQLITE_OK ? move_log(connection, &moved) : code;
    code = code == SQLITE_OK ? sync_moved(connection) : code;
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        connection_close(connection); /* a failing disk shows itself to the writer too, which says so */
    }
    (void)pthread_mutex_unlock(&checkpointer->using_connection);
    return moved > 0 ? moved : 0; /* -1: nobody can tell */
}

static void *run(void *argument) {
    struct checkpointer *checkpointer = argument;
    (void)pthread_mutex_lock(&checkpointer->mutex);
    while (!checkpointer->closing) {
        if (!is_due(checkpointer)) {
            (void)pthread_cond_wait(&checkpointer->wanted, &checkpointer->mutex);
            continue;
        }
        checkpointer->done_pages = checkpointer->pages;
        (void)pthread_mutex_unlock(&checkpointer->mutex);
        int moved = checkpoint(checkpointer);
        (void)pthread_mutex_lock(&checkpointer->mutex);
        checkpointer->moved_pages = moved <= checkpointer->pages ? moved : 0; /* else it started over */
        checkpointer->is_hurried &= checkpointer->pages - moved > CHECKPOINT_PAGES_NEAR;
    }
    (void)pthread_mutex_unlock(&checkpointer->mutex);
    return NULL;
}

void checkpointer_note(struct checkpointer *checkpointer, int pages) {
    (void)pthread_mutex_lock(&checkpointer->mutex);
    if (pages < checkpointer->done_pages) {
        checkpointer->done_pages = checkpointer->moved_pages = 0; /* the log started over */
    }
    checkpointer->pages = pages;
    if (is_due(checkpointer)) {
        (void)pthread_cond_signal(&checkpointer->wanted);
    }
    (void)pthread_mutex_unlock(&checkpointer->mutex);
}

int checkpointer_hurry(struct checkpointer *checkpointer) {
    (void)pthread_mutex_lock(&checkpointer->mutex);
    int left = checkpointer->pages - checkpointer->moved_pages;
    if (left > CHECKPOINT_PAGES_NEAR) {
        checkpointer->is_hurried = 1;
        (void)pthread_cond_signal(&checkpointer->wanted);
    }
    (void)pthread_mutex_unlock(&checkpointer->mutex);
    return left;
}

void checkpointer_catch_up(struct checkpointer *checkpointer, struct connection *writer) {
    int moved = 0;
    (void)pthread_mutex_lock(&checkpointer->using_connection);
    (void)move_log(writer,
                   &moved); /* not all can be moved while somebody reads: the next batch tries again */
    (void)pthread_mutex_unlock(&checkpointer->using_connection);
}

void checkpointer_disconnect(struct checkpointer *checkpointer) {
    (void)pthread_mutex_lock(&checkpointer->using_connection);
    connection_close(&checkpointer->connection);
    (void)pthread_mutex_unlock(&checkpointer->using_connection);
}

int checkpointer_start(struct checkpointer *checkpointer, const char *path) {
    memset(checkpointer, 0, sizeof *checkpointer);
    checkpointer->path = path;
    int rc = pthread_mutex_init(&checkpointer->mutex, NULL);
    rc = rc == 0 ? pthread_mutex_init(&checkpointer->using_connection, NULL) : rc;
    rc = rc == 0 ? pthread_cond_init(&checkpointer->wanted, NULL) : rc;
    return rc == 0 ? pthread_create(&checkpointer->thread, NULL, run, checkpointer) : rc;
}

void checkpointer_stop(struct checkpointer *checkpointer) {
    (void)pthread_mutex_lock(&checkpointer->mutex);
    checkpointer->closing = 1;
    (void)pthread_cond_signal(&checkpointer->wanted);
    (void)pthread_mutex_unlock(&checkpointer->mutex);
    (void)pthread_join(checkpointer->thread, NULL);
    checkpointer_disconnect(checkpointer);
    (void)pthread_cond_destroy(&checkpointer->wanted);
    (void)pthread_mutex_destroy(&checkpointer->using_connection);
    (void)pthread_mutex_destroy(&checkpointer->mutex);
}
