"""The live figures of chapter 1 as Python objects: traits, what follows from them, pictures and snippets."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import traitlets

from udl_core import datasets, widgets
from udl_core.closed_form import line, polynomial, spread

JS_TESTS = Path(__file__).parents[2] / "js" / "test"
FIGURES = [widgets.LineAndLoss, widgets.TwoRegressions, widgets.Baskets]


def cases(name):
    return json.loads((JS_TESTS / "vectors" / f"{name}.json").read_text())


@pytest.mark.parametrize("figure", FIGURES)
def test_state_goes_out_and_comes_back(figure):
    state = figure().to_dict()
    assert json.loads(json.dumps(state)) == state
    assert not [name for name in state if name.startswith("_")]
    assert figure(**state).to_dict() == state


def test_default_data_are_the_chapters():
    x, y = datasets.line_data(1)
    np.testing.assert_array_equal(widgets.LineAndLoss().x, x[:, 0])
    np.testing.assert_array_equal(widgets.LineAndLoss().y, y[:, 0])
    w = widgets.Baskets()
    (x, _), (x_test, _) = datasets.polynomial_data(1)
    np.testing.assert_array_equal(w.x[np.array(w.train)], x[:, 0])
    np.testing.assert_array_equal(w.x[~np.array(w.train)], x_test[:, 0])


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("name", ["x", "y"])
def test_data_keep_their_number_together(figure, name):
    w = figure()
    with pytest.raises(traitlets.TraitError, match=rf"{name} must have shape \(I,\) = \(\d+,\)"):
        setattr(w, name, [1.0, 2.0])
    with pytest.raises(traitlets.TraitError, match=f"{name} must be finite"):
        setattr(w, name, np.full(len(w.x), np.nan))


@pytest.mark.parametrize("figure", [widgets.LineAndLoss, widgets.TwoRegressions])
def test_another_number_of_points_is_set_at_once(figure):
    w = figure()
    with w.hold_trait_notifications():
        w.x, w.y = [0.0, 1.0, 2.0], [1.0, 2.0, 3.0]
    assert w.x.shape == w.y.shape == (3,)
    with pytest.raises(traitlets.TraitError, match="I at least 1"):
        figure(x=[], y=[])


def test_line_and_loss_refuses_what_it_cannot_draw():
    with pytest.raises(traitlets.TraitError, match="path must have shape"):
        widgets.LineAndLoss(path=[1.0, 2.0, 3.0])
    with pytest.raises(traitlets.TraitError):
        widgets.LineAndLoss(alpha=0.0)
    with pytest.raises(traitlets.TraitError):
        widgets.LineAndLoss(reduction="median")
    with pytest.raises(traitlets.TraitError, match=r"phi must have shape \(2,\), got \(3,\)"):
        widgets.LineAndLoss(phi=[1, 2, 3])
    with pytest.raises(TypeError, match="no argument 'slope'"):
        widgets.LineAndLoss(slope=1)


@pytest.mark.parametrize("figure", [widgets.TwoRegressions, widgets.Baskets])
def test_phi_follows_the_data_until_it_is_set(figure):
    w = figure()
    seen = []
    w.observe(lambda change: seen.append(change["new"]), "phi")
    w.y = w.y[::-1]
    np.testing.assert_allclose(w.phi, w.best(), rtol=1e-12)
    assert w.follow and seen
    wanted = np.arange(len(w.phi), dtype=float)
    w.phi = wanted
    assert not w.follow
    w.y = w.y[::-1]
    np.testing.assert_array_equal(w.phi, wanted)
    w.follow = True
    np.testing.assert_allclose(w.phi, w.best(), rtol=1e-12)


@pytest.mark.parametrize("figure", [widgets.TwoRegressions, widgets.Baskets])
def test_what_the_page_sends_after_a_drag_keeps_following(figure):
    w, moved = figure(), figure(y=figure().y + 0.25)
    w.set_state({name: moved.to_dict()[name] for name in ("x", "y", "phi")})
    assert w.follow
    np.testing.assert_array_equal(w.y, moved.y)
    np.testing.assert_allclose(w.phi, moved.phi, rtol=1e-12)


def test_the_coefficients_follow_the_degree():
    w = widgets.Baskets()
    for degree in (9, 0, 5):
        w.degree = degree
        assert w.phi.shape == (degree + 1,)
        assert w.follow
    fixed = widgets.Baskets(degree=2, phi=[1.0, 2.0, 3.0])
    fixed.degree = 4
    np.testing.assert_array_equal(fixed.phi, [1, 2, 3, 0, 0])
    fixed.degree = 1
    np.testing.assert_array_equal(fixed.phi, [1, 2])
    with pytest.raises(traitlets.TraitError, match=r"phi must have shape \(degree \+ 1,\) = \(2,\), got \(3,\)"):
        fixed.phi = [1, 2, 3]
    with pytest.raises(traitlets.TraitError):
        fixed.degree = 10


def test_baskets_hold_every_point_once():
    w = widgets.Baskets()
    with pytest.raises(traitlets.TraitError, match="train must hold I = 20"):
        w.train = [True]
    with pytest.raises(traitlets.TraitError, match="train holds 20"), w.hold_trait_notifications():
        w.x, w.y = np.zeros(3), np.zeros(3)
    with w.hold_trait_notifications():
        w.x, w.y, w.train = np.arange(3.0), np.arange(3.0) ** 2, [True] * 3
    np.testing.assert_allclose(w.phi, [0, 0, 1, 0], atol=1e-12)
    with pytest.raises(traitlets.TraitError, match="at most 60"):
        widgets.Baskets(x=np.zeros(61), y=np.zeros(61), train=[True] * 61)


def test_closed_forms_where_the_data_leave_a_choice():
    np.testing.assert_array_equal(line(np.full(3, 0.5), np.array([1.0, 2.0, 6.0])), [3.0, 0.0])
    assert spread(np.full(7, 0.1)) == 0.0
    x = np.array([0.0, 0.0, 1.0, 1.0])
    phi = polynomial(x, np.array([0.0, 1.0, 2.0, 4.0]), 6)
    np.testing.assert_allclose(phi, [0.5, 2.5, 0, 0, 0, 0, 0], atol=1e-12)
    np.testing.assert_array_equal(polynomial(np.zeros(0), np.zeros(0), 2), np.zeros(3))


@pytest.mark.parametrize("degree", range(10))
def test_polynomials_are_least_squares(degree):
    rng = np.random.default_rng(degree)
    x, y = rng.uniform(-1.2, 1.2, 25), rng.normal(size=25)
    residual = y - np.polynomial.polynomial.polyval(x, polynomial(x, y, degree))
    powers = x[:, None] ** np.arange(degree + 1)
    np.testing.assert_allclose(powers.T @ residual, 0, atol=1e-11)


@pytest.mark.parametrize("figure", FIGURES)
def test_every_state_has_a_picture_that_says_what_it_shows(figure):
    name = figure.figure
    for case in cases(name):
        w = figure(**case["state"])
        alt = w.picture().alt
        expected = case["expected"]
        if name == "line-and-loss":
            assert f"is {expected['loss']:.2f};" in alt
            assert ("below" in alt) == (w.alpha < expected["limit"]) or "not below" in alt
        elif name == "two-regressions":
            assert f"has slope {w.phi[1]:.2f};" in alt
            assert f"ratio of the slopes is {w.phi[1] * w.phi[3]:.2f}" in alt
        else:
            assert f"{sum(w.train)} training points" in alt and f"degree {w.degree}" in alt
    assert f'data-udl-widget="{name}"' in w.html()


def printed(snippet, capsys):
    """The numbers a snippet prints, in order."""
    exec(compile(snippet, "snippet", "exec"), {})
    return [float(v) for v in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", capsys.readouterr().out)]


@pytest.mark.parametrize("figure", FIGURES)
def test_copied_python_prints_the_numbers_of_the_figure(figure, capsys):
    name = figure.figure
    snippets = (JS_TESTS / "snippets" / f"{name}.txt").read_text().split("# next case")
    assert len(snippets) == len(cases(name))
    for snippet, case in zip(snippets, cases(name), strict=True):
        expected, state = case["expected"], case["state"]
        if name == "line-and-loss":
            wanted = [expected["loss"], *expected["gradient"], expected["limit"], *expected["next"]]
        elif name == "two-regressions":
            wanted = [*expected["losses"], state["phi"][1] * state["phi"][3]]
        else:
            wanted = [error for error in expected["errors"] if error is not None]
        with np.printoptions(precision=17):
            np.testing.assert_allclose(printed(snippet, capsys), wanted, rtol=1e-11, atol=1e-11)
