/* The age a message tells. Never takes "kerja 3 tahun" for one. Called by the dialogue machine and by the
 * facts. */
#include "domain/entity/unit.h"
#include "banned.h"

enum { AGE_MIN = 5, AGE_MAX = 100 };

/* The nearest unit before i that is not "sekarang", "is", "baru" ...; SIZE_MAX when the sentence starts
 * there. */
static size_t before_noise(const struct units *units, size_t i) {
    while (i > 0 && !units->unit[i].ends_before) {
        i--;
        if (!unit_is(units, i, ROLE_NOISE, NULL)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static int has_age_word(const struct units *units, size_t i) {
    size_t at = before_noise(units, i);
    if (at != SIZE_MAX && unit_is(units, at, ROLE_ME, NULL)) { /* "umur aku 25" */
        at = before_noise(units, at);
    }
    return at != SIZE_MAX && unit_is(units, at, ROLE_AGE, NULL);
}

/* "selama 3 tahun", "3 tahun lagi", "5 tahun di bank": how long, not how old. */
static int is_duration(const struct units *units, size_t first, size_t next) {
    static const char before[] =
        "kerja bekerja selama pengalaman kuliah sekolah sejak dalam setelah sesudah gap menganggur "
        "nganggur magang kontrak belajar rencana target tinggal menunggu for work worked working "
        "experience within in after over";
    static const char after[] =
        "lagi lalu kemudian yang ke kerja bekerja pengalaman terakhir di jadi menjadi sebagai lebih "
        "pertama depan experience ago from later of in working";
    for (size_t back = 1; back <= 3 && back <= first; back++) {
        if (unit_says_any(units, first - back, before)) {
            return 1;
        }
        if (units->unit[first - back].ends_before) {
            break;
        }
    }
    return next < units->count && !units->unit[next].ends_before && units->unit[next].before != ',' &&
           unit_says_any(units, next, after);
}

static int is_filler(const struct units *units, size_t i) {
    return unit_says_any(units, i, "ya kak nih sih aja saja kok deh min bu pak old dong admin") ||
           unit_is(units, i, ROLE_NOISE, NULL) || unit_is(units, i, ROLE_ME, NULL);
}

/* 1 if nothing but the number (first..next) is said. */
static int is_alone(const struct units *units, size_t first, size_t next) {
    for (size_t i = 0; i < units->count; i++) {
        if ((i < first || i >= next) && !is_filler(units, i)) {
            return 0;
        }
    }
    return 1;
}

/* "I'm 25" ends there or goes on with something new; "I'm 25 minutes late" does not. */
static int sentence_pauses(const struct units *units, size_t next) {
    return next >= units->count || units->unit[next].ends_before || units->unit[next].before == ',' ||
           unit_says_any(units, next, "and dan nih ya kak now yang tapi tetapi but currently sekarang sih");
}

static int tells_age(const struct units *units, size_t first, size_t used, int years) {
    size_t next = first + used;
    int is_year = unit_is(units, next, ROLE_SPAN, &years) && years == SPAN_YEAR;
    size_t after = next + (size_t)is_year;
    size_t before = before_noise(units, first);
    int is_me = before != SIZE_MAX && unit_is(units, before, ROLE_ME, NULL);
    if (has_age_word(units, first) || is_alone(units, first, after)) {
        return 1;
    }
    if (unit_says_any(units, next, "yo") ||
        (unit_says_any(units, next, "y") && unit_says_any(units, next + 1, "o"))) {
        return 1;
    }
    if (!is_year) {
        return is_me && sentence_pauses(units, next);
    }
    if (unit_says_any(units, after, "old")) {
        return 1;
    }
    if (unit_says_any(units, next, "year years yr yrs")) {
        return 0;
    }
    return !is_duration(units, first, after);
}

int entity_age(const struct text *text, int *years, struct entity_span *span) {
    struct units units;
    units_read(text, &units);
    for (size_t i = 0; i < units.count; i++) {
        double number = 0;
        size_t used = units_number(&units, i, &number);
        if (used == 0 || number < AGE_MIN || number > AGE_MAX || number != (double)(int)number) {
            continue;
        }
        *years = (int)number;
        if (tells_age(&units, i, used, *years)) {
            *span = units_span(&units, i, i + used - 1);
            return 1;
        }
    }
    return 0;
}
