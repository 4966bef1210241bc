/* build: gcc -m64 -Os -mcmodel=kernel -mno-red-zone -ffreestanding -fno-pic -fno-pie -fcf-protection=none -fno-stack-protector -ffunction-sections -fdata-sections -c */
extern char flag[];
static const char *const names[] = {"text", "more", "a tail of more"};
static int counters[4];

static __attribute__((noinline)) int pick(int which)
{
    switch (which) {
    case 0: return counters[1]++;
    case 1: return counters[2] + flag[1];
    case 2: return names[which & 1][2];
    case 3: return (int)(long)&counters[3];
    case 4: return which * 7;
    default: return which;
    }
}

int kernel_main(int which)
{
    return pick(which) + names[which][0];
}
