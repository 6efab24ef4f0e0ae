"""Builds the wheel: the package, and the engine's library, which needs Swift and this repository.

The library knows nothing of Python, so one wheel serves every version.
"""

import os
import shutil
import subprocess
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent


class BuildWithLibrary(build_py):
    """Puts the library beside the package's modules."""

    def run(self):
        # What an earlier version left there would be in the wheel.
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        built = os.environ.get("WAKELOG_LIBRARY")
        if built is None:
            folder = Path(self.build_lib).resolve().parent / "library"
            subprocess.run([HERE.parent / "build-library", folder], check=True)
            built = folder / "libwakelog.so"
        self.copy_file(str(built), str(Path(self.build_lib, "wakelog", "libwakelog.so")))


class PlatformWheel(bdist_wheel):
    """Names the wheel after the machine, and no version of Python."""

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


class WithLibrary(Distribution):
    """What is built is for one kind of machine."""

    def has_ext_modules(self):
        return True


setup(
    cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": PlatformWheel}, distclass=WithLibrary
)
