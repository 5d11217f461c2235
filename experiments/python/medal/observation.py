"""What the numbers of an observation are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Slice(NamedTuple):
    """A part of the observation vector: observation[offset:offset + length]."""

    name: str
    offset: int
    length: int
    unit: str
    low: float
    high: float


def slices_by_name(rows) -> dict[str, Slice]:
    return {row[0]: Slice(*row) for row in rows}


def bounds_of(slices: dict[str, Slice]) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest observation, float32 [O] each."""
    parts = slices.values()
    return (np.concatenate([np.full(part.length, part.low, np.float32) for part in parts]),
            np.concatenate([np.full(part.length, part.high, np.float32) for part in parts]))
