"""Live figures of chapter 3: curves of straight pieces, and where their joints stand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

import numpy as np
import traitlets

from udl_core.approximation import (
    NAMES,
    Error,
    Target,
    best_places,
    best_values,
    equal,
    error,
    interpolant,
    sampled,
    target,
)
from udl_core.approximation.piecewise import Norm
from udl_core.figures.style import Picture
from udl_core.widgets.live import BadValue, LiveFigure, Vector

CELLS = 400
"""Between the nodes of a target: it holds CELLS + 1 values and is straight between them."""
LIMIT = 1.5
"""How far from 0 a drawn curve may go."""


def curve(name: str) -> np.ndarray:
    """The values (401,) of a named curve of ``approximation.target`` at the nodes k/400."""
    return target(name)(np.linspace(0, 1, CELLS + 1))


class _Curve(Vector):
    """A vector of the target's values; a name of ``approximation.NAMES`` is taken for that curve's."""

    def validate(self, obj: Any, value: Any) -> np.ndarray:
        if isinstance(value, str) and value in NAMES:
            value = curve(value)
        array = super().validate(obj, value)
        if np.abs(array).max() > LIMIT:
            raise BadValue(f"{self.name} must lie from -{LIMIT} to {LIMIT}, got {array[np.abs(array).argmax()]}")
        return array


class DrawAnyCurve(LiveFigure):
    """A drawn curve, the network of D units that imitates it, and its error for every D.

    Traits: ``y`` (401,) in [−1.5, 1.5], the target at the nodes k/400, straight in between; a name such as "chirp" sets
    it too. ``D``, 1 to 200 units. ``method``, "interpolate" or "best": the network meets the target at its joints, or
    has the values of least squares. ``places``, "equal" or "best": where the joints stand. ``norm``, "sup" or "l2":
    the error that counts. Prince, section 3.2.
    """

    figure = "draw-any-curve"
    y = _Curve(CELLS + 1, default_value=curve("sine"))
    D = traitlets.Int(8, min=1, max=200).tag(sync=True)
    norm = traitlets.Enum(["sup", "l2"], default_value="sup").tag(sync=True)
    method = traitlets.Enum(["interpolate", "best"], default_value="interpolate").tag(sync=True)
    places = traitlets.Enum(["equal", "best"], default_value="equal").tag(sync=True)

    def target(self) -> Target:
        """The drawn curve."""
        return sampled(self.y)

    def network(self) -> tuple[np.ndarray, np.ndarray]:
        """The places (D+1,) of the network's straight pieces and its values (D+1,) there."""
        f = self.target()
        places = equal(self.D) if self.places == "equal" else best_places(f, self.D, cast(Norm, self.norm))[-1]
        return places, best_values(f, places, "l2") if self.method == "best" else f(places)

    def parameters(self) -> np.ndarray:
        """The flat vector φ (3 D + 1,) of ``Shallow(1, D, 1)`` that draws the network's curve."""
        return interpolant(*self.network())

    def error(self) -> Error:
        """How far the network is from the target, in both norms."""
        return error(self.target(), *self.network())

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter3

        return live_chapter3.draw_any_curve(self.target(), *self.network(), self.method)


class MoveTheJoints(LiveFigure):
    """A named curve and the network through points of it: where should its joints stand?

    Traits: ``target``, a name of ``approximation.NAMES``; ``joints`` (D−1,), the nodes of the joints inside, whole
    numbers from 1 to 399 that ascend, for D = 2 to 12 units: joint k stands at k/400; ``norm``, "sup" or "l2": the
    error that counts; ``shown``, whether the best joints are drawn too. Prince, section 3.2.
    """

    figure = "move-the-joints"
    target = traitlets.Enum(NAMES, default_value="root").tag(sync=True)
    joints = traitlets.List(traitlets.Int(), default_value=[67, 133, 200, 267, 333]).tag(sync=True)
    norm = traitlets.Enum(["sup", "l2"], default_value="sup").tag(sync=True)
    shown = traitlets.Bool(False).tag(sync=True)

    @traitlets.validate("joints")
    def _ascending_nodes(self, proposal: Any) -> list[int]:
        joints: list[int] = proposal["value"]
        if not 1 <= len(joints) <= 11:
            raise BadValue(f"joints must have shape (D−1,) for D = 2 to 12 units, got {len(joints)} joints")
        ends = [0, *joints, CELLS]
        if any(a >= b for a, b in pairwise(ends)):
            raise BadValue(f"joints must ascend from 1 to {CELLS - 1}, got {joints}")
        return joints

    def network(self) -> tuple[np.ndarray, np.ndarray]:
        """The places (D+1,) of the network's straight pieces and its values (D+1,) there."""
        places = np.array([0, *self.joints, CELLS]) / CELLS
        return places, curve(self.target)[[0, *self.joints, CELLS]]

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """The same for the joints at nodes that make the error least."""
        f = sampled(curve(self.target))
        places = best_places(f, len(self.joints) + 1, cast(Norm, self.norm))[-1]
        return places, f(places)

    def score(self) -> float:
        """100 times the least error over the error; an error of nothing but rounding counts as 0."""
        f = sampled(curve(self.target))
        mine, best = (getattr(error(f, *network), self.norm) for network in (self.network(), self.best()))
        if mine < 1e-12:
            return 100.0
        return 0.0 if best < 1e-12 else min(100.0, 100 * best / mine)

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter3

        f = sampled(curve(self.target))
        return live_chapter3.move_the_joints(self.target, f, self.network(), self.best(), self.norm, self.shown)
