"""The long verification: what takes hours. One step after another, a failure stops none, and a table at the end.

usage: verify.py [FUZZ_SECONDS] [STEP...]     an hour for each fuzz target; all steps
Steps: tests, readers, fuzz, valgrind, analyzer, cppcheck, tidy, coverage. Each writes build/verify/STEP.log; the table, with the date, the
machine and the commit, is build/verification.md. Exit status: 0 if no step has failed.
"""

import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
HERE = "tests/verify"


def build(preset):
    return [["cmake", "--preset", preset], ["cmake", "--build", "--preset", preset]]


def steps(fuzz_seconds):
    """Each step: what it is, its commands, and a pattern for the lines of the last command that go into the table."""
    return {
        "tests": ("`ctest --preset verify`", [*build("default"), ["ctest", "--preset", "verify"]],
                  r"Test +#\d+: (\w+) \.* *(Passed|\*+\w+).*?([\d.]+ sec)|(\d+% tests passed.*)"),
        "readers": ("`ctest --preset default -L readers`", [["ctest", "--preset", "default", "-L", "^readers$"]],
                    r"Test +#\d+: (\w+) \.* *(\*+\w+).*?([\d.]+ sec)|(\d+% tests passed.*)"),
        "fuzz": (f"`tests/fuzz/run.sh {fuzz_seconds}`", [*build("dev-clang"), ["tests/fuzz/run.sh", str(fuzz_seconds)]],
                 r"^(\w+: Done .*)|DONE +(cov: \d+ ft: \d+ corp: \d+)|(SUMMARY: .*)"),
        "valgrind": (f"`{HERE}/valgrind.py`", [*build("debug"), [sys.executable, f"{HERE}/valgrind.py"]],
                     r"^(\d+ test programs.*)|(\w+: failed)"),
        "analyzer": (f"`{HERE}/analyzer.py`", [*build("debug"), [sys.executable, f"{HERE}/analyzer.py"]],
                     r"^(\d+ files, .*)"),
        "cppcheck": (f"`{HERE}/cppcheck.sh`", [*build("debug"), [f"{HERE}/cppcheck.sh"]], r"^(\d+ files, .*)"),
        "tidy": ("clang-tidy on `tests/`", [*build("dev-clang"), ["ctest", "--test-dir", "build/dev-clang", "-R",
                 "^lint_tidy_tests$", "--output-on-failure", "--timeout", "7200"]], r"(\d+% tests passed.*)"),
        "coverage": (f"`{HERE}/coverage.py`", [[sys.executable, f"{HERE}/coverage.py"]], r"^([\d.]+ % of .*)"),
    }


def log_of(name):
    return SOURCE / "build" / "verify" / f"{name}.log"


def run(name, commands, pattern):
    """True if all commands have succeeded, and the lines for the table."""
    log = log_of(name)
    log.write_bytes(b"")
    for command in commands:
        start = log.stat().st_size
        with log.open("ab") as file:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, cwd=SOURCE)
        if done.returncode != 0:
            break
    said = log.read_bytes()[start:].decode(errors="replace")
    found = [" ".join(filter(None, match.groups())) for match in re.finditer(pattern, said, re.M)]
    return done.returncode == 0, found or [f"see {log.relative_to(SOURCE)}"]


def said_by(*command):
    done = subprocess.run(command, capture_output=True, text=True, cwd=SOURCE)
    return done.stdout.strip() if done.returncode == 0 else ""


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    return f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores, {platform.platform()}"


def main():
    words = sys.argv[1:]
    fuzz_seconds = int(words.pop(0)) if words and words[0].isdigit() else 3600
    known = steps(fuzz_seconds)
    wrong = [word for word in words if word not in known]
    if wrong or fuzz_seconds == 0:
        print(__doc__.split("\n\n", 1)[1], file=sys.stderr)
        print("verify:", f"no such step: {' '.join(wrong)}" if wrong else "FUZZ_SECONDS is at least 1", file=sys.stderr)
        sys.exit(2)
    (SOURCE / "build" / "verify").mkdir(parents=True, exist_ok=True)

    changed = " with changes" if said_by("git", "status", "--porcelain", "--untracked-files=no") else ""
    head = [f"{time.strftime('%Y-%m-%d', time.gmtime())}, commit {said_by('git', 'rev-parse', '--short', 'HEAD')}{changed}, "
            f"{machine()}", "", "| step | result | time | figures |", "| --- | --- | ---: | --- |"]
    rows, has_failed = [], False
    for name in words or known:
        title, commands, pattern = known[name]
        print(f"verify: {name}: {title}, in {log_of(name).relative_to(SOURCE)}", flush=True)
        start = time.monotonic()
        is_ok, figures = run(name, commands, pattern)
        seconds = time.monotonic() - start
        has_failed = has_failed or not is_ok
        rows.append(f"| {title} | {'passed' if is_ok else '**failed**'} | {seconds / 60:.1f} min | {'<br>'.join(figures)} |")
        (SOURCE / "build" / "verification.md").write_text("\n".join(head + rows) + "\n")
    print("\n".join(["", *head, *rows]))
    sys.exit(1 if has_failed else 0)


main()
