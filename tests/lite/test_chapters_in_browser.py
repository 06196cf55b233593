"""Every chapter in the site's own JupyterLite, from the first cell to the last."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browsing import ROOT, Log, Site, until
from tests.budgets import Budgets
from tests.jupyter_page import Notebook

CHAPTERS = [f"chapters/{path.name}" for path in sorted((ROOT / "chapters").glob("*.ipynb"))]
pytestmark = pytest.mark.rests_on(
    "chapters/{}.ipynb", "udl_core", "book/lite", "pyproject.toml", "constraints.txt",
    "tests/browsing.py", "tests/jupyter_page.py",
)  # fmt: skip
# Keeps the kernel busy after the first live figure, so that the figure is surely moved during Run All.
BUSY = "total = sum(i % 7 for i in range(6_000_000))"


@dataclass
class Chapter:
    """A chapter that Run All has gone through, with a live figure moved on the way."""

    path: str
    stored: dict[str, Any]
    notebook: Notebook
    cells: list[dict[str, Any]]
    moved_while_running: bool
    sent: int
    announced: str
    log: Log


@pytest.fixture(scope="module", params=CHAPTERS, ids=lambda path: Path(path).stem)
def chapter(request: pytest.FixtureRequest, site: Site, new_context: Any) -> Iterator[Chapter]:
    path = request.param
    stored = json.loads((ROOT / path).read_text(encoding="utf-8"))
    context, log = new_context(site.url)
    page = context.new_page()
    before = site.sent
    page.goto(f"{site.url}lite/notebooks/index.html?path={path}")
    note = page.locator("#udl-note")
    note.wait_for()
    announced = note.inner_text()
    page.wait_for_function("document.body.dataset.udlPython", timeout=120_000)
    assert page.evaluate("document.body.dataset.udlPython") == "ready"
    sent = site.sent - before

    notebook = Notebook(page)
    first = next(i for i, cell in enumerate(stored["cells"]) if re.match(r"widgets\.\w+\(", "".join(cell["source"])))
    page.evaluate(
        """([index, source]) => { jupyterapp.shell.currentWidget.content.model.sharedModel.insertCell(
             index, { cell_type: "code", source }); }""",
        [first + 1, BUSY],
    )
    notebook.start_run_all()
    live = "[data-udl-widget][data-udl-state=live]"
    page.wait_for_function(f"udlRan || document.querySelector('{live}')", timeout=120_000)
    if moved_while_running := notebook.running():
        control = page.locator(live).first.locator('[role="slider"]:visible, input[type="range"]:visible').first
        control.press("ArrowRight")
        moved_while_running = notebook.running()
    notebook.wait_until_ran()
    cells = [cell for cell in notebook.cells() if cell and cell["source"] != BUSY]
    yield Chapter(path, stored, notebook, cells, moved_while_running, sent, announced, log)
    context.close()


def test_run_all_reaches_the_end_without_an_error(chapter: Chapter) -> None:
    errors = [o for cell in chapter.cells for o in cell["outputs"] if o["output_type"] == "error"]
    assert not errors, errors[0]["evalue"]
    assert len(chapter.cells) == sum(cell["cell_type"] == "code" for cell in chapter.stored["cells"])
    assert all(cell["count"] for cell in chapter.cells), "a cell did not run"
    assert chapter.notebook.page.locator("[data-udl-state=failed]").count() == 0


def test_text_outputs_are_those_of_the_book(chapter: Chapter) -> None:
    stored = [cell for cell in chapter.stored["cells"] if cell["cell_type"] == "code"]
    compared = 0
    for here, book in zip(chapter.cells, stored, strict=True):
        if book["outputs"]:
            assert texts(here["outputs"]) == texts(book["outputs"]), here["source"]
            compared += 1
    assert compared >= 8


def test_figure_moved_during_run_all_still_talks_with_python(chapter: Chapter) -> None:
    assert chapter.moved_while_running
    figure = chapter.notebook.figures()[0]
    until(figure.agrees, "Python learns what was moved while it was busy")
    before = figure.traits()
    figure.press_a_key()
    until(lambda: figure.agrees() and figure.traits() != before, "Python follows the figure")
    drawn = figure.shown()["drawn"]
    figure.python(
        f"import json\nfor name, value in json.loads({json.dumps(before)!r}).items(): setattr(w, name, value)"
    )
    until(lambda: figure.agrees() and figure.shown()["drawn"] != drawn, "the figure follows Python")


def test_no_other_host_and_a_clean_console(chapter: Chapter, budgets: Budgets) -> None:
    budgets.none_of("requests to other hosts", chapter.log.other_hosts)
    budgets.none_of("console errors", chapter.log.errors)


def test_size_is_announced_before_it_loads_and_within_budget(chapter: Chapter, budgets: Budgets) -> None:
    announced = int(re.search(r"about (\d+) MB, only the first time", chapter.announced)[1])
    budgets.measure(f"{Path(chapter.path).stem}: in-browser Python, MB", chapter.sent / 1e6, 30)
    assert announced == pytest.approx(chapter.sent / 1e6, rel=0.1)
    assert not chapter.notebook.page.locator("#udl-note").is_visible(), "the note goes once Python runs"


@pytest.mark.parametrize("chapter", CHAPTERS[:1], indirect=True, ids=lambda path: Path(path).stem)
def test_reset_restores_the_chapter(chapter: Chapter, site: Site) -> None:
    page = chapter.notebook.page.context.new_page()
    page.goto(f"{site.url}lite/notebooks/index.html?path={chapter.path}")
    original = first_source(page)
    page.evaluate(
        """async () => { const { context, content } = jupyterapp.shell.currentWidget;
             content.model.cells.get(0).sharedModel.setSource("# Mine now"); await context.save(); }"""
    )
    page.reload()
    assert first_source(page) == "# Mine now", "an edit outlives the visit"

    reset = page.get_by_role("button", name="Reset this chapter")
    reset.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Reset this chapter?").wait_for()
    page.keyboard.press("Escape")
    assert first_source(page) == "# Mine now", "asking deletes nothing"

    page.evaluate("jupyterapp.shell.currentWidget.content.model.cells.get(0).sharedModel.setSource('# Unsaved')")
    reset.click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Reset", exact=True).click()
    assert first_source(page) == original
    page.close()


def test_bar_leads_back_to_the_chapter(chapter: Chapter, site: Site) -> None:
    link = chapter.notebook.page.get_by_role("link", name="Back to the chapter")
    assert link.evaluate("link => link.href") == site.url + chapter.path.replace(".ipynb", ".html")


def first_source(page: Page) -> str:
    """The first cell's text, once the notebook is loaded."""
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context", timeout=60_000)
    return page.evaluate(
        """async () => { const { context, content } = jupyterapp.shell.currentWidget; await context.ready;
             return content.model.cells.get(0).sharedModel.getSource(); }"""
    )


def texts(outputs: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What the outputs say, however a kernel cuts a stream into pieces."""
    said = []
    for output in outputs:
        if output["output_type"] == "stream":
            said.append((output["name"], "".join(output["text"])))
        elif "text/plain" in output.get("data", {}):
            said.append((output["output_type"], "".join(output["data"]["text/plain"])))
    return [(kind, "".join(text for _, text in group)) for kind, group in groupby(said, key=lambda item: item[0])]
