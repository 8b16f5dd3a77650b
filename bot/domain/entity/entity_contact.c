/* Phone numbers and e-mail addresses in the raw text. Never checks that they exist. Called by the dialogue
 * machine. */
#include <string.h>

#include "domain/entity/entity.h"
#include "banned.h"

/* ITU-T E.164: at most 15 digits; Indonesian mobile numbers have 10 to 13 with their 0 (Kominfo numbering
 * plan 2018). */
enum { PHONE_MIN = 9, PHONE_MAX = 15, PHONE_MAX_INDONESIA = 14, PHONE_GROUPS_MAX = 8 };

static int is_digit(char character) {
    return character >= '0' && character <= '9';
}

static int is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/* ---- phone ---- */

/* Digits of a phone number as far as they were read, and where they could be cut. */
struct phone {
    char digits[PHONE_MAX + 8];
    size_t count;
    size_t end; /* raw offset after the last digit */
};

/* What may stand between two digits: at most two of these, with something other than two blanks. */
static size_t phone_gap(const char *raw, size_t length, size_t at) {
    size_t gap = 0;
    while (at + gap < length && gap < 3 && strchr(" -.()", raw[at + gap])) {
        gap++;
    }
    return at + gap < length && gap < 3 && is_digit(raw[at + gap]) ? gap : 0;
}

/* Reads one run of digits; 0 if they do not fit any more. */
static int add_group(const char *raw, size_t length, size_t at, size_t limit, struct phone *phone) {
    size_t count = 0;
    while (at + count < length && is_digit(raw[at + count])) {
        count++;
    }
    if (phone->count + count > limit) {
        return 0;
    }
    memcpy(phone->digits + phone->count, raw + at, count);
    phone->count += count;
    phone->end = at + count;
    return 1;
}

static void read_phone(const char *raw, size_t length, size_t at, int has_plus, struct phone *phone) {
    phone->count = 0;
    size_t limit = has_plus ? PHONE_MAX : raw[at] == '0' ? PHONE_MAX_INDONESIA - 1 : PHONE_MAX_INDONESIA;
    if (!add_group(raw, length, at, limit, phone)) {
        return;
    }
    for (;;) {
        size_t gap = phone_gap(raw, length, phone->end);
        if (gap == 0 || !add_group(raw, length, phone->end + gap, limit, phone)) {
            return;
        }
    }
}

/* The number with its country code; 0 when these digits are none. */
static int normalise_phone(struct phone *phone, int has_plus, char out[17]) {
    const char *digits = phone->digits;
    const char *country = "";
    phone->digits[phone->count] = '\0';
    if (!has_plus && digits[0] == '0' && digits[1] != '0') {
        country = "62";
        digits++;
    } else if (!has_plus && digits[0] == '8' && phone->count >= 9 && phone->count <= 12) {
        country = "62";
    } else if (!has_plus && strncmp(digits, "62", 2) != 0) {
        return 0;
    }
    if (strncmp(digits, "620", 3) == 0 && *country == '\0') { /* +62 (0) 812 */
        country = "62";
        digits += 3;
    }
    size_t lead = strlen(country), count = strlen(digits);
    if (lead + count < PHONE_MIN || lead + count > PHONE_MAX) {
        return 0;
    }
    memcpy(out, country, lead);
    memcpy(out + lead, digits, count);
    out[lead + count] = '\0';
    return 1;
}

static int phone_starts(const char *raw, size_t at) {
    if (!is_digit(raw[at])) {
        return 0;
    }
    /* a masked identity number shows its last digits; letters and dates are no phone either */
    return at == 0 || !(is_digit(raw[at - 1]) || is_letter(raw[at - 1]) || strchr("*_@/", raw[at - 1]) ||
                        (unsigned char)raw[at - 1] >= 0x80);
}

int entity_phone(const struct text *text, char out[17], struct entity_span *span) {
    const char *raw = text->raw;
    for (size_t at = 0; at < text->raw_length; at++) {
        struct phone phone;
        if (!phone_starts(raw, at)) {
            continue;
        }
        int has_plus = at > 0 && raw[at - 1] == '+';
        read_phone(raw, text->raw_length, at, has_plus, &phone);
        if (phone.count >= PHONE_MIN - 1 && normalise_phone(&phone, has_plus, out)) {
            size_t start = at - (size_t)has_plus;
            *span = (struct entity_span){start, phone.end - start};
            return 1;
        }
    }
    return 0;
}

/* ---- e-mail ---- */

static int is_local(char character) {
    return is_digit(character) || is_letter(character) || (character != '\0' && strchr("._%+-", character));
}

static int is_domain(char character) {
    return is_digit(character) || is_letter(character) || character == '.' || character == '-';
}

/* At least two labels, none empty or edged by a hyphen, the last of two or more letters. */
static int domain_fits(const char *domain, size_t length) {
    size_t labels = 0, start = 0, letters = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && domain[i] != '.') {
            letters = is_letter(domain[i]) ? letters + 1 : 0;
            continue;
        }
        if (i == start || domain[start] == '-' || domain[i - 1] == '-') {
            return 0;
        }
        labels++;
        if (i == length) {
            return labels >= 2 && letters >= 2 && letters == i - start;
        }
        start = i + 1;
        letters = 0;
    }
    return 0;
}

static int local_fits(const char *local, size_t length) {
    if (length == 0 || length > 64 || local[0] == '.' || local[length - 1] == '.') { /* RFC 5321 4.5.3.1.1 */
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (local[i] == '.' && local[i - 1] == '.') {
            return 0;
        }
    }
    return 1;
}

static int email_at(const struct text *text, size_t at, char out[255], struct entity_span *span) {
    const char *raw = text->raw;
    size_t start = at, end = at + 1;
    while (start > 0 && is_local(raw[start - 1])) {
        start--;
    }
    while (end < text->raw_length && is_domain(raw[end])) {
        end++;
    }
    while (end > at + 1 && strchr(".-", raw[end - 1])) { /* the end of the sentence */
        end--;
    }
    size_t length = end - start;
    if (length > 254 || !local_fits(raw + start, at - start) || !domain_fits(raw + at + 1, end - at - 1)) {
        return 0;
    }
    for (size_t i = 0; i < length;
         i++) { /* the part before the @ keeps its case: its owner decides (RFC 5321 2.4) */
        char letter = raw[start + i];
        out[i] = start + i > at && letter >= 'A' && letter <= 'Z' ? (char)(letter + ('a' - 'A')) : letter;
    }
    out[length] = '\0';
    *span = (struct entity_span){start, length};
    return 1;
}

int entity_email(const struct text *text, char email[255], struct entity_span *span) {
    for (size_t at = 0; at < text->raw_length; at++) {
        if (text->raw[at] == '@' && email_at(text, at, email, span)) {
            return 1;
        }
    }
    return 0;
}
