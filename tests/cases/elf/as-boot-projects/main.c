/* build: gcc -m32 -march=i386 -Os -ffreestanding -fcommon -fno-pic -fno-pie -fno-asynchronous-unwind-tables -fcf-protection=none -c */
extern char end[], _binary_blob_start[] __attribute__((weak)), _binary_blob_size[] __attribute__((weak));
extern int nobody __attribute__((weak));
int common_one[3];
int given = 5;
const char text[] = "the text";
static int own[10];

__attribute__((constructor(500))) void early(void)
{
    own[1] = 1;
}

void main(void)
{
    common_one[1] = given + (int)_binary_blob_size + _binary_blob_start[0];
    own[given] = text[given] + (end - text) + (&nobody != 0);
}
