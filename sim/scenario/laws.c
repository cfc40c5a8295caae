/* laws.c: reading a distribution. */
#include <math.h>
#include <string.h>

#include "outlay/quantity.h"
#include "scenario/loader.h"

#define MAX_NUMBERS (OUTLAY_LAW_MAX_PARAMETERS + 2)

/* First row of the family in THE law table; NULL = no such family. */
static const struct outlay_law_form *find_family(const char *name)
{
    for (const struct outlay_law_form *form = outlay_law_forms; form->name != NULL; form++) {
        if (strcmp(form->name, name) == 0) {
            return form;
        }
    }
    return NULL;
}

static bool is_of_family(const struct outlay_law_form *form, const struct outlay_law_form *family)
{
    return form->name != NULL && form->family == family->family;
}

static int parameter_index(const struct outlay_law_form *form, const char *name)
{
    for (int i = 0; i < form->n_parameters; i++) {
        if (strcmp(form->parameter[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static void refuse_family(struct outlay_loader *self, const struct outlay_place *place, const char *name)
{
    const char *known[OUTLAY_N_FAMILIES];
    size_t n = 0;
    for (const struct outlay_law_form *form = outlay_law_forms; form->name != NULL; form++) {
        if (n == 0 || strcmp(known[n - 1], form->name) != 0) {
            known[n++] = form->name;
        }
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_NAME, place, "there is no distribution `%s`", name);
    const char *nearest = outlay_nearest(name, known, n);
    if (nearest != NULL) {
        outlay_diag_hint(self->diag, "did you mean `%s`?", nearest);
        return;
    }
    struct outlay_text list = {0};
    for (size_t i = 0; i < n; i++) {
        outlay_text_printf(&list, "%s%s", i == 0 ? "" : ", ", known[i]);
    }
    outlay_diag_hint(self->diag, "there are %s", list.failed ? "ten" : list.bytes);
    outlay_text_free(&list);
}

/* "median and sigma; mean and sd; ...": the ways to state a family. */
static void hint_forms(struct outlay_loader *self, const struct outlay_law_form *family)
{
    struct outlay_text list = {0};
    for (const struct outlay_law_form *form = family; is_of_family(form, family); form++) {
        outlay_text_printf(&list, "%s{", form == family ? "" : ", ");
        for (int i = 0; i < form->n_parameters; i++) {
            outlay_text_printf(&list, "%s%s", i == 0 ? "" : ", ", form->parameter[i]);
        }
        outlay_text_printf(&list, "}");
    }
    if (!list.failed) {
        outlay_diag_hint(self->diag, "%s takes %s", family->name, list.bytes);
    }
    outlay_text_free(&list);
}

static bool is_truncation(const char *key)
{
    return strcmp(key, "min") == 0 || strcmp(key, "max") == 0;
}

/* Keys that no form of the family has; true = there are none. */
static bool check_parameter_names(struct outlay_loader *self, const struct outlay_law_form *family,
                                  const struct outlay_yaml_node *node)
{
    bool is_ok = true;
    for (size_t i = 0; i < node->n_children; i++) {
        const char *known[32] = {"min", "max"};
        size_t n = 2;
        bool is_known = is_truncation(node->keys[i]);
        for (const struct outlay_law_form *form = family; is_of_family(form, family); form++) {
            is_known = is_known || parameter_index(form, node->keys[i]) >= 0;
            for (int j = 0; j < form->n_parameters && n < 32; j++) {
                known[n++] = form->parameter[j];
            }
        }
        if (!is_known) {
            is_ok = false;
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_KEY, &node->children[i]->key_place,
                                    "%s has no parameter `%s`", family->name, node->keys[i]);
            const char *nearest = outlay_nearest(node->keys[i], known, n);
            if (nearest != NULL) {
                outlay_diag_hint(self->diag, "did you mean `%s`?", nearest);
            } else {
                hint_forms(self, family);
            }
        }
    }
    return is_ok;
}

/* Do the keys of `node` state all of this form and nothing else but bounds? */
static bool fits(const struct outlay_law_form *form, const struct outlay_yaml_node *node)
{
    int n_found = 0;
    for (size_t i = 0; i < node->n_children; i++) {
        const bool is_parameter = parameter_index(form, node->keys[i]) >= 0;
        n_found += is_parameter ? 1 : 0;
        if (!is_parameter && !is_truncation(node->keys[i])) {
            return false;
        }
    }
    return n_found == form->n_parameters;
}

static bool read_named(struct outlay_loader *self, const struct outlay_law_form *family,
                       const struct outlay_yaml_node *node, struct outlay_law_text *text)
{
    if (!check_parameter_names(self, family, node)) {
        return false;
    }
    for (const struct outlay_law_form *form = family; is_of_family(form, family); form++) {
        if (!fits(form, node)) {
            continue;
        }
        text->form = form;
        for (int i = 0; i < form->n_parameters; i++) {
            text->parameter[i] = outlay_yaml_get(node, form->parameter[i]);
        }
        text->min = parameter_index(form, "min") < 0 ? outlay_yaml_get(node, "min") : NULL;
        text->max = parameter_index(form, "max") < 0 ? outlay_yaml_get(node, "max") : NULL;
        return true;
    }
    struct outlay_text keys = {0};
    for (size_t i = 0; i < node->n_children; i++) {
        outlay_text_printf(&keys, "%s%s", i == 0 ? "" : ", ", node->keys[i]);
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_MISSING_KEY, &text->node->place,
                            "%s cannot be told from {%s}: parameters are missing, or too many", family->name,
                            keys.bytes != NULL && !keys.failed ? keys.bytes : "");
    outlay_text_free(&keys);
    hint_forms(self, family);
    return false;
}

/* {triangular: [400, 700, 1200]}, and {exponential: 30} for the laws of one parameter. */
static bool read_listed(struct outlay_loader *self, const struct outlay_law_form *family,
                        const struct outlay_yaml_node *node, struct outlay_law_text *text)
{
    const size_t n = node->kind == OUTLAY_YAML_LIST ? node->n_children : 1;
    for (const struct outlay_law_form *form = family; is_of_family(form, family); form++) {
        if (form->may_be_list && (size_t)form->n_parameters == n) {
            text->form = form;
            for (size_t i = 0; i < n; i++) {
                text->parameter[i] = node->kind == OUTLAY_YAML_LIST ? node->children[i] : node;
            }
            return true;
        }
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_BAD_LAW, &node->place, "%s does not take %zu number%s: %s",
                            family->name, n, n == 1 ? "" : "s", outlay_seen(self, node));
    hint_forms(self, family);
    return false;
}

bool outlay_law_text_read(struct outlay_loader *self, const struct outlay_request *request,
                          struct outlay_law_text *text)
{
    const struct outlay_yaml_node *node = request->node;
    *text = (struct outlay_law_text){.node = node};
    if (node->n_children != 1) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                "a distribution is one name with its parameters, such as {uniform: [1, 2]}, seen: %s",
                                outlay_seen(self, node));
        return false;
    }
    const char *name = node->keys[0];
    const struct outlay_yaml_node *inner = node->children[0];
    const struct outlay_law_form *family = find_family(name);
    if (family == NULL) {
        refuse_family(self, &inner->key_place, name);
        return false;
    }
    if (inner->kind == OUTLAY_YAML_BROKEN) {
        return false;
    }
    struct outlay_yaml_node *pointer = outlay_arena_alloc(&self->arena, sizeof *pointer);
    if (pointer == NULL) {
        outlay_loader_no_memory(self);
        return false;
    }
    *pointer = *inner;
    pointer->place = inner->key_place;
    text->node = pointer;
    return inner->kind == OUTLAY_YAML_MAPPING ? read_named(self, family, inner, text)
                                              : read_listed(self, family, inner, text);
}

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
    return outlay_law_init(law, self->form, value, value[n], value[n + 1], why) == OUTLAY_OK;
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

static bool check_truncation(struct outlay_loader *self, const struct outlay_law_text *text,
                             const struct outlay_scenario_law *law)
{
    if (text->min == NULL || text->max == NULL || law->min.value <= law->max.value) {
        return true;
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &text->max->place, "max %s is below min %s (%s)",
                            outlay_seen(self, text->max), outlay_seen(self, text->min),
                            outlay_where(self, &text->min->place, &text->max->place));
    return false;
}

void outlay_law_read(struct outlay_loader *self, const struct outlay_request *request,
                     struct outlay_scenario_law *target)
{
    const struct outlay_yaml_node *node = request->node;
    struct outlay_law_text text = {.node = node};
    *target = (struct outlay_scenario_law){.form = NULL, .min = {-INFINITY, -1}, .max = {INFINITY, -1}};
    if (node->kind != OUTLAY_YAML_MAPPING) {
        target->form = find_family("constant");
        target->parameter[0] = outlay_number_read(self, request);
        if (isnan(target->parameter[0].value)) {
            target->form = NULL;
        }
        return;
    }
    if (!outlay_law_text_read(self, request, &text) || !read_parts(self, request, &text, target) ||
        !check_truncation(self, &text, target) || !corners_make_laws(self, request, &text, target)) {
        target->form = NULL; /* noted: later steps pass over it */
    }
}
