/* Folds one message into its two views. Never fails, never corrects typing errors (text_correct.c does).
   Called by the engine for every message and by content loading for every phrase. */
#include "domain/text/text.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/text/letters.h"
#include "domain/text/raw.h"
#include "domain/text/scan.h"
#include "domain/text/word.h"

#include "banned.h"

/* Votes are marker words; known words of one language only weigh less. ROUNDS: ambiguous words beside each
   other are read again until nothing changes. FOLDED_MAX keeps offsets in 16 bits. */
enum { ROUNDS = 4, FOLDED_MAX = 60000, KNOWN_ONLY_MIN = 3, GUEST_MIN = 2 };

struct votes {
    unsigned markers[LEXICON_LANGUAGES_MAX];
    unsigned known[LEXICON_LANGUAGES_MAX]; /* words known in this language only */
    unsigned own[LEXICON_LANGUAGES_MAX];   /* markers that no other language knows */
};

static void count_votes(const struct lexicon *lexicon, const struct scan *scan, struct votes *votes) {
    for (size_t i = 0; i < scan->count; i++) {
        const struct lexicon_entry *entry = scan->words[i].entry;
        for (size_t j = 0; entry != NULL && j < lexicon->language_count; j++) {
            votes->markers[j] += entry->votes >> j & 1u;
            votes->own[j] += entry->own_votes >> j & 1u;
            votes->known[j] += entry->known_votes >> j & 1u;
        }
    }
}

/* The only language with the most votes, or none. */
static int leader(const unsigned *votes, size_t count) {
    size_t best = 0;
    int tie = 0;
    for (size_t i = 1; i < count; i++) {
        tie = votes[i] > votes[best] ? 0 : tie || votes[i] == votes[best];
        best = votes[i] > votes[best] ? i : best;
    }
    return tie || count == 0 || votes[best] == 0 ? TEXT_NO_LANGUAGE : (int)best;
}

/* The language the message tells. One marker that is at home in two languages ("thanks" among Indonesians)
   tells nothing; equal markers are decided by the words known in one language only. */
static int told_language(const struct lexicon *lexicon, const struct votes *votes) {
    int best = leader(votes->markers, lexicon->language_count);
    if (best >= 0) {
        return votes->markers[best] > 1 || votes->own[best] > 0 ? best : TEXT_NO_LANGUAGE;
    }
    best = leader(votes->known, lexicon->language_count);
    return best >= 0 && votes->known[best] >= KNOWN_ONLY_MIN ? best : TEXT_NO_LANGUAGE;
}

static int folding_language(const struct lexicon *lexicon, const struct votes *votes, int told, int before) {
    if (told >= 0) {
        return told;
    }
    if (before >= 0 && (size_t)before < lexicon->language_count) {
        return before;
    }
    int known = leader(votes->known, lexicon->language_count);
    return known >= 0 ? known : 0;
}

static unsigned guest_languages(const struct lexicon *lexicon, const struct votes *votes, int language) {
    unsigned guests = 0;
    for (size_t i = 0; i < lexicon->language_count; i++) {
        if ((int)i != language && (votes->own[i] > 0 || votes->markers[i] >= GUEST_MIN)) {
            guests |= lexicon_bit((int)i);
        }
    }
    return guests;
}

static int is_end(const struct scan_word *word) {
    return word->kind == SCAN_STOP || word->kind == SCAN_QUESTION;
}

static void set_standard(struct scan_word *word, const char *standard) {
    word->standard = standard;
    word->standard_length = standard != NULL ? strlen(standard) : 0;
}

static const char *output_of(const struct scan_word *word, size_t *length) {
    *length = word->standard != NULL ? word->standard_length : word->length;
    return word->standard != NULL ? word->standard : word->text;
}

/* Returns the number of ambiguous words. */
static size_t standardise(const struct word_job *job, struct scan *scan) {
    size_t ambiguous = 0;
    for (size_t i = 0; i < scan->count; i++) {
        struct scan_word *word = &scan->words[i];
        if (word->kind == SCAN_WORD) {
            const struct lexicon_rule *rules;
            set_standard(word, word_standard(job, word->text, word->length, word->entry, &rules));
            word->rules = rules;
            ambiguous += rules != NULL;
        }
    }
    return ambiguous;
}

/* The word beside an ambiguous one, in both spellings. */
struct neighbour {
    int exists, is_number;
    uint64_t written, folded;
};

static struct neighbour look(const struct scan *scan, size_t at, int step) {
    struct neighbour seen = {0};
    for (size_t i = at + (size_t)step; i < scan->count && !is_end(&scan->words[i]); i += (size_t)step) {
        const struct scan_word *word = &scan->words[i];
        size_t length;
        const char *output = output_of(word, &length);
        if (length == 0) {
            continue; /* folds to nothing: not there */
        }
        const char *end = output + length, *begin = output;
        if (step > 0) {
            const char *blank = memchr(output, ' ', length);
            end = blank != NULL ? blank : end;
        } else {
            for (const char *c = output; c < end; c++) {
                begin = *c == ' ' ? c + 1 : begin;
            }
        }
        seen = (struct neighbour){.exists = 1,
                                  .is_number = word->kind == SCAN_NUMBER,
                                  .written = hash_bytes(0, word->text, word->length),
                                  .folded = hash_bytes(0, begin, (size_t)(end - begin))};
        break;
    }
    return seen;
}

static int holds(const struct lexicon_set *set, const struct neighbour *word) {
    for (size_t i = 0; word->exists && i < set->count; i++) {
        if (set->hashes[i] == word->written || set->hashes[i] == word->folded) {
            return 1;
        }
    }
    return 0;
}

static int flags_hold(unsigned flags, const struct neighbour *left, const struct neighbour *right) {
    const struct {
        unsigned only, unless;
        int is;
    } tests[] = {
        {RULE_ONLY_AFTER_NUMBER, RULE_UNLESS_AFTER_NUMBER, left->is_number},
        {RULE_ONLY_BEFORE_NUMBER, RULE_UNLESS_BEFORE_NUMBER, right->is_number},
        {RULE_ONLY_FIRST, RULE_UNLESS_FIRST, !left->exists},
        {RULE_ONLY_LAST, RULE_UNLESS_LAST, !right->exists},
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (((flags & tests[i].only) != 0 && !tests[i].is) ||
            ((flags & tests[i].unless) != 0 && tests[i].is)) {
            return 0;
        }
    }
    return 1;
}

static int fits(const struct lexicon_rule *rule, const struct neighbour *left,
                const struct neighbour *right) {
    if (!flags_hold(rule->flags, left, right) || holds(&rule->unless_after, left) ||
        holds(&rule->unless_before, right)) {
        return 0;
    }
    int asks = rule->before.count + rule->after.count > 0;
    return !asks || holds(&rule->before, right) || holds(&rule->after, left);
}

/* Reads one ambiguous word; returns 1 if its reading changed. */
static int read_word(const struct word_job *job, struct scan *scan, size_t at) {
    struct scan_word *word = &scan->words[at];
    const struct lexicon_rule *unused;
    const char *standard = word_standard(job, word->text, word->length, word->entry, &unused);
    struct neighbour left = look(scan, at, -1), right = look(scan, at, 1);
    for (const struct lexicon_rule *rule = word->rules; rule != NULL; rule = rule->next) {
        if (fits(rule, &left, &right)) {
            standard = rule->standard;
            break;
        }
    }
    int changed = standard != word->standard;
    set_standard(word, standard);
    return changed;
}

static void read_ambiguous(const struct word_job *job, struct scan *scan) {
    for (int round = 0; round < ROUNDS; round++) {
        int changed = 0;
        for (size_t i = 0; i < scan->count; i++) {
            changed |= scan->words[i].rules != NULL && read_word(job, scan, i);
        }
        if (!changed) {
            return;
        }
    }
}

/* The folded view while it grows. */
struct assembly {
    struct arena *arena;
    char *bytes;
    size_t length, capacity;
    struct text_token *tokens;
    size_t token_count, token_capacity;
    unsigned sentence;
    unsigned questions; /* languages of question words among the tokens */
    int cut;
    const struct lexicon *lexicon; /* NULL: what its words are is of no interest */
};

static void make_room(struct assembly *assembly, size_t more) {
    if (assembly->length + more + 1 > assembly->capacity) {
        size_t capacity = assembly->capacity * 2 + more + 1;
        char *bytes = arena_alloc(assembly->arena, capacity);
        if (assembly->length != 0) {
            memcpy(bytes, assembly->bytes, assembly->length);
        }
        assembly->bytes = bytes;
        assembly->capacity = capacity;
    }
    if (assembly->token_count == assembly->token_capacity) {
        size_t capacity = assembly->token_capacity * 2 + 16;
        struct text_token *tokens = arena_array(assembly->arena, capacity, sizeof *tokens);
        if (assembly->token_count != 0) {
            memcpy(tokens, assembly->tokens, assembly->token_count * sizeof *tokens);
        }
        assembly->tokens = tokens;
        assembly->token_capacity = capacity;
    }
}

static void append_token(struct assembly *assembly, const char *text, size_t length,
                         struct text_token token) {
    if (assembly->length + length + 1 > FOLDED_MAX) {
        assembly->cut = 1;
        return;
    }
    make_room(assembly, length + 1);
    if (assembly->length != 0) {
        assembly->bytes[assembly->length++] = ' ';
    }
    token.start = (uint16_t)assembly->length;
    token.length = (uint16_t)length;
    token.sentence = (uint8_t)(assembly->sentence < UINT8_MAX ? assembly->sentence : UINT8_MAX);
    memcpy(assembly->bytes + assembly->length, text, length);
    assembly->length += length;
    assembly->tokens[assembly->token_count++] = token;
}

/* A sentence end needs a word before it: folding may have left nothing of the sentence. */
static void append_end(struct assembly *assembly, const struct scan_word *word, struct text_token token) {
    struct text_token *last =
        assembly->token_count != 0 ? &assembly->tokens[assembly->token_count - 1] : NULL;
    if (last == NULL) {
        return;
    }
    if (last->is_end) {
        if (word->kind == SCAN_QUESTION) {
            assembly->bytes[last->start] = '?';
        }
        return;
    }
    token.is_end = 1;
    append_token(assembly, word->text, 1, token);
    assembly->sentence++;
}

/* A word of the folded text. entry is of this very word. */
static void append_known(struct assembly *assembly, const char *text, size_t length,
                         const struct lexicon_entry *entry, struct text_token token) {
    token.is_right =
        entry != NULL && (entry->forms != NULL || (entry->known | entry->target | entry->taught) != 0);
    size_t before = assembly->token_count;
    append_token(assembly, text, length, token);
    assembly->questions |= entry != NULL && assembly->token_count > before ? entry->question : 0u;
}

static void append_word(struct assembly *assembly, const struct scan_word *word, struct text_token token) {
    size_t length;
    const char *output = output_of(word, &length);
    if (word->standard == NULL && word->kind == SCAN_WORD && length > 0) {
        append_known(assembly, output, length, word->entry, token);
        return;
    }
    for (size_t at = 0; at < length;) {
        const char *blank = memchr(output + at, ' ', length - at);
        size_t part = blank != NULL ? (size_t)(blank - output) - at : length - at;
        if (part != 0) { /* "ny2": two words that fold to nothing */
            const struct lexicon_entry *entry =
                assembly->lexicon != NULL ? lexicon_find(assembly->lexicon, output + at, part) : NULL;
            append_known(assembly, output + at, part, entry, token);
        }
        at += part + 1;
    }
}

/* Offsets in raw of the plain bytes [start, end). Several plain words may come from one raw character. */
static void set_raw_span(const struct letters *plain, const struct scan_word *word,
                         struct text_token *token) {
    size_t start = word->start, end = word->end;
    if (plain->from != NULL) {
        start = plain->from[word->start];
        while (end < plain->length && plain->from[end] == start) {
            end++;
        }
        end = plain->from[end];
    }
    token->raw_start = (uint16_t)start;
    token->raw_length = (uint16_t)(end - start);
}

static void assemble(const struct scan *scan, const struct letters *plain, struct assembly *assembly) {
    assembly->capacity = plain->length + plain->length / 2 + 64;
    assembly->bytes = arena_alloc(assembly->arena, assembly->capacity);
    for (size_t i = 0; i < scan->count; i++) {
        struct text_token token = {0};
        set_raw_span(plain, &scan->words[i], &token);
        if (is_end(&scan->words[i])) {
            append_end(assembly, &scan->words[i], token);
        } else {
            append_word(assembly, &scan->words[i], token);
        }
    }
    assembly->bytes[assembly->length] = '\0';
}

static unsigned flags_of(const struct text *text, unsigned questions, int language) {
    unsigned flags = text->raw_length == 0 ? TEXT_EMPTY : 0;
    if (text->raw_length != 0 && text->token_count == 0) {
        flags |= TEXT_NO_WORDS;
    }
    if ((questions & lexicon_bit(language)) != 0) {
        flags |= TEXT_QUESTION;
    }
    return memchr(text->raw, '?', text->raw_length) != NULL ? flags | TEXT_QUESTION : flags;
}

static void publish(const struct assembly *assembly, struct text *out) {
    out->folded = assembly->bytes;
    out->folded_length = assembly->length;
    out->tokens = assembly->tokens;
    out->token_count = assembly->token_count;
}

void text_fold(const struct lexicon *lexicon, const char *bytes, size_t length, int language_before,
               struct arena *arena, struct text *out) {
    struct raw raw;
    raw_make(bytes, length, arena, &raw);
    *out = (struct text){.raw = raw.text, .raw_length = raw.length, .language = TEXT_NO_LANGUAGE};
    struct letters plain;
    letters_fold(raw.text, raw.length, arena, &plain);
    struct scan scan;
    scan_words(lexicon, &plain, raw.text, arena, &scan);
    struct votes votes = {0};
    count_votes(lexicon, &scan, &votes);
    out->language = told_language(lexicon, &votes);
    struct word_job job = {.lexicon = lexicon, .arena = arena};
    job.language = folding_language(lexicon, &votes, out->language, language_before);
    job.guests = guest_languages(lexicon, &votes, job.language);
    if (standardise(&job, &scan) > 0) {
        read_ambiguous(&job, &scan);
    }
    struct assembly assembly = {.arena = arena, .lexicon = lexicon};
    assemble(&scan, &plain, &assembly);
    publish(&assembly, out);
    out->flags = raw.flags | flags_of(out, assembly.questions, job.language) |
                 (assembly.cut || plain.cut ? TEXT_CUT : 0u);
}

void text_keep(const char *bytes, size_t length, struct arena *arena, struct text *out) {
    struct raw raw;
    raw_make(bytes, length, arena, &raw);
    *out = (struct text){.raw = raw.text,
                         .raw_length = raw.length,
                         .folded = "",
                         .language = TEXT_NO_LANGUAGE,
                         .flags = raw.flags | (raw.length == 0 ? TEXT_EMPTY : 0u)};
}

const char *text_fold_phrase(const struct lexicon *lexicon, int language, const char *phrase, size_t length,
                             struct arena *arena) {
    struct raw raw;
    raw_make(phrase, length, arena, &raw);
    struct letters plain;
    letters_fold(raw.text, raw.length, arena, &plain);
    struct scan scan;
    scan_words(lexicon, &plain, raw.text, arena, &scan);
    size_t kept = 0;
    for (size_t i = 0; i < scan.count; i++) {
        if (!is_end(&scan.words[i])) {
            scan.words[kept++] = scan.words[i];
        }
    }
    scan.count = kept;
    struct word_job job = {.lexicon = lexicon, .arena = arena, .language = language};
    if (standardise(&job, &scan) > 0) {
        read_ambiguous(&job, &scan);
    }
    struct assembly assembly = {.arena = arena};
    assemble(&scan, &plain, &assembly);
    return assembly.bytes;
}

const char *text_fold_word(const struct lexicon *lexicon, int language, const char *word, size_t length,
                           struct arena *arena) {
    const struct word_job job = {.lexicon = lexicon, .arena = arena, .language = language};
    const struct lexicon_rule *rules;
    const struct lexicon_entry *entry = word_reduce(lexicon, arena, &word, &length);
    const char *standard = word_standard(&job, word, length, entry, &rules);
    if (rules != NULL) {
        return NULL;
    }
    return standard != NULL ? standard : arena_copy(arena, word, length);
}

const char *text_raw_span(const struct text *text, size_t start, size_t end, size_t *length) {
    size_t from = text->raw_length, to = 0;
    for (size_t i = 0; i < text->token_count; i++) {
        const struct text_token *token = &text->tokens[i];
        if (token->start < end && (size_t)token->start + token->length > start) {
            size_t token_end = (size_t)token->raw_start + token->raw_length;
            from = token->raw_start < from ? token->raw_start : from;
            to = token_end > to ? token_end : to;
        }
    }
    *length = to > from ? to - from : 0;
    return text->raw + (to > from ? from : 0);
}

const char *text_version(void) {
    return letters_version();
}
