/* What makes content good, beyond being sound enough to run: only `pandu check` asks for it. Internal to
 * domain/content. */
#ifndef PANDU_DOMAIN_CONTENT_LINT_H
#define PANDU_DOMAIN_CONTENT_LINT_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct content_dialogue;
struct document;
struct intent_context;
struct loader;
struct pattern_scratch;

void lint_content(struct loader *loader); /* all that follow, but lint_required */

/* The replies of required.h; always, unless the bundle has no replies at all (understanding only: benchmarks,
 * tests). */
void lint_required(struct loader *loader);

/* Steps that no way leads to, circles that no way leads out of. */
void lint_dialogues(struct loader *loader);

/* 1 if a person can get from the first step to target (a step's index, or step_count for the results) without
   being asked step avoided. */
int lint_can_avoid(const struct content_dialogue *dialogue, size_t avoided, size_t target);

/* Literals, cost, and what patterns match of their own examples. */
void lint_patterns(struct loader *loader);

/* Examples must win, counter-examples must not. */
void lint_examples(struct loader *loader);

/* Wordings: new ones, that the search finds, and no danger. */
void lint_wordings(struct loader *loader);

/* An example of an intent and a pattern of it that matches no other: indices. */
struct lint_proof {
    uint32_t intent;
    size_t pattern, example;
};

/* 1 if the example is still answered with its intent, or asked back with it among the choices, when the
   pattern is left out, and the example is no example of the search. What is made on the way lives in arena.
 */
int lint_held_out(struct loader *loader, struct pattern_scratch *scratch,
                  const struct intent_context *context, const struct lint_proof *proof, struct arena *arena);

/* Every text a visitor reads: placeholders, length, questions, form of address. */
void lint_texts(struct loader *loader);

/* What is checked of one text. */
enum lint_where {
    LINT_REPLY, /* a reply: the dialogues that use it are looked up */
    LINT_STEP,  /* said at a step of dialogue */
    LINT_LINE,  /* a line of a list of dialogue, shown with the results */
    LINT_LABEL, /* a button */
    LINT_TITLE  /* of an intent or a dialogue: offered as a choice, quoted in replies, never filled in */
};
struct lint_text {
    const struct document *document;
    const char *path;
    int language;
    const char *text;
    enum lint_where where;
    const char *reply;     /* LINT_REPLY: its id */
    size_t dialogue, step; /* LINT_STEP, LINT_LINE: indices */
    const char *condition; /* that holds when the text is shown; NULL: none */
};

/* The placeholders of one text: known, and filled whenever it is said. */
void lint_placeholders(struct loader *loader, const struct lint_text *text);

/* The most characters the placeholder name (its bytes) adds in language: the site's own values, the longest
   labels, and for what visitors write a typical length. */
size_t lint_fill_length(const struct loader *loader, const struct lint_text *text, const char *name,
                        size_t length);

/* Words that the form of address decides, written out. */
void lint_address(struct loader *loader, const struct lint_text *text);

#endif
