"""The gallery: scenarios of the library, run and drawn by one command."""
import argparse
import os
import subprocess
import sys
from typing import List, NamedTuple, Optional, Sequence

from .command import FORMATS, common_options, draw_and_print, listed

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
N_LEDGERS = 8  # replicates whose awards are drawn one by one, each of another draw


class Comparison(NamedTuple):
    """Scenarios side by side, the first of them the reference."""

    name: str
    scenarios: Sequence[str]
    kinds: Optional[str]  # all, if None


ALONE = ("shenzhen-2025", "shenzhen-2025-official", "sepp-2022")
# A scenario of which the library has only the changed twin: how it is set.
SET = {"rule-carry-over-none": ("rule-carry-over", ["title=One rule at a time, nothing moves on",
                                                    "programmes.training.budget.carry_over=none"])}
COMPARISONS = (
    Comparison("readings", ("shenzhen-2025", "shenzhen-2025-official"), None),
    Comparison("rules", ("rule-first-come", "rule-quarterly-release", "rule-startup-reserve", "rule-pro-rata",
                         "rule-lottery", "rule-falling-rate", "rule-waiting-list"), None),
    Comparison("carry-over", ("rule-carry-over-none", "rule-carry-over"), "exhaustion,unmet"),
)


class Failed(Exception):
    """The program could not be run, or failed; the text says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="DIR", default="results/gallery", help="folder of the figures, with the "
                        "result files in results/ (default: results/gallery)")
    built = os.path.join(ROOT, "build", "default", "outlay")
    parser.add_argument("--outlay", metavar="PATH", default=built if os.path.exists(built) else "outlay",
                        help="the program (default: build/default/outlay, or that of the PATH)")
    parser.add_argument("--scenarios", metavar="DIR", default=os.path.join(ROOT, "scenarios"),
                        help="the library (default: scenarios)")
    parser.add_argument("--draws", help="draws of each run (default: each scenario's own)")
    parser.add_argument("-n", "--replicates", help="replicates of each draw (default: each scenario's own)")
    parser.add_argument("--formats", type=listed(FORMATS), default=["png", "svg"], metavar="LIST",
                        help="comma-separated list of png, svg, pdf (default: png,svg)")
    parser.add_argument("--kinds", metavar="LIST", help="comma-separated list of kinds (default: all)")
    parser.set_defaults(run=run)


def call(options: argparse.Namespace, *arguments: str) -> None:
    """Run the program quietly; Failed with what it says."""
    try:
        done = subprocess.run([options.outlay, *arguments], capture_output=True, text=True)
    except OSError as error:
        raise Failed(f"{options.outlay}: {error.strerror}; build it, or name it with --outlay") from error
    if done.returncode != 0:
        raise Failed(done.stderr.strip() or f"{options.outlay} {' '.join(arguments)}: exit status {done.returncode}")


def simulate(options: argparse.Namespace, name: str) -> str:
    """Run a scenario of the library; the path of its result."""
    path = os.path.join(options.output, "results", name + ".h5")
    scenario, values = SET.get(name, (name, []))
    size = [word for option, value in (("--draws", options.draws), ("-n", options.replicates)) if value
            for word in (option, value)]
    settings = [word for value in values for word in ("--set", value)]
    call(options, "run", os.path.join(options.scenarios, scenario + ".yaml"), "-o", path, "--force", "--quiet", *size,
         *settings)
    return path


def ledgers(options: argparse.Namespace, path: str) -> List[str]:
    """Ledgers of the first replicate of the first draws of a result."""
    from .result import Result

    with Result(path) as result:
        n = min(N_LEDGERS, result.run.n_draws)
    paths = [f"{path[:-len('.h5')]}-ledger-{draw}.csv" for draw in range(n)]
    for draw, ledger in enumerate(paths):
        call(options, "replay", path, "--draw", str(draw), "--replicate", "0", "-o", ledger, "--force", "--quiet")
    return paths


def run(options: argparse.Namespace) -> int:
    """Run the scenarios, draw each of the first three, and the comparisons."""
    os.makedirs(os.path.join(options.output, "results"), exist_ok=True)
    names = dict.fromkeys([*ALONE, *(name for comparison in COMPARISONS for name in comparison.scenarios)])
    try:
        paths = {name: simulate(options, name) for name in names}
        status = 0
        for name in ALONE:
            status |= draw_and_print(common_options(
                options, files=[paths[name]], observed=os.path.join(options.scenarios, "observed"),
                ledger=ledgers(options, paths[name])))
        for comparison in COMPARISONS:
            status |= draw_and_print(common_options(
                options, files=[paths[name] for name in comparison.scenarios], compare=True, name=comparison.name,
                kinds=options.kinds or comparison.kinds))
        return status
    except Failed as error:
        print(f"outlay-analysis: {error}", file=sys.stderr)
        return 1
