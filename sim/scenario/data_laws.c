/* data_laws.c: reading histograms, mixtures and splices; csv.c reads data files. */
#include "scenario/data_laws.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shares and weights add up to one, but for what rounding them to six digits leaves. */
#define SUM_TOLERANCE 1e-6

/* A data file that was read; `data` NULL = its lines are bad, and that was noted. */
struct outlay_data_file {
    const char *key; /* file and columns */
    bool is_money;   /* read as money, in fen */
    const struct outlay_law_data *data;
    struct outlay_data_file *next;
};

/* Let the scenario own a block that was just made, or the equal one that it has already. */
static const struct outlay_law_data *keep(struct outlay_loader *self, struct outlay_law_data *data)
{
    struct outlay_scenario *scenario = self->scenario;
    for (int i = 0; i < scenario->n_data; i++) {
        if (outlay_law_data_same(scenario->data[i], data)) {
            outlay_law_data_free(data);
            return scenario->data[i];
        }
    }
    struct outlay_law_data **more = realloc(scenario->data, ((size_t)scenario->n_data + 1) * sizeof(*more));
    if (more == NULL) {
        outlay_law_data_free(data);
        outlay_loader_no_memory(self);
        return NULL;
    }
    scenario->data = more;
    more[scenario->n_data++] = data;
    return data;
}

/* What a constructor gave: its block, or a note why there is none. */
static const struct outlay_law_data *keep_or_tell(struct outlay_loader *self, const struct outlay_law_text *text,
                                                  outlay_err err, struct outlay_law_data *data, const char *why)
{
    if (err == OUTLAY_ERR_NO_MEMORY) {
        outlay_loader_no_memory(self);
    } else if (err != OUTLAY_OK) {
        (void)outlay_diag_error(self->diag, err, &text->node->place, "no such %s distribution: %s", text->form->name,
                                why);
    }
    return err == OUTLAY_OK ? keep(self, data) : NULL;
}

bool outlay_certain_read(struct outlay_loader *self, const struct outlay_request *request, const char *within,
                         enum outlay_unit unit, double *value)
{
    const struct outlay_yaml_node *node = request->node;
    *value = NAN;
    if (within != NULL && node->kind == OUTLAY_YAML_MAPPING) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place, "`%s` takes a single number, seen: %s",
                                outlay_key_of(request), outlay_seen(self, node));
        outlay_diag_hint(self->diag, "what stands within a %s is certain", within);
        return false;
    }
    *value = outlay_plain_read(self, request, unit, false);
    return !isnan(*value);
}

/* A law that a mixture or a splice is made of; false, with notes, if it is none. */
static bool read_law(struct outlay_loader *self, const struct outlay_request *request, const char *within,
                     struct outlay_law *law)
{
    const struct outlay_yaml_node *node = request->node;
    if (node->kind == OUTLAY_YAML_MAPPING) {
        return outlay_law_read_certain(self, request, within, law);
    }
    if (node->kind != OUTLAY_YAML_BROKEN) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place, "`%s` takes a distribution, seen: %s",
                                request->path, outlay_seen(self, node));
    }
    return false;
}

/* The numbers of a list, in the arena; NULL, with notes, if it is none. */
static double *read_list(struct outlay_loader *self, const struct outlay_request *request, const char *within,
                         enum outlay_unit unit)
{
    const struct outlay_yaml_node *list = request->node;
    if (list->kind == OUTLAY_YAML_BROKEN) {
        return NULL;
    }
    if (list->kind != OUTLAY_YAML_LIST || list->n_children == 0) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &list->place,
                                "`%s` takes a list of numbers, seen: %s", request->path, outlay_seen(self, list));
        return NULL;
    }
    double *values = outlay_arena_alloc(&self->arena, list->n_children * sizeof *values);
    bool is_ok = values != NULL;
    if (values == NULL) {
        outlay_loader_no_memory(self);
    }
    for (size_t i = 0; values != NULL && i < list->n_children; i++) {
        const struct outlay_request item = {request->row, request->path, list->children[i]};
        is_ok = outlay_certain_read(self, &item, within, unit, &values[i]) && is_ok;
    }
    return is_ok ? values : NULL;
}

/* ---- histogram --------------------------------------------------------------------------------------------------- */

/* Edges must rise, and no bin may hold less than nothing; true = so it is. */
static bool check_bins(struct outlay_loader *self, const struct outlay_yaml_node *edges_node, const double edges[],
                       const struct outlay_yaml_node *shares_node, const double shares[], const char *what)
{
    for (size_t i = 1; i < edges_node->n_children; i++) {
        if (!(edges[i - 1] < edges[i])) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &edges_node->children[i]->place,
                                    "the edges must rise: %s does not lie above %s",
                                    outlay_seen(self, edges_node->children[i]),
                                    outlay_seen(self, edges_node->children[i - 1]));
            return false;
        }
    }
    for (size_t i = 0; i < shares_node->n_children; i++) {
        if (shares[i] < 0.0) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &shares_node->children[i]->place,
                                    "`%s` is %s; no bin may hold less than nothing", what,
                                    outlay_seen(self, shares_node->children[i]));
            return false;
        }
    }
    const size_t n = edges_node->n_children - 1;
    if (n != shares_node->n_children) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &shares_node->place,
                                "%zu edges (%s) make %zu bin%s, and `%s` has %zu", n + 1,
                                outlay_where(self, &edges_node->place, &shares_node->place), n, n == 1 ? "" : "s", what,
                                shares_node->n_children);
        return false;
    }
    return true;
}

static bool check_sum(struct outlay_loader *self, const struct outlay_place *place, const double parts[], size_t n,
                      const char *what)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += parts[i];
    }
    if (fabs(sum - 1.0) <= SUM_TOLERANCE) {
        return true;
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, place, "the %s add up to %.7g, not to 1", what, sum);
    return false;
}

static bool read_within(struct outlay_loader *self, const struct outlay_yaml_node *node, bool *is_log)
{
    *is_log = false;
    if (node == NULL) {
        return true;
    }
    const bool is_word = node->kind == OUTLAY_YAML_SCALAR;
    *is_log = is_word && strcmp(node->text, "log") == 0;
    if (*is_log || (is_word && strcmp(node->text, "uniform") == 0)) {
        return true;
    }
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &node->place,
                            "`within` takes uniform or log, seen: %s", outlay_seen(self, node));
    return false;
}

static const struct outlay_law_data *read_histogram(struct outlay_loader *self, const struct outlay_request *request,
                                                    const struct outlay_law_text *text)
{
    const char *what = text->form->parameter[1];
    const bool has_shares = strcmp(what, "shares") == 0;
    const struct outlay_yaml_node *const nodes[2] = {text->parameter[0], text->parameter[1]};
    const struct outlay_request edges_part = {request->row, "edges", nodes[0]};
    const struct outlay_request shares_part = {request->row, what, nodes[1]};
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    bool is_log = false;
    const bool is_ok = read_within(self, text->parameter[2], &is_log);
    const double *edges = read_list(self, &edges_part, "histogram", request->row->unit);
    const double *shares =
        read_list(self, &shares_part, "histogram", has_shares ? OUTLAY_UNIT_SHARE : OUTLAY_UNIT_COUNT);
    if (!is_ok || edges == NULL || shares == NULL || !check_bins(self, nodes[0], edges, nodes[1], shares, what)) {
        return NULL;
    }
    const size_t n = nodes[1]->n_children;
    if (has_shares && !check_sum(self, &nodes[1]->place, shares, n, "shares")) {
        outlay_diag_hint(self->diag, "`counts` in place of `shares` takes any numbers");
        return NULL;
    }
    const outlay_err err = outlay_law_data_histogram(&data, n, edges, shares, is_log, &why);
    return keep_or_tell(self, text, err, data, why);
}

/* ---- mixture ----------------------------------------------------------------------------------------------------- */

/* One item, {weight: 0.9, law: {...}}; false, with notes, if it is none. */
static bool read_component(struct outlay_loader *self, const struct outlay_request *request, struct outlay_law *law,
                           double *weight)
{
    static const char *const known[] = {"weight", "law"};
    const struct outlay_yaml_node *node = request->node;
    bool is_ok = true;
    if (node->kind == OUTLAY_YAML_BROKEN) {
        return false;
    }
    if (node->kind != OUTLAY_YAML_MAPPING) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                "a part of a mixture is {weight: NUMBER, law: {...}}, seen: %s",
                                outlay_seen(self, node));
        return false;
    }
    for (size_t i = 0; i < node->n_children; i++) {
        if (strcmp(node->keys[i], "weight") != 0 && strcmp(node->keys[i], "law") != 0) {
            const char *nearest = outlay_nearest(node->keys[i], known, 2);
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_KEY, &node->children[i]->key_place,
                                    "a part of a mixture has no `%s`", node->keys[i]);
            outlay_diag_hint(self->diag, nearest != NULL ? "did you mean `%s`?" : "it has %s",
                             nearest != NULL ? nearest : "weight and law");
            is_ok = false;
        }
    }
    for (int i = 0; is_ok && i < 2; i++) {
        if (outlay_yaml_get(node, known[i]) == NULL) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_MISSING_KEY, &node->place,
                                    "this part of the mixture has no `%s`", known[i]);
            is_ok = false;
        }
    }
    if (!is_ok) {
        return false;
    }
    const struct outlay_request weight_part = {request->row, "weight", outlay_yaml_get(node, "weight")};
    const struct outlay_request law_part = {request->row, "law", outlay_yaml_get(node, "law")};
    is_ok = outlay_certain_read(self, &weight_part, "mixture", OUTLAY_UNIT_SHARE, weight);
    if (is_ok && !(*weight > 0.0)) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &weight_part.node->place,
                                "`weight` is %s; allowed is above 0", outlay_seen(self, weight_part.node));
        is_ok = false;
    }
    return read_law(self, &law_part, "mixture", law) && is_ok;
}

static const struct outlay_law_data *read_mixture(struct outlay_loader *self, const struct outlay_request *request,
                                                  const struct outlay_law_text *text)
{
    const struct outlay_yaml_node *list = text->inner;
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    if (list->kind != OUTLAY_YAML_LIST || list->n_children == 0) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &list->place,
                                "a mixture is a list of laws with their weights, seen: %s", outlay_seen(self, list));
        outlay_diag_hint(self->diag, "mixture: [{weight: 0.9, law: {...}}, {weight: 0.1, law: {...}}]");
        return NULL;
    }
    const size_t n = list->n_children;
    struct outlay_law *laws = outlay_arena_alloc(&self->arena, n * sizeof *laws);
    double *weights = outlay_arena_alloc(&self->arena, n * sizeof *weights);
    bool is_ok = true;
    if (laws == NULL || weights == NULL) {
        outlay_loader_no_memory(self);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        const struct outlay_request part = {request->row, request->path, list->children[i]};
        is_ok = read_component(self, &part, &laws[i], &weights[i]) && is_ok;
    }
    if (!is_ok || !check_sum(self, &text->node->place, weights, n, "weights of the mixture")) {
        return NULL;
    }
    const outlay_err err = outlay_law_data_mixture(&data, n, laws, weights, &why);
    return keep_or_tell(self, text, err, data, why);
}

/* ---- splice ------------------------------------------------------------------------------------------------------ */

static const struct outlay_law_data *read_splice(struct outlay_loader *self, const struct outlay_request *request,
                                                 const struct outlay_law_text *text)
{
    const enum outlay_unit units[] = {OUTLAY_UNIT_NONE, request->row->unit, OUTLAY_UNIT_PLAIN, OUTLAY_UNIT_SHARE};
    double value[] = {NAN, NAN, NAN, NAN};
    struct outlay_law body;
    struct outlay_law_data *data = NULL;
    const char *why = NULL;
    const struct outlay_request body_part = {request->row, "body", text->parameter[0]};
    bool is_ok = read_law(self, &body_part, "splice", &body);
    for (int i = 1; i < 4; i++) {
        const struct outlay_request part = {request->row, text->form->parameter[i], text->parameter[i]};
        is_ok = (part.node == NULL || outlay_certain_read(self, &part, "splice", units[i], &value[i])) && is_ok;
    }
    if (!is_ok) {
        return NULL;
    }
    const outlay_err err = outlay_law_data_splice(&data, &body, value[1], value[3], value[2], &why);
    return keep_or_tell(self, text, err, data, why);
}

/* ---- csv --------------------------------------------------------------------------------------------------------- */

/* Several keys may name the same column of the same file, which is read once, and its mistakes told once. */
static const struct outlay_law_data *read_csv(struct outlay_loader *self, const struct outlay_request *request,
                                              const struct outlay_law_text *text)
{
    const struct outlay_csv_text csv = {text->parameter[0], text->parameter[1], text->parameter[2]};
    if (csv.file == NULL || csv.column == NULL) {
        return NULL; /* the form has them */
    }
    for (int i = 0; i < 3; i++) {
        const struct outlay_yaml_node *node = text->parameter[i];
        if (node != NULL && (node->kind != OUTLAY_YAML_SCALAR || node->text[0] == '\0')) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                    "`%s` takes the name of a %s, seen: %s", text->form->parameter[i],
                                    i == 0 ? "data file" : "column", outlay_seen(self, node));
            return NULL;
        }
    }
    const bool is_money = request->row->unit == OUTLAY_UNIT_MONEY;
    const char *from = csv.file->place.file != NULL ? csv.file->place.file : "";
    const char *key = outlay_arena_printf(&self->arena, "%s\n%s\n%s\n%s", from, csv.file->text, csv.column->text,
                                          csv.weight != NULL ? csv.weight->text : "");
    struct outlay_data_file *file = outlay_arena_alloc(&self->arena, sizeof *file);
    if (key == NULL || file == NULL) {
        outlay_loader_no_memory(self);
        return NULL;
    }
    for (const struct outlay_data_file *known = self->data_files; known != NULL; known = known->next) {
        if (strcmp(known->key, key) == 0 && (known->data == NULL || known->is_money == is_money)) {
            return known->data;
        }
    }
    bool has_bad_lines = false;
    struct outlay_law_data *data = outlay_csv_read(self, &csv, is_money, &has_bad_lines);
    const struct outlay_law_data *kept = data != NULL ? keep(self, data) : NULL;
    if (kept != NULL || has_bad_lines) {
        *file = (struct outlay_data_file){key, is_money, kept, self->data_files};
        self->data_files = file;
    }
    return kept;
}

const struct outlay_law_data *outlay_law_data_read(struct outlay_loader *self, const struct outlay_request *request,
                                                   const struct outlay_law_text *text)
{
    return text->form->family == OUTLAY_HISTOGRAM ? read_histogram(self, request, text)
           : text->form->family == OUTLAY_MIXTURE ? read_mixture(self, request, text)
           : text->form->family == OUTLAY_SPLICE  ? read_splice(self, request, text)
                                                  : read_csv(self, request, text);
}
