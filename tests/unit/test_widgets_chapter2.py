"""Live figures of chapter 2 in Python: traits, what they refuse, their pictures, and the Python that they copy."""

from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from tests.copied_python import copied_python, run
from udl_core import Shallow, activations, datasets, losses, regions, widgets


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("SymmetryOrbit", {"phi": [1.0] * 11}, r"phi must have shape \(10,\), got \(11,\)"),
        ("SymmetryOrbit", {"start": [float("nan")] * 10}, "start must be finite, got nan"),
        ("SymmetryOrbit", {"order": [1, 1, 3]}, r"order must hold 1, 2 and 3 once each, got \[1, 1, 3\]"),
        ("SymmetryOrbit", {"order": [1, 2]}, "order must hold 1, 2 and 3 once each"),
        ("SymmetryOrbit", {"unit": 4}, "unit"),
        ("SymmetryOrbit", {"x": [1.0, 2.0]}, r"must have shape \(I,\) = "),
        ("SymmetryOrbit", {"x": [], "y": []}, "must hold at least one number, got none"),
        ("ActivationGallery", {"activation": "crelu"}, "activation"),
        ("ActivationGallery", {"slope": 1.5}, "slope"),
        ("ActivationGallery", {"z": 7.0}, "z"),
        ("ActivationGallery", {"phi": [[1.0] * 10]}, r"phi must have shape \(10,\), got \(1, 10\)"),
    ],
)
def test_bad_states_are_refused_by_name(name: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(TraitError, match=message):
        getattr(widgets, name)(**given)


def test_unknown_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="has no argument 'alpha'; it takes phi, start, order, unit, x, y"):
        widgets.SymmetryOrbit(alpha=2.0)


def test_traits_can_be_observed_and_refuse_after_construction() -> None:
    w = widgets.TenParameters()
    seen = []
    w.observe(lambda change: seen.append(change["new"]), "phi")
    w.phi = np.arange(10)
    assert [s.tolist() for s in seen] == [list(range(10))]
    with pytest.raises(TraitError):
        w.phi = np.zeros(3)
    assert w.phi.tolist() == list(range(10))


def test_new_data_are_set_together() -> None:
    w = widgets.SymmetryOrbit()
    with pytest.raises(TraitError, match="hold_trait_notifications"):
        w.x = [1.0, 2.0]
    with w.hold_trait_notifications():
        w.x, w.y = [1.0, 2.0], [0.0, 1.0]
    assert len(w.x) == len(w.y) == 2


def test_the_default_orbit_is_one_function_near_the_best_fit() -> None:
    w = widgets.SymmetryOrbit()
    net = Shallow(1, 3, 1)
    x = np.linspace(0, 2, 101)[:, None]
    assert not np.array_equal(w.phi, w.start)
    np.testing.assert_allclose(net(x, w.phi), net(x, w.start), rtol=0, atol=1e-12)
    data_x, data_y = datasets.wave_data(1, 18)
    np.testing.assert_array_equal(w.x, np.round(data_x[:, 0], 2))
    np.testing.assert_array_equal(w.y, np.round(data_y[:, 0], 2))
    assert losses.least_squares(net(data_x, w.start), data_y)[0] < 0.1


def test_the_orbit_starts_from_a_given_phi() -> None:
    phi = np.linspace(-1, 1, 10)
    np.testing.assert_array_equal(widgets.SymmetryOrbit(phi=phi).start, phi)


def test_the_gallery_offers_every_activation_with_its_setting() -> None:
    for name in activations.NAMES:
        w = widgets.ActivationGallery(activation=name, slope=0.3, alpha=0.4, beta=2.0)
        for key, value in w.chosen().parameters:
            assert value == getattr(w, key)


def test_defaults_lie_inside_the_axes() -> None:
    for w, net in ((widgets.ActivationGallery(), Shallow(1, 3, 1)), (widgets.TwoOutputs(), Shallow(1, 4, 2))):
        form = regions.joints(net, w.phi, 0, 2)
        assert len(form.joints) == net.D
        assert np.abs(form.values).max() < 1.5


@pytest.mark.parametrize(
    ("w", "words"),
    [
        (widgets.SymmetryOrbit(), "the same curve"),
        (widgets.SymmetryOrbit(), "θ of unit 2 is 1.50 times and its weight 0.67 times"),
        (
            widgets.SymmetryOrbit(phi=[0.0] * 10, start=widgets.SymmetryOrbit().start),
            "a curve that differs by up to 1.09",
        ),
        (widgets.SymmetryOrbit(phi=[0.0] * 10), "unit 2 was zero at the start, so it has no factors"),
        (widgets.ActivationGallery(activation="leaky_relu", z=-2.0), "at z = -2.00 they are -0.20 and 0.10"),
    ],
)
def test_alt_text_tells_the_truth_about_the_state(w: Any, words: str) -> None:
    assert words in w.picture().alt.replace("−", "-")
    assert "<svg" in w.picture().html()


@pytest.mark.parametrize("name", activations.NAMES)
def test_every_activation_has_its_picture(name: str) -> None:
    assert name.replace("_", " ") in widgets.ActivationGallery(activation=name).picture().alt


def test_copied_ten_parameters_give_the_same_network() -> None:
    w = widgets.TenParameters(phi=np.random.default_rng(3).normal(size=10), x=1.25)
    names, printed = run(copied_python(w))
    np.testing.assert_array_equal(names["phi"], w.phi)
    net = Shallow(1, 3, 1)
    assert printed == f"{net([[1.25]], w.phi)}\n{regions.joints(net, w.phi, 0, 2)}\n"


def test_copied_orbit_prints_both_losses() -> None:
    w = widgets.SymmetryOrbit()
    names, printed = run(copied_python(w))
    np.testing.assert_array_equal(names["phi"], w.phi)
    then, now, *rest = printed.split("\n")
    net = Shallow(1, 3, 1)
    expected = losses.least_squares(net(w.x[:, None], w.start), w.y[:, None])[0]
    assert float(then) == expected
    assert float(now) == pytest.approx(expected, abs=1e-12)
    assert "\n".join(rest) == f"{net(w.x[:, None], w.phi).ravel()}\n"


@pytest.mark.parametrize(
    "given",
    [
        *({"activation": name} for name in activations.NAMES),
        {"activation": "leaky_relu", "slope": 0.01},
        {"activation": "elu", "alpha": 0.5},
        {"activation": "swish", "beta": 3},
    ],
)
def test_copied_gallery_uses_the_chosen_activation(given: dict[str, Any]) -> None:
    w = widgets.ActivationGallery(**given, z=-0.75, x=0.6)
    names, printed = run(copied_python(w))
    a = w.chosen()
    assert names["a"] == a
    assert printed == f"{a.f(-0.75)} {a.df(-0.75)}\n{Shallow(1, 3, 1, activation=a)([[0.6]], w.phi)}\n"
