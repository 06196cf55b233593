"""Write everything that is derived from the sources. Nothing written here is edited or committed."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pybtex.database import BibliographyData

from udl_exercises.author import nbgrader, notebooks
from udl_exercises.author.cases import chapter_data
from udl_exercises.author.cells import write
from udl_exercises.author.model import Chapter
from udl_exercises.author.plain import plain
from udl_exercises.author.settings import ROOT, Settings
from udl_exercises.author.source import read_chapter

SOURCES = "exercises/[0-9][0-9]_*.md"
PAGES = Path("book/exercises")
SEED = "hidden-cases.yml"
SEED_TEXT = """\
# The hidden cases in these notebooks are drawn from this seed; the next build here uses it again.
# Keep it where students do not look. Delete this file to have another seed drawn, or choose one:
# `seed:` in exercises/settings.yml, or `python -m udl_exercises build --seed 2027`.
seed: {seed}
"""


def chapters(root: Path = ROOT) -> list[Chapter]:
    """All sources, in order. Raises SourceError."""
    return [read_chapter(path) for path in sorted(root.glob(SOURCES))]


def write_pages(root: Path, settings: Settings) -> list[Path]:
    """The book's pages, and the tables that the page for instructors includes; what has no source any more goes."""
    found = chapters(root)
    written = [write(root / PAGES / f"{chapter.stem}.ipynb", notebooks.page(chapter, settings)) for chapter in found]
    tables = [f"### {c.number} {c.title}\n\n{notebooks.points_table(c)}" for c in found]
    written.append(write(root / PAGES / "points.txt", "\n\n".join(tables) + "\n"))
    for old in set((root / PAGES).glob("*")) - set(written):
        if old.is_file():
            old.unlink()
    return written


def write_assignments(root: Path, out: Path, settings: Settings, *, execute: bool = True) -> Iterator[Path]:
    """Reader's, student's, instructor's and nbgrader's notebooks, and the cases for a grader of your own.

    Where the settings have no seed for the hidden cases, it is the one of the last time, and the first time a new one;
    `hidden-cases.yml` records it.
    """
    settings = replace(settings, seed=_seed(out / SEED, settings))
    yield write(out / SEED, SEED_TEXT.format(seed=settings.seed))
    for chapter in chapters(root):
        name = f"{chapter.stem}.ipynb"
        yield write(out / "reader" / name, _plain(notebooks.page(chapter, settings)))
        yield write(out / "student" / name, _plain(notebooks.student(chapter, settings)))
        solved = _plain(notebooks.instructor(chapter, settings))
        yield write(out / "instructor" / name, _executed(solved) if execute else solved)
        yield write(out / "nbgrader/source" / chapter.stem / name, _plain(nbgrader.source(chapter, settings)))
        data = chapter_data(chapter, seed=settings.seed, hidden=settings.hidden, hints=settings.hints)
        yield write(out / "cases" / f"{chapter.stem}.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    yield write(out / "nbgrader/nbgrader_config.py", nbgrader.CONFIG)


def _seed(recorded: Path, settings: Settings) -> int:
    """The seed that is chosen, else the one that is recorded, else one drawn now. Raises ValueError."""
    if settings.seed is not None:
        return settings.seed
    if not recorded.is_file():
        return secrets.randbelow(2**32)
    found = yaml.safe_load(recorded.read_text(encoding="utf-8"))
    seed = found.get("seed") if isinstance(found, dict) else None
    if type(seed) is not int or seed < 0:
        raise ValueError(f"{recorded} holds no line `seed: 2027`; delete the file to have a new seed drawn")
    return seed


def _plain(notebook: dict[str, Any]) -> dict[str, Any]:
    """The same with Markdown that any notebook shows: closed boxes become `<details>`."""
    cells = [
        cell | {"source": plain(cell["source"], BibliographyData(), {})} if cell["cell_type"] == "markdown" else cell
        for cell in notebook["cells"]
    ]
    return notebook | {"cells": cells}


def _executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """Run all cells, in a folder of their own, and keep what they print."""
    import tempfile

    import nbformat
    from nbclient import NotebookClient

    node = nbformat.from_dict(notebook)
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(node, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    for cell in node.cells:
        cell.metadata.pop("execution", None)
    node.metadata.language_info = {"name": "python"}
    return json.loads(nbformat.writes(node))
