"""Faults: a run that is killed, stopped, out of disk or not alone; result files that are damaged; and going on afterwards.

usage: test_faults.py [--all] [TEST...]   with OUTLAY (the program) and OUTLAY_BUILD (the build tree) in the environment

After each fault the file under the final name is the complete earlier one or none, and what is left beside it is of use or
harms nobody. --all tries many more moments and places; moments are when the program is there, not when the clock says so,
where that can be had.
"""
import os
import random
import resource
import signal
import struct
import subprocess
import sys
import threading
import time
import unittest
import zlib

import program
from program import OUTLAY, SMALL, outlay

ALL = "--all" in sys.argv
with open(os.path.join(os.environ["OUTLAY_BUILD"], "CMakeCache.txt"), encoding="utf-8") as cache:
    SLOW = "OUTLAY_SANITIZE:STRING=\n" not in cache.read()  # sanitizers watch
THREADS = ("1", "2", "8")

# each draw is a different programme, and batches are of many draws
DRAWS = SMALL.replace("count: 100", "count: {triangular: [60, 100, 120]}").replace(
    "median: 2 M", "median: {triangular: [1 M, 2 M, 3 M]}")


class Case(program.Case):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(self.id())
        self.draws = self.write("draws.yaml", DRAWS)

    def left(self, name="a.h5"):
        """What stands beside the result, and the result."""
        return sorted(other for other in os.listdir(self.folder.name) if other.startswith(name))

    def whole(self, *arguments):
        """The bytes of a run that nobody disturbed."""
        self.run_ok("run", *arguments, "-o", self.path("whole.h5"), "--quiet")
        whole = self.bytes_of("whole.h5")
        os.remove(self.path("whole.h5"))
        return whole

    def start(self, *arguments, output="a.h5"):
        process = subprocess.Popen([OUTLAY, "run", *arguments, "-o", self.path(output)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: process.poll() is not None or process.kill())
        return process

    def wait_for(self, process, has_come):
        deadline = time.monotonic() + 300
        while process.poll() is None and not has_come():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.002)

    def size_of(self, name):
        try:
            return os.stat(self.path(name)).st_size
        except FileNotFoundError:
            return 0

    def number_of(self, name):
        """Which file it is that stands under that name."""
        return os.stat(self.path(name)).st_ino if os.path.exists(self.path(name)) else 0

    def wait_for_checkpoint(self, process):
        self.wait_for(process, lambda: self.size_of("a.h5.partial.state") > 0
                      and self.bytes_of("a.h5.partial.state")[:6] == b"outlay")

    def stopped(self, *arguments, grown=1, output="a.h5", by=signal.SIGINT):
        """A run that was stopped when its partial file had so many bytes; its exit status and what it said."""
        before = self.number_of(output + ".partial")
        process = self.start(*arguments, output=output)
        self.wait_for(process, lambda: self.number_of(output + ".partial") != before
                      and self.size_of(output + ".partial") >= grown)
        process.send_signal(by)
        _, err = process.communicate(timeout=300)
        return process.returncode, err

    def interrupted(self, *arguments, grown=1 << 20):
        """The same, of a run that surely was: on a busy machine a signal may come too late."""
        for _ in range(10):
            status, err = self.stopped(*arguments, grown=grown)
            if status != 0:
                break
            os.remove(self.path("a.h5"))
        self.assertEqual(status, 130, err)
        self.assertEqual(self.left(), ["a.h5.partial", "a.h5.partial.state"])
        self.assertIn("to go on after ", err)


class Resume(Case):
    """The bytes are those of a run that was never interrupted, whatever interrupted it how often on how many threads."""

    def assert_same_bytes(self, arguments, n_stops, sizes=(1 << 19, 1 << 21)):
        whole = self.whole(*arguments)
        self.interrupted(*arguments, "--threads", THREADS[0], "--quiet")
        for i in range(1, n_stops):
            status, err = self.stopped(*arguments, "--resume", "--threads", THREADS[i % 3], "--quiet",
                                       grown=self.chance.randrange(*sizes),
                                       by=self.chance.choice([signal.SIGINT, signal.SIGTERM]))
            if status == 0:
                break  # it was faster
            self.assertEqual(status, 130, err)
            self.assertEqual(self.left(), ["a.h5.partial", "a.h5.partial.state"])
            self.run_ok("show", self.path("a.h5.partial"))
        self.run_ok("run", *arguments, "--resume", "-o", self.path("a.h5"), "--quiet", "--threads",
                    THREADS[n_stops % 3])
        self.assertEqual(self.left(), ["a.h5"])
        self.assertTrue(self.bytes_of("a.h5") == whole)

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_one_draw(self):
        self.assert_same_bytes((self.small, "-n", "1000000" if ALL else "60000"), 9 if ALL else 2)

    def test_several_draws(self):
        self.assert_same_bytes((self.draws, "--draws", "6000" if ALL else "2500", "-n", "8"), 2)

    def test_draws_that_lie_evenly(self):
        self.assert_same_bytes((self.draws, "--draws", "40000" if ALL else "8000", "-n", "2", "--set",
                                "simulation.design=sobol"), 2)

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_until_a_precision_is_reached(self):
        self.assert_same_bytes((self.draws, "--draws", "100000", "-n", "2", "--precision", "demand.mean=600 k"), 2)

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_draws_of_many_batches_each(self):
        self.assert_same_bytes((self.draws, "--draws", "2", "-n", "30000"), 2)

    def begun(self, *arguments):
        """A run with something to go on from: what it would write, and how large its partial file is."""
        whole = self.whole(*arguments)
        self.interrupted(*arguments)
        return whole, self.size_of("a.h5.partial")

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_after_kill(self):
        """Wherever it is: while the first batches are written again, and while the next ones are played."""
        arguments = (self.small, "-n", "60000", "--threads", "2")
        whole, _ = self.begun(*arguments)
        for i in range(60 if ALL else 2):
            before = self.number_of("a.h5.partial")
            process = self.start(*arguments, "--resume", "--quiet")
            self.wait_for(process, lambda: self.number_of("a.h5.partial") != before)
            grown = self.chance.randrange(1, len(whole)) if i % 2 else 1
            self.wait_for(process, lambda: self.size_of("a.h5.partial") >= grown)
            process.kill()
            process.communicate()
            if process.returncode == 0:
                break
            self.assertIn(self.left(), (["a.h5.partial", "a.h5.partial.state"],
                                        ["a.h5.partial", "a.h5.partial.old", "a.h5.partial.state"]))
        done = self.run_ok("run", *arguments, "--resume", "-o", self.path("a.h5"))
        self.assertTrue("goes on after " in done.stderr or "complete since before" in done.stdout)
        self.assertTrue(self.bytes_of("a.h5") == whole)
        os.path.exists(self.path("a.h5.partial.state")) or self.assertEqual(self.left(), ["a.h5"])

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_after_a_full_disk(self):
        arguments = (self.small, "-n", "60000", "--threads", "1")
        whole, size = self.begun(*arguments)
        for full in (size // 2, size + 200_000):  # nothing is lost by trying
            done = outlay("run", *arguments, "--resume", "-o", self.path("a.h5"), preexec_fn=limit(full))
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("File too large", done.stderr)
            self.assertIn("to go on after ", done.stderr)
        done = self.run_ok("run", *arguments, "--resume", "-o", self.path("a.h5"))
        self.assertIn("goes on after ", done.stderr)
        self.assertEqual(self.left(), ["a.h5"])
        self.assertTrue(self.bytes_of("a.h5") == whole)

    @unittest.skipUnless(ALL, "takes a minute")
    def test_checkpoints_come_by_themselves(self):
        """Every two seconds; what lies behind the last one is played again."""
        arguments = (self.small, "-n", "2000000", "--threads", "1")
        whole = self.whole(*arguments)
        for _ in range(3):
            process = self.start(*arguments, "--quiet")
            self.wait_for_checkpoint(process)
            time.sleep(3 * self.chance.random())
            process.kill()
            process.communicate()
            self.assertEqual(process.returncode, -signal.SIGKILL)
            self.assertEqual(self.left(), ["a.h5.partial", "a.h5.partial.state"])
            done = self.run_ok("run", *arguments, "--resume", "-o", self.path("a.h5"))
            self.assertIn("goes on after ", done.stderr)
            self.assertEqual(self.left(), ["a.h5"])
            self.assertTrue(self.bytes_of("a.h5") == whole)
            os.remove(self.path("a.h5"))

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_several_scenarios_of_which_some_are_complete(self):
        names = [self.write(f"{name}.yaml", SMALL.replace("title: Small", f"title: {name}")
                            + f"simulation: {{replicates: {n}}}\n") for name, n in zip("pqr", (500, 150000, 500))]
        self.run_ok("run", *names, "-o", self.path("whole"), "--quiet")
        process = subprocess.Popen([OUTLAY, "run", *names, "-o", self.path("out"), "--quiet"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.wait_for(process, lambda: self.size_of("out/q.h5.partial") > 1 << 20)
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=300)[1]
        self.assertEqual(process.returncode, 130, err)
        self.assertTrue(os.path.exists(self.path("out/p.h5")))
        done = self.run_ok("run", *names, "--resume", "-o", self.path("out"))
        self.assertIn(f"complete since before: {self.path('out')}/p.h5", done.stdout)
        self.assertIn("q.yaml: goes on after ", done.stderr)
        self.assertIn("r.yaml: nothing is kept of an earlier run", done.stderr)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["p.h5", "q.h5", "r.h5"])
        for name in "pqr":
            self.assertTrue(self.bytes_of(f"out/{name}.h5") == self.bytes_of(f"whole/{name}.h5"), name)

    def test_nothing_to_go_on_from(self):
        done = self.run_ok("run", self.small, "-n", "20", "--resume", "-o", self.path("a.h5"))
        self.assertIn("nothing is kept of an earlier run: begins at the first replicate", done.stderr)
        whole = self.bytes_of("a.h5")
        done = self.run_ok("run", self.small, "-n", "20", "--resume", "-o", self.path("a.h5"))
        self.assertIn("complete since before: ", done.stdout)
        self.assertTrue(self.bytes_of("a.h5") == whole)
        done = outlay("run", self.small, "-n", "21", "--resume", "-o", self.path("a.h5"))  # that is another run
        self.assertEqual(done.returncode, 1)
        self.assertIn("--force replaces it", done.stderr)
        self.assertTrue(self.bytes_of("a.h5") == whole)

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_another_run_is_refused(self):
        arguments = ("-n", "60000", "--quiet", "-o", self.path("a.h5"))
        self.interrupted(self.small, *arguments[:3])
        before = [self.bytes_of(name) for name in self.left()]
        os.mkdir(self.path("other"))
        other = self.write("other/small.yaml", SMALL.replace("budget: 100 M", "budget: 99 M"))
        comment = self.write("other/comment.yaml", SMALL + "# a remark\n")
        for changed, told in (
            ((self.small, *arguments, "--seed", "2"), "the seed is not what it was when the run began"),
            ((self.small, *arguments[2:], "-n", "60001"), "the number of draws or replicates is not what it was"),
            ((self.small, *arguments, "--stamp"), "--stamp is not what it was"),
            ((other, *arguments), "the scenario is not what it was"),
            ((comment, *arguments), "is not what it was"),
        ):
            done = outlay("run", *changed, "--resume")
            self.assertEqual(done.returncode, 1, changed)
            self.assertIn(told, done.stderr)
            self.assertEqual([self.bytes_of(name) for name in self.left()], before)
        done = outlay("run", other, *arguments)  # what is kept is not thrown away without a word
        self.assertEqual(done.returncode, 1)
        self.assertIn("an interrupted run is kept here", done.stderr)
        self.run_ok("run", other, "-n", "20", "-o", self.path("other/b.h5"))
        for other_file in (("show", self.path("other/b.h5"), "--csv=summary"),
                           ("replay", self.path("other/b.h5"), "--replicate", "1")):
            done = outlay(*other_file, "-o", self.path("a.h5"))  # nor for what is no run
            self.assertEqual(done.returncode, 1)
            self.assertIn("an interrupted run is kept here", done.stderr)
        self.assertEqual([self.bytes_of(name) for name in self.left()], before)
        self.run_ok("run", other, *arguments, "--force")
        self.assertEqual(self.left(), ["a.h5"])

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_damage_is_told_and_nothing_is_lost(self):
        arguments = (self.small, "-n", "60000", "--quiet")
        whole = self.whole(*arguments)
        self.interrupted(*arguments)
        kept = {name: self.bytes_of(name) for name in self.left()}
        refused = 0
        for i in range(200 if ALL else 8):
            name = self.chance.choice(sorted(kept))
            damaged = bytearray(kept[name])
            damaged[self.chance.randrange(len(damaged))] ^= 1 << self.chance.randrange(8)
            if i % 5 == 0:
                del damaged[self.chance.randrange(len(damaged)):]
            with open(self.path(name), "wb") as file:
                file.write(damaged)
            done = outlay("run", *arguments, "--resume", "-o", self.path("a.h5"))
            self.assertIn(done.returncode, (0, 1), done.stderr)
            if done.returncode == 0:
                self.assertTrue(self.bytes_of("a.h5") == whole)
            else:
                refused += 1
                self.assertIn("the run cannot go on: ", done.stderr)
                self.assertIn("--force instead of --resume begins anew", done.stderr)
                self.assertNotIn("to go on after", done.stderr)
                self.assertFalse(os.path.exists(self.path("a.h5")))
            for left in self.left():
                os.remove(self.path(left))
            for name, content in kept.items():
                with open(self.path(name), "wb") as file:
                    file.write(content)
        self.assertGreater(refused, 0)

    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_a_forged_batch_is_refused(self):
        """One of a draw or replicate that the run does not have, in a journal whose CRCs are right."""
        arguments = (self.small, "-n", "60000", "--quiet")
        self.interrupted(*arguments)
        true = self.bytes_of("a.h5.partial.state")
        _, n_identity, n_state = struct.unpack_from("3Q", true)
        slots = [24 + n_identity + i * (32 + n_state) for i in range(2)]
        log = slots[1] + 32 + n_state
        for field, value in enumerate((1, 2, 60001, 60001)):  # first draw, draws, first replicate, replicates
            forged = bytearray(true)
            struct.pack_into("I", forged, log + 4 * field, value)
            for slot in slots:
                number, n_log, n_paths, _, _ = struct.unpack_from("QQdII", forged, slot)
                head = struct.pack("QQdII", number, n_log, n_paths, zlib.crc32(forged[log:log + n_log]), 0)
                crc = zlib.crc32(forged[slot + 32:slot + 32 + n_state], zlib.crc32(head))
                forged[slot:slot + 32] = head[:28] + struct.pack("I", crc)
            with open(self.path("a.h5.partial.state"), "wb") as file:
                file.write(forged)
            done = outlay("run", *arguments, "--resume", "-o", self.path("a.h5"))
            self.assertEqual(done.returncode, 1)
            self.assertIn("a batch lies outside the run", done.stderr)
        with open(self.path("a.h5.partial.state"), "wb") as file:
            file.write(true)
        for name in set(self.left()) - {"a.h5.partial.state"}:  # which alone keeps nobody from beginning anew
            os.remove(self.path(name))
        self.run_ok("run", *arguments, "-o", self.path("a.h5"))
        self.assertEqual(self.left(), ["a.h5"])


def limit(n_bytes):
    """As if the disk were full after so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))


class Killed(Case):
    @unittest.skipIf(SLOW, "takes too long with sanitizers")
    def test_at_any_moment(self):
        """The file under the final name is the earlier one, to the byte, or the whole new one; and a run works again."""
        earlier = self.whole(self.small, "-n", "30")
        arguments = (self.small, "-n", "40000", "--threads", "2", "--force")
        later = self.whole(*arguments)
        with open(self.path("a.h5"), "wb") as file:
            file.write(earlier)
        seen = set()
        for i in range(150 if ALL else 6):
            process = self.start(*arguments, "--quiet")
            if i % 2:
                grown = self.chance.randrange(1, len(later))
                self.wait_for(process, lambda: self.size_of("a.h5.partial") >= grown)
            else:
                time.sleep(self.chance.random())
            process.kill()
            process.communicate()
            now = self.bytes_of("a.h5")
            self.assertIn(now, (earlier, later) if process.returncode == 0 or now == later else (earlier,))
            seen.add(process.returncode)
            if os.path.exists(self.path("a.h5.partial")):
                done = outlay("show", self.path("a.h5.partial"))
                if self.bytes_of("a.h5.partial") == later:  # all there, but for its name
                    self.assertEqual(done.returncode, 0, done.stderr)
                else:
                    self.assertEqual(done.returncode, 1, done.stdout)
                    self.assertIn("error: ", done.stderr)
            with open(self.path("a.h5"), "wb") as file:
                file.write(earlier)
        self.assertIn(-signal.SIGKILL, seen)
        done = outlay("run", *arguments[:-1], "-o", self.path("a.h5"))
        self.assertEqual((done.returncode, self.bytes_of("a.h5")), (1, earlier))
        self.run_ok("run", *arguments, "-o", self.path("a.h5"))
        self.assertTrue(self.bytes_of("a.h5") == later)
        self.assertEqual(self.left(), ["a.h5"])


class Disk(Case):
    def test_full_at_any_size(self):
        earlier = self.whole(self.small, "-n", "30")
        with open(self.path("a.h5"), "wb") as file:
            file.write(earlier)
        arguments = ("run", self.small, "-n", "3000", "--force", "--quiet", "-o", self.path("a.h5"))
        whole = self.whole(*arguments[1:4])
        sizes = {0, 1, 511, 4096, len(whole) // 2, len(whole) - 1000, len(whole) - 1}
        sizes |= {self.chance.randrange(len(whole)) for _ in range(100 if ALL else 4)}
        for size in sizes:
            done = outlay(*arguments, preexec_fn=limit(size))
            self.assertEqual(done.returncode, 1, size)
            self.assertIn("a.h5: error: the file cannot be written: File too large", done.stderr)
            self.assertEqual((self.left(), self.bytes_of("a.h5")), (["a.h5"], earlier), size)
        self.run_ok(*arguments)
        self.assertTrue(self.bytes_of("a.h5") == whole)

    def test_small_file_system(self):
        os.mkdir(self.path("disk"))
        mount = f"mount -t tmpfs -o size=300k tmpfs {self.path('disk')}"
        if subprocess.run(["unshare", "-m", "sh", "-c", mount], capture_output=True).returncode != 0:
            self.skipTest("no file system may be mounted here")
        done = subprocess.run(["unshare", "-m", "sh", "-c", f"{mount} && {OUTLAY} run {self.small} -n 3000 -o "
                               f"{self.path('disk')}/a.h5; status=$?; ls {self.path('disk')}; exit $status"],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("the file cannot be written: No space left on device", done.stderr)

    def test_folders_that_take_no_file(self):
        os.mkdir(self.path("closed"), 0o555)
        os.chmod(self.folder.name, 0o755)
        nobody = (lambda: os.setuid(65534)) if os.getuid() == 0 else None  # root may write anywhere
        for output, told in ((self.path("closed/a.h5"), "Permission denied"), ("/proc/none/a.h5", "No such file"),
                             (self.small + "/a.h5", "Not a directory")):
            done = outlay("run", self.small, "-n", "20", "-o", output, preexec_fn=nobody)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(told, done.stderr)
            self.assertIn("cannot be written", done.stderr)

    def test_names_that_are_no_plain_files(self):
        os.mkdir(self.path("folder.h5"))
        done = outlay("exact", self.small, "-o", self.path("folder.h5"))  # a folder is where results go
        self.assertEqual((done.returncode, os.listdir(self.path("folder.h5"))), (0, ["small-exact.h5"]), done.stderr)
        os.symlink("nowhere", self.path("a.h5"))
        self.run_ok("run", self.small, "-n", "20", "-o", self.path("a.h5"))
        self.assertFalse(os.path.islink(self.path("a.h5")))
        self.assertFalse(os.path.exists(self.path("nowhere")))
        self.run_ok("run", self.small, "-n", "20", "-o", self.path("new/er/b.h5"))  # missing folders are made
        done = outlay("run", self.small, "-n", "20", "-o", "/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn("this is not a plain file", done.stderr)


class Two(Case):
    def test_at_once(self):
        """The second is refused and names the first, which nothing happens to."""
        arguments = (self.small, "-n", "40000", "--quiet")
        whole = self.whole(*arguments)
        first = self.start(*arguments)
        self.wait_for(first, lambda: self.size_of("a.h5.partial") > 0)
        for more in ((), ("--force",), ("--resume",)):
            second = outlay("run", *arguments, *more, "-o", self.path("a.h5"))
            if first.poll() is None:
                self.assertEqual(second.returncode, 1)
                self.assertIn(f"another run, process {first.pid}, is writing this file", second.stderr)
        self.assertEqual(first.wait(timeout=300), 0)
        first.communicate()
        self.assertTrue(self.bytes_of("a.h5") == whole)
        self.assertEqual(self.left(), ["a.h5"])

    def test_many_at_once(self):
        """Runs that end while others begin: whoever comes last, the file is whole."""
        arguments = (self.small, "-n", "50", "--quiet", "--force", "--threads", "1")
        whole = self.whole(*arguments)
        statuses = []

        def play():
            for _ in range(40 if ALL else 6):
                statuses.append(outlay("run", *arguments, "-o", self.path("a.h5")).returncode)

        players = [threading.Thread(target=play) for _ in range(3)]
        for player in players:
            player.start()
        for player in players:
            player.join()
        self.assertLessEqual(set(statuses), {0, 1})
        self.assertIn(0, statuses)
        self.assertTrue(self.bytes_of("a.h5") == whole)
        self.assertEqual(self.left(), ["a.h5"])


class Damage(Case):
    """Flipped bits and cut files: what is printed is right, or it is an error."""

    def assert_right_or_refused(self, commands, path, whole, n):
        right = [outlay(*command).stdout for command in commands]
        n_refused = [0] * len(commands)
        for i in range(n):
            damaged = bytearray(whole)
            # every third bit lies in the first 64 kB, where HDF5 keeps most of its own
            at = self.chance.randrange(min(len(whole), 1 << 16) if i % 3 == 0 else len(whole))
            if i % 7 == 0:
                del damaged[at:]
            else:
                damaged[at] ^= 1 << self.chance.randrange(8)
            with open(path, "wb") as file:
                file.write(damaged)
            for k, command in enumerate(commands):
                done = outlay(*command)
                if done.returncode == 0:
                    self.assertEqual(done.stdout, right[k], f"{command} with bit at {at}")
                else:
                    self.assertEqual(done.returncode, 1, f"{command} with bit at {at}: {done.stderr}")
                    self.assertIn("error: ", done.stderr)
                    n_refused[k] += 1
        self.assertGreater(min(n_refused), n // 20)

    def test_result_of_a_run(self):
        path = self.path("a.h5")
        self.run_ok("run", self.small, "-n", "8", "-o", path, "--quiet")
        commands = (("show", path), ("replay", path, "--replicate", "1"))
        self.assert_right_or_refused(commands, path, self.bytes_of("a.h5"), 2000 if ALL else 40)

    def test_exact_answer(self):
        path = self.path("a.h5")
        self.run_ok("exact", self.small, "-o", path, "--quiet")
        self.assert_right_or_refused((("show", path),), path, self.bytes_of("a.h5"), 2000 if ALL else 20)


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--all"])
