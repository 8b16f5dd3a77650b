/* Fills struct err. Never prints or logs: whoever handles the error decides. Called by every layer. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "banned.h"

void err_clear(struct err *err) {
    if (err != NULL) {
        err->code = err->line = err->column = 0;
        err->file[0] = err->path[0] = err->text[0] = '\0'; /* a kilobyte, cleared with every turn */
    }
}

int err_set(struct err *err, int code, const char *format, ...) {
    if (err == NULL || err->code != 0) {
        return code;
    }
    err->code = code;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    return code;
}

static void copy_if_empty(char *field, size_t size, const char *value) {
    if (value != NULL && field[0] == '\0') {
        (void)snprintf(field, size, "%s", value);
    }
}

void err_at(struct err *err, const char *file, int line, int column, const char *path) {
    if (err == NULL) {
        return;
    }
    copy_if_empty(err->file, sizeof err->file, file);
    copy_if_empty(err->path, sizeof err->path, path);
    if (err->line == 0) {
        err->line = line;
        err->column = column;
    }
}
