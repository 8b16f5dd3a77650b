/* The words of numbers, dates, times and ages in Indonesian and English, standard and chat spelling. Only a
   table; knows no grammar. Read by entity_unit.c. The calendar and the numerals are the same for every site,
   so they are code and not content. */
#include <string.h>

#include "domain/entity/unit.h"
#include "banned.h"

enum { WORD_MAX_BYTES = 16 };

struct entry {
    const char *words; /* parted by blanks */
    enum unit_role role;
    int value;
};

static const struct entry numbers[] = {
    {"nol zero", ROLE_ONES, 0},
    {"satu one", ROLE_ONES, 1},
    {"dua two", ROLE_ONES, 2},
    {"tiga three", ROLE_ONES, 3},
    {"empat four", ROLE_ONES, 4},
    {"lima five", ROLE_ONES, 5},
    {"enam enem six", ROLE_ONES, 6},
    {"tujuh seven", ROLE_ONES, 7},
    {"delapan lapan eight", ROLE_ONES, 8},
    {"sembilan semilan nine", ROLE_ONES, 9},
    {"sepuluh ten", ROLE_TEEN, 10},
    {"sebelas eleven", ROLE_TEEN, 11},
    {"twelve", ROLE_TEEN, 12},
    {"thirteen", ROLE_TEEN, 13},
    {"fourteen", ROLE_TEEN, 14},
    {"fifteen", ROLE_TEEN, 15},
    {"sixteen", ROLE_TEEN, 16},
    {"seventeen", ROLE_TEEN, 17},
    {"eighteen", ROLE_TEEN, 18},
    {"nineteen", ROLE_TEEN, 19},
    {"twenty", ROLE_TENS, 20},
    {"thirty", ROLE_TENS, 30},
    {"forty fourty", ROLE_TENS, 40},
    {"fifty", ROLE_TENS, 50},
    {"sixty", ROLE_TENS, 60},
    {"seventy", ROLE_TENS, 70},
    {"eighty", ROLE_TENS, 80},
    {"ninety", ROLE_TENS, 90},
    {"belas", ROLE_BELAS, 10},
    {"puluh", ROLE_PULUH, 10},
    {"ratus hundred", ROLE_HUNDRED, 100},
    {"seratus", ROLE_ONE_HUNDRED, 100},
    {"ribu rb rebu k thousand", ROLE_MAGNITUDE, 1000},
    {"seribu", ROLE_ONE_MAGNITUDE, 1000},
    {"juta jt million mio", ROLE_MAGNITUDE, 1000000},
    {"sejuta", ROLE_ONE_MAGNITUDE, 1000000},
    {"miliar milyar billion", ROLE_MAGNITUDE, 1000000000},
    {"semiliar semilyar", ROLE_ONE_MAGNITUDE, 1000000000},
    {"setengah separuh half", ROLE_HALF, 0},
    {"seperempat quarter", ROLE_QUARTER, 0},
    {"koma point", ROLE_POINT, 0},
    {"and", ROLE_AND, 0},
    {"a an", ROLE_A, 0},
    {"belasan puluhan ratusan ribuan jutaan miliaran milyaran dozens hundreds thousands millions",
     ROLE_INDEFINITE, 0},
    {"pertama kesatu first", ROLE_ORDINAL, 1},
    {"kedua second", ROLE_ORDINAL, 2},
    {"ketiga third", ROLE_ORDINAL, 3},
    {"keempat fourth", ROLE_ORDINAL, 4},
    {"kelima fifth", ROLE_ORDINAL, 5},
    {"keenam sixth", ROLE_ORDINAL, 6},
    {"ketujuh seventh", ROLE_ORDINAL, 7},
    {"kedelapan eighth", ROLE_ORDINAL, 8},
    {"kesembilan ninth", ROLE_ORDINAL, 9},
    {"kesepuluh tenth", ROLE_ORDINAL, 10},
    {"kesebelas eleventh", ROLE_ORDINAL, 11},
    {"twelfth", ROLE_ORDINAL, 12},
    {"thirteenth", ROLE_ORDINAL, 13},
    {"fourteenth", ROLE_ORDINAL, 14},
    {"fifteenth", ROLE_ORDINAL, 15},
    {"twentieth", ROLE_ORDINAL, 20},
    {"terakhir last", ROLE_ORDINAL, -1},
    {"ke", ROLE_KE, 0},
    {"st nd rd th", ROLE_SUFFIX, 1},
    {"an x kali orang kg", ROLE_SUFFIX, 0},
};

static const struct entry moments[] = {
    {"kemarin yesterday", ROLE_DAY, -1},
    {"besok esok tomorrow tmrw tmr", ROLE_DAY, 1},
    {"lusa", ROLE_DAY, 2},
    {"today", ROLE_DAY, 0},
    {"senin snin monday", ROLE_WEEKDAY, 1},
    {"selasa slasa tuesday", ROLE_WEEKDAY, 2},
    {"rabu wednesday", ROLE_WEEKDAY, 3},
    {"kamis kmis thursday", ROLE_WEEKDAY, 4},
    {"jumat jumaat jum'at friday", ROLE_WEEKDAY, 5},
    {"sabtu saturday", ROLE_WEEKDAY, 6},
    {"minggu ahad sunday", ROLE_WEEKDAY, 7},
    {"sen mon", ROLE_WEEKDAY_SHORT, 1},
    {"sel tue tues", ROLE_WEEKDAY_SHORT, 2},
    {"rab wed", ROLE_WEEKDAY_SHORT, 3},
    {"kam thu thur thurs", ROLE_WEEKDAY_SHORT, 4},
    {"jum fri", ROLE_WEEKDAY_SHORT, 5},
    {"sab sat", ROLE_WEEKDAY_SHORT, 6},
    {"sun", ROLE_WEEKDAY_SHORT, 7},
    {"januari january", ROLE_MONTH, 1},
    {"februari pebruari february", ROLE_MONTH, 2},
    {"maret", ROLE_MONTH, 3},
    {"april", ROLE_MONTH, 4},
    {"juni june", ROLE_MONTH, 6},
    {"juli july", ROLE_MONTH, 7},
    {"agustus august", ROLE_MONTH, 8},
    {"september", ROLE_MONTH, 9},
    {"oktober october", ROLE_MONTH, 10},
    {"november nopember", ROLE_MONTH, 11},
    {"desember december", ROLE_MONTH, 12},
    {"jan", ROLE_MONTH_SHORT, 1},
    {"feb", ROLE_MONTH_SHORT, 2},
    {"mar march", ROLE_MONTH_SHORT, 3},
    {"apr", ROLE_MONTH_SHORT, 4},
    {"mei may", ROLE_MONTH_SHORT, 5},
    {"jun", ROLE_MONTH_SHORT, 6},
    {"jul", ROLE_MONTH_SHORT, 7},
    {"agu agt ags agst aug", ROLE_MONTH_SHORT, 8},
    {"sep sept", ROLE_MONTH_SHORT, 9},
    {"okt oct", ROLE_MONTH_SHORT, 10},
    {"nov nop", ROLE_MONTH_SHORT, 11},
    {"des dec", ROLE_MONTH_SHORT, 12},
    {"subuh dini", ROLE_PART, PART_DAWN},
    {"pagi morning", ROLE_PART, PART_MORNING},
    {"siang noon midday", ROLE_PART, PART_NOON},
    {"sore petang afternoon evening", ROLE_PART, PART_AFTERNOON},
    {"malam night", ROLE_PART, PART_NIGHT},
    {"am", ROLE_PART, PART_AM},
    {"pm", ROLE_PART, PART_PM},
    {"midnight", ROLE_PART, PART_MIDNIGHT},
    {"jam pukul pkl at", ROLE_CLOCK, 0},
    {"menit minute minutes mins", ROLE_SPAN, SPAN_MINUTE},
    {"jam hour hours hrs", ROLE_SPAN, SPAN_HOUR},
    {"hari day days", ROLE_SPAN, SPAN_DAY},
    {"minggu pekan week weeks", ROLE_SPAN, SPAN_WEEK},
    {"bulan month months", ROLE_SPAN, SPAN_MONTH},
    {"tahun thn th year years yr yrs", ROLE_SPAN, SPAN_YEAR},
    {"sejam", ROLE_ONE_SPAN, SPAN_HOUR},
    {"sehari", ROLE_ONE_SPAN, SPAN_DAY},
    {"seminggu sepekan", ROLE_ONE_SPAN, SPAN_WEEK},
    {"sebulan", ROLE_ONE_SPAN, SPAN_MONTH},
    {"setahun", ROLE_ONE_SPAN, SPAN_YEAR},
    {"depan next mendatang", ROLE_NEXT, 0},
    {"ini this", ROLE_THIS, 0},
    {"lalu kemarin last", ROLE_LAST, 0},
    {"lagi kemudian", ROLE_LATER, 0},
    {"lalu ago", ROLE_AGO, 0},
    {"dalam in", ROLE_IN, 0},
    {"wib", ROLE_ZONE, 420},
    {"wita", ROLE_ZONE, 480},
    {"wit", ROLE_ZONE, 540},
    {"tanggal tgl", ROLE_DATE, 0},
    {"umur usia umurku usiaku berumur berusia age aged", ROLE_AGE, 0},
    {"aku saya gue gw i im", ROLE_ME, 0},
    {"sekarang baru masih sudah hampir sekitar kira adalah is am was turned turning m now about just almost "
     "only",
     ROLE_NOISE, 0},
};

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

static void add_roles(struct unit *unit, const struct entry *entries, size_t count, const char *word,
                      size_t length) {
    for (size_t i = 0; i < count; i++) {
        size_t role = 0;
        while (role < UNIT_ROLES_MAX && unit->role[role] != ROLE_NONE) {
            role++;
        }
        if (role == UNIT_ROLES_MAX) {
            return;
        }
        if (entry_has(entries[i].words, word, length)) {
            unit->role[role] = (uint8_t)entries[i].role;
            unit->value[role] = entries[i].value;
        }
    }
}

void unit_roles(struct unit *unit, const char *word, size_t length) {
    char lowered[WORD_MAX_BYTES];
    length = lower(word, length, lowered);
    if (length > 0) {
        add_roles(unit, numbers, sizeof numbers / sizeof numbers[0], lowered, length);
        add_roles(unit, moments, sizeof moments / sizeof moments[0], lowered, length);
    }
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
