/* What the files of this folder share while one bundle is made. Internal to domain/content: others use
 * load.h. */
#ifndef PANDU_DOMAIN_CONTENT_LOADER_H
#define PANDU_DOMAIN_CONTENT_LOADER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "domain/content/content.h"
#include "domain/content/document.h"

struct author_cache;
struct author_list;
struct author_places;
struct expression;
struct map;
struct value;

/* A word class with all its languages, as written. */
struct load_class {
    const char *const *words[LEXICON_LANGUAGES_MAX];
    size_t count[LEXICON_LANGUAGES_MAX];
    int state;                 /* of the search for circles */
    const char *const *folded; /* its words in all languages, as they stand in expressions; borrowed */
    size_t folded_count;
    struct author_list *list; /* the same as one expression; NULL: it has a mistake */
};

/* A word that the lexicon is taught, in the order in which it is: one that is right as it is written. */
struct load_taught {
    const char *word;
    size_t length;
    int language;
};

/* The expression of a pattern without its classes, made before they were. */
struct load_outline {
    const char *written; /* in the document, to know it by */
    const char *text;    /* NULL: it has a mistake, or none was made */
    size_t length;
    struct author_places *places; /* by number of class */
};

/* A condition of a dialogue, for checking the names in it. */
struct load_condition {
    const struct expression *expression;
    const struct item *dialogue;
    const char *text, *path;
};

struct loader {
    const struct content_load_options *options;
    const struct content_together *together;
    const struct content_keeper *keeper; /* NULL: none */
    struct arena *scratch;               /* lives until content_load returns */
    struct arena *work;                  /* emptied after every pattern, class or text */
    struct content *content;             /* under construction; strings go to content->arena */
    struct lexicon *lexicon;             /* content->lexicon */
    int is_lexicon_sound;                /* 0: languages only, nothing about folding can be judged */
    size_t language_count;
    struct problems problems;
    struct documents documents;
    const char **shown; /* by number of document: its name in content->arena, once it is needed */
    struct items classes, intents, facts, replies, dialogues, help_lines;
    struct load_class *class_list;      /* by index of classes */
    struct content_intent *intent_list; /* of the bundle, until their patterns are in */
    struct content_fact *fact_list;
    struct author_cache *cache; /* of everything but classes */
    struct author_cache *classes_cache;
    struct map *taught;                               /* words of patterns that are among those below */
    struct buf taught_by_classes, taught_by_patterns; /* struct load_taught, until the lexicon is taught */
    struct buf outlines; /* struct load_outline, in the order in which patterns are added */
    size_t outlines_used;
    struct buf conditions; /* struct load_condition: checked once everything is known */
    struct buf owners;     /* struct content_pattern_owner by pattern number */
    struct buf adding;     /* the expression being compiled */
};

/* ---- reading values: what is absent or of a wrong type reads as empty, because the schema has reported it
 * ---- */

struct place loader_place(const struct document *document, const char *path);
/* value: what stands at path, or NULL. */
struct content_place loader_content_place(struct loader *loader, const struct document *document,
                                          const struct value *value, const char *path);
const char *loader_path(struct loader *loader, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *loader_text(struct loader *loader,
                        const struct value *value); /* copied; NULL when it is no text */

/* Localized texts; a language that is missing or unknown is reported. */
struct localized loader_localized(struct loader *loader, const struct document *document,
                                  const struct value *value, const char *path);
int loader_language(struct loader *loader, const struct document *document, const char *code,
                    const char *path);
/* Word lists, folded by their language. */
struct localized_words loader_words(struct loader *loader, const struct document *document,
                                    const struct value *value, const char *path);
const char *const *loader_texts(struct loader *loader, const struct value *array, size_t *count);

/* Index of id in items, or CONTENT_NONE after reporting code ({1} is id). */
uint32_t loader_reference(struct loader *loader, const struct items *items, const char *id,
                          enum problem_code code, const struct document *document, const char *path);

/* ---- the parts, in the order in which load.c calls them ---- */

int load_lexicon(struct loader *loader); /* 0 when there is a lexicon to go on with */
void load_classes(struct loader *loader);
/* Notes words, folded: text_correct may lead a typing error to them. */
void loader_note_taught(const struct loader *loader, struct author_cache *cache, int language,
                        const char *bytes, size_t length, struct arena *work, struct buf *taught);
/* Teaches the lexicon what was noted; target: corrections may lead to it. Nobody may be folding. */
void loader_teach(struct loader *loader, const struct buf *taught, int target);
/* The phrases of a word class, folded, in the bundle's arena; none of an unknown one. */
const char *const *load_class_phrases(struct loader *loader, const char *name, size_t *count);
/* Everything that classes are made of: what they teach, their words, their expressions. Changes nothing else
   of loader, so that load_outlines and all before it may run at the same time. */
void load_classes_fold(struct loader *loader, struct arena *work);
const char *const *loader_class_words(void *loader, const char *name, size_t length, int language,
                                      size_t *count); /* struct author_classes */
void load_outlines(struct loader *loader);            /* of all patterns, and what these teach */
/* The outline of the next pattern, with the lists of its classes in loader->work; 0 if there is none. */
int load_outline_take(struct loader *loader, const char *written, struct load_outline *out);
struct content_pattern *load_patterns(struct loader *loader, const struct document *document,
                                      const struct value *array, const char *path, enum content_role role,
                                      uint32_t owner, size_t *count);
int load_patterns_seal(struct loader *loader);
void load_intents(struct loader *loader);
void load_facts(struct loader *loader);
void load_all_patterns(struct loader *loader); /* of intents and facts */
void load_replies(struct loader *loader);
void load_dialogues(struct loader *loader);
void load_steps(struct loader *loader, struct content_dialogue *dialogue, const struct item *item);
const struct expression *load_condition(struct loader *loader, const struct item *dialogue,
                                        const struct value *value, const char *path);
void load_conditions_check(struct loader *loader); /* the names that all conditions read */
void load_site(struct loader *loader);
void load_address(struct loader *loader);
void load_help_lines(struct loader *loader);

/* What an example of an intent weighs in the search index, beside load_similar.c's other texts. They are the
   first of their intent. */
static const float load_example_weight = 1.0F;

/* The search index: what it needs of its own while patterns are loaded beside it. */
struct load_similar {
    const struct loader *loader; /* only read, but for content->similar */
    struct arena *kept, *work;   /* work is emptied after every text */
    struct buf taught;           /* struct load_taught: words for the lexicon, in order */
    int is_sound;                /* no error before it was begun: else nothing is kept */
    int code;                    /* 0 or ERR_MEMORY */
};
int load_similar_init(struct load_similar *similar, const struct loader *loader); /* 0 or ERR_MEMORY */
void load_similar_run(void *similar);
/* Teaches the lexicon what was found; 0 or ERR_MEMORY of anything before. */
int load_similar_end(struct load_similar *similar, struct loader *loader);
void load_similar_close(struct load_similar *similar);
/* Of the keeper of the options, if there is one. 1 if the index and the words of its examples were taken. */
enum { LOAD_KEPT_MAX = 64 * 1024 * 1024 /* bytes; an arena has room for more */ };
int load_kept_take(struct load_similar *similar);
void load_kept_give(const struct load_similar *similar);
int loader_knows_slot(const struct loader *loader, const char *name);

#endif
