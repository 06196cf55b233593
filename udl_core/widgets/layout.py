"""What a live figure consists of, said once: panels with their marks and handles, controls, and the question.

Only what stays the same stands here. Where a mark is in a given state says `LiveFigure.scene`, in Python and again in
the figure's TypeScript; the picture on paper (`figures.scene`) and the one that moves (`js/src/scene/draw.ts`) are both
drawn from this. ``role`` gives colour and dashes: model, data, unit1, unit2, unit3, reference or ink. Things with the
same ``link`` light up together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Item:
    """``paper``: whether it is part of the picture for paper too."""

    link: str = ""
    paper: bool = True


@dataclass(frozen=True)
class Mark(Item):
    """``look`` may say thin, dashed, faint, or steady (stays when others are lit)."""

    name: str
    role: str = "model"
    look: str = ""


@dataclass(frozen=True)
class Curve(Mark):
    """A line through its points, interrupted where y is NaN."""


@dataclass(frozen=True)
class Dots(Mark):
    """Points, ``size`` pixels in radius."""

    size: float = 5


@dataclass(frozen=True)
class Area(Mark):
    """A filled polygon. With ``grip`` it can be dragged, and then takes the handle of that name along."""

    grip: str = ""


@dataclass(frozen=True)
class Label(Mark):
    """A text at a point; the third entry of its scene. ``side``: above or below. Labels of a panel keep apart."""

    side: str = "above"


@dataclass(frozen=True)
class Invitation(Mark):
    """What to try, until the reader does; on paper the word ``printed``."""

    text: str = ""
    printed: str = ""


@dataclass(frozen=True)
class Handle(Mark):
    """A point to drag or to move by keys; what that does to the state says ``moves`` in the figure's TypeScript.

    ``step`` is added by an arrow key, or with ``factor`` multiplied. ``bounds`` are the limits along its first axis,
    the panel's unless told otherwise.
    """

    label: str = ""
    axes: str = "xy"
    shape: str = "circle"
    step: float = 0.05
    factor: bool = False
    bounds: Range | None = None
    paper: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Panel(Item):
    """Axes in the book's symbols, logarithmic where ``xlog`` or ``ylog``; ``xticks``, ``yticks``: not round ones."""

    title: str
    x: Range
    y: Range
    marks: Sequence[Mark] = ()
    label: str = ""
    xlabel: str = ""
    ylabel: str = ""
    xlog: bool = False
    ylog: bool = False
    xticks: Sequence[float] = ()
    yticks: Sequence[float] = ()
    height: int = 220


@dataclass(frozen=True)
class Slider(Item):
    """Bound to the field ``key``, whose limits it has."""

    key: str
    label: str
    step: float = 0.01
    role: str = ""
    log: bool = False


@dataclass(frozen=True)
class Toggle(Item):
    """A box to tick, bound to the field ``key``."""

    key: str
    label: str


@dataclass(frozen=True)
class Select(Item):
    """A list to choose from, bound to the field ``key``; ``texts`` by value."""

    key: str
    label: str
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Button(Item):
    """What pressing it does to the state says ``moves`` in the figure's TypeScript."""

    name: str
    label: str


@dataclass(frozen=True)
class Note(Item):
    """A text of `LiveFigure.words`."""

    name: str


@dataclass(frozen=True)
class Controls(Item):
    """Below each other in a cell of the grid."""

    items: Sequence[Item] = ()


@dataclass(frozen=True)
class Question:
    """Asked before the reader looks; the true answer is ``truth`` of `LiveFigure.words`."""

    ask: str
    min: float
    max: float
    step: float = 1
    digits: int = 0


@dataclass(frozen=True)
class Table:
    """Its rows are ``rows`` of `LiveFigure.words`."""

    caption: str
    head: Sequence[str]


def plain(part: Any) -> Any:
    """The same as JSON data, with ``kind`` and without what is left at its default."""
    if isinstance(part, list | tuple):
        return [plain(v) for v in part]
    if isinstance(part, Mapping):
        return {k: plain(v) for k, v in part.items()}
    if not hasattr(part, "__dataclass_fields__"):
        return part
    given = {f.name: getattr(part, f.name) for f in fields(part) if f.name not in ("paper", "printed")}
    kept = {name: plain(value) for name, value in given.items() if value not in ("", False, None, (), {}) or value == 0}
    return {"kind": type(part).__name__.lower(), **{k: v for k, v in kept.items() if v is not False}}


def marks(layout: Sequence[Item]) -> list[Mark]:
    """All marks of all panels."""
    return [mark for item in layout if isinstance(item, Panel) for mark in item.marks]
