/*
 * peer_workload.h: the numbers of the two workloads for the peers in C, and what each of them brings to peer_main.c.
 * peer_workload.py has the same numbers for the peers in Python.
 */
#ifndef PEER_WORKLOAD_H
#define PEER_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

enum { N_CLASSES = 4, N_DAYS = 365, NEVER = -1 };

#define MILLION_FEN 1e8
#define BUDGET_FEN 5e11
#define APPLICANT_CAP_FEN (20 * MILLION_FEN)
#define SIZE_SIGMA 0.7

struct class
{
    double per_year;  /* simple: contracts of the class a year */
    unsigned count;   /* population: applicants */
    double take_up;   /* population */
    double each_year; /* population: contracts a year of an applicant of size 1 */
    double median_fen, sigma;
    double rate, cap_fen;
};

static const struct class classes[N_CLASSES] = {
    {1500.0, 1700, 0.6, 1.3, 6 * MILLION_FEN, 1.0, 0.5, 10 * MILLION_FEN},
    {900.0, 900, 0.6, 1.1, 3 * MILLION_FEN, 0.9, 0.6, 6 * MILLION_FEN},
    {300.0, 30, 0.8, 4.0, 4 * MILLION_FEN, 0.8, 0.5, 10 * MILLION_FEN},
    {300.0, 60, 0.8, 3.0, 5 * MILLION_FEN, 0.8, 0.5, 10 * MILLION_FEN},
};

/* Of one replicate. */
struct outcome {
    double demand, committed; /* fen */
    int exhaustion_day;       /* 0 to N_DAYS - 1, or NEVER */
    unsigned long contracts;
};

/* The weight of each day's arrivals; they do not sum to 1. */
void peer_day_weights(double weights[N_DAYS]);

/* realloc; ends the program where there is no memory. */
void *peer_realloc(void *memory, size_t size);

/* What a peer keeps for one thread. Each peer defines it and the three functions, which peer_main.c calls. */
struct peer;

/* factor multiplies the contracts. */
struct peer *peer_alloc(bool is_simple, double factor, unsigned long seed);

struct outcome peer_play(struct peer *self);

void peer_free(struct peer *self);

#endif
