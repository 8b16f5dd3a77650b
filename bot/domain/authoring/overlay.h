/* A site's own copy of an intent, with one example more. */
#ifndef PANDU_DOMAIN_AUTHORING_OVERLAY_H
#define PANDU_DOMAIN_AUTHORING_OVERLAY_H

#include <stddef.h>

struct arena;
struct buf;
struct content_file;
struct err;

/* The newest version of intent id among the files of a content folder and a site over it, and the site's file
   that it belongs to. */
struct overlay_place {
    size_t intent;    /* index of the file that has it */
    size_t file;      /* index of the site's file it goes to; count: there is none yet */
    const char *name; /* of that file: "intents/social_career.json" */
    int is_own_copy;  /* the site has a copy of the intent already */
};

/* 1, or 0 when no file has the intent. name lives in arena. */
int overlay_find(const struct content_file *files, size_t count, const char *id, struct arena *arena,
                 struct overlay_place *place);

/* Appends the new bytes of the site's file to out: example, and pattern if it is not NULL, stand last in
   their lists, all else is as it was, laid out as layout_print does. 0; ERR_CONFLICT when the example is
   there already; ERR_SYNTAX, ERR_MEMORY, ERR_LIMIT. */
int overlay_add(const struct content_file *files, size_t count, const struct overlay_place *place,
                const char *id, const char *example, const char *pattern, struct buf *out, struct err *err);

#endif
