#include <bios.h>

/* Objects add to a table without knowing of each other; its bounds are the section's. */
typedef void command(void);
extern command *const __start_commands[], *const __stop_commands[];

static void first(void)
{
    bios_print("first ");
}

__attribute__((section("commands"), used)) static command *const entry = first;

int main(void)
{
    for (command *const *next = __start_commands; next != __stop_commands; next++)
        (*next)();
    bios_print("done");
    return 0;
}
