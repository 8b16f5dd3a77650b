/* The second chance for typing errors. Never changes a word that the lexicon knows and never guesses between
   two words that are as near. Called by the engine when a message as written matched nothing. */
#include "domain/text/text.h"

#include <string.h>

#include "base/arena.h"
#include "domain/text/word.h"

#include "banned.h"

/* Costs are in half edits: a vowel left out is half an error, because chat writes "krja" on purpose. */
enum {
    VOWEL_COST = 1,
    EDIT_COST = 2,
    NO_COST = 1000,
    WORD_MAX = 32,
    SKELETON_MIN = 3,  /* letters written; header: fewer say too little */
    ONE_EDIT_MIN = 5,  /* header: five letters and more */
    TWO_EDITS_MIN = 8, /* header: two from eight letters on */
    FORM_MIN = 5,
    CORRECTIONS_MAX = 40 /* words looked at in one message: each costs a walk through the lexicon */
};

struct search {
    const struct lexicon *lexicon;
    int language;
    const char *word;
    size_t length;
    uint32_t letters;
    int best, best_known; /* costs of the nearest target, of the nearest other known word */
    int tie, best_own;    /* best_own: the nearest target is of the message's language */
    const char *found;    /* folded */
};

static int is_vowel(char c) {
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* Vowels that must be put into word to get target, -1 if anything else differs. */
static int missing_vowels(const char *word, size_t length, const char *target, size_t target_length) {
    size_t at = 0;
    int missing = 0;
    for (size_t i = 0; i < target_length; i++) {
        if (at < length && word[at] == target[i]) {
            at++;
        } else if (is_vowel(target[i])) {
            missing++;
        } else {
            return -1;
        }
    }
    return at == length ? missing : -1;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours
   (Damerau 1964; the restricted form, no substring is edited twice). */
static int edits(const char *a, size_t a_length, const char *b, size_t b_length) {
    int rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = (int)j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_length; j++) {
            int differ = a[i - 1] != b[j - 1];
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + differ);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], above2[j - 2] + 1);
            }
        }
    }
    return rows[a_length % 3][b_length];
}

/* The same, without what both begin and end with: it never costs anything. */
static int edits_trimmed(const char *a, size_t a_length, const char *b, size_t b_length) {
    while (a_length > 0 && b_length > 0 && a[0] == b[0]) {
        a++;
        b++;
        a_length--;
        b_length--;
    }
    while (a_length > 0 && b_length > 0 && a[a_length - 1] == b[b_length - 1]) {
        a_length--;
        b_length--;
    }
    if (a_length == 0 || b_length == 0) {
        return (int)(a_length + b_length);
    }
    return edits(a, a_length, b, b_length);
}

/* How many bits are set, without a branch (Warren, Hacker's Delight, 5-1). */
static int bits(uint32_t mask) {
    mask -= mask >> 1 & 0x55555555;
    mask = (mask & 0x33333333) + (mask >> 2 & 0x33333333);
    mask = (mask + (mask >> 4)) & 0x0F0F0F0F;
    return (int)(mask * 0x01010101 >> 24);
}

static int edit_limit(size_t length) {
    return length >= TWO_EDITS_MIN ? 2 : length >= ONE_EDIT_MIN ? 1 : 0;
}

static int edit_cost(const struct search *search, const struct lexicon_entry *entry) {
    int limit = edit_limit(search->length);
    size_t gap =
        search->length > entry->length ? search->length - entry->length : entry->length - search->length;
    if (entry->length > WORD_MAX || gap > (size_t)limit ||
        bits(search->letters ^ entry->letters) > 2 * limit) {
        return NO_COST;
    }
    int count = edits_trimmed(search->word, search->length, entry->word, entry->length);
    /* Two errors of which one is the first letter: another word rather than a slip. */
    int far = count > limit || (count == 2 && search->word[0] != entry->word[0]);
    return far ? NO_COST : count * EDIT_COST;
}

static int cost_of(const struct search *search, const struct lexicon_entry *entry) {
    int missing = -1;
    if (search->length < entry->length && search->word[0] == entry->word[0] &&
        (search->letters & ~entry->letters) == 0) {
        missing = missing_vowels(search->word, search->length, entry->word, entry->length);
    }
    int by_vowels = missing > 0 ? missing * VOWEL_COST : NO_COST;
    return edit_limit(search->length) > 0 ? least(by_vowels, edit_cost(search, entry)) : by_vowels;
}

static int has_target(const struct lexicon *lexicon, const char *standard) {
    for (const char *word = standard; *word != '\0';) {
        size_t length = strcspn(word, " ");
        const struct lexicon_entry *entry = lexicon_find(lexicon, word, length);
        if (entry != NULL && entry->target != 0) {
            return 1;
        }
        word += length + (word[length] == ' ');
    }
    return 0;
}

/* Chat spellings are too many and too short to guess at: only the same letters in another order count
   ("lokre"
   -> "loker"). */
static int is_swapped(const struct search *search, const struct lexicon_entry *entry) {
    return entry->length >= FORM_MIN && entry->length == search->length && entry->letters == search->letters;
}

/* What a correction towards this entry writes, NULL if it is no target: a target word itself, or a chat
   spelling that stands for one. *own: of the message's language. */
static const char *target_text(const struct search *search, const struct lexicon_entry *entry, int *own) {
    const unsigned bit = search->language >= 0 ? lexicon_bit(search->language) : ~0u;
    for (const struct lexicon_form *form = entry->forms; form != NULL; form = form->next) {
        if (form->standard != NULL && is_swapped(search, entry) &&
            has_target(search->lexicon, form->standard)) {
            *own = (lexicon_bit(form->language) & bit) != 0;
            return form->standard;
        }
    }
    *own = (entry->target & bit) != 0;
    return entry->target != 0 ? entry->word : NULL;
}

static void take(struct search *search, const char *text, int cost, int own) {
    int better = cost < search->best || (cost == search->best && own && !search->best_own);
    if (better) {
        search->best = cost;
        search->best_own = own;
        search->found = text;
        search->tie = 0;
    } else if (cost == search->best && own == search->best_own && strcmp(text, search->found) != 0) {
        search->tie = 1;
    }
}

static void weigh(struct search *search, const struct lexicon_entry *entry) {
    int cost = cost_of(search, entry);
    if (cost >= NO_COST) {
        return;
    }
    int own = 0;
    const char *text = target_text(search, entry, &own);
    if (text != NULL) {
        take(search, text, cost, own);
    } else if (entry->known != 0 || entry->taught != 0) {
        search->best_known = least(search->best_known, cost);
    }
}

/* Words that begin alike: any of the errors. */
static void weigh_starts(struct search *search, size_t length, int limit) {
    int is_near = length <= search->length + (size_t)limit; /* the caller leaves shorter ones out */
    const struct lexicon_block *block = search->lexicon->by_start[length][lexicon_start(search->word)];
    for (; block != NULL; block = block->next) {
        for (uint32_t i = block->first; i < LEXICON_BLOCK; i++) {
            if ((search->letters & ~block->letters[i]) == 0 ||
                (is_near && bits(search->letters ^ block->letters[i]) <= 2 * limit)) {
                weigh(search, block->entries[i]);
            }
        }
    }
}

/* Words that begin otherwise are one edit away, at their first letter, or too far (edit_cost): so they end
   alike. */
static void weigh_ends(struct search *search, size_t length) {
    const struct lexicon_block *block =
        search->lexicon->by_end[length][lexicon_end(search->word, search->length)];
    for (; block != NULL; block = block->next) {
        for (uint32_t i = block->first; i < LEXICON_BLOCK; i++) {
            if (bits(search->letters ^ block->letters[i]) <= 2 &&
                block->entries[i]->word[0] != search->word[0]) {
                weigh(search, block->entries[i]);
            }
        }
    }
}

/* Looks through the words of fitting length that begin or end alike: some dozens, most refused by their
   letters. */
static const char *nearest(struct search *search) {
    search->best = search->best_known = NO_COST;
    search->found = NULL;
    search->tie = search->best_own = 0;
    int limit = edit_limit(search->length);
    size_t longest = search->length * 2 + 1; /* a vowel after every letter and one before */
    for (size_t length = search->length - (size_t)limit; length <= longest && length <= WORD_MAX; length++) {
        weigh_starts(search, length, limit);
        if (limit > 0 && length + 1 >= search->length && length <= search->length + 1) {
            weigh_ends(search, length);
        }
    }
    return search->found != NULL && !search->tie && search->best <= search->best_known ? search->found : NULL;
}

static void aim(struct search *search, const char *word, size_t length) {
    search->word = word;
    search->length = length;
    search->letters = 0;
    for (size_t i = 0; i < length; i++) {
        search->letters |= 1u << (word[i] - 'a');
    }
}

/* A stem with a suffix that folding could not take off because the stem is misspelt ("gjinya"). */
static const char *corrected_stem(struct search *search, struct arena *arena, const char *word,
                                  size_t length) {
    const struct lexicon_language *language =
        &search->lexicon->languages[search->language >= 0 ? search->language : 0];
    for (size_t i = 0; i < language->suffix_count; i++) {
        const struct lexicon_affix *suffix = &language->suffixes[i];
        if (length < suffix->length + SKELETON_MIN ||
            memcmp(word + length - suffix->length, suffix->text, suffix->length) != 0) {
            continue;
        }
        aim(search, word, length - suffix->length);
        const char *stem = nearest(search);
        if (stem != NULL) {
            return suffix->standard[0] == '\0'
                       ? stem
                       : arena_format(arena, "%s%s%s", stem, suffix->attach ? "" : " ", suffix->standard);
        }
    }
    return NULL;
}

static int can_be_error(const struct lexicon *lexicon, struct arena *arena, const char *word, size_t length) {
    if (length < SKELETON_MIN || length > WORD_MAX) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        if (word[i] < 'a' || word[i] > 'z') {
            return 0;
        }
    }
    const struct lexicon_entry *entry = lexicon_find(lexicon, word, length);
    int taught = entry != NULL && (entry->target | entry->taught) != 0;
    return !taught && !word_recognised(lexicon, arena, word, length);
}

static const char *correction(const struct lexicon *lexicon, const struct text *text, struct arena *arena,
                              const struct text_token *token) {
    const char *word = text->folded + token->start;
    if (token->is_end || token->is_right || !can_be_error(lexicon, arena, word, token->length)) {
        return NULL;
    }
    struct search search = {.lexicon = lexicon, .language = text->language};
    aim(&search, word, token->length);
    const char *found = nearest(&search);
    return found != NULL ? found : corrected_stem(&search, arena, word, token->length);
}

static size_t word_count(const char *text) {
    size_t count = 1;
    for (; *text != '\0'; text++) {
        count += *text == ' ';
    }
    return count;
}

/* Appends the words of text to bytes, the folded view of *out, each with the raw span of token. */
static void append(struct text *out, char *bytes, const char *text, size_t length, struct text_token token) {
    for (size_t at = 0; at < length;) {
        size_t part = 0;
        while (at + part < length && text[at + part] != ' ') {
            part++;
        }
        if (out->folded_length != 0) {
            bytes[out->folded_length++] = ' ';
        }
        memcpy(bytes + out->folded_length, text + at, part);
        token.start = (uint16_t)out->folded_length;
        token.length = (uint16_t)part;
        out->tokens[out->token_count++] = token;
        out->folded_length += part;
        at += part + 1;
    }
}

size_t text_correct(const struct lexicon *lexicon, const struct text *in, struct arena *arena,
                    struct text *out) {
    size_t right = 0;
    *out = *in;
    while (right < in->token_count && (in->tokens[right].is_right || in->tokens[right].is_end)) {
        right++;
    }
    if (right == in->token_count) {
        return 0; /* mostly */
    }
    const char **corrections = arena_array(arena, in->token_count + 1, sizeof *corrections);
    size_t replaced = 0, bytes = 0, tokens = 0;
    for (size_t i = 0; i < in->token_count; i++) {
        corrections[i] = i < CORRECTIONS_MAX ? correction(lexicon, in, arena, &in->tokens[i]) : NULL;
        replaced += corrections[i] != NULL;
        bytes += (corrections[i] != NULL ? strlen(corrections[i]) : in->tokens[i].length) + 1;
        tokens += corrections[i] != NULL ? word_count(corrections[i]) : 1;
    }
    if (replaced == 0 || bytes > UINT16_MAX) {
        return 0;
    }
    char *folded = arena_alloc(arena, bytes + 1);
    out->folded = folded;
    out->tokens = arena_array(arena, tokens, sizeof *out->tokens);
    out->folded_length = out->token_count = 0;
    for (size_t i = 0; i < in->token_count; i++) {
        const char *text = corrections[i] != NULL ? corrections[i] : in->folded + in->tokens[i].start;
        append(out, folded, text, corrections[i] != NULL ? strlen(text) : in->tokens[i].length,
               in->tokens[i]);
    }
    return replaced;
}
