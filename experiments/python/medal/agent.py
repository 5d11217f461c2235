"""Trained agents."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from . import _medal
from .config import checked_seed, config_name, to_overrides
from .observation import slices_by_name

if TYPE_CHECKING:
    from .torch_network import TorchNetwork


class AgentStep(NamedTuple):
    """What an agent says about one step of N learners."""

    actions: np.ndarray
    """[N, 5]: indices of bins (int64), or values in [-1, 1] (float32) where the agent has a gaussian head."""
    value: np.ndarray
    """[N]: the return that it expects."""
    expert_place: np.ndarray
    """[N, 4]: where it believes the expert to be (units of 10 m, its yaw frame), and the logit of seeing it."""
    features: np.ndarray
    """[N, F]: what policy and value are read from."""
    action_parameters: np.ndarray
    """[N, P]: logits of all bins side by side, or means and log deviations."""
    memory: np.ndarray
    """[N, S]: the memory that was given, moved on."""


class Agent:
    """A network that steers any number of learners; their memories are the caller's."""

    def __init__(self, native):
        self._native = native
        self.slices = slices_by_name(native.slices())

    @classmethod
    def load(cls, path: str | os.PathLike) -> Agent:
        """Opens a run's folder (or its name below runs/), an exported agent's folder or a checkpoint file."""
        return cls(_medal.Agent.load(os.fspath(path)))

    @classmethod
    def create(cls, config: str | os.PathLike = "quick", *, seed: int = 1, overrides: dict | None = None) -> Agent:
        """A new agent as `medal train` would begin with, of random parameters."""
        return cls(_medal.Agent.create(config_name(config), to_overrides(overrides), checked_seed(seed)))

    @property
    def observation_size(self) -> int:
        """Floats in an observation, O."""
        return self._native.observation_size

    @property
    def memory_size(self) -> int:
        """Floats of memory for each learner, S."""
        return self._native.memory_size

    @property
    def parameter_count(self) -> int:
        return self._native.parameter_count

    def initial_memory(self, learners: int) -> np.ndarray:
        """Empty memories, float32 [learners, S]."""
        return np.zeros((learners, self.memory_size), np.float32)

    def act(self, observations, memory, starts=None, *, sample: bool = True) -> AgentStep:
        """One control step of N learners.

        observations: float32 [N, O]. memory: float32 [N, S], changed in place; initial_memory(N) at first.
        starts: [N], true where an episode begins: the memory is cleared there before the step; None: nowhere.
        sample: draw actions (seed() says by which numbers), or take the most likely ones.
        Arrays of numpy and tensors on the CPU are read where they lie.
        """
        return AgentStep(**self._native.act(observations, memory, starts, sample), memory=memory)

    def seed(self, seed: int) -> None:
        """Says by which random numbers actions are drawn from here on."""
        self._native.seed(checked_seed(seed))

    def parameters(self) -> dict[str, np.ndarray]:
        """Copies of the parameters, {name: float32 array}. Weights are [inputs, outputs]."""
        return self._native.parameters()

    def from_arrays(self, arrays: dict) -> Agent:
        """An agent like this one with other parameters, as parameters() or a torch module's state_dict gives them."""
        return Agent(self._native.with_parameters({name: np.asarray(array) for name, array in arrays.items()}))

    def architecture(self) -> dict:
        """What the network is made of, for whoever builds the same elsewhere."""
        return self._native.architecture()

    def export_torch(self) -> TorchNetwork:
        """The same network as a torch.nn.Module (medal.torch_network.TorchNetwork); takes Torch 1.13 or 2.x."""
        from .torch_network import TorchNetwork

        return TorchNetwork(self.architecture(), self.parameters())

    def save(self, path: str | os.PathLike) -> None:
        """Writes an agent file, which load() and every `medal` verb open."""
        self._native.save(os.fspath(path))

    def config_toml(self) -> str:
        """The config that it was trained with."""
        return self._native.config_toml()
