int cube(int x);

int square(int x)
{
    return x == 5 ? cube(x) : x * x;
}
