/* numbers.c: reading a number, certain or uncertain. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outlay/quantity.h"
#include "scenario/loader.h"

static const char *const unit_nouns[] = {
    [OUTLAY_UNIT_NONE] = "number",  [OUTLAY_UNIT_PLAIN] = "number", [OUTLAY_UNIT_MONEY] = "sum of money",
    [OUTLAY_UNIT_SHARE] = "share",  [OUTLAY_UNIT_COUNT] = "count",  [OUTLAY_UNIT_DAYS] = "number of days",
    [OUTLAY_UNIT_YEARS] = "number",
};

static const char *unit_examples(enum outlay_unit unit)
{
    return unit == OUTLAY_UNIT_MONEY   ? "5e9, 5 bn, 10 M, 500 k, 50亿 or 500万"
           : unit == OUTLAY_UNIT_SHARE ? "50% or 0.5"
                                       : "1700, 2.5 or 3 k";
}

static bool is_word(const char *text, const char *const *words)
{
    text += *text == '-' || *text == '+' ? 1 : 0;
    text += *text == '.' ? 1 : 0;
    for (; *words != NULL; words++) {
        size_t i = 0;
        for (; text[i] != '\0' && ((unsigned char)text[i] | 0x20u) == (unsigned char)(*words)[i]; i++) {
        }
        if (text[i] == '\0' && (*words)[i] == '\0') {
            return true;
        }
    }
    return false;
}

/* Digits that stand for more than a double can hold: "1e999 bn". */
static bool overflows(const char *text)
{
    return strspn(text, "+-.0123456789") > 0 && isinf(strtod(text, NULL));
}

/* The value with the unit that its writer probably meant, "5 bn" for "5 billion"; NULL = no idea. */
static const char *guess_unit(struct outlay_loader *self, const char *text)
{
    static const struct {
        const char *written, *meant;
    } units[] = {{"m", "M"},        {"mn", "M"},        {"mio", "M"},      {"mill", "M"},    {"million", "M"},
                 {"millions", "M"}, {"b", "bn"},        {"bln", "bn"},     {"mrd", "bn"},    {"bil", "bn"},
                 {"billion", "bn"}, {"billions", "bn"}, {"thousand", "k"}, {"k", "k"},       {"tsd", "k"},
                 {"w", "万"},       {"wan", "万"},      {"yi", "亿"},      {"percent", "%"}, {"per cent", "%"}};
    const size_t n_digits = strspn(text, "+-.0123456789_");
    const char *unit = text + n_digits + strspn(text + n_digits, " ");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t k = 0;
        for (; unit[k] != '\0' && ((unsigned char)unit[k] | 0x20u) == (unsigned char)units[i].written[k]; k++) {
        }
        if (unit[k] == '\0' && units[i].written[k] == '\0') {
            return outlay_arena_printf(&self->arena, "%.*s %s", (int)n_digits, text, units[i].meant);
        }
    }
    return NULL;
}

/* Say why a text is no number, and what people who write so usually mean. */
static void refuse_text(struct outlay_loader *self, const struct outlay_request *request, enum outlay_unit unit)
{
    static const char *const not_finite[] = {"nan", "inf", "infinity", NULL};
    const struct outlay_yaml_node *node = request->node;
    const char *text = node->text;
    const char *key = outlay_key_of(request);

    if (text[0] == '\0') {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place, "`%s` has no value", key);
        outlay_diag_hint(self->diag, "it takes a %s such as %s", unit_nouns[unit], unit_examples(unit));
    } else if (is_word(text, not_finite) || overflows(text)) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_NUMBER, &node->place,
                                "`%s` is `%s`, which is not a finite number", key, text);
        if (request->row->flags & OUTLAY_NONE_OK) {
            outlay_diag_hint(self->diag, "where there is no limit, write none");
        }
    } else if (strchr("+-.0123456789", text[0]) != NULL) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_NUMBER, &node->place,
                                "`%s` is %s, which is not a number with a known unit", key, outlay_seen(self, node));
        const char *guess = guess_unit(self, text);
        if (guess != NULL) {
            outlay_diag_hint(self->diag, "did you mean `%s`?", guess);
        } else if (strchr(text, ',') != NULL) {
            outlay_diag_hint(self->diag, "groups of digits are set off by underscores: 5_000_000");
        } else {
            outlay_diag_hint(self->diag, "the units are k (10^3), 万 (10^4), M (10^6), 亿 (10^8), bn (10^9) and %%");
        }
    } else {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place, "`%s` takes a %s such as %s, seen: %s",
                                key, unit_nouns[unit], unit_examples(unit), outlay_seen(self, node));
        if (request->row->choices != NULL || (request->row->flags & (OUTLAY_NONE_OK | OUTLAY_ABSENT_OK)) != 0) {
            outlay_diag_hint(self->diag, "allowed: %s", outlay_parameter_allowed(request->row, &self->arena));
        }
    }
}

static bool check_bounds(struct outlay_loader *self, const struct outlay_request *request, double value)
{
    const struct outlay_parameter *row = request->row;
    const bool is_above = (row->flags & OUTLAY_OPEN_MIN) != 0 ? value > row->min : value >= row->min;
    if (is_above && ((row->flags & OUTLAY_OPEN_MAX) != 0 ? value < row->max : value <= row->max)) {
        return true;
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &request->node->place, "`%s` is %s; allowed: %s",
                            outlay_key_of(request), outlay_seen(self, request->node),
                            outlay_parameter_allowed(row, &self->arena));
    if (row->unit == OUTLAY_UNIT_SHARE && row->max == 1.0 && value > 1.0 && value <= 100.0 &&
        strchr(request->node->text, '%') == NULL) {
        outlay_diag_hint(self->diag, "did you mean `%s%%`?", request->node->text);
    } else {
        outlay_diag_hint(self->diag, "%s: %s", outlay_key_of(request), row->doc);
    }
    return false;
}

double outlay_plain_read(struct outlay_loader *self, const struct outlay_request *request, enum outlay_unit unit,
                         bool is_bounded)
{
    const struct outlay_yaml_node *node = request->node;
    double value = NAN;
    if (node->kind == OUTLAY_YAML_BROKEN) {
        return NAN;
    }
    if (node->kind != OUTLAY_YAML_SCALAR) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place, "`%s` takes a single number, seen: %s",
                                outlay_key_of(request), outlay_seen(self, node));
        if (node->kind == OUTLAY_YAML_MAPPING) {
            outlay_diag_hint(self->diag, "what stands within an uncertain number is certain");
        }
        return NAN;
    }
    if (!outlay_quantity_parse(node->text, &value)) {
        refuse_text(self, request, unit);
        return NAN;
    }
    if (strchr(node->text, '%') != NULL && unit != OUTLAY_UNIT_SHARE && unit != OUTLAY_UNIT_PLAIN) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_NUMBER, &node->place, "`%s` is %s; it takes a %s such as %s",
                                outlay_key_of(request), outlay_seen(self, node), unit_nouns[unit], unit_examples(unit));
        return NAN;
    }
    if (unit == OUTLAY_UNIT_MONEY) {
        value = outlay_fen_from_units(value);
        if (!isfinite(value)) {
            refuse_text(self, request, unit);
            return NAN;
        }
    }
    if (is_bounded && !check_bounds(self, request, value)) {
        return NAN;
    }
    return value;
}

int outlay_uncertain_add(struct outlay_loader *self, const char *path, const struct outlay_law *law,
                         enum outlay_unit unit, double min, double max)
{
    struct outlay_scenario *scenario = self->scenario;
    const size_t n = (size_t)scenario->n_uncertain;
    struct outlay_uncertain *more = realloc(scenario->uncertain, (n + 1) * sizeof *more);
    if (more != NULL) {
        scenario->uncertain = more;
    }
    char *copy = strdup(path);
    if (more == NULL || copy == NULL) {
        free(copy);
        outlay_loader_no_memory(self);
        return -1;
    }
    more[n] = (struct outlay_uncertain){.path = copy, .law = *law, .unit = unit, .min = min, .max = max};
    return scenario->n_uncertain++;
}

static struct outlay_number read_uncertain(struct outlay_loader *self, const struct outlay_request *request)
{
    const struct outlay_parameter *row = request->row;
    const struct outlay_number failed = {NAN, -1};
    struct outlay_law law;
    if (!outlay_law_read_certain(self, request, NULL, &law) || !outlay_law_in_bounds(self, request, &law, true)) {
        return failed;
    }
    double median = outlay_law_quantile(&law, 0.5, false);
    median = row->unit == OUTLAY_UNIT_MONEY ? round(median) : median;
    if (law.family == OUTLAY_CONSTANT) {
        return (struct outlay_number){median, -1};
    }
    const double min = (row->flags & OUTLAY_OPEN_MIN) != 0 ? nextafter(row->min, INFINITY) : row->min;
    const int i = outlay_uncertain_add(self, request->path, &law, row->unit, min, row->max);
    return i >= 0 ? (struct outlay_number){median, i} : failed;
}

/* The number that a word of the row stands for. */
static bool stands_for(const struct outlay_parameter *row, const char *text, double *value)
{
    if ((row->flags & (OUTLAY_NONE_OK | OUTLAY_ABSENT_OK)) != 0 && strcmp(text, "none") == 0) {
        *value = (row->flags & OUTLAY_NONE_OK) != 0 ? INFINITY : NAN;
        return true;
    }
    for (int i = 0; row->choices != NULL && row->choices[i] != NULL; i++) {
        if (strcmp(row->choices[i], text) == 0) {
            *value = i;
            return true;
        }
    }
    return false;
}

struct outlay_number outlay_number_read(struct outlay_loader *self, const struct outlay_request *request)
{
    const struct outlay_yaml_node *node = request->node;
    double value = NAN;
    if (node->kind == OUTLAY_YAML_SCALAR && stands_for(request->row, node->text, &value)) {
        return (struct outlay_number){value, -1};
    }
    if (node->kind == OUTLAY_YAML_MAPPING) {
        return read_uncertain(self, request);
    }
    if (node->kind == OUTLAY_YAML_LIST) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                "`%s` takes a %s, or a distribution, seen: %s", outlay_key_of(request),
                                unit_nouns[request->row->unit], outlay_seen(self, node));
        outlay_diag_hint(self->diag, "a distribution has a name: {uniform: [1, 2]}");
        return (struct outlay_number){NAN, -1};
    }
    return (struct outlay_number){outlay_plain_read(self, request, request->row->unit, true), -1};
}

void outlay_months_read(struct outlay_loader *self, const struct outlay_request *request,
                        struct outlay_number months[12])
{
    const struct outlay_yaml_node *node = request->node;
    for (int i = 0; i < 12; i++) {
        months[i] = (struct outlay_number){NAN, -1};
    }
    if (node->kind == OUTLAY_YAML_BROKEN) {
        return;
    }
    if (node->kind != OUTLAY_YAML_LIST || node->n_children != 12) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                "`months` takes a list of 12 numbers, January to December, seen: %s",
                                node->kind == OUTLAY_YAML_LIST
                                    ? outlay_arena_printf(&self->arena, "%zu of them", node->n_children)
                                    : outlay_seen(self, node));
        return;
    }
    for (int i = 0; i < 12; i++) {
        struct outlay_request part = *request;
        part.node = node->children[i];
        part.path = outlay_arena_printf(&self->arena, "%s.%d", request->path, i + 1);
        if (part.path == NULL) {
            outlay_loader_no_memory(self);
            return;
        }
        months[i] = outlay_number_read(self, &part);
    }
}

static double clamp(double value, double min, double max)
{
    return value < min ? min : value > max ? max : value;
}

double outlay_number_low(const struct outlay_scenario *scenario, struct outlay_number number)
{
    if (number.uncertain < 0) {
        return number.value;
    }
    const struct outlay_uncertain *u = &scenario->uncertain[number.uncertain];
    return clamp(outlay_law_quantile(&u->law, OUTLAY_NEGLIGIBLE, false), u->min, u->max);
}

double outlay_number_high(const struct outlay_scenario *scenario, struct outlay_number number)
{
    if (number.uncertain < 0) {
        return number.value;
    }
    const struct outlay_uncertain *u = &scenario->uncertain[number.uncertain];
    return clamp(outlay_law_quantile(&u->law, OUTLAY_NEGLIGIBLE, true), u->min, u->max);
}
