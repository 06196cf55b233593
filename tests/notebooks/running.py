"""The code of a chapter, run once: what the page shows in one namespace, the hidden claims in another that sees it.

The page's code gets no name from a claims cell, as if these were left out, and whoever copies it gets the same results.
"""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from prose_numbers import is_claims

from udl_core.claims import claim

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("[0-9][0-9]_*.ipynb"))


@dataclass
class Run:
    """What came of a chapter's cells, by their ids."""

    printed: dict[str, str] = field(default_factory=dict)
    raised: dict[str, str] = field(default_factory=dict)
    claimed: list[tuple[str, object]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Claims cells that changed an array or a generator of the page's code in place."""


@cache
def run(path: Path) -> Run:
    """Each cell of the chapter in its order. A live figure, whose code the page hides, may bind no name."""
    found = Run()
    page: dict[str, object] = {"__name__": "__main__"}
    claims: dict[str, object] = {}
    seen: dict[str, object] = {}

    def noting_claim(text: str, value: Any, unit: str | None = None) -> None:
        claim(text, value, unit)
        found.claimed.append((text, value))

    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        space = dict(page) if "remove-input" in cell.metadata.get("tags", []) else page
        source, before = cell.source, dict[str, object]()
        if is_claims(cell):
            claims |= {name: value for name, value in page.items() if seen.get(name) is not value}  # the latest holds
            claims["claim"] = noting_claim
            space, seen, before = claims, dict(page), _fingerprints(page)
            source = source.replace("from udl_core.claims import claim", "")
        printed = io.StringIO()
        try:
            with redirect_stdout(printed), redirect_stderr(io.StringIO()):
                exec(compile(source, f"{path.stem}, cell {cell.id}", "exec"), space)
        except Exception as error:
            found.raised[cell.id] = f"{type(error).__name__}: {error}"
        if not is_claims(cell):
            found.printed[cell.id] = printed.getvalue()
        elif _fingerprints(page) != before:
            found.changed.append(cell.id)
    return found


def _fingerprints(space: dict[str, object]) -> dict[str, object]:
    """What in-place work would change: the bytes of arrays and the states of generators."""
    found: dict[str, object] = {}
    for name, value in space.items():
        if isinstance(value, np.ndarray):
            found[name] = value.tobytes()
        elif isinstance(value, np.random.Generator):
            found[name] = str(value.bit_generator.state)
    return found
