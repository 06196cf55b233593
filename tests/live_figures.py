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


SOME = np.random.default_rng(22).normal(size=10).tolist()
DEFAULT_TEN = widgets.TenParameters().phi.tolist()
DEFAULT_TWO = widgets.TwoOutputs().phi.tolist()

ROWS: dict[type[LiveFigure], Row] = {
    widgets.SigmoidBumps: Row(
        states=(
            *({"steepness": s} for s in (1.0, 3.0, 5.0, 8.0, 20.0, 60.0)),
            {"N": 16, "steepness": 5.0},
            {"N": 32, "steepness": 4.0},
            {"N": 40, "steepness": 60.0, "centre": 0.0, "width": 0.05},
            {"N": 1, "steepness": 1.0, "centre": 1.0, "width": 1.0, "height": -1.0},
            {"N": 3, "height": 0.0},
        ),
        keys=(
            ("top", "ArrowRight", {"centre": 0.52}),
            ("top", "ArrowDown", {"height": 0.98}),
            ("edge", "ArrowLeft", {"width": 0.28}),
            ("edge", "End", {"width": 1}),
            ("slope", "ArrowLeft", {"steepness": 46.2}),
            ("steepness", "ArrowRight", {"steepness": 42}),
            ("steepness", "Shift+ArrowLeft", {"steepness": 24.6}),
            ("steepness", "End", {"steepness": 60}),
        ),
        says=(
            ({}, "8 bumps (16 sigmoids), steepness 40: largest error 0.1450, root mean square"),
            ({"N": 1}, "One bump has no neighbour"),
            ({"N": 16, "steepness": 12.25}, "steepness 12.3"),
        ),
        copied=lambda w: {"bump": w.bump(), "phi": w.parameters(), "off": w.sum() - w.hill(w.NODES)},
    ),
    widgets.TenParameters: Row(
        states=(
            {"x": 0.0},
            {"phi": [0.0] * 10},
            {"phi": [1, 0, -0.7, 1.4, -1.8, 0, -0.2, 0.9, 1.1, -2.4]},  # unit 1 always on, unit 3 never
            {"phi": [-0.5, 1, 1, -2, -0.75, 1.5, 0.1, 0.9, 1.1, -2.4]},  # three units at one joint, one faces left
            {"phi": [-0.5, 1, -0.5, 1, -1.5, 1, 0, 1, -1, 0.5], "x": 0.5},  # slope changes that cancel
            {"phi": [0, 1, 2, -1, -2, 1, 0.3, 0.5, 0.5, 0.5]},  # joints at both ends of what is seen
            {"phi": [3, -1, 1, 1, -5, 2, 0.3, 0.5, -0.5, 0.5], "x": 2.0},  # all joints outside
            {"phi": [0, 1, 0, -1, -1, 1, 0.3, 0, 0, 0]},  # every weight zero
        ),
        keys=(
            ("input", "ArrowRight", {"x": 0.77}),
            ("joint 1", "End", {"phi": [2, *DEFAULT_TEN[1:]]}),
            ("weight 1", "Home", {"phi": [*DEFAULT_TEN[:7], -2, *DEFAULT_TEN[8:]]}),
        ),
        says=(
            ({}, "3 joints at x = 0.50, 1.00, 1.50; 4 linear regions with slopes −0.90, 0.64, 1.54, −1.34."),
            ({}, "slope 1 − slope 2 + slope 3 = (−0.90) − (0.64) + (1.54) = 0"),
            ({"phi": [0] * 10}, "0 joints; 1 linear region with slopes 0.00."),
        ),
        copied=lambda w: {"phi": w.phi},
    ),
    widgets.TwoOutputs: Row(
        states=(
            {"phi": [0.0] * 18},
            {"phi": [-1, 1, 1, -1, -2, 2, -0.5, 1, *SOME], "x": 1.0},  # three at one joint
            {"phi": [0.5, 0, 0, 0, -1, 1, 1.5, -1, *SOME]},  # two units without a joint
            {"phi": [3, -1, 1, 1, -5, 2, 0, 1, *SOME], "x": 2.0},  # none inside
            {"phi": [-0.4, 1, -0.8, 1, 1.2, -1, -1.6, 1, *SOME[:5], 0.3, 0, 0, 0, 0], "x": 0.0},
        ),
        keys=(
            ("input", "ArrowRight", {"x": 1.37}),
            ("input", "Home", {"x": 0}),
            ("joint 2", "Home", {"phi": [-0.48, 1.2, 0, 1.4, *DEFAULT_TWO[4:]]}),
            ("joint 4", "End", {"phi": [*DEFAULT_TWO[:6], -2.6, *DEFAULT_TWO[7:]]}),
        ),
        says=(
            ({}, "4 shared joints at x = 0.40, 0.80, 1.20, 1.60. At x = 1.35: y₁ = 0.48, y₂ = 0.10."),
            ({}, "slope 1 − slope 3 + slope 4 = 0"),
            ({"phi": [0] * 18}, "0 shared joints. At"),
        ),
        copied=lambda w: {"phi": w.phi},
    ),
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


def one_by_one(scene: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """The marks of a scene under the names that a page reports: "joint #" as "joint 1", "joint 2", …"""
    several = {name: place if "#" in name else [place] for name, place in scene.items()}
    return {name.replace("#", str(k)): one for name, all in several.items() for k, one in enumerate(all, start=1)}


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
        whole = round(np.clip(value, np.ceil(field.lo), np.floor(field.hi)))
        return [np.float32(whole), np.int64(whole), np.array(value), np.float64(value)]
    swapped = value.astype(value.dtype.newbyteorder())
    return [swapped, value[::-1][::-1], value.tolist(), tuple(value.tolist())]
