"""A real nbgrader, installed beside the environment: in it, its extensions would appear in JupyterLab."""

import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from tools import install

ROOT = Path(__file__).parents[2]
REQUIREMENTS = "tests/nbgrader-requirements.txt"
FOLDER = ROOT / ".cache/nbgrader"


def installed() -> Path:
    """The folder with nbgrader, filled when its requirements have changed."""
    stamp = FOLDER / "installed"
    wanted = install.digest(REQUIREMENTS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with FileLock(FOLDER / "lock"):  # two workers may want it at once
        if not (stamp.is_file() and stamp.read_text() == wanted):
            command = ["-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(FOLDER)]
            subprocess.run([sys.executable, *command, "-r", str(ROOT / REQUIREMENTS)], check=True)
            stamp.write_text(wanted)
    return FOLDER


def nbgrader(course: Path, *arguments: str) -> str:
    """What nbgrader says; it must succeed."""
    paths = os.pathsep.join([str(installed()), str(ROOT)])
    programs = os.pathsep.join([str(FOLDER / "bin"), os.environ["PATH"]])  # it calls alembic
    environment = {**os.environ, "PYTHONPATH": paths, "PATH": programs, "JUPYTER_PREFER_ENV_PATH": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
