/* The load generator of the server's benchmarks: thousands of WebSocket clients on one epoll loop, in steps
   named on the command line; every step prints one line of JSON. It knows nothing of the server but its
   address and its process id, for CPU and memory. One message of a client is under way at a time (closed
   loop).

     load PORT MODE SCRIPT PID STEP...
       MODE    pandu (pandu.v1), node (the peer bot's own messages) or echo
       SCRIPT  one message a line; what clients say beside the choices they are offered
       STEP    idle=N      N more connections that say nothing after their welcome
               slow=N      N more that drip a frame or never read, or drip a request's header
               talk=N      the idle ones each say N messages, 100 of them at a time
               active=N    N more that will talk
               run=S       those talk for S seconds
               erase=S,K   the same, and meanwhile the K-th stored conversation is erased
               return=N,M  N of M stored conversations come back, one after another
               first       one client, from connecting (again and again until the port is open) to its first
   answer Stored conversations and their tokens are made by fill.c. Used by tests/bench/run; prints what it
   cannot do and exits 1. */
#define _GNU_SOURCE /* memmem, IP_BIND_ADDRESS_NO_PORT */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "stored.h"

enum {
    CLIENTS_MAX = 20000,
    LINES_MAX = 4096,
    LINE_MAX_BYTES = 600,
    CHOICES = 6,
    PAYLOAD = 96,
    UNDER_WAY = 200,
    SOURCES = 64
};
enum mode { MODE_PANDU, MODE_NODE, MODE_ECHO };
enum state { CLOSED, CONNECTING, UPGRADING, GREETING, OPEN, WAITING };
enum role { IDLE, SLOW_FRAME, SLOW_READ, SLOW_HEADER, ACTIVE, RETURNING, ERASER };

struct client {
    int descriptor;
    enum state state;
    enum role role;
    unsigned number, turns;
    uint64_t chance, sent_ns, opened_ns;
    char *rest; /* of an unfinished frame or header */
    size_t rest_length;
    uint64_t next, last; /* sequence numbers: told by welcome, last seen */
    int choice_count;
    char choices[CHOICES][PAYLOAD], token[STORED_TOKEN_SIZE];
};

static struct {
    int port, epoll, running;
    enum mode mode;
    long pid;
    char *lines[LINES_MAX];
    size_t line_count;
    struct client clients[CLIENTS_MAX];
    size_t count, opening;
    uint32_t *latencies; /* of one run, microseconds */
    size_t latency_count, latency_room;
    uint64_t returned_us[2], erased_us;
    size_t refused, lost;
} load;

static void fail(const char *what) {
    (void)fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint32_t draw(struct client *client, uint32_t below) {
    client->chance = client->chance * 6364136223846793005u + 1442695040888963407u; /* Knuth, MMIX */
    return (uint32_t)(client->chance >> 33) % below;
}

/* ---- the server's process ---- */

/* Nanoseconds on a processor, all threads together: schedstat is exact where stat counts ticks of 10 ms. */
static uint64_t cpu_ns(void) {
    char path[300], text[128];
    uint64_t sum = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/task", load.pid);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        (void)snprintf(path, sizeof path, "/proc/%ld/task/%s/schedstat", load.pid, entry->d_name);
        FILE *file = entry->d_name[0] != '.' ? fopen(path, "r") : NULL;
        if (file != NULL && fgets(text, sizeof text, file) != NULL) {
            sum += strtoull(text, NULL, 10);
        }
        if (file != NULL) {
            (void)fclose(file);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return sum;
}

static long rss_kb(void) {
    char path[64], line[256];
    long kb = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/status", load.pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kb = strtol(line + 6, NULL, 10);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return kb;
}

/* ---- connections ---- */

static void close_client(struct client *client) {
    if (client->state == CONNECTING || client->state == UPGRADING || client->state == GREETING) {
        load.opening--;
    }
    if (client->state != CLOSED) {
        (void)close(client->descriptor);
    }
    free(client->rest);
    client->rest = NULL;
    client->rest_length = 0;
    client->state = CLOSED;
}

static void drop(struct client *client) {
    load.lost += client->role != SLOW_HEADER && client->role != SLOW_FRAME && client->role != SLOW_READ;
    close_client(client);
}

/* Opens a socket from one of many loopback addresses: one alone has too few ports. */
static void connect_client(struct client *client) {
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    int one = 1, small = 4096;
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->descriptor < 0) {
        fail("socket");
    }
    (void)setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)setsockopt(client->descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (client->role == SLOW_READ) {
        (void)setsockopt(client->descriptor, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    }
    from.sin_addr.s_addr = htonl(0x7f000002u + client->number % SOURCES);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)load.port);
    client->opened_ns = now_ns();
    if (bind(client->descriptor, (struct sockaddr *)&from, sizeof from) != 0) {
        fail("bind");
    }
    if (connect(client->descriptor, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
        (void)close(client->descriptor);
        client->state = CLOSED;
        load.refused++;
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = client};
    if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, client->descriptor, &event) != 0) {
        fail("epoll_ctl");
    }
    client->state = CONNECTING;
    load.opening++;
}

static struct client *add_client(enum role role) {
    if (load.count == CLIENTS_MAX) {
        errno = ENOMEM;
        fail("more clients than CLIENTS_MAX");
    }
    struct client *client = &load.clients[load.count];
    *client = (struct client){.role = role, .number = (unsigned)load.count, .chance = load.count * 7919 + 1};
    load.count++;
    return client;
}

static void send_bytes(struct client *client, const void *bytes, size_t length) {
    if (client->state != CLOSED && send(client->descriptor, bytes, length, MSG_NOSIGNAL) != (ssize_t)length &&
        client->role != SLOW_READ) {
        drop(client);
    }
}

/* A masked text frame (RFC 6455 section 5.2). */
static void send_frame(struct client *client, int opcode, const char *text, size_t length) {
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    unsigned char frame[8 + 2048];
    size_t at = 0;
    frame[at++] = (unsigned char)(0x80 | opcode);
    if (length < 126) {
        frame[at++] = (unsigned char)(0x80 | length);
    } else {
        frame[at++] = 0x80 | 126;
        frame[at++] = (unsigned char)(length >> 8);
        frame[at++] = (unsigned char)length;
    }
    memcpy(frame + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < length && i < 2048; i++) {
        frame[at++] = (unsigned char)text[i] ^ mask[i & 3];
    }
    send_bytes(client, frame, at);
}

static void send_upgrade(struct client *client) {
    static const char slow[] = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
    char text[512];
    client->state = UPGRADING;
    if (client->role == SLOW_HEADER) {
        client->state = OPEN;
        load.opening--;
        send_bytes(client, slow, sizeof slow - 1);
        return;
    }
    int length =
        snprintf(text, sizeof text,
                 "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                 load.port, load.mode == MODE_NODE ? "" : "Sec-WebSocket-Protocol: pandu.v1\r\n");
    send_bytes(client, text, (size_t)length);
}

static void opened(struct client *client) {
    if (client->state == GREETING || client->state == UPGRADING) {
        load.opening--;
    }
    client->state = OPEN;
}

/* ---- what clients say ---- */

static void send_hello(struct client *client) {
    char text[256];
    client->sent_ns = now_ns();
    int length =
        client->token[0] != '\0'
            ? snprintf(text, sizeof text,
                       "{\"type\":\"hello\",\"v\":1,\"client\":\"load%u\",\"conv\":\"%s\",\"last\":0}",
                       client->number, client->token)
            : snprintf(text, sizeof text, "{\"type\":\"hello\",\"v\":1,\"client\":\"load%u\"}",
                       client->number);
    send_frame(client, 1, text, (size_t)length);
}

static void say(struct client *client) {
    char text[LINE_MAX_BYTES + 200];
    const char *line = load.lines[draw(client, (uint32_t)load.line_count)];
    int length;
    client->turns++;
    client->state = WAITING;
    client->sent_ns = now_ns();
    if (load.mode != MODE_PANDU) {
        length = snprintf(text, sizeof text,
                          "{\"type\":\"msg\",\"conversation\":\"c%u\",\"seq\":%u,\"text\":\"%s\"}",
                          client->number, client->turns, line);
    } else if (client->choice_count > 0 && draw(client, 10) < 6) {
        length = snprintf(text, sizeof text, "{\"type\":\"msg\",\"id\":\"load%u-%u\",\"choice\":\"%s\"}",
                          client->number, client->turns,
                          client->choices[draw(client, (uint32_t)client->choice_count)]);
    } else {
        length = snprintf(text, sizeof text, "{\"type\":\"msg\",\"id\":\"load%u-%u\",\"text\":\"%s\"}",
                          client->number, client->turns, line);
    }
    send_frame(client, 1, text, (size_t)length);
}

static void say_text(struct client *client, const char *member, const char *value) {
    char text[256];
    client->turns++;
    client->sent_ns = now_ns();
    client->state = WAITING;
    int length = snprintf(text, sizeof text, "{\"type\":\"msg\",\"id\":\"load%u-%u\",\"%s\":\"%s\"}",
                          client->number, client->turns, member, value);
    send_frame(client, 1, text, (size_t)length);
}

static void note_latency(uint64_t ns) {
    if (load.latency_count == load.latency_room) {
        load.latency_room = load.latency_room != 0 ? load.latency_room * 2 : 1 << 16;
        load.latencies = realloc(load.latencies, load.latency_room * sizeof *load.latencies);
        if (load.latencies == NULL) {
            fail("memory");
        }
    }
    load.latencies[load.latency_count++] = (uint32_t)(ns / 1000);
}

/* What run's LEFT_OUT keeps from being said is not pressed either: an erasure of what was said before is not
   a turn of a talk, and has a scenario of its own. */
static int may_press(const char *payload) {
    static const char *const left_out[] = {"delete_data", "export_data", "restart", "change_language",
                                           "crisis"};
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        if (strstr(payload, left_out[i]) != NULL) {
            return 0;
        }
    }
    return 1;
}

static void keep_choices(struct client *client, const char *text) {
    client->choice_count = 0;
    for (const char *at = text;
         client->choice_count < CHOICES && (at = strstr(at, "{\"payload\":\"")) != NULL;) {
        at += 12;
        size_t length = strcspn(at, "\"\\");
        if (length < PAYLOAD && at[length] == '"') {
            memcpy(client->choices[client->choice_count], at, length);
            client->choices[client->choice_count][length] = '\0';
            client->choice_count += may_press(client->choices[client->choice_count]);
        }
    }
}

static uint64_t number_after(const char *text, const char *name) {
    const char *found = strstr(text, name);
    return found != NULL ? strtoull(found + strlen(name), NULL, 10) : 0;
}

/* The reply to the turn under way is here. */
static void answered(struct client *client) {
    uint64_t took = now_ns() - client->sent_ns;
    client->state = OPEN;
    if (client->role == ACTIVE) {
        note_latency(took);
    } else if (client->role == RETURNING) {
        load.returned_us[1] = took / 1000;
    } else if (client->role == ERASER && client->turns == 2) {
        load.erased_us = took / 1000;
    }
}

static void take_pandu(struct client *client, const char *text) {
    char mine[64];
    if (strncmp(text, "{\"type\":\"welcome\"", 17) == 0) {
        client->next = number_after(text, "\"next\":");
        opened(client);
        if (client->role == RETURNING && client->next <= 1) {
            errno = ENOENT;
            fail("a stored conversation is not known");
        }
    } else if (strncmp(text, "{\"type\":\"nak\"", 13) == 0) {
        (void)fprintf(stderr, "load: refused: %s\n", text);
        exit(1);
    } else if (strncmp(text, "{\"type\":\"event\"", 15) == 0) {
        client->last = number_after(text, "\"seq\":");
        (void)snprintf(mine, sizeof mine, "\"re\":\"load%u-%u\"", client->number, client->turns);
        if (client->role == RETURNING && client->last + 1 == client->next && client->turns == 0) {
            load.returned_us[0] = (now_ns() - client->sent_ns) / 1000;
        }
        if (strstr(text, "{\"payload\":") != NULL) {
            keep_choices(client, text);
        }
        if (client->state == WAITING && strstr(text, mine) != NULL) {
            answered(client);
        }
    }
}

static void take_message(struct client *client, const char *text) {
    if (load.mode == MODE_PANDU) {
        take_pandu(client, text);
    } else if (client->state == WAITING) {
        answered(client);
    }
}

/* ---- reading ---- */

/* One whole frame at bytes: its length, 0 if it is not whole. Text is handed on. */
static size_t take_frame(struct client *client, unsigned char *bytes, size_t length) {
    size_t head = 2, size = length >= 2 ? bytes[1] & 127 : 0;
    if (length < 2) {
        return 0;
    }
    if (size == 126) {
        head = 4;
        size = length >= 4 ? (size_t)bytes[2] << 8 | bytes[3] : 0;
    } else if (size == 127) {
        errno = EPROTO;
        fail("a frame over 64 KB");
    }
    if (length < head || length - head < size) {
        return 0;
    }
    int opcode = bytes[0] & 15;
    unsigned char after = bytes[head + size]; /* there is room for a NUL */
    bytes[head + size] = '\0';
    if (opcode == 1) {
        take_message(client, (const char *)bytes + head);
    } else if (opcode == 9) {
        send_frame(client, 10, (const char *)bytes + head, size);
    } else if (opcode == 8) {
        drop(client);
    }
    bytes[head + size] = after;
    return head + size;
}

static size_t take_upgrade(struct client *client, const char *bytes, size_t length) {
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL) {
        return 0;
    }
    if (length < 12 || memcmp(bytes + 9, "101", 3) != 0) {
        load.refused++;
        close_client(client);
        return length;
    }
    if (load.mode == MODE_PANDU) {
        client->state = GREETING;
        send_hello(client);
    } else {
        opened(client);
    }
    return (size_t)(end - bytes) + 4;
}

static void take_bytes(struct client *client, unsigned char *bytes, size_t length) {
    size_t at = 0, used = 1;
    while (client->state != CLOSED && at < length && used > 0) {
        used = client->state == UPGRADING ? take_upgrade(client, (const char *)bytes + at, length - at)
                                          : take_frame(client, bytes + at, length - at);
        at += used;
    }
    free(client->rest);
    client->rest = NULL;
    client->rest_length = 0;
    if (client->state != CLOSED && at < length) {
        client->rest = malloc(length - at);
        if (client->rest == NULL) {
            fail("memory");
        }
        memcpy(client->rest, bytes + at, length - at);
        client->rest_length = length - at;
    }
}

static void readable(struct client *client) {
    static unsigned char bytes[1 << 18];
    if (client->role == SLOW_READ && client->state == OPEN) {
        struct epoll_event event = {.events = 0, .data.ptr = client}; /* it never reads again */
        (void)epoll_ctl(load.epoll, EPOLL_CTL_MOD, client->descriptor, &event);
        return;
    }
    if (client->rest_length > 0) {
        memcpy(bytes, client->rest, client->rest_length);
    }
    ssize_t got =
        recv(client->descriptor, bytes + client->rest_length, sizeof bytes - client->rest_length - 1, 0);
    if (got > 0) {
        take_bytes(client, bytes, client->rest_length + (size_t)got);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        drop(client);
    }
}

static void writable(struct client *client) {
    int error = 0;
    socklen_t size = sizeof error;
    (void)getsockopt(client->descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        load.refused++;
        close_client(client);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    (void)epoll_ctl(load.epoll, EPOLL_CTL_MOD, client->descriptor, &event);
    send_upgrade(client);
}

/* ---- steps ---- */

/* One round of the loop: at most wait_ms. Clients that talk are given their next line. */
static void turn_loop(int wait_ms) {
    struct epoll_event events[512];
    int count = epoll_wait(load.epoll, events, 512, wait_ms);
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if (client->state == CONNECTING) {
            writable(client);
        } else if (client->state != CLOSED) {
            readable(client);
        }
        if (load.running && client->role == ACTIVE && client->state == OPEN) {
            say(client);
        }
    }
}

/* One more byte of what never ends; those that were thrown out come again. */
static void drip_one(struct client *client) {
    if (client->role == SLOW_FRAME && client->state == OPEN) {
        /* a frame of 2,000 bytes: its header first, then byte after byte */
        static const char header[] = {(char)0x81, (char)(0x80 | 126), 0x07, (char)0xd0, 1, 2, 3, 4};
        int is_first = client->turns++ == 0;
        send_bytes(client, is_first ? header : "x", is_first ? sizeof header : 1);
    } else if (client->role == SLOW_HEADER && client->state == OPEN) {
        send_bytes(client, "x", 1);
    } else if (client->role == SLOW_READ && client->state == OPEN) {
        send_frame(client, 1, "{\"type\":\"ping\"}", 15);
    }
    int is_slow = client->role == SLOW_FRAME || client->role == SLOW_HEADER || client->role == SLOW_READ;
    if (is_slow && client->state == CLOSED && load.opening < UNDER_WAY) {
        client->turns = 0;
        connect_client(client);
    }
}

/* Each of them once a second, one after another: all at once they would keep this program from reading for as
   long as it sends, which is no slowness of the server. */
static void drip(void) {
    static uint64_t last;
    static size_t at;
    uint64_t now = now_ns();
    size_t due = last != 0 ? (size_t)((now - last) * load.count / 1000000000u) : 1;
    if (due == 0) {
        return;
    }
    last = now;
    for (size_t i = 0; i < due && i < load.count; i++) {
        at = at + 1 < load.count ? at + 1 : 0;
        drip_one(&load.clients[at]);
    }
}

static void open_clients(enum role role, size_t count, const char *name) {
    uint64_t began = now_ns(), cpu = cpu_ns();
    long memory = rss_kb();
    size_t first = load.count;
    load.refused = 0;
    for (size_t i = 0; i < count || load.opening > 0;) {
        if (i < count && load.opening < UNDER_WAY) {
            connect_client(add_client(role == SLOW_FRAME ? SLOW_FRAME + (enum role)(i % 3) : role));
            i++;
        }
        turn_loop(load.opening < UNDER_WAY && i < count ? 0 : 100);
        if (now_ns() - began > 120000000000u) {
            errno = ETIMEDOUT;
            fail("opening connections");
        }
    }
    usleep(200000); /* what the server still does for them */
    size_t open = 0;
    for (size_t i = first; i < load.count; i++) {
        open += load.clients[i].state != CLOSED;
    }
    printf(
        "{\"step\":\"%s\",\"asked\":%zu,\"open\":%zu,\"refused\":%zu,\"seconds\":%.3f,\"cpu_us_each\":%.2f,"
        "\"rss_kb_before\":%ld,\"rss_kb\":%ld}\n",
        name, count, open, load.refused, (double)(now_ns() - began) / 1e9,
        (double)(cpu_ns() - cpu) / 1e3 / (double)(count > 0 ? count : 1), memory, rss_kb());
}

/* The idle ones say something after all. */
static void talk(unsigned turns) {
    long memory = rss_kb();
    uint64_t end = now_ns() + 120000000000u;
    size_t waiting = 1, silent = 1;
    while (waiting + silent > 0) {
        waiting = silent = 0;
        for (size_t i = 0; i < load.count; i++) {
            waiting += load.clients[i].role == IDLE && load.clients[i].state == WAITING;
        }
        for (size_t i = 0; i < load.count; i++) {
            struct client *client = &load.clients[i];
            if (client->role == IDLE && client->state == OPEN && client->turns < turns) {
                silent++;
                if (waiting < 100) {
                    say(client);
                    waiting++;
                }
            }
        }
        turn_loop(5);
        if (now_ns() > end) {
            errno = ETIMEDOUT;
            fail("talking");
        }
    }
    usleep(500000);
    printf("{\"step\":\"talk\",\"rss_kb_before\":%ld,\"rss_kb\":%ld}\n", memory, rss_kb());
}

static int compare(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

/* The eraser opened before; it asks, and presses the first button it is shown. */
static void erase_now(struct client *eraser) {
    if (eraser->state == OPEN && eraser->turns == 0) {
        say_text(eraser, "text", "hapus data saya");
    } else if (eraser->state == OPEN && eraser->turns == 1 && eraser->choice_count > 0) {
        say_text(eraser, "choice", eraser->choices[0]);
    }
}

static void run_clients(double seconds, struct client *eraser, const char *name) {
    uint64_t began = now_ns(), end = began + (uint64_t)(seconds * 1e9), cpu = cpu_ns();
    load.latency_count = 0;
    load.lost = 0;
    load.running = 1;
    for (size_t i = 0; i < load.count; i++) {
        if (load.clients[i].role == ACTIVE && load.clients[i].state == OPEN) {
            say(&load.clients[i]);
        }
    }
    while (now_ns() < end) {
        turn_loop(50);
        drip();
        if (eraser != NULL && now_ns() - began > (end - began) / 3) {
            erase_now(eraser);
        }
    }
    load.running = 0;
    double took = (double)(now_ns() - began) / 1e9;
    uint64_t used = cpu_ns() - cpu;
    size_t turns = load.latency_count, slow = 0;
    for (size_t i = 0; i < load.count; i++) {
        slow +=
            load.clients[i].state != CLOSED && load.clients[i].role != ACTIVE && load.clients[i].role != IDLE;
    }
    qsort(load.latencies, turns, sizeof *load.latencies, compare);
    printf("{\"step\":\"%s\",\"turns\":%zu,\"per_second\":%.0f,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,"
           "\"cpu_us\":%.2f,"
           "\"rss_kb\":%ld,\"lost\":%zu,\"slow_open\":%zu,\"erase_us\":%llu}\n",
           name, turns, (double)turns / took, turns ? load.latencies[turns / 2] : 0,
           turns ? load.latencies[turns * 99 / 100] : 0, turns ? load.latencies[turns - 1] : 0,
           turns ? (double)used / 1e3 / (double)turns : 0, rss_kb(), load.lost, slow,
           (unsigned long long)load.erased_us);
    for (end = now_ns() + 300000000u; now_ns() < end;) {
        turn_loop(50); /* the last answers */
    }
}

static void wait_open(struct client *client, enum state state) {
    uint64_t end = now_ns() + 30000000000u;
    while (client->state != state || load.opening > 0) {
        turn_loop(50);
        if (client->state == CLOSED || now_ns() > end) {
            errno = ETIMEDOUT;
            fail("a connection did not open, or no answer came");
        }
    }
}

static struct client *open_stored(enum role role, unsigned long number) {
    struct client *client = add_client(role);
    stored_token(number, client->token);
    connect_client(client);
    wait_open(client, OPEN);
    return client;
}

static void return_clients(unsigned long count, unsigned long stored) {
    uint32_t *replays = calloc(count, sizeof *replays), *turns = calloc(count, sizeof *turns);
    struct client chance = {.chance = stored};
    if (replays == NULL || turns == NULL) {
        fail("memory");
    }
    for (unsigned long i = 0; i < count; i++) {
        load.returned_us[0] = load.returned_us[1] = 0;
        struct client *client = open_stored(RETURNING, draw(&chance, (uint32_t)stored));
        while (client->last + 1 < client->next) {
            turn_loop(50);
        }
        say_text(client, "text", "halo");
        wait_open(client, OPEN);
        replays[i] = (uint32_t)load.returned_us[0];
        turns[i] = (uint32_t)load.returned_us[1];
        close_client(client);
        load.count--;
    }
    qsort(replays, count, sizeof *replays, compare);
    qsort(turns, count, sizeof *turns, compare);
    printf("{\"step\":\"return\",\"count\":%lu,\"replay_p50_us\":%u,\"replay_p99_us\":%u,\"turn_p50_us\":%u,"
           "\"turn_p99_us\":%u}\n",
           count, replays[count / 2], replays[count * 99 / 100], turns[count / 2], turns[count * 99 / 100]);
    free(replays);
    free(turns);
}

static void first_answer(void) {
    uint64_t end = now_ns() + 60000000000u;
    struct client *client = add_client(ACTIVE);
    while (client->state != OPEN) {
        if (client->state == CLOSED) {
            usleep(500);
            connect_client(client);
        }
        turn_loop(1);
        if (now_ns() > end) {
            errno = ETIMEDOUT;
            fail("the server did not start");
        }
    }
    say(client);
    wait_open(client, OPEN);
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    printf("{\"step\":\"first\",\"at\":%.6f}\n", (double)now.tv_sec + (double)now.tv_nsec / 1e9);
}

static void take_step(const char *step) {
    char *after = NULL;
    const char *value = strchr(step, '=');
    double number = value != NULL ? strtod(value + 1, &after) : 0;
    unsigned long second = after != NULL && *after == ',' ? strtoul(after + 1, NULL, 10) : 0;
    if (strncmp(step, "idle=", 5) == 0) {
        open_clients(IDLE, (size_t)number, "idle");
    } else if (strncmp(step, "slow=", 5) == 0) {
        open_clients(SLOW_FRAME, (size_t)number, "slow");
    } else if (strncmp(step, "talk=", 5) == 0) {
        talk((unsigned)number);
    } else if (strncmp(step, "active=", 7) == 0) {
        open_clients(ACTIVE, (size_t)number, "active");
    } else if (strncmp(step, "run=", 4) == 0) {
        run_clients(number, NULL, "run");
    } else if (strncmp(step, "erase=", 6) == 0) {
        load.erased_us = 0;
        run_clients(number, open_stored(ERASER, second), "erase");
    } else if (strncmp(step, "return=", 7) == 0 && number >= 1 && second > 0) {
        return_clients((unsigned long)number, second);
    } else if (strcmp(step, "first") == 0) {
        first_answer();
    } else {
        errno = EINVAL;
        fail(step);
    }
    (void)fflush(stdout);
}

/* Lines that need no escaping in JSON. */
static void read_script(const char *path) {
    char line[LINE_MAX_BYTES];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail(path);
    }
    while (load.line_count < LINES_MAX && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n\"\\")] = '\0';
        if (line[0] != '\0') {
            load.lines[load.line_count++] = strdup(line);
        }
    }
    (void)fclose(file);
    if (load.line_count == 0) {
        errno = EINVAL;
        fail("an empty script");
    }
}

int main(int count, char **arguments) {
    if (count < 6) {
        (void)fprintf(stderr, "usage: load PORT pandu|node|echo SCRIPT PID STEP...\n");
        return 2;
    }
    load.port = (int)strtol(arguments[1], NULL, 10);
    load.mode = strcmp(arguments[2], "pandu") == 0  ? MODE_PANDU
                : strcmp(arguments[2], "node") == 0 ? MODE_NODE
                                                    : MODE_ECHO;
    read_script(arguments[3]);
    load.pid = strtol(arguments[4], NULL, 10);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    struct rlimit limit;
    if (load.epoll < 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        fail("epoll or descriptors");
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    for (int i = 5; i < count; i++) {
        take_step(arguments[i]);
    }
    return 0;
}
