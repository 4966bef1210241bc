int square(int x);

int cube(int x)
{
    return square(x) * x;
}
