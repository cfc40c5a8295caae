/* terminal.c: what the terminal can show. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"

int terminal_width(void)
{
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    const long asked = columns != NULL ? strtol(columns, NULL, 10) : 0;
    if (asked > 0 && asked <= 10000) {
        return (int)asked;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* The user's character encoding; the program itself stays in the C locale. */
static bool is_utf8(void)
{
    const locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    const bool is = locale != (locale_t)0 && strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    if (locale != (locale_t)0) {
        freelocale(locale);
    }
    return is;
}

static enum outlay_chart_style automatic(void)
{
    const char *term = getenv("TERM");
    if (!isatty(STDOUT_FILENO)) {
        return OUTLAY_CHART_NONE;
    }
    const bool is_dumb = term == NULL || strcmp(term, "dumb") == 0;
    return is_utf8() && !is_dumb ? OUTLAY_CHART_UNICODE : OUTLAY_CHART_ASCII;
}

struct outlay_chart_options terminal_charts(enum cli_chart chart)
{
    const enum outlay_chart_style style = chart == CLI_CHART_AUTO      ? automatic()
                                          : chart == CLI_CHART_ASCII   ? OUTLAY_CHART_ASCII
                                          : chart == CLI_CHART_UNICODE ? OUTLAY_CHART_UNICODE
                                                                       : OUTLAY_CHART_NONE;
    return (struct outlay_chart_options){.style = style, .width = terminal_width()};
}
