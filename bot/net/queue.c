/* What waits to be written to one connection, and the only place that writes. Frames queued in one round of
   the loop leave in one system call. Never drops bytes: whoever adds looks at the length first. */
#include "net/net_parts.h"

#include <stdlib.h>
#include <string.h>

#include "net/frame.h"

#include "banned.h"

size_t queue_length(const struct connection *connection) {
    return connection->out_length + connection->rest_length;
}

/* Makes room for more bytes behind what waits. 0, or -1. */
static int make_room(struct connection *connection, size_t more) {
    size_t needed = LWS_PRE + connection->out_start + connection->out_length + more;
    if (needed <= connection->out_capacity) {
        return 0;
    }
    if (connection->out_start > 0) {
        memmove(connection->out + LWS_PRE, connection->out + LWS_PRE + connection->out_start,
                connection->out_length);
        needed -= connection->out_start;
        connection->out_start = 0;
    }
    size_t capacity = connection->out_capacity != 0 ? connection->out_capacity : OUT_FIRST;
    while (capacity < needed) {
        capacity *= 2;
    }
    if (capacity == connection->out_capacity) {
        return 0;
    }
    struct net *net = connection->net;
    int is_spare = connection->out == NULL && capacity == OUT_FIRST && net->spare_count > 0;
    unsigned char *grown = is_spare ? net->spares[--net->spare_count] : realloc(connection->out, capacity);
    if (grown == NULL) {
        return -1;
    }
    connection->out = grown;
    connection->out_capacity = capacity;
    return 0;
}

static void grew(struct connection *connection, size_t length) {
    connection->out_length += length;
    connection->net->counts.queued_bytes += length;
    work_add(connection);
}

int queue_add(struct connection *connection, const void *bytes, size_t length) {
    if (make_room(connection, length) != 0) {
        work_drop(connection);
        return -1;
    }
    if (length > 0) {
        memcpy(connection->out + LWS_PRE + connection->out_start + connection->out_length, bytes, length);
    }
    grew(connection, length);
    return 0;
}

int queue_frame(struct connection *connection, int opcode, const void *payload, size_t length) {
    if (make_room(connection, FRAME_HEADER_MAX + length) != 0) {
        work_drop(connection);
        return -1;
    }
    uint8_t *at = connection->out + LWS_PRE + connection->out_start + connection->out_length;
    size_t size = frame_write(opcode, length, at);
    if (length > 0) {
        memcpy(at + size, payload, length);
    }
    grew(connection, size + length);
    return 0;
}

/* An idle connection holds no buffer; the next one to write takes it. */
static void forget_empty(struct connection *connection) {
    struct net *net = connection->net;
    if (connection->out_capacity == OUT_FIRST && net->spare_count < OUT_SPARES) {
        net->spares[net->spare_count++] = connection->out;
    } else {
        free(connection->out);
    }
    connection->out = NULL;
    connection->out_start = connection->out_capacity = 0;
}

void queue_close(struct connection *connection) {
    connection->net->counts.queued_bytes -= connection->out_length;
    connection->out_length = 0;
    connection->rest_length = 0;
    forget_empty(connection);
    if (connection->set != NULL) {
        static_release(connection->set);
        connection->set = NULL;
    }
}

/* The next bytes to write: queued ones first, then a piece of the file. */
static size_t next_piece(struct connection *connection, unsigned char **bytes) {
    struct net *net = connection->net;
    if (connection->out_length > 0) {
        *bytes = connection->out + LWS_PRE + connection->out_start;
        return connection->out_length < WRITE_MAX ? connection->out_length : WRITE_MAX;
    }
    size_t length = connection->rest_length < WRITE_MAX ? connection->rest_length : WRITE_MAX;
    memcpy(net->chunk + LWS_PRE, connection->rest, length);
    *bytes = net->chunk + LWS_PRE;
    return length;
}

static void took(struct connection *connection, size_t length) {
    if (connection->out_length > 0) {
        connection->out_start += length;
        connection->out_length -= length;
        connection->net->counts.queued_bytes -= length;
    } else {
        connection->rest += length;
        connection->rest_length -= length;
    }
    connection->net->counts.bytes_out += length;
    if (connection->state == STATE_ANSWER) {
        connection->started_ms = connection->net->now_ms; /* it takes what we write */
    }
}

void queue_free_spares(struct net *net) {
    while (net->spare_count > 0) {
        free(net->spares[--net->spare_count]);
    }
}

int queue_flush(struct connection *connection) {
    while (queue_length(connection) > 0) {
        if (lws_partial_buffered(connection->wsi)) {
            return 0; /* the library writes its own remainder and then calls back */
        }
        unsigned char *bytes;
        size_t length = next_piece(connection, &bytes);
        if (lws_write(connection->wsi, bytes, length, LWS_WRITE_RAW) < 0) {
            return -1;
        }
        took(connection, length);
    }
    if (connection->out != NULL) {
        forget_empty(connection);
    }
    return 0;
}
