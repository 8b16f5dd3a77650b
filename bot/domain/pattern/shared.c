/* The table of groups seen before, by their bytes. Never reads an expression (parse_group.c does) and never
   decides what is required (required.c does). */
#include "domain/pattern/shared.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "domain/pattern/required.h"

#include "banned.h"

struct slot { /* open addressing; hash 0: free */
    uint64_t hash;
    uint32_t part; /* index + 1; 0: seen once */
};

struct shared {
    struct slot *slots;
    size_t capacity, count; /* a power of two */
    struct shared_part **parts;
    size_t part_count, part_capacity;
    size_t bytes; /* kept so far */
};

struct shared *shared_new(void) {
    return calloc(1, sizeof(struct shared));
}

void shared_free(struct shared *shared) {
    if (shared == NULL) {
        return;
    }
    for (size_t i = 0; i < shared->part_count; i++) {
        free(shared->parts[i]->text);
        free(shared->parts[i]->strings);
        free(shared->parts[i]->bytes);
        free(shared->parts[i]);
    }
    free(shared->parts);
    free(shared->slots);
    free(shared);
}

/* Bytes up to and with the parenthesis that closes the group, or 0 if there is anything in it whose meaning
   might depend on what stands around it: captures, options, classes, quoting. */
static size_t group_length(const char *text, size_t left, size_t *deepest) {
    size_t depth = *deepest = 1;
    for (size_t at = 0; at < left; at++) {
        switch (text[at]) {
        case ')':
            if (--depth == 0) {
                return at + 1;
            }
            break;
        case '(':
            if (left - at < 3 || text[at + 1] != '?' || text[at + 2] != ':') {
                return 0;
            }
            depth++;
            *deepest = depth > *deepest ? depth : *deepest;
            break;
        case '\\':
            at++;
            if (at == left || required_is_word((unsigned char)text[at])) {
                return 0; /* only escaped marks are what they seem */
            }
            break;
        case '[':
        case '\0': return 0;
        default: break;
        }
    }
    return 0;
}

static struct slot *slot_of(struct slot *slots, size_t capacity, uint64_t hash) {
    size_t at = (size_t)(hash ^ hash >> 29) & (capacity - 1);
    while (slots[at].hash != 0 && slots[at].hash != hash) {
        at = (at + 1) & (capacity - 1);
    }
    return &slots[at];
}

static int grow(struct shared *shared) {
    size_t capacity = shared->capacity != 0 ? shared->capacity * 2 : 1024;
    struct slot *slots = calloc(capacity, sizeof *slots);
    if (slots == NULL) {
        return -1;
    }
    for (size_t i = 0; i < shared->capacity; i++) {
        if (shared->slots[i].hash != 0) {
            *slot_of(slots, capacity, shared->slots[i].hash) = shared->slots[i];
        }
    }
    free(shared->slots);
    shared->slots = slots;
    shared->capacity = capacity;
    return 0;
}

static int make_room(struct shared *shared) {
    if (shared->part_count < shared->part_capacity) {
        return 0;
    }
    size_t capacity = shared->part_capacity != 0 ? shared->part_capacity * 2 : 64;
    struct shared_part **parts = realloc(shared->parts, capacity * sizeof *parts);
    if (parts == NULL) {
        return -1;
    }
    shared->parts = parts;
    shared->part_capacity = capacity;
    return 0;
}

static struct shared_part *add_part(struct shared *shared, const char *text, size_t length, size_t depth,
                                    unsigned flags) {
    if (shared->bytes + length > SHARED_BYTES_MAX || make_room(shared) != 0) {
        return NULL;
    }
    struct shared_part *part = calloc(1, sizeof *part);
    char *copy = part != NULL ? malloc(length) : NULL;
    if (copy == NULL) {
        free(part);
        return NULL;
    }
    memcpy(copy, text, length);
    *part = (struct shared_part){.text = copy, .length = length, .depth = depth, .flags = flags};
    shared->bytes += length;
    shared->parts[shared->part_count++] = part;
    return part;
}

static int is_same(const struct shared_part *part, const char *text, size_t length, unsigned flags) {
    return part->length == length && part->flags == flags && memcmp(part->text, text, length) == 0;
}

struct shared_part *shared_find(struct shared *shared, const char *text, size_t left, unsigned flags,
                                uint32_t *index) {
    size_t depth, length = shared != NULL ? group_length(text, left, &depth) : 0;
    if (length < SHARED_LENGTH_MIN || (shared->count * 2 >= shared->capacity && grow(shared) != 0)) {
        return NULL;
    }
    uint64_t hash = hash_bytes(flags + 1, text, length);
    struct slot *slot = slot_of(shared->slots, shared->capacity, hash);
    if (slot->hash == 0) { /* most are seen only once: nothing is kept but the hash */
        slot->hash = hash;
        shared->count += hash != 0;
        return NULL;
    }
    if (slot->part == 0) {
        slot->part = add_part(shared, text, length, depth, flags) != NULL ? (uint32_t)shared->part_count : 0;
    }
    struct shared_part *part = slot->part != 0 ? shared->parts[slot->part - 1] : NULL;
    if (part == NULL || part->state == SHARED_UNKNOWN || !is_same(part, text, length, flags)) {
        return NULL;
    }
    *index = slot->part - 1;
    return part;
}

struct shared_part *shared_get(struct shared *shared, uint32_t index) {
    return shared->parts[index];
}

static size_t bytes_of(const struct required_string *strings, size_t count) {
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += strings[i].length;
    }
    return bytes;
}

static int shortest_of(const struct required_string *strings, size_t count, const unsigned char *bytes) {
    int shortest = REQUIRED_STRING_MAX;
    for (size_t i = 0; i < count; i++) {
        const unsigned char *string = bytes + strings[i].offset;
        size_t length = strings[i].length;
        int is_plain = length > 0 && string[0] != ' ' && string[length - 1] != ' ' &&
                       memchr(string, REQUIRED_SPACES, length) == NULL;
        length = is_plain ? length : 0;
        shortest = (int)length < shortest ? (int)length : shortest;
    }
    return shortest;
}

void shared_keep(struct shared *shared, struct shared_part *part, const struct required_string *strings,
                 size_t count, const unsigned char *bytes, int is_precise) {
    size_t total = bytes_of(strings, count), size = count * sizeof *strings;
    part->state = SHARED_UNKNOWN;
    if (count == 0 || shared->bytes + total + size > SHARED_BYTES_MAX) {
        return;
    }
    struct required_string *kept = malloc(size);
    unsigned char *kept_bytes = malloc(total + 1);
    if (kept == NULL || kept_bytes == NULL) {
        free(kept);
        free(kept_bytes);
        return;
    }
    shared->bytes += total + size;
    *part = (struct shared_part){.text = part->text,
                                 .length = part->length,
                                 .depth = part->depth,
                                 .flags = part->flags,
                                 .state = SHARED_KNOWN,
                                 .strings = kept,
                                 .count = count,
                                 .bytes = kept_bytes,
                                 .is_precise = is_precise,
                                 .shortest = shortest_of(strings, count, bytes)};
    for (size_t i = 0; i < count; i++) {
        kept[i] = strings[i];
        kept[i].offset = (uint32_t)part->byte_count;
        memcpy(kept_bytes + part->byte_count, bytes + strings[i].offset, strings[i].length);
        part->byte_count += strings[i].length;
    }
}

/* U+212A and U+017F, which a scan takes for k and s. */
static int has_strange_letter(const char *word) {
    return strstr(word, "\xE2\x84\xAA") != NULL || strstr(word, "\xC5\xBF") != NULL;
}

/* Folds words one behind the other; the number of bytes, or 0 if one cannot be a string. */
static size_t fold_words(const char *const *words, size_t count, struct required_string *strings,
                         unsigned char *bytes) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        if (length == 0 || length > REQUIRED_STRING_MAX || has_strange_letter(words[i])) {
            return 0;
        }
        strings[i] = (struct required_string){.offset = (uint32_t)total, .length = (uint16_t)length};
        for (size_t k = 0; k < length; k++) {
            unsigned char byte = (unsigned char)words[i][k];
            if (byte <= REQUIRED_SEPARATOR) {
                return 0;
            }
            bytes[total++] = byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 32) : byte;
        }
    }
    return total;
}

uint32_t shared_add_list(struct shared *shared, const char *const *words, size_t count) {
    if (shared == NULL || count == 0 || count > REQUIRED_LIST_MAX || make_room(shared) != 0) {
        return SHARED_NONE;
    }
    struct shared_part *part = calloc(1, sizeof *part);
    struct required_string *strings = malloc(count * sizeof *strings);
    unsigned char *bytes = malloc(count * REQUIRED_STRING_MAX);
    uint32_t number = SHARED_NONE;
    if (part != NULL && strings != NULL && bytes != NULL && fold_words(words, count, strings, bytes) != 0) {
        shared_keep(shared, part, strings, count, bytes, 0);
    }
    if (part != NULL && part->state == SHARED_KNOWN) {
        number = (uint32_t)shared->part_count;
        shared->parts[shared->part_count++] = part;
        part = NULL;
    }
    free(part);
    free(strings);
    free(bytes);
    return number;
}
