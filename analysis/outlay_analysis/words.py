"""Money, dates and probabilities in words, as the program itself prints them."""
import datetime
import re
import unicodedata
from typing import List, Tuple

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Blanks at which no line is broken: 'a ± b', '5 %', '5.00 bn CNY', '4 Nov 2025'.
GLUE = re.compile("|".join([" (?=[±%])", "(?<=±) ", f"(?<=[0-9]) (?=bn |M |k |[A-Z]{{3}}\\b|{'|'.join(MONTHS)})",
                            "(?<= (?:bn)) (?=[A-Z]{3}\\b)", "(?<= [Mk]) (?=[A-Z]{3}\\b)",
                            f"(?<={'|'.join(MONTHS)}) (?=[0-9]{{4}})"]))
UNITS = ((1e9, "bn "), (1e6, "M "), (1e3, "k "))


def money(amount: float, currency: str) -> str:
    """An amount with three significant digits: '5.00 bn CNY', '178 M CNY', '0 CNY'."""
    for size, name in UNITS:
        if abs(amount) >= 0.9995 * size:
            value = amount / size
            n_decimals = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
            return f"{value:.{n_decimals}f} {name}{currency}"
    return f"{amount:.0f} {currency}" if amount == round(amount) else f"{amount:.2f} {currency}"


def money_unit(largest: float, currency: str) -> Tuple[float, str]:
    """The unit of an axis that reaches to `largest`: its size and its name, such as (1e9, 'bn CNY')."""
    for size, name in UNITS:
        if largest >= size:
            return size, name + currency
    return 1.0, currency


def date(day: datetime.date) -> str:
    """'4 Nov 2025'."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def probability(p: float) -> str:
    """Three decimals; never 0 or 1 for what is not."""
    if 0 < p < 0.0005:
        return "below 0.001"
    if 0.9995 <= p < 1:
        return "above 0.999"
    return f"{p:.3f}" if 0 < p < 1 else f"{p:.0f}"


def with_error(p: float, error: float) -> str:
    """A probability with its standard error: '0.244 ± 0.017'."""
    if p in (0.0, 1.0) or not 0 < p < 1:
        return probability(p)
    return f"{probability(p)} ± {error:.3f}" if error >= 0.0005 else probability(p)


def percent(share: float) -> str:
    """'24 %', '1.3 %', '99.9 %'; never 0 or 100 for what is not."""
    value = 100 * share
    if 0 < value < 0.05:
        return "below 0.1 %"
    if 99 < value < 100:
        return f"{min(value, 99.9):.1f} %"
    return f"{value:.1f} %" if 0 < value < 9.95 else f"{value:.0f} %"


def count(n: int, noun: str) -> str:
    """'1 draw', '10,000 replicates'."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def width(line: str) -> int:
    """Columns of a text, Chinese characters as two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def wrap_greedily(sentence: str, n_columns: int) -> List[str]:
    """Break a text into lines of at most so many columns: between words, or within one that is too long."""
    lines, line = [], ""
    for word in sentence.split(" "):
        while word:
            joined = f"{line} {word}" if line else word
            if width(joined) <= n_columns:
                line, word = joined, ""
            elif line:
                lines.append(line)
                line = ""
            else:
                n = next(i for i in range(len(word), 0, -1) if i == 1 or width(word[:i]) <= n_columns)
                lines.append(word[:n])
                word = word[n:]
    return lines + [line] if line else lines or [""]


def wrap(sentence: str, n_columns: int) -> List[str]:
    """Break a text into as few lines as it takes, of about equal length; amounts, dates and 'a ± b' stay together."""
    glued = GLUE.sub("\N{NO-BREAK SPACE}", " ".join(sentence.split()))
    n_lines = len(wrap_greedily(glued, n_columns))
    longest = max(width(word) for word in glued.split(" "))
    start = min(max(longest, width(glued) // n_lines), n_columns)
    narrowest = next(n for n in range(start, n_columns + 1) if len(wrap_greedily(glued, n)) == n_lines)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in wrap_greedily(glued, narrowest)]
