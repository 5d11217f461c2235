"""A thousand calls with arguments drawn at random: each works or is told, and nothing crashes."""

import os
import pathlib
import random
import unittest

import numpy as np

import medal

CALLS = 1000
TOLD = (ValueError, TypeError, KeyError, AttributeError, OSError, OverflowError, NotImplementedError)
QUICK = pathlib.Path(os.environ["MEDAL_SOURCE"]) / "agents/pretrained/quick"


def some_shape(draw):
    return tuple(draw.choice([0, 1, 2, 4, 5, 6, 7, 338]) for _ in range(draw.randint(0, 3)))


def some_array(draw):
    kind = draw.choice(["f4", "f8", "f2", "i1", "i4", "i8", "u8", "?", "c8", "U3", "O", ">f4", "M8[s]"])
    array = np.random.default_rng(draw.getrandbits(32)).integers(-2, 4, some_shape(draw)).astype(kind)
    if kind[-2:] in ("f4", "f8") and array.size and draw.random() < 0.3:
        array.flat[0] = draw.choice([np.nan, np.inf, -np.inf, 1e38])
    if array.ndim == 2 and draw.random() < 0.4:
        array = draw.choice([array.T, array[::-1], array[:, ::2], np.asfortranarray(array)])
    if draw.random() < 0.1:
        array.flags.writeable = False
    return array


def something(draw):
    return draw.choice([
        None, True, -1, 0, 3, 2**70, 1.5, float("nan"), "", "quick", "\0", b"bytes", [], [[]], {}, object(), print,
        lambda *a: None, lambda *a: [9] * 5, [1, 2, 3], [[0, 1, 1, 0, 0]] * 6, ("a", "b"), some_array(draw),
        np.zeros((6, 5), np.int64), np.zeros((6, 5), np.float32), medal.Task.generate(1), medal.Expert])


def some_options(draw):
    names = ["config", "worlds", "learners_per_world", "threads", "seed", "actions", "autoreset", "presence", "expert",
             "overrides", "copy"]
    return {name: something(draw) for name in draw.sample(names, draw.randint(0, 2))}


class Fuzz(unittest.TestCase):
    @unittest.skipIf("LD_PRELOAD" not in os.environ, "not under the sanitizer")
    def test_the_sanitizer_looks_on(self):
        files = pathlib.Path("/proc/self/maps").read_text()
        self.assertRegex(files, "libasan")
        self.assertRegex(files, "python_sanitized/medal/_medal.so")

    def test_a_thousand_calls(self):
        draw = random.Random(1)
        agent = medal.Agent.load(QUICK)
        replay = medal.Replay.open(next((QUICK.parents[2] / "tests/fixtures/release_1/tiny/replays").glob("*.replay")))
        task = medal.Task.generate(1)

        def fresh():
            options = {"config": "smoke", "worlds": 3, "learners_per_world": 2, "actions": draw.choice(["bins", "box"]),
                       "autoreset": draw.choice(["next_step", "same_step"]),
                       "overrides": {"task.episode_seconds": 1}}
            env = medal.VectorEnv(**options)
            if draw.random() < 0.9:
                env.reset(seed=draw.randint(0, 9))
            return env

        def steps(env):
            for _ in range(draw.randint(1, 15)):
                env.step(env.action_space.sample())

        env, single, pair = fresh(), medal.Env("smoke"), medal.ParallelEnv("smoke", learners=2, expert_acts=True)
        native = env._worlds
        calls = [
            lambda: env.step(something(draw)), lambda: env.step(some_array(draw)), lambda: steps(env),
            lambda: env.reset(seed=something(draw)), lambda: env.reset(options=something(draw)), lambda: env.close(),
            lambda: env.task(something(draw)), lambda: medal.VectorEnv(**some_options(draw)),
            lambda: native.step(something(draw), something(draw)), lambda: native.reset(something(draw)),
            lambda: single.step(something(draw)), lambda: single.reset(seed=something(draw)),
            lambda: pair.reset(), lambda: pair.step({"learner_0": something(draw), "learner_1": something(draw),
                                                     "expert": something(draw)}),
            lambda: agent.act(something(draw), something(draw), something(draw)),
            lambda: agent.act(np.zeros((2, agent.observation_size)), some_array(draw), some_array(draw)),
            lambda: agent.act(some_array(draw), agent.initial_memory(draw.randint(0, 3)), something(draw)),
            lambda: agent.from_arrays({name: some_array(draw) for name in agent.parameters()}),
            lambda: agent.from_arrays(something(draw)), lambda: agent.seed(something(draw)),
            lambda: medal.Agent.load(something(draw)), lambda: medal.Task.generate(something(draw)),
            lambda: medal.Task.from_json(something(draw)),
            lambda: medal.Task.from_json(mangled(draw, task.to_json())), lambda: medal.Task.load(something(draw)),
            lambda: replay.cut(something(draw), something(draw)), lambda: medal.Replay.open(something(draw)),
            lambda: medal.evaluate(lambda o, s: something(draw), tasks=1, config="smoke"),
            lambda: medal.evaluate(something(draw), tasks=something(draw)),
            lambda: medal.config_toml(something(draw), something(draw)),
        ]
        worked = 0
        for _ in range(CALLS):
            try:
                draw.choice(calls)()
                worked += 1
            except TOLD:
                pass
            if env.closed:
                env = fresh()
                native = env._worlds
        self.assertGreater(worked, CALLS // 10)
        env = fresh()
        env.reset(seed=1)
        steps(env)


def mangled(draw, text):
    """A task's text with a piece exchanged."""
    at, length = draw.randrange(len(text)), draw.randint(0, 6)
    return text[:at] + draw.choice(["", "0", "-1", "9e99", "null", "[]", '"x"', "}"]) + text[at + length:]


if __name__ == "__main__":
    unittest.main()
