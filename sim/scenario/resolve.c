/* resolve.c: THE parameter table walked once for the scenario, each class and each programme. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/loader.h"

static const char *const term_blocks[] = {"award", "applications", "review"};

/* One struct to be filled from one block of the tree. */
struct instance {
    const struct outlay_yaml_node *node; /* NULL = the block is missing */
    const char *path;                    /* of the block; "" = top */
    unsigned char *target;               /* struct of the scope */
};

static bool is_stored(const struct outlay_parameter *row)
{
    return row->type != OUTLAY_TYPE_EXTENDS && row->type != OUTLAY_TYPE_SOURCES;
}

/* Correlations speak of numbers that are known when all else is read. */
static bool is_last(const struct outlay_parameter *row)
{
    return row->scope == OUTLAY_SCOPE_SCENARIO && row->type == OUTLAY_TYPE_RECORDS;
}

static bool lies_in(const char *tail, const char *block)
{
    const size_t length = strlen(block);
    return strncmp(tail, block, length) == 0 && tail[length] == '.';
}

/* The node of a row's default, which has no place. */
static const struct outlay_yaml_node *default_node(struct outlay_loader *self, const struct outlay_parameter *row)
{
    struct outlay_yaml_node *node = NULL;
    if (outlay_yaml_parse(&self->arena, NULL, row->default_text, NULL, 0, &node, self->diag) != OUTLAY_OK) {
        return NULL;
    }
    if (node != NULL) {
        node->place = node->key_place = (struct outlay_place){0};
    }
    return node;
}

/* The value that stands for a row which is not written; so that later steps pass over it. */
static void store_nothing(const struct outlay_parameter *row, void *target)
{
    const size_t n = row->type == OUTLAY_TYPE_NUMBER ? 1 : row->type == OUTLAY_TYPE_MONTHS ? 12 : 0;
    struct outlay_number *numbers = target;
    for (size_t i = 0; i < n; i++) {
        numbers[i] = (struct outlay_number){NAN, -1};
    }
    const int n_positions = row->type == OUTLAY_TYPE_CLASS || row->type == OUTLAY_TYPE_EARLIER ? 1
                            : row->type == OUTLAY_TYPE_PAIR                                    ? 2
                                                                                               : 0;
    for (int i = 0; i < n_positions; i++) {
        ((int *)target)[i] = -1;
    }
    if (row->type == OUTLAY_TYPE_CERTAIN) {
        *(double *)target = NAN;
    }
}

void outlay_missing_refuse(struct outlay_loader *self, const struct outlay_parameter *row,
                           const struct outlay_yaml_node *blame, const char *path)
{
    const struct outlay_place file = {.file = self->scenario->file_names[0]};
    const bool is_item = strchr(row->path, '#') != NULL; /* it has no key of its own */
    if (blame != NULL && blame->kind != OUTLAY_YAML_MAPPING) {
        return; /* the block itself is wrong, and that was noted */
    }
    const struct outlay_place *place = blame == NULL ? &file : is_item ? &blame->place : &blame->key_place;
    (void)outlay_diag_error(self->diag, OUTLAY_ERR_MISSING_KEY, place->line > 0 ? place : &file,
                            "the key `%s` is missing", path);
    outlay_diag_hint(self->diag, "it has no default: %s", row->doc);
}

/* Read one row into its struct; `may_be_missing` = every class states its own. */
static void read_row(struct outlay_loader *self, const struct outlay_parameter *row, const struct instance *instance,
                     bool may_be_missing)
{
    const struct outlay_yaml_node *blame = NULL;
    void *target = instance->target + row->offset;
    const char *tail = outlay_parameter_tail(row);
    const char *path =
        instance->path[0] == '\0' ? tail : outlay_arena_printf(&self->arena, "%s.%s", instance->path, tail);
    store_nothing(row, target);
    if (path == NULL) {
        outlay_loader_no_memory(self);
        return;
    }
    struct outlay_request request = {row, path, outlay_lookup(instance->node, tail, &blame)};
    if (request.node == NULL && row->default_text != NULL) {
        request.node = default_node(self, row);
    } else if (request.node == NULL && !may_be_missing && (row->flags & (OUTLAY_OPTIONAL | OUTLAY_UNLESS)) == 0) {
        outlay_missing_refuse(self, row, blame, path);
    }
    if (request.node == NULL) {
        return;
    }
    outlay_value_read(self, &request, target);
    /* a default that another programme's value takes the place of would mislead */
    if (!(request.node->place.file == NULL && outlay_is_displaced(instance->node, tail))) {
        outlay_entry_add(self, &request, target);
    }
}

static void read_scope(struct outlay_loader *self, enum outlay_scope scope, const char *block,
                       const struct instance *instance)
{
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *tail = outlay_parameter_tail(row);
        if (row->scope == scope && is_stored(row) && !is_last(row) && (block == NULL || lies_in(tail, block))) {
            read_row(self, row, instance, false);
        }
    }
}

void outlay_scope_read(struct outlay_loader *self, enum outlay_scope scope, const struct outlay_yaml_node *node,
                       const char *path, void *target)
{
    const struct instance instance = {node, path, target};
    read_scope(self, scope, NULL, &instance);
}

/* The block that by_class holds for a class; NULL = none. */
static const struct outlay_yaml_node *by_class_node(const struct outlay_yaml_node *programme, const char *block,
                                                    const char *name)
{
    return outlay_yaml_get(outlay_yaml_get(outlay_yaml_get(programme, block), "by_class"), name);
}

/* Does by_class give the row (tail "award.rate") to this class? */
static const struct outlay_yaml_node *override_node(const struct outlay_yaml_node *programme, const char *block,
                                                    const char *tail, const char *name)
{
    const struct outlay_yaml_node *blame = NULL;
    const struct outlay_yaml_node *of_class = by_class_node(programme, block, name);
    return of_class != NULL ? outlay_lookup(of_class, tail + strlen(block) + 1, &blame) : NULL;
}

static bool all_override(const struct outlay_scenario *scenario, const struct outlay_yaml_node *programme,
                         const char *block, const char *tail)
{
    for (int c = 0; c < scenario->n_classes; c++) {
        if (override_node(programme, block, tail, scenario->classes[c].name) == NULL) {
            return false;
        }
    }
    return scenario->n_classes > 0;
}

/* Read what by_class says of one class in one block; take the rest from the block itself. */
static void read_class_terms(struct outlay_loader *self, const struct instance *programme, const char *block,
                             const struct outlay_terms *general, int c)
{
    const char *name = self->scenario->classes[c].name;
    unsigned char *target = (unsigned char *)&((struct outlay_programme *)(void *)programme->target)->terms[c];
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *tail = outlay_parameter_tail(row);
        if (row->scope != OUTLAY_SCOPE_TERMS || !lies_in(tail, block)) {
            continue;
        }
        struct outlay_request request = {.row = row, .node = override_node(programme->node, block, tail, name)};
        if (request.node == NULL) {
            outlay_value_copy(self, row, target, general);
            continue;
        }
        request.path = outlay_arena_printf(&self->arena, "%s.%s.by_class.%s.%s", programme->path, block, name,
                                           tail + strlen(block) + 1);
        if (request.path == NULL) {
            outlay_loader_no_memory(self);
            return;
        }
        store_nothing(row, target + row->offset);
        outlay_value_read(self, &request, target + row->offset);
        outlay_entry_add(self, &request, target + row->offset);
    }
}

/* One of the blocks that by_class may differ in. */
static void read_terms(struct outlay_loader *self, const struct instance *programme, const char *block)
{
    struct outlay_terms general = {0};
    const struct instance instance = {programme->node, programme->path, (unsigned char *)&general};
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *tail = outlay_parameter_tail(row);
        if (row->scope == OUTLAY_SCOPE_TERMS && lies_in(tail, block)) {
            read_row(self, row, &instance, all_override(self->scenario, programme->node, block, tail));
        }
    }
    for (int c = 0; c < self->scenario->n_classes; c++) {
        read_class_terms(self, programme, block, &general, c);
    }
    free(general.award.bands); /* each class has its own */
}

/* The rows of a programme, block by block in the order of the table. */
static void read_programme(struct outlay_loader *self, const struct instance *programme)
{
    const char *done = "";
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const char *tail = outlay_parameter_tail(row);
        if (row->scope == OUTLAY_SCOPE_PROGRAMME) {
            read_row(self, row, programme, false);
        }
        for (size_t b = 0; row->scope == OUTLAY_SCOPE_TERMS && b < sizeof term_blocks / sizeof term_blocks[0]; b++) {
            if (lies_in(tail, term_blocks[b]) && strcmp(done, term_blocks[b]) != 0) {
                done = term_blocks[b];
                read_terms(self, programme, done);
            }
        }
    }
}

/* Room for what `names` lists; 0 elements where it is no mapping. */
static void *allocate(struct outlay_loader *self, const struct outlay_yaml_node *names, size_t most, size_t size,
                      int *n)
{
    size_t count = names != NULL && names->kind == OUTLAY_YAML_MAPPING ? names->n_children : 0;
    count = count < most ? count : most;
    void *array = count > 0 ? calloc(count, size) : NULL;
    if (count > 0 && array == NULL) {
        outlay_loader_no_memory(self);
        count = 0;
    }
    *n = (int)count;
    return array;
}

static void resolve_classes(struct outlay_loader *self)
{
    struct outlay_scenario *scenario = self->scenario;
    const struct outlay_yaml_node *names = outlay_yaml_get(self->root, "classes");
    scenario->classes = allocate(self, names, OUTLAY_MAX_CLASSES, sizeof *scenario->classes, &scenario->n_classes);
    for (int c = 0; c < scenario->n_classes; c++) {
        struct outlay_class *class_ = &scenario->classes[c];
        const char *path = outlay_arena_printf(&self->arena, "classes.%s", names->keys[c]);
        class_->name = strdup(names->keys[c]);
        if (class_->name == NULL || path == NULL) {
            free(class_->name);
            scenario->n_classes = c; /* those before it are whole */
            outlay_loader_no_memory(self);
            return;
        }
        const struct instance instance = {names->children[c], path, (unsigned char *)class_};
        read_scope(self, OUTLAY_SCOPE_CLASS, NULL, &instance);
    }
}

static void resolve_programmes(struct outlay_loader *self)
{
    struct outlay_scenario *scenario = self->scenario;
    const struct outlay_yaml_node *names = outlay_yaml_get(self->root, "programmes");
    scenario->programmes =
        allocate(self, names, OUTLAY_MAX_PROGRAMMES, sizeof *scenario->programmes, &scenario->n_programmes);
    for (int p = 0; p < scenario->n_programmes; p++) {
        struct outlay_programme *programme = &scenario->programmes[p];
        const char *path = outlay_arena_printf(&self->arena, "programmes.%s", names->keys[p]);
        programme->name = strdup(names->keys[p]);
        programme->terms = calloc((size_t)scenario->n_classes + 1, sizeof *programme->terms);
        if (programme->name == NULL || programme->terms == NULL || path == NULL) {
            free(programme->name);
            free(programme->terms);
            scenario->n_programmes = p; /* those before it are whole */
            outlay_loader_no_memory(self);
            return;
        }
        const struct instance instance = {names->children[p], path, (unsigned char *)programme};
        self->programme = p;
        read_programme(self, &instance);
    }
}

void outlay_resolve(struct outlay_loader *self)
{
    const struct instance top = {self->root, "", (unsigned char *)self->scenario};
    read_scope(self, OUTLAY_SCOPE_SCENARIO, NULL, &top);
    resolve_classes(self);
    resolve_programmes(self);
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        if (is_last(row)) {
            read_row(self, row, &top, false);
        }
    }
}

const struct outlay_yaml_node *outlay_terms_node(const struct outlay_loader *self, int programme, int class_,
                                                 const char *tail)
{
    const struct outlay_scenario *scenario = self->scenario;
    const struct outlay_yaml_node *blame = NULL;
    const struct outlay_yaml_node *node =
        outlay_yaml_get(outlay_yaml_get(self->root, "programmes"), scenario->programmes[programme].name);
    for (size_t b = 0; class_ >= 0 && b < sizeof term_blocks / sizeof term_blocks[0]; b++) {
        if (lies_in(tail, term_blocks[b])) {
            const struct outlay_yaml_node *own =
                override_node(node, term_blocks[b], tail, scenario->classes[class_].name);
            if (own != NULL) {
                return own;
            }
        }
    }
    return outlay_lookup(node, tail, &blame);
}
