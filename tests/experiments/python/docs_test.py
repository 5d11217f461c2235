"""The code of docs/python.md, of README's first screen and of examples/ runs."""

import contextlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["MEDAL_SOURCE"])
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)


def run_in_a_folder_like_the_root(work):
    """In a scratch folder where the paths that a reader would use lead to the project's files."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("agents", "tests", "examples"):
            (pathlib.Path(folder) / name).symlink_to(SOURCE / name)
        os.chdir(folder)
        try:
            return work(pathlib.Path(folder))
        finally:
            os.chdir(before)


def run_blocks(blocks, name):
    said, names = io.StringIO(), {}
    with contextlib.redirect_stdout(said):
        for number, block in enumerate(blocks):
            exec(compile(block, f"{name}, block {number + 1}", "exec"), names)
    return said.getvalue()


def run_script(name, *arguments):
    done = subprocess.run([sys.executable, SOURCE / "examples" / name, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout


class Pages(unittest.TestCase):
    def test_the_page(self):
        blocks = BLOCK.findall((SOURCE / "docs/python.md").read_text())
        self.assertGreater(len(blocks), 8)
        said = run_in_a_folder_like_the_root(lambda folder: run_blocks(blocks, "docs/python.md"))
        self.assertIn("actions: 'crouch' has the bins 0 to 1, not 9", said)

    def test_the_first_screen(self):
        [block] = BLOCK.findall((SOURCE / "README.md").read_text())
        self.assertLessEqual(len(block.splitlines()), 12)
        self.assertIn("CT", run_in_a_folder_like_the_root(lambda folder: run_blocks([block], "README.md")))


class Examples(unittest.TestCase):
    def test_random_policy(self):
        self.assertRegex(run_script("random_policy.py", "100"), r"experts \d+.*\n(.*\n)*[\d,]+ learner steps per sec")

    def test_own_expert(self):
        said = dict(re.findall(r"(\w+): the agent scored (\S+),", run_script("own_expert.py")))
        self.assertGreater(float(said["perfect"]), float(said["lost"]) + 10)

    def test_the_notebook(self):
        notebook = json.loads((SOURCE / "examples/analyse.ipynb").read_text())
        blocks = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        self.assertFalse([cell for cell in notebook["cells"] if cell.get("outputs")], "outputs are not kept")
        said = run_in_a_folder_like_the_root(lambda folder: run_blocks(blocks, "examples/analyse.ipynb"))
        self.assertIn("CT", said)

    def test_ppo(self):
        self.assertLessEqual(len((SOURCE / "examples/ppo.py").read_text().splitlines()), 300)
        try:
            import torch  # noqa: F401
        except ImportError:
            self.skipTest("Torch is not installed")

        def train(folder):
            said = run_script("ppo.py", "--config", "smoke", "--goals", "3", "--steps", "10000", "--worlds", "4",
                              "--unroll", "32", "--evaluation-tasks", "2", "--threads", "1")
            self.assertTrue((folder / "ppo.medal").is_file())
            return said

        self.assertRegex(run_in_a_folder_like_the_root(train), r"attention loss 0\.\d+\n(.*\n)*CT ")


if __name__ == "__main__":
    unittest.main()
