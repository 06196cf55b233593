"""Live figure of chapter 4: the plane cut by one layer after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from udl_core.figures.style import Picture
from udl_core.models import Deep
from udl_core.widgets.live import BadValue, LiveFigure, Vector

MOST_LAYERS, MOST_UNITS, MOST_PINS = 3, 8, 2
LARGEST = 1e6
"""How far from 0 a parameter may be."""

BENT_LINES = (
    -0.31, 0.45, 0.76, -0.09, 0.91, -0.59, -0.29, -0.77, -1.2, -1.85, -1.44, 1.26,
    -0.41, 0.29, -0.24, 0.59,
    0.27, -0.25, 0.31, -0.15, 0.15, 0.0, -0.67, 0.55, -1.2, 0.24, 0.19, 0.25, -0.37, 0.06, -0.07, -0.45,
    -0.31, 0.03, -0.45, 0.08,
    0.34, 0.39, -0.6, 0.25, -1.16, -0.33, -0.37, 0.18, 0.7, 0.48, 0.26, 0.69, 0.68, 1.2, -0.49, -0.28,
    0.0, 0.35, 1.3, 1.27, -0.7,
)  # fmt: skip
"""φ of Deep([2, 4, 4, 4, 1]): a random draw in which every unit's line crosses the square."""


class FoldThePlane(LiveFigure):
    """Deep([2, D_1, …, D_K, 1]) on the box [−1, 1]²: the exact regions after each of its hidden layers.

    Traits: ``widths``, 2, then K = 1 to 3 hidden layers of 1 to 8 units, then 1; ``phi`` (P,), the flat vector of
    ``Deep(widths)``; ``layers``, how many hidden layers have cut; ``unit``, the layer and number of the unit whose line
    can be moved, both from 1 on; ``x`` (2,) in the box, the input whose region is described; ``pinned``, up to two
    inputs whose regions stay in sight; ``fill``, what the colours say: "pattern" (share of units that are on), "output"
    or "distance" (units that differ from the region of x). With other widths given alone, φ is drawn with seed 0 and
    all layers are shown; later, set widths and phi together inside ``with w.hold_trait_notifications():``. Prince,
    sections 4.2 to 4.5.
    """

    figure = "fold-the-plane"
    widths = traitlets.List(traitlets.Int(), default_value=[2, 4, 4, 4, 1]).tag(sync=True)
    phi = Vector(expected="(P,)", default_value=np.array(BENT_LINES))
    layers = traitlets.Int(1, min=1, max=MOST_LAYERS).tag(sync=True)
    unit = traitlets.List(traitlets.Int(), default_value=[1, 1]).tag(sync=True)
    x = Vector(2, default_value=np.array([-0.7, 0.4]))
    pinned = traitlets.List(traitlets.List(traitlets.Float()), default_value=[]).tag(sync=True)
    fill = traitlets.Enum(("pattern", "output", "distance"), default_value="pattern").tag(sync=True)

    def __init__(self, **state: Any) -> None:
        if "widths" in state:
            widths = _checked_widths(state["widths"])
            state.setdefault("layers", len(widths) - 2)
            if "phi" not in state:
                state["phi"] = _drawn(widths)
        super().__init__(**state)

    @property
    def net(self) -> Deep:
        """The network that ``phi`` belongs to."""
        return Deep(self.widths)

    @traitlets.validate("widths")
    def _widths_fit_phi(self, proposal: dict[str, Any]) -> list[int]:
        widths = _checked_widths(proposal["value"])
        _check_fit(widths, self.phi)
        if self.layers > len(widths) - 2:
            raise BadValue(f"layers must be from 1 to K = {len(widths) - 2}, got {self.layers}; set both together")
        _check_unit(widths, self.unit)
        return widths

    @traitlets.validate("phi")
    def _phi_fits_widths(self, proposal: dict[str, Any]) -> np.ndarray:
        value: np.ndarray = proposal["value"]
        _check_fit(self.widths, value)
        if np.abs(value).max() > LARGEST:
            raise BadValue(f"phi must lie from -{LARGEST:g} to {LARGEST:g}, got {value[np.abs(value).argmax()]}")
        return value

    @traitlets.validate("layers")
    def _layers_are_there(self, proposal: dict[str, Any]) -> int:
        if proposal["value"] > len(self.widths) - 2:
            raise BadValue(f"layers must be from 1 to K = {len(self.widths) - 2}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("unit")
    def _unit_is_there(self, proposal: dict[str, Any]) -> list[int]:
        _check_unit(self.widths, proposal["value"])
        return proposal["value"]

    @traitlets.validate("x")
    def _x_is_in_the_box(self, proposal: dict[str, Any]) -> np.ndarray:
        _check_inside("x", proposal["value"])
        return proposal["value"]

    @traitlets.validate("pinned")
    def _pins_are_in_the_box(self, proposal: dict[str, Any]) -> list[list[float]]:
        if len(proposal["value"]) > MOST_PINS:
            raise BadValue(f"pinned must hold at most {MOST_PINS} points, got {len(proposal['value'])}")
        for point in proposal["value"]:
            if len(point) != 2:
                raise BadValue(f"pinned must hold points (2,), got {point}")
            _check_inside("pinned", np.array(point))
        return proposal["value"]

    def picture(self) -> Picture:
        from udl_core.figures import live_fold_the_plane

        return live_fold_the_plane.fold_the_plane(self.net, self.phi, self.fill, self.x)


def _checked_widths(widths: Any) -> list[int]:
    hidden = list(widths)[1:-1]
    whole = all(isinstance(D, int | np.integer) and not isinstance(D, bool) for D in widths)
    if not (
        whole
        and len(widths) == len(hidden) + 2
        and (widths[0], widths[-1]) == (2, 1)
        and 1 <= len(hidden) <= MOST_LAYERS
        and all(1 <= D <= MOST_UNITS for D in hidden)
    ):
        raise BadValue(
            f"widths must be 2, then 1 to {MOST_LAYERS} hidden layers of 1 to {MOST_UNITS} units, then 1, got {widths}"
        )
    return [int(D) for D in widths]


def _check_fit(widths: list[int], phi: np.ndarray) -> None:
    P = Deep(widths).n_params
    if len(phi) != P:
        raise BadValue(
            f"phi must have shape (P,) = ({P},) for Deep({widths}), got {phi.shape}; to change both, set widths and "
            "phi together inside `with w.hold_trait_notifications():`"
        )


def _check_unit(widths: list[int], unit: list[int]) -> None:
    if len(unit) != 2 or not 1 <= unit[0] <= len(widths) - 2 or not 1 <= unit[1] <= widths[unit[0]]:
        raise BadValue(f"unit must be a hidden layer and one of its units, both from 1 on, got {unit}")


def _check_inside(name: str, point: np.ndarray) -> None:
    if not (np.abs(point) <= 1).all():
        raise BadValue(f"{name} must be in the box [-1, 1]², got {point.tolist()}")


def _drawn(widths: list[int]) -> np.ndarray:
    """He's weights, and offsets at random too, so that lines do not all meet in the middle."""
    rng = np.random.default_rng(0)
    net = Deep(widths)
    parts = net.unpack(net.init(rng))
    hidden = [rng.normal(0, 0.3, D) for D in widths[1:-1]]
    return net.pack(beta=[*hidden, np.zeros(1)], omega=parts["omega"])
