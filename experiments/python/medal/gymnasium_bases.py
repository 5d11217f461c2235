"""What the environments are made from where Gymnasium or PettingZoo is installed, and where they are not."""

from __future__ import annotations

import enum

import numpy as np

try:
    import gymnasium
    from gymnasium import Env as EnvBase
    from gymnasium.vector import AutoresetMode
    from gymnasium.vector import VectorEnv as VectorEnvBase
except ImportError:
    gymnasium = None

    class AutoresetMode(enum.Enum):
        """When a world whose episode has ended begins the next one, in Gymnasium's words."""

        NEXT_STEP = "NextStep"
        SAME_STEP = "SameStep"
        DISABLED = "Disabled"

    class EnvBase:
        """The attributes that users of Gymnasium's environments ask for."""

        metadata = {"render_modes": []}
        spec = None
        render_mode = None
        _np_random = None
        _np_random_seed = None

        @property
        def unwrapped(self):
            return self

        @property
        def np_random(self):
            if self._np_random is None:
                self._np_random = np.random.default_rng()
            return self._np_random

        def reset(self, *, seed=None, options=None):
            if seed is not None:
                self._np_random, self._np_random_seed = np.random.default_rng(seed), seed

        def render(self):
            raise NotImplementedError("these environments draw nothing; Replay and `medal viewer` do")

        def __enter__(self):
            return self

        def __exit__(self, *exception):
            self.close()
            return False

    class VectorEnvBase(EnvBase):
        closed = False

        def close(self, **extras):
            if not self.closed:
                self.close_extras(**extras)
                self.closed = True

try:
    from pettingzoo import ParallelEnv as ParallelEnvBase
except ImportError:

    class ParallelEnvBase:
        """The attributes that users of PettingZoo's parallel environments ask for."""

        metadata = {"render_modes": []}
        render_mode = None

        @property
        def num_agents(self):
            return len(self.agents)

        @property
        def max_num_agents(self):
            return len(self.possible_agents)

        @property
        def unwrapped(self):
            return self

        def render(self):
            raise NotImplementedError("these environments draw nothing; Replay and `medal viewer` do")

        def state(self):
            raise NotImplementedError("there is no view of the whole world but the learners' own")


ENVIRONMENT_ID = "medal/Worlds-v0"


def register() -> None:
    """Makes gymnasium.make and make_vec know ENVIRONMENT_ID, where Gymnasium is installed."""
    if gymnasium is not None and ENVIRONMENT_ID not in gymnasium.registry:
        gymnasium.register(id=ENVIRONMENT_ID, entry_point="medal.env:Env",
                           vector_entry_point="medal.vector_env:make_vec")
