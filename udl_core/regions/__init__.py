"""Where a piecewise linear network bends: joints of one input, linear regions of two, exactly; and how many at most.

A region here is an activation region: a set of inputs for which the same hidden units are active. On it the network is
affine. Two neighbouring regions may share the affine map (their units' bends cancel) and still count as two.

Equality of lines and points is judged relative to what is looked at, the interval or the box, and never to the size of
the parameters: differences below 1e-13 of it are rounding and count as none, and everything wider than 1e-11 is found.
"""

from udl_core.regions.counts import max_regions, regions_in_plane
from udl_core.regions.one_input import Joints, joints
from udl_core.regions.two_inputs import Neighbours, Regions, linear_regions

__all__ = ["Joints", "Neighbours", "Regions", "joints", "linear_regions", "max_regions", "regions_in_plane"]
