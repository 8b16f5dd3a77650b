/* Word tables about the conversation itself, and finding them in a folded message as whole words.
   Never folds anything: a table's word counts as it was written or as it was folded.
   Called by: dialogue/correct, engine. */
#include "domain/dialogue/words.h"

#include <string.h>

#include "domain/text/text.h"

#include "banned.h"

/* One string a group: phrases of all languages, separated by bars. Visitors mix languages, so none is left
 * out. */
static const char *const groups[] = {
    [WORDS_CORRECTION] =
        "salah|keliru|ralat|koreksi|revisi|harusnya|seharusnya|mestinya|ganti|diganti|ubah|diubah|"
        "maksudku|maksud saya|maksud aku|wrong|incorrect|mistake|correction|correct|change|should be|"
        "should have been|should've been|i meant|meant|instead",
    [WORDS_OPENING] =
        "eh|ralat|koreksi|revisi|ups|oops|aduh|maaf|sorry|wait|tunggu|actually|correction|bukan|"
        "jawaban|jawabanku|my answer|yang|soal|ganti|ubah|tolong ganti|tolong ubah",
    [WORDS_NEW_VALUE] =
        "jadi|menjadi|harusnya|seharusnya|mestinya|maksudku|maksud saya|maksud aku|yang benar|ke|tapi|to|"
        "should be|should have been|should've been|i meant|into|rather",
    [WORDS_ANSWER] = "jawaban|jawabanku|jawaban saya|jawabannya|answer|answers",
    [WORDS_LAST] = "tadi|barusan|terakhir|sebelumnya|last|previous|just now",
    [WORDS_COUNTED] = "nomor|nomer|no|pertanyaan|soal|number|question",
    [WORDS_UNCLEAR] = "maksud|maksudnya|paham|mengerti|ngerti|bingung|jelas|jelaskan|jelasin|arti|artinya|"
                      "mudeng|explain|mean|means|understand|unclear|confused|"
                      "confusing|get it|ditanya|ditanyakan|mengapa tanya|mengapa bertanya|kenapa tanya|why "
                      "do you ask|why ask|"
                      "why are you asking",
    [WORDS_COURTESY] =
        "kak|kakak|ka|kk|bang|bung|min|admin|gan|mas|mbak|mba|pak|bu|bapak|ibu|om|bro|sis|pandu|bot|ya|yah|"
        "iya|oke|ok|okay|dong|deh|sih|nih|tuh|lah|kok|kan|aja|saja|dulu|lagi|aku|saya|gue|mau|tolong|mohon|"
        "coba|bisa|eh|oh|hmm|please|pls|now|just|i|want to|can you|could you|well|so|then|maaf|sorry|ah",
    [WORDS_VOCATIVE] =
        "kak|kakak|ka|kk|bang|min|admin|gan|mas|mbak|mba|pak|bu|bapak|ibu|om|bro|sis|pandu|bot|halo|hai|hi|"
        "hello|hey|permisi|misi|mau tanya|mau nanya|nanya|tanya|tanya dong|numpang tanya|aku mau tanya|"
        "saya mau tanya|excuse me|question|i have a question|jadi gini|begini|gini|eh|oh|dong|ya|nih|hmm|"
        "terus|trus|lalu|and|so|um",
    [WORDS_WISH] =
        "mau|ingin|pengen|pengin|pingin|kepingin|hendak|berencana|rencana|cita|bercita|kalau|kalo|andai|"
        "seandainya|jika|misal|misalnya|want|wanna|would like|wish|hope|hoping|plan "
        "to|planning|if|dream|become",
    [WORDS_ASIDE] = "btw|by the way|oh iya|oh ya|omong omong|ngomong ngomong|tapi|but|terus|trus|and also",
    [WORDS_JOINT] =
        "dan|di|yang|tapi|untuk|buat|umur|usia|jadi|terus|sekarang|ini|itu|and|but|at|in|the|a|for|who|with",
    [WORDS_BREAK] =
        "dan|tapi|tetapi|yang|karena|soalnya|terus|lalu|umur|usia|umurku|sudah|selama|sejak|sambil|mau|ingin|"
        "and|but|because|since|who|for|so|then|want",
    [WORDS_AND] = "dan|dan juga|serta|sama|sekalian|sekaligus|plus|terus|trus|lalu|juga|and|and "
                  "also|also|then|and then",
    [WORDS_NOT_THAT] =
        "bukan itu|bukan yang itu|bukan yang tadi|bukan yang ini|bukan gitu|bukan begitu|bukan itu "
        "maksudku|jangan stop|"
        "jangan berhenti|jangan distop|jangan dihentikan|jangan batal|jangan dibatalkan|jangan dibatalin|"
        "not that|not that one|not this one|don't stop|dont stop|do not stop|don't cancel|dont cancel|do not "
        "cancel",
    [WORDS_REFUSAL] =
        "jangan|tidak bisa|tidak mengerti|tidak paham|gak ngerti|bukan|dont|don't|do not|cant|can't|cannot|"
        "stop",
};

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int same_raw(const struct text *text, const struct text_token *token, const char *word,
                    size_t length) {
    if (token->raw_length != length) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        if (lower(text->raw[token->raw_start + i]) != word[i]) {
            return 0;
        }
    }
    return 1;
}

/* How many tokens the word takes here, as it was folded or as it was written ("harusnya", folded to "harus");
 * 0: none. */
static size_t word_at(const struct text *text, size_t token, const char *word, size_t length) {
    const struct text_token *first = &text->tokens[token];
    if (first->length == length && memcmp(text->folded + first->start, word, length) == 0) {
        return 1;
    }
    int is_inside = token > 0 && first[-1].raw_start == first->raw_start;
    if (first->is_end || is_inside || !same_raw(text, first, word, length)) {
        return 0;
    }
    size_t count = 1;
    while (token + count < text->token_count && first[count].raw_start == first->raw_start) {
        count++;
    }
    return count;
}

int words_phrase_at(const struct text *text, size_t token, const char *phrase, size_t *count) {
    size_t at = token;
    const char *word = phrase;
    while (*word) {
        size_t length = strcspn(word, " ");
        size_t taken = at < text->token_count ? word_at(text, at, word, length) : 0;
        if (taken == 0) {
            return 0;
        }
        at += taken;
        word += length + (word[length] == ' ');
    }
    *count = at - token;
    return at > token;
}

/* The longest phrase of the group at this token; 0 when none stands there. Most begin with another letter. */
static size_t phrase_length(const struct text *text, enum words_group group, size_t token) {
    size_t longest = 0;
    char phrase[64];
    const char folded = text->folded[text->tokens[token].start];
    const char written = lower(text->raw[text->tokens[token].raw_start]);
    for (const char *at = groups[group]; *at;) {
        const char *bar = strchr(at, '|');
        size_t length = bar ? (size_t)(bar - at) : strlen(at), count = 0;
        if ((*at == folded || *at == written) && length < sizeof phrase) {
            memcpy(phrase, at, length);
            phrase[length] = '\0';
            if (words_phrase_at(text, token, phrase, &count) && count > longest) {
                longest = count;
            }
        }
        at += length + (at[length] == '|');
    }
    return longest;
}

int words_find(const struct text *text, enum words_group group, size_t from, size_t *token, size_t *count) {
    for (size_t i = from; i < text->token_count; i++) {
        size_t length = phrase_length(text, group, i);
        if (length > 0) {
            *token = i;
            *count = length;
            return 1;
        }
    }
    return 0;
}

int words_has(const struct text *text, enum words_group group) {
    size_t token = 0, count = 0;
    return words_find(text, group, 0, &token, &count);
}

size_t words_outside(const struct text *text, enum words_group group, size_t first, size_t end) {
    size_t outside = 0;
    for (size_t i = first; i < end && i < text->token_count;) {
        size_t length = text->tokens[i].is_end ? 1 : phrase_length(text, group, i);
        outside += length == 0;
        i += length > 0 ? length : 1;
    }
    return outside;
}

static const struct {
    const char *word, *code;
} languages[] = {
    {"inggris", "en"},   {"english", "en"},    {"enggres", "en"},
    {"indonesia", "id"}, {"indonesian", "id"}, {"indo", "id"},
};

enum { REFUSAL_REACH = 4 }; /* "tidak bisa pakai bahasa inggris" */

static int is_refused(const struct text *text, size_t token) {
    size_t first = token > REFUSAL_REACH ? token - REFUSAL_REACH : 0, found = 0, count = 0;
    while (first < token && text->tokens[first].sentence != text->tokens[token].sentence) {
        first++;
    }
    return words_find(text, WORDS_REFUSAL, first, &found, &count) && found < token;
}

static const char *language_at(const struct text *text, size_t token) {
    size_t count = 0;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        if (words_phrase_at(text, token, languages[i].word, &count)) {
            return languages[i].code;
        }
    }
    return NULL;
}

const char *words_language(const struct text *text, int *refused) {
    const char *wanted = NULL, *unwanted = NULL;
    for (size_t i = 0; i < text->token_count; i++) {
        const char *code = language_at(text, i);
        if (code && is_refused(text, i)) {
            unwanted = code;
        } else if (code) {
            wanted = code;
        }
    }
    *refused = !wanted && unwanted;
    return wanted ? wanted : unwanted;
}

const char *words_language_name(const char *code) {
    return strcmp(code, "id") == 0 ? "Bahasa Indonesia" : strcmp(code, "en") == 0 ? "English" : code;
}
