"""The look of all figures, in one place: sizes, colours, fonts, the frame around the panels, axes of months, saving.

Colours are of Okabe and Ito's palette, which colour-blind readers can tell apart; shades of one hue differ in
luminance, so that the figures also read in grey. Nothing is told by colour alone: curves and areas carry their names.
"""
import contextlib
import datetime
import os
from typing import Iterator, List, NamedTuple, Sequence

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import words
from .load import Case, Run

DPI = 120  # 10 inches are 1200 pixels
WIDTH = 10.0  # inches, as all sizes below
LEFT, RIGHT = 0.95, 1.75  # beside the panels; the right margin holds their direct labels
TOP, BOTTOM = 0.2, 0.72  # above the title; below the last panel
GAP = 0.95  # between the panels of two fiscal years

INK = "#222222"  # text, the budget
SOFT = "#5A5A5A"  # second text, axes
FAINT = "#DDDDDD"  # what is not reached, grid
MONEY = "#0072B2"  # paid and committed, blue
MONEY_LIGHT = "#7DB8DC"
BANDS = ("#DCEBF5", "#A9CFE8", "#62A5D2")  # 1-99, 5-95, 25-75 %
GONE = "#C65400"  # the money is gone, vermillion
GONE_LIGHT = "#F3C6A5"

TITLE_SIZE, SUBTITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 16, 12, 11, 9.5

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
            "font.family": ["DejaVu Sans", *chinese_fonts()[:1]],
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


def frame(title: str, subtitle: str, note: str, n_panels: int, panel_height: float) -> Frame:
    """A figure with room for its panels, one below the other: the finding as title, the scenario as subtitle."""
    titles = words.wrap(title, 72)
    subtitles = words.wrap(subtitle, 105)
    notes = words.wrap(note, 135)
    head = TOP + 0.3 * len(titles) + 0.05 + 0.24 * len(subtitles) + 0.35
    foot = BOTTOM + 0.19 * len(notes)
    height = head + n_panels * panel_height + (n_panels - 1) * GAP + foot
    figure = Figure(figsize=(WIDTH, height), facecolor="white")

    def put(lines: Sequence[str], y: float, step: float, **options) -> None:
        for i, line in enumerate(lines):
            figure.text(0.25 / WIDTH, (y - i * step) / height, line, va="top", ha="left", **options)

    put(titles, height - TOP, 0.3, size=TITLE_SIZE, weight="bold")
    put(subtitles, height - TOP - 0.3 * len(titles) - 0.05, 0.24, size=SUBTITLE_SIZE, color=SOFT)
    put(notes, 0.12 + 0.19 * len(notes), 0.19, size=SMALL_SIZE, color=SOFT)
    bottoms = [foot + (n_panels - 1 - i) * (panel_height + GAP) for i in range(n_panels)]
    return Frame(figure, [(LEFT, bottom, WIDTH - LEFT - RIGHT, panel_height) for bottom in bottoms])


def subtitle(cases: Sequence[Case]) -> str:
    """The scenario's title, the programme's, the fiscal year."""
    first = cases[0]
    years = first.year if len(cases) == 1 else f"{first.year} to {cases[-1].year.replace('fiscal year ', '')}"
    return " · ".join([first.run.title, first.programme, years if "fiscal" in years else f"fiscal year {years}"])


def note(run: Run, sentence: str) -> str:
    """The line below a figure: what its signs mean, and what was simulated."""
    n = words.count(run.n_done, "replicate")
    if run.is_complete:
        size = f"{n} ({words.count(run.n_draws, 'draw')} of {run.n_replicates:,})" if run.n_draws > 1 else n
    else:
        size = f"INCOMPLETE: the run was interrupted after {n} of {run.n_draws * run.n_replicates:,}"
    return f"{sentence} {size}, seed {run.seed}, outlay {run.version}."


def heading(axes: Axes, case: Case, finding: str) -> None:
    """The line above a panel where a figure has several: its fiscal year and what happens in it."""
    axes.set_title(f"{case.year[0].upper()}{case.year[1:]}: {finding}", loc="left", size=SUBTITLE_SIZE, weight="bold",
                   pad=9)


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


def share_bar(axes: Axes, share: float, gone: str, left: str, limits=(0.0, 1.0)) -> None:
    """A slim column from 0 to 1 that splits the replicates in two, each part with its name and share beside it."""
    axes.set_xlim(0, 1)
    axes.set_ylim(*limits)
    axes.axis("off")
    axes.bar(0.5, share, 1.0, color=GONE)
    axes.bar(0.5, 1 - share, 1.0, bottom=share, color=FAINT, edgecolor="#A8A8A8", linewidth=0, hatch="////")
    middles = [share / 2, (1 + share) / 2]
    middles = [min(middles[0], 0.8), max(middles[1], 0.2)]
    if share == 0:
        middles[0] = 0.08
    if share == 1:
        middles[1] = 0.92
    if middles[1] - middles[0] < 0.3:  # never closer than two lines each
        middles = [0.35, 0.65]
    for y, name, value, color in ((middles[0], gone, share, GONE), (middles[1], left, 1 - share, SOFT)):
        if value > 0:
            axes.annotate(f"{words.probability(value)}\n{name}", (1, y), (8, 0), textcoords="offset points",
                          va="center", ha="left", color=color, linespacing=1.25, annotation_clip=False)


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
        path = f"{stem}.{extension}"
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(extension)
        temporary = f"{stem}.partial.{extension}"
        try:
            figure.savefig(temporary, metadata=metadata)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        paths.append(path)
    return paths
