"""Every number the prose of a chapter states is claimed.

Every digit of the prose is tried, whatever the checker takes for a number: changed, it must raise an objection, unless
it is of a kind listed in MAY_CHANGE. Numbers in words ("twelve") are not checked.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path

import nbformat
import pytest
from prose_numbers import is_claims, numbers, objections, passages
from running import CHAPTERS

_PLACE = r"\d+(\.\d+)*"
MAY_CHANGE = {
    "a place in a book": re.compile(
        rf"\b(Prince|Goodfellow|Saito|([Ss]ection|[Cc]hapter|[Pp]roblem|[Ff]igure|[Ee]quation)s?) {_PLACE}"
        rf"((–|, | and |, and | to )\d+\.\d+)*"
    ),
    "the index of a symbol": re.compile(r"[A-Za-z]_(\d|\{[A-Za-z0-9]+\})"),
    "the key of a citation": re.compile(r"\{cite(:[a-z]+)?\}`[a-z0-9,]+`"),
    "the target of a link": re.compile(r"\]\([^)\s]+\)"),
    "the marker of a list item": re.compile(r"^\d+\. ", re.M),
}


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return read(request.param)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("The loss is 0.20 after 12 steps.", ["0.20", "12"]),
        ("It falls from −3 to -0.5; 5–7 units.", ["-3", "-0.5", "5", "7"]),
        ("See section 2.1, Prince 2.1–2.3 and problems 2.1, 2.2 and 2.3.", []),
        ("Prince’s figure 3.9, chapter 4 and 5 units", ["5"]),
        ("With $\\phi_0 = 0.5$, $x^2$, $h_1$ and $D=3$.", ["0.5", "2", "3"]),
        (
            "$\\frac{1}{2} \\alpha < 2$, $\\lambda \\approx -44.3$ and $1 - 0.25 z$",
            ["1", "2", "2", "-44.3", "1", "0.25"],
        ),
        ("$$L = \\sum_{i=1}^{I} (3 x_i)^2 = 2\\,a$$", ["1", "3", "2", "2"]),
        (
            "$(1, -2)$, $+1, -1$, $10^{107}$, $g^{-1}$, $x_1-2 = \\theta_{d0}-\\phi_{10}$",
            ["1", "-2", "1", "-1", "10", "107", "-1", "2"],
        ),
        ("$2I$, $D_i + 1$, $1/r^2$, 3x and `10`", ["2", "1", "1", "2", "3", "10"]),
        ("1. first\n2. second has 10,000 points", ["10000"]),
        ("{cite:t}`gauss1809theoria` says 1795; [text 7](a3.html#4)", ["1795", "7"]),
        (":::{admonition} Predict, then look 4\n:class: dropdown predict3\nx\n:::", ["4"]),
        ("`phi0` and `D_1` but `alpha = 0.04`; 2-D; 50 %", ["0.04", "2", "50"]),
    ],
)
def test_what_counts_as_a_number(markdown: str, expected: list[str]) -> None:
    assert numbers(markdown) == expected


def test_there_are_chapters() -> None:
    assert CHAPTERS


def test_every_number_is_claimed(chapter: nbformat.NotebookNode) -> None:
    assert not objections(chapter), "\n" + "\n".join(objections(chapter))


def test_claims_cells_are_hidden_and_used(chapter: nbformat.NotebookNode) -> None:
    cells = [cell for cell in chapter.cells if is_claims(cell)]
    assert cells
    assert all("remove-cell" in cell.metadata.tags for cell in cells)
    assert sum(len(p.claimed) for p in passages(chapter)) >= 10


def test_every_changed_digit_is_noticed(chapter: nbformat.NotebookNode) -> None:
    unnoticed, changed = set(), 0
    for passage in by_claims(chapter):
        assert not objections(nbformat.v4.new_notebook(cells=passage))  # or any digit would seem noticed
        for cell in passage:
            if cell.cell_type != "markdown":
                continue
            text = cell.source
            may_change = {at for kind in MAY_CHANGE.values() for m in kind.finditer(text) for at in range(*m.span())}
            for digit in re.finditer("[0-9]", text):
                at = digit.start()
                if at in may_change:
                    continue
                for other in set("0123456789") - {text[at]}:
                    cell.source = text[:at] + other + text[at + 1 :]
                    if not objections(nbformat.v4.new_notebook(cells=passage)):
                        unnoticed.add(f"{text[at]} in {text[max(0, at - 40) : at + 20]!r}")
                    changed += 1
            cell.source = text
    assert not unnoticed, "\n".join(sorted(unnoticed))
    assert changed >= 500


def by_claims(notebook: nbformat.NotebookNode) -> list[list[nbformat.NotebookNode]]:
    """Copies of the cells that bear on the numbers, cut after each claims cell."""
    found: list[list[nbformat.NotebookNode]] = [[]]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" or is_claims(cell):
            found[-1].append(copy.copy(cell))
        if is_claims(cell):
            found.append([])
    return found
