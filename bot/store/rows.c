/* Packs rows. Never reads them from anywhere. Called by the stores. */
#include "store/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#include "banned.h"

struct rows {
    struct store_row *list; /* pointers are offsets into bytes until rows_take */
    size_t count;
    struct buf bytes;
    int failed;
};

struct rows *rows_new(void) {
    struct rows *rows = calloc(1, sizeof *rows);
    struct store_row *list = calloc(ROWS_MAX, sizeof *list);
    if (rows == NULL || list == NULL) {
        free(rows);
        free(list);
        return NULL;
    }
    rows->list = list;
    buf_init(&rows->bytes, 0);
    return rows;
}

void rows_free(struct rows *rows) {
    if (rows != NULL) {
        buf_close(&rows->bytes);
        free(rows->list);
        free(rows);
    }
}

/* Keeps bytes and a NUL; returns where they begin. */
static uintptr_t keep(struct rows *rows, const void *data, size_t length) {
    uintptr_t at = rows->bytes.length;
    rows->failed |= length > 0 && buf_add(&rows->bytes, data, length) != 0;
    rows->failed |= buf_add(&rows->bytes, "", 1) != 0;
    return at;
}

static const char *keep_text(struct rows *rows, const char *text) {
    return (const char *)keep(rows, text, text != NULL ? strlen(text) : 0);
}

static struct store_bytes keep_bytes(struct rows *rows, struct store_bytes bytes) {
    bytes.data = (const void *)keep(rows, bytes.data, bytes.length);
    return bytes;
}

int rows_add(struct rows *rows, const struct store_row *row) {
    if (rows->count == ROWS_MAX || (rows->count > 0 && rows->bytes.length >= ROWS_BYTES)) {
        return 0;
    }
    struct store_row copy = *row;
    copy.conversation = keep_text(rows, row->conversation);
    copy.turn_id = keep_text(rows, row->turn_id);
    copy.inbound = keep_bytes(rows, row->inbound);
    copy.outcome = keep_bytes(rows, row->outcome);
    rows->list[rows->count++] = copy;
    return !rows->failed;
}

static const void *moved(const char *base, const void *offset) {
    return base + (uintptr_t)offset;
}

void *rows_take(struct rows *rows, struct store_result *result) {
    size_t listed = rows->count * sizeof *rows->list;
    char *block = rows->failed ? NULL : malloc(listed + rows->bytes.length + 1);
    if (block != NULL) {
        struct store_row *list = (struct store_row *)(void *)block;
        char *bytes = block + listed;
        memcpy(block, rows->list, listed);
        if (rows->bytes.length > 0) {
            memcpy(bytes, rows->bytes.data, rows->bytes.length);
        }
        for (size_t i = 0; i < rows->count; i++) {
            list[i].conversation = moved(bytes, list[i].conversation);
            list[i].turn_id = moved(bytes, list[i].turn_id);
            list[i].inbound.data = moved(bytes, list[i].inbound.data);
            list[i].outcome.data = moved(bytes, list[i].outcome.data);
        }
        result->rows = list;
        result->row_count = rows->count;
    }
    rows_free(rows);
    return block;
}
