/* Files served from memory: read once, answered with an ETag of their content. A new set takes the place of
   the old one at once; answers still being written keep the old one alive. Called by http.c and whoever sets
   up. */
#include "net/net_parts.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/map.h"
#include "net/request.h"

#include "banned.h"

enum { FILES_MAX = 256, FILE_BYTES_MAX = 4 * 1024 * 1024, DEPTH_MAX = 8 };

static const char *type_of(const char *path) {
    static const struct {
        const char *end, *type;
    } TYPES[] = {{".html", "text/html; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".mjs", "text/javascript; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".json", "application/json"},
                 {".webmanifest", "application/manifest+json"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".jpg", "image/jpeg"},
                 {".webp", "image/webp"},
                 {".ico", "image/x-icon"},
                 {".woff2", "font/woff2"},
                 {".mp3", "audio/mpeg"},
                 {".txt", "text/plain; charset=utf-8"},
                 {".map", "application/json"}};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        size_t end = strlen(TYPES[i].end);
        if (length > end && strcmp(path + length - end, TYPES[i].end) == 0) {
            return TYPES[i].type;
        }
    }
    return "application/octet-stream";
}

static void set_free(struct static_set *set) {
    for (size_t i = 0; i < set->count; i++) {
        free(set->files[i].path);
        free(set->files[i].body);
    }
    free(set->files);
    free(set->prefix);
    free(set);
}

void static_release(struct static_set *set) {
    if (--set->users == 0) {
        set_free(set);
    }
}

static char *join_text(const char *a, const char *b) {
    struct buf text;
    buf_init(&text, 4096);
    buf_add_text(&text, a);
    buf_add_text(&text, b);
    return buf_take(&text);
}

/* Reads a file into *out (its path is set already). 0, or *err. */
static int read_file(const char *name, struct static_file *out, struct err *err) {
    FILE *file = fopen(name, "rb");
    if (file == NULL) {
        return err_set(err, ERR_IO, "Cannot read '%s': check its permissions.", name);
    }
    struct buf body;
    char piece[8192];
    size_t got;
    buf_init(&body, FILE_BYTES_MAX);
    while ((got = fread(piece, 1, sizeof piece, file)) > 0 && buf_add(&body, piece, got) == 0) {
    }
    int is_broken = ferror(file);
    (void)fclose(file);
    if (is_broken || body.failed) {
        int failed = body.failed;
        buf_close(&body);
        return failed == ERR_LIMIT ? err_set(err, ERR_LIMIT, "'%s' is larger than 4 MB.", name)
                                   : err_set(err, ERR_IO, "'%s' could not be read whole.", name);
    }
    out->length = body.length;
    (void)snprintf(out->etag, sizeof out->etag, "\"%016llx\"",
                   (unsigned long long)hash_bytes(0, buf_text(&body), body.length));
    out->body = buf_take(&body);
    out->type = type_of(out->path);
    return 0;
}

static int add_file(struct static_set *set, const char *name, const char *path, struct err *err) {
    if (set->count == FILES_MAX) {
        return err_set(err, ERR_LIMIT, "More than %d files below '%s'.", FILES_MAX, set->prefix);
    }
    struct static_file *file = &set->files[set->count];
    if ((file->path = join_text(path, "")) == NULL) {
        return err_set(err, ERR_MEMORY, "No memory for '%s'.", name);
    }
    set->count++;
    return read_file(name, file, err);
}

static int add_folder(struct static_set *set, const char *folder, const char *path, int depth,
                      struct err *err);

/* One entry of a folder. Names that begin with a dot are not served; anything but files and folders neither.
 */
static int add_entry(struct static_set *set, const char *folder, const char *path, const char *entry,
                     int depth, struct err *err) {
    struct stat info;
    struct buf name, below;
    buf_init(&name, 4096);
    buf_init(&below, REQUEST_TARGET_MAX);
    buf_add_format(&name, "%s/%s", folder, entry);
    buf_add_format(&below, "%s%s", path, entry);
    int rc = 0;
    if (name.failed || below.failed) {
        rc = err_set(err, ERR_LIMIT, "A name in '%s' is too long.", folder);
    } else if (stat(name.data, &info) != 0) {
        rc = err_set(err, ERR_IO, "Cannot look at '%s'.", name.data);
    } else if (S_ISREG(info.st_mode)) {
        rc = add_file(set, name.data, below.data, err);
    } else if (S_ISDIR(info.st_mode) && depth < DEPTH_MAX && buf_add_char(&below, '/') == 0) {
        rc = add_folder(set, name.data, below.data, depth + 1, err);
    }
    buf_close(&name);
    buf_close(&below);
    return rc;
}

static int add_folder(struct static_set *set, const char *folder, const char *path, int depth,
                      struct err *err) {
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        return err_set(err, ERR_NOT_FOUND, "Cannot open the folder '%s'.", folder);
    }
    int rc = 0;
    struct dirent *entry;
    while (rc == 0 && (entry = readdir(entries)) != NULL) {
        if (entry->d_name[0] != '.') {
            rc = add_entry(set, folder, path, entry->d_name, depth, err);
        }
    }
    (void)closedir(entries);
    return rc;
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct static_file *)a)->path, ((const struct static_file *)b)->path);
}

static struct static_set *set_load(const char *prefix, const char *folder, int cross_origin,
                                   struct err *err) {
    struct static_set *set = calloc(1, sizeof *set);
    if (set == NULL || (set->prefix = join_text(prefix, "")) == NULL ||
        (set->files = calloc(FILES_MAX, sizeof *set->files)) == NULL) {
        err_set(err, ERR_MEMORY, "No memory for the files of '%s'.", folder);
    } else if ((prefix[strlen(prefix) - 1] == '/' ? add_folder(set, folder, prefix, 0, err)
                                                  : add_file(set, folder, prefix, err)) == 0) {
        qsort(set->files, set->count, sizeof *set->files, by_path);
        set->cross_origin = cross_origin;
        set->users = 1;
        return set;
    }
    if (set != NULL) {
        set_free(set);
    }
    return NULL;
}

int net_static(struct net *net, const char *prefix, const char *folder, int cross_origin, struct err *err) {
    if (prefix[0] != '/') {
        return err_set(err, ERR_SYNTAX, "The prefix '%s' of files has to begin with '/'.", prefix);
    }
    struct static_set *set = set_load(prefix, folder, cross_origin, err);
    if (set == NULL) {
        return err != NULL && err->code != 0 ? err->code : ERR_IO;
    }
    for (size_t i = 0; i < net->set_count; i++) {
        if (strcmp(net->sets[i]->prefix, prefix) == 0) {
            static_release(net->sets[i]);
            net->sets[i] = set;
            return 0;
        }
    }
    struct static_set **grown = realloc(net->sets, (net->set_count + 1) * sizeof(struct static_set *));
    if (grown == NULL) {
        set_free(set);
        return err_set(err, ERR_MEMORY, "No memory for the files of '%s'.", folder);
    }
    net->sets = grown;
    net->sets[net->set_count++] = set;
    return 0;
}

static const struct static_file *find_file(const struct static_set *set, const char *path) {
    char name[REQUEST_TARGET_MAX + 16];
    size_t length = strlen(path);
    (void)snprintf(name, sizeof name, "%s%s", path, path[length - 1] == '/' ? "index.html" : "");
    struct static_file wanted = {.path = name};
    return set->count > 0 ? bsearch(&wanted, set->files, set->count, sizeof wanted, by_path) : NULL;
}

/* The set with the longest prefix of path that has the file. */
static struct static_set *find_set(const struct net *net, const char *path, const struct static_file **file) {
    struct static_set *best = NULL;
    for (size_t i = 0; i < net->set_count; i++) {
        struct static_set *set = net->sets[i];
        size_t length = strlen(set->prefix);
        if (strncmp(path, set->prefix, length) == 0 && (best == NULL || length > strlen(best->prefix))) {
            const struct static_file *found = find_file(set, path);
            if (found != NULL) {
                best = set;
                *file = found;
            }
        }
    }
    return best;
}

static void answer_options(struct connection *connection, const struct static_set *set) {
    static const struct net_header CORS[] = {{"Access-Control-Allow-Methods", "GET, HEAD"},
                                             {"Access-Control-Max-Age", "86400"}};
    struct answer answer = {.status = 204, .body = "", .headers = CORS, .header_count = 2, .set = set};
    if (set->cross_origin) {
        answer_send(connection, &answer);
    } else {
        answer_status(connection, 405);
    }
}

int static_answer(struct connection *connection, const struct request_head *head, const char *path) {
    const struct static_file *file = NULL;
    struct static_set *set = find_set(connection->net, path, &file);
    if (set == NULL) {
        return 0;
    }
    if (strcmp(head->method, "OPTIONS") == 0) {
        answer_options(connection, set);
        return 1;
    }
    if (strcmp(head->method, "GET") != 0 && strcmp(head->method, "HEAD") != 0) {
        answer_status(connection, 405);
        return 1;
    }
    const char *known = request_header(head, "if-none-match");
    int is_known = known != NULL && (strstr(known, file->etag) != NULL || strcmp(known, "*") == 0);
    struct answer answer = {.status = is_known ? 304 : 200,
                            .type = file->type,
                            .body = file->body,
                            .length = file->length,
                            .set = set,
                            .host = request_header(head, "host"),
                            .etag = file->etag};
    connection->set = set;
    set->users++;
    answer_send(connection, &answer);
    return 1;
}
