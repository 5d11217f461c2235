"""medal.Agent and medal.evaluate against the program itself."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

import medal

SOURCE = pathlib.Path(os.environ["MEDAL_SOURCE"])
QUICK = SOURCE / "agents/pretrained/quick"
RECURRENT = SOURCE / "agents/pretrained/medal"  # an episodic memory alone moves on where goals are entered


def observations_of(agent, steps):
    """What 6 learners see while they act at random in the agent's worlds."""
    env = medal.VectorEnv(agent, worlds=2, learners_per_world=3)
    observations, _ = env.reset(seed=1)
    kept = [observations.copy()]
    for _ in range(steps - 1):
        kept.append(env.step(env.action_space.sample())[0].copy())
    return kept


class Acting(unittest.TestCase):
    def setUp(self):
        self.agent = medal.Agent.load(QUICK)
        self.observations = observations_of(self.agent, 4)

    def test_shapes(self):
        memory = self.agent.initial_memory(6)
        step = self.agent.act(self.observations[0], memory)
        self.assertEqual([part.shape for part in step[:3]], [(6, 5), (6,), (6, 4)])
        self.assertEqual((step.features.shape[0], step.action_parameters.shape), (6, (6, 13)))
        self.assertEqual(step.actions.dtype, np.int64)
        self.assertIs(step.memory, memory)
        self.assertIn(step.actions[0], medal.VectorEnv("quick", worlds=1).single_action_space)

    def test_the_memory_moves_on_and_begins_anew_where_episodes_start(self):
        agent = medal.Agent.load(RECURRENT)
        memory = agent.initial_memory(6)
        observations = observations_of(agent, 1)[0]
        first = agent.act(observations, memory, sample=False)
        self.assertTrue(np.abs(memory).sum() > 0)
        later = agent.act(observations, memory, sample=False)
        self.assertFalse(np.allclose(first.value, later.value))
        again = agent.act(observations, memory, [True, False] * 3, sample=False)
        np.testing.assert_allclose(again.value[::2], first.value[::2], rtol=1e-5)
        self.assertFalse(np.allclose(again.value[1::2], first.value[1::2]))

    def test_draws_follow_the_seed(self):
        def actions():
            memory = self.agent.initial_memory(6)
            return np.stack([self.agent.act(rows, memory).actions for rows in self.observations])

        self.agent.seed(3)
        first = actions()
        self.assertFalse(np.array_equal(first, actions()))
        self.agent.seed(3)
        np.testing.assert_array_equal(first, actions())

    def test_parameters_go_out_and_back(self):
        arrays = self.agent.parameters()
        self.assertEqual(sum(array.size for array in arrays.values()), self.agent.parameter_count)
        copy = self.agent.from_arrays(arrays)
        zeros = self.agent.from_arrays({name: np.zeros_like(array) for name, array in arrays.items()})
        say = lambda agent: agent.act(self.observations[0], agent.initial_memory(6), sample=False)  # noqa: E731
        np.testing.assert_array_equal(say(copy).value, say(self.agent).value)
        np.testing.assert_array_equal(say(zeros).value, np.zeros(6))
        arrays["value.bias"] += 1
        np.testing.assert_allclose(say(self.agent.from_arrays(arrays)).value, say(self.agent).value + 1, rtol=1e-5)

    def test_files_go_out_and_back(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "agent.medal"
            self.agent.save(path)
            self.assertEqual(path.read_bytes(), (QUICK / "agent.medal").read_bytes())
            new = medal.Agent.create("smoke", seed=4, overrides={"network.memory": "gru"})
            new.save(path)
            again = medal.Agent.load(path)
            for name, array in again.parameters().items():
                np.testing.assert_array_equal(array, new.parameters()[name])
            said = subprocess.run([os.environ["MEDAL_PROGRAM"], "info", path], capture_output=True, text=True,
                                  check=True)
            self.assertIn("gru", said.stdout)

    def test_mistakes(self):
        agent, rows = self.agent, self.observations[0]
        memory = agent.initial_memory(6)
        readonly = memory.copy()
        readonly.flags.writeable = False
        arrays = agent.parameters()
        cases = [
            (lambda: agent.act(rows[:, 1:], memory), "observations must be"),
            (lambda: agent.act(rows, memory[:3]), "memory must be"),
            (lambda: agent.act(rows, memory.astype(float)), "float32"),
            (lambda: agent.act(rows, readonly), "writable"),
            (lambda: agent.act(rows, memory[:, ::-1]), "dense"),
            (lambda: agent.act(rows[:0], memory[:0]), "no row"),
            (lambda: agent.act(rows, memory, [True]), "starts must be"),
            (lambda: agent.act("rows", memory), "observations must be"),
            (lambda: agent.from_arrays({}), "is missing"),
            (lambda: agent.from_arrays(arrays | {"more": np.zeros(1)}), "were given"),
            (lambda: agent.from_arrays(arrays | {"value.bias": np.zeros(2)}), "'value.bias' must be"),
            (lambda: medal.Agent.load("no/such/agent"), "no/such/agent"),
            (lambda: medal.Agent.load(SOURCE / "README.md"), "not a Medal checkpoint"),
            (lambda: medal.Agent.create("quick", overrides={"network.memory": "elephant"}), "events"),
        ]
        for call, pattern in cases:
            with self.subTest(pattern), self.assertRaisesRegex(medal.UserError, pattern) as caught:
                call()
            self.assertNotIn("\n", str(caught.exception))


class Evaluation(unittest.TestCase):
    def test_is_what_the_program_says(self):
        result = medal.evaluate(medal.Agent.load(QUICK), tasks=4, seed=7)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "scores.json"
            subprocess.run([os.environ["MEDAL_PROGRAM"], "eval", QUICK, "--tasks", "4", "--seed", "7", "--json", file],
                           capture_output=True, check=True)
            said = json.loads(file.read_text())
        self.assertEqual(result.ct._asdict(), said["ct"])
        self.assertEqual(result.half._asdict(), said["score"]["half"])
        self.assertEqual(result.tasks["full"].tolist(), [task["full"] for task in said["task_scores"]])
        self.assertEqual(result.tasks["seed"].tolist(), [int(task["seed"]) for task in said["task_scores"]])
        self.assertEqual(len(result.frame()), 4)

    def test_a_function_that_asks_the_agent_scores_as_the_agent(self):
        agent, memory = medal.Agent.load(QUICK), None

        def policy(observations, starts):
            nonlocal memory
            if starts.all():
                memory = agent.initial_memory(len(observations))
            return agent.act(observations, memory, starts, sample=False).actions

        likeliest = {"evaluation.sample_actions": False}
        own, its = (medal.evaluate(player, tasks=3, config=agent, overrides=likeliest) for player in (policy, agent))
        for name in ("full", "half", "solo", "expert"):
            np.testing.assert_array_equal(own.tasks[name], its.tasks[name])

    def test_mistakes(self):
        idle = lambda observations, starts: np.zeros((len(observations), 4))  # noqa: E731
        for call in (lambda: medal.evaluate(idle, tasks=1, config="smoke"), lambda: medal.evaluate(3),
                     lambda: medal.evaluate(idle, tasks=0, config="smoke")):
            with self.assertRaises(medal.UserError):
                call()

        def fails(observations, starts):
            raise KeyError("on purpose")

        with self.assertRaisesRegex(KeyError, "on purpose"):
            medal.evaluate(fails, tasks=1, config="smoke")


if __name__ == "__main__":
    unittest.main()
