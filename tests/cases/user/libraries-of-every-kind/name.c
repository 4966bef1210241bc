const char *name(void)
{
    return "strong ";
}
