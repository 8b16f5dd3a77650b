/* The protocol's reader and writers: every rule by example, then both readers against each other on millions
   of bytes of nearly right messages. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "domain/engine/engine.h"
#include "domain/engine/message_json.h"
#include "websocket_reference.h"

#include "banned.h"

/* ---- reading ---- */

static struct websocket_in in;
static enum websocket_code code;
static const char *why;

static int read_bytes(struct arena *arena, const char *text, size_t length) {
    why = NULL;
    /* A copy without a final NUL, so that the sanitizer sees a step too far. */
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    int rc = websocket_read(copy, length, arena, &in, &code, &why);
    free(copy);
    assert_int_equal(rc == 0, why == NULL);
    assert_true(reference_agrees(text, length, arena));
    return rc;
}

static int read_text(struct arena *arena, const char *text) {
    return read_bytes(arena, text, strlen(text));
}

static void expect_bad(struct arena *arena, const char *text) {
    if (read_text(arena, text) != -1 || code != WEBSOCKET_BAD) {
        fail_msg("read as good: %s", text);
    }
}

static void test_hello(void **state) {
    struct arena *arena = *state;
    assert_int_equal(read_text(arena, "{\"type\":\"hello\",\"v\":1,\"client\":\"c1\"}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_HELLO);
    assert_int_equal(in.version, 1);
    assert_string_equal(in.client, "c1");
    assert_null(in.conversation);
    assert_int_equal(in.last, 0);
    assert_int_equal(read_text(arena,
                               " { \"later\" : [1, {\"x\":-0.5e-3}], \"last\":9007199254740991,\"conv\":"
                               "\"AAAAAAAAAAAAAAAAAAAAAA\", \"v\":1,\n\"client\":\"\\u0063\\/1\","
                               "\"language\":\"en\",\"identity\":\"a.b.c\",\"type\":\"h\\u0065llo\"}\r\n\t"),
                     0);
    assert_string_equal(in.conversation, "AAAAAAAAAAAAAAAAAAAAAA");
    assert_string_equal(in.client, "c/1");
    assert_string_equal(in.language, "en");
    assert_string_equal(in.identity, "a.b.c");
    assert_int_equal(in.last, 9007199254740991);
    assert_int_equal(read_text(arena,
                               "{\"type\":\"hello\",\"v\":1,\"client\":\"c\",\"conv\":null,\"last\":null,"
                               "\"language\":null,\"identity\":null}"),
                     0);
    assert_null(in.conversation);
}

static void test_hello_refused(void **state) {
    struct arena *arena = *state;
    static const char *const versions[] = {"2", "0", "-1", "9223372036854775807"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        const char *text = arena_format(arena, "{\"type\":\"hello\",\"client\":5,\"v\":%s}", versions[i]);
        assert_int_equal(read_text(arena, text), -1);
        assert_int_equal(code, WEBSOCKET_VERSION_UNKNOWN);
    }
    static const char *const bad[] = {
        "{\"type\":\"hello\",\"v\":1}",
        "{\"type\":\"hello\",\"client\":\"c\"}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":\"1\"}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1.0}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":null}",
        "{\"type\":\"hello\",\"client\":\"\",\"v\":1}",
        "{\"type\":\"hello\",\"client\":null,\"v\":1}",
        "{\"type\":\"hello\",\"client\":\"a b\",\"v\":1}",
        "{\"type\":\"hello\",\"client\":\"a\\nb\",\"v\":1}",
        "{\"type\":\"hello\",\"client\":\"\xC3\xA9\",\"v\":1}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"conv\":7}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"conv\":\"\"}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"last\":-1}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"last\":1.5}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"last\":9007199254740992}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"last\":9223372036854775808}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"last\":\"3\"}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"language\":true}",
        "{\"type\":\"hello\",\"client\":\"c\",\"v\":1,\"identity\":{}}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_bad(arena, bad[i]);
    }
}

/* text with its @ become size characters. */
static int read_sized(struct arena *arena, const char *text, size_t size) {
    size_t before = strcspn(text, "@");
    char *filler = arena_alloc(arena, size + 1);
    memset(filler, 'x', size);
    return read_text(arena, arena_format(arena, "%.*s%s%s", (int)before, text, filler, text + before + 1));
}

static void test_sizes(void **state) {
    struct arena *arena = *state;
    static const struct {
        const char *text;
        size_t limit;
    } cases[] = {
        {"{\"type\":\"hello\",\"v\":1,\"client\":\"@\"}", WEBSOCKET_CLIENT_MAX},
        {"{\"type\":\"hello\",\"v\":1,\"client\":\"c\",\"conv\":\"@\"}", WEBSOCKET_TOKEN_MAX},
        {"{\"type\":\"hello\",\"v\":1,\"client\":\"c\",\"language\":\"@\"}", WEBSOCKET_LANGUAGE_MAX},
        {"{\"type\":\"hello\",\"v\":1,\"client\":\"c\",\"identity\":\"@\"}", WEBSOCKET_IDENTITY_MAX},
        {"{\"type\":\"msg\",\"id\":\"@\",\"text\":\"\"}", WEBSOCKET_ID_MAX},
        {"{\"type\":\"msg\",\"id\":\"1\",\"choice\":\"@\"}", WEBSOCKET_CHOICE_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(read_sized(arena, cases[i].text, cases[i].limit), 0);
        assert_int_equal(read_sized(arena, cases[i].text, cases[i].limit + 1), -1);
        assert_int_equal(code, WEBSOCKET_BAD);
    }
    assert_int_equal(read_sized(arena, "{\"type\":\"msg\",\"id\":\"9\",\"text\":\"@\"}", WEBSOCKET_TEXT_MAX),
                     0);
    assert_int_equal(in.text_length, WEBSOCKET_TEXT_MAX);
    assert_int_equal(
        read_sized(arena, "{\"type\":\"msg\",\"text\":\"@\",\"id\":\"9\"}", WEBSOCKET_TEXT_MAX + 1), -1);
    assert_int_equal(code, WEBSOCKET_TOO_BIG);
    assert_string_equal(in.id, "9");
    assert_null(in.text);
}

static void test_msg(void **state) {
    struct arena *arena = *state;
    assert_int_equal(read_text(arena, "{\"type\":\"msg\",\"id\":\"c-1\",\"text\":\"halo\"}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_MSG);
    assert_string_equal(in.id, "c-1");
    assert_string_equal(in.text, "halo");
    assert_int_equal(in.text_length, 4);
    assert_null(in.choice);
    assert_int_equal(read_text(arena, "{\"type\":\"msg\",\"id\":\"c-2\",\"choice\":\"3:ya\",\"text\":null}"),
                     0);
    assert_string_equal(in.choice, "3:ya");
    assert_null(in.text);
    assert_int_equal(read_text(arena, "{\"type\":\"msg\",\"id\":\"c-3\",\"text\":"
                                      "\"\\u00e9\\ud83d\\ude00\\n\\t\\\"\\\\\\/\\b\\f\\r\x7f😀\"}"),
                     0);
    assert_string_equal(in.text, "é😀\n\t\"\\/\b\f\r\x7f😀");
    assert_int_equal(read_text(arena, "{\"type\":\"msg\",\"id\":\"c-4\",\"text\":\"\"}"), 0);
    assert_int_equal(in.text_length, 0);
}

static void test_msg_refused(void **state) {
    struct arena *arena = *state;
    expect_bad(arena, "{\"type\":\"msg\",\"text\":\"a\"}");
    assert_null(in.id);
    expect_bad(arena, "{\"type\":\"msg\",\"id\":7,\"text\":\"a\"}");
    assert_null(in.id);
    static const char *const bad[] = {
        "{\"type\":\"msg\",\"id\":\"i\"}",
        "{\"type\":\"msg\",\"id\":\"i\",\"text\":\"a\",\"choice\":\"b\"}",
        "{\"type\":\"msg\",\"id\":\"i\",\"text\":null}",
        "{\"type\":\"msg\",\"id\":\"i\",\"text\":5}",
        "{\"type\":\"msg\",\"id\":\"i\",\"text\":[\"a\"]}",
        "{\"type\":\"msg\",\"id\":\"i\",\"choice\":\"\"}",
        "{\"type\":\"msg\",\"id\":\"i\",\"choice\":false}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_bad(arena, bad[i]);
        assert_string_equal(in.id, "i");
    }
}

static void test_others(void **state) {
    struct arena *arena = *state;
    assert_int_equal(read_text(arena, "{\"type\":\"seen\",\"seq\":12}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_SEEN);
    assert_int_equal(in.seen, 12);
    assert_int_equal(read_text(arena, "{\"type\":\"rating\",\"id\":\"c-9\",\"helped\":true}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_RATING);
    assert_string_equal(in.id, "c-9");
    assert_int_equal(in.has_helped, 1);
    assert_int_equal(read_text(arena, "{\"type\":\"rating\",\"id\":\"c-9\",\"helped\":false}"), 0);
    assert_int_equal(in.has_helped, 0);
    expect_bad(arena, "{\"type\":\"rating\",\"id\":\"c-9\",\"helped\":1}");
    expect_bad(arena, "{\"type\":\"rating\",\"id\":\"c-9\"}");
    expect_bad(arena, "{\"type\":\"rating\",\"helped\":true}");
    assert_int_equal(read_text(arena, "{\"type\":\"history\",\"after\":40}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_HISTORY);
    assert_int_equal(in.after, 40);
    expect_bad(arena, "{\"type\":\"history\"}");
    expect_bad(arena, "{\"type\":\"history\",\"after\":-1}");
    expect_bad(arena, "{\"type\":\"seen\"}");
    expect_bad(arena, "{\"type\":\"seen\",\"seq\":\"1\"}");
    assert_int_equal(read_text(arena, "{\"type\":\"ping\",\"text\":7,\"v\":\"any\"}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_PING);
    assert_int_equal(read_text(arena, "{\"type\":\"typing\",\"id\":5}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_IGNORED);
    assert_int_equal(read_text(arena, "{\"type\":\"\"}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_IGNORED);
    assert_int_equal(read_text(arena, "{\"type\":\"pingx\"}"), 0);
    assert_int_equal(in.kind, WEBSOCKET_IGNORED);
    expect_bad(arena, "{}");
    expect_bad(arena, "{\"type\":null}");
    expect_bad(arena, "{\"type\":5}");
}

static void test_not_json(void **state) {
    struct arena *arena = *state;
    static const char *const bad[] = {
        "",
        " ",
        "x",
        "null",
        "5",
        "\"type\"",
        "[]",
        "[{\"type\":\"ping\"}]",
        "{",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping\"}x",
        "{\"type\":\"ping\"}{}",
        "{\"type\":\"ping\",}",
        "{,\"type\":\"ping\"}",
        "{\"type\" \"ping\"}",
        "{type:\"ping\"}",
        "{'type':'ping'}",
        "{\"type\":\"ping\" \"a\":1}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"t\\u0079pe\":\"msg\"}",
        "{\"type\":\"ping\",\"a\":{\"b\":1,\"b\":1}}",
        "{\"type\":\"ping\",\"a\":[{\"\":1,\"\":2}]}",
        "{\"type\":\"ping\",\"a\":\"\\u0000\"}",
        "{\"type\":\"ping\",\"a\\u0000\":1}",
        "{\"type\":\"ping\",\"a\":\"\n\"}",
        "{\"type\":\"ping\",\"a\":\"\\x41\"}",
        "{\"type\":\"ping\",\"a\":\"\\\"}",
        "{\"type\":\"ping\",\"a\":\"\\u12g4\"}",
        "{\"type\":\"ping\",\"a\":\"\\ud800\"}",
        "{\"type\":\"ping\",\"a\":\"\\udc00\"}",
        "{\"type\":\"ping\",\"a\":\"\\ud800\\u0041\"}",
        "{\"type\":\"ping\",\"a\":\"\\ud83d",
        "{\"type\":\"ping\",\"a\":\"\\u12",
        "{\"type\":\"ping\",\"a\":\"\xC0\x80\"}",
        "{\"type\":\"ping\",\"a\":\"\xED\xA0\x80\"}",
        "{\"type\":\"ping\",\"a\":\"\xF4\x90\x80\x80\"}",
        "{\"type\":\"ping\",\"a\":\"\xE2\x82\"}",
        "{\"type\":\"ping\",\"a\xFF\":1}",
        "\xEF\xBB\xBF{\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"a\":01}",
        "{\"type\":\"ping\",\"a\":-}",
        "{\"type\":\"ping\",\"a\":1.}",
        "{\"type\":\"ping\",\"a\":.5}",
        "{\"type\":\"ping\",\"a\":1e}",
        "{\"type\":\"ping\",\"a\":1e+}",
        "{\"type\":\"ping\",\"a\":+1}",
        "{\"type\":\"ping\",\"a\":0x1}",
        "{\"type\":\"ping\",\"a\":1e999}",
        "{\"type\":\"ping\",\"a\":9223372036854775808}",
        "{\"type\":\"ping\",\"a\":NaN}",
        "{\"type\":\"ping\",\"a\":tru}",
        "{\"type\":\"ping\",\"a\":truex}",
        "{\"type\":\"ping\",\"a\":TRUE}",
        "{\"type\":\"ping\",\"a\":[1,]}",
        "{\"type\":\"ping\",\"a\":[1 2]}",
        "{\"type\":\"ping\",\"a\":[}]}",
        "{\"type\":\"ping\",\"a\":}",
        "{\"type\":\"ping\",\"a\"}",
        "{\"type\":\"ping\"/**/}",
        "{\"type\":\"ping\"\f}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_bad(arena, bad[i]);
    }
    assert_int_equal(read_bytes(arena, "{\"type\":\"ping\"}\0", 16), -1);
    assert_int_equal(read_bytes(arena, "{\"type\":\"pi\0ng\"}", 16), -1);
    assert_int_equal(read_text(arena,
                               "{\"type\":\"ping\",\"a\":[-0,0.0,-1E+2,1e-999,true,false,null,{},[],\"\"],"
                               "\"b\":-9223372036854775808}"),
                     0);
}

/* depth levels of arrays; the object is the first level. */
static int read_deep(struct arena *arena, int depth, const char *innermost) {
    struct buf text;
    buf_init(&text, 0);
    (void)buf_add_text(&text, "{\"type\":\"ping\",\"a\":");
    for (int i = 1; i < depth; i++) {
        (void)buf_add_char(&text, '[');
    }
    (void)buf_add_text(&text, innermost);
    for (int i = 1; i < depth; i++) {
        (void)buf_add_char(&text, ']');
    }
    (void)buf_add_char(&text, '}');
    int rc = read_text(arena, buf_text(&text));
    buf_close(&text);
    return rc;
}

static void test_deep_and_wide(void **state) {
    struct arena *arena = *state;
    assert_int_equal(read_deep(arena, 16, ""), 0);
    assert_int_equal(read_deep(arena, 17, ""), -1);
    assert_int_equal(read_deep(arena, 15, "1"), 0);
    assert_int_equal(read_deep(arena, 16, "1"), -1);
    assert_int_equal(read_deep(arena, 15, "{}"), 0);
    assert_int_equal(read_deep(arena, 15, "{\"x\":1}"), -1);
    assert_int_equal(read_deep(arena, 1900, ""), -1);
    for (int width = SCAN_MEMBERS_MAX - 1; width <= SCAN_MEMBERS_MAX; width++) {
        struct buf text;
        buf_init(&text, 0);
        (void)buf_add_text(&text, "{\"type\":\"ping\"");
        for (int i = 0; i < width; i++) {
            (void)buf_add_format(&text, ",\"%d\":{}", i);
        }
        (void)buf_add_char(&text, '}');
        assert_int_equal(read_text(arena, buf_text(&text)), width < SCAN_MEMBERS_MAX ? 0 : -1);
        buf_close(&text);
    }
}

/* ---- both readers on generated and damaged messages ---- */

struct chance {
    uint64_t state;
};

/* xorshift64* (Vigna 2016): the same texts on every machine. */
static uint32_t draw(struct chance *chance, uint32_t below) {
    uint64_t x = chance->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    chance->state = x;
    return (uint32_t)((x * 2685821657736338717u) >> 33) % below;
}

static void add_any(struct chance *chance, struct buf *out, int depth) {
    static const char *const scalars[] = {"0",
                                          "-1",
                                          "12",
                                          "1.5",
                                          "1e3",
                                          "-0",
                                          "9007199254740991",
                                          "9007199254740992",
                                          "9223372036854775808",
                                          "1e400",
                                          "true",
                                          "false",
                                          "null",
                                          "\"\"",
                                          "\"c\"",
                                          "\"hello\"",
                                          "\"msg\"",
                                          "\"halo, apa kabar?\"",
                                          "\"\\u00e9\"",
                                          "\"\\ud83d\\ude00\"",
                                          "\"\\ud83d\"",
                                          "\"\\n\"",
                                          "\"a b\"",
                                          "\"é😀\"",
                                          "\"\\u0000\"",
                                          "\"c-17\"",
                                          "\"3:yes\"",
                                          "\"\\\"\\\\\"",
                                          "\"seen\"",
                                          "\"ping\"",
                                          "1",
                                          "1",
                                          "2"};
    uint32_t kind = draw(chance, depth > 3 ? 6 : 8);
    if (kind < 6) {
        (void)buf_add_text(out, scalars[draw(chance, sizeof scalars / sizeof *scalars)]);
        return;
    }
    (void)buf_add_char(out, kind == 6 ? '[' : '{');
    for (uint32_t i = draw(chance, 4), first = 1; i > 0; i--, first = 0) {
        (void)buf_add_text(out, first ? "" : ",");
        if (kind == 7) {
            (void)buf_add_format(out, "\"%c\":", (char)('a' + draw(chance, 5)));
        }
        add_any(chance, out, depth + 1);
    }
    (void)buf_add_char(out, kind == 6 ? ']' : '}');
}

static void add_message(struct chance *chance, struct buf *out) {
    static const char *const types[] = {"\"hello\"", "\"msg\"",    "\"msg\"",     "\"seen\"", "\"ping\"",
                                        "\"other\"", "\"rating\"", "\"history\"", "7"};
    static const char *const keys[] = {"v",        "conv",       "client",   "last",   "language",
                                       "identity", "id",         "text",     "choice", "seq",
                                       "x",        "t\\u0065xt", "\\u0069d", "helped", "after"};
    static const char *const right[] = {"1",
                                        "\"AAAAAAAAAAAAAAAAAAAAAA\"",
                                        "\"c\"",
                                        "4",
                                        "\"id\"",
                                        "\"a.b.c\"",
                                        "\"c-1\"",
                                        "\"halo\"",
                                        "\"1:ya\"",
                                        "3",
                                        "{\"x\":[1]}",
                                        "\"apa\"",
                                        "\"c-2\"",
                                        "true",
                                        "7"};
    uint32_t count = draw(chance, 8), type_at = draw(chance, count + 1);
    (void)buf_add_char(out, '{');
    for (uint32_t i = 0; i <= count; i++) {
        (void)buf_add_text(out, i > 0 ? "," : draw(chance, 2) ? " " : "");
        if (i == type_at) {
            (void)buf_add_format(out, "\"type\":%s", types[draw(chance, sizeof types / sizeof *types)]);
            continue;
        }
        uint32_t key = draw(chance, sizeof keys / sizeof *keys);
        (void)buf_add_format(out, "\"%s\" : ", keys[key]);
        if (draw(chance, 4) > 0) {
            (void)buf_add_text(out, right[key]);
        } else {
            add_any(chance, out, 1);
        }
    }
    (void)buf_add_char(out, '}');
}

static void damage(struct chance *chance, struct buf *out) {
    static const char bytes[] = "{}[]\",:\\u0 \n-.e1t\x7f\xC3\xA9\xE2\xF0\x80\x01\xFF";
    for (uint32_t i = draw(chance, 3); i > 0 && out->length > 1; i--) {
        size_t at = draw(chance, (uint32_t)out->length);
        char byte = bytes[draw(chance, sizeof bytes)]; /* its NUL too */
        if (draw(chance, 2) == 0) {
            out->data[at] = byte;
        } else if (draw(chance, 2) == 0) {
            memmove(out->data + at, out->data + at + 1, out->length - at - 1);
            out->length--;
        } else {
            (void)buf_add_char(out, ' ');
            memmove(out->data + at + 1, out->data + at, out->length - at - 1);
            out->data[at] = byte;
        }
    }
}

static void test_property(void **state) {
    struct arena *arena = *state;
    const char *seed = getenv("PANDU_SEED");
    struct chance chance = {seed != NULL ? strtoull(seed, NULL, 10) | 1 : 20251122};
    struct buf text;
    buf_init(&text, 0);
    size_t good = 0, round = 0;
    for (; round < 200000; round++) {
        buf_clear(&text);
        add_message(&chance, &text);
        if (draw(&chance, 2) == 0) {
            damage(&chance, &text);
        }
        if (!reference_agrees(text.data, text.length, arena)) {
            print_error("round %zu: the readers differ on bytes", round);
            for (size_t i = 0; i < text.length; i++) {
                print_error(" %02x", (unsigned char)text.data[i]);
            }
            fail();
        }
        struct websocket_in ignored;
        good += websocket_read(text.data, text.length, arena, &ignored, &code, &why) == 0;
        arena_reset(arena);
    }
    buf_close(&text);
    assert_true(good > round / 20 && good < round - round / 20); /* both answers were tried */
}

/* ---- writing ---- */

/* Parses what was written; the caller frees. */
static struct value *parsed(struct buf *out) {
    struct value *value = value_parse(buf_text(out), out->length, NULL);
    if (value == NULL) {
        fail_msg("not JSON: %s", buf_text(out));
    }
    return value;
}

static void expect_written(struct buf *out, int rc, const char *expected) {
    assert_int_equal(rc, 0);
    assert_string_equal(buf_text(out), expected);
    value_free(parsed(out));
    buf_clear(out);
}

static void test_short_answers(void **state) {
    (void)state;
    struct buf out;
    buf_init(&out, 0);
    expect_written(&out, websocket_ack(&out, "c-1", 7, 0),
                   "{\"type\":\"ack\",\"id\":\"c-1\",\"seq\":7,\"dup\":false}");
    expect_written(&out, websocket_ack(&out, "\"", INT64_MAX, 1),
                   "{\"type\":\"ack\",\"id\":\"\\\"\",\"seq\":9223372036854775807,\"dup\":true}");
    expect_written(
        &out, websocket_nak(&out, "c-1", WEBSOCKET_RATE, "slow down", 1500),
        "{\"type\":\"nak\",\"id\":\"c-1\",\"code\":\"rate\",\"why\":\"slow down\",\"retry_ms\":1500}");
    expect_written(&out, websocket_nak(&out, NULL, WEBSOCKET_TOO_BIG, NULL, 0),
                   "{\"type\":\"nak\",\"code\":\"too_big\"}");
    expect_written(&out, websocket_pong(&out), "{\"type\":\"pong\"}");
    expect_written(
        &out, websocket_event_system(&out, 3, 1795312800000, "erased"),
        "{\"type\":\"event\",\"seq\":3,\"at\":1795312800000,\"kind\":\"system\",\"what\":\"erased\"}");
    static const char *const names[] = {"rate", "busy",   "storage", "too_big", "conflict",
                                        "bad",  "denied", "gone",    "version", "unsupported"};
    for (int i = 0; i <= WEBSOCKET_UNSUPPORTED; i++) {
        assert_string_equal(websocket_code_name((enum websocket_code)i), names[i]);
    }
    buf_close(&out);
}

static void test_event(void **state) {
    (void)state;
    struct message_choice choices[] = {{"3:ya", "ya", "Ya"}, {"3:no", "no", "Tidak \"juga\""}};
    struct message_link links[] = {{"BLK", "https://example.org/?a=1&b=2"}, {NULL, "https://example.org"}};
    struct message_bar bars[] = {{"Cocok", 66.666666}, {"Lain", 50}, {"x", 12.3}, {"y", 0.05}};
    struct message whole = {.reply = "fit.q1",
                            .text = "Halo!\nApa kabar? 😀",
                            .choices = choices,
                            .choice_count = 2,
                            .links = links,
                            .link_count = 2,
                            .bars = bars,
                            .bar_count = 4,
                            .progress_at = 2,
                            .progress_of = 6,
                            .keep = 3};
    struct message bare = {.reply = "r"};
    struct buf out;
    buf_init(&out, 0);
    expect_written(
        &out, websocket_event(&out, 12, -5, "c-1", &whole),
        "{\"type\":\"event\",\"seq\":12,\"at\":-5,\"kind\":\"bot\",\"re\":\"c-1\",\"reply\":\"fit.q1\","
        "\"text\":\"Halo!\\nApa kabar? "
        "😀\",\"choices\":[{\"payload\":\"3:ya\",\"id\":\"ya\",\"label\":\"Ya\"},"
        "{\"payload\":\"3:no\",\"id\":\"no\",\"label\":\"Tidak \\\"juga\\\"\"}],"
        "\"links\":[{\"label\":\"BLK\",\"url\":\"https://example.org/?a=1&b=2\"},"
        "{\"label\":null,\"url\":\"https://example.org\"}],"
        "\"bars\":[{\"label\":\"Cocok\",\"percent\":66.67},{\"label\":\"Lain\",\"percent\":50},"
        "{\"label\":\"x\",\"percent\":12.3},{\"label\":\"y\",\"percent\":0.05}],"
        "\"progress\":{\"at\":2,\"of\":6},\"keep\":3}");
    expect_written(&out, websocket_event(&out, 0, 0, NULL, &bare),
                   "{\"type\":\"event\",\"seq\":0,\"at\":0,\"kind\":\"bot\",\"reply\":\"r\",\"text\":\"\","
                   "\"choices\":[]}");
    bars[0].percent = NAN;
    bars[1].percent = INFINITY;
    bars[2].percent = -1e300;
    bars[3].percent = -0.5;
    assert_int_equal(websocket_event(&out, 1, 1, NULL, &whole), 0);
    value_free(parsed(&out));
    buf_close(&out);
}

static void test_welcome(void **state) {
    (void)state;
    struct message greeting[] = {{.reply = "greet", .text = "Hai"}, {.reply = "help", .text = "Mau apa?"}};
    struct websocket_welcome welcome = {.conversation = "tok",
                                        .next = 1,
                                        .language = "id",
                                        .greeting = greeting,
                                        .greeting_count = 2,
                                        .turns = 8,
                                        .per_minute = 60};
    struct buf out;
    buf_init(&out, 0);
    expect_written(
        &out, websocket_welcome(&out, &welcome),
        "{\"type\":\"welcome\",\"v\":1,\"conv\":\"tok\",\"resume\":false,\"next\":1,\"language\":\"id\","
        "\"greeting\":[{\"reply\":\"greet\",\"text\":\"Hai\",\"choices\":[]},"
        "{\"reply\":\"help\",\"text\":\"Mau apa?\",\"choices\":[]}],"
        "\"limits\":{\"text\":4096,\"id\":96,\"turns\":8,\"per_minute\":60}}");
    welcome = (struct websocket_welcome){.resume = 1, .next = 41};
    expect_written(&out, websocket_welcome(&out, &welcome),
                   "{\"type\":\"welcome\",\"v\":1,\"resume\":true,\"next\":41,\"greeting\":[],"
                   "\"limits\":{\"text\":4096,\"id\":96}}");
    buf_close(&out);
}

static void test_event_visitor(void **state) {
    (void)state;
    struct buf out;
    buf_init(&out, 0);
    static const char text[] = "{\"text\":\"ha\\u2028lo\\u0007\"}", choice[] = "{\"choice\":\"1:ya\"}",
                      none[] = "{\"open\":1}";
    expect_written(&out, websocket_event_visitor(&out, 4, 9, "c-1", text, strlen(text)),
                   "{\"type\":\"event\",\"seq\":4,\"at\":9,\"kind\":\"visitor\",\"id\":\"c-1\",\"text\":"
                   "\"ha\\u2028lo\\u0007\"}");
    expect_written(
        &out, websocket_event_visitor(&out, 5, 9, "c-2", choice, strlen(choice)),
        "{\"type\":\"event\",\"seq\":5,\"at\":9,\"kind\":\"visitor\",\"id\":\"c-2\",\"choice\":\"1:ya\"}");
    assert_int_equal(websocket_event_visitor(&out, 5, 9, "c-3", none, strlen(none)), 1);
    assert_int_equal(websocket_event_visitor(&out, 5, 9, "c-3", NULL, 0), 1);
    assert_int_equal(websocket_event_visitor(&out, 5, 9, "c-3", "{", 1), 1);
    assert_int_equal(out.length, 0);
    buf_close(&out);
}

static void expect_harmless(struct buf *out, const struct message *message) {
    assert_int_equal(websocket_event(out, 1, 1, NULL, message), 0);
    struct value *value = parsed(out);
    assert_string_equal(value_get_text(value, "text"), message->text);
    value_free(value);
    for (size_t i = 0; i < out->length; i++) {
        assert_true((unsigned char)out->data[i] >= 0x20 && out->data[i] != 0x7f);
    }
    assert_true(strstr(out->data, "\xE2\x80\xA8") == NULL && strstr(out->data, "\xE2\x80\xA9") == NULL);
    assert_true(strstr(out->data, "\xC2\x85") == NULL);
    buf_clear(out);
}

/* What was printed for the store is told as it stands there, where both ways spell it alike. */
static void test_event_printed(void **state) {
    (void)state;
    struct message_choice choices[] = {{"7:ya", "ya", "Ya"}, {"7:\"", "q", "\t\\"}};
    struct message_link link = {"Kaji", "https://example.org/"};
    struct message_bar bar = {"R", 200.0 / 3};
    struct message messages[] = {{.reply = NULL, .text = NULL},
                                 {.reply = "r", .text = "a \"b\"\n\xE2\x80\x94 c", .choices = choices},
                                 {.reply = "odd", .text = "\x7f"},
                                 {.reply = "bars", .text = "t", .bars = &bar, .bar_count = 1},
                                 {.reply = "last", .text = "t", .links = &link, .link_count = 1}};
    messages[1].choice_count = 2;
    messages[4].progress_at = 2;
    messages[4].progress_of = 6;
    messages[4].keep = 16;
    struct arena *arena = arena_new(0);
    struct buf plain, printed;
    buf_init(&plain, 0);
    buf_init(&printed, 0);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(websocket_event(&plain, i, 9, "c", &messages[i]), 0);
    }
    size_t length = 0;
    const char *json = message_json_print(messages, 5, arena, &length);
    assert_non_null(json);
    assert_int_equal(length, strlen(json));
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(messages[i].json != NULL, i != 2 && i != 3);
        assert_true(messages[i].json == NULL || strncmp(messages[i].json, "\"reply\":", 8) == 0);
        assert_int_equal(websocket_event(&printed, i, 9, "c", &messages[i]), 0);
    }
    assert_string_equal(plain.data, printed.data);
    buf_clear(&printed);
    messages[4].json = "\"reply\":\"as it stands\"";
    messages[4].json_length = strlen(messages[4].json);
    expect_written(&printed, websocket_event(&printed, 1, 2, NULL, &messages[4]),
                   "{\"type\":\"event\",\"seq\":1,\"at\":2,\"kind\":\"bot\",\"reply\":\"as it stands\"}");
    buf_close(&plain);
    buf_close(&printed);
    arena_free(arena);
}

/* Every character, and bytes that are none: what is read back is what was written, and nothing that a page or
   a terminal would take for more than text stands in it raw. */
static void test_any_text(void **state) {
    (void)state;
    struct buf out;
    struct arena *arena = arena_new(0);
    size_t length = 0;
    buf_init(&out, 0);
    for (uint32_t code_point = 1; code_point < 0x11000; code_point++) {
        char text[8] = "a";
        size_t size = 1 + u8_encode(code_point, text + 1);
        text[size] = 'z';
        struct message message = {.reply = "r", .text = text};
        expect_harmless(&out, &message);
        assert_non_null(message_json_print(&message, 1, arena, &length)); /* as a turn does before */
        expect_harmless(&out, &message);
        arena_reset(arena);
    }
    arena_free(arena);
    static const char *const broken[] = {
        "\xFF", "a\xC3", "\xE2\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "12345678\x80z"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        assert_int_equal(websocket_nak(&out, broken[i], WEBSOCKET_BAD, "r", 0), 0);
        struct value *value = parsed(&out);
        assert_non_null(strstr(value_get_text(value, "id"), "\xEF\xBF\xBD"));
        value_free(value);
        buf_clear(&out);
    }
    buf_close(&out);
}

static void test_no_memory(void **state) {
    (void)state;
    struct buf out;
    buf_init(&out, 20);
    struct message message = {.reply = "r", .text = "text"};
    assert_int_equal(websocket_event(&out, 1, 1, NULL, &message), -1);
    buf_clear(&out);
    assert_int_equal(websocket_pong(&out), 0);
    buf_close(&out);
}

static int set_up(void **state) {
    *state = arena_new(0);
    return *state == NULL;
}

static int tear_down(void **state) {
    arena_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello),       cmocka_unit_test(test_hello_refused),
        cmocka_unit_test(test_sizes),       cmocka_unit_test(test_msg),
        cmocka_unit_test(test_msg_refused), cmocka_unit_test(test_others),
        cmocka_unit_test(test_not_json),    cmocka_unit_test(test_deep_and_wide),
        cmocka_unit_test(test_property),    cmocka_unit_test(test_short_answers),
        cmocka_unit_test(test_event),       cmocka_unit_test(test_event_printed),
        cmocka_unit_test(test_welcome),     cmocka_unit_test(test_event_visitor),
        cmocka_unit_test(test_any_text),    cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
