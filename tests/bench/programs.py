"""The programs that are compared: how they are built and called.

The environment names the program (OUTLAY) and the build tree (OUTLAY_BUILD); without it, build/default is meant.
"""
import os
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(FOLDER))
BUILD = os.environ.get("OUTLAY_BUILD", os.path.join(SOURCE, "build", "default"))
OUTLAY = os.environ.get("OUTLAY", os.path.join(BUILD, "outlay"))
os.environ.setdefault("NUMBA_CACHE_DIR", os.path.join(BUILD, "numba"))  # not into the source tree

PEERS = {
    "GSL, tuned": [os.path.join(BUILD, "bench_peer_gsl")],
    "GSL, plain": [os.path.join(BUILD, "bench_peer_gsl_plain")],
    "Numba": [sys.executable, os.path.join(FOLDER, "peer_numba.py")],
    "NumPy": [sys.executable, os.path.join(FOLDER, "peer_numpy.py")],
}
PEER_WORKLOADS = ("simple", "population")
SCENARIOS = {
    "simple": os.path.join(FOLDER, "scenarios", "simple.yaml"),
    "population": os.path.join(FOLDER, "scenarios", "population.yaml"),
    "shenzhen-2025": os.path.join(SOURCE, "scenarios", "shenzhen-2025.yaml"),
    "ppp-round-1": os.path.join(SOURCE, "scenarios", "ppp-round-1.yaml"),
}
REPLICATES_OF_A_DRAW = {"shenzhen-2025": 8}  # as outlay does unasked; the others have no uncertain numbers


def build(*targets):
    """Bring the programs of this folder, and other targets, up to date."""
    subprocess.run(["cmake", "--build", BUILD, "--target", "bench_programs", *targets], check=True,
                   stdout=subprocess.DEVNULL)


def size_of(workload, size):
    """(draws, replicates): a size of 1 is one replicate, or one draw where the workload has several."""
    replicates = REPLICATES_OF_A_DRAW.get(workload)
    return (size, replicates) if replicates else (1, size)


def outlay(workload, draws, replicates, threads, output, *settings):
    """Settings are KEY=VALUE."""
    changed = [word for setting in settings for word in ("--set", setting)]
    return [OUTLAY, "run", SCENARIOS[workload], "--draws", str(draws), "-n", str(replicates), "--threads", str(threads),
            "-o", output, "--force", *changed]


def engine(workload, draws, replicates, threads):
    """The same without a result file."""
    return [os.path.join(BUILD, "bench_engine"), SCENARIOS[workload], str(draws), str(replicates), str(threads)]


def peer(name, workload, replicates, threads=1, seed=1, factor=1.0, output=None):
    """`output` gets demand, committed and exhaustion day of every replicate."""
    return [*PEERS[name], workload, str(replicates), str(threads), str(seed), str(factor), *([output] if output else [])]


def has_numba():
    return subprocess.run([sys.executable, "-c", "import numba"], capture_output=True, check=False).returncode == 0
