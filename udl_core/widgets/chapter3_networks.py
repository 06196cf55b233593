"""A live figure of chapter 3: sums of ridges."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from udl_core import approximation
from udl_core._validate import Array
from udl_core.approximation import fit_ridges
from udl_core.figures.style import Picture
from udl_core.widgets.live import BadValue, LiveFigure, Vector


class Ridges(LiveFigure):
    """A function on the square [−1, 1]² and the best sum of ridges along directions of the reader's choice.

    Traits: ``angles`` (K,), 1 to 6 directions in degrees, kept modulo 180; ``target``, "product" x₁ x₂, "bowl"
    (x₁² + x₂²) / 2 or "bump" exp(−4 (x₁² + x₂²)); ``shown``, the ridge that is seen alone, 1 to K, or 0 for the sum.
    """

    figure = "ridges"
    angles = Vector(expected="(K,)", default_value=np.array([0.0, 90.0]))
    target = traitlets.Enum(["product", "bowl", "bump"], default_value="product").tag(sync=True)
    shown = traitlets.Int(0, min=0, max=6).tag(sync=True)

    AXIS = -1 + 0.1 * np.arange(21)
    POINTS = np.column_stack((np.repeat(AXIS, 21), np.tile(AXIS, 21)))
    """The grid (441, 2) on which target and sum are compared."""

    @traitlets.validate("angles")
    def _directions(self, proposal: Any) -> Array:
        angles: Array = proposal["value"]
        if not 1 <= len(angles) <= 6:
            raise BadValue(f"angles must have shape (K,) for K = 1 to 6 directions, got {angles.shape}")
        if self.shown > len(angles):
            raise BadValue(
                f"angles must hold {self.shown} directions or more while shown is {self.shown}, got {len(angles)}; to "
                "change both, set them together inside `with w.hold_trait_notifications():`"
            )
        turned: Array = np.mod(angles, 180.0)
        turned[turned == 180.0] = 0.0  # what rounding makes of a tiny negative angle
        turned.flags.writeable = False
        return turned

    @traitlets.validate("shown")
    def _one_of_the_ridges(self, proposal: Any) -> int:
        if proposal["value"] > len(self.angles):
            raise BadValue(f"shown must be 0 to K = {len(self.angles)}, got {proposal['value']}")
        shown: int = proposal["value"]
        return shown

    def values(self) -> Array:
        """The target at the points, (441,)."""
        x1, x2 = self.POINTS.T
        if self.target == "product":
            return x1 * x2
        return (x1**2 + x2**2) / 2 if self.target == "bowl" else np.exp(-4 * (x1**2 + x2**2))

    def fit(self) -> approximation.Ridges:
        """The best sum of ridges along the directions."""
        return fit_ridges(self.POINTS, self.values(), self.angles)

    def unexplained(self) -> float:
        """The share of the target's spread that the best sum leaves: 0 is all explained, 1 nothing."""
        y = self.values()
        return float(np.sqrt(np.mean((self.fit()(self.POINTS) - y) ** 2) / y.var()))

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter3_networks

        return live_chapter3_networks.ridges(self.POINTS, self.values(), self.fit(), self.target, self.shown)
