"""Where a piecewise linear network bends: joints of one input, linear regions of two, exactly; and how many at most.

A region here is an activation region: a set of inputs for which every hidden unit stays on one piece of its activation,
for ReLU either active or not. On it the network is affine. Two neighbouring regions may share the affine map (their
units' bends cancel) and still count as two; `Regions.linear` joins those.

Equality of lines and points is judged relative to what is looked at, the interval or the box, and never to the size of
the parameters: differences below 1e-13 of it are rounding and count as none, and everything wider than 1e-11 is found.
"""

from udl_core.regions.bounds import lower_bound, lower_bound_zigzag, typical, upper_bound
from udl_core.regions.composition import compose, preimages
from udl_core.regions.constructions import folds, sawtooth, zigzag
from udl_core.regions.counts import max_regions, regions_in_plane
from udl_core.regions.exact.linear import LinearRegions
from udl_core.regions.exact.neighbours import Neighbours
from udl_core.regions.one_input import Joints, joints
from udl_core.regions.two_inputs import Regions, linear_regions

__all__ = [
    "Joints",
    "LinearRegions",
    "Neighbours",
    "Regions",
    "compose",
    "folds",
    "joints",
    "linear_regions",
    "lower_bound",
    "lower_bound_zigzag",
    "max_regions",
    "preimages",
    "regions_in_plane",
    "sawtooth",
    "typical",
    "upper_bound",
    "zigzag",
]
