/* Conditions of dialogues: score.fit >= 70 and not (answer.goal == "ngo" or skipped.age).
   or, and, not, parentheses; == != < <= > >=; numbers, "text"; score.NAME (0..100 over answered steps),
   answer.STEP (choice id, number or text; of a scale its value), answered.STEP, skipped.STEP, slot.NAME,
   value.STEP (number of a choice), rank.NAME (place of a score among the dialogue's known ones, 1 the
   highest). A comparison with something unknown is false; equality compares numbers as numbers, else text. */
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
    EXPRESSION_RANK
};

/* NULL with text and column in *err when text is no expression. Nesting at most 16. */
const struct expression *expression_parse(const char *text, struct arena *arena, struct err *err);

/* Calls visit for every name read, so that lint can check it. */
typedef void expression_visit(void *context, enum expression_kind kind, const char *name);
void expression_names(const struct expression *expression, expression_visit *visit, void *context);

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

/* What an expression reads. Each returns 1 and sets *number or *text (the other NULL/0), or 0 when unknown.
 */
struct expression_scope {
    int (*read)(void *context, enum expression_kind kind, const char *name, double *number,
                const char **text);
    void *context;
};
int expression_holds(const struct expression *expression,
                     const struct expression_scope *scope); /* NULL holds */

#endif
