"""The numbers a chapter's prose states, and the claims that stand behind them.

After a passage that states numbers comes a hidden code cell tagged ``claims`` with lines ``claim("0.20", value)``. Read
in order, the numbers of the prose since the last such cell are exactly the strings claimed there, each as often as it
is stated. ``claim`` itself compares value and text when the notebook runs; this module compares text and claim.

``python tests/notebooks/prose_numbers.py chapters/*.ipynb`` lists what is stated and not claimed, and the reverse.

What counts as a number: every one in digits, in the text and in mathematics, where a coefficient, an exponent, the
limit of a sum and a coordinate count too. What doesn't: the index of a symbol (x_1, θ_{d0}, phi0), references
(section 2.1, chapter 3, problem 3.8, figure 2.2, Prince 2.1–2.3 …), list markers, targets of links, options of
directives, and roles such as {cite}. Numbers in words ("twelve") are not looked at.
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
    re.compile(r"^\s*:[\w-]+:.*$", re.M),  # options of a directive
    re.compile(r"\{[\w:-]+\}`[^`]*`"),  # roles
    re.compile(r"(?<=\])\([^)\s]*\)"),  # targets of links
    re.compile(r"^\([\w-]+\)=\s*$", re.M),  # labels
    re.compile(r"^\s*\d+\.(?=\s)", re.M),  # list markers
    _REFERENCE,
]
_MATH = re.compile(r"(\$\$.*?\$\$|(?<![\\$])\$(?!\$).*?(?<!\\)\$)", re.S)
_INDEX = re.compile(r"(?<=[A-Za-z])_(?:\d|\{[A-Za-z\d]+\})")  # so the start of a sum, _{i=1}, is no index
_NAME = re.compile(r"[^\W\d]\w*")
_STATED = re.compile(_SIGN + _NUMBER)


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
        text = _covered(pattern, text, " ")
    parts = _MATH.split(text)  # text, mathematics, text …
    parts = [_covered(_INDEX if i % 2 else _NAME, part, ")") for i, part in enumerate(parts)]  # no sign follows a )
    for m in _STATED.finditer("".join(parts)):
        yield m.start(), m.end(), m.group().replace(",", "").replace("−", "-")


def _covered(pattern: re.Pattern[str], text: str, by: str) -> str:
    return pattern.sub(lambda m: by * len(m.group()), text)


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
