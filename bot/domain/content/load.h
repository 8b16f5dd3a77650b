/* Bytes -> content bundle, with every mistake reported. Reads no files: the caller hands in their bytes. */
#ifndef PANDU_DOMAIN_CONTENT_LOAD_H
#define PANDU_DOMAIN_CONTENT_LOAD_H

#include <stddef.h>
#include <stdint.h>

struct content;

/* One file of a content folder. name: path relative to its folder ("intents/safety.json"); layer 0 is the
   shipped content, 1 the site overlay laid over it by id. */
struct content_file {
    const char *name;
    const char *shown; /* path shown in messages */
    const char *bytes;
    size_t length;
    int layer;
};

enum problem_severity { PROBLEM_ERROR, PROBLEM_WARNING };
struct content_problem {
    enum problem_severity severity;
    const char *code; /* stable name: "unknown_class", "example_loses" ... (docs/content.md lists all) */
    const char *file;
    int line, column;
    const char *path;
    /* what is wrong and the remedy, in the language asked for */
    const char *text, *remedy;
};
typedef void content_report(void *context, const struct content_problem *problem);

struct content_load_options {
    const char *language; /* "en" (default) or "id": language of the messages */
    int lint; /* 1: also everything that takes time (examples, adversarial texts, coverage of loops) */
    content_report *report; /* every problem, in order of file and line */
    void *context;
};

/* Returns a new bundle (content_free) or NULL after reporting at least one PROBLEM_ERROR. */
struct content *content_load(const struct content_file *files, size_t count,
                             const struct content_load_options *options);

/* For who has a second processor. Loading is two halves that know nothing of each other most of the time: run
   does first(one) and second(other), at the same time if it can, and returns when both have ended. The bundle
   and what is reported are the same either way. */
typedef void content_half(void *half);
struct content_together {
    void (*run)(void *context, content_half *first, void *one, content_half *second, void *other);
    void *context;
};

/* Where the index of a bundle's examples is found again, so that only the first load of some files makes it.
   The bytes are for this program on this machine: a keeper gives those of another program to nobody. */
struct content_keeper {
    /* The size of what was kept under this name, to be read next; 0: nothing. */
    size_t (*find)(void *context, uint64_t name);
    /* Reads the next so many bytes of it; 0 if it could not. */
    int (*read)(void *context, void *out, size_t size);
    /* Keeps bytes for the next time, if it can. */
    void (*keep)(void *context, uint64_t name, const void *bytes, size_t size);
    void *context;
};

/* content_load; together NULL: one half after the other. keeper NULL: everything is made, as it is for lint.
 */
struct content *content_load_together(const struct content_file *files, size_t count,
                                      const struct content_load_options *options,
                                      const struct content_together *together,
                                      const struct content_keeper *keeper);

#endif
