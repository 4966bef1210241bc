/* build: gcc -m32 -gstabs -w -O0 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -c */
struct list {
    int number;
    struct list *next;
};
static int third_count = 3;

int never(struct list *list)
{
    int number = list->number;
    return number + third_count;
}
