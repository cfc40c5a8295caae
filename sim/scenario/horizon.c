/* horizon.c: fiscal years as days, and the calendar over them. */
#include <string.h>

#include "scenario/loader.h"

static struct outlay_place place_of(const struct outlay_loader *self, const char *path)
{
    const struct outlay_yaml_node *blame = NULL;
    const struct outlay_yaml_node *node = outlay_lookup(self->root, path, &blame);
    return node != NULL ? node->place : (struct outlay_place){.file = self->scenario->file_names[0]};
}

static void resolve_years(struct outlay_loader *self)
{
    struct outlay_scenario *scenario = self->scenario;
    const struct outlay_date end = outlay_date_add_years(scenario->start, scenario->n_years);
    if (!outlay_date_is_valid(end)) {
        const struct outlay_place place = place_of(self, "horizon.start");
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &place,
                                "the horizon ends in the year %d; years 1900 to 2200 are allowed", end.year);
        return;
    }
    scenario->first_day = outlay_date_to_day(scenario->start);
    for (int y = 0; y <= scenario->n_years; y++) {
        const struct outlay_date first = outlay_date_add_years(scenario->start, y);
        scenario->year_first_day[y] = outlay_date_to_day(first) - scenario->first_day;
    }
    scenario->n_days = scenario->year_first_day[scenario->n_years];
    self->has_horizon = true;
}

static bool is_file(const char *name)
{
    const size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

/* A calendar file of the user's own, kept in the scenario; NULL, with notes, if it cannot be read. */
static const struct outlay_file *calendar_file(struct outlay_loader *self, const char *name,
                                               const struct outlay_place *place)
{
    char *text = NULL;
    if (outlay_stored_file(self, name) != NULL) {
        return outlay_stored_file(self, name);
    }
    if (outlay_file_read(name, place, &text, self->diag) != OUTLAY_OK) {
        return NULL;
    }
    const struct outlay_yaml_node *blame = NULL;
    const struct outlay_yaml_node *node = outlay_lookup(self->root, "calendar", &blame);
    if (node != NULL && node->kind == OUTLAY_YAML_SCALAR && node->place.file != NULL &&
        strcmp(node->place.file, "--set") != 0) { /* whoever gives a --set has named the file */
        outlay_leaving_tell(self, node, node->place.file, name);
    }
    return outlay_named_file_keep(self, name, text, strlen(text));
}

static void resolve_calendar(struct outlay_loader *self)
{
    struct outlay_scenario *scenario = self->scenario;
    const struct outlay_place place = place_of(self, "calendar");
    const char *name = scenario->calendar;
    const int32_t first = scenario->first_day, n_days = scenario->n_days;
    outlay_err err = OUTLAY_OK;
    if (is_file(name)) {
        const struct outlay_file *file = calendar_file(self, name, &place);
        err = file == NULL
                  ? OUTLAY_ERR_CANNOT_READ
                  : outlay_calendar_init_text(&scenario->working, name, file->bytes, first, n_days, &place, self->diag);
    } else {
        err = outlay_calendar_init(&scenario->working, name, first, n_days, &place, self->diag);
    }
    if (err != OUTLAY_OK) {
        self->has_horizon = false; /* noted: nothing can be said about working days */
    }
}

void outlay_horizon_resolve(struct outlay_loader *self)
{
    const struct outlay_scenario *scenario = self->scenario;
    if (scenario->start.year == 0 || scenario->n_years == 0 || scenario->calendar == NULL) {
        return; /* noted when they were read */
    }
    resolve_years(self);
    if (self->has_horizon) {
        resolve_calendar(self);
    }
}
