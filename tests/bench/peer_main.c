/*
 * peer_main.c: the command line, the threads and the output of the peers in C.
 *
 * usage: PEER simple|population REPLICATES THREADS SEED MEDIAN_FACTOR [FILE]
 *
 * Prints the number of contracts. FILE gets demand, committed (both in fen) and exhaustion day (-1: never) of every
 * replicate, three columns of doubles one after the other. MEDIAN_FACTOR multiplies the contracts: 1, or a bias that
 * the comparison of the programs must see. Threads share nothing but the columns.
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer_workload.h"

void peer_day_weights(double weights[N_DAYS])
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const double weight[] = {1.0, 1.1, 1.2, 1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.8, 0.9};
    for (int month = 0, day = 0; month < 12; month++) {
        for (int i = 0; i < days[month]; i++) {
            weights[day++] = weight[month];
        }
    }
}

void *peer_realloc(void *memory, size_t size)
{
    void *const moved = realloc(memory, size);
    if (moved == NULL) {
        abort();
    }
    return moved;
}

int main(int argc, char **argv)
{
    const bool is_simple = argc > 1 && strcmp(argv[1], "simple") == 0;
    if (argc < 6 || (!is_simple && strcmp(argv[1], "population") != 0)) {
        fprintf(stderr, "usage: %s simple|population REPLICATES THREADS SEED MEDIAN_FACTOR [FILE]\n", argv[0]);
        return 2;
    }
    const size_t n = strtoull(argv[2], NULL, 10);
    const unsigned long seed = strtoul(argv[4], NULL, 10);
    const double factor = strtod(argv[5], NULL);
    double *columns = peer_realloc(NULL, 3 * n * sizeof *columns);
    unsigned long contracts = 0;
#pragma omp parallel num_threads(atoi(argv[3])) reduction(+ : contracts)
    {
        struct peer *peer = peer_alloc(is_simple, factor, seed + 1000003UL * (unsigned long)omp_get_thread_num());
#pragma omp for
        for (size_t i = 0; i < n; i++) {
            const struct outcome outcome = peer_play(peer);
            columns[i] = outcome.demand;
            columns[n + i] = outcome.committed;
            columns[2 * n + i] = outcome.exhaustion_day;
            contracts += outcome.contracts;
        }
        peer_free(peer);
    }
    printf("%lu\n", contracts);
    FILE *file = argc > 6 ? fopen(argv[6], "wb") : NULL;
    const bool is_written = argc == 6 || (file != NULL && fwrite(columns, sizeof *columns, 3 * n, file) == 3 * n);
    const bool is_closed = file == NULL || fclose(file) == 0;
    free(columns);
    return is_written && is_closed ? 0 : 1;
}
