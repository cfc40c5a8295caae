/*
 * correlations.c: uncertain numbers that move together.
 *
 * The ranks of the list become a matrix of normal scores, and that its Cholesky factor, one row for each number. The
 * factor is made row by row, each by a triangular solution with GSL, since a row must not change, to the bit, when
 * others are added below it or when numbers that have nothing to do with it are added above it.
 */
#include <gsl/gsl_blas.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/loader.h"

/* Least variance of a number's score given those before it: below, rounding decides. */
#define LEAST_VARIANCE 1e-12

/* What a message lists. */
#define MAX_LISTED 10

/* The matrix of normal scores, of the numbers in outlay_scenario.correlated. */
struct matrix {
    size_t n;
    const double *r; /* [n][n] */
};

/* ---- the two numbers of a pair ----------------------------------------------------------------------------------- */

static int find_uncertain(const struct outlay_scenario *scenario, const char *path)
{
    for (int i = 0; i < scenario->n_uncertain; i++) {
        if (strcmp(scenario->uncertain[i].path, path) == 0) {
            return i;
        }
    }
    return -1;
}

static bool has_entry(const struct outlay_scenario *scenario, const char *path)
{
    for (int e = 0; e < scenario->n_entries; e++) {
        if (strcmp(scenario->entries[e].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* The row of a path, NULL = it leads to a block, to a part of a value or nowhere; a block's shorthand is written out.
 */
static const struct outlay_parameter *row_of(struct outlay_loader *self, const char **path)
{
    struct outlay_spot spot = outlay_spot_root();
    for (const char *p = *path;; p++) {
        const size_t length = strcspn(p, ".");
        const char *word = outlay_arena_copy(&self->arena, p, length);
        spot = outlay_spot_step(&spot, word != NULL ? word : "");
        p += length;
        if (*p == '\0') {
            break;
        }
    }
    const char *shorthand = outlay_spot_shorthand(&spot);
    const char *whole = shorthand != NULL ? outlay_arena_printf(&self->arena, "%s.%s", *path, shorthand) : NULL;
    if (whole != NULL) {
        *path = whole;
        spot = outlay_spot_step(&spot, shorthand);
    }
    return spot.kind == OUTLAY_SPOT_LEAF ? spot.leaf : NULL;
}

/* The nearest uncertain number, or all of them where they are few. */
static void hint_uncertain(struct outlay_loader *self, const char *path)
{
    const struct outlay_scenario *scenario = self->scenario;
    const size_t n = (size_t)scenario->n_uncertain;
    if (outlay_hints_are_over(self)) {
        return;
    }
    const char **paths = outlay_arena_alloc(&self->arena, (n + 1) * sizeof(*paths));
    if (n == 0 || paths == NULL) {
        outlay_diag_hint(self->diag, "nothing in the scenario is uncertain");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        paths[i] = scenario->uncertain[i].path;
    }
    const char *nearest = outlay_nearest(path, paths, n);
    if (nearest != NULL) {
        outlay_diag_hint(self->diag, "did you mean `%s`?", nearest);
        return;
    }
    struct outlay_text list = {0};
    for (size_t i = 0; i < n && i < MAX_LISTED; i++) {
        outlay_text_printf(&list, "\n%s", paths[i]);
    }
    if (!list.failed) {
        outlay_diag_hint(self->diag, "uncertain are%s%s", list.bytes, n > MAX_LISTED ? "\n..." : "");
    }
    outlay_text_free(&list);
}

/* Note that the value at a path is certain; NULL = by default. */
static void refuse_certain(struct outlay_loader *self, const struct outlay_yaml_node *node, const char *path,
                           const struct outlay_yaml_node *value)
{
    const char *text = value == NULL ? "its default"
                                     : outlay_arena_printf(&self->arena, "%s (%s)", outlay_seen(self, value),
                                                           outlay_where(self, &value->place, &node->place));
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                            "`%s` is certain, %s: only uncertain numbers are correlated", path,
                            text != NULL ? text : "a number");
    outlay_diag_hint(self->diag, "an uncertain number is written as a distribution, such as {uniform: [1, 2]}");
}

/* Say what stands at the path in place of an uncertain number. */
static void refuse_path(struct outlay_loader *self, const struct outlay_yaml_node *node)
{
    const char *path = node->text;
    const struct outlay_yaml_node *blame = NULL;
    const struct outlay_parameter *row = row_of(self, &path);
    const struct outlay_yaml_node *value = outlay_lookup(self->root, path, &blame);
    if (find_uncertain(self->scenario, path) < 0 &&
        (value != NULL ? value->kind == OUTLAY_YAML_SCALAR : has_entry(self->scenario, path))) {
        refuse_certain(self, node, path, value);
    } else if (row != NULL && row->type == OUTLAY_TYPE_LAW && value != NULL && value->kind == OUTLAY_YAML_MAPPING) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                "`%s` is a law inside the year, not an uncertain number", path);
        if (value->n_children > 0) {
            outlay_diag_hint(self->diag, "a parameter of it may be one: `%s.%s.PARAMETER`", path, value->keys[0]);
        }
    } else if (row == NULL || row->type != OUTLAY_TYPE_NUMBER || value == NULL ||
               find_uncertain(self->scenario, path) >= 0) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_UNKNOWN_NAME, &node->place,
                                "there is no uncertain number `%s` in the scenario", node->text);
        hint_uncertain(self, path);
    }
    /* else it is written as a distribution with a mistake, which is noted already */
}

void outlay_pair_read(struct outlay_loader *self, const struct outlay_request *request, int between[2])
{
    const struct outlay_yaml_node *node = request->node;
    if (node->kind == OUTLAY_YAML_BROKEN) {
        return;
    }
    if (node->kind != OUTLAY_YAML_LIST || node->n_children != 2) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &node->place,
                                "`%s` takes a list of two paths, seen: %s", outlay_key_of(request),
                                node->kind == OUTLAY_YAML_LIST
                                    ? outlay_arena_printf(&self->arena, "%zu of them", node->n_children)
                                    : outlay_seen(self, node));
        outlay_diag_hint(self->diag, "for example [classes.startup.count, programmes.training.applications.take_up]");
        return;
    }
    for (int i = 0; i < 2; i++) {
        const struct outlay_yaml_node *path = node->children[i];
        if (path->kind == OUTLAY_YAML_SCALAR) {
            between[i] = find_uncertain(self->scenario, path->text);
        } else if (path->kind != OUTLAY_YAML_BROKEN) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_WRONG_TYPE, &path->place,
                                    "`%s` takes paths of uncertain numbers, seen: %s", outlay_key_of(request),
                                    outlay_seen(self, path));
            continue;
        }
        if (path->kind == OUTLAY_YAML_SCALAR && between[i] < 0) {
            refuse_path(self, path);
        }
    }
    if (between[0] >= 0 && between[0] == between[1]) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &node->children[1]->place,
                                "`%s` stands twice in this pair", node->children[1]->text);
        between[1] = -1;
    }
}

/* ---- all of them together ---------------------------------------------------------------------------------------- */

/* A value of item i, such as its rank; every item has been read. */
static const struct outlay_yaml_node *item_node(struct outlay_loader *self, int i, const char *key)
{
    const struct outlay_yaml_node *blame = NULL;
    const char *path = outlay_arena_printf(&self->arena, "correlations.%d.%s", i + 1, key);
    const struct outlay_yaml_node *node = path != NULL ? outlay_lookup(self->root, path, &blame) : NULL;
    if (node == NULL) {
        outlay_loader_no_memory(self);
    }
    return node;
}

/* The correlation of two numbers among the first n of the list; -1 = none. */
static int find_pair(const struct outlay_scenario *scenario, int n, int a, int b)
{
    for (int i = 0; i < n; i++) {
        const int *between = scenario->correlations[i].between;
        if ((between[0] == a && between[1] == b) || (between[0] == b && between[1] == a)) {
            return i;
        }
    }
    return -1;
}

/* Is each correlation whole, and none stated twice? */
static bool check_pairs(struct outlay_loader *self)
{
    const struct outlay_scenario *scenario = self->scenario;
    bool is_ok = true;
    for (int i = 0; i < scenario->n_correlations; i++) {
        const struct outlay_correlation *correlation = &scenario->correlations[i];
        const int *between = correlation->between;
        const bool is_pair = between[0] >= 0 && between[1] >= 0;
        const int before = is_pair ? find_pair(scenario, i, between[0], between[1]) : -1;
        is_ok = is_ok && is_pair && !isnan(correlation->rank) && before < 0;
        const struct outlay_yaml_node *node = before >= 0 ? item_node(self, i, "between") : NULL;
        const struct outlay_yaml_node *first = before >= 0 ? item_node(self, before, "between") : NULL;
        if (node != NULL && first != NULL) {
            (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &node->place,
                                    "this pair stands in the list already, as item %d (%s)", before + 1,
                                    outlay_where(self, &first->place, &node->place));
        }
    }
    return is_ok;
}

/* Position of an uncertain number in `correlated`, to which it is added where there is room; -1 = there is none. */
static int position_of(struct outlay_scenario *scenario, int uncertain)
{
    for (int i = 0; i < scenario->n_correlated; i++) {
        if (scenario->correlated[i] == uncertain) {
            return i;
        }
    }
    if (scenario->n_correlated == OUTLAY_MAX_CORRELATED) {
        return -1;
    }
    scenario->correlated[scenario->n_correlated] = uncertain;
    return scenario->n_correlated++;
}

/* The matrix; false, with a note, if it cannot be made. */
static bool make_matrix(struct outlay_loader *self, struct matrix *matrix)
{
    struct outlay_scenario *scenario = self->scenario;
    int(*position)[2] = outlay_arena_alloc(&self->arena, (size_t)scenario->n_correlations * sizeof *position);
    scenario->correlated = calloc(OUTLAY_MAX_CORRELATED, sizeof *scenario->correlated);
    if (position == NULL || scenario->correlated == NULL) {
        outlay_loader_no_memory(self);
        return false;
    }
    for (int i = 0; i < scenario->n_correlations; i++) {
        for (int k = 0; k < 2; k++) {
            position[i][k] = position_of(scenario, scenario->correlations[i].between[k]);
            const struct outlay_yaml_node *node = position[i][k] < 0 ? item_node(self, i, "between") : NULL;
            if (node != NULL) {
                (void)outlay_diag_error(self->diag, OUTLAY_ERR_TOO_LARGE, &node->place,
                                        "more than %d numbers in `correlations`", OUTLAY_MAX_CORRELATED);
            }
            if (position[i][k] < 0) {
                return false;
            }
        }
    }
    const size_t n = (size_t)scenario->n_correlated;
    double *r = outlay_arena_alloc(&self->arena, n * n * sizeof *r);
    if (r == NULL) {
        outlay_loader_no_memory(self);
        return false;
    }
    for (size_t i = 0; i < n * n; i++) {
        r[i] = i % (n + 1) == 0 ? 1.0 : 0.0;
    }
    for (int i = 0; i < scenario->n_correlations; i++) {
        const size_t a = (size_t)position[i][0], b = (size_t)position[i][1];
        r[a * n + b] = r[b * n + a] = 2.0 * sin(M_PI / 6.0 * scenario->correlations[i].rank);
    }
    *matrix = (struct matrix){n, r};
    return true;
}

/*
 * Cholesky factor of the `n` chosen rows and columns into factor[n][n], row by row: with L for those above, row k is
 * (y, sqrt(1 - y'y)), L y = r. Returns the number of rows that could be made: n = the matrix is positive definite.
 */
static size_t factorise(const struct matrix *matrix, const size_t chosen[], size_t n, double factor[])
{
    for (size_t k = 0; k < n; k++) {
        double *row = factor + k * n;
        double variance = 1.0;
        for (size_t i = 0; i < n; i++) {
            row[i] = i < k ? matrix->r[chosen[k] * matrix->n + chosen[i]] : 0.0;
        }
        if (k > 0) {
            const gsl_matrix_const_view above = gsl_matrix_const_view_array_with_tda(factor, k, k, n);
            gsl_vector_view y = gsl_vector_view_array(row, k);
            double square = INFINITY;
            if (gsl_blas_dtrsv(CblasLower, CblasNoTrans, CblasNonUnit, &above.matrix, &y.vector) == 0) {
                (void)gsl_blas_ddot(&y.vector, &y.vector, &square);
            }
            variance -= square;
        }
        if (!(variance > LEAST_VARIANCE)) {
            return k;
        }
        row[k] = sqrt(variance);
    }
    return n;
}

/* Leave out of the n chosen numbers all that the last of them does not need to contradict the rest; returns how many
 * remain. */
static size_t reduce(const struct matrix *matrix, size_t chosen[], size_t n, double factor[])
{
    for (size_t i = n - 1; i-- > 0;) {
        const size_t without = chosen[i];
        memmove(chosen + i, chosen + i + 1, (n - 1 - i) * sizeof *chosen);
        if (factorise(matrix, chosen, n - 1, factor) < n - 1) {
            n--;
        } else {
            memmove(chosen + i + 1, chosen + i, (n - 1 - i) * sizeof *chosen);
            chosen[i] = without;
        }
    }
    return n;
}

static bool is_chosen(const struct outlay_scenario *scenario, const size_t chosen[], size_t n, int uncertain)
{
    for (size_t i = 0; i < n; i++) {
        if (scenario->correlated[chosen[i]] == uncertain) {
            return true;
        }
    }
    return false;
}

/* What makes a contradiction easily: a pair of which the list says nothing, so that its rank is 0. */
static void hint_gap(struct outlay_loader *self, const size_t chosen[], size_t n)
{
    const struct outlay_scenario *scenario = self->scenario;
    for (size_t a = 0; a < n; a++) {
        for (size_t b = a + 1; b < n; b++) {
            const int first = scenario->correlated[chosen[a]], second = scenario->correlated[chosen[b]];
            if (find_pair(scenario, scenario->n_correlations, first, second) < 0) {
                outlay_diag_hint(self->diag, "a pair that is not in the list has rank 0, as here\n`%s` and\n`%s`",
                                 scenario->uncertain[first].path, scenario->uncertain[second].path);
                return;
            }
        }
    }
    outlay_diag_hint(self->diag, "ranks nearer to 0, or one of them with the other sign, would go together");
}

/* Note that the ranks between the chosen numbers, of whom none can be left out, cannot hold together. */
static void refuse_matrix(struct outlay_loader *self, const size_t chosen[], size_t n)
{
    const struct outlay_scenario *scenario = self->scenario;
    int involved[MAX_LISTED], last = -1;
    size_t n_involved = 0; /* but for the last */
    for (int i = 0; i < scenario->n_correlations; i++) {
        const int *between = scenario->correlations[i].between;
        if (is_chosen(scenario, chosen, n, between[0]) && is_chosen(scenario, chosen, n, between[1])) {
            if (last >= 0 && n_involved++ < MAX_LISTED) {
                involved[n_involved - 1] = last;
            }
            last = i;
        }
    }
    const struct outlay_yaml_node *rank = item_node(self, last, "rank");
    if (rank == NULL) {
        return;
    }
    if (n_involved == 0) {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_OUT_OF_RANGE, &rank->place,
                                "`rank` %s cannot be told from 1 or -1", outlay_seen(self, rank));
        return;
    }
    struct outlay_text others = {0};
    for (size_t i = 0; i < n_involved && i < MAX_LISTED; i++) {
        const struct outlay_yaml_node *other = item_node(self, involved[i], "rank");
        if (other != NULL) {
            outlay_text_printf(&others, "%s%s of item %d (%s)",
                               i == 0               ? ""
                               : i + 1 < n_involved ? ", "
                                                    : " and ",
                               outlay_seen(self, other), involved[i] + 1,
                               outlay_where(self, &other->place, &rank->place));
        }
    }
    if (others.failed) {
        outlay_loader_no_memory(self);
    } else {
        (void)outlay_diag_error(self->diag, OUTLAY_ERR_CONTRADICTION, &rank->place,
                                "`rank` %s of item %d cannot hold together with %s%s: the matrix is not positive "
                                "definite",
                                outlay_seen(self, rank), last + 1, others.bytes,
                                n_involved > MAX_LISTED ? ", ..." : "");
        hint_gap(self, chosen, n);
    }
    outlay_text_free(&others);
}

void outlay_correlations_resolve(struct outlay_loader *self)
{
    struct outlay_scenario *scenario = self->scenario;
    struct matrix matrix;
    size_t chosen[OUTLAY_MAX_CORRELATED] = {0};
    if (!check_pairs(self) || scenario->n_correlations == 0 || !make_matrix(self, &matrix)) {
        return;
    }
    scenario->correlation_factor = calloc(matrix.n * matrix.n + 1, sizeof *scenario->correlation_factor);
    if (scenario->correlation_factor == NULL) {
        outlay_loader_no_memory(self);
        return;
    }
    for (size_t i = 0; i < matrix.n; i++) {
        chosen[i] = i;
    }
    const size_t n_rows = factorise(&matrix, chosen, matrix.n, scenario->correlation_factor);
    if (n_rows < matrix.n) {
        refuse_matrix(self, chosen, reduce(&matrix, chosen, n_rows + 1, scenario->correlation_factor));
    }
}
