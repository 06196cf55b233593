"""Live figure of chapter 2: two inputs, lines and polygons."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from udl_core.figures.style import Picture
from udl_core.widgets.live import BadValue, LiveFigure, Vector

THREE_LINES = (-0.1, 1.0, 0.3, 0.1, 0.5, -1.0, 0.55, -0.1, 1.0, 0.2, -1.0, 0.9, 0.5)
"""θ (3 × 3) row by row, then φ₀ … φ₃: lines 2 and 3 cross outside the box, which shows six of seven regions."""

MOST_UNITS = 8


class Polygons(LiveFigure):
    """Shallow(2, D, 1) on the box [−1, 1]²: each unit's line, the polygons between them, and the output's surface.

    Traits: ``phi`` (4 D + 1,), the flat vector of ``Shallow(2, D, 1)`` for D = 1 to 8; ``x`` (2,) in the box, the
    input whose pattern and affine map are shown; ``view`` (2,), azimuth and elevation of the surface in degrees.
    Prince, section 3.3.
    """

    figure = "polygons"
    phi = Vector(expected="(4 D + 1,)", default_value=np.array(THREE_LINES))
    x = Vector(2, default_value=np.array([0.3, 0.55]))
    view = Vector(2, default_value=np.array([-125.0, 30.0]))

    @traitlets.validate("phi")
    def _phi_has_whole_units(self, proposal: dict[str, Any]) -> np.ndarray:
        value: np.ndarray = proposal["value"]
        if len(value) % 4 != 1 or not 1 <= len(value) // 4 <= MOST_UNITS:
            raise BadValue(
                f"phi must have shape (4 D + 1,) for D = 1 to {MOST_UNITS} units with two inputs, got {value.shape}"
            )
        return value

    @traitlets.validate("x")
    def _x_is_in_the_box(self, proposal: dict[str, Any]) -> np.ndarray:
        value: np.ndarray = proposal["value"]
        if np.abs(value).max() > 1:
            raise BadValue(f"x must be in the box [-1, 1]², got {value.tolist()}")
        return value

    def picture(self) -> Picture:
        from udl_core.figures import live_polygons

        return live_polygons.polygons(self.phi, view=(self.view[0], self.view[1]))
