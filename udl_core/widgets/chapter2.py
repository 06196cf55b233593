"""Live figures of chapter 2: shallow networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from udl_core import activations
from udl_core.figures.style import Picture
from udl_core.widgets.live import BadValue, LiveFigure, Vector

WAVE_FIT = (0.87, -2.4, -1.0, 1.2, 1.9, -1.7, -1.07, -2.47, 1.2, 1.68)
"""φ of Shallow(1, 3, 1) near the least squares fit to the points below: units 1 and 3 face left, unit 2 right."""
SCALED = (0.87, -2.4, -1.5, 1.8, 1.9, -1.7, -1.07, -2.47, 0.8, 1.68)
"""The same function: θ₂₀ and θ₂₁ times 1.5, φ₂ divided by it."""
WAVE_X = (0.06, 0.22, 0.24, 0.44, 0.48, 0.6, 0.76, 0.82, 0.95, 1.0, 1.19, 1.28, 1.37, 1.53, 1.59, 1.72, 1.79, 1.93)
WAVE_Y = (
    0.17, 0.67, 0.72, 0.77, 0.82, 0.55, -0.09, -0.21, -0.39, -0.49, -0.54, -0.47, -0.24, -0.14, 0.01, 0.36, 0.36, 0.42,
)  # fmt: skip
"""``datasets.wave_data(1, 18)`` to two digits."""


class SymmetryOrbit(LiveFigure):
    """Other parameters, same function: θ_d times α and φ_d times 1/α for α > 0, and any two units exchanged.

    Traits: ``phi`` (10,), the flat vector of ``Shallow(1, 3, 1)`` now; ``start`` (10,), the parameters that its orbit
    starts from (``phi`` unless given); ``order`` (3,), which unit of the start each unit is, 1 to 3 once each;
    ``unit``, the unit whose factors are shown, 1 to 3; ``x`` (I,) and ``y`` (I,), the data of the least squares loss.
    Prince, section 3.1 and problem 3.5.
    """

    figure = "symmetry-orbit"
    phi = Vector(10, default_value=np.array(SCALED))
    start = Vector(10, default_value=np.array(WAVE_FIT))
    order = traitlets.List(traitlets.Int(), default_value=[1, 2, 3]).tag(sync=True)
    unit = traitlets.Int(2, min=1, max=3).tag(sync=True)
    x = Vector(default_value=np.array(WAVE_X))
    y = Vector(default_value=np.array(WAVE_Y))

    def __init__(self, **state: Any) -> None:
        if "phi" in state:
            state.setdefault("start", state["phi"])
        super().__init__(**state)

    @traitlets.validate("order")
    def _permutation(self, proposal: Any) -> list[int]:
        if sorted(proposal["value"]) != [1, 2, 3]:
            raise BadValue(f"order must hold 1, 2 and 3 once each, got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("x", "y")
    def _points(self, proposal: Any) -> np.ndarray:
        name, value = proposal["trait"].name, proposal["value"]
        other = "y" if name == "x" else "x"
        count = len(getattr(self, other))
        if not len(value):
            raise BadValue(f"{name} must hold at least one number, got none")
        if len(value) != count:
            raise BadValue(
                f"{name} must have shape (I,) = ({count},) like {other}, got ({len(value)},); to change I, set x and y "
                "together inside `with w.hold_trait_notifications():`"
            )
        return value

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter2

        return live_chapter2.symmetry_orbit(self.phi, self.start, self.order, self.unit, self.x, self.y)


STEEP_UNITS = (3.0, -3.0, -2.1, 4.2, -5.4, 3.6, -0.2, 0.3, 0.37, -0.8)
"""The chapter's first network with θ three times as large, so that smooth activations show their shape on [0, 2]."""


class ActivationGallery(LiveFigure):
    """An activation with its derivative, and the ten-parameter network that uses it.

    Traits: ``phi`` (10,), the flat vector of ``Shallow(1, 3, 1)``; ``activation``, a name of ``activations.NAMES``;
    its setting where it has one: ``slope`` in [0, 1] of leaky and parametric ReLU (0.1 in the book, 0.01 in many
    libraries), ``alpha`` in [0, 3] of ELU, ``beta`` in [0, 10] of swish; ``z`` in [−5, 5], where a[z] and its
    derivative are read; ``x`` in [0, 2], the input whose pre-activations are marked. Prince, figure 3.13 and
    problem 3.8.
    """

    figure = "activation-gallery"
    phi = Vector(10, default_value=np.array(STEEP_UNITS))
    activation = traitlets.Enum(activations.NAMES, default_value="relu").tag(sync=True)
    slope = traitlets.Float(0.1, min=0, max=1).tag(sync=True)
    alpha = traitlets.Float(1.0, min=0, max=3).tag(sync=True)
    beta = traitlets.Float(1.0, min=0, max=10).tag(sync=True)
    z = traitlets.Float(-1.5, min=-5, max=5).tag(sync=True)
    x = traitlets.Float(0.75, min=0, max=2).tag(sync=True)

    def chosen(self) -> activations.ActivationFunction:
        """The activation with its setting, as ``Shallow`` takes it."""
        known = dict(activations.get(self.activation).parameters)
        return activations.get(self.activation, **{name: getattr(self, name) for name in known})

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter2

        return live_chapter2.activation_gallery(self.phi, self.chosen(), self.z)
