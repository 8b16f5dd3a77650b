/* Lists of strings an expression may match: joining, multiplying, fitting them for the automaton. Never reads
   the tree. Called by required.c. */
#include "domain/pattern/required.h"

#include <stdlib.h>
#include <string.h>

#include "domain/pattern/shared.h"

#include "banned.h"

enum { STRINGS_MAX = 1 << 16, REPEATS_MAX = 64, REPEATS_PLACES = 128 };

int required_is_word(unsigned char byte) {
    return (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z') || byte == '_';
}

static int is_space(unsigned char byte) {
    return byte == ' ' || (byte >= 9 && byte <= 13);
}

/* Makes room for one more batch; sets is_failed when there is too much or no memory. */
static void *grow(struct required *required, void *items, size_t *capacity, size_t needed, size_t size,
                  size_t most) {
    if (needed <= *capacity) {
        return items;
    }
    size_t wanted = *capacity != 0 ? *capacity * 2 : 256;
    wanted = wanted < needed ? needed : wanted;
    void *grown = needed <= most ? realloc(items, wanted * size) : NULL;
    if (grown == NULL) {
        required->is_failed = 1;
        return items;
    }
    *capacity = wanted;
    return grown;
}

uint32_t required_add_bytes(struct required *required, const void *bytes, size_t length) {
    size_t needed = required->byte_count + length + 1;
    required->bytes =
        grow(required, required->bytes, &required->byte_capacity, needed, 1, REQUIRED_BYTES_MAX);
    if (required->is_failed) {
        return 0;
    }
    uint32_t offset = (uint32_t)required->byte_count;
    if (length != 0) {
        memcpy(required->bytes + offset, bytes, length);
    }
    required->byte_count += length;
    return offset;
}

static void add_string(struct required *required, struct required_string string) {
    required->strings = grow(required, required->strings, &required->string_capacity,
                             required->string_count + 1, sizeof string, STRINGS_MAX);
    if (!required->is_failed) {
        required->strings[required->string_count++] = string;
    }
}

void required_push(struct required *required, struct required_string string) {
    required->pending = grow(required, required->pending, &required->pending_capacity,
                             required->pending_count + 1, sizeof string, STRINGS_MAX);
    if (!required->is_failed) {
        required->pending[required->pending_count++] = string;
    }
}

static int is_same(const struct required *required, const struct required_string *a,
                   const struct required_string *b) {
    return a->length == b->length && a->left == b->left && a->right == b->right &&
           memcmp(required->bytes + a->offset, required->bytes + b->offset, a->length) == 0;
}

/* Of what a string begins and ends with; of short ones, all. */
static uint32_t hash_of(const struct required *required, const struct required_string *string) {
    const unsigned char *bytes = required->bytes + string->offset;
    uint64_t front = 0, back = 0;
    size_t length = string->length;
    if (length >= sizeof front) {
        memcpy(&front, bytes, sizeof front);
        memcpy(&back, bytes + length - sizeof back, sizeof back);
    } else if (length >= sizeof front / 2) {
        memcpy(&front, bytes, sizeof front / 2);
        memcpy(&back, bytes + length - sizeof back / 2, sizeof back / 2);
    } else if (length > 0) {
        front = bytes[0] | (unsigned)bytes[length / 2] << 8 | (unsigned)bytes[length - 1] << 16;
    }
    uint64_t hash = (front ^ back << 23 ^ back >> 41) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(hash >> 32) ^ string->length ^ string->left * 19u ^ string->right * 37u;
}

/* 1 if an earlier string equals this one, which else is noted as the next. places: of the strings so far, by
   their hashes, counted from 1. */
static int is_repeated(const struct required *required, const struct required_part *part,
                       const struct required_string *string, uint8_t places[REPEATS_PLACES]) {
    size_t at = hash_of(required, string) % REPEATS_PLACES;
    for (; places[at] != 0; at = (at + 1) % REPEATS_PLACES) {
        if (is_same(required, &required->strings[part->first + places[at] - 1], string)) {
            return 1;
        }
    }
    places[at] = (uint8_t)(part->count + 1);
    return 0;
}

/* A string that an earlier one equals adds nothing. Only looked for in short lists: it is not an error. */
struct required_part required_pop(struct required *required, size_t base) {
    struct required_part part = {.first = (uint32_t)required->string_count, .is_exact = 1, .is_precise = 1};
    uint8_t places[REPEATS_PLACES];
    size_t count = required->pending_count - base;
    if (count > 1) {
        memset(places, 0, sizeof places);
    }
    for (size_t i = base; i < required->pending_count && !required->is_failed; i++) {
        const struct required_string *string = &required->pending[i];
        if (count == 1 || part.count > REPEATS_MAX || !is_repeated(required, &part, string, places)) {
            add_string(required, *string);
            part.count++;
        }
    }
    required->pending_count = base;
    part.is_exact = !required->is_failed && part.count > 0 && part.count <= REQUIRED_LIST_MAX;
    return part;
}

/* The same where it is known that no string comes twice. */
static struct required_part pop_distinct(struct required *required, size_t base) {
    struct required_part part = {.first = (uint32_t)required->string_count, .is_exact = 1, .is_precise = 1};
    size_t count = required->pending_count - base;
    required->strings = grow(required, required->strings, &required->string_capacity,
                             required->string_count + count, sizeof *required->strings, STRINGS_MAX);
    required->pending_count = base;
    if (required->is_failed || count == 0) {
        part.is_exact = 0;
        return part;
    }
    memcpy(required->strings + required->string_count, required->pending + base,
           count * sizeof *required->strings);
    required->string_count += count;
    part.count = (uint32_t)count;
    part.is_exact = count <= REQUIRED_LIST_MAX;
    return part;
}

struct required_part required_single(struct required *required, const char *bytes, size_t length) {
    struct required_string string = {.length = (uint16_t)length};
    struct required_part part = {
        .first = (uint32_t)required->string_count, .count = 1, .is_exact = 1, .is_precise = 1};
    string.offset = required_add_bytes(required, bytes, length);
    add_string(required, string);
    part.is_exact = !required->is_failed;
    return part;
}

static struct required_part copy_shared(struct required *required, const struct shared_part *shared) {
    struct required_part part = {.first = (uint32_t)required->string_count,
                                 .count = (uint32_t)shared->count,
                                 .is_exact = 1,
                                 .is_precise = (uint8_t)shared->is_precise};
    uint32_t base = required_add_bytes(required, shared->bytes, shared->byte_count);
    required->strings = grow(required, required->strings, &required->string_capacity,
                             required->string_count + shared->count, sizeof *required->strings, STRINGS_MAX);
    if (required->is_failed) {
        part.is_exact = 0;
        return part;
    }
    for (size_t i = 0; i < shared->count; i++) {
        struct required_string *string = &required->strings[required->string_count++];
        *string = shared->strings[i];
        string->offset += base;
    }
    return part;
}

struct required_part required_share(struct required *required, uint32_t index) {
    const struct shared_part *shared = shared_get(required->tree.shared, index);
    if (required->is_loose && shared->count > REQUIRED_FEW && shared->shortest > 1) {
        return (struct required_part){
            .count = (uint32_t)shared->count, .shared = index + 1, .is_exact = 1, .is_precise = 1};
    }
    return copy_shared(required, shared);
}

/* The blank behind a string lies in front of whatever stood at its right edge. */
static void add_blank(struct required *required, struct required_string *string) {
    unsigned char bytes[REQUIRED_STRING_MAX + 1];
    memcpy(bytes, required->bytes + string->offset, string->length);
    bytes[string->length++] = ' ';
    string->offset = required_add_bytes(required, bytes, string->length);
    string->right = 0;
}

struct required_part required_unshare(struct required *required, struct required_part part) {
    if (part.shared == 0) {
        return part;
    }
    struct required_part copy = copy_shared(required, shared_get(required->tree.shared, part.shared - 1));
    for (uint32_t i = 0; copy.is_exact && i < copy.count; i++) {
        struct required_string *string = &required->strings[copy.first + i];
        string->left |= part.left;
        string->right |= part.right;
        if (part.is_followed && string->length < REQUIRED_STRING_MAX) {
            add_blank(required, string);
        } else if (part.is_followed) {
            copy.is_exact = 0; /* too long */
        }
    }
    copy.is_exact = copy.is_exact && !required->is_failed;
    copy.is_precise = 0;
    return copy;
}

static int ends_blank(const struct required *required, const struct required_string *string) {
    return string->length > 0 && required->bytes[string->offset + string->length - 1u] == ' ';
}

int required_keeps_blank(const struct required *required, const struct required_part *part, int is_behind) {
    int is_kept = part->shared == 0 || part->is_followed;
    for (uint32_t i = 0; part->shared == 0 && is_kept && i < part->count; i++) {
        const struct required_string *string = &required->strings[part->first + i];
        is_kept = string->length == 0
                      ? is_behind || ((string->left | string->right) & BOUNDARY_BLANK_BEFORE) != 0
                      : ends_blank(required, string);
    }
    return is_kept;
}

int required_begins_blank(const struct required *required, const struct required_part *part) {
    int begins = part->shared == 0 && part->count > 0;
    for (uint32_t i = 0; begins && i < part->count; i++) {
        const struct required_string *string = &required->strings[part->first + i];
        begins = string->length > 0 && required->bytes[string->offset] == ' ';
    }
    return begins;
}

enum join { JOIN_NEVER, JOIN_EXACT, JOIN_UNSURE, JOIN_REFUSED };

/* Whether boundaries hold between two bytes of strings. */
static enum join boundary_between(unsigned char last, unsigned char first, int boundaries) {
    enum join kind = JOIN_EXACT;
    if ((boundaries & BOUNDARY_WORD) != 0) {
        if (last >= 128 || first >= 128) {
            kind = JOIN_UNSURE;
        } else if (required_is_word(last) == required_is_word(first)) {
            return JOIN_NEVER;
        }
    }
    if ((boundaries & BOUNDARY_BLANK_BEFORE) != 0 && last != ' ') {
        kind = last == REQUIRED_SPACES ? JOIN_UNSURE : JOIN_NEVER;
    }
    if ((boundaries & BOUNDARY_BLANK_AFTER) != 0 && first != ' ' && kind != JOIN_NEVER) {
        kind = first == REQUIRED_SPACES ? JOIN_UNSURE : JOIN_NEVER;
    }
    return kind;
}

/* How the end of left and the beginning of right, neither empty, go together. `\s+` beside something that may
   be a blank itself has more than one way to match; \b between two strings holds or not whatever the text. */
static enum join join_kind(const struct required *required, const struct required_string *left,
                           const struct required_string *right) {
    unsigned char last = required->bytes[left->offset + left->length - 1u];
    unsigned char first = required->bytes[right->offset];
    if (last == REQUIRED_SPACES || first == REQUIRED_SPACES) {
        unsigned char other = last == REQUIRED_SPACES ? first : last;
        if (other == REQUIRED_SPACES || is_space(other) || other >= 128) {
            return JOIN_REFUSED;
        }
    }
    return boundary_between(last, first, left->right | right->left);
}

/* The bytes of left and right, one behind the other: where they begin. */
static uint32_t add_joined(struct required *required, const struct required_string *left,
                           const struct required_string *right) {
    size_t needed = required->byte_count + left->length + right->length + 1;
    required->bytes =
        grow(required, required->bytes, &required->byte_capacity, needed, 1, REQUIRED_BYTES_MAX);
    if (required->is_failed) {
        return 0;
    }
    unsigned char *bytes = required->bytes + required->byte_count;
    memcpy(bytes, required->bytes + left->offset, left->length);
    memcpy(bytes + left->length, required->bytes + right->offset, right->length);
    required->byte_count = needed - 1;
    return (uint32_t)(bytes - required->bytes);
}

/* Pushes left followed by right; an empty string only hands its boundary on. */
static enum join join(struct required *required, const struct required_string *left,
                      const struct required_string *right) {
    struct required_string joined = *left;
    enum join kind = JOIN_EXACT;
    if (left->length == 0) {
        joined = *right;
        joined.left |= (uint8_t)(left->left | left->right);
        joined.right |= right->length == 0 ? joined.left : 0;
    } else if (right->length == 0) {
        joined.right |= (uint8_t)(right->left | right->right);
    } else {
        kind = left->length + right->length > REQUIRED_STRING_MAX ? JOIN_REFUSED
                                                                  : join_kind(required, left, right);
        if (kind == JOIN_EXACT || kind == JOIN_UNSURE) {
            joined.length = (uint16_t)(left->length + right->length);
            joined.right = right->right;
            joined.offset = add_joined(required, left, right);
        }
    }
    if (kind == JOIN_EXACT || kind == JOIN_UNSURE) {
        required_push(required, joined);
    }
    return kind;
}

static int is_empty_part(const struct required *required, const struct required_part *part) {
    const struct required_string *string = &required->strings[part->first];
    return part->shared == 0 && part->count == 1 && string->length == 0 && !string->left && !string->right;
}

/* The string of a part that is only one, or NULL. */
static const struct required_string *only_string(const struct required *required,
                                                 const struct required_part *part) {
    return part->shared == 0 && part->count == 1 ? &required->strings[part->first] : NULL;
}

static int is_edge(const struct required *required, const struct required_part *part) {
    const struct required_string *string = only_string(required, part);
    return string != NULL && string->length == 0;
}

static int is_blank(const struct required *required, const struct required_part *part) {
    const struct required_string *string = only_string(required, part);
    return string != NULL && string->length == 1 && required->bytes[string->offset] == ' ';
}

/* One of them is a list that is only named: it can take edges and a blank behind it, nothing else. */
static struct required_part cross_shared(const struct required *required, const struct required_part *left,
                                         const struct required_part *right) {
    struct required_part part = {.is_exact = 0};
    if (is_edge(required, left)) {
        const struct required_string *edge = &required->strings[left->first];
        part = *right;
        part.left |= (uint8_t)(edge->left | edge->right);
    } else if (is_edge(required, right)) {
        const struct required_string *edge = &required->strings[right->first];
        part = *left;
        part.right |= (uint8_t)(part.is_followed ? 0 : edge->left | edge->right);
    } else if (left->shared != 0 && !left->is_followed && is_blank(required, right)) {
        part = *left;
        part.is_followed = 1;
    }
    return part;
}

/* Where only candidates are wanted a product says little more than its two lists. */
static int is_too_much(const struct required *required, const struct required_part *left,
                       const struct required_part *right) {
    size_t product = (size_t)left->count * right->count;
    int may_be_long = left->count == 1 || right->count == 1;
    if (required->is_loose && may_be_long) {
        may_be_long = is_edge(required, left) || is_edge(required, right) || is_blank(required, right);
    }
    return product > REQUIRED_LIST_MAX || (!may_be_long && product > REQUIRED_PRODUCT_MAX);
}

/* 1 if no two strings of the part become equal when each is joined to the same string: equal bytes with other
   boundaries may. Lists were rid of repetitions when they were made. */
static int stays_distinct(const struct required *required, const struct required_part *part) {
    const struct required_string *first = &required->strings[part->first];
    for (uint32_t i = 1; i < part->count; i++) {
        if (first[i].left != first->left || first[i].right != first->right) {
            return 0;
        }
    }
    return 1;
}

struct required_part required_cross(struct required *required, struct required_part left,
                                    struct required_part right) {
    struct required_part refused = {.is_exact = 0};
    uint8_t is_precise = left.is_precise && right.is_precise;
    if (is_empty_part(required, &left) || is_empty_part(required, &right)) {
        struct required_part part = is_empty_part(required, &left) ? right : left;
        part.is_precise = is_precise;
        return part;
    }
    if (left.shared != 0 || right.shared != 0) {
        return cross_shared(required, &left, &right);
    }
    if (is_too_much(required, &left, &right)) {
        return refused;
    }
    size_t base = required->pending_count;
    for (uint32_t i = 0; i < left.count; i++) {
        struct required_string a = required->strings[left.first + i];
        for (uint32_t j = 0; j < right.count && !required->is_failed; j++) {
            struct required_string b = required->strings[right.first + j];
            enum join kind = join(required, &a, &b);
            if (kind == JOIN_REFUSED) {
                required->pending_count = base;
                return refused;
            }
            is_precise = is_precise && kind != JOIN_UNSURE;
        }
    }
    int is_distinct = (left.count == 1 && stays_distinct(required, &right)) ||
                      (right.count == 1 && stays_distinct(required, &left));
    struct required_part part = is_distinct ? pop_distinct(required, base) : required_pop(required, base);
    part.is_precise = is_precise;
    return part;
}

/* Without its outer blanks a string is the same in more expressions; what is left stands beside a blank. */
static void trim_blanks(const struct required *required, struct required_string *string) {
    const unsigned char *bytes = required->bytes;
    if (string->length > 1 && bytes[string->offset] == ' ') {
        string->offset++;
        string->length--;
        string->left = BOUNDARY_BLANK_BEFORE;
    }
    if (string->length > 1 && bytes[string->offset + string->length - 1u] == ' ') {
        string->length--;
        string->right = BOUNDARY_BLANK_AFTER;
    }
}

/* A blank at the edge of a string may be matched by more or fewer blanks of the text: it is taken off, and
   what is left stands beside a blank. */
static int trim(const struct required *required, struct required_string *string) {
    int is_trimmed = 0;
    const unsigned char *bytes = required->bytes;
    if (string->length > 1 && bytes[string->offset] == REQUIRED_SPACES) {
        string->offset++;
        string->length--;
        string->left = required_is_word(bytes[string->offset]) ? BOUNDARY_WORD : 0;
        is_trimmed = 1;
    }
    if (string->length > 1 && bytes[string->offset + string->length - 1u] == REQUIRED_SPACES) {
        string->length--;
        string->right = required_is_word(bytes[string->offset + string->length - 1u]) ? BOUNDARY_WORD : 0;
        is_trimmed = 1;
    }
    return is_trimmed;
}

/* The rest of a long piece is compared where its beginning stands: the automaton would need a state for every
   byte of it, and its states are limited. */
static void choose_piece(const struct required *required, struct required_string *string) {
    const unsigned char *bytes = required->bytes + string->offset;
    size_t start = 0;
    string->piece = string->piece_length = 0;
    if (memchr(bytes, REQUIRED_SPACES, string->length) == NULL) { /* nearly always */
        string->piece_length =
            (uint8_t)(string->length < REQUIRED_PIECE_MAX ? string->length : REQUIRED_PIECE_MAX);
        return;
    }
    for (size_t at = 0; at <= string->length; at++) {
        if (at == string->length || bytes[at] == REQUIRED_SPACES) {
            if (at - start > string->piece_length) {
                string->piece = (uint8_t)start;
                string->piece_length = (uint8_t)(at - start);
            }
            start = at + 1;
        }
    }
    string->piece_length =
        string->piece_length < REQUIRED_PIECE_MAX ? string->piece_length : REQUIRED_PIECE_MAX;
}

/* Single letters, digits and blanks are in every text: looking for them costs more than it saves. */
static int is_worthwhile(const struct required *required, const struct required_string *string) {
    unsigned char byte = required->bytes[string->offset + string->piece];
    int is_common = required_is_word(byte) || is_space(byte) || byte == '.' || byte == ',';
    return string->piece_length > 1 ||
           (string->piece_length == 1 && (!is_common || (string->left && string->right && byte > ' ')));
}

int required_make_group(struct required *required, struct required_part part, struct required_group *group) {
    *group = (struct required_group){
        .first = part.first, .count = part.count, .is_ordered = 1, .is_slot = part.is_precise};
    if (!part.is_exact || part.count == 0 || required->is_failed) {
        return 0;
    }
    if (part.shared != 0) {
        group->shared = part.shared;
        group->left = part.left;
        group->right = part.right | (part.is_followed ? BOUNDARY_BLANK_AFTER : 0);
        group->is_slot = 0;
        return 1;
    }
    for (uint32_t i = 0; i < part.count; i++) {
        struct required_string *string = &required->strings[part.first + i];
        if (string->length == 0) {
            return 0;
        }
        if (required->is_loose) {
            trim_blanks(required, string);
        }
        if (trim(required, string)) {
            group->is_slot = 0;
        }
        choose_piece(required, string);
        if (!is_worthwhile(required, string)) {
            return 0;
        }
        for (size_t at = 0; group->is_slot && at < string->length; at++) {
            group->is_slot = group->is_slot && required->bytes[string->offset + at] < 128;
        }
    }
    return 1;
}

void required_unfold(struct required *required, struct required_group *group) {
    struct required_part part = {.count = group->count, .shared = group->shared};
    if (group->shared == 0) {
        return;
    }
    part.left = group->left;
    part.right = group->right;
    part = required_unshare(required, part);
    group->first = part.first;
    group->count = part.is_exact ? part.count : 0;
    for (uint32_t i = 0; i < group->count; i++) {
        choose_piece(required, &required->strings[group->first + i]);
    }
}

int required_score(const struct required *required, const struct required_group *group) {
    int shortest = REQUIRED_STRING_MAX, count = group->count < 1000 ? (int)group->count : 1000;
    if (group->shared != 0) {
        shortest = shared_get(required->tree.shared, group->shared - 1)->shortest;
    }
    for (uint32_t i = 0; group->shared == 0 && i < group->count; i++) {
        int length = required->strings[group->first + i].piece_length;
        shortest = length < shortest ? length : shortest;
    }
    return (shortest < 5 ? shortest : 5) * 1000 - count;
}
