"""The editor schema says what the program says: scenarios/schema.json takes every scenario that outlay takes, written by
hand or resolved with all defaults, and refuses the broken ones whose mistake a schema can see.
"""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

try:
    import yaml
    from jsonschema import Draft202012Validator
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

SOURCE = Path(os.environ.get("OUTLAY_SOURCE", Path(__file__).resolve().parents[2]))
OUTLAY = os.environ.get("OUTLAY", str(SOURCE / "build/default/outlay"))

# Broken scenarios of tests/cli/bad, and where their first mistake is.
SEEN = {
    "a_list": "",
    "a_word": "",
    "bad_choice": "programmes/training/allocation/last_award",
    "bad_date": "programmes/training/applications/arrivals/opens",
    "bad_name": "classes",
    "bad_unit": "programmes/training/budget",
    "currency": "currency",
    "data_histogram_keys": "programmes/training/applications/contract",
    "data_splice_keys": "programmes/training/applications/contract",
    "eleven_months": "programmes/training/applications/arrivals/months",
    "law_parameters": None,
    "missing_block": "",
    "not_a_number": None,
    "out_of_range": None,
    "records": None,
    "rules_out_of_range": None,
    "uncertain_integer": "horizon/years",
    "unknown_key": None,
    "unknown_law": None,
    "version": "outlay",
    "wrong_type": None,
}


class Loader(yaml.SafeLoader):
    """YAML as editors read it (1.2): a date is a text, and so is `yes`."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("int", "float", "null")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(text):
    return yaml.load(text, Loader)


def mistakes(validator, scenario):
    return ["/".join(map(str, error.absolute_path)) for error in validator.iter_errors(scenario)]


schema = json.loads((SOURCE / "scenarios/schema.json").read_text(encoding="utf-8"))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
problems = 0


def tell(name, text):
    global problems
    problems += 1
    print(f"{name}: {text}")


good = sorted(SOURCE.glob("scenarios/*.yaml")) + [SOURCE / "tests/unit/data/rules.yaml"]
assert len(good) > 2
for path in good:
    found = mistakes(validator, load(path.read_text(encoding="utf-8")))
    if found:
        tell(path.name, f"is refused at {found}")
    resolved = subprocess.run([OUTLAY, "check", str(path)], capture_output=True, encoding="utf-8")
    if resolved.returncode == 0:
        found = mistakes(validator, load(resolved.stdout))
        if found:
            tell(path.name, f"with all defaults is refused at {found}")
    elif path.name == "rules.yaml":
        tell(path.name, "does not load")

for stem, place in SEEN.items():
    text = (SOURCE / f"tests/cli/bad/{stem}.yaml").read_text(encoding="utf-8")
    found = mistakes(validator, load(text))
    if not found or (place is not None and place not in found):
        tell(stem, f"is refused at {found}, not at '{place}'")

# Everywhere in a scenario an unknown key is found, and it is the only thing that is.
rules = load((SOURCE / "tests/unit/data/rules.yaml").read_text(encoding="utf-8"))


def blocks(node, path=()):
    if isinstance(node, dict):
        yield path
        for key, child in node.items():
            yield from blocks(child, (*path, key))
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from blocks(child, (*path, i))


for path in blocks(rules):
    if path in (("sources",), ("classes",), ("programmes",)) or path[-1:] == ("by_class",):
        continue  # any name may stand there
    broken = copy.deepcopy(rules)
    node = broken
    for key in path:
        node = node[key]
    node["no_such_key"] = 1
    if len(mistakes(validator, broken)) != 1:
        tell("/".join(map(str, path)), f"takes an unknown key, or more is wrong: {mistakes(validator, broken)}")

print("the schema fits the program" if problems == 0 else f"{problems} problems")
sys.exit(1 if problems else 0)
