"""Writes the words of the language, from its schema, as a dictionary for libFuzzer: dictionary.py SCHEMA > FILE."""

import json
import sys

SYNTAX = [": ", "- ", "{", "}", "[", "]", "\\x0a  ", "\\x22", "'", "#", "&", "*", "!!", "|", ">", "---", "%", " k", " M",
          " bn", "1e300", "-1", "0", "nan", "inf", ".", "..", "/", "2025-01-01", "02-29", "=", ",", "\\x00", "\\xef\\xbb\\xbf"]


def words(node):
    """Every key and every choice of a JSON Schema."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("properties", "$defs"):
                yield from value
            elif key == "required":
                yield from value
            elif key == "enum":
                yield from (item for item in value if isinstance(item, str))
            elif key == "const" and isinstance(value, str):
                yield value
            yield from words(value)
    elif isinstance(node, list):
        for item in node:
            yield from words(item)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        known = sorted(set(words(json.load(file))))
    for word in SYNTAX + [word for word in known if word.isascii() and '"' not in word and "\\" not in word]:
        print(f'"{word}"')


main()
