/* Dates in a message: "lusa", "kamis depan", "5 Desember", "2026-12-05", "3 hari lagi". Never reads the
   clock: today comes from the caller. Called by entity_moment.c. */
#include <string.h>

#include "domain/entity/unit.h"
#include "banned.h"

enum { SPAN_COUNT_MAX = 5000 }; /* "5000 minggu lagi" is nobody's plan, and days must not overflow */

struct search {
    const struct units *units;
    size_t i;
    int64_t today;
    int minutes;
    struct day_part *out;
    size_t *skip;
};

static void found(struct search *search, size_t used, int64_t days) {
    search->out->used = used;
    search->out->days = days;
}

static int says(const struct search *search, size_t ahead, const char *words) {
    return unit_says_any(search->units, search->i + ahead, words);
}

static int says_before(const struct search *search, const char *words) {
    return search->i > 0 && !search->units->unit[search->i].ends_before &&
           unit_says_any(search->units, search->i - 1, words);
}

static int is(const struct search *search, size_t ahead, enum unit_role role, int *value) {
    return unit_is(search->units, search->i + ahead, role, value);
}

/* Digits of the unit `ahead`, of at least least and at most most of them; -1. */
static int digits(const struct search *search, size_t ahead, size_t least, size_t most) {
    size_t at = search->i + ahead;
    int value = 0;
    if (at >= search->units->count) {
        return -1;
    }
    const struct unit *unit = &search->units->unit[at];
    if (!unit->is_digits || unit->length < least || unit->length > most) {
        return -1;
    }
    for (size_t d = 0; d < unit->length; d++) {
        value = value * 10 + (unit->word[d] - '0');
    }
    return value;
}

/* What exists is found; what does not ("31 Februari") is stepped over whole, so that no part of it is taken
 * instead. */
static int settle(struct search *search, size_t used, struct civil date) {
    if (civil_exists(date)) {
        found(search, used, civil_days(date));
    } else {
        *search->skip = used;
    }
    return 1;
}

/* A day and month without a year: the next such day. 29 February waits for its year. */
static int settle_next(struct search *search, size_t used, int day, int month) {
    struct civil date = {civil_from_days(search->today).year, month, day};
    for (int years = 0; years < 8; years++, date.year++) {
        if (civil_exists(date) && civil_days(date) >= search->today) {
            found(search, used, civil_days(date));
            return 1;
        }
    }
    *search->skip = used;
    return 1;
}

/* ---- 05/12/2026, 2026-12-05, 5/12 ---- */

static int joined_by(const struct search *search, size_t ahead, char sign) {
    size_t at = search->i + ahead;
    return at < search->units->count && search->units->unit[at].is_digits &&
           search->units->unit[at].is_tight && search->units->unit[at].before == sign;
}

/* Day first, as Indonesia writes; month first only where day first cannot be. */
static void order_day_month(int *day, int *month) {
    if (*month > 12 && *day <= 12) {
        int kept = *day;
        *day = *month;
        *month = kept;
    }
}

static int numeric_date(struct search *search) {
    int first = digits(search, 0, 1, 4);
    int second = digits(search, 1, 1, 2);
    char sign = first >= 0 && second >= 0 ? search->units->unit[search->i + 1].before : 0;
    if (!sign || !strchr("/-.", sign) || !joined_by(search, 1, sign)) {
        return 0;
    }
    if (!joined_by(search, 2, sign)) {
        if (sign != '/' || first > 31 ||
            (first == 24 && second == 7)) { /* 3-4 and 2.5 are no dates, nor is 24/7 */
            return 0;
        }
        order_day_month(&first, &second);
        return second >= 1 && second <= 12 ? settle_next(search, 2, first, second) : (*search->skip = 2, 1);
    }
    if (digits(search, 0, 4, 4) >= 0 && digits(search, 2, 1, 2) >= 0) {
        return settle(search, 3, (struct civil){first, second, digits(search, 2, 1, 2)});
    }
    int year = digits(search, 2, 4, 4);
    if (year < 0 && sign != '.' && digits(search, 2, 2, 2) >= 0) {
        year = 2000 + digits(search, 2, 2, 2);
    }
    if (year < 0 || digits(search, 0, 1, 2) < 0) {
        return 0;
    }
    order_day_month(&first, &second);
    return settle(search, 3, (struct civil){year, second, first});
}

/* ---- 5 Desember 2026, Dec 5th, tanggal 5 ---- */

static int month_at(const struct search *search, size_t ahead, int *month) {
    return is(search, ahead, ROLE_MONTH, month) || is(search, ahead, ROLE_MONTH_SHORT, month);
}

/* A day of the month at `ahead`: "5", "5th", "fifth", "lima". Returns its units. */
static size_t day_at(const struct search *search, size_t ahead, int *day) {
    size_t at = search->i + ahead;
    double number = 0;
    *day = digits(search, ahead, 1, 2);
    if (*day >= 0) {
        int is_ordinal = 0;
        int follows =
            is(search, ahead + 1, ROLE_SUFFIX, &is_ordinal) && search->units->unit[at + 1].before == 0;
        return follows && is_ordinal ? 2 : 1;
    }
    size_t used = at < search->units->count ? units_ordinal(search->units, at, day) : 0;
    if (used > 0) {
        return used;
    }
    used = units_number(search->units, at, &number);
    *day = number >= 1 && number <= 31 && number == (double)(int)number ? (int)number : 0;
    return *day > 0 ? used : 0;
}

/* The day and month are read; a year may follow. */
static int with_year(struct search *search, size_t used, int day, int month) {
    int year = digits(search, used, 4, 4);
    if (year >= 1900) {
        return settle(search, used + 1, (struct civil){year, month, day});
    }
    return settle_next(search, used, day, month);
}

static int day_of_month(struct search *search, size_t used, int day) {
    struct civil today = civil_from_days(search->today);
    int64_t first = civil_days((struct civil){today.year, today.month, 1});
    int months = 0, fixed = 0;
    if (says(search, used, "bulan")) {
        fixed = is(search, used + 1, ROLE_NEXT, NULL) || is(search, used + 1, ROLE_THIS, NULL);
        months = is(search, used + 1, ROLE_NEXT, NULL);
        used += fixed ? 2 : 0;
    }
    for (int tried = 0; tried < (fixed ? 1 : 3); tried++, months++) {
        struct civil date = civil_from_days(civil_add_months(first, months));
        date.day = day;
        if (civil_exists(date) && (fixed || civil_days(date) >= search->today)) {
            found(search, used, civil_days(date));
            return 1;
        }
    }
    *search->skip = used;
    return 1;
}

static int written_day(struct search *search) {
    int day, month;
    size_t lead = is(search, 0, ROLE_DATE, NULL) || (says(search, 0, "the") && says_before(search, "on"));
    if (is(search, 0, ROLE_DATE, NULL)) {
        struct search after = *search;
        after.i++;
        if (numeric_date(&after)) {
            search->out->used += search->out->used > 0;
            *search->skip += *search->skip > 0;
            return 1;
        }
    }
    size_t used = day_at(search, lead, &day);
    if (used == 0) {
        return 0;
    }
    used += lead;
    size_t joint = (size_t)(says(search, used, "of bulan") && month_at(search, used + 1, &month));
    if (month_at(search, used + joint, &month)) {
        return with_year(search, used + joint + 1, day, month);
    }
    return lead > 0 ? day_of_month(search, used, day) : 0;
}

/* A month by itself is its first day, but only where nothing else can be meant. */
static int bare_month(struct search *search, int month) {
    int year = digits(search, 1, 4, 4);
    if (year >= 1900) {
        return settle(search, 2, (struct civil){year, month, 1});
    }
    if (!is(search, 0, ROLE_MONTH, NULL) ||
        !(search->units->count == 1 || says_before(search, "bulan in pada awal sekitar"))) {
        return 0;
    }
    return settle_next(search, 1, 1, month);
}

static int month_first(struct search *search) {
    int day, month;
    if (!month_at(search, 0, &month)) {
        return 0;
    }
    int is_year = digits(search, 1, 4, 4) >= 0;
    int day_next = digits(search, 1, 1, 2) > 0 || unit_is(search->units, search->i + 1, ROLE_ORDINAL, NULL);
    if (is_year || !day_next) {
        return bare_month(search, month);
    }
    size_t used = day_at(search, 1, &day);
    return used > 0 && with_year(search, 1 + used, day, month);
}

/* ---- besok, hari ini, nanti ---- */

static int near_day(struct search *search) {
    int days;
    if (says(search, 0, "hari") && is(search, 1, ROLE_THIS, NULL)) {
        found(search, 2, search->today);
        return 1;
    }
    if (says(search, 0, "day") && says(search, 1, "after before") && is(search, 2, ROLE_DAY, NULL)) {
        found(search, 3, search->today + (says(search, 1, "after") ? 2 : -2));
        return 1;
    }
    if (is(search, 0, ROLE_DAY, &days)) {
        int joined = search->i + 1 < search->units->count && search->units->unit[search->i + 1].before == ' ';
        int further =
            joined && ((days > 0 && says(search, 1, "lusa")) || (days < 0 && says(search, 1, "lusa dulu")));
        found(search, 1 + (size_t)further, search->today + (further ? 2 * (days > 0 ? 1 : -1) : days));
        return 1;
    }
    if (says(search, 0, "tonight")) {
        found(search, 1, search->today);
        search->out->has_time = search->out->is_vague = 1;
        search->out->minutes = 19 * 60;
        return 1;
    }
    if (says(search, 0, "nanti tadi this") &&
        (is(search, 1, ROLE_PART, NULL) || (is(search, 1, ROLE_CLOCK, NULL) && !says(search, 0, "this")))) {
        found(search, 1, search->today);
        return 1;
    }
    return 0;
}

/* ---- weekdays ---- */

/* Monday of today's week: "depan" and "next" count from there, as "minggu depan" does. */
static int64_t monday(int64_t today) {
    return today - (civil_weekday(today) - 1);
}

static int64_t coming(const struct search *search, int weekday) {
    int ahead = (weekday - civil_weekday(search->today) + 7) % 7;
    return search->today + ahead;
}

static int named_day(struct search *search, size_t used, int weekday, int week) {
    found(search, used, monday(search->today) + weekday - 1 + 7 * week);
    return 1;
}

/* "kamis", "kamis depan", "kamis minggu depan", "kamis ini", "kamis lalu". */
static int weekday_here(struct search *search, size_t lead, int weekday) {
    size_t used = lead + 1;
    size_t week = (size_t)(says(search, used, "minggu pekan") &&
                           (is(search, used + 1, ROLE_NEXT, NULL) || is(search, used + 1, ROLE_THIS, NULL) ||
                            says(search, used + 1, "lalu")));
    if (is(search, used + week, ROLE_NEXT, NULL) && !says(search, used + week, "next")) {
        return named_day(search, used + week + 1, weekday, 1);
    }
    if (says(search, used + week, "lalu kemarin")) {
        int64_t last = coming(search, weekday) - 7;
        found(search, used + week + 1, week ? monday(search->today) + weekday - 8 : last);
        return 1;
    }
    if (is(search, used + week, ROLE_THIS, NULL)) {
        used += week + 1;
        found(search, used, week ? monday(search->today) + weekday - 1 : coming(search, weekday));
        return 1;
    }
    found(search, used, coming(search, weekday));
    search->out->is_bare_weekday = 1;
    return 1;
}

/* "minggu" is Sunday or a week; a count, "akhir" or "depan" beside it makes it a week. */
static int is_week(const struct search *search, size_t lead) {
    double number;
    if (!says(search, lead, "minggu") || lead > 0) {
        return 0;
    }
    if (is(search, 1, ROLE_NEXT, NULL) || is(search, 1, ROLE_THIS, NULL) || is(search, 1, ROLE_LAST, NULL) ||
        is(search, 1, ROLE_LATER, NULL)) {
        return 1;
    }
    if (says_before(search, "beberapa akhir awal per dalam berapa tengah")) {
        return 1;
    }
    return search->i > 0 && units_number(search->units, search->i - 1, &number) > 0;
}

static int weekday(struct search *search) {
    int day, short_day;
    size_t lead = (size_t)says(search, 0, "hari");
    if (says_before(search, "tiap setiap every each per") || is_week(search, lead)) {
        return 0;
    }
    int leads =
        is(search, 0, ROLE_NEXT, NULL) || is(search, 0, ROLE_THIS, NULL) || says(search, 0, "last on");
    if (leads && (is(search, 1, ROLE_WEEKDAY, &day) || is(search, 1, ROLE_WEEKDAY_SHORT, &day))) {
        if (says(search, 0, "last")) {
            found(search, 2, coming(search, day) - 7);
            return 1;
        }
        if (is(search, 0, ROLE_NEXT, NULL)) {
            return named_day(search, 2, day, 1);
        }
        found(search, 2, coming(search, day));
        search->out->is_bare_weekday = says(search, 0, "on");
        return 1;
    }
    if (is(search, lead, ROLE_WEEKDAY, &day)) {
        return weekday_here(search, lead, day);
    }
    if (is(search, lead, ROLE_WEEKDAY_SHORT, &short_day) &&
        (lead || is(search, 1, ROLE_NEXT, NULL) || is(search, 1, ROLE_CLOCK, NULL) ||
         search->units->count == 1)) {
        return weekday_here(search, lead, short_day);
    }
    return 0;
}

/* ---- 3 hari lagi, in two weeks, minggu depan ---- */

static int settle_span(struct search *search, size_t used, double count, int span) {
    if (count > SPAN_COUNT_MAX || count < -SPAN_COUNT_MAX) {
        *search->skip = used;
        return 1;
    }
    int64_t days = search->today;
    if (span <= SPAN_HOUR) {
        int64_t minutes = search->minutes + (int64_t)(span == SPAN_HOUR ? count * 60 : count);
        int64_t shift = minutes / 1440 - (minutes % 1440 < 0);
        found(search, used, days + shift);
        search->out->has_time = 1;
        search->out->minutes = (int)(minutes - shift * 1440);
        return 1;
    }
    if (span == SPAN_DAY || span == SPAN_WEEK) {
        found(search, used, days + (int64_t)(span == SPAN_WEEK ? count * 7 : count));
    } else {
        found(search, used, civil_add_months(days, (int)(span == SPAN_YEAR ? count * 12 : count)));
    }
    return 1;
}

/* What after a span says in which direction it goes; 0 when nothing does. Sets its units. */
static int direction(const struct search *search, size_t ahead, size_t *used) {
    *used = 1;
    if (is(search, ahead, ROLE_LATER, NULL)) {
        return 1;
    }
    if (is(search, ahead, ROLE_AGO, NULL)) {
        return -1;
    }
    *used = 2;
    if ((says(search, ahead, "ke") && says(search, ahead + 1, "depan")) ||
        (says(search, ahead, "from") && says(search, ahead + 1, "now")) ||
        (says(search, ahead, "dari") && says(search, ahead + 1, "sekarang"))) {
        return 1;
    }
    return says(search, ahead, "yang") && says(search, ahead + 1, "lalu") ? -1 : 0;
}

static int counted_span(struct search *search) {
    double count = 1;
    int span;
    size_t lead = (size_t)is(search, 0, ROLE_IN, NULL), tail = 0;
    size_t used = units_number(search->units, search->i + lead, &count);
    if (is(search, lead, ROLE_ONE_SPAN, &span)) {
        count = 1;
        used = 1;
    } else {
        if (used == 0 && is(search, lead, ROLE_A, NULL)) {
            count = 1;
            used = 1;
        }
        used += used > 0 && is(search, lead + used, ROLE_A, NULL); /* half an hour */
        if (used == 0 || !is(search, lead + used, ROLE_SPAN, &span)) {
            return 0;
        }
        used++;
    }
    int way = direction(search, lead + used, &tail);
    if (way == 0 && !lead) {
        return 0;
    }
    return settle_span(search, lead + used + (way ? tail : 0), way < 0 ? -count : count, span);
}

static int turn_of_span(struct search *search) {
    int span;
    if (is(search, 0, ROLE_SPAN, &span) && span >= SPAN_WEEK &&
        !(says_before(search, "hari") && says(search, 0, "minggu"))) {
        if (is(search, 1, ROLE_NEXT, NULL)) {
            return settle_span(search, 2, 1, span);
        }
        if (is(search, 1, ROLE_AGO, NULL)) {
            return settle_span(search, 2, -1, span);
        }
    }
    if (is(search, 1, ROLE_SPAN, &span) && span >= SPAN_WEEK &&
        (says(search, 0, "next") || says(search, 0, "last"))) {
        return settle_span(search, 2, says(search, 0, "next") ? 1 : -1, span);
    }
    return 0;
}

/* "akhir bulan depan", "end of the month", "akhir pekan", "next weekend". */
static int edge_of_span(struct search *search) {
    int span = SPAN_WEEK;
    int is_end = says(search, 0, "akhir end"), is_start = says(search, 0, "awal start beginning");
    size_t used = 1;
    if (says(search, 0, "weekend") || (is(search, 0, ROLE_NEXT, NULL) && says(search, 1, "weekend"))) {
        int next = is(search, 0, ROLE_NEXT, NULL) || is(search, 1, ROLE_NEXT, NULL);
        return next ? named_day(search, 2, 6, 1) : (found(search, 1, coming(search, 6)), 1);
    }
    if (!is_end && !is_start) {
        return 0;
    }
    used += (size_t)says(search, used, "of");
    used += (size_t)says(search, used, "the this");
    int next = says(search, used, "next");
    used += (size_t)next;
    if (!is(search, used, ROLE_SPAN, &span) || span < SPAN_WEEK) {
        return 0;
    }
    used++;
    if (is(search, used, ROLE_NEXT, NULL) || is(search, used, ROLE_THIS, NULL)) {
        next = is(search, used, ROLE_NEXT, NULL);
        used++;
    }
    struct civil today = civil_from_days(search->today);
    if (span == SPAN_WEEK) {
        return is_end && !next ? (found(search, used, coming(search, 6)), 1)
                               : named_day(search, used, is_end ? 6 : 1, next);
    }
    int month = span == SPAN_YEAR ? (is_end ? 12 : 1) : today.month;
    int64_t first = civil_days((struct civil){today.year, month, 1});
    first = civil_add_months(first, next ? (span == SPAN_YEAR ? 12 : 1) : 0);
    found(search, used, is_end ? civil_add_months(first, 1) - 1 : first);
    return 1;
}

void units_date(const struct units *units, size_t i, int64_t today, int minutes, struct day_part *out,
                size_t *skip) {
    static int (*const kinds[])(struct search *) = {numeric_date, written_day,  month_first, edge_of_span,
                                                    counted_span, turn_of_span, near_day,    weekday};
    struct search search = {units, i, today, minutes, out, skip};
    *out = (struct day_part){0};
    *skip = 0;
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        if (kinds[kind](&search) && (out->used > 0 || *skip > 0)) {
            return;
        }
        *out = (struct day_part){0};
    }
}
