/* Conditions of dialogues: score.fit >= 70 and not (answer.goal == "ngo" or skipped.age).
   or, and, not, parentheses; == != < <= > >=; numbers, "text"; score.NAME (0..100 over answered steps),
   answer.STEP (choice id, number or text; of a scale its value), answered.STEP, skipped.STEP, slot.NAME,
   value.STEP (number of a choice), rank.NAME (place of a score among the dialogue's known ones, 1 the
   highest). A comparison with something unknown is false; equality compares numbers as numbers, else text.
   answer.STEP has {class}: a word or phrase of the class stands in the person's words; has number: a number
   in digits does; is {class}: the words are nothing but phrases of the class. */
#ifndef PANDU_DOMAIN_DIALOGUE_EXPRESSION_H
#define PANDU_DOMAIN_DIALOGUE_EXPRESSION_H

#include <stddef.h>

struct arena;
struct err;
struct expression;

enum expression_kind {
    EXPRESSION_SCORE,
    EXPRESSION_ANSWER,
    EXPRESSION_ANSWERED,
    EXPRESSION_SKIPPED,
    EXPRESSION_SLOT,
    EXPRESSION_VALUE,
    EXPRESSION_RANK,
    EXPRESSION_CLASS /* the word class of has and is; visited only, never read */
};

/* The phrases of a word class, folded. Where they come from: words gives *count of them, which live as long
   as the expression; NULL: there is no such class. */
struct expression_classes {
    const char *const *(*words)(void *context, const char *name, size_t *count);
    void *context;
};

/* NULL with text and column in *err when text is no expression. Nesting at most 16. classes may be NULL: then
   every class is without words. */
const struct expression *expression_parse(const char *text, const struct expression_classes *classes,
                                          struct arena *arena, struct err *err);

/* Calls visit for every name read, so that lint can check it. */
typedef void expression_visit(void *context, enum expression_kind kind, const char *name);
void expression_names(const struct expression *expression, expression_visit *visit, void *context);

/* Numbers the steps whose answers are read: place gives the number of one, EXPRESSION_NO_PLACE for none.
   Until then, and for everything else, EXPRESSION_NO_PLACE is read. */
enum { EXPRESSION_NO_PLACE = 0xFFFF };
void expression_bind(const struct expression *expression, size_t (*place)(void *context, const char *step),
                     void *context);

/* Writes an expression in the caller's words, for pictures and reports. name: what stands for score.fit or
   answer.goal; literal: what stands for a text that it is compared with. What they return lives until the
   end. */
struct expression_words {
    const char *(*name)(void *context, enum expression_kind kind, const char *name);
    const char *(*literal)(void *context, enum expression_kind kind, const char *name, const char *literal);
    const char *and_word, *or_word, *not_word;
    void *context;
};
struct buf;
void expression_write(const struct expression *expression, const struct expression_words *words,
                      struct buf *out);

/* What has and is look for in a text. */
struct expression_phrases {
    const char *const *list; /* folded */
    size_t count;
    int is_number; /* a number instead */
    int is_whole;  /* nothing else may stand there */
};

/* What an expression reads: 1 and *number or *text set (the other NULL/0), or 0 when unknown; place: the
   number of a step, or EXPRESSION_NO_PLACE. And whether words stand in a text that was read (NULL: never). */
struct expression_scope {
    int (*read)(void *context, enum expression_kind kind, const char *name, size_t place, double *number,
                const char **text);
    int (*stands)(void *context, const char *text, const struct expression_phrases *phrases);
    void *context;
};
int expression_holds(const struct expression *expression,
                     const struct expression_scope *scope); /* NULL holds */

#endif
