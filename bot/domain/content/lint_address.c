/* Words that the form of address decides ("kamu", "Anda", "-mu"), written out in a text. Which words those
   are is read from responses/address.json: every word that differs between two forms of a language. Called by
   lint_texts.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"
#include "json/value.h"

#include "banned.h"

/* Words of Indonesian that end in "mu" without meaning "your" (common words and what derives from them). A
   word that is missing here is only a false alarm, and one to add. */
static const char *const innocent[] = {"ilmu",   "berilmu", "seilmu",  "temu",   "bertemu", "ketemu",
                                       "penemu", "jamu",    "menjamu", "tamu",   "bertamu", "semu",
                                       "jemu",   "ramu",    "meramu",  "peramu", "emu",     "mu"};

/* A written-out word and the placeholder that should stand there. */
struct address_word {
    const char *text, *placeholder;
    int is_suffix;
};
enum { WORDS_MAX = 64 };
struct address_words {
    struct address_word list[WORDS_MAX];
    size_t count;
};

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static int is_letter(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (unsigned char)c >= 0x80;
}

static int equal(const char *left, const char *right, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (lower(left[i]) != lower(right[i])) {
            return 0;
        }
    }
    return 1;
}

/* Adds the texts that word has in all forms of one file, if they differ. "mu" beside " Anda": the one without
   a blank is written onto the word before. */
static void add_word(const struct value *forms, const char *word, const char *language,
                     struct address_words *out) {
    const char *texts[16];
    size_t count = 0;
    int differ = 0, has_blank = 0;
    void *position = NULL;
    const char *form;
    struct value *entry;
    while (count < 16 && value_next(forms, &position, &form, &entry)) {
        const char *text = value_get_text(value_get(entry, word), language);
        if (text == NULL || *text == '\0') {
            continue;
        }
        differ |= count > 0 && strcmp(texts[0], text) != 0;
        has_blank |= *text == ' ';
        texts[count++] = text;
    }
    for (size_t i = 0; differ && i < count && out->count < WORDS_MAX; i++) {
        if (*texts[i] != ' ') { /* " Anda" is found as the word of another placeholder */
            out->list[out->count++] = (struct address_word){texts[i], word, has_blank};
        }
    }
}

static void collect(const struct loader *loader, const char *language, struct address_words *out) {
    out->count = 0;
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct document *document = &loader->documents.list[i];
        const struct value *forms =
            document->kind == DOCUMENT_ADDRESS ? value_get(document->value, "forms") : NULL;
        void *position = NULL, *first = NULL;
        const char *form, *word;
        struct value *entry, *text;
        if (value_type(forms) != VALUE_OBJECT || !value_next(forms, &first, &form, &entry)) {
            continue;
        }
        while (value_type(entry) == VALUE_OBJECT && value_next(entry, &position, &word, &text)) {
            add_word(forms, word, language, out);
        }
    }
}

static int is_innocent(const char *word, size_t length) {
    for (size_t i = 0; i < sizeof innocent / sizeof *innocent; i++) {
        if (strlen(innocent[i]) == length && equal(innocent[i], word, length)) {
            return 1;
        }
    }
    return 0;
}

/* Length without -lah, -kah, -pun. */
static size_t without_particle(const char *word, size_t length) {
    static const char *const particles[] = {"lah", "kah", "pun"};
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++) {
        if (length > 3 && equal(word + length - 3, particles[i], 3)) {
            return length - 3;
        }
    }
    return length;
}

static int is_written_out(const struct address_word *address, const char *word, size_t length) {
    size_t size = strlen(address->text);
    if (!address->is_suffix) {
        return length == size && equal(address->text, word, length);
    }
    size_t stem = without_particle(word, length);
    return stem > size + 1 && equal(word + stem - size, address->text, size) && !is_innocent(word, stem);
}

/* The address word that word writes out; the one in the same letters if there are several. */
static const struct address_word *find(const struct address_words *words, const char *word, size_t length) {
    const struct address_word *found = NULL;
    for (size_t i = 0; i < words->count; i++) {
        const struct address_word *address = &words->list[i];
        if (is_written_out(address, word, length)) {
            int is_exact = !address->is_suffix && memcmp(address->text, word, length) == 0;
            int is_better = found == NULL || is_exact || (found->is_suffix && !address->is_suffix);
            found = is_better ? address : found;
        }
    }
    return found;
}

void lint_address(struct loader *loader, const struct lint_text *text) {
    struct address_words words;
    collect(loader, lexicon_language(loader->lexicon, (size_t)text->language), &words);
    for (const char *at = text->text; words.count > 0 && *at != '\0';) {
        size_t length = 0;
        while (is_letter(at[length])) {
            length++;
        }
        if (length == 0) { /* a placeholder and its alternative are the renderer's */
            at += *at == '{' ? strcspn(at, "}") : 0;
            at += *at != '\0';
            continue;
        }
        const struct address_word *address = find(&words, at, length);
        if (address != NULL) {
            struct place place = loader_place(text->document, text->path);
            place.offset = (size_t)(at - text->text);
            problem_add(&loader->problems, PROBLEM_address_written_out, place,
                        arena_copy(loader->scratch, at, length),
                        arena_format(loader->scratch, "{%s}", address->placeholder), NULL);
        }
        at += length;
    }
}
