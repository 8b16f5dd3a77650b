/* The words of numbers, dates, times and ages in Indonesian and English, standard and chat spelling. Only a
   table; knows no grammar. Read by entity_unit.c. The calendar and the numerals are the same for every site,
   so they are code and not content. */
#include <string.h>

#include "domain/entity/unit.h"
#include "domain/text/by_letter.h"
#include "banned.h"

enum { WORD_MAX_BYTES = 16 };

struct entry {
    const char *word;
    enum unit_role role;
    int value;
};

/* By first letter, as every word of every message is looked up; a word that plays several parts stands there
   once for each, the parts of numbers first. */
static const struct entry words_a[] = {{"and", ROLE_AND, 0},
                                       {"a", ROLE_A, 0},
                                       {"an", ROLE_A, 0},
                                       {"an", ROLE_SUFFIX, 0},
                                       {"ahad", ROLE_WEEKDAY, 7},
                                       {"april", ROLE_MONTH, 4},
                                       {"agustus", ROLE_MONTH, 8},
                                       {"august", ROLE_MONTH, 8},
                                       {"apr", ROLE_MONTH_SHORT, 4},
                                       {"agu", ROLE_MONTH_SHORT, 8},
                                       {"agt", ROLE_MONTH_SHORT, 8},
                                       {"ags", ROLE_MONTH_SHORT, 8},
                                       {"agst", ROLE_MONTH_SHORT, 8},
                                       {"aug", ROLE_MONTH_SHORT, 8},
                                       {"afternoon", ROLE_PART, PART_AFTERNOON},
                                       {"am", ROLE_PART, PART_AM},
                                       {"at", ROLE_CLOCK, 0},
                                       {"ago", ROLE_AGO, 0},
                                       {"age", ROLE_AGE, 0},
                                       {"aged", ROLE_AGE, 0},
                                       {"aku", ROLE_ME, 0},
                                       {"adalah", ROLE_NOISE, 0},
                                       {"am", ROLE_NOISE, 0},
                                       {"about", ROLE_NOISE, 0},
                                       {"almost", ROLE_NOISE, 0}};
static const struct entry words_b[] = {
    {"belas", ROLE_BELAS, 10},        {"billion", ROLE_MAGNITUDE, 1000000000},
    {"belasan", ROLE_INDEFINITE, 0},  {"besok", ROLE_DAY, 1},
    {"bulan", ROLE_SPAN, SPAN_MONTH}, {"berumur", ROLE_AGE, 0},
    {"berusia", ROLE_AGE, 0},         {"baru", ROLE_NOISE, 0}};
static const struct entry words_d[] = {
    {"dua", ROLE_ONES, 2},         {"delapan", ROLE_ONES, 8},      {"dozens", ROLE_INDEFINITE, 0},
    {"desember", ROLE_MONTH, 12},  {"december", ROLE_MONTH, 12},   {"des", ROLE_MONTH_SHORT, 12},
    {"dec", ROLE_MONTH_SHORT, 12}, {"dini", ROLE_PART, PART_DAWN}, {"day", ROLE_SPAN, SPAN_DAY},
    {"days", ROLE_SPAN, SPAN_DAY}, {"depan", ROLE_NEXT, 0},        {"dalam", ROLE_IN, 0}};
static const struct entry words_e[] = {{"empat", ROLE_ONES, 4},
                                       {"enam", ROLE_ONES, 6},
                                       {"enem", ROLE_ONES, 6},
                                       {"eight", ROLE_ONES, 8},
                                       {"eleven", ROLE_TEEN, 11},
                                       {"eighteen", ROLE_TEEN, 18},
                                       {"eighty", ROLE_TENS, 80},
                                       {"eighth", ROLE_ORDINAL, 8},
                                       {"eleventh", ROLE_ORDINAL, 11},
                                       {"esok", ROLE_DAY, 1},
                                       {"evening", ROLE_PART, PART_AFTERNOON}};
static const struct entry words_f[] = {
    {"four", ROLE_ONES, 4},      {"five", ROLE_ONES, 5},           {"fourteen", ROLE_TEEN, 14},
    {"fifteen", ROLE_TEEN, 15},  {"forty", ROLE_TENS, 40},         {"fourty", ROLE_TENS, 40},
    {"fifty", ROLE_TENS, 50},    {"first", ROLE_ORDINAL, 1},       {"fourth", ROLE_ORDINAL, 4},
    {"fifth", ROLE_ORDINAL, 5},  {"fourteenth", ROLE_ORDINAL, 14}, {"fifteenth", ROLE_ORDINAL, 15},
    {"friday", ROLE_WEEKDAY, 5}, {"fri", ROLE_WEEKDAY_SHORT, 5},   {"februari", ROLE_MONTH, 2},
    {"february", ROLE_MONTH, 2}, {"feb", ROLE_MONTH_SHORT, 2}};
static const struct entry words_g[] = {{"gue", ROLE_ME, 0}, {"gw", ROLE_ME, 0}};
static const struct entry words_h[] = {{"hundred", ROLE_HUNDRED, 100},   {"half", ROLE_HALF, 0},
                                       {"hundreds", ROLE_INDEFINITE, 0}, {"hour", ROLE_SPAN, SPAN_HOUR},
                                       {"hours", ROLE_SPAN, SPAN_HOUR},  {"hrs", ROLE_SPAN, SPAN_HOUR},
                                       {"hari", ROLE_SPAN, SPAN_DAY},    {"hampir", ROLE_NOISE, 0}};
static const struct entry words_i[] = {
    {"ini", ROLE_THIS, 0}, {"in", ROLE_IN, 0}, {"i", ROLE_ME, 0}, {"im", ROLE_ME, 0}, {"is", ROLE_NOISE, 0}};
static const struct entry words_j[] = {{"juta", ROLE_MAGNITUDE, 1000000},
                                       {"jt", ROLE_MAGNITUDE, 1000000},
                                       {"jutaan", ROLE_INDEFINITE, 0},
                                       {"jumat", ROLE_WEEKDAY, 5},
                                       {"jumaat", ROLE_WEEKDAY, 5},
                                       {"jum'at", ROLE_WEEKDAY, 5},
                                       {"jum", ROLE_WEEKDAY_SHORT, 5},
                                       {"januari", ROLE_MONTH, 1},
                                       {"january", ROLE_MONTH, 1},
                                       {"juni", ROLE_MONTH, 6},
                                       {"june", ROLE_MONTH, 6},
                                       {"juli", ROLE_MONTH, 7},
                                       {"july", ROLE_MONTH, 7},
                                       {"jan", ROLE_MONTH_SHORT, 1},
                                       {"jun", ROLE_MONTH_SHORT, 6},
                                       {"jul", ROLE_MONTH_SHORT, 7},
                                       {"jam", ROLE_CLOCK, 0},
                                       {"jam", ROLE_SPAN, SPAN_HOUR},
                                       {"just", ROLE_NOISE, 0}};
static const struct entry words_k[] = {{"k", ROLE_MAGNITUDE, 1000},     {"koma", ROLE_POINT, 0},
                                       {"kesatu", ROLE_ORDINAL, 1},     {"kedua", ROLE_ORDINAL, 2},
                                       {"ketiga", ROLE_ORDINAL, 3},     {"keempat", ROLE_ORDINAL, 4},
                                       {"kelima", ROLE_ORDINAL, 5},     {"keenam", ROLE_ORDINAL, 6},
                                       {"ketujuh", ROLE_ORDINAL, 7},    {"kedelapan", ROLE_ORDINAL, 8},
                                       {"kesembilan", ROLE_ORDINAL, 9}, {"kesepuluh", ROLE_ORDINAL, 10},
                                       {"kesebelas", ROLE_ORDINAL, 11}, {"ke", ROLE_KE, 0},
                                       {"kali", ROLE_SUFFIX, 0},        {"kg", ROLE_SUFFIX, 0},
                                       {"kemarin", ROLE_DAY, -1},       {"kamis", ROLE_WEEKDAY, 4},
                                       {"kmis", ROLE_WEEKDAY, 4},       {"kam", ROLE_WEEKDAY_SHORT, 4},
                                       {"kemarin", ROLE_LAST, 0},       {"kemudian", ROLE_LATER, 0},
                                       {"kira", ROLE_NOISE, 0}};
static const struct entry words_l[] = {
    {"lima", ROLE_ONES, 5}, {"lapan", ROLE_ONES, 8}, {"last", ROLE_ORDINAL, -1}, {"lusa", ROLE_DAY, 2},
    {"lalu", ROLE_LAST, 0}, {"last", ROLE_LAST, 0},  {"lagi", ROLE_LATER, 0},    {"lalu", ROLE_AGO, 0}};
static const struct entry words_m[] = {{"million", ROLE_MAGNITUDE, 1000000},
                                       {"mio", ROLE_MAGNITUDE, 1000000},
                                       {"miliar", ROLE_MAGNITUDE, 1000000000},
                                       {"milyar", ROLE_MAGNITUDE, 1000000000},
                                       {"miliaran", ROLE_INDEFINITE, 0},
                                       {"milyaran", ROLE_INDEFINITE, 0},
                                       {"millions", ROLE_INDEFINITE, 0},
                                       {"monday", ROLE_WEEKDAY, 1},
                                       {"minggu", ROLE_WEEKDAY, 7},
                                       {"mon", ROLE_WEEKDAY_SHORT, 1},
                                       {"maret", ROLE_MONTH, 3},
                                       {"mar", ROLE_MONTH_SHORT, 3},
                                       {"march", ROLE_MONTH_SHORT, 3},
                                       {"mei", ROLE_MONTH_SHORT, 5},
                                       {"may", ROLE_MONTH_SHORT, 5},
                                       {"morning", ROLE_PART, PART_MORNING},
                                       {"midday", ROLE_PART, PART_NOON},
                                       {"malam", ROLE_PART, PART_NIGHT},
                                       {"midnight", ROLE_PART, PART_MIDNIGHT},
                                       {"menit", ROLE_SPAN, SPAN_MINUTE},
                                       {"minute", ROLE_SPAN, SPAN_MINUTE},
                                       {"minutes", ROLE_SPAN, SPAN_MINUTE},
                                       {"mins", ROLE_SPAN, SPAN_MINUTE},
                                       {"minggu", ROLE_SPAN, SPAN_WEEK},
                                       {"month", ROLE_SPAN, SPAN_MONTH},
                                       {"months", ROLE_SPAN, SPAN_MONTH},
                                       {"mendatang", ROLE_NEXT, 0},
                                       {"masih", ROLE_NOISE, 0},
                                       {"m", ROLE_NOISE, 0}};
static const struct entry words_n[] = {
    {"nol", ROLE_ONES, 0},         {"nine", ROLE_ONES, 9},         {"nineteen", ROLE_TEEN, 19},
    {"ninety", ROLE_TENS, 90},     {"ninth", ROLE_ORDINAL, 9},     {"nd", ROLE_SUFFIX, 1},
    {"november", ROLE_MONTH, 11},  {"nopember", ROLE_MONTH, 11},   {"nov", ROLE_MONTH_SHORT, 11},
    {"nop", ROLE_MONTH_SHORT, 11}, {"noon", ROLE_PART, PART_NOON}, {"night", ROLE_PART, PART_NIGHT},
    {"next", ROLE_NEXT, 0},        {"now", ROLE_NOISE, 0}};
static const struct entry words_o[] = {{"one", ROLE_ONES, 1},         {"orang", ROLE_SUFFIX, 0},
                                       {"oktober", ROLE_MONTH, 10},   {"october", ROLE_MONTH, 10},
                                       {"okt", ROLE_MONTH_SHORT, 10}, {"oct", ROLE_MONTH_SHORT, 10},
                                       {"only", ROLE_NOISE, 0}};
static const struct entry words_p[] = {{"puluh", ROLE_PULUH, 10},
                                       {"point", ROLE_POINT, 0},
                                       {"puluhan", ROLE_INDEFINITE, 0},
                                       {"pertama", ROLE_ORDINAL, 1},
                                       {"pebruari", ROLE_MONTH, 2},
                                       {"pagi", ROLE_PART, PART_MORNING},
                                       {"petang", ROLE_PART, PART_AFTERNOON},
                                       {"pm", ROLE_PART, PART_PM},
                                       {"pukul", ROLE_CLOCK, 0},
                                       {"pkl", ROLE_CLOCK, 0},
                                       {"pekan", ROLE_SPAN, SPAN_WEEK}};
static const struct entry words_q[] = {{"quarter", ROLE_QUARTER, 0}};
static const struct entry words_r[] = {
    {"ratus", ROLE_HUNDRED, 100},   {"ribu", ROLE_MAGNITUDE, 1000},  {"rb", ROLE_MAGNITUDE, 1000},
    {"rebu", ROLE_MAGNITUDE, 1000}, {"ratusan", ROLE_INDEFINITE, 0}, {"ribuan", ROLE_INDEFINITE, 0},
    {"rd", ROLE_SUFFIX, 1},         {"rabu", ROLE_WEEKDAY, 3},       {"rab", ROLE_WEEKDAY_SHORT, 3}};
static const struct entry words_s[] = {{"satu", ROLE_ONES, 1},
                                       {"six", ROLE_ONES, 6},
                                       {"seven", ROLE_ONES, 7},
                                       {"sembilan", ROLE_ONES, 9},
                                       {"semilan", ROLE_ONES, 9},
                                       {"sepuluh", ROLE_TEEN, 10},
                                       {"sebelas", ROLE_TEEN, 11},
                                       {"sixteen", ROLE_TEEN, 16},
                                       {"seventeen", ROLE_TEEN, 17},
                                       {"sixty", ROLE_TENS, 60},
                                       {"seventy", ROLE_TENS, 70},
                                       {"seratus", ROLE_ONE_HUNDRED, 100},
                                       {"seribu", ROLE_ONE_MAGNITUDE, 1000},
                                       {"sejuta", ROLE_ONE_MAGNITUDE, 1000000},
                                       {"semiliar", ROLE_ONE_MAGNITUDE, 1000000000},
                                       {"semilyar", ROLE_ONE_MAGNITUDE, 1000000000},
                                       {"setengah", ROLE_HALF, 0},
                                       {"separuh", ROLE_HALF, 0},
                                       {"seperempat", ROLE_QUARTER, 0},
                                       {"second", ROLE_ORDINAL, 2},
                                       {"sixth", ROLE_ORDINAL, 6},
                                       {"seventh", ROLE_ORDINAL, 7},
                                       {"st", ROLE_SUFFIX, 1},
                                       {"senin", ROLE_WEEKDAY, 1},
                                       {"snin", ROLE_WEEKDAY, 1},
                                       {"selasa", ROLE_WEEKDAY, 2},
                                       {"slasa", ROLE_WEEKDAY, 2},
                                       {"sabtu", ROLE_WEEKDAY, 6},
                                       {"saturday", ROLE_WEEKDAY, 6},
                                       {"sunday", ROLE_WEEKDAY, 7},
                                       {"sen", ROLE_WEEKDAY_SHORT, 1},
                                       {"sel", ROLE_WEEKDAY_SHORT, 2},
                                       {"sab", ROLE_WEEKDAY_SHORT, 6},
                                       {"sat", ROLE_WEEKDAY_SHORT, 6},
                                       {"sun", ROLE_WEEKDAY_SHORT, 7},
                                       {"september", ROLE_MONTH, 9},
                                       {"sep", ROLE_MONTH_SHORT, 9},
                                       {"sept", ROLE_MONTH_SHORT, 9},
                                       {"subuh", ROLE_PART, PART_DAWN},
                                       {"siang", ROLE_PART, PART_NOON},
                                       {"sore", ROLE_PART, PART_AFTERNOON},
                                       {"sejam", ROLE_ONE_SPAN, SPAN_HOUR},
                                       {"sehari", ROLE_ONE_SPAN, SPAN_DAY},
                                       {"seminggu", ROLE_ONE_SPAN, SPAN_WEEK},
                                       {"sepekan", ROLE_ONE_SPAN, SPAN_WEEK},
                                       {"sebulan", ROLE_ONE_SPAN, SPAN_MONTH},
                                       {"setahun", ROLE_ONE_SPAN, SPAN_YEAR},
                                       {"saya", ROLE_ME, 0},
                                       {"sekarang", ROLE_NOISE, 0},
                                       {"sudah", ROLE_NOISE, 0},
                                       {"sekitar", ROLE_NOISE, 0}};
static const struct entry words_t[] = {{"two", ROLE_ONES, 2},
                                       {"tiga", ROLE_ONES, 3},
                                       {"three", ROLE_ONES, 3},
                                       {"tujuh", ROLE_ONES, 7},
                                       {"ten", ROLE_TEEN, 10},
                                       {"twelve", ROLE_TEEN, 12},
                                       {"thirteen", ROLE_TEEN, 13},
                                       {"twenty", ROLE_TENS, 20},
                                       {"thirty", ROLE_TENS, 30},
                                       {"thousand", ROLE_MAGNITUDE, 1000},
                                       {"thousands", ROLE_INDEFINITE, 0},
                                       {"third", ROLE_ORDINAL, 3},
                                       {"tenth", ROLE_ORDINAL, 10},
                                       {"twelfth", ROLE_ORDINAL, 12},
                                       {"thirteenth", ROLE_ORDINAL, 13},
                                       {"twentieth", ROLE_ORDINAL, 20},
                                       {"terakhir", ROLE_ORDINAL, -1},
                                       {"th", ROLE_SUFFIX, 1},
                                       {"tomorrow", ROLE_DAY, 1},
                                       {"tmrw", ROLE_DAY, 1},
                                       {"tmr", ROLE_DAY, 1},
                                       {"today", ROLE_DAY, 0},
                                       {"tuesday", ROLE_WEEKDAY, 2},
                                       {"thursday", ROLE_WEEKDAY, 4},
                                       {"tue", ROLE_WEEKDAY_SHORT, 2},
                                       {"tues", ROLE_WEEKDAY_SHORT, 2},
                                       {"thu", ROLE_WEEKDAY_SHORT, 4},
                                       {"thur", ROLE_WEEKDAY_SHORT, 4},
                                       {"thurs", ROLE_WEEKDAY_SHORT, 4},
                                       {"tahun", ROLE_SPAN, SPAN_YEAR},
                                       {"thn", ROLE_SPAN, SPAN_YEAR},
                                       {"th", ROLE_SPAN, SPAN_YEAR},
                                       {"this", ROLE_THIS, 0},
                                       {"tanggal", ROLE_DATE, 0},
                                       {"tgl", ROLE_DATE, 0},
                                       {"turned", ROLE_NOISE, 0},
                                       {"turning", ROLE_NOISE, 0}};
static const struct entry words_u[] = {
    {"umur", ROLE_AGE, 0}, {"usia", ROLE_AGE, 0}, {"umurku", ROLE_AGE, 0}, {"usiaku", ROLE_AGE, 0}};
static const struct entry words_w[] = {{"wednesday", ROLE_WEEKDAY, 3}, {"wed", ROLE_WEEKDAY_SHORT, 3},
                                       {"week", ROLE_SPAN, SPAN_WEEK}, {"weeks", ROLE_SPAN, SPAN_WEEK},
                                       {"wib", ROLE_ZONE, 420},        {"wita", ROLE_ZONE, 480},
                                       {"wit", ROLE_ZONE, 540},        {"was", ROLE_NOISE, 0}};
static const struct entry words_x[] = {{"x", ROLE_SUFFIX, 0}};
static const struct entry words_y[] = {{"yesterday", ROLE_DAY, -1},
                                       {"year", ROLE_SPAN, SPAN_YEAR},
                                       {"years", ROLE_SPAN, SPAN_YEAR},
                                       {"yr", ROLE_SPAN, SPAN_YEAR},
                                       {"yrs", ROLE_SPAN, SPAN_YEAR}};
static const struct entry words_z[] = {{"zero", ROLE_ONES, 0}};

#define ROW(words) \
    { (words), sizeof(words) / sizeof((words)[0]) }
static const struct {
    const struct entry *entries;
    size_t count;
} rows[] = {ROW(words_a), ROW(words_b), {NULL, 0},    ROW(words_d), ROW(words_e), ROW(words_f), ROW(words_g),
            ROW(words_h), ROW(words_i), ROW(words_j), ROW(words_k), ROW(words_l), ROW(words_m), ROW(words_n),
            ROW(words_o), ROW(words_p), ROW(words_q), ROW(words_r), ROW(words_s), ROW(words_t), ROW(words_u),
            {NULL, 0},    ROW(words_w), ROW(words_x), ROW(words_y), ROW(words_z)};

/* 1 if words (parted by blanks) hold the lower-case word. Read in place: this runs for every word of every
 * message. */
static int entry_has(const char *words, const char *word, size_t length) {
    for (;;) {
        size_t same = 0;
        while (same < length && words[same] == word[same]) {
            same++;
        }
        if (same == length && (words[same] == ' ' || words[same] == '\0')) {
            return 1;
        }
        while (*words != ' ' && *words != '\0') {
            words++;
        }
        if (*words == '\0') {
            return 0;
        }
        words++;
    }
}

/* The word in lower case; 0 when it is too long to be in any table. */
static size_t lower(const char *word, size_t length, char out[WORD_MAX_BYTES]) {
    for (size_t i = 0; i < length && length <= WORD_MAX_BYTES; i++) {
        out[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] + ('a' - 'A')) : word[i];
    }
    return length <= WORD_MAX_BYTES ? length : 0;
}

void unit_roles(struct unit *unit, const char *word, size_t length) {
    char lowered[WORD_MAX_BYTES];
    length = lower(word, length, lowered);
    if (length == 0 || lowered[0] < 'a' || lowered[0] > 'z') {
        return;
    }
    const struct entry *entries = rows[lowered[0] - 'a'].entries;
    size_t role = 0, count = rows[lowered[0] - 'a'].count;
    while (role < UNIT_ROLES_MAX && unit->role[role] != ROLE_NONE) {
        role++;
    }
    const char second = length > 1 ? lowered[1] : '\0';
    for (size_t i = 0; i < count && role < UNIT_ROLES_MAX; i++) {
        if (entries[i].word[1] == second && strncmp(entries[i].word, lowered, length) == 0 &&
            entries[i].word[length] == '\0') {
            unit->role[role] = (uint8_t)entries[i].role;
            unit->value[role] = entries[i].value;
            role++;
        }
    }
}

int unit_says(const struct units *units, size_t i, const struct by_letter *words) {
    char lowered[WORD_MAX_BYTES];
    if (i >= units->count || units->unit[i].is_digits) {
        return 0;
    }
    const struct unit *unit = &units->unit[i];
    if (by_letter_has(words, lowered, lower(unit->word, unit->length, lowered))) {
        return 1;
    }
    return !unit->is_raw &&
           by_letter_has(words, lowered,
                         lower(units->text->raw + unit->raw_start, unit->raw_length, lowered));
}

int unit_says_any(const struct units *units, size_t i, const char *words) {
    char lowered[WORD_MAX_BYTES];
    if (i >= units->count || units->unit[i].is_digits) {
        return 0;
    }
    const struct unit *unit = &units->unit[i];
    size_t length = lower(unit->word, unit->length, lowered);
    if (length > 0 && entry_has(words, lowered, length)) {
        return 1;
    }
    length = unit->is_raw ? 0 : lower(units->text->raw + unit->raw_start, unit->raw_length, lowered);
    return length > 0 && entry_has(words, lowered, length);
}
