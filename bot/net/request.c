/* The request reader. Takes bytes as they came and never guesses: bare line feeds, folded lines, blanks
   before a colon, doubled lengths and transfer codings are errors. Called by http.c and the fuzzer. */
#include "net/request.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#include "banned.h"

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int request_equal(const char *a, const char *b) {
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* tchar of RFC 9110, 5.6.2 */
static int is_token_char(char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

long request_find(const char *bytes, size_t length) {
    size_t scanned = length < REQUEST_HEAD_MAX ? length : REQUEST_HEAD_MAX;
    size_t line = 0;
    for (size_t i = 0; i < scanned; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\n') {
            if (i == line || bytes[i - 1] != '\r') {
                return -400;
            }
            if (i == line + 1) {
                return line == 0 ? -400 : (long)i + 1;
            }
            line = i + 1;
        } else if (c == '\r' ? i + 1 < scanned && bytes[i + 1] != '\n'
                             : (c < ' ' && c != '\t') || c == 0x7f) {
            return -400;
        }
    }
    return length >= REQUEST_HEAD_MAX ? -431 : 0;
}

/* Cuts the line at *at off, returns it and moves *at behind it. */
static char *take_line(char **at) {
    char *line = *at;
    char *end = strchr(line, '\r');
    *end = '\0';
    *at = end + 2;
    return line;
}

static int parse_request_line(char *line, struct request_head *out) {
    static const char *const METHODS[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
    char *target = strchr(line, ' ');
    char *version = target != NULL ? strchr(target + 1, ' ') : NULL;
    if (version == NULL || strchr(version + 1, ' ') != NULL) {
        return 400;
    }
    *target++ = '\0';
    *version++ = '\0';
    for (const char *c = line; *c != '\0'; c++) {
        if (!is_token_char(*c)) {
            return 400;
        }
    }
    if (strncmp(version, "HTTP/", 5) != 0 || strlen(version) != 8) {
        return 400;
    }
    if (strncmp(version, "HTTP/1.", 7) != 0 || (version[7] != '0' && version[7] != '1')) {
        return 505;
    }
    out->minor = version[7] - '0';
    out->method = line;
    out->target = target;
    if (strlen(target) > REQUEST_TARGET_MAX) {
        return 414;
    }
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++) {
        if (strcmp(line, METHODS[i]) == 0) {
            return line[0] != '\0' && target[0] == '/' ? 0 : 400;
        }
    }
    return line[0] != '\0' ? 501 : 400;
}

static int parse_header(char *line, struct request_header *out) {
    char *at = line;
    while (is_token_char(*at)) {
        *at = lower(*at);
        at++;
    }
    if (at == line || *at != ':') {
        return 400;
    }
    *at++ = '\0';
    at += strspn(at, " \t");
    size_t length = strlen(at);
    while (length > 0 && (at[length - 1] == ' ' || at[length - 1] == '\t')) {
        at[--length] = '\0';
    }
    out->name = line;
    out->value = at;
    return 0;
}

int request_parse(char *bytes, size_t length, struct request_head *out) {
    char *at = bytes;
    memset(out, 0, offsetof(struct request_head, headers));
    out->count = 0;
    out->length = length;
    int status = parse_request_line(take_line(&at), out);
    while (status == 0 && *at != '\r') {
        if (out->count == REQUEST_HEADERS_MAX) {
            return 431;
        }
        status = parse_header(take_line(&at), &out->headers[out->count++]);
    }
    return status;
}

size_t request_count(const struct request_head *head, const char *name) {
    size_t count = 0;
    for (size_t i = 0; i < head->count; i++) {
        count += strcmp(head->headers[i].name, name) == 0;
    }
    return count;
}

const char *request_header(const struct request_head *head, const char *name) {
    const char *value = NULL;
    for (size_t i = 0; i < head->count; i++) {
        if (strcmp(head->headers[i].name, name) == 0) {
            if (value != NULL) {
                return NULL;
            }
            value = head->headers[i].value;
        }
    }
    return value;
}

static int list_holds(const char *list, const char *token) {
    size_t wanted = strlen(token);
    while (*list != '\0') {
        list += strspn(list, ", \t");
        size_t length = strcspn(list, ", \t");
        size_t same = 0;
        while (same < length && same < wanted && lower(list[same]) == lower(token[same])) {
            same++;
        }
        if (length == wanted && same == wanted && wanted > 0) {
            return 1;
        }
        list += length;
    }
    return 0;
}

int request_lists(const struct request_head *head, const char *name, const char *token) {
    for (size_t i = 0; i < head->count; i++) {
        if (strcmp(head->headers[i].name, name) == 0 && list_holds(head->headers[i].value, token)) {
            return 1;
        }
    }
    return 0;
}

/* Host: uri-host [":" port], no user, no path (RFC 9112, 3.2). */
static int host_is_good(const struct request_head *head) {
    size_t count = request_count(head, "host");
    if (count == 0) {
        return head->minor == 0;
    }
    const char *host = request_header(head, "host");
    size_t good = host == NULL ? 0
                               : strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789-._~[]:%!$&()*+,;=");
    return host != NULL && good > 0 && good <= 255 && host[good] == '\0';
}

int request_framing(const struct request_head *head, size_t most, size_t *body) {
    *body = 0;
    size_t lengths = request_count(head, "content-length");
    if (!host_is_good(head) || lengths > 1) {
        return 400;
    }
    if (request_count(head, "transfer-encoding") > 0) {
        return lengths > 0 || head->minor == 0 ? 400 : 501;
    }
    if (lengths == 0) {
        return 0;
    }
    const char *text = request_header(head, "content-length");
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0') {
        return 400;
    }
    for (size_t i = 0; i < digits; i++) {
        *body = *body * 10 + (size_t)(text[i] - '0');
        if (*body > most) {
            return 413;
        }
    }
    return 0;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of the path at *at, decoded; -1 when it is not allowed. */
static int path_byte(const char **at) {
    const char *c = *at;
    int byte = (unsigned char)*c;
    if (*c == '%') {
        int high = hex_value(c[1]);
        int low = high < 0 ? -1 : hex_value(c[2]);
        byte = low < 0 ? -1 : high * 16 + low;
        *at += 3;
        return byte < ' ' || byte == 0x7f || byte == '/' || byte == '\\' ? -1 : byte;
    }
    *at += 1;
    return byte <= ' ' || byte == 0x7f || strchr("\\#\"<>^`{|}", byte) != NULL ? -1 : byte;
}

static int has_dot_segment(const char *path) {
    for (const char *at = path; at != NULL; at = strchr(at, '/')) {
        at++;
        size_t length = strcspn(at, "/");
        if ((length == 1 && at[0] == '.') || (length == 2 && at[0] == '.' && at[1] == '.')) {
            return 1;
        }
    }
    return 0;
}

int request_path(const char *target, char out[REQUEST_TARGET_MAX + 1], const char **query) {
    size_t length = 0;
    const char *at = target;
    while (*at != '\0' && *at != '?') {
        int byte = path_byte(&at);
        if (byte < 0 || length == REQUEST_TARGET_MAX) {
            return 400;
        }
        out[length++] = (char)byte;
    }
    out[length] = '\0';
    *query = *at == '?' ? at + 1 : "";
    return out[0] == '/' && u8_valid(out, length) && !has_dot_segment(out) ? 0 : 400;
}
