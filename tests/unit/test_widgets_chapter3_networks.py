"""Live figures of windows, bumps and ridges in Python: traits, what they refuse, their pictures, and what they copy."""

import json
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from tests.copied_python import copied_python, run
from udl_core import Shallow, widgets


@pytest.mark.parametrize(
    "w",
    [
        widgets.Ridges(angles=[10, 20, 30], target="bowl", shown=3),
    ],
    ids=lambda w: w.figure,
)
def test_a_figure_round_trips_through_its_state(w: Any) -> None:
    state = json.loads(json.dumps(w.to_dict()))
    assert type(w)(**state).to_dict() == w.to_dict()
    assert f'data-udl-widget="{w.figure}"' in w.html()


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("Ridges", {"angles": []}, r"angles must have shape \(K,\) for K = 1 to 6 directions, got \(0,\)"),
        ("Ridges", {"angles": range(7)}, r"got \(7,\)"),
        ("Ridges", {"angles": [float("nan")]}, "angles must be finite"),
        ("Ridges", {"target": "saddle"}, "target"),
        ("Ridges", {"shown": 3}, "shown must be 0 to K = 2, got 3"),
        ("Ridges", {"angles": [0], "shown": 2}, "2"),
    ],
)
def test_bad_states_are_refused_by_name(name: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(TraitError, match=message):
        getattr(widgets, name)(**given)


def test_an_assignment_that_does_not_fit_the_rest_is_refused() -> None:
    w = widgets.Ridges(angles=[0, 60, 120], shown=3)
    with pytest.raises(TraitError, match="hold_trait_notifications"):
        w.angles = [0, 90]
    with w.hold_trait_notifications():
        w.angles, w.shown = [0, 90], 2
    assert w.to_dict() == {"angles": [0, 90], "target": "product", "shown": 2}


def test_directions_half_a_turn_apart_are_the_same() -> None:
    np.testing.assert_array_equal(widgets.Ridges(angles=[180, -45, 405, -1e-20]).angles, [0, 135, 45, 0])
    assert widgets.Ridges(angles=[-45, 225]).unexplained() == widgets.Ridges(angles=[135, 45]).unexplained()


def test_more_units_help_inside_only() -> None:
    few, many = widgets.Window(), widgets.Window(D=40)
    assert [round(e, 4) for e in few.error()] == [0.0329, 3.0]
    assert many.error().inside < few.error().inside / 10
    assert many.error().outside > few.error().outside
    assert widgets.Window(window=[-2, 2]).error().outside == 0
    assert widgets.Window(window=[-2, 2], D=40).error().inside < 0.02


def test_the_curve_is_level_left_of_the_first_joint() -> None:
    w = widgets.Window(window=[-0.25, 1], D=5, lead=0.5)
    y = Shallow(1, 5, 1)([[-2.0], [-0.75], [-0.25]], w.parameters())[:, 0]
    assert y[0] == pytest.approx(y[1], abs=1e-12)
    assert y[2] == pytest.approx(np.sin(np.pi * -0.25), abs=1e-12)
    assert abs(y[1] - y[2]) > 0.5


def test_a_middle_steepness_is_best_and_a_staircase_only_halves() -> None:
    def sup(N: int, steepness: float) -> float:
        return widgets.SigmoidBumps(N=N, steepness=steepness).error().sup

    assert [round(sup(8, s), 3) for s in (1, 5, 40)] == [0.279, 0.039, 0.145]
    assert sup(8, 60) / sup(16, 60) < 2.2
    assert sup(8, 4) / sup(16, 4) > 3
    for N in (1, 4, 8, 16, 40):
        best = widgets.SigmoidBumps(N=N).truth()
        assert min(sup(N, s) for s in np.arange(1, 60.1, 0.5)) > 0.98 * sup(N, best)
        assert N < 4 or abs(best - 5) < 2


def test_ridges_explain_a_product_along_the_diagonals_only() -> None:
    left = [widgets.Ridges(angles=angles).unexplained() for angles in ([0, 90], [20, 110], [45, 135])]
    assert left[0] == pytest.approx(1, abs=1e-9)
    assert 0.4 < left[1] < 0.6
    assert left[2] == pytest.approx(0.02, abs=1e-3)


@pytest.mark.parametrize(
    ("w", "words"),
    [
        (widgets.Ridges(), "the directions 0, 90 degrees, which leaves 100.0 %"),
        (widgets.Ridges(angles=[45, 135], shown=1), "leaves 2.0 %"),
    ],
)
def test_alt_text_tells_the_truth_about_the_state(w: Any, words: str) -> None:
    assert words in w.picture().alt
    assert "<svg" in w.picture().html()


@pytest.mark.parametrize("target", ["product", "bowl", "bump"])
def test_copied_ridges_give_the_same_fit(target: str) -> None:
    w = widgets.Ridges(angles=[12, 80.5, 131], target=target)
    names, printed = run(copied_python(w))
    np.testing.assert_allclose(names["fit"].profiles, w.fit().profiles, atol=1e-9)
    assert float(printed.split("\n")[0]) == pytest.approx(w.unexplained(), abs=1e-12)
