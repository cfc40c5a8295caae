/* precision_text.c: "p_exhausted=0.005, outlay.p95@training=10 M" -> what is asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "outlay/precision.h"
#include "outlay/quantity.h"
#include "outlay/replicate.h"

static const char parameter[] = "simulation.precision";
static const char p_exhausted[] = "p_exhausted", date[] = "exhaustion_date";

/* What is being read. */
struct reader {
    const struct outlay_scenario *scenario;
    struct outlay_diag *diag;
    struct outlay_place place; /* of the whole value */
};

/* Where the value was written, as the resolved scenario tells it. */
static const char *origin_of(const struct outlay_scenario *scenario)
{
    for (int i = 0; i < scenario->n_entries; i++) {
        if (strcmp(scenario->entries[i].path, parameter) == 0) {
            return scenario->entries[i].origin;
        }
    }
    return NULL;
}

/* The text without blanks at its ends, which are cut off in place. */
static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    for (size_t n = strlen(text); n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'); n--) {
        text[n - 1] = '\0';
    }
    return text;
}

/* ---- QUANTITY ---------------------------------------------------------------------------------------------------- */

static void hint_quantities(struct reader *self, const char *name)
{
    const char *known[OUTLAY_N_ACCOUNTS + 2] = {p_exhausted, date};
    for (int i = 0; i < OUTLAY_N_ACCOUNTS; i++) {
        known[i + 2] = outlay_accounts[i].name;
    }
    const char *nearest = outlay_nearest(name, known, OUTLAY_N_ACCOUNTS + 2);
    if (nearest != NULL) {
        outlay_diag_hint(self->diag, "did you mean `%s`?", nearest);
    } else {
        outlay_diag_hint(self->diag, "p_exhausted, exhaustion_date.p50, or an account with .mean or .p95 behind it, "
                                     "such as outlay.mean");
    }
}

/* "p50" -> 0.5 */
static bool read_quantile(const char *text, double *p)
{
    double percent;
    if (text[0] != 'p' || strspn(text + 1, "0123456789.") != strlen(text + 1) ||
        !outlay_quantity_parse(text + 1, &percent) || !(percent > 0.0 && percent < 100.0)) {
        return false;
    }
    *p = percent / 100.0;
    return true;
}

static outlay_err read_quantity(struct reader *self, char *text, struct outlay_precision_goal *goal)
{
    char *dot = strchr(text, '.');
    const char *statistic = dot != NULL ? dot + 1 : "";
    bool is_good = false;
    if (dot != NULL) {
        *dot = '\0';
    }
    goal->is_date = strcmp(text, date) == 0;
    for (int i = 0; i < OUTLAY_N_ACCOUNTS && goal->account < 0; i++) {
        goal->account = strcmp(text, outlay_accounts[i].name) == 0 ? i : -1;
    }
    if (!goal->is_date && goal->account < 0 && strcmp(text, p_exhausted) != 0) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_NAME, &self->place,
                                "`precision`: there is no quantity `%s`", text);
        hint_quantities(self, text);
        return OUTLAY_ERR_UNKNOWN_NAME;
    }
    if (goal->is_date) {
        is_good = read_quantile(statistic, &goal->p);
    } else if (goal->account >= 0) {
        is_good = strcmp(statistic, "mean") == 0 || read_quantile(statistic, &goal->p);
    } else {
        is_good = dot == NULL;
    }
    if (!is_good) {
        return outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &self->place,
                                 "`precision`: `%s` takes %s, seen: %s%s", text,
                                 goal->is_date        ? "a quantile behind it, .p50 for the median"
                                 : goal->account >= 0 ? ".mean, or a quantile such as .p95, behind it"
                                                      : "nothing behind it",
                                 dot != NULL ? "." : "nothing", statistic);
    }
    return OUTLAY_OK;
}

/* ---- @PROGRAMME/YEAR --------------------------------------------------------------------------------------------- */

static outlay_err read_year(struct reader *self, const char *text, struct outlay_precision_goal *goal)
{
    const int first = self->scenario->start.year, last = first + self->scenario->n_years - 1;
    const long year = strtol(text, NULL, 10);
    if (strspn(text, "0123456789") != strlen(text) || year < first || year > last) {
        return outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &self->place,
                                 "`precision`: there is no fiscal year `%s` in the horizon, which has %d to %d", text,
                                 first, last);
    }
    goal->year = (int)year - first;
    return OUTLAY_OK;
}

static outlay_err read_programme(struct reader *self, const char *text, struct outlay_precision_goal *goal)
{
    const char *names[OUTLAY_MAX_PROGRAMMES];
    for (int i = 0; i < self->scenario->n_programmes; i++) {
        names[i] = self->scenario->programmes[i].name;
        if (strcmp(text, names[i]) == 0) {
            goal->programme = i;
            return OUTLAY_OK;
        }
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_NAME, &self->place,
                            "`precision`: there is no programme `%s`", text);
    const char *nearest = outlay_nearest(text, names, (size_t)self->scenario->n_programmes);
    outlay_diag_hint(self->diag, nearest != NULL ? "did you mean `%s`?" : "the first one is `%s`",
                     nearest != NULL ? nearest : names[0]);
    return OUTLAY_ERR_UNKNOWN_NAME;
}

static outlay_err read_where(struct reader *self, char *text, struct outlay_precision_goal *goal)
{
    if (text[0] >= '0' && text[0] <= '9') { /* no name begins so */
        return read_year(self, text, goal);
    }
    char *slash = strchr(text, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    const outlay_err err = read_programme(self, text, goal);
    return err == OUTLAY_OK && slash != NULL ? read_year(self, slash + 1, goal) : err;
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

double outlay_precision_divisor(const struct outlay_precision_goal *goal)
{
    return goal->account >= 0 && outlay_accounts[goal->account].unit == OUTLAY_UNIT_MONEY ? OUTLAY_FEN : 1.0;
}

static outlay_err read_half_width(struct reader *self, const char *text, struct outlay_precision_goal *goal)
{
    double value;
    if (!outlay_quantity_parse(text, &value)) {
        return outlay_diag_error(self->diag, OUTLAY_ERR_BAD_NUMBER, &self->place,
                                 "`precision`: `%s` takes a number behind `=`, such as 0.005 or 10 M, seen: %s",
                                 goal->name, text[0] != '\0' ? text : "nothing");
    }
    const bool is_share =
        !goal->is_date && (goal->account < 0 || (outlay_accounts[goal->account].unit == OUTLAY_UNIT_SHARE));
    if (!(value > 0.0) || (is_share && value >= 0.5)) {
        return outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &self->place,
                                 "`precision`: the half-width of `%s` must be above 0%s, seen: %s", goal->name,
                                 is_share ? " and below 0.5" : "", text);
    }
    goal->half_width = value * outlay_precision_divisor(goal);
    return OUTLAY_OK;
}

/* One QUANTITY[@WHERE]=HALFWIDTH; the text is cut up. */
static outlay_err read_goal(struct reader *self, char *text, struct outlay_precision_goal *goal)
{
    *goal = (struct outlay_precision_goal){.account = -1, .p = NAN, .programme = -1, .year = -1, .reached = NAN};
    char *equals = strchr(text, '=');
    if (equals == NULL) {
        return outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &self->place,
                                 "`precision` takes QUANTITY=HALFWIDTH, ..., such as p_exhausted=0.005, seen: %s",
                                 text[0] != '\0' ? text : "nothing");
    }
    *equals = '\0';
    char *quantity = trimmed(text);
    goal->name = strdup(quantity);
    if (goal->name == NULL) {
        return outlay_diag_no_memory(self->diag);
    }
    char *where = strchr(quantity, '@');
    if (where != NULL) {
        *where++ = '\0';
    }
    outlay_err err = read_quantity(self, quantity, goal);
    if (err == OUTLAY_OK && where != NULL) {
        err = read_where(self, where, goal);
    }
    return err == OUTLAY_OK ? read_half_width(self, trimmed(equals + 1), goal) : err;
}

static outlay_err read_goals(struct reader *self, char *text, struct outlay_precision *precision)
{
    outlay_err err = OUTLAY_OK;
    while (text != NULL && err == OUTLAY_OK) {
        char *comma = strchr(text, ',');
        if (comma != NULL) {
            *comma = '\0';
        }
        err = read_goal(self, trimmed(text), &precision->goals[precision->n_goals++]);
        text = comma != NULL ? comma + 1 : NULL;
    }
    return err;
}

outlay_err outlay_precision_new(struct outlay_precision **self, const struct outlay_scenario *scenario,
                                struct outlay_diag *diag)
{
    const char *text = scenario->simulation.precision;
    *self = NULL;
    if (text == NULL || strcmp(text, "none") == 0) {
        return OUTLAY_OK;
    }
    size_t n_goals = 1;
    for (const char *c = text; *c != '\0'; c++) {
        n_goals += *c == ',' ? 1 : 0;
    }
    struct reader reader = {scenario, diag, {.file = origin_of(scenario)}};
    struct outlay_precision *precision = calloc(1, sizeof *precision);
    char *copy = strdup(text);
    outlay_err err = OUTLAY_ERR_NO_MEMORY;
    if (precision != NULL) {
        precision->text = strdup(text);
        precision->goals = calloc(n_goals, sizeof *precision->goals);
    }
    if (precision == NULL || precision->text == NULL || precision->goals == NULL || copy == NULL) {
        (void)outlay_diag_error(diag, err, NULL, "%s", outlay_err_text(err));
    } else {
        err = read_goals(&reader, copy, precision);
    }
    free(copy);
    if (err != OUTLAY_OK) {
        outlay_precision_free(precision);
        return err;
    }
    *self = precision;
    return OUTLAY_OK;
}

void outlay_precision_free(struct outlay_precision *self)
{
    if (self == NULL) {
        return;
    }
    for (int i = 0; i < self->n_goals; i++) {
        free(self->goals[i].name);
    }
    free(self->goals);
    free(self->text);
    free(self);
}
