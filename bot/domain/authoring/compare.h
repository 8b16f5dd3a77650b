/* What differs between two versions of content, thing by thing. */
#ifndef PANDU_DOMAIN_AUTHORING_COMPARE_H
#define PANDU_DOMAIN_AUTHORING_COMPARE_H

#include <stddef.h>

struct arena;
struct content_file;

enum compare_kind {
    COMPARE_INTENT,
    COMPARE_REPLY,
    COMPARE_DIALOGUE, /* what is not of a step or result */
    COMPARE_STEP,     /* "DIALOGUE.STEP" */
    COMPARE_RESULT,   /* "DIALOGUE.RESULT" */
    COMPARE_FACT,
    COMPARE_CLASS,
    COMPARE_HELP_LINE,
    COMPARE_SETTING, /* a member of a file that holds nothing with ids: normalise.json, site.json ... */
    COMPARE_KINDS
};
enum compare_how { COMPARE_ADDED, COMPARE_REMOVED, COMPARE_CHANGED };

struct compare_change {
    enum compare_kind kind;
    enum compare_how how;
    const char *id;      /* of the thing; "FILE MEMBER" of a setting */
    const char *members; /* which of its members changed: "patterns, examples"; "" if it is not an object */
};

/* The files of both versions as content_load takes them; a site's things replace the shipped ones. What is
   not JSON is passed over: load it first. Writes the changes by kind and then in the order of the files (what
   is gone last) to *out in arena; returns their number. */
size_t compare_contents(const struct content_file *before, size_t before_count,
                        const struct content_file *after, size_t after_count, struct arena *arena,
                        const struct compare_change **out);

#endif
