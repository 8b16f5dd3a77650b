/* An error with its place in a file. The lowest layer that knows fills it; the first error wins. */
#ifndef PANDU_BASE_ERR_H
#define PANDU_BASE_ERR_H

/* Codes are negative so that a function can return them; 0 is success. */
enum err_code {
    ERR_NONE = 0,
    ERR_MEMORY = -1,
    ERR_SYNTAX = -2, /* bytes that are not what the format says */
    ERR_LIMIT = -3,  /* a cap was reached */
    ERR_NOT_FOUND = -4,
    ERR_INVALID = -5, /* well formed, but not allowed */
    ERR_IO = -6,
    ERR_VERSION = -7, /* written by a newer program */
    ERR_CORRUPT = -8,
    ERR_BUSY = -9,
    ERR_CONFLICT = -10
};

struct err {
    int code;         /* enum err_code; 0 while nothing went wrong */
    int line, column; /* 1-based; 0 where unknown */
    char file[256];
    char path[256]; /* JSON path such as $.intents[3].patterns[0] */
    char text[512]; /* one sentence in English with the remedy */
};

/* Empties *err. NULL is allowed here and below: then nothing is recorded. */
void err_clear(struct err *err);

/* Records code and a formatted text unless *err already holds an error. Returns code. */
int err_set(struct err *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds the place to a recorded error; what is already there stays. NULL strings and 0 lines are ignored. */
void err_at(struct err *err, const char *file, int line, int column, const char *path);

#endif
