extern const char *names[], *const last;
extern int table[];
const char *const last = "two";
extern char _end[];
char *where = _end;

int other(int x)
{
    return table[x] + names[1][0] + last[0];
}
