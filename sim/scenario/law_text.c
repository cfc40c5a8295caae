/* law_text.c: finding out which distribution a text names, and which of its parameters stand there. */
#include <string.h>

#include "scenario/loader.h"

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

/* The place of a parameter of a form, those that may be missing included; -1 = it has none of that name. */
static int parameter_index(const struct outlay_law_form *form, const char *name)
{
    for (int i = 0; i < OUTLAY_LAW_MAX_PARAMETERS && form->parameter[i] != NULL; i++) {
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
        for (int i = 0; i < OUTLAY_LAW_MAX_PARAMETERS && form->parameter[i] != NULL; i++) {
            outlay_text_printf(&list, "%s%s%s", i == 0 ? "" : ", ", form->parameter[i],
                               i < form->n_parameters ? "" : " (optional)");
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
            for (int j = 0; j < OUTLAY_LAW_MAX_PARAMETERS && form->parameter[j] != NULL && n < 32; j++) {
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
        const int parameter = parameter_index(form, node->keys[i]);
        n_found += parameter >= 0 && parameter < form->n_parameters ? 1 : 0;
        if (parameter < 0 && !is_truncation(node->keys[i])) {
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
        for (int i = 0; i < OUTLAY_LAW_MAX_PARAMETERS && form->parameter[i] != NULL; i++) {
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
    text->inner = inner;
    if (family->family == OUTLAY_MIXTURE) {
        text->form = family; /* a list of blocks: outlay_law_data_read goes through it */
        return true;
    }
    return inner->kind == OUTLAY_YAML_MAPPING ? read_named(self, family, inner, text)
                                              : read_listed(self, family, inner, text);
}
