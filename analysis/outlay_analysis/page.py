"""One HTML page that needs nothing else: markup, tables, figures, and the frame around them.

`tag` makes markup of text, and text is escaped unless it is markup already; so a title with <, > or & stays a title.
`picture` puts a matplotlib figure into the page as SVG whose colours follow the reader's light or dark, and whose
curves bring their values for the pointer.
"""
import datetime
import html
import importlib.resources
import io
import json
import math
import re
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from . import style

VOID = ("meta", "link", "wbr")
COLOUR = re.compile(r"#[0-9a-f]{6}\b")


class Markup(str):
    """Text that is HTML."""


def escape(text) -> Markup:
    """Text as HTML; HTML stays as it is."""
    return text if isinstance(text, Markup) else Markup(html.escape(str(text), quote=True))


def join(parts: Iterable, between: str = "") -> Markup:
    """Parts one after the other; None is left out."""
    return Markup(between.join(escape(part) for part in parts if part is not None))


def tag(name: str, /, *children, **attributes) -> Markup:
    """An element. `class_` is `class`, other underscores are hyphens; True is an attribute without a value."""
    written = [name]
    for key, value in attributes.items():
        key = key.rstrip("_").replace("_", "-")
        if value is True:
            written.append(key)
        elif value is not None and value is not False:
            written.append(f'{key}="{html.escape(str(value), quote=True)}"')
    opening = f"<{' '.join(written)}>"
    return Markup(opening) if name in VOID else Markup(f"{opening}{join(children)}</{name}>")


def path_code(path: str) -> Markup:
    """A dotted path, which may be broken after a dot."""
    return tag("code", join(path.split("."), Markup(f".{tag('wbr')}")))


def paragraphs(*texts, class_: Optional[str] = None) -> Markup:
    """A paragraph of each text that is not empty."""
    return join(tag("p", text, class_=class_) for text in texts if text)


# ---- tables ----------------------------------------------------------------------------------------------------------


def cell(text, below: Optional[str] = None) -> Markup:
    """What stands in a cell, with a smaller second line such as the standard error."""
    return join([escape(text), tag("small", below) if below else None], " ")


def table(caption, heads: Sequence, rows: Sequence[Sequence], numbers: bool = True, stacks: bool = False,
          total: Optional[int] = None) -> Markup:
    """A table that scrolls in its own frame where it is too wide.

    The first cell of a row is its head. `numbers`: the other columns are numbers. `stacks`: on a telephone each row
    becomes a block. `total`: the row set off by a line above.
    """
    kind = "n" if numbers else None
    head = tag("thead", tag("tr", *(tag("th", text, scope="col", class_=kind if i else None)
                                    for i, text in enumerate(heads)))) if any(heads) else None
    body = []
    for i, row in enumerate(rows):
        cells = [tag("th", row[0], scope="row")]
        cells += [tag("td", value, class_=kind, data_head=str(name) if stacks and name else None)
                  for name, value in zip(heads[1:], row[1:])]
        body.append(tag("tr", *cells, class_="total" if i == total else None))
    whole = tag("table", head, tag("tbody", *body), aria_label=caption or None)
    frame = tag("div", whole, class_="scroll stacks" if stacks else "scroll", tabindex="0", role="region",
                aria_label=caption or None)
    return join([tag("p", caption, class_="caption") if caption else None, frame])


# ---- figures ---------------------------------------------------------------------------------------------------------


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _gamma(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def darkened(colour: str) -> str:
    """The colour for a dark page: hue and chroma stay, light and dark change places (Oklab, Ottosson 2020)."""
    r, g, b = (_linear(int(colour[i:i + 2], 16) / 255) for i in (1, 3, 5))
    l, m, s = ((0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3),
               (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3),
               (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3))
    lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    lightness = 0.21 + 0.74 * (1 - min(lightness, 1.0)) ** 0.62  # black -> nearly white, white -> the page
    l, m, s = ((lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
               (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
               (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3)
    rgb = (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
           -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
           -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
    return "#" + "".join(f"{round(255 * _gamma(value)):02x}" for value in rgb)


def palette(text: str) -> str:
    """Style rules for the colours that the figures name as `var(--c...)`: one for light, one for dark."""
    colours = sorted(set(re.findall(r"var\(--c([0-9a-f]{6})\)", text)))
    light = "".join(f"--c{colour}:#{colour};" for colour in colours)
    dark = "".join(f"--c{colour}:{darkened('#' + colour)};" for colour in colours)
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}}}\n" if colours else ""


def take_words(figure) -> Tuple[List[str], List[str]]:
    """Take the words above and below the panels out of a figure, for the page to set: its title, and its notes.

    Left are the panels with their headings. The frame (style.frame) tells them apart by size.
    """
    kept, titles, notes = [], [], []
    for item in figure.texts:
        size, is_bold = item.get_fontsize(), item.get_fontweight() == "bold"
        if size == style.TITLE_SIZE:
            titles.append(item.get_text())
        elif size == style.NOTE_SIZE and not is_bold:
            notes.append(item.get_text())
        elif size == style.SUBTITLE_SIZE and is_bold:
            kept.append(item)
    for item in [item for item in figure.texts if item not in kept]:
        item.remove()
    return titles, notes


def view_box(figure) -> str:
    """The part of the figure's SVG that has anything in it, with a little room."""
    box, height, room = figure.get_tightbbox(), figure.get_figheight(), 0.04
    return (f"{72 * (box.x0 - room):.1f} {72 * (height - box.y1 - room):.1f} {72 * (box.width + 2 * room):.1f} "
            f"{72 * (box.height + 2 * room):.1f}")


def svg(figure, name: str, **attributes) -> Markup:
    """A matplotlib figure as an SVG element: its own names, colours by variables, no size but the view box."""
    figure.patch.set_visible(False)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue()
    text = text[text.index("<svg"):]
    text = re.sub(r"<metadata>.*?</metadata>|<style type=\"text/css\">.*?</style>|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"<defs>\s*</defs>", "", text)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = re.sub(r'xlink:href="#', f'href="#{name}-', text)
    text = COLOUR.sub(lambda found: f"var(--c{found.group()[1:]})", text)
    inner = re.sub(r"\n\s*", "\n", text[text.index(">") + 1:text.rindex("</svg>")]).strip()
    return tag("svg", Markup(inner), viewBox=view_box(figure), id=name, role="img", tabindex="0", **attributes)


def point_name(curve, x: float, language) -> str:
    """What stands at an abscissa: the date at whose end a daily value holds, or a number."""
    if curve.start is None:
        return language.plain(x)
    return language.date(curve.start + datetime.timedelta(days=max(0, math.ceil(x) - 1)))


def curves(figure, language) -> List[dict]:
    """The curves of a figure for the pointer, grouped by their axes, in the units of the figure's SVG."""
    height, scale = figure.get_figheight() * 72, 72 / figure.dpi
    groups: Dict[int, Tuple[object, list]] = {}
    for curve in getattr(figure, "outlay_curves", ()):
        groups.setdefault(id(curve.axes), (curve.axes, []))[1].append(curve)
    panels = []
    for axes, members in groups.values():
        box = axes.bbox.extents * scale
        xs = sorted({float(x) for curve in members for x in curve.x})
        panel = {"left": round(box[0], 1), "right": round(box[2], 1), "top": round(height - box[3], 1),
                 "bottom": round(height - box[1], 1), "curves": [],
                 "x": [round(float(x), 1) for x in axes.transData.transform([(x, 0) for x in xs])[:, 0] * scale],
                 "names": [point_name(members[0], x, language) for x in xs]}
        for curve in members:
            points = {float(x): float(y) for x, y in zip(curve.x, curve.y) if y == y}
            heights = {x: float(axes.transData.transform((x, y))[1]) * scale for x, y in points.items()}
            panel["curves"].append({
                "label": curve.label, "y": [round(height - heights[x], 1) if x in points else None for x in xs],
                "values": [value_name(points[x], curve.unit, language) if x in points else None for x in xs]})
        panels.append(panel)
    return panels


def value_name(y: float, unit: str, language) -> str:
    """A value of a curve with its unit: three significant digits and no more than three decimals."""
    if unit == "1":
        return language.probability(y)
    digits = 3 if abs(y) < 9.9995 else 2 if abs(y) < 99.995 else 1 if abs(y) < 999.95 else 0
    return language.joined(language.number(y, digits), unit)


def drawing(figure, name: str, kind: str, finding: str, language) -> Markup:
    """One drawing of a figure: its SVG, and the values of its curves. Take its words out before."""
    return join([tag("div", svg(figure, name, aria_label=finding), class_=f"drawing {kind}"),
                 data(curves(figure, language), class_="curves", data_svg=name)])


def picture(figure, small, name: str, language) -> Markup:
    """A figure of the page: its finding as the caption, the picture, what its signs mean, the values for the pointer.

    `small` is the same figure for a small screen; None where there is none, which then shows this one to be scrolled.
    """
    titles, notes = take_words(figure)
    space = "" if language.code == "zh" else " "
    # The last note says what was simulated, as the page does.
    finding, note = space.join(titles).replace("\n", space), space.join(notes[:-1])
    drawings = [drawing(figure, name, "scrolled" if small is None else "wide", finding, language)]
    if small is not None:
        take_words(small)
        drawings.append(drawing(small, f"{name}-small", "small", finding, language))
    return tag("figure", tag("figcaption", finding), *drawings, tag("p", note, class_="note") if note else None,
               tag("div", class_="tip", role="status"))


def data(value, **attributes) -> Markup:
    """Data for the script of the page; no text in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return tag("script", Markup(text), type="application/json", **attributes)


# ---- the page --------------------------------------------------------------------------------------------------------


def asset(name: str) -> str:
    """A file of this package."""
    return importlib.resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def document(language: str, title: str, description: str, body: Markup) -> str:
    """The whole page. Its security policy forbids it to load anything."""
    style = asset("report.css") + palette(body)
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    head = tag("head", tag("meta", charset="utf-8"), tag("title", title),
               tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
               tag("meta", http_equiv="Content-Security-Policy", content=policy),
               tag("meta", name="description", content=description), tag("link", rel="icon", href="data:,"),
               tag("style", Markup(style)))
    script = tag("script", Markup(asset("report.js")))
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', body, script), lang=language)}\n"
