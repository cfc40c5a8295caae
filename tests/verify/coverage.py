"""Which lines of sim/ the tests reach: all tests with the preset coverage, then gcovr. At least 90 of 100 are demanded.

usage: coverage.py [-R REGEX]     the options go to ctest; writes build/coverage/coverage.txt, with the lines that are missed
"""

import json
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BUILD = SOURCE / "build" / "coverage"
DEMANDED = 0.90


def gcovr(*options):
    """What gcovr prints about sim/. A program that is killed while it writes its counts down leaves wrong ones: a line
    with a negative count is passed over."""
    done = subprocess.run(["gcovr", BUILD, "--root", SOURCE, "--object-directory", BUILD, "--filter", "sim/",
                           "--gcov-ignore-parse-errors", *options],
                          capture_output=True, text=True, cwd=SOURCE)
    return done.stdout if done.returncode == 0 else sys.exit(done.stderr)


def main():
    for command in (["cmake", "--preset", "coverage"], ["cmake", "--build", "--preset", "coverage"]):
        done = subprocess.run(command, capture_output=True, text=True, cwd=SOURCE)
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
    for old in BUILD.rglob("*.gcda"):  # the counts of earlier runs
        old.unlink()
    have_passed = subprocess.run(["ctest", "--preset", "coverage", *sys.argv[1:]], cwd=SOURCE).returncode == 0

    (BUILD / "coverage.txt").write_text(gcovr("--txt"))
    rooms = {}
    for file in json.loads(gcovr("--json-summary"))["files"]:
        room = rooms.setdefault("/".join(file["filename"].split("/")[:2]), [0, 0])
        room[0] += file["line_total"]
        room[1] += file["line_covered"]
    order = ["base", "scenario", "random", "plan", "replicate", "engine", "results", "studies", "cli"]
    total = [sum(counts[i] for counts in rooms.values()) for i in (0, 1)]
    print("\n| room | lines | reached | share |\n| --- | ---: | ---: | ---: |")
    for room in sorted(rooms, key=lambda name: order.index(name.split("/")[1])):
        lines, reached = rooms[room]
        print(f"| {room} | {lines:,} | {reached:,} | {100 * reached / lines:.1f} % |")
    print(f"| all of sim/ | {total[0]:,} | {total[1]:,} | {100 * total[1] / total[0]:.1f} % |")
    print(f"\nThe lines that are missed: {(BUILD / 'coverage.txt').relative_to(SOURCE)}")
    is_enough = total[1] >= DEMANDED * total[0]
    print(f"{100 * total[1] / total[0]:.1f} % of {total[0]:,} lines reached, {100 * DEMANDED:.0f} % demanded"
          f"{'' if have_passed else '; tests have failed'}")
    sys.exit(0 if is_enough and have_passed else 1)


main()
