/* calendar_file.c: reading a calendar file. */
#include "base/calendar_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"

struct reader {
    struct outlay_calendar *calendar;
    const struct outlay_yaml_node *root;
    int32_t from, to; /* days that the file covers, both included */
    bool is_weekend[7];
    struct outlay_diag *diag;
};

static const char *const weekday_names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                            "friday", "saturday", "sunday"};

static outlay_err refuse_key(struct reader *self, const struct outlay_yaml_node *node, const char *key,
                             const char *const *known, size_t n)
{
    const outlay_err err = outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_KEY, &node->key_place,
                                             "unknown key `%s` in a calendar file", key);
    const char *nearest = outlay_nearest(key, known, n);
    if (nearest != NULL) {
        outlay_diag_hint(self->diag, "did you mean `%s`?", nearest);
    }
    return err;
}

static bool check_keys(struct reader *self, const struct outlay_yaml_node *node, const char *const *known, size_t n)
{
    bool is_ok = true;
    for (size_t i = 0; i < node->n_children; i++) {
        bool is_known = false;
        for (size_t k = 0; k < n; k++) {
            is_known = is_known || strcmp(known[k], node->keys[i]) == 0;
        }
        is_ok = (is_known || refuse_key(self, node->children[i], node->keys[i], known, n) == OUTLAY_OK) && is_ok;
    }
    return is_ok;
}

static bool read_day(struct reader *self, const struct outlay_yaml_node *node, int32_t *day)
{
    struct outlay_date date;
    if (node->kind == OUTLAY_YAML_SCALAR && outlay_date_parse(node->text, &date)) {
        *day = outlay_date_to_day(date);
        return true;
    }
    if (node->kind != OUTLAY_YAML_BROKEN) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_DATE, &node->place,
                                "a date such as 2025-03-31 that exists is expected here%s%s%s",
                                node->kind == OUTLAY_YAML_SCALAR ? ", seen: `" : "",
                                node->kind == OUTLAY_YAML_SCALAR ? node->text : "",
                                node->kind == OUTLAY_YAML_SCALAR ? "`" : "");
    }
    return false;
}

/* {from: DATE, to: DATE} */
static bool read_range(struct reader *self, const struct outlay_yaml_node *node, int32_t *from, int32_t *to)
{
    static const char *const known[] = {"from", "to", "name"};
    bool is_ok = check_keys(self, node, known, sizeof known / sizeof known[0]);
    for (int i = 0; i < 2; i++) {
        const struct outlay_yaml_node *day = outlay_yaml_get(node, known[i]);
        if (day == NULL) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_MISSING_KEY, &node->place, "the key `%s` is missing",
                                    known[i]);
        }
        is_ok = day != NULL && read_day(self, day, i == 0 ? from : to) && is_ok;
    }
    if (is_ok && *to < *from) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &outlay_yaml_get(node, "to")->place,
                                "`to` lies before `from`");
        return false;
    }
    return is_ok;
}

/* A date, or a range of dates, within what the file covers. */
static bool read_days(struct reader *self, const struct outlay_yaml_node *node, int32_t *from, int32_t *to)
{
    bool is_ok = false;
    if (node->kind == OUTLAY_YAML_MAPPING) {
        is_ok = read_range(self, node, from, to);
    } else {
        is_ok = read_day(self, node, from);
        *to = is_ok ? *from : *to;
    }
    if (is_ok && (*from < self->from || *to > self->to)) {
        char first[16], last[16];
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &node->place,
                                "this day is outside of what the file covers, %s to %s",
                                outlay_date_iso(self->from, first), outlay_date_iso(self->to, last));
        return false;
    }
    return is_ok;
}

static void set_day(struct outlay_calendar *calendar, int32_t day, unsigned char is_working)
{
    if (day >= calendar->first_day && day - calendar->first_day < calendar->n_days) {
        calendar->is_working[day - calendar->first_day] = is_working;
    }
}

static const struct outlay_yaml_node *get_list(struct reader *self, const char *key)
{
    const struct outlay_yaml_node *node = outlay_yaml_get(self->root, key);
    if (node != NULL && node->kind != OUTLAY_YAML_LIST && node->kind != OUTLAY_YAML_BROKEN) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->key_place, "`%s` takes a list", key);
    }
    return node != NULL && node->kind == OUTLAY_YAML_LIST ? node : NULL;
}

static void read_weekend(struct reader *self)
{
    if (outlay_yaml_get(self->root, "weekend") == NULL) {
        self->is_weekend[5] = self->is_weekend[6] = true;
        return;
    }
    const struct outlay_yaml_node *list = get_list(self, "weekend");
    for (size_t i = 0; list != NULL && i < list->n_children; i++) {
        const struct outlay_yaml_node *item = list->children[i];
        bool is_known = false;
        for (int d = 0; d < 7 && item->kind == OUTLAY_YAML_SCALAR; d++) {
            if (strcmp(item->text, weekday_names[d]) == 0) {
                self->is_weekend[d] = is_known = true;
            }
        }
        if (!is_known) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &item->place,
                                    "a day of the week is expected here: monday, tuesday ... sunday");
        }
    }
}

/* Weekends as the file has them where it covers, Saturday and Sunday elsewhere. */
static void mark_week(struct reader *self)
{
    for (int32_t i = 0; i < self->calendar->n_days; i++) {
        const int32_t day = self->calendar->first_day + i;
        const int weekday = outlay_date_weekday(day);
        const bool is_covered = day >= self->from && day <= self->to;
        self->calendar->is_working[i] = is_covered ? !self->is_weekend[weekday] : weekday < 5;
    }
}

static void mark_holidays(struct reader *self)
{
    const struct outlay_yaml_node *list = get_list(self, "holidays");
    for (size_t i = 0; list != NULL && i < list->n_children; i++) {
        int32_t from = 0, to = 0;
        if (!read_days(self, list->children[i], &from, &to)) {
            continue;
        }
        const int32_t first = self->calendar->first_day;
        const int32_t last = first + self->calendar->n_days - 1;
        for (int32_t day = from > first ? from : first; day <= to && day <= last; day++) {
            set_day(self->calendar, day, 0);
        }
    }
}

/* True if one of the holidays falls on `day`. */
static bool is_holiday(struct reader *self, int32_t day)
{
    const struct outlay_yaml_node *list = outlay_yaml_get(self->root, "holidays");
    struct reader silent = *self;
    silent.diag = NULL; /* what is wrong with them was noted when they were marked */
    for (size_t i = 0; list != NULL && list->kind == OUTLAY_YAML_LIST && i < list->n_children; i++) {
        int32_t from = 0, to = 0;
        if (read_days(&silent, list->children[i], &from, &to) && day >= from && day <= to) {
            return true;
        }
    }
    return false;
}

static void mark_make_up(struct reader *self)
{
    const struct outlay_yaml_node *list = get_list(self, "make_up");
    for (size_t i = 0; list != NULL && i < list->n_children; i++) {
        const struct outlay_yaml_node *item = list->children[i];
        int32_t from = 0, to = 0;
        if (!read_days(self, item, &from, &to)) {
            continue;
        }
        for (int32_t day = from; day <= to; day++) {
            const bool is_off = is_holiday(self, day);
            if (is_off || !self->is_weekend[outlay_date_weekday(day)]) {
                (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &item->place, "this make-up day is %s",
                                        is_off ? "a holiday as well" : "a working day in any case");
                break;
            }
            set_day(self->calendar, day, 1);
        }
    }
}

static bool read_cover(struct reader *self, const char *file)
{
    static const char *const known[] = {"title", "source", "covers", "weekend", "holidays", "make_up"};
    const struct outlay_place place = {.file = file};
    if (self->root == NULL || self->root->kind != OUTLAY_YAML_MAPPING) {
        (void)outlay_diag_error(
            self->diag, self->root == NULL ? OUTLAY_ERR_EMPTY_FILE : OUTLAY_ERR_WRONG_TYPE, &place,
            "a calendar file is a block of keys: title, source, covers, weekend, holidays, make_up");
        return false;
    }
    (void)check_keys(self, self->root, known, sizeof known / sizeof known[0]);
    const struct outlay_yaml_node *covers = outlay_yaml_get(self->root, "covers");
    if (covers == NULL) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_MISSING_KEY, &place, "the key `covers` is missing");
        outlay_diag_hint(self->diag,
                         "covers: {from: 2025-01-01, to: 2025-12-31} says for which days the file is complete");
        return false;
    }
    if (covers->kind != OUTLAY_YAML_MAPPING) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &covers->place,
                                "`covers` takes a range: {from: 2025-01-01, to: 2025-12-31}");
        return false;
    }
    return read_range(self, covers, &self->from, &self->to);
}

static void warn_uncovered(const struct reader *self, const char *file, const struct outlay_place *place)
{
    const int32_t first = self->calendar->first_day;
    const int32_t last = first + self->calendar->n_days - 1;
    char from[16], to[16];
    if (self->calendar->n_days > 0 && (first < self->from || last > self->to)) {
        outlay_diag_warning(self->diag, OUTLAY_ERR_CONTRADICTION, place,
                            "the calendar `%s` knows %s to %s only; on other days of the horizon, Monday to Friday "
                            "count as working days",
                            file, outlay_date_iso(self->from, from), outlay_date_iso(self->to, to));
    }
}

outlay_err outlay_calendar_mark(struct outlay_calendar *self, const char *file, const char *text,
                                const struct outlay_place *place, struct outlay_diag *diag)
{
    struct outlay_diag own = {0}; /* counts the errors where the caller wants no notes */
    struct reader reader = {.calendar = self, .diag = diag != NULL ? diag : &own};
    struct outlay_arena arena = {0};
    struct outlay_yaml_node *root = NULL;
    const size_t n_before = reader.diag->n_notes;
    const size_t n_errors = reader.diag->n_errors + reader.diag->n_lost;

    outlay_err err = outlay_yaml_parse(&arena, file, text, NULL, 0, &root, reader.diag);
    if (err != OUTLAY_OK && root == NULL) {
        goto out;
    }
    reader.root = root;
    if (read_cover(&reader, file)) {
        read_weekend(&reader);
        mark_week(&reader);
        mark_holidays(&reader);
        mark_make_up(&reader);
        warn_uncovered(&reader, file, place);
    }
    err = OUTLAY_OK;
    if (reader.diag->n_errors + reader.diag->n_lost > n_errors) {
        err = OUTLAY_ERR_NO_MEMORY;
        for (size_t i = reader.diag->n_notes; i-- > n_before;) {
            err = reader.diag->notes[i].is_warning ? err : reader.diag->notes[i].err;
        }
    }
out:
    outlay_arena_free(&arena);
    outlay_diag_free(&own);
    return err;
}
