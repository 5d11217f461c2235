"""Stepping from Python costs no more than a twentieth of the simulator's own rate."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

import numpy as np

import medal

WORLDS, ROUNDS, STEPS = 64, 3, 600
CONFIG = ["--config", "quick", "--set", f"run.learners={4 * WORLDS}", "--set", "environment.threads=1"]


def rate_of_the_program(folder):
    """Learner steps per second of processor time, by `medal bench sim`."""
    file = pathlib.Path(folder) / "bench.json"
    command = [os.environ["MEDAL_PROGRAM"], "bench", "sim", "--without-plain", "--repeats", "1", "--json", file]
    subprocess.run(command + CONFIG, check=True, capture_output=True)
    return json.loads(file.read_text())["results"]["sim.learner_steps_per_second"]["median"]


def rate_from_python(env, actions):
    """The same, of a loop in Python."""
    begin = time.thread_time()
    for step in range(STEPS):
        env.step(actions[step % len(actions)])
    return STEPS * env.num_envs / (time.thread_time() - begin)


class Speed(unittest.TestCase):
    def test_python_steps_nearly_as_fast_as_the_simulator(self):
        env = medal.VectorEnv("quick", worlds=WORLDS, threads=1, autoreset="same_step")
        env.reset(seed=1)
        draw = np.random.default_rng(1)
        actions = draw.integers([3, 3, 3, 1, 1], size=(256, env.num_envs, 5))
        actions[..., 3:] = draw.random((256, env.num_envs, 2)) < 1 / 150  # as an untrained policy: seldom a jump
        for step in range(50):
            env.step(actions[step])
        with tempfile.TemporaryDirectory() as folder:
            rounds = [(rate_from_python(env, actions), rate_of_the_program(folder)) for _ in range(ROUNDS)]
        shares = [python / program for python, program in rounds]
        print(f"from Python {max(python for python, _ in rounds):,.0f} learner steps/s, medal bench sim "
              f"{max(program for _, program in rounds):,.0f}; shares {np.round(shares, 3)}", file=sys.stderr)
        # Of the best of each too: what others do on the machine slows either.
        best = max(python for python, _ in rounds) / max(program for _, program in rounds)
        self.assertGreaterEqual(max(statistics.median(shares), best), 0.95)


if __name__ == "__main__":
    unittest.main()
