/* One of GNU ld's names is asked for, the others are not there. */
extern char _end[];
extern int first(int), *const table[];
__asm__(".section .note.own, \"a\", @note\n.long 4, 4, 1\n.ascii \"own\\0\"\n.long 7\n.text\n");
int zero[4], some[2] = {1, 2};
int *const table[] = {some, zero};

int first(int x)
{
    return table[x & 1][0] + _end[x];
}

int start(int x)
{
    return first(x) + some[0];
}
