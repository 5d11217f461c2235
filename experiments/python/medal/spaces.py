"""The spaces of observations and actions: Gymnasium's where it is installed, else the least of them."""

import numpy as np

try:
    from gymnasium.spaces import Box, MultiDiscrete
except ImportError:

    class _Space:
        """What both have: shape, dtype, draws by an own generator."""

        def __init__(self, shape, dtype):
            self.shape, self.dtype = tuple(shape), np.dtype(dtype)
            self.np_random = np.random.default_rng()

        def seed(self, seed=None):
            self.np_random = np.random.default_rng(seed)
            return seed

        def __contains__(self, value):
            return self.contains(value)

        def contains(self, value):
            """Whether the value has this shape, a fitting type, and lies within the bounds."""
            if not isinstance(value, np.ndarray):
                return False
            return (value.shape == self.shape and np.can_cast(value.dtype, self.dtype)
                    and bool(np.all(value >= self._least) and np.all(value <= self._most)))

        def __eq__(self, other):
            return (type(self) is type(other) and self.shape == other.shape and self.dtype == other.dtype
                    and np.array_equal(self._least, other._least) and np.array_equal(self._most, other._most))

    class Box(_Space):
        """Arrays between low and high, both included."""

        def __init__(self, low, high, dtype=np.float32):
            self.low, self.high = np.asarray(low, dtype), np.asarray(high, dtype)
            super().__init__(self.low.shape, dtype)
            self._least, self._most = self.low, self.high

        def sample(self):
            if self.dtype.kind == "i":
                return self.np_random.integers(self.low, self.high, endpoint=True, dtype=self.dtype)
            return self.np_random.uniform(self.low, self.high).astype(self.dtype)

        def __repr__(self):
            return f"Box({self.low.min()}, {self.high.max()}, {self.shape}, {self.dtype})"

    class MultiDiscrete(_Space):
        """Whole numbers: element i is one of 0 .. nvec[i] - 1."""

        def __init__(self, nvec):
            self.nvec = np.asarray(nvec, np.int64)
            super().__init__(self.nvec.shape, np.int64)
            self._least, self._most = np.zeros_like(self.nvec), self.nvec - 1

        def sample(self):
            return self.np_random.integers(self.nvec, dtype=np.int64)

        def __repr__(self):
            return f"MultiDiscrete({self.nvec})"


def action_space(components, bins):
    """Of one learner: (name, bins, posture) for each component; bins, or values in [-1, 1]."""
    if bins:
        return MultiDiscrete([len(values) for _, values, _ in components])
    return Box(-np.ones(len(components), np.float32), np.ones(len(components), np.float32), dtype=np.float32)


def batched(space, count):
    """`count` of them side by side, as gymnasium.vector.utils.batch_space makes it."""
    if isinstance(space, MultiDiscrete):
        low, high = np.zeros_like(space.nvec), space.nvec - 1
    else:
        low, high = space.low, space.high
    return Box(np.tile(low, (count, 1)), np.tile(high, (count, 1)), dtype=space.dtype)
