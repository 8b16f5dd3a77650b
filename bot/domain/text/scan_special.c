/* E-mail addresses, URLs, phone numbers and emoticons in plain text. Decides only what is no word; reading
   the values is the entities' work, on the raw view. Called by scan.c. */
#include "domain/text/scan_special.h"

#include <string.h>

#include "domain/text/scan.h"

#include "banned.h"

/* E.164: at most 15 digits; Indonesian numbers have nine and more with the leading 0. */
enum { PHONE_MIN = 9, PHONE_MAX = 15, PHONE_GROUP_MIN = 3, IDENTITY_STARS = 12, IDENTITY_DIGITS = 4 };

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_alnum(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z');
}

static int is_local(char c) {
    return is_alnum(c) || (c != '\0' && strchr("._%+-", c) != NULL);
}

static int is_host(char c) {
    return is_alnum(c) || c == '.' || c == '-';
}

/* Length of "host.tld" at text, without a point or hyphen at its end; 0 without a point inside. */
static size_t host_length(const char *text, size_t length) {
    size_t end = 0, last_point = 0;
    while (end < length && is_host(text[end])) {
        end++;
    }
    while (end > 0 && !is_alnum(text[end - 1])) {
        end--;
    }
    for (size_t i = 1; i < end; i++) {
        last_point = text[i] == '.' ? i : last_point;
    }
    return last_point != 0 && end - last_point >= 3 && !is_digit(text[end - 1]) ? end : 0;
}

static size_t email_length(const char *text, size_t length) {
    size_t at = 0;
    while (at < length && is_local(text[at])) {
        at++;
    }
    if (at == 0 || at >= length || text[at] != '@') {
        return 0;
    }
    size_t host = host_length(text + at + 1, length - at - 1);
    return host != 0 ? at + 1 + host : 0;
}

/* Up to the next blank, without the punctuation of the sentence around it. */
static size_t until_blank(const char *text, size_t length) {
    size_t end = 0;
    while (end < length && text[end] != ' ' && text[end] != '\n' && text[end] != '<' && text[end] != '"') {
        end++;
    }
    while (end > 0 && strchr(".,;:!?')]*", text[end - 1]) != NULL) {
        end--;
    }
    return end;
}

int scan_is_domain(const char *text, size_t length) {
    static const char *const domains[] = {"com", "id",  "co", "org", "net", "ac",  "sch", "go",
                                          "edu", "gov", "io", "ai",  "me",  "app", "dev", "web"};
    size_t end = 0;
    while (end < length && is_alnum(text[end])) {
        end++;
    }
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
        if (strlen(domains[i]) == end && memcmp(domains[i], text, end) == 0) {
            return 1;
        }
    }
    return 0;
}

static int begins(const char *text, size_t length, const char *with) {
    size_t size = strlen(with);
    return length > size && memcmp(text, with, size) == 0;
}

static size_t url_length(const char *text, size_t length) {
    if (begins(text, length, "https://") || begins(text, length, "http://") || begins(text, length, "www.")) {
        return until_blank(text, length);
    }
    size_t host = host_length(text, length);
    if (host == 0 || host + 1 >= length || text[host] != '/' || text[host + 1] == ' ') {
        return 0; /* a bare "upwork.com" stays words: its name may be what is asked about */
    }
    size_t label = host;
    while (label > 0 && text[label - 1] != '.') {
        label--;
    }
    return scan_is_domain(text + label, host - label) ? until_blank(text, length) : 0;
}

/* "+62 812-3456-7890", "0812 3456 7890", "(021) 5551234": groups of three and more digits, single separators.
 */
static size_t phone_length(const char *text, size_t length) {
    size_t at = text[0] == '+' || text[0] == '(' ? 1 : 0, digits = 0, group = 0, groups = 0;
    int local = at < length && text[at] == '0';
    int country = text[0] == '+' || begins(text, length, "62");
    if (!local && !country) {
        return 0;
    }
    size_t end = 0; /* of the longest number so far that could be one */
    while (at < length && is_digit(text[at])) {
        for (group = 0; at < length && is_digit(text[at]); at++) {
            group++;
        }
        digits += group;
        int area = country && groups == 1; /* "+62 21 ..." */
        if (digits > PHONE_MAX || (groups > 0 && group < PHONE_GROUP_MIN && !area)) {
            break;
        }
        groups++;
        end = digits >= PHONE_MIN ? at : end;
        if (at < length && text[at] == ')') {
            at++;
        }
        at += at < length && (text[at] == ' ' || text[at] == '.' || text[at] == '-');
    }
    return end;
}

/* What text_mask_identity leaves: twelve stars and four digits, with single separators. */
static size_t identity_length(const char *text, size_t length) {
    size_t stars = 0, digits = 0, at = 0;
    while (at < length && digits < IDENTITY_DIGITS) {
        if (text[at] == '*' && digits == 0) {
            stars++;
        } else if (is_digit(text[at])) {
            digits++;
        } else if (stars == 0 || strchr(" .-", text[at]) == NULL || text[at] == '\0') {
            break;
        }
        at++;
    }
    return stars == IDENTITY_STARS && digits == IDENTITY_DIGITS ? at : 0;
}

size_t scan_special(const char *text, size_t length, const char **stands_for) {
    size_t found;
    if (text[0] == '*') {
        *stands_for = SCAN_IDENTITY;
        return identity_length(text, length);
    }
    if (is_digit(text[0]) || text[0] == '+' || text[0] == '(') {
        *stands_for = SCAN_PHONE;
        if ((found = phone_length(text, length)) != 0) {
            return found;
        }
    }
    if (!is_alnum(text[0])) {
        return 0;
    }
    *stands_for = SCAN_EMAIL;
    if ((found = email_length(text, length)) != 0) {
        return found;
    }
    *stands_for = SCAN_URL;
    return url_length(text, length);
}

size_t scan_emoticon(const char *text, size_t length, size_t at) {
    if (at > 0 && text[at - 1] != ' ' && text[at - 1] != '\n' &&
        !(text[at - 1] >= 'a' && text[at - 1] <= 'z')) {
        return 0;
    }
    size_t next = at + 1;
    if (text[at] == '<') {
        int heart = next < length && text[next] == '3' && (next + 1 == length || !is_alnum(text[next + 1]));
        return heart ? 2 : 0;
    }
    if (strchr(":;=", text[at]) == NULL) {
        return 0;
    }
    next += next < length && (text[next] == '-' || text[next] == '\'');
    int face = next < length && strchr("dpov3sx", text[next]) != NULL;
    return face && (next + 1 == length || !is_alnum(text[next + 1])) ? next + 1 - at : 0;
}
