/* Word tables about the conversation itself, and finding them in a folded message as whole words.
   Never folds anything: a table's word counts as it was written or as it was folded.
   Called by: dialogue/correct, engine. */
#include "domain/dialogue/words.h"

#include <string.h>

#include "domain/text/by_letter.h"
#include "domain/text/text.h"

#include "banned.h"

/* Phrases of all languages, under their first letters, separated by bars. Visitors mix languages, so none is
   left out. Before the colon stand the second letters that any of them has, "_" for a first word of one
   letter: most words of a message are told apart by that. */
static const struct by_letter groups[] = {
    [WORDS_CORRECTION] = {.c = "ho:correction|correct|change",
                          .d = "i:diganti|diubah",
                          .g = "a:ganti",
                          .h = "a:harusnya",
                          .i = "_n:incorrect|i meant|instead",
                          .k = "eo:keliru|koreksi",
                          .m = "aei:mestinya|maksudku|maksud saya|maksud aku|mistake|meant",
                          .r = "ae:ralat|revisi",
                          .s = "aeh:salah|seharusnya|should be|should have been|should've been",
                          .u = "b:ubah",
                          .w = "r:wrong"},
    [WORDS_OPENING] = {.a = "cd:aduh|actually",
                       .b = "u:bukan",
                       .c = "o:correction",
                       .e = "h:eh",
                       .g = "a:ganti",
                       .j = "a:jawaban|jawabanku",
                       .k = "o:koreksi",
                       .m = "ay:maaf|my answer",
                       .o = "o:oops",
                       .r = "ae:ralat|revisi",
                       .s = "o:sorry|soal",
                       .t = "ou:tunggu|tolong ganti|tolong ubah",
                       .u = "bp:ups|ubah",
                       .w = "a:wait",
                       .y = "a:yang"},
    [WORDS_NEW_VALUE] = {.h = "a:harusnya",
                         .i = "_n:i meant|into",
                         .j = "a:jadi",
                         .k = "e:ke",
                         .m = "ae:menjadi|mestinya|maksudku|maksud saya|maksud aku",
                         .r = "a:rather",
                         .s = "eh:seharusnya|should be|should have been|should've been",
                         .t = "ao:tapi|to",
                         .y = "a:yang benar"},
    [WORDS_ANSWER] = {.a = "n:answer|answers", .j = "a:jawaban|jawabanku|jawaban saya|jawabannya"},
    [WORDS_LAST] = {.b = "a:barusan",
                    .j = "u:just now",
                    .l = "a:last",
                    .p = "r:previous",
                    .s = "e:sebelumnya",
                    .t = "ae:tadi|terakhir"},
    [WORDS_COUNTED] = {.n = "ou:nomor|nomer|no|number",
                       .p = "e:pertanyaan",
                       .q = "u:question",
                       .s = "o:soal"},
    [WORDS_UNCLEAR] =
        {.a = "r:arti|artinya",
         .b = "iu:bingung|buat apa tanya|buat apa nanya|buat apa ditanya",
         .c = "o:confused|confusing",
         .d = "i:ditanya|ditanyakan",
         .e = "x:explain",
         .g = "e:get it",
         .j = "e:jelas|jelaskan|jelasin",
         .k = "e:kenapa tanya",
         .m = "aeu:maksud|maksudnya|mengerti|mudeng|mean|means|mengapa tanya|mengapa bertanya",
         .n = "g:ngerti",
         .p = "a:paham",
         .u = "n:understand|unclear",
         .w = "h:why do you ask|why ask|why are you asking|why do you need|why do you want to know"},
    [WORDS_COURTESY] = {.a = "dhjk:admin|aja|aku|ah",
                        .b = "aioru:bang|bung|bu|bapak|bro|bot|bisa",
                        .c = "ao:coba|can you|could you",
                        .d = "eou:dong|deh|dulu",
                        .e = "h:eh",
                        .g = "au:gan|gue",
                        .h = "m:hmm",
                        .i = "_by:ibu|iya|i",
                        .j = "u:just",
                        .k = "ako:kak|kakak|ka|kk|kok|kan",
                        .l = "a:lah|lagi",
                        .m = "abio:min|mas|mbak|mba|mau|mohon|maaf",
                        .n = "io:nih|now",
                        .o = "hkm:om|oke|ok|okay|oh",
                        .p = "al:pak|pandu|please|pls",
                        .s = "aio:sis|sih|saja|saya|so|sorry",
                        .t = "hou:tuh|tolong|then",
                        .w = "ae:want to|well",
                        .y = "a:ya|yah"},
    [WORDS_VOCATIVE] = {.a = "dkn:admin|aku mau tanya|and",
                        .b = "aeoru:bang|bu|bapak|bro|bot|begini",
                        .d = "o:dong",
                        .e = "hx:excuse me|eh",
                        .g = "ai:gan|gini",
                        .h = "aeim:halo|hai|hi|hello|hey|hmm",
                        .i = "_b:ibu|i have a question",
                        .j = "a:jadi gini",
                        .k = "ak:kak|kakak|ka|kk",
                        .l = "a:lalu",
                        .m = "abi:min|mas|mbak|mba|misi|mau tanya|mau nanya",
                        .n = "aiu:nanya|numpang tanya|nih",
                        .o = "hm:om|oh",
                        .p = "ae:pak|pandu|permisi",
                        .q = "u:question",
                        .s = "aio:sis|saya mau tanya|so",
                        .t = "aer:tanya|tanya dong|terus|trus",
                        .u = "m:um",
                        .y = "a:ya"},
    [WORDS_WISH] = {.a = "n:andai",
                    .b = "e:berencana|bercita|become",
                    .c = "i:cita",
                    .d = "r:dream",
                    .h = "eo:hendak|hope|hoping",
                    .i = "fn:ingin|if",
                    .j = "i:jika",
                    .k = "ae:kepingin|kalau|kalo",
                    .m = "ai:mau|misal|misalnya",
                    .p = "eil:pengen|pengin|pingin|plan to|planning",
                    .r = "e:rencana",
                    .s = "e:seandainya",
                    .w =
                        "aio:want|want to be|want to become|wanna|wanna be|would like|would like to be|wish"},
    [WORDS_ASIDE] = {.a = "n:and also",
                     .b = "tuy:btw|by the way|but",
                     .n = "g:ngomong ngomong",
                     .o = "hm:oh iya|oh ya|omong omong",
                     .t = "aer:tapi|terus|trus"},
    [WORDS_JOINT] = {.a = "_nt:and|at|a",
                     .b = "u:buat|but",
                     .d = "ai:dan|di",
                     .f = "o:for",
                     .i = "nt:ini|itu|in",
                     .j = "a:jadi",
                     .s = "e:sekarang",
                     .t = "aeh:tapi|terus|the",
                     .u = "mns:untuk|umur|usia",
                     .w = "hi:who|with",
                     .y = "a:yang"},
    [WORDS_BREAK] = {.a = "n:and",
                     .b = "eu:but|because",
                     .d = "a:dan",
                     .f = "o:for",
                     .i = "n:ingin",
                     .k = "a:karena",
                     .l = "a:lalu",
                     .m = "a:mau",
                     .s = "aeiou:soalnya|sudah|selama|sejak|sambil|since|so",
                     .t = "aeh:tapi|tetapi|terus|then",
                     .u = "ms:umur|usia|umurku",
                     .w = "ah:who|want",
                     .y = "a:yang"},
    [WORDS_AND] = {.a = "ln:and|and also|also|and then",
                   .d = "a:dan|dan juga",
                   .j = "u:juga",
                   .l = "a:lalu",
                   .p = "l:plus",
                   .s = "ae:serta|sama|sekalian|sekaligus",
                   .t = "ehr:terus|trus|then"},
    [WORDS_NOT_THAT] = {.b = "u:bukan itu|bukan yang itu|bukan yang tadi|bukan yang ini|bukan gitu|bukan "
                             "begitu|bukan itu maksudku",
                        .d = "o:don't stop|dont stop|do not stop|don't cancel|dont cancel|do not cancel",
                        .j = "a:jangan stop|jangan berhenti|jangan distop|jangan dihentikan|jangan "
                             "batal|jangan dibatalkan|jangan dibatalin",
                        .n = "o:not that|not that one|not this one"},
    [WORDS_NOT_MEANT] = {.b = "u:bukan itu|bukan yang itu|bukan gitu|bukan begitu|bukan itu maksudku|bukan "
                              "itu maksud saya|bukan itu yang saya maksud|bukan itu yang aku maksud|bukan "
                              "itu yang saya maksudkan|bukan gitu maksudku|bukan gitu maksud saya|bukan "
                              "begitu maksudku|bukan begitu maksud saya|bukan maksudku|bukan maksud saya",
                         .n =
                             "o:not that|not that one|not what i meant|not what i mean|not what i was asking",
                         .t = "h:that's not what i meant|thats not what i meant|that is not what i "
                              "meant|that's not it|thats not it"},
    [WORDS_NOT_ANY_MORE] = {.a = "m:am not a|am not an",
                            .b = "u:bukan|bukan lagi|bukan seorang",
                            .i = "'m:i'm not a|i'm not an|im not a",
                            .n = "o:no longer a|no longer an|not a|not an",
                            .s = "u:sudah bukan|sudah tidak jadi",
                            .u = "d:udah bukan|udah ga jadi"},
    [WORDS_REFUSAL] = {.b = "u:bukan",
                       .c = "a:cant|can't|cannot",
                       .d = "o:dont|don't|do not",
                       .g = "a:gak ngerti",
                       .j = "a:jangan",
                       .s = "t:stop",
                       .t = "i:tidak bisa|tidak mengerti|tidak paham"},
    [WORDS_ASKING] = {.a = "dmpr:apa|apakah|apaan|adakah|are you|are there|are we|am i",
                      .b = "aeio:bagaimana|berapa|bisakah|bolehkah",
                      .c = "ao:can i|can you|could i|could you",
                      .d = "aio:di mana|dimana|do i|do you|does|do they|do we|did you|dari mana",
                      .e = "m:emang bisa|emang boleh|emangnya",
                      .g = "i:gimana",
                      .h = "ao:how|hows|have you|haruskah",
                      .i = "s:is it|is there|is this|is that|is the",
                      .k = "ae:kapan|kenapa|ke mana|kemana",
                      .m = "aeu:mengapa|mana|memangnya|mungkinkah",
                      .n = "g:ngapain",
                      .p = "e:perlukah",
                      .s = "ahi:siapa|should i|shall i|sampai kapan",
                      .w = "hio:what|whats|when|where|which|who|whos|why|will i|will you|would you|would it"},
    [WORDS_ASKING_IF] = {.a = "d:ada",
                         .b = "eio:bisa|boleh|beneran|benar",
                         .c = "o:cocok",
                         .e = "m:emang",
                         .h = "a:harus",
                         .k = "ai:kamu|kira kira|kalau",
                         .m = "aeu:masih|memang|mesti|mungkin",
                         .p = "e:perlu|pernah",
                         .w = "a:wajib"},
    [WORDS_SUPPOSING] = {.a = "p:apa aja|apa saja|apapun",
                         .b = "a:bagaimana kalau",
                         .g = "i:gimana kalau",
                         .h = "o:how about",
                         .l = "a:lah apa lagi",
                         .m = "au:mana aja|mana saja|maybe|mungkin jadi",
                         .p = "e:perhaps",
                         .s = "i:siapa tahu|siapa aja|siapa saja",
                         .w = "h:what about|what if"},
    [WORDS_EXAMPLE] = {.c = "o:contoh|contohnya",
                       .e = "x:example|examples",
                       .f = "o:for example|for instance",
                       .k = "a:kayak apa",
                       .l = "i:like what",
                       .m = "i:misal|misalnya",
                       .s = "eu:seperti apa|such as"},
    [WORDS_COPULA] = {.a = "dr:adalah|are",
                      .i = "st:is|itu",
                      .k = "u:ku",
                      .s = "e:sebenarnya",
                      .t = "u:tuh",
                      .w = "ao:was|would be"},
    [WORDS_UNSURE] = {.b = "ei:belum tahu|bingung|belum kepikiran|belum ingat",
                      .c = "a:can't remember|cant remember",
                      .d = "ou:dunno|don't know|dont know|don't remember|dont remember",
                      .e = "n:entah|entahlah",
                      .f = "o:forgot",
                      .g = "a:gatau|ga tau|ga inget",
                      .i = "d:idk",
                      .k = "u:kurang tahu",
                      .l = "u:lupa",
                      .m = "b:mbuh",
                      .n = "o:no idea|not sure|no clue",
                      .t = "ei:terserah|tidak tahu|tidak ingat|tidak yakin|tidak kepikiran",
                      .u = "np:unsure|up to you",
                      .w = "h:whatever"},
    [WORDS_PEOPLE] = {.a = "knty:aku|anak|anakku|ayah|atasan",
                      .b = "ao:bos|bosku|bapak|boss",
                      .f = "ar:family|friend|friends",
                      .g = "uw:gue|gua|gw",
                      .h = "u:husband",
                      .i = "'_bmsv:i|i'm|im|i've|ive|istri|ibu|ibuku",
                      .k = "aeil:kami|klien|keluarga|kakak|kids",
                      .m = "aeouy:my|me|mama|mom|mum",
                      .o = "r:ortu|orang tua",
                      .p = "a:parents",
                      .s = "au:saya|suami",
                      .t = "e:teman|temanku",
                      .w = "ei:we|wife"},
    [WORDS_WHAT_OF] = {.a = "bpr:apa|apaan|about|artinya",
                       .b = "a:bagaimana|bahas",
                       .c = "e:ceritain|ceritakan",
                       .d = "o:does",
                       .e = "x:explain",
                       .g = "i:gimana",
                       .i = "nst:itu|ini|is|isinya",
                       .j = "e:jelasin|jelaskan",
                       .m = "ae:maksud|maksudnya|mean|means",
                       .s = "o:soal",
                       .t = "aehu:tadi|tentang|tell me|tuh|that",
                       .w = "h:what|what's|what s|what is"},
    [WORDS_REQUEST] = {.b = "aiu:bantu|bantuin|bikin|bikinin|buatin|bukain",
                       .c = "aeo:cari|cariin|carikan|ceritain|coba|can you|could you",
                       .d = "o:dong|do my",
                       .f = "i:find",
                       .g = "i:give me|give|gimme",
                       .h = "ei:hitung|help",
                       .j = "e:jelasin|jelaskan",
                       .k = "aei:kasih|kerjain|kirim|kirimin",
                       .m = "aio:minta|mohon|mau beli|make me",
                       .o = "p:open",
                       .p = "el:please|pesan|pls|play",
                       .r = "e:recommend|rekomen|resep",
                       .s = "eh:sebutin|sebutkan|show me|show|send",
                       .t = "eor:tolong|tell me|translate|terjemahin",
                       .w = "r:write"},
    [WORDS_OWN] = {.a = "k:aku",
                   .g = "uw:gue|gua|gw",
                   .i = "'_mnt:ini|itu|it|i|i'm|im",
                   .k = "aiu:kami|kita|ku",
                   .m = "eiy:me|mine|my",
                   .p = "u:punyaku",
                   .s = "a:saya",
                   .t = "h:that|the|this",
                   .y = "a:yang"},
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

/* Length of the first word in length bytes. */
static size_t word_length(const char *phrase, size_t length) {
    size_t end = 0;
    while (end < length && phrase[end] != ' ') {
        end++;
    }
    return end;
}

/* How many tokens the phrase takes from this one on; 0: it does not stand there. */
static size_t phrase_at(const struct text *text, size_t token, const char *phrase, size_t length) {
    size_t at = token;
    for (size_t start = 0; start < length;) {
        size_t word = word_length(phrase + start, length - start);
        size_t taken = at < text->token_count ? word_at(text, at, phrase + start, word) : 0;
        if (taken == 0) {
            return 0;
        }
        at += taken;
        start += word + 1;
    }
    return at - token;
}

int words_phrase_at(const struct text *text, size_t token, const char *phrase, size_t *count) {
    const struct text_token *first = &text->tokens[token];
    if (phrase[0] != text->folded[first->start] && phrase[0] != lower(text->raw[first->raw_start])) {
        return 0; /* mostly */
    }
    size_t taken = phrase_at(text, token, phrase, strlen(phrase));
    *count = taken > 0 ? taken : *count;
    return taken > 0;
}

/* The phrases of a list if one of them may stand at the token, by its second letter as it was folded or as it
   was written: mostly none, which the list tells before its colon. */
static const char *phrases_for(const char *list, char folded, char written) {
    while (*list != ':' && *list != folded && *list != written && *list != '_' && *list != '\0') {
        list++;
    }
    if (*list == ':' || *list == '\0') {
        return "";
    }
    while (*list != ':') {
        list++;
    }
    return list + 1;
}

/* Behind a phrase: its bar, or the end of the list. No letter is greater than the bar. */
static const char *phrase_end(const char *phrase) {
    while ((unsigned char)(*phrase - 1) < '|' - 1) {
        phrase++;
    }
    return phrase;
}

static int ends_word(char byte) {
    return byte == '\0' || byte == '|' || byte == ' ';
}

/* The second and third letter of a word. */
struct letters {
    char second, third;
};

/* Whether the phrase goes on as a word that begins with its first letter. */
static int begins_alike(struct letters word, const char *phrase) {
    return phrase[1] == word.second && (ends_word(phrase[2]) || phrase[2] == word.third);
}

/* The longest phrase of the list at this token, if it is longer than least. */
static size_t longest_at(const struct text *text, size_t token, const char *list, size_t least) {
    const struct text_token *first = &text->tokens[token];
    const char *folded = text->folded + first->start, *raw = text->raw + first->raw_start;
    const struct letters known = {folded[1], folded[1] != '\0' ? folded[2] : '\0'};
    const struct letters written = {lower(raw[1]), raw[1] != '\0' ? lower(raw[2]) : '\0'};
    for (list = phrases_for(list, known.second, written.second); *list != '\0';) {
        const char *end = phrase_end(list + 1);
        if (ends_word(list[1]) || begins_alike(known, list) || begins_alike(written, list)) {
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
    const char *list = by_letter(&groups[group], folded);
    size_t longest = *list != '\0' ? longest_at(text, token, list, 0) : 0;
    list = written != folded ? by_letter(&groups[group], written) : "";
    return *list != '\0' ? longest_at(text, token, list, longest) : longest;
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
