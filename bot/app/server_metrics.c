/* Figures for operators in Prometheus' text form (version 0.0.4). Labels are fixed words: never a name, an
   address or a text. Called by server_turn.c and server_http.c. */
#include "app/server_parts.h"
#include "domain/content/content.h"

#include "banned.h"

/* Upper bounds in milliseconds; the last bucket has none. */
static const int64_t bounds[SERVER_LATENCY_BUCKETS] = {1, 2, 5, 10, 20, 50, 100, 250, 1000, 5000};

void server_count_turn(struct server *server, enum app_status status, int64_t latency_ms) {
    size_t bucket = 0;
    while (bucket < SERVER_LATENCY_BUCKETS && latency_ms > bounds[bucket]) {
        bucket++;
    }
    server->counts.turns[status]++;
    server->counts.latency[bucket]++;
    server->counts.latency_sum_ms += latency_ms > 0 ? (uint64_t)latency_ms : 0;
}

static void put_head(struct buf *out, const char *name, const char *type, const char *help) {
    (void)buf_add_format(out, "# HELP pandu_%s %s\n# TYPE pandu_%s %s\n", name, help, name, type);
}

static void put(struct buf *out, const char *name, const char *type, const char *help, uint64_t value) {
    put_head(out, name, type, help);
    (void)buf_add_format(out, "pandu_%s %llu\n", name, (unsigned long long)value);
}

static void put_labelled(struct buf *out, const char *name, const char *label, const char *const *words,
                         const uint64_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        (void)buf_add_format(out, "pandu_%s{%s=\"%s\"} %llu\n", name, label, words[i],
                             (unsigned long long)values[i]);
    }
}

static void put_turns(struct buf *out, const struct server_counts *counts) {
    static const char *const results[] = {"ok", "duplicate", "conflict", "storage"};
    static const char *const codes[] = {"rate", "busy",   "storage", "too_big", "conflict",
                                        "bad",  "denied", "gone",    "version", "unsupported"};
    _Static_assert(sizeof results / sizeof *results == APP_STORAGE + 1, "one word a status");
    _Static_assert(sizeof codes / sizeof *codes == WEBSOCKET_UNSUPPORTED + 1, "one word a code");
    put_head(out, "turns_total", "counter", "Messages that were answered, by result.");
    put_labelled(out, "turns_total", "result", results, counts->turns, APP_STORAGE + 1);
    put_head(out, "naks_total", "counter", "Messages that were refused, by code.");
    put_labelled(out, "naks_total", "code", codes, counts->naks, WEBSOCKET_UNSUPPORTED + 1);
}

static void put_latency(struct buf *out, const struct server_counts *counts) {
    uint64_t total = 0;
    put_head(out, "turn_seconds", "histogram", "From a message to its commit.");
    for (size_t i = 0; i < SERVER_LATENCY_BUCKETS; i++) {
        total += counts->latency[i];
        (void)buf_add_format(out, "pandu_turn_seconds_bucket{le=\"%g\"} %llu\n", (double)bounds[i] / 1000.0,
                             (unsigned long long)total);
    }
    total += counts->latency[SERVER_LATENCY_BUCKETS];
    (void)buf_add_format(out, "pandu_turn_seconds_bucket{le=\"+Inf\"} %llu\n", (unsigned long long)total);
    (void)buf_add_format(out, "pandu_turn_seconds_sum %.3f\npandu_turn_seconds_count %llu\n",
                         (double)counts->latency_sum_ms / 1000.0, (unsigned long long)total);
}

static void put_network(struct buf *out, const struct net_counts *net) {
    put(out, "connections_open", "gauge", "Open connections.", net->open);
    put(out, "queued_bytes", "gauge", "Bytes waiting to be written.", net->queued_bytes);
    put(out, "connections_accepted_total", "counter", "Connections taken.", net->accepted);
    put(out, "connections_refused_total", "counter", "Connections and requests sent away.", net->refused);
    put(out, "connections_slow_total", "counter", "Connections closed for a full queue.", net->closed_slow);
    put(out, "connections_silent_total", "counter", "Connections closed for silence.", net->closed_silent);
    put(out, "messages_in_total", "counter", "WebSocket messages received.", net->messages_in);
    put(out, "messages_out_total", "counter", "WebSocket messages sent.", net->messages_out);
    put(out, "bytes_in_total", "counter", "Bytes received.", net->bytes_in);
    put(out, "bytes_out_total", "counter", "Bytes sent.", net->bytes_out);
    put(out, "requests_total", "counter", "HTTP requests.", net->requests);
}

static void put_conversations(struct buf *out, const struct server_counts *counts) {
    put(out, "conversations_open", "gauge", "Conversations in memory.", counts->visitors);
    put(out, "hellos_fresh_total", "counter", "Visitors who came for the first time.", counts->hellos_fresh);
    put(out, "hellos_resumed_total", "counter", "Visitors who came back.", counts->hellos_resumed);
    put(out, "replayed_events_total", "counter", "Events sent again or late.", counts->replayed_events);
    put(out, "dropped_replies_total", "counter", "Answers whose connection was gone; they are stored.",
        counts->dropped_replies);
    put(out, "idle_total", "counter", "Conversations that fell silent.", counts->idle);
    put(out, "erased_total", "counter", "Conversations erased by request or age.", counts->erased);
    static const char *const answers[] = {"not_helped", "helped"};
    put_head(out, "ratings_total", "counter", "What visitors said at the end.");
    put_labelled(out, "ratings_total", "answer", answers, counts->ratings, 2);
    put(out, "exports_total", "counter", "Exports over HTTP.", counts->exports);
    put(out, "due_failures_total", "counter", "Due events that failed and stay due.", counts->due_failures);
    put(out, "reloads_total", "counter", "Contents taken over while running.", counts->reloads);
}

void server_metrics_print(const struct server *server, struct buf *out) {
    struct net_counts net;
    net_count(server->net, &net);
    put_turns(out, &server->counts);
    put_latency(out, &server->counts);
    put_conversations(out, &server->counts);
    put_network(out, &net);
    put(out, "store_healthy", "gauge", "1 while the last write succeeded.",
        (uint64_t)(server->store->ops->is_healthy(server->store) != 0));
    put_head(out, "content", "gauge", "The content in use, by its hash.");
    (void)buf_add_format(out, "pandu_content{hash=\"%016llx\"} 1\n",
                         (unsigned long long)(server->content != NULL ? server->content->hash : 0));
}
