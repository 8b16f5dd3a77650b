/* Pandu: argv to a verb. Everything else is in cli/. */
#include "cli/cli.h"

#include "banned.h"

int main(int count, char **arguments) {
    return cli_main(count, arguments);
}
