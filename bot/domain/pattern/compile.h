/* From expressions to PCRE2's code. Private to domain/pattern. */
#ifndef PANDU_DOMAIN_PATTERN_COMPILE_H
#define PANDU_DOMAIN_PATTERN_COMPILE_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/set.h"

struct buf;
struct parse_tree;

struct compile_mistake {
    int number; /* for pcre2_get_error_message */
    size_t offset;
};

/* NULL and *mistake if it is no expression. Whoever calls frees. */
pcre2_code *compile_now(const struct pattern_set *set, const char *expression, size_t length, unsigned flags,
                        struct compile_mistake *mistake);

/* 1 if it is certain that compile_now will do, with *captures: then it can wait. tree: of this expression. */
int compile_prove(const struct pattern_set *set, const struct parse_tree *tree, const char *expression,
                  size_t length, unsigned flags, uint32_t *captures);

/* ---- lists.c ---- */

/* Copies an expression into pattern, its places into set. 0 or ERR_MEMORY. */
int lists_keep_expression(struct pattern_set *set, const char *expression, size_t length,
                          const struct pattern_place *places, size_t count, struct pattern *pattern);
/* Appends an expression with the expressions of its lists in their places. */
void lists_write(const struct pattern_set *set, const char *expression, size_t length,
                 const struct pattern_place *places, size_t count, struct buf *out);
/* The same for a pattern that has its expression; begins out, which the caller closes. 0 or ERR_MEMORY. */
int lists_write_pattern(const struct pattern_set *set, const struct pattern *pattern, struct buf *out);
void lists_free(struct pattern_set *set);

/* The code of a pattern that waited; NULL without memory. Whoever calls frees. */
pcre2_code *compile_deferred(const struct pattern_set *set, const struct pattern *pattern);

#endif
