"""The look of all figures, in one place: sizes, colours, fonts, the frame around the panels, axes of months, saving.

Colours are of Okabe and Ito's palette, which colour-blind readers can tell apart; shades of one hue differ in
luminance, so that the figures also read in grey. Nothing is told by colour alone: curves and areas carry their names.
"""
import contextlib
import datetime
import os
import warnings
from typing import Iterator, List, NamedTuple, Sequence

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import words
from .load import Case, Run

DPI = 120  # 10 inches are 1200 pixels
WIDTH = 10.0  # inches, as all sizes below
EDGE = 0.25  # left of the titles
LEFT, RIGHT = 0.85, 1.85  # beside the panels; the right margin holds their direct labels
TOP, BOTTOM = 0.2, 0.7  # above the title; below the last panel
TITLE_STEP, SUBTITLE_STEP, NOTE_STEP = 0.3, 0.24, 0.19  # from line to line
HEADING, GAP = 0.35, 0.75  # above the panel of a fiscal year where there are several; between two panels
AXIS_TITLE = 0.33  # above an axis, for its title

INK = "#222222"  # text, the budget
SOFT = "#5A5A5A"  # second text, axes
FAINT = "#DDDDDD"  # what is not reached, grid
MONEY = "#0072B2"  # paid and committed, blue
MONEY_LIGHT = "#7DB8DC"
BANDS = ("#DCEBF5", "#A9CFE8", "#62A5D2")  # 1-99, 5-95, 25-75 %
GONE = "#C65400"  # the money is gone, vermillion
GONE_LIGHT = "#F3C6A5"

TITLE_SIZE, SUBTITLE_SIZE, TEXT_SIZE, NOTE_SIZE = 16, 12, 11, 9.5  # points
WHITE_BOX = {"boxstyle": "square,pad=0.12", "facecolor": "white", "edgecolor": "none"}

# Fonts with Chinese characters, the most complete first; the Debian package of each.
CHINESE_FONTS = {"Noto Sans CJK SC": "fonts-noto-cjk", "Source Han Sans SC": "", "WenQuanYi Micro Hei":
                 "fonts-wqy-microhei", "WenQuanYi Zen Hei": "fonts-wqy-zenhei", "Droid Sans Fallback":
                 "fonts-droid-fallback"}


def chinese_fonts() -> List[str]:
    """The installed ones among the fonts with Chinese characters."""
    installed = set(font_manager.get_font_names())
    return [name for name in CHINESE_FONTS if name in installed]


def lacks_font(text: str) -> bool:
    """Whether a text has Chinese (or Japanese, Korean) characters that no installed font can draw."""
    return any("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" or "\uff00" <= c <= "\uffef"
               for c in text) and not chinese_fonts()


@contextlib.contextmanager
def applied() -> Iterator[None]:
    """Within this context figures have our look, whatever the user's matplotlibrc says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({
            # The last is for programs that show an SVG on a machine without the fonts.
            "font.family": ["DejaVu Sans", *chinese_fonts()[:1], "sans-serif"], "font.sans-serif": ["DejaVu Sans"],
            "font.size": TEXT_SIZE, "text.color": INK, "text.parse_math": False,
            "axes.edgecolor": SOFT, "axes.labelcolor": INK, "axes.labelsize": TEXT_SIZE, "axes.linewidth": 0.8,
            "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
            "axes.unicode_minus": False, "grid.color": FAINT, "grid.linewidth": 0.8,
            "xtick.color": SOFT, "ytick.color": SOFT, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
            "xtick.labelsize": TEXT_SIZE, "ytick.labelsize": TEXT_SIZE, "lines.solid_capstyle": "butt",
            "hatch.linewidth": 0.6, "figure.dpi": DPI, "savefig.dpi": DPI,
            # Text stays text, and equal files give equal figures.
            "svg.fonttype": "none", "svg.hashsalt": "outlay",
        })
        yield


class Frame(NamedTuple):
    """A figure with its title, and a rectangle (left, bottom, width, height in inches) for each panel."""

    figure: Figure
    rectangles: List[tuple]

    def axes(self, i_panel: int, left: float, bottom: float, width: float, height: float, **options) -> Axes:
        """Axes inside a panel; the position in inches from the panel's lower left corner."""
        x, y, _, _ = self.rectangles[i_panel]
        w, h = self.figure.get_size_inches()
        return self.figure.add_axes([(x + left) / w, (y + bottom) / h, width / w, height / h], **options)


def frame(cases: Sequence[Case], title: str, headings: Sequence[str], explanation: str, panel_height: float) -> Frame:
    """A figure with a panel for each fiscal year, one below the other.

    The finding is the title, the scenario stands below it, what the signs mean at the foot. `headings` are the
    findings of the fiscal years, shown where there are several.
    """
    titles, subtitles = words.wrap(title, 72), subtitle(cases)
    run = cases[0].run
    notes = words.wrap_greedily(explanation, 140)
    n_panels = len(cases)
    head = TOP + TITLE_STEP * len(titles) + 0.05 + SUBTITLE_STEP * len(subtitles) + 0.22
    foot = BOTTOM + NOTE_STEP * (len(notes) + 1)
    heading_height = HEADING if n_panels > 1 else 0.0
    step = heading_height + panel_height + GAP
    height = head + n_panels * step - GAP + foot
    figure = Figure(figsize=(WIDTH, height), facecolor="white")

    def put(lines: Sequence[str], y: float, step: float, **options) -> None:
        for i, line in enumerate(lines):
            figure.text(EDGE / WIDTH, (y - i * step) / height, line, va="top", ha="left", **options)

    put(titles, height - TOP, TITLE_STEP, size=TITLE_SIZE, weight="bold")
    put(subtitles, height - TOP - TITLE_STEP * len(titles) - 0.05, SUBTITLE_STEP, size=SUBTITLE_SIZE, color=SOFT)
    put(notes, 0.12 + NOTE_STEP * (len(notes) + 1), NOTE_STEP, size=NOTE_SIZE, color=SOFT)
    put([simulated(run)], 0.12 + NOTE_STEP, 0.0, size=NOTE_SIZE, color=SOFT if run.is_complete else GONE,
        weight="normal" if run.is_complete else "bold")
    rectangles = []
    for i, case in enumerate(cases):
        bottom = foot + (n_panels - 1 - i) * step
        if n_panels > 1:
            year, finding = case.year, headings[i]
            put([f"{year[0].upper()}{year[1:]}: {finding[0].lower()}{finding[1:]}"],
                bottom + panel_height + heading_height - 0.05, 0.0, size=SUBTITLE_SIZE, weight="bold")
        rectangles.append((LEFT, bottom, WIDTH - LEFT - RIGHT, panel_height))
    return Frame(figure, rectangles)


def subtitle(cases: Sequence[Case]) -> List[str]:
    """The scenario's title, the programme's, the fiscal year; in one line where they fit."""
    first, n_columns = cases[0], 102
    years = first.year_number if len(cases) == 1 else f"{first.year_number} to {cases[-1].year_number}"
    where = f"{first.programme} · fiscal year{'' if len(cases) == 1 else 's'} {years}"
    line = f"{first.run.title} · {where}"
    return [line] if words.width(line) <= n_columns else words.wrap(first.run.title, n_columns) + words.wrap(
        where, n_columns)


def simulated(run: Run) -> str:
    """The last line below a figure: what was simulated."""
    n = words.count(run.n_done, "replicate")
    if not run.is_complete:
        n = f"INCOMPLETE: the run was interrupted after {n} of {run.n_draws * run.n_replicates:,}"
    elif run.n_draws > 1:
        n += f" ({words.count(run.n_draws, 'draw')} × {run.n_replicates:,})"
    return f"{n}, seed {run.seed}, outlay {run.version}"


def axis_title(axes: Axes, sentence: str) -> None:
    """What the vertical axis shows, above it and in the direction of reading."""
    axes.annotate(sentence, (0, 1), (72 * (EDGE - LEFT), 9), xycoords="axes fraction", textcoords="offset points",
                  ha="left", va="bottom", annotation_clip=False)


def month_axis(axes: Axes, case: Case, labels: bool = True) -> None:
    """The days of a fiscal year, with a tick where a month begins and its name in the middle."""
    end = case.start + datetime.timedelta(days=case.n_days)
    firsts = [datetime.date(year, month, 1) for year in (case.start.year, end.year) for month in range(1, 13)]
    firsts = sorted({day for day in firsts if case.start < day < end})
    edges = [0] + [(day - case.start).days for day in firsts] + [case.n_days]
    middles, names = [], []
    for low, high in zip(edges, edges[1:]):
        if high - low >= 15:
            day = case.date(low)
            middles.append((low + high) / 2)
            names.append(words.MONTHS[day.month - 1] + (f"\n{day.year}" if not names or day.month == 1 else ""))
    axes.set_xlim(0, case.n_days)
    axes.set_xticks(edges)
    axes.set_xticklabels([])
    axes.set_xticks(middles, minor=True)
    axes.set_xticklabels(names if labels else [], minor=True)
    axes.tick_params(axis="x", which="minor", length=0)


def share_bar(axes: Axes, share: float, gone: str, left: str) -> None:
    """A slim column from 0 to 1 that splits the replicates in two, each part with its share and name beside it."""
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.axis("off")
    axes.bar(0.5, share, 1.0, color=GONE)
    axes.bar(0.5, 1 - share, 1.0, bottom=share, color=FAINT, edgecolor="#A8A8A8", linewidth=0, hatch="////")
    if share in (0.0, 1.0):
        parts = [(0.5, f"{gone if share else left}\nin every replicate", GONE if share else SOFT)]
    else:
        low = min(max(share / 2, 0.06), 0.75)
        high = min(max((1 + share) / 2, 0.25), 0.94)
        parts = [(low, f"{words.probability(share)}\n{gone}", GONE),
                 (high, f"{words.probability(1 - share)}\n{left}", SOFT)]
    for y, sentence, color in parts:
        axes.annotate(sentence, (1, y), (8, 0), textcoords="offset points", va="center", ha="left", color=color,
                      linespacing=1.25, annotation_clip=False)


def spread(positions: Sequence[float], distance: float) -> List[List[int]]:
    """Group the indices of rising positions so that labels of neighbouring groups do not overlap."""
    groups: List[List[int]] = []
    for i, y in enumerate(positions):
        if groups and y - positions[groups[-1][-1]] < distance:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def save(figure: Figure, stem: str, formats: Sequence[str]) -> List[str]:
    """Write the figure as stem.png, stem.svg ...; without dates, so that equal figures are equal files."""
    paths = []
    for extension in formats:
        path, temporary = f"{stem}.{extension}", f"{stem}.partial.{extension}"
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(extension)
        try:
            with warnings.catch_warnings():
                # A character that no font has becomes a box; the caller says so once.
                warnings.filterwarnings("ignore", message="Glyph .* missing from current font")
                figure.savefig(temporary, metadata=metadata)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        paths.append(path)
    return paths
