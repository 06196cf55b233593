"""Build the whole site into _build/html: python tools/book.py [--strict].

The same as ``make book``, for machines without make. With ``--strict`` a warning fails the build.
"""

from __future__ import annotations  # an old Python shall read on to the check of its version

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import install

ROOT = Path(__file__).resolve().parents[1]
LOG = ROOT / "_build/build.log"
ENVIRONMENT = ROOT / "_build/.doctrees/environment.pickle"
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"  # it has no python -m form
UNREACHABLE = 3  # exit code of book/lite/build.py when a part cannot be fetched
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
EXECUTING = re.compile(r"([^/\\]+[/\\][^/\\]+): Executing notebook using")
PROBLEM = re.compile(r"(WARNING|ERROR|CRITICAL): ")
ONLY_WARNINGS = re.compile(r"build finished with problems, (\d+) warning")


def main() -> None:
    install.check_python()
    begun = time.monotonic()
    strict = "--strict" in sys.argv[1:]
    if install.is_installed():
        say("[1/4] Python packages: already in .venv")
    else:
        say("[1/4] Python packages: installing into .venv (a few minutes, once)")
        install.install()
    write_exercises()
    say("[2/4] Python for the browser")
    assemble_lite()
    say("[3/4] chapters and pages")
    build_pages(strict)
    say(f"[4/4] done in {time.monotonic() - begun:.0f} s: the site is in _build/html. Now type: make serve")
    if os.name == "nt":
        say(r"      (without make: .venv\Scripts\python tools\serve.py)")


def write_exercises() -> None:
    """The exercise pages, before anything reads them: the in-browser Python holds them too."""
    if subprocess.call([install.venv_python(), "-m", "udl_exercises", "pages"], cwd=ROOT):
        install.fail("the exercises could not be read (see above)")


def assemble_lite() -> None:
    code = subprocess.call([install.venv_python(), "book/lite/build.py", "--out", ".cache/lite/site"], cwd=ROOT)
    if code not in (0, UNREACHABLE):
        install.fail("the in-browser Python could not be assembled (see above)")


def build_pages(strict: bool) -> None:
    """Run Jupyter Book; show which chapter is executing and what went wrong, keep the rest in a log."""
    LOG.parent.mkdir(exist_ok=True)
    command = [install.venv_python(), "-c", JUPYTER_BOOK, "build", ".", "-W", "--keep-going"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        errors="replace", env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
    )  # fmt: skip
    lines = []
    with LOG.open("w", encoding="utf-8") as log:
        for raw in process.stdout or ():
            line = COLOUR.sub("", raw.rstrip())
            log.write(line + "\n")
            lines.append(line)
            report(line)
    if process.wait() == 0:
        return
    problems = [found for line in lines if (found := ONLY_WARNINGS.search(line))]
    if problems:
        # Sphinx would not repeat a warning about a page that it has read already.
        ENVIRONMENT.unlink(missing_ok=True)
        if strict:
            install.fail(f"the pages are built, with {problems[-1][1]} warnings (above)")
        return
    print("\n".join(cause(lines)), file=sys.stderr)
    install.fail("the book could not be built; the whole output is in _build/build.log")


def cause(lines: list[str]) -> list[str]:
    """The part of the output that says what went wrong: the failing cell, or Sphinx's own words."""
    for sign, end in (("CellExecutionError: ", "The above exception"), ("Exception occurred:", "The full traceback")):
        starts = [n for n, line in enumerate(lines) if sign in line and "[mystnb.exec]" not in line]
        if starts:
            block = lines[starts[0] :]
            return block[: next((n for n, line in enumerate(block) if line.startswith(end)), 30)]
    return lines[-25:]


def report(line: str) -> None:
    if executing := EXECUTING.search(line):
        say(f"      executing {executing[1]}")
    elif PROBLEM.search(line):
        print("      " + line.replace(f"{ROOT}{os.sep}", ""), file=sys.stderr)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
