/* Reads a content folder (and a site overlay) from disk into a bundle. */
#ifndef PANDU_APP_FILES_H
#define PANDU_APP_FILES_H

#include "domain/content/load.h"

struct arena;
struct content;
struct err;

/* The files of a content folder and of a site's folder over it (NULL: none), as content_load takes them. */
struct app_files {
    struct arena *arena; /* of everything here; app_files_close frees it */
    struct content_file *list;
    size_t count;
};
enum { APP_FILES_MAX = 2000 };

/* Reads them; list has room for APP_FILES_MAX. root NULL: only the site's. 0, or ERR_NOT_FOUND (a folder),
   ERR_IO, ERR_LIMIT, ERR_MEMORY. Close it in either case. */
int app_files_read(struct app_files *files, const char *root, const char *site, struct err *err);
void app_files_close(struct app_files *files);

/* Loads root/intents, root/responses and, if site is not NULL, site/site.json and the same folders below it.
 *err is set when a folder cannot be read; problems inside go to options->report. */
struct content *app_content_load(const char *root, const char *site,
                                 const struct content_load_options *options, struct err *err);

/* Where the shipped content is: $PANDU_CONTENT, else beside the program's source tree or installed share
 * folder; "." last. */
const char *app_content_root(void);

/* Where the widget and the demo pages are: beside the program's source tree or in its installed share folder.
   NULL: in neither. */
const char *app_web_root(void);

/* Reads a whole file of at most limit bytes; caller frees. NULL with *err. */
char *app_read_file(const char *path, size_t limit, size_t *length, struct err *err);

#endif
