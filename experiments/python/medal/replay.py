"""Recorded episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._medal import Replay

if TYPE_CHECKING:
    import pandas


def arrays(self) -> dict[str, np.ndarray]:
    """Plays it again: {name: array}, over T = steps + 1 states of A avatars, the expert first.

    Raises UserError where it does not come out as recorded.

    position, velocity [T, A, 3] (m, m/s); yaw (rad), score (at penalty 1), earned (sum of rewards), inside_goal (-1 for
    none), on_ground, crouching [T, A]; expert_visible [T, A - 1]; entries [E, 4]: step, avatar, goal, reward (+1, -1);
    expert_actions [steps, 5]; learner_actions [steps, A - 1, 5].
    """
    return self._play()


def frame(self) -> pandas.DataFrame:
    """A row for each state of each avatar, as a pandas data frame."""
    import pandas

    played = self._play()
    times, avatars = played["yaw"].shape
    visible = np.concatenate([np.ones((times, 1), bool), played["expert_visible"]], 1)
    earned = played["earned"]
    columns = {"step": np.repeat(np.arange(times), avatars), "avatar": np.tile(np.arange(avatars), times)}
    columns |= {"seconds": columns["step"] / self.control_rate}
    for k, axis in enumerate("xyz"):
        columns |= {axis: played["position"][:, :, k].ravel(), f"velocity_{axis}": played["velocity"][:, :, k].ravel()}
    columns |= {name: played[name].ravel() for name in ("yaw", "score", "inside_goal", "on_ground", "crouching")}
    columns |= {"reward": np.diff(earned, axis=0, prepend=earned[:1]).ravel(), "expert_visible": visible.ravel()}
    return pandas.DataFrame(columns)


Replay.arrays = arrays
Replay.frame = frame
