"""Folding the plane: what the tests for all figures don't reach."""

import numpy as np
import pytest

from tests.site.figure import Figure, page_with
from udl_core import regions, widgets
from udl_core.figures.live_fold_the_plane import regions_after

BOX = ((-1, 1), (-1, 1))


@pytest.fixture(scope="module")
def page(new_context, site):
    """A chapter with this figure before its own."""
    with page_with(new_context, site, widgets.FoldThePlane()) as page:
        yield page


@pytest.fixture
def plane(page):
    figure = Figure(page, "fold-the-plane")
    yield figure
    figure.set(widgets.FoldThePlane().to_dict())


def client(figure, x1, x2):
    """Where a point of the plane is on the screen; call again after anything that scrolls."""
    ground = figure.element.locator(".udl-ground").first
    ground.evaluate("g => g.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = ground.bounding_box()
    return box["x"] + (1 + x1) / 2 * box["width"], box["y"] + (1 - x2) / 2 * box["height"]


def point_at(figure, x1, x2):
    x, y = client(figure, x1, x2)
    figure.page.mouse.move(x + 1, y)
    figure.page.mouse.move(x, y)


def middle(polygon):
    return [float(v) for v in polygon.mean(axis=0)]


def widest(found):
    """The middle of a region with room for a click, and its index."""
    index = int(np.argsort(found.areas)[-2])
    return index, middle(found.polygons[index])


def text(figure, name):
    return figure.element.locator(name).text_content().replace("−", "-")


def test_a_line_of_any_layer_moves_through_the_mouse(plane):
    """Layer 2's unit 1 crosses the square's lower half: pulled there, it is chosen, and passes where it was let go."""
    plane.set({"layers": 3})
    w = widgets.FoldThePlane(**plane.state())
    found = regions.linear_regions(w.net, w.phi, BOX)
    edges = [
        ends
        for ends, switches in zip(found.neighbours.edges, found.neighbours.switches, strict=True)
        if switches.tolist() == [[2, 0]]
    ]
    longest = max(edges, key=lambda ends: np.linalg.norm(ends[1] - ends[0]))
    start, goal = longest.mean(axis=0), longest.mean(axis=0) + np.array([0.03, 0.1])
    point_at(plane, *start)
    assert text(plane, ".udl-line-name:not([visibility=hidden])").startswith("unit 1 of layer 2")
    plane.page.mouse.down()
    plane.page.mouse.move(*client(plane, *goal), steps=3)
    plane.page.mouse.up()
    after = widgets.FoldThePlane(**plane.state())
    assert after.unit == [2, 1]
    changed = np.flatnonzero(after.phi != w.phi)
    assert changed.tolist() == [12], "β_1 of unit 1 alone"
    beta, omega = (after.net.unpack(after.phi)[name] for name in ("beta", "omega"))
    z = beta[1] + omega[1] @ np.maximum(beta[0] + omega[0] @ goal, 0)
    assert abs(z[0]) < 0.02
    plane.assert_drawn_as_python_computes()
    plane.tool("undo")
    assert plane.state()["phi"] == w.phi.tolist()


def test_a_click_pins_a_region_and_another_takes_the_pin_away(plane):
    plane.set({"layers": 2})
    w = widgets.FoldThePlane(**plane.state())
    index, at = widest(regions_after(w.net, w.phi, 2))
    plane.page.mouse.click(*client(plane, *at))
    (pin,) = plane.state()["pinned"]
    assert regions_after(w.net, w.phi, 2).locate([pin])[0] == index
    plane.assert_drawn_as_python_computes()
    plane.page.mouse.click(*client(plane, *at))
    assert plane.state()["pinned"] == []


def test_enter_pins_the_region_of_x_and_two_pins_are_compared(plane):
    plane.set({"layers": 3, "pinned": [[0.65, -0.4]]})
    probe = plane.element.locator('[data-udl-handle="input"]')
    probe.press("Enter")
    w = widgets.FoldThePlane(**plane.state())
    assert w.pinned == [[0.65, -0.4], w.x.tolist()]
    found = regions.linear_regions(w.net, w.phi, BOX)
    one, other = found.patterns[found.locate(w.pinned)]
    assert f"{(one != other).sum()} units switch" in text(plane, ".udl-pin-notes")
    plane.assert_drawn_as_python_computes()
    probe.press("Enter")
    assert plane.state()["pinned"] == [[0.65, -0.4]]


def test_the_region_under_the_mouse_is_described_and_nothing_changes(plane):
    plane.set({"layers": 3})
    before = plane.state()
    w = widgets.FoldThePlane(**before)
    found = regions.linear_regions(w.net, w.phi, BOX)
    index, at = widest(found)
    point_at(plane, *at)
    shown = text(plane, ".udl-region-note")
    offset, a, b = np.round(found.maps[index, 0], 2) + 0.0
    assert shown.startswith(f"Here: y = {offset:.2f} {'-' if a < 0 else '+'} {abs(a):.2f} x₁ {'-' if b < 0 else '+'}")
    dots = plane.element.locator(".udl-unit")
    active = dots.evaluate_all("dots => dots.map(d => d.classList.contains('udl-active'))")
    assert active == found.patterns[index].tolist()
    assert plane.state() == before
    plane.page.mouse.move(0, 0)
    assert text(plane, ".udl-region-note").startswith("At x:")


def test_units_are_chosen_with_the_arrow_keys_and_reveal_their_layer(plane):
    first = plane.element.locator(".udl-unit input").first
    first.focus()
    for _ in range(4):
        plane.page.keyboard.press("ArrowRight")
    assert (plane.state()["unit"], plane.state()["layers"]) == ([2, 1], 2)
    plane.assert_drawn_as_python_computes()
    assert plane.element.locator('[data-udl-handle="line of layer 2"]').is_visible()


def test_the_guess_is_compared_with_the_regions_after_layer_2(plane):
    question = plane.element.locator("details.udl-question")
    question.evaluate("q => { q.open = true; }")
    question.locator("input").fill("30")
    question.locator("[data-udl-button=guess]").click()
    w = widgets.FoldThePlane(**plane.state())
    count = len(regions_after(w.net, w.phi, 2))
    assert f"You said 30; it is {count}. Off by {30 - count}." in question.locator(".udl-answer").inner_text()


def test_other_networks_keep_what_they_can(plane):
    start = plane.state()
    plane.element.evaluate("f => f.querySelectorAll('details').forEach(d => { d.open = true; })")
    plane.element.locator("[data-udl-slider=D2]").press("ArrowRight")
    grown = widgets.FoldThePlane(**plane.state())
    assert grown.widths == [2, 4, 5, 4, 1]
    assert grown.phi[:12].tolist() == start["phi"][:12], "layer 1 stays"
    plane.assert_drawn_as_python_computes()
    plane.element.locator("[data-udl-choice=depth]").select_option("1")
    assert plane.state()["widths"] == [2, 4, 1]
    plane.assert_drawn_as_python_computes()
    plane.tool("undo")
    plane.tool("undo")
    plane.assert_is(start)


def test_shuffle_draws_and_fold_folds(plane):
    plane.set({"layers": 3})
    start = plane.state()
    for button in ("shuffle", "fold"):
        plane.element.locator(f"[data-udl-button={button}]").click()
        assert plane.state()["phi"] != start["phi"]
        plane.assert_drawn_as_python_computes()
    w = widgets.FoldThePlane(**plane.state())
    np.testing.assert_allclose(regions_after(w.net, w.phi, 2).areas, 0.25, rtol=1e-12)
    plane.tool("undo")
    plane.tool("undo")
    plane.assert_is(start)


def test_a_unit_without_a_line_says_so(plane):
    phi = plane.state()["phi"]
    plane.set({"phi": [9.0, *phi[1:]]})
    assert "Unit 1 of layer 1 switches nowhere in the square" in plane.element.inner_text()
    assert not plane.element.locator('[data-udl-handle="line of layer 1"]').is_visible()
    plane.assert_drawn_as_python_computes()
