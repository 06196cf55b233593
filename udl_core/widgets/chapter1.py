"""Live figures of chapter 1: linear regression."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import traitlets

from udl_core import closed_form, datasets
from udl_core.figures.style import Picture
from udl_core.losses import Reduction
from udl_core.widgets.live import BadValue, LiveFigure, Vector

MAX_DEGREE = 9
MAX_POINTS = 60


class _DataFigure(LiveFigure):
    """A figure on data x (I,), y (I,). To change how many points there are, set both inside
    ``with w.hold_trait_notifications():``."""

    def notify_change(self, change: Any) -> None:
        # what one trait makes of others (a degree its coefficients) reaches the page in one message
        with self.hold_sync():
            super().notify_change(change)

    @traitlets.validate("x", "y")
    def _same_length(self, proposal: Any) -> np.ndarray:
        name = proposal["trait"].name
        other = "y" if name == "x" else "x"
        value, partner = proposal["value"], getattr(self, other)
        if not len(value):
            raise BadValue(f"{name} must have shape (I,) with I at least 1, got (0,)")
        if len(value) != len(partner):
            raise BadValue(
                f"{name} must have shape (I,) = ({len(partner)},) like {other}, got ({len(value)},); to change I, set "
                "x and y together inside `with w.hold_trait_notifications():`"
            )
        self._check_count(len(value))
        return value

    def _check_count(self, count: int) -> None:
        """Raises TraitError where something else of the figure needs another number of points."""


def _line_data(noise: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    x, y = datasets.line_data(1, noise=noise)
    return x[:, 0], y[:, 0]


class LineAndLoss(_DataFigure):
    """A line on data beside the same line as a point on the surface of its loss L[φ] = Σ (φ0 + φ1 x − y)².

    Traits:
        phi (2,): (φ0, φ1), where the line and the point are.
        x (I,), y (I,): the data.
        alpha: learning rate of the steps, from 0.0001 to 3.
        reduction: "sum" or "mean" over the examples.
        centred: whether the line sees x − mean(x), so that φ0 is its height at the mean.
        path (2 T,): visited points φ0, φ1, φ0, φ1, … of descent, the present one last; empty before the first step.

    Prince, section 2.2; the step is his equation 6.3.
    """

    figure = "line-and-loss"
    phi = Vector(2, default_value=np.array([1.2, -0.1]))
    x = Vector(expected="(I,)", default_value=_line_data()[0])
    y = Vector(expected="(I,)", default_value=_line_data()[1])
    alpha = traitlets.Float(0.02, min=1e-4, max=3.0).tag(sync=True)
    reduction = traitlets.Enum(["sum", "mean"], "sum").tag(sync=True)
    centred = traitlets.Bool(False).tag(sync=True)
    path = Vector(expected="(2 T,)", default_value=np.zeros(0))

    @traitlets.validate("path")
    def _pairs(self, proposal: Any) -> np.ndarray:
        value = proposal["value"]
        if len(value) % 2:
            wanted = "path must have shape (2 T,), an offset and a slope a point"
            raise BadValue(f"{wanted}, got ({len(value)},)")
        return value

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter1

        return live_chapter1.line_and_loss(
            self.phi, self.x, self.y, self.alpha, cast(Reduction, self.reduction), self.centred, self.path
        )


class TwoRegressions(_DataFigure):
    """The line that predicts y from x and the line that models x from y, both on the same data (Prince, problem 2.3).

    Traits:
        x (I,), y (I,): the data.
        phi (4,): φ0, φ1 of y = φ0 + φ1 x, then φ0′, φ1′ of x = φ0′ + φ1′ y. Assigning to it turns ``follow`` off.
        follow: whether both lines stay the best for the data; turning it on fits them at once.

    Where all x (or all y) are equal the slope is not determined, and 0 is taken.
    """

    figure = "two-regressions"
    x = Vector(expected="(I,)", default_value=_line_data(0.5)[0])
    y = Vector(expected="(I,)", default_value=_line_data(0.5)[1])
    phi = Vector(4, default_value=np.zeros(4))
    follow = traitlets.Bool(True).tag(sync=True)

    def __init__(self, **state: Any) -> None:
        super().__init__(**_own_phi(state))
        self._refit()

    def best(self) -> np.ndarray:
        """The φ (4,) that ``follow`` keeps."""
        return np.concatenate([closed_form.line(self.x, self.y), closed_form.line(self.y, self.x)])

    @traitlets.observe("x", "y", "phi", "follow")
    def _follow(self, change: Any) -> None:
        _keep_fit(self, change)

    def _refit(self) -> None:
        if self.follow and not np.allclose(self.phi, self.best(), rtol=1e-9, atol=1e-9):
            self.phi = self.best()

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter1

        return live_chapter1.two_regressions(self.x, self.y, self.phi)


_BASKETS = datasets.polynomial_data(1)


class Baskets(_DataFigure):
    """A polynomial fitted to the points in the training basket and judged by those in the test basket.

    Traits:
        x (I,), y (I,): the data, I at most 60.
        train: I true/false values, true for points in the training basket.
        degree: of the polynomial, 0 to 9. Without ``follow`` a new degree cuts φ or appends zeros.
        phi (degree + 1,): coefficients of 1, x, x², …. Assigning to it turns ``follow`` off.
        follow: whether φ stays the least squares fit to the training points.

    With fewer training points than coefficients many curves pass through all of them; the one of lowest degree is
    taken.
    """

    figure = "baskets"
    x = Vector(expected="(I,)", default_value=np.concatenate([_BASKETS[0][0][:, 0], _BASKETS[1][0][:, 0]]))
    y = Vector(expected="(I,)", default_value=np.concatenate([_BASKETS[0][1][:, 0], _BASKETS[1][1][:, 0]]))
    train = traitlets.List(traitlets.Bool(), [True] * 10 + [False] * 10).tag(sync=True)
    degree = traitlets.Int(3, min=0, max=MAX_DEGREE).tag(sync=True)
    phi = Vector(expected="(degree + 1,)", default_value=np.zeros(4))
    follow = traitlets.Bool(True).tag(sync=True)

    def __init__(self, **state: Any) -> None:
        state = _own_phi(state)
        # without φ the degree comes last: it brings its own coefficients
        late = {} if "phi" in state else {name: state.pop(name) for name in ("degree",) if name in state}
        super().__init__(**state)
        for name, value in late.items():
            setattr(self, name, value)
        self._refit()

    def best(self) -> np.ndarray:
        """The φ (degree + 1,) that ``follow`` keeps."""
        train = np.array(self.train)
        return closed_form.polynomial(self.x[train], self.y[train], self.degree)

    def _check_count(self, count: int) -> None:
        if count != len(self.train):
            raise BadValue(
                f"train holds {len(self.train)} true/false values for I = {count} points; to change I, set x, y and "
                "train together inside `with w.hold_trait_notifications():`"
            )
        if count > MAX_POINTS:
            raise BadValue(f"x must have shape (I,) with I at most {MAX_POINTS}, got ({count},)")

    @traitlets.validate("train")
    def _one_each(self, proposal: Any) -> list[bool]:
        if len(proposal["value"]) != len(self.x):
            raise BadValue(
                f"train must hold I = {len(self.x)} true/false values, one for each point, got {len(proposal['value'])}"
            )
        return proposal["value"]

    @traitlets.validate("phi")
    def _right_length(self, proposal: Any) -> np.ndarray:
        value = proposal["value"]
        if len(value) != self.degree + 1:
            raise BadValue(
                f"phi must have shape (degree + 1,) = ({self.degree + 1},), got ({len(value)},); set degree first"
            )
        return value

    @traitlets.observe("x", "y", "train", "degree", "phi", "follow")
    def _follow(self, change: Any) -> None:
        if change["name"] == "degree" and len(self.phi) != self.degree + 1:
            kept = np.zeros(self.degree + 1)
            n = min(len(kept), len(self.phi))
            kept[:n] = self.phi[:n]
            self.set_trait("phi", self.best() if self.follow else kept)
        _keep_fit(self, change)

    def _refit(self) -> None:
        if self.follow and not np.allclose(self.phi, self.best(), rtol=1e-9, atol=1e-9):
            self.phi = self.best()

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter1

        return live_chapter1.baskets(self.x, self.y, np.array(self.train), self.phi)


def _own_phi(state: dict[str, Any]) -> dict[str, Any]:
    """Someone who gives φ means it: the figure then starts without following the data."""
    return {"follow": False, **state} if "phi" in state else dict(state)


def _keep_fit(figure: Any, change: Any) -> None:
    """φ follows the data, unless it was φ itself that was set to something else."""
    if not figure.follow:
        return
    away = not np.allclose(figure.phi, figure.best(), rtol=1e-9, atol=1e-9)
    if change["name"] == "phi" and away:
        figure.follow = False
    elif away:
        figure.phi = figure.best()
