/* An example in an author's own words, added to the site's folder. Never writes visitors' words, nor what
   `pandu check` would refuse, nor the shipped content. Called by unmatched.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/replace_file.h"
#include "cli/unmatched.h"
#include "domain/authoring/overlay.h"
#include "domain/authoring/privacy.h"
#include "domain/authoring/wording.h"
#include "domain/content/content.h"

#include "banned.h"

enum { SHOWN_MAX = 5 /* mistakes */, FILE_BYTES_MAX = 4 * 1024 * 1024 };

struct adding {
    struct author *author;
    const struct unmatched_options *options;
    struct arena *arena;
    const char *wording;
    struct text text;
    struct app_files files;
    struct overlay_place place;
    const char *path; /* of the site's file */
};

/* What `pandu check` says to the content with the example in it. */
struct trial {
    size_t errors;
    size_t only_by_search; /* of them: no pattern finds the example */
    struct buf shown;
};

static int refuse(const struct adding *adding, const char *english, const char *indonesian) {
    (void)author_fail(adding->author, "%s", author_word(adding->author, english, indonesian));
    return AUTHOR_FOUND;
}

/* ---- the wording ---- */

static const char *join_words(const struct adding *adding) {
    const char *joined = "";
    for (size_t i = 0; i < adding->options->words.count; i++) {
        joined =
            arena_format(adding->arena, "%s%s%s", joined, i > 0 ? " " : "", adding->options->words.word[i]);
    }
    return joined;
}

static const char *ask_for_it(const struct adding *adding) {
    char *line = NULL;
    size_t capacity = 0;
    if (isatty(STDIN_FILENO)) {
        (void)fputs(author_word(adding->author, "The question in your own words: ",
                                "Pertanyaannya, dengan kata-kata Anda sendiri: "),
                    stderr);
    }
    ssize_t length = getline(&line, &capacity, stdin);
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
        length--;
    }
    const char *kept = length > 0 ? arena_copy(adding->arena, line, (size_t)length) : "";
    free(line);
    return kept;
}

static int fold_wording(struct adding *adding) {
    const char *given = adding->options->words.count > 0 ? join_words(adding) : ask_for_it(adding);
    const struct content *content = adding->author->understand.content;
    if (strlen(given) > WORDING_BYTES_MAX) {
        return refuse(adding, "the wording is too long for an example: one question, at most 240 bytes",
                      "kalimatnya terlalu panjang untuk contoh: satu pertanyaan, paling banyak 240 bita");
    }
    text_fold(content->lexicon, given, strlen(given), TEXT_NO_LANGUAGE, adding->arena, &adding->text);
    adding->wording = adding->text.raw; /* trimmed, without control characters */
    if (adding->text.flags & (TEXT_EMPTY | TEXT_NO_WORDS | TEXT_BAD_BYTES) ||
        strchr(adding->wording, '\n') != NULL) {
        return refuse(adding, "no wording was given: one line of words behind the options, or typed",
                      "belum ada kalimat: tulis satu baris di belakang perintah, atau ketik");
    }
    return AUTHOR_OK;
}

/* Says each number, contact and name in a text. How many. */
static size_t tell_private(const struct adding *adding, const struct text *text) {
    static const char *const kinds[][2] = {[PRIVACY_NUMBER] = {"a number", "angka"},
                                           [PRIVACY_CONTACT] = {"a contact", "kontak"},
                                           [PRIVACY_NAME] = {"perhaps a name", "mungkin nama"}};
    struct privacy_find found[PRIVACY_MAX];
    struct understand *understand = &adding->author->understand;
    size_t count = privacy_find(understand->content, understand->scratch, text, adding->arena, found);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(stderr, "pandu unmatched: \"%.*s\": %s\n", (int)(found[i].end - found[i].start),
                      text->raw + found[i].start, kinds[found[i].kind][adding->author->is_indonesian]);
    }
    return count;
}

/* The words of a pattern: classes, gaps and sets are nobody's. */
static struct text fold_pattern(const struct adding *adding) {
    struct text text;
    const char *pattern = adding->options->pattern != NULL ? adding->options->pattern : "";
    char *words = arena_text(adding->arena, pattern);
    char closes = '\0';
    for (char *byte = words; *byte != '\0'; byte++) {
        char here = *byte;
        if (closes == '\0' && (here == '{' || here == '[')) {
            closes = here == '{' ? '}' : ']';
        }
        *byte = closes != '\0' || strchr("()|?*+^$\\", here) != NULL ? ' ' : here;
        closes = here == closes ? '\0' : closes;
    }
    text_fold(adding->author->understand.content->lexicon, words, strlen(words), TEXT_NO_LANGUAGE,
              adding->arena, &text);
    return text;
}

static int refuse_private(const struct adding *adding) {
    struct text pattern = fold_pattern(adding);
    size_t count = tell_private(adding, &adding->text) + tell_private(adding, &pattern);
    return count == 0
               ? AUTHOR_OK
               : refuse(
                     adding,
                     "examples hold no numbers, names or contacts: nobody can have them deleted from a file. "
                     "Say it without (a word that is no name: in lower case)",
                     "contoh tidak boleh berisi angka, nama, atau kontak: dari berkas tidak ada yang bisa "
                     "minta "
                     "dihapus. Tulis tanpa itu (kata yang bukan nama: huruf kecil)");
}

static int refuse_copy(const struct adding *adding) {
    int was_said = unmatched_was_said(adding->author, &adding->text);
    return was_said == AUTHOR_FAILED ? AUTHOR_FAILED
           : was_said                ? refuse(adding,
                                              "somebody wrote it in these words. Ask it in your own: content files are not "
                                                             "reached when a visitor's data is deleted",
                                              "ada pengunjung yang menulisnya persis begini. Tulis dengan kata-kata Anda "
                                                             "sendiri: berkas tidak ikut terhapus saat datanya dihapus")
                                     : AUTHOR_OK;
}

/* ---- the file ---- */

static int find_place(struct adding *adding) {
    struct err err = {0};
    const struct author *author = adding->author;
    const char *root = author->content != NULL ? author->content : app_content_root();
    if (author->site == NULL) {
        return author_fail(author,
                           "name the site's own folder with --site DIR: the shipped content is not changed");
    }
    if (app_files_read(&adding->files, root, author->site, &err) != 0) {
        return author_fail(author, "%s", err.text);
    }
    if (!overlay_find(adding->files.list, adding->files.count, adding->options->intent, adding->arena,
                      &adding->place)) {
        return author_fail(author,
                           "there is no intent \"%s\": `pandu graph` and `pandu unmatched` show their ids",
                           adding->options->intent);
    }
    adding->path = arena_format(adding->arena, "%s/%s", author->site, adding->place.name);
    return AUTHOR_OK;
}

static void on_problem(void *context, const struct content_problem *problem) {
    struct trial *trial = context;
    if (problem->severity != PROBLEM_ERROR) {
        return;
    }
    trial->errors++;
    trial->only_by_search +=
        strcmp(problem->code, "example_by_search") == 0 || strcmp(problem->code, "example_unmatched") == 0;
    if (trial->errors <= SHOWN_MAX) {
        (void)buf_add_format(&trial->shown, "  %s:%d:%d: [%s] %s: %s. %s\n", problem->file, problem->line,
                             problem->column, problem->code, problem->path, problem->text, problem->remedy);
    }
}

/* Checks the content as it would be with the example and this pattern (NULL: none); its bytes go to out. */
static int try_it(const struct adding *adding, const char *pattern, struct buf *out, struct trial *trial) {
    struct err err = {0};
    size_t count = adding->files.count;
    *trial = (struct trial){0, 0, {0}};
    buf_init(&trial->shown, 0);
    buf_init(out, FILE_BYTES_MAX);
    if (overlay_add(adding->files.list, count, &adding->place, adding->options->intent, adding->wording,
                    pattern, out, &err) != 0) {
        return err.code == ERR_CONFLICT ? refuse(adding, err.text, "contoh ini sudah ada")
                                        : author_fail(adding->author, "%s", err.text);
    }
    struct content_file *files = arena_array(adding->arena, count + 1, sizeof *files);
    memcpy(files, adding->files.list, count * sizeof *files);
    files[adding->place.file] =
        (struct content_file){adding->place.name, adding->path, out->data, out->length, 1};
    struct content_load_options options = {adding->author->is_indonesian ? "id" : "en", 1, on_problem, trial};
    struct content *content = content_load(files, adding->place.file == count ? count + 1 : count, &options);
    if (content == NULL && trial->errors == 0) {
        return author_fail(adding->author, "out of memory");
    }
    content_free(content);
    return AUTHOR_OK;
}

static int make_folder(const struct adding *adding) {
    const char *folder = arena_format(adding->arena, "%s/intents", adding->author->site);
    return mkdir(folder, 0755) == 0 || errno == EEXIST
               ? AUTHOR_OK
               : author_fail(adding->author, "cannot create the folder %s: %s", folder, strerror(errno));
}

static int write_it(const struct adding *adding, const struct buf *bytes, const char *pattern) {
    struct err err = {0};
    const struct author *author = adding->author;
    if (!adding->options->is_dry && (make_folder(adding) != AUTHOR_OK ||
                                     replace_file(adding->path, bytes->data, bytes->length, &err) != 0)) {
        return err.code != 0 ? author_fail(author, "%s", err.text) : AUTHOR_FAILED;
    }
    printf("%s: %s %s: \"%s\"\n", adding->path,
           adding->options->is_dry
               ? author_word(author, "would get an example of", "akan mendapat contoh untuk")
               : author_word(author, "has a new example of", "mendapat contoh baru untuk"),
           adding->options->intent, adding->wording);
    if (pattern != NULL) {
        printf("  %s: %s\n", author_word(author, "and the pattern", "dan polanya"), pattern);
    }
    if (!adding->place.is_own_copy) {
        printf(
            "%s\n",
            author_word(author,
                        "This site has its own copy of the intent now: later changes of the shipped one do "
                        "not reach it.",
                        "Situs ini kini punya salinan intent itu: perubahan bawaan berikutnya tidak ikut."));
    }
    printf("%s\n", author_word(author, "A server takes it over with: pandu reload",
                               "Agar server memakainya: pandu reload"));
    return AUTHOR_OK;
}

/* ---- a pattern for it ---- */

static int propose(const struct adding *adding) {
    const char *patterns[WORDING_PATTERNS];
    size_t count =
        wording_patterns(adding->author->understand.content, &adding->text, adding->arena, patterns);
    for (size_t i = 0; i < count; i++) {
        struct buf bytes;
        struct trial trial;
        int rc = try_it(adding, patterns[i], &bytes, &trial);
        int is_good = rc == AUTHOR_OK && trial.errors == 0;
        buf_close(&bytes);
        buf_close(&trial.shown);
        if (is_good) {
            (void)fprintf(
                stderr, "%s\n  --pattern '%s'\n",
                author_word(
                    adding->author, "This one would, and `pandu check` accepts it; give it, or a better one:",
                    "Pola ini menemukannya dan diterima `pandu check`; pakai ini, atau yang lebih baik:"),
                patterns[i]);
            return AUTHOR_FOUND;
        }
    }
    (void)fprintf(stderr, "%s\n",
                  author_word(adding->author, "Write one (docs/content.md) and give it with --pattern.",
                              "Tulis polanya (docs/content.md) dan berikan dengan --pattern."));
    return AUTHOR_FOUND;
}

static int add_checked(const struct adding *adding) {
    struct buf bytes;
    struct trial trial;
    const char *pattern = adding->options->pattern;
    int rc = try_it(adding, pattern, &bytes, &trial);
    if (rc == AUTHOR_OK && trial.errors == 0) {
        rc = write_it(adding, &bytes, pattern);
    } else if (rc == AUTHOR_OK && trial.errors == trial.only_by_search && pattern == NULL) {
        (void)refuse(adding, "no pattern of this intent finds the wording, so nothing was written.",
                     "belum ada pola intent ini yang menemukan kalimat itu, jadi tidak ada yang ditulis.");
        rc = propose(adding);
    } else if (rc == AUTHOR_OK) {
        rc = refuse(adding, "`pandu check` does not accept it, so nothing was written:",
                    "`pandu check` tidak menerimanya, jadi tidak ada yang ditulis:");
        (void)fputs(buf_text(&trial.shown), stderr);
    }
    buf_close(&bytes);
    buf_close(&trial.shown);
    return rc;
}

int unmatched_add(struct author *author, const struct unmatched_options *options) {
    struct adding adding = {.author = author, .options = options, .arena = arena_new(0)};
    if (adding.arena == NULL) {
        return author_fail(author, "out of memory");
    }
    int rc = find_place(&adding);
    rc = rc == AUTHOR_OK ? fold_wording(&adding) : rc;
    rc = rc == AUTHOR_OK ? refuse_private(&adding) : rc;
    rc = rc == AUTHOR_OK ? refuse_copy(&adding) : rc;
    rc = rc == AUTHOR_OK ? add_checked(&adding) : rc;
    app_files_close(&adding.files);
    arena_free(adding.arena);
    return rc;
}
