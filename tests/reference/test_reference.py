"""The C program and the executable specification agree to the fen, on random scenarios that use every rule.

usage: test_reference.py [FIRST LAST]     with OUTLAY and OUTLAY_SOURCE in the environment

For each seed (FIRST ... LAST - 1) a scenario is run (two draws of two replicates), paths of it are replayed, and
analysis/reference_model.py applies the rules to each ledger once more: every application and every account must be the
same. No chance is left: the seeds are fixed. The biased twins (twins.py): with one rule of the reference broken the same
comparison must fail, for every rule.
"""
import os
import subprocess
import sys
import tempfile

SOURCE, OUTLAY = os.environ["OUTLAY_SOURCE"], os.environ["OUTLAY"]
sys.path[:0] = [os.path.join(SOURCE, "analysis"), os.path.dirname(os.path.abspath(__file__))]
import reference_model as model  # noqa: E402
import twins  # noqa: E402
from scenarios import scenario  # noqa: E402

# Two hundred, and those that found mistakes of a rarer kind: a programme that closes before its money comes, and a run
# beside a waiting list.
SEEDS = (*range(200), 853, 1191, 1274)
PATHS = ((0, 0), (0, 1), (1, 0))  # draw, replicate
MOST_REFUSED = 0.2  # share of the seeds that make no good scenario
PLAIN = """\
outlay: 1
title: Small
currency: EUR
horizon: {start: 2025-01-01}
classes: {firm: {count: {uniform: [10, 20]}}}
programmes:
  aid:
    budget: 20 M
    award: {rate: 50%, cap: 2 M}
    applications: {per_year: 1, contract: {lognormal: {median: 2 M, sigma: 1}}}
"""


def outlay(*arguments):
    return subprocess.run([OUTLAY, *arguments], capture_output=True, text=True)


class Replay:
    """One replicate of a random scenario."""

    def __init__(self, seed, path, result, read, folder):
        self.name = f"seed {seed}, draw {path[0]}, replicate {path[1]}"
        self.ledger = os.path.join(folder, f"{seed}-{path[0]}-{path[1]}.csv")
        text, files, uncertain, recorded = read
        self.scenario, self.recorded = model.Scenario(text, uncertain(path[0]), files), recorded(*path)
        done = outlay("replay", result, "--draw", str(path[0]), "--replicate", str(path[1]), "-o", self.ledger,
                      "--quiet")
        self.failure = done.stderr

    def differences(self, alter=None):
        """What the comparison finds; with `alter` None where the scenario has nothing to alter."""
        rules = model.rules_of(self.scenario)
        if alter is not None and not alter(rules):
            return None
        return list(model.check(self.scenario, self.ledger, self.recorded, rules))


def play(seed, folder):
    """The replays of one scenario; none where it is no good scenario."""
    source, result = os.path.join(folder, f"{seed}.yaml"), os.path.join(folder, f"{seed}.h5")
    with open(source, "w", encoding="utf-8") as file:
        file.write(scenario(seed))
    done = outlay("run", source, "-o", result, "-n", "2", "--draws", "2", "--quiet", "--threads", str(1 + seed % 2))
    if done.returncode == 3:
        return []
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    read = model.read_result(result)
    return [Replay(seed, path, result, read, folder) for path in PATHS]


def misuse(folder):
    """What is wrong when a draw or replicate is asked for that a file of 2 draws of 3 replicates has not."""
    source, result, ledger = (os.path.join(folder, f"misuse{ending}") for ending in (".yaml", ".h5", ".csv"))
    with open(source, "w", encoding="utf-8") as file:
        file.write(PLAIN)
    for arguments in (("run", source, "-o", result, "-n", "3", "--draws", "2"),
                      ("replay", result, "--draw", "1", "--replicate", "2", "-o", ledger)):
        done = outlay(*arguments, "--quiet")
        assert done.returncode == 0, done.stderr
    for draw, replicate, expected in ((1, 2, ""), (0, 3, "no replicate 3: the file has replicates 0 to 2"),
                                      (0, -1, "no replicate -1"), (2, 0, "no draw 2: the file has draws 0 to 1"),
                                      (-1, 0, "no draw -1")):
        done = subprocess.run([sys.executable, model.__file__, result, ledger, "--draw", str(draw), "--replicate",
                               str(replicate)], capture_output=True, text=True)
        if done.returncode != (2 if expected else 0) or expected not in done.stderr or "Traceback" in done.stderr:
            yield f"draw {draw}, replicate {replicate}: exit {done.returncode}, {done.stderr or done.stdout}"


def undetected(replays):
    """The names of the twins that no comparison notices."""
    for name, alter in twins.TWINS.items():
        if not any(replay.differences(alter) for replay in replays):
            yield name
    for name, change in twins.CODE_TWINS.items():
        with twins.altered(*change):
            if not any(replay.differences() for replay in replays):
                yield name


def main():
    seeds = range(*map(int, sys.argv[1:3])) if len(sys.argv) > 2 else SEEDS
    problems, n_refused, replays = 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            played = play(seed, folder)
            n_refused += not played
            for replay in played:
                found = [replay.failure] if replay.failure else replay.differences()
                if found:
                    problems += 1
                    print(f"{replay.name}: {len(found)} differences, the first:")
                    print("\n".join(f"  {line}" for line in found[:4]))
            replays += [replay for replay in played if not replay.failure]
        print(f"{len(seeds)} scenarios, {n_refused} of them no good ones; {len(replays)} replicates, {problems} differ")
        missed = list(undetected(replays)) if len(sys.argv) <= 2 else []
        wrong = list(misuse(folder))
    for name in missed:
        print(f"no comparison notices the twin: {name}")
    print(f"{len(twins.TWINS) + len(twins.CODE_TWINS)} twins, {len(missed)} not noticed")
    for line in wrong:
        print(f"misuse: {line}")
    return 1 if problems or missed or wrong or n_refused > MOST_REFUSED * len(seeds) else 0


if __name__ == "__main__":
    sys.exit(main())
