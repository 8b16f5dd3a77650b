/* dialogue/expression: what parses, what does not and where, and what holds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/dialogue/expression.h"

static int read_name(void *context, enum expression_kind kind, const char *name, size_t place, double *number,
                     const char **text) {
    (void)context;
    (void)place;
    *text = NULL;
    *number = 0;
    if (kind == EXPRESSION_SCORE && strcmp(name, "fit") == 0) {
        *number = 70;
        return 1;
    }
    if (kind == EXPRESSION_ANSWER && strcmp(name, "goal") == 0) {
        *text = "ngo";
        return 1;
    }
    if (kind == EXPRESSION_SLOT && strcmp(name, "age") == 0) {
        *text = "25";
        return 1;
    }
    if (kind == EXPRESSION_ANSWERED || kind == EXPRESSION_SKIPPED) {
        *number = (kind == EXPRESSION_ANSWERED) == (strcmp(name, "goal") == 0);
        return 1;
    }
    return 0;
}

/* Stands in for the machine: a text of one word is looked for among the phrases. */
static int read_stands(void *context, const char *text, const struct expression_phrases *phrases) {
    (void)context;
    for (size_t i = 0; i < phrases->count; i++) {
        if (strcmp(phrases->list[i], text) == 0) {
            return 1;
        }
    }
    return phrases->is_number && text[0] >= '0' && text[0] <= '9' && !phrases->is_whole;
}

static const char *const *class_words(void *context, const char *name, size_t *count) {
    static const char *const places[] = {"school", "ngo"};
    (void)context;
    *count = strcmp(name, "places") == 0 ? 2 : 0;
    return *count ? places : NULL;
}

static const struct expression_scope scope = {.read = read_name, .stands = read_stands};
static const struct expression_classes classes = {class_words, NULL};

static int holds(const char *text) {
    struct arena *arena = arena_new(0);
    struct err err;
    err_clear(&err);
    const struct expression *expression = expression_parse(text, &classes, arena, &err);
    if (!expression) {
        print_message("%s: %s (column %d)\n", text, err.text, err.column);
    }
    assert_non_null(expression);
    int result = expression_holds(expression, &scope);
    arena_free(arena);
    return result;
}

static void evaluates(void **state) {
    (void)state;
    assert_true(holds("score.fit >= 70"));
    assert_false(holds("score.fit > 70"));
    assert_true(holds("score.fit<=70 and not score.fit<70"));
    assert_true(holds("answer.goal == \"ngo\""));
    assert_false(holds("answer.goal != \"ngo\""));
    assert_true(holds("answer.goal != 3"));
    assert_true(holds("slot.age >= 18 and slot.age == 25 and slot.age == \"25\""));
    assert_true(holds("slot.age < 100")); /* as numbers, not as text */
    assert_true(holds("answered.goal"));
    assert_false(holds("skipped.goal"));
    assert_true(holds("not answered.other and skipped.other"));
    assert_true(holds("score.fit == 1 or score.fit == 70 and answered.goal"));
    assert_false(holds("(score.fit == 70 or score.fit == 1) and skipped.goal"));
    assert_true(holds("-1 < 0"));
}

static void looks_into_words(void **state) {
    (void)state;
    assert_true(holds("answer.goal has {places}"));
    assert_true(holds("answer.goal is {places} and answered.goal"));
    assert_false(holds("answer.goal has {others}"));
    assert_false(holds("answer.goal has number"));
    assert_true(holds("slot.age has number"));
    assert_true(holds("not answer.other has {places}")); /* nothing was said */
    assert_false(holds("score.fit has number"));         /* no words */
}

static void unknown_is_false(void **state) {
    (void)state;
    assert_false(holds("score.none >= 0"));
    assert_false(holds("score.none < 0"));
    assert_false(holds("slot.none != \"x\""));
    assert_true(holds("not slot.none == \"x\""));
    assert_false(holds("slot.none"));
    assert_false(holds("answer.goal < 5")); /* text has no order */
    assert_true(expression_holds(NULL, &scope));
}

static void refuses(const char *text, int column) {
    struct arena *arena = arena_new(0);
    struct err err;
    err_clear(&err);
    assert_null(expression_parse(text, &classes, arena, &err));
    assert_int_equal(err.code, ERR_SYNTAX);
    assert_int_equal(err.column, column);
    arena_free(arena);
}

static void refuses_mistakes(void **state) {
    (void)state;
    refuses("", 1);
    refuses("score.fit >=", 13);
    refuses("score.fit = 3", 11);
    refuses("score. >= 3", 7);
    refuses("skore.fit >= 3", 1);
    refuses("(score.fit >= 3", 1);
    refuses("score.fit >= 3)", 15);
    refuses("answer.goal == \"ngo", 16);
    refuses("score.fit >= 3 andnot slot.x", 16);
    refuses("slot.x == 3x", 11);
    refuses("slot.x has places", 12);
    refuses("slot.x has {places", 12);
    refuses("slot.x is number", 11);
    refuses("\"x\" has {places}", 8);
    refuses("slot.x has {places} 3", 21);
    refuses("((((((((((((((((((((slot.x))))))))))))))))))))", 17);
    refuses("not not not not not not not not not not not not not not not not not slot.x", 64);
}

static void count_names(void *context, enum expression_kind kind, const char *name) {
    char *out = context;
    size_t used = strlen(out);
    assert_true(snprintf(out + used, 100 - used, "%d%s ", (int)kind, name) > 0);
}

static void names_what_it_reads(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    char seen[100] = "";
    expression_names(
        expression_parse("score.a > 1 and not (answer.b == \"c\" or slot.d has {e})", NULL, arena, NULL),
        count_names, seen);
    assert_string_equal(seen, "0a 1b 7e 4d ");
    arena_free(arena);
}

static size_t place_of(void *context, const char *step) {
    (void)context;
    return strcmp(step, "b") == 0 ? 3 : EXPRESSION_NO_PLACE;
}

/* Notes under which number each name is read. */
static int note_place(void *context, enum expression_kind kind, const char *name, size_t place,
                      double *number, const char **text) {
    char *out = context;
    size_t used = strlen(out);
    (void)kind;
    *number = 1;
    *text = NULL;
    assert_true(
        snprintf(out + used, 100 - used, "%s%d ", name, place == EXPRESSION_NO_PLACE ? -1 : (int)place) > 0);
    return 1;
}

static void numbers_the_steps_it_reads(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    char before[100] = "", after[100] = "";
    const struct expression *expression =
        expression_parse("not (answer.b == 2) and value.other and slot.b and score.b", NULL, arena, NULL);
    struct expression_scope noting = {.read = note_place, .context = before};
    assert_true(expression_holds(expression, &noting));
    expression_bind(expression, place_of, NULL);
    noting.context = after;
    assert_true(expression_holds(expression, &noting));
    assert_string_equal(before, "b-1 other-1 b-1 b-1 ");
    assert_string_equal(after, "b3 other-1 b-1 b-1 ");
    expression_bind(NULL, place_of, NULL);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evaluates),           cmocka_unit_test(looks_into_words),
        cmocka_unit_test(unknown_is_false),    cmocka_unit_test(refuses_mistakes),
        cmocka_unit_test(names_what_it_reads), cmocka_unit_test(numbers_the_steps_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
