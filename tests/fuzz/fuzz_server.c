/* Visitors who do anything in any order, on a network, store and clock of the tests: whatever happens, the
   numbers of a connection's events follow each other, every message is answered once, an id is acknowledged
   with one number only, and nothing is acknowledged that is not stored. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit/app/served.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CLIENTS = 6, IDS = 12, STEPS = 400, TOKEN = 23 };

struct client {
    net_id id;            /* 0: not connected */
    int conversation;     /* index of the token it has, or -1 */
    uint64_t seen;        /* highest number of an event */
    unsigned said, heard; /* messages with an id, and their answers */
    int is_strange;       /* said any bytes: who knows what was answered */
};
struct conversation {
    char token[TOKEN];
    uint64_t acknowledged[IDS];
    int is_erased; /* numbers are missing from then on */
};
struct world {
    struct serving *serving;
    struct client clients[CLIENTS];
    struct conversation conversations[64];
    int conversation_count;
};

static void must(int holds) {
    if (!holds) {
        abort();
    }
}

static void say(struct world *world, struct client *client, const char *text, size_t length) {
    char line[NET_MESSAGE_MAX + 1];
    struct fake_connection *connection = fake_at(world->serving->net, client->id);
    if (connection == NULL || !connection->is_open || connection->is_paused) {
        return;
    }
    memcpy(line, text, length);
    line[length] = '\0';
    world->serving->net->handlers.received(world->serving->server, client->id, line, length);
}

/* ---- what the clients hear ---- */

static void hear_welcome(struct world *world, struct client *client, const struct value *value) {
    const char *token = value_get_text(value, "conv");
    uint64_t next = (uint64_t)value_int(value_get(value, "next"), 0);
    must(next > 0);
    if (token != NULL) {
        must(strlen(token) == TOKEN - 1 && !value_bool(value_get(value, "resume"), 1));
        client->conversation = world->conversation_count < 64 ? world->conversation_count++ : -1;
        client->seen = 0;
        if (client->conversation >= 0) {
            memcpy(world->conversations[client->conversation].token, token, TOKEN);
        }
    } else if (client->seen >= next) {
        client->seen = next - 1; /* it was ahead of the store */
    }
}

static void hear_ack(struct world *world, struct client *client, const struct value *value) {
    uint64_t seq = (uint64_t)value_int(value_get(value, "seq"), 0);
    client->heard++;
    must(seq > 0);
    client->seen += seq == client->seen + 1; /* its own words are not sent back to it */
    for (int i = 0; i < IDS && client->conversation >= 0; i++) {
        struct conversation *conversation = &world->conversations[client->conversation];
        char id[8];
        (void)snprintf(id, sizeof id, "m%d", i);
        if (strcmp(value_get_text(value, "id"), id) == 0 && !conversation->is_erased) {
            must(conversation->acknowledged[i] == 0 || conversation->acknowledged[i] == seq);
            conversation->acknowledged[i] = seq;
        }
    }
}

static void hear_event(struct world *world, struct client *client, const struct value *value) {
    uint64_t seq = (uint64_t)value_int(value_get(value, "seq"), 0);
    const char *what = value_get_text(value, "what");
    int has_gaps = client->conversation < 0 || world->conversations[client->conversation].is_erased;
    if (what != NULL && strcmp(what, "erased") == 0 && client->conversation >= 0) {
        world->conversations[client->conversation].is_erased = has_gaps = 1;
    }
    must(seq > 0 && (seq <= client->seen + 1 || has_gaps));
    client->seen = seq > client->seen ? seq : client->seen;
}

static void hear(struct world *world, struct client *client) {
    const char *line;
    while (client->id != 0 && (line = fake_read(world->serving->net, client->id))[0] != '\0') {
        struct value *value = value_parse(line, strlen(line), NULL);
        const char *type = value_get_text(value, "type");
        must(type != NULL);
        if (strcmp(type, "welcome") == 0) {
            hear_welcome(world, client, value);
        } else if (strcmp(type, "ack") == 0) {
            hear_ack(world, client, value);
        } else if (strcmp(type, "event") == 0) {
            hear_event(world, client, value);
        } else if (strcmp(type, "nak") == 0) {
            client->heard += value_get(value, "id") != NULL;
        }
        value_free(value);
    }
}

static void hear_all(struct world *world) {
    for (int i = 0; i < CLIENTS; i++) {
        hear(world, &world->clients[i]);
    }
}

/* ---- what they do ---- */

static void connect_or_leave(struct world *world, struct client *client) {
    struct net *net = world->serving->net;
    if (client->id != 0) {
        fake_hang_up(net, client->id);
        client->id = 0;
    } else if (net->count < FAKE_CONNECTIONS) {
        client->id = fake_connect(net);
        client->said = client->heard = 0;
        client->is_strange = 0;
    }
}

static void hello(struct world *world, struct client *client, uint8_t choice) {
    char line[256];
    int known = world->conversation_count > 0 ? choice % world->conversation_count : -1;
    struct fake_connection *connection = fake_at(world->serving->net, client->id);
    if (connection == NULL || connection->sent_count > 0) {
        return;
    }
    if (known < 0 || choice >= 0xF0) {
        (void)snprintf(line, sizeof line, "{\"type\":\"hello\",\"v\":1,\"client\":\"c\"}");
        client->seen = 0;
    } else {
        client->seen = client->conversation == known ? client->seen : 0;
        client->conversation = known;
        (void)snprintf(line, sizeof line,
                       "{\"type\":\"hello\",\"v\":1,\"client\":\"c\",\"conv\":\"%s\",\"last\":%llu}",
                       world->conversations[known].token, (unsigned long long)client->seen);
    }
    say(world, client, line, strlen(line));
}

static void message(struct world *world, struct client *client, uint8_t id, uint8_t text) {
    char line[256];
    struct fake_connection *connection = fake_at(world->serving->net, client->id);
    if (connection == NULL || !connection->is_open || connection->is_paused) {
        return;
    }
    (void)snprintf(line, sizeof line, "{\"type\":\"msg\",\"id\":\"m%d\",\"text\":\"%s\"}", id % IDS,
                   text < 8 ? "delete" : "halo");
    client->said++;
    if (text < 8 && client->conversation >= 0) {
        world->conversations[client->conversation].is_erased = 1; /* or will be */
    }
    say(world, client, line, strlen(line));
}

static void take_data(struct world *world, struct client *client, const uint8_t **data, size_t *size) {
    size_t length = *size > 0 ? (*data)[0] : 0;
    length = length < *size ? length : *size;
    client->is_strange = 1;
    say(world, client, (const char *)*data, length);
    *data += length;
    *size -= length;
}

static void pass_time(struct world *world, uint8_t minutes, int back) {
    serving_clock += (back ? -1 : 1) * (int64_t)minutes * 60 * 1000 * (minutes > 200 ? 1000 : 1);
    for (int i = 0; minutes > 200 && i < world->conversation_count; i++) {
        world->conversations[i].is_erased = 1; /* beyond the retention */
    }
    world->serving->net->handlers.tick(world->serving->server, clock_steady_ms() + minutes);
}

static void trouble(struct world *world, uint8_t kind) {
    struct serving_store *store = &world->serving->store;
    store->is_sick = kind % 5 == 1;
    store->loses_answers = kind % 5 == 2;
    store->fails_reads = kind % 5 == 3;
    store->has_descriptor = kind % 5 == 4;
    if (kind % 5 == 0) {
        serving_settle(world->serving);
    }
}

static void step(struct world *world, const uint8_t **data, size_t *size) {
    uint8_t op = (*data)[0], one = (*data)[1], two = (*data)[2];
    struct client *client = &world->clients[op / 16 % CLIENTS];
    *data += 3;
    *size -= 3;
    switch (op % 16) {
    case 0: connect_or_leave(world, client); break;
    case 1:
    case 2: hello(world, client, one); break;
    case 3: trouble(world, one); break;
    case 4: pass_time(world, one, two % 4 == 0); break;
    case 5: take_data(world, client, data, size); break;
    case 6:
    case 7:
        if (fake_at(world->serving->net, client->id) != NULL) {
            fake_drain(world->serving->net, client->id);
        }
        break;
    case 8: serving_settle(world->serving); break;
    default: message(world, client, one, two); break;
    }
    hear_all(world);
}

/* With a store that works again and time to answer, nobody waits any more. */
static void must_be_settled(struct world *world) {
    trouble(world, 0);
    for (int i = 0; i < 8; i++) {
        serving_settle(world->serving);
        world->serving->net->handlers.tick(world->serving->server, clock_steady_ms());
        hear_all(world);
    }
    must(app_pending(world->serving->server->app) == 0 && world->serving->server->reads == 0);
    for (int i = 0; i < CLIENTS; i++) {
        const struct fake_connection *connection = fake_at(world->serving->net, world->clients[i].id);
        if (connection != NULL && connection->is_open && !world->clients[i].is_strange) {
            must(world->clients[i].said == world->clients[i].heard);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    void *state = NULL;
    struct world *world = calloc(1, sizeof *world);
    must(world != NULL && serving_start(&state) == 0);
    world->serving = state;
    for (int i = 0; i < CLIENTS; i++) {
        world->clients[i].conversation = -1;
    }
    for (int i = 0; i < STEPS && size >= 3; i++) {
        step(world, &data, &size);
    }
    must_be_settled(world);
    free(world);
    return serving_end(&state);
}
