/* schema.c: THE parameter table and THE law table as a JSON Schema (draft 2020-12), for editors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/loader.h"

/* The grammar of quantity.c. */
#define MANTISSA "([0-9]+(_[0-9]+)*(\\\\.([0-9]+(_[0-9]+)*)?)?|\\\\.[0-9]+(_[0-9]+)*)"
#define QUANTITY "^[ \\\\t]*[-+]?" MANTISSA "([eE][-+]?[0-9]+)?[ \\\\t]*(k|M|bn|\u4e07|\u4ebf|%)?[ \\\\t]*$"
/* Any scalar is a text: a title may be a year. */
#define TEXT "{\"$ref\": \"#/$defs/text\"}"
#define SOURCES "{\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/text\"}}"
#define PAIR "{\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2, \"items\": {\"type\": \"string\"}}"
#define CALENDAR "{\"$ref\": \"#/$defs/calendar\"}"
#define PLAIN "{\"$ref\": \"#/$defs/plain\"}"
#define DISTRIBUTION "{\"$ref\": \"#/$defs/distribution\"}"

static const char definitions[] =
    "    \"name\": {\"type\": \"string\", \"maxLength\": 60, \"pattern\": "
    "\"^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$\"},\n"
    "    \"quantity\": {\"type\": \"string\", \"pattern\": \"" QUANTITY "\"},\n"
    "    \"plain\": {\"anyOf\": [{\"type\": \"number\"}, {\"$ref\": \"#/$defs/quantity\"}]},\n"
    "    \"number\": {\"anyOf\": [" PLAIN ", " DISTRIBUTION "]},\n"
    "    \"calendar\": {\"type\": \"string\", \"anyOf\": [{\"enum\": [\"weekdays\", \"all_days\", \"china\"]}, "
    "{\"pattern\": "
    "\"\\\\.yaml$\"}]},\n"
    "    \"text\": {\"type\": [\"string\", \"number\", \"boolean\"]},\n"
    "    \"date\": {\"type\": \"string\", \"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"},\n"
    "    \"when\": {\"type\": \"string\", \"pattern\": \"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$\"},\n";

/* What the parameters of laws of data take, which are no single numbers. */
static const struct {
    const char *name, *schema;
} data_parts[] = {
    {"edges", "{\"type\": \"array\", \"minItems\": 2, \"items\": " PLAIN "}"},
    {"shares", "{\"type\": \"array\", \"minItems\": 1, \"items\": " PLAIN "}"},
    {"counts", "{\"type\": \"array\", \"minItems\": 1, \"items\": " PLAIN "}"},
    {"within", "{\"enum\": [\"uniform\", \"log\"]}"},
    {"file", TEXT},
    {"column", TEXT},
    {"weight", TEXT},
    {"body", DISTRIBUTION},
};

static const char mixture[] =
    "{\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": \"object\", \"additionalProperties\": false, "
    "\"required\": [\"weight\", \"law\"], \"properties\": {\"weight\": " PLAIN ", \"law\": " DISTRIBUTION "}}}";

struct writer {
    struct outlay_text text;
    struct outlay_arena arena;
};

static void add(struct writer *self, const char *text)
{
    outlay_text_add(&self->text, text, strlen(text));
}

static void add_line(struct writer *self, int depth)
{
    outlay_text_printf(&self->text, "\n%*s", 2 * depth, "");
}

/* What stands inside of the quotes. */
static void add_escaped(struct writer *self, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\n') {
            add(self, "\\n");
        } else {
            outlay_text_printf(&self->text, *p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
        }
    }
}

static void add_string(struct writer *self, const char *text)
{
    add(self, "\"");
    add_escaped(self, text);
    add(self, "\"");
}

/* ---- distributions ----------------------------------------------------------------------------------------------- */

static bool is_of_family(const struct outlay_law_form *form, const struct outlay_law_form *family)
{
    return form->name != NULL && form->family == family->family;
}

static const char *part_schema(const struct outlay_law_form *form, const char *name, const char *number)
{
    for (size_t i = 0; outlay_law_form_is_data(form) && i < sizeof data_parts / sizeof data_parts[0]; i++) {
        if (strcmp(data_parts[i].name, name) == 0) {
            return data_parts[i].schema;
        }
    }
    return outlay_law_form_is_data(form) ? PLAIN : number;
}

/* All parameters of all forms of a family, and the bounds that cut it off, each once. */
static void add_parameters(struct writer *self, const struct outlay_law_form *family, const char *number)
{
    const char *known[32];
    size_t n = 0;
    add(self, "\"properties\": {");
    for (const struct outlay_law_form *form = family; is_of_family(form, family); form++) {
        for (int i = 0; i < OUTLAY_LAW_MAX_PARAMETERS + 2; i++) {
            const char *const bounds[] = {"min", "max"};
            const char *name =
                i < OUTLAY_LAW_MAX_PARAMETERS ? form->parameter[i] : bounds[i - OUTLAY_LAW_MAX_PARAMETERS];
            bool is_known = name == NULL || n == sizeof known / sizeof known[0];
            for (size_t k = 0; k < n && !is_known; k++) {
                is_known = strcmp(known[k], name) == 0;
            }
            if (!is_known) {
                outlay_text_printf(&self->text, "%s\"%s\": %s", n > 0 ? ", " : "", name,
                                   i < OUTLAY_LAW_MAX_PARAMETERS   ? part_schema(form, name, number)
                                   : outlay_law_form_is_data(form) ? PLAIN
                                                                   : number);
                known[n++] = name;
            }
        }
    }
    add(self, "}, \"anyOf\": [");
    for (const struct outlay_law_form *form = family; is_of_family(form, family); form++) {
        outlay_text_printf(&self->text, "%s{\"required\": [", form == family ? "" : ", ");
        for (int i = 0; i < form->n_parameters; i++) {
            outlay_text_printf(&self->text, "%s\"%s\"", i > 0 ? ", " : "", form->parameter[i]);
        }
        add(self, "]}");
    }
    add(self, "]");
}

static void add_family(struct writer *self, const struct outlay_law_form *family, const char *number)
{
    outlay_text_printf(&self->text, "\"%s\": {\"description\": ", family->name);
    add_string(self, family->doc);
    add(self, ", \"anyOf\": [");
    if (family->family == OUTLAY_MIXTURE) {
        add(self, mixture);
    } else {
        add(self, "{\"type\": \"object\", \"additionalProperties\": false, ");
        add_parameters(self, family, number);
        add(self, "}");
    }
    for (const struct outlay_law_form *form = family; is_of_family(form, family); form++) {
        if (form->may_be_list) {
            outlay_text_printf(&self->text,
                               ", {\"type\": \"array\", \"minItems\": %d, \"maxItems\": %d, \"items\": %s}",
                               form->n_parameters, form->n_parameters, number);
        }
        if (form->may_be_list && form->n_parameters == 1) {
            outlay_text_printf(&self->text, ", %s", number);
        }
    }
    add(self, "]}");
}

/* One name with its parameters, which are `number`. */
static void add_distribution(struct writer *self, const char *name, const char *number)
{
    outlay_text_printf(&self->text,
                       "    \"%s\": {\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": 1, "
                       "\"additionalProperties\": false, \"properties\": {",
                       name);
    const struct outlay_law_form *last = NULL;
    for (const struct outlay_law_form *form = outlay_law_forms; form->name != NULL; form++) {
        if (last == NULL || last->family != form->family) {
            add(self, last == NULL ? "" : ",");
            add_line(self, 3);
            add_family(self, form, number);
        }
        last = form;
    }
    add_line(self, 2);
    add(self, "}}");
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static void add_words(struct writer *self, const char *const *words)
{
    add(self, "{\"enum\": [");
    for (size_t i = 0; words[i] != NULL; i++) {
        outlay_text_printf(&self->text, "%s\"%s\"", i > 0 ? ", " : "", words[i]);
    }
    add(self, "]}");
}

/* A number as JSON knows it, within the bounds of the row; bounds of texts are left to the program. */
static void add_bounded(struct writer *self, const struct outlay_parameter *row, const char *type)
{
    const double unit = row->unit == OUTLAY_UNIT_MONEY ? OUTLAY_FEN : 1.0;
    const char *min = (row->flags & OUTLAY_OPEN_MIN) != 0 ? "exclusiveMinimum" : "minimum";
    const char *max = (row->flags & OUTLAY_OPEN_MAX) != 0 ? "exclusiveMaximum" : "maximum";
    outlay_text_printf(&self->text, "{\"type\": \"%s\"", type);
    if (isfinite(row->min)) {
        outlay_text_printf(&self->text, ", \"%s\": %.17g, \"%s\": %.17g", min, row->min / unit, max, row->max / unit);
    }
    add(self, "}");
}

static void add_number(struct writer *self, const struct outlay_parameter *row, const char *distribution)
{
    add_bounded(self, row, "number");
    outlay_text_printf(&self->text, ", {\"$ref\": \"#/$defs/quantity\"}, {\"$ref\": \"#/$defs/%s\"}", distribution);
    if (row->choices != NULL) {
        add(self, ", ");
        add_words(self, row->choices);
    }
}

static void add_spot(struct writer *self, const struct outlay_spot *spot, int depth);

/* The ways in which a value may be written, as members of an anyOf. */
static void add_ways(struct writer *self, const struct outlay_spot *spot, int depth)
{
    static const char *const simple[OUTLAY_N_TYPES] = {
        [OUTLAY_TYPE_VERSION] = "{\"enum\": [1, \"1\"]}",
        [OUTLAY_TYPE_TEXT] = TEXT,
        [OUTLAY_TYPE_PROSE] = TEXT,
        [OUTLAY_TYPE_CURRENCY] = "{\"type\": \"string\", \"pattern\": \"^[A-Z]{3}$\"}",
        [OUTLAY_TYPE_CALENDAR] = CALENDAR,
        [OUTLAY_TYPE_EXTENDS] = "{\"type\": \"string\"}",
        [OUTLAY_TYPE_SOURCES] = SOURCES,
        [OUTLAY_TYPE_DATE] = "{\"$ref\": \"#/$defs/date\"}",
        [OUTLAY_TYPE_WHEN] = "{\"$ref\": \"#/$defs/when\"}",
        [OUTLAY_TYPE_CLASS] = "{\"$ref\": \"#/$defs/name\"}",
        [OUTLAY_TYPE_EARLIER] = "{\"$ref\": \"#/$defs/name\"}",
        [OUTLAY_TYPE_PAIR] = PAIR,
        [OUTLAY_TYPE_CLASSES] = "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/name\"}}",
        [OUTLAY_TYPE_WHENS] = "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/when\"}}",
    };
    const struct outlay_parameter *row = spot->leaf;
    if (simple[row->type] != NULL) {
        add(self, simple[row->type]);
    } else if (row->type == OUTLAY_TYPE_CHOICE) {
        add_words(self, row->choices);
    } else if (row->type == OUTLAY_TYPE_NUMBER) {
        add_number(self, row, "distribution");
    } else if (row->type == OUTLAY_TYPE_LAW) {
        add_number(self, row, "law");
    } else if (row->type == OUTLAY_TYPE_CERTAIN) {
        add_bounded(self, row, "number");
        add(self, ", {\"$ref\": \"#/$defs/quantity\"}");
    } else if (row->type == OUTLAY_TYPE_MONTHS) {
        add(self, "{\"type\": \"array\", \"minItems\": 12, \"maxItems\": 12, \"items\": {\"anyOf\": [");
        add_number(self, row, "distribution");
        add(self, "]}}");
    } else if (row->type == OUTLAY_TYPE_RECORDS) {
        const struct outlay_spot item = outlay_spot_step(spot, "1");
        add(self, "{\"type\": \"array\", \"items\": ");
        add_spot(self, &item, depth);
        add(self, "}");
    } else {
        add_bounded(self, row, "integer");
        add(self, ", {\"$ref\": \"#/$defs/quantity\"}");
    }
    if ((row->flags & (OUTLAY_NONE_OK | OUTLAY_ABSENT_OK)) != 0) {
        add(self, ", {\"enum\": [\"none\"]}");
    } else if ((row->flags & OUTLAY_AUTO_OK) != 0) {
        add(self, ", {\"enum\": [\"auto\"]}");
    }
}

/* The sentence of the row, what it allows and its default. */
static void add_description(struct writer *self, const struct outlay_parameter *row)
{
    const bool has_bounds = row->type != OUTLAY_TYPE_CALENDAR && row->type != OUTLAY_TYPE_CURRENCY;
    const char *allowed = has_bounds ? outlay_parameter_allowed(row, &self->arena) : "";
    add(self, "\"description\": \"");
    add_escaped(self, row->doc);
    outlay_text_printf(&self->text, "%s%s%s", allowed[0] != '\0' ? "; allowed: " : "", allowed,
                       row->default_text != NULL ? "; default: " : "");
    add_escaped(self, row->default_text != NULL ? row->default_text : "");
    add(self, "\"");
}

static void add_leaf(struct writer *self, const struct outlay_spot *spot, int depth)
{
    add(self, "{");
    add_description(self, spot->leaf);
    add(self, ", \"anyOf\": [");
    add_ways(self, spot, depth);
    add(self, "]}");
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

/* Must one of the rows at the key, or below it, be written? */
static bool is_required(const char *pattern)
{
    const size_t length = strlen(pattern);
    for (const struct outlay_parameter *row = outlay_parameters; row->path != NULL; row++) {
        const bool lies_here =
            strncmp(row->path, pattern, length) == 0 &&
            (row->path[length] == '\0' || (row->path[length] == '.' && strchr(pattern, '#') == NULL));
        if (lies_here && strchr(row->path + length, '#') == NULL && row->default_text == NULL &&
            (row->flags & (OUTLAY_OPTIONAL | OUTLAY_UNLESS)) == 0) {
            return true;
        }
    }
    return false;
}

static void add_required(struct writer *self, const struct outlay_spot *spot, const char *const *keys, size_t n)
{
    const char *comma = "";
    add(self, "\"required\": [");
    for (size_t i = 0; i < n; i++) {
        const struct outlay_spot next = outlay_spot_step(spot, keys[i]);
        if (is_required(next.pattern)) {
            outlay_text_printf(&self->text, "%s\"%s\"", comma, keys[i]);
            comma = ", ";
        }
    }
    add(self, "]");
}

/* "#/properties/programmes/additionalProperties/properties/award": where the block stands in the schema. */
static void add_pointer(struct writer *self, const char *pattern)
{
    add(self, "#");
    for (const char *part = pattern; part[0] != '\0';) {
        const size_t length = strcspn(part, ".");
        if (part[0] == '*') {
            add(self, "/additionalProperties");
        } else {
            outlay_text_printf(&self->text, "/properties/%.*s", (int)length, part);
        }
        part += length + (part[length] == '.' ? 1 : 0);
    }
}

/* A block for each class, with the keys of the block that it stands in. */
static void add_by_class(struct writer *self, const struct outlay_spot *spot)
{
    size_t n = 0;
    const struct outlay_spot block = outlay_spot_step(spot, "a");
    const char *const *keys = outlay_spot_keys(&block, &self->arena, &n);
    add(self, "{\"description\": \"what differs for a class\", \"type\": \"object\", \"propertyNames\": {\"$ref\": "
              "\"#/$defs/name\"}, \"additionalProperties\": {\"type\": \"object\", \"additionalProperties\": false, "
              "\"properties\": {");
    for (size_t i = 0; keys != NULL && i < n; i++) {
        outlay_text_printf(&self->text, "%s\"%s\": {\"$ref\": \"", i > 0 ? ", " : "", keys[i]);
        add_pointer(self, spot->pattern);
        outlay_text_printf(&self->text, "/properties/%s\"}", keys[i]);
    }
    add(self, "}}}");
}

/* The members of a block of keys, without its braces. */
static void add_keys(struct writer *self, const struct outlay_spot *spot, int depth)
{
    size_t n = 0;
    const char *const *keys = outlay_spot_keys(spot, &self->arena, &n);
    if (keys == NULL) {
        self->text.failed = true;
        return;
    }
    add(self, "\"type\": \"object\", \"additionalProperties\": false, ");
    if (spot->pattern[0] == '\0') { /* what a file extends may hold everything that must be written */
        add(self, "\"if\": {\"not\": {\"required\": [\"extends\"]}}, \"then\": {");
        add_required(self, spot, keys, n);
        add(self, "}, ");
    } else if (strchr(spot->pattern, '#') != NULL) { /* a list is replaced as a whole */
        add_required(self, spot, keys, n);
        add(self, ", ");
    }
    add(self, "\"properties\": {");
    for (size_t i = 0; i < n; i++) {
        const struct outlay_spot next = outlay_spot_step(spot, keys[i]);
        add(self, i > 0 ? "," : "");
        add_line(self, depth + 1);
        outlay_text_printf(&self->text, "\"%s\": ", keys[i]);
        add_spot(self, &next, depth + 1);
    }
    add_line(self, depth);
    add(self, "}");
}

static void add_block(struct writer *self, const struct outlay_spot *spot, int depth)
{
    const char *doc = outlay_block_doc(spot->pattern);
    const char *shorthand = outlay_spot_shorthand(spot);
    add(self, "{");
    if (doc != NULL) {
        add(self, "\"description\": ");
        add_string(self, doc);
        add(self, ", ");
    }
    if (shorthand == NULL) {
        add_keys(self, spot, depth);
        add(self, "}");
        return;
    }
    const struct outlay_spot amount = outlay_spot_step(spot, shorthand);
    add(self, "\"anyOf\": [{");
    add_keys(self, spot, depth);
    add(self, "}, ");
    add_ways(self, &amount, depth);
    add(self, "]}");
}

static void add_spot(struct writer *self, const struct outlay_spot *spot, int depth)
{
    if (spot->kind == OUTLAY_SPOT_LEAF) {
        add_leaf(self, spot, depth);
    } else if (spot->kind == OUTLAY_SPOT_BY_CLASS) {
        add_by_class(self, spot);
    } else if (spot->kind == OUTLAY_SPOT_NAMES) {
        const struct outlay_spot named = outlay_spot_step(spot, "a");
        add(self, "{\"type\": \"object\", \"propertyNames\": {\"$ref\": \"#/$defs/name\"}, \"additionalProperties\": ");
        add_spot(self, &named, depth);
        add(self, "}");
    } else {
        add_block(self, spot, depth);
    }
}

bool outlay_schema_write(FILE *out)
{
    struct writer self = {{0}, {0}};
    const struct outlay_spot root = outlay_spot_root();
    add(&self, "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
               "  \"title\": \"A scenario of outlay\",\n  \"$defs\": {\n");
    add(&self, definitions);
    add_distribution(&self, "distribution", PLAIN);
    add(&self, ",\n");
    add_distribution(&self, "law", "{\"$ref\": \"#/$defs/number\"}");
    add(&self, "\n  },\n  ");
    add_keys(&self, &root, 1);
    add(&self, "\n}\n");
    outlay_arena_free(&self.arena);
    char *schema = outlay_text_take(&self.text);
    const bool is_ok = schema != NULL && fputs(schema, out) >= 0;
    free(schema);
    return is_ok;
}
