"""English, Chinese and German: phrases, dates, numbers and money as people write them there.

A `Language` is passed to whatever makes text. The phrases stand in tables, key -> {code -> text}; what a phrase lacks
in one language, or two tables have both, is an error when the first Language is made.
Blanks inside an amount, a date or 'a ± b' are no-break spaces, so that no line is broken there.
"""
import datetime
import math
import string
from typing import Dict, Iterable, Optional, Sequence, Tuple

from . import phrases, phrases_parameters, phrases_report

CODES = ("en", "zh", "de")
TABLES = (phrases.PHRASES, phrases_report.PHRASES, phrases_parameters.PHRASES)
NBSP = "\N{NO-BREAK SPACE}"

MONTHS = {"en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
          "de": "Jan. Febr. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.".split()}
TICKS = {"en": MONTHS["en"], "de": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez".split(),
         "zh": [f"{month}月" for month in range(1, 13)]}
WESTERN = {"en": ((1e9, "bn"), (1e6, "M"), (1e3, "k")), "de": ((1e9, "Mrd."), (1e6, "Mio."), (1e3, "Tsd."))}
CHINESE = ((1e8, "亿"), (1e4, "万"))
CURRENCIES = {"CNY": "元", "EUR": "欧元", "USD": "美元", "GBP": "英镑", "JPY": "日元", "CHF": "瑞士法郎"}


def merged(tables: Iterable[Dict[str, Dict[str, str]]]) -> Dict[str, Dict[str, str]]:
    """One table out of several; ValueError where a phrase stands twice, or not in every language alike."""
    phrases: Dict[str, Dict[str, str]] = {}
    for table in tables:
        for key, texts in table.items():
            if key in phrases:
                raise ValueError(f"phrase '{key}' stands twice")
            lacking = [code for code in CODES if code not in texts]
            if lacking:
                raise ValueError(f"phrase '{key}' is missing in '{lacking[0]}'")
            if len({names_in(texts[code]) for code in CODES}) > 1:
                raise ValueError(f"phrase '{key}' has other values in another language")
            phrases[key] = texts
    return phrases


def names_in(phrase: str) -> frozenset:
    """The values that a phrase has a place for."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)


class Language:
    """How things are said in one language: "en", "zh" or "de".

    `unit` is the unit of money: "yi" (亿元 and 万元) in any language; by default bn, M, k in English, Mrd., Mio., Tsd.
    in German, 亿 and 万 in Chinese.
    """

    def __init__(self, code: str = "en", unit: Optional[str] = None):
        if code not in CODES:
            raise ValueError(f"no language '{code}' among {', '.join(CODES)}")
        if unit not in (None, "yi", "亿"):
            raise ValueError(f"no unit of money '{unit}': it is 'yi' (亿), or the language's own")
        self.code = code
        self.is_chinese_money = code == "zh" or unit is not None
        self._phrases = merged(TABLES)

    # ---- phrases -----------------------------------------------------------------------------------------------------

    def has(self, key: str) -> bool:
        return key in self._phrases

    def text(self, key: str, **values) -> str:
        """The phrase of that name with the values in their places; KeyError where there is none."""
        return self._phrases[key][self.code].format(**values)

    def name(self, table: str, word: str) -> str:
        """A word of the scenario (such as a class) in this language where we know it: TABLE.WORD, else as it is."""
        key = f"{table}.{word}"
        return self.text(key) if self.has(key) else word

    def count(self, n: int, noun: str) -> str:
        """'1 draw', '10,000 replicates': the noun's phrases are NOUN.one and NOUN.many."""
        return self.text(f"{noun}.{'one' if n == 1 else 'many'}", n=self.number(n, 0))

    def capital(self, sentence: str) -> str:
        """With a capital at its beginning."""
        return sentence[:1].upper() + sentence[1:]

    def listed(self, items: Sequence[str]) -> str:
        """'a, b, c'."""
        return ("、" if self.code == "zh" else ", ").join(items)

    def sentences(self, items: Sequence[str]) -> str:
        """Sentences one after the other."""
        return ("" if self.code == "zh" else " ").join(item for item in items if item)

    # ---- dates -------------------------------------------------------------------------------------------------------

    def date(self, day: datetime.date) -> str:
        """'4 Nov 2025', '4. Nov. 2025', '2025年11月4日'."""
        if self.code == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        point = "." if self.code == "de" else ""
        return f"{day.day}{point}{NBSP}{MONTHS[self.code][day.month - 1]}{NBSP}{day.year}"

    def month(self, day: datetime.date) -> str:
        """The month on an axis: 'Nov', '11月'."""
        return TICKS[self.code][day.month - 1]

    # ---- numbers -----------------------------------------------------------------------------------------------------

    def number(self, x: float, digits: int = 0, sign: bool = False) -> str:
        """With so many decimals: '1,629.5', in German '1.629,5'; with `sign` also '+' and a real minus."""
        text = f"{abs(x):,.{digits}f}"
        if self.code == "de":
            text = text.translate(str.maketrans(",.", ".,"))
        is_zero = not text.strip("0.,")
        return ("" if is_zero else "−" if x < 0 else "+" if sign else "") + text

    def plain(self, x: float) -> str:
        """A tick of an axis: as many decimals as it needs, '0.25' or '0,25'."""
        text = f"{x:.10g}"
        if "e" in text:
            return text
        return self.number(x, len(text.partition(".")[2]))

    def with_error(self, text: str, error: str) -> str:
        return f"{text}{NBSP}±{NBSP}{error}"

    def probability(self, p: float, standard_error: Optional[float] = None) -> str:
        """'0.62 ± 0.01': as many decimals as the error bears, three without one; never 0 or 1 for what is not."""
        if p in (0.0, 1.0):
            return f"{p:.0f}"
        if 0 < p < 0.0005:
            return self.text("below", x=self.number(0.001, 3))
        if 0.9995 <= p < 1:
            return self.text("above", x=self.number(0.999, 3))
        if standard_error is None or not standard_error >= 0.0005:
            return self.number(p, 3)
        digits = 2 if standard_error >= 0.00995 and 0.005 <= p < 0.995 else 3
        return self.with_error(self.number(p, digits), self.number(standard_error, digits))

    def points(self, difference: float) -> str:
        """A difference of shares: '+3.4 points'."""
        digits = 1 if abs(100 * difference) < 9.95 else 0
        return self.joined(self.number(100 * difference, digits, True), self.text("points"))

    def days(self, n: float, sign: bool = False) -> str:
        """'+23 days'; one decimal below ten where it is not whole."""
        digits = 1 if abs(n) < 9.95 and n != round(n) else 0
        return self.joined(self.number(n, digits, sign), self.text("days"))

    def joined(self, number: str, unit: str) -> str:
        """A number and its unit, which stay on one line; none between them in Chinese."""
        return number + ("" if self.code == "zh" or not unit else NBSP) + unit

    def percent(self, share: float, digits: Optional[int] = None) -> str:
        """'24 %', '1.3 %', '99.9 %'; never 0 or 100 for what is not. With `digits`, so many decimals."""
        value, blank = 100 * share, "" if self.code == "zh" else NBSP
        if digits is not None:
            return f"{self.number(value, digits)}{blank}%"
        if 0 < value < 0.05:
            return self.text("below", x=f"{self.number(0.1, 1)}{blank}%")
        digits = 1 if 0 < abs(value) < 9.95 or 99 < value < 100 else 0
        return f"{self.number(min(value, 99.9) if 99 < value < 100 else value, digits)}{blank}%"

    # ---- money -------------------------------------------------------------------------------------------------------

    def _units(self) -> Tuple[Tuple[float, str], ...]:
        return CHINESE if self.is_chinese_money else WESTERN[self.code]

    def _joined(self, number: str, unit: str, currency: str) -> str:
        if self.is_chinese_money:
            name = CURRENCIES.get(currency, f"{NBSP}{currency}" if currency else "")
            return f"{number}{unit}{name}" if unit or currency in CURRENCIES else f"{number}{name}"
        return NBSP.join(part for part in (number, unit, currency) if part)

    def money(self, amount: float, currency: str = "", sign: bool = False) -> str:
        """Three significant digits: '5.00 bn CNY', '5,00 Mrd. CNY', '50.0亿元'; without a currency '5.00 bn'."""
        for size, unit in self._units():
            if abs(amount) >= 0.9995 * size:
                value = amount / size
                digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
                return self._joined(self.number(value, digits, sign), unit, currency)
        digits = 0 if abs(amount) >= 99.5 or amount == round(amount) else 2
        return self._joined(self.number(amount, digits, sign), "", currency)

    def money_with_error(self, amount: float, error: float, currency: str, sign: bool = False) -> str:
        """'−123 ± 4 M CNY': both in the unit of the larger, with the decimals that the error bears."""
        if not error > 0:
            return self.money(amount, currency, sign)
        size, unit = next(((s, u) for s, u in self._units() if max(abs(amount), error) >= 0.9995 * s), (1.0, ""))
        digits = min(max(0, 1 - math.floor(math.log10(error / size))), 3)
        digits = digits - 1 if digits > 0 and error / size >= 0.2 * 10 ** (1 - digits) else digits
        if round(error / size, digits) == 0:
            return self.with_error(self.money(amount, currency, sign), self.money(error, currency))
        return self._joined(self.with_error(self.number(amount / size, digits, sign),
                                            self.number(error / size, digits)), unit, currency)

    def money_unit(self, largest: float, currency: str) -> Tuple[float, str]:
        """The unit of an axis that reaches to `largest`: its size and its name, such as (1e9, 'bn CNY')."""
        size, unit = next(((s, u) for s, u in self._units() if largest >= s), (1.0, ""))
        return size, self._joined("", unit, currency).strip(NBSP)
