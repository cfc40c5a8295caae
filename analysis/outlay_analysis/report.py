"""The report: `analysis/report FILE.h5...` writes one HTML page that needs no network.

What stands on the page is in report_page; what imports matplotlib or h5py is imported where it is used.
"""
import argparse
import contextlib
import os
import sys
from typing import Optional, Sequence

from .language import Language


def write(paths: Sequence[str], output: Optional[str] = None, language: Optional[Language] = None) -> str:
    """Write the page of these result files, of several the first the reference; by default beside the first.

    Returns its path. NotAResult for a file that is none, MissingFont where Chinese figures need one, OSError.
    """
    from .report_page import page_of
    from .result import Result

    with contextlib.ExitStack() as stack:
        results = [stack.enter_context(Result(path)) for path in paths]
        whole = page_of(results, Language() if language is None else language)
        name = f"{results[0].run.stem}{'-comparison' if len(results) > 1 else ''}.html"
    path = os.path.join(os.path.dirname(paths[0]), name) if output is None else output
    path = os.path.join(path, name) if os.path.isdir(path) else path
    temporary = f"{path}.partial"
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(whole)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return path


def run(options: argparse.Namespace) -> int:
    """Write the page, and print its path."""
    from .fonts import MissingFont
    from .result import NotAResult

    try:
        print(write(options.files, options.output, Language(options.language, options.unit)))
    except (NotAResult, MissingFont, OSError) as error:
        name = f"{', '.join(options.files)}: " if not isinstance(error, OSError) else ""
        print(f"outlay-analysis: {name}{error}", file=sys.stderr)
        return 1
    return 0


def add_arguments(commands, add_language) -> None:
    """The subcommand `report`."""
    parser = commands.add_parser("report", help="write a report of result files", description="Write one HTML page "
                                 "that needs no network: question, answer, figures, tables, assumptions, how sure it "
                                 "is, how to repeat it. Several results give a comparison.",
                                 epilog="Exit status: 0 done, 1 failed, 2 misuse.")
    parser.add_argument("files", nargs="+", metavar="FILE.h5", help="result file; several are compared with the first")
    parser.add_argument("-o", "--output", metavar="FILE|DIR", help="where the page goes (default: beside the first "
                        "file)")
    add_language(parser)
    parser.set_defaults(run=run)
