"""The command line: figures of result files, a report of them, the gallery.

Exit status of every subcommand: 0 done, 1 a file could not be drawn (the others are), 2 misuse.
"""
import argparse
import contextlib
import importlib.util
import os
import sys
from typing import Iterator, List, Optional, Sequence

from .language import CODES, Language

# What imports matplotlib or h5py is imported where it is used: --help and misuse need neither.
FORMATS = ("png", "svg", "pdf")


def listed(allowed: Sequence[str]):
    """A type for argparse: a comma-separated list of words out of these."""
    def parse(text: str) -> List[str]:
        names = [name.strip().lower() for name in text.split(",") if name.strip()]
        if not names or any(name not in allowed for name in names):
            raise argparse.ArgumentTypeError(f"a list of {', '.join(allowed)}, not '{text}'")
        return names
    return parse


def add_language(parser: argparse.ArgumentParser) -> None:
    """The options of everything that makes text."""
    parser.add_argument("--language", choices=CODES, default="en", help="English, Chinese or German (default: en)")
    parser.add_argument("--unit", choices=("yi", "亿"), help="money in 亿 and 万 (亿元), in any language")


def add_figures(commands) -> None:
    parser = commands.add_parser("figures", help="draw the figures of result files", description="Draw the figures of "
                                 "result files of outlay, and print the paths written.",
                                 epilog="Exit status: 0 done, 1 a file could not be drawn, 2 misuse.")
    parser.add_argument("files", nargs="*", metavar="FILE.h5", help="result file; several are drawn one by one")
    parser.add_argument("--compare", action="store_true", help="all files side by side in each figure, the first of "
                        "them the reference")
    parser.add_argument("-o", "--output", metavar="DIR", help="folder of the figures (default: beside the file)")
    parser.add_argument("--name", metavar="NAME", help="what the figures' names begin with (default: the file's name; "
                        "comparison)")
    parser.add_argument("--formats", type=listed(FORMATS), default=["png", "svg"], metavar="LIST",
                        help="comma-separated list of png, svg, pdf (default: png,svg)")
    parser.add_argument("--kinds", metavar="LIST", help="comma-separated list of kinds (default: all that the files have "
                        "the data for); 'list' prints them")
    add_language(parser)
    parser.add_argument("--observed", metavar="PATH", help="what happened, for burndown: a CSV file, or a folder with "
                        "one for each result of the same name")
    parser.add_argument("--ledger", action="append", metavar="FILE", help="ledger of outlay replay, for the Lorenz curve "
                        "of awards; may be given several times")
    parser.set_defaults(run=run_figures)


def add_report(commands) -> None:
    """The report's own module adds its options, where it is installed."""
    if importlib.util.find_spec("outlay_analysis.report") is not None:
        importlib.import_module("outlay_analysis.report").add_arguments(commands, add_language)


def add_gallery(commands) -> None:
    from . import gallery

    parser = commands.add_parser("gallery", help="run the scenarios of the gallery, and draw it", description="Run the "
                                 "Shenzhen baseline, its official reading, SEPP 2022 and the scenarios of one rule at a "
                                 "time; draw all figures of the first three and the comparison of the others.",
                                 epilog="Exit status: 0 done, 1 failed, 2 misuse.")
    gallery.add_arguments(parser)
    add_language(parser)


def parse(arguments: Optional[Sequence[str]], program: str) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog=program, description="What results of outlay look like: figures, reports.",
                                     epilog="Exit status: 0 done, 1 failed, 2 misuse.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    add_figures(commands)
    add_report(commands)
    add_gallery(commands)
    return parser.parse_args(arguments)


# ---- figures -----------------------------------------------------------------------------------------------------------

def say(text: str) -> None:
    """To the standard error, on a line of its own."""
    print(f"outlay-analysis: {text}", file=sys.stderr, flush=True)


def kinds_of(text: Optional[str]) -> List[str]:
    """The kinds asked for; ValueError for one that there is not."""
    from .figures import FIGURES

    if text is None:
        return list(FIGURES)
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FIGURES]
    if unknown or not names:
        raise ValueError(f"no figure '{unknown[0] if unknown else text}' among {', '.join(FIGURES)}")
    return names


def is_left_out(kind, cases, options: argparse.Namespace, is_comparison: bool) -> bool:
    """Whether a file lacks what a kind needs, where all kinds are drawn that can be."""
    from .figures import LacksData

    lacking = kind.lacking(cases, is_comparison)
    if not lacking:
        return False
    if options.kinds is not None:
        raise LacksData(f"{kind.name}: no variable {lacking[0]}")
    return True


def draw_file(path: str, kinds: Sequence[str], language, options: argparse.Namespace) -> Iterator[str]:
    """Draw the figures of one file; yields each path when it is written."""
    from . import fonts, observed, style
    from .figures import FIGURES, draw_cases, texts_of
    from .result import Result

    with Result(path) as result:
        folder = os.path.dirname(path) if options.output is None else options.output
        if folder:
            os.makedirs(folder, exist_ok=True)
        if fonts.is_chinese("".join(texts_of(result.cases(0)))) and fonts.chinese() is None:
            say(f"{path}: its names have characters that no installed font can draw; the Debian package "
                f"{fonts.PACKAGE} has one")
        left_out = []
        for i, name in enumerate(result.names):
            cases = result.cases(i)
            points = observed.of(options.observed, result.run.stem)
            for kind in (FIGURES[kind] for kind in kinds):
                if is_left_out(kind, cases, options, False):
                    left_out.append(kind.name)
                    continue
                figure = draw_cases(kind, cases, language, False, observed=points, ledgers=options.ledger or [])
                stem = f"{options.name or result.run.stem}_{kind.name}" + (f"_{name}" if len(result.names) > 1 else "")
                with style.applied(language, texts_of(cases)):
                    yield from style.save(figure, os.path.join(folder, stem), options.formats)
        if left_out:
            say(f"{path}: left out for want of data: {', '.join(dict.fromkeys(left_out))}")


def common_programmes(results) -> List[list]:
    """The programmes to compare: those of the same name, or the only ones; a list of indices for each."""
    from .comparison import NotComparable

    if all(len(result.names) == 1 for result in results):
        return [[0] * len(results)]
    names = [name for name in results[0].names if all(name in result.names for result in results)]
    if not names:
        raise NotComparable("the results have no programme in common")
    return [[result.names.index(name) for result in results] for name in names]


def draw_comparison(paths: Sequence[str], kinds: Sequence[str], language, options: argparse.Namespace) -> Iterator[str]:
    """Draw the files side by side: a figure of each kind for each programme and fiscal year that all have."""
    from . import observed, style
    from .figures import FIGURES, draw_cases, texts_of
    from .result import Result

    with contextlib.ExitStack() as stack:
        results = [stack.enter_context(Result(path)) for path in paths]
        folder = os.path.dirname(paths[0]) if options.output is None else options.output
        if folder:
            os.makedirs(folder, exist_ok=True)
        programmes, n_years = common_programmes(results), min(result.n_years for result in results)
        points = observed.of(options.observed, results[0].run.stem)
        left_out = []
        for indices in programmes:
            for year in range(n_years):
                cases = [result.case(i, year) for result, i in zip(results, indices)]
                parts = [cases[0].name] if len(programmes) > 1 else []
                parts += [str(cases[0].start.year)] if n_years > 1 else []
                for kind in (FIGURES[kind] for kind in kinds):
                    if is_left_out(kind, cases, options, True):
                        left_out.append(kind.name)
                        continue
                    figure = draw_cases(kind, cases, language, True, observed=points)
                    stem = "_".join([options.name or "comparison", kind.name, *parts])
                    with style.applied(language, texts_of(cases)):
                        yield from style.save(figure, os.path.join(folder, stem), options.formats)
        if left_out:
            say(f"{', '.join(paths)}: left out for want of data: {', '.join(dict.fromkeys(left_out))}")


def draw_and_print(options: argparse.Namespace) -> int:
    """Draw each file, or all side by side; go on after one that cannot be drawn. Returns the exit status."""
    from .figures import BadLedger, LacksData, NotComparable
    from .fonts import MissingFont
    from .observed import BadPoints
    from .result import NotAResult

    language = Language(options.language, options.unit)
    try:
        kinds = kinds_of(options.kinds)
    except ValueError as error:
        say(str(error))
        return 2
    status = 0
    jobs = ([(", ".join(options.files), draw_comparison, options.files)] if options.compare else
            [(path, draw_file, path) for path in options.files])
    for name, function, what in jobs:
        try:
            for written in function(what, kinds, language, options):
                print(written, flush=True)
        except (NotAResult, LacksData, NotComparable, MissingFont, BadPoints, BadLedger, OSError) as error:
            say(f"{name}: {error}")
            status = 1
    return status


def run_figures(options: argparse.Namespace) -> int:
    """The subcommand figures."""
    if options.kinds == "list":
        from .figures import FIGURES

        language = Language(options.language)
        for kind in FIGURES.values():
            print(f"{kind.name:<12} {language.text(kind.question)}")
        return 0
    if not options.files:
        say("figures needs a result file")
        return 2
    if options.compare and len(options.files) < 2:
        say("--compare needs two files or more")
        return 2
    return draw_and_print(options)


def common_options(given: argparse.Namespace, **others) -> argparse.Namespace:
    """The options of the subcommand figures, those that another subcommand has too from there."""
    values = {"files": [], "compare": False, "name": None, "observed": None, "ledger": None, "kinds": given.kinds,
              "output": given.output, "formats": given.formats, "language": given.language, "unit": given.unit}
    return argparse.Namespace(**{**values, **others})


def main(arguments: Optional[Sequence[str]] = None, command: Optional[str] = None) -> int:
    """Run a subcommand: the first of the arguments, or `command` where the executable is named after it."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    program = "outlay-analysis"
    options = parse(([command] if command else []) + arguments, program)
    try:
        return options.run(options)
    except ImportError as error:
        say(f"needs numpy, h5py and matplotlib (Debian: python3-h5py python3-matplotlib): {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
