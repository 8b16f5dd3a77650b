/* pandu fmt, unmatched, funnel, graph and diff as an author runs them: real databases made by `pandu chat`, a
   small content folder of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>

#include "json/value.h"
#include "unit/cli/run_pandu.h"

#include "banned.h"

#define BASE PANDU_SOURCE "/tests/bad/base"
#define IN_BASE " --content " BASE " --db a.db "

/* Says lines (parted by \n) in a conversation of a.db. */
static void say(struct run_pandu *run, const char *conversation, const char *now, const char *lines) {
    char command[1024];
    run_write(run, "lines", lines, strlen(lines));
    snprintf(command, sizeof command, "chat" IN_BASE "--lang id --conversation %s --now %s < lines",
             conversation, now);
    assert_int_equal(run_command(run, command), 0);
}

static struct value *run_json(struct run_pandu *run, const char *command, int status) {
    assert_int_equal(run_command(run, command), status);
    struct value *out = value_parse(run->output, strlen(run->output), NULL);
    if (out == NULL) {
        fail_msg("no JSON: %s", run->output);
    }
    return out;
}

/* ---- fmt ---- */

static void fmt_lays_out_once(void **state) {
    struct run_pandu *run = *state;
    run_write(run, "a.json", "{\"b\":1}", 7);
    run_write(run, "bad.json", "{\n\"b\":}", 7);
    assert_int_equal(run_command(run, "fmt --check a.json"), 1);
    run_has(run, "a.json: not laid out");
    assert_int_equal(run_command(run, "fmt a.json"), 0);
    assert_int_equal(run_command(run, "fmt --check a.json"), 0);
    assert_int_equal(run_command(run, "fmt a.json bad.json none.json"), 2);
    run_has(run, "bad.json:2:5: this is no JSON");
    run_has(run, "none.json: cannot open");
    assert_int_equal(run_command(run, "fmt"), 2);
    assert_int_equal(run_command(run, "fmt --what a.json"), 2);
    assert_int_equal(run_command(run, "help >/dev/null; cat a.json bad.json; ls"), 0);
    assert_string_equal(run->output, "{\n  \"b\": 1\n}\n{\n\"b\":}a.json\nbad.json\n");
}

static void fmt_takes_a_folder(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(run_command(run, "help >/dev/null; cp -r " BASE " site"), 0);
    run_write(run, "site/site.json", "{\"bot_name\":\"B\"}", 16);
    assert_int_equal(run_command(run, "fmt site"), 0);
    run_has(run, "site/site.json: laid out anew");
    assert_int_equal(run_command(run, "fmt --check site"), 0);
    assert_int_equal(run_command(run, "check " BASE " --site site"), 0);
    assert_int_equal(run_command(run, "help >/dev/null; mkdir empty; cd empty; ../x 2>/dev/null; true"), 0);
    assert_int_equal(run_command(run, "fmt empty"), 2);
}

static void a_file_keeps_its_mode_and_its_link(void **state) {
    struct run_pandu *run = *state;
    char path[256];
    struct stat about;
    run_write(run, "real.json", "[1 ]", 4);
    assert_int_equal(run_command(run, "help >/dev/null; chmod 640 real.json; ln -s real.json link.json"), 0);
    assert_int_equal(run_command(run, "fmt link.json"), 0);
    snprintf(path, sizeof path, "%s/link.json", run->folder);
    assert_int_equal(lstat(path, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
}

/* ---- unmatched ---- */

static void groups_are_counted_and_masked(void **state) {
    struct run_pandu *run = *state;
    say(run, "v1", "2026-11-01T09:00:00+07:00", "harga beras hari ini berapa\nqwerty zxcvb 0812-3456-7890\n");
    say(run, "v2", "2026-11-02T09:00:00+07:00",
        "harga beras hari ini berapa\nharga beras berapa dong kak Wiryo\n");
    assert_int_equal(run_command(run, "unmatched" IN_BASE), 0);
    run_has(run, "     3  harga beras hari ini berapa\n        harga beras berapa dong kak [name]\n");
    run_has(run, "zxcvb [contact]");
    run_has_not(run, "0812");
    run_has_not(run, "Wiryo");
    run_has(run, "4 messages that are not understood, in 2 groups.");
    assert_int_equal(run_command(run, "unmatched --lang id --limit 1" IN_BASE), 0);
    run_has(run, "4 pesan belum dipahami, dalam 2 kelompok. Ditampilkan: 1");
    assert_int_equal(run_command(run, "unmatched --since 2026-11-02" IN_BASE), 0);
    run_has(run, "2 messages that are not understood, in 1 groups.");
    struct value *out = run_json(run, "unmatched --json" IN_BASE, 0);
    const struct value *group = value_at(value_get(out, "groups"), 0);
    assert_int_equal(value_int(value_get(group, "count"), 0), 3);
    assert_int_equal(value_int(value_get(group, "wordings"), 0), 2);
    assert_string_equal(value_get_text(group, "newest"), "2026-11-02T09:00:00+07:00");
    assert_int_equal(value_type(value_get(group, "understood_now")), VALUE_NULL);
    value_free(out);
}

static void what_is_understood_by_now_is_only_counted(void **state) {
    struct run_pandu *run = *state;
    static const char more[] =
        "{\"topic\":\"rice\",\"intents\":[{\"id\":\"rice\",\"kind\":\"answer\",\"title\":{\"id\":"
        "\"Beras\",\"en\":\"Rice\"},\"patterns\":[\"harga {gap} beras\"],\"then\":{\"reply\":"
        "\"definition\"},\"examples\":[\"harga beras\"]}]}";
    say(run, "v1", "2026-11-01T09:00:00+07:00", "harga beras hari ini berapa\nqwerty zxcvb\n");
    assert_int_equal(run_command(run, "help >/dev/null; mkdir -p site/intents"), 0);
    run_write(run, "site/intents/rice.json", more, sizeof more - 1);
    assert_int_equal(run_command(run, "unmatched --site site" IN_BASE), 0);
    run_has(run,
            "1 messages that are not understood, in 1 groups. 1 messages in 1 groups are understood by now.");
    run_has_not(run, "beras");
}

static void a_wording_is_added_or_refused(void **state) {
    struct run_pandu *run = *state;
#define ADD "unmatched --to-intent definition --site site" IN_BASE
    say(run, "v1", "2026-11-01T09:00:00+07:00", "jalan hidup orang bekerja itu apa sih\n");
    assert_int_equal(run_command(run, ADD "apa arti karier"), 2); /* no such folder */
    assert_int_equal(run_command(run, "help >/dev/null; mkdir site"), 0);
    assert_int_equal(run_command(run, ADD "jalan hidup orang bekerja itu apa ya kak"), 1);
    run_has(run, "somebody wrote it in these words");
    assert_int_equal(run_command(run, ADD "arti karier umur 25"), 1);
    run_has(run, "\"25\": a number");
    assert_int_equal(run_command(run, ADD "--lang id arti karier kata Wiryo, wa 0812-3456-7890"), 1);
    run_has(run, "\"Wiryo\": mungkin nama");
    run_has(run, "\"0812-3456-7890\": kontak");
    run_has(run, "contoh tidak boleh berisi angka, nama, atau kontak");
    assert_int_equal(run_command(run, ADD "jalur hidup manusia dewasa maksudnya"), 1); /* nothing finds it */
    run_has(run, "no pattern of this intent finds the wording, so nothing was written");
    run_has(run, "  --pattern '");
    assert_int_equal(run_command(run, ADD "--pattern 'karier {gap3} (pak Wiryo|[0-9]+)' arti karier"), 1);
    run_has(run, "\"Wiryo\": perhaps a name");
    run_has_not(run, "a number");
    assert_int_equal(run_command(run, ADD "'  '"), 1);
    assert_int_equal(run_command(run, ADD "cocok aku kak"), 1); /* another intent wins */
    run_has(run, "`pandu check` does not accept it");
    run_has(run, "site/intents/topic.json:");
    run_has(run, "[example_loses]");
    assert_int_equal(run_command(run, "help >/dev/null; find site -type f"), 0);
    assert_string_equal(run->output, ""); /* so far nothing was written */
    assert_int_equal(run_command(run, ADD "--dry-run kira kira apa definisi karier"), 0);
    run_has(run, "would get an example");
    assert_int_equal(run_command(run, "help >/dev/null; find site -type f"), 0);
    assert_string_equal(run->output, "");
    assert_int_equal(run_command(run, ADD "kira kira apa definisi karier"), 0);
    run_has(run,
            "site/intents/topic.json: has a new example of definition: \"kira kira apa definisi karier\"");
    run_has(run, "its own copy of the intent");
    assert_int_equal(run_command(run, ADD "< /dev/null"), 1);
    run_write(run, "typed", "apa persisnya karier itu\n", 25);
    assert_int_equal(run_command(run, ADD "< typed"), 0);
    assert_int_equal(run_command(run, ADD "apa persisnya karier itu"), 1);
    assert_int_equal(
        run_command(run, ADD "--pattern 'jalur {gap3} manusia' jalur hidup seorang manusia maksudnya"), 0);
    assert_int_equal(run_command(run, "check " BASE " --site site"), 0);
    run_has(run, "0 errors");
    assert_int_equal(run_command(run, "match --content " BASE " --site site jalur hidup para manusia"), 0);
    run_has(run, "answer definition");
    assert_int_equal(run_command(run, "fmt --check site"), 0);
}

static void wrong_calls_are_told(void **state) {
    struct run_pandu *run = *state;
    static const char *const wrong[][2] = {
        {"unmatched" IN_BASE, "there is no database a.db"},
        {"unmatched --limit x" IN_BASE, "--limit x is no number"},
        {"unmatched --since soon" IN_BASE, "--since soon is no date"},
        {"unmatched --lang fr" IN_BASE, "--lang fr is no language"},
        {"unmatched apa itu" IN_BASE, "a wording needs --to-intent ID"},
        {"unmatched --what" IN_BASE, "is no option"},
        {"funnel --content " BASE " --db typed", "typed is damaged or no database"},
        {"funnel --dialogue none --content " BASE " --db ok.db", "the dialogues are:\n  fit"},
        {"unmatched --to-intent none --site . apa --content " BASE " --db ok.db",
         "there is no intent \"none\""},
        {"unmatched --to-intent fit apa --content " BASE " --db ok.db",
         "name the site's own folder with --site"},
        {"graph none --content " BASE, "there is no dialogue \"none\""},
        {"graph --topic none --content " BASE, "there is no topic \"none\""},
        {"graph --db x", "is no option"},
        {"diff a --content " BASE, "name two content folders"},
        {"diff a b", "there is no folder a"},
    };
    run_write(run, "typed",
              "this is no database, it is a text that is long enough to be read as a header ..............."
              "..................",
              100);
    say(run, "v1", "2026-11-01T09:00:00+07:00", "qwerty\n");
    assert_int_equal(run_command(run, "help >/dev/null; mv a.db ok.db"), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(run_command(run, wrong[i][0]), 2);
        run_has(run, wrong[i][1]);
    }
    static const char *const verbs[] = {"unmatched", "funnel", "graph", "diff", "fmt"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        char command[64];
        snprintf(command, sizeof command, "help %s", verbs[i]);
        assert_int_equal(run_command(run, command), 0);
        run_has(run, "usage: pandu ");
        run_has(run, "Exit status: 0");
    }
}

/* ---- funnel ---- */

static void every_step_has_its_bar(void **state) {
    struct run_pandu *run = *state;
    say(run, "all", "2026-11-01T09:00:00+07:00", "cocok ga aku kerja sosial\n3\n1\n7\n"); /* good */
    say(run, "none", "2026-11-01T09:00:00+07:00", "cocok ga aku kerja sosial\n");         /* at the first */
    say(run, "one", "2026-11-02T09:00:00+07:00",
        "umur saya 30\ncocok ga aku kerja sosial\n2\n");                            /* at the second */
    say(run, "low", "2026-11-02T09:00:00+07:00", "cocok ga aku kerja sosial\n1\n"); /* past the second */
    struct value *out = run_json(run, "funnel --json" IN_BASE, 0);
    const struct value *fit = value_at(value_get(out, "dialogues"), 0), *steps = value_get(fit, "steps");
    assert_string_equal(value_get_text(fit, "dialogue"), "fit");
    assert_int_equal(value_int(value_get(fit, "started"), -1), 4);
    assert_int_equal(value_int(value_get(fit, "finished"), -1), 1);
    assert_int_equal(value_int(value_get(fit, "left"), -1), 3);
    static const int expected[][3] = {{4, 3, 1}, {2, 1, 1}, {2, 1, 1}}; /* reached, answered, left */
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(value_int(value_get(value_at(steps, i), "reached"), -1), expected[i][0]);
        assert_int_equal(value_int(value_get(value_at(steps, i), "answered"), -1), expected[i][1]);
        assert_int_equal(value_int(value_get(value_at(steps, i), "left"), -1), expected[i][2]);
    }
    assert_int_equal(value_int(value_get(value_get(fit, "results"), "good"), -1), 1);
    assert_int_equal(value_int(value_get(out, "conversations"), -1), 4);
    value_free(out);
    assert_int_equal(run_command(run, "funnel --lang id" IN_BASE), 0);
    run_has(run, "memulai 4   selesai 1 (25 %)   berhenti 3");
    run_has(run, "1 people             soal orang                      4 \u2588");
    run_has(run, "\u2592");
    run_has(run, "hasil good                    1  100 %");
    out = run_json(run, "funnel --json --since 2026-11-02 --dialogue fit" IN_BASE, 0);
    fit = value_at(value_get(out, "dialogues"), 0);
    assert_int_equal(value_int(value_get(fit, "started"), -1), 2);
    value_free(out);
}

/* ---- graph ---- */

static void a_dialogue_is_drawn(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(run_command(run, "graph fit --lang id --content " BASE), 0);
    run_has(run, "title: \"Cek cocok\"\n---\nflowchart TD\n");
    run_has(run,
            "n1[\"people<br/><b>Apakah kamu suka bertemu orang?</b><br/>1 Tidak \u2026 5 Ya\"]:::question");
    run_has(run, "n1 -->|\"soal orang \u2265 3\"| n2\n  n1 -->|\"selain itu\"| n3\n");
    run_has(run, "angka<br/>hanya bila tidak fakta age #lt; 15\"]:::question\n  style n3 stroke-dasharray");
    run_has(run, "n4 -->|\"skor fit \u2265 70\"| n5");
    assert_int_equal(run_command(run, "graph --dot --content " BASE), 0);
    run_has(run, "subgraph cluster_0");
    struct value *out = run_json(run, "graph --json --lang en --content " BASE, 0);
    assert_true(value_count(value_get(out, "nodes")) >= 4);
    value_free(out);
    assert_int_equal(run_command(run, "help >/dev/null; mkdir bin; PATH=$PWD/bin " PANDU_BUILD
                                      "/pandu graph --svg x.svg --content " BASE),
                     2);
    run_has(run, "the program \"dot\" is missing. Install Graphviz");
    assert_int_equal(run_command(run, "graph fit --lang en --svg x.svg --content " BASE), 0);
    assert_int_equal(run_command(run, "help >/dev/null; cat x.svg"), 0);
    run_has(run, "</svg>");
    run_has(run, "Do you like meeting");
    assert_int_equal(run_command(run, "graph --svg no/x.svg --content " BASE), 2);
    run_has(run, "cannot write no/x.svg");
}

/* ---- diff ---- */

static void a_change_and_what_it_touches(void **state) {
    struct run_pandu *run = *state;
    static const char edit[] =
        "help >/dev/null; cp -r " BASE
        " new && sed -i 's/Bidang apa/Bidang mana/' new/responses/dialogues/fit.json && "
        "sed -i 's/\"cocok\", \"pas\"/\"pas\"/' new/intents/vocabulary.json";
    say(run, "v1", "2026-11-01T09:00:00+07:00",
        "apa itu karier\ncocok ga sih aku ini kerja sosial nanti\n3\n");
    say(run, "v2", "2026-11-01T09:00:00+07:00", "cocok ga aku kerja sosial, wa 0812-3456-7890\n");
    assert_int_equal(run_command(run, edit), 0);
    assert_int_equal(run_command(run, "diff " BASE " " BASE " --db a.db"), 0);
    run_has(run, "0 changes.\n2 half-done dialogues looked at, 0 touched.\n3 stored messages decided anew, 0 "
                 "would be");
    assert_int_equal(run_command(run, "diff " BASE " new"), 1);
    run_has(run, "step      changed  fit.field: ask (asked again where it was answered)");
    run_has(run, "class     changed  fit: id");
    assert_int_equal(run_command(run, "diff " BASE " new --db a.db"), 1);
    run_has(run, "running   fit: 1 of 2 half-done runs are asked something again");
    run_has(run, "     2  fit -> ");
    run_has(run, "wa [contact]");
    run_has_not(run, "0812");
    run_has(run, "3 stored messages decided anew, 2 would be answered differently.");
    struct value *out = run_json(run, "diff " BASE " new --json --db a.db", 1);
    assert_int_equal(value_int(value_get(value_get(out, "questions"), "changed"), -1), 2);
    assert_int_equal(value_int(value_get(value_at(value_get(out, "running"), 0), "touched"), -1), 1);
    value_free(out);
    assert_int_equal(
        run_command(run, "help >/dev/null; mkdir site; printf '{\"bot_name\":\"B\"}' > site/site.json"), 0);
    assert_int_equal(run_command(run, "diff --new-site site --content " BASE), 1);
    run_has(run, "setting   changed  site.json bot_name\n1 changes, 1 setting.");
}

/* ---- while the server runs ---- */

static unsigned long hash_file(const struct run_pandu *run, const char *name) {
    char path[256];
    unsigned long hash = 5381;
    snprintf(path, sizeof path, "%s/%s", run->folder, name);
    FILE *opened = fopen(path, "rb");
    for (int byte; opened != NULL && (byte = fgetc(opened)) != EOF;) {
        hash = hash * 33 + (unsigned long)byte;
    }
    if (opened != NULL) {
        fclose(opened);
    }
    return hash;
}

static void looking_changes_nothing(void **state) {
    struct run_pandu *run = *state;
    say(run, "v1", "2026-11-01T09:00:00+07:00", "qwerty zxcvb\ncocok ga aku kerja sosial\n");
    unsigned long before = hash_file(run, "a.db");
    assert_int_equal(run_command(run, "unmatched" IN_BASE), 0);
    assert_int_equal(run_command(run, "funnel" IN_BASE), 0);
    assert_int_equal(run_command(run, "diff " BASE " " BASE " --db a.db"), 0);
    assert_true(before == hash_file(run, "a.db"));
    /* a chat holds the database open and has just written to its log: its second answer is there */
    static const char beside[] = "help >/dev/null; mkfifo in; " PANDU_BUILD "/pandu chat" IN_BASE
                                 "--conversation v9 < in > said & exec 3> in; echo 'asdf hjkl' >&3; n=0; "
                                 "until [ $(grep -c Pandu said) -ge "
                                 "2 ] || [ $n = 600 ]; do sleep 0.1; n=$((n+1)); done; " PANDU_BUILD
                                 "/pandu unmatched" IN_BASE "; exec 3>&-; wait";
    assert_int_equal(run_command(run, beside), 0);
    run_has(run, "asdf hjkl");
    run_has(run, "2 messages that are not understood");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, run_setup, run_teardown)
int main(void) {
    const struct CMUnitTest tests[] = {CASE(fmt_lays_out_once),
                                       CASE(fmt_takes_a_folder),
                                       CASE(a_file_keeps_its_mode_and_its_link),
                                       CASE(groups_are_counted_and_masked),
                                       CASE(what_is_understood_by_now_is_only_counted),
                                       CASE(a_wording_is_added_or_refused),
                                       CASE(wrong_calls_are_told),
                                       CASE(every_step_has_its_bar),
                                       CASE(a_dialogue_is_drawn),
                                       CASE(a_change_and_what_it_touches),
                                       CASE(looking_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
