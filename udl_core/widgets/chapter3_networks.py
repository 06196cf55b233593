"""Live figures of chapter 3: bumps of sigmoids, sums of ridges."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import traitlets

from udl_core import approximation
from udl_core._validate import Array
from udl_core.approximation import fit_ridges, sigmoid_bumps
from udl_core.figures.style import Picture
from udl_core.models import Shallow
from udl_core.widgets.live import BadValue, LiveFigure, Vector


class SumError(NamedTuple):
    """How far a sum of bumps is from its target at the nodes."""

    sup: float  # the largest distance
    rms: float  # the root of the mean squared distance


class SigmoidBumps(LiveFigure):
    """One bump made of two sigmoids, and N bumps side by side whose sum imitates a hill.

    Traits: ``N``, 1 to 40 bumps; ``steepness``, 1 to 60, in units of one over a bump's width: the sigmoids' slope
    factor is steepness / width; ``centre`` in [0, 1], ``width`` in [0.05, 1] and ``height`` in [−1, 1] of the single
    bump. The hill is sin²(πx) (0.6 + 0.6 x) on [0, 1], and each bump of the sum is as high as the hill at its centre.
    """

    figure = "sigmoid-bumps"
    N = traitlets.Int(8, min=1, max=40).tag(sync=True)
    steepness = traitlets.Float(40.0, min=1, max=60).tag(sync=True)
    centre = traitlets.Float(0.5, min=0, max=1).tag(sync=True)
    width = traitlets.Float(0.3, min=0.05, max=1).tag(sync=True)
    height = traitlets.Float(1.0, min=-1, max=1).tag(sync=True)

    NODES = np.arange(401) / 400
    """Where sum and hill are compared."""

    @staticmethod
    def hill(x: Array) -> Array:
        """The target."""
        return np.sin(np.pi * x) ** 2 * (0.6 + 0.6 * x)

    def bump(self) -> Array:
        """The flat vector φ (7,) of ``Shallow(1, 2, 1, "sigmoid")`` that draws the single bump."""
        return sigmoid_bumps([self.centre], [self.width], [self.height], self.steepness / self.width)

    def parameters(self) -> Array:
        """The flat vector φ (6 N + 1,) of ``Shallow(1, 2 N, 1, "sigmoid")`` that draws the sum."""
        centres = (np.arange(self.N) + 0.5) / self.N
        widths = np.full(self.N, 1 / self.N)
        return sigmoid_bumps(centres, widths, self.hill(centres), self.steepness * self.N)

    def sum(self) -> Array:
        """The sum at the nodes, (401,)."""
        return Shallow(1, 2 * self.N, 1, "sigmoid")(self.NODES[:, None], self.parameters())[:, 0]

    def error(self) -> SumError:
        """How far the sum is from the hill."""
        off = self.sum() - self.hill(self.NODES)
        return SumError(float(np.abs(off).max()), float(np.sqrt(np.mean(off**2))))

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter3_networks

        return live_chapter3_networks.sigmoid_bumps(self.bump(), self.parameters(), self.hill(self.NODES))


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
