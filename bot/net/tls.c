/* Certificates: what the library is told at the start, and exchanging them while chats run. Called by
 * server.c. */
#include "net/net_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"

#include "banned.h"

void tls_options(const struct net *net, struct lws_context_creation_info *info) {
    info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info->alpn = "http/1.1"; /* its HTTP/2 has open holes and is never to be spoken */
    info->ssl_cert_filepath = net->certificate;
    info->ssl_private_key_filepath = net->key;
    info->ssl_options_set = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION;
}

static int is_readable(const char *name) {
    FILE *file = fopen(name, "rb");
    if (file == NULL) {
        return 0;
    }
    int first = fgetc(file);
    (void)fclose(file);
    return first != EOF;
}

/* The library says nothing when it cannot take a new pair, so a vhost that is thrown away tries it first. */
static int loads(const struct net *net) {
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
    info.protocols = net->protocols;
    info.vhost_name = "trial";
    info.options = LWS_SERVER_OPTION_LIBEV;
    tls_options(net, &info);
    struct lws_vhost *trial = lws_create_vhost(net->context, &info);
    if (trial != NULL) {
        lws_vhost_destroy(trial);
    }
    return trial != NULL;
}

int tls_check(const struct net *net, struct err *err) {
    if (!is_readable(net->certificate)) {
        return err_set(err, ERR_NOT_FOUND, "Cannot read the certificate '%s'.", net->certificate);
    }
    if (!is_readable(net->key)) {
        return err_set(err, ERR_NOT_FOUND, "Cannot read the key '%s'.", net->key);
    }
    if (net->context != NULL && !loads(net)) {
        return err_set(err, ERR_SYNTAX, "The certificate '%s' and the key '%s' are no pair of PEM files.",
                       net->certificate, net->key);
    }
    return 0;
}

int net_reload_certificate(struct net *net, struct err *err) {
    if (net->certificate == NULL) {
        return err_set(err, ERR_NOT_FOUND, "There is no certificate: the server was started without TLS.");
    }
    int rc = tls_check(net, err);
    if (rc == 0) {
        (void)lws_tls_cert_updated(net->context, net->certificate, net->key, NULL, 0, NULL, 0);
    }
    return rc;
}
