/* build: clang -m16 -march=i386 -O2 -c */
/* Varargs, a switch, 64-bit division, and the compiler's defaults of a distribution. */
#include <stdarg.h>
#include <welt/boot.h>

static void print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (; *format; format++) {
        if (*format != '%') {
            boot_putc(*format);
            continue;
        }
        switch (*++format) {
        case 's':
            boot_print(va_arg(arguments, char *));
            break;
        case 'u':
            boot_print_dec(va_arg(arguments, unsigned));
            break;
        case 'x':
            boot_print_hex(va_arg(arguments, unsigned), 8);
            break;
        case 'c':
            boot_putc((char)va_arg(arguments, int));
            break;
        case 'q': {
            uint64_t value = va_arg(arguments, uint64_t);
            boot_print_dec((uint32_t)(value / 1000000000u));
            boot_putc('\'');
            boot_print_dec((uint32_t)(value % 1000000000u));
            break;
        }
        default:
            boot_print("%?");
        }
    }
    va_end(arguments);
}

int main(void)
{
    print("%s %u%c %x %z\n", "word", 42u, '!', 0xc0ffeeu);
    print("%q %q", 12345678901234567ull, 5ull);
    return 0;
}
