"""Every live figure: what a reader drags, presses and shares, and that the drawing is what Python computes."""

import copy
import json
from urllib.parse import urljoin

import numpy as np
import pytest

from tests.site.expected import EXPECTED
from tests.site.test_pages import open_page, wake_figures

FIGURES = {
    "chapters/01_linear_regression.html": ["line-and-loss", "two-regressions", "baskets"],
    "chapters/02_shallow_networks.html": [
        "ten-parameters",
        "symmetry-orbit",
        "activation-gallery",
        "two-outputs",
        "polygons",
    ],
}
ALL = [(path, name) for path, names in FIGURES.items() for name in names]
EXTRAS = {"name", "version", "summary", "drawn"}


class Figure:
    """One live figure in a page."""

    def __init__(self, page, name):
        self.page, self.name = page, name
        self.element = page.locator(f'[data-udl-widget="{name}"]').first
        self.element.evaluate("f => f.scrollIntoView({block: 'start', behavior: 'instant'})")
        page.wait_for_function(f"document.querySelector('[data-udl-widget={name}]').dataset.udlState === 'live'")

    def get(self):
        return self.element.evaluate("f => f.udl.get()")

    def state(self):
        return {key: value for key, value in self.get().items() if key not in EXTRAS}

    def set(self, state):
        self.element.evaluate("(f, state) => f.udl.set(state)", state)

    def tool(self, name):
        self.element.locator(f"[data-udl-tool={name}]").click()

    def handles(self):
        return self.element.locator(".udl-handle:not([visibility=hidden])").all()

    def assert_drawn_as_python_computes(self):
        shown = self.get()
        wanted = EXPECTED[self.name]({k: v for k, v in shown.items() if k not in EXTRAS}, shown["drawn"])
        assert wanted
        for mark, (xs, ys) in wanted.items():
            drawn = shown["drawn"][mark]
            for axis, expected in (("x", xs), ("y", ys)):
                assert len(drawn[axis]) == len(expected), f"{self.name}: {mark}.{axis}"
                for a, b in zip(drawn[axis], expected, strict=True):
                    agree = abs(a - b) <= 1e-12 * max(1, abs(b)) or (np.isnan(a) and np.isnan(b))
                    assert agree, f"{self.name}: {mark}.{axis}: {a!r} against {b!r}"

    def drag(self, handle, dx, dy):
        handle.evaluate("h => h.scrollIntoView({block: 'center', behavior: 'instant'})")
        box = handle.locator(".udl-shape").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y + dy / 2, steps=2)
        self.page.mouse.move(x + dx, y + dy, steps=2)
        self.page.mouse.up()


@pytest.fixture(scope="module")
def pages(new_context, site):
    """One open page a chapter, for tests that leave a figure as they found it."""
    opened = {}
    for path in FIGURES:
        page, log = open_page(new_context, site, path)
        wake_figures(page)
        opened[path] = (page, log)
    return opened


@pytest.fixture
def figure(pages, request):
    path, name = request.param
    page, log = pages[path]
    figure = Figure(page, name)
    before = figure.state()
    yield figure
    figure.set(before)
    assert log.errors == []
    log.errors.clear()


each = pytest.mark.parametrize("figure", ALL, indirect=True, ids=[name for _, name in ALL])


@each
def test_starts_live_with_what_python_computes(figure):
    figure.assert_drawn_as_python_computes()
    assert figure.get()["name"] == figure.name
    assert figure.get()["summary"]


@each
def test_every_handle_can_be_dragged(figure):
    start = figure.state()
    moved = 0
    for handle in figure.handles():
        if not handle.is_visible():
            continue
        figure.set(start)
        for dx, dy in ((34, -26), (-34, 26)):
            figure.drag(handle, dx, dy)
            if figure.state() != start:
                break
        assert figure.state() != start, handle.get_attribute("aria-label")
        figure.assert_drawn_as_python_computes()
        moved += 1
    assert moved >= 1


@each
def test_every_handle_obeys_the_arrow_keys(figure):
    start = figure.state()
    for handle in figure.handles():
        if not handle.is_visible():
            continue
        figure.set(start)
        heard = handle.get_attribute("aria-valuetext")
        assert heard
        for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
            handle.press(key)
            if handle.get_attribute("aria-valuetext") != heard:
                break
        assert figure.state() != start, handle.get_attribute("aria-label")
        assert handle.get_attribute("aria-valuetext") != heard, handle.get_attribute("aria-label")
        figure.assert_drawn_as_python_computes()


@each
def test_every_slider_choice_and_toggle_acts(figure):
    start = figure.state()
    figure.element.evaluate("f => f.querySelectorAll('details').forEach(d => { d.open = true; })")
    acted = 0
    for slider in figure.element.locator("input[type=range]:not([data-udl-slider=guess])").all():
        figure.set(start)
        if not slider.is_visible():
            continue
        for key in ("ArrowRight", "ArrowLeft"):
            slider.press(key)
            if figure.state() != start:
                break
        assert figure.state() != start, slider.get_attribute("aria-label")
        figure.assert_drawn_as_python_computes()
        acted += 1
    for box in figure.element.locator("input[type=checkbox]").all():
        figure.set(start)
        box.click()
        assert figure.state() != start
        figure.assert_drawn_as_python_computes()
        acted += 1
    for select in figure.element.locator("select").all():
        for option in select.locator("option").all():
            figure.set(start)
            select.select_option(option.get_attribute("value"))
            figure.assert_drawn_as_python_computes()
        acted += 1
    assert acted >= 1


@each
def test_undo_redo_and_reset(figure):
    start = figure.state()
    handle = next(h for h in figure.handles() if h.is_visible())
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        handle.press(key)
        if figure.state() != start:
            break
    changed = figure.state()
    figure.tool("undo")
    assert figure.state() == start
    figure.assert_drawn_as_python_computes()
    figure.tool("redo")
    assert figure.state() == changed
    handle.press("Control+z")
    assert figure.state() == start
    handle.press(key)
    figure.tool("reset")
    assert figure.state() == start


@each
def test_table_and_question_open(figure):
    figure.tool("table")
    table = figure.element.locator(".udl-table table")
    assert table.locator("tbody tr").count() >= 1
    assert table.locator("caption").inner_text()
    figure.tool("table")
    assert not table.is_visible()
    question = figure.element.locator("details.udl-question")
    if question.count():
        question.evaluate("q => { q.open = true; }")
        question.locator("[data-udl-button=guess]").click()
        assert "You said" in question.locator(".udl-answer").inner_text()


@each
def test_broken_state_shows_the_picture_and_the_page_lives_on(figure):
    good = figure.state()
    broken = {key: "nonsense" for key in good}
    problem = figure.element.evaluate(
        "(f, state) => { try { f.udl.set(state); return ''; } catch (error) { return error.message; } }", broken
    )
    assert "must be" in problem
    assert figure.element.get_attribute("data-udl-state") == "failed"
    assert figure.element.locator("> .udl-picture").is_visible()
    assert problem in figure.element.inner_text()
    others = figure.page.eval_on_selector_all(
        f"[data-udl-widget]:not([data-udl-widget={figure.name}])", "fs => fs.map(f => f.dataset.udlState)"
    )
    assert set(others) == {"live"}
    figure.element.get_by_role("button", name="Back to the last good state").click()
    assert figure.element.get_attribute("data-udl-state") == "live"
    assert figure.state() == good


@pytest.mark.parametrize(("path", "name"), ALL, ids=[name for _, name in ALL])
def test_link_brings_back_the_state(new_context, site, path, name):
    page, log = open_page(new_context, site, path)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    figure = Figure(page, name)
    default = figure.state()
    handle = next(h for h in figure.handles() if h.is_visible())
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        handle.press(key)
        if figure.state() != default:
            break
    shared = figure.state()
    figure.tool("link")
    page.wait_for_function("location.hash.startsWith('#udl-')")
    url = page.url
    page.goto("about:blank")
    page.goto(url)
    again = Figure(page, name)
    assert again.state() == shared
    again.assert_drawn_as_python_computes()
    # a link of another version says so and shows the default
    page.goto("about:blank")
    page.goto(url.replace("=1.", "=0."))
    old = Figure(page, name)
    assert old.state() == default
    assert "another version" in old.element.locator(".udl-notice").inner_text()
    page.goto("about:blank")
    page.goto(url[: url.index("=1.") + 9])
    damaged = Figure(page, name)
    assert damaged.state() == default
    assert damaged.element.locator(".udl-notice").inner_text()
    assert log.errors == []


@pytest.mark.parametrize(("path", "name"), ALL, ids=[name for _, name in ALL])
def test_broken_page_state_fails_alone(new_context, site, path, name):
    context, log = new_context(site.url)
    page = context.new_page()

    def spoil(route):
        response = route.fetch()
        head, tail = response.text().split(f'data-udl-widget="{name}"', 1)
        begin = tail.index('<script type="application/json">') + len('<script type="application/json">')
        state = json.loads(tail[begin : tail.index("</script>")])
        spoiled = {key: None for key in copy.copy(state)}
        tail = tail[:begin] + json.dumps(spoiled) + tail[tail.index("</script>") :]
        route.fulfill(response=response, body=f'{head}data-udl-widget="{name}"{tail}')

    page.route("**/chapters/*.html", spoil)
    page.goto(urljoin(site.url, path))
    wake_figures(page)
    figures = page.locator("[data-udl-widget]").all()
    states = {f.get_attribute("data-udl-widget"): f.get_attribute("data-udl-state") for f in figures}
    assert states.pop(name) == "failed"
    assert set(states.values()) == {"live"}
    assert page.locator(f"[data-udl-widget={name}] > .udl-picture").is_visible()
    assert "must be" in page.locator(f"[data-udl-widget={name}] .udl-failure").inner_text()
    assert log.errors == []


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize(("path", "name"), ALL, ids=[name for _, name in ALL])
def test_fingers_can_drag_on_a_phone(new_context, site, path, name, width):
    page, log = open_page(new_context, site, path, width, 800, has_touch=True, is_mobile=True)
    figure = Figure(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    session = page.context.new_cdp_session(page)
    start = figure.state()
    handles = [h for h in figure.handles() if h.is_visible()]
    for handle in handles:
        target = handle.locator(".udl-hit").bounding_box()
        assert min(target["width"], target["height"]) >= 39.5
    for handle in handles:
        handle.evaluate("h => h.scrollIntoView({block: 'center', behavior: 'instant'})")
        box = handle.locator(".udl-shape").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        touch = lambda kind, *at: session.send(  # noqa: E731
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in at]},
        )
        touch("touchStart", (x, y))
        for step in range(1, 5):
            touch("touchMove", (x - 4 * step, y - 4 * step))
        touch("touchEnd")
        if figure.state() != start:
            break
    assert figure.state() != start
    figure.assert_drawn_as_python_computes()
    assert log.errors == []


def test_a_figure_off_the_page_named_in_a_link_is_said(new_context, site):
    page, _ = open_page(new_context, site, "chapters/02_shallow_networks.html#udl-no-such-figure=1.e30")
    page.locator(".udl-notice:visible").wait_for()
    assert "isn't on this page" in page.locator(".udl-notice:visible").inner_text()
