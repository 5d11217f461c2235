"""Tasks: terrain, obstacles, goals and their hidden order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from ._medal import Task
from .config import checked_seed, config_name, to_overrides

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS = {"upright": "#777777", "low_bar": "#c9b18f", "overhead_bar": "#9fb7c9"}


def generate(cls, seed: int, config="quick", *, overrides: dict | None = None) -> Task:
    """The task of that seed, of the config's held-out tasks; the same on every machine. Raises UserError."""
    return cls._generate(checked_seed(seed), config_name(config), to_overrides(overrides))


def parameters(self) -> dict:
    """The knobs that it was made from, by name."""
    return json.loads(self._parameters_json())


def draw(self, axes=None) -> Axes:
    """Draws it from above with matplotlib, and returns the axes: goals numbered by their place in the order."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import Circle, Polygon

    axes = axes if axes is not None else plt.gca()
    half = self.arena_size / 2
    axes.imshow(self.heights, extent=(-half, half, -half, half), origin="lower", cmap="Greys", alpha=0.35,
                interpolation="bilinear")
    for kind, corners in self.obstacles:
        axes.add_patch(Polygon(corners, facecolor=KINDS[kind], edgecolor="black", linewidth=0.5))
    place = np.argsort(self.order)
    for index, (centre, radius, colour) in enumerate(zip(self.goals, self.goal_radii, self.goal_colours)):
        axes.add_patch(Circle(centre[:2], radius, facecolor=colour, edgecolor="black"))
        axes.annotate(str(place[index] + 1), centre[:2], ha="center", va="center", fontweight="bold",
                      color="black" if colour.mean() > 0.5 else "white")
    axes.plot(*self.expert_spawn[:2], "k*", markersize=9)
    axes.plot(*self.learner_spawns[0, :2], "k^", markersize=7)
    axes.set(xlim=(-half, half), ylim=(-half, half), aspect="equal", xlabel="x (m)", ylabel="y (m)")
    return axes


Task.generate = classmethod(generate)
Task.parameters = property(parameters)
Task.draw = draw
