/*
 * loader.h: the steps from YAML text to a scenario, and what they hand on (private to sim/scenario).
 *
 * In call order: files -> merged tree -> keys checked -> values read -> links between programmes ->
 * correlations -> horizon and calendar -> contradictions -> sources. Every step notes all the errors it finds in `diag`
 * and goes on; a value that could not be read is NaN (a number), NONE (a day) or zero, and later steps pass over it in
 * silence.
 */
#ifndef OUTLAY_SCENARIO_LOADER_H
#define OUTLAY_SCENARIO_LOADER_H

#include "base/arena.h"
#include "base/text.h"
#include "base/yaml.h"
#include "outlay/scenario.h"
#include "scenario/parameters.h"

#define OUTLAY_MAX_FILES 32

/* Mistakes of one kind that are told one by one in one block: a file with more is not what it seems. */
#define OUTLAY_MAX_TOLD 50

/* Notes that hint at what was meant: to look for the nearest word takes time, and nobody reads more. */
#define OUTLAY_MAX_HINTS 100

/* Probability that a law may leave outside of the bounds of its key: less than one value in a billion. */
#define OUTLAY_NEGLIGIBLE 1e-9

struct outlay_loader {
    struct outlay_scenario *scenario; /* being filled */
    struct outlay_diag *diag;         /* never NULL */
    size_t n_errors_before;           /* errors in `diag` that are older than this scenario */
    struct outlay_arena arena;        /* trees, paths and everything else that does not outlive the loading */
    struct outlay_yaml_node *trees[OUTLAY_MAX_FILES]; /* one a file, the extending before the extended */
    struct outlay_yaml_node *root;                    /* all of them merged; NULL = nothing to read */
    bool has_run_out;                                 /* of memory: what was read is not whole */
    bool has_horizon;                                 /* start, years and calendar could be read */
    int programme;                                    /* being read: those before it are whole */
    int *entry_ranks;                                 /* [n_entries] outlay_rank of each entry; owned */
    const struct outlay_file *stored;                 /* [n_stored] in place of files on the disk */
    size_t n_stored;
    struct outlay_data_file *data_files; /* read so far, the last one first; in the arena */
};

/* One value on its way from the tree into a struct. */
struct outlay_request {
    const struct outlay_parameter *row;
    const char *path;                    /* dotted, with the names: "programmes.training.award.rate" */
    const struct outlay_yaml_node *node; /* of the value; a default's has no place */
};

/* Note that the memory ran out. */
void outlay_loader_no_memory(struct outlay_loader *self);

/* ---- files.c ---- */

/* Tell it if the name at `node`, which stands for the file `path`, leads out of the folder of `from`, which says so. */
void outlay_leaving_tell(struct outlay_loader *self, const struct outlay_yaml_node *node, const char *from,
                         const char *path);

/* Read the file, and what it extends, into `trees`. `text` NULL = read it from `path`. */
OUTLAY_MUST_USE outlay_err outlay_files_read(struct outlay_loader *self, const char *path, const char *text);

/*
 * The file that the scenario calls `name` and that lies at `path`, kept in the scenario. NULL, with a note at `place`,
 * if it cannot be read. Borrowed until the next one is read.
 */
const struct outlay_file *outlay_named_file_read(struct outlay_loader *self, const char *name, const char *path,
                                                 const struct outlay_place *place);

/* Take over `bytes` as the file of that name. NULL = out of memory (noted). */
const struct outlay_file *outlay_named_file_keep(struct outlay_loader *self, const char *name, char *bytes,
                                                 size_t size);

/* The stored file of that name, or NULL. */
const struct outlay_file *outlay_stored_file(const struct outlay_loader *self, const char *name);

/* ---- merge.c ---- */

/* Merge the trees and the overrides into `root`. */
void outlay_merge(struct outlay_loader *self, const struct outlay_override *overrides, size_t n_overrides);

/* ---- keys.c ---- */

/* Check that every key of `root` is one of the language, and every name a good one. */
void outlay_keys_check(struct outlay_loader *self);

/* Note that `key` at `place` is unknown in `block` (a path; "" = top), with the nearest of the keys that are known. */
void outlay_keys_refuse(struct outlay_loader *self, const struct outlay_place *place, const char *key,
                        const char *block, const struct outlay_spot *spot);

/* Are there so many notes that hints would help nobody? */
bool outlay_hints_are_over(const struct outlay_loader *self);

/* Names in `node` that stand for classes must exist in `classes` (a mapping of the merged tree). */
void outlay_names_refuse(struct outlay_loader *self, const struct outlay_place *place, const char *what,
                         const char *name, const struct outlay_yaml_node *known);

/* ---- lookup.c ---- */

/* The node at a dotted path below `node` (items of lists by their number), NULL = absent; *blame is the deepest node on
 * the way that exists. */
const struct outlay_yaml_node *outlay_lookup(const struct outlay_yaml_node *node, const char *path,
                                             const struct outlay_yaml_node **blame);

/* "line 14", or "base.yaml:14" where that is another file than `from`; in the arena. */
const char *outlay_where(struct outlay_loader *self, const struct outlay_place *place, const struct outlay_place *from);

/* What messages call the key of a request: the last word of its path, or "budget.amount". */
const char *outlay_key_of(const struct outlay_request *request);

/* A value as the user wrote it, in one line and cut where it is long; in the arena. */
const char *outlay_seen(struct outlay_loader *self, const struct outlay_yaml_node *node);

/* ---- values.c ---- */

/* Read one value of any type into `target`, which lies in the struct of its scope. */
void outlay_value_read(struct outlay_loader *self, const struct outlay_request *request, void *target);

/* ---- numbers.c ---- */

/* A plain number in the unit as stored; NaN, with a note, if it is none or lies outside the row's bounds. */
double outlay_plain_read(struct outlay_loader *self, const struct outlay_request *request, enum outlay_unit unit,
                         bool is_bounded);
struct outlay_number outlay_number_read(struct outlay_loader *self, const struct outlay_request *request);
void outlay_months_read(struct outlay_loader *self, const struct outlay_request *request,
                        struct outlay_number months[12]);

/* Append an uncertain number and return its position; -1 = out of memory (noted). */
int outlay_uncertain_add(struct outlay_loader *self, const char *path, const struct outlay_law *law,
                         enum outlay_unit unit, double min, double max);

/* The value that a number surely reaches, at least and at most, but for OUTLAY_NEGLIGIBLE. */
double outlay_number_low(const struct outlay_scenario *scenario, struct outlay_number number);
double outlay_number_high(const struct outlay_scenario *scenario, struct outlay_number number);

/* ---- lists.c ---- */

/* Read a list of any type; `target` is where its array is stored, as for all values. */
void outlay_list_read(struct outlay_loader *self, const struct outlay_request *request, void *target);

/* Number of items of the list at `target`, which is where its array is stored. */
int outlay_list_count(const struct outlay_parameter *row, const void *target);

/* Copy a value of any type between two structs of the row's scope; a list gets an array of its own. */
void outlay_value_copy(struct outlay_loader *self, const struct outlay_parameter *row, void *target,
                       const void *source);

/* ---- laws.c ---- */

/* A distribution as it stands in the text: its form, and the node of each parameter and bound. */
struct outlay_law_text {
    const struct outlay_law_form *form;
    const struct outlay_yaml_node *node;  /* of the whole, at its family's name */
    const struct outlay_yaml_node *inner; /* what stands behind that name */
    const struct outlay_yaml_node *parameter[OUTLAY_LAW_MAX_PARAMETERS];
    const struct outlay_yaml_node *min, *max; /* NULL = no truncation */
};

/* Find the form of a distribution; false, with a note, if there is none. */
bool outlay_law_text_read(struct outlay_loader *self, const struct outlay_request *request,
                          struct outlay_law_text *text);

/*
 * Read a law of which everything is certain: that of an uncertain number (`within` NULL), or one that a law of data is
 * made of (`within` is that law's name). False, with notes, if there is none.
 */
bool outlay_law_read_certain(struct outlay_loader *self, const struct outlay_request *request, const char *within,
                             struct outlay_law *law);

/* Read the law of a LAW row, with parameters that may be uncertain. */
void outlay_law_read(struct outlay_loader *self, const struct outlay_request *request,
                     struct outlay_scenario_law *target);

/* The law at the central values of its uncertain parameters; false if it is none. */
bool outlay_law_central(const struct outlay_scenario_law *law, struct outlay_law *central);

/* Note it if the law leaves the bounds of the row with a probability that is not negligible; true = it does not. */
bool outlay_law_in_bounds(struct outlay_loader *self, const struct outlay_request *request,
                          const struct outlay_law *law, bool check_max);

/* ---- resolve.c ---- */

/* Read every row for the scenario, each class, each programme and each by_class. */
void outlay_resolve(struct outlay_loader *self);

/* Read all rows of a scope from one block into one struct; `path` is the block's. */
void outlay_scope_read(struct outlay_loader *self, enum outlay_scope scope, const struct outlay_yaml_node *node,
                       const char *path, void *target);

/* Note that the key at `path` is missing; `blame` is the deepest block on the way to it. */
void outlay_missing_refuse(struct outlay_loader *self, const struct outlay_parameter *row,
                           const struct outlay_yaml_node *blame, const char *path);

/* ---- links.c ---- */

/* Is a row of a programme (tail "budget.period") said by the programme that its block points to? */
bool outlay_is_displaced(const struct outlay_yaml_node *programme, const char *tail);

/* Fill in what programmes take over from those above them; note what is missing, and what stands in two places. */
void outlay_links_resolve(struct outlay_loader *self);

/* ---- correlations.c ---- */

/* Read two paths of uncertain numbers; -1 where there is none, with a note. All other values must have been read. */
void outlay_pair_read(struct outlay_loader *self, const struct outlay_request *request, int between[2]);

/* Check the correlations together, and factor the matrix of their normal scores. */
void outlay_correlations_resolve(struct outlay_loader *self);

/* ---- horizon.c ---- */

void outlay_horizon_resolve(struct outlay_loader *self);

/* ---- check*.c, size.c ---- */

/* Values that cannot hold together. */
void outlay_contradictions_check(struct outlay_loader *self);

/* Scenarios too large to be simulated, or for their sums to be exact. */
void outlay_size_check(struct outlay_loader *self);

/* The node that gives `tail` (as in outlay_parameter_tail) of a programme for a class; a default's = NULL. */
const struct outlay_yaml_node *outlay_terms_node(const struct outlay_loader *self, int programme, int class_,
                                                 const char *tail);

/* ---- entries.c ---- */

/*
 * How far down the chain of files a value was written: -1 = --set, 0 = the file itself, 1 = the file that it extends,
 * ..., OUTLAY_MAX_FILES = nowhere, a default.
 */
int outlay_rank(const struct outlay_loader *self, const struct outlay_place *place);

/* Append the entry of a value that was read into `target`. */
void outlay_entry_add(struct outlay_loader *self, const struct outlay_request *request, const void *target);

/* Check `sources`, and copy each text to the entries that it speaks of. */
void outlay_sources_apply(struct outlay_loader *self);

#endif
