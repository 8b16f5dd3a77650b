/* Examples are the tests of patterns: each must win, no counter-example may, and patterns must be more than a
   copy of one example. Decides nothing itself (intent_decide does). Called by lint.c. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"
#include "domain/author/author_token.h"
#include "domain/intent/intent.h"
#include "domain/pattern/pattern.h"
#include "domain/text/text.h"
#include "json/value.h"

#include "banned.h"

enum { EXAMPLES_WANTED = 3 };

struct tester {
    struct loader *loader;
    struct pattern_scratch *scratch;
    struct arena *arena; /* emptied after each message */
};

/* The conversation in which an intent may win: in its scope, after what it must follow. */
static struct intent_context context_of(struct tester *tester, const struct content_intent *intent) {
    struct intent_context context = {NULL, NULL, NULL};
    if (intent->scope_count > 0) {
        context.dialogue = intent->scope[0];
    }
    if (intent->after_count > 0) {
        const char *after = intent->after[0], *dot = strchr(after, '.');
        context.after = after;
        if (dot != NULL) {
            context.dialogue = arena_copy(tester->loader->scratch, after, (size_t)(dot - after));
            context.step = dot + 1;
        }
    }
    return context;
}

static void decide(struct tester *tester, const struct content_intent *intent, const char *message,
                   struct intent_decision *decision) {
    struct text text;
    struct intent_context context = context_of(tester, intent);
    arena_reset(tester->arena);
    text_fold(tester->loader->lexicon, message, strlen(message), TEXT_NO_LANGUAGE, tester->arena, &text);
    intent_decide(tester->loader->content, tester->scratch, &text, &context, tester->arena, decision);
}

/* What made the winner win: its pattern, or the search. */
static const char *reason_of(const struct content *content, const struct intent_decision *decision) {
    if (decision->by_similarity || decision->candidate_count == 0) {
        return "search";
    }
    const struct intent_candidate *winner = &decision->candidates[0];
    return content->intents[winner->intent].patterns[winner->pattern].written;
}

static void check_example(struct tester *tester, const struct item *item, uint32_t number, size_t index) {
    const struct content *content = tester->loader->content;
    const struct content_intent *intent = &content->intents[number];
    const char *example = intent->examples[index];
    struct intent_decision decision;
    decide(tester, intent, example, &decision);
    int is_answer = decision.outcome == INTENT_ANSWER;
    if (is_answer && decision.intent == number && !decision.by_similarity) {
        return;
    }
    struct place place =
        loader_place(item->document, loader_path(tester->loader, "%s.examples[%zu]", item->path, index));
    struct problems *problems = &tester->loader->problems;
    if (is_answer && decision.intent != number) {
        problem_add(problems, PROBLEM_example_loses, place, example, content->intents[decision.intent].id,
                    reason_of(content, &decision));
    } else if (is_answer) {
        problem_add(problems, PROBLEM_example_by_search, place, example, NULL, NULL);
    } else if (decision.is_doubtful && decision.candidates[0].intent == number) {
        problem_add(problems, PROBLEM_example_doubted, place, example,
                    content->intents[decision.nearest[0].intent].id, NULL);
    } else {
        problem_add(problems, PROBLEM_example_unmatched, place, example, NULL, NULL);
    }
}

static void check_counter_example(struct tester *tester, const struct item *item, uint32_t number,
                                  size_t index) {
    const struct content *content = tester->loader->content;
    const struct content_intent *intent = &content->intents[number];
    struct intent_decision decision;
    decide(tester, intent, intent->counter_examples[index], &decision);
    if (decision.by_similarity && !tester->loader->intents.is_complete) {
        return; /* what is nearer may stand in the file that could not be read */
    }
    if (decision.outcome == INTENT_ANSWER && decision.intent == number) {
        const char *path = loader_path(tester->loader, "%s.counter_examples[%zu]", item->path, index);
        problem_add(&tester->loader->problems, PROBLEM_counter_example_wins,
                    loader_place(item->document, path), intent->counter_examples[index],
                    reason_of(content, &decision), NULL);
    }
}

/* 1 if nothing in the pattern can match two different texts: no class, gap, alternative, quantifier, set. */
static int is_plain(struct tester *tester, const char *written) {
    struct author_tokens tokens;
    if (author_tokenise(written, tester->loader->scratch, &tokens, NULL) != 0) {
        return 0;
    }
    for (size_t i = 0; i < tokens.count; i++) {
        enum author_token_kind kind = tokens.list[i].kind;
        if (kind != AUTHOR_WORD && kind != AUTHOR_BLANK && kind != AUTHOR_ANCHOR && kind != AUTHOR_END) {
            return 0;
        }
    }
    return 1;
}

static int match_text(struct tester *tester, const struct content_pattern *pattern, const struct text *text,
                      int *is_whole) {
    struct pattern_hit hit;
    size_t length = text->folded_length;
    while (length > 1 && text->folded[length - 2] == ' ' && strchr(".?", text->folded[length - 1]) != NULL) {
        length -= 2; /* the end of a sentence says nothing */
    }
    int rc = pattern_match_one(tester->loader->content->patterns, tester->scratch, pattern->number,
                               text->folded, text->folded_length, &hit);
    *is_whole = rc == 1 && hit.span.start == 0 && hit.span.end >= length;
    return rc;
}

/* Like pattern_match_one on the message, as it is written and, when nothing matches, with typing errors
   corrected; *is_whole: the match is all the message says. */
static int matches(struct tester *tester, const struct content_pattern *pattern, const char *message,
                   int *is_whole) {
    struct text text, corrected;
    arena_reset(tester->arena);
    text_fold(tester->loader->lexicon, message, strlen(message), TEXT_NO_LANGUAGE, tester->arena, &text);
    int rc = match_text(tester, pattern, &text, is_whole);
    if (rc == 0 && text_correct(tester->loader->lexicon, &text, tester->arena, &corrected) > 0) {
        rc = match_text(tester, pattern, &corrected, is_whole);
    }
    return rc;
}

/* A pattern that is given up on an example of its own intent is lost for people who write like that. */
static void report_slow(struct tester *tester, struct place place, const char *example) {
    struct problems *problems = &tester->loader->problems;
    if (!problems_have(problems, PROBLEM_pattern_slow, place.document, place.path)) {
        const char *limit = arena_format(tester->loader->scratch, "%zu", 500 + strlen(example) * 5 / 2);
        problem_add(problems, PROBLEM_pattern_slow, place, limit, example, NULL);
    }
}

/* A pattern that is a copy of one example and matches no other is a test that tests itself, and so is one
   without which its only example would not be understood; one that matches none is not tested at all. */
static void report_own(struct tester *tester, const struct lint_proof *proof, size_t matched, int is_copy,
                       struct place place) {
    struct problems *problems = &tester->loader->problems;
    const struct content_intent *intent = &tester->loader->content->intents[proof->intent];
    const char *example = intent->examples[proof->example];
    if (matched == 0 && !problems_touch(problems, place.document, place.path)) {
        problem_add(problems, PROBLEM_pattern_unproven, place, NULL, NULL, NULL);
    } else if (matched == 1 && is_copy && is_plain(tester, intent->patterns[proof->pattern].written)) {
        problem_add(problems, PROBLEM_pattern_own_example, place, example, NULL, NULL);
    } else if (matched == 1) {
        struct intent_context context = context_of(tester, intent);
        arena_reset(tester->arena);
        if (!lint_held_out(tester->loader, tester->scratch, &context, proof, tester->arena)) {
            problem_add(problems, PROBLEM_pattern_one_example, place, example, NULL, NULL);
        }
    }
}

static void check_own(struct tester *tester, const struct item *item, uint32_t number, size_t index) {
    const struct content_intent *intent = &tester->loader->content->intents[number];
    const struct content_pattern *pattern = &intent->patterns[index];
    struct lint_proof proof = {number, index, 0};
    size_t matched = 0;
    int is_copy = 0;
    struct place place = loader_place(item->document, pattern->place.path);
    for (size_t i = 0; i < intent->example_count; i++) {
        int is_whole = 0, rc = matches(tester, pattern, intent->examples[i], &is_whole);
        if (rc == 1) {
            matched++;
            proof.example = i;
            is_copy |= is_whole;
        } else if (rc == ERR_LIMIT) {
            report_slow(tester, place, intent->examples[i]);
        }
    }
    report_own(tester, &proof, matched, is_copy, place);
}

/* Patterns that could not be compiled, or stand under a name nobody knows, would make examples lose without
 * being at fault. */
static int is_judged(struct loader *loader, const struct item *item, const struct content_intent *intent) {
    const struct value *patterns = value_get(item->value, "patterns"),
                       *unless = value_get(item->value, "unless");
    return intent->pattern_count == value_count(patterns) && intent->unless_count == value_count(unless) &&
           (intent->pattern_count > 0 ||
            !problems_have(&loader->problems, PROBLEM_schema_unknown, item->document, item->path));
}

static void check_intent(struct tester *tester, const struct item *item, uint32_t number) {
    struct loader *loader = tester->loader;
    const struct content_intent *intent = &loader->content->intents[number];
    if (intent->example_count > 0 && intent->example_count < EXAMPLES_WANTED) {
        problem_add(&loader->problems, PROBLEM_few_examples,
                    loader_place(item->document, loader_path(loader, "%s.examples", item->path)),
                    arena_format(loader->scratch, "%zu", intent->example_count), NULL, NULL);
    }
    if (!is_judged(loader, item, intent)) {
        return;
    }
    for (size_t i = 0; i < intent->example_count; i++) {
        check_example(tester, item, number, i);
    }
    for (size_t i = 0; i < intent->counter_example_count; i++) {
        check_counter_example(tester, item, number, i);
    }
    for (size_t i = 0; intent->example_count > 0 && i < intent->pattern_count; i++) {
        check_own(tester, item, number, i);
    }
}

void lint_examples(struct loader *loader) {
    struct tester tester = {loader, pattern_scratch_new(loader->content->patterns), arena_new(0)};
    for (size_t i = 0; tester.scratch != NULL && tester.arena != NULL && i < loader->intents.count; i++) {
        check_intent(&tester, &loader->intents.list[i], (uint32_t)i);
    }
    pattern_scratch_free(tester.scratch);
    arena_free(tester.arena);
}
