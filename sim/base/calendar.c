/* calendar.c: working days by the name of a calendar. */
#include <stdlib.h>
#include <string.h>

#include "base/calendar_file.h"
#include "base/text.h"

/* scenarios/calendars/china.yaml, which the build turns into C */
extern const char outlay_calendar_china_yaml[];

static void mark_weekdays(struct outlay_calendar *self)
{
    for (int32_t i = 0; i < self->n_days; i++) {
        self->is_working[i] = outlay_date_weekday(self->first_day + i) < 5;
    }
}

static bool is_file(const char *name)
{
    const size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

static outlay_err refuse_name(const char *name, const struct outlay_place *place, struct outlay_diag *diag)
{
    static const char *const known[] = {"all_days", "weekdays", "china"};
    const outlay_err err = outlay_diag_error(diag, OUTLAY_ERR_UNKNOWN_NAME, place, "there is no calendar `%s`", name);
    const char *nearest = outlay_nearest(name, known, sizeof known / sizeof known[0]);
    if (nearest != NULL) {
        outlay_diag_hint(diag, "did you mean `%s`?", nearest);
    } else {
        outlay_diag_hint(diag, "there are weekdays, all_days and china; a file of your own ends in .yaml");
    }
    return err;
}

static outlay_err mark_from_file(struct outlay_calendar *self, const char *path, const struct outlay_place *place,
                                 struct outlay_diag *diag)
{
    char *text = NULL;
    outlay_err err = outlay_file_read(path, place, &text, diag);
    if (err == OUTLAY_OK) {
        err = outlay_calendar_mark(self, path, text, place, diag);
    }
    free(text);
    return err;
}

/* A calendar on which every day is worked. */
static outlay_err start(struct outlay_calendar *self, int32_t first_day, int32_t n_days,
                        const struct outlay_place *place, struct outlay_diag *diag)
{
    *self = (struct outlay_calendar){.first_day = first_day, .n_days = n_days};
    self->is_working = malloc(n_days > 0 ? (size_t)n_days : 1);
    if (self->is_working == NULL) {
        return outlay_diag_error(diag, OUTLAY_ERR_NO_MEMORY, place, "no memory for a calendar of %d days", n_days);
    }
    memset(self->is_working, 1, n_days > 0 ? (size_t)n_days : 1);
    return OUTLAY_OK;
}

outlay_err outlay_calendar_init_text(struct outlay_calendar *self, const char *name, const char *text,
                                     int32_t first_day, int32_t n_days, const struct outlay_place *place,
                                     struct outlay_diag *diag)
{
    outlay_err err = start(self, first_day, n_days, place, diag);
    if (err == OUTLAY_OK) {
        err = outlay_calendar_mark(self, name, text, place, diag);
    }
    if (err != OUTLAY_OK) {
        outlay_calendar_free(self);
    }
    return err;
}

outlay_err outlay_calendar_init(struct outlay_calendar *self, const char *name, int32_t first_day, int32_t n_days,
                                const struct outlay_place *place, struct outlay_diag *diag)
{
    outlay_err err = start(self, first_day, n_days, place, diag);
    if (err != OUTLAY_OK) {
        return err;
    }
    if (strcmp(name, "weekdays") == 0) {
        mark_weekdays(self);
    } else if (strcmp(name, "china") == 0) {
        err = outlay_calendar_mark(self, "china", outlay_calendar_china_yaml, place, diag);
    } else if (is_file(name)) {
        err = mark_from_file(self, name, place, diag);
    } else if (strcmp(name, "all_days") != 0) {
        err = refuse_name(name, place, diag);
    }
    if (err != OUTLAY_OK) {
        outlay_calendar_free(self);
    }
    return err;
}

void outlay_calendar_free(struct outlay_calendar *self)
{
    free(self->is_working);
    *self = (struct outlay_calendar){0};
}
