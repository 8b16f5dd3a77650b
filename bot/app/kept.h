/* Where the index of the content's examples is kept between two starts, so that only the first one after a
   change makes it (struct content_keeper in domain/content/load.h). A loss costs some milliseconds. */
#ifndef PANDU_APP_KEPT_H
#define PANDU_APP_KEPT_H

#include <stdint.h>

#include "domain/content/load.h"

enum { KEPT_PATH_MAX = 4096, KEPT_FILES_MAX = 8 /* of other content and programs; older ones are removed */ };

struct app_kept {
    char folder[KEPT_PATH_MAX]; /* "": nothing is kept */
    uint64_t program;           /* tells this program from others */
    int descriptor;             /* of what was found, until it is read; -1: none */
    struct content_keeper keeper;
};

/* The folder is $PANDU_CACHE ("" keeps nothing), else the first of $CACHE_DIRECTORY (systemd.exec(5)),
   $XDG_CACHE_HOME/pandu and $HOME/.cache/pandu (XDG Base Directory Specification 0.8) that is named by an
   absolute path; it is made, for its owner only, when something is kept. Files that are not the user's own,
   or that others may write to, are not read. Close it after loading. */
void app_kept_open(struct app_kept *kept);
void app_kept_close(struct app_kept *kept);

#endif
