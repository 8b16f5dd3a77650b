/* Follows chains in the lexicon once at load ("gmna" -> "gimana" -> "bagaimana"), so that folding is one
   look-up and folding twice changes nothing. Never called at run time. Called by lexicon_load.c. */
#include "domain/text/entry.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"

#include "banned.h"

enum form_state { FORM_NEW, FORM_RUNNING, FORM_DONE };

enum { CHAIN_MAX = 32 };

struct chain {
    struct lexicon *lexicon;
    lexicon_report *report;
    void *context;
    size_t mistakes;
    int depth;
};

static void complain(struct chain *chain, const struct lexicon_form *form, const char *text) {
    chain->mistakes++;
    if (chain->report != NULL) {
        chain->report(chain->context, form->path, text);
    }
}

static void follow(struct chain *chain, struct lexicon_form *form);

/* Appends the end of the chain of one word. Returns the rules of the word if it is ambiguous. */
static struct lexicon_rule *append_end(struct chain *chain, int language, const char *word, size_t length,
                                       struct buf *out) {
    struct lexicon_form *form = lexicon_form(lexicon_find(chain->lexicon, word, length), language);
    if (form != NULL && form->standard != NULL) {
        follow(chain, form);
        (void)buf_add_text(out, form->standard);
        return form->rules;
    }
    (void)buf_add(out, word, length);
    return form != NULL ? form->rules : NULL;
}

/* Rewrites a standard word by word; *rules gets the rules of a single ambiguous word. Returns how many words
   of the standard are ambiguous. */
static size_t rewrite(struct chain *chain, int language, const char **standard, struct lexicon_rule **rules) {
    struct buf out;
    buf_init(&out, (size_t)LEXICON_STANDARD_MAX * CHAIN_MAX);
    size_t ambiguous = 0;
    const char *word = *standard;
    while (*word != '\0') {
        size_t length = strcspn(word, " ");
        if (out.length != 0) {
            (void)buf_add_char(&out, ' ');
        }
        struct lexicon_rule *found = append_end(chain, language, word, length, &out);
        ambiguous += found != NULL;
        *rules = found != NULL ? found : *rules;
        word += length + (word[length] == ' ');
    }
    *standard = arena_text(chain->lexicon->arena, buf_text(&out));
    buf_close(&out);
    return ambiguous;
}

static void follow(struct chain *chain, struct lexicon_form *form) {
    if (form->state == FORM_DONE) {
        return;
    }
    if (form->state == FORM_RUNNING || chain->depth > CHAIN_MAX) {
        complain(chain, form, "this form leads back to itself: remove one form of the circle");
        return;
    }
    form->state = FORM_RUNNING;
    chain->depth++;
    size_t ambiguous = rewrite(chain, form->language, &form->standard, &form->rules);
    chain->depth--;
    form->state = FORM_DONE;
    if (ambiguous > 0 && strchr(form->standard, ' ') != NULL) {
        complain(chain, form, "its standard form has an ambiguous word: write the word that is meant");
    }
    if (strlen(form->standard) > LEXICON_STANDARD_MAX) {
        complain(chain, form, "its standard form is longer than 64 bytes: write a shorter one");
    }
}

static void follow_rules(struct chain *chain, struct lexicon_form *form) {
    for (struct lexicon_rule *rule = form->rules; rule != NULL; rule = rule->next) {
        struct lexicon_rule *again = NULL;
        if (rewrite(chain, form->language, &rule->standard, &again) > 0) {
            complain(chain, form, "its standard form is ambiguous itself: write the word that is meant");
        }
    }
}

static void add_hash(struct lexicon_set *set, const char *word, size_t length) {
    set->hashes[set->count++] = hash_bytes(0, word, length);
}

/* A context word stands for itself and for what it folds to: neighbours are compared in both spellings, so
   that folding a folded text decides alike. */
static void hash_context(struct lexicon *lexicon, int language, struct lexicon_set *set) {
    set->hashes = arena_array(lexicon->arena, set->word_count * 3 + 1, sizeof *set->hashes);
    for (size_t i = 0; i < set->word_count; i++) {
        const char *word = set->words[i];
        add_hash(set, word, strlen(word));
        const struct lexicon_form *form = lexicon_form(lexicon_find(lexicon, word, strlen(word)), language);
        if (form != NULL && form->standard != NULL && form->standard[0] != '\0') {
            const char *last = strrchr(form->standard, ' ');
            last = last != NULL ? last + 1 : form->standard;
            add_hash(set, form->standard, strcspn(form->standard, " "));
            add_hash(set, last, strlen(last));
        }
    }
}

static void hash_rules(struct lexicon *lexicon, const struct lexicon_form *form) {
    for (struct lexicon_rule *rule = form->rules; rule != NULL; rule = rule->next) {
        hash_context(lexicon, form->language, &rule->before);
        hash_context(lexicon, form->language, &rule->after);
        hash_context(lexicon, form->language, &rule->unless_before);
        hash_context(lexicon, form->language, &rule->unless_after);
    }
}

/* Words that folding writes are right by definition: they are never taken apart or reduced again. */
static void know_words(struct lexicon *lexicon, int language, const char *standard) {
    const char *word = standard;
    while (*word != '\0') {
        size_t length = strcspn(word, " ");
        struct lexicon_entry *entry = lexicon_intern(lexicon, word, length);
        entry->known = (uint8_t)(entry->known | lexicon_bit(language));
        word += length + (word[length] == ' ');
    }
}

static void know_form(struct lexicon *lexicon, const struct lexicon_form *form) {
    if (form->standard != NULL) {
        know_words(lexicon, form->language, form->standard);
        return;
    }
    for (const struct lexicon_rule *rule = form->rules; rule != NULL; rule = rule->next) {
        know_words(lexicon, form->language, rule->standard);
    }
}

size_t lexicon_chain(struct lexicon *lexicon, lexicon_report *report, void *context) {
    struct chain chain = {.lexicon = lexicon, .report = report, .context = context};
    struct lexicon_entry **entries = arena_array(lexicon->arena, lexicon->count + 1, sizeof(void *));
    size_t count = 0;
    for (size_t i = 0; i < lexicon->capacity; i++) {
        if (lexicon->slots[i] != NULL) {
            entries[count++] = lexicon->slots[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        for (struct lexicon_form *form = entries[i]->forms; form != NULL; form = form->next) {
            if (form->standard == NULL) {
                follow_rules(&chain, form);
            } else {
                follow(&chain, form);
            }
        }
    }
    for (size_t i = 0; chain.mistakes == 0 && i < count; i++) {
        for (struct lexicon_form *form = entries[i]->forms; form != NULL; form = form->next) {
            know_form(lexicon, form);
            if (form->standard == NULL) { /* others share these rules */
                hash_rules(lexicon, form);
            }
        }
    }
    return chain.mistakes;
}
