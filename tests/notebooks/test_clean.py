"""The committed notebooks hold what a reader and a comparison need, and nothing of the machine that ran them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from running import CHAPTERS

WIDEST = 76  # characters of code beside each other on a laptop's screen
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_trace_of_a_machine_and_no_picture(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata == METADATA  # so no widget state either
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type == "stream" or set(output.data) == {"text/plain"}, cell.id


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_line_of_code_is_cut(path: Path) -> None:
    shown = [c for c in nbformat.read(path, as_version=4).cells if "remove-cell" not in c.metadata.get("tags", [])]
    lines = [line for cell in shown if cell.cell_type == "code" for line in cell.source.splitlines()]
    assert [line for line in lines if len(line) > WIDEST] == []
