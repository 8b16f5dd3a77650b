/* Frames. Keeps no state and allocates nothing. Called by websocket.c and the fuzzer. */
#include "net/frame.h"

#include <string.h>

#include "base/utf8.h"

#include "banned.h"

static int is_known(int opcode) {
    return opcode <= FRAME_BINARY || (opcode >= FRAME_CLOSE && opcode <= FRAME_PONG);
}

/* The length field behind the first two bytes: size bytes, most significant first. */
static uint64_t read_length(const uint8_t *bytes, size_t size) {
    uint64_t length = 0;
    for (size_t i = 0; i < size; i++) {
        length = length << 8 | bytes[i];
    }
    return length;
}

int frame_read(const uint8_t *bytes, size_t length, struct frame *out) {
    if (length < 1) {
        return 0;
    }
    out->is_final = bytes[0] >> 7;
    out->opcode = bytes[0] & 0x0f;
    int is_control = out->opcode >= FRAME_CLOSE;
    if ((bytes[0] & 0x70) != 0 || !is_known(out->opcode) || (is_control && !out->is_final)) {
        return -CLOSE_PROTOCOL;
    }
    if (length < 2) {
        return 0;
    }
    unsigned first = bytes[1] & 0x7f;
    if ((bytes[1] & 0x80) == 0 || (is_control && first > FRAME_CONTROL_MAX)) {
        return -CLOSE_PROTOCOL;
    }
    size_t extra = first == 126 ? 2 : first == 127 ? 8 : 0;
    if (length < 2 + extra) {
        return 0;
    }
    out->length = extra == 0 ? first : read_length(bytes + 2, extra);
    if ((extra == 2 && out->length < 126) ||
        (extra == 8 && (out->length < 65536 || out->length >> 63 != 0))) {
        return -CLOSE_PROTOCOL;
    }
    if (length < 2 + extra + 4) {
        return 0;
    }
    memcpy(out->mask, bytes + 2 + extra, 4);
    return (int)(2 + extra + 4);
}

void frame_unmask(const struct frame *frame, const uint8_t *bytes, size_t length, char *out) {
    uint64_t mask;
    memcpy(&mask, frame->mask, 4);
    memcpy((uint8_t *)&mask + 4, frame->mask, 4);
    size_t at = 0;
    for (; at + 8 <= length; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        word ^= mask;
        memcpy(out + at, &word, 8);
    }
    for (; at < length; at++) {
        out[at] = (char)(bytes[at] ^ frame->mask[at & 3]);
    }
}

size_t frame_write(int opcode, size_t length, uint8_t out[FRAME_HEADER_MAX]) {
    out[0] = (uint8_t)(0x80 | opcode);
    if (length < 126) {
        out[1] = (uint8_t)length;
        return 2;
    }
    size_t size = length < 65536 ? 2 : 8;
    out[1] = size == 2 ? 126 : 127;
    for (size_t i = 0; i < size; i++) {
        out[2 + i] = (uint8_t)((uint64_t)length >> (8 * (size - 1 - i)));
    }
    return 2 + size;
}

/* Codes a peer may send (RFC 6455, 7.4, and the registry of IANA): 1004 to 1006 and 1015 never travel. */
static int is_sendable(int code) {
    return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999);
}

int frame_close_answer(const char *payload, size_t length) {
    if (length == 0) {
        return CLOSE_NORMAL;
    }
    if (length < 2) {
        return CLOSE_PROTOCOL;
    }
    int code = (uint8_t)payload[0] << 8 | (uint8_t)payload[1];
    if (!is_sendable(code)) {
        return CLOSE_PROTOCOL;
    }
    return u8_valid(payload + 2, length - 2) ? code : CLOSE_TEXT;
}
