/* What other parts say about a mistake (the lexicon, conditions, patterns, the JSON parser), in Indonesian;
   they speak English. A text that is not in the table, such as PCRE2's own, stays as it is. Called by
   problem.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/problem.h"

#include "banned.h"

/* The beginning of the English text and what replaces it; what follows is kept, its " near " translated. */
static const struct {
    const char *english, *indonesian;
} rows[] = {
    /* the JSON parser */
    {"not valid JSON: string or '}' expected", "seharusnya teks atau '}'"},
    {"not valid JSON: '}' expected", "seharusnya '}'"},
    {"not valid JSON: ']' expected", "seharusnya ']'"},
    {"not valid JSON: ':' expected", "seharusnya ':'"},
    {"not valid JSON: '[' or '{' expected", "seharusnya '[' atau '{'"},
    {"not valid JSON: end of file expected", "seharusnya berkas sudah selesai"},
    {"not valid JSON: duplicate object key", "nama yang sama dua kali"},
    {"not valid JSON: premature end of input", "berkas berhenti di tengah"},
    {"not valid JSON: unexpected newline", "baris baru di dalam teks"},
    {"not valid JSON: unexpected token", "tanda yang tidak pada tempatnya"},
    {"not valid JSON: invalid token", "tanda yang tidak dikenal"},
    {"not valid JSON: invalid escape", "garis miring terbalik yang tidak dikenal"},
    {"not valid JSON: unable to decode byte", "huruf yang bukan UTF-8:"},
    {"the JSON text is nested deeper than", "bersarang terlalu dalam, lebih dari"},
    {"the JSON text is larger than 4 MiB: split it", "lebih besar dari 4 MiB: pecah berkasnya"},
    /* normalise.json */
    {"expected one word of 1 to 64 bytes without blanks",
     "seharusnya satu kata, 1 sampai 64 bita, tanpa spasi"},
    {"expected lower case without accents: write it as folding does",
     "seharusnya huruf kecil tanpa tanda: tulis seperti hasil pembakuan"},
    {"expected lower case words with single blanks, without punctuation",
     "seharusnya kata huruf kecil dengan satu spasi, tanpa tanda baca"},
    {"an ambiguous form needs a condition: without one write it under \"forms\"",
     "bentuk bermakna ganda perlu syarat: tanpa syarat tulis di \"forms\""},
    {"this spelling stands under \"forms\" too: remove one of the two",
     "ejaan ini juga ada di \"forms\": hapus salah satunya"},
    {"this form leads back to itself: remove one form of the circle",
     "bentuk ini kembali ke dirinya sendiri: hapus satu bentuk dari lingkarannya"},
    {"its standard form has an ambiguous word: write the word that is meant",
     "bentuk bakunya memuat kata bermakna ganda: tulis kata yang dimaksud"},
    {"its standard form is longer than 64 bytes: write a shorter one",
     "bentuk bakunya lebih dari 64 bita: tulis yang lebih pendek"},
    {"more than 8 languages", "lebih dari 8 bahasa"},
    /* conditions */
    {"this is no number; write digits, such as 70 or 2.5",
     "ini bukan angka; tulis angka, misalnya 70 atau 2.5"},
    {"this text has no closing quotation mark", "teks ini tidak punya tanda kutip penutup"},
    {"a name must follow the point, such as score.fit", "setelah titik harus ada nama, misalnya score.fit"},
    {"write score.NAME, answer.STEP, value.STEP, answered.STEP, skipped.STEP or slot.NAME here, a number, or "
     "a text in "
     "quotation marks",
     "tulis score.NAMA, answer.LANGKAH, value.LANGKAH, answered.LANGKAH, skipped.LANGKAH atau slot.NAMA di "
     "sini, sebuah "
     "angka, atau teks dalam tanda kutip"},
    {"the condition ends too early", "syarat ini berhenti terlalu cepat"},
    {"this parenthesis is never closed", "kurung ini tidak pernah ditutup"},
    {"nested too deeply; use fewer parentheses", "bersarang terlalu dalam; kurangi kurungnya"},
    {"something is left over here; join conditions with and, or, not, and compare with == != < <= > >=",
     "ada sisa di sini; gabungkan syarat dengan and, or, not, dan bandingkan dengan == != < <= > >="},
    /* patterns */
    {"the pattern has too many parts; split it into several patterns",
     "bagian pola terlalu banyak; pecah menjadi beberapa pola"},
    {"\"[\" is never closed; add \"]\"", "\"[\" tidak pernah ditutup; tambahkan \"]\""},
    {"\"(\" is never closed; add \")\"", "\"(\" tidak pernah ditutup; tambahkan \")\""},
    {"\")\" without \"(\"; remove it", "\")\" tanpa \"(\"; hapus"},
    {"\"}\" without \"{\"; remove it", "\"}\" tanpa \"{\"; hapus"},
    {"\"{\" must be followed by the name of a word class and \"}\"; write \\{ for a brace",
     "setelah \"{\" harus ada nama kelas kata dan \"}\"; tulis \\{ untuk kurung biasa"},
    {"a backslash at the end of the pattern; remove it", "garis miring terbalik di akhir pola; hapus"},
};

/* " near '}'" -> " dekat '}'" */
static const char *translate_near(const char *rest, struct arena *arena) {
    const char *near = strstr(rest, " near ");
    if (near == NULL) {
        return rest;
    }
    return arena_format(arena, "%.*s dekat %s", (int)(near - rest), rest, near + strlen(" near "));
}

const char *problem_detail(const char *english, struct arena *arena) {
    for (size_t i = 0; english != NULL && i < sizeof rows / sizeof *rows; i++) {
        size_t length = strlen(rows[i].english);
        if (strncmp(english, rows[i].english, length) == 0) {
            return arena_format(arena, "%s%s", rows[i].indonesian, translate_near(english + length, arena));
        }
    }
    return english;
}
