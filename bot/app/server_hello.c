/* The first message of a connection: which conversation it is about. A conversation is known to the store, or
   to this program that gave it out and waits for its first word; a name that only a client claims is never
   made. Called by server.c. */
#include <stdlib.h>
#include <string.h>

#include "app/identity.h"
#include "app/secret/secret.h"
#include "app/server_parts.h"
#include "domain/content/content.h"

#include "banned.h"

/* A hello whose conversation the store is asked about. */
struct asking {
    struct server *server;
    struct visitor *visitor; /* who was here when it was asked, NULL: nobody */
    net_id connection;
    char name[SERVER_NAME_TEXT];
    uint64_t last;
    int language, is_identity;
};

/* ---- names ---- */

static void name_of(const char *prefix, const char *kind, const char *text, char out[SERVER_NAME_TEXT]) {
    char hash[SECRET_HASH_TEXT];
    secret_hash(kind, text, hash);
    memcpy(out, prefix, 2);
    memcpy(out + 2, hash, sizeof hash);
}

int server_name_of_token(const char *token, char out[SERVER_NAME_TEXT]) {
    if (!secret_is_token(token)) {
        return -1;
    }
    name_of("w-", "conversation", token, out);
    return 0;
}

int server_name_of_identity(const struct server *server, const char *identity, char out[SERVER_NAME_TEXT],
                            const char **why) {
    const char *key = server->options.identity_secret;
    char subject[IDENTITY_SUBJECT_MAX + 1];
    if (key == NULL) {
        *why = "this server believes no signed identities: it has no identity_secret";
        return -1;
    }
    const struct identity_rules rules = {key, strlen(key), server->options.public_url};
    if (identity_verify(&rules, identity, server_now_ms(server), subject, why) != 0) {
        return -1;
    }
    name_of("i-", "identity", subject, out);
    return 0;
}

/* ---- languages ---- */

/* "en" of "en-GB"; -1 for none or one the content does not have. */
static int language_of(const struct server *server, const char *tag) {
    char code[16];
    size_t length = tag != NULL ? strcspn(tag, "-_") : 0;
    if (server->content == NULL || length == 0 || length >= sizeof code) {
        return -1;
    }
    memcpy(code, tag, length);
    code[length] = '\0';
    return lexicon_language_index(server->content->lexicon, code);
}

static const char *language_name(const struct server *server, int language) {
    if (server->content == NULL) {
        return NULL;
    }
    int shown = language >= 0 ? language : server->content->site.default_language;
    return lexicon_language(server->content->lexicon, (size_t)shown);
}

/* ---- welcome ---- */

static void send_welcome(struct server *server, struct connection *connection,
                         struct websocket_welcome *welcome) {
    welcome->turns = SERVER_UNANSWERED_MAX;
    welcome->per_minute = (int)server->turn_rate.per_minute;
    (void)websocket_welcome(&server->out, welcome);
    server_send(server, connection);
}

/* Nothing is stored until somebody writes; the greeting is what would be said then. token: to keep, NULL if
   the client can name the conversation already. last_seq: where it stood when it was erased, or 0. */
static void welcome_fresh(struct server *server, struct connection *connection, const char *name,
                          const char *token, int language, uint64_t last_seq) {
    /* a second tab before anything was said, or the first one back */
    int is_known = last_seq == 0 && server_is_given_out(server, name);
    struct visitor *visitor = server_visitor_make(server, name);
    if (visitor == NULL) {
        connection->state = CONNECTION_NEW;
        server_nak(server, connection, NULL, WEBSOCKET_BUSY, "out of memory", SERVER_RETRY_MS);
        return;
    }
    visitor->is_fresh = 1;
    visitor->language = language >= 0 ? language : visitor->language;
    if (visitor->issued < last_seq) {
        visitor->issued = last_seq;
    }
    server_attach(server, connection, visitor);
    connection->sent_seq = visitor->issued;
    struct actions greeting;
    app_preview(server->app, server_now_ms(server), visitor->language, server->arena, &greeting);
    struct websocket_welcome welcome = {.conversation = token,
                                        .resume = is_known,
                                        .next = visitor->issued + 1,
                                        .language = greeting.language,
                                        .greeting = greeting.messages,
                                        .greeting_count = greeting.message_count};
    server->counts.hellos_fresh++;
    send_welcome(server, connection, &welcome);
    connection->state = CONNECTION_LIVE;
    server->replaying--;
}

static void start_fresh(struct server *server, struct connection *connection, int language) {
    char token[SECRET_TOKEN_TEXT], name[SERVER_NAME_TEXT];
    secret_token(token);
    name_of("w-", "conversation", token, name);
    welcome_fresh(server, connection, name, token, language, 0);
}

/* A client that has seen more than there is (a backup was restored) is told by "next" where it stands. */
static void welcome_back(struct server *server, struct connection *connection, const struct asking *asking,
                         const struct store_result *result) {
    struct visitor *visitor = server_visitor_make(server, asking->name);
    if (visitor == NULL) {
        connection->state = CONNECTION_NEW;
        server_nak(server, connection, NULL, WEBSOCKET_BUSY, "out of memory", SERVER_RETRY_MS);
        return;
    }
    int is_first_tab = visitor->tabs == NULL && visitor->pending == 0;
    visitor->is_opened |= result->version != 0;
    visitor->language = asking->language >= 0 ? asking->language : visitor->language;
    if (visitor->issued < result->last_seq) {
        visitor->issued = result->last_seq;
    }
    server_attach(server, connection, visitor);
    connection->sent_seq = asking->last < visitor->issued ? asking->last : visitor->issued;
    struct websocket_welcome welcome = {
        .resume = 1, .next = visitor->issued + 1, .language = language_name(server, visitor->language)};
    server->counts.hellos_resumed++;
    send_welcome(server, connection, &welcome);
    server_replay_page(server, connection, result);
    if (is_first_tab && !visitor->is_fresh) {
        server_return(server, visitor);
    }
}

/* ---- hello ---- */

/* The first turn may have been committed after the store looked. */
static int is_stored(struct server *server, const char *name) {
    const struct visitor *visitor = server_visitor(server, name);
    return visitor != NULL && visitor->issued > 0;
}

/* Nothing is left of it although the client has not seen all: it was erased without a trace that a replay
   could tell (a backup was restored). */
static int is_erased(struct server *server, const struct asking *asking, const struct store_result *result) {
    const struct visitor *visitor = server_visitor(server, asking->name);
    return result->version != 0 && result->row_count == 0 && asking->last < result->last_seq &&
           (visitor == NULL || visitor->is_fresh);
}

static void end_asking(struct asking *asking) {
    if (asking->visitor != NULL) {
        server_release_asked(asking->server, asking->visitor);
    }
    free(asking);
}

static void answered(void *context, const struct store_result *result) {
    struct asking *asking = context;
    struct server *server = asking->server;
    struct connection *connection = server_connection(server, asking->connection);
    server->reads--;
    if (connection == NULL) {
        end_asking(asking);
        return;
    }
    net_pause(server->net, connection->id, 0);
    if (result->status != STORE_OK) {
        connection->state = CONNECTION_NEW;
        server_nak(server, connection, NULL, WEBSOCKET_STORAGE, "the store refuses", SERVER_RETRY_MS);
    } else if ((result->version != 0 || is_stored(server, asking->name)) &&
               !is_erased(server, asking, result)) {
        welcome_back(server, connection, asking, result);
    } else if (asking->is_identity || (result->version == 0 && server_is_given_out(server, asking->name))) {
        welcome_fresh(server, connection, asking->name, NULL, asking->language, result->last_seq);
    } else {
        start_fresh(server, connection, asking->language);
    }
    end_asking(asking);
}

static void ask(struct server *server, struct connection *connection, const char *name,
                const struct websocket_in *in, int language) {
    struct asking *asking = calloc(1, sizeof *asking);
    if (asking == NULL) {
        server_nak(server, connection, NULL, WEBSOCKET_BUSY, "out of memory", SERVER_RETRY_MS);
        return;
    }
    *asking = (struct asking){.server = server,
                              .connection = connection->id,
                              .last = in->last < INT64_MAX ? in->last : INT64_MAX,
                              .language = language,
                              .is_identity = in->identity != NULL};
    memcpy(asking->name, name, SERVER_NAME_TEXT);
    /* Who writes its first word and leaves while the store is looking is kept: its conversation is there,
       although the store's answer may not know it yet. */
    asking->visitor = server_visitor(server, name);
    if (asking->visitor != NULL) {
        asking->visitor->asked++;
    }
    connection->state = CONNECTION_ASKING;
    server->reads++;
    net_pause(server->net, connection->id, 1); /* what follows hello waits for the welcome */
    server->store->ops->read_since(server->store, asking->name, asking->last, SERVER_PAGE_ROWS, answered,
                                   asking);
}

void server_hello(struct server *server, struct connection *connection, const struct websocket_in *in) {
    char name[SERVER_NAME_TEXT];
    const char *why = NULL;
    int language = language_of(server, in->language);
    if (connection->state != CONNECTION_NEW) {
        server_nak(server, connection, NULL, WEBSOCKET_BAD, "hello was said already", 0);
    } else if (in->identity != NULL && server_name_of_identity(server, in->identity, name, &why) != 0) {
        server_nak(server, connection, NULL, WEBSOCKET_DENIED, why, 0);
        server_close(server, connection, 1008, "identity refused");
    } else if (in->identity != NULL) {
        ask(server, connection, name, in, language);
    } else if (in->conversation == NULL) {
        start_fresh(server, connection, language);
    } else if (server_name_of_token(in->conversation, name) != 0) {
        server_nak(server, connection, NULL, WEBSOCKET_BAD,
                   "conv is no token of a conversation: say hello without it", 0);
    } else {
        ask(server, connection, name, in, language);
    }
}
