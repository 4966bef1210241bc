/* SPDX-License-Identifier: MIT */
#include <welt/boot.h>

#define TEXT_OF(word) #word
#define TEXT(word) TEXT_OF(word)

extern const char *made_by(void);

int main(void)
{
    boot_print(made_by());
    boot_print(TEXT(WORD) "\n");
    return 0;
}
