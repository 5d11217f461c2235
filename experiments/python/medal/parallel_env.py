"""The players of one world, in the shape of PettingZoo's parallel environments."""

from __future__ import annotations

import os

import numpy as np

from . import _medal
from ._medal import Task, UserError
from .config import checked_seed
from .gymnasium_bases import ParallelEnvBase
from .observation import slices_by_name
from .spaces import Box, MultiDiscrete, action_space
from .vector_env import observation_space_of, open_worlds, privileged_views

EXPERT = "expert"


class ParallelEnv(ParallelEnvBase):
    """One world: agents learner_0, learner_1 ... and, if expert_acts, the expert.

    learners: how many; 1 to 16. presence: when each learner sees the expert, a list of one kind for each, or as the
    config draws it. expert_acts: the expert is an agent too, whose action is given with the others'; it senses what a
    learner in its place would, and sees nobody. The other arguments are VectorEnv's. ADR is off.
    """

    metadata = {"render_modes": [], "name": "medal_v0", "is_parallelizable": True}

    def __init__(self, config: str | os.PathLike = "quick", *, learners: int = 3, expert_acts: bool = False,
                 seed: int | None = None, actions: str = "bins", presence: list[str] | None = None, expert=None,
                 overrides: dict | None = None, render_mode=None):
        if render_mode is not None:
            raise UserError(f"render_mode={render_mode!r} is not there: these environments draw nothing; leave it out")
        if expert_acts and expert is not None:
            raise UserError("expert_acts makes the expert an agent, and expert names another player: give one of them")
        self._worlds = open_worlds(config, actions=actions, presence=presence, expert=expert,
                                   overrides={"adr.enabled": False} | (overrides or {}), commanded=expert_acts,
                                   worlds=1, learners_per_world=learners, threads=1)
        self._learners = [f"learner_{k}" for k in range(self._worlds.learners)]
        self.possible_agents = self._learners + ([EXPERT] if expert_acts else [])
        self.agents = []
        self.slices = slices_by_name(self._worlds.slices())
        self.observation_spaces = {agent: observation_space_of(self._worlds) for agent in self.possible_agents}
        self.action_spaces = {agent: action_space(_medal.ACTION_COMPONENTS, actions == "bins")
                              for agent in self.possible_agents}
        self._rows = self._worlds.rows()
        self._expert_position, self._expert_visible = privileged_views(self._rows["privileged"])
        self._first_seed = seed

    def observation_space(self, agent: str) -> Box:
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Box | MultiDiscrete:
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict | None = None) -> tuple[dict, dict]:
        """A new episode: observations and infos by agent. Options: none are known."""
        seed = checked_seed(self._first_seed if seed is None else seed)
        self._first_seed = None
        self._worlds.reset(seed)
        self.agents = list(self.possible_agents)
        return self._observations(), self._infos()

    def step(self, actions: dict) -> tuple[dict, dict, dict, dict, dict]:
        """One control step: observations, rewards, terminations (never), truncations and infos by agent.

        actions: {agent: [5]} for each of self.agents; without agents, after the end, nothing happens.
        """
        if set(actions) != set(self.agents):
            raise UserError(f"actions are for {sorted(map(str, actions))}, but the agents are {sorted(self.agents)}; "
                            "after the end call reset()")
        if not self.agents:
            return {}, {}, {}, {}, {}
        agents, expert = self.agents, actions.get(EXPERT)
        ended = self._worlds.step(np.stack([np.asarray(actions[name]) for name in self._learners]), expert)
        rewards = dict(zip(self._learners, self._rows["rewards"].tolist()))
        if EXPERT in agents:
            rewards[EXPERT] = self._worlds.expert_reward
        result = (self._observations(), rewards, dict.fromkeys(agents, False), dict.fromkeys(agents, ended),
                  self._infos())
        if ended:
            self.agents = []
        return result

    def _observations(self):
        rows = self._rows["observations"]
        observations = {name: rows[k].copy() for k, name in enumerate(self._learners)}
        if EXPERT in self.possible_agents:
            observations[EXPERT] = self._rows["expert_observation"].copy()
        return observations

    def _infos(self):
        infos = {name: {"expert_position": self._expert_position[k].copy(),
                        "expert_visible": bool(self._expert_visible[k])} for k, name in enumerate(self._learners)}
        if EXPERT in self.possible_agents:
            infos[EXPERT] = {}
        return infos

    def task(self) -> Task:
        """The medal.Task that is played now."""
        return self._worlds.task(0)

    def close(self) -> None:
        self._worlds.close()
