/* The files of a content folder as parsed documents, and the things in them ("items") laid over each other by
   id. Internal to domain/content. */
#ifndef PANDU_DOMAIN_CONTENT_DOCUMENT_H
#define PANDU_DOMAIN_CONTENT_DOCUMENT_H

#include <stddef.h>

#include "domain/content/problem.h"

struct arena;
struct map;
struct places;
struct value;

enum document_kind {
    DOCUMENT_NORMALISE,
    DOCUMENT_VOCABULARY,
    DOCUMENT_FACTS,
    DOCUMENT_INTENTS,
    DOCUMENT_SITE,
    DOCUMENT_ADDRESS,
    DOCUMENT_HELP_LINES,
    DOCUMENT_REPLIES,
    DOCUMENT_DIALOGUE,
    DOCUMENT_UNKNOWN
};

struct document {
    const struct content_file *file;
    enum document_kind kind;
    size_t number;       /* in order of messages */
    struct value *value; /* NULL: not valid JSON */
    struct places *places;
};

/* One thing with an id: an intent, a reply, a class ... */
struct item {
    const char *id;
    const struct document *document;
    const struct value *value;
    const char *path;
};
struct items {
    struct item *list;
    size_t count, capacity;
    struct map *by_id; /* index + 1 */
    int is_complete;   /* 0: some could not be read, so an unknown id may be one of them */
};

struct documents {
    struct document *list; /* layer 0 first; within a layer in the caller's order */
    size_t count;
    struct arena *beside; /* of the half that is opened beside the other */
};

/* Parses all and checks them against their schemas; reports mistakes in order of the documents. What
   it makes lives in the arena of problems and until documents_close. */
void documents_open(struct documents *documents, const struct content_file *files, size_t count, int lint,
                    const struct content_together *together, struct problems *problems);
void documents_close(struct documents *documents);

/* The items of array or object member of all documents of kind; a document itself when member is NULL. Later
   layers replace earlier ones by id. */
void items_collect(struct items *items, const struct documents *documents, enum document_kind kind,
                   const char *member, struct problems *problems);
void items_close(struct items *items);

#define ITEM_NONE ((size_t)-1)
size_t items_find(const struct items *items, const char *id, size_t length);

#endif
