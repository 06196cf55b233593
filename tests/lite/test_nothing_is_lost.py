"""What a reader writes in the site's own JupyterLite stays, however the page is left."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browsing import ROOT, Log, Site
from tests.budgets import Budgets
from tests.jupyter_page import Notebook
from udl_exercises.author.model import Exercise
from udl_exercises.author.source import read_chapter
from udl_exercises.check.exercises import FIRST_HINT

CHAPTER = read_chapter(ROOT / "exercises/02_shallow_networks.md")
NOTEBOOK = f"book/exercises/{CHAPTER.stem}.ipynb"
OTHERS = [f"book/exercises/{name}.ipynb" for name in ("01_linear_regression", "03_universal_approximation")]
LAST = "book/exercises/04_deep_networks.ipynb"
THREE = list(islice((exercise for exercise in CHAPTER.exercises if exercise.kind == "function"), 3))
MISTAKEN = next(  # an exercise and a mistake: what is said about it holds a formula, and so does a hint
    (exercise, mutant.code)
    for exercise in CHAPTER.exercises
    for mutant in exercise.mutants
    if "$" in mutant.feedback and any("$" in hint for hint in exercise.hints) and exercise not in THREE
)
CELL = "[...jupyterapp.shell.currentWidget.content.model.cells].find((cell) => cell.id === id)"
SOURCE = f"(id) => {CELL}?.sharedModel.getSource()"
WRITE = f"([id, source]) => {CELL}.sharedModel.setSource(source)"
SELECT = """([id, mode]) => {
  const { content } = jupyterapp.shell.currentWidget;
  content.activeCellIndex = content.widgets.findIndex((cell) => cell.model.id === id);
  content.mode = mode; }"""
RUN = f"""async (id) => {{
  await jupyterapp.commands.execute("notebook:run-cell");
  return {CELL}.outputs.toJSON(); }}"""
LINE = "(words) => Math.max(...[...document.querySelectorAll(words)].map((p) => p.getBoundingClientRect().width))"
STORED = """async (path) => {
  const folder = new URL("../", location.href).pathname;
  const request = indexedDB.open(`JupyterLite Storage - ${folder}`);
  await new Promise((resolve) => (request.onsuccess = resolve));
  const database = request.result;
  try {
    if (!database.objectStoreNames.contains("files")) return null;
    const found = database.transaction("files").objectStore("files").get(path);
    await new Promise((resolve) => (found.onsuccess = resolve));
    return found.result?.content ?? null;
  } finally { database.close(); } }"""


@pytest.fixture(scope="module")
def with_python(site: Site, new_context: Any) -> Iterator[tuple[Page, Log]]:
    context, log = new_context(site.url)
    with notebook(context, site, NOTEBOOK) as page:
        yield page, log
    context.close()


@pytest.fixture(scope="module")
def tabs(site: Site, new_context: Any) -> Iterator[BrowserContext]:
    """Where notebooks open without Python, which takes long: all but running cells works. Each test has a notebook."""
    context, _ = new_context(site.url)
    context.route("**/static/pyodide/**", lambda route: route.abort())
    yield context
    context.close()


@contextmanager
def notebook(context: BrowserContext, site: Site, path: str) -> Iterator[Page]:
    """A notebook in a tab of its own, closed at the end."""
    page = context.new_page()
    page.goto(f"{site.url}lite/notebooks/index.html?path={path}")
    wait_for_notebook(page)
    yield page
    page.close()


def wait_for_notebook(page: Page) -> None:
    page.wait_for_function("document.body?.dataset.udlKept", timeout=60_000)


def wait_for_python(page: Page) -> None:
    page.wait_for_function("document.body?.dataset.udlPython", timeout=180_000)
    assert page.evaluate("document.body.dataset.udlPython") == "ready"


def run(page: Page, cell: str) -> str:
    """What a cell says, run alone."""
    page.evaluate(SELECT, [cell, "command"])
    outputs = page.evaluate(RUN, cell)
    assert not [o["evalue"] for o in outputs if o["output_type"] == "error"]
    return "".join("".join(o.get("text", "") or o.get("data", {}).get("text/markdown", "")) for o in outputs)


def solve(page: Page, exercise: Exercise) -> None:
    page.evaluate(WRITE, [f"{exercise.name}-answer", exercise.solution])
    run(page, f"{exercise.name}-answer")
    assert f"✓ {exercise.name}:" in run(page, f"{exercise.name}-check")


def solved(page: Page) -> set[str]:
    code = f"from pathlib import Path; print(Path({CHAPTER.stem + '.progress.json'!r}).read_text())"
    return set(json.loads(Notebook(page).python(code))["solved"])


def code_cells(page: Page) -> list[str]:
    """The code cells that a reader may edit."""
    return page.evaluate(
        """[...jupyterapp.shell.currentWidget.content.model.cells]
             .filter((cell) => cell.type === "code" && cell.getMetadata("editable") !== false).map((cell) => cell.id)"""
    )


def shows(page: Page, cells: list[str], sources: list[str]) -> None:
    """Wait until the cells hold the sources."""
    same = f"([ids, sources]) => ids.every((id, i) => ({SOURCE})(id) === sources[i])"
    page.wait_for_function(same, arg=[cells, sources])


def type_at_end(page: Page, cell: str, text: str) -> None:
    page.evaluate(SELECT, [cell, "edit"])
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


# With Python, in this order: one start serves several tests.


def test_the_first_check_works_without_running_anything_else(with_python: tuple[Page, Log]) -> None:
    page, _ = with_python
    wait_for_python(page)
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")  # a starting kernel sets it
    assert page.evaluate(STORED, NOTEBOOK) is None, "looking makes no copy, which would hide the next edition"
    assert f"{THREE[0].name}:" in run(page, f"{THREE[0].name}-check")


def test_three_solved_exercises_survive_a_reload_at_once(with_python: tuple[Page, Log]) -> None:
    page, _ = with_python
    wait_for_python(page)
    for exercise in THREE:
        solve(page, exercise)
    page.reload()
    wait_for_notebook(page)
    for exercise in THREE:
        assert page.evaluate(SOURCE, f"{exercise.name}-answer") == exercise.solution
    wait_for_python(page)
    assert {exercise.name for exercise in THREE} <= solved(page)


def test_feedback_and_hints_typeset_their_formulas(with_python: tuple[Page, Log]) -> None:
    page, _ = with_python
    exercise, mistake = MISTAKEN
    wait_for_python(page)
    page.evaluate(WRITE, [f"{exercise.name}-answer", mistake])
    run(page, f"{exercise.name}-answer")
    for _ in range(FIRST_HINT + len(exercise.hints)):
        run(page, f"{exercise.name}-check")
    page.evaluate("for (const box of document.querySelectorAll('.jp-RenderedMarkdown details')) box.open = true")
    said = page.locator(".jp-OutputArea-output.jp-RenderedMarkdown")
    formulas = sum(text.count("$") // 2 for text in exercise.hints)
    assert said.locator("mjx-container").nth(formulas).is_visible(), "those of the hints, and of what is said"
    for text in [*said.all_inner_texts(), *page.locator("details").all_inner_texts()]:
        assert "$" not in text


def test_after_a_restart_the_set_up_runs_again(with_python: tuple[Page, Log]) -> None:
    page, _ = with_python
    wait_for_python(page)
    page.evaluate("() => void jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function("!document.body.dataset.udlPython")
    wait_for_python(page)
    run(page, f"{THREE[1].name}-answer")
    assert f"✓ {THREE[1].name}:" in run(page, f"{THREE[1].name}-check")


def test_the_console_is_clean(with_python: tuple[Page, Log], budgets: Budgets) -> None:
    budgets.none_of("console errors", with_python[1].errors)


# Without Python.


@pytest.mark.parametrize("path", [NOTEBOOK, f"chapters/{CHAPTER.stem}.ipynb"], ids=["exercises", "chapter"])
def test_what_was_typed_survives_a_reload_at_once(tabs: BrowserContext, site: Site, path: str) -> None:
    with notebook(tabs, site, path) as page:
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        cell = code_cells(page)[0]
        type_at_end(page, cell, "\n# mine")
        page.reload()
        wait_for_notebook(page)
        assert page.evaluate(SOURCE, cell).endswith("# mine")
        assert asked == [], "nobody is told that anything might be lost"


def test_what_was_typed_is_soon_stored(tabs: BrowserContext, site: Site) -> None:
    with notebook(tabs, site, OTHERS[0]) as page:
        type_at_end(page, code_cells(page)[0], "# mine")
        page.wait_for_function(
            f"async (path) => JSON.stringify(await ({STORED})(path)).includes('# mine')", arg=OTHERS[0]
        )


def test_back_waits_until_everything_is_saved(tabs: BrowserContext, site: Site) -> None:
    with notebook(tabs, site, OTHERS[1]) as page:
        cell = code_cells(page)[0]
        type_at_end(page, cell, "\n# mine")
        page.set_viewport_size({"width": 1600, "height": 900})
        page.locator(".jp-RenderedMarkdown p").first.wait_for()
        line = page.evaluate(LINE, ".jp-RenderedMarkdown p")
        page.get_by_role("link", name="Back to the exercises").click()
        page.wait_for_url(f"{site.url}{OTHERS[1].replace('.ipynb', '.html')}")
        jotted = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('udl-kept'))")
        assert not [key for key in jotted if OTHERS[1] in key], "nothing had to be jotted down"
        assert line == pytest.approx(page.evaluate(LINE, "article p"), rel=0.05), "lines as wide as on the page"
        page.go_back()
        wait_for_notebook(page)
        assert page.evaluate(SOURCE, cell).endswith("# mine")


def test_two_tabs_share_one_copy_and_reset_gives_the_original_in_both(tabs: BrowserContext, site: Site) -> None:
    with notebook(tabs, site, LAST) as one, notebook(tabs, site, LAST) as other:
        cells = code_cells(one)[:2]
        originals = [one.evaluate(SOURCE, cell) for cell in cells]
        for page, cell in zip((one, other), cells, strict=True):  # neither waits for the other
            page.evaluate(WRITE, [cell, "# mine"])
        for page in (one, other):
            shows(page, cells, ["# mine", "# mine"])
            assert page.locator(".jp-Dialog").count() == 0, "nobody is asked which copy to keep"
        other.reload()
        wait_for_notebook(other)
        shows(other, cells, ["# mine", "# mine"])

        one.evaluate(WRITE, [cells[0], "# not saved yet"])
        one.get_by_role("button", name="Reset these exercises").click()
        with one.expect_navigation():
            one.get_by_role("dialog").get_by_role("button", name="Reset", exact=True).click()
        wait_for_notebook(one)
        for page in (one, other):
            shows(page, cells, originals)
        assert one.evaluate(STORED, LAST) is None


def test_a_notebook_that_cannot_be_saved_says_so(tabs: BrowserContext, site: Site) -> None:
    path = f"chapters/{CHAPTER.stem}.ipynb"
    with notebook(tabs, site, path) as page:
        cell = code_cells(page)[0]
        page.evaluate("() => { jupyterapp.shell.currentWidget.context.save = async () => { throw Error('no room'); } }")
        page.evaluate(WRITE, [cell, "# one"])
        page.get_by_text("Not saved in this browser: no room").wait_for()
        page.evaluate("() => { delete jupyterapp.shell.currentWidget.context.save; }")
        page.evaluate(WRITE, [cell, "# two"])
        page.wait_for_function("document.getElementById('udl-note').hidden")
        assert "# two" in json.dumps(page.evaluate(STORED, path))
