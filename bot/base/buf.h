/* A growing, size-capped byte buffer that always ends in a NUL byte of its own. */
#ifndef PANDU_BASE_BUF_H
#define PANDU_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
    char *data; /* NUL-terminated once anything was added; NULL before */
    size_t length;
    size_t capacity;
    size_t limit; /* most bytes it may hold */
    int failed;   /* set by the first add that did not fit or found no memory; later adds do nothing */
};

/* Caller's storage. limit: most bytes it may ever hold; 0 means 16 MiB. */
void buf_init(struct buf *buf, size_t limit);

/* Frees the bytes. The buffer may be initialised again. */
void buf_close(struct buf *buf);

/* Forgets the content, keeps the memory. */
void buf_clear(struct buf *buf);

/* Each add returns 0, ERR_LIMIT or ERR_MEMORY; callers may instead look at ->failed once at the end. */
int buf_add(struct buf *buf, const void *bytes, size_t length);
int buf_add_text(struct buf *buf, const char *text);
int buf_add_char(struct buf *buf, char character);
int buf_add_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds length bytes of any content, which the caller writes before anything else is done with the buffer.
   NULL where an add would fail. */
char *buf_extend(struct buf *buf, size_t length);

/* The text so far, "" when empty. Borrowed until the next add. */
const char *buf_text(const struct buf *buf);

/* Gives the bytes away (caller frees with free()) and leaves the buffer empty. NULL if it failed. */
char *buf_take(struct buf *buf);

#endif
