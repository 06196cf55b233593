"""Drawing on the sheet and moving joints: what the tests for all figures don't reach."""

import numpy as np
import pytest

from tests.browsing import until
from tests.site.figure import Figure, page_with
from udl_core import widgets

NODES = np.arange(401) / 400


@pytest.fixture(scope="module", params=[{}, {"has_touch": True, "is_mobile": True}], ids=["mouse", "finger"])
def page(request, new_context, site):
    """A chapter with both figures before its own, on a screen of each kind."""
    with page_with(new_context, site, widgets.DrawAnyCurve(), widgets.MoveTheJoints(), **request.param) as page:
        page.set_viewport_size({"width": 390 if request.param else 1280, "height": 900})
        page.finger = page.context.new_cdp_session(page) if request.param else None
        yield page


@pytest.fixture
def drawing(page):
    figure = Figure(page, "draw-any-curve")
    yield figure
    figure.set(widgets.DrawAnyCurve().to_dict())


@pytest.fixture
def joints(page):
    figure = Figure(page, "move-the-joints")
    yield figure
    figure.set(widgets.MoveTheJoints().to_dict())


class Pen:
    """A mouse or a finger on the sheet, in the plot's own coordinates."""

    def __init__(self, figure):
        self.page = figure.page
        sheet = figure.element.locator("[data-udl-sheet]")
        sheet.evaluate("s => s.scrollIntoView({block: 'center', behavior: 'instant'})")
        box = sheet.bounding_box()
        scale = box["width"] / float(sheet.get_attribute("width"))
        self.left, self.width = box["x"] + 12 * scale, box["width"] - 24 * scale
        self.top, self.height = box["y"], box["height"]

    def at(self, x, y):
        return self.left + x * self.width, self.top + (1.6 - y) / 3.2 * self.height

    def touch(self, kind, *points):
        self.page.finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    def down(self, x, y):
        if self.page.finger:
            return self.touch("touchStart", self.at(x, y))
        self.page.mouse.move(*self.at(x, y))
        return self.page.mouse.down()

    def move(self, x, y):
        if self.page.finger:
            return self.touch("touchMove", self.at(x, y))
        return self.page.mouse.move(*self.at(x, y))

    def up(self):
        return self.touch("touchEnd") if self.page.finger else self.page.mouse.up()


def test_a_stroke_is_what_the_pen_did_and_the_network_follows_it(drawing):
    before = np.array(drawing.state()["y"])
    pen, scrolled = Pen(drawing), drawing.page.evaluate("scrollY")
    pen.down(0.2, -1.0)
    for x in np.linspace(0.25, 0.6, 8):
        pen.move(x, -1 + 2 * (x - 0.2))
    drawing.assert_drawn_as_python_computes()
    during = drawing.get()
    pen.up()
    after = np.array(drawing.state()["y"])
    assert during["y"] == after.tolist()
    drawn = (NODES > 0.24) & (NODES < 0.58)
    np.testing.assert_allclose(after[drawn], -1 + 2 * (NODES[drawn] - 0.2), rtol=0, atol=0.03)
    untouched = (NODES < 0.18) | (NODES > 0.62)
    np.testing.assert_allclose(after[untouched], before[untouched], rtol=0, atol=5.1e-5)
    assert drawing.page.evaluate("scrollY") == scrolled
    assert drawing.element.locator("[data-udl-tile]:checked").count() == 0
    drawing.tool("undo")
    assert drawing.state()["y"] == before.tolist()
    assert drawing.element.locator("[data-udl-tool=undo]").get_attribute("aria-disabled") == "true", (
        "one stroke, one step"
    )


def test_a_stroke_stays_on_the_sheet_whatever_the_pen_does(drawing):
    pen = Pen(drawing)
    pen.down(0.5, 0.0)
    for x, y in ((0.7, 3.0), (1.3, 3.0), (0.9, -2.5), (-0.4, -2.5)):
        pen.move(x, y)
    pen.up()
    y = np.array(drawing.state()["y"])
    assert np.abs(y).max() == 1.5
    assert y[0] == -1.5
    drawing.assert_drawn_as_python_computes()


def test_a_tap_draws_nothing_and_escape_takes_a_stroke_back(drawing):
    start, pen = drawing.state(), Pen(drawing)
    pen.down(0.5, 1.0)
    pen.up()
    assert drawing.state() == start
    pen.down(0.5, 1.0)
    pen.move(0.8, 1.0)
    assert drawing.state() != start
    drawing.page.keyboard.press("Escape")
    assert drawing.state() == start
    pen.move(0.3, 1.0)
    pen.up()
    assert drawing.state() == start


def test_a_curve_can_be_drawn_by_keys(drawing):
    drawing.element.locator("[data-udl-button=flat]").click()
    sheet = drawing.element.locator("[data-udl-sheet]")
    sheet.press("Home")
    for k in range(21):
        assert f"x = {k / 20:.2f}" in sheet.get_attribute("aria-valuetext")
        sheet.press("PageUp")
        sheet.press("ArrowDown" if k % 2 else "ArrowUp")
        sheet.press("ArrowRight")
    np.testing.assert_allclose(np.array(drawing.state()["y"])[::20], 0.5 + 0.05 * (-1.0) ** np.arange(21), atol=1e-4)
    assert "height 0.55" in sheet.get_attribute("aria-valuetext")
    drawing.assert_drawn_as_python_computes()
    for _ in range(42):
        sheet.press("Control+z")
    assert not np.any(drawing.state()["y"])


def test_the_best_joints_arrive_by_themselves(drawing):
    """Nobody asks for the state, which would finish the work: the page does it between its frames."""
    network = drawing.element.locator(".udl-curve.udl-model[data-udl-link=network]")
    evenly = network.get_attribute("d")
    drawing.element.locator("[data-udl-choice=places]").select_option("best")
    until(lambda: network.get_attribute("d") != evenly, "the network bends elsewhere")
    shown = network.get_attribute("d")
    drawing.assert_drawn_as_python_computes()
    assert network.get_attribute("d") == shown
    pen = Pen(drawing)
    pen.down(0.1, 0.0)
    for x in np.linspace(0.15, 0.9, 16):
        pen.move(x, 0.4 * np.sin(30 * x))
    drawing.assert_drawn_as_python_computes()
    pen.up()
    drawing.assert_drawn_as_python_computes()


def test_every_named_curve_can_be_chosen_and_its_law_is_drawn(drawing):
    powers = {"sine": -2, "chirp": -2, "root": -0.5, "kink": -1, "step": 0}
    for name, power in powers.items():
        drawing.element.locator(f"[data-udl-tile={name}]").click(force=True)
        drawing.assert_drawn_as_python_computes()
        law = drawing.get()["drawn"]["law"]
        assert np.diff(law["y"]) / np.diff(law["x"]) == pytest.approx(power)
    drawing.element.locator("[data-udl-choice=places]").select_option("best")
    assert drawing.get()["drawn"]["law"]["x"] == []


def test_every_number_of_units_can_be_reached(drawing):
    dot, sizes = drawing.element.locator("[data-udl-handle=D]"), []
    for key in ("Home", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "PageDown", "End", "ArrowRight", "ArrowLeft"):
        dot.press(key)
        sizes.append(drawing.state()["D"])
    assert sizes == [1, 2, 3, 13, 3, 200, 200, 199]
    drawing.element.locator("[data-udl-button=halve]").click()
    assert drawing.state()["D"] == 99
    drawing.element.locator("[data-udl-button=double]").click()
    assert drawing.state()["D"] == 198
    drawing.assert_drawn_as_python_computes()


def test_a_link_to_a_named_curve_is_short(drawing):
    drawing.page.evaluate("history.replaceState(null, '', '#')")
    drawing.set({"y": "chirp"})
    drawing.tool("link")
    drawing.page.wait_for_function("location.hash.startsWith('#udl-')")
    assert len(drawing.page.url.split("#")[1]) < 200


def test_joints_never_pass_each_other(joints):
    handle = joints.element.locator("[data-udl-handle='joint 2']")
    handle.press("End")
    assert joints.state()["joints"] == [67, 199, 200, 267, 333]
    handle.press("Shift+ArrowLeft")
    assert joints.state()["joints"][1] == 189
    joints.drag(handle, -400, 0)
    assert joints.state()["joints"] == [67, 68, 200, 267, 333]
    joints.assert_drawn_as_python_computes()


def test_the_best_joints_can_be_shown_and_taken(joints):
    summary = joints.element.locator(".udl-summary")
    until(lambda: "score 12." in summary.inner_text(), "the best joints are found without being asked for")
    joints.element.locator("[data-udl-toggle=shown]").click()
    assert joints.get()["drawn"]["best joints"]["x"] == [k / 400 for k in (1, 8, 32, 90, 203)]
    joints.element.locator("[data-udl-button=take]").click()
    assert joints.state()["joints"] == [1, 8, 32, 90, 203]
    assert "score 100." in joints.get()["summary"]
    joints.element.locator("[data-udl-button=equal]").click()
    assert joints.state() == widgets.MoveTheJoints(shown=True).to_dict()


def test_units_come_and_go_where_they_matter(joints):
    more, fewer = (joints.element.locator(f"[data-udl-button={name}]") for name in ("more", "fewer"))
    more.click()
    assert joints.state()["joints"] == [34, 67, 133, 200, 267, 333], "the worst piece is cut in the middle"
    fewer.click()
    assert 333 not in joints.state()["joints"], "the joint that is missed least goes"
    joints.assert_drawn_as_python_computes()
    while more.is_enabled():
        more.click()
    assert len(joints.state()["joints"]) == 11
    joints.assert_drawn_as_python_computes()
    while fewer.is_enabled():
        fewer.click()
    assert len(joints.state()["joints"]) == 1
    joints.assert_drawn_as_python_computes()
