"""medal.Env against the contract of gymnasium.Env."""

import unittest

import numpy as np

import medal

SHORT = {"task.episode_seconds": 2}  # 20 steps


class Contract(unittest.TestCase):
    def test_an_episode(self):
        env = medal.Env("smoke", overrides=SHORT)
        observation, info = env.reset(seed=1)
        self.assertIn(observation, env.observation_space)
        self.assertEqual(info["expert_position"].shape, (3,))
        total = 0
        for step in range(20):
            observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
            self.assertIn(observation, env.observation_space)
            self.assertEqual([type(part) for part in (reward, terminated, truncated, info)], [float, bool, bool, dict])
            self.assertEqual((terminated, truncated), (False, step == 19))
            total += reward
        self.assertEqual((info["episode_return"], info["episode_length"]), (total, 20))
        with self.assertRaisesRegex(medal.UserError, "call reset"):
            env.step(env.action_space.sample())
        env.reset()
        env.step(env.action_space.sample())

    def test_what_it_returns_is_kept(self):
        env = medal.Env("smoke", overrides=SHORT)
        first, info = env.reset(seed=1)
        kept, place = first.copy(), info["expert_position"].copy()
        for _ in range(5):
            env.step([2, 1, 0, 0, 0])
        np.testing.assert_array_equal(first, kept)
        np.testing.assert_array_equal(info["expert_position"], place)

    def test_the_seed_decides(self):
        one, two = medal.Env("quick"), medal.Env("quick", seed=5)
        np.testing.assert_array_equal(one.reset(seed=5)[0], two.reset()[0])
        for action in ([2, 1, 0, 0, 0], [1, 2, 2, 1, 0], [0, 1, 1, 0, 1]):
            np.testing.assert_array_equal(one.step(action)[0], two.step(action)[0])
        self.assertFalse(np.array_equal(one.reset(seed=5)[0], two.reset()[0]))

    def test_presets_that_use_adr_work_too(self):
        medal.Env("medal_adr").reset(seed=1)

    def test_mistakes(self):
        env = medal.Env("smoke", presence="solo")
        with self.assertRaisesRegex(medal.UserError, "call reset"):
            env.step([0] * 5)
        self.assertFalse(env.reset(seed=1)[1]["expert_visible"])
        for action in ([0] * 4, [3] * 5, [0.5] * 5, None, {}, [[0] * 5]):
            with self.subTest(action), self.assertRaises(medal.UserError):
                env.step(action)
        with self.assertRaisesRegex(medal.UserError, "render_mode"):
            medal.Env(render_mode="human")
        env.close()
        with self.assertRaisesRegex(medal.UserError, "closed"):
            env.step([0] * 5)


class WithGymnasium(unittest.TestCase):
    def test_the_published_checker(self):
        try:
            import gymnasium
            from gymnasium.utils.env_checker import check_env
        except ImportError:
            self.skipTest("Gymnasium is not installed")
        check_env(medal.Env("smoke"), skip_render_check=True)
        check_env(gymnasium.make("medal/Worlds-v0", config="smoke", actions="box").unwrapped, skip_render_check=True)


if __name__ == "__main__":
    unittest.main()
