"""Live figures in pages of their own: opened by a link, broken, under a finger, two of a kind."""

import json
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.browsing import until
from tests.site.figure import ALL, FIGURES, Figure
from tests.site.test_pages import open_page, wake_figures

PHONES = [(path, width) for path in FIGURES for width in (390, 320)]
each = pytest.mark.parametrize(("path", "name"), ALL, ids=[name for _, name in ALL])


@each
def test_link_brings_back_the_state(new_context, site, path, name):
    page, log = open_page(new_context, site, path)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    figure = Figure(page, name)
    default = figure.state()
    figure.press_until_changed()
    shared = figure.state()
    figure.tool("link")
    page.wait_for_function("location.hash.startsWith('#udl-')")
    url = page.url
    page.goto("about:blank")
    page.goto(url)
    again = Figure(page, name)
    again.assert_is(shared)
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


@each
def test_broken_page_state_fails_alone(new_context, site, path, name):
    context, log = new_context(site.url)
    page = context.new_page()

    def spoil(route):
        response = route.fetch()
        head, tail = response.text().split(f'data-udl-widget="{name}"', 1)
        begin = tail.index('<script type="application/json">') + len('<script type="application/json">')
        state = json.loads(tail[begin : tail.index("</script>")])
        spoiled = {key: None for key in state}
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


@pytest.fixture(scope="module", params=PHONES, ids=lambda phone: f"{Path(phone[0]).stem}-{phone[1]}")
def phone(request, new_context, site):
    path, width = request.param
    page, log = open_page(new_context, site, path, width, 800, has_touch=True, is_mobile=True)
    wake_figures(page)
    yield page, path, width, log
    page.context.close()


def test_fingers_can_drag_on_a_phone(phone):
    page, path, width, log = phone
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    session = page.context.new_cdp_session(page)
    for name in FIGURES[path]:
        drag_with_a_finger(Figure(page, name), session)
    assert log.errors == []


def drag_with_a_finger(figure, session):
    start, handles = figure.state(), figure.visible_handles()
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
    assert figure.state() != start, figure.name
    figure.assert_drawn_as_python_computes()


def double(html, name):
    """The page with a second figure of this kind right after the first."""
    begin = html.index(f'<div class="udl-figure" data-udl-widget="{name}"')
    depth, end = 0, begin
    for tag in re.finditer(r"<div\b|</div>", html[begin:]):
        depth += 1 if tag[0] == "<div" else -1
        if depth == 0:
            end = begin + tag.end()
            break
    return html[:end] + html[begin:end] + html[end:]


@pytest.fixture(scope="module")
def doubled(new_context, site):
    """A browser that gets every figure of a chapter twice."""
    context, log = new_context(site.url)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.on("page", lambda page: page.route("**/chapters/*.html", serve_doubled))

    def serve_doubled(route):
        response = route.fetch()
        html = response.text()
        for name in FIGURES[next(path for path in FIGURES if path in route.request.url)]:
            html = double(html, name)
        route.fulfill(response=response, body=html)

    yield context.new_page(), log
    context.close()


@each
def test_two_figures_of_a_kind_live_side_by_side(doubled, site, path, name):
    page, log = doubled
    page.goto("about:blank")
    page.goto(urljoin(site.url, path))
    first, second = Figure(page, name), Figure(page, name, nth=1)
    ids = page.eval_on_selector_all(
        ".udl-figure, .udl-live [id]", "nodes => nodes.filter(node => node.id).map(node => node.id)"
    )
    assert {f"udl-{name}", f"udl-{name}-2"} <= set(ids)
    assert len(ids) == len(set(ids)), "an id is given once"

    start = first.state()
    second.press_until_changed()
    shared = second.state()
    second.assert_is(shared)
    first.assert_is(start)
    second.tool("link")
    page.wait_for_function(f"location.hash.startsWith('#udl-{name}-2=')")
    url = page.url
    page.goto("about:blank")
    page.goto(url)
    Figure(page, name, nth=1).assert_is(shared)  # waits until the new page's figure lives
    Figure(page, name).assert_is(start)
    assert log.errors == []


def test_a_figure_off_the_page_named_in_a_link_is_said(new_context, site):
    page, _ = open_page(new_context, site, "chapters/02_shallow_networks.html#udl-no-such-figure=1.e30")
    page.locator(".udl-notice:visible").wait_for()
    assert "isn't on this page" in page.locator(".udl-notice:visible").inner_text()


@each
def test_a_link_followed_again_brings_its_state_back_again(new_context, site, path, name):
    """However it is followed: clicked in the page, or put into the address bar; also with its equals sign encoded."""
    page, log = open_page(new_context, site, path)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    figure = Figure(page, name)
    figure.press_until_changed()
    shared = figure.state()
    figure.tool("link")
    page.wait_for_function("location.hash.startsWith('#udl-')")
    link = page.evaluate("location.hash")
    page.evaluate(
        "href => { const a = document.createElement('a'); a.href = href; a.id = 'again'; document.body.append(a); }",
        link,
    )
    for follow in (
        "document.getElementById('again').click()",
        f"location.hash = {json.dumps(link)}",
        f"location.hash = {json.dumps(link.replace('=', '%3D', 1))}",
        "document.getElementById('again').click()",
    ):
        figure.tool("reset")
        assert figure.state() != shared
        page.evaluate(follow)
        until(lambda: figure.state() == shared, f"{follow} brings the state back")
    assert log.errors == []


def test_a_state_too_long_for_a_link_is_said(new_context, site):
    page, log = open_page(new_context, site, "chapters/01_linear_regression.html")
    figure = Figure(page, "line-and-loss")
    figure.set({"path": [k / 7 for k in range(2000)]})
    figure.tool("link")
    assert "too long for a link" in figure.element.locator(".udl-notice").inner_text()
    assert page.evaluate("location.hash") == ""
    assert log.errors == []


def test_a_descent_that_runs_away_stops_and_says_so(new_context, site):
    page, log = open_page(new_context, site, "chapters/01_linear_regression.html")
    figure = Figure(page, "line-and-loss")
    figure.set({"alpha": 3})
    figure.element.locator("[data-udl-button=step]").evaluate("step => { for (let k = 0; k < 200; k++) step.click(); }")
    assert "The figure stopped here" in figure.element.locator(".udl-notice").inner_text()
    assert "numbers of size 1e9 at most, got " in figure.element.locator(".udl-notice").inner_text()
    assert all(isinstance(value, int | float) for value in figure.state()["phi"])
    assert log.errors == []


def test_numbers_of_any_size_do_not_hold_up_the_page(new_context, site):
    page, log = open_page(new_context, site, "chapters/01_linear_regression.html")
    figure = Figure(page, "line-and-loss")
    start = figure.state()
    figure.set({"x": [x * 1e-20 for x in start["x"]]})
    figure.set({"x": [1e9, *start["x"][1:]]})
    with pytest.raises(Exception, match=r"x must be .*got 100000000000000000 at place 0"):
        figure.set({"x": [1e17, *start["x"][1:]]})
    figure.set(start)
    figure.assert_is(start)
    assert log.errors == []
