/* values.c: reading a value of each type. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/quantity.h"
#include "scenario/loader.h"

static bool is_scalar(struct outlay_loader *self, const struct outlay_request *request, const char *what)
{
    const struct outlay_yaml_node *node = request->node;
    if (node->kind == OUTLAY_YAML_SCALAR && node->text[0] != '\0') {
        return true;
    }
    if (node->kind != OUTLAY_YAML_BROKEN) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place, "`%s` takes %s, seen: %s",
                                outlay_key_of(request), what, outlay_seen(self, node));
    }
    return false;
}

static void store_text(struct outlay_loader *self, const char *text, char **target)
{
    *target = strdup(text);
    if (*target == NULL) {
        outlay_loader_no_memory(self);
    }
}

static void read_prose(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    if (is_scalar(self, request, "a text")) {
        store_text(self, request->node->text, target);
    }
}

static void read_text(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    if (!is_scalar(self, request, "a text")) {
        return;
    }
    if (strchr(request->node->text, '\n') != NULL) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &request->node->place, "`%s` takes one line of text",
                                outlay_key_of(request));
        return;
    }
    store_text(self, request->node->text, target);
}

static void read_currency(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    if (!is_scalar(self, request, "three capital letters")) {
        return;
    }
    const char *text = request->node->text;
    if (strlen(text) != 3 || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_NAME, &request->node->place,
                                "`currency` takes three capital letters, seen: %s", outlay_seen(self, request->node));
        outlay_diag_hint(self->diag, "the codes of ISO 4217: CNY, EUR, USD ...");
        return;
    }
    store_text(self, text, target);
}

/* Its file is named as seen from the scenario file that names it; from --set, as seen from where the program runs. */
static void read_calendar(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    if (!is_scalar(self, request, "a name or a file")) {
        return;
    }
    const struct outlay_yaml_node *node = request->node;
    const size_t length = strlen(node->text);
    const bool is_file = length > 5 && strcmp(node->text + length - 5, ".yaml") == 0;
    const bool is_beside = is_file && node->place.file != NULL && outlay_stored_file(self, node->text) == NULL;
    char *path = is_beside ? outlay_path_beside(node->place.file, node->text) : strdup(node->text);
    if (path == NULL) {
        outlay_loader_no_memory(self);
    }
    *(char **)target = path;
}

static void read_version(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    double value = 0.0;
    (void)target;
    if (!is_scalar(self, request, "the version of the language, 1")) {
        return;
    }
    if (!outlay_quantity_parse(request->node->text, &value) || value != request->row->max) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &request->node->place,
                                "this program reads version 1 of the language, seen: %s",
                                outlay_seen(self, request->node));
    }
}

static double read_whole(struct outlay_loader *self, const struct outlay_request *request)
{
    const struct outlay_yaml_node *node = request->node;
    if ((request->row->flags & OUTLAY_AUTO_OK) != 0 && node->kind == OUTLAY_YAML_SCALAR &&
        strcmp(node->text, "auto") == 0) {
        return 0.0;
    }
    if (node->kind == OUTLAY_YAML_MAPPING) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                "`%s` takes a whole number and cannot be uncertain, seen: %s", outlay_key_of(request),
                                outlay_seen(self, node));
        return NAN;
    }
    const double value = outlay_plain_read(self, request, OUTLAY_UNIT_COUNT, true);
    if (value != floor(value) && !isnan(value)) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place, "`%s` takes a whole number, seen: %s",
                                outlay_key_of(request), outlay_seen(self, node));
        return NAN;
    }
    return value;
}

static void read_integer(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    const double value = read_whole(self, request);
    *(int *)target = isnan(value) ? 0 : (int)value;
}

static void read_seed(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    const double value = read_whole(self, request);
    *(uint64_t *)target = isnan(value) ? 0 : (uint64_t)value;
}

static void read_choice(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    const char *const *choices = request->row->choices;
    const char *allowed = outlay_parameter_allowed(request->row, &self->arena);
    size_t n = 0;
    if (!is_scalar(self, request, allowed)) {
        return;
    }
    for (; choices[n] != NULL; n++) {
        if (strcmp(choices[n], request->node->text) == 0) {
            *(int *)target = (int)n;
            return;
        }
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &request->node->place, "`%s` is %s; allowed: %s",
                            outlay_key_of(request), outlay_seen(self, request->node), allowed);
    const char *nearest = outlay_nearest(request->node->text, choices, n);
    if (nearest != NULL) {
        outlay_diag_hint(self->diag, "did you mean `%s`?", nearest);
    }
}

/* The position of a class; -1, with a note, if there is none of this name. */
static int find_class(struct outlay_loader *self, const struct outlay_yaml_node *node)
{
    for (int c = 0; c < self->scenario->n_classes; c++) {
        if (strcmp(self->scenario->classes[c].name, node->text) == 0) {
            return c;
        }
    }
    outlay_names_refuse(self, &node->place, "class", node->text, outlay_yaml_get(self->root, "classes"));
    return -1;
}

static void read_class(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    if (is_scalar(self, request, "the name of a class")) {
        *(int *)target = find_class(self, request->node);
    }
}

/* Programmes point upwards only, so that they can be gone through in their order. */
static void read_earlier(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    const struct outlay_yaml_node *programmes = outlay_yaml_get(self->root, "programmes");
    const struct outlay_yaml_node *node = request->node;
    if (!is_scalar(self, request, "the name of a programme, or none") || strcmp(node->text, "none") == 0) {
        return;
    }
    for (int p = 0; p < self->programme; p++) {
        if (strcmp(self->scenario->programmes[p].name, node->text) == 0) {
            *(int *)target = p;
            return;
        }
    }
    if (outlay_yaml_get(programmes, node->text) == NULL) {
        outlay_names_refuse(self, &node->place, "programme", node->text, programmes);
        return;
    }
    const bool is_self = strcmp(self->scenario->programmes[self->programme].name, node->text) == 0;
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &node->place, "`%s` is %s, which is %s",
                            outlay_key_of(request), outlay_seen(self, node),
                            is_self ? "this programme itself" : "below this programme");
    outlay_diag_hint(self->diag, "it takes a programme that stands above this one");
}

/* Say why a text is no date: of another form, or a day that does not exist. */
static void refuse_date(struct outlay_loader *self, const struct outlay_request *request, const char *form)
{
    const char *text = request->node->text;
    const bool has_form = strspn(text, "0123456789-") == strlen(text) && (strlen(text) == 10 || strlen(text) == 5) &&
                          text[strlen(text) - 3] == '-';
    if (has_form) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_DATE, &request->node->place,
                                "`%s`: there is no day %s in the calendar (years 1900 to 2200)", outlay_key_of(request),
                                outlay_seen(self, request->node));
    } else {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_DATE, &request->node->place, "`%s` takes %s, seen: %s",
                                outlay_key_of(request), form, outlay_seen(self, request->node));
    }
}

static void read_date(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    static const char form[] = "a date such as 2025-03-31";
    if (is_scalar(self, request, form) && !outlay_date_parse(request->node->text, target)) {
        refuse_date(self, request, form);
    }
}

static void read_when(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    const bool takes_none = (request->row->flags & OUTLAY_NONE_OK) != 0;
    const char *form = takes_none ? "a date such as 2025-03-31, a day of every year such as 03-31, or none"
                                  : "a date such as 2025-03-31, or a day of every year such as 03-31";
    const char *text = request->node->text;
    struct outlay_when *when = target;
    char dated[16] = "2001-"; /* any year without a leap day: a day of every year must exist in every year */

    if (!is_scalar(self, request, form) || (takes_none && strcmp(text, "none") == 0)) {
        return;
    }
    if (outlay_date_parse(text, &when->date)) {
        when->kind = OUTLAY_WHEN_DATE;
        return;
    }
    if (strlen(text) == 5) {
        memcpy(dated + 5, text, 6);
        if (outlay_date_parse(dated, &when->date)) {
            when->kind = OUTLAY_WHEN_EVERY_YEAR;
            when->date.year = 0;
            return;
        }
    }
    refuse_date(self, request, form);
    if (strcmp(text, "02-29") == 0) {
        outlay_diag_hint(self->diag, "29 February is not a day of every year; write 02-28 or 03-01");
    }
}

static void read_number(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    *(struct outlay_number *)target = outlay_number_read(self, request);
}

static void read_certain(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    const struct outlay_yaml_node *node = request->node;
    if (node->kind == OUTLAY_YAML_MAPPING) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                "`%s` takes a number and cannot be uncertain, seen: %s", outlay_key_of(request),
                                outlay_seen(self, node));
        return;
    }
    *(double *)target = outlay_plain_read(self, request, request->row->unit, true);
}

static void read_pair(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    outlay_pair_read(self, request, target);
}

static void read_months(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    outlay_months_read(self, request, target);
}

static void read_law(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    outlay_law_read(self, request, target);
}

static void read_list(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    outlay_list_read(self, request, target);
}

void outlay_value_read(struct outlay_loader *self, const struct outlay_request *request, void *target)
{
    static void (*const readers[OUTLAY_N_TYPES])(struct outlay_loader *, const struct outlay_request *, void *) = {
        [OUTLAY_TYPE_VERSION] = read_version,   [OUTLAY_TYPE_TEXT] = read_text,
        [OUTLAY_TYPE_PROSE] = read_prose,       [OUTLAY_TYPE_CURRENCY] = read_currency,
        [OUTLAY_TYPE_CALENDAR] = read_calendar, [OUTLAY_TYPE_DATE] = read_date,
        [OUTLAY_TYPE_WHEN] = read_when,         [OUTLAY_TYPE_INTEGER] = read_integer,
        [OUTLAY_TYPE_SEED] = read_seed,         [OUTLAY_TYPE_CHOICE] = read_choice,
        [OUTLAY_TYPE_NUMBER] = read_number,     [OUTLAY_TYPE_MONTHS] = read_months,
        [OUTLAY_TYPE_LAW] = read_law,           [OUTLAY_TYPE_CLASS] = read_class,
        [OUTLAY_TYPE_EARLIER] = read_earlier,   [OUTLAY_TYPE_CLASSES] = read_list,
        [OUTLAY_TYPE_WHENS] = read_list,        [OUTLAY_TYPE_RECORDS] = read_list,
        [OUTLAY_TYPE_CERTAIN] = read_certain,   [OUTLAY_TYPE_PAIR] = read_pair,
    };
    readers[request->row->type](self, request, target);
}
