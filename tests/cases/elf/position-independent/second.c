extern const char *names[], *const last;
extern int table[];
const char *const last = "two";
extern char _end[];
char *where = _end;

__attribute__((common)) int seen; /* its place is chosen after the slots of the table */

int other(int x)
{
    seen += x;
    return table[x] + names[1][0] + last[0] + seen;
}
