/* laws.c: reading a distribution: its numbers, certain or uncertain, and what it may not do. */
#include <math.h>
#include <string.h>

#include "outlay/quantity.h"
#include "scenario/data_laws.h"

#define MAX_NUMBERS (OUTLAY_LAW_MAX_PARAMETERS + 2)

bool outlay_law_in_bounds(struct outlay_loader *self, const struct outlay_request *request,
                          const struct outlay_law *law, bool check_max)
{
    const struct outlay_parameter *row = request->row;
    double lowest, highest;
    outlay_law_support(law, &lowest, &highest);
    const double below = lowest < row->min ? outlay_law_cdf(law, row->min, false) : 0.0;
    const double above = check_max && highest > row->max ? outlay_law_cdf(law, row->max, true) : 0.0;
    if (!(below > OUTLAY_NEGLIGIBLE) && !(above > OUTLAY_NEGLIGIBLE)) {
        return true;
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &request->node->place,
                            "`%s` would leave what is allowed (%s) with a probability of %.2g", outlay_key_of(request),
                            outlay_parameter_allowed(row, &self->arena), below > above ? below : above);
    outlay_diag_hint(self->diag, "cut the distribution off with %s",
                     below > OUTLAY_NEGLIGIBLE && above > OUTLAY_NEGLIGIBLE ? "min and max"
                     : below > OUTLAY_NEGLIGIBLE                            ? "min"
                                                                            : "max");
    return false;
}

/* A parameter or bound of a law: a plain number, or a distribution = uncertain. */
static bool read_part(struct outlay_loader *self, const struct outlay_request *request,
                      const struct outlay_yaml_node *node, const char *path, enum outlay_unit unit,
                      struct outlay_number *target)
{
    /* bounds are those of the law as a whole, which corners_make_laws finds out */
    const struct outlay_parameter row = {
        .path = request->row->path, .unit = unit, .min = -INFINITY, .max = INFINITY, .doc = request->row->doc};
    const struct outlay_request part = {&row, path, node};
    *target = outlay_number_read(self, &part);
    if (target->uncertain >= 0) {
        /* beyond these no draw goes, so that the corners tested below enclose all draws */
        struct outlay_uncertain *u = &self->scenario->uncertain[target->uncertain];
        u->min = outlay_law_quantile(&u->law, OUTLAY_NEGLIGIBLE, false);
        u->max = outlay_law_quantile(&u->law, OUTLAY_NEGLIGIBLE, true);
    }
    return !isnan(target->value);
}

/* All parts of a law, with paths such as "....contract.lognormal.median" for those that are uncertain. */
static bool read_parts(struct outlay_loader *self, const struct outlay_request *request,
                       const struct outlay_law_text *text, struct outlay_scenario_law *target)
{
    const enum outlay_unit unit = request->row->unit;
    bool is_ok = true;
    target->form = text->form;
    for (int i = 0; i < text->form->n_parameters + 2; i++) {
        const int n = text->form->n_parameters;
        const struct outlay_yaml_node *node = i < n ? text->parameter[i] : i == n ? text->min : text->max;
        const char *name = i < n ? text->form->parameter[i] : i == n ? "min" : "max";
        struct outlay_number *number = i < n ? &target->parameter[i] : i == n ? &target->min : &target->max;
        if (node == NULL) {
            *number = (struct outlay_number){i == n ? -INFINITY : INFINITY, -1};
            continue;
        }
        const char *path = outlay_arena_printf(&self->arena, "%s.%s.%s", request->path, text->form->name, name);
        if (path == NULL) {
            outlay_loader_no_memory(self);
            return false;
        }
        const bool in_unit = i >= n || text->form->is_in_unit[i];
        is_ok = read_part(self, request, node, path, in_unit ? unit : OUTLAY_UNIT_PLAIN, number) && is_ok;
    }
    return is_ok;
}

static bool law_at(const struct outlay_scenario_law *self, const double value[MAX_NUMBERS], struct outlay_law *law,
                   const char **why)
{
    const int n = self->form->n_parameters;
    return (self->data != NULL ? outlay_law_init_data(law, self->data, value[n], value[n + 1], why)
                               : outlay_law_init(law, self->form, value, value[n], value[n + 1], why)) == OUTLAY_OK;
}

static struct outlay_number number_at(const struct outlay_scenario_law *law, int i)
{
    const int n = law->form->n_parameters;
    return i < n ? law->parameter[i] : i == n ? law->min : law->max;
}

bool outlay_law_central(const struct outlay_scenario_law *law, struct outlay_law *central)
{
    double value[MAX_NUMBERS] = {0.0};
    const char *why = NULL;
    if (law->form == NULL) {
        return false;
    }
    for (int i = 0; i < law->form->n_parameters + 2; i++) {
        value[i] = number_at(law, i).value;
        if (isnan(value[i])) {
            return false;
        }
    }
    return law_at(law, value, central, &why);
}

/* Every combination of lowest, middle and highest of the uncertain parameters must be a law within bounds. */
static bool corners_make_laws(struct outlay_loader *self, const struct outlay_request *request,
                              const struct outlay_law_text *text, const struct outlay_scenario_law *target)
{
    const int n = target->form->n_parameters + 2;
    int n_corners = 1;
    bool is_uncertain = false;
    for (int i = 0; i < n; i++) {
        n_corners *= number_at(target, i).uncertain >= 0 ? 3 : 1;
        is_uncertain = is_uncertain || number_at(target, i).uncertain >= 0;
    }
    for (int corner = 0; corner < n_corners; corner++) {
        double value[MAX_NUMBERS] = {0.0};
        struct outlay_law law;
        const char *why = NULL;
        for (int i = 0, rest = corner; i < n; i++) {
            const struct outlay_number number = number_at(target, i);
            value[i] = number.value;
            if (number.uncertain >= 0) {
                /* the middle first, so that a law that is wrong everywhere is not blamed on its ends */
                value[i] = rest % 3 == 1   ? outlay_number_low(self->scenario, number)
                           : rest % 3 == 2 ? outlay_number_high(self->scenario, number)
                                           : number.value;
                rest /= 3;
            }
        }
        if (!law_at(target, value, &law, &why)) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_LAW, &text->node->place, "no such %s distribution%s: %s",
                                    text->form->name, corner > 0 ? " at some values of its uncertain parameters" : "",
                                    why != NULL ? why : "its parameters describe no law");
            return false;
        }
        if (!outlay_law_in_bounds(self, request, &law, law.family == OUTLAY_CONSTANT)) {
            return false;
        }
    }
    return true;
}

static bool check_truncation(struct outlay_loader *self, const struct outlay_law_text *text, double min, double max)
{
    if (min <= max) {
        return true;
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &text->max->place, "max %s is below min %s (%s)",
                            outlay_seen(self, text->max), outlay_seen(self, text->min),
                            outlay_where(self, &text->min->place, &text->max->place));
    return false;
}

/* The bounds of a law whose parts are all certain, -INFINITY and INFINITY where there are none. */
static bool read_certain_bounds(struct outlay_loader *self, const struct outlay_request *request, const char *within,
                                const struct outlay_law_text *text, double bounds[2])
{
    const struct outlay_yaml_node *const nodes[2] = {text->min, text->max};
    bool is_ok = true;
    for (int i = 0; i < 2; i++) {
        const struct outlay_request part = {request->row, i == 0 ? "min" : "max", nodes[i]};
        bounds[i] = i == 0 ? -INFINITY : INFINITY;
        if (nodes[i] != NULL) {
            is_ok = outlay_certain_read(self, &part, within, request->row->unit, &bounds[i]) && is_ok;
        }
    }
    return is_ok && check_truncation(self, text, bounds[0], bounds[1]);
}

bool outlay_law_read_certain(struct outlay_loader *self, const struct outlay_request *request, const char *within,
                             struct outlay_law *law)
{
    struct outlay_law_text text;
    double parameter[OUTLAY_LAW_MAX_PARAMETERS] = {0.0}, bounds[2];
    const struct outlay_law_data *data = NULL;
    bool is_ok = true;

    if (!outlay_law_text_read(self, request, &text)) {
        return false;
    }
    const bool is_data = outlay_law_form_is_data(text.form);
    if (is_data) {
        data = outlay_law_data_read(self, request, &text);
        is_ok = data != NULL;
        within = text.form->name;
    }
    for (int i = 0; !is_data && i < text.form->n_parameters; i++) {
        const struct outlay_request part = {request->row, text.form->parameter[i], text.parameter[i]};
        is_ok = outlay_certain_read(self, &part, within,
                                    text.form->is_in_unit[i] ? request->row->unit : OUTLAY_UNIT_PLAIN, &parameter[i]) &&
                is_ok;
    }
    if (!read_certain_bounds(self, request, within, &text, bounds) || !is_ok) {
        return false;
    }
    const char *why = NULL;
    const outlay_err err = is_data ? outlay_law_init_data(law, data, bounds[0], bounds[1], &why)
                                   : outlay_law_init(law, text.form, parameter, bounds[0], bounds[1], &why);
    if (err != OUTLAY_OK) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_LAW, &text.node->place, "no such %s distribution: %s",
                                text.form->name, why != NULL ? why : "its parameters describe no law");
    }
    return err == OUTLAY_OK;
}

/* A law of data, all of it certain. */
static bool read_data(struct outlay_loader *self, const struct outlay_request *request,
                      const struct outlay_law_text *text, struct outlay_scenario_law *target)
{
    double bounds[2];
    target->form = text->form;
    for (int i = 0; i < OUTLAY_LAW_MAX_PARAMETERS; i++) {
        target->parameter[i] = (struct outlay_number){0.0, -1};
    }
    target->data = outlay_law_data_read(self, request, text);
    const bool is_ok = read_certain_bounds(self, request, text->form->name, text, bounds) && target->data != NULL;
    target->min.value = bounds[0];
    target->max.value = bounds[1];
    return is_ok && corners_make_laws(self, request, text, target);
}

void outlay_law_read(struct outlay_loader *self, const struct outlay_request *request,
                     struct outlay_scenario_law *target)
{
    const struct outlay_yaml_node *node = request->node;
    struct outlay_law_text text = {.node = node};
    *target = (struct outlay_scenario_law){.form = NULL, .min = {-INFINITY, -1}, .max = {INFINITY, -1}};
    if (node->kind != OUTLAY_YAML_MAPPING) {
        target->form = &outlay_law_forms[0]; /* constant */
        target->parameter[0] = outlay_number_read(self, request);
        if (isnan(target->parameter[0].value)) {
            target->form = NULL;
        }
        return;
    }
    bool is_ok = outlay_law_text_read(self, request, &text);
    if (is_ok && outlay_law_form_is_data(text.form)) {
        is_ok = read_data(self, request, &text, target);
    } else if (is_ok) {
        is_ok = read_parts(self, request, &text, target) &&
                check_truncation(self, &text, target->min.value, target->max.value) &&
                corners_make_laws(self, request, &text, target);
    }
    if (!is_ok) {
        target->form = NULL; /* noted: later steps pass over it */
    }
}
