/* Patterns as text and as work: literals that folding rewrites, certain words, cost on hostile messages.
   Whether they match their own examples is in lint_examples.c. Called by lint.c. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"
#include "domain/author/author_pattern.h"
#include "domain/author/author_token.h"
#include "domain/pattern/pattern.h"
#include "domain/text/text.h"
#include "json/value.h"

#include "banned.h"

/* At run time a pattern is given up above 500 + 2.5 x bytes steps on a segment of at most 512 bytes ("bounds"
   of the design). What is given up on a hostile message bounds the work, but a pattern that needs as much
   also misses people's messages. */
enum { STEPS_BASE = 500, HOSTILE_BYTES = 512, HOSTILE_WORDS = 8, HOSTILE_SHOWN = 40 };

/* One pattern under test. */
struct subject {
    struct loader *loader;
    struct pattern_scratch *scratch;
    const struct document *document;
    const struct content_pattern *pattern;
    const char *path; /* of the pattern in the document */
};

static void on_unfoldable(void *context, const char *word, size_t column) {
    const struct subject *subject = context;
    struct place place = loader_place(subject->document, subject->path);
    place.offset = column > 0 ? column - 1 : 0;
    problem_add(&subject->loader->problems, PROBLEM_literal_unfoldable, place, word, NULL, NULL);
}

/* The words a hostile message is made of: the pattern's own, and of each class the first. */
static size_t own_words(const struct subject *subject, const char **words) {
    struct loader *loader = subject->loader;
    struct author_tokens tokens;
    size_t count = 0;
    if (author_tokenise(subject->pattern->written, loader->scratch, &tokens, NULL) != 0) {
        return 0;
    }
    for (size_t i = 0; i < tokens.count && count < HOSTILE_WORDS; i++) {
        const struct author_token *token = &tokens.list[i];
        const char *bytes = tokens.pattern + token->start;
        size_t length = token->length;
        if (token->kind == AUTHOR_CLASS) {
            size_t class = items_find(&loader->classes, bytes, length);
            int has_words = class != ITEM_NONE && loader->class_list[class].count[0] > 0;
            bytes = has_words ? loader->class_list[class].words[0][0] : "";
            length = strcspn(bytes, "{");
        } else if (token->kind != AUTHOR_WORD) {
            continue;
        }
        const char *folded = text_fold_phrase(loader->lexicon, 0, bytes, length, loader->scratch);
        if (*folded != '\0') {
            words[count++] = folded;
        }
    }
    return count;
}

/* Words one after another, each followed by `between` fillers, until room is used up. */
static size_t fill(char *out, size_t room, const char *const *words, size_t count, size_t between) {
    size_t used = 0;
    for (size_t turn = 0; used + 1 < room; turn++) {
        const char *word = turn % (between + 1) == 0 ? words[turn / (between + 1) % count] : "a";
        size_t length = strlen(word);
        if (length == 0 || used + length + 1 > room) {
            break;
        }
        memcpy(out + used, word, length);
        used += length;
        out[used++] = ' ';
    }
    return used > 0 ? used - 1 : 0;
}

static int is_slow(const struct subject *subject, const char *text, size_t length, const char *named) {
    struct loader *loader = subject->loader;
    struct pattern_hit hit;
    if (length == 0 || pattern_match_one(loader->content->patterns, subject->scratch,
                                         subject->pattern->number, text, length, &hit) != ERR_LIMIT) {
        return 0;
    }
    problem_add(&loader->problems, PROBLEM_pattern_slow, loader_place(subject->document, subject->path),
                arena_format(loader->scratch, "%zu", STEPS_BASE + length * 5 / 2), named, NULL);
    return 1;
}

static int is_slow_shown(const struct subject *subject, const char *text, size_t length) {
    size_t shown = length < HOSTILE_SHOWN ? length : HOSTILE_SHOWN;
    return is_slow(subject, text, length,
                   arena_format(subject->loader->scratch, "%.*s ...", (int)shown, text));
}

/* The words over and over with `between` fillers after each: all of them; and all but the last, so that what
   begins cannot end, with the last one misspelt behind, because PCRE2 gives up at once where a letter it
   needs does not follow. */
static int is_slow_between(const struct subject *subject, const char *const *words, size_t count,
                           size_t between) {
    char text[2 * HOSTILE_BYTES];
    size_t length = fill(text, HOSTILE_BYTES, words, count, between);
    if (is_slow_shown(subject, text, length)) {
        return 1;
    }
    size_t last = strlen(words[count - 1]);
    if (last + 3 > HOSTILE_BYTES) {
        return 0;
    }
    length = fill(text, HOSTILE_BYTES - last - 2, words, count > 1 ? count - 1 : 1, between);
    text[length++] = ' ';
    memcpy(text + length, words[count - 1], last);
    length += last;
    text[length++] = 'x';
    return is_slow_shown(subject, text, length);
}

/* Messages that make backtracking expensive: the pattern's words, with fillers as many as gaps take, one long
   word, one letter a word, digits. The first that is too slow is reported. */
static void check_cost(const struct subject *subject) {
    const char *words[HOSTILE_WORDS] = {"a"};
    size_t count = own_words(subject, words);
    for (size_t between = 0; between <= 6; between += 3) {
        if (is_slow_between(subject, words, count > 0 ? count : 1, between)) {
            return;
        }
    }
    static const char *const runs[] = {"a", "a ", "1", "? "};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char text[HOSTILE_BYTES];
        for (size_t at = 0; at < HOSTILE_BYTES; at++) {
            text[at] = runs[i][at % strlen(runs[i])];
        }
        const char *named = arena_format(subject->loader->scratch, "%s%s%s...", runs[i], runs[i], runs[i]);
        if (is_slow(subject, text, HOSTILE_BYTES, named)) {
            return;
        }
    }
}

static void check_pattern(struct subject *subject) {
    struct loader *loader = subject->loader;
    if (loader->is_lexicon_sound) {
        author_pattern_unfoldable(loader->lexicon, subject->pattern->written, loader->scratch, on_unfoldable,
                                  subject);
    }
    if (!pattern_has_literal(loader->content->patterns, subject->pattern->number)) {
        problem_add(&loader->problems, PROBLEM_pattern_no_literal,
                    loader_place(subject->document, subject->path), NULL, NULL, NULL);
    }
    check_cost(subject);
}

static void check_list(struct loader *loader, struct pattern_scratch *scratch, const struct item *item,
                       const struct content_pattern *patterns, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct subject subject = {loader, scratch, item->document, &patterns[i], patterns[i].place.path};
        check_pattern(&subject);
    }
}

void lint_patterns(struct loader *loader) {
    struct pattern_scratch *scratch = pattern_scratch_new(loader->content->patterns);
    if (scratch == NULL) {
        return;
    }
    for (size_t i = 0; i < loader->intents.count; i++) {
        const struct item *item = &loader->intents.list[i];
        const struct content_intent *intent = &loader->content->intents[i];
        check_list(loader, scratch, item, intent->patterns, intent->pattern_count);
        check_list(loader, scratch, item, intent->unless, intent->unless_count);
        check_list(loader, scratch, item, intent->in_topic, intent->in_topic_count);
    }
    for (size_t i = 0; i < loader->facts.count; i++) {
        const struct item *item = &loader->facts.list[i];
        const struct content_fact *fact = &loader->content->facts[i];
        check_list(loader, scratch, item, fact->patterns, fact->pattern_count);
        check_list(loader, scratch, item, fact->unless, fact->unless_count);
    }
    pattern_scratch_free(scratch);
}
