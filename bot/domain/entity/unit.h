/* The message as the finders of this folder read it: words by their folded spelling, digits by their raw one
   (folding parts "14.30" and joins "jam2"), each with the parts it can play. Inside domain/entity only. */
#ifndef PANDU_DOMAIN_ENTITY_UNIT_H
#define PANDU_DOMAIN_ENTITY_UNIT_H

#include <stddef.h>
#include <stdint.h>

#include "domain/entity/entity.h"

enum { UNITS_MAX = 512, UNIT_ROLES_MAX = 3 }; /* words beyond the first 512 hold no facts worth finding */

/* What a word can be; its value is in brackets. */
enum unit_role {
    ROLE_NONE,
    /* numbers */
    ROLE_ONES,          /* 0..9 */
    ROLE_TEEN,          /* 10..19 */
    ROLE_TENS,          /* twenty..ninety */
    ROLE_BELAS,         /* after 1..9: plus ten */
    ROLE_PULUH,         /* after 1..9: times ten */
    ROLE_HUNDRED,       /* times a hundred */
    ROLE_ONE_HUNDRED,   /* seratus */
    ROLE_MAGNITUDE,     /* times (power of ten) */
    ROLE_ONE_MAGNITUDE, /* seribu: one times (power of ten) */
    ROLE_HALF,
    ROLE_QUARTER,
    ROLE_POINT,
    ROLE_AND,
    ROLE_A,
    ROLE_INDEFINITE, /* belasan, puluhan: no number at all */
    ROLE_ORDINAL,    /* (1.., -1 the last) */
    ROLE_KE,         /* ke-2 */
    ROLE_SUFFIX,     /* may hang on digits: st nd rd th an x */
    /* moments */
    ROLE_DAY,           /* (days from today) */
    ROLE_WEEKDAY,       /* (1 Monday .. 7 Sunday) */
    ROLE_WEEKDAY_SHORT, /* the same, needs a word beside it: "sat", "sun" */
    ROLE_MONTH,         /* (1..12) */
    ROLE_MONTH_SHORT,   /* the same, needs a day or year beside it: "mar", "may" */
    ROLE_PART,          /* (enum unit_part) */
    ROLE_CLOCK,         /* jam, pukul, at */
    ROLE_SPAN,          /* (enum unit_span) */
    ROLE_ONE_SPAN,      /* seminggu: one (enum unit_span) */
    ROLE_NEXT,
    ROLE_THIS,
    ROLE_LAST,
    ROLE_LATER,
    ROLE_AGO,
    ROLE_IN,
    ROLE_ZONE, /* (minutes) */
    ROLE_DATE, /* tanggal, tgl */
    /* ages */
    ROLE_AGE,  /* umur, usia */
    ROLE_ME,   /* aku, I */
    ROLE_NOISE /* sekarang, baru, masih: may stand between */
};
enum unit_span { SPAN_MINUTE, SPAN_HOUR, SPAN_DAY, SPAN_WEEK, SPAN_MONTH, SPAN_YEAR };
enum unit_part {
    PART_DAWN,
    PART_MORNING,
    PART_NOON,
    PART_AFTERNOON,
    PART_NIGHT,
    PART_AM,
    PART_PM,
    PART_MIDNIGHT
};

struct unit {
    const char *word; /* letters in either case; not NUL-terminated */
    uint16_t length;
    uint16_t raw_start, raw_length;
    uint16_t token; /* index of the folded token; of the nearest one before for digits */
    uint8_t is_digits;
    uint8_t is_raw;      /* the word is the raw one, apart from its case */
    uint8_t ends_before; /* a sentence ended between this unit and the one before */
    uint8_t is_tight;    /* nothing, or only the one character `before`, stands between */
    char before;         /* first character other than a blank between; 0 adjacent, ' ' blanks only */
    uint8_t role[UNIT_ROLES_MAX];
    int32_t value[UNIT_ROLES_MAX];
};

struct units {
    const struct text *text;
    size_t count;
    struct unit unit[UNITS_MAX];
};

void units_read(const struct text *text, struct units *out);
/* At least the first limit units, if there are so many: what they are decides whether the rest is of
 * interest. */
void units_read_first(const struct text *text, size_t limit, struct units *out);

/* 1 if unit i exists and can play role; *value (may be NULL) gets its value. */
int unit_is(const struct units *units, size_t i, enum unit_role role, int *value);
struct by_letter;
int unit_says(const struct units *units, size_t i, const struct by_letter *words); /* one of them */
int unit_says_any(const struct units *units, size_t i,
                  const char *words); /* any case; words parted by blanks */

/* Raw span from unit first to unit last, both included. */
struct entity_span units_span(const struct units *units, size_t first, size_t last);

/* Fills roles of a word from the table; the words live in entity_words.c. */
void unit_roles(struct unit *unit, const char *word, size_t length);

/* A cardinal that starts at unit i: its number of units (0: none) and *value. */
size_t units_number(const struct units *units, size_t i, double *value);
/* An ordinal that starts at unit i. */
size_t units_ordinal(const struct units *units, size_t i, int *value);
/* 1 if units first.. are negated: see entity_is_negated. */
int units_negated(const struct units *units, size_t first);

/* ---- civil time (entity_calendar.c); months 1..12, weekdays 1 Monday .. 7 Sunday ---- */
struct civil {
    int year, month, day;
};
int64_t civil_days(struct civil date); /* days since 1970-01-01 */
struct civil civil_from_days(int64_t days);
int civil_weekday(int64_t days);
int civil_month_days(int year, int month);
int civil_exists(struct civil date);
int64_t civil_add_months(int64_t days, int months); /* the day is clamped to the month's last */

/* ---- parts of a moment ---- */
struct day_part { /* a date found at some unit */
    size_t used;
    int64_t days;
    int has_time, minutes; /* "2 jam lagi": minutes since midnight of days */
    int is_vague;          /* "tonight": the time is only the usual start of that part of the day */
    int is_bare_weekday;   /* "kamis": today, if its time is still ahead, else in a week */
};
/* A date at unit i seen from today (days since 1970), minutes after midnight. used 0: none. Sets *skip to the
   units of something that looks like a date but does not exist ("31 Februari"). */
void units_date(const struct units *units, size_t i, int64_t today, int minutes, struct day_part *out,
                size_t *skip);

struct clock_part { /* a time of day found at some unit */
    size_t used;
    int hour, minute; /* as said; hour -1 when only a part of the day was */
    int part;         /* enum unit_part, -1 when none was said */
    int is_literal;   /* written in the 24-hour way: "02.30", "14:00" */
    int is_today;     /* "malam ini" */
    int has_zone, zone_minutes;
};
void units_clock(const struct units *units, size_t i, struct clock_part *out, size_t *skip);

/* Minutes since midnight, 1440 for the midnight that ends a day. */
int clock_minutes(const struct clock_part *clock);

#endif
