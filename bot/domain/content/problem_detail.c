/* What other parts say about a mistake (the lexicon, conditions, patterns, the JSON parser), in Indonesian;
   they speak English. A text that is not in the tables stays as it is. Called by problem.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/problem.h"

#include "banned.h"

struct row {
    const char *english, *indonesian;
};

/* The beginning of the English text and what replaces it; in what follows the parts of `within` are. */
static const struct row rows[] = {
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
    {"its standard form is ambiguous itself: write the word that is meant",
     "bentuk bakunya sendiri bermakna ganda: tulis kata yang dimaksud"},
    {"expected text: write one word in quotes", "seharusnya teks: tulis satu kata dalam tanda kutip"},
    {"expected the standard form as text", "seharusnya bentuk baku sebagai teks"},
    {"expected a list of words with at least one", "seharusnya daftar kata, paling sedikit satu"},
    {"expected a list of words", "seharusnya daftar kata"},
    {"expected a list of rules", "seharusnya daftar aturan"},
    {"expected a list with at least one language", "seharusnya daftar dengan paling sedikit satu bahasa"},
    {"expected a language code such as", "seharusnya kode bahasa, misalnya"},
    {"expected an object with form, standard and a condition",
     "seharusnya objek dengan form, standard, dan sebuah syarat"},
    {"expected an object with a language code", "seharusnya objek dengan kode bahasa"},
    {"expected an object: ", "seharusnya objek: "},
    {"unknown member, or not true or false: see", "nama tidak dikenal, atau bukan true atau false: lihat"},
    {"unknown member: see", "nama tidak dikenal: lihat"},
    {"there is no language", "tidak ada bahasa"},
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
    {"only answer.STEP and slot.NAME can be looked into",
     "hanya answer.LANGKAH dan slot.NAMA yang bisa diperiksa isinya"},
    {"a word class must follow, such as has {we_words}, or has number",
     "setelahnya harus ada kelas kata, misalnya has {kata_kami}, atau has number"},
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
    {"the pattern and its word classes are longer than", "pola dan kelas katanya lebih panjang dari"},
    {"unbalanced braces in", "kurung kurawal tidak berpasangan dalam"},
    {"word classes inside word classes are nested deeper than",
     "kelas kata bersarang terlalu dalam, lebih dari"},
    {"the word class {", "kelas kata {"},
    /* PCRE2 10.42, on what authors get wrong */
    {"missing closing parenthesis", "kurung tutup belum ada"},
    {"unmatched closing parenthesis", "kurung tutup tanpa kurung buka"},
    {"missing terminating ] for character class", "\"]\" penutup belum ada"},
    {"range out of order in character class", "rentang huruf dalam [ ] terbalik"},
    {"invalid range in character class", "rentang huruf dalam [ ] tidak benar"},
    {"escape sequence is invalid in character class", "urutan dengan \\ ini tidak boleh di dalam [ ]"},
    {"POSIX named classes are supported only within a class", "kelas [: :] hanya boleh di dalam [ ]"},
    {"unknown POSIX class name", "nama kelas [: :] tidak dikenal"},
    {"quantifier does not follow a repeatable item", "tanda ulang tanpa sesuatu yang bisa diulang"},
    {"numbers out of order in {} quantifier", "angka dalam { } terbalik"},
    {"number too big in {} quantifier", "angka dalam { } terlalu besar"},
    {"\\ at end of pattern", "garis miring terbalik di akhir pola"},
    {"unrecognized character follows \\", "huruf yang tidak dikenal setelah \\"},
    {"unrecognized character after (? or (?-", "huruf yang tidak dikenal setelah (? atau (?-"},
    {"unrecognized character after (?<", "huruf yang tidak dikenal setelah (?<"},
    {"lookbehind assertion is not fixed length", "panjang isi (?<= ) atau (?<! ) harus tetap"},
    {"reference to non-existent subpattern", "menunjuk kelompok yang tidak ada"},
    {"subpattern name must start with a non-digit", "nama kelompok tidak boleh diawali angka"},
    {"subpattern name expected", "nama kelompok belum ada"},
    {"subpattern name is too long", "nama kelompok terlalu panjang"},
    {"syntax error in subpattern name", "nama kelompok salah tulis"},
    {"two named subpatterns have the same name", "dua kelompok bernama sama"},
    {"unknown property", "sifat huruf tidak dikenal"},
    {"malformed \\P or \\p sequence", "\\P atau \\p salah tulis"},
    {"missing ) after (?# comment", "\")\" setelah komentar (?# belum ada"},
    {"regular expression is too large", "pola terlalu besar"},
    {"regular expression is too complicated", "pola terlalu rumit"},
};

static const struct row within[] = {
    {" near end of file", " dekat akhir berkas"},
    {" near ", " dekat "},
    {" has more than ", " berisi lebih dari "},
    {" words", " kata"},
    {" bytes; split it", " bita; pecah polanya"},
    {" levels", " tingkat"},
    {"; write {", "; tulis {"},
    {" after \\P or \\p", " setelah \\P atau \\p"},
    {" (missing terminator?)", " (penutupnya tidak ada?)"},
    {" (PCRE2_DUPNAMES not set)", ""},
};

/* JSON types as the schemas call them. */
static const struct row types[] = {
    {"string", "teks"},      {"integer", "bilangan bulat"}, {"number", "angka"},
    {"object", "objek { }"}, {"array", "daftar [ ]"},       {"boolean", "true atau false"},
};

/* Each part of the text that a row begins with is replaced, the rest is kept. */
static const char *replace(const char *text, const struct row *table, size_t count, struct arena *arena) {
    const char *done = "";
    while (*text != '\0') {
        size_t i = 0, length = 1;
        while (i < count && strncmp(text, table[i].english, strlen(table[i].english)) != 0) {
            i++;
        }
        if (i < count) {
            length = strlen(table[i].english);
            done = arena_format(arena, "%s%s", done, table[i].indonesian);
        } else {
            done = arena_format(arena, "%s%c", done, *text);
        }
        text += length;
    }
    return done;
}

const char *problem_detail(const char *english, struct arena *arena) {
    for (size_t i = 0; english != NULL && i < sizeof rows / sizeof *rows; i++) {
        size_t length = strlen(rows[i].english);
        if (strncmp(english, rows[i].english, length) == 0) {
            const char *rest = replace(english + length, within, sizeof within / sizeof *within, arena);
            return arena_format(arena, "%s%s", rows[i].indonesian, rest);
        }
    }
    return english;
}

const char *problem_types(const char *english, struct arena *arena) {
    return english != NULL ? replace(english, types, sizeof types / sizeof *types, arena) : NULL;
}
