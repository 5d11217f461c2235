"""Medal: worlds in which agents learn from an expert whom they see, trained agents, and the measures of both.

Everything in here speaks numpy; what it hands out can be read by whatever speaks DLPack or the array interface, such as
Torch, without copies. docs/python.md shows how to use it.
"""

from ._medal import UserError
from ._medal import options_help, preset_names
from ._medal import version as _version
from .agent import Agent, AgentStep
from .config import config_toml
from .env import Env
from .evaluation import Evaluation, Interval, evaluate
from .expert import Expert
from .gymnasium_bases import AutoresetMode, register
from .observation import Slice
from .parallel_env import ParallelEnv
from .replay import Replay
from .run import Run
from .task import Task
from .vector_env import VectorEnv

__version__ = _version()
__all__ = [
    "Agent", "AgentStep", "AutoresetMode", "Env", "Evaluation", "Expert", "Interval", "ParallelEnv", "Replay", "Run",
    "Slice", "Task", "UserError", "VectorEnv", "config_toml", "evaluate", "options_help", "preset_names",
]

register()
