"""`pip install .` in a virtual environment gives a package that works without the build folder; its stubs tell the
truth."""

import ast
import inspect
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import venv

import medal
from medal import _medal

SOURCE = pathlib.Path(os.environ["MEDAL_SOURCE"])


class Wheel(unittest.TestCase):
    def test_pip_installs_it(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            venv.create(folder, system_site_packages=True, with_pip=True)
            environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
            environment["CMAKE_ARGS"] = "-DMEDAL_WERROR=ON"  # as in our build folder, so that the compiler cache has it

            def run(*command):
                done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-3000:])
                return done.stdout

            run(folder / "bin/pip", "install", "--no-build-isolation", "--no-index", SOURCE)
            script = ("import medal; env = medal.VectorEnv('smoke', worlds=2); env.reset(); "
                      "env.step(env.action_space.sample()); print(medal.__file__, medal.__version__)")
            said = run(folder / "bin/python", "-c", script)
            self.assertIn(f"{folder}/lib", said)
            self.assertIn(medal.__version__, said)
            files = run(folder / "bin/pip", "show", "--files", "medal")
            for name in ("py.typed", "_medal.pyi", "vector_env.py"):
                self.assertIn(name, files)
            [wheel] = folder.glob("lib/*/site-packages/medal-*.dist-info/WHEEL")
            self.assertIn("Root-Is-Purelib: false", wheel.read_text())


class Stubs(unittest.TestCase):
    def test_the_stub_names_what_the_module_has_and_no_more(self):
        stub = ast.parse((pathlib.Path(medal.__file__).parent / "_medal.pyi").read_text())
        named = {}
        for node in stub.body:
            if isinstance(node, ast.ClassDef):
                named[node.name] = {part.name if isinstance(part, ast.FunctionDef) else part.target.id
                                    for part in node.body if isinstance(part, (ast.FunctionDef, ast.AnnAssign))}
            elif isinstance(node, ast.FunctionDef):
                named[node.name] = set()
            elif isinstance(node, ast.AnnAssign):
                named[node.target.id] = set()
        own = {name: thing for name, thing in vars(_medal).items() if not name.startswith("__")}
        self.assertEqual(set(named), set(own))
        for name, thing in own.items():
            if not inspect.isclass(thing) or issubclass(thing, Exception):
                continue
            members = {member for member in vars(thing) if not member.startswith("__")}
            if "__init__" in named[name]:
                members.add("__init__")
            self.assertEqual(named[name], members, name)

    def test_every_public_thing_has_a_docstring_and_types(self):
        for name in medal.__all__:
            thing = getattr(medal, name)
            self.assertTrue(inspect.getdoc(thing), name)
            members = vars(thing).items() if inspect.isclass(thing) else [(name, thing)]
            for member, function in members:
                function = getattr(function, "__func__", function)
                own = inspect.isfunction(function) and function.__module__.startswith("medal")
                if own and not member.startswith("_"):
                    self.assertIn("return", function.__annotations__, f"{name}.{member}")


if __name__ == "__main__":
    unittest.main()
