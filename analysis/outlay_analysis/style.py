"""The look of all figures, in one place: sizes, colours, fonts, the frame around the panels, axes of months, saving.

Colours are of Okabe and Ito's palette, which colour-blind readers can tell apart; shades of one hue differ in
luminance, so that the figures also read in grey. Nothing is told by colour alone: curves and areas carry their names.
"""
import contextlib
import datetime
import os
import warnings
from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from . import fonts, words
from .language import Language
from .result import Case, Run

DPI = 120  # 10 inches are 1200 pixels
WIDTH = 10.0  # inches, as all sizes below
EDGE = 0.25  # left of the titles
LEFT, RIGHT = 0.85, 1.85  # beside the panels; the right margin holds their direct labels
TOP, BOTTOM = 0.2, 0.7  # above the title; below the last panel
TITLE_STEP, SUBTITLE_STEP, NOTE_STEP = 0.3, 0.24, 0.19  # from line to line
HEADING, GAP = 0.35, 0.75  # above a panel that has a heading; between two panels
HEADING_COLUMNS = 92  # of a panel's heading
AXIS_TITLE = 0.33  # above an axis, for its title
AXIS_COLUMNS = 200  # of an axis's title
MONTHS = 1  # one month of so many has its name

INK = "#222222"  # text, the budget
SOFT = "#5A5A5A"  # second text, axes
FAINT = "#DDDDDD"  # what is not reached, grid
MONEY = "#0072B2"  # paid and committed, blue
MONEY_LIGHT = "#7DB8DC"
BANDS = ("#DCEBF5", "#A9CFE8", "#62A5D2")  # 1-99, 5-95, 25-75 %
GONE = "#C65400"  # the money is gone, vermillion
GONE_LIGHT = "#F3C6A5"
UNKNOWN, LUCK = "#0072B2", "#E3B23C"  # what is not known; what is chance
OBSERVED = "#222222"  # what happened
# Scenarios side by side: the reference in ink, the others in colours of Okabe and Ito's that read as lines on white.
SERIES = (INK, "#0072B2", "#C65400", "#007F5F", "#B4558F", "#3A96CF", "#A67C00", "#7A5195", "#5A5A5A")
DASHES = ("-", (0, (6, 1.8)), (0, (2, 1.2)), (0, (7, 1.5, 1.5, 1.5)))

TITLE_SIZE, SUBTITLE_SIZE, TEXT_SIZE, NOTE_SIZE = 16, 12, 11, 9.5  # points
WHITE_BOX = {"boxstyle": "square,pad=0.12", "facecolor": "white", "edgecolor": "none"}


class Curve(NamedTuple):
    """A line of a figure that a reader may point at: what a page needs to show the value beneath the pointer."""

    gid: str  # the id of its element in the SVG
    axes: Axes
    label: str
    unit: str  # of y, as the axis names it
    x: np.ndarray  # as plotted: days since `start`, or numbers
    y: np.ndarray
    start: Optional[datetime.date]  # day 0 of x; None where x is a number


@contextlib.contextmanager
def applied(language: Optional[Language] = None, texts: Sequence[str] = ()) -> Iterator[None]:
    """Within this context figures have our look, whatever the user's matplotlibrc says.

    `texts` are what the figures will show beside our own words, such as a scenario's title. MissingFont where the
    language is Chinese and no font has the characters; where only a text needs them, they become boxes.
    """
    is_chinese = language is not None and (language.code == "zh" or language.is_chinese_money)
    font = fonts.chinese() if is_chinese or fonts.is_chinese("".join(texts)) else None
    if is_chinese and font is None:
        raise fonts.MissingFont()
    families = ["DejaVu Sans"] + ([font] if font else [])
    if language is not None and language.code == "zh":
        families.reverse()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({
            # The last is for programs that show an SVG on a machine without the fonts.
            "font.family": [*families, "sans-serif"], "font.sans-serif": ["DejaVu Sans"],
            "font.size": TEXT_SIZE, "text.color": INK, "text.parse_math": False,
            "axes.edgecolor": SOFT, "axes.labelcolor": INK, "axes.labelsize": TEXT_SIZE, "axes.linewidth": 0.8,
            "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
            "axes.unicode_minus": False, "grid.color": FAINT, "grid.linewidth": 0.8,
            "xtick.color": SOFT, "ytick.color": SOFT, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
            "xtick.labelsize": TEXT_SIZE, "ytick.labelsize": TEXT_SIZE, "lines.solid_capstyle": "butt",
            "hatch.linewidth": 0.6, "figure.dpi": DPI, "savefig.dpi": DPI,
            # Text stays text, and equal files give equal figures.
            "svg.fonttype": "none", "svg.hashsalt": "outlay", "pdf.fonttype": 3,
        })
        yield


# ---- the frame ---------------------------------------------------------------------------------------------------------

class Frame(NamedTuple):
    """A figure with its title, and a rectangle (left, bottom, width, height in inches) for each panel."""

    figure: Figure
    rectangles: List[Tuple[float, float, float, float]]

    def axes(self, i_panel: int, left: float, bottom: float, width: float, height: float, **options) -> Axes:
        """Axes inside a panel; the position in inches from the panel's lower left corner."""
        x, y, _, _ = self.rectangles[i_panel]
        w, h = self.figure.get_size_inches()
        return self.figure.add_axes([(x + left) / w, (y + bottom) / h, width / w, height / h], **options)


class Panel(NamedTuple):
    """One of the panels of a figure, which stand below each other."""

    height: float  # inches
    heading: str = ""


def frame(title: str, subtitle: Sequence[str], panels: Sequence[Panel], notes: Sequence[str], alarm: str = "",
          bottom: float = BOTTOM) -> Frame:
    """A figure: the finding as its title, below it what was simulated, the panels, at the foot what the signs mean.

    `notes` are sentences for the foot, the last of them on a line of its own; `alarm`, in bold, stands above them.
    """
    titles = words.wrap(title, 72)
    below = [line for text in subtitle for line in words.wrap(text, 102)]
    *explanation, last = notes
    foot_lines = [line for text in explanation if text for line in words.wrap_greedily(text, 140)] + [last]
    alarms = words.wrap_greedily(alarm, 130) if alarm else []
    n_foot = len(foot_lines) + len(alarms)
    head = TOP + TITLE_STEP * len(titles) + 0.05 + SUBTITLE_STEP * len(below) + 0.22
    headings = [words.wrap(panel.heading, HEADING_COLUMNS) if panel.heading else [] for panel in panels]
    heights = [panel.height + (HEADING + (len(lines) - 1) * SUBTITLE_STEP if lines else 0.0)
               for panel, lines in zip(panels, headings)]
    foot = bottom + NOTE_STEP * n_foot
    height = head + sum(heights) + GAP * (len(panels) - 1) + foot
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    figure.outlay_curves = []

    def put(lines: Sequence[str], y: float, step: float, **options) -> None:
        for i, line in enumerate(lines):
            figure.text(EDGE / WIDTH, (y - i * step) / height, line, va="top", ha="left", **options)

    put(titles, height - TOP, TITLE_STEP, size=TITLE_SIZE, weight="bold")
    put(below, height - TOP - TITLE_STEP * len(titles) - 0.05, SUBTITLE_STEP, size=SUBTITLE_SIZE, color=SOFT)
    y = 0.12 + NOTE_STEP * n_foot
    put(alarms, y, NOTE_STEP, size=NOTE_SIZE, color=GONE, weight="bold")
    put(foot_lines, y - NOTE_STEP * len(alarms), NOTE_STEP, size=NOTE_SIZE, color=SOFT)
    rectangles, upper = [], height - head
    for panel, full, lines in zip(panels, heights, headings):
        put(lines, upper - 0.05, SUBTITLE_STEP, size=SUBTITLE_SIZE, weight="bold")
        rectangles.append((LEFT, upper - full, WIDTH - LEFT - RIGHT, panel.height))
        upper -= full + GAP
    return Frame(figure, rectangles)


def frame_of_years(cases: Sequence[Case], language: Language, title: str, findings: Sequence[str], explanation: str,
                   panel_height: float) -> Frame:
    """The frame of one programme's figure: a panel for each fiscal year, under its finding where there are several."""
    run = cases[0].run
    headings = [""] if len(cases) == 1 else [
        language.text("heading", year=fiscal_year(case, language), finding=finding)
        for case, finding in zip(cases, findings)]
    return frame(title, subtitle(cases, language), [Panel(panel_height, heading) for heading in headings],
                 [explanation, simulated(run, language)], incomplete([run], language))


def fiscal_year(case: Case, language: Language) -> str:
    return language.text("fiscal_year", year=case.year)


def subtitle(cases: Sequence[Case], language: Language, run_title: Optional[str] = None) -> List[str]:
    """The scenario's title, the programme's, the fiscal year; in one line where they fit."""
    first, last = cases[0], cases[-1]
    years = (fiscal_year(first, language) if first.year == last.year else
             language.text("fiscal_years", first=first.year, last=last.year))
    title = first.run.title if run_title is None else run_title
    line = " · ".join(part for part in (title, first.programme, years) if part)
    return [line] if words.width(line) <= 102 or not title else [title, f"{first.programme} · {years}"]


def simulated(run: Run, language: Language) -> str:
    """The last line below a figure: what was simulated."""
    if run.is_exact:
        return language.text("exact_run", version=run.version)
    n = language.count(run.n_done, "replicate")
    if run.n_draws > 1:
        draws = language.count(-(-run.n_done // run.n_replicates), "draw")
        n = language.text("of_draws", n=n, draws=draws, each=language.number(run.n_replicates))
    return language.text("simulated", n=n, seed=run.seed, version=run.version)


def incomplete(runs: Sequence[Run], language: Language) -> str:
    """The warning that a run was interrupted, empty where none was."""
    return language.sentences([
        language.text("incomplete", n=language.count(run.n_done, "replicate"),
                      all=language.number(run.n_draws * run.n_replicates)) for run in runs if not run.is_complete])


# ---- axes --------------------------------------------------------------------------------------------------------------

def axis_title(axes: Axes, sentence: str, indent: float = EDGE - LEFT) -> None:
    """What the vertical axis shows, above it and in the direction of reading."""
    lines = [line for part in sentence.split("\n") for line in words.wrap(part, AXIS_COLUMNS)]
    axes.annotate("\n".join(lines), (0, 1), (72 * indent, 9), xycoords="axes fraction", textcoords="offset points",
                  ha="left", va="bottom", annotation_clip=False)


def plain_ticks(axis, language: Language) -> None:
    """Ticks of an axis as the language writes numbers."""
    axis.set_major_formatter(lambda x, _: language.plain(x))


def month_axis(axes: Axes, case: Case, language: Language, labels: bool = True) -> None:
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
            is_first = not names or day.month == 1
            names.append(language.month(day) + (f"\n{language.text('axis_year', year=day.year)}" if is_first else ""))
    axes.set_xlim(0, case.n_days)
    axes.set_xticks(edges)
    axes.set_xticklabels([])
    axes.set_xticks(middles, minor=True)
    axes.set_xticklabels(names if labels else [], minor=True)
    for i, label in enumerate(axes.get_xticklabels(minor=True)):
        label.set_visible(i % MONTHS == 0)
    axes.tick_params(axis="x", which="minor", length=0)


def share_bar(axes: Axes, share: float, gone: str, left: str, language: Language) -> None:
    """A slim column from 0 to 1 that splits the replicates in two, each part with its share and name beside it."""
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.axis("off")
    axes.bar(0.5, share, 1.0, color=GONE)
    axes.bar(0.5, 1 - share, 1.0, bottom=share, color=FAINT, edgecolor="#A8A8A8", linewidth=0, hatch="////")
    if share in (0.0, 1.0):
        parts = [(0.5, f"{gone if share else left}\n{language.text('in_every_replicate')}", GONE if share else SOFT)]
    else:
        low = min(max(share / 2, 0.06), 0.75)
        high = min(max((1 + share) / 2, 0.25), 0.94)
        parts = [(low, f"{language.probability(share)}\n{gone}", GONE),
                 (high, f"{language.probability(1 - share)}\n{left}", SOFT)]
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


def apart(positions: Sequence[float], distances: Sequence[float], low: float, high: float) -> List[float]:
    """Positions moved as little as it takes for labels of these heights to stand clear of each other, inside
    [low, high] as far as they fit."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    moved = [float(y) for y in positions]
    for _ in range(200):
        is_clear = True
        for i, j in zip(order, order[1:]):
            lack = (distances[i] + distances[j]) / 2 - (moved[j] - moved[i])
            if lack > 1e-9:
                moved[i], moved[j], is_clear = moved[i] - lack / 2, moved[j] + lack / 2, False
        for i in order:
            moved[i] = min(max(moved[i], low + distances[i] / 2), high - distances[i] / 2)
        if is_clear:
            break
    return moved


def curve(axes: Axes, line: Line2D, label: str, unit: str, start: Optional[datetime.date] = None) -> None:
    """Register a line for hovering: it gets an id in the SVG, and figure.outlay_curves a record of what it shows."""
    curves = axes.figure.outlay_curves
    gid = f"curve-{len(curves) + 1}"
    line.set_gid(gid)
    curves.append(Curve(gid, axes, label.replace("\n", " "), unit, np.asarray(line.get_xdata(), float),
                        np.asarray(line.get_ydata(), float), start))


# ---- files -------------------------------------------------------------------------------------------------------------

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
