/* Times of day in a message: "jam 2 siang", "setengah 3", "14.30 WITA", "half past two", "noon". Never
   decides the day. Called by entity_moment.c. */
#include <string.h>

#include "domain/entity/unit.h"
#include "banned.h"

struct search {
    const struct units *units;
    size_t i;
    struct clock_part *out;
    size_t *skip;
};

static int says(const struct search *search, size_t ahead, const char *words) {
    return unit_says_any(search->units, search->i + ahead, words);
}

static int is(const struct search *search, size_t ahead, enum unit_role role, int *value) {
    return unit_is(search->units, search->i + ahead, role, value);
}

static const struct unit *unit_at(const struct search *search, size_t ahead) {
    return search->i + ahead < search->units->count ? &search->units->unit[search->i + ahead] : NULL;
}

static int two_digits(const struct unit *unit) {
    return unit && unit->is_digits && unit->length == 2 ? (unit->word[0] - '0') * 10 + (unit->word[1] - '0')
                                                        : -1;
}

/* ---- what may follow a time ---- */

/* "pagi", "dini hari", "pm", "p.m.", "in the evening", "at night". Returns its units. */
static size_t part_at(const struct search *search, size_t ahead, int *part) {
    if (is(search, ahead, ROLE_PART, part)) {
        return says(search, ahead, "dini") && says(search, ahead + 1, "hari") ? 2 : 1;
    }
    if (says(search, ahead, "a p") && says(search, ahead + 1, "m")) {
        *part = says(search, ahead, "a") ? PART_AM : PART_PM;
        return 2;
    }
    if (says(search, ahead, "in") && says(search, ahead + 1, "the") &&
        is(search, ahead + 2, ROLE_PART, part)) {
        return 3;
    }
    return says(search, ahead, "at") && says(search, ahead + 1, "night") &&
                   is(search, ahead + 1, ROLE_PART, part)
               ? 2
               : 0;
}

static size_t zone_at(const struct search *search, size_t ahead) {
    search->out->has_zone = is(search, ahead, ROLE_ZONE, &search->out->zone_minutes);
    return (size_t)search->out->has_zone;
}

/* Adds part and zone after the time that ends at used; keeps all of it, or steps over it when no clock shows
 * it. */
static int settle(struct search *search, size_t used, int hour, int minute) {
    struct clock_part *out = search->out;
    out->part = -1;
    used += part_at(search, used, &out->part);
    used += zone_at(search, used);
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || (hour == 24 && minute > 0)) {
        *out = (struct clock_part){0};
        *search->skip = used;
        return 1;
    }
    out->hour = hour;
    out->minute = minute;
    out->used = used;
    return 1;
}

/* ---- kinds of times ---- */

/* "14.30", "9:05": hour and minute joined; *hour is -1 when this is none. */
static size_t joined_time(const struct search *search, size_t ahead, int *hour, int *minute) {
    const struct unit *first = unit_at(search, ahead), *second = unit_at(search, ahead + 1);
    *hour = -1;
    if (!first || !second || !first->is_digits || first->length > 2 || two_digits(second) < 0 ||
        !second->is_tight || !strchr(":.", second->before) || second->before == 0) {
        return 0;
    }
    const struct unit *third = unit_at(search, ahead + 2);
    if (third && third->is_digits && third->is_tight && third->before == second->before) {
        return 0; /* 05.12.2026, 10:11:12 */
    }
    *hour = first->length == 2 ? two_digits(first) : first->word[0] - '0';
    *minute = two_digits(second);
    return 2;
}

/* A whole hour in digits or words, up to most. */
static size_t hour_at(const struct search *search, size_t ahead, int most, int *hour) {
    double number = 0;
    size_t used = search->i + ahead < search->units->count
                      ? units_number(search->units, search->i + ahead, &number)
                      : 0;
    int stands_alone =
        !is(search, ahead + used, ROLE_SPAN, NULL) || is(search, ahead + used, ROLE_CLOCK, NULL);
    if (used == 0 || number < 0 || number > most || number != (double)(int)number || !stands_alone) {
        return 0;
    }
    *hour = (int)number;
    return used;
}

/* "jam 3 lewat seperempat", "jam 3 kurang 10 menit". Changes hour and minute; returns its units. */
static size_t shift_at(const struct search *search, size_t ahead, int *hour, int *minute) {
    double number = 0;
    int later = says(search, ahead, "lewat lebih"), earlier = says(search, ahead, "kurang");
    if (!later && !earlier) {
        return 0;
    }
    size_t used = units_number(search->units, search->i + ahead + 1, &number);
    if (used == 0 || number <= 0 || number > 59) {
        return 0;
    }
    int minutes = number == 0.25 ? 15 : number == 0.5 ? 30 : (int)number;
    *minute = later ? minutes : 60 - minutes;
    *hour -= earlier;
    int span;
    used += (size_t)(is(search, ahead + 1 + used, ROLE_SPAN, &span) && span == SPAN_MINUTE);
    return 1 + used;
}

/* "setengah 3" and "half past two" are both 2.30. Returns its units; 0 when this is no such time. */
static size_t half_at(const struct search *search, size_t ahead, int *hour, int *minute) {
    int is_half = is(search, ahead, ROLE_HALF, NULL), is_quarter = is(search, ahead, ROLE_QUARTER, NULL);
    size_t lead = 1;
    if (!is_half && !is_quarter) {
        return 0;
    }
    int past = says(search, ahead + 1, "past"), to = says(search, ahead + 1, "to");
    if ((is_quarter || says(search, ahead, "half")) && !past && !to) {
        return 0;
    }
    lead += (size_t)(past || to);
    size_t used = hour_at(search, ahead + lead, 12, hour);
    if (used == 0 || *hour < 1) {
        return 0;
    }
    *minute = is_half ? 30 : past ? 15 : 45;
    *hour -= past ? 0 : 1;
    *hour = *hour == 0 ? 12 : *hour;
    return lead + used;
}

/* "2 jam 30 menit" lasts; it is not at any time. */
static int counts_hours(const struct search *search) {
    double number;
    return search->i > 0 && !search->units->unit[search->i].ends_before && says(search, 0, "jam") &&
           units_number(search->units, search->i - 1, &number) > 0;
}

static int announced_time(struct search *search) {
    int hour = 0, minute = 0, part;
    size_t lead = 1;
    if (!is(search, 0, ROLE_CLOCK, NULL) || counts_hours(search)) {
        return 0;
    }
    lead += (size_t)says(search, lead, "sekitar kira about around");
    size_t used = half_at(search, lead, &hour, &minute);
    if (used > 0) {
        return settle(search, lead + used, hour, minute);
    }
    used = joined_time(search, lead, &hour, &minute);
    if (used > 0) {
        const struct unit *first = unit_at(search, lead);
        search->out->is_literal = hour > 12 || first->word[0] == '0';
        return settle(search, lead + used, hour, minute);
    }
    int is_at = says(search, 0, "at");
    used = hour_at(search, lead, 99, &hour);
    if (used == 0 || (is_at && hour > 12) ||
        (is_at && part_at(search, lead + used, &part) == 0 && hour == 0)) {
        return 0;
    }
    const struct unit *first = unit_at(search, lead);
    search->out->is_literal = hour > 12 || (first->is_digits && first->length == 2 && first->word[0] == '0');
    used += lead;
    used += (size_t)(says(search, used, "o") && says(search, used + 1, "clock")) * 2;
    used += shift_at(search, used, &hour, &minute);
    return settle(search, used, hour, minute);
}

/* "14:30" always, "14.30" where its neighbours say that it is a time and no number. */
static int bare_joined_time(struct search *search) {
    int hour, minute, part, zone;
    size_t used = joined_time(search, 0, &hour, &minute);
    if (used == 0) {
        return 0;
    }
    const struct unit *first = unit_at(search, 0), *second = unit_at(search, 1);
    int before = search->i > 0 && (unit_is(search->units, search->i - 1, ROLE_WEEKDAY, NULL) ||
                                   unit_is(search->units, search->i - 1, ROLE_DAY, NULL) ||
                                   unit_is(search->units, search->i - 1, ROLE_MONTH, NULL) ||
                                   unit_is(search->units, search->i - 1, ROLE_NEXT, NULL) ||
                                   unit_is(search->units, search->i - 1, ROLE_PART, NULL));
    int after = part_at(search, used, &part) > 0 || is(search, used, ROLE_ZONE, &zone);
    if (second->before == '.' && !before && !after) {
        return 0;
    }
    search->out->is_literal = hour > 12 || first->word[0] == '0';
    return settle(search, used, hour, minute);
}

/* "2 siang", "7pm", "setengah 3", "seven in the morning"; "3 hari 2 malam" counts nights. */
static int bare_hour(struct search *search) {
    int hour, minute = 0, part;
    size_t used = half_at(search, 0, &hour, &minute);
    if (used > 0) {
        return settle(search, used, hour, minute);
    }
    used = hour_at(search, 0, 12, &hour);
    if (used == 0) {
        return 0;
    }
    if (says(search, used, "o") && says(search, used + 1, "clock")) {
        return settle(search, used + 2, hour, 0);
    }
    int counts = search->i > 0 && (unit_is(search->units, search->i - 1, ROLE_SPAN, NULL) ||
                                   unit_is(search->units, search->i - 1, ROLE_KE, NULL) ||
                                   unit_is(search->units, search->i - 1, ROLE_DATE, NULL));
    if (counts || part_at(search, used, &part) == 0 || (hour == 0 && part != PART_AM)) {
        return 0;
    }
    return settle(search, used, hour, 0);
}

/* A part of the day alone is a greeting, unless a day stands beside it. */
static int part_only(struct search *search) {
    struct clock_part *out = search->out;
    int part = -1;
    if (says(search, 0, "tengah") && says(search, 1, "hari malam")) {
        out->part = says(search, 1, "hari") ? PART_NOON : PART_MIDNIGHT;
        out->hour = 12;
        out->used = 2 + zone_at(search, 2);
        return 1;
    }
    if (says(search, 0, "noon midday midnight")) {
        out->hour = 12;
        out->used = 1 + zone_at(search, 1);
        is(search, 0, ROLE_PART, &out->part);
        return 1;
    }
    size_t used = part_at(search, 0, &part);
    if (used == 0 || part >= PART_AM) {
        return 0;
    }
    static const enum unit_role beside[] = {ROLE_DAY,   ROLE_WEEKDAY, ROLE_NEXT,
                                            ROLE_MONTH, ROLE_THIS,    ROLE_LATER};
    int is_today = is(search, used, ROLE_THIS, NULL);
    int stands_beside = is_today;
    for (size_t r = 0; search->i > 0 && r < sizeof beside / sizeof beside[0]; r++) {
        stands_beside |= unit_is(search->units, search->i - 1, beside[r], NULL);
    }
    stands_beside |=
        search->i > 0 &&
        (unit_says_any(search->units, search->i - 1, "nanti tadi") ||
         (search->units->unit[search->i - 1].is_digits && search->units->unit[search->i - 1].length == 4));
    if (!stands_beside) {
        return 0;
    }
    *out =
        (struct clock_part){.used = used + (size_t)is_today, .hour = -1, .part = part, .is_today = is_today};
    return 1;
}

void units_clock(const struct units *units, size_t i, struct clock_part *out, size_t *skip) {
    static int (*const kinds[])(struct search *) = {announced_time, bare_joined_time, bare_hour, part_only};
    struct search search = {units, i, out, skip};
    *skip = 0;
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        *out = (struct clock_part){.part = -1};
        if (kinds[kind](&search) && (out->used > 0 || *skip > 0)) {
            return;
        }
    }
    *out = (struct clock_part){.part = -1};
}

/* ---- from words to minutes ---- */

/* The usual start of a part of the day, where no hour was said. */
static int usual_hour(int part) {
    static const int hours[] = {
        [PART_DAWN] = 5, [PART_MORNING] = 8, [PART_NOON] = 12, [PART_AFTERNOON] = 16, [PART_NIGHT] = 19};
    return hours[part];
}

static int hour_of_part(int hour, int part) {
    switch (part) {
    case PART_DAWN:
    case PART_MORNING:
    case PART_AM: return hour == 12 ? 0 : hour;
    case PART_NOON: return hour < 10 ? hour + 12 : hour; /* 10 and 11 siang are before noon */
    case PART_AFTERNOON:
    case PART_PM: return hour < 12 ? hour + 12 : hour;
    case PART_NIGHT: return hour == 12 ? 24 : hour >= 5 ? hour + 12 : hour; /* 1 malam is after midnight */
    case PART_MIDNIGHT: return 24;
    default: return hour >= 1 && hour <= 6 ? hour + 12 : hour; /* nobody advises at 2 in the night */
    }
}

int clock_minutes(const struct clock_part *clock) {
    if (clock->hour < 0) {
        return usual_hour(clock->part) * 60;
    }
    int hour = clock->is_literal || clock->hour > 12 ? clock->hour : hour_of_part(clock->hour, clock->part);
    return hour * 60 + clock->minute;
}
