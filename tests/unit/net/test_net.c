/* What of the network needs no client: addresses, request heads, frames, handshakes, and what net_open
   refuses. The sockets themselves are tried in tests/net/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "net/address.h"
#include "net/frame.h"
#include "net/handshake.h"
#include "net/net.h"
#include "net/request.h"

#include "banned.h"

static void test_addresses(void **state) {
    (void)state;
    static const struct {
        const char *text, *shown; /* NULL: refused */
    } CASES[] = {{"192.0.2.1", "192.0.2.1"},
                 {"[2001:db8::1]", "2001:db8::1"},
                 {"fe80::1%eth0", "fe80::1"},
                 {"::ffff:10.0.0.1", "10.0.0.1"},
                 {"192.0.2.1%eth0", NULL},
                 {"192.0.2", NULL},
                 {"", NULL},
                 {"[]", NULL},
                 {"example.org", NULL},
                 {"1.2.3.4.5", NULL},
                 {"2001:db8:::1", NULL},
                 {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd:eeee:ffff", NULL}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct address address;
        char shown[NET_ADDRESS_MAX];
        int rc = address_parse(CASES[i].text, strlen(CASES[i].text), &address);
        assert_int_equal(rc, CASES[i].shown != NULL ? 0 : -1);
        if (rc == 0) {
            address_text(&address, shown);
            assert_string_equal(shown, CASES[i].shown);
        }
    }
}

static struct address address_of(const char *text) {
    struct address address;
    assert_int_equal(address_parse(text, strlen(text), &address), 0);
    return address;
}

static void test_networks(void **state) {
    (void)state;
    static const struct {
        const char *network, *address;
        int holds; /* -1: the network is refused */
    } CASES[] = {{"10.0.0.0/8", "10.255.1.2", 1},
                 {"10.0.0.0/8", "11.0.0.1", 0},
                 {"192.0.2.128/25", "192.0.2.127", 0},
                 {"192.0.2.128/25", "192.0.2.200", 1},
                 {"0.0.0.0/0", "8.8.8.8", 1},
                 {"0.0.0.0/0", "2001:db8::1", 0},
                 {"2001:db8::/33", "2001:db8:7fff::1", 1},
                 {"2001:db8::/33", "2001:db8:8000::1", 0},
                 {"::/0", "2001:db8::1", 1},
                 {"127.0.0.1", "127.0.0.1", 1},
                 {"127.0.0.1", "127.0.0.2", 0},
                 {"10.0.0.0/33", "10.0.0.1", -1},
                 {"10.0.0.0/", "10.0.0.1", -1},
                 {"10.0.0.0/-1", "10.0.0.1", -1},
                 {"10.0.0.0/8x", "10.0.0.1", -1},
                 {"::/129", "::1", -1},
                 {"host/8", "::1", -1}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct network network;
        struct address address = address_of(CASES[i].address);
        int rc = network_parse(CASES[i].network, &network);
        assert_int_equal(rc, CASES[i].holds < 0 ? -1 : 0);
        if (rc == 0) {
            assert_int_equal(network_holds(&network, 1, &address), CASES[i].holds);
        }
    }
    struct address a = address_of("2001:db8:1:2:3::4"), b = address_of("2001:db8:1:2:9::9"),
                   v4 = address_of("1.2.3.4");
    a = address_group(&a);
    b = address_group(&b);
    assert_memory_equal(&a, &b, sizeof a);
    b = address_group(&v4);
    assert_memory_equal(&v4, &b, sizeof b);
}

static void test_forwarded(void **state) {
    (void)state;
    static const struct {
        const char *peer, *forwarded, *visitor;
    } CASES[] = {{"127.0.0.1", "203.0.113.7", "203.0.113.7"},
                 {"127.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"}, /* the left one the visitor made up */
                 {"127.0.0.1", "203.0.113.7, 10.1.1.1", "203.0.113.7"},
                 {"127.0.0.1", " 203.0.113.7 ,\t10.1.1.1 ", "203.0.113.7"},
                 {"127.0.0.1", "", "127.0.0.1"},
                 {"127.0.0.1", "unknown", "127.0.0.1"},
                 {"127.0.0.1", "203.0.113.7, junk, 10.1.1.1", "10.1.1.1"},
                 {"127.0.0.1", ",,", "127.0.0.1"},
                 {"127.0.0.1", "[2001:db8::5]", "2001:db8::5"},
                 {"198.51.100.1", "203.0.113.7", "198.51.100.1"}}; /* not a proxy of ours */
    struct network trusted[2];
    assert_int_equal(network_parse("127.0.0.1", &trusted[0]), 0);
    assert_int_equal(network_parse("10.0.0.0/8", &trusted[1]), 0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct address peer = address_of(CASES[i].peer);
        char shown[NET_ADDRESS_MAX];
        address_forwarded(CASES[i].forwarded, trusted, 2, &peer);
        address_text(&peer, shown);
        assert_string_equal(shown, CASES[i].visitor);
    }
}

static void test_listen(void **state) {
    (void)state;
    struct address address;
    uint16_t port;
    assert_int_equal(address_listen("127.0.0.1:8080", &address, &port), 0);
    assert_int_equal(port, 8080);
    assert_int_equal(address_listen("[::1]:0", &address, &port), 0);
    static const char *const WRONG[] = {"127.0.0.1",    "::1:80", "127.0.0.1:", "127.0.0.1:65536",
                                        "127.0.0.1:8o", ":80",    "[::1]",      "host:80",
                                        "127.0.0.1:-1", ""};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        assert_int_equal(address_listen(WRONG[i], &address, &port), -1);
    }
}

/* Status of a whole head: 0 when it is fine. Every prefix has to be "more" or the same refusal. */
static int status_of(const char *text, size_t *body) {
    char bytes[16384];
    struct request_head head;
    size_t length = strlen(text);
    long found = request_find(text, length);
    for (size_t i = 0; i < length; i++) {
        long part = request_find(text, i);
        assert_true(part == 0 || part == found);
    }
    if (found <= 0) {
        return found == 0 ? -1 : (int)-found;
    }
    memcpy(bytes, text, (size_t)found);
    bytes[found] = '\0';
    int status = request_parse(bytes, (size_t)found, &head);
    return status != 0 ? status : request_framing(&head, 65536, body);
}

static void test_heads(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int status; /* -1: more is needed */
    } CASES[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"GET / HTTP/1.0\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\nHost: a\r\n", -1},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: a\n\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400},
        {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
        {"GET /\r\nHost: a\r\n\r\n", 400},
        {"GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
        {"GET / FTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n", 0},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n", 400},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        size_t body;
        int status = status_of(CASES[i].text, &body);
        if (status != CASES[i].status) {
            fail_msg("%s: %d instead of %d", CASES[i].text, status, CASES[i].status);
        }
    }
}

static void test_head_limits(void **state) {
    (void)state;
    char text[REQUEST_HEAD_MAX + 64];
    size_t body;
    size_t at = (size_t)snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < REQUEST_HEADERS_MAX; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "X: y\r\n");
    }
    (void)snprintf(text + at, sizeof text - at, "\r\n");
    assert_int_equal(status_of(text, &body), 431);
    at = (size_t)snprintf(text, sizeof text, "GET /");
    memset(text + at, 'a', REQUEST_TARGET_MAX);
    at += REQUEST_TARGET_MAX;
    (void)snprintf(text + at, sizeof text - at, " HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(status_of(text, &body), 414);
    memset(text, 'a', sizeof text);
    assert_int_equal(request_find(text, sizeof text), -431);
}

static void test_paths(void **state) {
    (void)state;
    static const struct {
        const char *target, *path, *query; /* path NULL: refused */
    } CASES[] = {{"/", "/", ""},
                 {"/a%20b?x=%41&y", "/a b", "x=%41&y"},
                 {"/%C3%A9", "/\xC3\xA9", ""},
                 {"/a//b/", "/a//b/", ""},
                 {"/..a/b..", "/..a/b..", ""},
                 {"/?/../", "/", "/../"},
                 {"/../etc/passwd", NULL, NULL},
                 {"/a/..", NULL, NULL},
                 {"/a/./b", NULL, NULL},
                 {"/%2e%2e/x", NULL, NULL},
                 {"/a%2f..%2fb", NULL, NULL},
                 {"/a%5cb", NULL, NULL},
                 {"/a\\b", NULL, NULL},
                 {"/%00", NULL, NULL},
                 {"/%0a", NULL, NULL},
                 {"/%", NULL, NULL},
                 {"/%4", NULL, NULL},
                 {"/%zz", NULL, NULL},
                 {"/%FF", NULL, NULL},
                 {"/%252e%252e/", "/%2e%2e/", ""}, /* decoded once: no dots, just a strange name */
                 {"/#x", NULL, NULL},
                 {"*", NULL, NULL}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[REQUEST_TARGET_MAX + 1];
        const char *query;
        int status = request_path(CASES[i].target, path, &query);
        assert_int_equal(status, CASES[i].path != NULL ? 0 : 400);
        if (status == 0) {
            assert_string_equal(path, CASES[i].path);
            assert_string_equal(query, CASES[i].query);
        }
    }
}

static void test_frames(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        int rc;
    } CASES[] = {
        {"\x81\x80\x01\x02\x03\x04", 6, 6},
        {"\x81", 1, 0},
        {"\x81\x85\x01\x02\x03", 5, 0},
        {"\x81\x05hello", 7, -CLOSE_PROTOCOL},                    /* not masked */
        {"\xC1\x80\x01\x02\x03\x04", 6, -CLOSE_PROTOCOL},         /* RSV1 */
        {"\x83", 1, -CLOSE_PROTOCOL},                             /* opcode 3 */
        {"\x8B", 1, -CLOSE_PROTOCOL},                             /* opcode 11 */
        {"\x09", 1, -CLOSE_PROTOCOL},                             /* a ping in pieces */
        {"\x89\xFE", 2, -CLOSE_PROTOCOL},                         /* a long ping */
        {"\x81\xFE\x00\x7D\x01\x02\x03\x04", 8, -CLOSE_PROTOCOL}, /* 125 in two bytes */
        {"\x81\xFE\x00\x7E\x01\x02\x03\x04", 8, 8},
        {"\x81\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF\x01\x02\x03\x04", 14, -CLOSE_PROTOCOL},
        {"\x81\xFF\x00\x00\x00\x00\x00\x01\x00\x00\x01\x02\x03\x04", 14, 14},
        {"\x81\xFF\x80\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04", 14, -CLOSE_PROTOCOL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct frame frame;
        assert_int_equal(frame_read((const uint8_t *)CASES[i].bytes, CASES[i].size, &frame), CASES[i].rc);
    }
    struct frame frame = {.mask = {1, 2, 3, 4}};
    char out[23];
    uint8_t in[23];
    for (size_t i = 0; i < sizeof in; i++) {
        in[i] = (uint8_t)(('a' + (int)i) ^ (int)(i % 4 + 1));
    }
    frame_unmask(&frame, in, sizeof in, out);
    assert_memory_equal(out, "abcdefghijklmnopqrstuvw", sizeof out);
    uint8_t header[FRAME_HEADER_MAX];
    assert_int_equal(frame_write(FRAME_TEXT, 125, header), 2);
    assert_int_equal(frame_write(FRAME_TEXT, 126, header), 4);
    assert_int_equal(frame_write(FRAME_TEXT, 65535, header), 4);
    assert_int_equal(frame_write(FRAME_TEXT, 65536, header), 10);
    assert_memory_equal(header, "\x81\x7F\0\0\0\0\0\x01\0\0", 10);
}

static void test_close_codes(void **state) {
    (void)state;
    assert_int_equal(frame_close_answer("", 0), 1000);
    assert_int_equal(frame_close_answer("\x03", 1), 1002);
    assert_int_equal(frame_close_answer("\x03\xE8ok", 4), 1000);
    assert_int_equal(frame_close_answer("\x03\xE8\xFF", 3), 1007);
    assert_int_equal(frame_close_answer("\x03\xED", 2), 1002); /* 1005 never travels */
    assert_int_equal(frame_close_answer("\x0F\xA0", 2), 4000);
    assert_int_equal(frame_close_answer("\x13\x88", 2), 1002); /* 5000 */
}

static void test_accept(void **state) {
    (void)state;
    char accept[HANDSHAKE_ACCEPT_MAX];
    assert_int_equal(handshake_accept("dGhlIHNhbXBsZSBub25jZQ==", accept), 0);
    assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); /* RFC 6455, 1.3 */
}

static void test_origins(void **state) {
    (void)state;
    static const char *const LIST[] = {"https://example.org", "http://localhost:3000"};
    static const char *const BROKEN[] = {"https://example.org", "example.org"}, *const PATH[] = {
                                                                                    "https://a/"};
    static const char *const OPEN[] = {"*"};
    struct origin_list list = {0};
    assert_int_equal(origins_set(&list, LIST, 2), 0);
    static const struct {
        const char *origin;
        int allowed;
    } CASES[] = {{NULL, 1},
                 {"https://example.org", 1},
                 {"https://EXAMPLE.org", 1},
                 {"http://localhost:3000", 1},
                 {"http://localhost:3001", 0},
                 {"http://localhost", 0},
                 {"http://example.org", 0},
                 {"https://example.org:8443", 0},
                 {"https://example.org.evil.example", 0},
                 {"https://evil-example.org", 0},
                 {"https://example.org, https://example.org", 0},
                 {"null", 0},
                 {"", 0}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_int_equal(origins_allow(&list, CASES[i].origin), CASES[i].allowed);
    }
    assert_int_equal(origins_set(&list, BROKEN, 2), 2); /* and the old list stays */
    assert_int_equal(origins_set(&list, PATH, 1), 1);
    assert_int_equal(origins_allow(&list, "https://example.org"), 1);
    assert_int_equal(origins_set(&list, OPEN, 1), 0);
    assert_int_equal(origins_allow(&list, "https://anybody.example"), 1);
    assert_int_equal(origins_allow(&list, "null"), 0);
    origins_close(&list);
}

static void test_own_origins(void **state) {
    (void)state;
    static const char *const SELF[] = {"self"}, *const OTHER[] = {"https://example.org"};
    static const struct {
        const char *origin, *host;
        int allowed;
    } CASES[] = {{"http://192.168.1.5:8080", "192.168.1.5:8080", 1},
                 {"http://192.168.1.5", "192.168.1.5", 1},
                 {"http://[fe80::1]:8080", "[fe80::1]:8080", 1},
                 {"http://laptop:8080", "laptop:8080", 1},
                 {"http://Laptop.local:8080", "laptop.local:8080", 1},
                 {"http://192.168.1.5:8081", "192.168.1.5:8080", 0},
                 {"http://192.168.1.6:8080", "192.168.1.5:8080", 0},
                 {"http://evil.example:8080", "evil.example:8080", 0}, /* a name made to point here */
                 {"http://local:8080@evil.example", "local:8080@evil.example", 0},
                 {"http://192.168.1.5.evil.example", "192.168.1.5.evil.example", 0},
                 {"http://evil.example:1.local", "evil.example:1.local", 0},
                 {"null", "null", 0},
                 {NULL, "192.168.1.5", 0},
                 {"http://192.168.1.5", NULL, 0}};
    struct origin_list list = {0};
    assert_int_equal(origins_set(&list, SELF, 1), 0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_int_equal(origins_own(&list, CASES[i].origin, CASES[i].host), CASES[i].allowed);
        assert_int_equal(CASES[i].origin != NULL && origins_allow(&list, CASES[i].origin), 0);
    }
    assert_int_equal(origins_set(&list, OTHER, 1), 0);
    assert_int_equal(origins_own(&list, CASES[0].origin, CASES[0].host), 0);
    origins_close(&list);
}

static struct net_options plain_options(void) {
    struct net_options options = {.listen = "127.0.0.1:0", .protocol = "pandu.v1", .path = "/ws"};
    return options;
}

static void test_open_refuses(void **state) {
    (void)state;
    static const struct net_handlers handlers;
    static const char *const WRONG_ORIGIN[] = {"example.org"}, *const WRONG_PROXY[] = {"10.0.0.0/99"};
    struct net_options cases[7];
    static const int CODES[7] = {ERR_SYNTAX,    ERR_SYNTAX, ERR_SYNTAX, ERR_SYNTAX,
                                 ERR_NOT_FOUND, ERR_SYNTAX, ERR_IO};
    for (size_t i = 0; i < 7; i++) {
        cases[i] = plain_options();
    }
    cases[0].listen = "localhost";
    cases[1].origins = WRONG_ORIGIN;
    cases[1].origin_count = 1;
    cases[2].trusted_proxies = WRONG_PROXY;
    cases[2].proxy_count = 1;
    cases[3].certificate = "cert.pem"; /* and no key */
    cases[4].certificate = cases[4].key = "/nonexistent/pem";
    cases[5].certificate = cases[5].key = PANDU_SOURCE "/CMakeLists.txt";
    cases[6].listen = "203.0.113.1:80";
    for (size_t i = 0; i < 7; i++) {
        struct err err = {0};
        assert_null(net_open(&cases[i], &handlers, NULL, &err));
        assert_int_equal(err.code, CODES[i]);
    }
}

static void count_wake(void *context) {
    int *wakes = context;
    (*wakes)++;
}

struct watched {
    struct net *net;
    int ends[2], reads;
};

static void read_one(void *context) {
    struct watched *watched = context;
    char byte;
    if (read(watched->ends[0], &byte, 1) == 1 && ++watched->reads == 3) {
        net_stop(watched->net);
    }
}

static void test_watch(void **state) {
    (void)state;
    struct watched watched = {0};
    struct net_handlers handlers = {.context = &watched, .readable = read_one};
    struct net_options options = plain_options();
    struct err err = {0};
    assert_int_equal(pipe(watched.ends), 0);
    watched.net = net_open(&options, &handlers, NULL, &err);
    assert_non_null(watched.net);
    assert_int_equal(net_watch(watched.net, watched.ends[0]), 0);
    assert_int_equal(net_watch(watched.net, watched.ends[0]), -1); /* one is enough */
    assert_int_equal(write(watched.ends[1], "abc", 3), 3);
    assert_int_equal(net_run(watched.net, 100), 0);
    assert_int_equal(watched.reads, 3);
    assert_int_equal(net_reload_certificate(watched.net, &err), ERR_NOT_FOUND); /* there is no TLS */
    err_clear(&err);
    assert_int_equal(net_static(watched.net, "x/", ".", 0, &err), ERR_SYNTAX);
    err_clear(&err);
    assert_int_equal(net_static(watched.net, "/one.js", "no-such-file.js", 0, &err), ERR_IO);
    net_free(watched.net);
    (void)close(watched.ends[0]);
    (void)close(watched.ends[1]);
}

static void test_stop_and_port(void **state) {
    (void)state;
    int wakes = 0;
    struct net_handlers handlers = {.context = &wakes, .woken = count_wake};
    struct net_options options = plain_options();
    struct err err = {0};
    struct net *net = net_open(&options, &handlers, NULL, &err);
    assert_non_null(net);
    assert_in_range(net_port(net), 1, 65535);
    char taken[64];
    (void)snprintf(taken, sizeof taken, "127.0.0.1:%d", net_port(net));
    options.listen = taken;
    assert_null(net_open(&options, &handlers, NULL, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.text, "in use"));
    assert_int_equal(net_send(net, 4711, "x", 1), -1); /* nobody */
    net_close(net, 0, 1000, NULL);
    net_wake(net);
    net_stop(net);
    assert_int_equal(net_run(net, 100), 0);
    assert_int_equal(wakes, 1);
    net_free(net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),    cmocka_unit_test(test_networks),
        cmocka_unit_test(test_forwarded),    cmocka_unit_test(test_listen),
        cmocka_unit_test(test_heads),        cmocka_unit_test(test_head_limits),
        cmocka_unit_test(test_paths),        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_close_codes),  cmocka_unit_test(test_accept),
        cmocka_unit_test(test_origins),      cmocka_unit_test(test_own_origins),
        cmocka_unit_test(test_open_refuses), cmocka_unit_test(test_stop_and_port),
        cmocka_unit_test(test_watch)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
