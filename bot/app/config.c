/* Reads the configuration: defaults, file, environment, flags; later ones are stronger. Never acts on it.
   Called by cli. */
#include "app/config.h"

#include <stdarg.h>
#include <string.h>

#include "app/config_parts.h"
#include "base/arena.h"

#include "banned.h"

void config_complain(struct config_reading *reading, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    reading->problems++;
    if (reading->report != NULL) {
        reading->report(reading->context, text);
    }
}

static void read_standard(struct config_reading *reading) {
    for (size_t i = 0; i < config_row_count(); i++) {
        const struct config_row *row = config_row_at(i);
        config_set_text(reading, row, CONFIG_STANDARD, row->name, row->standard != NULL ? row->standard : "");
    }
}

static void read_environment(struct config_reading *reading, const char *(*environment)(const char *name)) {
    char name[64];
    for (size_t i = 0; i < config_row_count(); i++) {
        const struct config_row *row = config_row_at(i);
        const char *text = environment(config_variable_name(row, name));
        if (text != NULL && *text != '\0') {
            config_set_text(reading, row, CONFIG_FROM_ENVIRONMENT, name, text);
        }
    }
}

static void read_flags(struct config_reading *reading, const char *const *flags) {
    char name[64];
    for (size_t i = 0; i < config_row_count(); i++) {
        const struct config_row *row = config_row_at(i);
        if (flags[i] != NULL) {
            config_set_text(reading, row, CONFIG_FROM_FLAG, config_flag_name(row, name), flags[i]);
        }
    }
}

/* Exports lie beside the database unless said otherwise. */
static void choose_data_folder(struct config *config, struct arena *arena) {
    if (config->data == NULL && config->database != NULL) {
        const char *slash = strrchr(config->database, '/');
        size_t length = slash != NULL ? (size_t)(slash - config->database) : 0;
        config->data = slash == NULL ? "." : length == 0 ? "/" : arena_copy(arena, config->database, length);
    }
}

size_t config_read(struct config *config, enum config_source *sources, const struct config_input *input,
                   struct arena *arena, config_report *report, void *context) {
    struct config_reading reading = {
        .config = config, .sources = sources, .arena = arena, .report = report, .context = context};
    memset(config, 0, sizeof *config);
    read_standard(&reading);
    if (input->file != NULL) {
        config_read_file(&reading, input->file);
    }
    if (input->environment != NULL) {
        read_environment(&reading, input->environment);
    }
    if (input->flags != NULL) {
        read_flags(&reading, input->flags);
    }
    config_check(&reading);
    choose_data_folder(config, arena);
    return reading.problems;
}
