/* A small file beside the database that tells `pandu reload` who serves it and how the last reload ended.
   Never holds what people said. Called by serve.c, serve_reload.c and reload.c. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "base/err.h"
#include "cli/serve.h"
#include "json/value.h"

#include "banned.h"

enum { STATUS_FILE_MAX = 1024 * 1024 };

static int path_of(char out[SERVE_PATH_MAX], const char *database, const char *end) {
    int length = snprintf(out, SERVE_PATH_MAX, "%s.server%s", database, end);
    return length > 0 && length < SERVE_PATH_MAX ? 0 : -1;
}

static char *print(const char *url, int64_t reloads, const struct value *problems) {
    struct value *status = value_new_object();
    struct value *list = value_new_array();
    int failed = status == NULL || list == NULL;
    for (size_t i = 0; !failed && i < value_count(problems); i++) {
        failed = value_add_take(list, value_new_text(value_text(value_at(problems, i)))) != 0;
    }
    failed = failed || value_set_int(status, "pid", (int64_t)getpid()) != 0 ||
             value_set_text(status, "url", url) != 0 || value_set_int(status, "reloads", reloads) != 0;
    if (failed) {
        value_free(list);
    } else {
        failed = value_set_take(status, "problems", list) != 0;
    }
    char *text = failed ? NULL : value_print(status, 0);
    value_free(status);
    return text;
}

int serve_status_write(const char *database, const char *url, int64_t reloads, const struct value *problems) {
    char path[SERVE_PATH_MAX], partial[SERVE_PATH_MAX];
    char *text = print(url, reloads, problems);
    int rc =
        text != NULL && path_of(path, database, "") == 0 && path_of(partial, database, ".new") == 0 ? 0 : -1;
    int descriptor = rc == 0 ? open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    if (descriptor >= 0) {
        ssize_t length = (ssize_t)strlen(text);
        rc = write(descriptor, text, (size_t)length) == length ? 0 : -1;
        rc |= close(descriptor);
        rc = rc == 0 ? rename(partial, path) : -1;
    } else {
        rc = -1;
    }
    free(text);
    return rc;
}

struct value *serve_status_read(const char *database) {
    char path[SERVE_PATH_MAX];
    size_t length = 0;
    struct err err = {0};
    char *text =
        path_of(path, database, "") == 0 ? app_read_file(path, STATUS_FILE_MAX, &length, &err) : NULL;
    struct value *status = text != NULL ? value_parse(text, length, &err) : NULL;
    free(text);
    return status;
}

void serve_status_remove(const char *database) {
    char path[SERVE_PATH_MAX];
    if (path_of(path, database, "") == 0) {
        (void)unlink(path); /* it may never have been written */
    }
}
