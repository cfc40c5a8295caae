/* yaml_write.c: a tree written in one line. */
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"

static bool is_word_start(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
}

/* Letters, digits, and what stands inside of numbers, names, paths and plain prose; blanks between two of them. */
static bool is_plain(const char *text)
{
    const size_t length = strlen(text);
    if (length == 0 || text[length - 1] == ' ') {
        return false;
    }
    if (!is_word_start((unsigned char)text[0]) && !(text[0] == '-' && is_word_start((unsigned char)text[1]))) {
        return false;
    }
    for (const char *p = text; *p != '\0'; p++) {
        if (!is_word_start((unsigned char)*p) && strchr(" _.+-%/()", *p) == NULL) {
            return false;
        }
        /* the lead bytes of NEL, no-break space, line separator and byte order mark */
        if (*p == '\xc2' || *p == '\xe2' || *p == '\xef') {
            return false;
        }
    }
    return true;
}

void outlay_yaml_write_scalar(struct outlay_text *out, const char *text)
{
    if (is_plain(text)) {
        outlay_text_add(out, text, strlen(text));
        return;
    }
    outlay_text_add(out, "\"", 1);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            outlay_text_printf(out, "\\%c", *p);
        } else if (*p == '\n') {
            outlay_text_add(out, "\\n", 2);
        } else if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            outlay_text_printf(out, "\\x%02x", (unsigned)*p);
        } else {
            outlay_text_add(out, p, 1);
        }
    }
    outlay_text_add(out, "\"", 1);
}

void outlay_yaml_write(struct outlay_text *out, const struct outlay_yaml_node *node)
{
    if (node->kind == OUTLAY_YAML_SCALAR) {
        outlay_yaml_write_scalar(out, node->text);
        return;
    }
    const bool is_mapping = node->kind == OUTLAY_YAML_MAPPING;
    outlay_text_add(out, is_mapping ? "{" : "[", 1);
    for (size_t i = 0; i < node->n_children; i++) {
        if (i > 0) {
            outlay_text_add(out, ", ", 2);
        }
        if (is_mapping) {
            outlay_yaml_write_scalar(out, node->keys[i]);
            outlay_text_add(out, ": ", 2);
        }
        outlay_yaml_write(out, node->children[i]);
    }
    outlay_text_add(out, is_mapping ? "}" : "]", 1);
}
