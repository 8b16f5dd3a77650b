/* The standard form of one word: lexicon, affixes, reduplication, repeated letters. Never looks at the
   neighbours (text_fold.c does). Called by scan.c and text_fold.c. */
#include "domain/text/word.h"

#include <string.h>

#include "base/arena.h"

#include "banned.h"

enum { STEM_MIN = 3, RUNS_MAX = 6 };

static char *join(struct arena *arena, const char *first, size_t first_length, const char *between,
                  const char *second, size_t second_length) {
    size_t gap = strlen(between);
    char *text = arena_alloc(arena, first_length + gap + second_length + 1);
    memcpy(text, first, first_length);
    memcpy(text + first_length, between, gap);
    memcpy(text + first_length + gap, second, second_length);
    return text;
}

static int is_part(const struct lexicon_entry *entry) {
    return entry != NULL && (entry->forms != NULL || entry->known != 0);
}

static const char *affixed(const struct word_job *job, const char *word, size_t length, int depth);

/* What a stem folds to, NULL if it is not a word of the language. */
static const char *stem_standard(const struct word_job *job, const char *stem, size_t length, int depth) {
    if (length < STEM_MIN) {
        return NULL;
    }
    const struct lexicon_entry *entry = lexicon_find(job->lexicon, stem, length);
    const struct lexicon_form *form = lexicon_form(entry, job->language);
    if (form != NULL && form->standard != NULL && form->standard[0] != '\0') {
        return form->standard;
    }
    if (form == NULL && entry != NULL && (entry->known & lexicon_bit(job->language)) != 0) {
        return entry->word;
    }
    return form == NULL && depth < LEXICON_AFFIX_DEPTH ? affixed(job, stem, length, depth + 1) : NULL;
}

/* Two parts as one word, which may be a form itself ("gas" + "kan"). */
static const char *attached(const struct word_job *job, const char *first, const char *second) {
    const char *whole = join(job->arena, first, strlen(first), "", second, strlen(second));
    const struct lexicon_form *form =
        lexicon_form(lexicon_find(job->lexicon, whole, strlen(whole)), job->language);
    return form != NULL && form->standard != NULL ? form->standard : whole;
}

static const char *without_suffix(const struct word_job *job, const char *word, size_t length, int depth) {
    const struct lexicon_language *language = &job->lexicon->languages[job->language];
    for (size_t i = 0; i < language->suffix_count; i++) {
        const struct lexicon_affix *suffix = &language->suffixes[i];
        if (length < suffix->length + STEM_MIN ||
            memcmp(word + length - suffix->length, suffix->text, suffix->length) != 0) {
            continue;
        }
        const char *stem = stem_standard(job, word, length - suffix->length, depth);
        if (stem == NULL) {
            continue;
        }
        if (suffix->attach) {
            return attached(job, stem, suffix->standard);
        }
        size_t added = strlen(suffix->standard);
        return added == 0 ? stem : join(job->arena, stem, strlen(stem), " ", suffix->standard, added);
    }
    return NULL;
}

/* An attached prefix stays on words as they are: "diterus" is one, "dibikin" is not "dimembuat". */
static const char *plain_stem(const struct word_job *job, const char *stem, size_t length) {
    const struct lexicon_entry *entry = lexicon_find(job->lexicon, stem, length);
    int plain = entry != NULL && (entry->known & lexicon_bit(job->language)) != 0 &&
                lexicon_form(entry, job->language) == NULL;
    return plain ? entry->word : NULL;
}

static const char *without_prefix(const struct word_job *job, const char *word, size_t length, int depth) {
    const struct lexicon_language *language = &job->lexicon->languages[job->language];
    for (size_t i = 0; i < language->prefix_count; i++) {
        const struct lexicon_affix *prefix = &language->prefixes[i];
        if (length < prefix->length + STEM_MIN || memcmp(word, prefix->text, prefix->length) != 0) {
            continue;
        }
        const char *rest = word + prefix->length;
        size_t rest_length = length - prefix->length;
        const char *stem = prefix->attach ? plain_stem(job, rest, rest_length)
                                          : stem_standard(job, rest, rest_length, depth);
        if (stem != NULL && prefix->attach) {
            return attached(job, prefix->standard, stem);
        }
        if (stem != NULL) {
            return join(job->arena, prefix->standard, strlen(prefix->standard), " ", stem, strlen(stem));
        }
    }
    return NULL;
}

static const char *affixed(const struct word_job *job, const char *word, size_t length, int depth) {
    const char *standard = without_suffix(job, word, length, depth);
    return standard != NULL ? standard : without_prefix(job, word, length, depth);
}

/* The standard form of a word without its neighbours; NULL if they would decide. */
static const char *simple_standard(const struct word_job *job, const char *word, size_t length) {
    const struct lexicon_rule *rules;
    const struct lexicon_entry *entry = word_reduce(job->lexicon, job->arena, &word, &length);
    const char *standard = word_standard(job, word, length, entry, &rules);
    if (rules != NULL) {
        return NULL;
    }
    return standard != NULL ? standard : arena_copy(job->arena, word, length);
}

static int is_suffix(const struct lexicon_language *language, const char *text, size_t length) {
    for (size_t i = 0; i < language->suffix_count; i++) {
        if (language->suffixes[i].length == length && memcmp(language->suffixes[i].text, text, length) == 0) {
            return 1;
        }
    }
    return 0;
}

/* "kata2" -> "kata kata", "buru2an" -> "buru buruan", "temen2nya" -> "teman temannya" folded. */
static const char *doubled(const struct word_job *job, const char *word, size_t length) {
    const char *two = memchr(word, '2', length);
    size_t base = two != NULL ? (size_t)(two - word) : 0;
    size_t rest = length - base - (base != 0);
    if (base < 2 || memchr(two + 1, '2', rest) != NULL) {
        return NULL;
    }
    for (size_t i = 0; i < base; i++) {
        if (word[i] >= '0' && word[i] <= '9') {
            return NULL;
        }
    }
    const char *tail = two + 1;
    const char *first = simple_standard(job, word, base);
    if (first == NULL || *first == '\0') {
        return first;
    }
    if (rest == 0) {
        return join(job->arena, first, strlen(first), " ", first, strlen(first));
    }
    if (!is_suffix(&job->lexicon->languages[job->language], tail, rest) &&
        (rest != 2 || memcmp(tail, "an", rest) != 0)) {
        return NULL;
    }
    const char *whole = join(job->arena, word, base, "", tail, rest);
    const char *second = simple_standard(job, whole, base + rest);
    if (second == NULL) {
        return NULL;
    }
    return join(job->arena, first, strlen(first), " ", second, strlen(second));
}

static int has_digit(const char *word, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (word[i] >= '0' && word[i] <= '9') {
            return 1;
        }
    }
    return 0;
}

/* A guest's standard in the words of the message's language: "yep" is "yes" and then "ya". */
static const char *in_language(const struct word_job *job, const char *standard) {
    const char *result = "";
    for (const char *word = standard; *word != '\0';) {
        size_t length = strcspn(word, " ");
        const struct lexicon_form *form =
            lexicon_form(lexicon_find(job->lexicon, word, length), job->language);
        int foreign = form == NULL || form->standard == NULL;
        const char *part = foreign ? word : form->standard;
        size_t part_length = foreign ? length : strlen(form->standard);
        result = join(job->arena, result, strlen(result), *result != '\0' ? " " : "", part, part_length);
        word += length + (word[length] == ' ');
    }
    return result;
}

/* A form of another language that is spoken in the message too ("idk" among Indonesian words). */
static const char *guest_standard(const struct word_job *job, const struct lexicon_entry *entry,
                                  const struct lexicon_rule **rules) {
    for (const struct lexicon_form *form = entry->forms; form != NULL; form = form->next) {
        if ((job->guests & lexicon_bit(form->language)) != 0) {
            *rules = form->rules;
            return form->standard != NULL ? in_language(job, form->standard) : NULL;
        }
    }
    return NULL;
}

const char *word_standard(const struct word_job *job, const char *word, size_t length,
                          const struct lexicon_entry *entry, const struct lexicon_rule **rules) {
    *rules = NULL;
    const unsigned bit = lexicon_bit(job->language);
    if (entry != NULL) {
        const struct lexicon_form *form = lexicon_form(entry, job->language);
        if ((entry->keep & bit) != 0) {
            return NULL;
        }
        if (form != NULL) {
            *rules = form->rules;
            return form->standard;
        }
        if ((entry->known & bit) != 0) {
            return NULL;
        }
    }
    if (length > LEXICON_WORD_MAX) {
        return NULL;
    }
    const char *standard =
        has_digit(word, length) ? doubled(job, word, length) : affixed(job, word, length, 0);
    return standard == NULL && entry != NULL ? guest_standard(job, entry, rules) : standard;
}

/* A run of equal letters inside a word. */
struct run {
    size_t start, length;
};

static size_t find_runs(const char *word, size_t length, struct run *runs, size_t max) {
    size_t count = 0;
    for (size_t i = 0; i < length;) {
        size_t end = i + 1;
        while (end < length && word[end] == word[i]) {
            end++;
        }
        if (end - i >= 2 && word[i] >= 'a' && word[i] <= 'z') {
            if (count == max) {
                return max + 1;
            }
            runs[count++] = (struct run){i, end - i};
        }
        i = end;
    }
    return count;
}

/* Three equal letters, or two at the end: what people do for emphasis. Other doubles are spelling ("massa").
 */
static int is_stretched(const char *word, size_t length) {
    size_t run = 1;
    for (size_t i = 1; i < length; i++) {
        run = word[i] == word[i - 1] ? run + 1 : 1;
        if (word[i] >= 'a' && word[i] <= 'z' && (run >= 3 || (run == 2 && i + 1 == length))) {
            return 1;
        }
    }
    return 0;
}

int word_recognised(const struct lexicon *lexicon, struct arena *arena, const char *word, size_t length) {
    if (is_part(lexicon_find(lexicon, word, length))) {
        return 1;
    }
    for (size_t i = 0; i < lexicon->language_count; i++) {
        const struct word_job job = {.lexicon = lexicon, .arena = arena, .language = (int)i};
        if (affixed(&job, word, length, 0) != NULL) {
            return 1;
        }
    }
    return 0;
}

int lexicon_has_word(const struct lexicon *lexicon, const char *word, size_t length, struct arena *arena) {
    return length <= LEXICON_WORD_MAX &&
           (lexicon_find(lexicon, word, length) != NULL || word_recognised(lexicon, arena, word, length));
}

/* Writes word with run i shortened to one letter where bit i of single is set, else to two. */
static size_t shorten(const char *word, size_t length, const struct run *runs, size_t count, unsigned single,
                      char *out) {
    size_t at = 0, written = 0;
    for (size_t i = 0; i < count; i++) {
        size_t before = runs[i].start - at;
        memcpy(out + written, word + at, before);
        written += before;
        out[written++] = word[runs[i].start];
        if ((single >> i & 1u) == 0) {
            out[written++] = word[runs[i].start];
        }
        at = runs[i].start + runs[i].length;
    }
    memcpy(out + written, word + at, length - at);
    return written + length - at;
}

/* Every run of three and more becomes one letter. Returns the new length, length itself if nothing changed.
 */
static size_t collapse(const char *word, size_t length, char *out) {
    size_t written = 0;
    for (size_t i = 0; i < length;) {
        size_t end = i + 1;
        while (end < length && word[end] == word[i]) {
            end++;
        }
        size_t run = end - i;
        size_t keep = run >= 3 && word[i] >= 'a' && word[i] <= 'z' ? 1 : run;
        memcpy(out + written, word + i, keep);
        written += keep;
        i = end;
    }
    return written;
}

/* Tries every way to shorten the runs, two letters before one. 1 when one of them is recognised. */
static int try_runs(const struct lexicon *lexicon, struct arena *arena, const char **word, size_t *length) {
    struct run runs[RUNS_MAX];
    size_t count = find_runs(*word, *length, runs, RUNS_MAX);
    if (count == 0 || count > RUNS_MAX || *length > LEXICON_WORD_MAX) {
        return 0;
    }
    char *out = arena_alloc(arena, *length + 1);
    for (unsigned single = 0; single < 1u << count; single++) {
        size_t written = shorten(*word, *length, runs, count, single, out);
        if (word_recognised(lexicon, arena, out, written)) {
            out[written] = '\0';
            *word = out;
            *length = written;
            return 1;
        }
    }
    return 0;
}

const struct lexicon_entry *word_reduce(const struct lexicon *lexicon, struct arena *arena, const char **word,
                                        size_t *length) {
    const struct lexicon_entry *entry = lexicon_find(lexicon, *word, *length);
    if (is_part(entry) || !is_stretched(*word, *length)) {
        return entry;
    }
    if (!try_runs(lexicon, arena, word, length)) {
        char *out = arena_alloc(arena, *length + 1);
        size_t written = collapse(*word, *length, out);
        if (written < *length) {
            *word = out;
            *length = written;
            (void)try_runs(lexicon, arena, word, length);
        }
    }
    return lexicon_find(lexicon, *word, *length);
}
