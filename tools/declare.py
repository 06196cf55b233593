"""Write what the live figures declare in Python into js/src/declared/, one TypeScript file a figure.

``make bundle`` runs it: python tools/declare.py.
With ``--check`` it writes nothing and fails where a committed file is not what Python says.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from udl_core import widgets
from udl_core.widgets import LiveFigure, fields
from udl_core.widgets.layout import Button, Equation, Handle, Note, items, marks, plain

FOLDER = Path(__file__).resolve().parents[1] / "js/src/declared"
NEWLINE = "\n"
TYPES = {fields.Flag: "boolean", fields.Real: "number", fields.Whole: "number", fields.Flags: "boolean[]"}


def declared() -> list[type[LiveFigure]]:
    """The figures that are declared by fields and a layout."""
    kinds = [getattr(widgets, name) for name in widgets.__all__ if name != "LiveFigure"]
    return [kind for kind in kinds if kind.layout]


def typescript(kind: type[LiveFigure]) -> str:
    """The figure's file: types of its state and of the names in it, and the declaration itself."""
    entries = {name: _type(field) for name, field in kind.fields().items()}
    state = "\n".join(f"  /** {kind.fields()[name].doc} */\n  {name}: {text};" for name, text in entries.items())
    every = marks(kind.layout)
    names = {
        "mark": [mark.name for mark in every if not mark.later and not mark.ghost],
        "later": [mark.name for mark in every if mark.later],
        "ghost": [mark.name for mark in every if mark.ghost],
        "move": [mark.name for mark in every if isinstance(mark, Handle)],
        "note": [item.name for item in items(kind.layout, Note)],
        "equation": [item.name for item in items(kind.layout, Equation)],
    }
    names["move"] += [item.name for item in items(kind.layout, Button)]
    declaration = {
        "name": kind.figure, "title": kind.title, "version": kind.version,
        "fields": {name: field.spec() for name, field in kind.fields().items()},
        "layout": plain(kind.layout), "question": plain(kind.question), "table": plain(kind.table),
        "code": kind.code.strip(),
    }  # fmt: skip
    return f"""// Made by `make bundle` from {kind.__module__.replace(".", "/")}.py: change it there.
import type {{ Declaration }} from "../scene/declaration.ts";

export type State = {{
{state}
}};
export type Names = {{
{"".join(f"  {sort}: {_union(all_of_it)};{NEWLINE}" for sort, all_of_it in names.items())}}};

export const declared: Declaration<State, Names> = {_lines(declaration)};
"""


def _lines(part: Any, indent: str = "") -> str:
    """JSON, with a line for each part that has parts itself."""
    text = json.dumps(part, ensure_ascii=False)
    if len(text) + len(indent) <= 110 or not isinstance(part, dict | list):
        return text
    inner = indent + "  "
    if isinstance(part, list):
        return "[\n" + "".join(f"{inner}{_lines(v, inner)},\n" for v in part) + indent + "]"
    entries = (f"{inner}{json.dumps(key, ensure_ascii=False)}: {_lines(v, inner)},\n" for key, v in part.items())
    return "{\n" + "".join(entries) + indent + "}"


def _type(field: fields.Field) -> str:
    if isinstance(field, fields.Choice):
        return _union(field.options)
    return TYPES.get(type(field), "number[]")


def _union(names: Iterable[str]) -> str:
    return " | ".join(json.dumps(name, ensure_ascii=False) for name in names) or "never"


def stale() -> list[str]:
    """Names of committed files that are not what Python says now."""
    wanted = {f"{kind.figure.replace('-', '_')}.ts": typescript(kind) for kind in declared()}
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.ts")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main() -> None:
    if "--check" in sys.argv:
        if names := stale():
            sys.exit(f'{", ".join(names)} in js/src/declared is older than its Python: run "make bundle" and commit')
        return
    FOLDER.mkdir(exist_ok=True)
    for kind in declared():
        (FOLDER / f"{kind.figure.replace('-', '_')}.ts").write_text(typescript(kind), encoding="utf-8")


if __name__ == "__main__":
    main()
