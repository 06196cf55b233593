"""The window, bumps and ridges: what the tests for all figures don't reach."""

import numpy as np
import pytest

from tests.browsing import until
from tests.site.figure import Figure
from tests.site.test_pages import open_page
from udl_core import widgets

PAGE = "chapters/03_universal_approximation.html"


@pytest.fixture(scope="module")
def page(new_context, site):
    page, log = open_page(new_context, site, PAGE)
    yield page
    assert log.errors == []


@pytest.fixture
def figure(page, request):
    kind = request.param
    figure = Figure(page, kind.figure)
    yield figure
    figure.set(kind().to_dict())


def of(kind):
    return pytest.mark.parametrize("figure", [kind], indirect=True, ids=[kind.figure])


def press(figure, handle, *keys):
    for key in keys:
        figure.element.locator(f"[data-udl-handle='{handle}']").press(key)


@of(widgets.Window)
def test_the_window_is_dragged_by_its_body_and_stops_at_the_rim(figure):
    body = figure.element.locator("[data-udl-grip=window]")
    body.scroll_into_view_if_needed()
    box = body.bounding_box()
    x, y = box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"]
    mouse = figure.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + box["width"] / 8, y, steps=3)
    lo, hi = figure.state()["window"]
    assert hi - lo == pytest.approx(2)
    assert lo == pytest.approx(-0.75, abs=0.03)
    figure.assert_drawn_as_python_computes()
    mouse.move(x + 3 * box["width"], y, steps=3)
    assert figure.state()["window"] == [0, 2]
    mouse.up()
    figure.tool("undo")
    assert figure.state()["window"] == [-1, 1]


@of(widgets.SigmoidBumps)
def test_a_soft_bump_is_still_as_high_as_its_handle_says(figure):
    figure.set({"steepness": 1.0, "height": 0.5})
    top = figure.element.locator("[data-udl-handle=top]")
    before = figure.get()["drawn"]["bump"]["y"][200]
    top.press("ArrowUp")
    after = figure.get()["drawn"]["bump"]["y"][200]
    assert after - before == pytest.approx(0.02, abs=0.003)
    assert top.get_attribute("aria-valuetext") == f"centre 0.50, height {figure.state()['height']:.2f}"
    figure.assert_drawn_as_python_computes()


@of(widgets.SigmoidBumps)
def test_the_slope_is_dragged_on_the_first_sigmoid(figure):
    handle = figure.element.locator("[data-udl-handle=slope]")
    figure.drag(handle, 20, 0)
    soft = figure.state()["steepness"]
    assert 4 < soft < 20
    figure.assert_drawn_as_python_computes()
    press(figure, "slope", "ArrowLeft")
    assert figure.state()["steepness"] > soft


@of(widgets.SigmoidBumps)
def test_doubling_the_bumps_draws_the_errors_of_twice_as_many(figure):
    figure.set({"steepness": 4.0})
    errors = []
    for _ in range(3):
        figure.assert_drawn_as_python_computes()
        errors.append(min(figure.get()["drawn"]["largest error"]["y"]))
        figure.element.locator("[data-udl-button=double]").click()
    assert [figure.state()["N"], errors] == [40, sorted(errors, reverse=True)]


@of(widgets.Ridges)
def test_keys_turn_by_degrees_round_and_round(figure):
    handle = figure.element.locator("[data-udl-handle='direction 1']")
    handle.press("ArrowLeft")
    handle.press("Shift+ArrowUp")
    assert figure.state()["angles"] == [16, 90]
    assert handle.get_attribute("aria-valuenow") == "16"
    for _ in range(2):
        handle.press("PageDown")
    assert figure.state()["angles"] == [166, 90]
    figure.assert_drawn_as_python_computes()
    handle.press("Home")
    assert figure.state()["angles"] == [0, 90]


@of(widgets.Ridges)
def test_a_direction_is_dragged_through_the_line_where_it_starts_again(figure):
    handle = figure.element.locator("[data-udl-handle='direction 1']")
    figure.drag(handle, 0, 40)
    (angle, _) = figure.state()["angles"]
    assert 150 < angle < 180
    shape, plot = handle.locator(".udl-shape").bounding_box(), handle.locator("xpath=ancestor::*[name()='svg']")
    box = plot.bounding_box()
    assert shape["x"] > box["x"] + box["width"] / 2, "the handle stays with the pointer, below right"
    figure.assert_drawn_as_python_computes()


@of(widgets.Ridges)
def test_focus_shows_the_stripes_of_its_ridge(figure):
    def stripes():
        path = figure.element.locator(".udl-stripes").get_attribute("d")
        return np.array([line.replace("L", " ").split() for line in path.split("M")[1:]], dtype=float)

    figure.page.evaluate("document.activeElement.blur()")
    assert stripes().size == 0
    figure.set({"angles": [30.0, 90.0]})
    figure.element.locator("[data-udl-handle='direction 1']").focus()
    lines = stripes()
    dx, dy = (lines[:, 2:] - lines[:, :2]).T
    # across the direction, and as far apart as the knots; the y-axis of a screen points down
    np.testing.assert_allclose(np.degrees(np.arctan2(-dy, dx)), 120, atol=0.01)
    across = lines[:, 0] * np.cos(np.pi / 6) - lines[:, 1] * np.sin(np.pi / 6)
    np.testing.assert_allclose(np.diff(across) / (across[-1] - across[0]), 1 / 8, atol=1e-3)
    figure.page.evaluate("document.activeElement.blur()")
    assert stripes().size == 0


@of(widgets.Ridges)
def test_directions_come_and_go(figure):
    add, remove = (figure.element.locator(f"[data-udl-button={name}]") for name in ("add", "remove"))
    for _ in range(4):
        add.click()
    assert sorted(figure.state()["angles"]) == [0, 23, 45, 68, 90, 135]
    assert add.is_disabled()
    figure.element.locator("[data-udl-choice=shown]").select_option("6")
    assert figure.state()["shown"] == 6
    figure.assert_drawn_as_python_computes()
    remove.click()
    assert (figure.state()["shown"], len(figure.state()["angles"])) == (5, 5)
    assert figure.element.locator("[data-udl-choice=shown] option").count() == 6
    figure.assert_drawn_as_python_computes()


@of(widgets.Ridges)
def test_a_guess_is_measured_against_what_stays_unexplained(figure):
    question = figure.element.locator("details.udl-question")
    question.evaluate("q => { q.open = true; }")
    question.locator("[data-udl-button=guess]").click()
    until(lambda: "You said 50 %; it is 100 %. Off by 50 %." in question.inner_text(), "the guess is measured")
    figure.set({"angles": [45.0, 135.0]})
    assert "it is 2 %" in question.inner_text()
