"""What medal does where Python has Torch: the exported module says what the agent says, tensors share memory."""

import os
import pathlib
import unittest

import numpy as np

import medal

try:
    import torch
except ImportError:
    torch = None

SOURCE = pathlib.Path(os.environ["MEDAL_SOURCE"])
AGENTS = [SOURCE / "agents/pretrained" / name for name in ("quick", "medal", "medal_adr")]
AGENTS.append(SOURCE / "tests/fixtures/release_1/exported")
STEPS, LEARNERS = 60, 4


def played(agent):
    """Observations [T, N, O] and starts [T, N] of an agent that plays in its own world, over an episode's end."""
    form = agent.act(np.zeros((1, agent.observation_size)), agent.initial_memory(1)).actions.dtype
    env = medal.VectorEnv(agent, worlds=1, learners_per_world=LEARNERS, autoreset="same_step",
                          actions="bins" if form == np.int64 else "box",
                          overrides={"task.episode_seconds": 4, "adr.enabled": False, "curriculum.stagger": False})
    observations, _ = env.reset(seed=1)
    rows, starts, memory = [], [np.ones(LEARNERS, bool)], agent.initial_memory(LEARNERS)
    for _ in range(STEPS):
        rows.append(observations.copy())
        observations, _, _, ended, _ = env.step(agent.act(observations, memory, starts[-1]).actions)
        starts.append(ended.copy())
    assert np.sum(starts[1:STEPS]) > 0
    return np.stack(rows), np.stack(starts[:STEPS])


@unittest.skipIf(torch is None, "Torch is not installed")
class Export(unittest.TestCase):
    def compare(self, agent, rows, starts):
        """Step by step from the agent's own memory, and all steps in one unroll, where rounding adds up."""
        network, memory = agent.export_torch(), agent.initial_memory(LEARNERS)
        self.assertEqual(set(network.state_dict()), set(agent.parameters()))
        state = network.initial_memory(LEARNERS)
        with torch.no_grad():
            unrolled = network.unroll(torch.from_numpy(rows), state, torch.from_numpy(starts).float())
            for t in range(STEPS):
                before = torch.from_numpy(memory.copy())
                said = agent.act(rows[t], memory, starts[t], sample=False)
                step = network(torch.from_numpy(rows[t]), before, torch.from_numpy(starts[t]).float())
                pairs = [(step.action_parameters, said.action_parameters), (step.value, said.value),
                         (step.guesses["expert_place"], said.expert_place), (step.features, said.features),
                         (step.memory, memory)]
                for ours, theirs in pairs:
                    self.assert_close(ours, theirs, 1e-5)
                for ours, theirs in ((unrolled.action_parameters[t], said.action_parameters),
                                     (unrolled.value[t], said.value), (unrolled.features[t], said.features)):
                    self.assert_close(ours, theirs, 1e-4)
            self.assert_close(unrolled.memory, memory, 1e-4)

    def assert_close(self, ours, theirs, tolerance):
        """Of numbers up to 1, the difference; of larger ones, the share of the largest."""
        if theirs.size:
            scale = max(1.0, np.abs(theirs).max())
            self.assertLess(np.abs(ours.numpy() - theirs).max() / scale, tolerance)

    def test_every_agent_that_ships_says_the_same_in_torch(self):
        for path in AGENTS:
            with self.subTest(path):
                agent = medal.Agent.load(path)
                self.compare(agent, *played(agent))

    def test_so_does_one_of_every_memory_and_head(self):
        for options in ({"memory": "lstm"}, {"memory": "gru"}, {"memory": "min_gru"}, {"memory": "none"},
                        {"memory": "events_only"}, {"memory": "lstm", "ray_queries": 0},
                        {"memory": "events", "action_head": "gaussian"}):
            agent = medal.Agent.create("smoke", overrides={f"network.{key}": value for key, value in options.items()})
            with self.subTest(options):
                self.compare(agent, *played(agent))

    def test_what_torch_has_learnt_comes_back(self):
        agent = medal.Agent.load(AGENTS[0])
        rows, starts = played(agent)
        network = agent.export_torch()
        begins = torch.from_numpy(starts).float()
        step = network.unroll(torch.from_numpy(rows), network.initial_memory(LEARNERS), begins)
        step.value.square().mean().backward()
        self.assertGreater(sum(p.grad.abs().sum().item() for p in network.parameters() if p.grad is not None), 0)
        with torch.no_grad():
            for parameter in network.parameters():
                if parameter.grad is not None:
                    parameter -= 0.01 * parameter.grad
        learnt = agent.from_arrays(network.state_dict())
        self.compare(learnt, rows, starts)
        self.assertFalse(np.array_equal(learnt.parameters()["value.weight"], agent.parameters()["value.weight"]))


@unittest.skipIf(torch is None, "Torch is not installed")
class Tensors(unittest.TestCase):
    def test_observations_are_read_where_they_lie(self):
        env = medal.VectorEnv("smoke", worlds=2)
        observations, _ = env.reset(seed=1)
        for tensor in (torch.from_numpy(observations), torch.from_dlpack(observations)):
            env.step(torch.from_numpy(env.action_space.sample()))
            np.testing.assert_array_equal(tensor.numpy(), observations)
            self.assertEqual(tensor.data_ptr(), observations.ctypes.data)

    def test_a_memory_may_be_a_tensor(self):
        agent = medal.Agent.create("smoke")
        memory = torch.zeros(2, agent.memory_size)
        agent.act(torch.ones(2, agent.observation_size), memory, torch.ones(2, dtype=torch.bool))
        self.assertGreater(memory.abs().sum().item(), 0)


if __name__ == "__main__":
    unittest.main()
