/* domain/pattern: what an expression requires is the same whether its groups are read or known from before.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "domain/pattern/required.h"
#include "domain/pattern/shared.h"

static const char *const groups[] = {
    "guru|perawat|dokter|bidan|relawan|pekerja sosial",
    "cari(?:kan)?|kerja(?:an|kan)?|lowongan(?:nya)?|kantor",
    "a(?:d(?:min|vokat)|nalis(?: data)?)|b(?:arista|idan)|c\\+\\+ programmer",
    "kerja (?:yang|yg) (?:cocok|pas|sesuai)(?: buat| untuk)? aku",
    "gaji+|upah*|honor(?:arium)+ yang cukup besar",          /* more than a list */
    "sesuatu.yang.lain|apa saja yang ada di sini",           /* any character */
    "kerja\\w+ di luar negeri|magang di luar kota",          /* an escape that is a kind of character */
    "[abc]kerja|dkerja|ekerja|fkerja|gkerja|hkerja",         /* a class: never shared */
    "(?i:kerja)|guru|perawat|dokter|bidan|relawan saja",     /* options: never shared */
    "(?<nama>kerja)|guru|perawat|dokter|bidan|relawan saja", /* a capture: never shared */
    "caf\xC3\xA9|na\xC3\xAFve|r\xC3\xA9sum\xC3\xA9|kerja di kafe sebelah",
    "|kerja|guru|perawat|dokter|bidan|relawan|pekerja sosial", /* perhaps nothing */
};

static const char *const contexts[] = {
    "(?<![^ ])(?:(?:%s))(?![^ ])",
    "x(?:%s)y",
    "aku (?:%s)? saja",
    "aku (?:%s)?? saja",
    "(?:(?:%s) ){2}dan",
    "(?:(?:%s) ){0,3}dan",
    "(?:%s)+ z",
    "(?>(?:%s)) kata",
    "(?=(?:%s))kata",
    "(?<=kata )(?:%s)",
    "(?!(?:%s))kata",
    "(?i)(?:%s) kata",
    "(?x) (?:%s) kata",
    "(?s)(?:%s).kata",
    "(?:%s)\\s+kata",
    "\\b(?:%s)\\b.*\\b(?:%s)\\b",
    "\\b(?:%s)\\b.{0,20}?kata",
    "(?:(?:%s)|kata lain)",
    "(?:mau (?:%s)|ingin (?:%s)) dong",
    "kata\\Q(?:%s)\\E|kata lain",
    "[(?:%s)] kata",
    "(?#(?:%s) kata",
    "(\\w)\\1{4,}(?:%s)?",
    "^(?:%s)?$",
    "(?:%s)",
};

static int is_same_guard(const struct guard *a, const struct guard *b) {
    return a->least == b->least && a->least_length == b->least_length && a->least_run == b->least_run &&
           a->mask == b->mask && memcmp(a->most, b->most, sizeof a->most) == 0;
}

static int is_same_gap(const struct required_gap *a, const struct required_gap *b) {
    return a->least == b->least && a->most == b->most && a->is_lazy == b->is_lazy;
}

static void compare_groups(const struct required *warm, const struct required *fresh, const char *text) {
    int is_same = warm->group_count == fresh->group_count && warm->is_chain == fresh->is_chain &&
                  is_same_guard(&warm->guard, &fresh->guard);
    for (size_t i = 0; is_same && i < warm->group_count; i++) {
        const struct required_group *a = &warm->groups[i], *b = &fresh->groups[i];
        is_same =
            a->count == b->count && a->is_ordered == b->is_ordered && a->is_slot == b->is_slot &&
            (!warm->is_chain || i + 1 == warm->group_count || is_same_gap(&warm->gaps[i], &fresh->gaps[i]));
        for (uint32_t k = 0; is_same && k < a->count; k++) {
            const struct required_string *x = &warm->strings[a->first + k],
                                         *y = &fresh->strings[b->first + k];
            is_same = x->length == y->length && x->left == y->left && x->right == y->right &&
                      x->piece == y->piece && x->piece_length == y->piece_length &&
                      memcmp(warm->bytes + x->offset, fresh->bytes + y->offset, x->length) == 0;
        }
    }
    if (!is_same) {
        fail_msg("/%s/ requires something else when its groups are known", text);
    }
}

static size_t known_nodes(const struct parse_tree *tree) {
    size_t count = 0;
    for (size_t i = 1; i < tree->node_count; i++) {
        count += tree->nodes[i].kind == NODE_SHARED && tree->nodes[i].child == 0;
    }
    return count;
}

/* Every context with every group, often enough that groups are new, seen, and known. Returns how often one
   was known. */
static size_t try_all(struct shared *shared, unsigned options) {
    static struct required warm, fresh;
    size_t known = 0;
    warm.tree.shared = shared;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        for (size_t c = 0; c < 2 * (sizeof contexts / sizeof *contexts); c++) {
            const char *context = contexts[c / 2], *hole = strstr(context, "%s"),
                       *next = strstr(hole + 2, "%s");
            char text[512];
            int length = snprintf(text, sizeof text, "%.*s%s%.*s%s%s", (int)(hole - context), context,
                                  groups[g], next != NULL ? (int)(next - hole) - 2 : (int)strlen(hole + 2),
                                  hole + 2, next != NULL ? groups[g] : "", next != NULL ? next + 2 : "");
            assert_in_range(length, 1, sizeof text - 1);
            required_extract(&warm, text, (size_t)length, options);
            known += known_nodes(&warm.tree);
            required_extract(&fresh, text, (size_t)length, options);
            compare_groups(&warm, &fresh, text);
        }
    }
    required_close(&warm);
    required_close(&fresh);
    return known;
}

static void same_as_read(void **state) {
    (void)state;
    struct shared *shared = shared_new();
    assert_non_null(shared);
    size_t known = try_all(shared, PARSE_NO_CAPTURE);
    known += try_all(shared, PARSE_CASELESS); /* the same bytes under other options are other groups */
    known += try_all(shared, PARSE_NO_CAPTURE);
    assert_true(known > 500);
    shared_free(shared);
}

static struct shared_part *find(struct shared *shared, const char *text, unsigned flags) {
    uint32_t index;
    struct shared_part *part = shared_find(shared, text, strlen(text), flags, &index);
    assert_true(part == NULL || shared_get(shared, index) == part);
    return part;
}

static void kept_on_second_sight(void **state) {
    (void)state;
    static const char text[] = "guru|perawat|dokter|bidan|relawan|pekerja)";
    struct shared *shared = shared_new();
    assert_null(find(shared, text, 0));
    struct shared_part *part = find(shared, text, 0);
    assert_non_null(part);
    assert_int_equal(part->length, sizeof text - 1);
    assert_ptr_equal(find(shared, text, 0), part);
    assert_null(find(shared, text, 1)); /* other options: seen once */
    assert_null(find(shared, "guru|dokter)", 0));
    assert_null(find(shared, "guru|dokter)", 0)); /* too short to be worth it */
    shared_keep(shared, part, NULL, 0, NULL, 0);
    assert_null(find(shared, text, 0)); /* no list: read every time */
    shared_free(shared);
    assert_null(find(NULL, text, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_read),
        cmocka_unit_test(kept_on_second_sight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
