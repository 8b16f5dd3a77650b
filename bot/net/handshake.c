/* The opening handshake: who may, and how the answer is proved. Sends nothing. Called by upgrade.c. */
#include "net/handshake.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "net/request.h"

#include "banned.h"

static int origin_is_good(const char *origin) {
    const char *host = strstr(origin, "://");
    return host != NULL && host != origin && host[3] != '\0' && strpbrk(host + 3, "/?#@ ,") == NULL;
}

void origins_close(struct origin_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->origins[i]);
    }
    free(list->origins);
    memset(list, 0, sizeof *list);
}

int origins_set(struct origin_list *list, const char *const *origins, size_t count) {
    struct origin_list fresh = {calloc(count + 1, sizeof *fresh.origins), 0, 0, 0};
    int rc = fresh.origins == NULL ? -1 : 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (strcmp(origins[i], "*") == 0) {
            fresh.is_open = 1;
        } else if (strcmp(origins[i], "self") == 0) {
            fresh.is_self = 1;
        } else if (!origin_is_good(origins[i])) {
            rc = (int)i + 1;
        } else if ((fresh.origins[fresh.count] = strdup(origins[i])) == NULL) {
            rc = -1;
        } else {
            fresh.count++;
        }
    }
    if (rc != 0) {
        origins_close(&fresh);
        return rc;
    }
    origins_close(list);
    *list = fresh;
    return 0;
}

int origins_allow(const struct origin_list *list, const char *origin) {
    if (origin == NULL) {
        return 1;
    }
    if (!origin_is_good(origin)) {
        return 0; /* "null" is none either */
    }
    for (size_t i = 0; i < list->count; i++) {
        if (request_equal(list->origins[i], origin)) {
            return 1;
        }
    }
    return list->is_open;
}

/* base64 of 16 bytes: 22 letters and "==". */
static int key_is_good(const char *key) {
    return key != NULL && strlen(key) == 24 &&
           strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") == 22 &&
           strcmp(key + 22, "==") == 0;
}

/* Subprotocols are compared exactly (RFC 6455, 11.3.4), so request_lists is not for them. */
static int offers(const struct request_head *head, const char *protocol) {
    size_t wanted = strlen(protocol);
    for (size_t i = 0; i < head->count; i++) {
        const char *at =
            strcmp(head->headers[i].name, "sec-websocket-protocol") == 0 ? head->headers[i].value : "";
        while (*at != '\0') {
            at += strspn(at, ", \t");
            size_t length = strcspn(at, ", \t");
            if (length == wanted && strncmp(at, protocol, wanted) == 0) {
                return 1;
            }
            at += length;
        }
    }
    return 0;
}

/* "192.168.1.5:8080", "[fe80::1]", "laptop:8080", "laptop.local" */
static int is_local(const char *host) {
    size_t length = strcspn(host, ":");
    return host[0] == '[' || (length > 0 && strspn(host, "0123456789.") >= length) ||
           memchr(host, '.', length) == NULL ||
           (length > 6 && strncasecmp(host + length - 6, ".local", 6) == 0);
}

int origins_own(const struct origin_list *list, const char *origin, const char *host) {
    if (!list->is_self || host == NULL || origin == NULL || !origin_is_good(origin)) {
        return 0;
    }
    return request_equal(strstr(origin, "://") + 3, host) && is_local(host);
}

int handshake_check(const struct request_head *head, const char *protocol, const struct origin_list *list) {
    if (strcmp(head->method, "GET") != 0) {
        return 405;
    }
    if (head->minor == 0 || request_count(head, "host") != 1 ||
        !request_lists(head, "connection", "upgrade")) {
        return 400;
    }
    const char *version = request_header(head, "sec-websocket-version");
    if (version == NULL || strcmp(version, "13") != 0) {
        return 426;
    }
    if (!key_is_good(request_header(head, "sec-websocket-key")) || !offers(head, protocol)) {
        return 400;
    }
    size_t origins = request_count(head, "origin");
    const char *origin = request_header(head, "origin");
    return origins <= 1 &&
                   (origins_allow(list, origin) || origins_own(list, origin, request_header(head, "host")))
               ? 101
               : 403;
}

int handshake_accept(const char *key, char out[HANDSHAKE_ACCEPT_MAX]) {
    unsigned char digest[20];
    struct buf text;
    buf_init(&text, 256);
    buf_add_text(&text, key);
    buf_add_text(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"); /* RFC 6455, 1.3 */
    int rc = -1;
    if (!text.failed && lws_SHA1((const unsigned char *)text.data, text.length, digest) != NULL &&
        lws_b64_encode_string((const char *)digest, sizeof digest, out, HANDSHAKE_ACCEPT_MAX) > 0) {
        rc = 0;
    }
    buf_close(&text);
    return rc;
}
