"""Every live figure in its chapter: what a reader drags, presses and opens; each drawing is what Python computes."""

import pytest

from tests.live_figures import ROWS
from tests.site.figure import ALL, FIGURES, Figure
from tests.site.test_pages import open_page, wake_figures

KEYS = {kind.figure: row.keys for kind, row in ROWS.items()}


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
    for handle in figure.visible_handles():
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
    for handle in figure.visible_handles():
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


@pytest.mark.parametrize(
    "figure", [(path, name) for path, name in ALL if name in KEYS], indirect=True, ids=[n for _, n in ALL if n in KEYS]
)
def test_keys_lead_where_the_figures_row_says(figure):
    start = figure.state()
    for handle, key, changed in KEYS[figure.name]:
        figure.set(start)
        figure.element.locator(f'[data-udl-handle="{handle}"]').press(key)
        figure.assert_is({**start, **changed})


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
    handle, key = figure.press_until_changed()
    changed = figure.state()
    figure.tool("undo")
    figure.assert_is(start)
    figure.tool("redo")
    figure.assert_is(changed)
    handle.press("Control+z")
    figure.assert_is(start)
    handle.press("Control+Shift+z")
    figure.assert_is(changed)
    handle.press(key)
    figure.tool("reset")
    figure.assert_is(start)
    figure.tool("undo")
    assert figure.state() != start, "a reset can be undone too"
    figure.assert_drawn_as_python_computes()


@each
def test_escape_cancels_a_drag(figure):
    start, undo = figure.state(), figure.element.locator("[data-udl-tool=undo]")
    nothing_to_undo = undo.get_attribute("aria-disabled")
    handle = figure.visible_handles()[0]
    assert any(figure.drag(handle, dx, dy, cancel=True) for dx, dy in ((34, -26), (-34, 26)))
    figure.assert_is(start)
    assert undo.get_attribute("aria-disabled") == nothing_to_undo, "a cancelled drag leaves no step to undo"


# elements under the mouse at their middle, and what in them takes the focus
REACHED = """f => [...f.querySelectorAll('.udl-body [data-udl-link]')].map(node => {
  node.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { x, y, width, height } = node.getBoundingClientRect();
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  const focusable = node.matches('[tabindex="0"]') ? node : node.querySelector('input, [tabindex="0"]');
  return { link: node.dataset.udlLink,
    hover: width > 0 && top?.closest('[data-udl-link]') === node,
    focus: width > 0 && !!focusable && getComputedStyle(focusable).visibility === 'visible' };
})"""
LIT = "f => [...f.querySelectorAll('.udl-body [data-udl-link]')].map(node => node.classList.contains('udl-lit'))"
FOCUS = """node => (node.matches('[tabindex="0"]') ? node : node.querySelector('input, [tabindex="0"]')).focus()"""


@each
def test_what_belongs_together_lights_up_together(figure):
    """Under the mouse and with the focus alike: everything that shares a link, nothing else, and only as long."""
    figure.page.mouse.move(0, 0)
    figure.page.evaluate("document.activeElement.blur()")
    reached = figure.element.evaluate(REACHED)
    linked = figure.element.locator(".udl-body [data-udl-link]")

    def lit():
        return [i for i, is_lit in enumerate(figure.element.evaluate(LIT)) if is_lit]

    def partners(i):
        links = set(reached[i]["link"].split())
        return [k for k, other in enumerate(reached) if links & set(other["link"].split())]

    for way in ("hover", "focus"):
        seen = set()
        for i, entry in enumerate(reached):
            if not entry[way] or entry["link"] in seen or len(partners(i)) < 2 or len(seen) == 2:
                continue
            seen.add(entry["link"])
            linked.nth(i).evaluate("node => node.scrollIntoView({ block: 'center', behavior: 'instant' })")
            if way == "hover":
                box = linked.nth(i).bounding_box()
                figure.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            else:
                linked.nth(i).evaluate(FOCUS)
            assert lit() == partners(i), f"{way} {entry['link']}"
            if way == "hover":
                figure.page.mouse.move(0, 0)
            else:
                figure.page.evaluate("document.activeElement.blur()")
            assert lit() == [], f"{way} {entry['link']} is over"
        assert seen, f"{figure.name}: nothing to {way}"


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
