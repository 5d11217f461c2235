"""Who takes the expert's place."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from ._medal import ExpertView, Replay, Task, UserError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class Expert:
    """An expert of one's own: override act, and begin where something must be remembered.

    Each world has a copy of its own for each episode, which begin() is called on first. Whatever act() raises ends the
    step and comes out of it; the environment must be reset then. Worlds of several threads call their experts one after
    the other, since Python has one lock.
    """

    senses: bool = False
    """Whether view.observation is wanted: what a learner in the expert's place would sense, float32 [O]."""

    def begin(self, task: Task, seed: int) -> None:
        """An episode begins. task: all of it, the order of the goals too; seed: for the expert's own draws."""

    def act(self, view: ExpertView) -> ArrayLike | None:
        """The action for this step: 5 numbers in [-1, 1], or 5 indices of bins; None stands still.

        view: task, step, position (x, y, z in m) and velocity (m/s) of the body, yaw (rad), on_ground, inside_goal
        (index or -1), last_goal, correct and wrong (entries so far), paying_goals and costly_goals (indices: what an
        entry would do now), observation; view.steer_towards(x, y) is the action that walks there.
        """
        raise NotImplementedError("an Expert overrides act(view)")


class _Function(Expert):
    def __init__(self, act):
        self.act = act


class _Policy(Expert):
    """An agent that acts on what it senses in the expert's place, with its own memory."""

    senses = True

    def __init__(self, agent):
        self._agent = agent

    def begin(self, task, seed):
        self._memory, self._starts = self._agent.initial_memory(1), [True]

    def act(self, view):
        step = self._agent.act(view.observation[None], self._memory, self._starts)
        self._starts = None
        return step.actions[0]


def expert_arguments(expert):
    """What _medal.Worlds is given for an expert, and the options that go with it.

    expert: None (whom the config names), a kind's name, an Expert (an object or a class), a function of the view, an
    Agent, or a Replay: then all worlds play its episode.
    """
    arguments = {"expert": None, "sensing": False, "recording": None, "commanded": False}
    if expert is None:
        return arguments, {}
    if isinstance(expert, str):
        return arguments, {"task.expert": expert}
    if isinstance(expert, Replay):
        return arguments | {"recording": expert}, {}
    pattern = _expert_of(expert)

    def make(task, seed):
        own = copy.copy(pattern)
        own.begin(task, seed)
        return own.act

    # A perfect one is never hidden by the kind of its task, as an absent one would be.
    return arguments | {"expert": make, "sensing": pattern.senses}, {"task.expert": "perfect"}


def _expert_of(expert):
    from .agent import Agent

    if isinstance(expert, type) and issubclass(expert, Expert):
        expert = expert()
    if isinstance(expert, Expert):
        return expert
    if isinstance(expert, Agent):
        return _Policy(expert)
    if callable(expert):
        return _Function(expert)
    raise UserError("an expert is a kind's name, an Expert, a function of the view, an Agent or a Replay, not "
                    f"{expert!r}")
