"""The live figure of the folded plane in Python: traits, what they refuse, its picture, the Python that it copies."""

import json
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from tests.copied_python import copied_python, run
from udl_core import Deep, regions, widgets
from udl_core.figures.live_fold_the_plane import regions_after

BOX = ((-1, 1), (-1, 1))


def test_it_round_trips_through_its_state() -> None:
    for w in (widgets.FoldThePlane(), widgets.FoldThePlane(widths=[2, 3, 5, 1], pinned=[[0.5, -0.5]], unit=[2, 5])):
        again = widgets.FoldThePlane(**json.loads(json.dumps(w.to_dict())))
        assert again.to_dict() == w.to_dict()
        assert 'data-udl-widget="fold-the-plane"' in w.html()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"phi": [1.0] * 9}, r"phi must have shape \(P,\) = \(57,\) for Deep\(\[2, 4, 4, 4, 1\]\), got \(9,\)"),
        ({"phi": [float("inf")] * 57}, "phi must be finite, got inf"),
        ({"phi": [-1e7] * 57}, r"phi must lie from -1e\+06 to 1e\+06, got -10000000.0"),
        ({"widths": [3, 4, 1]}, "widths must be 2, then 1 to 3 hidden layers of 1 to 8 units, then 1"),
        ({"widths": [2, 4, 2]}, "widths must be 2, then"),
        ({"widths": [2, 1]}, "widths must be 2, then"),
        ({"widths": [2, 4, 4, 4, 4, 1]}, "widths must be 2, then"),
        ({"widths": [2, 9, 1]}, "hidden layers of 1 to 8 units"),
        ({"widths": [2, 0, 1]}, "hidden layers of 1 to 8 units"),
        ({"widths": [2, 2.5, 1]}, "hidden layers of 1 to 8 units"),
        ({"widths": [2, 4, 1], "layers": 2}, "layers must be from 1 to K = 1, got 2"),
        ({"layers": 4}, "layers"),
        ({"unit": [1, 5]}, r"unit must be a hidden layer and one of its units, both from 1 on, got \[1, 5\]"),
        ({"unit": [0, 1]}, "unit must be a hidden layer"),
        ({"unit": [1]}, "unit must be a hidden layer"),
        ({"x": [0.0, 1.5]}, r"x must be in the box \[-1, 1\]², got \[0.0, 1.5\]"),
        ({"pinned": [[0.0, 0.0]] * 3}, "pinned must hold at most 2 points, got 3"),
        ({"pinned": [[0.0]]}, r"pinned must hold points \(2,\), got \[0.0\]"),
        ({"pinned": [[0.0, float("nan")]]}, "pinned must be in the box"),
        ({"fill": "rainbow"}, "fill"),
    ],
)
def test_bad_states_are_refused_by_name(given: dict[str, Any], message: str) -> None:
    with pytest.raises(TraitError, match=message):
        widgets.FoldThePlane(**given)


def test_unknown_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="has no argument 'seed'; it takes widths, phi, layers, unit, x, pinned, fill"):
        widgets.FoldThePlane(seed=2)


def test_widths_given_alone_come_with_a_network_and_all_its_layers() -> None:
    w = widgets.FoldThePlane(widths=[2, 5, 6, 1])
    assert (w.layers, w.net) == (2, Deep([2, 5, 6, 1]))
    assert len(w.phi) == w.net.n_params
    np.testing.assert_array_equal(w.phi, widgets.FoldThePlane(widths=[2, 5, 6, 1]).phi)
    assert len(regions.linear_regions(w.net, w.phi, BOX)) > 10


def test_widths_and_phi_are_set_together() -> None:
    w = widgets.FoldThePlane()
    with pytest.raises(TraitError, match="hold_trait_notifications"):
        w.widths = [2, 1, 1, 1, 1]
    with w.hold_trait_notifications():
        w.widths, w.phi = [2, 1, 1], [0.0, 1.0, 1.0, 0.0, 1.0]
    assert w.net.n_params == len(w.phi) == 5
    with pytest.raises(TraitError, match="layers must be from 1 to K = 1"):
        w.layers = 2


def test_the_front_end_sets_another_network_in_one_message() -> None:
    w = widgets.FoldThePlane()
    w.set_state({"widths": [2, 1, 1], "phi": [0.0, 1.0, 1.0, 0.0, 1.0], "layers": 1, "unit": [1, 1]})
    assert (w.widths, w.phi.tolist(), w.layers) == ([2, 1, 1], [0.0, 1.0, 1.0, 0.0, 1.0], 1)


def test_every_unit_of_the_default_makes_an_edge() -> None:
    w = widgets.FoldThePlane()
    found = regions.linear_regions(w.net, w.phi, BOX)
    switching = np.concatenate(found.neighbours.units)
    assert set(switching.tolist()) == set(range(12))
    assert np.abs(found.maps[found.locate([w.x])[0], 0]).min() > 0.1, "the region shown first should have a map to read"


def test_regions_after_a_layer_are_those_of_the_first_layers() -> None:
    w = widgets.FoldThePlane()
    whole = regions.linear_regions(w.net, w.phi, BOX)
    for k, units in ((1, 4), (2, 8), (3, 12)):
        found = regions_after(w.net, w.phi, k)
        assert {p.tobytes() for p in found.patterns} == {p[:units].tobytes() for p in whole.patterns}


@pytest.mark.parametrize(
    ("w", "words"),
    [
        (widgets.FoldThePlane(), "10 regions after layer 1, 27 regions after layer 2, 67 regions after layer 3"),
        (widgets.FoldThePlane(fill="output"), "at most 1,331 with these widths"),
        (widgets.FoldThePlane(fill="distance", layers=3), "those of later layers bend where they cross"),
        (widgets.FoldThePlane(widths=[2, 1, 1], phi=[0, 0, 0, 1, 1]), "1 region after layer 1; at most 2"),
    ],
)
def test_alt_text_tells_the_truth_about_the_state(w: Any, words: str) -> None:
    picture = w.picture()
    assert words in picture.alt
    assert "<svg" in picture.html()
    assert len(picture.axes) == w.net.K


@pytest.mark.parametrize(
    "given", [{}, {"layers": 2, "x": [0.25, -0.5]}, {"widths": [2, 3, 1]}, {"widths": [2, 6, 4, 1], "x": [1.0, -1.0]}]
)
def test_copied_python_gives_the_same_numbers(given: dict[str, Any]) -> None:
    w = widgets.FoldThePlane(**given)
    names, printed = run(copied_python(w))
    np.testing.assert_array_equal(names["phi"], w.phi)
    *levels, last = printed.splitlines()
    for k, line in enumerate(levels, start=1):
        bound = regions.upper_bound([*w.widths[: k + 1], 1])
        assert line == f"{len(regions_after(w.net, w.phi, k))} regions after layer {k} at most {bound}"
    assert len(levels) == w.layers
    found = regions.linear_regions(w.net, w.phi, BOX)
    here = found.locate([w.x])[0]
    assert last == f"{w.net([w.x], w.phi)} {found.patterns[here].astype(int)} {found.maps[here, 0]}"
