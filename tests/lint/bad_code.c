/* Faults on purpose, one for each warning that compiler_warnings.py looks for. Never part of a build. */
#include <stdio.h>

#if OUTLAY_NO_SUCH_MACRO /* undef */
#endif

enum colour { RED, GREEN };

int no_prototype(int n) /* missing-prototypes */
{
    return n;
}

int old(); /* strict-prototypes */

static int faults(double x, const char *text, enum colour colour, unsigned count, int n)
{
    int unused;                    /* unused-variable */
    int whole = x;                 /* float-conversion */
    short narrow = n;              /* conversion, implicit-int-conversion */
    int negative = count;          /* sign-conversion */
    char *writable = (char *)text; /* cast-qual */
    int room[n];                   /* vla */
    room[0] = 0;
    if (whole > 0) {
        int whole = 1; /* shadow */
        printf("%d\n", whole);
    }
    switch (colour) { /* switch */
    case RED:
        break;
    }
    printf("%s\n", negative); /* format */
    return room[0] + writable[0] + narrow + old();
}

int (*const keep)(double, const char *, enum colour, unsigned, int) = faults;
