"""The hidden units of a shallow network, each with one line or place where it switches."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from udl_core import _validate, activations
from udl_core._validate import Array
from udl_core.models import Shallow


@dataclass(frozen=True, eq=False)
class HiddenUnits:
    """The hidden units of a shallow network, each with one kink where its pre-activation is 0."""

    theta: Array  # (D, D_i+1)
    phi: Array  # (D_o, D+1)
    kink: bool  # False if the activation never bends (identity): then every unit is always active
    slope_below: float
    slope_above: float

    @classmethod
    def of(cls, net: Shallow, phi: npt.ArrayLike, D_i: int) -> "HiddenUnits":
        """Reads them from the network.

        Raises TypeError if net is not Shallow and ValueError if it has other than D_i inputs, if phi does not fit, or
        if the activation does not consist of two straight pieces that meet at 0.
        """
        if not isinstance(net, Shallow):
            raise TypeError(f"net must be a Shallow network, got {type(net).__name__}")
        if net.D_i != D_i:
            raise ValueError(f"net must have D_i = {D_i}, got D_i = {net.D_i}")
        activation = activations.get(net.activation)
        pieces = activation.pieces
        if pieces is None or any(pieces.breaks) or any(pieces.offsets):
            raise ValueError(
                "activation must be two straight pieces that meet at 0 (relu, leaky_relu, parametric_relu, absolute, "
                f"identity), got {activation.name!r}"
            )
        flat = _validate.array("phi", phi, {"P": net.n_params}).astype(np.float64)
        parts = net.unpack(flat)
        return cls(parts["theta"], parts["phi"], len(pieces.breaks) == 1, pieces.slopes[0], pieces.slopes[-1])

    @property
    def always_active(self) -> npt.NDArray[np.bool_]:
        """(D,) whether each unit is active, if it is constant: always with the identity, else by the sign of θ_d0."""
        return np.full(len(self.theta), True) if not self.kink else self.theta[:, 0] > 0

    @property
    def bend(self) -> float:
        """How much an activation's slope grows at its kink."""
        return self.slope_above - self.slope_below
