"""The chapters as JupyterLite shows them: no outputs, Pyodide's kernel, plain Markdown for what only the book draws."""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml
from pybtex.database import BibliographyData, parse_file

from udl_exercises.author.plain import LABELLED, plain

KERNEL = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
HIDDEN = {"hide-input", "remove-input", "hide-cell", "remove-cell"}


def staged(root: Path) -> dict[str, bytes]:
    """Every notebook of the table of contents, by its path, ready for JupyterLite.

    One that is missing or not yet a notebook is left out with a word: the book can be built while it is written.
    """
    bibliography = read_bibliography(root / "book/references.bib")
    result = {}
    for path in listed(root):
        try:
            notebook = json.loads((root / path).read_text(encoding="utf-8"))
            result[path] = json.dumps(for_browser(notebook, bibliography), ensure_ascii=False).encode()
        except (ValueError, KeyError, TypeError) as error:
            print(f"In-browser Python: {path} is left out, it is not a notebook ({error})")
    return result


def listed(root: Path) -> list[str]:
    """The notebooks that _toc.yml names and that exist, in its order."""
    toc = root / "_toc.yml"
    if not toc.is_file():
        return []

    def files(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("file", "root"):
                    yield str(value)
                else:
                    yield from files(value)
        elif isinstance(node, list):
            for item in node:
                yield from files(item)

    names = [f"{name.removesuffix('.ipynb')}.ipynb" for name in files(yaml.safe_load(toc.read_text(encoding="utf-8")))]
    return [name for name in names if (root / name).is_file()]


def for_browser(notebook: dict, bibliography: BibliographyData) -> dict:
    """The notebook without outputs and widget state, its Markdown made plain."""
    equations: dict[str, int] = {}
    text = {i: "".join(c["source"]) for i, c in enumerate(notebook["cells"]) if c["cell_type"] == "markdown"}
    for source in text.values():
        for found in LABELLED.finditer(source):
            equations.setdefault(found["label"], len(equations) + 1)
    cells = []
    for i, cell in enumerate(notebook["cells"]):
        metadata = dict(cell.get("metadata", {}))
        if cell["cell_type"] == "code":
            if HIDDEN & set(metadata.get("tags", [])):
                metadata["jupyter"] = metadata.get("jupyter", {}) | {"source_hidden": True}
            cell = cell | {"outputs": [], "execution_count": None}
        elif i in text:
            cell = cell | {"source": plain(text[i], bibliography, equations)}
        cells.append(cell | {"metadata": metadata})
    metadata = {k: v for k, v in notebook["metadata"].items() if k not in ("widgets", "kernelspec")}
    return notebook | {"cells": cells, "metadata": metadata | {"kernelspec": KERNEL}}


def read_bibliography(path: Path) -> BibliographyData:
    return parse_file(str(path), bib_format="bibtex") if path.is_file() else BibliographyData()
