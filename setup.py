"""The wheel's part that pyproject.toml cannot say: CMake builds the compiled module."""

import os
import pathlib
import re
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).parent
BUILD, WHEEL = ROOT / "build/pip", "build/wheel"

(ROOT / WHEEL).mkdir(parents=True, exist_ok=True)


class BuildByCMake(build_ext):
    def build_extension(self, extension):
        options = ["-DCMAKE_BUILD_TYPE=Release", "-DMEDAL_TESTS=OFF", f"-DPython3_EXECUTABLE={sys.executable}"]
        options += os.environ.get("CMAKE_ARGS", "").split()  # such as -DCMAKE_PREFIX_PATH=... for another Torch
        subprocess.run(["cmake", "-S", ROOT, "-B", BUILD, "-G", "Ninja", *options], check=True)
        subprocess.run(["cmake", "--build", BUILD, "--target", "medal_python"], check=True)
        module = pathlib.Path(self.get_ext_fullpath(extension.name))
        module.parent.mkdir(parents=True, exist_ok=True)
        self.copy_file(str(BUILD / "python/medal/_medal.so"), str(module))


setup(
    version=re.search(r"project\(medal VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1],
    packages=["medal"],
    package_dir={"medal": "experiments/python/medal"},
    package_data={"medal": ["py.typed", "*.pyi"]},
    ext_modules=[Extension("medal._medal", sources=[])],
    cmdclass={"build_ext": BuildByCMake},
    options={"build": {"build_base": WHEEL}, "egg_info": {"egg_base": WHEEL}},
)
