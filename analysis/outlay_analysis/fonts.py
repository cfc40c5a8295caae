"""A font with Chinese characters: found on the machine, made known to matplotlib; asked for by name where missing.

matplotlib opens the first font of a collection (.ttc) only, which in Noto's is the Japanese one, whose characters are
drawn otherwise. So the font for simplified Chinese is taken out of the collection once, into matplotlib's cache.
"""
import functools
import os
from typing import Optional

import matplotlib
from matplotlib import font_manager

PACKAGE = "fonts-noto-cjk"
# Files of which a machine may have some, the best first; in the collections, the font that is meant.
FONTS = (("Noto Sans CJK SC", ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")),
         ("Noto Sans SC", ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf")),
         ("WenQuanYi Micro Hei", ("wqy-microhei.ttc",)), ("WenQuanYi Zen Hei", ("wqy-zenhei.ttc",)),
         ("Droid Sans Fallback", ("DroidSansFallbackFull.ttf", "DroidSansFallback.ttf")))


class MissingFont(Exception):
    """No installed font has Chinese characters; the text names a Debian package with one."""

    def __init__(self):
        super().__init__(f"needs a font with Chinese characters: install the Debian package {PACKAGE}")


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese (or Japanese, Korean) characters."""
    return any("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" or "\uff00" <= c <= "\uffef" for c in text)


def taken_out(collection: str, name: str) -> str:
    """The file of that font, taken out of a collection where it is in one that has several."""
    try:
        from fontTools.ttLib import TTCollection
    except ImportError:  # matplotlib brings it along since 3.5
        return collection
    stem = os.path.splitext(os.path.basename(collection))[0]
    path = os.path.join(matplotlib.get_cachedir(), f"outlay-{stem}-{name.replace(' ', '')}.otf")
    if os.path.exists(path) and os.path.getmtime(path) >= os.path.getmtime(collection):
        return path
    with TTCollection(collection, lazy=True) as fonts:
        font = next((font for font in fonts if font["name"].getDebugName(1) == name), None)
        if font is None:
            return collection
        temporary = f"{path}.{os.getpid()}"
        font.save(temporary, reorderTables=None)
        os.replace(temporary, path)
    return path


@functools.lru_cache(maxsize=None)
def chinese() -> Optional[str]:
    """The name of a font with Chinese characters that matplotlib knows from now on; None if there is none."""
    installed = {os.path.basename(path): path for path in font_manager.findSystemFonts()}
    for name, files in FONTS:
        paths = [installed[file] for file in files if file in installed]
        for path in paths:
            font_manager.fontManager.addfont(taken_out(path, name) if path.endswith(".ttc") else path)
        if paths:
            return font_manager.fontManager.ttflist[-1].name
    return None
