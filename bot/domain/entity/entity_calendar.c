/* Civil dates as day counts, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013),
   proleptic Gregorian. Knows no words and no zones. Called by the date finders. */
#include "domain/entity/unit.h"
#include "banned.h"

int64_t civil_days(struct civil date) {
    int64_t year = date.month <= 2 ? (int64_t)date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil civil_from_days(int64_t days) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct civil date = {.day = (int)(of_year - (153 * month + 2) / 5 + 1),
                         .month = (int)(month < 10 ? month + 3 : month - 9)};
    date.year = (int)(year + era * 400 + (date.month <= 2));
    return date;
}

int civil_weekday(int64_t days) {
    int64_t weekday = (days + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(weekday < 0 ? weekday + 7 : weekday) + 1;
}

int civil_month_days(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : days[month - 1];
}

int civil_exists(struct civil date) {
    return date.year >= 1900 && date.year <= 2200 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= civil_month_days(date.year, date.month);
}

int64_t civil_add_months(int64_t days, int months) {
    struct civil date = civil_from_days(days);
    int total = date.year * 12 + date.month - 1 + months;
    int last = civil_month_days(total / 12, total % 12 + 1);
    return civil_days((struct civil){total / 12, total % 12 + 1, date.day < last ? date.day : last});
}
