"""What every_write.py and every_allocation.py share: a preloaded library lets the n-th of something fail, for every n.
Another one (fork_at_main.c) lets one loaded program serve all runs.

Without MEDAL_TEST_ALL a share of the cases is tried, drawn by the commit.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading

SHARE = 6  # cases of each verb
SECONDS = 300  # that a run may take
TRAINING = ["train", "--config", "smoke", "--run", "a", "--ranks", "1", "--steps", "8e3", "--set", "evaluation.tasks=2",
            "--set", "run.report=false", "--set", "run.checkpoint_minutes=0.01", "--set", "network.encoder_size=16",
            "--set", "network.memory_size=16", "--set", "run.evaluate_every=4e3", "--set", "run.evaluate_tasks=1"]


class Server:
    """A program that is loaded once and runs as often as it is asked to (fork_at_main.c)."""

    def __init__(self, program, libraries):
        # As one rank, so that `train` is one process; what the drivers of a GPU keep on the disk does not count.
        environment = dict(os.environ, OMP_NUM_THREADS="1", MEDAL_COMMAND="medal", MEDAL_LOCAL_RANK="1",
                           MESA_SHADER_CACHE_DISABLE="true", LD_PRELOAD=":".join(libraries))
        self.process = subprocess.Popen([program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, start_new_session=True)
        # Without names, so that what goes there counts as little as what goes to a terminal.
        self.out, self.errors = tempfile.TemporaryFile("r+"), tempfile.TemporaryFile("r+")

    def run(self, folder, arguments, variables):
        outputs = [f"/proc/{os.getpid()}/fd/{file.fileno()}" for file in (self.out, self.errors)]
        parts = ([folder, *outputs], [f"{name}={value}" for name, value in variables.items()], arguments)
        self.process.stdin.write("".join("".join(f"{line}\n" for line in part) + "\n" for part in parts))
        self.process.stdin.flush()
        too_long = threading.Timer(SECONDS, os.killpg, (self.process.pid, signal.SIGKILL))
        too_long.start()
        status = self.process.stdout.readline()
        too_long.cancel()
        assert status, f"{arguments} did not end within {SECONDS} s"
        told = [os.pread(file.fileno(), 1 << 20, 0).decode() for file in (self.out, self.errors)]
        return subprocess.CompletedProcess(arguments, os.waitstatus_to_exitcode(int(status)), *told)

    def end(self):
        self.process.communicate()


class Enumeration:
    def __init__(self, program, library, server, source, kinds):
        self.libraries = [library, server]
        self.source, self.kinds = source, kinds
        self.medal = Server(program, self.libraries)
        self.whole = set()  # of the files that were found to be: ending and hash of the content

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.medal.end()

    def run(self, folder, arguments, program=None, **variables):
        return (program or self.medal).run(folder, arguments, variables)

    def run_failing(self, folder, arguments, n, how, program=None, **variables):
        # The n-th of a program that this one starts fails as well.
        return self.run(folder, arguments, program, LD_PRELOAD=self.libraries[0], FAIL_AT=n, FAIL_HOW=how, **variables)

    def count(self, folder, arguments, program=None):
        out = folder / "count"
        done = self.run_failing(folder, arguments, 0, "error", program, FAIL_COUNT=out)
        assert done.returncode == 0, done.stderr
        number = int(out.read_text())
        out.unlink()
        return number

    def parameters(self, folder, what):
        done = self.run(folder, ["info", what])
        assert done.returncode == 0, done.stderr
        return next(line for line in done.stdout.splitlines() if line.startswith("parameters"))

    def check_whole(self, folder):
        """Whatever has its name is whole; a file without one may be left of a killed process alone. What a file of the
        same content was found to be is not asked again."""
        for path in folder.rglob("*"):
            if path.is_dir() or ".tmp" in path.name or path.name.startswith(".") or path.is_symlink():
                continue
            content = (path.suffix, hashlib.sha256(path.read_bytes()).digest())
            if content in self.whole:
                continue
            if path.suffix == ".json":
                json.loads(path.read_text())
            elif path.suffix in (".replay", ".medal"):
                done = self.run(folder, ["verify" if path.suffix == ".replay" else "info", str(path)])
                assert done.returncode == 0, f"{path}: {done.stdout}{done.stderr}"
            elif path.name == "config.toml":
                done = self.run(folder, ["task", "show", "--config", str(path)])
                assert done.returncode == 0, f"{path}: {done.stderr}"
            self.whole.add(content)

    def check_told(self, done, how):
        lines = done.stderr.splitlines()
        if how == "kill":
            assert done.returncode == -9, done
        elif done.returncode != 0:
            assert done.returncode in (1, 2) and lines and not any("internal error" in line for line in lines), done

    def drawn(self, number):
        cases = [(n, how) for n in range(1, number + 1) for how in self.kinds]
        if "MEDAL_TEST_ALL" in os.environ:
            return cases
        commit = subprocess.run(["git", "-C", self.source, "rev-parse", "HEAD"], capture_output=True, text=True).stdout
        return sorted(random.Random(commit).sample(cases, min(len(cases), SHARE)))

    def tell(self, name, number, cases):
        print(f"{name + ':':10} {number} of them, {len(cases)} cases tried", flush=True)

    def try_training(self, scratch):
        whole = scratch / "whole"
        whole.mkdir()
        number = self.count(whole, TRAINING)
        wanted = self.parameters(whole, "a")
        cases = self.drawn(number)
        for n, how in cases:
            folder = scratch / "case"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            done = self.run_failing(folder, TRAINING, n, how)
            try:
                self.check_told(done, how)
                self.check_whole(folder)
                if list(folder.glob("runs/a/checkpoints/*.medal")):
                    resumed = self.run(folder, ["train", "--resume", "--run", "a", "--ranks", "1"])
                    assert resumed.returncode == 0, resumed.stderr
                    same = self.parameters(folder, "a") == wanted
                    assert same or how == "error", "other parameters after it went on"
                    left = list(folder.rglob("*.tmp*"))
                    assert not left, left
            except AssertionError as error:
                raise AssertionError(f"training, number {n} ({how}): {error}") from None
        self.tell("training", number, cases)

    def try_verb(self, scratch, name, arguments, output, program=None):
        """A verb that writes an output of its own: after it, the output is the old one or the new one."""
        folder = scratch / "whole"
        # Where its output is already, as in each case below, a verb makes fewer folders.
        self.count(folder, arguments, program)
        number = self.count(folder, arguments, program)
        target = folder / output
        fresh = {path: path.read_bytes() for path in ([target] if target.is_file() else target.rglob("*"))}
        cases = self.drawn(number)
        for n, how in cases:
            done = self.run_failing(folder, arguments, n, how, program)
            try:
                self.check_told(done, how)
                self.check_whole(folder)
                for path, content in fresh.items():
                    assert path.read_bytes() == content, f"{path} is neither old nor new"
                for left in list(folder.rglob("*.tmp*")):
                    assert how == "kill", left
                    left.unlink()
            except AssertionError as error:
                raise AssertionError(f"{name}, number {n} ({how}): {error}") from None
        self.tell(name, number, cases)

    def try_verbs(self, scratch):
        self.try_training(scratch)
        self.try_verb(scratch, "export", ["export", "a", "out/a"], "out/a")
        self.try_verb(scratch, "task", ["task", "export", "--out", "task.json"], "task.json")
        self.try_verb(scratch, "eval", ["eval", "a", "--json", "scores.json"], "scores.json")
        self.try_verb(scratch, "report", ["report", "a"], "runs/a/report/phases.json")
