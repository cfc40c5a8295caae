"""Draw the figures of result files of outlay: exhaustion date, payout, commitment.

    /usr/bin/python3 analysis/figures.py results/shenzhen-2025.h5

writes results/shenzhen-2025_exhaustion.png and .svg, ..._payout and ..._commitment; where a scenario has several
programmes, one of each for each programme (..._exhaustion_training.png). Prints the paths written.
Exit status: 0 done, 1 a file could not be drawn (the others are), 2 misuse.
"""
import argparse
import os
import sys
from typing import Iterator, List, Optional, Sequence

FORMATS = ("png", "svg", "pdf")


def parse(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    """The command line."""
    def formats(text: str) -> List[str]:
        names = [name.strip().lower() for name in text.split(",") if name.strip()]
        unknown = [name for name in names if name not in FORMATS]
        if unknown or not names:
            raise argparse.ArgumentTypeError(f"a list of {', '.join(FORMATS)}, not '{text}'")
        return names

    parser = argparse.ArgumentParser(prog="figures.py", description="Draw the figures of result files of outlay.",
                                     epilog="Exit status: 0 done, 1 a file could not be drawn, 2 misuse.")
    parser.add_argument("files", nargs="+", metavar="FILE.h5", help="result file; several are drawn one by one")
    parser.add_argument("-o", "--output", metavar="DIR", help="folder of the figures (default: beside the file)")
    parser.add_argument("--formats", type=formats, default=["png", "svg"], metavar="LIST",
                        help="comma-separated list of png, svg, pdf (default: png,svg)")
    return parser.parse_args(arguments)


def stem_of(path: str) -> str:
    """The file's name without folder and ending, also that of an incomplete file."""
    name = os.path.basename(path)
    name = name[:-len(".partial")] if name.endswith(".partial") else name
    root, ending = os.path.splitext(name)
    return root if ending in (".h5", ".hdf5", ".nc") else name


def draw_file(path: str, folder: Optional[str], formats: Sequence[str]) -> Iterator[str]:
    """Draw all figures of one file; yields each path when it is written."""
    from outlay_analysis import commitment, exhaustion, payout, style
    from outlay_analysis.load import Result

    folder = os.path.dirname(path) if folder is None else folder
    with Result(path) as result, style.applied():
        if style.lacks_font(result.run.title + "".join(result.titles)):
            print(f"figures: {path}: the title has characters that no installed font can draw; the Debian package "
                  "fonts-noto-cjk has one", file=sys.stderr)
        if folder:
            os.makedirs(folder, exist_ok=True)
        for i, name in enumerate(result.names):
            cases = result.cases(i)
            for kind, module in (("exhaustion", exhaustion), ("payout", payout), ("commitment", commitment)):
                stem = f"{stem_of(path)}_{kind}" + (f"_{name}" if len(result.names) > 1 else "")
                yield from style.save(module.draw(cases), os.path.join(folder, stem), formats)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Draw each file; go on after one that cannot be drawn."""
    options = parse(arguments)
    try:
        from outlay_analysis.load import NotAResult
    except ImportError as error:
        print(f"figures: needs numpy, h5py and matplotlib (Debian: python3-h5py python3-matplotlib): {error}",
              file=sys.stderr)
        return 1
    status = 0
    for path in options.files:
        try:
            for written in draw_file(path, options.output, options.formats):
                print(written, flush=True)
        except NotAResult as error:
            print(f"figures: {path}: {error}", file=sys.stderr)
            status = 1
        except OSError as error:
            print(f"figures: {path}: {error}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
