/* Word tables about the conversation itself, and finding them in a folded message as whole words.
   Never folds anything: a table's word counts as it was written or as it was folded.
   Called by: dialogue/correct, engine. */
#include "domain/dialogue/words.h"

#include <string.h>

#include "domain/text/by_letter.h"
#include "domain/text/text.h"

#include "banned.h"

/* Phrases of all languages, under their first letters, separated by bars. Visitors mix languages, so none is
   left out. */
static const struct by_letter groups[] = {
    [WORDS_CORRECTION] = {.c = "correction|correct|change",
                          .d = "diganti|diubah",
                          .g = "ganti",
                          .h = "harusnya",
                          .i = "incorrect|i meant|instead",
                          .k = "keliru|koreksi",
                          .m = "mestinya|maksudku|maksud saya|maksud aku|mistake|meant",
                          .r = "ralat|revisi",
                          .s = "salah|seharusnya|should be|should have been|should've been",
                          .u = "ubah",
                          .w = "wrong"},
    [WORDS_OPENING] = {.a = "aduh|actually",
                       .b = "bukan",
                       .c = "correction",
                       .e = "eh",
                       .g = "ganti",
                       .j = "jawaban|jawabanku",
                       .k = "koreksi",
                       .m = "maaf|my answer",
                       .o = "oops",
                       .r = "ralat|revisi",
                       .s = "sorry|soal",
                       .t = "tunggu|tolong ganti|tolong ubah",
                       .u = "ups|ubah",
                       .w = "wait",
                       .y = "yang"},
    [WORDS_NEW_VALUE] = {.h = "harusnya",
                         .i = "i meant|into",
                         .j = "jadi",
                         .k = "ke",
                         .m = "menjadi|mestinya|maksudku|maksud saya|maksud aku",
                         .r = "rather",
                         .s = "seharusnya|should be|should have been|should've been",
                         .t = "tapi|to",
                         .y = "yang benar"},
    [WORDS_ANSWER] = {.a = "answer|answers", .j = "jawaban|jawabanku|jawaban saya|jawabannya"},
    [WORDS_LAST] = {.b = "barusan",
                    .j = "just now",
                    .l = "last",
                    .p = "previous",
                    .s = "sebelumnya",
                    .t = "tadi|terakhir"},
    [WORDS_COUNTED] = {.n = "nomor|nomer|no|number", .p = "pertanyaan", .q = "question", .s = "soal"},
    [WORDS_UNCLEAR] =
        {.a = "arti|artinya",
         .b = "bingung|buat apa tanya|buat apa nanya|buat apa ditanya",
         .c = "confused|confusing",
         .d = "ditanya|ditanyakan",
         .e = "explain",
         .g = "get it",
         .j = "jelas|jelaskan|jelasin",
         .k = "kenapa tanya",
         .m = "maksud|maksudnya|mengerti|mudeng|mean|means|mengapa tanya|mengapa bertanya",
         .n = "ngerti",
         .p = "paham",
         .u = "understand|unclear",
         .w = "why do you ask|why ask|why are you asking|why do you need|why do you want to know"},
    [WORDS_COURTESY] = {.a = "admin|aja|aku|ah",
                        .b = "bang|bung|bu|bapak|bro|bot|bisa",
                        .c = "coba|can you|could you",
                        .d = "dong|deh|dulu",
                        .e = "eh",
                        .g = "gan|gue",
                        .h = "hmm",
                        .i = "ibu|iya|i",
                        .j = "just",
                        .k = "kak|kakak|ka|kk|kok|kan",
                        .l = "lah|lagi",
                        .m = "min|mas|mbak|mba|mau|mohon|maaf",
                        .n = "nih|now",
                        .o = "om|oke|ok|okay|oh",
                        .p = "pak|pandu|please|pls",
                        .s = "sis|sih|saja|saya|so|sorry",
                        .t = "tuh|tolong|then",
                        .w = "want to|well",
                        .y = "ya|yah"},
    [WORDS_VOCATIVE] = {.a = "admin|aku mau tanya|and",
                        .b = "bang|bu|bapak|bro|bot|begini",
                        .d = "dong",
                        .e = "excuse me|eh",
                        .g = "gan|gini",
                        .h = "halo|hai|hi|hello|hey|hmm",
                        .i = "ibu|i have a question",
                        .j = "jadi gini",
                        .k = "kak|kakak|ka|kk",
                        .l = "lalu",
                        .m = "min|mas|mbak|mba|misi|mau tanya|mau nanya",
                        .n = "nanya|numpang tanya|nih",
                        .o = "om|oh",
                        .p = "pak|pandu|permisi",
                        .q = "question",
                        .s = "sis|saya mau tanya|so",
                        .t = "tanya|tanya dong|terus|trus",
                        .u = "um",
                        .y = "ya"},
    [WORDS_WISH] = {.a = "andai",
                    .b = "berencana|bercita|become",
                    .c = "cita",
                    .d = "dream",
                    .h = "hendak|hope|hoping",
                    .i = "ingin|if",
                    .j = "jika",
                    .k = "kepingin|kalau|kalo",
                    .m = "mau|misal|misalnya",
                    .p = "pengen|pengin|pingin|plan to|planning",
                    .r = "rencana",
                    .s = "seandainya",
                    .w = "want|want to be|want to become|wanna|wanna be|would like|would like to be|wish"},
    [WORDS_ASIDE] = {.a = "and also",
                     .b = "btw|by the way|but",
                     .n = "ngomong ngomong",
                     .o = "oh iya|oh ya|omong omong",
                     .t = "tapi|terus|trus"},
    [WORDS_JOINT] = {.a = "and|at|a",
                     .b = "buat|but",
                     .d = "dan|di",
                     .f = "for",
                     .i = "ini|itu|in",
                     .j = "jadi",
                     .s = "sekarang",
                     .t = "tapi|terus|the",
                     .u = "untuk|umur|usia",
                     .w = "who|with",
                     .y = "yang"},
    [WORDS_BREAK] = {.a = "and",
                     .b = "but|because",
                     .d = "dan",
                     .f = "for",
                     .i = "ingin",
                     .k = "karena",
                     .l = "lalu",
                     .m = "mau",
                     .s = "soalnya|sudah|selama|sejak|sambil|since|so",
                     .t = "tapi|tetapi|terus|then",
                     .u = "umur|usia|umurku",
                     .w = "who|want",
                     .y = "yang"},
    [WORDS_AND] = {.a = "and|and also|also|and then",
                   .d = "dan|dan juga",
                   .j = "juga",
                   .l = "lalu",
                   .p = "plus",
                   .s = "serta|sama|sekalian|sekaligus",
                   .t = "terus|trus|then"},
    [WORDS_NOT_THAT] = {.b = "bukan itu|bukan yang itu|bukan yang tadi|bukan yang ini|bukan gitu|bukan "
                             "begitu|bukan itu maksudku",
                        .d = "don't stop|dont stop|do not stop|don't cancel|dont cancel|do not cancel",
                        .j = "jangan stop|jangan berhenti|jangan distop|jangan dihentikan|jangan "
                             "batal|jangan dibatalkan|jangan dibatalin",
                        .n = "not that|not that one|not this one"},
    [WORDS_NOT_MEANT] =
        {.b = "bukan itu|bukan yang itu|bukan gitu|bukan begitu|bukan itu maksudku|bukan itu maksud "
              "saya|bukan itu yang saya maksud|bukan itu yang aku maksud|bukan itu yang saya "
              "maksudkan|bukan gitu maksudku|bukan gitu maksud saya|bukan begitu maksudku|bukan "
              "begitu maksud saya|bukan maksudku|bukan maksud saya",
         .n = "not that|not that one|not what i meant|not what i mean|not what i was asking",
         .t = "that's not what i meant|thats not what i meant|that is not what i meant|that's "
              "not it|thats not it"},
    [WORDS_NOT_ANY_MORE] = {.a = "am not a|am not an",
                            .b = "bukan|bukan lagi|bukan seorang",
                            .i = "i'm not a|i'm not an|im not a",
                            .n = "no longer a|no longer an|not a|not an",
                            .s = "sudah bukan|sudah tidak jadi",
                            .u = "udah bukan|udah ga jadi"},
    [WORDS_REFUSAL] = {.b = "bukan",
                       .c = "cant|can't|cannot",
                       .d = "dont|don't|do not",
                       .g = "gak ngerti",
                       .j = "jangan",
                       .s = "stop",
                       .t = "tidak bisa|tidak mengerti|tidak paham"},
    [WORDS_ASKING] = {.a = "apa|apakah|apaan|adakah|are you|are there|are we|am i",
                      .b = "bagaimana|berapa|bisakah|bolehkah",
                      .c = "can i|can you|could i|could you",
                      .d = "di mana|dimana|do i|do you|does|do they|do we|did you|dari mana",
                      .e = "emang bisa|emang boleh|emangnya",
                      .g = "gimana",
                      .h = "how|hows|have you|haruskah",
                      .i = "is it|is there|is this|is that|is the",
                      .k = "kapan|kenapa|ke mana|kemana",
                      .m = "mengapa|mana|memangnya|mungkinkah",
                      .n = "ngapain",
                      .p = "perlukah",
                      .s = "siapa|should i|shall i|sampai kapan",
                      .w = "what|whats|when|where|which|who|whos|why|will i|will you|would you|would it"},
    [WORDS_ASKING_IF] = {.a = "ada",
                         .b = "bisa|boleh|beneran|benar",
                         .c = "cocok",
                         .e = "emang",
                         .h = "harus",
                         .k = "kamu|kira kira|kalau",
                         .m = "masih|memang|mesti|mungkin",
                         .p = "perlu|pernah",
                         .w = "wajib"},
    [WORDS_SUPPOSING] = {.a = "apa aja|apa saja|apapun",
                         .b = "bagaimana kalau",
                         .g = "gimana kalau",
                         .h = "how about",
                         .m = "mana aja|mana saja|maybe|mungkin jadi",
                         .p = "perhaps",
                         .s = "siapa tahu|siapa aja|siapa saja",
                         .w = "what about|what if"},
    [WORDS_EXAMPLE] = {.c = "contoh|contohnya",
                       .e = "example|examples",
                       .f = "for example|for instance",
                       .k = "kayak apa",
                       .l = "like what",
                       .m = "misal|misalnya",
                       .s = "seperti apa|such as"},
    [WORDS_COPULA] =
        {.a = "adalah|are", .i = "is|itu", .k = "ku", .s = "sebenarnya", .t = "tuh", .w = "was|would be"},
    [WORDS_UNSURE] = {.b = "belum tahu|bingung|belum kepikiran|belum ingat",
                      .c = "can't remember|cant remember",
                      .d = "dunno|don't know|dont know|don't remember|dont remember",
                      .e = "entah|entahlah",
                      .f = "forgot",
                      .g = "gatau|ga tau|ga inget",
                      .i = "idk",
                      .k = "kurang tahu",
                      .l = "lupa",
                      .m = "mbuh",
                      .n = "no idea|not sure|no clue",
                      .t = "terserah|tidak tahu|tidak ingat|tidak yakin|tidak kepikiran",
                      .u = "unsure|up to you",
                      .w = "whatever"},
    [WORDS_PEOPLE] = {.a = "aku|anak|anakku|ayah|atasan",
                      .b = "bos|bosku|bapak|boss",
                      .f = "family|friend|friends",
                      .g = "gue|gua|gw",
                      .h = "husband",
                      .i = "i|i'm|im|i've|ive|istri|ibu|ibuku",
                      .k = "kami|klien|keluarga|kakak|kids",
                      .m = "my|me|mama|mom|mum",
                      .o = "ortu|orang tua",
                      .p = "parents",
                      .s = "saya|suami",
                      .t = "teman|temanku",
                      .w = "we|wife"},
    [WORDS_WHAT_OF] = {.a = "apa|apaan|about|artinya",
                       .b = "bagaimana|bahas",
                       .c = "ceritain|ceritakan",
                       .d = "does",
                       .e = "explain",
                       .g = "gimana",
                       .i = "itu|ini|is|isinya",
                       .j = "jelasin|jelaskan",
                       .m = "maksud|maksudnya|mean|means",
                       .s = "soal",
                       .t = "tadi|tentang|tell me|tuh|that",
                       .w = "what|what's|what s|what is"},
    [WORDS_REQUEST] = {.b = "bantu|bantuin|bikin|bikinin|buatin|bukain",
                       .c = "cari|cariin|carikan|ceritain|coba|can you|could you",
                       .d = "dong|do my",
                       .f = "find",
                       .g = "give me|give|gimme",
                       .h = "hitung|help",
                       .j = "jelasin|jelaskan",
                       .k = "kasih|kerjain|kirim|kirimin",
                       .m = "minta|mohon|mau beli|make me",
                       .o = "open",
                       .p = "please|pesan|pls|play",
                       .r = "recommend|rekomen|resep",
                       .s = "sebutin|sebutkan|show me|show|send",
                       .t = "tolong|tell me|translate|terjemahin",
                       .w = "write"},
    [WORDS_OWN] = {.a = "aku",
                   .g = "gue|gua|gw",
                   .i = "ini|itu|it|i|i'm|im",
                   .k = "kami|kita|ku",
                   .m = "me|mine|my",
                   .p = "punyaku",
                   .s = "saya",
                   .t = "that|the|this",
                   .y = "yang"},
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

/* How many tokens the phrase takes from this one on; 0: it does not stand there. */
static size_t phrase_at(const struct text *text, size_t token, const char *phrase, size_t length) {
    size_t at = token;
    for (size_t start = 0; start < length;) {
        const char *blank = memchr(phrase + start, ' ', length - start);
        size_t end = blank ? (size_t)(blank - phrase) : length;
        size_t taken = at < text->token_count ? word_at(text, at, phrase + start, end - start) : 0;
        if (taken == 0) {
            return 0;
        }
        at += taken;
        start = end + 1;
    }
    return at - token;
}

int words_phrase_at(const struct text *text, size_t token, const char *phrase, size_t *count) {
    size_t taken = phrase_at(text, token, phrase, strlen(phrase));
    *count = taken > 0 ? taken : *count;
    return taken > 0;
}

/* Whether the second letter of the phrase is one of the token's, as it was folded or as it was written:
   mostly not, and then the phrase does not stand there. */
static int begins_alike(const struct text *text, const struct text_token *token, const char *phrase) {
    const char second = phrase[1];
    return second == text->folded[token->start + 1] || second == lower(text->raw[token->raw_start + 1]) ||
           second == '\0' || second == '|' || second == ' ';
}

/* The longest phrase of the list at this token, if it is longer than least. */
static size_t longest_at(const struct text *text, size_t token, const char *list, size_t least) {
    const struct text_token *first = &text->tokens[token];
    while (*list) {
        const char *end = list + 1;
        while (*end != '\0' && *end != '|') {
            end++;
        }
        if (begins_alike(text, first, list)) {
            size_t count = phrase_at(text, token, list, (size_t)(end - list));
            least = count > least ? count : least;
        }
        list = end + (*end == '|');
    }
    return least;
}

/* A word counts as it was folded and as it was written, so it may stand under either letter. */
size_t words_at(const struct text *text, enum words_group group, size_t token) {
    if (token >= text->token_count) {
        return 0;
    }
    const char folded = text->folded[text->tokens[token].start];
    const char written = lower(text->raw[text->tokens[token].raw_start]);
    size_t longest = longest_at(text, token, by_letter(&groups[group], folded), 0);
    return written != folded ? longest_at(text, token, by_letter(&groups[group], written), longest) : longest;
}

int words_find(const struct text *text, enum words_group group, size_t from, size_t *token, size_t *count) {
    for (size_t i = from; i < text->token_count; i++) {
        size_t length = words_at(text, group, i);
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
        size_t length = text->tokens[i].is_end ? 1 : words_at(text, group, i);
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
