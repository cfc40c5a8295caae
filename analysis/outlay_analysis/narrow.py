"""The figures for a telephone: half as wide with text of the same size, so that it can be read at 360 pixels.

Sizes are constants of style; within `narrow` they are those of a small screen. Titles and notes are left to the page.
"""
import contextlib
from typing import Iterator

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from . import style, words

SIZES = {"WIDTH": 5.2, "EDGE": 0.05, "LEFT": 0.62, "RIGHT": 1.3, "AXIS_TITLE": 0.55, "HEADING_COLUMNS": 44,
         "AXIS_COLUMNS": 50, "MONTHS": 3}
LINE = 18  # points from line to line above an axis


@contextlib.contextmanager
def narrow() -> Iterator[None]:
    """Within this context figures are drawn for a small screen."""
    before = {name: getattr(style, name) for name in SIZES}
    try:
        for name, value in SIZES.items():
            setattr(style, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(style, name, value)


def _wrap(text: Annotation) -> None:
    """Break a line that begins at one side of a panel and leaves it at the other, such as a long name of the budget."""
    text.get_window_extent()  # puts it in its place
    box, panel = Text.get_window_extent(text), text.axes.get_window_extent()  # the box without its arrow
    middle = (panel.x0 + panel.x1) / 2
    is_left = text.get_ha() == "left" and panel.x0 < box.x0 < middle
    is_right = text.get_ha() == "right" and middle < box.x1 < panel.x1
    room = panel.x1 - box.x0 if is_left else box.x1 - panel.x0
    if (is_left or is_right) and box.width > room:
        text.set_text("\n".join(words.wrap(text.get_text(), int(words.width(text.get_text()) * room / box.width))))


def fit(figure: Figure) -> None:
    """Put right what a narrow panel pushes aside: titles beneath legends, labels that leave at the left or right."""
    for axes in figure.axes:
        left = axes.get_window_extent().x0
        for text in axes.texts:
            if not isinstance(text, Annotation):
                continue
            if axes.get_legend() is not None and text.xy == (0, 1) and text.get_va() == "bottom":
                text.xyann = (text.xyann[0], text.xyann[1] + LINE)
            elif text.get_ha() == "right" and text.xycoords == "data" and text.get_window_extent().x0 < left:
                text.set(ha="left", va="top" if text.xyann[1] >= 0 and text.xy[1] > 0.9 else "center")
                text.xyann = (abs(text.xyann[0]) + 2, -2)
            else:
                _wrap(text)
