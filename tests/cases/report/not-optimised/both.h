static const char odd[3] = {1, 2, 3};
static char table[64] = {1};

static int sum(const char *bytes, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += bytes[i];
    return sum;
}

static int longest(const char *bytes, int count)
{
    int best = 0, length = 0;
    for (int i = 0; i < count; i++) {
        length = bytes[i] ? length + 1 : 0;
        if (length > best)
            best = length;
    }
    return best;
}

int main(void)
{
    return sum(table, odd[0]) + longest(table, 64) + odd[1];
}
