/* One line of log: time, level, event, named values. What a person said never gets in: log ids, counts and
   codes; where a value stems from outside, its control characters are shown escaped, so that no line can be
   forged. */
#ifndef PANDU_BASE_LOG_H
#define PANDU_BASE_LOG_H

#include <stdio.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO };

enum { LOG_LINE_MAX = 1024 }; /* longer lines are cut */

/* Caller's storage, so that there is no global state. */
struct log {
    FILE *out;             /* borrowed */
    enum log_level lowest; /* lines below are dropped */
    int is_json;           /* {"time","level","event","text"} a line, for collectors */
};

/* Writes "2026-11-22T02:00:00+00:00 error event: text". event is a fixed word; the formatted text is escaped.
 */
void log_write(const struct log *log, enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A stand-in for a person's words: "<23 bytes>". Returns out. */
const char *log_redact(const char *text, char out[32]);

#endif
