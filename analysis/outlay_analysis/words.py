"""Lines of text: how wide they are, and where they are broken."""
import re
import unicodedata
from typing import List

# Between two Chinese characters a line may be broken, but not before a closing sign or after an opening one, and not
# between a figure and its unit.
BREAK = re.compile("(?<=[\u4e00-\u9fff，。；：、）！？])(?=[\u4e00-\u9fff（“])")


# Blanks at which no line is broken: '500 M', '5 %', '± 1'.
GLUE = re.compile(r"(?<=[0-9]) (?=(?:%|bn|M|k|Mrd\.|Mio\.|Tsd\.|[A-Z]{3})(?!\w))|(?<=±) ")


def width(line: str) -> int:
    """Columns of a text, Chinese characters as two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def pieces(sentence: str) -> List[str]:
    """What a line is made of, each with the blank that stands before it; lines are broken between them."""
    found = []
    for i, word in enumerate(sentence.split(" ")):
        parts = BREAK.split(word)
        found.extend([(" " if i > 0 else "") + parts[0], *parts[1:]])
    return found


def wrap_greedily(sentence: str, n_columns: int) -> List[str]:
    """Break a text into lines of at most so many columns: between words, or within one that is too long."""
    lines, line = [], ""
    for piece in pieces(GLUE.sub("\N{NO-BREAK SPACE}", sentence)):
        while piece:
            if width(line + piece if line else piece.lstrip(" ")) <= n_columns:
                line, piece = line + piece if line else piece.lstrip(" "), ""
            elif line:
                lines.append(line)
                line = ""
            else:
                piece = piece.lstrip(" ")
                n = next(i for i in range(len(piece), 0, -1) if i == 1 or width(piece[:i]) <= n_columns)
                lines.append(piece[:n])
                piece = piece[n:]
    return lines + [line] if line else lines or [""]


def wrap(sentence: str, n_columns: int) -> List[str]:
    """Break a text into as few lines as it takes, of about equal length. No line is broken at a no-break space."""
    sentence = GLUE.sub("\N{NO-BREAK SPACE}", re.sub("[ \n]+", " ", sentence).strip(" "))
    n_lines = len(wrap_greedily(sentence, n_columns))
    longest = max(width(piece.strip(" ")) for piece in pieces(sentence))
    start = min(max(longest, width(sentence) // n_lines), n_columns)
    narrowest = next(n for n in range(start, n_columns + 1) if len(wrap_greedily(sentence, n)) == n_lines)
    return wrap_greedily(sentence, narrowest)


def distinct(titles: List[str]) -> tuple:
    """What titles have in common at their beginning, up to a comma or colon, and what is left of each.

    ('One rule at a time', ['first come first served', 'lottery']); ('', titles) where they have nothing in common.
    """
    common = titles[0]
    for title in titles[1:]:
        while not title.startswith(common):
            common = common[:-1]
    cut = max(common.rfind(mark) for mark in (", ", ": ", " · ", "，", "：")) if len(titles) > 1 else -1
    if cut < 1 or len({title[cut:] for title in titles}) < len(titles):
        return "", list(titles)
    rests = [title[cut:].lstrip(",:·，： ") for title in titles]
    return common[:cut], rests if all(rests) else list(titles)
