"""An exercise in the site's own JupyterLite: solve it, see it pass; break it, see why; come back, and it is kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browsing import ROOT, Log, Site
from tests.budgets import Budgets
from tests.jupyter_page import Notebook
from udl_exercises.author.model import Exercise
from udl_exercises.author.source import read_chapter

CHAPTER = read_chapter(ROOT / "exercises/01_linear_regression.md")
EXERCISE = next(exercise for exercise in CHAPTER.exercises if exercise.kind == "function")
SET_SOURCE = """([id, source]) => {
  const cells = [...jupyterapp.shell.currentWidget.content.model.cells];
  cells.find((cell) => cell.id === id).sharedModel.setSource(source); }"""


@pytest.fixture(scope="module")
def opened(site: Site, new_context: Any) -> Iterator[tuple[Notebook, Log]]:
    context, log = new_context(site.url)
    page = context.new_page()
    page.goto(f"{site.url}lite/notebooks/index.html?path=book/exercises/{CHAPTER.stem}.ipynb")
    wait_for_python(page)
    yield Notebook(page), log
    context.close()


def wait_for_python(page: Page) -> None:
    page.wait_for_function("document.body.dataset.udlPython", timeout=120_000)
    assert page.evaluate("document.body.dataset.udlPython") == "ready"


def said(notebook: Notebook, exercise: Exercise, answer: str | None = None) -> str:
    """What the check says once the answer has been written and all cells have run."""
    if answer is not None:
        notebook.page.evaluate(SET_SOURCE, [f"{exercise.name}-answer", answer])
    notebook.start_run_all()
    notebook.wait_until_ran()
    cells = [cell for cell in notebook.cells() if cell]
    errors = [o["evalue"] for cell in cells for o in cell["outputs"] if o["output_type"] == "error"]
    assert not errors, "a check never raises"
    return text(next(cell for cell in cells if cell["source"] == f'check("{exercise.name}")'))


def text(cell: dict[str, Any]) -> str:
    outputs = cell["outputs"]
    return "".join("".join(o.get("text", "") or o.get("data", {}).get("text/markdown", "")) for o in outputs)


def test_break_it_see_why_solve_it_see_it_pass(opened: tuple[Notebook, Log]) -> None:
    notebook, _ = opened
    assert f"✗ {EXERCISE.name}:" in said(notebook, EXERCISE), "as it is given out"
    for mutant in EXERCISE.mutants[:3]:
        told = said(notebook, EXERCISE, mutant.code)
        assert all(words.lower() in told.lower() for words in mutant.says), told
    assert EXERCISE.hints[0][:20] in told, "after several misses comes a hint"
    assert f"✓ {EXERCISE.name}:" in said(notebook, EXERCISE, EXERCISE.solution)


def test_an_endless_loop_ends_in_the_browser_too(opened: tuple[Notebook, Log]) -> None:
    notebook, _ = opened
    endless = f"def {EXERCISE.answer}(*_):\n    while True:\n        pass"
    assert f"took longer than {EXERCISE.time_limit:g} s" in said(notebook, EXERCISE, endless)
    assert f"✓ {EXERCISE.name}:" in said(notebook, EXERCISE, EXERCISE.solution), "and Python is as before"


def test_what_is_solved_is_kept_for_the_next_visit(opened: tuple[Notebook, Log]) -> None:
    notebook, _ = opened
    page = notebook.page
    page.reload()
    wait_for_python(page)
    again = Notebook(page)
    shown = again.python(
        "import json; from pathlib import Path; "
        f"print(json.loads(Path({CHAPTER.stem + '.progress.json'!r}).read_text())['solved'])"
    )
    assert EXERCISE.name in shown


def test_solutions_are_closed_until_asked_for(opened: tuple[Notebook, Log]) -> None:
    notebook, _ = opened
    boxes = notebook.page.locator(".jp-RenderedMarkdown details", has=notebook.page.get_by_text("Solution", exact=True))
    boxes.first.scroll_into_view_if_needed()
    assert not boxes.first.evaluate("box => box.open")
    boxes.first.locator("summary").click()
    assert boxes.first.evaluate("box => box.open")


def test_no_other_host_and_a_clean_console(opened: tuple[Notebook, Log], budgets: Budgets) -> None:
    budgets.none_of("requests to other hosts", opened[1].other_hosts)
    budgets.none_of("console errors", opened[1].errors)
