"""Read a chapter's exercises from its Markdown file; say file, line and what is wrong if that cannot be done.

CONTRIBUTING.md describes the format, and exercises/every_kind.md shows one exercise of every kind.
"""

import ast
import re
from pathlib import Path
from typing import Any

from udl_exercises.author.model import CALLED, GRADED, KINDS, LEVELS, Chapter, Exercise, Mutant, Option
from udl_exercises.author.sections import (
    Section,
    SourceError,
    code_of,
    fields_of,
    first_line,
    front_matter,
    sections,
    without_code,
)

__all__ = ["SourceError", "calls", "read_chapter"]

HOW = ("close", "exact", "any order", "at least", "at most")
FIELDS = ("kind", "points", "level", "problem", "answer", "compare", "rtol", "atol", "dtype", "time limit")
PARTS = ("Starter", "Solution", "Hint", "Visible cases", "Hidden cases", "Probe", "Options", "Rubric", "Mutant")
REPEATED = ("Hint", "Mutant")
NEEDED = {
    "function": ("Starter", "Solution", "Visible cases", "Hidden cases"),
    "figure": ("Starter", "Solution", "Visible cases", "Hidden cases"),
    "value": ("Starter", "Solution"),
    "array": ("Starter", "Solution"),
    "choice": ("Options", "Solution"),
    "text": ("Solution", "Rubric"),
}
BODY = re.compile(r"^(def .*:) (\.\.\.(?: *#.*)?)$", re.M)  # a formatter puts them on one line, a reader wants two
OPTION = re.compile(r"^- \[([ x])\] +(.*)$")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Names that cells of their own have, and what is added to a name for an exercise's cells: ids must not meet.
RESERVED = ("load", "progress", "progress-title", "setup", "title", "title-text")
ENDINGS = ("-answer", "-check", "-explained", "-help", "-hidden", "-notes", "-question")
LONGEST = 64 - max(map(len, ENDINGS))  # a cell's id has 64 letters at most


def read_chapter(path: Path) -> Chapter:
    """The exercises of one file. Raises SourceError."""
    text = path.read_text(encoding="utf-8")
    head, body, first = front_matter(path, text)
    intro, *rest = sections(body, first)
    setup = ""
    exercises: list[Exercise] = []
    names: dict[str, int] = {}
    for section in rest:
        if section.title == "Setup":
            setup = code_of(path, section)
            continue
        exercise = _exercise(path, section)
        if exercise.name in names:
            raise SourceError(
                path, section.line, f"{exercise.name!r} is also the name of the exercise in line {names[exercise.name]}"
            )
        names[exercise.name] = section.line
        exercises.append(exercise)
    if not exercises:
        raise SourceError(
            path, first, "no exercise here: one begins with a heading such as `## joints: Where the joints are`"
        )
    return Chapter(path, head["chapter"], head["title"], intro.prose, setup, tuple(exercises))


def _exercise(path: Path, section: Section) -> Exercise:
    name, colon, title = (piece.strip() for piece in section.title.partition(":"))
    if not colon or not title or not NAME.fullmatch(name):
        raise SourceError(
            path, section.line, f"`## {section.title}` is not `## name-in-small-letters: Title`, as in"
            " `## joints: Where the joints are`",
        )  # fmt: skip
    if name in RESERVED or name.endswith(ENDINGS):
        reserved = name if name in RESERVED else name[name.rindex("-") :]
        raise SourceError(
            path,
            section.line,
            f"{name!r} cannot be an exercise's name: {reserved!r} is reserved for ids of other cells",
        )
    if len(name) > LONGEST:
        raise SourceError(
            path,
            section.line,
            f"{name!r} has {len(name)} letters; {LONGEST} are the most, since a cell's id adds to it",
        )
    fields, statement = fields_of(path, section, FIELDS)
    parts = _parts(path, section)
    kind = _kind(path, section, fields)
    for needed in NEEDED[kind]:
        if needed not in parts:
            raise SourceError(path, section.line, f"{name}: kind `{kind}` needs a part `### {needed}`")
    if not statement:
        raise SourceError(path, section.line, f"{name}: there is no statement below the fields")
    with_code = ("Starter", "Visible cases", "Hidden cases", "Probe")
    code: dict[str, str] = {key: code_of(path, parts[key][0]) for key in with_code if key in parts}
    solution, explanation = _solution(path, parts["Solution"][0], kind)
    return Exercise(
        name=name,
        title=title,
        kind=kind,
        points=_points(path, section, fields),
        statement=statement,
        level=_one_of(path, fields, "level", LEVELS, "core"),
        problem=fields.get("problem", (0, ""))[1],
        answer=_answer(path, section, kind, name, fields, code, parts),
        starter=BODY.sub(r"\1\n    \2", code.get("Starter", "")),
        solution=solution,
        explanation=explanation,
        hints=tuple(part.prose for part in parts.get("Hint", ())),
        visible=code.get("Visible cases", ""),
        hidden=code.get("Hidden cases", ""),
        probe=code.get("Probe", ""),
        rubric=_rubric(path, parts["Rubric"][0], fields) if "Rubric" in parts else "",
        options=_options(path, parts["Options"][0]) if "Options" in parts else (),
        mutants=tuple(_mutant(path, part) for part in parts.get("Mutant", ())),
        compare=_compare(path, fields),
        time_limit=_number(path, fields, "time limit", 5.0, unit="s"),
        line=section.line,
    )


def _parts(path: Path, section: Section) -> dict[str, list[Section]]:
    parts: dict[str, list[Section]] = {}
    for part in section.parts:
        title = part.title.partition(":")[0].strip()
        if title not in PARTS:
            raise SourceError(path, part.line, f"unknown part `### {part.title}`; there are: {', '.join(PARTS)}")
        if title in parts and title not in REPEATED:
            raise SourceError(path, part.line, f"a second `### {title}` in one exercise")
        parts.setdefault(title, []).append(part)
    return parts


def _kind(path: Path, section: Section, fields: dict[str, tuple[int, str]]) -> str:
    if "kind" not in fields:
        raise SourceError(path, section.line, f"the field `- kind:` is missing; it is one of {', '.join(KINDS)}")
    return _one_of(path, fields, "kind", KINDS, "")


def _points(path: Path, section: Section, fields: dict[str, tuple[int, str]]) -> int:
    line, text = fields.get("points", (section.line, ""))
    if not text.isdigit() or not int(text):
        raise SourceError(path, line, f"`- points:` must be a whole number of 1 or more, got {text!r}")
    return int(text)


def _one_of(path: Path, fields: dict[str, tuple[int, str]], key: str, known: tuple[str, ...], default: str) -> str:
    line, value = fields.get(key, (0, default))
    if value not in known:
        raise SourceError(path, line, f"`- {key}:` must be one of {', '.join(known)}, got {value!r}")
    return value


def _number(path: Path, fields: dict[str, tuple[int, str]], key: str, default: float, unit: str = "") -> float:
    line, text = fields.get(key, (0, str(default)))
    try:
        value = float(text.removesuffix(unit))
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise SourceError(path, line, f"`- {key}:` must be a number, got {text!r}")
    return value


def _compare(path: Path, fields: dict[str, tuple[int, str]]) -> dict[str, Any]:
    """How a result is compared: the words of `HOW`, tolerances, and a dtype where it matters."""
    compare = {
        "how": _one_of(path, fields, "compare", HOW, "close"),
        "rtol": _number(path, fields, "rtol", 1e-7),
        "atol": _number(path, fields, "atol", 1e-9),
    }
    return compare | ({"dtype": fields["dtype"][1]} if "dtype" in fields else {})


def _answer(
    path: Path, section: Section, kind: str, name: str, fields: dict[str, tuple[int, str]], code: dict[str, str],
    parts: dict[str, list[Section]],
) -> str:  # fmt: skip
    """The name to look at: the function that the cases call, or the variable."""
    line, answer = fields.get("answer", (section.line, ""))
    if kind in CALLED:
        part = parts["Visible cases"][0]
        called = {call.func.id for _, call, _ in calls(path, code["Visible cases"], first_line(part))}  # type: ignore[attr-defined]
        if len(called) != 1:
            raise SourceError(path, part.line, f"the cases call one function, these call {', '.join(sorted(called))}")
        answer = called.pop()
    elif kind in GRADED:
        answer = answer or name.replace("-", "_")
        if not answer.isidentifier():
            raise SourceError(path, line, f"`- answer:` must be the name of a variable, got {answer!r}")
    if "Starter" in parts and answer not in _defined(code["Starter"]):
        raise SourceError(path, parts["Starter"][0].line, f"the starter does not define `{answer}`")
    return answer


def calls(path: Path, code: str, first: int) -> list[tuple[int, ast.Call, ast.expr | None]]:
    """The cases in a block: each statement is a call `f(1, 2)`, or a call and its value `f(1, 2) == 3`."""
    found: list[tuple[int, ast.Call, ast.expr | None]] = []
    for node in ast.parse(code).body:
        line = first + node.lineno - 1
        expression: ast.expr | None = node.value if isinstance(node, ast.Expr) else None
        value: ast.expr | None = None
        if isinstance(expression, ast.Compare) and len(expression.ops) == 1 and isinstance(expression.ops[0], ast.Eq):
            value = expression.comparators[0]
            expression = expression.left
        if not isinstance(expression, ast.Call) or not isinstance(expression.func, ast.Name):
            raise SourceError(path, line, "a case is a call such as `f(1, 2)`, or `f(1, 2) == 3`")
        if expression.keywords:
            raise SourceError(path, line, "a case has no named arguments: write them in order")
        found.append((line, expression, value))
    if not found:
        raise SourceError(path, first, "there is no case here, such as `f(1, 2)`, or `f(1, 2) == 3`")
    return found


def _defined(code: str) -> set[str]:
    """The names that a piece of code defines at its top level."""
    names: set[str] = set()
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
    return names


def _solution(path: Path, part: Section, kind: str) -> tuple[str, str]:
    """The code of a solution and the prose around it; prose alone for a choice or a text."""
    if kind in ("choice", "text"):
        if not part.prose:
            raise SourceError(path, part.line, "the solution is empty")
        return "", part.prose
    return code_of(path, part), "\n".join(text for _, text in without_code(part)).strip()


def _rubric(path: Path, part: Section, fields: dict[str, tuple[int, str]]) -> str:
    """The list of what earns points, which must add up."""
    points = [int(found) for found in re.findall(r"^- (\d+) points?: ", part.prose, re.M)]
    if sum(points) != int(fields["points"][1]):
        raise SourceError(
            path, part.line, f"the lines `- 2 points: …` add up to {sum(points)}, not to {fields['points'][1]}"
        )  # fmt: skip
    return part.prose


def _mutant(path: Path, part: Section) -> Mutant:
    title = part.title.partition(":")[2].strip()
    fields, _ = fields_of(path, part, ("says", "feedback"))
    if not title:
        raise SourceError(path, part.line, "a mutant has a name: `### Mutant: missing offset`")
    if not fields.get("says", (0, ""))[1]:
        raise SourceError(
            path, part.line, f"mutant {title!r}: the field `- says:` with words of its message is missing"
        )
    says = tuple(words.strip() for words in fields["says"][1].split(" | "))
    return Mutant(title, code_of(path, part), says, fields.get("feedback", (0, ""))[1], part.line)


def _options(path: Path, part: Section) -> tuple[Option, ...]:
    """The list of `- [ ] text`, `- [x]` for the right one, what to tell whoever chose it indented below."""
    options: list[list[str]] = []
    right: list[bool] = []
    for number, text in part.lines:
        if found := OPTION.match(text):
            right.append(found[1] == "x")
            options.append([found[2], ""])
        elif text.startswith("  ") and options:
            options[-1][1] = f"{options[-1][1]} {text.strip()}".strip()
        elif text.strip():
            raise SourceError(
                path, number, "an option is `- [ ] text` or `- [x] text`; feedback stands indented below it"
            )
    if sum(right) != 1 or not 2 <= len(options) <= 8:
        raise SourceError(
            path, part.line, f"two to eight options, one of them `- [x]`; here are {len(options)}, {sum(right)} right"
        )
    return tuple(Option(text, said, is_right) for (text, said), is_right in zip(options, right, strict=True))
