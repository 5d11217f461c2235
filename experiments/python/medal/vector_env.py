"""Many worlds side by side, in the shape of Gymnasium's vector environments."""

from __future__ import annotations

import os

import numpy as np

from . import _medal
from ._medal import Task, UserError
from .config import checked_seed, config_name, to_overrides
from .expert import expert_arguments
from .gymnasium_bases import AutoresetMode, VectorEnvBase
from .observation import bounds_of, slices_by_name
from .spaces import Box, action_space, batched


def one_of(name, value, choices):
    if value not in choices:
        raise UserError(f"{name} is one of {', '.join(map(repr, choices))}, not {value!r}")
    return value


def open_worlds(config, *, actions, autoreset="next_step", presence=None, expert=None, overrides=None, commanded=False,
                worlds=None, learners_per_world=None, threads=None):
    """The compiled worlds that all environments stand on."""
    arguments, options = expert_arguments(expert)
    if commanded:
        arguments, options = arguments | {"commanded": True}, {"task.expert": "perfect"}
    return _medal.Worlds(
        config=config_name(config), overrides=to_overrides(options | (overrides or {})), worlds=worlds,
        learners_per_world=learners_per_world, threads=threads,
        bins=one_of("actions", actions, ("bins", "box")) == "bins",
        same_step=one_of("autoreset", autoreset, ("next_step", "same_step")) == "same_step",
        presence=list(presence or []), **arguments)


def observation_space_of(worlds):
    low, high = bounds_of(slices_by_name(worlds.slices()))
    return Box(low, high, dtype=np.float32)


def privileged_views(privileged):
    """What the attention loss is taught with, of rows [N, P]: where the expert is, and whether the learner sees it."""
    offset, length = _medal.EXPERT_PLACE
    return privileged[:, offset:offset + length - 1], privileged[:, offset + length - 1]


class VectorEnv(VectorEnvBase):
    """Worlds of several learners each, stepped by threads; an environment for each learner.

    Learner i lives in world i // learners_per_world, and neither sees nor touches the others. Observations, rewards and
    flags are views of the simulator's own memory: the next step overwrites them. Keep copies, or ask for them.

    config: a preset, a TOML file, or an Agent, for the worlds that it was trained in; overrides: {"task.goals": 5, ...}
        laid over it.
    worlds, learners_per_world, threads: as the config says where left out.
    seed: what the first reset() begins with where it is given none; run.seed where left out.
    actions: "bins", indices of bins (MultiDiscrete), or "box", values in [-1, 1].
    autoreset: "next_step", the step after an episode's end takes no action, earns nothing and gives the first
        observation of the next episode; "same_step": the last step gives it, and infos hold the last observation.
    presence: when each learner of a world sees the expert, a list of one kind for each ("full", "half", "solo",
        "markov", "bernoulli"); as the config draws it where left out.
    expert: see medal.Expert; whom the config names where left out.
    copy: whether reset() and step() return copies.

    infos: expert_position [N, 3], the expert's place in the learner's yaw frame (ahead, left, up) in units of 10 m,
    hidden or not, and expert_visible [N], 1 where the learner sees it: both privileged, for the attention loss. Where
    an episode has ended also episode_return, episode_score (at penalty 1), expert_score and episode_length, in
    infos["final_info"] by same_step. Each has its mask, "_" before its name.

    Schedules of the config follow training_steps, the learner steps since the last reset(seed=...).
    """

    def __init__(self, config: str | os.PathLike = "quick", *, worlds: int | None = None,
                 learners_per_world: int | None = None, threads: int | None = None, seed: int | None = None,
                 actions: str = "bins", autoreset: str = "next_step", presence: list[str] | None = None, expert=None,
                 overrides: dict | None = None, copy: bool = False):
        self._worlds = open_worlds(config, actions=actions, autoreset=autoreset, presence=presence, expert=expert,
                                   overrides=overrides, worlds=worlds, learners_per_world=learners_per_world,
                                   threads=threads)
        self.num_envs = self._worlds.learners
        self.worlds = self._worlds.worlds
        self.learners_per_world = self.num_envs // self.worlds
        self.same_step = autoreset == "same_step"
        mode = AutoresetMode.SAME_STEP if self.same_step else AutoresetMode.NEXT_STEP
        self.metadata = {"render_modes": [], "autoreset_mode": mode}
        self.slices = slices_by_name(self._worlds.slices())
        self.single_observation_space = observation_space_of(self._worlds)
        self.single_action_space = action_space(_medal.ACTION_COMPONENTS, actions == "bins")
        self.observation_space = batched(self.single_observation_space, self.num_envs)
        self.action_space = batched(self.single_action_space, self.num_envs)
        self._first_seed, self._copy = seed, copy
        self._take_views()

    def _take_views(self):
        self._rows = rows = self._worlds.rows()
        self._step_views = (rows["observations"], rows["rewards"], rows["terminated"], rows["truncated"])
        position, visible = privileged_views(rows["privileged"])
        everybody = np.ones(self.num_envs, bool)
        self._infos = {"expert_position": position, "_expert_position": everybody,
                       "expert_visible": visible, "_expert_visible": everybody}

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[np.ndarray, dict]:
        """Every world begins a new episode: observations float32 [N, O], and infos.

        seed: one whole number for all worlds, from which everything random follows; without it the episodes go on.
        options: none are known.
        """
        seed = checked_seed(self._first_seed if seed is None else seed)
        super().reset(seed=seed)
        self._first_seed = None
        self._worlds.reset(seed)
        return self._out(self._step_views[0]), self._infos_out(self._infos)

    def step(self, actions) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict]:
        """One control step of every learner: actions [N, 5], bins or values.

        Returns observations float32 [N, O], rewards float32 [N], terminations (none: this game has no terminal states)
        and truncations bool [N], and infos.
        """
        ended = self._worlds.step(actions)
        infos = self._infos_of_end() if ended else self._infos
        if self._copy:
            return *map(np.copy, self._step_views), self._infos_out(infos)
        return *self._step_views, dict(infos)

    def _out(self, view):
        return view.copy() if self._copy else view

    def _infos_out(self, infos):
        if not self._copy:
            return dict(infos)
        return {name: value.copy() for name, value in infos.items()}

    def _infos_of_end(self):
        rows, ended = self._rows, self._rows["truncated"].copy()
        finals = {}
        for name in ("episode_return", "episode_score", "episode_length", "expert_score"):
            finals |= {name: rows[name].copy(), f"_{name}": ended}
        if not self.same_step:
            return self._infos | finals
        last = np.full(self.num_envs, None, object)
        for i in np.flatnonzero(ended):
            last[i] = self._out(rows["final_observations"][i])
        return self._infos | {"final_obs": last, "_final_obs": ended, "final_info": finals, "_final_info": ended}

    @property
    def training_steps(self) -> int:
        """Learner steps since the last reset(seed=...): what the config's schedules follow."""
        return self._worlds.training_steps

    def note_following(self) -> None:
        """Says that the learners follow: the penalty begins to move to its full size (curriculum.fair_penalty_fade)."""
        self._worlds.note_following()

    def state_hash(self) -> int:
        """Hash of all worlds' states, the same wherever they were stepped by the same actions."""
        return self._worlds.state_hash()

    def task(self, world: int = 0) -> Task:
        """The medal.Task that a world plays now."""
        return self._worlds.task(world)

    def close_extras(self, **extras) -> None:
        self._worlds.close()


def make_vec(num_envs=None, learners_per_world=1, **options):
    """What gymnasium.make_vec calls."""
    if num_envs is not None and num_envs % learners_per_world != 0:
        raise UserError(f"num_envs={num_envs} learners do not fill worlds of {learners_per_world}; give a multiple")
    worlds = None if num_envs is None else num_envs // learners_per_world
    return VectorEnv(worlds=worlds, learners_per_world=learners_per_world, **options)
