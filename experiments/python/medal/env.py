"""One learner in one world, in the shape of gymnasium.Env."""

from __future__ import annotations

import os

import numpy as np

from . import _medal
from ._medal import Task, UserError
from .config import checked_seed
from .gymnasium_bases import EnvBase
from .observation import slices_by_name
from .spaces import action_space
from .vector_env import observation_space_of, open_worlds, privileged_views


class Env(EnvBase):
    """One learner and an expert. Arguments as VectorEnv's; presence is one kind. ADR, which compares learners, is off.

    What reset() and step() return are copies. For speed use VectorEnv: a step of many worlds costs Python no more.
    """

    metadata = {"render_modes": []}

    def __init__(self, config: str | os.PathLike = "quick", *, seed: int | None = None, actions: str = "bins",
                 presence: str | None = None, expert=None, overrides: dict | None = None, render_mode=None):
        if render_mode is not None:
            raise UserError(f"render_mode={render_mode!r} is not there: these environments draw nothing; leave it out")
        self._worlds = open_worlds(config, actions=actions, presence=None if presence is None else [presence],
                                   expert=expert, overrides={"adr.enabled": False} | (overrides or {}), worlds=1,
                                   learners_per_world=1, threads=1)
        self.slices = slices_by_name(self._worlds.slices())
        self.observation_space = observation_space_of(self._worlds)
        self.action_space = action_space(_medal.ACTION_COMPONENTS, actions == "bins")
        self._rows = self._worlds.rows()
        self._expert_position, self._expert_visible = privileged_views(self._rows["privileged"])
        self._first_seed, self._over = seed, True

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[np.ndarray, dict]:
        """A new episode: its first observation, float32 [O], and info. Options: none are known."""
        seed = checked_seed(self._first_seed if seed is None else seed)
        super().reset(seed=seed)
        self._first_seed = None
        self._worlds.reset(seed)
        self._over = False
        return self._rows["observations"][0].copy(), self._info()

    def step(self, action) -> tuple[np.ndarray, float, bool, bool, dict]:
        """One control step: observation, reward, terminated (never), truncated, info; the action is [5].

        info: expert_position (ahead, left, up in the learner's yaw frame, units of 10 m) and expert_visible, both
        privileged; at the end episode_return, episode_score (at penalty 1), expert_score and episode_length.
        """
        if self._over and not self._worlds.closed:
            raise UserError("there is no episode to step: call reset() first")
        rows = self._rows
        self._over = self._worlds.step(np.asarray(action)[None])
        info = self._info()
        if self._over:
            for name in ("episode_return", "episode_score", "expert_score", "episode_length"):
                info[name] = rows[name][0].item()
        return rows["observations"][0].copy(), rows["rewards"][0].item(), False, self._over, info

    def _info(self):
        return {"expert_position": self._expert_position[0].copy(),
                "expert_visible": bool(self._expert_visible[0])}

    def task(self) -> Task:
        """The medal.Task that is played now."""
        return self._worlds.task(0)

    def close(self) -> None:
        self._worlds.close()
