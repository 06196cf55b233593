"""The numbers a chapter's prose states, and the claims that stand behind them.

After a passage that states numbers comes a hidden code cell tagged ``claims`` with lines ``claim("0.20", value)``. Read
in order, the numbers of the prose since the last such cell are exactly the strings claimed there, each as often as it
is stated. ``claim`` itself compares value and text when the notebook runs; this module compares text and claim.

``python tests/notebooks/prose_numbers.py chapters/*.ipynb`` lists what is stated and not claimed, and the reverse.

What counts as a number: outside mathematics every number; inside mathematics every decimal, and a whole number
directly after a relation (=, ≈, <, >, ≤, ≥, →), but nothing inside an index or exponent in braces. What doesn't:
references (section 2.1, chapter 3, problem 3.8, figure 2.2, Prince 2.1–2.3 …), list markers, targets of links, roles
such as {cite}, and the dimension in "1-D".
"""

from __future__ import annotations

import ast
import difflib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SIGN = r"(?:(?<![\w)\]}.])[-−])?"
_DOTTED = r"\d+(?:\.\d+)+[a-d]?\b"
_WHOLE_OR_DOTTED = r"\d+(?:\.\d+)*[a-d]?\b(?!\s*%)"
_REFERENCE = re.compile(
    # one thing, then a range or more dotted numbers; or several things, then any list of numbers
    rf"\b(?:section|chapter|problem|figure|equation|Prince|Goodfellow|Saito)(?:['’]s)?\s+(?:chapter\s+)?{_WHOLE_OR_DOTTED}"
    rf"(?:\s*–\s*{_WHOLE_OR_DOTTED}|(?:,\s+|,?\s+(?:and|to|or)\s+){_DOTTED})*"
    rf"|\b(?:sections|chapters|problems|figures|equations)\s+{_WHOLE_OR_DOTTED}"
    rf"(?:(?:\s*–\s*|,\s+|,?\s+(?:and|to|or)\s+){_WHOLE_OR_DOTTED})*",
    re.IGNORECASE,
)
_LEFT_OUT = [
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"^\s*:[\w-]+:.*$", re.M),  # options of a directive
    re.compile(r"^:{3,}\{[\w-]+\}|^`{3,}\{[\w-]+\}", re.M),
    re.compile(r"\{[\w:-]+\}`[^`]*`"),  # roles
    re.compile(r"(?<=\])\([^)\s]*\)"),  # targets of links
    re.compile(r"^\([\w-]+\)=\s*$", re.M),  # labels
    re.compile(r"^\s*\d+\.(?=\s)", re.M),  # list markers
    re.compile(r"\b[1-9]-D\b"),
    _REFERENCE,
]
_MATH = re.compile(r"\$\$.*?\$\$|(?<![\\$])\$(?!\$).*?(?<!\\)\$", re.S)
_INDEX = re.compile(r"[_^]\{[^{}]*\}")
_IN_PROSE = re.compile(rf"(?<![\w.]){_SIGN}{_NUMBER}(?![\w])")
_IN_MATH = re.compile(
    r"(?:=|≈|<|>|≤|≥|→|\\(?:approx|leq?|geq?|lt|gt|to|rightarrow)\b)\s*\{?\s*(?P<after>[-−]?\s*\d+(?:\.\d+)?)"
    r"|(?P<decimal>(?:(?<![\w)\]}.])[-−])?(?<![\d.])\d+\.\d+)"
)


@dataclass
class Passage:
    """Prose between two claims cells: its numbers and the claims that follow it."""

    stated: list[str] = field(default_factory=list)
    claimed: list[str] = field(default_factory=list)
    first_words: str = ""


def numbers(markdown: str) -> list[str]:
    """The numbers a piece of markdown states, in reading order, with an ASCII minus."""
    return [text for _, _, text in spans(markdown)]


def spans(markdown: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, number) of each number stated in the markdown."""
    text = markdown
    for pattern in _LEFT_OUT:
        text = pattern.sub(lambda m: " " * len(m.group(0)), text)
    found = []
    for math in _MATH.finditer(text):
        without_indices = _INDEX.sub(lambda m: " " * len(m.group(0)), math.group(0))
        for m in _IN_MATH.finditer(without_indices):
            group = "after" if m["after"] else "decimal"
            found.append((math.start() + m.start(group), math.start() + m.end(group)))
    prose = _MATH.sub(lambda m: " " * len(m.group(0)), text)
    found += [m.span() for m in _IN_PROSE.finditer(prose)]
    for start, end in sorted(found):
        yield start, end, re.sub(r"[\s,]", "", text[start:end]).replace("−", "-")


def claims(source: str) -> list[str]:
    """The texts claimed in a claims cell, in order."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    calls = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "claim"]
    for call in calls:
        if not (call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)):
            raise ValueError(f"line {call.lineno} of a claims cell: the first argument of claim must be a text literal")
    calls.sort(key=lambda c: (c.lineno, c.col_offset))
    return [c.args[0].value.replace("−", "-").replace(",", "") for c in calls]  # type: ignore[attr-defined]


def passages(notebook: nbformat.NotebookNode) -> list[Passage]:
    """The notebook cut after each claims cell; the last passage has no claims and must state no number."""
    found = [Passage()]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            stated = numbers(cell.source)
            if stated and not found[-1].first_words:
                found[-1].first_words = cell.source[:60].replace("\n", " ")
            found[-1].stated += stated
        elif is_claims(cell):
            found[-1].claimed = claims(cell.source)
            found.append(Passage())
    return found


def is_claims(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell holds claims."""
    return cell.cell_type == "code" and "claims" in cell.metadata.get("tags", [])


def objections(notebook: nbformat.NotebookNode) -> list[str]:
    """What is wrong between prose and claims, one message a passage; empty if every number is claimed."""
    messages = []
    for passage in passages(notebook):
        if passage.stated == passage.claimed:
            continue
        lines = [
            f"  {'prose states, not claimed' if line[0] == '-' else 'claimed, prose does not state'}: {line[2:]}"
            for line in difflib.ndiff(passage.stated, passage.claimed)
            if line[0] in "-+"
        ]
        messages.append("\n".join([f"passage with “{passage.first_words}…”", *lines]))
    return messages


if __name__ == "__main__":
    for name in sys.argv[1:]:
        book = nbformat.read(Path(name), as_version=4)
        print("\n".join(objections(book)) or f"{name}: every number is claimed")
