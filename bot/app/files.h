/* Reads a content folder (and a site overlay) from disk into a bundle. */
#ifndef PANDU_APP_FILES_H
#define PANDU_APP_FILES_H

#include "domain/content/load.h"

struct content;
struct err;

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
