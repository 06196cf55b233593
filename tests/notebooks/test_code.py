"""The code of a chapter, run once: it needs no hidden cell, prints what the page shows, and every claim can fail."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from prose_numbers import claims, is_claims
from running import CHAPTERS, run

from udl_core.claims import claim

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def cells_of(path: Path) -> list[nbformat.NotebookNode]:
    return nbformat.read(path, as_version=4).cells


@each_chapter
def test_no_cell_needs_a_hidden_one(path: Path) -> None:
    assert not run(path).raised


@each_chapter
def test_what_the_visible_code_prints_is_what_the_page_shows(path: Path) -> None:
    printed = run(path).printed
    shown = {
        cell.id: "".join(output.text for output in cell.outputs if output.output_type == "stream")
        for cell in cells_of(path)
        if cell.id in printed
    }
    assert printed == shown
    assert any(shown.values())


@each_chapter
def test_claims_change_nothing_that_the_visible_code_made(path: Path) -> None:
    assert not run(path).changed


@each_chapter
def test_every_claim_fails_with_another_digit(path: Path) -> None:
    """No claim may hold for its value with one digit changed."""
    found = run(path)
    assert len(found.claimed) == sum(len(claims(cell.source)) for cell in cells_of(path) if is_claims(cell))
    for text, value in found.claimed:
        for at, character in enumerate(text):
            if character.isdigit():
                wrong = text[:at] + str((int(character) + 1) % 10) + text[at + 1 :]
                with pytest.raises(AssertionError):
                    claim(wrong, value)
