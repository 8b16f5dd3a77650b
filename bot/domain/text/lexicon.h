/* The normalisation lexicon: languages, their marker words, and chat spellings with their standard forms.
   Built from intents/normalise.json; immutable afterwards. */
#ifndef PANDU_DOMAIN_TEXT_LEXICON_H
#define PANDU_DOMAIN_TEXT_LEXICON_H

#include <stddef.h>

struct arena;
struct err;
struct value;
struct lexicon;

enum { LEXICON_LANGUAGES_MAX = 8 };

/* Reports one mistake of the file by its JSON path ("$.id.forms.gk"); called for every mistake. */
typedef void lexicon_report(void *context, const char *path, const char *text);

/* Builds a lexicon in arena from the parsed normalise.json (format: docs/content.md). Reports every mistake
   through report (may be NULL) and returns NULL if there was one. Extra site files are further values. */
struct lexicon *lexicon_new(const struct value *const *files, size_t file_count, struct arena *arena,
                            lexicon_report *report, void *context);

/* Teaches one standard word (folded) that patterns, classes or examples use, so that text_correct knows it:
   target 1 if typing errors may be corrected towards it (class and pattern words), 0 if it is merely known to
   be right. */
void lexicon_add_word(struct lexicon *lexicon, int language, const char *word, size_t length, int target);

size_t lexicon_language_count(const struct lexicon *lexicon);
const char *lexicon_language(const struct lexicon *lexicon, size_t index);   /* "id", "en" */
int lexicon_language_index(const struct lexicon *lexicon, const char *code); /* TEXT_NO_LANGUAGE if unknown */

/* 1 if the lexicon knows this lower-case word in some language: from its file, from what patterns, classes
   and examples use, or without its affixes. For lint and authors' tools: a word nobody knows may be
   somebody's name. */
int lexicon_has_word(const struct lexicon *lexicon, const char *word, size_t length, struct arena *arena);

/* 1 if folding could write this word in this language: folding the word itself gives it back. For lint: a
   literal for which this is 0 waits for a text that never comes. */
int lexicon_can_produce(const struct lexicon *lexicon, int language, const char *word);

#endif
