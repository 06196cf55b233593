"""What a live figure consists of, said once: panels with their marks and handles, controls, and the question.

Only what stays the same stands here. Where a mark is in a given state says `LiveFigure.scene`, in Python and again in
the figure's TypeScript; the picture on paper (`figures.scene`) and the one that moves (`js/src/scene/draw.ts`) are both
drawn from this. ``role`` gives colour and dashes: model, data, unit1, unit2, unit3, reference or ink. Things with the
same ``link`` light up together.

A name with ``#``, as "joint #", stands for marks in number: its scene is a list, one entry for each of them. In
``role``, ``link``, ``label`` and ``text`` the ``#`` is the number of the mark, from 1; the role unit# is one of three
in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")
Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Item:
    """``paper``: whether it is part of the picture for paper too."""

    link: str = ""
    paper: bool = True


@dataclass(frozen=True)
class Mark(Item):
    """``look`` names classes of ``js/src/figure.css`` without their udl-: thin, dashed, part, guide, probe, open, …;
    steady stays when others are lit.

    ``later``: it takes long to compute, so the page does it in the background. ``ghost``: it has no place in a state,
    and is seen only during a gesture whose move gives it one.
    """

    name: str
    role: str = "model"
    look: str = ""
    later: bool = field(default=False, kw_only=True)
    ghost: bool = field(default=False, kw_only=True)


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
    """A text at a point. Labels of a panel keep apart.

    ``side``: above, below, left, right; or beyond, for a name at the end of a path: its scene is that end and the point
    before it. ``text``: what it always says, else the third entry of its scene.
    """

    side: str = "above"
    text: str = ""


@dataclass(frozen=True)
class Invitation(Mark):
    """What to try, until the reader does; on paper the word ``printed``."""

    text: str = ""
    printed: str = ""


@dataclass(frozen=True)
class Handle(Mark):
    """A point to drag or to move by keys; what that does to the state says ``moves`` in the figure's TypeScript.

    ``step`` is added by an arrow key, or with ``factor`` multiplied. ``bounds`` are the limits along its first axis,
    the panel's unless told otherwise. ``shape``: circle, square, diamond or triangle; without one, that of its role.
    """

    label: str = ""
    axes: str = "xy"
    shape: str = ""
    step: float = 0.05
    factor: bool = False
    bounds: Range | None = None
    paper: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Panel(Item):
    """Axes in the book's symbols, logarithmic where ``xlog`` or ``ylog``; ``xticks``, ``yticks``: not round ones.

    ``right``: pixels beside the axes, for labels there.
    """

    title: str
    x: Range
    y: Range
    marks: Sequence[Mark] = ()
    label: str = ""
    right: int = 14
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
class Sliders(Item):
    """One for each entry of the vector ``key``, folded away under ``title``; on a wide screen perhaps ``unfolded``.

    ``labels`` are symbols such as ``"θ_10"``, ``links`` and ``roles`` say what lights up with each and its colour.
    """

    key: str
    title: str
    lo: float
    hi: float
    labels: Sequence[str]
    links: Sequence[str] = ()
    roles: Sequence[str] = ()
    step: float = 0.01
    unfolded: bool = False


@dataclass(frozen=True)
class Term(Item):
    """Part of an equation. Symbols stand in braces, ``"+ {φ_1} a[{θ_10} + {θ_11} {x}]"``."""

    text: str
    role: str = ""


@dataclass(frozen=True)
class Equation(Item):
    """Terms in a row, and below each what `LiveFigure.words` says under ``name``: a list, one text a term."""

    name: str
    terms: Sequence[Term]
    small: bool = False


@dataclass(frozen=True)
class Note(Item):
    """A text of `LiveFigure.words`."""

    name: str


@dataclass(frozen=True)
class Controls(Item):
    """Below each other in a cell of the grid; or, ``wide``, below the grid."""

    items: Sequence[Item] = ()
    wide: bool = False


@dataclass(frozen=True)
class Column(Item):
    """Panels and controls below each other, beside another column."""

    items: Sequence[Item] = ()


@dataclass(frozen=True)
class Question:
    """Asked before the reader looks; the true answer is `LiveFigure.truth`."""

    ask: str
    min: float
    max: float
    step: float = 1
    digits: int = 0


@dataclass(frozen=True)
class Table:
    """Its rows are `LiveFigure.rows`."""

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


def inside(layout: Sequence[Item]) -> list[Item]:
    """All panels and controls, whatever column they stand in."""
    return [part for item in layout for part in (item.items if isinstance(item, Column) else [item])]


def marks(layout: Sequence[Item]) -> list[Mark]:
    """All marks of all panels."""
    return [mark for item in inside(layout) if isinstance(item, Panel) for mark in item.marks]


def items(layout: Sequence[Item], kind: type[T]) -> list[T]:
    """All controls of a kind."""
    cells = [item for item in inside(layout) if isinstance(item, Controls)]
    return [item for cell in cells for item in cell.items if isinstance(item, kind)]
