/* Real time and its text forms. Never consults time zones of the system: an offset is always given. Called by
   cli and app; domain is handed its time. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/err.h"

#include "banned.h"

static const int64_t DAY_MS = INT64_C(86400000);
static const int64_t LAST_MS = INT64_C(253402300799999); /* 9999-12-31T23:59:59.999Z */

static int64_t read_clock(clockid_t which) {
    struct timespec now = {0, 0};
    (void)clock_gettime(which, &now); /* cannot fail for the two clocks used here */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_now_ms(void) {
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_steady_ms(void) {
    return read_clock(CLOCK_MONOTONIC);
}

/* Days since 1970-01-01 of a Gregorian date. Method: H. Hinnant, chrono-compatible low-level date algorithms.
 */
static int64_t days_of(int year, int month, int day) {
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

/* Exactly count digits at **at; moves on. -1 when there are fewer. */
static int digits(const char **at, int count) {
    int number = 0;
    for (int i = 0; i < count; i++) {
        char c = **at;
        if (c < '0' || c > '9') {
            return -1;
        }
        number = number * 10 + (c - '0');
        (*at)++;
    }
    return number;
}

static int accept(const char **at, const char *characters) {
    for (; *characters != '\0'; characters++) {
        if (**at == *characters) {
            (*at)++;
            return 1;
        }
    }
    return 0;
}

static int parse_date(const char **at, int64_t *ms) {
    int year = digits(at, 4);
    int month = accept(at, "-") ? digits(at, 2) : -1;
    int day = accept(at, "-") ? digits(at, 2) : -1;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) {
        return ERR_SYNTAX;
    }
    *ms = days_of(year, month, day) * DAY_MS;
    return 0;
}

static int parse_fraction(const char **at) {
    int ms = 0, weight = 100, count = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, weight /= 10, count++) {
        ms += (**at - '0') * weight;
    }
    return count > 0 ? ms : -1;
}

static int parse_time(const char **at, int64_t *ms) {
    int hour = digits(at, 2);
    int minute = accept(at, ":") ? digits(at, 2) : -1;
    int second = accept(at, ":") ? digits(at, 2) : -1;
    int fraction = accept(at, ".") ? parse_fraction(at) : 0;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || fraction < 0) {
        return ERR_SYNTAX;
    }
    *ms = ((int64_t)hour * 3600 + minute * 60 + second) * 1000 + fraction;
    return 0;
}

static int parse_zone(const char **at, int64_t *ms) {
    *ms = 0;
    if (accept(at, "Zz")) {
        return 0;
    }
    int sign = **at == '-' ? -1 : 1;
    if (!accept(at, "+-")) {
        return ERR_SYNTAX;
    }
    int hour = digits(at, 2);
    int minute = accept(at, ":") ? digits(at, 2) : -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return ERR_SYNTAX;
    }
    *ms = sign * ((int64_t)hour * 60 + minute) * 60000;
    return 0;
}

int clock_parse(const char *text, int64_t *ms) {
    int64_t date = 0, time = 0, zone = 0;
    const char *at = text;
    if (parse_date(&at, &date) != 0 || !accept(&at, "Tt ") || parse_time(&at, &time) != 0 ||
        parse_zone(&at, &zone) != 0 || *at != '\0') {
        return ERR_SYNTAX;
    }
    *ms = date + time - zone;
    return 0;
}

void clock_format(int64_t ms, int zone_minutes, char out[CLOCK_TEXT_MAX]) {
    int64_t local = ms + (int64_t)zone_minutes * 60000;
    local = local < 0 ? 0 : local > LAST_MS ? LAST_MS : local;
    time_t seconds = (time_t)(local / 1000);
    struct tm tm = {0};
    if (gmtime_r(&seconds, &tm) == NULL) {
        out[0] = '\0';
        return;
    }
    int zone = zone_minutes < 0 ? -zone_minutes : zone_minutes;
    size_t used = strftime(out, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(out + used, CLOCK_TEXT_MAX - used, "%c%02d:%02d", zone_minutes < 0 ? '-' : '+',
                   zone / 60 % 24, zone % 60);
}

static int64_t unit_ms(char unit) {
    switch (unit) {
    case 's': return 1000;
    case 'm': return 60 * 1000;
    case 'h': return 3600 * 1000;
    case 'd': return DAY_MS;
    case 'w': return 7 * DAY_MS;
    default: return 0;
    }
}

int clock_parse_duration(const char *text, int64_t *ms) {
    const int64_t longest = 36525 * DAY_MS;
    int64_t number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && number <= longest; at++) {
        number = number * 10 + (*at - '0');
    }
    int64_t unit = at != text && *at != '\0' && at[1] == '\0' ? unit_ms(*at) : 0;
    if (unit == 0 || number > longest / unit) {
        return ERR_SYNTAX;
    }
    *ms = number * unit;
    return 0;
}
