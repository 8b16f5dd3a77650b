/* Walks JSON text once and remembers where every value begins. Never judges the text: value_parse did. Called
   by content for the lines in messages and places. */
#include "json/places.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "json/value.h"

#include "banned.h"

struct entry {
    uint64_t
        path; /* hash of the path's bytes: FNV-1a continues, so a child's hash is made from its parent's */
    struct place_at at;
};

struct places {
    const char *bytes;
    size_t length;
    struct arena *arena;
    struct entry *entries; /* NULL before the first question; in the order of the text */
    size_t count, capacity;
    uint32_t *table; /* open addressing by path: index + 1, 0: free */
    size_t mask;
};

struct walker {
    struct places *places;
    size_t at;
    int line;
    size_t line_start;
};

static char now(const struct walker *walker) {
    return walker->at < walker->places->length ? walker->places->bytes[walker->at] : '\0';
}

static void skip_blanks(struct walker *walker) {
    for (char c = now(walker); c == ' ' || c == '\t' || c == '\r' || c == '\n'; c = now(walker)) {
        walker->at++;
        if (c == '\n') {
            walker->line++;
            walker->line_start = walker->at;
        }
    }
}

/* Steps over a string and gives its bytes between the quotes. */
static void skip_text(struct walker *walker, const char **inside, size_t *length) {
    size_t start = ++walker->at;
    while (now(walker) != '"' && walker->at < walker->places->length) {
        walker->at += now(walker) == '\\' ? 2 : 1;
    }
    if (walker->at > walker->places->length) {
        walker->at = walker->places->length;
    }
    *inside = walker->places->bytes + start;
    *length = walker->at - start;
    walker->at += walker->at < walker->places->length ? 1 : 0;
}

static void walk(struct walker *walker, uint64_t path, int depth);

static void remember(struct walker *walker, uint64_t path) {
    struct places *places = walker->places;
    if (places->count < places->capacity) {
        places->entries[places->count++] =
            (struct entry){path, {walker->at, walker->line, (int)(walker->at - walker->line_start) + 1}};
    }
}

static void walk_object(struct walker *walker, uint64_t path, int depth) {
    walker->at++;
    for (skip_blanks(walker); now(walker) == '"'; skip_blanks(walker)) {
        const char *key;
        size_t length;
        skip_text(walker, &key, &length);
        uint64_t child = hash_bytes(hash_bytes(path, ".", 1), key, length);
        skip_blanks(walker);
        walker->at += now(walker) == ':' ? 1 : 0;
        walk(walker, child, depth + 1);
        skip_blanks(walker);
        walker->at += now(walker) == ',' ? 1 : 0;
    }
    walker->at += now(walker) == '}' ? 1 : 0;
}

/* "[12]" as it stands in a path. */
static uint64_t hash_index(uint64_t path, size_t index) {
    char digits[24];
    size_t at = sizeof digits;
    digits[--at] = ']';
    do {
        digits[--at] = (char)('0' + index % 10);
        index /= 10;
    } while (index != 0);
    digits[--at] = '[';
    return hash_bytes(path, digits + at, sizeof digits - at);
}

static void walk_array(struct walker *walker, uint64_t path, int depth) {
    walker->at++;
    skip_blanks(walker);
    for (size_t i = 0; now(walker) != ']' && walker->at < walker->places->length; i++) {
        size_t before = walker->at;
        walk(walker, hash_index(path, i), depth + 1);
        skip_blanks(walker);
        walker->at += now(walker) == ',' ? 1 : 0;
        skip_blanks(walker);
        if (walker->at == before) {
            return;
        }
    }
    walker->at += now(walker) == ']' ? 1 : 0;
}

static void walk(struct walker *walker, uint64_t path, int depth) {
    skip_blanks(walker);
    remember(walker, path);
    char c = now(walker);
    if (depth > VALUE_DEPTH_MAX) {
        walker->at = walker->places->length;
    } else if (c == '{') {
        walk_object(walker, path, depth);
    } else if (c == '[') {
        walk_array(walker, path, depth);
    } else if (c == '"') {
        const char *inside;
        size_t length;
        skip_text(walker, &inside, &length);
    } else {
        size_t left = walker->places->length - walker->at, end = 0;
        while (end < left && strchr(",]} \t\r\n", walker->places->bytes[walker->at + end]) == NULL) {
            end++;
        }
        walker->at += end;
    }
}

struct places *places_new(const char *bytes, size_t length, struct arena *arena) {
    struct places *places = arena_alloc(arena, sizeof *places);
    *places = (struct places){.bytes = bytes, .length = length, .arena = arena};
    return places;
}

/* Where path is in the table, or the hole where it belongs. */
static uint32_t *slot_of(const struct places *places, uint64_t path) {
    size_t at = (size_t)(path ^ path >> 29) & places->mask;
    while (places->table[at] != 0 && places->entries[places->table[at] - 1].path != path) {
        at = (at + 1) & places->mask;
    }
    return &places->table[at];
}

/* At the first question: most files of a folder are never asked about. Of equal paths the first stays. */
static void index_values(struct places *places) {
    size_t capacity = 1, size = 16;
    for (size_t i = 0; i < places->length; i++) {
        char c = places->bytes[i];
        capacity += c == ',' || c == '[' || c == '{';
    }
    places->entries = arena_array(places->arena, capacity, sizeof *places->entries);
    places->capacity = capacity;
    struct walker walker = {places, 0, 1, 0};
    walk(&walker, hash_bytes(0, "$", 1), 0);
    while (size < 2 * places->count) {
        size *= 2;
    }
    places->table = arena_array(places->arena, size, sizeof *places->table);
    places->mask = size - 1;
    for (size_t i = 0; i < places->count; i++) {
        uint32_t *slot = slot_of(places, places->entries[i].path);
        *slot = *slot == 0 ? (uint32_t)i + 1 : *slot;
    }
}

static const struct entry *find(const struct places *places, const char *path, size_t length) {
    uint32_t found = *slot_of(places, hash_bytes(0, path, length));
    return found != 0 ? &places->entries[found - 1] : NULL;
}

struct place_at places_find(struct places *places, const char *path) {
    if (places->entries == NULL) {
        index_values(places);
    }
    for (size_t length = strlen(path); length > 0; length--) {
        if (path[length] != '\0' && path[length] != '.' && path[length] != '[') {
            continue;
        }
        const struct entry *entry = find(places, path, length);
        if (entry != NULL) {
            return entry->at;
        }
    }
    return (struct place_at){0, 1, 1};
}

/* Bytes that the escape at text (after the backslash: "n", "u00e9") makes when decoded. */
static size_t escape_width(const char *text, size_t left, size_t *raw) {
    *raw = 2;
    if (left < 6 || text[1] != 'u') {
        return 1;
    }
    *raw = 6;
    char digits[5] = {text[2], text[3], text[4], text[5], '\0'};
    unsigned long code = strtoul(digits, NULL, 16);
    if (code >= 0xD800 && code < 0xE000) {
        return 2; /* half of a pair: both halves make four bytes */
    }
    return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}

struct place_at places_find_in_text(struct places *places, const char *path, size_t decoded) {
    struct place_at at = places_find(places, path);
    if (at.offset >= places->length || places->bytes[at.offset] != '"') {
        return at;
    }
    size_t raw = at.offset + 1, done = 0;
    while (done < decoded && raw < places->length && places->bytes[raw] != '"') {
        size_t width = 1;
        if (places->bytes[raw] == '\\') {
            done += escape_width(places->bytes + raw, places->length - raw, &width);
        } else {
            done++;
        }
        raw += width;
    }
    raw = raw < places->length ? raw : places->length;
    at.column += (int)(raw - at.offset);
    at.offset = raw;
    return at;
}
