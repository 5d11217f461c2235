"""Tasks, replays and runs as Python sees them."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

import medal

SOURCE = pathlib.Path(os.environ["MEDAL_SOURCE"])
RUN = SOURCE / "tests/fixtures/release_1/tiny"


class Tasks(unittest.TestCase):
    def test_a_task_is_the_programs_task(self):
        task = medal.Task.generate(7, "medal_adr")
        said = subprocess.run([os.environ["MEDAL_PROGRAM"], "task", "export", "--config", "medal_adr", "--seed", "7"],
                              capture_output=True, text=True, check=True)
        self.assertEqual(json.loads(task.to_json()), json.loads(said.stdout))

    def test_what_it_holds(self):
        task = medal.Task.generate(3, overrides={"evaluation.task.goals": 5, "evaluation.task.upright_density": 0.02})
        self.assertEqual((task.goals.shape, task.goal_radii.shape, task.goal_colours.shape), ((5, 3), (5,), (5, 3)))
        self.assertEqual(sorted(task.order), list(range(5)))
        self.assertTrue((np.abs(task.goals[:, :2]) <= task.arena_size / 2).all())
        self.assertLessEqual(np.abs(task.heights).max(), task.parameters["bumpiness"])
        self.assertEqual({kind for kind, _ in task.obstacles}, {"upright"})
        self.assertEqual((task.parameters["goals"], task.cyclic), (5, True))

    def test_files(self):
        task = medal.Task.generate(3)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "task.json"
            task.save(file)
            self.assertEqual(medal.Task.load(file).to_json(), task.to_json())
        for call, pattern in ((lambda: medal.Task.load("nothing.json"), "nothing.json"),
                              (lambda: medal.Task.from_json("{}"), "malformed"),
                              (lambda: medal.Task.generate(1, "quik"), "quick"),
                              (lambda: medal.Task.generate(1, overrides={"evaluation.task.goals": 99}), "goals")):
            with self.assertRaisesRegex(medal.UserError, pattern):
                call()

    def test_a_drawing_shows_every_goal_by_its_place_in_the_order(self):
        import matplotlib.pyplot as plt
        from matplotlib.patches import Circle, Polygon

        task = medal.Task.generate(3, "medal_adr")
        axes = task.draw(plt.figure().gca())
        circles = [patch for patch in axes.patches if isinstance(patch, Circle)]
        self.assertEqual(len([patch for patch in axes.patches if isinstance(patch, Polygon)]), len(task.obstacles))
        for place, goal in enumerate(task.order):
            np.testing.assert_allclose(circles[goal].center, task.goals[goal, :2])
            self.assertEqual(axes.texts[goal].get_text(), str(place + 1))


class Replays(unittest.TestCase):
    def setUp(self):
        self.replay = medal.Replay.open(next((RUN / "replays").glob("*.replay")))

    def test_arrays(self):
        replay, played = self.replay, self.replay.arrays()
        times, avatars = replay.steps + 1, len(replay.presence) + 1
        self.assertEqual(played["position"].shape, (times, avatars, 3))
        self.assertEqual(played["expert_visible"].shape, (times, avatars - 1))
        self.assertEqual(played["learner_actions"].shape, (replay.steps, avatars - 1, 5))
        np.testing.assert_allclose(played["position"][0, 0, :2], replay.task.expert_spawn[:2], atol=1e-3)
        self.assertEqual((played["score"][0] == 0).all(), True)
        for avatar in range(avatars):
            own = played["entries"][played["entries"][:, 1] == avatar]
            self.assertEqual(own[:, 3].sum(), played["score"][-1, avatar])
        goals = replay.task.goals
        for step, avatar, goal, _ in played["entries"]:
            away = np.linalg.norm(played["position"][step, avatar, :2] - goals[goal, :2])
            self.assertLess(away, replay.task.goal_radii[goal] + 1.1)

    def test_a_frame_in_one_line(self):
        frame, played = self.replay.frame(), self.replay.arrays()
        self.assertEqual(len(frame), played["yaw"].size)
        totals = frame.groupby("avatar")["reward"].sum()
        np.testing.assert_allclose(totals, played["earned"][-1])
        last = frame[(frame.step == self.replay.steps) & (frame.avatar == 1)].iloc[0]
        np.testing.assert_allclose([last.x, last.y], played["position"][-1, 1, :2])

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "clip.replay"
            self.replay.cut(2, 10).save(file)
            self.assertEqual(medal.Replay.open(file).steps, 10)
            file.write_bytes(b"no replay")
            with self.assertRaisesRegex(medal.UserError, "not a Medal replay"):
                medal.Replay.open(file)
        with self.assertRaisesRegex(medal.UserError, "cannot be cut"):
            self.replay.cut(5, 2)


class Runs(unittest.TestCase):
    def test_metrics(self):
        run = medal.Run(RUN)
        frame = run.metrics()
        lines = (RUN / "metrics.jsonl").read_text().splitlines()
        self.assertEqual(len(frame), len(lines))
        self.assertEqual(frame["loss/policy"].iloc[0], json.loads(lines[0])["loss"]["policy"])
        self.assertEqual(frame["steps"].iloc[-1], json.loads(lines[-1])["steps"])

    def test_the_rest_of_its_folder(self):
        run = medal.Run(RUN)
        steps = max(run.evaluations())
        self.assertEqual(set(run.replays()), {steps})
        self.assertEqual(run.evaluations()[steps]["tasks"], 8)
        self.assertGreater(run.agent().parameter_count, 0)

    def test_no_run(self):
        with self.assertRaisesRegex(medal.UserError, "no run's folder"):
            medal.Run(SOURCE)


if __name__ == "__main__":
    unittest.main()
