"""Several environments in one process, in threads and in forked workers."""

import multiprocessing
import os
import pathlib
import threading
import unittest

import numpy as np

import medal

QUICK = pathlib.Path(os.environ["MEDAL_SOURCE"]) / "agents/pretrained/quick"


def make(**options):
    return medal.VectorEnv("smoke", **({"worlds": 4, "learners_per_world": 2} | options))


def play(env, seed, steps=120):
    env.reset(seed=seed)
    env.action_space.seed(seed)
    for _ in range(steps):
        env.step(env.action_space.sample())
    return env.state_hash()


def in_child(work, *arguments):
    """What work(*arguments) gives, or the text of what it raises, in a forked process."""
    def run(pipe):
        try:
            pipe.send(work(*arguments))
        except Exception as error:  # told to the parent
            pipe.send(f"{type(error).__name__}: {error}")

    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=run, args=(there,))
    child.start()
    answer = here.recv() if here.poll(60) else "nothing"
    child.join(60)
    if child.exitcode != 0:
        return f"exit code {child.exitcode}"
    return answer


class Threads(unittest.TestCase):
    def test_each_with_its_own_environment(self):
        expected = {seed: play(make(), seed) for seed in range(4)}
        found = {}
        threads = [threading.Thread(target=lambda s=seed: found.update({s: play(make(threads=1 + s % 2), s)}))
                   for seed in expected]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, expected)

    def test_one_environment_for_two_is_refused_and_not_harmed(self):
        env, inside, go_on = make(expert=lambda view: wait()), threading.Event(), threading.Event()

        def wait():
            inside.set()
            go_on.wait(30)

        env.reset(seed=1)
        idle = np.tile([0, 1, 1, 0, 0], (8, 1))
        other = threading.Thread(target=env.step, args=(idle,))
        other.start()
        self.assertTrue(inside.wait(30))
        for call in (lambda: env.step(idle), env.reset, env.close, env.state_hash):
            with self.assertRaisesRegex(medal.UserError, "another thread"):
                call()
        go_on.set()
        other.join()
        env.step(idle)

    def test_python_runs_on_while_worlds_are_stepped(self):
        env, counted, done = make(worlds=64, learners_per_world=4), 0, threading.Event()
        env.reset(seed=1)
        actions = env.action_space.sample()

        def step():
            for _ in range(60):
                env.step(actions)
            done.set()

        thread = threading.Thread(target=step)
        thread.start()
        while not done.wait(0.001):
            counted += 1
        thread.join()
        self.assertGreater(counted, 10)


class Forks(unittest.TestCase):
    def test_workers_make_their_own(self):
        self.assertEqual(in_child(lambda: play(make(threads=2), 3)), play(make(), 3))

    def test_one_thread_is_taken_along(self):
        env = make()
        env.reset(seed=5)
        self.assertEqual(in_child(play, env, 3), play(make(), 3))

    def test_several_threads_stay_behind_and_that_is_said(self):
        env = make(threads=2)
        env.reset(seed=5)
        self.assertRegex(in_child(play, env, 3), "UserError: .*made before the process forked")
        self.assertEqual(play(env, 3), play(make(), 3))

    def test_agents_act_in_workers(self):
        agent = medal.Agent.load(QUICK)
        rows = np.zeros((64, agent.observation_size), np.float32)

        def value():
            return agent.act(rows, agent.initial_memory(64), sample=False).value[0].item()

        self.assertEqual(in_child(value), value())


if __name__ == "__main__":
    unittest.main()
