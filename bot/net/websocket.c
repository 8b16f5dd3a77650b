/* WebSocket messages: frames in, whole messages to the handlers, frames out. The cap of a message is checked
   on the header, before anything is kept. Called by connection.c, wheel.c and whoever sends. */
#include "net/net_parts.h"

#include <string.h>

#include "base/utf8.h"
#include "net/frame.h"

#include "banned.h"

/* How long one message may take, as long as silence may at most. */
static int message_ms(const struct net *net) {
    return net->timeout_ms < MESSAGE_MS ? net->timeout_ms : MESSAGE_MS;
}

/* When a connection is looked at next: silence, or a message that never ends. */
static void plan_look(struct connection *connection) {
    const struct net *net = connection->net;
    int64_t silence = connection->seen_ms + (connection->is_pinged ? net->timeout_ms : net->ping_ms);
    int64_t message = connection->started_ms != 0 ? connection->started_ms + message_ms(net) : silence;
    wheel_set(connection, message < silence ? message : silence);
}

void websocket_start(struct connection *connection) {
    connection->state = STATE_OPEN;
    connection->started_ms = 0;
    plan_look(connection);
}

void websocket_close(struct connection *connection, int code, const char *reason) {
    char payload[FRAME_CONTROL_MAX];
    size_t length = reason != NULL ? u8_cut(reason, strlen(reason), sizeof payload - 2) : 0;
    if (connection->state != STATE_OPEN) {
        return;
    }
    connection->state = STATE_CLOSING;
    payload[0] = (char)(code >> 8);
    payload[1] = (char)(code & 0xff);
    if (length > 0) {
        memcpy(payload + 2, reason, length);
    }
    queue_frame(connection, FRAME_CLOSE, payload, length + 2);
    wheel_set(connection, connection->net->now_ms + CLOSING_MS);
    buf_close(&connection->message);
}

/* The peer broke the rules: our close frame is the last it gets. */
static void fail(struct connection *connection, int code, const char *reason) {
    websocket_close(connection, code, reason);
    connection->is_cut = 1;
    connection->must_close = 1;
}

static void got_close(struct connection *connection, const char *payload, size_t length) {
    if (connection->state == STATE_OPEN) {
        websocket_close(connection, frame_close_answer(payload, length), NULL);
    }
    connection->must_close = 1;
}

static void got_control(struct connection *connection, const struct frame *frame, const uint8_t *bytes) {
    char payload[FRAME_CONTROL_MAX];
    size_t length = (size_t)frame->length; /* frame_read saw to it that it fits */
    frame_unmask(frame, bytes, length, payload);
    if (frame->opcode == FRAME_CLOSE) {
        got_close(connection, payload, length);
    } else if (frame->opcode == FRAME_PING && connection->state == STATE_OPEN) {
        /* Bounded: nothing is read from who does not take what was written before. */
        queue_frame(connection, FRAME_PONG, payload, length);
    }
}

static void deliver(struct connection *connection, const char *text, size_t length) {
    struct net *net = connection->net;
    connection->in_message = 0;
    if (!u8_valid(text, length)) {
        fail(connection, CLOSE_TEXT, "not UTF-8");
        return;
    }
    net->counts.messages_in++;
    if (net->handlers.received != NULL) {
        net->handlers.received(net->handlers.context, connection->id, text, length);
    }
}

/* Whether a data frame may come now and fits. 0, or a close code. */
static int data_problem(const struct connection *connection, const struct frame *frame) {
    if ((frame->opcode == FRAME_CONTINUATION) != (connection->in_message != 0)) {
        return CLOSE_PROTOCOL;
    }
    if (frame->opcode == FRAME_BINARY) {
        return CLOSE_TYPE;
    }
    return frame->length > NET_MESSAGE_MAX - connection->message.length ? CLOSE_TOO_BIG : 0;
}

static void got_data(struct connection *connection, const struct frame *frame, const uint8_t *bytes) {
    struct net *net = connection->net;
    size_t length = (size_t)frame->length;
    frame_unmask(frame, bytes, length, net->scratch);
    net->scratch[length] = '\0';
    if (frame->is_final && !connection->in_message) {
        deliver(connection, net->scratch, length);
        return;
    }
    connection->in_message = 1;
    if (buf_add(&connection->message, net->scratch, length) != 0) {
        work_drop(connection);
        return;
    }
    if (frame->is_final) {
        struct buf whole = connection->message;
        buf_init(&connection->message, NET_MESSAGE_MAX);
        deliver(connection, buf_text(&whole), whole.length);
        buf_close(&whole);
    }
}

/* A message or frame is being waited for: since when. */
static void note_start(struct connection *connection, size_t held) {
    if (held == 0 && !connection->in_message) {
        connection->started_ms = 0;
    } else if (connection->started_ms == 0) {
        connection->started_ms = connection->net->now_ms;
        plan_look(connection);
    }
}

/* One frame at most. 0: not all of it is here yet. */
static size_t take_frame(struct connection *connection, const uint8_t *bytes, size_t length) {
    struct frame frame;
    int header = frame_read(bytes, length, &frame);
    int problem = header < 0 ? -header : 0;
    if (header > 0 && frame.opcode < FRAME_CLOSE) {
        problem = data_problem(connection, &frame);
    }
    if (connection->state == STATE_CLOSING && problem != 0) {
        work_drop(connection); /* we said goodbye already and it talks nonsense */
        return length;
    }
    if (problem != 0) {
        fail(connection, problem, problem == CLOSE_TOO_BIG ? "message too long" : NULL);
        return length;
    }
    if (header == 0 || length - (size_t)header < frame.length) {
        return 0;
    }
    if (frame.opcode >= FRAME_CLOSE) {
        got_control(connection, &frame, bytes + header);
    } else if (connection->state == STATE_OPEN) {
        got_data(connection, &frame, bytes + header);
    }
    return (size_t)header + (size_t)frame.length;
}

size_t websocket_input(struct connection *connection, const uint8_t *bytes, size_t length) {
    size_t used = 0;
    while (used < length && !connection->paused && !connection->must_close && !connection->is_dropped) {
        size_t step = take_frame(connection, bytes + used, length - used);
        if (step == 0) {
            break;
        }
        used += step;
    }
    if (connection->state == STATE_OPEN) {
        note_start(connection, length - used);
    }
    return used;
}

void websocket_expired(struct connection *connection) {
    struct net *net = connection->net;
    int64_t silence = net->now_ms - connection->seen_ms;
    if (connection->paused) {
        connection->seen_ms = net->now_ms; /* we do not listen: its silence says nothing */
        connection->started_ms = 0;
    } else if (connection->started_ms != 0 && net->now_ms >= connection->started_ms + message_ms(net)) {
        net->counts.closed_silent++;
        fail(connection, CLOSE_POLICY, "message never finished");
        return;
    } else if (silence >= net->timeout_ms) {
        net->counts.closed_silent++;
        work_drop(connection);
        return;
    } else if (silence >= net->ping_ms && !connection->is_pinged) {
        connection->is_pinged = 1;
        queue_frame(connection, FRAME_PING, NULL, 0);
    }
    plan_look(connection);
}

int net_send(struct net *net, net_id id, const char *text, size_t length) {
    struct connection *connection = connection_find(net, id);
    if (connection == NULL || connection->state != STATE_OPEN) {
        return -1;
    }
    if (queue_length(connection) + length > NET_QUEUE_MAX) {
        net->counts.closed_slow++;
        websocket_close(connection, CLOSE_LATER, "not reading");
        return -1;
    }
    if (queue_frame(connection, FRAME_TEXT, text, length) != 0) {
        return -1;
    }
    net->counts.messages_out++;
    connection->has_sent = 1;
    return 0;
}

/* Whoever sends page by page goes on now. */
void websocket_written(struct connection *connection) {
    struct net *net = connection->net;
    if (connection->has_sent && connection->state == STATE_OPEN) {
        connection->has_sent = 0;
        if (net->handlers.drained != NULL) {
            net->handlers.drained(net->handlers.context, connection->id);
        }
    }
}

void net_pause(struct net *net, net_id id, int paused) {
    struct connection *connection = connection_find(net, id);
    if (connection == NULL || connection->state != STATE_OPEN || connection->paused == (paused != 0)) {
        return;
    }
    connection->paused = paused != 0;
    connection->seen_ms = net->now_ms;
    work_add(connection);
}

void net_close(struct net *net, net_id id, int code, const char *reason) {
    struct connection *connection = connection_find(net, id);
    if (connection != NULL) {
        connection->paused = 0;
        websocket_close(connection, code, reason);
    }
}
