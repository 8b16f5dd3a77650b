/* Unicode case, compatibility forms and accents to plain letters. Never looks words up and never allocates
   outside the arena. Called by text folding and by the lexicon's loader. */
#include "domain/text/letters.h"

#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/utf8.h"

#include "banned.h"

/* Longest compatibility decomposition in Unicode: U+FDFA, 18 code points. */
enum { DECOMPOSED_MAX = 32, GROWTH = 4, GROWTH_BASE = 128 };

/* Letters that Unicode does not decompose although people read them as others: strokes, ligatures, and the
   small capitals of "fancy text" generators. Sorted by code point. */
static const struct {
    uint32_t code_point;
    const char *plain;
} look_alikes[] = {
    {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"},  {0x00FE, "th"}, {0x0111, "d"}, {0x0127, "h"},
    {0x0131, "i"},  {0x0142, "l"}, {0x0153, "oe"}, {0x0167, "t"},  {0x0180, "b"}, {0x0262, "g"},
    {0x026A, "i"},  {0x0274, "n"}, {0x0280, "r"},  {0x028F, "y"},  {0x0299, "b"}, {0x029C, "h"},
    {0x029F, "l"},  {0x1D00, "a"}, {0x1D04, "c"},  {0x1D05, "d"},  {0x1D07, "e"}, {0x1D0A, "j"},
    {0x1D0B, "k"},  {0x1D0D, "m"}, {0x1D0F, "o"},  {0x1D18, "p"},  {0x1D1B, "t"}, {0x1D1C, "u"},
    {0x1D20, "v"},  {0x1D21, "w"}, {0x1D22, "z"},
};

static const char *look_alike(uint32_t code_point) {
    size_t low = 0, high = sizeof look_alikes / sizeof *look_alikes;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (look_alikes[middle].code_point == code_point) {
            return look_alikes[middle].plain;
        }
        if (look_alikes[middle].code_point < code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* Punctuation that folding must see, whatever script it was typed in; 0 for anything else. */
static char plain_mark(uint32_t code_point) {
    switch (code_point) {
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x02BC:
    case 0x00B4: return '\'';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2212: return '-';
    case 0x061F:
    case 0x037E: return '?';
    case 0x3002:
    case 0x06D4:
    case 0x0964: return '.';
    case 0x0085:
    case 0x2028:
    case 0x2029: return '\n';
    default: return 0;
    }
}

/* Digits of scripts that Indonesian readers meet; others stay letters. */
static char plain_digit(uint32_t code_point) {
    static const uint32_t zeros[] = {0x0660, 0x06F0, 0x0966};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        if (code_point >= zeros[i] && code_point <= zeros[i] + 9) {
            return (char)('0' + (code_point - zeros[i]));
        }
    }
    return 0;
}

/* Accents of Latin, Greek and Cyrillic, the enclosing marks of emoji, and Arabic vowel signs. Marks of other
   scripts carry vowels and stay. */
static int is_accent(uint32_t code_point) {
    return (code_point >= 0x0300 && code_point <= 0x036F) || (code_point >= 0x064B && code_point <= 0x065F) ||
           (code_point >= 0x1AB0 && code_point <= 0x1AFF) || (code_point >= 0x1DC0 && code_point <= 0x1DFF) ||
           (code_point >= 0x20D0 && code_point <= 0x20FF) || (code_point >= 0xFE20 && code_point <= 0xFE2F);
}

static int is_word(uint32_t code_point) {
    switch (utf8proc_category((utf8proc_int32_t)code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return 1;
    default: return 0;
    }
}

/* Writes one decomposed code point; room for 4 bytes. */
static size_t write_plain(uint32_t code_point, char *out) {
    if (code_point < 0x80) {
        char c = (char)code_point;
        out[0] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        return 1;
    }
    char mark = plain_mark(code_point);
    char digit = mark != 0 ? mark : plain_digit(code_point);
    if (digit != 0) {
        out[0] = digit;
        return 1;
    }
    if (is_accent(code_point)) {
        return 0;
    }
    const char *plain = look_alike(code_point);
    if (plain != NULL) {
        memcpy(out, plain, strlen(plain));
        return strlen(plain);
    }
    if (is_word(code_point)) {
        return u8_encode(code_point, out);
    }
    out[0] = ' ';
    return 1;
}

/* All that one source character becomes; out has room for 4 * DECOMPOSED_MAX bytes. */
static size_t write_character(uint32_t code_point, char *out) {
    char mark = plain_mark(code_point); /* before decomposing: U+00B4 would become a blank and an accent */
    if (mark != 0) {
        out[0] = mark;
        return 1;
    }
    utf8proc_int32_t parts[DECOMPOSED_MAX];
    int boundary = 0;
    const int how = UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD;
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)code_point, parts, DECOMPOSED_MAX,
                                                     (utf8proc_option_t)how, &boundary);
    if (count < 0 || count > DECOMPOSED_MAX || code_point == U8_REPLACEMENT) {
        out[0] = ' ';
        return 1;
    }
    size_t length = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        length += write_plain((uint32_t)parts[i], out + length);
    }
    return length;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t ascii_prefix(const char *text, size_t length) {
    size_t at = 0;
    while (at < length && (unsigned char)text[at] < 0x80) {
        at++;
    }
    return at;
}

static void fold_any(const char *text, size_t length, struct arena *arena, struct letters *out) {
    size_t capacity = length * GROWTH + GROWTH_BASE;
    uint16_t *from = arena_array(arena, capacity + 1, sizeof *from);
    out->bytes = arena_alloc(arena, capacity + 1);
    size_t at = 0;
    while (at < length && !out->cut) {
        char plain[4 * DECOMPOSED_MAX];
        uint32_t code_point;
        size_t size = u8_decode(text + at, length - at, &code_point);
        plain[0] = lower(text[at]);
        size_t count = code_point < 0x80 ? 1 : write_character(code_point, plain);
        out->cut = out->length + count > capacity;
        for (size_t i = 0; i < count && !out->cut; i++) {
            from[out->length] = (uint16_t)at;
            out->bytes[out->length++] = plain[i];
        }
        at += size;
    }
    from[out->length] = (uint16_t)at;
    out->from = from;
}

void letters_fold(const char *text, size_t length, struct arena *arena, struct letters *out) {
    *out = (struct letters){0};
    if (ascii_prefix(text, length) < length) {
        fold_any(text, length, arena, out);
        return;
    }
    out->bytes = arena_alloc(arena, length + 1);
    out->length = length;
    for (size_t i = 0; i < length; i++) {
        out->bytes[i] = lower(text[i]);
    }
}

int letters_is_break(uint32_t code_point) {
    return code_point == '\n' || code_point == 0x85 || code_point == 0x2028 || code_point == 0x2029;
}

int letters_is_hidden(uint32_t code_point) {
    if (code_point < 0x80) {
        return code_point < 0x20 || code_point == 0x7F;
    }
    switch (code_point) {
    case 0x034F: /* combining grapheme joiner */
    case 0x115F: /* Hangul fillers, seen as nothing */
    case 0x1160:
    case 0x3164:
    case 0xFFA0:
    case 0x2800: return 1; /* empty Braille cell */
    default: break;
    }
    if ((code_point >= 0xFE00 && code_point <= 0xFE0F) || (code_point >= 0x180B && code_point <= 0x180F) ||
        (code_point >= 0xE0100 && code_point <= 0xE01EF)) {
        return 1; /* variation selectors */
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
           category == UTF8PROC_CATEGORY_CO;
}

const char *letters_version(void) {
    return utf8proc_version();
}
