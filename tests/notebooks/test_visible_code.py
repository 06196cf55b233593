"""A chapter runs without its hidden claims cells: the code that the page shows is all that its results need."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from running import CHAPTERS, Run, run


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> tuple[nbformat.NotebookNode, Run]:
    path: Path = request.param
    return nbformat.read(path, as_version=4), run(path)


def test_no_cell_needs_a_hidden_one(chapter: tuple[nbformat.NotebookNode, Run]) -> None:
    assert not chapter[1].raised


def test_what_the_visible_code_prints_is_what_the_page_shows(chapter: tuple[nbformat.NotebookNode, Run]) -> None:
    notebook, found = chapter
    shown = {
        cell.id: "".join(output.text for output in cell.outputs if output.output_type == "stream")
        for cell in notebook.cells
        if cell.id in found.printed
    }
    assert found.printed == shown
    assert any(shown.values())


def test_claims_change_nothing_that_the_visible_code_made(chapter: tuple[nbformat.NotebookNode, Run]) -> None:
    assert not chapter[1].changed
