"""Options as Python writes them."""

from __future__ import annotations

import json
import operator
import os

from . import _medal
from ._medal import UserError


def to_toml(value) -> str:
    """A Python value as TOML: numbers, truth values, text, lists, and dicts as inline tables."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {to_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(to_toml, value)) + "]"
    if hasattr(value, "item"):  # a number of numpy's
        return to_toml(value.item())
    if isinstance(value, (int, float)):
        return repr(value)
    raise UserError(f"an option cannot be {value!r}: give a number, text, True or False, a list, or a dict of these")


def to_overrides(options: dict | None) -> list[str]:
    """{"task.goals": 5} as the list that the program takes: ["task.goals=5"]."""
    return [f"{key}={to_toml(value)}" for key, value in (options or {}).items()]


def checked_seed(seed) -> int | None:
    """A seed as a number of 64 bits; None stays None."""
    if seed is None:
        return None
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if isinstance(seed, bool) or not 0 <= number < 2**64:
        raise UserError(f"seed must be a whole number from 0 to 2**64 - 1, not {seed!r}")
    return number


def config_name(config) -> str:
    """A preset's name, the path of a file, or the text of what an agent was trained with."""
    if hasattr(config, "config_toml"):
        return config.config_toml()
    if not isinstance(config, (str, os.PathLike)):
        raise UserError(f"config is a preset's name, a path or an Agent, not {config!r}")
    return os.fspath(config)


def config_toml(config: str | os.PathLike = "quick", overrides: dict | None = None) -> str:
    """Every option, resolved, as TOML with its meaning, unit and range.

    config: a preset (preset_names()), a TOML file, or an Agent, for what it was trained with; overrides:
    {"section.key": value}, laid over it.
    """
    return _medal.config_toml(config_name(config), to_overrides(overrides))
