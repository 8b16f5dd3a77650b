/* A layer under SQLite that gathers the writes of a write-ahead log: a commit of fifty pages is one system
   call before its sync, not a hundred; and clears, in pages on their way to the database's file, what they
   forgot to. Everything else goes straight through, and before anything else is
   done with the log what was gathered is written. A write that fails is reported by the sync, which fails the
   commit as the write would have. Never keeps anything past a sync. Used by query.c for writers, registered
   by sqlite.c. Interface: sqlite.org/vfs.html. */
#include "store/sqlite/gather.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "banned.h"

enum {
    GATHER_MAX = 512 * 1024,  /* bytes */
    GATHER_PIECE = 96 * 1024, /* given to the real layer at once: that of Unix takes less than 128 KiB */
    SCRUB_MAX = 16 * 1024,    /* bytes of a page; ours have 4 or 8 KiB */
    SCRUB_LOOK = 1024,        /* writes between two looks at the size of a file */
    SCRUB_PAGES = 1 << 24 /* in larger files pages of other kinds, which begin with a page number, could be
                             taken for one of a tree */
};

/* Stands behind the real layer's file, in the same block; the file's methods point into it. Of a database
   nothing is gathered: what was moved from the log is read by others before any sync. The methods of its
   locks and shared memory are the real layer's. */
struct gathered {
    const sqlite3_io_methods *real;
    sqlite3_io_methods ours;
    char *bytes; /* NULL until the first write */
    int length;
    sqlite3_int64 offset; /* where bytes belong */
    sqlite3_int64 size;   /* of a database, as last seen */
    unsigned writes;      /* into a database */
};

static struct gathered *gathered_of(sqlite3_file *file) {
    return (struct gathered *)((char *)(uintptr_t)file->pMethods - offsetof(struct gathered, ours));
}

static int write_through(sqlite3_file *file, struct gathered *gathered, const void *bytes, int length,
                         sqlite3_int64 offset) {
    file->pMethods = gathered->real;
    int code = gathered->real->xWrite(file, bytes, length, offset);
    file->pMethods = &gathered->ours;
    return code;
}

static int flush(sqlite3_file *file, struct gathered *gathered) {
    int length = gathered->length, code = SQLITE_OK;
    gathered->length = 0; /* whether it works or not: SQLite gives up the commit, or its sync does */
    for (int at = 0; code == SQLITE_OK && at < length; at += GATHER_PIECE) {
        int piece = length - at < GATHER_PIECE ? length - at : GATHER_PIECE;
        code = write_through(file, gathered, gathered->bytes + at, piece, gathered->offset + at);
    }
    return code;
}

static int gather_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
    struct gathered *gathered = gathered_of(file);
    int follows = gathered->length > 0 && offset == gathered->offset + gathered->length;
    if (gathered->bytes == NULL) {
        gathered->bytes = malloc(GATHER_MAX); /* without memory every write goes through */
    }
    if (!follows || length > GATHER_MAX - gathered->length) {
        int code = flush(file, gathered);
        if (code != SQLITE_OK) {
            return code;
        }
        gathered->offset = offset;
    }
    if (gathered->bytes == NULL || length > GATHER_MAX) {
        return write_through(file, gathered, bytes, length, offset);
    }
    memcpy(gathered->bytes + gathered->length, bytes, (size_t)length);
    gathered->length += length;
    return SQLITE_OK;
}

static int gather_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset) {
    struct gathered *gathered = gathered_of(file);
    int code = flush(file, gathered);
    if (code == SQLITE_OK) {
        file->pMethods = gathered->real;
        code = gathered->real->xRead(file, bytes, length, offset);
        file->pMethods = &gathered->ours;
    }
    return code;
}

static int gather_sync(sqlite3_file *file, int flags) {
    struct gathered *gathered = gathered_of(file);
    int code = flush(file, gathered);
    if (code == SQLITE_OK) {
        file->pMethods = gathered->real;
        code = gathered->real->xSync(file, flags);
        file->pMethods = &gathered->ours;
    }
    return code;
}

static int gather_truncate(sqlite3_file *file, sqlite3_int64 size) {
    struct gathered *gathered = gathered_of(file);
    int code = flush(file, gathered);
    if (code == SQLITE_OK) {
        file->pMethods = gathered->real;
        code = gathered->real->xTruncate(file, size);
        file->pMethods = &gathered->ours;
    }
    return code;
}

static int gather_file_size(sqlite3_file *file, sqlite3_int64 *size) {
    struct gathered *gathered = gathered_of(file);
    int code = flush(file, gathered);
    if (code == SQLITE_OK) {
        file->pMethods = gathered->real;
        code = gathered->real->xFileSize(file, size);
        file->pMethods = &gathered->ours;
    }
    return code;
}

static int gather_file_control(sqlite3_file *file, int operation, void *argument) {
    struct gathered *gathered = gathered_of(file);
    file->pMethods = gathered->real;
    int code = gathered->real->xFileControl(file, operation, argument);
    file->pMethods = &gathered->ours;
    return code;
}

static int gather_sector_size(sqlite3_file *file) {
    struct gathered *gathered = gathered_of(file);
    file->pMethods = gathered->real;
    int size = gathered->real->xSectorSize(file);
    file->pMethods = &gathered->ours;
    return size;
}

static int gather_characteristics(sqlite3_file *file) {
    struct gathered *gathered = gathered_of(file);
    file->pMethods = gathered->real;
    int characteristics = gathered->real->xDeviceCharacteristics(file);
    file->pMethods = &gathered->ours;
    return characteristics;
}

static int gather_close(sqlite3_file *file) {
    struct gathered *gathered = gathered_of(file);
    (void)flush(file, gathered); /* of a transaction that was not committed: nobody misses it */
    free(gathered->bytes);
    gathered->bytes = NULL;
    file->pMethods = gathered->real;
    return gathered->real->xClose(file);
}

/* ---- the database's file ---- */

static size_t number_at(const unsigned char *page, size_t at) {
    return (size_t)page[at] << 8 | page[at + 1];
}

/* Where nothing is kept in a page of a tree, from *start to *end: between the list of its cells and the first
   of them. 0: the page is none, or strange. Format: sqlite.org/fileformat2.html, 1.6. */
static int find_gap(const unsigned char *page, size_t size, int is_first, size_t *start, size_t *end) {
    size_t header = is_first ? 100 : 0;
    int kind = page[header];
    if (kind != 2 && kind != 5 && kind != 10 && kind != 13) {
        return 0;
    }
    *start = header + (kind == 2 || kind == 5 ? 12 : 8) + 2 * number_at(page, header + 3);
    *end = number_at(page, header + 5);
    *end = *end == 0 ? 65536 : *end;
    return *start < *end && *end <= size;
}

/* A page that was put together from others may hold there what was deleted since, whatever secure_delete
   says: SQLite moves cells between neighbours without clearing the places they leave. */
static int scrub_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
    struct gathered *gathered = gathered_of(file);
    size_t start, end;
    if (gathered->writes++ % SCRUB_LOOK == 0 &&
        gathered->real->xFileSize(file, &gathered->size) != SQLITE_OK) {
        gathered->size = INT64_MAX;
    }
    if (length >= 512 && length <= SCRUB_MAX && offset % length == 0 &&
        find_gap(bytes, (size_t)length, offset == 0, &start, &end) && gathered->size / length < SCRUB_PAGES) {
        unsigned char page[SCRUB_MAX];
        memcpy(page, bytes, (size_t)length);
        memset(page + start, 0, end - start);
        return write_through(file, gathered, page, length, offset);
    }
    return write_through(file, gathered, bytes, length, offset);
}

/* ---- opening ---- */

static size_t room_of(const sqlite3_vfs *real) {
    const size_t unit = _Alignof(max_align_t);
    return ((size_t)real->szOsFile + unit - 1) / unit * unit;
}

static int gather_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    if (real == NULL || room_of(real) + sizeof(struct gathered) > (size_t)vfs->szOsFile) {
        return SQLITE_CANTOPEN;
    }
    int code = real->xOpen(real, name, file, flags, out);
    if (code == SQLITE_OK && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB)) != 0) {
        struct gathered *gathered = (struct gathered *)((char *)file + room_of(real));
        *gathered = (struct gathered){.real = file->pMethods, .ours = *file->pMethods};
        gathered->ours.xClose = gather_close;
        gathered->ours.xRead = gather_read;
        gathered->ours.xWrite = (flags & SQLITE_OPEN_WAL) != 0 ? gather_write : scrub_write;
        gathered->ours.xTruncate = gather_truncate;
        gathered->ours.xSync = gather_sync;
        gathered->ours.xFileSize = gather_file_size;
        gathered->ours.xFileControl = gather_file_control;
        gathered->ours.xSectorSize = gather_sector_size;
        gathered->ours.xDeviceCharacteristics = gather_characteristics;
        file->pMethods = &gathered->ours;
    }
    return code;
}

int gather_register(void) {
    const sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    if (sqlite3_vfs_find(GATHER_VFS) != NULL) {
        return SQLITE_OK;
    }
    sqlite3_vfs *ours = real != NULL ? calloc(1, sizeof *ours) : NULL; /* SQLite keeps it for good */
    if (ours == NULL) {
        return SQLITE_NOMEM;
    }
    *ours = *real;
    ours->pNext = NULL;
    ours->zName = GATHER_VFS;
    ours->szOsFile = (int)(room_of(real) + sizeof(struct gathered));
    ours->xOpen = gather_open;
    return sqlite3_vfs_register(ours, 0);
}
