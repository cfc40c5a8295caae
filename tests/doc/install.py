"""What is installed can be used: the example in tests/doc/consumer is built against it, once with find_package and once
with pkg-config, and gives an answer; the manual page and the scenarios are where they belong.

Usage: install.py CMAKE COMPILER
"""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

CMAKE, COMPILER = sys.argv[1:3]
SOURCE, BUILD = Path(os.environ["OUTLAY_SOURCE"]), Path(os.environ["OUTLAY_BUILD"])


def run(*command, **options):
    """Output of a command that has to succeed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(words)}\nexit status {done.returncode}\n{done.stdout}")
    return done.stdout


with tempfile.TemporaryDirectory() as name:
    prefix, build = Path(name) / "prefix", Path(name) / "build"
    run(CMAKE, "--install", BUILD, "--prefix", prefix)
    config = next(prefix.rglob("outlayConfig.cmake"))
    for wanted in ["bin/outlay", "share/man/man1/outlay.1", "share/outlay/scenarios/shenzhen-2025.yaml",
                   "share/outlay/analysis/figures", "include/outlay/engine.h", "include/outlay/version.h"]:
        if not (prefix / wanted).is_file():
            sys.exit(f"not installed: {wanted}")
    for path in prefix.rglob("*.cmake"):
        if str(SOURCE) in path.read_text():
            sys.exit(f"{path.name} names the source folder")
    scenario = prefix / "share/outlay/scenarios/shenzhen-2025.yaml"
    print(run(prefix / "bin/outlay", "--version").strip())

    # CMake
    run(CMAKE, "-S", SOURCE / "tests/doc/consumer", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_C_COMPILER={COMPILER}", "-G", "Ninja")
    run(CMAKE, "--build", build)
    first = run(build / "answer", scenario)

    # pkg-config
    folder = config.parents[2] / "pkgconfig"
    environment = dict(os.environ, PKG_CONFIG_PATH=str(folder))
    flags = shlex.split(run("pkg-config", "--cflags", "--libs", "outlay", env=environment))
    program = Path(name) / "answer"
    run(COMPILER, "-std=c11", SOURCE / "tests/doc/consumer/answer.c", "-o", program, *flags)
    second = run(program, scenario)

    print(first, end="")
    if first != second:
        sys.exit(f"the two builds differ:\n{second}")
