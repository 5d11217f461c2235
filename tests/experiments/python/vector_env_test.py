"""medal.VectorEnv against the contract of Gymnasium's vector environments, point by point."""

import gc
import unittest

import numpy as np

import medal

SHORT = {"task.episode_seconds": 2, "curriculum.stagger": False}  # 20 steps


def make(**options):
    options = {"config": "smoke", "worlds": 3, "learners_per_world": 2, "overrides": SHORT} | options
    return medal.VectorEnv(**options)


def play(env, steps, seed=1):
    env.action_space.seed(seed)
    results = []
    for _ in range(steps):
        results.append([np.copy(part) for part in env.step(env.action_space.sample())[:4]])
    return results


class Contract(unittest.TestCase):
    def test_attributes(self):
        env = make()
        self.assertEqual(env.num_envs, 6)
        self.assertEqual(env.metadata["autoreset_mode"], medal.AutoresetMode.NEXT_STEP)
        self.assertEqual(make(autoreset="same_step").metadata["autoreset_mode"], medal.AutoresetMode.SAME_STEP)
        self.assertEqual(env.single_action_space.nvec.tolist(), [3, 3, 3, 2, 2])
        self.assertEqual((env.action_space.shape, env.action_space.dtype), ((6, 5), np.int64))
        width = sum(part.length for part in env.slices.values())
        self.assertEqual((env.single_observation_space.shape, env.observation_space.shape), ((width,), (6, width)))
        self.assertEqual(env.single_observation_space.dtype, np.float32)
        self.assertIs(env.unwrapped, env)
        box = make(actions="box").single_action_space
        self.assertEqual((box.shape, box.dtype), ((5,), np.float32))
        self.assertEqual((box.low.tolist(), box.high.tolist()), ([-1] * 5, [1] * 5))

    def test_reset_and_step_have_the_shapes_and_types_that_are_promised(self):
        env = make()
        observations, infos = env.reset(seed=3)
        self.assertIsInstance(infos, dict)
        self.assertIn(observations, env.observation_space)
        observations, rewards, terminations, truncations, infos = env.step(env.action_space.sample())
        self.assertEqual((rewards.shape, rewards.dtype), ((6,), np.float32))
        for flags in (terminations, truncations):
            self.assertEqual((flags.shape, flags.dtype), ((6,), bool))
        self.assertEqual(infos["expert_position"].shape, (6, 3))
        for name in infos:
            mask = infos[name if name.startswith("_") else "_" + name]
            self.assertEqual((mask.shape, mask.dtype), ((6,), bool))

    def test_observations_stay_within_their_space(self):
        for config in medal.preset_names():
            env = medal.VectorEnv(config, worlds=4, learners_per_world=4, overrides={"task.episode_seconds": 20})
            env.reset(seed=5)
            for observations, *_ in play(env, 250):
                self.assertIn(observations, env.observation_space, config)

    def test_an_info_dict_is_the_callers_own(self):
        env = make()
        _, infos = env.reset()
        infos.clear()
        self.assertIn("expert_visible", env.step(env.action_space.sample())[4])

    def test_closing_is_final_and_may_be_repeated(self):
        env = make()
        observations, _ = env.reset()
        before = observations.copy()
        env.close()
        env.close()
        self.assertTrue(env.closed)
        for call in (env.reset, env.state_hash, lambda: env.step(env.action_space.sample())):
            with self.assertRaisesRegex(medal.UserError, "closed"):
                call()
        np.testing.assert_array_equal(observations, before)


class Memory(unittest.TestCase):
    def test_results_are_views_of_the_same_memory(self):
        env = make()
        first, _ = env.reset()
        for _ in range(30):
            observations = env.step(env.action_space.sample())[0]
            self.assertIs(observations, env.step(env.action_space.sample())[0])
            self.assertTrue(np.shares_memory(observations, first))

    def test_views_outlive_their_environment(self):
        env = make()
        observations, infos = env.reset(seed=1)
        before, place = observations.copy(), infos["expert_position"].copy()
        del env
        gc.collect()
        np.testing.assert_array_equal(observations, before)
        np.testing.assert_array_equal(infos["expert_position"], place)

    def test_copies_where_they_are_asked_for(self):
        env = make(copy=True)
        first, _ = env.reset()
        kept = first.copy()
        second = env.step(env.action_space.sample())[0]
        self.assertFalse(np.shares_memory(first, second))
        np.testing.assert_array_equal(first, kept)

    def test_dlpack(self):
        observations, _ = make().reset()
        again = np.from_dlpack(observations)
        self.assertTrue(np.shares_memory(again, observations))


class Autoreset(unittest.TestCase):
    def test_next_step(self):
        env = make()
        env.reset(seed=2)
        results = play(env, 21)
        self.assertTrue(results[19][3].all() and not results[19][2].any())
        last, first = results[19], results[20]
        self.assertFalse(first[3].any())
        np.testing.assert_array_equal(first[1], np.zeros(6))
        slot = env.slices["last_action"]
        idle = [0, 0, 0, -1, -1]
        self.assertTrue((first[0][:, slot.offset:slot.offset + 5] == idle).all())
        self.assertFalse((last[0][:, slot.offset:slot.offset + 5] == idle).all())

    def test_the_action_at_a_reset_is_ignored(self):
        hashes = []
        for jump in (0, 1):
            env = make()
            env.reset(seed=2)
            play(env, 20)
            env.step(np.full((6, 5), [2, 1, 1, jump, 0]))
            hashes.append(env.state_hash())
        self.assertEqual(*hashes)

    def test_same_step_is_next_step_without_the_step_between(self):
        next_step, same_step = make(), make(autoreset="same_step")
        next_step.reset(seed=2), same_step.reset(seed=2)
        for _ in range(2):
            for t in range(20):
                actions = same_step.action_space.sample()
                after, rewards, _, ended, infos = same_step.step(actions)
                expected, wanted, _, wanted_end, wanted_infos = next_step.step(actions)
                np.testing.assert_array_equal(rewards, wanted)
                np.testing.assert_array_equal(ended, wanted_end)
                if t < 19:
                    np.testing.assert_array_equal(after, expected)
                    self.assertNotIn("final_obs", infos)
                    self.assertNotIn("episode_score", wanted_infos)
            self.assertTrue(infos["_final_obs"].all())
            np.testing.assert_array_equal(np.stack(infos["final_obs"]), expected)
            for name in ("episode_return", "episode_score", "episode_length", "expert_score"):
                np.testing.assert_array_equal(infos["final_info"][name], wanted_infos[name])
                self.assertTrue(infos["final_info"]["_" + name].all())
            np.testing.assert_array_equal(wanted_infos["episode_length"], [20] * 6)
            np.testing.assert_array_equal(next_step.step(actions)[0], after)

    def test_final_observations_are_theirs_whose_episode_ended(self):
        env = make(autoreset="same_step", overrides={"task.episode_seconds": 6, "curriculum.stagger": True})
        env.reset(seed=2)
        seen = 0
        for _ in range(60):
            *_, ended, infos = env.step(env.action_space.sample())
            if ended.any() and not ended.all():
                seen += 1
                self.assertEqual([last is not None for last in infos["final_obs"]], ended.tolist())
        self.assertGreater(seen, 0)

    def test_returns_are_the_sums_of_rewards(self):
        env = make(overrides={"task.episode_seconds": 20, "curriculum.stagger": False})
        env.reset(seed=4)
        total = np.zeros(6)
        for _ in range(200):
            _, rewards, _, ended, infos = env.step(env.action_space.sample())
            total += rewards
        self.assertTrue(ended.all())
        np.testing.assert_array_equal(infos["episode_return"], total)
        self.assertGreater(infos["expert_score"].min(), 0)


class Seeds(unittest.TestCase):
    def test_everything_follows_from_the_seed(self):
        env, threads = make(), make(threads=3)
        first = env.reset(seed=7)[0].copy()
        results, state = play(env, 50), env.state_hash()
        np.testing.assert_array_equal(env.reset(seed=7)[0], first)
        threads.reset(seed=7)
        for other in (play(env, 50), play(threads, 50)):
            for one, two in zip(results, other):
                for a, b in zip(one, two):
                    np.testing.assert_array_equal(a, b)
        self.assertEqual({env.state_hash(), threads.state_hash()}, {state})
        self.assertFalse(np.array_equal(env.reset(seed=8)[0], first))

    def test_without_a_seed_the_episodes_go_on(self):
        env = make()
        seen = {env.reset(seed=7)[0].tobytes()}
        for _ in range(3):
            seen.add(env.reset()[0].tobytes())
        self.assertEqual(len(seen), 4)

    def test_the_constructors_seed_is_the_first_resets(self):
        np.testing.assert_array_equal(make(seed=9).reset()[0], make().reset(seed=9)[0])

    def test_schedules_follow_the_learner_steps(self):
        env = make(overrides=SHORT | {"task.goals": {"from": 3, "to": 4, "begin": 50, "end": 51}})
        env.reset(seed=1)
        self.assertEqual((env.training_steps, len(env.task().goals)), (0, 3))
        play(env, 21)
        self.assertEqual((env.training_steps, len(env.task().goals)), (126, 4))
        env.reset(seed=1)
        self.assertEqual((env.training_steps, len(env.task().goals)), (0, 3))


class Learners(unittest.TestCase):
    def test_who_sees_the_expert_and_where_it_is(self):
        env = make(presence=["full", "solo"])
        _, infos = env.reset(seed=1)
        np.testing.assert_array_equal(infos["expert_visible"], [1, 0] * 3)
        for world in range(3):
            task = env.task(world)
            for k in (0, 1):
                away = np.linalg.norm(np.array(task.expert_spawn[:3]) - task.learner_spawns[k]) / 10
                self.assertAlmostEqual(np.linalg.norm(infos["expert_position"][2 * world + k]), away, places=2)
        avatar = env.slices["lidar_avatar"]
        seen = np.zeros(6)
        for observations, *_ in play(env, 15):
            seen += observations[:, avatar.offset:avatar.offset + avatar.length].sum(1)
        self.assertTrue((seen[1::2] == 0).all())
        self.assertTrue((seen[0::2] > 0).any())

    def test_values_do_what_bins_do(self):
        bins, box = make(), make(actions="box")
        bins.reset(seed=1), box.reset(seed=1)
        table = [np.array(values, np.float32) for values in ([0, 0.5, 1], [-1, 0, 1], [-1, 0, 1], [-1, 1], [-1, 1])]
        for _ in range(10):
            actions = bins.action_space.sample()
            bins.step(actions)
            box.step(np.stack([table[i][actions[:, i]] for i in range(5)], 1))
        self.assertEqual(bins.state_hash(), box.state_hash())


class Mistakes(unittest.TestCase):
    def test_are_told_in_one_line(self):
        env = make()
        actions = env.action_space.sample()
        box = make(actions="box")
        box.reset()
        with self.assertRaisesRegex(medal.UserError, "call reset"):
            env.step(actions)
        env.reset()
        high = actions.copy()
        high[2, 1] = 3
        bad = np.zeros((6, 5), np.float32)
        bad[0, 0] = np.nan
        cases = [
            (lambda: env.step(actions[:5]), r"shape \[6, 5\], not int64 of shape \[5, 5\]"),
            (lambda: env.step(actions.astype(float)), "whole numbers"),
            (lambda: box.step(actions), "floats in"),
            (lambda: box.step(bad), "'forward' is nan"),
            (lambda: env.step(high), "'strafe' has the bins 0 to 2, not 3"),
            (lambda: env.step(None), "actions must be"),
            (lambda: env.step("forward"), "actions must be"),
            (lambda: env.reset(seed=-1), "seed must be"),
            (lambda: env.reset(seed=[1, 2]), "seed must be"),
            (lambda: make(config="quik"), "quick"),
            (lambda: make(config=3), "config is"),
            (lambda: make(worlds=0), "worlds must be 1"),
            (lambda: make(learners_per_world=17), "learners_per_world must be 1 to 16"),
            (lambda: make(threads=0), "threads must be"),
            (lambda: make(overrides={"task.goal": 3}), "task.goal"),
            (lambda: make(overrides={"task.goals": object()}), "option cannot be"),
            (lambda: make(actions="discrete"), "actions is one of"),
            (lambda: make(autoreset="never"), "autoreset is one of"),
            (lambda: make(presence=["full"]), "presence names 1 learners"),
            (lambda: make(presence=["full", "sometimes"]), "'sometimes' is not known"),
            (lambda: make(expert="perfekt"), "perfect"),
            (lambda: make(expert=3), "an expert is"),
            (lambda: env.task(3), "no world 3"),
            (lambda: make(overrides={"task.arena_size": 8, "task.goals": 8, "task.goal_spacing": 8}).reset(), "goal"),
        ]
        for call, pattern in cases:
            with self.subTest(pattern), self.assertRaisesRegex(medal.UserError, pattern) as caught:
                call()
            self.assertNotIn("\n", str(caught.exception))
        self.assertEqual(env.step(actions)[1].shape, (6,))  # none of them did any harm


class WithGymnasium(unittest.TestCase):
    def setUp(self):
        try:
            import gymnasium
        except ImportError:
            self.skipTest("Gymnasium is not installed")
        self.gymnasium = gymnasium

    def test_it_is_one_of_gymnasiums_and_wrappers_take_it(self):
        env = make()
        self.assertIsInstance(env, self.gymnasium.vector.VectorEnv)
        self.assertEqual(env.action_space, self.gymnasium.vector.utils.batch_space(env.single_action_space, 6))
        batched = self.gymnasium.vector.utils.batch_space(env.single_observation_space, 6)
        self.assertEqual(env.observation_space, batched)
        wrapped = self.gymnasium.wrappers.vector.RecordEpisodeStatistics(make())
        wrapped.reset(seed=1)
        for _ in range(20):
            *_, infos = wrapped.step(wrapped.action_space.sample())
        np.testing.assert_array_equal(infos["episode"]["l"], [20] * 6)
        np.testing.assert_allclose(infos["episode"]["r"], infos["episode_return"])

    def test_make_vec(self):
        env = self.gymnasium.make_vec("medal/Worlds-v0", num_envs=4, config="smoke",
                                      vectorization_mode="vector_entry_point")
        self.assertEqual(env.num_envs, 4)
        env.reset(seed=1)
        env.step(env.action_space.sample())


if __name__ == "__main__":
    unittest.main()
