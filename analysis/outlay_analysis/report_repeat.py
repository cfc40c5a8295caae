"""How to repeat a result: the commands, the versions, the seed, and the scenario as it was written."""
import hashlib
import os
import shlex
from typing import Iterator, List, Tuple

from .language import Language
from .page import Markup, escape, join, paragraphs, table, tag
from .report_answer import replicates_of
from .result import Result, text


def sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


# Takes the scenario and what it reads out of a result file.
TAKE = 'import h5py, sys; print(h5py.File(sys.argv[1])["scenario"][()].decode())'
TAKE_FILES = """\
import h5py, os, sys
file = h5py.File(sys.argv[1])
open(sys.argv[2], "w").write(file["scenario"][()].decode())
for data in [data for data in file.values() if "file_name" in data.attrs]:
    path = data.attrs["file_name"].decode()
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    open(path, "wb").write(data[()].tobytes())
"""


def commands(result: Result) -> str:
    """The lines that take the scenario out of the file and run it again."""
    run, name = result.run, shlex.quote(os.path.basename(result.path))
    again = shlex.quote(f"{run.stem}-again.yaml")
    if any(is_inside(path) for path in data_files(result)):
        lines = [f"/usr/bin/python3 - {name} {again} <<'END'", f"{TAKE_FILES}END"]
    else:
        lines = [f"/usr/bin/python3 -c {shlex.quote(TAKE)} {name} > {again}"]
    if run.is_exact:
        lines.append(f"outlay exact {again}")
    else:
        precision = " --set simulation.precision=none" if "precision" in result.file.attrs else ""
        lines.append(f"outlay run {again} --draws {run.n_draws} -n {run.n_replicates} --seed {run.seed}{precision}")
    return "\n".join(lines)


def data_files(result: Result) -> List[str]:
    """The names of the data files and calendars that the scenario reads."""
    return [text(variable.attrs["file_name"]) for variable in result.file.values() if "file_name" in variable.attrs]


def is_inside(path: str) -> bool:
    """Whether a name stays in the folder in which the commands are given."""
    return not os.path.isabs(path) and ".." not in path.split("/")


def written(result: Result) -> Iterator[Tuple[str, str]]:
    """Name and text of the scenario files as they were written."""
    attributes, i = result.file.attrs, 1
    while f"source_{i}_name" in attributes:
        pieces, k = [text(attributes.get(f"source_{i}_text", b""))], 2
        while f"source_{i}_text_{k}" in attributes:
            pieces.append(text(attributes[f"source_{i}_text_{k}"]))
            k += 1
        yield text(attributes[f"source_{i}_name"]), "".join(pieces)
        i += 1


def run_table(result: Result, language: Language) -> Markup:
    """Everything that the numbers depend on, and some of what they do not."""
    attributes, run = result.file.attrs, result.run
    revision = text(attributes.get("outlay_revision", ""))
    known = [("file", os.path.basename(result.path)), ("sha", sha256(result.path)),
             ("size", language.text("report.run.exact") if run.is_exact else replicates_of(run, language)),
             ("seed", run.seed), ("design", run.design),
             ("program", f"outlay {run.version}" + (f" ({revision})" if revision else "")),
             ("libraries", text(attributes.get("library_versions", "")))]
    known.append(("compiler", text(attributes["compiler"]) if "compiler" in attributes
                  else code_in(language.text("report.run.no.compiler"))))
    known += [(name, text(attributes[name])) for name in ("created", "host", "threads") if name in attributes]
    known += [("seconds", f"{float(attributes['seconds']):.1f}")] if "seconds" in attributes else []
    rows = [[language.text(f"report.run.{name}"), value] for name, value in known if value]
    return table(language.text("report.run.caption"), ["", ""], rows, numbers=False, stacks=True)


def code_in(sentence: str) -> Markup:
    """A sentence whose `words in backquotes` are code."""
    pieces = sentence.split("`")
    return join(tag("code", piece) if i % 2 else escape(piece) for i, piece in enumerate(pieces))


def how_to_repeat(result: Result, language: Language) -> Markup:
    """Commands, versions, seed, and the scenario as it was written."""
    name = os.path.basename(result.path)
    parts = [paragraphs(language.text("report.repeat.text")), tag("pre", commands(result))]
    files = data_files(result)
    if files:
        parts.append(paragraphs(code_in(language.text("report.repeat.files", files=language.listed(files)))))
    parts += [paragraphs(language.text("report.repeat.other")),
              tag("pre", f"h5dump -y -d /scenario {shlex.quote(name)}"),
              paragraphs(language.text("report.repeat.page")),
              tag("pre", f"analysis/report --language {language.code} {shlex.quote(name)}"),
              run_table(result, language)]
    parts += [tag("details", tag("summary", language.text("report.written", name=file_name)), tag("pre", content))
              for file_name, content in written(result)]
    return join(parts)
