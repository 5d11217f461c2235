"""Who may take the expert's place: functions, objects, agents, recordings."""

import os
import unittest

import numpy as np

import medal

SOURCE = os.environ["MEDAL_SOURCE"]
SHORT = {"task.episode_seconds": 10, "curriculum.stagger": False}  # 100 steps


def make(expert, **options):
    usual = {"config": "smoke", "worlds": 2, "learners_per_world": 1, "overrides": SHORT, "presence": ["full"]}
    return medal.VectorEnv(expert=expert, **usual | options)


def expert_scores(env, steps=100, seed=1):
    env.reset(seed=seed)
    idle = np.tile([0, 1, 1, 0, 0], (env.num_envs, 1))
    for _ in range(steps):
        *_, ended, infos = env.step(idle)
    assert ended.all()
    return infos["expert_score"]


def walk_the_order(view):
    goal = view.task.goals[view.paying_goals[0]]
    return view.steer_towards(goal[0], goal[1])


class Functions(unittest.TestCase):
    def test_a_function_earns_what_its_actions_earn(self):
        self.assertGreater(expert_scores(make(walk_the_order)).min(), 3)
        np.testing.assert_array_equal(expert_scores(make(lambda view: None)), [0, 0])

    def test_threads_and_seeds_change_nothing_and_all(self):
        one, two = make(walk_the_order), make(walk_the_order, threads=2)
        np.testing.assert_array_equal(expert_scores(one), expert_scores(two))
        self.assertEqual(one.state_hash(), two.state_hash())

    def test_the_view(self):
        seen = []

        def look(view):
            seen.append(view)
            return [2, 1, 1, 0, 0]  # bins: straight ahead

        env = make(look, worlds=1)
        env.reset(seed=1)
        spawn = env.task().expert_spawn
        for _ in range(3):
            env.step([[0, 1, 1, 0, 0]])
        self.assertEqual([view.step for view in seen], [0, 1, 2])
        np.testing.assert_allclose(seen[0].position[:2], spawn[:2], atol=1e-3)
        self.assertGreater(np.linalg.norm(np.subtract(seen[2].position, seen[0].position)), 0.1)
        self.assertEqual((seen[0].last_goal, seen[0].correct, len(seen[0].paying_goals)), (-1, 0, 3))
        self.assertIsNone(seen[0].observation)

    def test_what_it_raises_comes_out_and_the_environment_can_go_on_after_a_reset(self):
        def fails(view):
            raise ZeroDivisionError("on purpose")

        for threads in (1, 2):
            env = make(fails, threads=threads)
            env.reset(seed=1)
            for _ in range(2):
                with self.assertRaisesRegex(ZeroDivisionError, "on purpose"):
                    env.step(env.action_space.sample())
                with self.assertRaisesRegex(medal.UserError, "call reset"):
                    env.step(env.action_space.sample())
                env.reset()

    def test_actions_that_are_none_are_told(self):
        for action in ([1, 2], [np.nan] * 5, "left", [7] * 5, object()):
            env = make(lambda view: action)
            env.reset()
            with self.subTest(action), self.assertRaisesRegex(medal.UserError, "the expert's action"):
                env.step(env.action_space.sample())

    def test_it_may_not_step_its_own_world(self):
        env = make(lambda view: env.step(env.action_space.sample()))
        env.reset()
        with self.assertRaisesRegex(medal.UserError, "another thread"):
            env.step(env.action_space.sample())


class Objects(unittest.TestCase):
    def test_each_episode_has_its_own(self):
        episodes = []

        class Counter(medal.Expert):
            def begin(self, task, seed):
                self.steps = 0
                episodes.append((task.seed, seed))

            def act(self, view):
                assert view.step == self.steps, (view.step, self.steps)
                self.steps += 1

        for expert in (Counter, Counter()):
            episodes.clear()
            env = make(expert, threads=2)
            expert_scores(env)
            env.step(env.action_space.sample())
            self.assertEqual(len(set(episodes)), 4)

    def test_what_an_expert_senses(self):
        class Looks(medal.Expert):
            senses = True

            def act(self, view):
                assert view.observation.shape == (env.single_observation_space.shape)
                assert env.single_observation_space.contains(view.observation)
                offset = env.slices["last_action"].offset
                np.testing.assert_array_equal(view.observation[offset:offset + 2], [float(view.step > 0), 0])
                return [1.0, 0, 0, -1, -1]

        env = make(Looks)
        env.reset(seed=1)
        for _ in range(20):
            env.step(env.action_space.sample())


class Others(unittest.TestCase):
    def test_a_kind_by_its_name(self):
        self.assertGreater(expert_scores(make("perfect")).min(), expert_scores(make("anti_expert")).max())
        env = make("absent")
        self.assertTrue((env.reset()[1]["expert_visible"] == 0).all())

    def test_an_own_expert_is_seen_whatever_the_config_says(self):
        env = make(lambda view: None, overrides=SHORT | {"evaluation.tasks": 4})
        self.assertTrue((env.reset()[1]["expert_visible"] == 1).all())

    def test_an_agent(self):
        agent = medal.Agent.load(os.path.join(SOURCE, "agents/pretrained/quick"))
        env = make(agent, config=agent, overrides=SHORT)
        scores = expert_scores(env)
        self.assertTrue(np.isfinite(scores).all())
        another = make(agent, overrides=SHORT | {"lidar.azimuths": 8})
        another.reset()
        with self.assertRaisesRegex(medal.UserError, "observations must be"):
            another.step(another.action_space.sample())

    def test_an_agent_that_the_config_names(self):
        path = os.path.join(SOURCE, "agents/pretrained/quick")
        overrides = SHORT | {"task.expert": "agent", "environment.expert_agent": path}
        one, two = (make(None, overrides=overrides, threads=threads) for threads in (1, 2))
        np.testing.assert_array_equal(expert_scores(one), expert_scores(two))
        with self.assertRaisesRegex(medal.UserError, "environment.expert_agent"):
            make("agent")

    def test_a_recording(self):
        replay = medal.Replay.open(os.path.join(SOURCE, "tests/fixtures/release_1/tiny/replays/000000000004224.replay"))
        played = replay.arrays()
        env = medal.VectorEnv("smoke", worlds=2, learners_per_world=1, expert=replay)
        env.reset(seed=1)
        self.assertEqual(env.task().to_json(), replay.task.to_json())
        for _ in range(replay.steps):
            *_, ended, infos = env.step(env.action_space.sample())
        self.assertTrue(ended.all())
        np.testing.assert_array_equal(infos["expert_score"], played["score"][-1, [0, 0]])


if __name__ == "__main__":
    unittest.main()
