"""Notebooks as plain data: cells with ids that say what they are, and the same bytes for the same source."""

import json
from pathlib import Path
from typing import Any

Cell = dict[str, Any]
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def notebook(cells: list[Cell], **metadata: Any) -> dict[str, Any]:
    found = {"kernelspec": KERNEL, "language_info": {"name": "python"}} | metadata
    return {"cells": cells, "metadata": found, "nbformat": 4, "nbformat_minor": 5}


def markdown(name: str, source: str, **metadata: Any) -> Cell:
    return {"cell_type": "markdown", "id": name[:64], "metadata": metadata, "source": source.strip()}


def code(name: str, source: str, **metadata: Any) -> Cell:
    """A code cell that has not run."""
    cell = {"cell_type": "code", "id": name[:64], "metadata": metadata, "source": source.strip()}
    return cell | {"outputs": [], "execution_count": None}


def write(path: Path, content: dict[str, Any] | str) -> Path:
    """Write JSON or text; a file that would not change is left alone, so that nothing is built again for it."""
    text = content if isinstance(content, str) else json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return path
