"""Two outputs and their path: what the tests for all figures don't reach."""

import pytest

from tests.site.figure import Figure
from tests.site.test_pages import open_page
from udl_core import widgets


@pytest.fixture(scope="module")
def page(new_context, site):
    page, log = open_page(new_context, site, "chapters/02_shallow_networks.html")
    yield page
    assert log.errors == []


@pytest.fixture
def figure(page):
    figure = Figure(page, "two-outputs")
    yield figure
    figure.set(widgets.TwoOutputs().to_dict())


def hold(figure, name, dx, dy):
    """Drag a handle and don't let go; what is drawn then."""
    handle = figure.element.locator(f"[data-udl-handle='{name}']")
    handle.evaluate("h => h.scrollIntoView({block: 'center', behavior: 'instant'})")
    box, mouse = handle.locator(".udl-shape").bounding_box(), figure.page.mouse
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 3 * dx, y - 2 * dy)  # the way there must leave no trace
    mouse.move(x + dx, y + dy, steps=2)
    return figure.get()["drawn"]


def test_what_a_drag_asks_for_is_seen_beside_what_it_gets_until_it_ends(figure):
    before = figure.get()["drawn"]
    assert "wanted 1" not in before
    drawn = hold(figure, "corner 2", 30, -20)
    for o, axis in ((1, "x"), (2, "y")):
        asked, start, got = drawn[f"wanted {o}"]["y"], before[f"output {o}"]["y"], drawn[f"output {o}"]["y"]
        assert asked[2] == pytest.approx(drawn["corner 2"][axis][0], abs=1e-12)
        assert got[2] == pytest.approx(asked[2], abs=1e-12)
        others = [k for k in range(6) if k != 2]
        assert [asked[k] for k in others] == pytest.approx([start[k] for k in others], abs=1e-12)
        assert got != pytest.approx(asked, abs=0.01), "other corners give way, for one slope is not free"
    figure.page.mouse.up()
    assert "wanted 1" not in figure.get()["drawn"]
    figure.assert_drawn_as_python_computes()


def test_a_vertex_moves_one_output_and_escape_puts_it_back(figure):
    before = figure.get()["drawn"]
    drawn = hold(figure, "vertex 2.3", 0, -30)
    assert drawn["output 1"] == before["output 1"]
    assert drawn["output 2"] != before["output 2"]
    assert drawn["wanted 1"]["x"] == []
    figure.page.keyboard.press("Escape")
    figure.page.mouse.up()
    assert figure.get()["drawn"] == before


def test_a_unit_without_a_joint_has_no_handle_and_its_term_says_off(figure):
    phi = figure.state()["phi"]
    figure.set({"phi": [-5.0, 1.0, *phi[2:]]})
    names = [handle.get_attribute("data-udl-handle") for handle in figure.visible_handles()]
    assert [name for name in names if name.startswith("joint")] == ["joint 2", "joint 3", "joint 4"]
    terms = figure.element.locator(".udl-equation").first.locator(".udl-term")
    assert terms.nth(2).inner_text().split("\n")[-1] == "off: 0"
    figure.assert_drawn_as_python_computes()
    figure.element.locator(".udl-sliders summary").click()
    slider = figure.element.locator("[data-udl-slider=theta10]")
    slider.fill("-0.5")
    assert figure.state()["phi"][:2] == [-0.5, 1]
    figure.assert_drawn_as_python_computes()
