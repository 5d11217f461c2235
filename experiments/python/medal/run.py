"""What a training run leaves behind."""

from __future__ import annotations

import json
import os
import pathlib
from typing import TYPE_CHECKING

from ._medal import UserError
from .agent import Agent
from .replay import Replay

if TYPE_CHECKING:
    import pandas


class Run:
    """A run's folder: runs/NAME, as `medal train` writes it."""

    def __init__(self, path: str | os.PathLike):
        self.path = pathlib.Path(os.fspath(path))
        if not (self.path / "metrics.jsonl").is_file():
            raise UserError(f"'{self.path}' is no run's folder: it has no metrics.jsonl; give runs/NAME")

    def metrics(self) -> pandas.DataFrame:
        """A row for each iteration, a column for each metric ("loss/policy"), as a pandas data frame."""
        import pandas

        with open(self.path / "metrics.jsonl", encoding="utf-8") as lines:
            rows = [dict(flatten(json.loads(line))) for line in lines if line.endswith("\n")]
        return pandas.DataFrame(rows)

    def evaluations(self) -> dict[int, dict]:
        """The evaluations after the run, {learner steps: the JSON of `medal eval`}."""
        files = sorted((self.path / "eval").glob("*.json"))
        return {int(file.stem): json.loads(file.read_text()) for file in files}

    def agent(self) -> Agent:
        """The agent of its newest checkpoint."""
        return Agent.load(self.path)

    def replays(self) -> dict[int, Replay]:
        """Its recorded episodes, {learner steps: Replay}."""
        return {int(file.stem): Replay.open(file) for file in sorted((self.path / "replays").glob("*.replay"))}


def flatten(tree, prefix=""):
    """The leaves of nested dicts, with paths for names; lists stay as they are."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{name}/")
        else:
            yield prefix + name, value
