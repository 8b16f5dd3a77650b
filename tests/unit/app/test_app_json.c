/* The JSON of turns: the direct writer gives the same bytes as values printed by jansson, whatever is said;
   and what is written can be read. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_json.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "domain/engine/message_json.h"
#include "json/printer.h"
#include "json/value.h"

/* ---- the plain way: values ---- */

static const char *const outcomes[] = {"answered", "suggested", "not_understood", "dialogue",
                                       "control",  "escalated", "stale_button",   "empty"};

static void put(struct value *object, const char *key, struct value *member, int *failed) {
    if (object == NULL || member == NULL) {
        value_free(member);
        *failed = 1;
    } else if (value_set_take(object, key, member) != 0) {
        *failed = 1;
    }
}

static void put_item(struct value *array, struct value *item, int *failed) {
    if (array == NULL || item == NULL) {
        value_free(item);
        *failed = 1;
    } else if (value_add_take(array, item) != 0) {
        *failed = 1;
    }
}

/* Bytes that are no UTF-8 are repaired: a reply that was given must be storable. */
static struct value *new_text(const char *text) {
    if (u8_valid(text, strlen(text))) {
        return value_new_text(text);
    }
    char *repaired = u8_repaired(text, strlen(text));
    struct value *value = repaired != NULL ? value_new_text(repaired) : NULL;
    free(repaired);
    return value;
}

static void put_text(struct value *object, const char *key, const char *text, int *failed) {
    put(object, key, text != NULL ? new_text(text) : value_new_null(), failed);
}

static struct value *new_choices(const struct message *message, int *failed) {
    struct value *array = value_new_array();
    for (size_t i = 0; i < message->choice_count; i++) {
        struct value *item = value_new_object();
        put_text(item, "payload", message->choices[i].payload, failed);
        put_text(item, "id", message->choices[i].id, failed);
        put_text(item, "label", message->choices[i].label, failed);
        put_item(array, item, failed);
    }
    return array;
}

static struct value *new_links(const struct message *message, int *failed) {
    struct value *array = value_new_array();
    for (size_t i = 0; i < message->link_count; i++) {
        struct value *item = value_new_object();
        put_text(item, "label", message->links[i].label, failed);
        put_text(item, "url", message->links[i].url, failed);
        put_item(array, item, failed);
    }
    return array;
}

static struct value *new_bars(const struct message *message, int *failed) {
    struct value *array = value_new_array();
    for (size_t i = 0; i < message->bar_count; i++) {
        struct value *item = value_new_object();
        put_text(item, "label", message->bars[i].label, failed);
        put(item, "percent", value_new_real(message->bars[i].percent), failed);
        put_item(array, item, failed);
    }
    return array;
}

static struct value *new_message(const struct message *message, int *failed) {
    struct value *object = value_new_object();
    put_text(object, "reply", message->reply, failed);
    put_text(object, "text", message->text != NULL ? message->text : "", failed);
    put(object, "choices", new_choices(message, failed), failed);
    if (message->link_count > 0) {
        put(object, "links", new_links(message, failed), failed);
    }
    if (message->bar_count > 0) {
        put(object, "bars", new_bars(message, failed), failed);
    }
    if (message->progress_of > 0) {
        struct value *progress = value_new_object();
        put(progress, "at", value_new_int(message->progress_at), failed);
        put(progress, "of", value_new_int(message->progress_of), failed);
        put(object, "progress", progress, failed);
    }
    if (message->keep > 0) {
        put(object, "keep", value_new_int(message->keep), failed);
    }
    return object;
}

/* Prints into arena and frees object. */
static const char *print_take(struct value *object, int failed, struct arena *arena) {
    char *printed = failed ? NULL : value_print(object, 0);
    value_free(object);
    const char *text = arena_text(arena, printed);
    free(printed);
    return text;
}

static const char *plain_outcome(const struct actions *actions, struct arena *arena) {
    int failed = 0;
    struct value *object = value_new_object(), *replies = value_new_array();
    for (size_t i = 0; i < actions->message_count; i++) {
        put_item(replies, new_message(&actions->messages[i], &failed), &failed);
    }
    put(object, "replies", replies, &failed);
    put_text(object, "outcome", outcomes[actions->outcome], &failed);
    put_text(object, "intent", actions->intent, &failed);
    put_text(object, "dialogue", actions->dialogue, &failed);
    put_text(object, "step", actions->step, &failed);
    put_text(object, "state", actions->state, &failed);
    put_text(object, "language", actions->language, &failed);
    return print_take(object, failed, arena);
}

static const char *plain_inbound(const char *text, const char *choice, struct arena *arena) {
    int failed = 0;
    struct value *object = value_new_object();
    if (choice != NULL) {
        put_text(object, "choice", choice, &failed);
    } else {
        put_text(object, "text", text != NULL ? text : "", &failed);
    }
    return print_take(object, failed, arena);
}

/* ---- anything that could be said ---- */

static uint64_t next(uint64_t *seed) { /* xorshift64*, Vigna 2016 */
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717u;
}

static const char *any_text(uint64_t *seed, struct arena *arena) {
    static const char *const parts[] = {"a",
                                        "Halo, apa kabar? ",
                                        "\"",
                                        "\\",
                                        "\n",
                                        "\t",
                                        "\x01",
                                        "\x1f",
                                        "\x7f",
                                        "/",
                                        "\b\f\r",
                                        "\xC3\xA9",
                                        "\xF0\x9F\x91\x8D",
                                        "\xE2\x80\xA8",
                                        "\xFF",
                                        "\xC3",
                                        "\xED\xA0\x80",
                                        "</script>",
                                        "{export}",
                                        "\xEF\xBF\xBD"};
    size_t count = next(seed) % 12;
    const char *text = "";
    if (count == 11) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size_t limit = next(seed) % 4 == 0 ? 20 : 5; /* most without rubbish */
        text = arena_format(arena, "%s%s", text, parts[next(seed) % limit]);
    }
    return text;
}

static double any_number(uint64_t *seed) {
    static const double numbers[] = {0,         -0.0,  62.5, 100, 1e15, 1e16, 1e-5, 123456789012345678.0,
                                     -1.5e-300, 1e300, 0.1};
    double number = (double)(int64_t)next(seed) / 1e7;
    return next(seed) % 2 ? numbers[next(seed) % 11] : number / (double)(1 + next(seed) % 1000000);
}

static struct message any_message(uint64_t *seed, struct arena *arena) {
    struct message message = {.reply = any_text(seed, arena), .text = any_text(seed, arena)};
    message.choice_count = next(seed) % 4;
    message.link_count = next(seed) % 3;
    message.bar_count = next(seed) % 3;
    message.choices = arena_array(arena, message.choice_count, sizeof *message.choices);
    message.bars = arena_array(arena, message.bar_count, sizeof *message.bars);
    struct message_link *links = arena_array(arena, message.link_count, sizeof *links);
    for (size_t i = 0; i < message.choice_count; i++) {
        message.choices[i] =
            (struct message_choice){any_text(seed, arena), any_text(seed, arena), any_text(seed, arena)};
    }
    for (size_t i = 0; i < message.link_count; i++) {
        links[i] = (struct message_link){any_text(seed, arena), any_text(seed, arena)};
    }
    for (size_t i = 0; i < message.bar_count; i++) {
        message.bars[i] = (struct message_bar){any_text(seed, arena), any_number(seed)};
    }
    message.links = links;
    message.progress_of = (int)(next(seed) % 3) * (int)(next(seed) % 100000);
    message.progress_at = (int)(next(seed) % 2000000000) - 1000000000;
    message.keep = (int)(next(seed) % (MESSAGE_KEEP_MAX + 1));
    return message;
}

static struct actions any_actions(uint64_t *seed, struct arena *arena) {
    struct actions actions = {.outcome = (enum turn_outcome)(next(seed) % 8),
                              .intent = any_text(seed, arena),
                              .dialogue = any_text(seed, arena),
                              .step = any_text(seed, arena),
                              .state = any_text(seed, arena),
                              .language = any_text(seed, arena)};
    actions.message_count = next(seed) % 4;
    actions.messages = arena_array(arena, actions.message_count, sizeof *actions.messages);
    for (size_t i = 0; i < actions.message_count; i++) {
        actions.messages[i] = any_message(seed, arena);
    }
    return actions;
}

static void writes_what_values_print(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    uint64_t seed = 20261122;
    for (int i = 0; i < 5000; i++) {
        struct actions actions = any_actions(&seed, arena), again;
        const char *json = app_json_outcome(&actions, arena, NULL);
        assert_string_equal(json, plain_outcome(&actions, arena));
        assert_int_equal(app_json_read(json, strlen(json), arena, &again), 0);
        assert_string_equal(app_json_outcome(&again, arena, NULL), json);
        const char *text = any_text(&seed, arena), *choice = any_text(&seed, arena);
        assert_string_equal(app_json_inbound(text, choice, arena), plain_inbound(text, choice, arena));
        arena_reset(arena);
    }
    arena_free(arena);
}

static void refuses_what_is_no_number(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    struct message_bar bar = {"Empati", NAN};
    struct message message = {.reply = "fit", .bars = &bar, .bar_count = 1};
    struct actions actions = {.messages = &message, .message_count = 1};
    assert_null(app_json_outcome(&actions, arena, NULL));
    bar.percent = -INFINITY;
    assert_null(app_json_outcome(&actions, arena, NULL));
    arena_free(arena);
}

static void writes_whole_numbers(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    struct printer printer;
    printer_init(&printer, arena, 0);
    printer_int(&printer, 0);
    printer_raw(&printer, ",");
    printer_int(&printer, INT64_MIN);
    printer_raw(&printer, ",");
    printer_int(&printer, INT64_MAX);
    size_t length = 0;
    assert_string_equal(printer_end(&printer, &length), "0,-9223372036854775808,9223372036854775807");
    assert_int_equal(length, 42);
    arena_free(arena);
}

static void reads_keys_of_one_letter(void **state) {
    (void)state;
    static const char old[] =
        "{\"r\":\"pay\",\"t\":\"Berapa?\",\"c\":[{\"p\":\"7:yes\",\"i\":\"yes\",\"l\":\"Ya\"}],"
        "\"k\":[{\"l\":\"Peta\",\"u\":\"https://a.example\"}],\"a\":2,\"o\":6}";
    struct arena *arena = arena_new(0);
    struct value *object = value_parse(old, sizeof old - 1, NULL);
    struct message message, none;
    message_json_read(object, arena, &message);
    assert_string_equal(message.reply, "pay");
    assert_string_equal(message.text, "Berapa?");
    assert_int_equal(message.choice_count, 1);
    assert_string_equal(message.choices[0].payload, "7:yes");
    assert_string_equal(message.choices[0].id, "yes");
    assert_string_equal(message.choices[0].label, "Ya");
    assert_int_equal(message.link_count, 1);
    assert_string_equal(message.links[0].label, "Peta");
    assert_string_equal(message.links[0].url, "https://a.example");
    assert_int_equal(message.progress_at, 2);
    assert_int_equal(message.progress_of, 6);
    assert_int_equal(message.bar_count, 0);
    assert_int_equal(message.keep, 0); /* "k" were the links */
    message_json_read(NULL, arena, &none);
    assert_string_equal(none.text, "");
    assert_int_equal(none.choice_count + none.link_count + none.bar_count, 0);
    value_free(object);
    arena_free(arena);
}

static void reads_no_impossible_keep(void **state) {
    (void)state;
    static const struct {
        const char *json;
        int keep;
    } rows[] = {{"{\"keep\":1}", 1},    {"{\"keep\":16}", 16},
                {"{\"keep\":17}", 0},   {"{\"keep\":0}", 0},
                {"{\"keep\":-3}", 0},   {"{\"keep\":4294967297}", 0},
                {"{\"keep\":2.5}", 0},  {"{\"keep\":\"4\"}", 0},
                {"{\"keep\":null}", 0}, {"{}", 0}};
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct value *object = value_parse(rows[i].json, strlen(rows[i].json), NULL);
        struct message message;
        assert_non_null(object);
        message_json_read(object, arena, &message);
        assert_int_equal(message.keep, rows[i].keep);
        value_free(object);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_values_print), cmocka_unit_test(refuses_what_is_no_number),
        cmocka_unit_test(writes_whole_numbers),     cmocka_unit_test(reads_keys_of_one_letter),
        cmocka_unit_test(reads_no_impossible_keep), cmocka_unit_test(reads_no_impossible_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
