/* Reads labelled messages, tab-separated with a header line. Judges nothing. Called by eval.c. */
#include "cli/eval_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/err.h"

#include "banned.h"

enum { COLUMNS_MAX = 16 };

struct columns {
    size_t text, intent; /* positions in a line */
};

/* Cuts line at tabs in place; returns the number of fields, COLUMNS_MAX at the most. */
static size_t split(char *line, char separator, char **fields, size_t limit) {
    size_t count = 0;
    while (line && count < limit) {
        fields[count++] = line;
        line = strchr(line, separator);
        if (line)
            *line++ = '\0';
    }
    return count;
}

static int read_header(const char *path, char *line, struct columns *columns) {
    char *fields[COLUMNS_MAX];
    size_t count = split(line, '\t', fields, COLUMNS_MAX);
    columns->text = columns->intent = COLUMNS_MAX;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i], "text") == 0)
            columns->text = i;
        if (strcmp(fields[i], "intent") == 0)
            columns->intent = i;
    }
    if (columns->text < COLUMNS_MAX && columns->intent < COLUMNS_MAX)
        return 0;
    (void)fprintf(stderr, "%s:1: the first line must name the columns text and intent, separated by tabs\n",
                  path);
    return 1;
}

/* 1 if the line is a labelled message; else it is told and left out, for the others can be judged all the
 * same. */
static int read_row(const char *path, size_t line_number, char *line, const struct columns *columns,
                    struct eval_row *row) {
    char *fields[COLUMNS_MAX];
    size_t count = split(line, '\t', fields, COLUMNS_MAX);
    if (count <= columns->text || count <= columns->intent || !*fields[columns->intent]) {
        (void)fprintf(stderr,
                      "%s:%zu: left out, it has no intent; write text, tab, intent (none: out of scope)\n",
                      path, line_number);
        return 0;
    }
    row->text = fields[columns->text];
    row->text_length = strlen(row->text);
    char *alternatives[EVAL_ALTERNATIVES_MAX];
    row->intent_count = split(fields[columns->intent], '|', alternatives, EVAL_ALTERNATIVES_MAX);
    for (size_t i = 0; i < row->intent_count; i++)
        row->intents[i] = alternatives[i];
    row->number = line_number - 1;
    return 1;
}

static size_t count_lines(const char *bytes) {
    size_t count = 1;
    for (; *bytes; bytes++)
        count += *bytes == '\n';
    return count;
}

/* The next line of *at without its end, cut off in place. */
static char *next_line(char **at) {
    char *line = *at, *end = line + strcspn(line, "\n");
    *at = *end ? end + 1 : end;
    if (end > line && end[-1] == '\r')
        end[-1] = '\0';
    *end = '\0';
    return line;
}

int eval_file_read(const char *path, struct eval_file *out) {
    struct err err;
    struct columns columns;
    size_t length = 0;
    err_clear(&err);
    memset(out, 0, sizeof *out);
    out->bytes = app_read_file(path, EVAL_FILE_MAX, &length, &err);
    if (!out->bytes) {
        (void)fprintf(stderr, "%s:1: cannot be read: %s\n", path, err.text);
        return 1;
    }
    out->rows = calloc(count_lines(out->bytes), sizeof *out->rows);
    if (!out->rows) {
        (void)fprintf(stderr, "%s:1: no memory\n", path);
        return 1;
    }
    if (strlen(out->bytes) != length) {
        (void)fprintf(stderr, "%s: cannot be read: it holds a byte of 0, so it is no text file\n", path);
        return 1;
    }
    char *at = out->bytes + (strncmp(out->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
    int status = read_header(path, next_line(&at), &columns);
    for (size_t line = 2; status == 0 && *at; line++) {
        char *text = next_line(&at);
        if (*text && read_row(path, line, text, &columns, &out->rows[out->count]))
            out->count++;
        else if (*text)
            out->left_out++;
    }
    return status;
}

void eval_file_close(struct eval_file *file) {
    free(file->rows);
    free(file->bytes);
    memset(file, 0, sizeof *file);
}
