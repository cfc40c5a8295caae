/* The twin of bad_code.c without faults: the flags must accept it. Never part of a build. */
#include <stdio.h>

int good(double x, unsigned count);

int good(double x, unsigned count)
{
    const int whole = (int)x;
    printf("%d %u\n", whole, count);
    return whole;
}
