/* The real clock, and times and durations as text. Only cli and app ask for the real time; domain is handed a
 * time. */
#ifndef PANDU_BASE_CLOCK_H
#define PANDU_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

enum { CLOCK_TEXT_MAX = 32 };

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_ms(void);

/* Milliseconds of a clock that never jumps; only differences mean anything. */
int64_t clock_steady_ms(void);

/* "2026-11-22T09:00:00+07:00" (RFC 3339; fractions of a second to the millisecond; years 1970 to 9999; Z or
   an offset is required) -> UTC milliseconds. 0, or ERR_SYNTAX. */
int clock_parse(const char *text, int64_t *ms);

/* The same the other way, seconds only, in the zone given as minutes east of UTC. out is always
   NUL-terminated; a time outside the years 1970 to 9999 is cut to them. */
void clock_format(int64_t ms, int zone_minutes, char out[CLOCK_TEXT_MAX]);

/* "90s", "15m", "2h", "3d", "1w" -> milliseconds, at most 100 years. 0, or ERR_SYNTAX. */
int clock_parse_duration(const char *text, int64_t *ms);

#endif
