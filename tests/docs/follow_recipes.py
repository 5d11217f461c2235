"""Follows the recipes of docs/extending.md in a scratch copy of the project: adds their files and lines, builds the medal program,
and runs their commands. A recipe is prose with fenced blocks, each of which follows a line that says what it is:

    New file `agents/heads/NAME_head.cpp`:
    In `agents/heads/heads.cpp`, before `HEAD(order)`:
    Instead of `old text` in `sim/task/task_parameters.h`:
    Then:                  (commands; what follows "# prints " must be among what the command before it says)

Usage: follow_recipes.py SOURCE_FOLDER SCRATCH_FOLDER
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"^(?P<saying>[^\n]*):\n+```(?P<language>\w*)\n(?P<text>.*?)^```", re.M | re.S)
NEW_FILE = re.compile(r"New file `(?P<file>[^`]+)`$")
LINES = re.compile(r"In `(?P<file>[^`]+)`, (?P<where>before|after) `(?P<mark>[^`]+)`$")
EXCHANGE = re.compile(r"Instead of `(?P<mark>[^`]+)` in `(?P<file>[^`]+)`$")


def copy_project(source, scratch):
    """All but what is built, run or of git; files that did not change keep their times, so that little is built again."""
    def skipped(folder, names):
        return [n for n in names if n == "__pycache__" or Path(folder) == source and (n.startswith("build") or n in ("runs", ".git"))]

    kept = scratch.with_suffix(".build")
    if (scratch / "build").exists():
        shutil.move(scratch / "build", kept)
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(source, scratch, ignore=skipped)
    if kept.exists():
        shutil.move(kept, scratch / "build")


def add_lines(scratch, name, mark, text, where):
    file = scratch / name
    lines = file.read_text().splitlines(keepends=True)
    places = [i for i, line in enumerate(lines) if mark in line]
    if not places:
        raise SystemExit(f"docs/extending.md: {name} has no line with '{mark}'")
    at = places[0] + (where == "after")
    file.write_text("".join(lines[:at]) + text + "".join(lines[at:]))


def exchange(scratch, name, mark, text):
    file = scratch / name
    content = file.read_text()
    if mark not in content:
        raise SystemExit(f"docs/extending.md: {name} has no '{mark}'")
    file.write_text(content.replace(mark, text.rstrip("\n"), 1))


def apply(scratch, saying, text):
    """Whether the block was a change."""
    if found := NEW_FILE.search(saying):
        file = scratch / found["file"]
        if file.exists():
            raise SystemExit(f"docs/extending.md: {found['file']} is there already")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    elif found := LINES.search(saying):
        add_lines(scratch, found["file"], found["mark"], text, found["where"])
    elif found := EXCHANGE.search(saying):
        exchange(scratch, found["file"], found["mark"], text)
    else:
        return False
    return True


def build(scratch):
    folder = scratch / "build" / "release"
    if not (folder / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "release"], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(["cmake", "--build", str(folder), "--target", "experiments/medal"], capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout[-6000:], done.stderr)
        raise SystemExit("docs/extending.md: the recipes do not build")
    return folder / "experiments"


def run_commands(commands, programs, work):
    """Each command's lines that begin with "# prints " must be among its output."""
    environment = dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}", OMP_NUM_THREADS="1")
    said = ""
    for line in commands.replace("\\\n", "").splitlines():
        if line.startswith("# prints "):
            wanted = line[len("# prints "):]
            if wanted not in said:
                raise SystemExit(f"docs/extending.md: '{wanted}' is not among what was printed:\n{said}")
        elif line.strip():
            done = subprocess.run(["bash", "-c", line], cwd=work, env=environment, capture_output=True, text=True)
            said = done.stdout + done.stderr
            if done.returncode != 0:
                raise SystemExit(f"docs/extending.md: '{line}' failed:\n{said}")
            print(f"  {line}")


def main():
    source, scratch = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    page = (source / "docs" / "extending.md").read_text()
    copy_project(source, scratch)
    commands = []
    for block in BLOCK.finditer(page):
        if block["saying"].strip() == "Then":
            commands.append(block["text"])
        elif not apply(scratch, block["saying"], block["text"]):
            raise SystemExit(f"docs/extending.md: what is the block after '{block['saying']}'?")
    programs = build(scratch)
    work = scratch / "build" / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for text in commands:
        run_commands(text, programs, work)
    print(f"followed {len(commands)} recipes")


main()
