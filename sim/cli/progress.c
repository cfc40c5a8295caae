/* progress.c: signals, and the line that says how far a run is. */
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

volatile sig_atomic_t cli_interrupted = 0;

static void interrupt(int signal_number)
{
    cli_interrupted = signal_number;
}

void signals_survive_limits(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_IGN; /* a file-size limit is then an error of the write that meets it */
    sigemptyset(&action.sa_mask);
    sigaction(SIGXFSZ, &action, NULL);
}

void signals_catch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    action.sa_flags = (int)SA_RESETHAND; /* the second one ends the program at once */
    sigemptyset(&action.sa_mask);
    const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        struct sigaction inherited;
        /* whoever starts the program in the background may have it ignore a signal */
        if (sigaction(stopping[i], NULL, &inherited) == 0 && inherited.sa_handler != SIG_IGN) {
            sigaction(stopping[i], &action, NULL);
        }
    }
}

static double now(void)
{
    struct timespec time;
    return clock_gettime(CLOCK_MONOTONIC, &time) == 0 ? (double)time.tv_sec + 1e-9 * (double)time.tv_nsec : 0.0;
}

void progress_start(struct progress *self, FILE *out, const char *name, bool is_quiet)
{
    *self = (struct progress){.out = !is_quiet && isatty(fileno(out)) ? out : NULL, .name = name, .start = now()};
}

double progress_seconds(const struct progress *self)
{
    return now() - self->start;
}

void progress_report(void *context, double done, double contracts)
{
    struct progress *self = context;
    const double seconds = now() - self->start;
    if (!self->has_begun) {
        self->has_begun = true;
        self->contracts = contracts;
        self->done = done;
        return;
    }
    if (self->out == NULL || (done < 1.0 && now() - self->shown < 0.1)) {
        return;
    }
    self->shown = now();
    const double left = done > self->done ? seconds * (1.0 - done) / (done - self->done) : 0.0;
    fprintf(self->out, "\r%s  %3.0f %%  %.1f M contracts/s  %d:%02d left", self->name, 100.0 * done,
            (contracts - self->contracts) / seconds / 1e6, (int)(left / 60.0), (int)left % 60);
    for (int i = 0; self->precision != NULL && i < self->precision->n_goals; i++) {
        const struct outlay_precision_goal *goal = &self->precision->goals[i];
        const double divisor = outlay_precision_divisor(goal);
        if (!isnan(goal->reached)) {
            fprintf(self->out, "  %s ± %.3g of %.3g", goal->name, goal->reached / divisor, goal->half_width / divisor);
        }
    }
    fputs("\033[K", self->out);
    fflush(self->out);
}

void progress_end(struct progress *self)
{
    if (self->out != NULL) {
        fputs("\r\033[K", self->out);
        fflush(self->out);
    }
}
