/* build: gcc -m32 -Os -ffreestanding -fpic -fcf-protection=none -c */
extern int table_two;
int table_two = 3;
int use_two(int index);

int use_two(int index)
{
    return table_two + index;
}
