"""Every number the prose of a chapter states is claimed, and every claim can fail."""

from __future__ import annotations

import copy
import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import nbformat
import pytest
from prose_numbers import claims, is_claims, numbers, objections, passages, spans

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("[0-9][0-9]_*.ipynb"))


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
        ("With $\\phi_0 = 0.5$, $x^2$, $h_1$ and $D=3$.", ["0.5", "3"]),
        ("$\\frac{1}{2} \\alpha \\lambda < 2$, $\\lambda \\approx -44.3$ and $1 - 0.25 z$", ["2", "-44.3", "0.25"]),
        ("$$L = \\sum_{i=1}^{I} (3 x_i)^2 = 2\\,a$$", ["2"]),
        ("1. first\n2. second has 10,000 points", ["10000"]),
        ("{cite:t}`gauss1809theoria` says 1795; [text 7](a3.html#4)", ["1795", "7"]),
        (":::{admonition} Predict, then look 4\n:class: dropdown predict3\nx\n:::", ["4"]),
        ("`phi0` and `D_1` but `alpha = 0.04`; 2-D; 50 %", ["0.04", "50"]),
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
    changed = 0
    for i, cell in enumerate(chapter.cells):
        if cell.cell_type != "markdown":
            continue
        for start, end, _ in list(spans(cell.source)):
            for at in range(start, end):
                if not cell.source[at].isdigit():
                    continue
                mutant = copy.copy(chapter)
                mutant.cells = list(chapter.cells)
                mutant.cells[i] = copy.copy(cell)
                other = str((int(cell.source[at]) + 1) % 10)
                mutant.cells[i].source = cell.source[:at] + other + cell.source[at + 1 :]
                assert objections(mutant), f"unnoticed: …{mutant.cells[i].source[max(0, start - 40) : end + 20]}…"
                changed += 1
    assert changed >= 20


def test_every_claim_fails_with_another_digit(chapter: nbformat.NotebookNode) -> None:
    """Run the chapter's code; then no claim may hold for its value with one digit changed."""
    from udl_core import check

    space: dict[str, object] = {"__name__": "__main__"}
    seen: list[tuple[str, object]] = []

    def noting_claim(text: str, value: object, *args: object, **kwargs: object) -> None:
        check.claim(text, value, *args, **kwargs)
        seen.append((text, value))

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for cell in chapter.cells:
            if cell.cell_type != "code" or cell.source.startswith("widgets."):
                continue  # no number comes from a live figure
            space["claim"] = noting_claim
            exec(compile(cell.source.replace("from udl_core.check import claim", ""), "chapter", "exec"), space)
    assert len(seen) == sum(len(claims(cell.source)) for cell in chapter.cells if is_claims(cell))
    for text, value in seen:
        for at, character in enumerate(text):
            if character.isdigit():
                wrong = text[:at] + str((int(character) + 1) % 10) + text[at + 1 :]
                with pytest.raises(AssertionError):
                    check.claim(wrong, value)
