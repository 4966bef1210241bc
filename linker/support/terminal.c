/* SPDX-License-Identifier: MIT
 *
 * LLVM 14's support library asks terminfo whether a terminal has colours before it prints. Welt
 * lets LLVM print nothing, so these four answer "there is no terminal" and spare the command, and
 * every host, a library to load. They are made local with all else when libwelt is prelinked
 * (linker/CMakeLists.txt): a host's own terminfo never meets them. */

int setupterm(const char *name, int descriptor, int *status);
void *set_curterm(void *terminal);
int del_curterm(void *terminal);
int tigetnum(const char *capability);

int setupterm(const char *name, int descriptor, int *status)
{
    (void)name;
    (void)descriptor;
    if (status)
        *status = 0;
    return -1;
}

void *set_curterm(void *terminal)
{
    (void)terminal;
    return (void *)0;
}

int del_curterm(void *terminal)
{
    (void)terminal;
    return -1;
}

int tigetnum(const char *capability)
{
    (void)capability;
    return -1;
}
