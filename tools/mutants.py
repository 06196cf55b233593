"""Break the package in many small ways, one after the other, and say which the tests do not notice.

`python tools/mutants.py [word …]` runs the mutants of tests/mutants.toml whose file or words contain one of the given
words, or all. A mutant is a change of one place: `file`, `before` (which stands there exactly once), `after`, and the
`tests` that must fail then. Each runs in a copy of the package, so the working tree stays as it is. A mutant that
cannot be told from the original says why, as `same`, and is not run.

Ends with 1 where a mutant survived, or where the list no longer fits the code.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests/mutants.toml"
COPIED = ("udl_core", "udl_exercises", "exercises", "tests", "tools", "pyproject.toml")
TIMEOUT = 120.0  # seconds; a mutant that never ends is noticed too


def main(words: list[str]) -> int:
    chosen = [m for m in tomllib.loads(LIST.read_text(encoding="utf-8"))["mutant"] if _meant(m, words)]
    stale = [f"{m['file']}: {m['before']!r} stands there {count} times" for m in chosen if (count := _count(m)) != 1]
    if stale:
        print("the list no longer fits the code:", *stale, sep="\n  ")
        return 1
    run = [m for m in chosen if "same" not in m]
    with tempfile.TemporaryDirectory() as folder:
        copies = [_copy(Path(folder) / str(k)) for k in range(2)]
        free = list(copies)

        def check(mutant: dict[str, Any]) -> bool:
            copy = free.pop()
            try:
                return _report(mutant, _survives(copy, mutant))
            finally:
                free.append(copy)

        with ThreadPoolExecutor(len(copies)) as pool:
            survived = sum(pool.map(check, run))
    print(f"{len(run)} mutants, {survived} survived; {len(chosen) - len(run)} that change nothing")
    return int(survived > 0)


def _meant(mutant: dict[str, Any], words: list[str]) -> bool:
    return not words or any(word in f"{mutant['file']} {mutant['what']}" for word in words)


def _count(mutant: dict[str, Any]) -> int:
    return (ROOT / mutant["file"]).read_text(encoding="utf-8").count(mutant["before"])


def _copy(folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
        else:
            shutil.copy(source, folder / name)
    return folder


def _survives(copy: Path, mutant: dict[str, Any]) -> tuple[bool, float]:
    file = copy / mutant["file"]
    original = file.read_text(encoding="utf-8")
    file.write_text(original.replace(mutant["before"], mutant["after"]), encoding="utf-8")
    options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "--tb=no", "--hypothesis-profile=mutants"]
    start = time.perf_counter()
    try:
        # -B: a change within the same second and of the same length would run from a stale .pyc
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", *options, *mutant["tests"]],
            cwd=copy, capture_output=True, text=True, timeout=TIMEOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False, TIMEOUT
    finally:
        file.write_text(original, encoding="utf-8")
    if "SyntaxError" in done.stdout or done.returncode > 2:  # neither passed nor failed
        raise SystemExit(f"{mutant['file']}: {mutant['what']}: the tests did not run\n{done.stdout}{done.stderr}")
    return done.returncode == 0, time.perf_counter() - start


def _report(mutant: dict[str, Any], outcome: tuple[bool, float]) -> bool:
    survived, seconds = outcome
    print(f"{'SURVIVED' if survived else 'noticed'} {seconds:5.1f} s  {mutant['file']}: {mutant['what']}", flush=True)
    return survived


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
