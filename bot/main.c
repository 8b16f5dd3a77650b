/* Pandu: argv to a verb. Everything else is in cli/. It never opens a file of its own. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/cli.h"

#include "banned.h"

/* A descriptor 0, 1 or 2 that the caller closed would go to the next file opened: the database's lock would
   be read as what a visitor says, or get what Pandu answers. Read-only: reading finds the end, writing fails
   and is reported. */
static int keep_standard_descriptors(void) {
    int descriptor = 0;
    while (descriptor <= STDERR_FILENO) {
        if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != descriptor) {
            return -1;
        }
        descriptor++;
    }
    return 0;
}

int main(int count, char **arguments) {
    if (keep_standard_descriptors() < 0) {
        return 1;
    }
    return cli_main(count, arguments);
}
