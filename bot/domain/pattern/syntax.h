/* Pieces of PCRE2's syntax (pcre2pattern(3)) that are read alike by those who only follow what they know:
   valid.c and program_read.c. All move *at behind what they read. Inside domain/pattern only. */
#ifndef PANDU_DOMAIN_PATTERN_SYNTAX_H
#define PANDU_DOMAIN_PATTERN_SYNTAX_H

#include <string.h>

/* 1 if text stands there, which then is read. */
static inline int syntax_takes(const char **at, const char *end, const char *text) {
    size_t length = strlen(text);
    if ((size_t)(end - *at) < length || memcmp(*at, text, length) != 0) {
        return 0;
    }
    *at += length;
    return 1;
}

/* ASCII that a backslash makes mean itself. */
static inline int syntax_is_mark(char c) {
    return c > ' ' && c < 127 && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
           !(c >= 'A' && c <= 'Z');
}

/* A character of a set, ASCII only; 0 if it is written in a way that is not known here. */
static inline char syntax_member(const char **at, const char *end) {
    if (*at == end) {
        return 0;
    }
    char c = *(*at)++;
    if (c == '\\') {
        c = *at < end ? *(*at)++ : 0;
        return syntax_is_mark(c) ? c : 0;
    }
    return c == '[' || c < ' ' || c > 126 ? 0 : c;
}

/* "a" or "a-z" of a set: 1, or 0 if it is not known here. */
static inline int syntax_range(const char **at, const char *end, char *from, char *to) {
    *from = *to = syntax_member(at, end);
    if (end - *at > 1 && (*at)[0] == '-' && (*at)[1] != ']') {
        ++*at;
        *to = syntax_member(at, end);
    }
    return *from != 0 && *to >= *from;
}

#endif
