"""Live figures of drawn curves and joints in Python: traits, what they refuse, their pictures, and what they copy."""

import json
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from tests.copied_python import copied_python, run
from udl_core import Shallow, approximation, widgets
from udl_core.approximation import best_places, equal, error, sampled, target

WAVE = np.round(np.sin(np.arange(401) / 40) * np.linspace(0.2, 1.4, 401), 4)


@pytest.mark.parametrize(
    "w",
    [
        widgets.DrawAnyCurve(y=WAVE, D=33, norm="l2", method="best", places="best"),
        widgets.MoveTheJoints(target="chirp", joints=[5, 10], norm="l2", shown=True),
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
        ("DrawAnyCurve", {"y": [1.0] * 400}, r"y must have shape \(401,\), got \(400,\)"),
        ("DrawAnyCurve", {"y": [1.0] * 400 + [-1.6]}, r"y must lie from -1.5 to 1.5, got -1.6"),
        ("DrawAnyCurve", {"y": [float("nan")] * 401}, "y must be finite, got nan"),
        ("DrawAnyCurve", {"y": "cosine"}, "y must be numbers"),
        ("DrawAnyCurve", {"D": 0}, "D"),
        ("DrawAnyCurve", {"D": 201}, "D"),
        ("DrawAnyCurve", {"norm": "l1"}, "norm"),
        ("DrawAnyCurve", {"method": "worst"}, "method"),
        ("DrawAnyCurve", {"places": "worst"}, "places"),
        ("MoveTheJoints", {"target": "cosine"}, "target"),
        ("MoveTheJoints", {"joints": []}, "D = 2 to 12 units, got 0 joints"),
        ("MoveTheJoints", {"joints": list(range(1, 13))}, "D = 2 to 12 units, got 12 joints"),
        ("MoveTheJoints", {"joints": [5, 5]}, r"joints must ascend from 1 to 399, got \[5, 5\]"),
        ("MoveTheJoints", {"joints": [0, 5]}, "joints must ascend from 1 to 399"),
        ("MoveTheJoints", {"joints": [5, 400]}, "joints must ascend from 1 to 399"),
        ("MoveTheJoints", {"joints": [1.5]}, "joints"),
        ("MoveTheJoints", {"shown": "yes"}, "shown"),
    ],
)
def test_bad_states_are_refused_by_name(name: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(TraitError, match=message):
        getattr(widgets, name)(**given)


def test_a_refused_curve_changes_nothing_and_the_same_curve_tells_nobody() -> None:
    w = widgets.DrawAnyCurve(y=WAVE)
    heard: list[Any] = []
    w.observe(lambda change: heard.append(change.new), "y")
    w.y = WAVE.copy()
    with pytest.raises(TraitError):
        w.y = 2 * WAVE
    assert np.array_equal(w.y, WAVE)
    assert heard == []
    w.y = "kink"
    assert len(heard) == 1
    assert np.array_equal(w.y, target("kink")(np.linspace(0, 1, 401)))


@pytest.mark.parametrize("name", approximation.NAMES)
def test_every_named_curve_fits_on_the_sheet(name: str) -> None:
    assert np.abs(widgets.DrawAnyCurve(y=name).y).max() <= 1
    assert widgets.MoveTheJoints(target=name).picture().alt.startswith(f"The {name} curve")


@pytest.mark.parametrize("method", ["interpolate", "best"])
@pytest.mark.parametrize("places", ["equal", "best"])
def test_its_parameters_draw_the_network_that_it_shows(method: str, places: str) -> None:
    w = widgets.DrawAnyCurve(y=WAVE, D=12, method=method, places=places)
    at, values = w.network()
    assert len(at) == 13
    np.testing.assert_allclose(Shallow(1, 12, 1)(at[:, None], w.parameters())[:, 0], values, rtol=0, atol=1e-12)
    if method == "interpolate":
        np.testing.assert_allclose(values, np.interp(at, np.linspace(0, 1, 401), WAVE), rtol=0, atol=1e-13)


def test_each_choice_is_the_better_one_at_what_it_is_for() -> None:
    def found(**given: Any) -> approximation.Error:
        return widgets.DrawAnyCurve(y=WAVE, D=12, **given).error()

    assert found(method="best").l2 < found().l2
    assert found(places="best").sup < found().sup
    assert found(places="best", norm="l2").l2 < found(places="best").l2


def test_the_book_tells_the_truth_about_the_defaults() -> None:
    w = widgets.DrawAnyCurve()
    assert (round(w.error().sup, 4), round(w.error().l2, 4)) == (0.0704, 0.0393)
    w.D = 16
    assert round(w.error().sup, 4) == 0.0188
    moved = widgets.MoveTheJoints()
    assert np.array_equal(moved.joints, np.round(400 * equal(6)[1:-1]))
    assert (moved.best()[0] * 400).round(9).tolist() == [0, 1, 8, 32, 90, 203, 400]
    assert round(moved.score()) == 12


@pytest.mark.parametrize("norm", ["sup", "l2"])
def test_the_score_is_100_at_the_best_joints_and_less_elsewhere(norm: str) -> None:
    w = widgets.MoveTheJoints(target="sine", joints=[40, 170, 300], norm=norm)
    assert 0 < w.score() < 100
    w.joints = (400 * w.best()[0][1:-1]).round().astype(int).tolist()
    assert w.score() == pytest.approx(100, abs=1e-9)


def test_a_curve_that_can_be_met_exactly_scores_all_or_nothing() -> None:
    w = widgets.MoveTheJoints(target="step", joints=[133, 134])
    assert w.score() == 100
    w.joints = [133, 135]
    assert w.score() == 0


@pytest.mark.parametrize(
    ("w", "words"),
    [
        (widgets.DrawAnyCurve(), "8 units that imitates it by straight pieces: largest error 0.0704, L2 error 0.0393"),
        (widgets.DrawAnyCurve(y=np.zeros(401), D=100), "largest error 0.0000"),
        (widgets.MoveTheJoints(), "x = 0.1675, 0.3325, 0.5, 0.6675, 0.8325"),
        (widgets.MoveTheJoints(), "The largest error is 0.1023, on piece 1"),
        (widgets.MoveTheJoints(), "With the best joints the largest error is 0.0121"),
        (widgets.MoveTheJoints(norm="l2"), "With the best joints the L2 error is 0.00"),
        (widgets.MoveTheJoints(target="step", joints=[100, 200], shown=True), "on piece 2"),
    ],
)
def test_alt_text_tells_the_truth_about_the_state(w: Any, words: str) -> None:
    assert words in w.picture().alt
    assert "<svg" in w.picture().html()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"y": "kink", "D": 5, "norm": "l2", "method": "best"},
        {"y": WAVE, "D": 9, "places": "best"},
        {"y": WAVE, "D": 9, "places": "best", "norm": "l2", "method": "best"},
    ],
)
def test_copied_drawing_gives_the_same_network(given: dict[str, Any]) -> None:
    w = widgets.DrawAnyCurve(**given)
    names, printed = run(copied_python(w))
    places, values = w.network()
    assert names["net"] == Shallow(1, w.D, 1)
    np.testing.assert_array_equal(names["places"], places)
    np.testing.assert_allclose(names["values"], values, rtol=0, atol=1e-12)
    assert names["np"].allclose(names["phi"], w.parameters(), rtol=0, atol=1e-9)
    assert printed.splitlines()[0] == str(error(names["curve"], places, names["values"]))


@pytest.mark.parametrize("given", [{}, {"target": "step", "joints": [133, 134]}, {"target": "sine", "norm": "l2"}])
def test_copied_joints_print_both_errors_and_the_score(given: dict[str, Any]) -> None:
    w = widgets.MoveTheJoints(**given)
    names, printed = run(copied_python(w))
    f = sampled(target(w.target)(np.linspace(0, 1, 401)))
    best = best_places(f, len(w.joints) + 1, w.norm)[-1]  # type: ignore[arg-type]
    np.testing.assert_array_equal(names["places"], w.network()[0])
    assert names["yours"] == error(f, *w.network())
    assert names["optimum"] == error(f, best, f(best))
    assert float(printed.splitlines()[-1]) == pytest.approx(w.score(), abs=1e-9)
