"""One row a live figure: the states that its tests look at, beside some drawn at random, and what keys do to it.

From a row follow, in `unit/test_live_figures.py`, `js/test/scenes.test.ts` and `site/test_figures.py`: that it refuses
what it can't show, in Python and in the page alike; that the front end draws and says what Python does, to 1e-12; that
its copied Python runs and gives the figure's numbers; and that each key press leads to the state given here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from udl_core import widgets
from udl_core.widgets import LiveFigure
from udl_core.widgets.fields import Choice, Field, Flag, Flags, Interval, Real, Vector, Whole, draw

State = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """``keys``: handle, keys pressed on it in the default state, the entries of the state that they change.

    ``says``: words that the summary, notes or texts hold in a state. ``copied``: what the copied Python leaves behind.
    """

    states: Sequence[State] = ()
    draws: int = 6
    keys: Sequence[tuple[str, str, State]] = ()
    says: Sequence[tuple[State, str]] = ()
    copied: Callable[[Any], Mapping[str, Any]] = lambda w: {}


ROWS: dict[type[LiveFigure], Row] = {
    widgets.Window: Row(
        states=(
            {"D": 40},
            {"D": 1, "lead": 0.5},
            {"lead": 2.0},  # the first joint stands out of view
            {"window": [-2.0, 2.0], "D": 17},  # nothing outside
            {"window": [-2.0, -1.75], "D": 40, "lead": 0.3},
            {"window": [1.75, 2.0], "D": 3, "lead": 1.0},
        ),
        keys=(
            ("left", "End", {"window": [0.75, 1]}),
            ("right", "Home", {"window": [-1, -0.75]}),
            ("window", "End", {"window": [0, 2]}),
            ("first joint", "ArrowRight", {}),
            ("first joint", "Shift+ArrowLeft", {"lead": 0.5}),
            ("D", "ArrowRight", {"D": 13}),
            ("D", "Shift+ArrowLeft", {"D": 2}),
            ("D", "End", {"D": 40}),
        ),
        says=(
            ({}, "12 units: error inside 0.0329, outside up to 3.00."),
            ({"window": [-2, 2]}, "outside nothing to see"),
            ({"window": [-1, 2], "lead": 0.5}, "goes on to unit 1’s joint at x = −1.50"),
        ),
        copied=lambda w: {"phi": w.parameters(), "off": np.abs(w.output(w.NODES) - np.sin(np.pi * w.NODES))},
    ),
}


def states(kind: type[LiveFigure]) -> list[State]:
    """The default, those of the row, and some drawn at random."""
    rng = np.random.default_rng(0)
    return [{}, *ROWS[kind].states, *(draw(kind.fields(), rng) for _ in range(ROWS[kind].draws))]


def bad(field: Field) -> list[Any]:
    """What a field must refuse."""
    never = [None, "nonsense", {"a": 1}, 1j, np.nan, np.inf, 10**400, np.ma.masked, [None], object()]
    if isinstance(field, Choice | Flag):
        return [*never, 1, [True], ""]
    if isinstance(field, Real | Whole):
        limits = [field.lo - 1, *([] if isinstance(field.hi, str) else [field.hi + 1])]
        return [
            *never,
            True,
            np.True_,
            [field.lo],
            1e300,
            *limits,
            *([field.lo + 0.5] if isinstance(field, Whole) else []),
        ]
    assert isinstance(field, Vector)
    good = np.array(field.default_value)
    if isinstance(field, Interval):
        never.append([field.lo, field.lo + field.least / 2])
    if isinstance(field, Flags) or not len(good):
        return [*never, [good]]
    spoilt = [np.where(np.arange(len(good)) == 0, v, good) for v in (np.nan, -np.inf, 1e300)]
    return [*never, [good], np.ma.array(good, mask=True), good * 1j, good.astype(str), good.astype(object), *spoilt]


def natural(field: Field) -> list[Any]:
    """The default as NumPy would give it: other types, other byte orders, views."""
    value = field.default_value
    if isinstance(field, Flag):
        return [np.bool_(value)]
    if isinstance(field, Choice):
        return [np.str_(value)]
    if isinstance(field, Whole):
        return [np.int8(value), np.uint64(value), np.float32(value), np.array(value), float(value)]
    if isinstance(field, Real):
        return [np.float32(np.round(value)), np.int64(round(value)), np.array(value), int(value)]
    swapped = value.astype(value.dtype.newbyteorder())
    return [swapped, value[::-1][::-1], value.tolist(), tuple(value.tolist())]
