/* build: gcc -m32 -Os -ffreestanding -fpic -fcf-protection=none -c */
extern int table_one;
int table_one = 3;
int use_one(int index);

int use_one(int index)
{
    return table_one + index;
}
