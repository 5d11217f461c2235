"""medal.ParallelEnv against the contract of PettingZoo's parallel environments."""

import unittest
import warnings

import numpy as np

import medal

SHORT = {"task.episode_seconds": 2}  # 20 steps


def sample(env):
    return {agent: env.action_space(agent).sample() for agent in env.agents}


class Contract(unittest.TestCase):
    def test_an_episode(self):
        for expert_acts in (False, True):
            env = medal.ParallelEnv("smoke", learners=2, expert_acts=expert_acts, overrides=SHORT)
            agents = ["learner_0", "learner_1"] + ["expert"] * expert_acts
            self.assertEqual((env.possible_agents, env.max_num_agents), (agents, len(agents)))
            for _ in range(2):
                observations, infos = env.reset(seed=1)
                self.assertEqual((env.agents, set(observations), set(infos)), (agents, set(agents), set(agents)))
                for step in range(20):
                    self.assertEqual(env.agents, agents)
                    results = env.step(sample(env))
                    for part in results:
                        self.assertEqual(set(part), set(agents))
                    for agent in agents:
                        self.assertIn(results[0][agent], env.observation_space(agent))
                        self.assertEqual((results[2][agent], results[3][agent]), (False, step == 19))
                self.assertEqual((env.agents, env.num_agents), ([], 0))
                self.assertEqual(env.step({}), ({}, {}, {}, {}, {}))

    def test_spaces_are_the_same_objects_each_time(self):
        env = medal.ParallelEnv("smoke")
        for agent in env.possible_agents:
            self.assertIs(env.observation_space(agent), env.observation_space(agent))
            self.assertIs(env.action_space(agent), env.action_space(agent))

    def test_each_learner_sees_the_expert_by_its_own_schedule(self):
        env = medal.ParallelEnv("smoke", learners=3, presence=["full", "half", "solo"], overrides=SHORT)
        env.reset(seed=1)
        seen = []
        for _ in range(20):
            infos = env.step(sample(env))[4]
            seen.append([infos[f"learner_{k}"]["expert_visible"] for k in range(3)])
        np.testing.assert_array_equal(np.sum(seen, 0), [20, 9, 0])

    def test_mistakes(self):
        env = medal.ParallelEnv("smoke", learners=2, overrides=SHORT)
        with self.assertRaisesRegex(medal.UserError, "agents are"):
            env.step({"learner_0": [0] * 5})
        env.reset()
        idle = [0, 1, 1, 0, 0]
        for actions in ({}, {"learner_0": idle}, {"learner_0": idle, "learner_1": idle, "expert": idle},
                        {"learner_0": idle, "learner_1": [9] * 5}, {"learner_0": idle, "learner_1": idle[:2]}):
            with self.subTest(actions), self.assertRaises(ValueError):
                env.step(actions)
        with self.assertRaisesRegex(medal.UserError, "give one of them"):
            medal.ParallelEnv(expert_acts=True, expert="noisy")


class ExpertAsAgent(unittest.TestCase):
    def test_it_acts_earns_and_is_seen_but_sees_nobody(self):
        env = medal.ParallelEnv("smoke", learners=1, expert_acts=True, presence=["full"], actions="box")
        observations, _ = env.reset(seed=1)
        avatar, last = env.slices["lidar_avatar"], env.slices["last_action"]
        earned, moved = 0, 0
        action, idle = np.array([1, 0, 0.3, -1, -1], np.float32), np.array([0, 0, 0, -1, -1], np.float32)
        for _ in range(150):  # in circles
            observations, rewards, *_ = env.step({"learner_0": idle, "expert": action})
            earned += abs(rewards["expert"])
            own = observations["expert"]
            self.assertEqual(own[avatar.offset:avatar.offset + avatar.length].sum(), 0)
            np.testing.assert_allclose(own[last.offset:last.offset + 5], action)
            velocity = env.slices["velocity"]
            moved += abs(own[velocity.offset])
            reward = env.slices["last_reward"]
            self.assertEqual(own[reward.offset], np.float32(rewards["expert"]))
        self.assertGreater(moved, 10)
        self.assertGreater(earned, 0)


class WithPettingZoo(unittest.TestCase):
    def test_the_published_checker(self):
        try:
            from pettingzoo.test import parallel_api_test
        except ImportError:
            self.skipTest("PettingZoo is not installed")
        for expert_acts in (False, True):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                parallel_api_test(medal.ParallelEnv("smoke", expert_acts=expert_acts), num_cycles=250)


if __name__ == "__main__":
    unittest.main()
