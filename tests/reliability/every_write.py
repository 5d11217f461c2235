"""Every write of the program, enumerated: the n-th fails, is cut short, or is where the process is killed. After each,
whatever is on the disk is whole and loads, one line says what failed, and a run goes on to the very same end.

    every_write.py MEDAL SHIM.so SOURCE [--all]

Without --all a share of the cases is tried, drawn by the commit.
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

MEDAL, SHIM, SOURCE = sys.argv[1:4]
ALL = "--all" in sys.argv or "MEDAL_TEST_ALL" in os.environ
SHARE = 6  # cases of each kind and verb
TRAINING = ["train", "--config", "smoke", "--run", "a", "--ranks", "1", "--steps", "24e3", "--set", "evaluation.tasks=2",
            "--set", "run.report=false", "--set", "run.checkpoint_minutes=0.01", "--set", "network.encoder_size=16",
            "--set", "network.memory_size=16", "--set", "run.evaluate_every=8e3", "--set", "run.evaluate_tasks=1"]


def run(folder, arguments, **variables):
    # As one rank, so that `train` is one process.
    environment = dict(os.environ, OMP_NUM_THREADS="1", MEDAL_COMMAND="medal", MEDAL_LOCAL_RANK="1", **variables)
    return subprocess.run([MEDAL, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def count(folder, arguments):
    out = folder / "count"
    done = run(folder, arguments, LD_PRELOAD=SHIM, FAIL_AT="0", FAIL_HOW="error", FAIL_COUNT=str(out))
    assert done.returncode == 0, done.stderr
    number = int(out.read_text())
    out.unlink()
    return number


def parameters(folder, what):
    done = run(folder, ["info", what])
    assert done.returncode == 0, done.stderr
    return next(line for line in done.stdout.splitlines() if line.startswith("parameters"))


def check_whole(folder):
    """Whatever has its name is whole; a file without one may be left of a killed process alone."""
    for path in folder.rglob("*"):
        if path.is_dir() or ".tmp" in path.name or path.is_symlink():
            continue
        if path.suffix == ".json":
            json.loads(path.read_text())
        elif path.suffix in (".replay", ".medal"):
            done = run(folder, ["verify" if path.suffix == ".replay" else "info", str(path)])
            assert done.returncode == 0, f"{path}: {done.stdout}{done.stderr}"
        elif path.name == "config.toml":
            done = run(folder, ["task", "show", "--config", str(path)])
            assert done.returncode == 0, f"{path}: {done.stderr}"


def check_told(done, how):
    lines = done.stderr.splitlines()
    if how == "kill":
        assert done.returncode == -9, done
    elif done.returncode != 0:
        assert done.returncode in (1, 2) and lines and all("internal error" not in line for line in lines), done


def drawn(cases):
    if ALL:
        return cases
    commit = subprocess.run(["git", "-C", SOURCE, "rev-parse", "HEAD"], capture_output=True, text=True).stdout
    return sorted(random.Random(commit).sample(cases, min(len(cases), SHARE)))


def try_training(scratch):
    whole = scratch / "whole"
    whole.mkdir()
    number = count(whole, TRAINING)
    wanted = parameters(whole, "a")
    cases = drawn([(n, how) for n in range(1, number + 1) for how in ("error", "short", "kill")])
    for n, how in cases:
        folder = scratch / "case"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        done = run(folder, TRAINING, LD_PRELOAD=SHIM, FAIL_AT=str(n), FAIL_HOW=how)
        try:
            check_told(done, how)
            check_whole(folder)
            saved = list(folder.glob("runs/a/checkpoints/*.medal"))
            if saved:
                resumed = run(folder, ["train", "--resume", "--run", "a", "--ranks", "1"])
                assert resumed.returncode == 0, resumed.stderr
                assert parameters(folder, "a") == wanted or how == "error", "other parameters after it went on"
                left = [path for path in folder.rglob("*.tmp*")]
                assert not left, left
        except AssertionError as error:
            raise AssertionError(f"training, write {n} ({how}): {error}") from None
    return number, len(cases)


def try_verb(scratch, name, arguments, output):
    """A verb that writes an output of its own: after it, the output is the old one or the new one."""
    folder = scratch / "whole"
    # Where its output is already, as in each case below, a verb makes fewer folders.
    count(folder, arguments)
    number = count(folder, arguments)
    target = folder / output
    fresh = {path: path.read_bytes() for path in ([target] if target.is_file() else target.rglob("*"))}
    cases = drawn([(n, how) for n in range(1, number + 1) for how in ("error", "short", "kill")])
    for n, how in cases:
        done = run(folder, arguments, LD_PRELOAD=SHIM, FAIL_AT=str(n), FAIL_HOW=how)
        try:
            check_told(done, how)
            check_whole(folder)
            for path, content in fresh.items():
                assert path.read_bytes() == content, f"{path} is neither old nor new"
            for left in [path for path in folder.rglob("*.tmp*")]:
                assert how == "kill", left
                left.unlink()
        except AssertionError as error:
            raise AssertionError(f"{name}, write {n} ({how}): {error}") from None
    return number, len(cases)


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        print("training: %d writes, %d cases tried" % try_training(scratch))
        print("export:   %d writes, %d cases tried" % try_verb(scratch, "export", ["export", "a", "out/a"], "out/a"))
        print("task:     %d writes, %d cases tried" %
              try_verb(scratch, "task export", ["task", "export", "--out", "task.json"], "task.json"))
        print("eval:     %d writes, %d cases tried" %
              try_verb(scratch, "eval", ["eval", "a", "--json", "scores.json"], "scores.json"))
        print("report:   %d writes, %d cases tried" % try_verb(scratch, "report", ["report", "a"], "runs/a/report/phases.json"))


if __name__ == "__main__":
    main()
