/* SPDX-License-Identifier: MIT
 *
 * The memory and string functions of the runtime, called through volatile pointers so that the
 * compiler does not answer in their place. Prints the name of each that is wrong. */
#include <welt/boot.h>

#define CALL(function) (*(__typeof__(&(function)) volatile *)&(__typeof__(&(function))){function})

static unsigned checks, wrong;
static char area[64];

static void expect(int is_right, const char *what)
{
    checks++;
    if (is_right)
        return;
    wrong++;
    boot_print(what);
    boot_print(" is wrong\n");
}

static void fill_area(void)
{
    for (unsigned index = 0; index < sizeof area; index++)
        area[index] = (char)('a' + index % 26);
}

/* Whether area[from ...] holds `text`, byte by byte. */
static int holds(unsigned from, const char *text)
{
    for (; *text; text++, from++)
        if (area[from] != *text)
            return 0;
    return 1;
}

static void check_copies(void)
{
    fill_area();
    expect(CALL(memcpy)(area + 30, area, 4) == area + 30, "memcpy's value");
    expect(holds(29, "dabcdi"), "memcpy");
    fill_area();
    CALL(memcpy)(area + 1, "xyz", 0);
    expect(holds(0, "abcd"), "memcpy of nothing");
    fill_area();
    expect(CALL(memmove)(area + 2, area, 5) == area + 2, "memmove's value");
    expect(holds(0, "ababcdehi"), "memmove upwards");
    fill_area();
    CALL(memmove)(area, area + 2, 5);
    expect(holds(0, "cdefgfghi"), "memmove downwards");
    fill_area();
    CALL(memmove)(area + 10, area, 10);
    expect(holds(9, "jabcdefghiju"), "memmove of neighbours");
    fill_area();
    CALL(memmove)(area + 4, area + 4, 4);
    CALL(memmove)(area + 5, area + 4, 0);
    expect(holds(0, "abcdefghijk"), "memmove of the same");
    uint32_t flags;
    __asm__ volatile("pushfl\n\tpopl %0" : "=r"(flags));
    expect(!(flags & 0x400), "the direction flag");
}

static void check_memory(void)
{
    fill_area();
    expect(CALL(memset)(area + 1, 0x1241, 3) == area + 1, "memset's value");
    expect(holds(0, "aAAAe"), "memset");
    CALL(memset)(area, 0, 0);
    expect(area[0] == 'a', "memset of nothing");
    expect(CALL(memcmp)("abc", "abd", 3) < 0, "memcmp less");
    expect(CALL(memcmp)("abd", "abc", 3) > 0, "memcmp greater");
    expect(CALL(memcmp)("\xff", "\x01", 1) > 0, "memcmp of bytes above 127");
    expect(CALL(memcmp)("abc", "abd", 2) == 0, "memcmp equal");
    expect(CALL(memcmp)("a", "b", 0) == 0, "memcmp of nothing");
    expect(CALL(bcmp)("abc", "abd", 3) != 0 && CALL(bcmp)("abc", "abc", 4) == 0, "bcmp");
    const char *text = "abcabc";
    expect(CALL(memchr)(text, 'b' | 0x100, 6) == text + 1, "memchr");
    expect(CALL(memchr)(text, 'c', 2) == 0, "memchr beyond the end");
}

static void check_strings(void)
{
    const char *text = "abcabc";
    expect(CALL(strlen)("") == 0 && CALL(strlen)("four") == 4, "strlen");
    expect(CALL(strnlen)("four", 3) == 3 && CALL(strnlen)("four", 9) == 4, "strnlen");
    expect(CALL(strcmp)("a", "a") == 0 && CALL(strcmp)("a", "ab") < 0, "strcmp");
    expect(CALL(strcmp)("b", "ab") > 0 && CALL(strcmp)("\xff", "a") > 0, "strcmp's order");
    expect(CALL(strncmp)("abc", "abd", 2) == 0 && CALL(strncmp)("abc", "abd", 3) < 0, "strncmp");
    expect(CALL(strncmp)("a", "a", 9) == 0 && CALL(strncmp)("a", "b", 0) == 0, "strncmp's end");
    fill_area();
    expect(CALL(strcpy)(area, "xy") == area && holds(0, "xy") && !area[2] && area[3] == 'd',
           "strcpy");
    expect(CALL(strcat)(area, "z") == area && holds(0, "xyz") && !area[3] && area[4] == 'e',
           "strcat");
    fill_area();
    expect(CALL(strncpy)(area, "xy", 4) == area && holds(0, "xy"), "strncpy");
    expect(!area[2] && !area[3] && area[4] == 'e', "strncpy's zeros");
    CALL(strncpy)(area, "uvwxyz", 3);
    expect(holds(0, "uvw") && !area[3], "strncpy of a long text");
    expect(CALL(strchr)(text, 'b') == text + 1 && CALL(strchr)(text, 'x') == 0, "strchr");
    expect(CALL(strchr)(text, 0) == text + 6, "strchr of the end");
    expect(CALL(strrchr)(text, 'b') == text + 4 && CALL(strrchr)(text, 'x') == 0, "strrchr");
    expect(CALL(strrchr)(text, 0) == text + 6, "strrchr of the end");
}

int main(void)
{
    check_copies();
    check_memory();
    check_strings();
    boot_print_dec(checks);
    boot_print(" checks, ");
    boot_print_dec(wrong);
    boot_print(" wrong\n");
    return 0;
}
