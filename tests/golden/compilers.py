"""gcc or clang, the result file is the same to the byte.

usage: compilers.py CMAKE COMPILER_ID      with OUTLAY, OUTLAY_SOURCE and OUTLAY_BUILD in the environment

Builds the program with the other compiler as users would, in a folder of the build tree, and compares the results of the
golden cases. Only a release build has the loops for several instruction sets, which each compiler makes in its own way.
"""
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile

from golden import CASES, OUTLAY, SOURCE
from variants import MORE, play

OTHER = {"GNU": "clang", "Clang": "gcc"}


def build(cmake, compiler):
    """The program, built by that compiler."""
    folder = os.path.join(os.environ["OUTLAY_BUILD"], f"with-{compiler}")
    for command in ([cmake, "-S", SOURCE, "-B", folder, "-G", "Ninja", f"-DCMAKE_C_COMPILER={compiler}",
                     "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_TESTING=OFF"],
                    [cmake, "--build", folder, "--target", "outlay"]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}:\n{done.stdout}")
    return os.path.join(folder, "outlay")


def main():
    compiler = OTHER.get(sys.argv[2])
    if compiler is None or shutil.which(compiler) is None:
        print(f"skipped: no {compiler or 'other compiler'} here")
        sys.exit(77)
    program = build(sys.argv[1], compiler)
    with tempfile.TemporaryDirectory() as folder:
        for name, case in (CASES | MORE).items():
            if not filecmp.cmp(play(OUTLAY, case, folder, "a.h5"), play(program, case, folder, "b.h5"), shallow=False):
                sys.exit(f"{name}: the result of the program that {compiler} has built differs")
            print(f"{name}: the same bytes by {compiler}")


if __name__ == "__main__":
    main()
