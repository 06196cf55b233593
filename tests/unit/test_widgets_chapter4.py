"""Live figures of chapter 4 in Python: traits, what they refuse, their pictures, and the Python that they copy."""

from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from tests.copied_python import copied_python, run
from udl_core import Deep, budget, regions, widgets
from udl_core.widgets._budget import construction, random_phi


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("FoldTheLine", {"joints1": [0.1]}, r"joints1 must have shape \(2,\), got \(1,\)"),
        ("FoldTheLine", {"joints1": [0.3, 0.1]}, "joints1 must ascend between -1 and 1"),
        ("FoldTheLine", {"joints2": [-0.95, 0.1]}, "joints2 must ascend between -1 and 1 with at least 0.1"),
        ("FoldTheLine", {"values1": [0.0] * 3}, r"values1 must have shape \(4,\), got \(3,\)"),
        ("FoldTheLine", {"values2": [0.0, 0.0, 0.0, -1.2]}, "values2 must lie from -1 to 1"),
        ("FoldTheLine", {"values1": [0.0, float("nan"), 0.0, 0.0]}, "values1 must be finite"),
        ("FoldTheLine", {"y": 1.5}, "y"),
        ("FoldTheLine", {"unit": 4}, "unit"),
        ("SpendABudget", {"budget": 20}, "budget"),
        ("SpendABudget", {"depth": 7}, "depth"),
        ("SpendABudget", {"input": 3}, "input"),
        ("SpendABudget", {"seed": -1}, "seed"),
    ],
)
def test_bad_states_are_refused_by_name(name: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(TraitError, match=message):
        getattr(widgets, name)(**given)


def test_the_networks_draw_three_pieces_through_the_vertices() -> None:
    w = widgets.FoldTheLine(joints1=[-0.4, 0.5], values1=[0.1, -0.6, 0.9, 0.2], values2=[1.0, 0.5, -0.5, 0.25])
    net, phi1, phi2 = w.networks()
    for phi, joints, values in ((phi1, w.joints1, w.values1), (phi2, w.joints2, w.values2)):
        assert phi.shape == (10,)
        form = regions.joints(net, phi, -1, 1)
        np.testing.assert_allclose(form.joints, joints)
        np.testing.assert_allclose(form.values[:, 0], values, atol=1e-15)
        # the fourth piece is the level one out of sight
        outside = net([[-3.0], [-1.0]], phi)
        np.testing.assert_allclose(outside[0], outside[1])


def test_the_composition_is_one_network_after_the_other() -> None:
    w = widgets.FoldTheLine(values1=[-0.7, 0.9, -0.3, 0.6], joints2=[-0.6, 0.1])
    net, phi1, phi2 = w.networks()
    deep, phi = w.composition()
    assert deep.widths == (1, 3, 3, 1)
    x = np.linspace(-1, 1, 101)[:, None]
    np.testing.assert_allclose(deep(x, phi), net(net(x, phi1), phi2), atol=1e-13)
    assert np.linalg.matrix_rank(deep.unpack(phi)["omega"][1]) == 1


def test_the_default_has_nine_pieces_and_loses_them_with_the_fold() -> None:
    def pieces(**given: Any) -> int:
        deep, phi = widgets.FoldTheLine(**given).composition()
        return len(regions.joints(deep, phi, -1, 1).slopes)

    assert pieces() == 9
    assert pieces(values1=[-1.0, -1.0, -1.0, 1.0]) == 5


@pytest.mark.parametrize(
    ("w", "words"),
    [
        (widgets.FoldTheLine(), "one after the other, which has 9"),
        (widgets.FoldTheLine(y=0.5), "to y = 0.50 is 3: x = -0.50, -0.17, 0.83"),
        (widgets.FoldTheLine(values1=[0.0, 0.1, 0.2, 0.3], y=0.5), "to y = 0.50 is 0; beside"),
        (widgets.SpendABudget(), "no network has more than 1,728 and a construction reaches 1,728; 16 random networks"),
        (widgets.SpendABudget(budget=60, depth=5, input=2), "no construction is shown for layers as narrow"),
    ],
)
def test_alt_text_tells_the_truth_about_the_state(w: Any, words: str) -> None:
    assert words in w.picture().alt
    assert "<svg" in w.picture().html()


def test_copied_composition_gives_the_same_network() -> None:
    w = widgets.FoldTheLine(joints1=[-0.5, 0.2], values2=[0.4, -0.9, 1.0, 0.0], y=0.2)
    names, printed = run(copied_python(w))
    deep, phi = w.composition()
    assert names["deep"] == deep
    np.testing.assert_array_equal(names["phi"], phi)
    net, phi1, phi2 = w.networks()
    np.testing.assert_allclose(net(names["x"][:, None], phi1), 0.2)
    np.testing.assert_allclose(deep(names["x"][:, None], phi), net([[0.2]], phi2)[0, 0])
    assert str(regions.joints(deep, phi, -1, 1)) in printed


@pytest.mark.parametrize("input", [1, 2])
@pytest.mark.parametrize("parameters", [50, 333, 1000])
def test_every_depth_spends_about_the_budget_and_no_draw_passes_the_bound(parameters: int, input: int) -> None:
    w = widgets.SpendABudget(budget=parameters, input=input, seed=4)
    for depth in range(1, 7):
        net = w.network(depth)
        assert len(net.widths) == depth + 2
        assert net.widths == budget.architecture(parameters, depth, input)
        bound, reached = regions.upper_bound(net.widths), construction(net.widths)
        assert reached is None or reached <= bound
        if parameters < 1000:
            counts = w.counts(depth)
            assert len(counts) == 16
            assert max(counts) <= bound


def test_with_one_input_a_construction_reaches_the_bound_and_random_networks_do_not() -> None:
    w = widgets.SpendABudget()
    for depth in range(1, 7):
        bound = regions.upper_bound(w.network(depth).widths)
        assert construction(w.network(depth).widths) == bound
        assert max(w.counts(depth)) < bound
    assert np.median(w.counts(6)) < np.median(w.counts(1))


def test_layers_too_narrow_to_fold_have_no_construction() -> None:
    assert construction([2, 3, 3, 1]) is None
    assert construction([2, 3, 1]) == 7
    assert construction([2, 4, 4, 1]) == 44


def test_draws_differ_and_have_the_variance_of_he() -> None:
    net = Deep([2, 50, 40, 1])
    first, second, other = (random_phi(net, *given) for given in ((0, 0), (0, 1), (1, 0)))
    assert len({first[0], second[0], other[0]}) == 3
    np.testing.assert_array_equal(first, random_phi(net, 0, 0))
    parts = net.unpack(first)
    assert parts["omega"][1].var() == pytest.approx(2 / 50, rel=0.1)
    assert parts["beta"][1].var() == pytest.approx(2 / 50, rel=0.4)
    assert parts["beta"][2] == 0
    correlation = np.corrcoef(first, second)[0, 1]
    assert abs(correlation) < 0.1


@pytest.mark.parametrize("given", [{}, {"budget": 120, "depth": 2, "input": 2, "seed": 3}])
def test_copied_budget_counts_the_same_networks(given: dict[str, Any]) -> None:
    w = widgets.SpendABudget(**given)
    names, printed = run(copied_python(w))
    assert names["net"] == w.network()
    assert printed.splitlines()[-1] == str(w.counts())
    assert str(regions.upper_bound(w.network().widths)) in printed
