/* The growing buffer. Never exceeds its limit and never aborts. Called by every layer that builds text. */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#include "banned.h"

enum { BUF_DEFAULT_LIMIT = 16 * 1024 * 1024, BUF_FIRST_CAPACITY = 64 };

void buf_init(struct buf *buf, size_t limit) {
    memset(buf, 0, sizeof *buf);
    buf->limit = limit != 0 ? limit : BUF_DEFAULT_LIMIT;
}

void buf_close(struct buf *buf) {
    free(buf->data);
    buf_init(buf, buf->limit);
}

void buf_clear(struct buf *buf) {
    buf->length = 0;
    buf->failed = 0;
    if (buf->data != NULL) {
        buf->data[0] = '\0';
    }
}

/* Makes room for extra bytes and the final NUL. */
static int reserve(struct buf *buf, size_t extra) {
    if (buf->failed != 0) {
        return buf->failed;
    }
    if (extra > buf->limit || buf->length > buf->limit - extra) {
        return buf->failed = ERR_LIMIT;
    }
    size_t needed = buf->length + extra + 1;
    if (needed <= buf->capacity) {
        return 0;
    }
    size_t capacity = buf->capacity != 0 ? buf->capacity : BUF_FIRST_CAPACITY;
    while (capacity < needed) {
        capacity *= 2;
    }
    char *grown = realloc(buf->data, capacity);
    if (grown == NULL) {
        return buf->failed = ERR_MEMORY;
    }
    buf->data = grown;
    buf->capacity = capacity;
    return 0;
}

char *buf_extend(struct buf *buf, size_t length) {
    if (reserve(buf, length) != 0) {
        return NULL;
    }
    char *added = buf->data + buf->length;
    buf->length += length;
    buf->data[buf->length] = '\0';
    return added;
}

int buf_add(struct buf *buf, const void *bytes, size_t length) {
    int rc = reserve(buf, length);
    if (rc != 0) {
        return rc;
    }
    if (length != 0) {
        memcpy(buf->data + buf->length, bytes, length);
    }
    buf->length += length;
    buf->data[buf->length] = '\0';
    return 0;
}

int buf_add_text(struct buf *buf, const char *text) {
    return buf_add(buf, text, strlen(text));
}

int buf_add_char(struct buf *buf, char character) {
    int rc = reserve(buf, 1);
    if (rc != 0) {
        return rc;
    }
    buf->data[buf->length++] = character;
    buf->data[buf->length] = '\0';
    return 0;
}

int buf_add_format(struct buf *buf, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return buf->failed = ERR_INVALID;
    }
    int rc = reserve(buf, (size_t)length);
    if (rc != 0) {
        return rc;
    }
    va_start(arguments, format);
    (void)vsnprintf(buf->data + buf->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buf->length += (size_t)length;
    return 0;
}

const char *buf_text(const struct buf *buf) {
    return buf->data != NULL ? buf->data : "";
}

char *buf_take(struct buf *buf) {
    if (reserve(buf, 0) != 0) {
        return NULL;
    }
    char *data = buf->data;
    data[buf->length] = '\0';
    buf_init(buf, buf->limit);
    return data;
}
