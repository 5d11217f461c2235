"""What a training run leaves behind."""

import json
import os
import pathlib

from ._medal import UserError
from .agent import Agent
from .replay import Replay


class Run:
    """A run's folder: runs/NAME, as `medal train` writes it."""

    def __init__(self, path):
        self.path = pathlib.Path(os.fspath(path))
        if not (self.path / "metrics.jsonl").is_file():
            raise UserError(f"'{self.path}' is no run's folder: it has no metrics.jsonl; give runs/NAME")

    def metrics(self):
        """A row for each iteration, a column for each metric ("loss/policy"), as a pandas data frame."""
        import pandas

        with open(self.path / "metrics.jsonl", encoding="utf-8") as lines:
            rows = [dict(flatten(json.loads(line))) for line in lines if line.endswith("\n")]
        return pandas.DataFrame(rows)

    def evaluations(self):
        """The evaluations after the run, {learner steps: the JSON of `medal eval`}."""
        files = sorted((self.path / "eval").glob("*.json"))
        return {int(file.stem): json.loads(file.read_text()) for file in files}

    def agent(self):
        """The agent of its newest checkpoint."""
        return Agent.load(self.path)

    def replays(self):
        """Its recorded episodes, {learner steps: Replay}."""
        return {int(file.stem): Replay.open(file) for file in sorted((self.path / "replays").glob("*.replay"))}


def flatten(tree, prefix=""):
    """The leaves of nested dicts, with paths for names; lists stay as they are."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{name}/")
        else:
            yield prefix + name, value
