"""The live figures of the chapters, and one of them in an open page."""

from contextlib import contextmanager

import numpy as np

from tests.live_figures import ROWS, one_by_one
from tests.site.expected import EXPECTED

FIGURES = {
    "chapters/01_linear_regression.html": ["line-and-loss", "two-regressions", "baskets"],
    "chapters/02_shallow_networks.html": [
        "ten-parameters",
        "symmetry-orbit",
        "activation-gallery",
        "two-outputs",
        "polygons",
    ],
    "chapters/03_universal_approximation.html": [
        "draw-any-curve",
        "move-the-joints",
        "window",
        "sigmoid-bumps",
        "ridges",
    ],
    "chapters/04_deep_networks.html": ["fold-the-line", "fold-the-plane", "spend-a-budget"],
}
ALL = [(path, name) for path, names in FIGURES.items() for name in names]
EXTRAS = {"name", "version", "summary", "drawn"}


@contextmanager
def page_with(new_context, site, *figures, **options):
    """A chapter's page with these widgets before its own; its console must have stayed clean when it is given back."""
    chapter, first = "chapters/02_shallow_networks.html", '<div class="udl-figure"'
    context, log = new_context(site.url, **options)
    page = context.new_page()
    added = "".join(widget.html() for widget in figures)

    def serve(route):
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace(first, added + first, 1))

    page.route(f"**/{chapter}", serve)
    page.goto(site.url + chapter)
    yield page
    assert log.errors == []


class Figure:
    """One live figure in a page."""

    def __init__(self, page, name, nth=0):
        self.page, self.name = page, name
        self.element = page.locator(f'[data-udl-widget="{name}"]').nth(nth)
        self.element.evaluate("f => f.scrollIntoView({block: 'start', behavior: 'instant'})")
        self.element.and_(page.locator("[data-udl-state=live]")).wait_for()

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
        wanted = self.wanted({k: v for k, v in shown.items() if k not in EXTRAS}, shown["drawn"])
        assert wanted
        for mark, (xs, ys, *_) in wanted.items():
            drawn = shown["drawn"][mark]
            for axis, expected in (("x", np.ravel(xs)), ("y", np.ravel(ys))):
                assert len(drawn[axis]) == len(expected), f"{self.name}: {mark}.{axis}"
                for a, b in zip(drawn[axis], expected, strict=True):
                    agree = abs(a - b) <= 1e-12 * max(1, abs(b)) or (np.isnan(a) and np.isnan(b))
                    assert agree, f"{self.name}: {mark}.{axis}: {a!r} against {b!r}"

    def wanted(self, state, drawn):
        kind = next((kind for kind in ROWS if kind.figure == self.name), None)
        return one_by_one(kind(**state).scene()) if kind else EXPECTED[self.name](state, drawn)

    def visible_handles(self):
        return [handle for handle in self.handles() if handle.is_visible()]

    def drag(self, handle, dx, dy, cancel=False):
        """Drag a handle with the mouse; `cancel` presses Escape before letting go and tells whether it had moved."""
        handle.evaluate("h => h.scrollIntoView({block: 'center', behavior: 'instant'})")
        box = handle.locator(".udl-shape").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        before = self.state()
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y + dy / 2, steps=2)
        self.page.mouse.move(x + dx, y + dy, steps=2)
        moved = self.state() != before
        if cancel:
            self.page.keyboard.press("Escape")
        self.page.mouse.up()
        return moved

    def press_until_changed(self):
        """Press arrow keys on the first handle until the state is another; the handle and the key that did it."""
        start, handle = self.state(), self.visible_handles()[0]
        for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
            handle.press(key)
            if self.state() != start:
                return handle, key
        raise AssertionError(f"{self.name}: no arrow key moves {handle.get_attribute('aria-label')}")

    def assert_is(self, state):
        """The figure is in this state, and draws what Python computes for it."""
        assert self.state() == state
        self.assert_drawn_as_python_computes()
