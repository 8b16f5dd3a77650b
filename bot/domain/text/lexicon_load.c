/* Builds the lexicon from parsed normalise.json files. Reports every mistake of all files and never stops at
   the first. Called once a content load. */
#include "domain/text/lexicon.h"

#include <string.h>

#include "base/arena.h"
#include "domain/text/entry.h"
#include "domain/text/letters.h"
#include "domain/text/scan.h"
#include "json/value.h"

#include "banned.h"

struct load {
    struct lexicon *lexicon;
    lexicon_report *report;
    void *context;
    size_t mistakes;
    int language;     /* the one being read */
    const char *path; /* of that language: "$.languages[0]" */
};

static void complain(struct load *load, const char *path, const char *text) {
    load->mistakes++;
    if (load->report != NULL) {
        load->report(load->context, path, text);
    }
}

static const char *member_path(struct load *load, const char *member) {
    return arena_format(load->lexicon->arena, "%s.%s", load->path, member);
}

/* A spelling must be what folding sees: one word, lower case, plain letters. */
static const char *spelling(struct load *load, const char *path, const char *text) {
    if (text == NULL) {
        complain(load, path, "expected text: write one word in quotes");
        return NULL;
    }
    size_t length = strlen(text);
    if (length == 0 || length > LEXICON_WORD_MAX || strchr(text, ' ') != NULL) {
        complain(load, path, "expected one word of 1 to 64 bytes without blanks");
        return NULL;
    }
    struct letters plain;
    letters_fold(text, length, load->lexicon->arena, &plain);
    if (plain.length != length || memcmp(plain.bytes, text, length) != 0) {
        complain(load, path, "expected lower case without accents: write it as folding does");
        return NULL;
    }
    return text;
}

/* A standard form: folded words with single blanks. */
static const char *standard_form(struct load *load, const char *path, const char *text) {
    if (text == NULL) {
        complain(load, path, "expected the standard form as text");
        return NULL;
    }
    struct letters plain;
    letters_fold(text, strlen(text), load->lexicon->arena, &plain);
    int bad = plain.length != strlen(text) || memcmp(plain.bytes, text, plain.length) != 0;
    for (const char *c = text; !bad && *c != '\0'; c++) {
        bad =
            strchr(".,;:!?'-/()\"", *c) != NULL || (*c == ' ' && (c == text || c[1] == ' ' || c[1] == '\0'));
    }
    if (bad) {
        complain(load, path,
                 "expected lower case words with single blanks, without punctuation (\"tidak apa apa\")");
        return NULL;
    }
    return text;
}

typedef void use_word(struct load *load, struct lexicon_entry *entry);

static uint8_t with_bit(const struct load *load, uint8_t mask) {
    return (uint8_t)(mask | lexicon_bit(load->language));
}

static void use_marker(struct load *load, struct lexicon_entry *entry) {
    entry->marker = with_bit(load, entry->marker);
    entry->known = with_bit(load, entry->known);
}

static void use_known(struct load *load, struct lexicon_entry *entry) {
    entry->known = with_bit(load, entry->known);
}

static void use_keep(struct load *load, struct lexicon_entry *entry) {
    entry->keep = with_bit(load, entry->keep);
    entry->known = with_bit(load, entry->known);
}

static void use_question(struct load *load, struct lexicon_entry *entry) {
    entry->question = with_bit(load, entry->question);
    entry->known = with_bit(load, entry->known);
}

static void read_words(struct load *load, const struct value *language, const char *member, use_word *use) {
    const struct value *list = value_get(language, member);
    if (list == NULL) {
        return;
    }
    if (value_type(list) != VALUE_ARRAY) {
        complain(load, member_path(load, member), "expected a list of words");
        return;
    }
    for (size_t i = 0; i < value_count(list); i++) {
        const char *path = arena_format(load->lexicon->arena, "%s.%s[%zu]", load->path, member, i);
        const char *word = spelling(load, path, value_text(value_at(list, i)));
        if (word != NULL) {
            use(load, lexicon_intern(load->lexicon, word, strlen(word)));
        }
    }
}

/* The form of a spelling in the language being read, made when there is none. */
static struct lexicon_form *form_for(struct load *load, const char *word, const char *path) {
    struct lexicon_entry *entry = lexicon_intern(load->lexicon, word, strlen(word));
    struct lexicon_form *form = lexicon_form(entry, load->language);
    if (form == NULL) {
        form = arena_alloc(load->lexicon->arena, sizeof *form);
        form->next = entry->forms;
        form->language = load->language;
        entry->forms = form;
    }
    form->path = path;
    return form;
}

static void read_forms(struct load *load, const struct value *forms) {
    if (forms != NULL && value_type(forms) != VALUE_OBJECT) {
        complain(load, member_path(load, "forms"), "expected an object: {\"gk\": \"tidak\"}");
        return;
    }
    void *position = NULL;
    const char *key;
    struct value *member;
    while (forms != NULL && value_next(forms, &position, &key, &member)) {
        const char *path = arena_format(load->lexicon->arena, "%s.forms.%s", load->path, key);
        const char *word = spelling(load, path, key);
        const char *standard = standard_form(load, path, value_text(member));
        if (word == NULL || standard == NULL) {
            continue;
        }
        struct lexicon_form *form = form_for(load, word, path);
        form->standard = arena_text(load->lexicon->arena, standard);
        form->rules = NULL; /* a site's plain form replaces a rule of the shipped lexicon */
    }
}

/* Reads one list of context words. */
static void read_context(struct load *load, const struct value *rule, const char *path, const char *member,
                         struct lexicon_set *set) {
    const struct value *list = value_get(rule, member);
    if (list == NULL) {
        return;
    }
    const char *where = arena_format(load->lexicon->arena, "%s.%s", path, member);
    if (value_type(list) != VALUE_ARRAY || value_count(list) == 0) {
        complain(load, where, "expected a list of words with at least one");
        return;
    }
    set->words = arena_array(load->lexicon->arena, value_count(list), sizeof *set->words);
    for (size_t i = 0; i < value_count(list); i++) {
        const char *word = spelling(load, where, value_text(value_at(list, i)));
        if (word != NULL) {
            set->words[set->word_count++] = arena_text(load->lexicon->arena, word);
        }
    }
}

static const struct {
    const char *name;
    unsigned flag;
} rule_flags[] = {
    {"only_after_number", RULE_ONLY_AFTER_NUMBER},
    {"unless_after_number", RULE_UNLESS_AFTER_NUMBER},
    {"only_before_number", RULE_ONLY_BEFORE_NUMBER},
    {"unless_before_number", RULE_UNLESS_BEFORE_NUMBER},
    {"only_first", RULE_ONLY_FIRST},
    {"unless_first", RULE_UNLESS_FIRST},
    {"only_last", RULE_ONLY_LAST},
    {"unless_last", RULE_UNLESS_LAST},
};

static void read_conditions(struct load *load, const struct value *from, const char *path,
                            struct lexicon_rule *rule) {
    read_context(load, from, path, "before", &rule->before);
    read_context(load, from, path, "after", &rule->after);
    read_context(load, from, path, "unless_before", &rule->unless_before);
    read_context(load, from, path, "unless_after", &rule->unless_after);
    for (size_t i = 0; i < sizeof rule_flags / sizeof *rule_flags; i++) {
        if (value_bool(value_get(from, rule_flags[i].name), 0)) {
            rule->flags |= rule_flags[i].flag;
        }
    }
    if (rule->flags == 0 && rule->before.word_count + rule->after.word_count +
                                    rule->unless_before.word_count + rule->unless_after.word_count ==
                                0) {
        complain(load, path, "an ambiguous form needs a condition: without one write it under \"forms\"");
    }
}

static void check_rule_members(struct load *load, const struct value *from, const char *path) {
    static const char *const lists[] = {"form",  "standard",      "before",
                                        "after", "unless_before", "unless_after"};
    void *position = NULL;
    const char *key;
    struct value *member;
    while (value_next(from, &position, &key, &member)) {
        int known = 0;
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
            known |= strcmp(key, lists[i]) == 0;
        }
        for (size_t i = 0; i < sizeof rule_flags / sizeof *rule_flags; i++) {
            known |= strcmp(key, rule_flags[i].name) == 0 && value_type(member) == VALUE_BOOL;
        }
        if (!known) {
            complain(load, arena_format(load->lexicon->arena, "%s.%s", path, key),
                     "unknown member, or not true or false: see bot/schema/normalise.json");
        }
    }
}

static void read_rule(struct load *load, const struct value *from, const char *path) {
    if (value_type(from) != VALUE_OBJECT) {
        complain(load, path, "expected an object with form, standard and a condition");
        return;
    }
    check_rule_members(load, from, path);
    const char *word = spelling(load, path, value_get_text(from, "form"));
    const char *standard = standard_form(load, path, value_get_text(from, "standard"));
    if (word == NULL || standard == NULL) {
        return;
    }
    struct lexicon_form *form = form_for(load, word, path);
    if (form->standard != NULL) {
        complain(load, path, "this spelling stands under \"forms\" too: remove one of the two");
        return;
    }
    struct lexicon_rule *rule = arena_alloc(load->lexicon->arena, sizeof *rule);
    rule->standard = arena_text(load->lexicon->arena, standard);
    read_conditions(load, from, path, rule);
    struct lexicon_rule **end = &form->rules; /* the first fitting rule wins: keep the order of the file */
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = rule;
}

static void read_ambiguous(struct load *load, const struct value *list) {
    if (list != NULL && value_type(list) != VALUE_ARRAY) {
        complain(load, member_path(load, "ambiguous"), "expected a list of rules");
        return;
    }
    for (size_t i = 0; i < value_count(list); i++) {
        read_rule(load, value_at(list, i),
                  arena_format(load->lexicon->arena, "%s.ambiguous[%zu]", load->path, i));
    }
}

/* Inserts longest first, so that "nyalah" is tried before "lah". */
static void insert_affix(struct lexicon_affix *affixes, size_t *count, struct lexicon_affix affix) {
    size_t at = *count;
    while (at > 0 && affixes[at - 1].length < affix.length) {
        affixes[at] = affixes[at - 1];
        at--;
    }
    affixes[at] = affix;
    ++*count;
}

static void read_affixes(struct load *load, const struct value *from, const char *member,
                         struct lexicon_affix **affixes, size_t *count) {
    if (from != NULL && value_type(from) != VALUE_OBJECT) {
        complain(load, member_path(load, member), "expected an object: {\"ku\": \"aku\"}");
        return;
    }
    struct lexicon_affix *list =
        arena_array(load->lexicon->arena, *count + value_count(from) + 1, sizeof *list);
    if (*count != 0) {
        memcpy(list, *affixes, *count * sizeof *list);
    }
    void *position = NULL;
    const char *key;
    struct value *text;
    while (from != NULL && value_next(from, &position, &key, &text)) {
        const char *path = arena_format(load->lexicon->arena, "%s.%s.%s", load->path, member, key);
        const char *part = spelling(load, path, key);
        const char *standard = standard_form(load, path, value_text(text));
        if (part != NULL && standard != NULL) {
            int attach = standard[0] == '+';
            insert_affix(
                list, count,
                (struct lexicon_affix){.text = arena_text(load->lexicon->arena, part),
                                       .length = strlen(part),
                                       .standard = arena_text(load->lexicon->arena, standard + attach),
                                       .attach = attach});
        }
    }
    *affixes = list;
}

/* Index of the language the object is about: found by its code, or added. -1 when it cannot be. */
static int language_for(struct load *load, const struct value *from) {
    struct lexicon *lexicon = load->lexicon;
    const char *code = value_get_text(from, "code");
    if (code == NULL || strlen(code) < 2 || strlen(code) > 8) {
        complain(load, member_path(load, "code"), "expected a language code such as \"id\"");
        return -1;
    }
    int index = lexicon_language_index(lexicon, code);
    if (index < 0 && lexicon->language_count == LEXICON_LANGUAGES_MAX) {
        complain(load, load->path, "more than 8 languages");
        return -1;
    }
    if (index < 0) {
        index = (int)lexicon->language_count++;
        lexicon->languages[index].code = arena_text(lexicon->arena, code);
    }
    return index;
}

static void check_members(struct load *load, const struct value *language) {
    static const char *const names[] = {"code",  "name",      "markers", "questions", "forms",
                                        "known", "ambiguous", "keep",    "suffixes",  "prefixes"};
    void *position = NULL;
    const char *key;
    struct value *member;
    while (value_next(language, &position, &key, &member)) {
        int known = 0;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            known |= strcmp(key, names[i]) == 0;
        }
        if (!known) {
            complain(load, member_path(load, key), "unknown member: see bot/schema/normalise.json");
        }
    }
}

static void read_language(struct load *load, const struct value *language) {
    if (value_type(language) != VALUE_OBJECT) {
        complain(load, load->path, "expected an object with a language code");
        return;
    }
    load->language = language_for(load, language);
    if (load->language < 0) {
        return;
    }
    struct lexicon_language *into = &load->lexicon->languages[load->language];
    check_members(load, language);
    read_words(load, language, "markers", use_marker);
    read_words(load, language, "known", use_known);
    read_words(load, language, "keep", use_keep);
    read_words(load, language, "questions", use_question);
    read_forms(load, value_get(language, "forms"));
    read_ambiguous(load, value_get(language, "ambiguous"));
    read_affixes(load, value_get(language, "suffixes"), "suffixes", &into->suffixes, &into->suffix_count);
    read_affixes(load, value_get(language, "prefixes"), "prefixes", &into->prefixes, &into->prefix_count);
}

static void read_file(struct load *load, const struct value *file) {
    const struct value *languages = value_get(file, "languages");
    if (value_type(languages) != VALUE_ARRAY || value_count(languages) == 0) {
        complain(load, "$.languages", "expected a list with at least one language");
        return;
    }
    for (size_t i = 0; i < value_count(languages); i++) {
        load->path = arena_format(load->lexicon->arena, "$.languages[%zu]", i);
        read_language(load, value_at(languages, i));
    }
}

/* What stands for an e-mail address and the like is a right word of every language. */
static void know_stand_ins(struct lexicon *lexicon) {
    static const char *const words[] = {SCAN_EMAIL, SCAN_URL, SCAN_PHONE, SCAN_IDENTITY};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct lexicon_entry *entry = lexicon_intern(lexicon, words[i], strlen(words[i]));
        entry->known = entry->keep = UINT8_MAX;
    }
}

struct lexicon *lexicon_new(const struct value *const *files, size_t file_count, struct arena *arena,
                            lexicon_report *report, void *context) {
    struct lexicon *lexicon = arena_alloc(arena, sizeof *lexicon);
    lexicon->arena = arena;
    struct load load = {.lexicon = lexicon, .report = report, .context = context};
    know_stand_ins(lexicon);
    for (size_t i = 0; i < file_count; i++) {
        read_file(&load, files[i]);
    }
    if (lexicon->language_count == 0) {
        complain(&load, "$.languages", "there is no language");
    }
    load.mistakes += lexicon_chain(lexicon, report, context);
    for (size_t i = 0; i < lexicon->capacity; i++) {
        if (lexicon->slots[i] != NULL) {
            lexicon_count_votes(lexicon->slots[i], lexicon->language_count);
        }
    }
    return load.mistakes == 0 ? lexicon : NULL;
}
