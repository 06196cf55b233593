"""Notebooks as plain data: cells with ids that say what they are, and the same bytes for the same source."""

import json
import re
from pathlib import Path
from typing import Any

Cell = dict[str, Any]
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what nbformat allows
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def notebook(cells: list[Cell], **metadata: Any) -> dict[str, Any]:
    """A notebook of these cells. Raises ValueError where two have one id, or an id is none."""
    _check_ids([cell["id"] for cell in cells])
    _check_ids([cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell["metadata"]])
    found = {"kernelspec": KERNEL, "language_info": {"name": "python"}} | metadata
    return {"cells": cells, "metadata": found, "nbformat": 4, "nbformat_minor": 5}


def markdown(name: str, source: str, **metadata: Any) -> Cell:
    return {"cell_type": "markdown", "id": name, "metadata": metadata, "source": source.strip()}


def code(name: str, source: str, **metadata: Any) -> Cell:
    """A code cell that has not run."""
    cell = {"cell_type": "code", "id": name, "metadata": metadata, "source": source.strip()}
    return cell | {"outputs": [], "execution_count": None}


def _check_ids(ids: list[str]) -> None:
    if wrong := next((name for name in ids if not ID.fullmatch(name)), None):
        raise ValueError(f"{wrong!r} cannot be a cell's id: 1 to 64 letters, digits, - and _ can")
    if twice := next((name for name in ids if ids.count(name) > 1), None):
        raise ValueError(f"{twice!r} is the id of two cells: give the exercise it comes from another name")


def write(path: Path, content: dict[str, Any] | str) -> Path:
    """Write JSON or text; a file that would not change is left alone, so that nothing is built again for it."""
    text = content if isinstance(content, str) else json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return path
