/* Fuzzes what reads bytes of strangers before anything is checked: request heads, paths, frames, close
   payloads, addresses and forwarding lists. Never opens a socket; a broken invariant aborts. Run by the fuzz
   label. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "net/address.h"
#include "net/frame.h"
#include "net/handshake.h"
#include "net/request.h"
#include "fuzz/demand.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_path(const char *target) {
    char path[REQUEST_TARGET_MAX + 1];
    const char *query;
    if (strlen(target) <= REQUEST_TARGET_MAX && request_path(target, path, &query) == 0) {
        DEMAND(path[0] == '/' && strlen(path) <= strlen(target) && u8_valid(path, strlen(path)));
        DEMAND(strstr(path, "/../") == NULL && strchr(path, '\\') == NULL && strchr(path, '\n') == NULL);
    }
}

static void try_request(const char *bytes, size_t size) {
    static const struct origin_list nobody;
    struct request_head head;
    long found = request_find(bytes, size);
    DEMAND(found <= (long)size && found <= REQUEST_HEAD_MAX);
    if (found <= 0) {
        return;
    }
    for (size_t i = 0; i < (size_t)found; i++) {
        DEMAND(request_find(bytes, i) == 0);
    }
    char *copy = malloc((size_t)found + 1);
    DEMAND(copy != NULL);
    memcpy(copy, bytes, (size_t)found);
    copy[found] = '\0';
    if (request_parse(copy, (size_t)found, &head) == 0) {
        size_t body = 0;
        int status = request_framing(&head, 65536, &body);
        DEMAND(status != 0 || body <= 65536);
        DEMAND(status != 0 || request_count(&head, "transfer-encoding") == 0);
        DEMAND(head.count <= REQUEST_HEADERS_MAX && head.target[0] == '/');
        (void)request_lists(&head, "connection", "upgrade");
        if (handshake_check(&head, "pandu.v1", &nobody) == 101) {
            DEMAND(request_count(&head, "origin") == 0);
        }
        try_path(head.target);
    }
    free(copy);
}

/* Whether a frame is read does not depend on how much else is there. */
static void try_frame(const uint8_t *data, size_t size) {
    struct frame frame, again;
    int rc = frame_read(data, size, &frame);
    DEMAND(rc == 0 || (rc >= 6 && rc <= 14) || rc == -CLOSE_PROTOCOL);
    for (size_t i = 0; i < size && i < 16; i++) {
        int part = frame_read(data, i, &again);
        DEMAND(part == 0 || part == rc);
    }
    if (rc > 0 && size - (size_t)rc >= frame.length) {
        size_t length = (size_t)frame.length;
        char *out = malloc(length + 1);
        DEMAND(out != NULL);
        frame_unmask(&frame, data + rc, length, out);
        for (size_t i = 0; i < length; i++) {
            DEMAND((uint8_t)out[i] == (data[(size_t)rc + i] ^ frame.mask[i % 4]));
        }
        int code = frame_close_answer(out, length);
        DEMAND(code >= 1000 && code <= 4999 && code != 1005 && code != 1006 && code != 1015);
        free(out);
    }
}

static void try_addresses(const char *text) {
    struct address address;
    struct network network;
    uint16_t port;
    char shown[NET_ADDRESS_MAX], again[NET_ADDRESS_MAX];
    if (address_parse(text, strlen(text), &address) == 0) {
        struct address back;
        address_text(&address, shown);
        DEMAND(address_parse(shown, strlen(shown), &back) == 0);
        address_text(&back, again);
        DEMAND(strcmp(shown, again) == 0);
    }
    if (network_parse(text, &network) == 0) {
        DEMAND(network.bits <= 128 && network_holds(&network, 1, &network.base));
        address = network.base;
        address_forwarded(text, &network, 1, &address);
    }
    (void)address_listen(text, &address, &port);
    DEMAND(address_parse("127.0.0.1", 9, &address) == 0 && network_parse("127.0.0.0/8", &network) == 0);
    address_forwarded(text, &network, 1, &address);
    address_text(&address, shown);
    DEMAND(shown[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    DEMAND(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    try_request(text, size);
    try_frame(data, size);
    try_path(text);
    try_addresses(text);
    free(text);
    return 0;
}
