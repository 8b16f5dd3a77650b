/* The lines that put the widget on a site, with its sums (Subresource Integrity). Never fails a start:
   without the widget's files it says nothing. Called by serve.c. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "app/secret/secret.h"
#include "base/err.h"
#include "cli/serve.h"

#include "banned.h"

enum { WIDGET_FILE_MAX = 1024 * 1024 };

/* 0, or -1. */
static int sum_of(const char *root, const char *name, char out[SECRET_INTEGRITY_TEXT]) {
    char path[SERVE_PATH_MAX];
    struct err err = {0};
    size_t length = 0;
    int written = snprintf(path, sizeof path, "%s/%s", root, name);
    char *bytes = written > 0 && (size_t)written < sizeof path
                      ? app_read_file(path, WIDGET_FILE_MAX, &length, &err)
                      : NULL;
    if (bytes == NULL) {
        return -1;
    }
    secret_integrity(bytes, length, out);
    free(bytes);
    return 0;
}

static int is_module(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 3 && strcmp(entry->d_name + length - 3, ".js") == 0;
}

/* Sums of imported modules stand in an import map. */
static void print_modules(const char *root, const char *url) {
    char folder[SERVE_PATH_MAX], name[300], sum[SECRET_INTEGRITY_TEXT];
    struct dirent **entries = NULL;
    int written = snprintf(folder, sizeof folder, "%s/widget", root), is_first = 1;
    int count =
        written > 0 && (size_t)written < sizeof folder ? scandir(folder, &entries, is_module, alphasort) : -1;
    (void)printf("<script type=\"importmap\">{\"integrity\": {");
    for (int i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, "widget/%s", entries[i]->d_name);
        if (sum_of(root, name, sum) == 0) {
            (void)printf("%s\n\"%s/%s\": \"%s\"", is_first ? "" : ",", url, name, sum);
            is_first = 0;
        }
        free(entries[i]);
    }
    free(entries);
    (void)printf("}}</script>\n");
}

void serve_widget_print(const struct serve *serve) {
    const char *root = app_web_root(), *url = serve->settings.config.public_url;
    char sum[SECRET_INTEGRITY_TEXT], shown[SERVE_PATH_MAX];
    if (root == NULL || sum_of(root, "widget.js", sum) != 0) {
        return;
    }
    (void)snprintf(shown, sizeof shown, "%s", url != NULL ? url : serve->address);
    for (size_t length = strlen(shown); length > 0 && shown[length - 1] == '/'; length--) {
        shown[length - 1] = '\0';
    }
    (void)printf(
        "\nThe chat on your site, with sums (without them two lines are enough: docs/widget.md):\n\n");
    print_modules(root, shown);
    (void)printf("<script type=\"module\" src=\"%s/widget.js\" crossorigin\n  integrity=\"%s\"></script>\n"
                 "<pandu-chat></pandu-chat>\n\n",
                 shown, sum);
}
