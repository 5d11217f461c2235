"""How well an agent learns from an expert."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from . import _medal
from ._medal import UserError
from .agent import Agent
from .config import config_name, to_overrides


if TYPE_CHECKING:
    import pandas

TASK_COLUMNS = {"seed": np.uint64, "goals": int, "full": float, "half": float, "solo": float, "expert": float}


class Interval(NamedTuple):
    """A mean and its 95 % bootstrap interval over tasks."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ({self.low:.3f} .. {self.high:.3f})"


class Evaluation(NamedTuple):
    """What `medal eval` tells."""

    ct: Interval
    """Cultural transmission: 0.75 for a perfect follower without memory, 1 for perfect recall."""
    full: Interval
    """Score where the expert is seen always; half: until it leaves; solo: never; expert: its own. At penalty 1."""
    half: Interval
    solo: Interval
    expert: Interval
    full_share: Interval
    """full / expert, of the means."""
    half_share: Interval
    rejected: int
    """Tasks without a layout, or whose expert scored too little."""
    tasks: dict[str, np.ndarray]
    """Of each task: seed, goals, full, half, solo, expert."""

    def frame(self) -> pandas.DataFrame:
        """The tasks as a pandas data frame."""
        import pandas

        return pandas.DataFrame(self.tasks)


def evaluate(policy, tasks: int | None = None, seed: int | None = None, *, config: str | os.PathLike = "quick",
             overrides: dict | None = None) -> Evaluation:
    """Plays held-out tasks with learners that see the expert always, until half-time and never.

    policy: a medal.Agent, evaluated as its own config says; or a function of (observations float32 [N, O], starts bool
    [N]) that returns actions [N, 5], bins or values: starts is true where an episode begins, and config says which
    world. tasks: how many; seed: shifts them; overrides: {"section.key": value} over the config.
    """
    options = {} if tasks is None else {"evaluation.tasks": tasks}
    options |= {} if seed is None else {"evaluation.seed": seed}
    text = to_overrides((overrides or {}) | options)
    if isinstance(policy, Agent):
        result = _medal.evaluate_agent(policy._native, text)
    elif callable(policy):
        result = _medal.evaluate_callable(policy, config_name(config), text)
    else:
        raise UserError(f"evaluate takes an Agent or a function of observations and starts, not {policy!r}")
    return _read(json.loads(result))


def _read(result):
    scores = {name: Interval(**result["score"][name]) for name in ("full", "half", "solo", "expert")}
    # A seed is a text there: numbers of JSON have 53 bits.
    rows = [row | {"seed": int(row["seed"])} for row in result["task_scores"]]
    return Evaluation(ct=Interval(**result["ct"]), **scores, full_share=Interval(**result["share"]["full"]),
                      half_share=Interval(**result["share"]["half"]), rejected=result["rejected"],
                      tasks={name: np.array([row[name] for row in rows], TASK_COLUMNS[name]) for name in TASK_COLUMNS})
