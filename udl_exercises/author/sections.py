"""A Markdown file in sections: what stands below each heading, with line numbers, as prose, fields and code."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FENCE = re.compile(r"^(`{3,}|~{3,})(.*)$")
FIELD = re.compile(r"^- ([a-z ]+): *(.*)$")


class SourceError(Exception):
    """An exercise file that cannot be read: file, line, and what to do about it."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")


@dataclass
class Section:
    """A heading and what stands below it: prose, blocks of code, and parts with headings one level lower."""

    title: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    parts: list["Section"] = field(default_factory=list)

    @property
    def prose(self) -> str:
        return "\n".join(text for _, text in self.lines).strip()


def front_matter(path: Path, text: str) -> tuple[dict[str, Any], list[tuple[int, str]], int]:
    """The YAML between two lines of `---`, and the numbered lines below it."""
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
    if lines[0].strip() != "---" or not end:
        raise SourceError(path, 1, "the file begins with `---`, `chapter: 1`, `title: Linear regression`, `---`")
    try:
        head = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as error:
        raise SourceError(path, 2, f"the head between the lines of --- is not YAML: {error}") from None
    for key, kind in (("chapter", int), ("title", str)):
        if not isinstance(head, dict) or not isinstance(head.get(key), kind):
            raise SourceError(path, 2, f"the head lacks `{key}:`, {'a whole number' if kind is int else 'a text'}")
    return head, list(enumerate(lines[end + 1 :], end + 2)), end + 2


def sections(body: list[tuple[int, str]], first: int) -> Iterator[Section]:
    """What comes before the first `## `, and each `## ` with its `### ` parts. Headings within fences are code."""
    section = current = Section("", first)
    fence = ""
    for number, text in body:
        if found := FENCE.match(text):
            fence = "" if fence and found[1].startswith(fence) and not found[2].strip() else fence or found[1]
        if not fence and text.startswith("## "):
            yield section
            section = current = Section(text[3:].strip(), number)
        elif not fence and text.startswith("### "):
            current = Section(text[4:].strip(), number)
            section.parts.append(current)
        else:
            current.lines.append((number, text))
    yield section


def fields_of(path: Path, section: Section, known: tuple[str, ...]) -> tuple[dict[str, tuple[int, str]], str]:
    """The list of `- key: value` right below a heading, with line numbers, and the prose after it."""
    fields: dict[str, tuple[int, str]] = {}
    lines = list(section.lines)
    while lines and not lines[0][1].strip():
        lines.pop(0)
    while lines and (found := FIELD.match(lines[0][1])):
        number, key = lines.pop(0)[0], found[1].strip()
        if key not in known:
            raise SourceError(path, number, f"unknown field `{key}`; there are: {', '.join(known)}")
        if key in fields:
            raise SourceError(path, number, f"the field `{key}` stands here twice")
        fields[key] = number, found[2].strip()
    return fields, "\n".join(text for _, text in lines).strip()


def code_of(path: Path, part: Section) -> str:
    """The one block of Python of a part, checked for syntax."""
    blocks = list(_blocks(part))
    if len(blocks) != 1:
        raise SourceError(
            path, part.line, f"`### {part.title}` holds one block ```python … ```, here are {len(blocks)}"
        )
    first, code = blocks[0]
    try:
        ast.parse(code)
    except SyntaxError as error:
        raise SourceError(path, first + (error.lineno or 1) - 1, f"this is not Python: {error.msg}") from None
    return code


def first_line(part: Section) -> int:
    return next(_blocks(part))[0]


def _blocks(part: Section) -> Iterator[tuple[int, str]]:
    """The fenced Python blocks: number of the first line, and the code."""
    fence, language, lines, first = "", "", list[str](), 0
    for number, text in part.lines:
        found = FENCE.match(text)
        if not fence and found:
            fence, language, lines, first = found[1], found[2].strip(), [], number + 1
        elif fence and found and found[1].startswith(fence) and not found[2].strip():
            if language == "python":
                yield first, "\n".join(lines)
            fence = ""
        else:
            lines.append(text)


def without_code(part: Section) -> list[tuple[int, str]]:
    """The lines of a part without its Python block."""
    kept, fence = [], ""
    for number, text in part.lines:
        found = FENCE.match(text)
        if not fence and found and found[2].strip() == "python":
            fence = found[1]
        elif fence:
            fence = "" if found and found[1].startswith(fence) and not found[2].strip() else fence
        else:
            kept.append((number, text))
    return kept
