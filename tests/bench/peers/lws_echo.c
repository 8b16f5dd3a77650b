/* The floor of every ratio: libwebsockets on its libev loop that sends back what it got, and nothing else.
   The one program outside bot/net that knows the library. Prints its port; runs until it is killed. */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

enum { ECHO_MAX = 1024 };

struct session {
    size_t length;
    unsigned char bytes[LWS_PRE + ECHO_MAX];
};

static int echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
    struct session *session = user;
    if (reason == LWS_CALLBACK_RECEIVE && length <= ECHO_MAX) {
        memcpy(session->bytes + LWS_PRE, in, length);
        session->length = length;
        (void)lws_callback_on_writable(wsi);
    } else if (reason == LWS_CALLBACK_SERVER_WRITEABLE && session->length > 0) {
        size_t waiting = session->length;
        session->length = 0;
        return lws_write(wsi, session->bytes + LWS_PRE, waiting, LWS_WRITE_TEXT) < (int)waiting ? -1 : 0;
    }
    return 0;
}

int main(void) {
    static const struct lws_protocols protocols[] = {
        {"pandu.v1", echo, sizeof(struct session), ECHO_MAX, 0, NULL, 0}, {NULL, NULL, 0, 0, 0, NULL, 0}};
    static const lws_retry_bo_t policy = {.secs_since_valid_hangup = 0}; /* no timers of the library */
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = 0;
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.retry_and_idle_policy = &policy;
    info.options = LWS_SERVER_OPTION_LIBEV;
    lws_set_log_level(LLL_ERR, NULL);
    struct lws_context *context = lws_create_context(&info);
    if (context == NULL) {
        return 1;
    }
    printf("%d\n", lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default")));
    (void)fflush(stdout);
    while (lws_service(context, 0) >= 0) {
    }
    lws_context_destroy(context);
    return 0;
}
