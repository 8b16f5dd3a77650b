/* Makes the raw view: valid UTF-8 without hidden characters, identity numbers masked, at most TEXT_BYTES_MAX
   bytes. Never changes visible characters. Called by text_fold.c. */
#include "domain/text/raw.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "domain/text/letters.h"
#include "domain/text/text.h"

#include "banned.h"

/* A number at the cut is masked whole before it is cut: 16 digits with separators, some hidden characters. */
enum { MASK_MARGIN = 128, NIK_DIGITS = 16 };

struct cleaner {
    char *out;
    size_t length;
    size_t digits; /* seen so far, of any script: fewer than 16 need no mask */
    unsigned flags;
};

/* Controls that stand between words become a blank or a line break, the others vanish. */
static void clean_ascii(struct cleaner *cleaner, char c) {
    if (c == '\r' || c == '\n' || c == '\v' || c == '\f') {
        if (cleaner->length > 0 && cleaner->out[cleaner->length - 1] != '\n') {
            cleaner->out[cleaner->length++] = '\n';
        }
    } else if (c == '\t') {
        cleaner->out[cleaner->length++] = ' ';
    } else if (!letters_is_hidden((unsigned char)c)) {
        cleaner->digits += c >= '0' && c <= '9';
        cleaner->out[cleaner->length++] = c;
    }
}

/* Plain ASCII from the beginning of bytes: what most messages are. Returns how much there was. */
static size_t clean_plain(struct cleaner *cleaner, const char *bytes, size_t length) {
    char *out = cleaner->out + cleaner->length;
    size_t count = 0;
    for (; count < length && bytes[count] >= ' ' && bytes[count] <= '~'; count++) {
        cleaner->digits += bytes[count] >= '0' && bytes[count] <= '9';
        out[count] = bytes[count];
    }
    cleaner->length += count;
    return count;
}

static size_t clean_other(struct cleaner *cleaner, const char *bytes, size_t length) {
    uint32_t code_point;
    size_t size = u8_decode(bytes, length, &code_point);
    if (letters_is_break(code_point)) {
        clean_ascii(cleaner, '\n');
        return size;
    }
    if (code_point == U8_REPLACEMENT && !(size == 3 && (unsigned char)bytes[1] == 0xBF)) {
        cleaner->flags |= TEXT_BAD_BYTES;
    }
    if (!letters_is_hidden(code_point)) {
        cleaner->digits++; /* perhaps fullwidth: the mask looks closer */
        cleaner->length += u8_encode(code_point, cleaner->out + cleaner->length);
    }
    return size;
}

static int is_blank(char c) {
    return c == ' ' || c == '\n';
}

static void trim(const char **text, size_t *length) {
    while (*length > 0 && is_blank((*text)[*length - 1])) {
        --*length;
    }
    while (*length > 0 && is_blank(**text)) {
        ++*text;
        --*length;
    }
}

void raw_make(const char *bytes, size_t length, struct arena *arena, struct raw *out) {
    size_t window = u8_cut(bytes, length, TEXT_BYTES_MAX + MASK_MARGIN);
    struct cleaner cleaner = {.out = arena_alloc(arena, window * 3 + 1)};
    for (size_t at = 0; at < window;) {
        at += clean_plain(&cleaner, bytes + at, window - at);
        if (at == window) {
            break;
        }
        if ((unsigned char)bytes[at] < 0x80) {
            clean_ascii(&cleaner, bytes[at++]);
        } else {
            at += clean_other(&cleaner, bytes + at, window - at);
        }
    }
    const char *text = cleaner.out;
    size_t clean_length = cleaner.length;
    if (cleaner.digits >= NIK_DIGITS &&
        text_mask_identity(cleaner.out, cleaner.length, arena, &text, &clean_length) > 0) {
        cleaner.flags |= TEXT_MASKED;
    }
    trim(&text, &clean_length);
    size_t kept = u8_cut(text, clean_length, TEXT_BYTES_MAX);
    if (window < length || kept < clean_length) {
        cleaner.flags |= TEXT_CUT;
    }
    trim(&text, &kept);
    *out = (struct raw){.text = arena_copy(arena, text, kept), .length = kept, .flags = cleaner.flags};
}
