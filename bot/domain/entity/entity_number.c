/* Cardinals and ordinals, in digits and in words of both languages. Never reads dates, ages or phone numbers
   as such. Called by the dialogue machine and by the other finders of this folder. */
#include <string.h>

#include "domain/entity/unit.h"
#include "banned.h"

enum { DIGITS_MAX = 12, PARTS_MAX = 6 };

/* ---- digits ---- */

static double digits_value(const struct unit *unit) {
    double value = 0;
    for (size_t i = 0; i < unit->length; i++) {
        value = value * 10 + (unit->word[i] - '0');
    }
    return value;
}

/* Letters that touch the digits from the left: "jam2" and "rp500" are numbers, "covid19" and "S1" are not. */
static int left_fits(const struct units *units, size_t i) {
    const struct unit *unit = &units->unit[i];
    const char *raw = units->text->raw;
    if (unit->raw_start > 0 && strchr("*_@", raw[unit->raw_start - 1])) {
        return 0;
    }
    if (i == 0 || unit->before != 0) {
        return 1;
    }
    return unit_is(units, i - 1, ROLE_CLOCK, NULL) || unit_is(units, i - 1, ROLE_AGE, NULL) ||
           unit_is(units, i - 1, ROLE_DATE, NULL) || unit_is(units, i - 1, ROLE_ZONE, NULL) ||
           unit_says_any(units, i - 1, "rp idr usd no nomor");
}

/* Letters that touch them from the right: "25rb", "3x", "17th", "2pm". */
static int right_fits(const struct units *units, size_t next) {
    int is_ordinal = 0;
    if (next >= units->count || units->unit[next].before != 0 || units->unit[next].is_digits) {
        return 1;
    }
    if (unit_is(units, next, ROLE_SPAN, NULL) || unit_is(units, next, ROLE_MAGNITUDE, NULL)) {
        return 1;
    }
    if (unit_is(units, next, ROLE_SUFFIX, &is_ordinal)) {
        return !is_ordinal;
    }
    return unit_is(units, next, ROLE_PART, NULL) || unit_is(units, next, ROLE_ZONE, NULL) ||
           unit_is(units, next, ROLE_WEEKDAY, NULL) || unit_says_any(units, next, "y yo a p");
}

/* How many digit groups follow unit i, joined by points or commas. */
static size_t count_parts(const struct units *units, size_t i) {
    size_t count = 0;
    while (count < PARTS_MAX && i + count + 1 < units->count) {
        const struct unit *unit = &units->unit[i + count + 1];
        if (!unit->is_digits || !unit->is_tight || (unit->before != '.' && unit->before != ',')) {
            break;
        }
        count++;
    }
    return count;
}

/* 1 if parts first..last of a numeral are thousands: three digits each, parted by the same sign. */
static int are_thousands(const struct units *units, size_t i, size_t count) {
    const struct unit *unit = &units->unit[i];
    if (unit->length > 3 || unit->word[0] == '0') {
        return 0;
    }
    for (size_t part = 1; part <= count; part++) {
        if (unit[part].length != 3 || unit[part].before != unit[1].before) {
            return 0;
        }
    }
    return 1;
}

static double decimals(const struct unit *unit) {
    double scale = 1;
    for (size_t i = 0; i < unit->length; i++) {
        scale *= 10;
    }
    return digits_value(unit) / scale;
}

/* "1.500", "1,500.50", "2,5": one separator before three digits parts thousands, any other one parts
 * decimals. */
static size_t grouped_value(const struct units *units, size_t i, double *value) {
    const struct unit *unit = &units->unit[i];
    size_t parts = count_parts(units, i);
    size_t whole = parts;
    *value = digits_value(unit);
    if (parts == 0) {
        return 1;
    }
    if (!are_thousands(units, i, parts)) {
        whole = parts - 1;
        int fits = unit[parts].length <= 6 &&
                   (whole == 0 || (are_thousands(units, i, whole) && unit[parts].before != unit[1].before));
        if (!fits) { /* "1,2,3" is a list */
            return 1;
        }
    }
    for (size_t part = 1; part <= whole; part++) {
        *value = *value * 1000 + digits_value(&unit[part]);
    }
    if (whole < parts) {
        *value += decimals(&unit[parts]);
    }
    return parts + 1;
}

/* "1/2", "3/4". */
static size_t fraction_value(const struct units *units, size_t i, double *value) {
    const struct unit *unit = &units->unit[i];
    if (i + 1 >= units->count || !unit[1].is_digits || !unit[1].is_tight || unit[1].before != '/') {
        return 0;
    }
    double below = digits_value(&unit[1]), above = digits_value(unit);
    int more = i + 2 < units->count && unit[2].is_digits && unit[2].is_tight && unit[2].before == '/';
    if (more || unit->length > 1 || unit[1].length > 1 || below < 2 || above < 1 || above >= below) {
        return 0;
    }
    *value = above / below;
    return 2;
}

static size_t numeral(const struct units *units, size_t i, double *value) {
    const struct unit *unit = &units->unit[i];
    if (unit->length > DIGITS_MAX || (unit->word[0] == '0' && unit->length > 3) || !left_fits(units, i)) {
        return 0;
    }
    size_t used = fraction_value(units, i, value);
    if (used == 0) {
        used = grouped_value(units, i, value);
    }
    return right_fits(units, i + used) ? used : 0;
}

/* ---- words ---- */

/* A number as it grows: total is closed by a magnitude (ribu), group by a place (puluh), ones are still open.
 */
struct tally {
    double total, group, ones, magnitude;
    int has_ones, scale; /* scale: lowest place filled in this group, 1000 when it is empty */
    int any;
};

static size_t take_magnitude(struct tally *tally, double magnitude) {
    if (magnitude >= tally->magnitude || tally->group + tally->ones <= 0) {
        return 0;
    }
    tally->total += (tally->group + tally->ones) * magnitude;
    tally->magnitude = magnitude;
    tally->group = tally->ones = 0;
    tally->has_ones = 0;
    tally->scale = 1000;
    return 1;
}

static size_t take_ones(struct tally *tally, double value) {
    if (tally->has_ones || tally->scale <= 1) {
        return 0;
    }
    tally->ones = value;
    tally->has_ones = 1;
    return 1;
}

/* value goes straight into the group, filling places down to scale. */
static size_t take_place(struct tally *tally, double value, int scale, int above) {
    if (tally->has_ones || tally->scale <= above) {
        return 0;
    }
    tally->group += value;
    tally->scale = scale;
    return 1;
}

/* The open ones times a place: dua + puluh. */
static size_t scale_ones(struct tally *tally, double value, int scale, int above) {
    if (!tally->has_ones || tally->ones <= 0 || tally->scale <= above) {
        return 0;
    }
    tally->group += value;
    tally->ones = 0;
    tally->has_ones = 0;
    tally->scale = scale;
    return 1;
}

static size_t take_half(struct tally *tally) {
    if (!tally->any) {
        tally->ones = 0.5;
    } else if (tally->has_ones || tally->group > 0) {
        tally->ones += 0.5;
    } else {
        tally->total += tally->magnitude / 2;
    }
    tally->has_ones = 1;
    tally->scale = 0;
    return 1;
}

/* "dua koma lima": the point and the digits after it. */
static size_t take_point(const struct units *units, size_t i, struct tally *tally) {
    double place = 0.1;
    size_t used = 1;
    int value;
    if (!tally->any || tally->scale == 0) {
        return 0;
    }
    for (; i + used < units->count && used < 7; used++, place /= 10) {
        const struct unit *unit = &units->unit[i + used];
        if (unit_is(units, i + used, ROLE_ONES, &value)) {
            tally->ones += value * place;
        } else if (unit->is_digits && used == 1) {
            tally->ones += decimals(unit);
        } else {
            break;
        }
    }
    tally->has_ones = 1;
    tally->scale = used > 1 ? 0 : tally->scale;
    return used > 1 ? used : 0;
}

static int is_number_word(const struct units *units, size_t i) {
    static const enum unit_role roles[] = {ROLE_ONES, ROLE_TEEN, ROLE_TENS};
    for (size_t r = 0; r < sizeof roles / sizeof roles[0]; r++) {
        if (unit_is(units, i, roles[r], NULL)) {
            return 1;
        }
    }
    return 0;
}

/* "a hundred", "one and a half", "half a million", "two hundred and five". */
static size_t take_joint(const struct units *units, size_t i, struct tally *tally) {
    int is_and = unit_is(units, i, ROLE_AND, NULL);
    int scales = unit_is(units, i + 1, ROLE_HUNDRED, NULL) || unit_is(units, i + 1, ROLE_MAGNITUDE, NULL);
    if (is_and && tally->any && unit_is(units, i + 1, ROLE_A, NULL) &&
        unit_is(units, i + 2, ROLE_HALF, NULL)) {
        return 2;
    }
    if (is_and) {
        return tally->any && !tally->has_ones && tally->scale >= 100 && is_number_word(units, i + 1);
    }
    if (!unit_is(units, i, ROLE_A, NULL)) {
        return 0;
    }
    if (!tally->any && scales) {
        return take_ones(tally, 1);
    }
    if (!tally->any) {
        return unit_is(units, i + 1, ROLE_HALF, NULL) || unit_is(units, i + 1, ROLE_QUARTER, NULL);
    }
    return tally->scale == 0 && scales;
}

static size_t take_digits(const struct units *units, size_t i, struct tally *tally) {
    double value;
    if (tally->has_ones || tally->group > 0) {
        return 0;
    }
    size_t used = numeral(units, i, &value);
    int scales =
        unit_is(units, i + used, ROLE_MAGNITUDE, NULL) || unit_is(units, i + used, ROLE_HUNDRED, NULL);
    if (used == 0 || (tally->any && !scales)) {
        return 0;
    }
    tally->ones = value;
    tally->has_ones = 1;
    return used;
}

static size_t take_unit(const struct units *units, size_t i, struct tally *tally) {
    int value;
    if (units->unit[i].is_digits) {
        return take_digits(units, i, tally);
    }
    if (unit_is(units, i, ROLE_ONES, &value)) {
        return take_ones(tally, value);
    }
    if (unit_is(units, i, ROLE_TEEN, &value)) {
        return take_place(tally, value, 1, 10);
    }
    if (unit_is(units, i, ROLE_TENS, &value)) {
        return take_place(tally, value, 10, 10);
    }
    if (unit_is(units, i, ROLE_ONE_HUNDRED, &value)) {
        return take_place(tally, value, 100, 100);
    }
    if (unit_is(units, i, ROLE_BELAS, &value)) {
        return scale_ones(tally, tally->ones + 10, 1, 10);
    }
    if (unit_is(units, i, ROLE_PULUH, &value)) {
        return scale_ones(tally, tally->ones * 10, 10, 10);
    }
    if (unit_is(units, i, ROLE_HUNDRED, &value)) {
        return scale_ones(tally, tally->ones * 100, 100, 100);
    }
    if (unit_is(units, i, ROLE_MAGNITUDE, &value)) {
        return take_magnitude(tally, value);
    }
    if (unit_is(units, i, ROLE_ONE_MAGNITUDE, &value)) {
        return take_ones(tally, 1) ? take_magnitude(tally, value) : 0;
    }
    if (unit_is(units, i, ROLE_HALF, NULL) && tally->scale != 0) {
        return take_half(tally);
    }
    if (unit_is(units, i, ROLE_QUARTER, NULL) && !tally->has_ones) {
        return take_ones(tally, 0.25);
    }
    return unit_is(units, i, ROLE_POINT, NULL) ? take_point(units, i, tally) : take_joint(units, i, tally);
}

/* "salah satu", "satu-satunya", "this one", "one of": no count. */
static int is_article(const struct units *units, size_t i) {
    if (i > 0 && !units->unit[i].ends_before && unit_says_any(units, i, "satu") &&
        unit_says_any(units, i - 1, "salah")) {
        return 1;
    }
    if (unit_says_any(units, i, "satu")) {
        return unit_says_any(units, i + 1, "satunya sama satu") ||
               (i > 0 && unit_says_any(units, i - 1, "satu"));
    }
    if (!unit_says_any(units, i, "one") || unit_is(units, i + 1, ROLE_HUNDRED, NULL) ||
        unit_is(units, i + 1, ROLE_MAGNITUDE, NULL)) {
        return 0;
    }
    return unit_says_any(units, i + 1, "of") ||
           (i > 0 && unit_says_any(units, i - 1, "this that the which no any every each"));
}

size_t units_number(const struct units *units, size_t i, double *value) {
    struct tally tally = {.magnitude = 1e15, .scale = 1000};
    size_t used = 0, complete = 0;
    if (i >= units->count || is_article(units, i) || unit_is(units, i, ROLE_AND, NULL)) {
        return 0;
    }
    while (i + used < units->count && (used == 0 || !units->unit[i + used].ends_before)) {
        size_t step = take_unit(units, i + used, &tally);
        if (step == 0) {
            break;
        }
        used += step;
        if (tally.has_ones || tally.group > 0 || tally.total > 0) {
            tally.any = 1;
            complete = used;
        }
    }
    /* "dua puluhan", "belasan ribu": about so many, no number */
    if (unit_is(units, i + complete, ROLE_INDEFINITE, NULL) ||
        (i > 0 && unit_is(units, i - 1, ROLE_INDEFINITE, NULL))) {
        return 0;
    }
    *value = tally.total + tally.group + tally.ones;
    return complete;
}

/* ---- ordinals ---- */

/* "last week", "pertama kali", "kedua orang tua" say no position. */
static int is_other_ordinal(const struct units *units, size_t i, int value) {
    if (value < 0) {
        return unit_is(units, i + 1, ROLE_SPAN, NULL) || unit_is(units, i + 1, ROLE_WEEKDAY, NULL) ||
               unit_is(units, i + 1, ROLE_PART, NULL) || unit_says_any(units, i + 1, "kali time");
    }
    if (value == 1) {
        return unit_says_any(units, i + 1, "kali time tama") || (i > 0 && unit_says_any(units, i - 1, "at"));
    }
    return value == 2 && (unit_says_any(units, i + 1, "orang nya belah orangtua thoughts") ||
                          (i > 0 && unit_is(units, i - 1, ROLE_ONES, NULL)));
}

static size_t ordinal_word(const struct units *units, size_t i, int *value) {
    int ones = 0;
    if (is_other_ordinal(units, i, *value)) {
        return 0;
    }
    if (*value > 1 && *value < 10 && unit_is(units, i + 1, ROLE_BELAS, NULL)) {
        *value += 10;
        return 2;
    }
    if (*value > 1 && *value < 10 && unit_is(units, i + 1, ROLE_PULUH, NULL)) {
        *value *= 10;
        size_t more = (size_t)unit_is(units, i + 2, ROLE_ONES, &ones);
        *value += ones;
        return 2 + more;
    }
    return 1;
}

/* "ke-2", "ke 2", "ke dua" at the end of what is said ("ke tiga kota" goes to three towns). */
static size_t ordinal_after_ke(const struct units *units, size_t i, int *value) {
    double number = 0;
    int ones;
    if (i + 1 >= units->count || units->unit[i + 1].ends_before) {
        return 0;
    }
    const struct unit *next = &units->unit[i + 1];
    if (next->is_digits) {
        number = next->length <= 3 ? digits_value(next) : 0;
    } else if (unit_is(units, i + 1, ROLE_ONES, &ones) &&
               (i + 2 >= units->count || unit_says_any(units, i + 2, "deh aja saja ya kak dong"))) {
        number = ones;
    }
    *value = (int)number;
    return number >= 1 ? 2 : 0;
}

/* "1st", "22nd"; "th" only where it can be no year of age. */
static size_t ordinal_digits(const struct units *units, size_t i, int *value) {
    int is_ordinal = 0;
    const struct unit *unit = &units->unit[i];
    if (unit->length > 2 || i + 1 >= units->count || unit[1].before != 0 ||
        !unit_is(units, i + 1, ROLE_SUFFIX, &is_ordinal) || !is_ordinal || !left_fits(units, i)) {
        return 0;
    }
    *value = (int)digits_value(unit);
    return *value >= 1 ? 2 : 0;
}

size_t units_ordinal(const struct units *units, size_t i, int *value) {
    if (i >= units->count) {
        return 0;
    }
    if (unit_is(units, i, ROLE_ORDINAL, value)) {
        return ordinal_word(units, i, value);
    }
    if (unit_is(units, i, ROLE_KE, NULL)) {
        return ordinal_after_ke(units, i, value);
    }
    if (unit_says_any(units, i, "paling")) {
        *value = unit_says_any(units, i + 1, "atas awal") ? 1 : -1;
        return unit_says_any(units, i + 1, "atas awal bawah akhir") ? 2 : 0;
    }
    return units->unit[i].is_digits ? ordinal_digits(units, i, value) : 0;
}

/* ---- the finders ---- */

/* Digits of a phone number or an address are no counts. */
static int in_contact(const struct units *units, size_t i, const struct entity_span *phone,
                      const struct entity_span *email) {
    size_t at = units->unit[i].raw_start;
    return (at >= phone->start && at < phone->start + phone->length) ||
           (at >= email->start && at < email->start + email->length);
}

static int has_minus(const struct units *units, size_t i) {
    size_t at = units->unit[i].raw_start;
    const char *raw = units->text->raw;
    if (i > 0 && unit_says_any(units, i - 1, "minus")) {
        return 1;
    }
    return units->unit[i].is_digits && at > 0 && raw[at - 1] == '-' && (at == 1 || raw[at - 2] == ' ');
}

int entity_number(const struct text *text, double *number, struct entity_span *span) {
    struct units units;
    struct entity_span phone = {0, 0}, mail = {0, 0};
    char digits[17], address[255];
    units_read(text, &units);
    entity_phone(text, digits, &phone);
    entity_email(text, address, &mail);
    for (size_t i = 0; i < units.count; i++) {
        int ordinal;
        size_t used = in_contact(&units, i, &phone, &mail) || units_ordinal(&units, i, &ordinal) > 0
                          ? 0
                          : units_number(&units, i, number);
        int after_ke =
            i > 0 && unit_is(&units, i - 1, ROLE_KE, NULL) && units_ordinal(&units, i - 1, &ordinal) > 0;
        if (used > 0 && !after_ke) {
            *number = has_minus(&units, i) ? -*number : *number;
            *span = units_span(&units, i, i + used - 1);
            return 1;
        }
    }
    return 0;
}

int entity_ordinal(const struct text *text, int *ordinal, struct entity_span *span) {
    struct units units;
    units_read(text, &units);
    for (size_t i = 0; i < units.count; i++) {
        size_t used = units_ordinal(&units, i, ordinal);
        if (used > 0) {
            *span = units_span(&units, i, i + used - 1);
            return 1;
        }
    }
    return 0;
}
