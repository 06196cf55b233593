"""How well a curve is imitated by a network of D units, and where its joints should be (Prince, section 3.2)."""

from udl_core.approximation.bumps import plane_bump, sigmoid_bumps
from udl_core.approximation.piecewise import Error, best_values, error, exponent, interpolant
from udl_core.approximation.placement import best_places, by_density, equal, powers
from udl_core.approximation.ridges import Ridges, fit_ridges
from udl_core.approximation.targets import NAMES, Target, sampled, target

__all__ = [
    "NAMES",
    "Error",
    "Ridges",
    "Target",
    "best_places",
    "best_values",
    "by_density",
    "equal",
    "error",
    "exponent",
    "fit_ridges",
    "interpolant",
    "plane_bump",
    "powers",
    "sampled",
    "sigmoid_bumps",
    "target",
]
