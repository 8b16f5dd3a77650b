/* WebSocket frames (RFC 6455, 5.2): their header, the mask, close codes. Pure; part of net. */
#ifndef PANDU_NET_FRAME_H
#define PANDU_NET_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum frame_opcode {
    FRAME_CONTINUATION = 0,
    FRAME_TEXT = 1,
    FRAME_BINARY = 2,
    FRAME_CLOSE = 8,
    FRAME_PING = 9,
    FRAME_PONG = 10
};

enum { FRAME_HEADER_MAX = 10, FRAME_CONTROL_MAX = 125 }; /* a header we send; a control frame's payload */

enum frame_close {
    CLOSE_NORMAL = 1000,
    CLOSE_GOING_AWAY = 1001,
    CLOSE_PROTOCOL = 1002,
    CLOSE_TYPE = 1003,
    CLOSE_TEXT = 1007,
    CLOSE_POLICY = 1008,
    CLOSE_TOO_BIG = 1009,
    CLOSE_RESTART = 1012,
    CLOSE_LATER = 1013
};

struct frame {
    int opcode, is_final;
    uint64_t length; /* of the payload */
    uint8_t mask[4];
};

/* Reads a client's frame header. Its length; 0 when more bytes are needed; minus a close code for what RFC
   6455 forbids: no mask, reserved bits and opcodes, a length not in its shortest form, a long or split
   control frame. */
int frame_read(const uint8_t *bytes, size_t length, struct frame *out);

/* out may be bytes. */
void frame_unmask(const struct frame *frame, const uint8_t *bytes, size_t length, char *out);

/* Writes a server's header (final, no mask) for length bytes of payload. Its length. */
size_t frame_write(int opcode, size_t length, uint8_t out[FRAME_HEADER_MAX]);

/* What to answer to the payload of a close frame: the same code, 1000 for an empty one, 1002 for a broken
   one, 1007 for bad UTF-8. */
int frame_close_answer(const char *payload, size_t length);

#endif
