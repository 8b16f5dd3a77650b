/* The log writer. Never writes a person's words (callers pass ids, counts and codes) and never more than one
   line a call. Called by cli and app. */
#include "base/log.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

#include "banned.h"

/* Copies text with what would end a JSON text or steer a terminal escaped; cut to what fits. Bytes that are
   no valid UTF-8 become "?": a collector refuses lines that hold them. */
static void escape_json(const char *text, char *out, size_t size) {
    size_t used = 0, left = strlen(text);
    while (left > 0 && used + 7 < size) {
        uint32_t point = 0;
        size_t length = u8_decode(text, left, &point);
        unsigned char c = (unsigned char)*text;
        if (point == U8_REPLACEMENT) {
            out[used++] = '?';
        } else if (c == '"' || c == '\\') {
            out[used++] = '\\';
            out[used++] = (char)c;
        } else if (c < 0x20 || c == 0x7F) {
            (void)snprintf(out + used, size - used, "\\u%04X", c);
            used += 6;
        } else {
            memcpy(out + used, text, length);
            used += length;
        }
        text += length;
        left -= length;
    }
    out[used] = '\0';
}

/* Copies text with control characters as \xNN; cut to what fits. */
static void escape(const char *text, char *out, size_t size) {
    size_t used = 0;
    for (; *text != '\0' && used + 5 < size; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7F) {
            (void)snprintf(out + used, size - used, "\\x%02X", c);
            used += 4;
        } else {
            out[used++] = *text;
        }
    }
    out[used] = '\0';
}

void log_write(const struct log *log, enum log_level level, const char *event, const char *format, ...) {
    static const char *const names[] = {"error", "warning", "info"};
    if (log == NULL || log->out == NULL || level > log->lowest) {
        return;
    }
    char raw[LOG_LINE_MAX], text[LOG_LINE_MAX], when[CLOCK_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    clock_format(clock_now_ms(), 0, when);
    if (log->is_json) {
        escape_json(raw, text, sizeof text);
        (void)fprintf(log->out, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\",\"text\":\"%s\"}\n", when,
                      names[level], event, text);
    } else {
        escape(raw, text, sizeof text);
        (void)fprintf(log->out, "%s %s %s: %s\n", when, names[level], event, text);
    }
    (void)fflush(log->out);
}

const char *log_redact(const char *text, char out[32]) {
    (void)snprintf(out, 32, "<%zu bytes>", text != NULL ? strlen(text) : 0);
    return out;
}
