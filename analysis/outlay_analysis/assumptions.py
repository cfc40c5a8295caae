"""What was assumed: the resolved scenario in a result file, value by value.

The attribute `scenario_text` holds one value a line, each with a comment that says what it means in words, where it was
set and, where the scenario names one, its source:

    cap: 10 M            # 10.0 M CNY = 1000万; shenzhen-2025.yaml:41; source: report of 18 December 2024

`read` takes that text apart again. `meaning` says a value in the words of a language.
"""
import re
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple

import yaml

# "5.00 bn CNY", "44.9 %", "1622"
AMOUNT = r"-?[0-9][0-9.e+-]*(?: (?:bn|M|k))?(?: [A-Z]{3}| %)?"
LAW = re.compile(rf"(uncertain: )?(at the medians of its parameters, )?median ({AMOUNT})(?: = \S+)?, "
                 rf"5 % to 95 %: ({AMOUNT}) to ({AMOUNT})$")
MONEY = re.compile(rf"({AMOUNT})(?: = \S+)?$")
UNITS = {"bn": 1e9, "M": 1e6, "k": 1e3}


@dataclass(frozen=True)
class Parameter:
    """One value of the scenario."""

    path: str  # "programmes.training.award.by_class.startup.rate"; items of lists by their number, from 1
    value: str  # as the scenario writes it: "60%"
    words: str  # what it means, in English: "5.00 bn CNY = 50.0亿"; empty where the value says it all
    origin: str  # "default", "shenzhen-2025.yaml:43", "--set"
    source: str  # where the scenario has it from; empty where it does not say

    @property
    def is_default(self) -> bool:
        return self.origin == "default"

    @property
    def is_uncertain(self) -> bool:
        return self.words.startswith("uncertain: ")

    @property
    def is_assumed(self) -> bool:
        """Whether the scenario states it without a source, or calls it assumed."""
        return not self.is_default and (not self.source or re.search(r"\bassumed\b", self.source, re.I) is not None)


@dataclass(frozen=True)
class Kind:
    """What a path speaks of, less the names that the scenario chose."""

    block: Tuple[str, ...]  # ("programmes", "training", "award"): the table that it stands in
    key: str  # "award.rate", "classes.count", "budget.steps.factor"
    of_class: str  # the class for which it holds, where it holds for one
    item: str  # the number of the item of a list, where it is one


def classify(path: str) -> Kind:
    """Take the scenario's own names out of a path."""
    parts = path.split(".")
    of_class, item = "", ""
    if "by_class" in parts:
        i = parts.index("by_class")
        of_class = parts[i + 1]
        del parts[i:i + 2]
    numbers = [part for part in parts if part.isdigit()]
    if numbers:
        item = numbers[0]
        parts = [part for part in parts if not part.isdigit()]
    if parts[0] == "programmes":
        key = ".".join(parts[2:])
        return Kind(("programmes", parts[1], parts[2] if len(parts) > 3 else ""), key, of_class, item)
    if parts[0] == "classes":
        return Kind(("classes", parts[1]), f"classes.{parts[-1]}", of_class, item)
    return Kind((parts[0],) if len(parts) > 1 else ("",), ".".join(parts), of_class, item)


def scenario_text(attributes) -> str:
    """The resolved scenario: a long one goes on in further attributes."""
    pieces, i = [attributes.get("scenario_text", b"")], 2
    while f"scenario_text_{i}" in attributes:
        pieces.append(attributes[f"scenario_text_{i}"])
        i += 1
    return b"".join(piece if isinstance(piece, bytes) else str(piece).encode() for piece in pieces).decode(
        "utf-8", "replace")


def _leaves(node: yaml.Node, path: Tuple[str, ...]) -> Iterator[Tuple[Tuple[str, ...], yaml.Node]]:
    """The values of a block, each with its path; what is written in braces or brackets is one value."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        for key, value in node.value:
            yield from _leaves(value, path + (key.value,))
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
        for i, value in enumerate(node.value, 1):
            yield from _leaves(value, path + (str(i),))
    else:
        yield path, node


def read(text: str) -> List[Parameter]:
    """The values of a resolved scenario in its order; without the list of sources, which stands at each of them."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines = text.split("\n")
    values = [(".".join(path), node) for path, node in _leaves(root, ())] if root is not None else []
    sources: Dict[str, str] = {path[len("sources."):]: node.value for path, node in values
                               if path.startswith("sources.")}
    parameters = []
    for path, node in values:
        if path.startswith("sources."):
            continue
        line = lines[node.end_mark.line]
        comment = line[node.end_mark.column:].strip().lstrip("#").strip()
        words, _, origin = comment.partition("; source: ")[0].rpartition("; ")
        value = line[node.start_mark.column:node.end_mark.column]
        is_quoted = isinstance(node, yaml.ScalarNode) and node.style in ("'", '"')
        parameters.append(Parameter(path, node.value if is_quoted else value, words, origin, sources.get(path, "")))
    return parameters


def _number(text: str) -> Tuple[float, str]:
    """A number as the program writes it, and its unit: '5.00 bn CNY' -> (5e9, 'CNY'), '44.9 %' -> (0.449, '%')."""
    words = text.split(" ")
    value = float(words[0])
    unit = words[-1] if len(words) > 1 and words[-1] not in UNITS else ""
    for word in words[1:]:
        value *= UNITS.get(word, 0.01 if word == "%" else 1.0)
    return value, unit


def _say(text: str, language) -> str:
    """That number in the words of a language."""
    value, unit = _number(text)
    if unit == "%":
        return language.percent(value)
    return language.money(value, unit) if unit else language.number(value)


def meaning(parameter: Parameter, language) -> Optional[str]:
    """What a value means in the words of a language; None where the value says it all."""
    law = LAW.match(parameter.words)
    if law is not None:
        amounts = [_say(law.group(i), language) for i in (3, 4, 5)]
        return language.text("report.law.central" if law.group(2) else "report.law", median=amounts[0], low=amounts[1],
                             high=amounts[2])
    money = MONEY.match(parameter.words)
    if money is not None:
        return _say(money.group(1), language)
    return parameter.words or None
