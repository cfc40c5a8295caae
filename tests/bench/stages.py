"""Where the time of a run goes, by source file: samples of perf (cpu-clock, which needs no hardware counters)."""
import os
import re
import subprocess
import tempfile
from collections import Counter

import programs

SAMPLES_A_SECOND = 2000
LIBRARIES = {"libm": "libm", "libmvec": "libm", "libhdf5": "HDF5", "libz": "deflate", "libc": "libc", "libgsl": "GSL",
             "libgomp": "OpenMP", "libomp": "OpenMP", "[kernel": "kernel"}
RESULT_FILE = ("HDF5", "deflate", "sim/results/")  # what counts as writing the file


def files_of_functions():
    """{function: source file} of the library, static functions too; a name that two files have gives both."""
    archive = os.path.join(programs.BUILD, "liboutlay.a")
    listing = subprocess.run(["nm", "-A", "--defined-only", archive], capture_output=True, text=True, check=True).stdout
    rooms = {name: os.path.relpath(folder, programs.SOURCE)
             for folder, _, names in os.walk(os.path.join(programs.SOURCE, "sim")) for name in names}
    found = {}
    for name, function in re.findall(r":(\w+\.c)\.o:[0-9a-f]+ [tTiW] (\S+)", listing):
        path, function = os.path.join(rooms.get(name, ""), name), function.split(".")[0]
        found[function] = " or ".join(sorted({path, *found.get(function, path).split(" or ")}))
    return found


def place_of(shared_object, symbol, program, files):
    if shared_object == os.path.basename(program):
        return files.get(symbol.split(".")[0], "other")
    library = re.match(r"\[kernel|[a-z]+5?", shared_object)
    return LIBRARIES.get(library.group(), "other") if library else "other"


def samples(command):
    """{source file or library: samples} of a run; None where perf does not work."""
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "perf.data")
        try:
            subprocess.run(["perf", "record", "-q", "-e", "cpu-clock", "-F", str(SAMPLES_A_SECOND), "-o", data, *command],
                           check=True, capture_output=True)
            report = subprocess.run(["perf", "report", "-i", data, "--stdio", "-q", "-g", "none", "--sort", "dso,symbol",
                                     "-F", "sample,dso,symbol"], check=True, capture_output=True, text=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return None
    files, counts = files_of_functions(), Counter()
    for count, shared_object, symbol in re.findall(r"^\s*(\d+)\s+(\S+)\s+\[.\]\s+(\S+)", report, re.MULTILINE):
        counts[place_of(shared_object, symbol, command[0], files)] += int(count)
    return counts


def nanoseconds(small, large, contracts):
    """{source file or library: nanoseconds a contract}, from the samples of a small and a large run."""
    return {name: (count - small.get(name, 0)) * 1e9 / SAMPLES_A_SECOND / contracts for name, count in large.items()}
