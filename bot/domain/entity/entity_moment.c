/* A date, a time of day or both, put together from what entity_date.c and entity_clock.c find. Never reads a
   clock: now comes from the caller. Called by the dialogue machine. */
#include "domain/entity/unit.h"
#include "banned.h"

enum { MINUTE_MS = 60000, DAY_MINUTES = 1440 };

/* What one reading of the message collects. */
struct moment {
    const struct units *units;
    int64_t today; /* days since 1970 in the zone */
    int minutes;   /* now, since midnight */
    struct day_part day;
    struct clock_part clock;
    int has_clock;
    size_t first, last; /* units that said it */
};

static int64_t floor_div(int64_t number, int64_t by) {
    return number / by - (number % by < 0);
}

/* "kamis ga bisa": the negation comes after. */
static int refused_after(const struct units *units, size_t next) {
    return next < units->count && !units->unit[next].ends_before && units->unit[next].before != ',' &&
           unit_says_any(units, next, "tidak gak ga nggak enggak jangan can't cant cannot") &&
           (next + 1 >= units->count || unit_says_any(units, next + 1, "bisa jadi usah deh work"));
}

static int is_refused(const struct moment *moment, size_t i, size_t used) {
    return units_negated(moment->units, i) || refused_after(moment->units, i + used);
}

static void cover(struct moment *moment, size_t i, size_t used) {
    if (moment->first == SIZE_MAX) {
        moment->first = i;
    }
    moment->last = i + used - 1;
}

/* A part of the day and an hour may come in either order: "besok siang jam 2", "jam 2 besok siang". */
static int merge_clock(struct moment *moment, const struct clock_part *clock) {
    if (!moment->has_clock) {
        moment->clock = *clock;
    } else if (moment->clock.hour < 0 && clock->hour >= 0) {
        int part = moment->clock.part;
        int is_today = moment->clock.is_today;
        moment->clock = *clock;
        moment->clock.part = clock->part < 0 ? part : clock->part;
        moment->clock.is_today |= is_today;
    } else if (moment->clock.part < 0 && clock->hour < 0) {
        moment->clock.part = clock->part;
        moment->clock.is_today |= clock->is_today;
    } else {
        return 0;
    }
    moment->has_clock = 1;
    return 1;
}

static size_t read_date(struct moment *moment, size_t i) {
    struct day_part day;
    size_t skip;
    units_date(moment->units, i, moment->today, moment->minutes, &day, &skip);
    if (day.used == 0) {
        return skip;
    }
    if (!is_refused(moment, i, day.used)) {
        moment->day = day;
        cover(moment, i, day.used);
    }
    return day.used;
}

static size_t read_clock(struct moment *moment, size_t i) {
    struct clock_part clock;
    size_t skip;
    units_clock(moment->units, i, &clock, &skip);
    if (clock.used == 0) {
        return skip;
    }
    if (!is_refused(moment, i, clock.used) && merge_clock(moment, &clock)) {
        cover(moment, i, clock.used);
    }
    return clock.used;
}

static void read_all(struct moment *moment, const struct units *units, int64_t now_ms, int zone_minutes) {
    int64_t minutes = floor_div(now_ms, MINUTE_MS) + zone_minutes;
    *moment = (struct moment){.units = units, .first = SIZE_MAX};
    moment->today = floor_div(minutes, DAY_MINUTES);
    moment->minutes = (int)(minutes - moment->today * DAY_MINUTES);
    for (size_t i = 0; i < units->count;) {
        size_t used = moment->day.used == 0 ? read_date(moment, i) : 0;
        if (used == 0) {
            used = read_clock(moment, i);
        }
        i += used > 0 ? used : 1;
    }
    if (moment->has_clock && moment->clock.is_today && moment->day.used == 0) {
        moment->day = (struct day_part){.used = 1, .days = moment->today};
    }
}

/* Minutes since 1970 in the zone. */
static int64_t resolve(struct moment *moment, struct entity_moment *out) {
    int minutes = 0;
    out->has_date = moment->day.used > 0;
    out->has_time = moment->has_clock || moment->day.has_time;
    if (moment->has_clock) {
        minutes = clock_minutes(&moment->clock);
        out->is_vague_time = moment->clock.hour < 0;
    } else if (moment->day.has_time) {
        minutes = moment->day.minutes;
        out->is_vague_time = moment->day.is_vague;
    }
    int64_t days = out->has_date ? moment->day.days : moment->today;
    int is_over = days == moment->today && out->has_time && minutes < moment->minutes;
    if (!out->has_date && is_over) {
        days++;
    } else if (moment->day.is_bare_weekday && (is_over || (days == moment->today && !out->has_time))) {
        days += 7; /* on a Thursday, "kamis" without a time still ahead is the next one */
    }
    return days * DAY_MINUTES + minutes;
}

int entity_moment(const struct text *text, int64_t now_ms, int zone_minutes, struct entity_moment *out) {
    struct units units;
    struct moment moment;
    *out = (struct entity_moment){0};
    units_read(text, &units);
    read_all(&moment, &units, now_ms, zone_minutes);
    int zone = zone_minutes;
    if (moment.clock.has_zone) { /* "besok jam 8 WIT" is tomorrow in Jayapura */
        zone = moment.clock.zone_minutes;
        read_all(&moment, &units, now_ms, zone);
    }
    if (moment.day.used == 0 && !moment.has_clock) {
        return 0;
    }
    int64_t at = resolve(&moment, out);
    int64_t days = floor_div(at, DAY_MINUTES);
    struct civil date = civil_from_days(days);
    out->year = date.year;
    out->month = date.month;
    out->day = date.day;
    out->hour = (int)(at - days * DAY_MINUTES) / 60;
    out->minute = (int)(at - days * DAY_MINUTES) % 60;
    out->zone_minutes = zone;
    out->at_ms = (at - zone) * MINUTE_MS;
    out->is_past = out->has_time ? out->at_ms < now_ms : days < moment.today;
    out->span = units_span(&units, moment.first == SIZE_MAX ? 0 : moment.first, moment.last);
    return 1;
}
