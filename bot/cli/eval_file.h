/* Labelled messages: a table of text, intent, lang, style. Used by eval.c alone. */
#ifndef PANDU_CLI_EVAL_FILE_H
#define PANDU_CLI_EVAL_FILE_H

#include <stddef.h>

enum { EVAL_ALTERNATIVES_MAX = 8, EVAL_FILE_MAX = 64 * 1024 * 1024 };

struct eval_row {
    const char *text;
    size_t text_length;
    const char *intents[EVAL_ALTERNATIVES_MAX]; /* any of them is right */
    size_t intent_count;
    size_t number; /* 1-based, without the header */
};
struct eval_file {
    char *bytes; /* what the rows point into */
    struct eval_row *rows;
    size_t count;
    size_t left_out; /* lines without an intent, told on standard error */
};

/* Reads path; complains on standard error as "file:line: ..."; a line without an intent is left out. 0, or
 * the exit status 1. Close it in either case. */
int eval_file_read(const char *path, struct eval_file *out);
void eval_file_close(struct eval_file *file);

#endif
