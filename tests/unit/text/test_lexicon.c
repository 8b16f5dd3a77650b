/* domain/text: loading normalise.json, its mistakes, and the shipped file itself. */
#include "unit/text/text_fixture.h"

struct complaints {
    size_t count;
    char last_path[256];
    char all[8192];
};

static void collect(void *context, const char *path, const char *text) {
    struct complaints *complaints = context;
    complaints->count++;
    (void)snprintf(complaints->last_path, sizeof complaints->last_path, "%s", path);
    size_t used = strlen(complaints->all);
    (void)snprintf(complaints->all + used, sizeof complaints->all - used, "%s %s\n", path, text);
}

static struct value *parse(const char *json) {
    struct err err;
    err_clear(&err);
    struct value *value = value_parse(json, strlen(json), &err);
    if (value == NULL) {
        print_message("%s: %s\n", json, err.text);
    }
    assert_non_null(value);
    return value;
}

static struct lexicon *load(struct arena *arena, const char *json, struct complaints *complaints) {
    struct value *file = parse(json);
    const struct value *files[] = {file};
    memset(complaints, 0, sizeof *complaints);
    struct lexicon *lexicon = lexicon_new(files, 1, arena, collect, complaints);
    value_free(file); /* the lexicon keeps nothing of the file */
    return lexicon;
}

static void refuses_mistakes(void **state) {
    (void)state;
    static const struct {
        const char *json, *path;
    } list[] = {
        {"{}", "$.languages"},
        {"{\"languages\": []}", "$.languages"},
        {"{\"languages\": [3]}", "$.languages[0]"},
        {"{\"languages\": [{\"name\": \"x\"}]}", "$.languages[0].code"},
        {"{\"languages\": [{\"code\": \"id\", \"form\": {}}]}", "$.languages[0].form"},
        {"{\"languages\": [{\"code\": \"id\", \"markers\": \"x\"}]}", "$.languages[0].markers"},
        {"{\"languages\": [{\"code\": \"id\", \"known\": [\"dua kata\"]}]}", "$.languages[0].known[0]"},
        {"{\"languages\": [{\"code\": \"id\", \"known\": [\"ok\", 3]}]}", "$.languages[0].known[1]"},
        {"{\"languages\": [{\"code\": \"id\", \"keep\": [\"Maaf\"]}]}", "$.languages[0].keep[0]"},
        {"{\"languages\": [{\"code\": \"id\", \"forms\": {\"gk\": 3}}]}", "$.languages[0].forms.gk"},
        {"{\"languages\": [{\"code\": \"id\", \"forms\": []}]}", "$.languages[0].forms"},
        {"{\"languages\": [{\"code\": \"id\", \"forms\": {\"gk\": \"Tidak\"}}]}", "$.languages[0].forms.gk"},
        {"{\"languages\": [{\"code\": \"id\", \"forms\": {\"gpp\": \"tidak apa-apa\"}}]}",
         "$.languages[0].forms.gpp"},
        {"{\"languages\": [{\"code\": \"id\", \"forms\": {\"a\": \"b\", \"b\": \"c\", \"c\": \"a\"}}]}",
         "$.languages[0].forms.a"},
        {"{\"languages\": [{\"code\": \"id\", \"forms\": {\"a\": \"a\"}}]}", "$.languages[0].forms.a"},
        {"{\"languages\": [{\"code\": \"id\", \"forms\": {\"a\": \"mau k\"}, \"ambiguous\": "
         "[{\"form\": \"k\", \"standard\": \"ke\", \"unless_last\": true}]}]}",
         "$.languages[0].forms.a"},
        {"{\"languages\": [{\"code\": \"id\", \"ambiguous\": {}}]}", "$.languages[0].ambiguous"},
        {"{\"languages\": [{\"code\": \"id\", \"ambiguous\": [{\"form\": \"k\", \"standard\": \"ke\"}]}]}",
         "$.languages[0].ambiguous[0]"},
        {"{\"languages\": [{\"code\": \"id\", \"ambiguous\": [{\"form\": \"k\", \"standard\": \"ke\", "
         "\"befor\": [\"a\"], \"only_last\": true}]}]}",
         "$.languages[0].ambiguous[0].befor"},
        {"{\"languages\": [{\"code\": \"id\", \"ambiguous\": [{\"form\": \"k\", \"standard\": \"ke\", "
         "\"before\": []}]}]}",
         "$.languages[0].ambiguous[0]"},
        {"{\"languages\": [{\"code\": \"id\", \"forms\": {\"k\": \"ke\"}, \"ambiguous\": [{\"form\": \"k\", "
         "\"standard\": \"kak\", \"only_last\": true}]}]}",
         "$.languages[0].ambiguous[0]"},
        {"{\"languages\": [{\"code\": \"id\", \"suffixes\": [\"nya\"]}]}", "$.languages[0].suffixes"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct arena *arena = arena_new(0);
        struct complaints complaints;
        assert_null(load(arena, list[i].json, &complaints));
        assert_true(complaints.count > 0);
        if (strcmp(complaints.last_path, list[i].path) != 0) {
            assert_non_null(strstr(complaints.all, list[i].path));
        }
        arena_free(arena);
    }
}

static void reports_every_mistake(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    struct complaints complaints;
    assert_null(
        load(arena,
             "{\"languages\": [{\"code\": \"id\", \"forms\": {\"A\": \"b\", \"x\": 1}, \"keep\": [\"\"]},"
             "{\"code\": \"e\"}]}",
             &complaints));
    assert_int_equal(complaints.count, 4);
    arena_free(arena);
}

static void follows_chains_and_merges_files(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    struct value *shipped = parse("{\"languages\": [{\"code\": \"id\", \"forms\": {\"gmna\": \"gimana\", "
                                  "\"gimana\": \"bagaimana\", \"gue\": \"saya\"}}]}");
    struct value *site = parse("{\"languages\": [{\"code\": \"jv\", \"forms\": {\"piye\": \"kepiye\"}}, "
                               "{\"code\": \"id\", \"forms\": {\"gue\": \"aku\"}}]}");
    const struct value *files[] = {shipped, site};
    struct lexicon *lexicon = lexicon_new(files, 2, arena, NULL, NULL);
    assert_non_null(lexicon);
    assert_int_equal(lexicon_language_count(lexicon), 2);
    assert_string_equal(lexicon_language(lexicon, 1), "jv");
    assert_null(lexicon_language(lexicon, 2));
    assert_int_equal(lexicon_language_index(lexicon, "jv"), 1);
    assert_int_equal(lexicon_language_index(lexicon, "xx"), TEXT_NO_LANGUAGE);
    assert_string_equal(text_fold_phrase(lexicon, 0, "gmna gue", 8, arena), "bagaimana aku");
    assert_string_equal(text_fold_phrase(lexicon, 1, "piye gmna", 9, arena), "kepiye gmna");
    value_free(shipped);
    value_free(site);
    arena_free(arena);
}

/* Context words fit in either spelling, and a word read late is a context for the one before it. */
static void reads_context_in_both_spellings(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    struct complaints complaints;
    struct lexicon *lexicon = load(
        arena,
        "{\"languages\": [{\"code\": \"id\", \"forms\": {\"gmn\": \"bagaimana\"}, \"ambiguous\": ["
        "{\"form\": \"k\", \"standard\": \"kak\", \"before\": [\"gmn\"]},"
        "{\"form\": \"x\", \"standard\": \"satu\", \"before\": [\"dua\"]},"
        "{\"form\": \"y\", \"standard\": \"dua\", \"before\": [\"tiga\"], \"unless_after\": [\"z\"]}]}]}",
        &complaints);
    assert_non_null(lexicon);
    static const char *const list[][2] = {{"k gmn", "kak bagaimana"}, {"k bagaimana", "kak bagaimana"},
                                          {"k apa", "k apa"},         {"x y tiga", "satu dua tiga"},
                                          {"z y tiga", "z y tiga"},   {"x", "x"}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        assert_string_equal(text_fold_phrase(lexicon, 0, list[i][0], strlen(list[i][0]), arena), list[i][1]);
    }
    arena_free(arena);
}

static void phrases_fold_like_messages(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        int language;
        const char *phrase, *folded;
    } list[] = {
        {0, "Gimana caranya?", "bagaimana cara"},
        {0, "kata2", "kata kata"},
        {0, "skill", "keterampilan"},
        {1, "skill", "skill"},
        {1, "don't know", "do not know"},
        {0, "  ", ""},
        {0, "halo. apa", "halo apa"},
        {0, "tidak apa-apa", "tidak apa apa"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        assert_string_equal(text_fold_phrase(fixture->lexicon, list[i].language, list[i].phrase,
                                             strlen(list[i].phrase), fixture->turn),
                            list[i].folded);
    }
}

static void tells_what_folding_can_produce(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(lexicon_can_produce(fixture->lexicon, 0, "bagaimana"), 1);
    assert_int_equal(lexicon_can_produce(fixture->lexicon, 0, "rumah sakit"), 1);
    assert_int_equal(lexicon_can_produce(fixture->lexicon, 0, "gimana"), 0);
    assert_int_equal(lexicon_can_produce(fixture->lexicon, 0, "caranya"), 0);
    assert_int_equal(lexicon_can_produce(fixture->lexicon, 0, "Rumah"), 0);
    assert_int_equal(lexicon_can_produce(fixture->lexicon, 0, "apa-apa"), 0);
    assert_int_equal(lexicon_can_produce(fixture->lexicon, 1, "skill"), 1);
    assert_int_equal(lexicon_can_produce(fixture->lexicon, 0, "skill"), 0);
}

/* Where the shipped lexicon departs from the list of spellings it started from, with the reason. */
static const char *const departures[] = {
    "bwt",     /* "buat" is as good a word: "untuk" or "membuat" */
    "buat",    /* standard word, two meanings */
    "cabut",   /* standard word */
    "gabut",   /* bored, or nothing to do */
    "burnout", /* would put the word "kerja" into every message about it */
    "phk",     /* the same */
    "kt",      "lo", "km",  "min", "sapa", "g",   "soalnya", "dr", "abis", "pd",
    "kaya",    "pk", "dah", "dl",  "hr",   "ukm", "d",       "k",  "n",    NULL};

static int departs(const char *form) {
    for (size_t i = 0; departures[i] != NULL; i++) {
        if (strcmp(departures[i], form) == 0) {
            return 1;
        }
    }
    return 0;
}

static void knows_the_spellings_it_started_from(void **state) {
    struct fixture *fixture = *state;
    size_t length, checked = 0;
    char *bytes = fixture_read(PANDU_SOURCE "/tests/data/slang.tsv", &length);
    bytes[length] = '\0';
    char *rest = strchr(bytes, '\n') + 1;
    while (*rest != '\0') {
        char *standard = strchr(rest, '\t'), *note = strchr(standard + 1, '\t'), *end = strchr(note, '\n');
        *standard = *note = *end = '\0';
        arena_reset(fixture->turn);
        const char *folded = text_fold_phrase(fixture->lexicon, 0, rest, strlen(rest), fixture->turn);
        const char *wanted =
            text_fold_phrase(fixture->lexicon, 0, standard + 1, strlen(standard + 1), fixture->turn);
        if (!departs(rest)) {
            if (strcmp(folded, wanted) != 0) {
                print_message("%s\n", rest);
            }
            assert_string_equal(folded, wanted);
            checked++;
        }
        rest = end + 1;
    }
    assert_true(checked > 280);
    free(bytes);
}

/* Every form's standard is a fixed point, and no English word that Indonesians borrow is unknown to English.
 */
static void shipped_forms_are_sound(void **state) {
    struct fixture *fixture = *state;
    const struct value *languages = value_get(fixture->file, "languages");
    size_t least[] = {500, 120}, least_known[] = {800, 500};
    for (size_t i = 0; i < value_count(languages); i++) {
        const struct value *language = value_at(languages, i), *forms = value_get(language, "forms");
        assert_true(value_count(forms) >= least[i]);
        assert_true(value_count(value_get(language, "known")) >= least_known[i]);
        assert_true(value_count(value_get(language, "markers")) >= 150);
        void *position = NULL;
        const char *key;
        struct value *standard;
        while (value_next(forms, &position, &key, &standard)) {
            arena_reset(fixture->turn);
            const char *folded = text_fold_phrase(fixture->lexicon, (int)i, key, strlen(key), fixture->turn);
            const char *again =
                text_fold_phrase(fixture->lexicon, (int)i, folded, strlen(folded), fixture->turn);
            assert_string_equal(folded, again);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_mistakes),
        cmocka_unit_test(reports_every_mistake),
        cmocka_unit_test(follows_chains_and_merges_files),
        cmocka_unit_test(reads_context_in_both_spellings),
        cmocka_unit_test(phrases_fold_like_messages),
        cmocka_unit_test(tells_what_folding_can_produce),
        cmocka_unit_test(knows_the_spellings_it_started_from),
        cmocka_unit_test(shipped_forms_are_sound),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
