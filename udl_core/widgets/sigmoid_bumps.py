"""Bumps made of two sigmoids each, and their sum (Prince, section 3.2)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from udl_core import approximation
from udl_core._validate import Array
from udl_core.activations import sigmoid
from udl_core.models import Shallow
from udl_core.widgets import layout as ui
from udl_core.widgets._numbers import first_largest
from udl_core.widgets._words import count, short, show, small
from udl_core.widgets.fields import Real, Whole
from udl_core.widgets.live import LiveFigure

STEEPNESSES = 60 ** (np.arange(49) / 48)
"""Where the curve of errors is worked out."""


class SumError(NamedTuple):
    """How far a sum of bumps is from its target at the nodes."""

    sup: float  # the largest distance
    rms: float  # the root of the mean squared distance


class SigmoidBumps(LiveFigure):
    """One bump made of two sigmoids, and N bumps side by side whose sum imitates the hill sin²(πx) (0.6 + 0.6 x).

    Each bump of the sum is as high as the hill at its centre. The sigmoids' slope factor is steepness / width.
    """

    title = "Bumps from sigmoids"
    about = "Two sigmoids and their difference, a bump; beside it a hill and the sum of such bumps side by side."

    N = Whole(1, 40, default=8, doc="bumps in the sum")
    steepness = Real(1, 60, default=40.0, significant=3, doc="of all sigmoids, in units of one over a bump's width")
    centre = Real(0, 1, default=0.5, doc="of the single bump")
    width = Real(0.05, 1, default=0.3, doc="of the single bump, between its steps")
    height = Real(-1, 1, default=1.0, doc="of the single bump, if its sigmoids are steep")

    layout = (
        ui.Panel("One bump: sigmoid 1 − sigmoid 2", label="Two sigmoids and the bump between them", x=(0, 1),
                 y=(-1.2, 1.2), xlabel="x", height=250, marks=(
            ui.Curve("bump", look="steady", link="bump"),
            ui.Curve("sigmoid 1", "unit1", link="unit1"),
            ui.Curve("sigmoid 2", "unit2", link="unit2"),
            ui.Label("name 1", "ink", "line-name", side="left", text="1", link="unit1"),
            ui.Label("name 2", "ink", "line-name", side="right", text="2", link="unit2"),
            ui.Handle("top", label="Top of the bump", step=0.02, link="bump"),
            ui.Handle("edge", "unit2", label="Edge of the bump, where sigmoid 2 is halfway", axes="x", step=0.01,
                      bounds=(-1, 2), link="unit2"),
            ui.Handle("slope", "unit1", label="Slope of sigmoid 1: further left is steeper", axes="x", step=0.002,
                      bounds=(-1, 3), link="unit1"),
        )),
        ui.Controls(items=(
            ui.Slider("N", "Bumps N", link="sum"),
            ui.Slider("steepness", "Steepness", log=True, link="steepness"),
            ui.Button("halve", "Halve N"),
            ui.Button("double", "Double N"),
            ui.Note("work"),
        )),
        ui.Panel("Side by side: target and sum", label="The target and the sum of bumps", x=(0, 1), y=(-0.1, 1.15),
                 xlabel="x", height=250, marks=(
            ui.Curve("target", "reference"),
            ui.Curve("bumps", look="part"),
            ui.Curve("sum", look="steady", link="sum"),
            ui.Curve("largest error at", "data", "gap"),
        )),
        ui.Panel("The sum’s largest error", label="The largest error of the sum for every steepness", x=(1, 60),
                 y=(1e-3, 1.2), xlog=True, ylog=True, xticks=(1, 2, 5, 10, 20, 50), yticks=(1, 0.1, 0.01, 0.001),
                 xlabel="steepness, in units of 1 / width", height=190, paper=False, marks=(
            ui.Curve("largest error", look="steady", link="steepness", later=True),
            ui.Handle("steepness", label="Steepness", axes="x", step=1.05, factor=True, link="steepness"),
        )),
    )  # fmt: skip

    question = ui.Question("At which steepness is the sum closest to the curve?", 1, 60, digits=1)
    table = ui.Table("Errors of the sum by steepness", ("steepness", "largest error", "root mean square"))
    code = """
import numpy as np
from udl_core import Shallow
from udl_core.approximation import sigmoid_bumps

bump = sigmoid_bumps([$centre], [$width], [$height], steepness=$steepness / $width)
print(Shallow(1, 2, 1, "sigmoid")([[$centre]], bump))

def hill(x):
    return np.sin(np.pi * x) ** 2 * (0.6 + 0.6 * x)

N, steepness = $N, $steepness
centres = (np.arange(N) + 0.5) / N
phi = sigmoid_bumps(centres, np.full(N, 1 / N), hill(centres), steepness * N)
x = np.arange(401) / 400
off = Shallow(1, 2 * N, 1, "sigmoid")(x[:, None], phi)[:, 0] - hill(x)
print(np.abs(off).max(), np.sqrt(np.mean(off**2)))
"""

    NODES = np.arange(401) / 400
    """Where sum and hill are compared."""

    @staticmethod
    def hill(x: Array) -> Array:
        """The target."""
        return np.sin(np.pi * x) ** 2 * (0.6 + 0.6 * x)

    def bump(self) -> Array:
        """The flat vector φ (7,) of ``Shallow(1, 2, 1, "sigmoid")`` that draws the single bump."""
        return approximation.sigmoid_bumps([self.centre], [self.width], [self.height], self.steepness / self.width)

    def parameters(self, steepness: float | None = None) -> Array:
        """The flat vector φ (6 N + 1,) of ``Shallow(1, 2 N, 1, "sigmoid")`` that draws the sum."""
        centres = (np.arange(self.N) + 0.5) / self.N
        steep = (steepness or self.steepness) * self.N
        return approximation.sigmoid_bumps(centres, np.full(self.N, 1 / self.N), self.hill(centres), steep)

    def sum(self, steepness: float | None = None) -> Array:
        """The sum at the nodes (401,), perhaps at another steepness."""
        return Shallow(1, 2 * self.N, 1, "sigmoid")(self.NODES[:, None], self.parameters(steepness))[:, 0]

    def error(self, steepness: float | None = None) -> SumError:
        """How far the sum is from the hill, perhaps at another steepness."""
        off = self.sum(steepness) - self.hill(self.NODES)
        return SumError(float(np.abs(off).max()), float(np.sqrt(np.mean(off**2))))

    def scene(self) -> dict[str, Any]:
        x, total, hill, N = self.NODES, self.sum(), self.hill(self.NODES), self.N
        s = self.steepness / self.width
        left, right = self.centre - self.width / 2, self.centre + self.width / 2
        up, down = (self.height * sigmoid(s * (x - edge)) for edge in (left, right))
        at = first_largest(np.abs(total - hill))
        reach = 0.5 / N + 7 / (self.steepness * N)
        parts = []
        for centre in (np.arange(N) + 0.5) / N:
            places = np.linspace(max(0, centre - reach), min(1, centre + reach), 49)
            one = approximation.sigmoid_bumps([centre], [1 / N], [self.hill(centre)], self.steepness * N)
            parts.append([[*places, places[-1]], [*Shallow(1, 2, 1, "sigmoid")(places[:, None], one)[:, 0], np.nan]])
        return {
            "bump": (x, up - down), "sigmoid 1": (x, up), "sigmoid 2": (x, down),
            "name 1": (left, 0.22 * self.height), "name 2": (right, 0.22 * self.height),
            "top": (self.centre, self.height * (2 * sigmoid(self.steepness / 2) - 1)),
            "edge": (right, self.height / 2),
            "slope": (left + 2 / s, self.height * sigmoid(2.0)),
            "target": (x, hill), "bumps": tuple(np.hstack(parts)), "sum": (x, total),
            "largest error at": ([x[at], x[at]], [hill[at], total[at]]),
            "largest error": (STEEPNESSES, [self.error(steepness).sup for steepness in STEEPNESSES]),
            "steepness": (self.steepness, self.error().sup),
        }  # fmt: skip

    def words(self) -> dict[str, Any]:
        now, steep, bumps = self.error(), short(self.steepness), count(self.N, "bump")
        if self.N == 1:
            work = "One bump has no neighbour to work with."
        elif self.steepness < 2.5:
            work = (
                "The sigmoids are so soft that neighbouring bumps melt into each other, and the sum loses its height."
            )
        elif self.steepness > 12:
            work = "The sigmoids are so steep that the sum is a staircase: between two steps it is level."
        else:
            work = "Neighbouring bumps overlap and share the work: where one goes down, the next goes up."
        errors = f"largest error {small(now.sup)}, root mean square {small(now.rms)}"
        return {
            "summary": f"{bumps} ({2 * self.N} sigmoids), steepness {steep}: {errors}.",
            "work": work,
            "top": f"centre {show(self.centre)}, height {show(self.height)}",
            "edge": f"width {show(self.width)}",
            "slope": f"steepness {steep}",
            "steepness": f"steepness {steep}, largest error {small(now.sup)}",
        }

    def rows(self) -> list[list[str | float]]:
        rows: list[list[str | float]] = []
        for s in sorted({1, 2, 3, 4, 5, 6, 8, 10, 20, 40, 60, self.steepness}):
            name = f"{short(s)} (shown)" if s == self.steepness else short(s)
            rows.append([name, small(self.error(s).sup), small(self.error(s).rms)])
        return rows

    def truth(self) -> float:
        """The steepness with the least largest error, to one digit after the point."""
        k = first_largest(np.array([-self.error(s).sup for s in STEEPNESSES]))
        lo, hi = STEEPNESSES[max(0, k - 1)], STEEPNESSES[min(48, k + 1)]
        near = np.arange(np.ceil(10 * lo), np.floor(10 * hi) + 1) / 10
        return float(near[first_largest(np.array([-self.error(s).sup for s in near]))])
