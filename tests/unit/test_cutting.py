"""What a region's own edges say of a unit counts more than its value in the middle, which rounding may have turned."""

import numpy as np
import pytest

from udl_core import Deep, regions
from udl_core.regions.exact.cutting import pieces_of_parts
from udl_core.regions.exact.stack import Maps


@pytest.mark.parametrize("widths", [[2, 7, 1], [2, 5, 6, 1]])
@pytest.mark.parametrize("activation", ["relu", "absolute"])
@pytest.mark.parametrize("error", [1e3, -1e3])
def test_edges_set_units_right_that_rounding_has_turned(widths, activation, error):
    """Every pre-activation off by far, upward or downward: units that bound a region are right, the others turned."""
    net = Deep(widths, activation)
    rng = np.random.default_rng(0)
    found = regions.linear_regions(net, rng.standard_normal(net.n_params), ((-3, 3), (-3, 3)))
    cut, stack, layer = found._cut, found._stack, found._cut.layers[-1]
    true = pieces_of_parts(cut.polygons, layer.z, layer.parents, cut.cuts, net.K, stack)
    turned = Maps(layer.z.a.copy(), layer.z.rounding)
    turned.a[0] += error
    judged = pieces_of_parts(cut.polygons, turned, layer.parents, cut.cuts, net.K, stack)

    bounds = np.zeros(true.shape, dtype=bool)  # whether the unit is at its break along one of the region's edges
    inner = np.flatnonzero(cut.polygons.labels >= 0)
    numbers = cut.polygons.labels[inner] // 2
    here = cut.cuts.layers[numbers] == net.K
    bounds[cut.polygons.owners[inner][here], cut.cuts.units[numbers[here]]] = True
    assert bounds.any(axis=0).sum() > 2
    np.testing.assert_array_equal(judged[bounds], true[bounds])
    assert (judged[~bounds] == (error > 0)).all()
    assert {0, 1} == set(true[bounds].tolist())
